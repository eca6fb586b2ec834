"""Functions that write into their first argument, a Tensor or a plain array."""

import numpy as np

from ..registry import composite, unwrap
from .indexing import along


def _for(target, value):
    """``value`` as ``target`` takes it: what goes into a plain array leaves the graph, by the policy for that."""
    return np.asarray(value) if unwrap(target) is target else value


def _cycled(values, size):
    """The first ``size`` of ``values``, repeated."""
    values = np.ravel(values)
    return values[np.arange(size) % len(values)] if size and len(values) else values[:0]


def _at(name, a, flat):
    """An index of ``a`` for places in its flattened elements."""
    if flat.size and (flat.min() < -a.size or flat.max() >= a.size):
        raise IndexError(f"{name}: an index is out of bounds for an array of size {a.size}.")
    return np.unravel_index(flat % max(a.size, 1), a.shape)


@composite(np.copyto)
def copyto(dst, src, casting="same_kind", where=True):
    src = src if type(src) in (int, float, complex) else _for(dst, src)
    kind = np.result_type(dst.dtype, src) if np.isscalar(src) else np.asarray(unwrap(src)).dtype
    if not np.can_cast(kind, dst.dtype, casting):
        raise TypeError(f"np.copyto: cannot cast {kind} to {dst.dtype} by {casting!r}.")
    if where is True:
        dst[...] = src
    else:
        mask = np.broadcast_to(unwrap(where), dst.shape)
        dst[mask] = np.broadcast_to(src, dst.shape)[mask]


@composite(np.put)
def put(a, ind, v, mode="raise"):
    if mode not in ("raise", "wrap", "clip"):
        raise ValueError(f"np.put: mode={mode!r}; choose 'raise', 'wrap' or 'clip'.")
    ind, v = np.ravel(np.asarray(unwrap(ind))), _for(a, v)
    if mode == "wrap":
        ind = ind % a.size
    elif mode == "clip":
        ind = np.clip(ind, 0, a.size - 1)
    if np.size(v):
        a[_at("np.put", a, ind)] = _cycled(v, ind.size)


@composite(np.putmask)
def putmask(a, /, mask, values):
    mask, values = np.reshape(np.asarray(unwrap(mask)), a.shape).astype(bool), _for(a, values)
    if np.size(values):
        a[mask] = np.reshape(_cycled(values, a.size), a.shape)[mask]


@composite(np.place)
def place(arr, mask, vals):
    mask, vals = np.reshape(np.asarray(unwrap(mask)), arr.shape).astype(bool), _for(arr, vals)
    if mask.any() and not np.size(vals):
        raise ValueError("np.place: cannot insert from an empty array.")
    arr[mask] = _cycled(vals, int(mask.sum()))


@composite(np.put_along_axis)
def put_along_axis(arr, indices, values, axis):
    indices, values = np.asarray(unwrap(indices)), _for(arr, values)
    if indices.ndim != (1 if axis is None else arr.ndim):
        raise ValueError(
            f"np.put_along_axis: indices have {indices.ndim} dimensions, the array has {arr.ndim} and axis={axis}."
        )
    if axis is None:
        arr[_at("np.put_along_axis", arr, indices)] = values
    else:
        arr[along(indices, arr.shape, range(arr.ndim)[axis])] = values


@composite(np.fill_diagonal)
def fill_diagonal(a, val, wrap=False):
    if a.ndim < 2:
        raise ValueError("np.fill_diagonal: the array must have at least 2 dimensions.")
    if a.ndim > 2 and len(set(a.shape)) > 1:
        raise ValueError("np.fill_diagonal: all dimensions must be of equal length.")
    step = a.shape[1] + 1 if a.ndim == 2 else 1 + int(np.sum(np.cumprod(a.shape[:-1])))
    end = a.size if a.ndim > 2 or wrap else min(a.size, a.shape[1] * a.shape[1])
    flat = np.arange(0, end, step)
    a[_at("np.fill_diagonal", a, flat)] = _cycled(_for(a, val), flat.size)
