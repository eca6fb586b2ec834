"""Histograms and counts. Which bin a value falls into is constant; weights add up, and densities depend on the edges.

Edges that are computed go linearly from the least value to the largest, or over the ``range`` that is given.
"""

import math

import numpy as np

from ..registry import composite, differentiable, stacked, unwrap
from .shape import array_of
from .statistics import as_result

_bincount = differentiable(np.bincount, "(x, /, weights=None, minlength=0)", weights=lambda g, x: g[np.asarray(x)]).call


@composite(np.bincount)
def bincount(x, /, weights=None, minlength=0):
    minlength = unwrap(minlength)
    if weights is None:
        return np.bincount(unwrap(x), minlength=minlength)
    return _bincount(array_of(x), array_of(weights), minlength)


def _edges(a, bins, limits, plain):
    """The edges, whose values are ``plain``, as they depend on what they come from."""
    if not isinstance(unwrap(bins), str) and np.ndim(bins):
        bins = array_of(bins)
        return as_result(plain.copy()) if unwrap(bins) is bins else bins
    if limits is None and a.size and a.dtype.kind == "f":
        limits = np.min(a), np.max(a)
    if limits is None or unwrap(limits := tuple(limits)) is limits:
        return as_result(plain)
    first, last = limits
    if first == last:
        first, last = first - 0.5, last + 0.5
    n = len(plain) - 1
    inner = np.arange(n, dtype=plain.dtype) * ((last - first) / n) + first
    return np.concatenate((inner, np.reshape(last, 1))).astype(plain.dtype)


def _inside(a, edges):
    return (a >= edges[0]) & (a <= edges[-1])


def _bins(a, edges, even):
    """The bin of each value inside; the last edge belongs to the last bin.

    Where bins are even it is computed, which is faster than to search, and put right where that was rounded.
    """
    last = len(edges) - 2
    if not even:
        return np.minimum(np.searchsorted(edges, a, side="right") - 1, last)
    found = np.minimum(((a - edges[0]) / (edges[-1] - edges[0]) * (last + 1)).astype(int), last)
    found -= a < edges[found]
    found += (a >= edges[found + 1]) & (found < last)
    return found


def _weighted(places, weights, size):
    """The sum of the weights at each place, in their dtype."""
    if weights.dtype.kind != "c":
        return np.bincount(places, weights, size).astype(weights.dtype)
    return _weighted(places, np.real(weights), size) + 1j * _weighted(places, np.imag(weights), size)


def _length(bins):
    """How many items ``bins`` has; 0 for a number."""
    return len(bins) if hasattr(bins, "__len__") and getattr(bins, "shape", True) else 0


@composite(np.histogram_bin_edges)
def histogram_bin_edges(a, bins=10, range=None, weights=None):
    a, bins = array_of(a), stacked(bins)
    return _edges(a, bins, range, np.histogram_bin_edges(*map(unwrap, (a, bins, range, weights))))


@composite(np.histogram)
def histogram(a, bins=10, range=None, density=None, weights=None):
    a, bins = array_of(a), stacked(bins)
    weights = None if weights is None else array_of(weights)
    if unwrap(weights) is weights:
        n, plain = np.histogram(unwrap(a), unwrap(bins), unwrap(range), weights=weights)
    else:
        plain = np.histogram_bin_edges(*map(unwrap, (a, bins, range, weights)))
        data = np.ravel(unwrap(a))
        inside = _inside(data, plain)
        data, chosen = (data, np.ravel(weights)) if inside.all() else (data[inside], np.ravel(weights)[inside])
        n = _weighted(_bins(data, plain, np.ndim(bins) == 0), chosen, len(plain) - 1)
    edges = _edges(a, bins, range, plain)
    return as_result(n / (edges[1:] - edges[:-1]).astype(float) / np.sum(n) if density else n), edges


@composite(np.histogramdd)
def histogramdd(sample, bins=10, range=None, density=None, weights=None):
    if len(getattr(sample, "shape", ())) != 2:
        sample = array_of(sample)
        sample = np.reshape(sample, (1, -1)).T if sample.ndim < 2 else sample.T
    weights = None if weights is None else array_of(weights)
    data = unwrap(sample)
    if unwrap(weights) is weights:
        n, plain = np.histogramdd(data, unwrap(bins), unwrap(range), weights=weights)
    else:
        ends = np.stack((data.min(0), data.max(0))) if len(data) else data  # all that the edges depend on
        _, plain = np.histogramdd(ends, unwrap(bins), unwrap(range))
        shape = tuple(len(edges) - 1 for edges in plain)
        inside = np.all([_inside(column, edges) for column, edges in zip(data.T, plain, strict=True)], axis=0)
        places = [_bins(column[inside], edges, False) for column, edges in zip(data.T, plain, strict=True)]
        flat = np.ravel_multi_index(places, shape)
        n = np.reshape(np.bincount(flat, weights[inside], math.prod(shape)), shape)
    each = bins if _length(bins) else [bins] * len(plain)
    limits = [None] * len(plain) if range is None else range
    edges = [_edges(sample[:, i], each[i], limits[i], found) for i, found in enumerate(plain)]
    if density:
        total = np.sum(n)
        for i, e in enumerate(edges):
            n = n / np.reshape(e[1:] - e[:-1], tuple(-1 if i == k else 1 for k, _ in enumerate(edges)))
        n = n / total
    return as_result(n), edges


@composite(np.histogram2d)
def histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    if len(x) != len(y):
        raise ValueError("x and y must have the same length.")
    if _length(bins) > 2:
        bins = [array_of(bins)] * 2
    hist, edges = histogramdd([x, y], bins, range, density, weights)
    return hist, edges[0], edges[1]
