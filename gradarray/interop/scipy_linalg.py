"""Functions of ``scipy.linalg`` that end in compiled code. Here: inverses, norms, matrices made of vectors.

>>> import numpy as np, gradarray as ga
>>> from scipy import linalg
>>> with ga.wrapping():
...     a = ga.tensor(np.diag([1.0, 2.0]))
...     linalg.expm(a)[0, 0].backward()
>>> a.grad.round(3)
array([[2.718, 0.   ],
       [0.   , 0.   ]])
"""

import numpy as np
import scipy
from scipy import linalg

from ..registry import composite, constant, linear, refused, unbroadcast, unwrap
from ..rules.equations import _pinv
from ..rules.linalg import _det, well_conditioned
from ..rules.products import _conj, _h, _t
from ..rules.shape import array_of, atleast_1d
from . import scipy_linalg_eigen, scipy_linalg_factors, scipy_linalg_functions, scipy_linalg_lyapunov
from .scipy_linalg_equations import _columns, _product, own, ruled, structured
from .scipy_linalg_factors import plain

__all__ = ["scipy_linalg_eigen", "scipy_linalg_factors", "scipy_linalg_functions", "scipy_linalg_lyapunov"]


# Inverses and determinants


def _inv(g, assume_a, lower, out):
    out = structured(out, assume_a) if assume_a == "diagonal" else out
    return structured(-_t(out) @ g @ _t(out), assume_a)


if "assume_a" in (linalg.inv.__kwdefaults__ or {}):  # SciPy 1.17
    ruled(linalg.inv, a=_inv)
else:
    ruled(linalg.inv, a=lambda g, out: _inv(g, None, False, out))


def _det_and_factors(a):
    """With those of the transposed matrix, which is what LAPACK reads of rows that lie one after the other."""
    (getrf,) = linalg.get_lapack_funcs(("getrf",), (a,))
    lu, piv, zero = getrf(a.T)
    pivots = np.diagonal(lu).astype(np.result_type(lu, float))
    det = pivots.dtype.type(0) if zero else np.multiply.accumulate(pivots)[-1]  # in SciPy's order
    odd = np.sum(piv != np.arange(len(piv))) % 2
    return -det if odd and not zero else det, lu, piv


def _det_a(g, a, out):
    g, (det, lu, piv) = g[0], out
    if plain(g, a, lu):
        getri, getri_lwork = linalg.get_lapack_funcs(("getri", "getri_lwork"), (lu,))
        r, zero = getri(lu, piv, lwork=int(np.real(getri_lwork(len(lu))[0])))
        if not zero and well_conditioned(a, r.T):
            r *= g * det
            return r
    return _det(g, a, det)


_det_of_any = ruled(linalg.det, a=_det)
_det_of_one = own(_det_and_factors, a=_det_a)


@composite(linalg.det)
def det(a, overwrite_a=False, check_finite=True):
    a = array_of(a)
    if a.constant or a.ndim != 2 or a.shape[0] != a.shape[1] or a.size < 2 or a.dtype.char not in "fdFD":
        return _det_of_any(a, False, check_finite)
    if check_finite:
        np.asarray_chkfinite(unwrap(a))
    return _det_of_one(a)[0]


def _value(outputs):
    """The first output, of a function that may be asked for the rank besides."""
    return outputs[0] if type(outputs) is list else outputs


def _pinvh(g, a, lower, out):
    half = np.tril if lower else np.triu
    a = half(a) + _h(half(a, -1) if lower else half(a, 1))
    r = _pinv(_value(g), a, _value(out), False)
    return 0.5 * (r + _h(r))


ruled(linalg.pinv, a=lambda g, a, out: _pinv(_value(g), a, _value(out), False))
ruled(linalg.pinvh, a=_pinvh)


def _inverse(a, cond):
    """The pseudoinverse that belongs to a least squares solution."""
    cond = np.finfo(a.dtype).eps if cond is None else cond
    return np.linalg.pinv(a, rcond=cond)


def _lstsq_b(g, a, b, cond, out):
    """Of residuals, the squares of b - a x, to which a is orthogonal; of the rank nothing."""
    (gx, gr, _, _), (x, resids, *_) = g, out
    shape = np.broadcast_shapes(a.shape[:-2], b.shape[: -min(b.ndim, 2)]) + b.shape[-min(b.ndim, 2) :]
    r = np.zeros_like(b, shape=shape, dtype=x.dtype)
    if gx is not None:
        p = _t(_inverse(a, cond))
        r = r + _columns(lambda columns: p @ columns, gx, b.shape)
    if gr is not None and resids.size:
        r = r + 2 * np.conj(_rest(a, b, x)) * _real_weights(gr, b)
    return unbroadcast(r, b.shape)


def _real_weights(gr, b):
    """The gradients of sums of squares, which are real though SciPy 1.18 gives them as complex, for each row."""
    return np.real(gr)[..., None] if b.ndim == 1 else np.expand_dims(np.real(gr), -2)


def _rest(a, b, x):
    return b - ((a @ x[..., None])[..., 0] if b.ndim == 1 else a @ x)


def _lstsq_a(g, a, b, cond, out):
    """As for the pseudoinverse, times b: Golub and Pereyra, SIAM J. Numer. Anal. 10 (1973) 413."""
    (gx, gr, _, gs), (x, resids, *_) = g, out
    rest, r = np.conj(_rest(a, b, x)), 0
    if gx is not None:
        p = _inverse(a, cond)
        u = _columns(lambda columns: _t(p) @ columns, gx, b.shape)
        null = _columns(lambda columns: np.conj(columns) - p @ (a @ np.conj(columns)), gx, b.shape)
        pull = _columns(lambda columns: p @ np.conj(columns), u, b.shape)
        back = _columns(lambda columns: _t(p) @ np.conj(columns), x, b.shape)
        r = _product(rest, pull, b.shape) - _product(u, x, b.shape) + _product(back, null, b.shape)
    if gr is not None and resids.size:
        r = r - 2 * _product(rest * _real_weights(gr, b), x, b.shape)
    if gs is not None:
        u, _, vh = np.linalg.svd(a, full_matrices=False)
        r = r + (np.conj(u) * np.expand_dims(gs, -2)) @ np.conj(vh)
    return unbroadcast(r + np.zeros_like(a), a.shape)


_lstsq = ruled(linalg.lstsq, a=_lstsq_a, b=_lstsq_b)


@composite(linalg.lstsq)
def lstsq(a, b, cond=None, overwrite_a=False, overwrite_b=False, check_finite=True, lapack_driver=None):
    return _lstsq(a, b, cond, False, False, check_finite, lapack_driver)


@composite(linalg.norm)
def norm(a, ord=None, axis=None, keepdims=False, check_finite=True):
    a = array_of(a)
    if check_finite and not np.isfinite(unwrap(a)).all():
        raise ValueError("array must not contain infs or NaNs")
    return np.linalg.norm(a, ord, axis, keepdims)


# Matrices made of vectors

_STACKS = np.lib.NumpyVersion(scipy.__version__) >= "1.17.0"  # before, what is no vector was laid out as one


def _vector(c, stacks=_STACKS):
    c = atleast_1d(array_of(c))
    return c if stacks or c.ndim == 1 else np.ravel(c)


@composite(linalg.toeplitz)
def toeplitz(c, r=None):
    c = _vector(c)
    r = _conj(c) if r is None else _vector(r)
    n, m = c.shape[-1], r.shape[-1]
    shape = np.broadcast_shapes(c.shape[:-1], r.shape[:-1])
    c, r = np.broadcast_to(c, (*shape, n)), np.broadcast_to(r, (*shape, m))
    return np.concatenate((c[..., ::-1], r[..., 1:]), axis=-1)[..., np.arange(n)[::-1, None] + np.arange(m)]


@composite(linalg.circulant)
def circulant(c):
    c = _vector(c, True)
    n = c.shape[-1]
    return c[..., (np.arange(n)[:, None] - np.arange(n)) % max(n, 1)]


@composite(linalg.hankel)
def hankel(c, r=None):
    c = np.ravel(array_of(c))
    r = np.zeros_like(c) if r is None else np.ravel(array_of(r))
    return np.concatenate((c, r[1:]))[np.arange(len(c))[:, None] + np.arange(len(r))]


def _block(g, i, arrs_shape):
    """The block on the diagonal that came from array ``i``."""
    shapes = [(1,) * (2 - len(shape)) + tuple(shape) for shape in arrs_shape]
    (top, left), shape = (sum(s[k] for s in shapes[:i]) for k in (-2, -1)), shapes[i]
    r = unbroadcast(g[..., top : top + shape[-2], left : left + shape[-1]], shape)
    return np.reshape(r, tuple(arrs_shape[i]))


_blocks = linear(linalg.block_diag, arrs=_block)
_blocks.prepare()
_block_diag = _blocks.call


@composite(linalg.block_diag)
def block_diag(*arrs):
    return _block_diag(*map(array_of, arrs))


if hasattr(linalg, "khatri_rao"):

    @composite(linalg.khatri_rao)
    def khatri_rao(a, b):
        a, b = array_of(a), array_of(b)
        if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-1]:
            raise ValueError(f"scipy.linalg.khatri_rao: {a.shape} and {b.shape} have not the same number of columns.")
        r = a[..., :, None, :] * b[..., None, :, :]
        return np.reshape(r, (*r.shape[:-3], a.shape[-2] * b.shape[-2], a.shape[-1]))


# Functions without a derivative

constant(linalg.bandwidth, linalg.issymmetric, linalg.ishermitian)
refused(
    "its factors have no rule; write the function of the matrix by eig, eigh, svd, qr, lu or cholesky of scipy.linalg.",
    *(linalg.schur, linalg.rsf2csf, linalg.qz, linalg.ordqz, linalg.hessenberg, linalg.ldl, linalg.cossin),
    *(linalg.cdf2rdf, linalg.matrix_balance, linalg.rq, linalg.qr_multiply),
    *(linalg.qr_insert, linalg.qr_delete, linalg.qr_update),
)
refused("its vectors of bands have no rule; use the whole matrix, with eigh.", linalg.eig_banded, linalg.eigvals_banded)
refused(
    "its factor in bands has no rule; use solveh_banded, or the whole matrix with cholesky and cho_solve.",
    *(linalg.cholesky_banded, linalg.cho_solve_banded),
)
