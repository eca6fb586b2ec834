"""Factorizations of ``scipy.linalg``, and what solves equations with them. Gradients travel conjugated.

Of a Hermitian matrix SciPy reads one triangle; the gradient belongs to both. Pivots are constants.
"""

import inspect
import math

import numpy as np
from scipy import linalg

from ..registry import composite, dispatched, unbroadcast, unwrap
from ..rules.decompositions import _cholesky_push, _qr_factors, below_diagonal, cholesky_back, upper_solve
from ..rules.products import _conj, _h, _t
from ..rules.shape import array_of
from ..rules.singular_values import _svd_factors, _svd_push, _values_push, svd_twice
from .scipy_linalg_equations import _columns, _solve_triangular, own, ruled

_BLOCK = 64  # up to this size products of whole matrices take less time


def plain(*arrays):
    """Whether these are matrices that compiled code takes, and not a stack of them, nor Tensors, nor empty."""
    return unwrap(arrays) is arrays and all(a.ndim < 3 and a.size for a in arrays)


def _solved(a, b, lower=False, transposed=False, unit=False):
    """The solution of ``a x = b`` with a triangle of ``a``, in the place of ``b`` if its order is Fortran's."""
    if not b.size:
        return b
    if a.strides[0] > a.strides[1]:
        a, lower, transposed = a.T, not lower, not transposed
    (trtrs,) = linalg.get_lapack_funcs(("trtrs",), (a, b))
    x, info = trtrs(a, b, lower=lower, trans=transposed, unitdiag=unit, overwrite_b=True)
    if info:
        raise np.linalg.LinAlgError(f"singular matrix: resolution failed at diagonal {info - 1}")
    return x


# Cholesky


def _over(b, lower):
    return _solved(lower, b.T, lower=True, transposed=True).T


def _cholesky_back(g, lower):
    return cholesky_back(g, lower, _over if plain(g, lower) else None)


def _cholesky(g, out, lower):
    return _cholesky_back(g, out) if lower else _cholesky_back(_h(g), _h(out))


_OF_TWO = linalg.cho_factor(np.array([[2.0, 1.0], [1.0, 2.0]]))[0]


def _cho_factor(g, out, lower):
    """The other triangle of the factor is that of the matrix; from SciPy 1.18 on it is 0."""
    (g, _), (c, _) = g, out
    r, other = _cholesky(g, c, lower), np.tri(c.shape[-1], k=-1, dtype=bool)
    return np.add(r, g, out=r, where=other.T if lower else other) if _OF_TWO[1, 0] else r


def _cho_solution(c, b, lower, check_finite):
    return linalg.cho_solve((c, lower), b, check_finite=check_finite)


def _cho_b(g, c, b_shape, lower):
    return _columns(lambda columns: _cho_solve(_conj(c), columns, lower, False), g, b_shape)


def _cho_c(g, c, b_shape, lower, out):
    """With m = l l^H and G the gradient of m, that of l is (G + G^H) _conj(l)."""
    w, x = _cho_b(g, c, b_shape, lower), out
    if len(b_shape) == 1:
        w, x = w[..., None], x[..., None]
    m = np.tril(c) if lower else _h(np.triu(c))
    both = np.concatenate((-w, -np.conj(x)), axis=-1), np.concatenate((_h(m) @ x, np.conj(_t(m) @ w)), axis=-1)
    r = both[0] @ _t(both[1])
    np.copyto(r, 0, where=np.tri(r.shape[-1], k=-1, dtype=bool).T)
    return unbroadcast(r if lower else _h(r), c.shape)


ruled(linalg.cholesky, a=_cholesky, jvps={"a": lambda t, out, lower: _cholesky_push(t, out, not lower)})
ruled(linalg.cho_factor, a=_cho_factor)
_cho_solve = own(
    _cho_solution, c=_cho_c, b=lambda g, c, b_shape, lower: unbroadcast(_cho_b(g, c, b_shape, lower), b_shape)
)


@composite(linalg.cho_solve)
def cho_solve(c_and_lower, b, overwrite_b=False, check_finite=True):
    c, lower = c_and_lower
    return _cho_solve(array_of(c), array_of(b), lower, check_finite)


# LU


def _lu(r, lower, upper):
    """Of the permuted matrix, in the place of that of the factors, both in one matrix."""
    if plain(r, lower, upper):
        _lu_back(r, lower, upper, _solved, _BLOCK)
    else:  # where each product takes more Python
        _lu_back(r, lower, upper, _solution, 2 * _BLOCK)
    return r


def _unit(lower):
    """The factor of one block."""
    n = lower.shape[-1]
    return np.where(below_diagonal(n), lower, np.eye(n, dtype=lower.dtype))


def _solution(a, b, lower=False, transposed=False, unit=False):
    """As `_solved`, where it is called so, of Tensors too, and of a stack of matrices at once."""
    if a.ndim == 2 and a.size and b.size:
        return _solve_triangular(a, b, int(transposed), lower, unit, check_finite=False)
    u = np.triu(_t(a), 1) + np.eye(a.shape[-1], dtype=a.dtype) if lower else np.triu(a)
    return upper_solve(u, b)


def _lu_back(r, lower, upper, solve, block):
    """In blocks a11 = l11 u11, a12 = l11 u12, a21 = l21 u11, a22 = l21 u12 + l22 u22; that of a22 comes first.

    Of one block with c = l^-1 da u^-1, what is below its diagonal changes l, the rest u.
    """

    def left(b):
        return solve(lower[..., :k, :k], b, lower=True, transposed=True, unit=True)

    def right(b):
        return _t(solve(upper[..., :k, :k], _t(b)))

    m, n = r.shape[-2:]
    k = min(m, n) if m != n else n // 2 if n > block else n
    if k == m == n:
        under = below_diagonal(k)
        r[...] = right(left(np.where(under, _t(_unit(lower)) @ r, r @ _t(np.where(under, 0, upper)))))
        return
    below, above, square, last = lower[..., k:, :k], _t(upper[..., :k, k:]), r[..., :k, :k], r[..., k:, k:]
    if k < min(m, n):
        _lu_back(last, lower[..., k:, k:], upper[..., k:, k:], solve, block)
    r[..., k:, :k] = right(r[..., k:, :k] - last @ above)
    r[..., :k, k:] = left(r[..., :k, k:] - _t(below) @ last)
    square -= np.where(np.tri(k, k=-1, dtype=bool), r[..., :k, k:] @ above, _t(below) @ r[..., k:, :k])
    _lu_back(square, lower[..., :k, :k], upper[..., :k, :k], solve, block)


def _ordered(a, order, axis=-2):
    """The rows, or columns, of ``a`` in an order, which a stack of matrices has for each."""
    if order.ndim == 1:
        return a[..., order, :] if axis == -2 else a[..., order]
    return np.take_along_axis(a, order[..., None] if axis == -2 else order[..., None, :], axis)


def _order(piv, m):
    """Interchanges of rows, one after the other, as the order that they lead to."""
    piv, orders = np.asarray(unwrap(piv)), []
    for row in np.reshape(piv, (math.prod(piv.shape[:-1]), -1)).tolist():
        order = [*range(m)]
        for k, there in enumerate(row):
            order[k], order[there] = order[there], order[k]
        orders.append(order)
    return np.reshape(np.array(orders, int), (*piv.shape[:-1], m))


def _in_one(lower, upper):
    """The matrix that holds the factors, but for ones on a diagonal."""
    k = lower.shape[-1]
    square = np.where(np.tri(k, k=-1, dtype=bool), lower[..., :k, :], upper[..., :k])
    if lower.shape[-2] > k:
        return np.concatenate((square, lower[..., k:, :]), axis=-2)
    return np.concatenate((square, upper[..., k:]), axis=-1) if upper.shape[-1] > k else square


def _lu_factor(g, out):
    (g, _), (lu, piv) = g, out
    return _ordered(_lu(g + np.zeros_like(lu, shape=()), lu, lu), np.argsort(_order(piv, lu.shape[-2])))


def _lu_factors(g, a, permute_l, p_indices, out):
    lower, upper = out[-2:]
    zero = np.zeros_like(lower, shape=())
    gl, gu = (np.broadcast_to(zero, m.shape) if x is None else x for x, m in zip(g[-2:], out[-2:], strict=True))
    if permute_l:
        order = linalg.lu(unwrap(a), p_indices=True)[0]
        gl, lower = (_ordered(m, np.argsort(order)) for m in (gl, lower))
    elif p_indices:
        order = out[0]
    else:
        p = np.real(unwrap(out[0]))
        order = (p @ np.arange(p.shape[-1], dtype=p.dtype)).astype(int)
    return _ordered(_lu(_in_one(gl, gu) + zero, lower, upper), order)


def _lu_solution(lu, b, piv, trans, check_finite):
    return linalg.lu_solve((lu, piv), b, trans, check_finite=check_finite)


def _lu_b(g, lu, b_shape, piv, trans):
    lu, other = (_conj(lu), 0) if trans == 2 else (lu, 1 - trans)
    return _columns(lambda columns: _lu_solve(lu, columns, piv, other, False), g, b_shape)


def _lu_a(g, lu, b_shape, piv, trans, out):
    """The gradient u v^T of the matrix, or of its transpose, gives u v^T upper^T to lower, lower^T u v^T to upper."""
    w, x = _lu_b(g, lu, b_shape, piv, trans), out
    if len(b_shape) == 1:
        w, x = w[..., None], x[..., None]
    u, v = (w, x) if trans == 0 else (x, w) if trans == 1 else (np.conj(x), np.conj(w))
    u = -_ordered(u, _order(piv, lu.shape[-2]))
    lower, r = np.triu(lu) @ v, (_t(np.tril(lu, -1)) @ u + u) @ _t(v)
    np.copyto(r, u @ _t(lower), where=np.tri(lu.shape[-1], k=-1, dtype=bool))
    return unbroadcast(r, lu.shape)


ruled(linalg.lu, a=_lu_factors)
ruled(linalg.lu_factor, a=_lu_factor)
_lu_solve = own(
    _lu_solution,
    lu=_lu_a,
    b=lambda g, lu, b_shape, piv, trans: unbroadcast(_lu_b(g, lu, b_shape, piv, trans), b_shape),
)


@composite(linalg.lu_solve)
def lu_solve(lu_and_piv, b, trans=0, overwrite_b=False, check_finite=True):
    lu, piv = lu_and_piv
    return _lu_solve(array_of(lu), array_of(b), unwrap(piv), trans, check_finite)


# QR


def _qr_rule(g, a, mode, pivoting, out):
    order = out[-1] if pivoting else None
    if mode == "r":
        a = a if order is None else _ordered(a, order, -1)
        # of a stack SciPy gives a lone output as it is
        r = _qr_factors((None, g[0] if type(g) is list else g), _economic(a, mode="economic"))
    else:
        r = _qr_factors(g[:2], out[:2])
    return r if order is None else _ordered(r, np.argsort(order), -1)


_economic = dispatched(linalg.qr)
_LWORK = inspect.signature(linalg.qr).parameters["lwork"].default  # deprecated in SciPy 1.18
_qr = ruled(linalg.qr, a=_qr_rule)


@composite(linalg.qr)
def qr(a, overwrite_a=False, lwork=_LWORK, mode="full", pivoting=False, check_finite=True):
    if mode == "raw":
        raise TypeError("scipy.linalg.qr on a Tensor: mode='raw' gives LAPACK's reflectors; use 'full' or 'economic'.")
    return _qr(a, False, lwork, mode, pivoting, check_finite)


# Singular values, and what is made of them

_svd_of_values = ruled(linalg.svd, a=lambda g, out: _svd_factors(g, out), jvps={"a": _values_push})
_svd = ruled(linalg.svd, svd_twice, a=lambda g, out: _svd_factors(g, out), jvps={"a": _svd_push})


@composite(linalg.svd)
def svd(a, full_matrices=True, compute_uv=True, overwrite_a=False, check_finite=True, lapack_driver="gesdd"):
    a = array_of(a)
    if compute_uv or a.constant:
        return _svd(a, full_matrices, compute_uv, False, check_finite, lapack_driver)
    # their derivative needs the vectors; to make them now keeps all that depends on both in one place
    return _svd_of_values(a, False, True, False, check_finite, lapack_driver)[1]


@composite(linalg.svdvals)
def svdvals(a, overwrite_a=False, check_finite=True):
    return svd(a, compute_uv=False, check_finite=check_finite)


def _rank(name, s, shape, rcond):
    s = unwrap(s)
    rcond = np.finfo(s.dtype).eps * max(shape[-2:]) if rcond is None else rcond
    ranks = np.sum(s > np.max(s, axis=-1, keepdims=True, initial=0) * rcond, axis=-1)
    if np.ptp(ranks):
        raise ValueError(f"scipy.linalg.{name}: the matrices of the stack have different ranks.")
    return int(np.max(ranks, initial=0))


@composite(linalg.orth)
def orth(A, rcond=None):
    u, s, vh = svd(A, full_matrices=False)
    return u[..., : _rank("orth", s, (u.shape[-2], vh.shape[-1]), rcond)]


@composite(linalg.null_space)
def null_space(A, rcond=None, *, overwrite_a=False, check_finite=True, lapack_driver="gesdd"):
    u, s, vh = svd(A, check_finite=check_finite, lapack_driver=lapack_driver)
    return _h(vh[..., _rank("null_space", s, (u.shape[-2], vh.shape[-1]), rcond) :, :])


def _unitary_factor(a):
    return linalg.polar(a)[0]


def _unitary_a(g, a, out):
    """With a = u p: du = u s + (1 - u u^H) da p^-1, where p s + s p = u^H da - da^H u."""
    p = _h(out) @ a
    p, turn = 0.5 * _t(p + _h(p)), _t(out) @ g
    y = _sylvester(p, p, turn)
    r = np.conj(out) @ (y - _h(y))
    if a.shape[-2] == a.shape[-1]:
        return r
    return r + _t(np.linalg.solve(_t(p), _t(g - np.conj(out) @ turn)))


_sylvester = dispatched(linalg.solve_sylvester)
_unitary = own(_unitary_factor, a=_unitary_a)


def unitary(a):
    """The factor of a matrix that is an isometry, or of a wide one the adjoint of one."""
    return _unitary(a) if a.shape[-2] >= a.shape[-1] else _h(_unitary(_h(a)))


@composite(linalg.polar)
def polar(a, side="right"):
    a = array_of(a)
    if side not in ("right", "left"):
        raise ValueError(f"scipy.linalg.polar: side={side!r}; choose 'right' or 'left'.")
    u = unitary(a)
    p = _h(u) @ a if side == "right" else a @ _h(u)
    return [u, 0.5 * (p + _h(p))] if a.ndim > 2 else (u, 0.5 * (p + _h(p)))


@composite(linalg.orthogonal_procrustes)
def orthogonal_procrustes(A, B, check_finite=True):
    A, B = array_of(A), array_of(B)
    if check_finite and not (np.isfinite(unwrap(A)).all() and np.isfinite(unwrap(B)).all()):
        raise ValueError("array must not contain infs or NaNs")
    if A.ndim != 2 or A.shape != B.shape:
        raise ValueError(
            f"scipy.linalg.orthogonal_procrustes: {A.shape} and {B.shape} are not two of one matrix shape."
        )
    r = unitary(_h(A) @ B)
    return r, np.sum(svdvals(_h(A) @ B))
