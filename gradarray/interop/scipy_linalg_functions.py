"""Functions of matrices in ``scipy.linalg``: exponentials, logarithms, powers. Gradients travel conjugated.

The derivative of f at a in the direction e, L(a, e), is the upper right block of f of ((a, e), (0, a)), and its
transpose is L(a^T, g): Nicholas Higham, Functions of Matrices, SIAM 2008, section 3.
"""

from typing import Any

import numpy as np
from scipy import linalg

from ..registry import composite, dispatched, refused, unbroadcast, unwrap
from ..rules.products import _t
from ..rules.shape import array_of
from .scipy_linalg_equations import own, ruled


def _enlarged(a, e):
    """The matrices ((a, e), (0, a))."""
    a, e = a + np.zeros_like(e), e + np.zeros_like(a)
    upper, lower = np.concatenate((a, e), axis=-1), np.concatenate((np.zeros_like(a), a), axis=-1)
    return np.concatenate((upper, lower), axis=-2)


def _corner(a):
    n = a.shape[-1] // 2
    return a[..., :n, n:]


# The exponential


def _frechet_value(a, e):
    """By the larger matrix while it is small, which takes less Python."""
    if a.shape[-1] <= 32 or a.ndim > 2 or e.ndim > 2:
        return _corner(linalg.expm(_enlarged(a, e)))
    return linalg.expm_frechet(a, e, compute_expm=False).astype(np.result_type(a, e))


def _frechet_a(g, a, e):
    """L(a, e) itself is differentiated at ((a, f), (0, a)), where its corner is the second derivative along e and f."""
    zero = np.zeros_like(e + np.zeros_like(a))
    e = _t(e) + zero
    twice = _enlarged(e, zero)
    return unbroadcast(_corner(_frechet(_enlarged(_t(a), g), twice)), a.shape)


_frechet: Any = own(
    _frechet_value,
    a=_frechet_a,
    e=lambda g, a, e_shape: unbroadcast(_frechet(_t(a), g), e_shape),
)


def _expm(g, A, out):
    if A.ndim < 2 or A.shape[-1] == 1:
        return np.reshape(g * out, A.shape)
    return _frechet(_t(A), g)


ruled(linalg.expm, A=_expm)


@composite(linalg.expm_frechet)
def expm_frechet(A, E, method=None, compute_expm=True, check_finite=True):
    A, E = array_of(A), array_of(E)
    if method not in (None, "SPS", "blockEnlarge"):
        raise ValueError(f"scipy.linalg.expm_frechet: method={method!r}; choose 'SPS' or 'blockEnlarge'.")
    if check_finite and not (np.isfinite(unwrap(A)).all() and np.isfinite(unwrap(E)).all()):
        raise ValueError("array must not contain infs or NaNs")
    if A.ndim < 2 or A.shape[-2:] != E.shape[-2:] or A.shape[-1] != A.shape[-2]:
        raise ValueError(f"scipy.linalg.expm_frechet: {A.shape} and {E.shape} are not square matrices of one size.")
    if method != "blockEnlarge":  # SciPy's other way is in double precision
        A, E = (x.astype(np.result_type(x.dtype, np.float64)) for x in (A, E))
    r = _frechet(A, E)
    if not compute_expm:
        return r
    first = _exponential(A)
    first = first if first.shape == r.shape else np.broadcast_to(first, r.shape)
    return [first, r] if r.ndim > 2 else (first, r)


_exponential = dispatched(linalg.expm)


# What is made of exponentials


def _square(name, A):
    A = array_of(A)
    if A.ndim < 2 or A.shape[-1] != A.shape[-2]:
        raise ValueError(f"scipy.linalg.{name}: expected square matrices, got shape {A.shape}.")
    return A


@composite(linalg.cosm)
def cosm(A):
    A = _square("cosm", A)
    r = _exponential(1j * A)
    return 0.5 * (r + _exponential(-1j * A)) if A.dtype.kind == "c" else np.real(r)


@composite(linalg.sinm)
def sinm(A):
    A = _square("sinm", A)
    r = _exponential(1j * A)
    return -0.5j * (r - _exponential(-1j * A)) if A.dtype.kind == "c" else np.imag(r)


@composite(linalg.tanm)
def tanm(A):
    return np.linalg.solve(cosm(A), sinm(A))


@composite(linalg.coshm)
def coshm(A):
    A = _square("coshm", A)
    return 0.5 * (_exponential(A) + _exponential(-A))


@composite(linalg.sinhm)
def sinhm(A):
    A = _square("sinhm", A)
    return 0.5 * (_exponential(A) - _exponential(-A))


@composite(linalg.tanhm)
def tanhm(A):
    return np.linalg.solve(coshm(A), sinhm(A))


# Roots, logarithms, powers, signs


def _sylvester(a, g):
    """The matrix y with a y + y a = g."""
    return _solve_sylvester(a, a, g)


_solve_sylvester = dispatched(linalg.solve_sylvester)
_power = dispatched(linalg.fractional_matrix_power)


def _log(a):
    """In double precision: of single SciPy warns that it is inaccurate."""
    return _logarithm(a.astype(np.result_type(a.dtype, np.float64)))


_logarithm = dispatched(linalg.logm)


def _of(g):
    """The gradient of a function's value, which may come with an estimate of its error."""
    return g[0] if type(g) is list else g


def _sqrtm(g, A, out):
    """With x x = a: x dx + dx x = da."""
    x = _t(_of(out))
    return np.reshape(_sylvester(x, _of(g)), A.shape)


def _fractional(g, A, t):
    return _corner(_power(_enlarged(_t(A), g), t))


def _exponent(g, A, t, out):
    """d a^t = a^t log(a) dt."""
    return np.reshape(np.sum(g * (_log(A) @ out)), np.shape(t))


def _signm(g, A, out):
    """With n = s a: n ds + ds n = da - s da s. Higham, Functions of Matrices, theorem 5.3."""
    s = _t(_of(out))
    y = _sylvester(_t(A) @ s, _of(g))
    return y - s @ y @ s


ruled(linalg.sqrtm, A=_sqrtm)
ruled(linalg.logm, A=lambda g, A: _corner(_log(_enlarged(_t(A), _of(g)))))
ruled(linalg.fractional_matrix_power, A=_fractional, t=_exponent)
ruled(linalg.signm, A=_signm)
refused(
    "it knows nothing of the function's derivative; write it as a series or by eigenvalues, with scipy.linalg.eig.",
    linalg.funm,
)
