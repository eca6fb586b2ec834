"""Joining and splitting."""

import itertools
import math

import numpy as np

from ..registry import composite, into, linear, unwrap
from .creation import blank
from .shape import array_of, atleast_1d, atleast_2d, atleast_3d, ravel


def _slice(g, i, axis, shapes, stops):
    """The part of ``g`` that came from array ``i``."""
    if axis is None:
        return np.reshape(g[stops(i - 1) : stops(i)], shapes(i))
    return g[(slice(None),) * (axis % g.ndim) + (slice(stops(i - 1), stops(i)),)]


# Each array asks where it begins: by functions, since what is a list would be looked through for each
_rule = linear(np.concatenate, "(arrays, axis, dtype, casting, shapes, stops)", arrays=_slice)
_rule.compute = lambda arrays, axis, dtype, casting, shapes, stops: np.concatenate(
    arrays, axis, dtype=dtype, casting=casting
)
_concatenate = _rule.call
_stack = linear(np.stack, arrays=lambda g, i, axis: np.moveaxis(g, axis, 0)[i]).call


@composite(np.concatenate)
def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    arrays = list(arrays)
    shapes = [a.shape if hasattr(a, "shape") else np.shape(unwrap(a)) for a in arrays]
    sizes = [math.prod(shape if axis is None else shape[axis:][:1]) for shape in shapes]
    stops = [*itertools.accumulate(sizes), 0]  # the last is what comes before the first
    r = _concatenate(arrays, axis, dtype, casting, shapes.__getitem__, stops.__getitem__)
    return into("np.concatenate", r, out)


@composite(np.stack)
def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    return _stack(list(arrays), axis, out, dtype=dtype, casting=casting)


@composite(np.hstack)
def hstack(tup, *, dtype=None, casting="same_kind"):
    arrays = [atleast_1d(a) for a in tup]
    return np.concatenate(arrays, 0 if arrays[0].ndim == 1 else 1, dtype=dtype, casting=casting)


@composite(np.vstack)
def vstack(tup, *, dtype=None, casting="same_kind"):
    return np.concatenate([atleast_2d(a) for a in tup], 0, dtype=dtype, casting=casting)


@composite(np.dstack)
def dstack(tup):
    return np.concatenate([atleast_3d(a) for a in tup], 2)


@composite(np.column_stack)
def column_stack(tup):
    return np.concatenate([a if a.ndim > 1 else np.reshape(a, (-1, 1)) for a in map(array_of, tup)], 1)


@composite(np.append)
def append(arr, values, axis=None):
    return np.concatenate((array_of(arr), array_of(values)), axis)


@composite(np.block)
def block(arrays):
    depth = _depth(arrays, "arrays")
    leaves = _leaves(arrays)
    if not depth:
        return leaves[0].copy()
    ndim = max(depth, *(leaf.ndim for leaf in leaves))
    # a view of each, with as many dimensions as the result
    items = iter([np.reshape(leaf, (1,) * (ndim - leaf.ndim) + leaf.shape) for leaf in leaves])
    return _joined(arrays, items, depth)


def _depth(arrays, name):
    """How deep the lists of ``arrays``, called ``name``, are nested, which has to be the same throughout."""
    if isinstance(arrays, tuple):
        raise TypeError(f"np.block: {name} is a tuple; only lists can be used to arrange blocks.")
    if not isinstance(arrays, list):
        return 0
    if not arrays:
        raise ValueError(f"np.block: {name} is an empty list.")
    depths = {_depth(item, f"{name}[{i}]") for i, item in enumerate(arrays)}
    if len(depths) > 1:
        raise ValueError(f"np.block: the items of {name} are nested {' and '.join(map(str, sorted(depths)))} deep.")
    return 1 + depths.pop()


def _leaves(arrays):
    """The blocks, in order."""
    return [leaf for item in arrays for leaf in _leaves(item)] if isinstance(arrays, list) else [array_of(arrays)]


def _joined(arrays, leaves, depth):
    """``leaves``, an iterator, arranged as ``arrays``: lists ``depth`` levels deep run along the axis ``-depth``."""
    return np.concatenate([_joined(item, leaves, depth - 1) for item in arrays], -depth) if depth else next(leaves)


@composite(np.split)
def split(ary, indices_or_sections, axis=0):
    if np.ndim(indices_or_sections) == 0 and ary.shape[axis] % indices_or_sections:
        raise ValueError("np.split: array split does not result in an equal division")
    return array_split(ary, indices_or_sections, axis)


@composite(np.array_split)
def array_split(ary, indices_or_sections, axis=0):
    axis = range(ary.ndim)[axis]
    n = ary.shape[axis]
    if np.ndim(indices_or_sections) == 0:
        sections = int(indices_or_sections)
        if sections <= 0:
            raise ValueError("np.array_split: the number of sections must be larger than 0.")
        each, more = divmod(n, sections)
        bounds = [0, *(i * each + min(i, more) for i in range(1, sections + 1))]
        starts, stops = bounds[:-1], bounds[1:]
    else:
        starts, stops = [0, *indices_or_sections], [*indices_or_sections, n]
    before = (slice(None),) * axis
    return [ary[(*before, slice(a, b))] for a, b in zip(starts, stops, strict=True)]


@composite(np.vsplit)
def vsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 0)


@composite(np.hsplit)
def hsplit(ary, indices_or_sections):
    return split(ary, indices_or_sections, 1 if ary.ndim > 1 else 0)


@composite(np.dsplit)
def dsplit(ary, indices_or_sections):
    if ary.ndim < 3:
        raise ValueError(f"np.dsplit: the array must have at least 3 dimensions, it has {ary.ndim}.")
    return split(ary, indices_or_sections, 2)


if hasattr(np, "unstack"):

    @composite(np.unstack)
    def unstack(x, /, *, axis=0):
        if not x.ndim:
            raise ValueError("np.unstack: the array must have at least 1 dimension.")
        return tuple(np.moveaxis(x, axis, 0))


@composite(np.delete)
def delete(arr, obj, axis=None):
    arr, axis = (ravel(arr), 0) if axis is None else (arr, range(arr.ndim)[axis])
    kept = np.zeros(arr.shape[axis], bool)
    kept[np.delete(np.arange(len(kept)), unwrap(obj))] = True
    return arr[(slice(None),) * axis + (kept,)]


@composite(np.insert)
def insert(arr, obj, values, axis=None):
    arr, values, obj = array_of(arr), array_of(values), unwrap(obj)
    arr, axis = (ravel(arr), 0) if axis is None else (arr, range(arr.ndim)[axis])
    n = arr.shape[axis]
    count = len(np.insert(np.arange(n), obj, -1)) - n
    if count == 1:
        values = np.reshape(values, (1,) * (arr.ndim - values.ndim) + values.shape)
        values = values if isinstance(obj, slice) or np.ndim(obj) else np.moveaxis(values, 0, axis)
        count = values.shape[axis]
    # NumPy itself says where each goes: old ones keep their number, new ones count down from -1
    order = np.insert(np.arange(n), obj, -1 - np.arange(count))
    rank = -1 - order[order < 0]
    values = np.reshape(values, values.shape[max(values.ndim - arr.ndim, 0) :])
    place = values.ndim - arr.ndim + axis
    if place >= 0 and values.shape[place] == count and (rank[1:] < rank[:-1]).any():
        values = values[(slice(None),) * place + (rank,)]
    before = (slice(None),) * axis
    new = blank((*arr.shape[:axis], n + count, *arr.shape[axis + 1 :]), arr.dtype)
    new[(*before, order >= 0)] = arr
    new[(*before, order < 0)] = values
    return new
