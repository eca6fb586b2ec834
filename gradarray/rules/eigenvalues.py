"""Eigenvalues and eigenvectors.

Gradients travel conjugated, so the formulas hold the conjugates of the vectors: ``p`` stands for ``conj(v)``.
"""

import numpy as np

from ..registry import composite, differentiable, unwrap
from .factors import (
    _between,
    _check_cancelling,
    _column,
    _diagonal,
    _equal,
    _largest,
    _quotient,
    _row,
    _settle,
    _turns,
    repeats,
)
from .products import _conj, _h, _sym, _t

_EIGH, _EIG = ("np.linalg.eigh", "eigen"), ("np.linalg.eig", "eigen")


def _odd(v, gv):
    """The gradient along rotations of the orthonormal vectors ``v``, from theirs."""
    turn = _t(v) @ gv
    return turn - _h(turn)


def eigh_turn(words, g, out):
    """The gradient in the basis of the vectors, but for its diagonal; they are orthonormal."""
    (gw, gv), (w, v) = g, out
    odd, equal = _odd(v, gv), _equal(unwrap(w))
    _check_cancelling(words, unwrap(odd), _largest(unwrap(gv)), equal)
    x = _quotient(odd, _row(w) - _column(w), equal)
    return 0.5 * (x + _between(words, gw, out, lambda found: None if found[1] is None else _odd(v, found[1]), equal))


def _eigh_factors(g, out, words=_EIGH):
    """With d = v^H da v: dw = diag(d), dv = v (d_ij / (w_j - w_i)). The gradient belongs to both triangles."""
    (gw, gv), v = g, out[1]
    p = _conj(v)
    if gv is None:
        return (p * _row(gw)) @ _t(v)
    x = eigh_turn(words, g, out)
    return p @ (x if gw is None else x + _diagonal(gw)) @ _t(v)


def _eigh_push(t, out, words=_EIGH):
    """The change of values and vectors with that of the matrix, ``t``."""
    w, v = out
    t, equal = _sym(t), _equal(unwrap(w))

    def turn(at, group):
        part = v[at][:, group]
        v[at][:, group] = part @ np.linalg.eigh(_h(part) @ t[at] @ part)[1]

    d = _h(v) @ t @ v
    if _settle(d, equal, turn):
        d = _h(v) @ t @ v
    return [
        np.real(np.diagonal(d, axis1=-2, axis2=-1)),
        v @ _turns(words, d, _row(w) - _column(w), equal, _largest(unwrap(d))),
    ]


def eig_turn(words, g, out, inverse):
    """The gradient in the basis of the vectors, of unit length, but for its diagonal."""
    (gw, gv), (w, v) = g, out

    def along(gv):
        turn = _t(v) @ gv
        lengths = np.real(np.diagonal(turn, axis1=-2, axis2=-1))
        return turn - _t(v) @ (_conj(v) * _row(lengths))

    turn, scale = along(gv), _largest(unwrap(gv))
    if gw is not None:  # beside which gv may be nothing but rounding
        scale = np.maximum(scale, np.sqrt(np.finfo(scale.dtype).eps) * _row(_largest(unwrap(gw), axis=-1)))
    equal = _equal(unwrap(w), _largest(unwrap(inverse)))
    _check_cancelling(words, unwrap(turn), scale, equal)
    x = _quotient(turn, _row(w) - _column(w), equal)
    return x + _between(words, gw, out, lambda found: None if found[1] is None else along(found[1]), equal)


def _eig_factors(g, out):
    """With d = v^-1 da v: dw = diag(d), dv = v (d_ij / (w_j - w_i)), less what would change the length of a vector."""
    (gw, gv), v = g, out[1]
    inverse = inverse_vectors(v)
    if gv is None:
        return (_t(inverse) * _row(gw)) @ _t(v)
    x = eig_turn(_EIG, g, out, inverse)
    return _t(inverse) @ (x if gw is None else x + _diagonal(gw)) @ _t(v)


def _eig_push(t, out, words=_EIG):
    """The change of values and vectors, which keep their lengths, with that of the matrix, ``t``."""
    w, v = out
    inverse = inverse_vectors(v)
    equal = _equal(unwrap(w), _largest(unwrap(inverse)))

    def turn(at, group):
        q = np.linalg.eig(inverse[at][group] @ t[at] @ v[at][:, group])[1]
        q = q.real if v.dtype.kind == "f" and not np.any(q.imag) else q  # always complex from NumPy 2.5 on
        if q.dtype == v.dtype and np.linalg.cond(q) * np.finfo(v.dtype).eps <= 1e-3:
            part = v[at][:, group] @ q
            v[at][:, group] = part / np.linalg.norm(part, axis=0)

    d = inverse @ t @ v
    if _settle(d, equal, turn):
        inverse = inverse_vectors(v)
        d = inverse @ t @ v
    dv = v @ _turns(words, d, _row(w) - _column(w), equal, _largest(unwrap(d)))
    lengths = np.real(np.sum(_conj(v) * dv, axis=-2))
    return [np.diagonal(d, axis1=-2, axis2=-1), dv - v * _row(lengths)]


def inverse_vectors(v):
    """The inverse of a matrix of eigenvectors; it has none if they are of a defective matrix."""
    try:
        inverse = np.linalg.inv(v)
        plain = unwrap(inverse)
        if np.all(_largest(plain) * np.finfo(plain.dtype).eps <= 1e-3):
            return inverse
    except np.linalg.LinAlgError:
        pass
    raise np.linalg.LinAlgError(
        "np.linalg.eig: the matrix is defective, it lacks eigenvectors, so that its eigenvalues have no derivative; "
        "write the function of the matrix without them (np.trace, np.linalg.det, matrix_power ...)."
    )


_eigh = differentiable(np.linalg.eigh, a=_eigh_factors, jvps={"a": _eigh_push})
_eig = differentiable(np.linalg.eig, a=_eig_factors, jvps={"a": _eig_push})
_eigh.twice = _eig.twice = repeats
_eigvalsh = differentiable(np.linalg.eigvalsh).call
_eigvals = differentiable(np.linalg.eigvals).call


@composite(np.linalg.eigvalsh)
def eigvalsh(a, UPLO="L"):
    return _eigvalsh(a, UPLO) if a.constant else _eigh.call(a, UPLO)[0]


@composite(np.linalg.eigvals)
def eigvals(a):
    return _eigvals(a) if a.constant else _eig.call(a)[0]
