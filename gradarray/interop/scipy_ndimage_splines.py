"""Functions of ``scipy.ndimage`` that interpolate: by B-splines, whose coefficients are the image filtered.

A value is the sum over the nearest coefficients, each times a polynomial of where the value is wanted. A gradient goes
back to the image by being added up at those coefficients, and to the place by the slopes of the polynomials.
"""

import functools
import itertools
import math
from typing import Any

import numpy as np
from scipy import ndimage

from ..registry import dispatched, linear, stacked, unwrap
from .scipy_ndimage_filters import writing

spline_filter1d, spline_filter = dispatched(ndimage.spline_filter1d), dispatched(ndimage.spline_filter)
_MIRRORED = ("mirror", "constant", "grid-constant", "wrap")


def back_filter(g, order, axis, mode):
    """The transpose of the filter that gives coefficients, which is symmetric, up to a factor at mirrored edges."""
    axis, n = axis % g.ndim, g.shape[axis]
    output = np.complex128 if g.dtype.kind == "c" else np.float64
    if order < 2:
        return g
    if mode in _MIRRORED:
        ends = np.ones((n, *(1,) * (g.ndim - 1 - axis)))
        ends[[0, -1]] = 0.5
        return spline_filter1d(g / ends, order, axis, output, mode) * ends
    if mode == "grid-wrap" or n > 40:
        return spline_filter1d(g, order, axis, output, mode)
    # where it is short, SciPy's filter for reflected edges is not quite what it is for long ones
    matrix = ndimage.spline_filter1d(np.eye(n), order, 0, mode=mode)
    return np.moveaxis(np.moveaxis(g, axis, -1) @ matrix, -1, axis)


_filtered = linear(ndimage.spline_filter1d, "(input, order, axis, output, mode)", input=back_filter)


@writing(ndimage.spline_filter1d)
def _spline_filter1d(input, order=3, axis=-1, output=np.float64, mode="mirror"):
    return _filtered.call(stacked(input), order, axis, _complex(output, input), mode)


def _complex(output, input):
    """The dtype of a result: of complex numbers if the input has such."""
    return output if output is None or input.dtype.kind != "c" else np.result_type(output, np.complex64).type


@writing(ndimage.spline_filter)
def _spline_filter(input, order=3, output=np.float64, mode="mirror"):
    if not 2 <= order <= 5:
        raise RuntimeError("spline order not supported")
    r = stacked(input)
    for axis in range(r.ndim):
        r = spline_filter1d(r, order, axis, output, mode)
    return r


# Where the coefficients are, and their weights


def _pieces(order):
    """The polynomials of the pieces of a B-spline: rows of coefficients, from the leftmost of those that matter on."""
    rows = np.zeros((order + 1, order + 1))
    for k, j in itertools.product(range(order + 1), range(order + 1)):
        if j <= order - k:
            shift = order // 2 - k + (order + 1) / 2 - j
            factor = (-1) ** j * math.comb(order + 1, j) / math.factorial(order)
            rows[k] += [factor * math.comb(order, p) * shift ** (order - p) for p in range(order + 1)]
    return rows


_PIECES = [_pieces(order) for order in range(6)]


def _mapped(at, n, mode, low, high):
    """Where in an image of ``n`` elements a place beyond its edge is: the sign and the shift that take it there."""
    sign, shift = np.ones_like(at), np.zeros_like(at)
    if n == 1:
        return np.where(low | high, 0.0, sign), shift
    if mode == "wrap":  # by one less than there are elements
        shift = (n - 1) * np.where(low, np.trunc(-at / (n - 1)) + 1, np.where(high, -np.trunc(at / (n - 1)), 0))
    elif mode == "grid-wrap":
        shift = -n * np.where(low | high, np.floor(at / n), 0)
    else:
        half, period = (0, 2 * n - 2) if mode == "mirror" else (0.5, 2 * n)
        turns = np.where(low | high, np.floor((at + half) / period), 0)
        back = (low | high) & (at - turns * period > n - 1 + half)
        sign, shift = np.where(back, -1.0, 1.0), np.where(back, period - 2 * half + turns * period, -turns * period)
    return sign, shift


def _source(index, n, mode):
    """Which coefficient is meant by one beyond the edge."""
    if mode in ("nearest", "grid-constant"):
        return np.clip(index, 0, n - 1)
    if mode == "mirror":
        return np.abs((index + n - 1) % max(2 * n - 2, 1) - (n - 1)) if n > 1 else index * 0
    if mode == "grid-wrap":
        return index % n
    index = index % (2 * n)
    return np.where(index >= n, 2 * n - 1 - index, index)


class _Stencil:
    """The coefficients that matter along an axis of ``n``, for values wanted at the places ``at``."""

    def __init__(self, at, n, order, mode):
        plain, self.order = unwrap(at), order
        low, high = plain < 0, plain > n - 1
        self.sign, inside = 1, None
        if mode not in ("nearest", "grid-constant") and (low.any() or high.any()):
            if mode == "constant":
                inside = ~(low | high)
            else:
                self.sign, shift = _mapped(plain, n, mode, low, high)
                at, plain = at * self.sign + shift, self.sign * plain + shift
        middle = np.floor(plain if order % 2 else plain + 0.5)
        self.rest = at - middle
        first = middle.astype(np.intp) - order // 2
        self.index = [first + k for k in range(order + 1)]
        self.known = [inside] * (order + 1)
        for k, index in enumerate(self.index):
            beyond = (index < 0) | (index >= n)
            if beyond.any():
                if mode == "grid-constant":
                    self.known[k] = ~beyond
                pad = {"constant": "mirror", "wrap": "mirror"}.get(mode, mode)
                index[beyond] = _source(index[beyond], n, pad)

    def weights(self):
        return [self._value(row, known) for row, known in zip(_PIECES[self.order], self.known, strict=True)]

    def slopes(self):
        """The derivatives of the weights."""
        rows = _PIECES[self.order][:, 1:] * np.arange(1, self.order + 1)
        return [self._value(row, known) * self.sign for row, known in zip(rows, self.known, strict=True)]

    def _value(self, row, known):
        """A polynomial, where the coefficient that it is the weight of is part of the image."""
        r = self.rest * 0 + (row[-1] if len(row) else 0)
        for factor in row[-2::-1]:
            r = r * self.rest + factor
        return r if known is None else r * known


class Places:
    """Where values are wanted, along each axis of the coefficients: arrays that broadcast against one another."""

    def __init__(self, at, shape, order, mode):
        self.shape = shape
        self.out = np.broadcast_shapes(*(np.shape(x) for x in at))
        self.stencils = [_Stencil(x, n, order, mode) for x, n in zip(at, shape, strict=True)]
        self.weights = [stencil.weights() for stencil in self.stencils]

    def added(self, g):
        """The transpose of the sums over the coefficients, for places that are a grid."""
        for axis, (stencil, weights) in enumerate(zip(self.stencils, self.weights, strict=True)):
            n, out, rows = self.shape[axis], g.shape[axis], np.moveaxis(g, axis, -1)
            index, weights = [i.ravel() for i in stencil.index], [np.ravel(w) for w in weights]
            if n <= 1024 and n * out <= 4 * g.size:
                places = np.concatenate(index) + n * np.tile(np.arange(out), len(index))
                rows = rows @ np.reshape(sums_at(places, np.concatenate(weights), n * out), (out, n))
            else:
                lines = np.arange(math.prod(rows.shape[:-1])).reshape(*rows.shape[:-1], 1) * n
                parts = [sums_at(lines + i, rows * w, lines.size * n) for i, w in zip(index, weights, strict=True)]
                rows = np.reshape(sum(parts[1:], start=parts[0]), (*rows.shape[:-1], n))
            g = np.moveaxis(rows, -1, axis)
        return g

    def add_to(self, sums, g, axis=0, place=0):
        """The same for any places, from that along the axes before ``axis`` on, into the elements of ``sums``."""
        place = place * self.shape[axis]
        for index, w in zip(self.stencils[axis].index, self.weights[axis], strict=True):
            if axis + 1 < len(self.shape):
                self.add_to(sums, g * w, axis + 1, place + index)
            else:
                np.add.at(sums, place + index, g * w)

    def slopes(self, coefficients):
        """The derivative of each value by its place along each axis."""
        steep = [stencil.slopes() for stencil in self.stencils]
        return self._summed(np.ravel(coefficients), steep, 0, 0)[1:]

    def _summed(self, flat, steep, axis, place):
        """The sum over what is left of the axes, and the same with the slopes along each instead."""
        if axis == len(self.shape):
            return [np.take(flat, np.broadcast_to(place, self.out))]
        sums: list[Any] = []
        place = place * self.shape[axis]
        for index, w, slope in zip(self.stencils[axis].index, self.weights[axis], steep[axis], strict=True):
            value, *others = self._summed(flat, steep, axis + 1, place + index)
            found = [w * value, slope * value, *(w * other for other in others)]
            sums = [a + b for a, b in zip(sums, found, strict=True)] if sums else found
        return sums


def _are_grid(at):
    return len(at) > 1 and all(np.ndim(x) == len(at) and x.size == x.shape[k] for k, x in enumerate(at))


def _seen(at, shape, mode):
    """The numbers of the places that matter: in mode constant there is nothing beyond the edge."""
    beyond = [(x < 0) | (x > n - 1) for x, n in zip(map(unwrap, at), shape, strict=True)] if mode == "constant" else []
    return np.flatnonzero(~functools.reduce(np.logical_or, beyond)) if any(map(np.any, beyond)) else slice(None)


def _some(arrays, seen):
    """Arrays at some places at a time, so that what is made of them stays in a cache."""
    rows = [np.ravel(x)[seen] for x in np.broadcast_arrays(*arrays)]
    return [[x[k : k + 15000] for x in rows] for k in range(0, max(rows[0].size, 1), 15000)]


def added(g, at, shape, order, mode):
    """The transpose of the sums over the coefficients of ``shape``."""
    if _are_grid(at):
        return Places(at, shape, order, mode).added(g)
    sums = np.zeros_like(g, np.result_type(g, np.float64), shape=math.prod(shape))
    for *some, values in _some([*at, g], _seen(at, shape, mode)):
        Places(some, shape, order, mode).add_to(sums, values)
    return np.reshape(sums, shape)


def slopes(coefficients, at, order, mode):
    """The derivative of each value by its place along each axis."""
    shape = coefficients.shape
    if _are_grid(at):
        return Places(at, shape, order, mode).slopes(coefficients)
    seen = _seen(at, shape, mode)
    found = [Places(some, shape, order, mode).slopes(coefficients) for some in _some(at, seen)]
    steep = [np.concatenate(each) for each in zip(*found, strict=True)]
    out = np.broadcast_shapes(*(np.shape(x) for x in at))
    if not isinstance(seen, slice):
        steep = [_put(slope, seen, math.prod(out)) for slope in steep]
    return [np.reshape(slope, out) for slope in steep]


def _put(values, index, size):
    r = np.zeros_like(values, shape=size)
    r[index] = values
    return r


def sums_at(index, values, size):
    """An array of ``size`` with ``values`` added up at the places ``index``."""
    index, values = index.ravel(), np.ravel(values)
    if values.dtype.kind == "c":
        return np.bincount(index, np.real(values), size) + 1j * np.bincount(index, np.imag(values), size)
    return np.bincount(index, values, size)
