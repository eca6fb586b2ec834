"""Joining and splitting."""

import numpy as np

from ..registry import composite, linear


def _slice(g, i, arrays_shape, axis):
    """The part of ``g`` that came from array ``i``."""
    if axis is None:
        start = sum(int(np.prod(shape)) for shape in arrays_shape[:i])
        return np.reshape(g[start : start + int(np.prod(arrays_shape[i]))], arrays_shape[i])
    axis = axis % g.ndim
    start = sum(shape[axis] for shape in arrays_shape[:i])
    return g[(slice(None),) * axis + (slice(start, start + arrays_shape[i][axis]),)]


_concatenate = linear(
    np.concatenate,
    "(arrays, /, axis=0, out=None, *, dtype=None, casting='same_kind')",
    arrays=_slice,
).call
_stack = linear(np.stack, arrays=lambda g, i, axis: np.moveaxis(g, axis, 0)[i]).call


@composite(np.concatenate)
def concatenate(arrays, /, axis=0, out=None, *, dtype=None, casting="same_kind"):
    return _concatenate(list(arrays), axis, out, dtype=dtype, casting=casting)


@composite(np.stack)
def stack(arrays, axis=0, out=None, *, dtype=None, casting="same_kind"):
    return _stack(list(arrays), axis, out, dtype=dtype, casting=casting)


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
