"""Choosing by conditions, and functions applied along axes."""

import numpy as np
from numpy._core import umath

from ..registry import composite, elementwise, unwrap
from .creation import blank
from .shape import array_of

_PYTHON = (int, float, complex)


@composite(np.select)
def select(condlist, choicelist, default=0):
    if len(condlist) != len(choicelist) or not len(condlist):
        raise ValueError(f"np.select: {len(condlist)} conditions for {len(choicelist)} choices; give one for each.")
    conditions = [np.asarray(unwrap(c)) for c in condlist]
    for i, condition in enumerate(conditions):
        if condition.dtype != bool:
            raise TypeError(f"np.select: the condition {i} has dtype {condition.dtype}; give bools.")
    choices = [c if type(c) in _PYTHON else array_of(c) for c in (*choicelist, default)]
    dtype = np.result_type(*map(unwrap, choices))
    *choices, chosen = (np.asarray(c, dtype) if unwrap(c) is c else c.astype(dtype, copy=False) for c in choices)
    for condition, choice in zip(reversed(conditions), reversed(choices), strict=True):
        chosen = np.where(condition, choice, chosen)
    return chosen


@composite(np.piecewise)
def piecewise(x, condlist, funclist, *args, **kw):
    x, condlist = array_of(x), unwrap(condlist)
    if np.isscalar(condlist) or (not isinstance(condlist[0], (list, np.ndarray)) and x.ndim):
        condlist = [condlist]
    conditions = np.asarray(condlist, dtype=bool)
    if len(conditions) == len(funclist) - 1:
        conditions = np.concatenate([conditions, ~np.any(conditions, axis=0, keepdims=True)])
    elif len(conditions) != len(funclist):
        raise ValueError(
            f"np.piecewise: {len(funclist)} functions for {len(conditions)} conditions; give as many, or one more."
        )
    y = blank(x.shape, x.dtype)
    for condition, function in zip(conditions, funclist, strict=True):
        if not callable(function):
            y[condition] = function
        elif (part := x[condition]).size:
            y[condition] = function(part, *args, **kw)
    return y


@composite(np.apply_along_axis)
def apply_along_axis(func1d, axis, arr, *args, **kwargs):
    axis = range(arr.ndim)[axis]
    rows = np.moveaxis(arr, axis, -1)
    shape = rows.shape[:-1]
    if 0 in shape:
        raise ValueError(f"np.apply_along_axis: there are no rows in an array of shape {arr.shape} along axis {axis}.")
    results = [array_of(func1d(rows[(*i, ...)], *args, **kwargs)) for i in np.ndindex(shape)]
    first = results[0]
    tensors = first.dtype.kind in "fc" or any(unwrap(r) is not r for r in results)
    found = (blank if tensors else np.zeros)((*shape, *first.shape), first.dtype)
    for i, result in zip(np.ndindex(shape), results, strict=True):
        found[i] = result
    return np.moveaxis(found, range(axis, len(shape)), range(axis - len(shape), 0)) if first.ndim else found


@composite(np.apply_over_axes)
def apply_over_axes(func, a, axes):
    value = array_of(a)
    ndim = value.ndim
    for axis in (axes,) if np.ndim(axes) == 0 else axes:
        axis = axis + ndim if axis < 0 else axis
        result = func(value, axis)
        result = result if result.ndim == value.ndim else np.expand_dims(result, axis)
        if result.ndim != value.ndim:
            raise ValueError("np.apply_over_axes: the function has to keep the number of dimensions, or take one away.")
        value = result
    return value


def _chosen(g, x, larger, smaller):
    """``g`` where ``x``, one of the two, is chosen for being nan or for their order; half of it where they tie."""
    lost = np.isnan(x)
    return g * (np.add((larger > smaller) | lost, (larger >= smaller) | lost, dtype=g.dtype) / 2)


def _capped(g, a, b, c):
    """``g`` where the larger of ``a`` and ``b`` is less than ``c``."""
    return _chosen(g, np.maximum(a, b), c, np.maximum(a, b))


# The method clip of plain arrays calls it where a bound is a Tensor; `np.clip` does not
_clip = getattr(umath, "clip", None)
if _clip is not None:
    elementwise(
        _clip,
        a=lambda g, a, b, c: _chosen(_capped(g, a, b, c), a, a, b),
        b=lambda g, a, b, c: _chosen(_capped(g, a, b, c), b, b, a),
        c=lambda g, a, b, c: _chosen(g, c, np.maximum(a, b), c),
    )
