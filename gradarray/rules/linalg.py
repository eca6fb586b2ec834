"""Linear algebra."""

import numpy as np

from ..registry import composite, differentiable
from .products import _summed, _t
from .shape import ravel


def _solve_b(g, a, b_shape):
    return np.linalg.solve(_t(a), g) if len(b_shape) > 1 else np.linalg.solve(_t(a), np.expand_dims(g, -1))[..., 0]


def _solve_a(g, a, b_shape, out):
    w = _solve_b(g, a, b_shape)
    if len(b_shape) == 1:
        return _summed(-np.expand_dims(w, -1) * np.expand_dims(out, -2), a.shape)
    return _summed(-w @ _t(out), a.shape)


def _cholesky(g, out, upper):
    """Iain Murray, Differentiation of the Cholesky decomposition, arXiv:1602.07527, section 3."""
    lower = _t(out) if upper else np.conj(out)
    g = _t(g) if upper else g
    half = np.tril(np.ones_like(lower)) - 0.5 * np.eye(lower.shape[-1])
    inner = half * (_t(np.conj(lower)) @ g)
    left = np.linalg.solve(_t(np.conj(lower)), inner)
    s = _t(np.linalg.solve(_t(np.conj(lower)), _t(left))) if lower.dtype.kind != "c" else _right_solved(left, lower)
    return 0.5 * (s + np.conj(_t(s)))


def _right_solved(left, lower):
    """``left @ inv(lower)``."""
    return _t(np.linalg.solve(_t(lower), _t(left)))


differentiable(
    np.linalg.solve,
    a=_solve_a,
    b=lambda g, a, b_shape: _summed(_solve_b(g, a, b_shape), b_shape),
)
differentiable(np.linalg.inv, a=lambda g, out: -_t(out) @ g @ _t(out))
differentiable(np.linalg.cholesky, a=_cholesky)


@composite(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    """Vector norms for every ``ord``; of a matrix the Frobenius, 1 and infinity norms."""
    if axis is None and (ord is None or x.ndim == 1):
        r = _vector_norm(ravel(x), 2 if ord is None else ord, 0)
        return np.reshape(r, (1,) * x.ndim) if keepdims else r
    axis = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(axis) == 1:
        return _vector_norm(x, 2 if ord is None else ord, axis, keepdims)
    if len(axis) != 2:
        raise ValueError(f"np.linalg.norm: axis={axis} names {len(axis)} axes; 1 or 2 make a vector or a matrix.")
    if ord in (None, "fro"):
        return _vector_norm(x, 2, axis, keepdims)
    rows = {1: 0, -1: 0, np.inf: 1, -np.inf: 1}.get(ord)
    if rows is None:
        raise TypeError(f"np.linalg.norm: the matrix norm ord={ord!r} has no derivative in gradarray yet.")
    sums = np.sum(np.abs(x), axis=axis[rows], keepdims=True)
    return (np.max if ord > 0 else np.min)(sums, axis=axis, keepdims=True) if keepdims else (
        np.max if ord > 0 else np.min
    )(sums, axis=axis)


def _vector_norm(x, ord, axis, keepdims=False):
    size = np.abs(x)
    if ord == np.inf:
        return np.max(size, axis=axis, keepdims=keepdims)
    if ord == -np.inf:
        return np.min(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum((x != 0).astype(size.dtype), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    # the root has no derivative at 0; the norm has the subgradient 0 there
    total = np.sum(size * size if ord == 2 else size**ord, axis=axis, keepdims=keepdims)
    zero = total == 0
    return np.where(zero, 0, np.where(zero, 1, total) ** (1 / ord))
