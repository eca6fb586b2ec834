"""Functions of ``scipy.ndimage`` that take the values of an image from other places: shifted, turned or given."""

import math

import numpy as np
from scipy import ndimage, special

from ..registry import composite, differentiable, dispatched, stacked, unwrap
from .scipy_ndimage_filters import PADS, affine, delivering, folded, padded, writing
from .scipy_ndimage_splines import added, back_filter, slopes

spline_filter = dispatched(ndimage.spline_filter)
_PADDING = 12  # what SciPy puts around an image where the spline has no exact condition at the edge


def _padding(order, mode, prefilter):
    return _PADDING if prefilter and order > 1 and mode in ("nearest", "grid-constant") else 0


def _image(g, input_shape, at, order, mode, prefilter):
    """The gradient for an image of values at the places ``at``."""
    spare = _padding(order, mode, prefilter)
    r = added(g, [x + spare for x in at], [n + 2 * spare for n in input_shape], order, mode)
    for axis in range(len(input_shape)) if prefilter else ():
        r = back_filter(r, order, axis, mode)
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
    return [g * slope for slope in slopes(input, [x + spare for x in at], order, mode)]


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
