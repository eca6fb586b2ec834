"""Functions of ``scipy.ndimage``."""

import numpy as np
from catalogue.base import distinct, positive, real, unit
from scipy import ndimage

from .base import REFUSED, row

MODES = ("reflect", "constant", "nearest", "mirror", "wrap", "grid-mirror", "grid-constant", "grid-wrap")

for f in (ndimage.correlate1d, ndimage.convolve1d):
    for mode in MODES:
        for n, size, origin in ((6, 3, 0), (6, 4, 0), (5, 3, 1), (5, 4, -2), (5, 4, 1), (3, 7, 0), (4, 1, 0)):
            label = f"{mode},{n},{size},{origin}"
            call = lambda x, w, f=f, m=mode, o=origin: f(x, w, mode=m, cval=0.5, origin=o)  # noqa: E731
            row(f, label, call, real(n), real(size), complex=True)
        for axis in (0, -2):
            call = lambda x, w, f=f, m=mode, axis=axis: f(x, w, axis, mode=m)  # noqa: E731
            row(f, f"{mode},axis={axis}", call, real(3, 4, 2), real(3), complex=True)
    row(f, "list", lambda x, f=f: f(x, [1, 2, -1]), real(2, 4), complex=True)
    row(f, "dtype", lambda x, f=f: f(x, [1, 2, -1], output=np.float64), real(2, 4))
    row(f, "output", lambda x, w, f=f: after(x, lambda y: f(x, w, output=y)), real(2, 4), real(3))


def after(x, write):
    """What ``write`` makes of a fresh array of the shape of ``x``."""
    y = np.zeros_like(x)
    write(y)
    return y * 1.0


for f in (ndimage.correlate, ndimage.convolve):
    for mode in MODES:
        for shape, size, origin in (((4, 5), (3, 3), 0), ((4, 3), (2, 4), (0, 1)), ((3, 4), (5, 1), (-1, 0))):
            label = f"{mode},{shape},{size},{origin}".replace(" ", "")
            call = lambda x, w, f=f, m=mode, o=origin: f(x, w, mode=m, cval=0.5, origin=o)  # noqa: E731
            row(f, label, call, real(*shape), real(*size), complex=True)
    row(f, "plain", lambda x, f=f: f(x, np.arange(6).reshape(2, 3)), real(4, 5), complex=True)
    row(f, "3-d", lambda x, w, f=f: f(x, w), real(3, 2, 4), real(2, 1, 3), complex=True)
    row(f, "axes", lambda x, w, f=f: f(x, w, axes=(0, 2), mode="wrap", origin=(0, 1)), real(4, 2, 3), real(2, 3))
    row(f, "axes,turned", lambda x, w, f=f: f(x, w, axes=(1,)), real(4, 3), real(2), complex=True)
    row(f, "output", lambda x, w, f=f: after(x, lambda y: f(x, w, y)), real(3, 4), real(3, 2))

for mode in MODES:
    for n, size, origin in ((6, 3, 0), (6, 4, 1), (3, 5, -2), (4, 1, 0)):
        call = lambda x, m=mode, s=size, o=origin: ndimage.uniform_filter1d(x, s, 0, mode=m, cval=0.5, origin=o)  # noqa: E731
        row(ndimage.uniform_filter1d, f"{mode},{n},{size},{origin}", call, real(n, 2), complex=True)
    call = lambda x, m=mode: ndimage.uniform_filter(x, (2, 3), mode=m, origin=(0, 1))  # noqa: E731
    row(ndimage.uniform_filter, mode, call, real(4, 3), complex=True)
    for order in (0, 1, 2, 3):
        call = lambda x, m=mode, k=order: ndimage.gaussian_filter1d(x, 0.8, 0, k, mode=m, cval=0.5)  # noqa: E731
        row(ndimage.gaussian_filter1d, f"{mode},{order}", call, real(4, 2), complex=True)
        call = lambda x, s, m=mode, k=order: ndimage.gaussian_filter1d(x, s[0], 1, k, mode=m, radius=2)  # noqa: E731
        row(ndimage.gaussian_filter1d, f"sigma,{mode},{order}", call, real(2, 4), positive(1))
    call = lambda x, m=mode: ndimage.gaussian_filter(x, (0.7, 1.2), (0, 1), mode=m, truncate=3.0)  # noqa: E731
    row(ndimage.gaussian_filter, mode, call, real(5, 4), complex=True)
    for f in (ndimage.sobel, ndimage.prewitt):
        row(f, mode, lambda x, f=f, m=mode: f(x, mode=m, cval=0.5), real(4, 3), complex=True)
    row(ndimage.laplace, mode, lambda x, m=mode: ndimage.laplace(x, mode=m, cval=0.5), real(4, 3), complex=True)
    for f in (ndimage.gaussian_laplace, ndimage.gaussian_gradient_magnitude):
        row(f, mode, lambda x, f=f, m=mode: f(x, (0.7, 1.0), mode=m), real(4, 5))
row(ndimage.uniform_filter, "axes", lambda x: ndimage.uniform_filter(x, 3, axes=1, mode="nearest"), real(2, 4, 2))
row(ndimage.uniform_filter, "modes", lambda x: ndimage.uniform_filter(x, 2, mode=["wrap", "mirror"]), real(3, 4))
row(ndimage.uniform_filter, "one", lambda x: ndimage.uniform_filter(x, 1), real(3, 4), complex=True)
row(ndimage.uniform_filter, "output", lambda x: after(x, lambda y: ndimage.uniform_filter(x, 3, y)), real(3, 4))
row(
    ndimage.gaussian_filter, "axes", lambda x: ndimage.gaussian_filter(x, 0.8, axes=(0, 2)), real(3, 2, 4), complex=True
)
row(
    ndimage.gaussian_filter,
    "radius",
    lambda x: ndimage.gaussian_filter(x, 0.8, radius=[1, 2]),
    real(3, 4),
    complex=True,
)
row(ndimage.gaussian_filter, "none", lambda x: ndimage.gaussian_filter(x, [0, 0.5]), real(3, 4), complex=True)
row(ndimage.gaussian_filter, "sigma", lambda x, s: ndimage.gaussian_filter(x, s, radius=2), real(4, 3), positive(2))
row(
    ndimage.gaussian_filter, "output", lambda x: after(x, lambda y: ndimage.gaussian_filter(x, 1, output=y)), real(3, 4)
)
row(ndimage.gaussian_filter, "dtype", lambda x: ndimage.gaussian_filter(x, 1, output=np.float64), real(3, 4))
row(ndimage.sobel, "axis", lambda x: ndimage.sobel(x, 0), real(3, 2, 4), complex=True)
row(ndimage.prewitt, "axis", lambda x: ndimage.prewitt(x, 0, mode=["wrap", "mirror"]), real(3, 4), complex=True)
row(ndimage.laplace, "axes", lambda x: ndimage.laplace(x, axes=(0,)), real(3, 4), complex=True)
row(ndimage.gaussian_laplace, "axes", lambda x: ndimage.gaussian_laplace(x, 0.8, axes=(1,), truncate=2), real(3, 4))
row(
    ndimage.gaussian_laplace, "sigma", lambda x, s: ndimage.gaussian_laplace(x, s[0], radius=2), real(4, 3), positive(1)
)
row(
    ndimage.gaussian_gradient_magnitude,
    "truncate",
    lambda x: ndimage.gaussian_gradient_magnitude(x, 1, truncate=2),
    real(4, 3),
)
row(
    ndimage.generic_gradient_magnitude,
    "sobel",
    lambda x: ndimage.generic_gradient_magnitude(x, ndimage.sobel),
    real(4, 3),
)

MATRIX = np.array([[0.93, 0.21], [-0.17, 1.08]])
CROSS = np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]], bool)
for f, f1 in ((ndimage.minimum_filter, ndimage.minimum_filter1d), (ndimage.maximum_filter, ndimage.maximum_filter1d)):
    for mode in MODES:
        if not mode.startswith("grid"):
            for size, origin in ((3, 0), (4, 1)):
                call = lambda x, f=f1, s=size, m=mode, o=origin: f(x, s, 0, mode=m, cval=-0.1, origin=o)  # noqa: E731
                row(f1, f"{mode},{size},{origin}", call, distinct(6, 2), compares=True)
            row(f, mode, lambda x, f=f, m=mode: f(x, (2, 3), mode=m, origin=(0, 1)), distinct(4, 3), compares=True)
            row(f, f"cross,{mode}", lambda x, f=f, m=mode: f(x, footprint=CROSS, mode=m), distinct(4, 3), compares=True)
    row(f, "all", lambda x, f=f: f(x, footprint=np.ones((2, 2))), distinct(4, 3), compares=True)
    row(f, "axes", lambda x, f=f: f(x, 3, axes=(1,)), distinct(2, 4), compares=True)
    row(f, "one", lambda x, f=f: f(x, 1), distinct(2, 4), compares=True)
    row(f, "output", lambda x, f=f: after(x, lambda y: f(x, 3, output=y)), distinct(2, 4), compares=True)

RANKS = (
    ("median", ndimage.median_filter, ()),
    ("rank", ndimage.rank_filter, (1,)),
    ("rank,last", ndimage.rank_filter, (-1,)),
    ("rank,first", ndimage.rank_filter, (0,)),
    ("percentile", ndimage.percentile_filter, (30,)),
    ("percentile,negative", ndimage.percentile_filter, (-20,)),
)
for label, f, rank in RANKS:
    for mode in ("reflect", "constant", "nearest", "mirror", "wrap"):
        call = lambda x, f=f, r=rank, m=mode: f(x, *r, (2, 3), mode=m, cval=0.1, origin=(0, 1))  # noqa: E731
        row(f, f"{label},{mode}", call, distinct(4, 3), compares=True)
    row(f, f"{label},cross", lambda x, f=f, r=rank: f(x, *r, footprint=CROSS), distinct(4, 3), compares=True)
    row(f, f"{label},1-d", lambda x, f=f, r=rank: f(x, *r, 3), distinct(7), compares=True)
    row(f, f"{label},axes", lambda x, f=f, r=rank: f(x, *r, 3, axes=(1,)), distinct(2, 5), compares=True)

for f in (ndimage.fourier_gaussian, ndimage.fourier_uniform, ndimage.fourier_ellipsoid, ndimage.fourier_shift):
    row(f, "call", lambda x, f=f: f(x, 1.3), real(4, 5), complex=True)
    row(f, "each", lambda x, f=f: f(x, (1.3, 0.7)), real(4, 5), complex=True)
    row(f, "n", lambda x, f=f: f(x, 0.7, 8, 0), real(5, 3), complex=True)

LABELS = np.array([[0, 1, 1, 2], [3, 0, 2, 1], [1, 2, 3, 3]])
for f in (ndimage.sum_labels, ndimage.mean, ndimage.variance, ndimage.standard_deviation):
    row(f, "call", f, distinct(3, 4))
    row(f, "labels", lambda x, f=f: f(x, LABELS), distinct(3, 4))
    row(f, "index", lambda x, f=f: f(x, LABELS, [1, 3, 2]), distinct(3, 4))
    row(f, "one", lambda x, f=f: f(x, LABELS, 2), distinct(3, 4))
for f in (ndimage.minimum, ndimage.maximum, ndimage.median):
    row(f, "labels", lambda x, f=f: f(x, LABELS), distinct(3, 4))
    row(f, "index", lambda x, f=f: f(x, LABELS, [1, 3, 2]), distinct(3, 4))
row(ndimage.center_of_mass, "call", ndimage.center_of_mass, positive(3, 4))
row(ndimage.center_of_mass, "labels", lambda x: ndimage.center_of_mass(x, LABELS, 1), positive(3, 4))
row(ndimage.label, "call", lambda x: ndimage.label(x > 0)[0], real(3, 4), kind="constant")
row(ndimage.label, "float", lambda x: ndimage.label(x * 1)[0], real(3, 4), kind="constant")


def double(x):
    """The type of numbers that a spline is computed with."""
    return np.result_type(x.dtype, np.float64).type


for order in range(6):
    for mode in ("mirror", "reflect", "grid-wrap", "constant", "nearest", "wrap"):
        for n in (2, 5):
            call = lambda x, k=order, m=mode: ndimage.spline_filter1d(x, k, 0, double(x), m)  # noqa: E731
            row(ndimage.spline_filter1d, f"{order},{mode},{n}", call, real(n, 2), complex=True)
        if order > 1:
            call = lambda x, k=order, m=mode: ndimage.spline_filter(x, k, double(x), m)  # noqa: E731
            row(ndimage.spline_filter, f"{order},{mode}", call, real(3, 4), complex=True)
row(ndimage.spline_filter1d, "long", lambda x: ndimage.spline_filter1d(x, 5, mode="reflect"), real(50))
row(ndimage.spline_filter, "output", lambda x: after(x, lambda y: ndimage.spline_filter(x, output=y)), real(3, 5))

# places within an image of 4 x 5 and beyond it, none where pieces of polynomials meet
AT = np.array([[0.3, 1.7, 2.2, 0.9, -0.3, 3.3, 1.2, -4.7, 8.3], [0.2, 3.1, 1.6, 2.9, 1.3, 2.2, 4.7, 1.3, -6.2]])
for order in range(6):
    for mode in MODES:
        for prefilter in (True, False) if order in (2, 5) else (True,):
            options = {"order": order, "mode": mode, "prefilter": prefilter, "cval": 0.3}
            label = f"{order},{mode}{',plain' * (not prefilter)}"
            call = lambda x, o=options: ndimage.map_coordinates(x, AT, **o)  # noqa: E731
            row(ndimage.map_coordinates, f"image,{label}", call, real(4, 5), complex=True)
            call = lambda x, at, o=options: ndimage.map_coordinates(x, AT + 0.05 * at, **o)  # noqa: E731
            if order:
                row(ndimage.map_coordinates, label, call, real(4, 5), unit(2, 9))
            call = lambda x, s, o=options: ndimage.shift(x, s, **o)  # noqa: E731
            row(ndimage.shift, label, call, real(4, 5), unit(2))
            call = lambda x, o=options: ndimage.shift(x, (1.3, -2), **o)  # noqa: E731
            row(ndimage.shift, f"image,{label}", call, real(4, 5), complex=True)
            call = lambda x, o=options: ndimage.zoom(x, (1.4, 0.7), **o)  # noqa: E731
            row(ndimage.zoom, label, call, real(4, 5), complex=True)
            if order in (0, 4):
                continue
            call = lambda x, m, t, o=options: ndimage.affine_transform(x, MATRIX + 0.02 * m, t, (3, 4), **o)  # noqa: E731
            row(ndimage.affine_transform, label, call, real(4, 5), real(2, 2), unit(2))
row(
    *(ndimage.map_coordinates, "turned", lambda x, at: ndimage.map_coordinates(x * (1 + 0.5j), AT + 0.05 * at)),
    *(real(4, 5), unit(2, 9)),
)
row(
    *(ndimage.map_coordinates, "list", lambda x, y, z: ndimage.map_coordinates(x, [y + 1.5, z * 0.1 + 2.3], order=2)),
    *(real(4, 5), unit(3, 2), unit(3, 2)),
)
row(ndimage.map_coordinates, "1-d", lambda x: ndimage.map_coordinates(x, AT[:1], order=3, mode="mirror"), real(5))
row(ndimage.map_coordinates, "3-d", lambda x, at: ndimage.map_coordinates(x, at + 1.1), real(4, 3, 4), unit(3, 2))
row(ndimage.map_coordinates, "dtype", lambda x: ndimage.map_coordinates(x, AT, np.float64), real(4, 5))
row(ndimage.map_coordinates, "output", lambda x: after(x, lambda y: ndimage.map_coordinates(x, AT, y[0])), real(2, 9))
row(ndimage.shift, "number", lambda x, s: ndimage.shift(x, s, mode="reflect"), real(4, 5), unit())
row(ndimage.shift, "one", lambda x: ndimage.shift(x, (1.4, 0.3), mode="mirror"), real(1, 5), complex=True)
row(ndimage.shift, "output", lambda x: after(x, lambda y: ndimage.shift(x, 0.7, y)), real(4, 3))
for mode in ("grid-wrap", "nearest", "grid-constant", "mirror"):
    call = lambda x, m=mode: ndimage.zoom(x, (2, 0.6), mode=m, grid_mode=True)  # noqa: E731
    row(ndimage.zoom, f"grid_mode,{mode}", call, real(4, 5), complex=True)
row(ndimage.zoom, "one", lambda x: ndimage.zoom(x, 1) * 1, real(4, 5), complex=True)
row(ndimage.zoom, "flat", lambda x: ndimage.zoom(x, (0.2, 2)), real(4, 5), complex=True)
row(ndimage.zoom, "3-d", lambda x: ndimage.zoom(x, 1.5, order=1), real(2, 3, 4))
row(ndimage.affine_transform, "image", lambda x: ndimage.affine_transform(x, MATRIX, 0.1), real(4, 5), complex=True)
row(ndimage.affine_transform, "dtype", lambda x: ndimage.affine_transform(x, MATRIX, output=np.float64), real(4, 5))
row(
    ndimage.affine_transform,
    "output",
    lambda x: after(x, lambda y: ndimage.affine_transform(x, MATRIX, 0.2, output=y)),
    real(4, 5),
)
row(
    *(ndimage.affine_transform, "diagonal", lambda x, d, t: ndimage.affine_transform(x, d, t, order=2)),
    *(real(4, 5), unit(2), unit(2)),
)
row(
    ndimage.affine_transform,
    "homogeneous",
    lambda x, m: ndimage.affine_transform(x, np.concatenate((m * 0.1 + np.eye(2, 3), [[0, 0, 1.0]])), mode="mirror"),
    *(real(4, 5), unit(2, 3)),
)
row(
    *(ndimage.affine_transform, "wide", lambda x, m: ndimage.affine_transform(x, m * 0.1 + np.eye(2, 3), mode="wrap")),
    *(real(4, 5), unit(2, 3)),
)
row(
    *(ndimage.affine_transform, "line", lambda x, m, t: ndimage.affine_transform(x, m, t[0], (6,), mode="mirror")),
    *(real(4, 5), unit(2, 1), unit(1)),
)
for angle in (30, 90, -45.0):
    call = lambda x, a=angle: ndimage.rotate(x, a)  # noqa: E731
    row(ndimage.rotate, f"{angle}", call, real(4, 5), complex=True)
    call = lambda x, a=angle: ndimage.rotate(x, a, (0, 2), False, order=1, mode="nearest")  # noqa: E731
    row(ndimage.rotate, f"{angle},3-d", call, real(4, 2, 5), complex=True)
row(ndimage.rotate, "angle", lambda x, a: ndimage.rotate(x, 20 + a, reshape=False), real(4, 5), unit())
row(ndimage.rotate, "angle,3-d", lambda x, a: ndimage.rotate(x, 20 + a, mode="mirror"), real(4, 5, 2), unit())
row(ndimage.rotate, "output", lambda x: after(x, lambda y: ndimage.rotate(x, 20, reshape=False, output=y)), real(4, 5))

REFUSED += [
    ("generic_filter", lambda x: ndimage.generic_filter(x, np.mean, 3), "generic_filter on a Tensor: it hands"),
    ("generic_filter1d", lambda x: ndimage.generic_filter1d(x, np.mean, 3), "generic_filter1d on a Tensor"),
    ("geometric_transform", lambda x: ndimage.geometric_transform(x, lambda at: at), "map_coordinates"),
    ("correlate1d-cval", lambda x: ndimage.correlate1d(x, [1, 2], cval=x[0, 0]), "no derivative.*'cval'"),
    ("zoom-zoom", lambda x: ndimage.zoom(x, x[0, 1]), "zoom has no derivative with respect to 'zoom'"),
    ("fourier_shift-shift", lambda x: ndimage.fourier_shift(x, x[0, 0]), "no derivative"),
]
