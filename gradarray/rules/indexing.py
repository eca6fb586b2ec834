"""Selecting elements. Reading ``x[i]`` itself belongs to the Tensor."""

import numpy as np

from ..registry import composite, constant, elementwise, into, linear, spread, unbroadcast, unwrap
from .shape import array_of, ravel
from .versions import across_versions

_where = elementwise(
    np.where,
    "(condition, x, y, /)",
    condition=lambda g: np.zeros_like(g),
    x=lambda g, condition: np.where(condition, g, 0),
    y=lambda g, condition: np.where(condition, 0, g),
)
_where.selects = True
constant(np.ix_, np.unravel_index, np.ravel_multi_index, np.indices)


@composite(np.where)
def where(condition, x=None, y=None, /):
    return np.nonzero(condition) if x is None and y is None else _where.call(condition, x, y)


@composite(np.take)
def take(a, indices, axis=None, out=None, mode="raise"):
    indices = np.asarray(unwrap(indices))
    a = ravel(a) if axis is None else a
    axis = range(a.ndim)[0 if axis is None else axis]
    n = a.shape[axis]
    if mode == "wrap":
        indices = indices % n
    elif mode == "clip":
        indices = np.clip(indices, 0, n - 1)
    elif mode != "raise":
        raise ValueError(f"np.take: mode={mode!r}; choose 'raise', 'wrap' or 'clip'.")
    return into("np.take", a[(slice(None),) * axis + (indices,)], out)


def along(indices, shape, axis):
    """An index of an array of ``shape`` that takes ``indices`` along one axis and all others as they are."""
    index = [np.reshape(np.arange(n), (1,) * i + (n,) + (1,) * (len(shape) - i - 1)) for i, n in enumerate(shape)]
    index[axis] = indices
    return tuple(index)


@across_versions(np.take_along_axis)
def take_along_axis(arr, indices, axis=-1):
    indices = np.asarray(unwrap(indices))
    if axis is None:
        return ravel(arr)[indices]
    if indices.ndim != arr.ndim:
        raise ValueError(f"np.take_along_axis: indices have {indices.ndim} dimensions, the array has {arr.ndim}.")
    return arr[along(indices, (*arr.shape[:axis], indices.shape[axis], *arr.shape[axis:][1:]), axis)]


@composite(np.choose)
def choose(a, choices, out=None, mode="raise"):
    choices = [array_of(c) if np.ndim(unwrap(c)) else c for c in choices]
    ends = np.cumsum([np.size(c) for c in choices])
    # which element of all choices in a row goes where
    places = [np.reshape(np.arange(end - np.size(c), end), np.shape(c)) for c, end in zip(choices, ends, strict=True)]
    index = np.choose(np.asarray(unwrap(a)), places, mode=mode)
    items = np.concatenate([np.reshape(c, -1) for c in choices], dtype=np.result_type(*map(unwrap, choices)))
    return into("np.choose", items[index], out)


@composite(np.compress)
def compress(condition, a, axis=None, out=None):
    return take(a, np.flatnonzero(unwrap(condition)), axis, out)


@composite(np.extract)
def extract(condition, arr):
    return take(ravel(arr), np.flatnonzero(unwrap(condition)))


def _embed(g, shape, offset, axis1, axis2):
    """``g``, a diagonal, in a matrix of zeros."""
    full = np.moveaxis(np.zeros_like(g, shape=shape), (axis1, axis2), (-2, -1))
    i = np.arange(g.shape[-1])
    full[..., i + max(-offset, 0), i + max(offset, 0)] = g
    return np.moveaxis(full, (-2, -1), (axis1, axis2))


def _trace(g, a_shape, offset, axis1, axis2):
    rows, columns = a_shape[axis1], a_shape[axis2]
    n = max(0, min(rows + min(offset, 0), columns - max(offset, 0)))
    return _embed(spread(np.expand_dims(g, -1), (*g.shape, n)), a_shape, offset, axis1, axis2)


linear(
    np.diagonal,
    a=lambda g, a_shape, offset, axis1, axis2: _embed(g, a_shape, offset, axis1, axis2),
)
linear(np.trace, a=_trace)
linear(np.tril, m=lambda g, m_shape, k: unbroadcast(np.tril(g, k), m_shape))
linear(np.triu, m=lambda g, m_shape, k: unbroadcast(np.triu(g, k), m_shape))
linear(np.diagflat, v=lambda g, v_shape, k: np.reshape(np.diagonal(g, k), v_shape))


@composite(np.diag)
def diag(v, k=0):
    if v.ndim not in (1, 2):
        raise ValueError(f"np.diag: the input must have 1 or 2 dimensions, it has {v.ndim}.")
    return np.diagonal(v, k) if v.ndim == 2 else np.diagflat(v, k)
