"""Running sums and products."""

import numpy as np

from ..registry import composite, differentiable, find, into, linear, ufunc_methods
from .shape import ravel


def _reversed_cumsum(g, axis):
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


def _cumsum(g, a_shape, axis):
    return np.reshape(_reversed_cumsum(g, 0 if axis is None else axis), a_shape)


def _cumprod(g, a, out, axis):
    """Sum over later results of g times the product without this factor.

    Without zeros that is out / a. With zeros, the product before i times s[i], where s[i] = g[i] + a[i+1] s[i+1].
    """
    if axis is None or a.ndim == 0:
        return np.reshape(_cumprod(g, np.reshape(a, -1), out, 0), a.shape)
    if np.all(a):
        return _reversed_cumsum(g * out, axis) / a
    rows = np.moveaxis(a, axis, 0)
    gs = np.moveaxis(g, axis, 0)
    sums = [gs[-1]]
    for i in range(len(rows) - 1, 0, -1):
        sums.append(gs[i - 1] + rows[i] * sums[-1])
    before = np.concatenate((np.ones_like(rows[:1]), np.moveaxis(out, axis, 0)[:-1]), axis=0)
    return np.moveaxis(before * np.stack(sums[::-1]), 0, axis)


linear(np.cumsum, a=_cumsum)
differentiable(np.cumprod, a=_cumprod)

for ufunc, function in ((np.add, np.cumsum), (np.multiply, np.cumprod)):

    def accumulate(array, axis=0, dtype=None, out=None, *, fn=function):
        return find(fn).call(array, axis, dtype=dtype, out=out)

    ufunc_methods[ufunc, "accumulate"] = accumulate


def _add_cumulative(fn, plain, neutral):
    """The Array API's name of ``plain``, whose first result can be that of no elements."""

    @composite(fn)
    def cumulative(x, /, *, axis=None, dtype=None, out=None, include_initial=False):
        x = x if np.ndim(x) else ravel(x)
        if axis is None and x.ndim > 1:
            raise ValueError(f"np.{fn.__name__}: axis= is required for an array with {x.ndim} dimensions.")
        axis = range(x.ndim)[0 if axis is None else axis]
        r = find(plain).call(x, axis, dtype)
        if include_initial:
            shape = (*x.shape[:axis], 1, *x.shape[axis + 1 :])
            r = np.concatenate((np.full(shape, neutral, r.dtype), r), axis=axis)
        return into(f"np.{fn.__name__}", r, out)


if hasattr(np, "cumulative_sum"):  # NumPy 2.1
    _add_cumulative(np.cumulative_sum, np.cumsum, 0)
    _add_cumulative(np.cumulative_prod, np.cumprod, 1)


def _reduceat(g, array_shape, indices, axis):
    """Each result is the sum from its index to the next, or the one element where the next is not larger."""
    starts = np.asarray(indices)
    stops = np.append(starts[1:], array_shape[axis])
    lengths = np.maximum(stops - starts, 1)
    offsets = starts - np.cumsum(lengths) + lengths
    places = np.repeat(offsets, lengths) + np.arange(lengths.sum())
    rows = np.moveaxis(g, axis, 0)
    full = np.zeros_like(rows, shape=(array_shape[axis], *rows.shape[1:]))
    np.add.at(full, places, np.repeat(rows, lengths, axis=0))
    return np.moveaxis(full, 0, axis)


_add_reduceat = linear(np.add.reduceat, "(array, indices, axis=0, dtype=None, out=None)", array=_reduceat)
ufunc_methods[np.add, "reduceat"] = _add_reduceat.call
