"""Running sums and products."""

import numpy as np

from ..registry import differentiable, find, linear, ufunc_methods


def _reversed_cumsum(g, axis):
    return np.flip(np.cumsum(np.flip(g, axis), axis), axis)


def _cumsum(g, a_shape, axis):
    if axis is None:
        return np.reshape(_reversed_cumsum(g, 0), a_shape)
    return _reversed_cumsum(g, axis)


def _cumprod(g, a, out, axis):
    """Sum over later results of g times the product without this factor.

    Where a row has zeros the quotient out / a is no use. Up to its first zero, r[i] = P[i] s[i] with P the product
    before i and s[i] = g[i] + a[i+1] s[i+1]; the same recursion serves all elements.
    """
    if axis is None:
        return np.reshape(_cumprod(g, np.reshape(a, -1), out, 0), a.shape)
    rows = np.moveaxis(a, axis, 0)
    gs = np.moveaxis(g, axis, 0)
    n = len(rows)
    tails = [gs[n - 1]] if n else []
    for i in range(n - 2, -1, -1):
        tails.append(gs[i] + rows[i + 1] * tails[-1])
    if not n:
        return g
    before = np.concatenate((np.ones_like(rows[:1]), np.moveaxis(out, axis, 0)[:-1]), axis=0)
    return np.moveaxis(before * np.stack(tails[::-1]), 0, axis)


linear(np.cumsum, a=_cumsum)
differentiable(np.cumprod, a=_cumprod)

for ufunc, function in ((np.add, np.cumsum), (np.multiply, np.cumprod)):

    def accumulate(array, axis=0, dtype=None, out=None, *, fn=function):
        return find(fn).call(array, axis, dtype=dtype, out=out)

    ufunc_methods[ufunc, "accumulate"] = accumulate


def _reduceat(g, indices, a_shape, axis):
    """Each result is the sum from its index to the next, or the one element where the next is not larger."""
    starts = np.asarray(indices)
    stops = np.where(starts[1:] > starts[:-1], starts[1:], starts[:-1] + 1)
    stops = np.append(stops, max(a_shape[axis], starts[-1] + 1)) if len(starts) else stops
    rows = np.moveaxis(g, axis, 0)
    lengths = stops - starts
    places = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths) + np.arange(lengths.sum())
    full = np.zeros_like(rows, shape=(a_shape[axis], *rows.shape[1:]))
    np.add.at(full, places, np.repeat(rows, lengths, axis=0))
    return np.moveaxis(full, 0, axis)
