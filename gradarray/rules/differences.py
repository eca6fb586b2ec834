"""Differences, integrals and interpolation."""

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..registry import composite, differentiable, unwrap
from .shape import array_of, ravel

_NONE = np._NoValue


def _at(axis, *bounds):
    """The index that slices along one axis."""
    return (slice(None),) * axis + (slice(*bounds),)


@composite(np.diff)
def diff(a, n=1, axis=-1, prepend=_NONE, append=_NONE):
    if n == 0:
        return a
    if n < 0:
        raise ValueError(f"np.diff: n={n}; give 0 or more.")
    a = array_of(a)
    if a.ndim == 0:
        raise ValueError("np.diff: the input must have at least 1 dimension.")
    axis = range(a.ndim)[axis]
    single = (*a.shape[:axis], 1, *a.shape[axis + 1 :])
    ends = [None if v is _NONE else array_of(v) for v in (prepend, append)]
    first, last = ([] if v is None else [v if v.ndim else np.broadcast_to(v, single)] for v in ends)
    if first or last:
        a = np.concatenate([*first, a, *last], axis)
    step = np.not_equal if a.dtype.kind == "b" else np.subtract
    for _ in range(n):
        a = step(a[_at(axis, 1, None)], a[_at(axis, None, -1)])
    return a


@composite(np.ediff1d)
def ediff1d(ary, to_end=None, to_begin=None):
    ary = ravel(array_of(ary))
    parts = [None if v is None else ravel(array_of(v)) for v in (to_begin, to_end)]
    for name, part in zip(("to_begin", "to_end"), parts, strict=True):
        if part is not None and not np.can_cast(part.dtype, ary.dtype, "same_kind"):
            raise TypeError(f"np.ediff1d: {name}= has dtype {part.dtype}, which does not go into {ary.dtype}.")
    first, last = ([] if part is None else [part] for part in parts)
    steps = np.subtract(ary[1:], ary[:-1])
    return np.concatenate([*first, steps, *last], dtype=ary.dtype) if first or last else steps


@composite(np.gradient)
def gradient(f, *varargs, axis=None, edge_order=1):
    f = array_of(f)
    f = f.astype(float) if f.dtype.kind in "iu" else f
    axes = tuple(range(f.ndim)) if axis is None else normalize_axis_tuple(axis, f.ndim)
    if not varargs:
        spacings = (1.0,) * len(axes)
    elif len(varargs) == 1 and np.ndim(varargs[0]) == 0:
        spacings = varargs * len(axes)
    elif len(varargs) == len(axes):
        spacings = varargs
    else:
        raise TypeError(f"np.gradient: {len(varargs)} spacings for {len(axes)} axes; give none, a scalar, or one each.")
    if edge_order not in (1, 2):
        raise ValueError(f"np.gradient: edge_order={edge_order}; choose 1 or 2.")
    found = tuple(_slopes(f, spacing, axis, edge_order) for spacing, axis in zip(spacings, axes, strict=True))
    return found[0] if len(axes) == 1 else found


def _slopes(f, spacing, axis, edge_order):
    """The slope at each point: between its neighbours, and at both ends to the next point, or bent on from there.

    That is the mean of the slopes of the two intervals beside it, weighted by the length of the other one.
    """
    if f.shape[axis] <= edge_order:
        raise ValueError(
            f"np.gradient: axis {axis} has {f.shape[axis]} elements; edge_order={edge_order} needs {edge_order + 1}."
        )
    h = _steps(spacing, f.shape[axis], (-1,) + (1,) * (f.ndim - axis - 1))
    if np.ndim(h) == 0:
        inner = (f[_at(axis, 2, None)] - f[_at(axis, None, -2)]) / (2.0 * h)
        head, tail = (np.diff(f[end], axis=axis) / h for end in _ends(axis, edge_order + 1))
    else:
        slopes = np.diff(f, axis=axis) / h
        before, after = h[:-1], h[1:]
        inner = after * slopes[_at(axis, None, -1)] + before * slopes[_at(axis, 1, None)]
        inner = inner / (before + after)
        head, tail = (slopes[end] for end in _ends(axis, edge_order))
    if edge_order == 2:
        head = _bent(head, h, axis, slice(0, 1), slice(1, 2))
        tail = _bent(tail, h, axis, slice(-1, None), slice(-2, -1))
    return np.concatenate((head, inner, tail), axis, dtype=f.dtype)


def _bent(slopes, h, axis, outer, inner):
    """The slope at an end, on from those of the two intervals there."""
    along = (slice(None),) * axis
    first, second = slopes[(*along, outer)], slopes[(*along, inner)]
    return first + (first - second) * (0.5 if np.ndim(h) == 0 else h[outer] / (h[outer] + h[inner]))


def _ends(axis, n):
    return _at(axis, None, n), _at(axis, -n, None)


def _steps(spacing, n, shape):
    """The distances between points, in ``shape``; one scalar where all are equal and take no gradient."""
    if np.ndim(spacing) == 0:
        return spacing
    points = array_of(spacing)
    if points.shape != (n,):
        raise ValueError(f"np.gradient: coordinates of shape {points.shape} for {n} points; give a scalar or ({n},).")
    h = np.diff(points.astype(float) if points.dtype.kind in "iu" else points)
    return h[0] if unwrap(h) is h and (h == h[0]).all() else np.reshape(h, shape)


@composite(np.trapezoid)
def trapezoid(y, x=None, dx=1.0, axis=-1):
    y = array_of(y)
    axis = range(y.ndim)[axis]
    if x is None:
        d = dx
    else:
        x = array_of(x)
        d = np.diff(x) if x.ndim == 1 else np.diff(x, axis=axis - y.ndim)
        d = np.reshape(d, (-1,) + (1,) * (y.ndim - axis - 1)) if x.ndim == 1 else d
    return np.sum(d * (y[_at(axis, 1, None)] + y[_at(axis, None, -1)]) / 2.0, axis)


@composite(np.unwrap)
def unwrapped(p, discont=None, axis=-1, *, period=6.283185307179586):
    """The phase plus whole periods; how many is constant almost everywhere."""
    plain, cycle = unwrap(array_of(p)), unwrap(period)
    flat = np.unwrap(plain, unwrap(discont), axis, period=cycle)
    return p + np.rint((flat - plain) / cycle).astype(flat.dtype) * period


def _cell(x, xp):
    """The points below and above each ``x``, the same twice outside of all, and how far it is from the lower one."""
    above = np.searchsorted(xp, x, side="right")
    low, high = np.maximum(above - 1, 0), np.minimum(above, xp.shape[0] - 1)
    h = xp[high] - xp[low]
    return low, high, np.where(h == 0, 0, x - xp[low]) / np.where(h == 0, 1, h)


def _slope(x, xp, fp):
    """The slope at ``x``: 0 outside, and at a point the mean of those on its two sides."""
    h = np.diff(xp)
    zero = np.zeros(1)
    slopes = np.concatenate((zero, np.diff(fp) / np.where(h == 0, 1, h), zero))
    return 0.5 * (slopes[np.searchsorted(xp, x, side="left")] + slopes[np.searchsorted(xp, x, side="right")])


def _shared(g, x, xp, left, right):
    """``g`` at the points below and above, in shares that grow with nearness; none where a given value stands in."""
    if left is not None:
        g = np.where(x < xp[0], 0, g)
    if right is not None:
        g = np.where(x > xp[-1], 0, g)
    low, high, share = _cell(x, xp)
    full = np.zeros_like(g, shape=xp.shape)
    np.add.at(full, low, g * (1 - share))
    np.add.at(full, high, g * share)
    return full


_interp = differentiable(
    np.interp,
    "(x, xp, fp, left=None, right=None)",
    x=lambda g, x, xp, fp: g * _slope(x, xp, fp),
    xp=lambda g, x, xp, fp, left, right: -_shared(g * _slope(x, xp, fp), x, xp, left, right),
    fp=lambda g, x, xp, left, right: _shared(g, x, xp, left, right),
    left=lambda g, x, xp, left_shape: np.reshape(np.sum(np.where(x < xp[0], g, 0)), left_shape),
    right=lambda g, x, xp, right_shape: np.reshape(np.sum(np.where(x > xp[-1], g, 0)), right_shape),
).call


def _number(v, dtype):
    """A Tensor as the kind of scalar that NumPy looks for."""
    return v if unwrap(v) is v else v.astype(dtype, casting="safe")[()]


@composite(np.interp)
def interp(x, xp, fp, left=None, right=None, period=None):
    # always in double precision, as NumPy does
    x, xp = (array_of(v).astype(np.float64, casting="safe", copy=False) for v in (x, xp))
    fp = array_of(fp)
    fp = fp.astype(np.complex128 if fp.dtype.kind == "c" else np.float64, casting="safe", copy=False)
    if period is None:
        return _interp(x, xp, fp, *(_number(v, fp.dtype) for v in (left, right)))
    if period == 0:
        raise ValueError("np.interp: period=0; give another number, or None.")
    if xp.ndim != 1 or fp.ndim != 1 or len(xp) != len(fp):
        raise ValueError(f"np.interp: xp and fp have shapes {xp.shape} and {fp.shape}; give two lists of one length.")
    period = np.abs(period)
    xp = np.remainder(xp, period)
    order = np.argsort(xp)
    xp, fp = xp[order], fp[order]
    xp = np.concatenate((xp[-1:] - period, xp, xp[:1] + period))
    return _interp(np.remainder(x, period), xp, np.concatenate((fp[-1:], fp, fp[:1])))
