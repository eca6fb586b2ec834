"""Functions of ``scipy.ndimage`` that interpolate: by B-splines, whose coefficients are the image filtered.

A value is the sum over the nearest coefficients, each times a polynomial of where the value is wanted. A gradient goes
back to the image by being added up at those coefficients, and to the place by the slopes of the polynomials.
"""

import itertools
import math

import numpy as np
from scipy import ndimage, special

from ..registry import composite, differentiable, dispatched, linear, stacked, unwrap
from .scipy_ndimage_filters import PADS, affine, delivering, folded, padded, writing

spline_filter1d, spline_filter = dispatched(ndimage.spline_filter1d), dispatched(ndimage.spline_filter)
_MIRRORED = ("mirror", "constant", "grid-constant", "wrap")
_PADDING = 12  # what SciPy puts around an image where the spline has no exact condition at the edge


def _back_filter(g, order, axis, mode):
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


_filtered = linear(ndimage.spline_filter1d, "(input, order, axis, output, mode)", input=_back_filter)


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


def _mapped(at, n, mode):
    """Where in an image of ``n`` elements a place beyond its edge is: the sign and the shift that take it there."""
    sign, shift = np.ones_like(at), np.zeros_like(at)
    low, high = at < 0, at > n - 1
    if mode in ("mirror", "reflect", "grid-mirror") and (low | high).any():
        half, period = (0, 2 * n - 2) if mode == "mirror" else (0.5, 2 * n)
        turns = np.where(low | high, np.floor((at + half) / max(period, 1)), 0)
        inner = at - turns * period
        back = (low | high) & (inner > n - 1 + half)
        sign, shift = np.where(back, -1.0, 1.0), np.where(back, period - 2 * half + turns * period, -turns * period)
    elif mode == "wrap" and n > 1:  # by one less than there are elements
        shift = (n - 1) * np.where(low, np.trunc(-at / (n - 1)) + 1, np.where(high, -np.trunc(at / (n - 1)), 0))
    elif mode == "grid-wrap":
        shift = -n * np.where(low | high, np.floor(at / n), 0)
    if n == 1 and mode not in ("constant", "grid-constant", "nearest"):
        sign, shift = np.where(low | high, 0.0, sign), np.where(low | high, 0.0, shift)
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


def _stencil(at, n, order, mode):
    """The coefficients that matter at the places ``at``, which of these are inside, and the powers for the weights."""
    plain = unwrap(at)
    sign, shift = _mapped(plain, n, mode)
    inside = (plain >= 0) & (plain <= n - 1) if mode == "constant" else np.ones(plain.shape, bool)
    middle = np.floor(sign * plain + shift + (0 if order % 2 else 0.5))
    rest = at * sign + (shift - middle)
    powers = [rest * 0 + 1, rest]
    while len(powers) <= order:
        powers.append(powers[-1] * rest)
    index = middle.astype(np.intp) - order // 2 + np.arange(order + 1).reshape(-1, *(1,) * plain.ndim)
    beyond = (index < 0) | (index >= n)
    if beyond.any():
        if mode == "grid-constant":
            inside = inside & ~beyond
        index[beyond] = _source(index[beyond], n, {"constant": "mirror", "wrap": "mirror"}.get(mode, mode))
    return index, inside, powers[: order + 1], sign


def _weights(order, powers, inside, sign=None):
    """The weights of the coefficients or, with ``sign``, their slopes."""
    rows = _PIECES[order]
    if sign is not None:
        rows, powers = rows[:, 1:] * np.arange(1, order + 1), powers[:-1]
    if len(powers) == 0:
        return np.zeros((order + 1, *np.shape(inside)[-np.ndim(sign) :]))
    w = np.tensordot(rows, np.stack(powers), 1) * inside
    return w if sign is None else w * sign


class _Places:
    """Where values are wanted, along each axis of the coefficients: arrays that broadcast against one another."""

    def __init__(self, at, shape, order, mode):
        self.shape, self.order = shape, order
        self.out = np.broadcast_shapes(*(np.shape(x) for x in at))
        self.stencils = [_stencil(x, n, order, mode) for x, n in zip(at, shape, strict=True)]
        self.weights = [_weights(order, powers, inside) for _, inside, powers, _ in self.stencils]
        self.separate = all(np.ndim(x) == len(shape) and x.size == x.shape[k] for k, x in enumerate(at))

    def added(self, g):
        """The transpose of the sums over the coefficients."""
        if not self.separate:
            return self._added_up(g)
        for axis, ((index, *_), w) in enumerate(zip(self.stencils, self.weights, strict=True)):
            n, out = self.shape[axis], g.shape[axis]
            index, w = np.reshape(index, (-1, out)), np.reshape(w, (-1, out))
            rows = np.moveaxis(g, axis, -1)
            if n <= 1024 and n * out <= 4 * g.size:
                matrix = sums_at((index + n * np.arange(out)).ravel(), np.ravel(w), (out, n))
                rows = rows @ matrix
            else:
                lines = np.arange(math.prod(rows.shape[:-1])).reshape(*rows.shape[:-1], 1) * n
                shape = (*rows.shape[:-1], n)
                parts = [sums_at((lines + i).ravel(), np.ravel(rows * v), shape) for i, v in zip(index, w, strict=True)]
                rows = sum(parts[1:], start=parts[0])
            g = np.moveaxis(rows, -1, axis)
        return g

    def _added_up(self, g):
        total = 0
        g = np.ravel(np.broadcast_to(g, self.out))
        for place, w in self._each(self.weights[:-1], [index for index, *_ in self.stencils[:-1]]):
            index, last = self.stencils[-1][0], self.weights[-1]
            index = np.broadcast_to(place * self.shape[-1] + index, (self.order + 1, *self.out))
            weights = np.reshape(np.broadcast_to(w * last, index.shape), (self.order + 1, -1)) * g
            total = total + sums_at(index.ravel(), np.ravel(weights), self.shape)
        return total

    def _each(self, weights, indices):
        """The places along the first axes of each combination, and the products of their weights."""
        for ks in itertools.product(range(self.order + 1), repeat=len(weights)):
            place, w = 0, 1
            for k, index, weight, n in zip(ks, indices, weights, self.shape, strict=False):
                place, w = place * n + index[k], w * weight[k]
            yield place, w

    def slopes(self, coefficients):
        """The derivative of each value by its place along each axis."""
        steep = [_weights(self.order, powers, inside, sign) for _, inside, powers, sign in self.stencils]
        return self._summed(np.ravel(coefficients), steep, 0, 0)[1:]

    def _summed(self, flat, steep, axis, place):
        """The sum over what is left of the axes, and the same with the slopes along each instead."""
        if axis == len(self.shape):
            return [flat[np.broadcast_to(place, self.out)]]
        parts = []
        for index, w, slope in zip(self.stencils[axis][0], self.weights[axis], steep[axis], strict=True):
            value, *others = self._summed(flat, steep, axis + 1, place * self.shape[axis] + index)
            parts.append([w * value, slope * value, *(w * other for other in others)])
        return [sum(each[1:], start=each[0]) for each in zip(*parts, strict=True)]


def sums_at(index, values, shape):
    """An array of ``shape`` with ``values`` added up at the places ``index``."""
    size = math.prod(shape)
    if values.dtype.kind == "c":
        r = np.bincount(index, np.real(values), size) + 1j * np.bincount(index, np.imag(values), size)
    else:
        r = np.bincount(index, values, size)
    return np.reshape(r, shape)


def _padding(order, mode, prefilter):
    return _PADDING if prefilter and order > 1 and mode in ("nearest", "grid-constant") else 0


def _image(g, input_shape, at, order, mode, prefilter):
    """The gradient for an image of values at the places ``at``."""
    spare = _padding(order, mode, prefilter)
    r = _Places([x + spare for x in at], [n + 2 * spare for n in input_shape], order, mode).added(g)
    for axis in range(len(input_shape)) if prefilter else ():
        r = _back_filter(r, order, axis, mode)
    for axis, n in enumerate(input_shape):
        r = folded(r, axis, spare, n, PADS[mode])
    return r


def _moves(g, input, at, order, mode, cval, prefilter):
    """The gradient for the places ``at``, for each axis."""
    spare = _padding(order, mode, prefilter)
    if spare:
        input = padded(input, spare, PADS[mode], cval)
    if prefilter and order > 1:
        input = spline_filter(input, order, np.complex128 if input.dtype.kind == "c" else np.float64, mode)
    if mode == "grid-constant":
        input = input - cval
    places = _Places([x + spare for x in at], input.shape, order, mode)
    return [g * slope for slope in places.slopes(input)]


def _interpolating(fn, signature, parameters, places, compute=None, **vjps):
    """Rules of ``fn``: of the image alone, where it is linear in it, and of all that ``vjps`` are for."""
    needs = ", ".join(parameters)
    back = eval(
        f"lambda g, input_shape, order, mode, prefilter, {needs}: "
        f"image(g, input_shape, places(g, input_shape, {needs}), order, mode, prefilter)",
        {"image": _image, "places": places},
    )
    of_image = affine(fn, signature, input=back)
    of_all = differentiable(fn, signature, input=back, **vjps)
    for rule in (of_image("constant", 0), of_image("constant", 1), of_all):
        rule.compute = compute

    return lambda mode, cval, *values: of_image(mode, cval) if unwrap(values) is values else of_all


def _rows(coordinates):
    coordinates = coordinates.astype(np.float64)
    return [coordinates[k] for k in range(len(coordinates))]


_map = _interpolating(
    ndimage.map_coordinates,
    "(input, coordinates, output, order, mode, cval, prefilter)",
    ["coordinates"],
    lambda g, shape, coordinates: _rows(coordinates),
    coordinates=lambda g, input, coordinates, order, mode, cval, prefilter: np.stack(
        _moves(g, input, _rows(coordinates), order, mode, cval, prefilter)
    ),
)


def _array(x):
    return np.asarray(x) if unwrap(x) is x else stacked(x)


@writing(ndimage.map_coordinates)
def map_coordinates(input, coordinates, output=None, order=3, mode="constant", cval=0.0, prefilter=True):
    coordinates = _array(coordinates)
    return _map(mode, cval, coordinates).call(_array(input), coordinates, output, order, mode, cval, prefilter)


def _open_grid(shape):
    """The numbers of the elements along each axis, as arrays that broadcast."""
    return np.ogrid[tuple(slice(0.0, n) for n in shape)] if len(shape) > 1 else [np.arange(float(shape[0]))]


def _affine_places(g, shape, map, diagonal):
    """Where the values of ``g`` come from: by matrices with the offset as their last column."""
    map, grid = map.astype(np.float64), _open_grid(g.shape)
    if diagonal:
        return [(x + map[k, 1] / map[k, 0]) * map[k, 0] for k, x in enumerate(grid)]
    # in the order of SciPy, so that it is decided alike what is beyond the edge
    return [sum(x * map[k, j] for j, x in enumerate(grid)) + map[k, -1] for k in range(len(shape))]


def _affine_map(g, input, map, diagonal, order, mode, cval, prefilter):
    moves = _moves(g, input, _affine_places(g, input.shape, map, diagonal), order, mode, cval, prefilter)
    grid = _open_grid(g.shape)
    chosen = [[x] for x in grid] if diagonal else [grid] * len(moves)
    rows = [[*(np.sum(m * x) for x in xs), np.sum(m)] for m, xs in zip(moves, chosen, strict=True)]
    return np.stack([np.stack(row) for row in rows])


_affine = _interpolating(
    ndimage.affine_transform,
    "(input, map, diagonal, output_shape, output, order, mode, cval, prefilter)",
    ["map", "diagonal"],
    _affine_places,
    lambda input, map, diagonal, *options: ndimage.affine_transform(
        input, map[:, 0] if diagonal else map[:, :-1], map[:, -1], *options
    ),
    map=_affine_map,
)


@composite(ndimage.affine_transform)
def affine_transform(
    input, matrix, offset=0.0, output_shape=None, output=None, order=3, mode="constant", cval=0.0, prefilter=True
):
    input, matrix, offset = _array(input), _array(matrix), _array(offset)
    n = input.ndim
    if output_shape is None:
        output_shape = output.shape if hasattr(output, "__setitem__") else input.shape
    if matrix.ndim == 2 and matrix.shape[1] == n + 1 and matrix.shape[0] in (n, n + 1):
        if matrix.shape[0] == n + 1 and not np.all(unwrap(matrix)[n] == [0] * n + [1]):
            raise ValueError(f"affine_transform: the last row of a matrix of {n + 1} rows must be zeros and a one.")
        matrix, offset = matrix[:n, :n], matrix[:n, n]
    if matrix.ndim not in (1, 2) or len(matrix) != n or (matrix.ndim == 2 and matrix.shape[1] != len(output_shape)):
        raise RuntimeError(f"affine_transform: a matrix of shape {matrix.shape} for an image of {n} axes.")
    offset = np.broadcast_to(offset, (n,))
    return _affine_into(input, matrix, offset, tuple(output_shape), output, order, mode, cval, prefilter)


def _affine_of(input, matrix, offset, output_shape, output, order, mode, cval, prefilter):
    matrix, offset = matrix.astype(np.float64), offset.astype(np.float64)
    diagonal = matrix.ndim == 1
    map = np.concatenate((matrix[:, None] if diagonal else matrix, offset[:, None]), axis=1)
    rule = _affine(mode, cval, map)
    return rule.call(input, map, diagonal, output_shape, output, order, mode, cval, prefilter)


_affine_into = delivering(ndimage.affine_transform, _affine_of)


def _shift_places(g, shape, shift):
    return [x + -n for x, n in zip(_open_grid(g.shape), shift.astype(np.float64), strict=True)]


_shift = _interpolating(
    ndimage.shift,
    "(input, shift, output, order, mode, cval, prefilter)",
    ["shift"],
    _shift_places,
    shift=lambda g, input, shift, order, mode, cval, prefilter: (
        -np.stack([np.sum(m) for m in _moves(g, input, _shift_places(g, None, shift), order, mode, cval, prefilter)])
    ),
)


@writing(ndimage.shift)
def shift(input, shift, output=None, order=3, mode="constant", cval=0.0, prefilter=True):
    input = _array(input)
    shift = np.broadcast_to(_array(shift), (input.ndim,))
    return _shift(mode, cval, shift).call(input, shift, output, order, mode, cval, prefilter)


# SciPy 1.17 forgets the option for complex images
_FORGETS = np.array_equal(
    *(ndimage.zoom(np.arange(3) + 0j, 2, mode="mirror", grid_mode=mode) for mode in (False, True))
)


def _zoom_places(g, shape, grid_mode):
    at, grid_mode = [], grid_mode and not (_FORGETS and g.dtype.kind == "c")
    for x, n, out in zip(_open_grid(g.shape), shape, g.shape, strict=True):
        whole, part = (n, out) if grid_mode else (n - 1, out - 1)
        factor = whole / part if part else 1.0
        at.append((x + 0.5) * factor - 0.5 if grid_mode else x * factor)
    return at


_zoom = _interpolating(
    ndimage.zoom,
    "(input, zoom, output, order, mode, cval, prefilter, *, grid_mode)",
    ["grid_mode"],
    _zoom_places,
)


@writing(ndimage.zoom)
def zoom(input, zoom, output=None, order=3, mode="constant", cval=0.0, prefilter=True, *, grid_mode=False):
    if unwrap(zoom) is not zoom:
        raise TypeError(
            "scipy.ndimage.zoom has no derivative with respect to 'zoom', which it rounds to a shape; pass it as a "
            "plain value, or use scipy.ndimage.affine_transform."
        )
    rule = _zoom(mode, cval)
    return rule.call(_array(input), zoom, output, order, mode, cval, prefilter, grid_mode=grid_mode)


def _cosine_and_sine(angle):
    """Of an angle in degrees, exact at right angles: what is short of that is added as a constant."""
    plain = unwrap(angle)
    c, s = special.cosdg(plain), special.sindg(plain)
    if plain is angle:
        return c, s
    turned = angle * (math.pi / 180)
    near_c, near_s = np.cos(turned), np.sin(turned)
    return near_c + (c - unwrap(near_c)), near_s + (s - unwrap(near_s))


@writing(ndimage.rotate)
def rotate(input, angle, axes=(1, 0), reshape=True, output=None, order=3, mode="constant", cval=0.0, prefilter=True):
    input = _array(input)
    axes = sorted(range(input.ndim)[axis] for axis in axes)
    if len(axes) != 2 or axes[0] == axes[1]:
        raise ValueError("rotate: axes= must name two axes.")
    c, s = _cosine_and_sine(angle)
    matrix = np.stack([np.stack([c, s]), np.stack([-s, c])])
    plane = np.array([input.shape[axis] for axis in axes])
    new = plane
    if reshape:
        bounds = unwrap(matrix) @ [[0, 0, plane[0], plane[0]], [0, plane[1], 0, plane[1]]]
        new = (np.ptp(bounds, axis=1) + 0.5).astype(int)
    offset = (plane - 1) / 2 - matrix @ ((new - 1) / 2)
    planes = np.moveaxis(input, axes, (-2, -1))
    rest, size = planes.shape[:-2], tuple(new.tolist())
    turned = [
        _affine_of(planes[place], matrix, offset, size, output, order, mode, cval, prefilter)
        for place in np.ndindex(*rest)
    ]
    return np.moveaxis(np.reshape(np.stack(turned), (*rest, *size)), (-2, -1), axes)
