"""Linear algebra."""

import numpy as np

from ..registry import composite, differentiable, unbroadcast
from .products import _t
from .shape import ravel


def _solve_b(g, a, b_shape):
    return np.linalg.solve(_t(a), g) if len(b_shape) > 1 else np.linalg.solve(_t(a), np.expand_dims(g, -1))[..., 0]


def _solve_a(g, a, b_shape, out):
    w = _solve_b(g, a, b_shape)
    if len(b_shape) == 1:
        return unbroadcast(-np.expand_dims(w, -1) * np.expand_dims(out, -2), a.shape)
    return unbroadcast(-w @ _t(out), a.shape)


def _cholesky(g, out, upper):
    """Iain Murray, Differentiation of the Cholesky decomposition, arXiv:1602.07527, section 3; Hermitian."""
    lower, g = (np.conj(_t(out)), np.conj(_t(g))) if upper else (out, g)
    product = _t(lower) @ g
    left = np.linalg.solve(_t(lower), 0.5 * (np.tril(product) + np.tril(product, -1)))
    s = _t(np.linalg.solve(np.conj(_t(lower)), _t(left)))
    return 0.5 * (s + np.conj(_t(s)))


differentiable(
    np.linalg.solve,
    a=_solve_a,
    b=lambda g, a, b_shape: unbroadcast(_solve_b(g, a, b_shape), b_shape),
)
differentiable(np.linalg.inv, a=lambda g, out: -_t(out) @ g @ _t(out))
differentiable(np.linalg.cholesky, a=_cholesky)


@composite(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    """Vector norms for every ``ord``; of a matrix the Frobenius, 1 and infinity norms."""
    x = x if x.dtype.kind in "fc" else x.astype(float)
    if axis is None and (ord is None or x.ndim == 1):
        r = _vector_norm(ravel(x), 2 if ord is None else ord, 0)
        return np.reshape(r, (1,) * x.ndim) if keepdims else r
    axis = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(axis) == 1:
        return _vector_norm(x, 2 if ord is None else ord, axis, keepdims)
    if len(axis) != 2:
        raise ValueError(f"np.linalg.norm: axis={axis} names {len(axis)} axes; 1 or 2 make a vector or a matrix.")
    if ord in (None, "fro", "f"):
        return _vector_norm(x, 2, axis, keepdims)
    if ord not in (1, -1, np.inf, -np.inf):
        raise TypeError(f"np.linalg.norm: the matrix norm ord={ord!r} has no derivative in gradarray yet.")
    sums = np.sum(np.abs(x), axis=axis[0 if abs(ord) == 1 else 1], keepdims=True)
    return (np.max if ord > 0 else np.min)(sums, axis=axis, keepdims=keepdims)


def _vector_norm(x, ord, axis, keepdims=False):
    if ord == 2 and x.dtype.kind != "c":
        return _root(np.sum(x * x, axis=axis, keepdims=keepdims), 2)
    size = np.abs(x)
    if ord in (np.inf, -np.inf):
        return (np.max if ord > 0 else np.min)(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(np.sign(size), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    if 0 < ord < 1:
        powers = np.where(size == 0, 0, np.where(size == 0, 1, size) ** ord)
    else:
        powers = size * size if ord == 2 else size**ord
    return _root(np.sum(powers, axis=axis, keepdims=keepdims), ord)


def _root(x, n):
    """The ``n``-th root, with the subgradient 0 at 0 that the norm has there."""
    return np.where(x == 0, 0, np.where(x == 0, 1, x) ** (1 / n))
