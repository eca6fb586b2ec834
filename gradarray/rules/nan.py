"""Functions that ignore nan. What they ignore has gradient zero, and so has a slice of nothing but nan."""

import numpy as np

from ..registry import composite, differentiable, find, unbroadcast
from .reductions import _count, _halved, _initial_extreme, _kept, _shares, _spread
from .shape import array_of
from .statistics import add_median, add_quantile

_NONE = np._NoValue


def _filled(a, value):
    """``a`` with ``value`` for nan."""
    a = array_of(a)
    return np.where(np.isnan(a), value, a) if a.dtype.kind in "fc" else a


def _valid(a, where):
    """Which elements count."""
    return ~np.isnan(a) if where is _NONE or where is True else ~np.isnan(a) & where


def _extreme(g, a, out, axis, keepdims, initial, where):
    """As for the plain extreme; nothing for a result that is nan because there was nothing else."""
    hit, ties, _ = _shares(a, _kept(out, a.shape, axis, keepdims), axis, initial, _valid(a, where), g.dtype)
    return _kept(g, a.shape, axis, keepdims) / np.maximum(ties, 1) * hit


def _mean(g, a, axis, keepdims, where):
    valid = _valid(a, where)
    n = np.maximum(_count(a.shape, axis, valid, g.dtype), 1)
    return _spread(_kept(g, a.shape, axis, keepdims) / n, a.shape, axis, True, valid)


def _var(g, a, axis, ddof, keepdims, where, mean, correction):
    """2 (a - mean) / (n - ddof), n counted for each slice; 0 where that many make no variance."""
    valid = _valid(a, where)
    a = np.where(valid, a, 0)
    n = _count(a.shape, axis, valid, g.dtype)
    centre = np.sum(a, axis=axis, keepdims=True) / np.maximum(n, 1) if mean is _NONE else mean
    n = n - (ddof if correction is _NONE else correction)
    r = _kept(g, a.shape, axis, keepdims) * 2 / np.where(n > 0, n, 1) * np.conj(a - centre)
    return np.where(valid & (n > 0), r, 0)


def _std(g, a, out, axis, ddof, keepdims, where, mean, correction):
    """0 where the deviation itself is 0."""
    return _var(_halved(g, out), a, axis, ddof, keepdims, where, mean, correction)


def _add_reduction(fn, plain, neutral):
    @composite(fn)
    def reduction(a, axis=None, dtype=None, out=None, keepdims=_NONE, initial=_NONE, where=_NONE):
        return plain(_filled(a, neutral), axis, dtype, out, keepdims=keepdims, initial=initial, where=where)


def _add_running(fn, plain, neutral):
    @composite(fn)
    def running(a, axis=None, dtype=None, out=None):
        return plain(_filled(a, neutral), axis, dtype, out)


_add_reduction(np.nansum, np.sum, 0)
_add_reduction(np.nanprod, np.prod, 1)
_add_running(np.nancumsum, np.cumsum, 0)
_add_running(np.nancumprod, np.cumprod, 1)
differentiable(np.nanmean, a=_mean).selects = True
differentiable(
    np.nanvar,
    a=_var,
    mean=lambda g, a, axis, ddof, keepdims, where, mean, correction, mean_shape: (
        -unbroadcast(_var(g, a, axis, ddof, keepdims, where, mean, correction), mean_shape)
    ),
).selects = True
differentiable(
    np.nanstd,
    a=_std,
    mean=lambda g, a, out, axis, ddof, keepdims, where, mean, correction, mean_shape: (
        -unbroadcast(_std(g, a, out, axis, ddof, keepdims, where, mean, correction), mean_shape)
    ),
).selects = True
for extreme in (np.nanmax, np.nanmin):
    differentiable(
        extreme,
        a=_extreme,
        initial=lambda g, a, out, axis, keepdims, initial, where: _initial_extreme(
            g, a, out, axis, keepdims, initial, _valid(a, where)
        ),
    ).selects = True
for reduction in (np.nanmean, np.nanvar, np.nanstd, np.nanmax, np.nanmin):
    find(reduction).reduces = True
add_median(np.nanmedian, keepdims=_NONE, skip=True)
add_quantile(np.nanquantile, unit=1, skip=True)
add_quantile(np.nanpercentile, unit=100, skip=True)
