"""Sums, products, means, variances and extremes over axes."""

import math
from typing import Any

import numpy as np

from ..registry import count_nonzero, differentiable, find, linear, spread, surely_finite, ufunc_methods, unbroadcast

_NONE = np._NoValue


def _given(option):
    """A reduction's option as NumPy's ufuncs read it, where it was not given."""
    return option is not _NONE and option is not None


def _kept(g, a_shape, axis, keepdims):
    """``g`` with the axes that the reduction of an array of ``a_shape`` took away, as axes of length 1."""
    if keepdims is not _NONE and keepdims:
        return g
    named = range(len(a_shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    reduced = {i % len(a_shape) for i in named} if a_shape else set()
    return np.reshape(g, tuple(1 if i in reduced else n for i, n in enumerate(a_shape)))


def _spread(g, a_shape, axis, keepdims, where):
    """``g`` at every element that went into it."""
    full = spread(g if axis is None or keepdims is True else _kept(g, a_shape, axis, keepdims), a_shape)
    return full if where is _NONE or where is True else np.where(where, full, 0)


def _count(a_shape, axis, where, dtype):
    """How many elements went into each result, with the reduced axes kept; an array of them has ``dtype``."""
    if where is _NONE or where is True:
        axes = range(len(a_shape)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
        count = 1
        for i in axes:
            count *= a_shape[i]
        return count
    return np.sum(np.broadcast_to(where, a_shape), axis=axis, keepdims=True, dtype=dtype)


def _mean(g, a_shape, axis, keepdims, where):
    if axis is None and (where is _NONE or where is True):
        return spread(g / math.prod(a_shape), a_shape)
    g = g if axis is None else _kept(g, a_shape, axis, keepdims)
    return _spread(g / _count(a_shape, axis, where, g.dtype), a_shape, axis, True, where)


def _prod(g, a, axis, keepdims, initial, where):
    """The product of all others, by products from both ends: right also where factors are 0."""
    if where is not _NONE and where is not True:
        a = np.where(where, a, 1)
    g = _kept(g, a.shape, axis, keepdims)
    if _given(initial):
        g = g * initial
    axes = tuple(range(a.ndim)) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    last = tuple(range(-len(axes), 0))
    rows = np.moveaxis(a, axes, last)
    moved = rows.shape
    kept = moved[: a.ndim - len(axes)]
    rows = np.reshape(rows, (*kept, math.prod(moved[len(kept) :])))
    ones = np.ones_like(rows[..., :1])
    before = np.cumprod(np.concatenate((ones, rows[..., :-1]), axis=-1), axis=-1)
    after = np.cumprod(np.concatenate((ones, rows[..., :0:-1]), axis=-1), axis=-1)[..., ::-1]
    r = g * np.moveaxis(np.reshape(before * after, moved), last, axes)
    return r if where is _NONE or where is True else np.where(where, r, 0)


def _extreme(g, a, out, axis, keepdims, initial, where):
    """Equal shares to all elements that tie for the extreme, and to ``initial`` if it does."""
    if keepdims is not True:
        g, out = (_kept(x, a.shape, axis, keepdims) for x in (g, out))
    hit, ties, _ = _shares(a, out, axis, initial, where, g.dtype)
    return (g if type(ties) is int else g / ties) * hit


def _extreme_push(t, a, out, axis, keepdims, initial, where):
    hit, ties, _ = _shares(a, _kept(out, a.shape, axis, keepdims), axis, initial, where, t.dtype)
    if type(ties) is int:
        return np.sum(t * hit, axis=axis, keepdims=keepdims)
    return np.reshape(np.sum(t * hit, axis=axis, keepdims=True) / ties, np.shape(out))


def _initial_extreme(g, a, out, axis, keepdims, initial, where):
    """The share of ``initial``."""
    _, ties, best = _shares(a, _kept(out, a.shape, axis, keepdims), axis, initial, where, g.dtype)
    return np.sum(_kept(g, a.shape, axis, keepdims) / np.maximum(ties, 1) * best)


def _shares(a, best, axis, initial, where, dtype):
    """Which elements tie for the extreme, how many they are with ``initial``, and where that is among them."""
    hit = a == best
    everywhere = where is _NONE or where is True
    alone = everywhere and initial is _NONE and type(hit) is np.ndarray and count_nonzero(hit) == best.size
    if alone and surely_finite(best):  # one each, and no nan
        return hit, 1, False
    hit = hit if everywhere else hit & where
    ties = hit.sum(axis=axis, keepdims=True, dtype=dtype)
    if not ties.all():  # among nans the result is nan, and theirs
        hit = hit | ((a != a) if everywhere else (a != a) & where)
        ties = hit.sum(axis=axis, keepdims=True, dtype=dtype)
    if not _given(initial):
        return hit, ties, False
    first = (best == initial) | (initial != initial)
    return hit, ties + first, first


def _var(g, a, axis, ddof, keepdims, where, mean, correction):
    """2 (a - mean) / (n - ddof). That the mean depends on ``a`` adds nothing: the distances from it sum to 0."""
    off = ddof if correction is _NONE else correction
    selected = {} if where is _NONE or where is True else {"where": where}
    centre = np.mean(a, axis=axis, keepdims=True, **selected) if mean is _NONE else mean
    n = _count(a.shape, axis, where, g.dtype) - off
    r = _kept(g, a.shape, axis, keepdims) * 2 / (n * (n > 0)) * np.conj(a - centre)
    return np.where(where, r, 0) if selected else r


def _std(g, a, out, axis, ddof, keepdims, where, mean, correction):
    """0 where the deviation itself is 0."""
    return _var(_halved(g, out), a, axis, ddof, keepdims, where, mean, correction)


def _halved(g, out):
    """g / (2 out), the derivative of a root; 0 at 0."""
    return g * (out != 0) / np.where(out == 0, 1, 2 * out)


# Reductions by the ufunc that they end in, where no option needs more.
_add: Any = np.add.reduce


def _sum_of(a, axis, dtype, out, keepdims, initial, where):
    if out is None and initial is _NONE and where is _NONE:
        return _add(a, axis, dtype, None, keepdims is not _NONE and keepdims)
    return np.sum(a, axis, dtype, out, keepdims, initial, where)


def _mean_of(a, axis, dtype, out, keepdims, *, where):
    if dtype is None and out is None and where is _NONE and a.size and a.dtype.char in "fdFD":
        count = a.size if axis is None else _count(a.shape, axis, where, None)
        return _add(a, axis, None, None, keepdims is not _NONE and keepdims) / count
    return np.mean(a, axis, dtype, out, keepdims, where=where)


def _extreme_of(fn, reduce: Any):
    def compute(a, axis, out, keepdims, initial, where):
        if out is None and initial is _NONE and where is _NONE:
            return reduce(a, axis, None, None, keepdims is not _NONE and keepdims)
        return fn(a, axis, out, keepdims, initial, where)

    return compute


linear(np.sum, a=_spread, initial=lambda g: np.sum(g)).compute = _sum_of
linear(np.mean, a=_mean).compute = _mean_of
differentiable(
    np.prod,
    a=_prod,
    initial=lambda g, a, axis, keepdims, where: np.sum(g * np.prod(a, axis=axis, keepdims=keepdims, where=where)),
)
for extreme in (np.max, np.min, np.amax, np.amin):
    rule = differentiable(extreme, a=_extreme, jvps={"a": _extreme_push}, initial=_initial_extreme)
    rule.selects = True
    rule.compute = _extreme_of(extreme, (np.maximum if extreme in (np.max, np.amax) else np.minimum).reduce)
differentiable(
    np.var,
    a=_var,
    mean=lambda g, a, axis, ddof, keepdims, where, mean, correction, mean_shape: (
        -unbroadcast(_var(g, a, axis, ddof, keepdims, where, mean, correction), mean_shape)
    ),
)
differentiable(
    np.std,
    a=_std,
    mean=lambda g, a, out, axis, ddof, keepdims, where, mean, correction, mean_shape: (
        -unbroadcast(_std(g, a, out, axis, ddof, keepdims, where, mean, correction), mean_shape)
    ),
)
for reduction in (np.prod, np.max, np.min, np.amax, np.amin, np.var, np.std):
    find(reduction).reduces = True

for ufunc, function in ((np.add, np.sum), (np.multiply, np.prod), (np.maximum, np.max), (np.minimum, np.min)):

    def reduce(
        array,
        axis=0,
        dtype=None,
        out=None,
        keepdims=False,
        initial=_NONE,
        where=True,
        *,
        fn=function,
        name=ufunc.__name__,
    ):
        if dtype is not None and fn in (np.max, np.min):
            raise TypeError(f"np.{name}.reduce: dtype= is not supported on Tensors; use astype.")
        options = {} if fn in (np.max, np.min) else {"dtype": dtype}
        return find(fn).call(array, axis, out=out, keepdims=keepdims, initial=initial, where=where, **options)

    ufunc_methods[ufunc, "reduce"] = reduce
