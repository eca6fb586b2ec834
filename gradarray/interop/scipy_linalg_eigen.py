"""Eigenvalues and eigenvectors in ``scipy.linalg``, generalized ones too. Gradients travel conjugated.

Of a Hermitian matrix SciPy reads one triangle; the gradient belongs to both.
"""

import inspect

import numpy as np
from scipy import linalg

from ..registry import composite, unbroadcast, unwrap
from ..rules.eigenvalues import _eig_push, _eigh_factors, _eigh_push, eig_turn, eigh_turn, inverse_vectors
from ..rules.factors import _column, _diagonal, _row, repeats
from ..rules.products import _h, _t
from ..rules.shape import array_of
from .scipy_linalg_equations import listed, own, ruled

_EIGH, _EIG = ("scipy.linalg.eigh", "eigen"), ("scipy.linalg.eig", "eigen")


def _eigh_turn(g, out):
    """What turns the vectors, in their basis, as for ``numpy.linalg.eigh``; and what stretches them."""
    gv, v = g[1], out[1]
    if gv is None:
        return 0, 0
    turn = _t(v) @ gv
    return eigh_turn(_EIGH, g, out), turn + _h(turn)


def _eigh_a(g, a_shape, kind, out):
    """With d = u^H da u, where the vectors u are v, or of type 2 b v: dw = diag(d), du = u (d_ij / (w_j - w_i))."""
    turn, _ = _eigh_turn(g, out)
    v = np.linalg.inv(_h(out[1])) if kind == 2 else out[1]
    x = turn + (0 if g[0] is None else _diagonal(g[0]))
    return unbroadcast(np.conj(v) @ x @ _t(v), a_shape)


def _eigh_b(g, b_shape, kind, out):
    """With e = v^H db v: dw_i = -w_i e_ii, dv = v (-w_j e_ij / (w_j - w_i)), on the diagonal -e_ii / 2.

    Of types 2 and 3, 1 / b stands for b, and b = u u^-H of what is u for 1 / b.
    """
    (turn, even), (w, v) = _eigh_turn(g, out), out
    x = -0.5 * turn * (_row(w) + _column(w)) - 0.25 * even - (0 if g[0] is None else _diagonal(g[0] * w))
    if kind == 2:
        x = -x - 0.5 * even
    elif kind == 3:
        x, v = -x, np.linalg.inv(_h(v))
    return unbroadcast(np.conj(v) @ x @ _t(v), b_shape)


def _eigh_of(a, b, kind, options):
    return listed(linalg.eigh(a, b, type=kind, **dict(options)))


def _eigh_of_one(a, options):
    return listed(linalg.eigh(a, **dict(options)))


def _subset(w, by_index, by_value, driver):
    """Those of the eigenvalues that have these places, first and last, or are above a number up to another."""
    if by_index is not None and by_value is not None:
        raise ValueError("scipy.linalg.eigh: give subset_by_index or subset_by_value, not both.")
    if driver in ("ev", "evd", "gv", "gvd"):
        raise ValueError(f"scipy.linalg.eigh: driver={driver!r} knows no subsets.")
    first, last = by_value if by_index is None else map(int, by_index)
    if by_index is None:
        below, n = np.sum(unwrap(w) <= first, axis=-1), np.sum(unwrap(w) <= last, axis=-1)
        if np.ptp(below) or np.ptp(n) or not first < last:
            raise ValueError(f"scipy.linalg.eigh: subset_by_value={by_value} chooses no one part of all.")
        return w[..., int(np.max(below)) : int(np.max(n))]
    if not 0 <= first <= last < w.shape[-1]:
        raise ValueError(f"scipy.linalg.eigh: subset_by_index={by_index} is out of range for {w.shape[-1]} values.")
    return w[..., first : last + 1]


_eigh_of_two = own(_eigh_of, repeats, a=_eigh_a, b=_eigh_b)
_eigh_of_a = own(
    _eigh_of_one,
    repeats,
    a=lambda g, out: _eigh_factors(g, out, _EIGH),
    jvps={"a": lambda t, out: _eigh_push(t, out, _EIGH)},
)


def _eigh(a, b, kind, options):
    return _eigh_of_a(a, options) if b is None else _eigh_of_two(a, b, kind, options)


@composite(linalg.eigh)
def eigh(
    a,
    b=None,
    *,
    lower=True,
    eigvals_only=False,
    overwrite_a=False,
    overwrite_b=False,
    type=1,
    check_finite=True,
    subset_by_index=None,
    subset_by_value=None,
    driver=None,
):
    a, b = array_of(a), b if b is None else array_of(b)
    some = subset_by_index is not None or subset_by_value is not None
    if some and not eigvals_only:
        raise TypeError("scipy.linalg.eigh on a Tensor: vectors of a subset have no rule; take all, and select.")
    options = (("lower", lower), ("check_finite", check_finite), ("driver", driver))
    if some:  # their second derivatives need all vectors
        return _subset(_eigh(a, b, type, options)[0], subset_by_index, subset_by_value, driver)
    alone = eigvals_only and getattr(a, "constant", True) and getattr(b, "constant", True)
    r = _eigh(a, b, type, (*options, ("eigvals_only", alone)))
    return r[0] if eigvals_only and not alone else r


@composite(linalg.eigvalsh)
def eigvalsh(
    a,
    b=None,
    *,
    lower=True,
    overwrite_a=False,
    overwrite_b=False,
    type=1,
    check_finite=True,
    subset_by_index=None,
    subset_by_value=None,
    driver=None,
):
    options = {"subset_by_index": subset_by_index, "subset_by_value": subset_by_value, "driver": driver}
    return eigh(a, b, lower=lower, eigvals_only=True, type=type, check_finite=check_finite, **options)


def _eig_factors(g, b, out):
    """With d = (b v)^-1 (da v - db v w): dw = diag(d), dv = v (d_ij / (w_j - w_i)), less what would change lengths."""
    (gw, gv), v = g, out[1]
    inverse = inverse_vectors(v if b is None else b @ v)
    x = 0 if gw is None else _diagonal(gw)
    return inverse, x if gv is None else x + eig_turn(_EIG, g, out, inverse)


def _eig_a(g, a_shape, b, out):
    inverse, x = _eig_factors(g, b, out)
    return unbroadcast(_t(inverse) @ x @ _t(out[1]), a_shape)


def _eig_b(g, b, out):
    inverse, x = _eig_factors(g, b, out)
    return unbroadcast(-_t(inverse) @ (x * _row(out[0])) @ _t(out[1]), b.shape)


_eig_of_two = ruled(linalg.eig, repeats, a=_eig_a, b=_eig_b)
_eig_of_a = ruled(linalg.eig, repeats, a=_eig_a, jvps={"a": lambda t, out: _eig_push(t, out, _EIG)})


@composite(linalg.eig)
def eig(
    a,
    b=None,
    left=False,
    right=True,
    overwrite_a=False,
    overwrite_b=False,
    check_finite=True,
    homogeneous_eigvals=False,
):
    if left or homogeneous_eigvals:
        raise TypeError(
            "scipy.linalg.eig on a Tensor: left=True and homogeneous_eigvals=True have no derivative; the left vectors "
            "are the columns of inv(b @ v).conj().T."
        )
    r = (_eig_of_a if b is None else _eig_of_two)(a, b, check_finite=check_finite)
    return r if right else r[0]


def _eigvals(a, b=None, overwrite_a=False, check_finite=True, homogeneous_eigvals=False):
    return eig(a, b, right=False, check_finite=check_finite, homogeneous_eigvals=homogeneous_eigvals)


def _eigvals_since_1_18(a, b=None, overwrite_a=False, overwrite_b=False, check_finite=True, homogeneous_eigvals=False):
    return eig(a, b, right=False, check_finite=check_finite, homogeneous_eigvals=homogeneous_eigvals)


_has_both = "overwrite_b" in inspect.signature(linalg.eigvals).parameters
composite(linalg.eigvals)(_eigvals_since_1_18 if _has_both else _eigvals)


# Of tridiagonal matrices


def _tridiagonal_of(d, e, options):
    return listed(linalg.eigh_tridiagonal(d, e, **dict(options)))


def _tridiagonal(g, out):
    """The gradient of the matrix is symmetric: v x v^T, as for ``eigh``."""
    x = _eigh_turn(g, out)[0] + (0 if g[0] is None else _diagonal(g[0]))
    return out[1] @ x


def _tridiagonal_e(g, e_shape, out):
    r = _tridiagonal(g, out)
    return unbroadcast(2 * np.sum(r[..., :-1, :] * out[1][..., 1:, :], axis=-1), e_shape)


_eigh_tridiagonal = own(
    _tridiagonal_of,
    repeats,
    d=lambda g, d_shape, out: unbroadcast(np.sum(_tridiagonal(g, out) * out[1], axis=-1), d_shape),
    e=_tridiagonal_e,
)


@composite(linalg.eigh_tridiagonal)
def eigh_tridiagonal(
    d, e, eigvals_only=False, select="a", select_range=None, check_finite=True, tol=0.0, lapack_driver="auto"
):
    if select not in ("a", "all", 0):
        raise TypeError("scipy.linalg.eigh_tridiagonal on a Tensor: a selection has no rule; take all, and select.")
    options = (("check_finite", check_finite), ("tol", tol), ("lapack_driver", lapack_driver))
    r = _eigh_tridiagonal(array_of(d), array_of(e), options)
    return r[0] if eigvals_only else r


@composite(linalg.eigvalsh_tridiagonal)
def eigvalsh_tridiagonal(d, e, select="a", select_range=None, check_finite=True, tol=0.0, lapack_driver="auto"):
    return eigh_tridiagonal(d, e, True, select, select_range, check_finite, tol, lapack_driver)
