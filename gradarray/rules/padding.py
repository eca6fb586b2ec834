"""Padding."""

from typing import Any

import numpy as np

from ..registry import composite, linear, unwrap, wrap_leaf
from .shape import array_of

# What each mode may be told besides
_OPTIONS = {
    "constant": "constant_values",
    "edge": "",
    "empty": "",
    "linear_ramp": "end_values",
    "maximum": "stat_length",
    "mean": "stat_length",
    "median": "stat_length",
    "minimum": "stat_length",
    "reflect": "reflect_type",
    "symmetric": "reflect_type",
    "wrap": "",
}
_MIRRORED = ("reflect", "symmetric")
_STATISTICS: dict[str, Any] = {"maximum": np.max, "minimum": np.min, "mean": np.mean, "median": np.median}


def _inside(g, array_shape, pad_width):
    return g[tuple(slice(before, before + n) for n, (before, _) in zip(array_shape, pad_width, strict=True))]


def _folded(g, array_shape, pad_width, mode, first=0):
    """``g`` inside, and what is outside at the elements that it repeats; along the axes from ``first`` on."""
    ends = [(before, before + n) for n, (before, _) in zip(array_shape, pad_width, strict=True)]
    inside = [slice(*pair) if axis >= first else slice(None) for axis, pair in enumerate(ends)]
    r = np.copy(g[tuple(inside)])
    for axis in range(first, len(ends)):
        if any(pad_width[axis]):
            source = np.pad(np.arange(array_shape[axis]), pad_width[axis], mode)
            outside = np.delete(np.arange(len(source)), inside[axis])
            part = _folded(g[(*inside[:axis], outside)], array_shape, pad_width, mode, axis + 1)
            np.add.at(np.moveaxis(r, axis, 0), source[outside], np.moveaxis(part, axis, 0))
    return r


# With constants, and with copies of elements: in one step. The other modes below, axis by axis.
_pad = linear(np.pad, "(array, pad_width, mode='constant', *, constant_values=0)", array=_inside).call
_repeat = linear(np.pad, "(array, pad_width, mode)", array=_folded).call


@composite(np.pad)
def pad(array, pad_width, mode="constant", **kwargs):
    array = array_of(array)
    widths = _widths(pad_width, array.ndim)
    if callable(mode):
        return _by_function(array, widths, mode, kwargs)
    if mode not in _OPTIONS:
        raise ValueError(f"np.pad: mode={mode!r}; choose one of {', '.join(_OPTIONS)}, or give a function.")
    if unknown := kwargs.keys() - {_OPTIONS[mode]}:
        raise ValueError(f"np.pad: the mode {mode!r} has no option {min(unknown)!r}.")
    if array.dtype.kind not in "fc":
        return wrap_leaf(np.pad(unwrap(array), widths, mode, **{name: unwrap(value) for name, value in kwargs.items()}))
    constants = kwargs.get("constant_values", 0)
    if array.ndim and (mode == "empty" or (mode == "constant" and unwrap(constants) is constants)):
        return _pad(array, widths, constant_values=constants)
    if mode != "constant" and any(n == 0 and any(w) for n, w in zip(array.shape, widths, strict=True)):
        raise ValueError(f"np.pad: an empty axis cannot be extended by {mode!r}; use 'constant' or 'empty'.")
    odd = kwargs.get("reflect_type", "even") == "odd"
    if array.ndim and (mode in ("edge", "wrap") or (mode in _MIRRORED and not odd)):
        return _repeat(array, widths, mode)
    options = [None] * array.ndim
    if mode in _STATISTICS:
        options = _lengths(kwargs.get("stat_length"), array.shape)
    elif mode in ("constant", "linear_ramp"):
        options = _pairs(kwargs.get(_OPTIONS[mode], 0), array.ndim).astype(array.dtype, casting="same_kind")
    padded = array
    for axis, (before, after) in enumerate(widths):
        if not (before or after):
            continue
        if mode in _MIRRORED and array.shape[axis] > 1:
            padded = _mirrored(padded, axis, before, after, mode == "reflect")
        else:
            first, last = _beyond(padded, axis, before, after, mode, options[axis])
            padded = np.concatenate((first, padded, last), axis, dtype=array.dtype)
    return np.copy(padded) if padded is array else padded


def _widths(pad_width, ndim):
    """A pair of widths for each axis, from any of the forms in which they can be given."""
    if isinstance(pad_width, dict):
        pairs = [(0, 0)] * ndim
        for axis, width in pad_width.items():
            pairs[axis] = width if isinstance(width, tuple) else (width, width)
        pad_width = pairs
    return _whole(pad_width, "pad_width", ndim)


def _lengths(stat_length, shape):
    """How many elements at both ends of each axis a statistic is taken of."""
    if stat_length is None:
        return [(n, n) for n in shape]
    pairs = _whole(stat_length, "stat_length", len(shape))
    return [(min(n, before), min(n, after)) for n, (before, after) in zip(shape, pairs, strict=True)]


def _whole(value, name, ndim):
    value = np.asarray(unwrap(value))
    if value.dtype.kind != "i":
        raise TypeError(f"np.pad: {name} has dtype {value.dtype}; give integers.")
    if value.min(initial=0) < 0:
        raise ValueError(f"np.pad: {name} cannot be negative.")
    return _pairs(value, ndim)


def _pairs(value, ndim):
    """One value, one for each side, or one for each axis, spread out to one for each side of each axis."""
    value = array_of(value)
    if value.ndim < 3 and value.size == 1:
        value = np.reshape(value, (1, 1))
    elif value.ndim < 3 and value.size == 2 and value.shape != (2, 1):
        value = np.reshape(value, (1, 2))
    return np.broadcast_to(value, (ndim, 2))


def _by_function(array, widths, function, options):
    """Vector for vector, written in place by a function of the user's."""
    padded = _pad(array, widths)
    for axis, pair in enumerate(widths):
        rows = np.moveaxis(padded, axis, -1)
        for index in np.ndindex(rows.shape[:-1]):
            function(rows[(*index, Ellipsis)], tuple(pair.tolist()), axis, options)
    return padded


def _at(axis, start, stop):
    return (slice(None),) * axis + (slice(start, stop),)


def _beyond(a, axis, before, after, mode, option):
    """What comes before and after ``a`` along an axis."""

    def level(value, width):
        return np.broadcast_to(value, (*a.shape[:axis], width, *a.shape[axis + 1 :]))

    if mode == "constant":
        return level(option[0], before), level(option[1], after)
    n = a.shape[axis]
    if mode in _STATISTICS:
        sides = a[_at(axis, 0, option[0])], a[_at(axis, n - option[1], n)]
        first, last = (_STATISTICS[mode](side, axis=axis, keepdims=True) for side in sides)
    else:
        first, last = a[_at(axis, 0, 1)], a[_at(axis, n - 1, n)]
    if mode == "linear_ramp":
        up, down = _ramp(a, axis, before), np.flip(_ramp(a, axis, after))
        return option[0] + (first - option[0]) * up, option[1] + (last - option[1]) * down
    return level(first, before), level(last, after)


def _ramp(a, axis, width):
    """From 0 on towards 1, which would be the next."""
    steps = np.arange(width) / max(width, 1)
    return np.reshape(steps.astype(np.real(unwrap(a)).dtype), (-1,) + (1,) * (a.ndim - axis - 1))


def _mirrored(a, axis, before, after, shared):
    """``a`` mirrored in its end points as often as it takes; ``shared`` says that each end is its own image.

    What has been added is mirrored in its turn, so that few steps lead far. Each but the last adds whole periods,
    so that the next one too begins where ``a`` itself would be mirrored.
    """
    period = a.shape[axis] - shared
    while before or after:
        n = a.shape[axis]
        whole = (n - shared) // period * period
        k, m = min(before, whole), min(after, whole)
        first = 2 * a[_at(axis, 0, 1)] - np.flip(a[_at(axis, shared, shared + k)], axis)
        last = 2 * a[_at(axis, n - 1, n)] - np.flip(a[_at(axis, n - shared - m, n - shared)], axis)
        a = np.concatenate((first, a, last), axis)
        before, after = before - k, after - m
    return a
