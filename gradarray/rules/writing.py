"""Functions that write into their first argument."""

import numpy as np

from ..modes import detaching
from ..registry import composite, unwrap
from ..views import Variable, assign, freeze, has_history
from .indexing import along


def _write(name, target, index, value):
    """``target[index] = value``, also where the target is a plain array."""
    if isinstance(target, Variable):
        index, unique = freeze(index)
        assign(target, index, unique, value)
        return
    if isinstance(value, Variable) and has_history(value):
        detaching(f"{name} into a plain array", stacklevel=5)
    target[index] = unwrap(value)


@composite(np.copyto)
def copyto(dst, src, casting="same_kind", where=True):
    kind = np.result_type(dst.dtype, src) if type(src) in (int, float, complex) else np.asarray(unwrap(src)).dtype
    if not np.can_cast(kind, dst.dtype, casting):
        raise TypeError(f"np.copyto: cannot cast {np.asarray(unwrap(src)).dtype} to {dst.dtype} by {casting!r}.")
    if where is True:
        _write("np.copyto", dst, Ellipsis, src)
        return
    mask = np.broadcast_to(unwrap(where), dst.shape)
    _write("np.copyto", dst, mask, np.broadcast_to(src, dst.shape)[mask])


def _cycled(values, size):
    """The first ``size`` of ``values``, repeated."""
    values = np.ravel(values)
    return values[np.arange(size) % len(values)] if size and len(values) else values[:0]


@composite(np.put)
def put(a, ind, v, mode="raise"):
    ind = np.ravel(np.asarray(unwrap(ind)))
    if mode == "wrap":
        ind = ind % a.size
    elif mode == "clip":
        ind = np.clip(ind, 0, a.size - 1)
    elif ind.size and (ind.min() < -a.size or ind.max() >= a.size):
        raise IndexError(f"np.put: an index is out of bounds for an array of size {a.size}.")
    if np.size(v):
        _write("np.put", a, np.unravel_index(ind % max(a.size, 1), a.shape), _cycled(v, ind.size))


@composite(np.putmask)
def putmask(a, /, mask, values):
    mask = np.broadcast_to(np.reshape(unwrap(mask), a.shape), a.shape).astype(bool)
    if np.size(values):
        _write("np.putmask", a, mask, np.reshape(_cycled(values, a.size), a.shape)[mask])


@composite(np.place)
def place(arr, mask, vals):
    mask = np.reshape(np.asarray(unwrap(mask)), arr.shape).astype(bool)
    if mask.any() and not np.size(vals):
        raise ValueError("np.place: cannot insert from an empty array.")
    _write("np.place", arr, mask, _cycled(vals, int(mask.sum())))


@composite(np.put_along_axis)
def put_along_axis(arr, indices, values, axis):
    indices = np.asarray(unwrap(indices))
    if axis is None:
        _write("np.put_along_axis", arr, np.unravel_index(indices % max(arr.size, 1), arr.shape), values)
        return
    axis = range(arr.ndim)[axis]
    _write("np.put_along_axis", arr, along(indices, arr.shape, axis), values)


@composite(np.fill_diagonal)
def fill_diagonal(a, val, wrap=False):
    if a.ndim < 2:
        raise ValueError("np.fill_diagonal: the array must have at least 2 dimensions.")
    if a.ndim > 2 and len(set(a.shape)) > 1:
        raise ValueError("np.fill_diagonal: all dimensions must be of equal length.")
    step = a.shape[1] + 1 if a.ndim == 2 else 1 + int(np.sum(np.cumprod(a.shape[:-1])))
    end = a.size if a.ndim > 2 or wrap else min(a.size, a.shape[1] * a.shape[1])
    flat = np.arange(0, end, step)
    _write("np.fill_diagonal", a, np.unravel_index(flat, a.shape), _cycled(val, flat.size))
