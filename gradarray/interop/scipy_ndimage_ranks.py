"""Filters of ``scipy.ndimage`` that select an element of what they see."""

import numpy as np
from scipy import ndimage

from ..registry import differentiable, dispatched, stacked, unwrap
from .scipy_ndimage_filters import (
    PADS,
    axes_of,
    dtype_of,
    each,
    extended,
    folded,
    of_dtype,
    seen_from,
    window,
    windows,
    without_none,
    writing,
)


def _selected(g, input, out, seen, size, places, modes, cval):
    """The gradient of what was selected, shared among those ``places`` of the window that hold it."""
    shape = g.shape
    x = extended(unwrap(input), seen, modes, cval)
    chosen = [seen_from(x, start, shape) == unwrap(out) for start in places]
    g = g / np.maximum(np.sum(chosen, axis=0), 1).astype(g.dtype)
    r = np.zeros_like(g, shape=x.shape)
    for start, mask in zip(places, chosen, strict=True):
        r[tuple(slice(n, n + m) for n, m in zip(start, shape, strict=True))] += g * mask
    for (axis, before, _), mode in zip(seen, modes, strict=True):
        r = folded(r, axis, before, shape[axis], PADS[mode])
    return r


def _back_extreme(g, input, out, size, axis, mode, cval, origin):
    axis = axis % g.ndim
    places = [tuple(k if i == axis else 0 for i in range(g.ndim)) for k in range(size)]
    return _selected(g, input, out, [(axis, *window(size, origin))], size, places, [mode], cval)


def _footprint(size, footprint, axes):
    """The footprint, if not by itself then by its size."""
    return np.ones(each(size, len(axes)), bool) if footprint is None else np.asarray(footprint, bool)


def _back_rank(g, input, out, footprint, mode, cval, origin, axes):
    seen, size = windows(g.shape, footprint.shape, origin, axes)
    axes = axes_of(axes, g.ndim)
    places = []
    for place in np.argwhere(footprint):
        start = [0] * g.ndim
        for axis, n in zip(axes, place.tolist(), strict=True):
            start[axis] = n
        places.append(start)
    return _selected(g, input, out, seen, size, places, each(mode, len(seen)), cval)


for _fn, _fn1 in (
    (ndimage.minimum_filter, ndimage.minimum_filter1d),
    (ndimage.maximum_filter, ndimage.maximum_filter1d),
):
    _one = dispatched(_fn1)
    _rule1 = differentiable(_fn1, "(input, size, axis, output, mode, cval, origin)", input=_back_extreme)
    _rule = differentiable(_fn, "(input, footprint, output, mode, cval, origin, axes)", input=_back_rank)
    _rule.compute = lambda input, footprint, output, mode, cval, origin, axes, fn=_fn: without_none(fn)(
        input, None, footprint, output, mode, cval, origin, axes
    )

    @writing(_fn1)
    def _extreme1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0, _rule=_rule1):
        return _rule.call(stacked(input), size, axis, output, mode, cval, origin)

    @writing(_fn)
    def _extreme(
        input,
        size=None,
        footprint=None,
        output=None,
        mode="reflect",
        cval=0.0,
        origin=0,
        *,
        axes=None,
        _one=_one,
        _rule=_rule,
    ):
        r, axes = stacked(input), axes_of(axes, np.ndim(input))
        footprint = None if footprint is None else np.asarray(footprint, bool)
        if footprint is None or footprint.all():
            sizes = each(size if footprint is None else footprint.shape, len(axes))
            for axis, n, o, m in zip(axes, sizes, *(each(v, len(axes)) for v in (origin, mode)), strict=True):
                r = _one(r, int(n), axis, output, m, cval, o) if n > 1 else r
            return of_dtype(r, dtype_of(output, r))
        return _rule.call(r, footprint, output, mode, cval, origin, None if len(axes) == r.ndim else tuple(axes))


def _register_rank(fn, parameter):
    """A filter that takes an element by its rank, which ``parameter`` says, if there is one."""
    rule = differentiable(fn, "(input, rank, footprint, output, mode, cval, origin, axes)", input=_back_rank)
    rule.compute = lambda input, rank, footprint, output, mode, cval, origin, axes: without_none(fn)(
        input, *rank, None, footprint, output, mode, cval, origin, axes
    )

    def ranked(input, rank, size, footprint, output, mode, cval, origin, axes):
        input = stacked(input)
        axes = axes_of(axes, input.ndim)
        footprint = _footprint(size, footprint, axes)
        return rule.call(
            *(input, rank, footprint, output, mode, cval, origin),
            None if len(axes) == input.ndim else tuple(axes),
        )

    return ranked


_median = _register_rank(ndimage.median_filter, None)
_rank = _register_rank(ndimage.rank_filter, "rank")
_percentile = _register_rank(ndimage.percentile_filter, "percentile")


@writing(ndimage.median_filter)
def median_filter(input, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    return _median(input, (), size, footprint, output, mode, cval, origin, axes)


@writing(ndimage.rank_filter)
def rank_filter(input, rank, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    return _rank(input, (rank,), size, footprint, output, mode, cval, origin, axes)


@writing(ndimage.percentile_filter)
def percentile_filter(
    input, percentile, size=None, footprint=None, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None
):
    return _percentile(input, (percentile,), size, footprint, output, mode, cval, origin, axes)
