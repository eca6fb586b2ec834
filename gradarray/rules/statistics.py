"""Averages, variances, quantiles and correlations."""

import math
import warnings

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from ..registry import composite, differentiable, into, stacked, unwrap, wrap
from .shape import array_of
from .versions import across_versions

_NONE = np._NoValue


def as_result(x):
    """``x`` as a Tensor, a constant one if it was none; integers stay as they are."""
    return wrap(x) if unwrap(x) is x and x.dtype.kind in "fc" else x


@composite(np.ptp)
def ptp(a, axis=None, out=None, keepdims=_NONE):
    return into("np.ptp", np.max(a, axis, keepdims=keepdims) - np.min(a, axis, keepdims=keepdims), out)


# Quantiles. The place of a quantile among n sorted values, counted from 0; between two it is interpolated. Where the
# method is continuous, the place is n q + alpha + q (1 - alpha - beta) - 1.

_CONTINUOUS = {
    "interpolated_inverted_cdf": (0, 1),
    "hazen": (0.5, 0.5),
    "weibull": (0, 0),
    "linear": (1, 1),
    "median_unbiased": (1 / 3, 1 / 3),
    "normal_unbiased": (3 / 8, 3 / 8),
}
_PLACES = {name: lambda n, q, a=a, b=b: n * q + (a + q * (1 - a - b)) - 1 for name, (a, b) in _CONTINUOUS.items()} | {
    "inverted_cdf": lambda n, q: np.ceil(n * q - 1),
    "averaged_inverted_cdf": lambda n, q: (np.ceil(n * q - 1) + np.floor(n * q)) / 2,
    "closest_observation": lambda n, q: np.rint(n * q) - 1,
    "linear": lambda n, q: (n - 1) * q,  # the same, with less rounding
    "lower": lambda n, q: np.floor((n - 1) * q),
    "higher": lambda n, q: np.ceil((n - 1) * q),
    "midpoint": lambda n, q: (np.floor((n - 1) * q) + np.ceil((n - 1) * q)) / 2,
    "nearest": lambda n, q: np.rint((n - 1) * q),
}


def _axes(x, axis):
    return tuple(range(x.ndim)) if axis is None else normalize_axis_tuple(axis, x.ndim)


def _lanes(x, axis):
    """``x`` as a matrix with a row for each result, of the values that go into it."""
    axes = _axes(x, axis)
    kept = x.ndim - len(axes)
    x = np.moveaxis(x, axes, tuple(range(kept, x.ndim)))
    return np.reshape(x, (math.prod(x.shape[:kept]), math.prod(x.shape[kept:])))


def _unlaned(lanes, a, axis):
    """What `_lanes` made of an array like ``a``, back in its shape."""
    axes = _axes(a, axis)
    kept = tuple(i for i in range(a.ndim) if i not in axes)
    full = np.reshape(lanes, tuple(a.shape[i] for i in kept + axes))
    return np.moveaxis(full, tuple(range(len(kept), a.ndim)), axes)


def _places(lanes, q, method, unit, skip):
    """``q`` as a row, how many values count, and the places of the quantiles among them, each per lane.

    A nan is last, and takes the place of all quantiles unless nans are left out.
    """
    q = np.reshape((q if hasattr(q, "dtype") else np.asarray(q)) / unit, (1, -1))
    n = np.asarray(np.sum(lanes == lanes, axis=-1, keepdims=True) if skip else lanes.shape[-1])
    count = n.astype(q.dtype)
    place = _PLACES[method](count, q)
    has_nan = np.isnan(lanes).any(axis=-1, keepdims=True)
    return q, n, place if skip or not has_nan.any() else np.where(has_nan, count - 1, place)


def _rank(place, n):
    return np.clip(unwrap(place).astype(int), 0, np.maximum(n - 1, 0))


def _quantile_a(g, a, q, out, axis, method, weights, unit, skip):
    """Each gradient goes to the two values that its quantile lies between, or to the one that weights select."""
    if a.size == 0:
        return np.zeros_like(g, shape=a.shape)
    lanes = unwrap(_lanes(a, axis))
    g = np.reshape(g, (-1, len(lanes))).T
    counts = ~np.isnan(lanes) if skip else np.ones(lanes.shape, bool)
    if weights is not None:
        counts &= _lanes(np.broadcast_to(unwrap(_aligned(weights, a, axis)), a.shape), axis) > 0
        return _unlaned(_shared(g, np.reshape(unwrap(out), (-1, len(lanes))).T, lanes, counts), a, axis)
    _, n, place = _places(lanes, q, method, unit, skip)
    below = np.floor(place)
    part = (place - below).astype(g.dtype)
    ranks = _rank(below, n)
    if unwrap(part) is not part or part.any():
        ranks = np.concatenate((ranks, _rank(below + 1, n)), axis=1)
        g = np.concatenate((g * (1 - part), g * part), axis=1)
    ordered = np.partition(lanes, np.unique(ranks), axis=-1)
    return _unlaned(_shared(g, ordered[np.arange(len(lanes))[:, None], ranks], lanes, counts), a, axis)


def _shared(g, values, lanes, counts):
    """``g``, one for each of ``values``, in equal shares at those elements of its lane that equal it and count."""
    if values.shape[1] > 16:  # now sorting is faster than a look at all elements for each value
        return _shared_by_sorting(g, values, lanes, counts)
    r = 0
    for value, share in zip(values.T, g.T, strict=True):
        hit = (lanes == value[:, None]) & counts
        if (nan := np.isnan(value)).any():
            hit |= np.isnan(lanes) & nan[:, None] & counts
        r = r + np.expand_dims(share, 1) / np.maximum(np.sum(hit, axis=1, keepdims=True, dtype=g.dtype), 1) * hit
    return r


def _shared_by_sorting(g, values, lanes, counts):
    """The same, with a number for each run of equal values in the sorted lanes."""
    n = lanes.shape[1]
    both = np.concatenate((lanes, values), axis=1)
    order = np.argsort(both, axis=1)
    ordered = np.take_along_axis(both, order, 1)
    first = np.ones(both.shape, bool)
    first[:, 1:] = (ordered[:, 1:] != ordered[:, :-1]) & ~np.isnan(ordered[:, :-1])
    runs = np.empty(both.shape, int)
    np.put_along_axis(runs, order, np.reshape(np.cumsum(first) - 1, both.shape), 1)
    size = np.count_nonzero(first)
    ties = np.maximum(np.bincount(np.ravel(runs[:, :n]), np.ravel(counts), size), 1).astype(g.dtype)
    sums = np.zeros_like(g, shape=(size,))
    np.add.at(sums, runs[:, n:], g)
    return (sums / ties)[runs[:, :n]] * counts


def _quantile_q(g, a, q, axis, method, unit, skip):
    """The slope between the two neighbours; at a value the mean of both slopes, at the ends the one there is."""
    if method not in _CONTINUOUS or a.size == 0:
        return np.zeros_like(g, shape=np.shape(q))
    ordered = np.sort(_lanes(a, axis), axis=-1)
    rows = ordered.shape[0]
    share, n, place = _places(ordered, q, method, unit, skip)
    column = np.arange(rows)[:, None]
    slope = _step(ordered, column, np.floor(place), n) + _step(ordered, column, np.ceil(place) - 1, n)
    rate = (n + 1 - sum(_CONTINUOUS[method])) / np.where((share == 0) | (share == 1), 1, 2) / unit
    nothing = (n == 0) if skip else np.isnan(ordered[:, -1:])
    r = np.where(nothing, 0, np.reshape(g, (-1, rows)).T * (slope * rate.astype(g.dtype)))
    return np.reshape(np.sum(r, axis=0), np.shape(q))


def _step(ordered, column, place, n):
    """From the value at a place to the next."""
    return ordered[column, _rank(place + 1, n)] - ordered[column, _rank(place, n)]


def _aligned(weights, a, axis):
    """Weights of the shape of ``a``, or of its shape along ``axis`` with axes of length 1 for the others."""
    if weights.shape == a.shape:
        return weights
    if axis is None:
        raise TypeError("Axis must be specified when shapes of a and weights differ.")
    axes = normalize_axis_tuple(axis, a.ndim)
    if weights.shape != tuple(a.shape[i] for i in axes):
        raise ValueError("Shape of weights must be consistent with shape of a along specified axis.")
    return np.reshape(
        np.transpose(weights, np.argsort(axes)), tuple(n if i in axes else 1 for i, n in enumerate(a.shape))
    )


def add_median(fn, keepdims, skip):
    """Register a median; with ``skip`` it leaves nans out."""
    rule = differentiable(fn, a=lambda g, a, out, axis: _quantile_a(g, a, 0.5, out, axis, "linear", None, 1, skip))
    rule.selects = True
    call = rule.call

    @composite(fn)
    def median(a, axis=None, out=None, overwrite_input=False, keepdims=keepdims):
        return call(array_of(a), axis, out, False, keepdims)  # overwriting is allowed, not asked for


def add_quantile(fn, unit, skip):
    """Register a quantile whose ``q`` counts up to ``unit``; with ``skip`` it leaves nans out."""
    rule = differentiable(
        fn,
        a=lambda g, a, q, out, axis, method, weights: _quantile_a(g, a, q, out, axis, method, weights, unit, skip),
        q=lambda g, a, q, axis, method: _quantile_q(g, a, q, axis, method, unit, skip),
        weights=lambda g, weights_shape: np.zeros_like(g, shape=weights_shape),  # they only select
    )
    rule.selects = True
    call = rule.call

    @across_versions(fn)
    def quantile(
        a,
        q,
        axis=None,
        out=None,
        overwrite_input=False,
        method="linear",
        keepdims=False,
        *,
        weights=None,
        interpolation=None,
    ):
        if interpolation is not None:
            warnings.warn(f"np.{fn.__name__}: interpolation= is now method=", DeprecationWarning, stacklevel=3)
            method = interpolation
        weights = None if weights is None else array_of(weights)
        return call(array_of(a), stacked(q), axis, out, False, method, keepdims, weights=weights)


add_median(np.median, keepdims=False, skip=False)
add_quantile(np.quantile, unit=1, skip=False)
add_quantile(np.percentile, unit=100, skip=False)


# Averages and correlations


@composite(np.average)
def average(a, axis=None, weights=None, returned=False, *, keepdims=_NONE):
    a = array_of(a)
    axis = None if axis is None else normalize_axis_tuple(axis, a.ndim)
    if weights is None:
        mean = np.mean(a, axis, keepdims=keepdims)
        total = mean.dtype.type(a.size / mean.size)
    else:
        weights = _aligned(array_of(weights), a, axis)
        dtype = np.result_type(a.dtype, weights.dtype, *(("f8",) if a.dtype.kind in "biu" else ()))
        total = np.sum(weights, axis, dtype=dtype, keepdims=keepdims)
        if np.any(total == 0):
            raise ZeroDivisionError("Weights sum to zero, can't be normalized")
        product = a * weights if dtype == np.result_type(a.dtype, weights.dtype) else a.astype(dtype) * weights
        mean = np.sum(product, axis, keepdims=keepdims) / total
    if not returned:
        return mean
    return mean, as_result(total if np.shape(total) == mean.shape else np.copy(np.broadcast_to(total, mean.shape)))


def _observations(name, x, rowvar, dtype, one):
    """``x`` with a row for each variable; ``one`` says whether it holds a single variable."""
    if x.ndim > 2:
        raise ValueError(f"{name} has more than 2 dimensions")
    x = np.reshape(x.astype(dtype), (1,) * (2 - x.ndim) + x.shape)
    return x if rowvar or one(x) else x.T


def _weights(kind, weights, n):
    """The weights of ``n`` observations, checked."""
    weights = array_of(weights).astype(float)
    if kind == "fweights" and np.any(weights != np.around(unwrap(weights))):
        raise TypeError("fweights must be integer")
    if weights.ndim > 1:
        raise RuntimeError(f"cannot handle multidimensional {kind}")
    if weights.shape[0] != n:
        raise RuntimeError(f"incompatible numbers of samples and {kind}")
    if np.any(weights < 0):
        raise ValueError(f"{kind} cannot be negative")
    return weights


@composite(np.cov)
def cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    if ddof is not None and ddof != int(ddof):
        raise ValueError("ddof must be integer")
    m, y = array_of(m), None if y is None else array_of(y)
    if dtype is None:
        dtype = np.result_type(m.dtype, np.float64, *(() if y is None else (y.dtype,)))
    x = _observations("m", m, rowvar, dtype, lambda x: m.ndim == 1)
    if x.shape[0] == 0:
        return as_result(x[:, :0])
    if y is not None:
        x = np.concatenate((x, _observations("y", y, rowvar, dtype, lambda y: y.shape[0] == 1)), axis=0)
    ddof = int(not bias) if ddof is None else ddof
    fw, aw = (
        None if w is None else _weights(kind, w, x.shape[1])
        for kind, w in (("fweights", fweights), ("aweights", aweights))
    )
    w = aw if fw is None else fw if aw is None else fw * aw
    mean, total = average(x, 1, w, returned=True)
    total = total[0]
    if w is None:
        divisor = x.shape[1] - ddof
    elif ddof == 0:
        divisor = total
    else:
        divisor = total - ddof if aw is None else total - ddof * np.sum(w * aw) / total
    if divisor <= 0:
        warnings.warn("Degrees of freedom <= 0 for slice", RuntimeWarning, stacklevel=3)
        divisor = 0.0
    x = x - mean[:, None]
    other = (x if w is None else x * w).T
    c = np.matmul(x, np.conj(other) if x.dtype.kind == "c" else other)
    return np.squeeze((c * np.true_divide(1, divisor)).astype(c.dtype))


@across_versions(np.corrcoef)
def corrcoef(x, y=None, rowvar=True, bias=_NONE, ddof=_NONE, *, dtype=None):
    if bias is not _NONE or ddof is not _NONE:
        warnings.warn("np.corrcoef: bias= and ddof= have no effect", DeprecationWarning, stacklevel=3)
    c = cov(x, y, rowvar, dtype=dtype)
    if c.ndim == 0:
        return c / c
    deviation = np.sqrt(np.real(np.diagonal(c)))
    c = c / deviation[:, None] / deviation[None, :]
    return _within(c) if c.dtype.kind != "c" else _within(np.real(c)) + 1j * _within(np.imag(c))


def _within(c):
    """``c`` within [-1, 1], which only rounding can have left."""
    return np.where(np.abs(c) > 1, np.sign(c), c)
