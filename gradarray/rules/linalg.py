"""Linear algebra: products, norms, determinants. Gradients travel conjugated (see `gradarray.graph`)."""

import math
import operator

import numpy as np

from ..registry import composite, constant, differentiable, find, into, stacked, unwrap
from .products import _t
from .shape import array_of, ravel

# Matrix and vector products


@composite(np.linalg.matmul)
def matmul(x1, x2, /):
    return find(np.matmul).call(stacked(x1), stacked(x2))


@composite(np.linalg.tensordot)
def tensordot(x1, x2, /, *, axes=2):
    return find(np.tensordot).call(array_of(x1), array_of(x2), axes)


@composite(np.linalg.vecdot)
def vecdot(x1, x2, /, *, axis=-1):
    x1, x2 = array_of(x1), array_of(x2)
    if axis != -1:
        x1, x2 = np.moveaxis(x1, axis, -1), np.moveaxis(x2, axis, -1)
    return find(np.vecdot).call(x1, x2)


@composite(np.linalg.outer)
def outer(x1, x2, /):
    x1, x2 = array_of(x1), array_of(x2)
    if x1.ndim != 1 or x2.ndim != 1:
        raise ValueError(f"np.linalg.outer: the inputs must have 1 dimension, they have {x1.ndim} and {x2.ndim}.")
    return find(np.multiply).call(x1[:, None], x2)


@composite(np.linalg.cross)
def cross(x1, x2, /, *, axis=-1):
    x1, x2 = array_of(x1), array_of(x2)
    if x1.shape[axis] != 3 or x2.shape[axis] != 3:
        raise ValueError(
            f"np.linalg.cross: vectors have 3 elements; axis={axis} has {x1.shape[axis]} and {x2.shape[axis]}."
        )
    (a, b, c), (d, e, f) = (tuple(np.moveaxis(x, axis, 0)) for x in (x1, x2))
    return np.stack((b * f - c * e, c * d - a * f, a * e - b * d), axis=axis)


@composite(np.linalg.multi_dot)
def multi_dot(arrays, *, out=None):
    arrays = [array_of(a) for a in arrays]
    n = len(arrays)
    if n < 2:
        raise ValueError(f"np.linalg.multi_dot: {n} arrays; give at least two.")
    if n == 2:
        return find(np.dot).call(*arrays, out=out)
    first, last = arrays[0].ndim == 1, arrays[-1].ndim == 1
    arrays[0] = arrays[0][None, :] if first else arrays[0]
    arrays[-1] = arrays[-1][:, None] if last else arrays[-1]
    for a in arrays:
        if a.ndim != 2:
            raise np.linalg.LinAlgError(f"np.linalg.multi_dot: an array has {a.ndim} dimensions; give matrices.")
    r = _product(arrays, _splits([arrays[0].shape[0], *(a.shape[1] for a in arrays)]), 0, n - 1)
    if out is not None and (first or last):
        raise ValueError("np.linalg.multi_dot: out= with vectors at the ends is not supported on Tensors; assign.")
    return into("np.linalg.multi_dot", r[0, 0] if first and last else ravel(r) if first or last else r, out)


def _splits(sizes):
    """Where to split each part of a chain of matrices of these sizes: by dynamic programming, the least work."""
    n = len(sizes) - 1
    cost, split = {(i, i): 0 for i in range(n)}, {}
    for length in range(1, n):
        for i in range(n - length):
            j = i + length
            works = [cost[i, k] + cost[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1] for k in range(i, j)]
            cost[i, j] = min(works)
            split[i, j] = i + works.index(cost[i, j])
    return split


def _product(arrays, split, i, j):
    if i == j:
        return arrays[i]
    k = split[i, j]
    return find(np.matmul).call(_product(arrays, split, i, k), _product(arrays, split, k + 1, j))


@composite(np.linalg.matrix_power)
def matrix_power(a, n):
    if a.ndim < 2 or a.shape[-1] != a.shape[-2]:
        raise np.linalg.LinAlgError(f"np.linalg.matrix_power: shape {a.shape}; the last two axes must make a square.")
    n = operator.index(n)
    if n == 0:
        return np.sign(np.zeros_like(a)) + np.eye(a.shape[-1], dtype=a.dtype)
    if n < 0:
        a, n = np.linalg.inv(a), -n
    r = None
    while n:
        if n % 2:
            r = a if r is None else r @ a
        n //= 2
        a = a @ a if n else a
    return r


@composite(np.linalg.matrix_transpose)
def matrix_transpose(x, /):
    if x.ndim < 2:
        raise ValueError(f"np.linalg.matrix_transpose: the input must have at least 2 dimensions, it has {x.ndim}.")
    return _t(x)


@composite(np.linalg.diagonal)
def diagonal(x, /, *, offset=0):
    return np.diagonal(x, offset, -2, -1)


@composite(np.linalg.trace)
def trace(x, /, *, offset=0, dtype=None):
    return np.trace(x, offset, -2, -1, dtype)


# Norms and other numbers


@composite(np.linalg.norm)
def norm(x, ord=None, axis=None, keepdims=False):
    x = x if x.dtype.kind in "fc" else x.astype(float)
    if axis is None and (ord is None or x.ndim == 1):
        r = _vector_norm(ravel(x), 2 if ord is None else ord, 0)
        return np.reshape(r, (1,) * x.ndim) if keepdims else r
    axis = tuple(range(x.ndim)) if axis is None else axis if isinstance(axis, tuple) else (int(axis),)
    if len(axis) == 1:
        return _vector_norm(x, 2 if ord is None else ord, axis, keepdims)
    if len(axis) != 2:
        raise ValueError(f"np.linalg.norm: axis={axis} names {len(axis)} axes; 1 or 2 make a vector or a matrix.")
    if range(x.ndim)[axis[0]] == range(x.ndim)[axis[1]]:
        raise ValueError(f"np.linalg.norm: axis={axis} names the same axis twice.")
    if ord in (None, "fro", "f"):
        return _vector_norm(x, 2, axis, keepdims)
    if ord in (2, -2, "nuc"):
        s = np.expand_dims(np.linalg.svdvals(np.moveaxis(x, axis, (-2, -1))), -1)
        sizes = np.moveaxis(s, (-2, -1), axis)
    elif ord in (1, -1, np.inf, -np.inf):
        sizes = np.sum(np.abs(x), axis=axis[0 if abs(ord) == 1 else 1], keepdims=True)
    else:
        raise ValueError(f"np.linalg.norm: ord={ord!r} is no norm of matrices; they are 'fro', 'nuc', 1, 2, inf, < 0.")
    if ord == "nuc":
        return np.sum(sizes, axis=axis, keepdims=keepdims)
    if ord > 0:
        return _largest(sizes, axis, keepdims)
    return np.min(sizes, axis=axis, keepdims=keepdims)


def _vector_norm(x, ord, axis, keepdims=False):
    if isinstance(ord, str):
        raise ValueError(f"np.linalg.norm: ord={ord!r} is no norm of vectors; give a number.")
    if ord == 2 and x.dtype.kind != "c":
        return _root(np.sum(x * x, axis=axis, keepdims=keepdims), 2)
    size = np.abs(x)
    if ord == np.inf:
        return _largest(size, axis, keepdims)
    if ord == -np.inf:
        return np.min(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(np.sign(size), axis=axis, keepdims=keepdims)
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    if ord < 1:
        powers = np.where(size == 0, 0 if ord > 0 else np.inf, np.where(size == 0, 1, size) ** ord)
    else:
        powers = size * size if ord == 2 else size**ord
    return _root(np.sum(powers, axis=axis, keepdims=keepdims), ord)


def _largest(sizes, axis, keepdims):
    """The maximum; 0 if there are none."""
    if sizes.size:
        return np.max(sizes, axis=axis, keepdims=keepdims)
    return np.max(sizes, axis=axis, keepdims=keepdims, initial=0)


def _root(x, n):
    """The ``n``-th root, with the subgradient 0 at 0 that the norm has there."""
    return np.where(x == 0, 0, np.where(x == 0, 1, x) ** (1 / n))


@composite(np.linalg.matrix_norm)
def matrix_norm(x, /, *, keepdims=False, ord="fro"):
    return norm(x, ord, (-2, -1), keepdims)


@composite(np.linalg.vector_norm)
def vector_norm(x, /, *, axis=None, keepdims=False, ord=2):
    if axis is not None and not isinstance(axis, tuple):
        return norm(x, ord, axis, keepdims)
    axes = [range(x.ndim)[i] for i in (range(x.ndim) if axis is None else axis)]
    rest = [i for i in range(x.ndim) if i not in axes]
    rows = np.transpose(x, axes + rest)
    r = norm(np.reshape(rows, (math.prod(rows.shape[: len(axes)]), *rows.shape[len(axes) :])), ord, 0)
    return np.reshape(r, [1 if i in axes else n for i, n in enumerate(x.shape)]) if keepdims else r


@composite(np.linalg.cond)
def cond(x, p=None):
    if x.ndim >= 2 and 0 in x.shape[-2:]:
        raise np.linalg.LinAlgError("np.linalg.cond: not defined on empty arrays.")
    if p is None or p in (2, -2):
        s = np.linalg.svdvals(x)
        first, last = (s[..., -1], s[..., 0]) if p == -2 else (s[..., 0], s[..., -1])
        with np.errstate(all="ignore"):
            return first / last if np.all(unwrap(first)) else _infinite(x, first, last)
    singular = False
    try:
        inverse = np.linalg.inv(x)
    except np.linalg.LinAlgError:
        if x.ndim < 2 or x.shape[-1] != x.shape[-2]:
            raise
        singular = _singular(unwrap(x))
        inverse = np.linalg.inv(np.where(singular, np.eye(x.shape[-1], dtype=x.dtype), x))
        singular = singular[..., 0, 0]
    sizes = norm(x, p, (-2, -1)) * norm(inverse, p, (-2, -1))
    with np.errstate(all="ignore"):
        return sizes if singular is False else _infinite(x, sizes, np.where(singular, 0, np.ones_like(unwrap(sizes))))


def _singular(a):
    """Which of the plain matrices have no inverse."""
    return np.reshape([np.linalg.det(m) == 0 for m in np.reshape(a, (-1, *a.shape[-2:]))], (*a.shape[:-2], 1, 1))


def _infinite(x, a, b):
    """``a / b``, infinite also where both are 0, unless ``x`` holds a nan."""
    a = np.where((unwrap(a) == 0) & (unwrap(b) == 0), 1 + a, a)
    return np.where(np.any(np.isnan(unwrap(x)), axis=(-2, -1)), np.nan, a / b)


constant(np.linalg.matrix_rank)


def well_conditioned(a, inverse):
    sizes = [np.real(np.sum(np.vecdot(m, m), axis=-1)) for m in (a, inverse)]  # squares, by products without copies
    return bool(np.all(np.sqrt(sizes[0]) * np.sqrt(sizes[1]) <= np.finfo(a.dtype).eps ** -0.75))


def _det(g, a, out):
    """The matrix of cofactors, det(a) a^-T; in a singular one what vanishes is split off first."""
    values, n = unwrap(a), a.shape[-1]
    g = np.expand_dims(g, (-2, -1))
    try:
        inverse = np.linalg.inv(a)
        if well_conditioned(values, unwrap(inverse)):
            return g * np.expand_dims(out, (-2, -1)) * _t(inverse)
    except np.linalg.LinAlgError:
        pass
    # a = b - u v with b regular; det(a) = det(b) det(core), core = 1 - v b^-1 u
    u, s, vh = np.linalg.svd(values)
    top = np.where(s[..., :1] == 0, 1, s[..., :1])
    lost = s <= top * np.finfo(values.dtype).eps ** 0.75
    many = np.expand_dims(np.sum(lost, axis=-1) > 4, (-1, -2))  # no derivative below the fifth
    k = min(max(int(np.max(np.sum(lost, axis=-1), initial=1)), 1), 4, n)
    u, v = u[..., -k:] * np.expand_dims(top - s[..., -k:], -2), vh[..., -k:, :]
    b = np.where(many, np.eye(n, dtype=values.dtype), a + u @ v)
    inverse = np.linalg.inv(b)
    core = np.eye(k, dtype=values.dtype) - v @ inverse @ u
    det, left = (np.expand_dims(np.linalg.det(m), (-2, -1)) for m in (core, b))
    r = g * left * (det * _t(inverse) + _t(v @ inverse) @ _cofactors(core) @ _t(inverse @ u))
    return np.where(many, 0, r)


def _cofactors(a):
    """The determinants of all minors, with their signs: for small matrices."""
    k = a.shape[-1]
    others = np.array([[j for j in range(k) if j != i] for i in range(k)], int).reshape(k, k - 1)
    minors = a[..., others[:, None, :, None], others[None, :, None, :]]
    signs = (-1) ** np.sum(np.indices((k, k)), axis=0)
    return np.linalg.det(minors) * signs.astype(a.dtype)


differentiable(np.linalg.det, a=_det)


def _slogdet_factors(g, a, out):
    """With t = tr(a^-1 da): d logabsdet = re(t), d sign = sign i im(t)."""
    (gs, gl), (sign, _) = g, out
    r = np.zeros_like(sign) if gl is None else gl
    if gs is not None:
        turn = gs * sign
        r = r + 0.5 * (turn - np.conj(turn))
    return np.expand_dims(r, (-2, -1)) * _t(np.linalg.inv(a))


_slogdet = differentiable(np.linalg.slogdet, a=_slogdet_factors).call


@composite(np.linalg.slogdet)
def slogdet(a):
    r = _slogdet(a)
    return r if r[0].dtype.kind == "c" else type(r)(np.sign(r[0]), r[1])
