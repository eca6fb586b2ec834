"""Splines, piecewise polynomials, and interpolation in several dimensions."""

import functools

import numpy as np
import scipy
from catalogue.base import distinct, positive, real
from scipy import interpolate
from scipy.sparse.linalg import spsolve

from .base import REFUSED, row

LATER = np.lib.NumpyVersion(scipy.__version__) >= "1.15.0"
X = np.array([0.0, 0.7, 1.1, 2.0, 2.6, 3.5])  # knots
INSIDE = np.array([0.3, 1.0, 1.5, 2.2, 3.1])
BEYOND = np.array([-0.4, 0.3, 1.5, 2.2, 3.9])
PAIRS = np.array([[0.3, 2.2], [1.5, 3.1]])
T = np.array([0.0, 0.0, 0.0, 0.0, 1.3, 2.1, 3.5, 3.5, 3.5, 3.5])  # of six cubic B-splines


def knots(steps):
    """Increasing numbers from whatever there is."""
    return np.cumsum(np.abs(steps))


def closed(y):
    """The last value as the first."""
    return np.concatenate((y[:-1], y[:1]))


# Cubic splines and their kin: gradients to values, points, and to the knots through SciPy's own code

spline = interpolate.CubicSpline
for bc in ("not-a-knot", "clamped", "natural", ((1, 0.5), (2, -0.3))):
    label = bc if isinstance(bc, str) else "derivatives"
    call = lambda y, bc=bc: spline(X, y, bc_type=bc)(BEYOND)  # noqa: E731
    row(spline, label, call, real(6), complex=True)
row(spline, "periodic", lambda y: spline(X, closed(y), bc_type="periodic")(BEYOND), real(6), complex=True)
row(spline, "periodic,three", lambda y: spline(X[:3], closed(y), bc_type="periodic")(BEYOND), real(3))
row(spline, "three", lambda y: spline(X[:3], y)(INSIDE), real(3))
row(spline, "two", lambda y: spline(X[:2], y)(INSIDE), real(2))
row(spline, "points", lambda y, x: spline(X, y)(x), real(6), positive(2, 3))
row(spline, "knots", lambda x, y: spline(knots(x), y)(INSIDE), real(6), real(6))
row(spline, "axis", lambda y: spline(X, y, axis=1)(PAIRS), real(2, 6, 3), complex=True)
row(spline, "nu", lambda y, x: spline(X, y)(x, 2), real(6), positive(4))
row(spline, "end", lambda y, d: spline(X, y, bc_type=((1, d), "natural"))(INSIDE), real(6, 2), real(2))
row(spline, "outside", lambda y: np.nan_to_num(spline(X, y, extrapolate=False)(BEYOND)), real(6))
row(spline, "derivative", lambda y: spline(X, y).derivative()(INSIDE), real(6), complex=True)
row(spline, "antiderivative", lambda y: spline(X, y).antiderivative(2)(BEYOND), real(6), complex=True)
row(spline, "integrate", lambda y, a: spline(X, y).integrate(a[0], a[1]), real(6, 2), distinct(2), complex=False)

hermite = interpolate.CubicHermiteSpline
row(hermite, "both", lambda y, d: hermite(X, y, d)(BEYOND), real(6), real(6), complex=True)
row(hermite, "knots", lambda x, y, d: hermite(knots(x), y, d)(INSIDE), real(6), real(6), real(6))
pchip = interpolate.PchipInterpolator
row(pchip, "values", lambda y: pchip(X, y)(INSIDE), distinct(6))
row(pchip, "axis", lambda y, x: pchip(X, y, axis=1)(x), distinct(2, 6), positive(3))
row(pchip, "monotone", lambda y, x: pchip(knots(x), knots(y))(INSIDE), real(6), real(6))
row(pchip, "derivative", lambda y: pchip(X, y).derivative()(INSIDE), distinct(6))
row(
    interpolate.pchip_interpolate,
    "values",
    lambda y, x: interpolate.pchip_interpolate(X, y, x),
    distinct(6),
    positive(3),
)
akima = interpolate.Akima1DInterpolator
row(akima, "values", lambda y, x: akima(X, y)(x), distinct(6), positive(3))
if LATER:
    row(akima, "makima", lambda y: akima(X, y, method="makima", extrapolate=True)(BEYOND), distinct(6, 2))

# Piecewise polynomials

C = (3, 5, 2)
for cls in (interpolate.PPoly, interpolate.BPoly):
    row(cls, "values", lambda c, x, cls=cls: cls(c, X)(x), real(*C), positive(4), complex=False)
    row(cls, "complex", lambda c, cls=cls: cls(c, X)(BEYOND), real(*C), complex=True)
    row(cls, "knots", lambda c, x, cls=cls: cls(c, knots(x))(INSIDE), real(3, 5), real(6))
    row(cls, "nu", lambda c, x, cls=cls: cls(c, X)(x, 1), real(*C), positive(4))
    row(cls, "nu_2", lambda c, cls=cls: cls(c, X)(INSIDE, 2), real(*C))
    row(cls, "periodic", lambda c, x, cls=cls: cls(c, X, extrapolate="periodic")(x), real(3, 5), distinct(4))
    row(cls, "axis", lambda c, cls=cls: cls(c, X, axis=1)(PAIRS), real(2, 3, 5), complex=True)
    row(cls, "outside", lambda c, x, cls=cls: np.nan_to_num(cls(c, X)(x, extrapolate=False)), real(3, 5), distinct(4))
    row(cls, "derivative", lambda c, cls=cls: cls(c, X).derivative()(INSIDE), real(*C), complex=True)
    row(cls, "antiderivative", lambda c, x, cls=cls: cls(c, X).antiderivative()(x), real(*C), distinct(4))
    row(cls, "twice", lambda c, x, cls=cls: cls(c, knots(x)).antiderivative(2)(BEYOND), real(*C), real(6))
    row(cls, "integrate", lambda c, a, cls=cls: cls(c, X).integrate(a[1], a[0]), real(*C), distinct(2))
    row(cls, "around", lambda c, cls=cls: cls(c, X).integrate(-2.2, 9.1, "periodic"), real(*C))
row(interpolate.PPoly, "backwards", lambda c, x: interpolate.PPoly(c, X[::-1])(x), real(*C), distinct(4))
row(interpolate.PPoly, "backwards,integral", lambda c: interpolate.PPoly(c, X[::-1]).integrate(0.4, 2.9), real(*C))
row(
    interpolate.PPoly,
    "bernstein",
    lambda c: interpolate.PPoly.from_bernstein_basis(interpolate.BPoly(c, X))(INSIDE),
    real(*C),
)
row(interpolate.BPoly, "power", lambda c: interpolate.BPoly.from_power_basis(interpolate.PPoly(c, X))(INSIDE), real(*C))

# B-splines

bspline = interpolate.BSpline
row(bspline, "values", lambda c, x: bspline(T, c, 3)(x), real(6), positive(2, 3), complex=False)
row(bspline, "complex", lambda c: bspline(T, c, 3)(BEYOND), real(6, 2), complex=True)
row(bspline, "knots", lambda t, c, x: bspline(knots(t), c, 2)(x), real(9), real(6), positive(3))
row(bspline, "axis", lambda c: bspline(T, c, 3, axis=1)(PAIRS), real(2, 6, 3), complex=True)
row(bspline, "nu", lambda c, x: bspline(T, c, 3)(x, 2), real(6), positive(3))
row(bspline, "nu_4", lambda c: bspline(T, c, 3)(INSIDE, 4) + c[0], real(6))
row(bspline, "periodic", lambda c, x: bspline(T, c, 3, extrapolate="periodic")(x), real(6), distinct(4))
row(bspline, "outside", lambda c: np.nan_to_num(bspline(T, c, 3, extrapolate=False)(BEYOND)), real(6))
row(bspline, "derivative", lambda c, x: bspline(T, c, 3).derivative(2)(x), real(6), positive(3))
row(bspline, "antiderivative", lambda c, x: bspline(T, c, 3).antiderivative()(x), real(6), distinct(3))
row(bspline, "integrate", lambda c, a: bspline(T, c, 3).integrate(a[0], a[1]), real(6), distinct(2))
row(bspline, "within", lambda c, a: bspline(T, c, 3).integrate(a[0], 9.0, extrapolate=False), real(6), positive(2))
row(bspline, "integrals", lambda c: bspline(T, c, 3).integrate(0.2, 2.9, extrapolate=False), real(6, 2))
row(bspline, "around", lambda c: bspline(T, c, 3).integrate(-1.0, 6.0, "periodic"), real(6, 2))
if LATER:
    row(bspline, "insert_knot", lambda c: bspline(T, c, 3).insert_knot(1.7)(INSIDE), real(6))

fit = interpolate.make_interp_spline
for k in range(6) if LATER else (0, 1, 2, 3, 5):
    row(fit, f"k={k}", lambda y, k=k: fit(X, y, k=k)(BEYOND), real(6), complex=True)
    if k:
        row(fit, f"periodic,k={k}", lambda y, k=k: fit(X, closed(y), k=k, bc_type="periodic")(BEYOND), real(6))
row(fit, "points", lambda y, x: fit(X, y)(x), real(6, 2), positive(3))
for k in (1, 2, 3):
    row(fit, f"knots,k={k}", lambda x, y, k=k: fit(knots(x), y, k=k)(INSIDE), real(6), real(6))
row(fit, "knots,periodic", lambda x, y: fit(knots(x), closed(y), bc_type="periodic")(INSIDE), real(6), real(6))
row(fit, "clamped", lambda x, y: fit(knots(x), y, bc_type="clamped")(INSIDE), real(6), real(6))
row(fit, "natural", lambda y: fit(X, y, bc_type=("natural", None), t=np.r_[T[:5], 1.6, 2.1, T[6:]])(INSIDE), real(6))
row(
    fit,
    "ends",
    lambda y, d: fit(X, y, bc_type=([(1, d[0])], [(2, d[1])]))(INSIDE),
    real(6, 3),
    real(2, 3),
)
row(fit, "t", lambda y, t: fit(X, y, t=np.concatenate((T[:4], np.abs(t) + 1, T[6:])))(INSIDE), real(6), real(2))
row(fit, "axis", lambda y: fit(X, y, axis=1)(PAIRS), real(2, 6, 3))
row(fit, "coefficients", lambda y: fit(X, y).c, real(6))

close_to = interpolate.make_lsq_spline
Z = np.linspace(0, 3.5, 11)
for method in ("qr", "norm-eq")[: 2 * LATER]:
    call = lambda y, method=method: close_to(Z, y, T, method=method)(INSIDE)  # noqa: E731
    row(close_to, method, call, real(11, 2), complex=True)
row(close_to, "weights", lambda y, w: close_to(Z, y, T, w=w)(INSIDE), real(11), positive(11))
if LATER:
    row(close_to, "axis", lambda y: close_to(Z, y, T, axis=1)(INSIDE), real(2, 11))

smooth = interpolate.make_smoothing_spline
row(smooth, "values", lambda y, x: smooth(Z, y, lam=0.3)(x), real(11), positive(3))
row(
    smooth,
    "all",
    lambda x, y, w, lam: smooth(knots(x), y, w, lam)(INSIDE),
    positive(6),
    real(6),
    positive(6),
    positive(),
)
row(smooth, "none", lambda y: smooth(X, y, lam=0.0).derivative()(INSIDE), real(6))
if LATER:
    row(smooth, "axis", lambda y: smooth(X, y, lam=0.1, axis=1)(INSIDE), real(2, 6))

# FITPACK

for ext in (0, 1, 3):
    row(
        interpolate.splev,
        f"ext={ext}",
        lambda x, c, ext=ext: interpolate.splev(x, (T, c, 3), ext=ext),
        distinct(4),
        real(6),
    )
row(interpolate.splev, "der", lambda x, c: interpolate.splev(x, (T, c, 3), der=2), positive(2, 2), real(6))
row(interpolate.splev, "curves", lambda x, c: interpolate.splev(x, (T, list(c), 3)), positive(3), real(2, 6))
row(interpolate.splev, "spline", lambda x, c: interpolate.splev(x, bspline(T, c, 3)), positive(3), real(6))
row(
    interpolate.splint,
    "both",
    lambda c, a: np.asarray(interpolate.splint(a[0], a[1], (T, c, 3))),
    real(10),
    distinct(2),
)
row(interpolate.splder, "coefficients", lambda c: interpolate.splder((T, c, 3), 2)[1], real(10))
row(interpolate.splantider, "coefficients", lambda c: interpolate.splantider((T, c, 3))[1], real(10))
FITTED = interpolate.UnivariateSpline(Z, np.sin(Z), s=0)
row(interpolate.UnivariateSpline, "points", lambda x: FITTED(x), positive(4))
row(interpolate.UnivariateSpline, "zeros", lambda x: FITTED(x, nu=1, ext="zeros"), distinct(4))

through, among = interpolate.InterpolatedUnivariateSpline, interpolate.LSQUnivariateSpline
for k in range(1, 6):
    row(through, f"k={k}", lambda y, k=k: through(X, y, k=k)(BEYOND), real(6))
    row(through, f"knots,k={k}", lambda x, y, k=k: through(knots(x), y, k=k)(INSIDE), real(6), real(6))
row(through, "points", lambda y, x: through(X, y)(x), real(6), positive(2, 3))
row(through, "bbox", lambda y: through(X, y, bbox=[-1, None])(INSIDE), real(6))
row(through, "nu", lambda y: through(X, y, w=X + 1)(INSIDE, nu=2), real(6))
for ext in ("zeros", "const"):
    row(through, ext, lambda y, ext=ext: through(X, y, ext=ext)(BEYOND), real(6))
row(through, "derivative", lambda y: through(X, y).derivative(2)(INSIDE), real(6))
row(through, "antiderivative", lambda y: through(X, y).antiderivative(2)(INSIDE), real(6))
row(through, "integral", lambda y, a: np.asarray(through(X, y).integral(a[0], a[1])), real(6), positive(2))
row(through, "derivatives", lambda y, x: through(X, y).derivatives(x), real(6), positive())
row(through, "coefficients", lambda y: through(X, y).get_coeffs(), real(6))
row(through, "roots", lambda y: through(X, np.sin(2 * X) + 0.1 * y).roots(), real(6))
smoothing = interpolate.UnivariateSpline
row(smoothing, "s=0", lambda y: smoothing(X, y, s=0)(BEYOND), real(6))
row(smoothing, "polynomial", lambda y, w: smoothing(X, y, w, s=1e6)(BEYOND), real(6), positive(6))
row(among, "values", lambda y: among(X, y, [1.4])(BEYOND), real(6))
row(
    among,
    "all",
    lambda x, y, t, w: among(knots(x), y, 3 + 0.1 * t, w, [0, 40], 1)(INSIDE),
    *(positive(6), real(6), positive(1), positive(6)),
)
row(among, "residual", lambda y: np.asarray(among(X, y, [1.4]).get_residual()), real(6))
splrep = interpolate.splrep
row(splrep, "values", lambda y: interpolate.splev(INSIDE, splrep(X, y)), real(6))
row(splrep, "t", lambda y, w: interpolate.splev(INSIDE, splrep(X, y, w, t=[1.4])), real(6), positive(6))
row(splrep, "full_output", lambda y: np.asarray(splrep(X, y, t=[1.4], full_output=1)[1]), real(6))
row(splrep, "splint", lambda y: np.asarray(interpolate.splint(0.2, 3.1, splrep(X, y))), real(6))
row(splrep, "splder", lambda y: interpolate.splev(INSIDE, interpolate.splder(splrep(X, y, k=4))), real(6))
row(interpolate.spalde, "one", lambda y, x: interpolate.spalde(x, splrep(X, y)), real(6), positive(1))
row(interpolate.spalde, "many", lambda c: np.stack(interpolate.spalde(INSIDE, (T, c, 3))), real(10))
row(interpolate.sproot, "call", lambda y: interpolate.sproot(splrep(X, np.sin(2 * X) + 0.1 * y)), real(6))
surface, V = interpolate.RectBivariateSpline, np.array([0.0, 0.5, 1.2, 2.0, 2.7])
row(surface, "grid", lambda z: surface(X, V, z)(BEYOND, V + 0.1), real(6, 5))
for k in (1, 2, 3, 4):
    row(surface, f"k={k}", lambda z, k=k: surface(X, V, z, kx=k, ky=5 - k).ev(INSIDE, V), real(6, 5))
row(surface, "points", lambda z, x: surface(X, V, z).ev(x, V[:4]), real(6, 5), positive(4))
row(surface, "knots", lambda x, y, z: surface(knots(x), knots(y), z)(0.6, 0.7), real(6), real(5), real(6, 5))
row(surface, "nu", lambda z: surface(X, V, z)(INSIDE, V, dx=1, dy=2), real(6, 5))
row(surface, "derivative", lambda z: surface(X, V, z).partial_derivative(2, 1)(INSIDE, V), real(6, 5))
row(
    surface, "integral", lambda z, a: np.asarray(surface(X, V, z).integral(a[0], 3, 0.1, a[1])), real(6, 5), positive(2)
)
row(surface, "coefficients", lambda z: surface(X, V, z, bbox=[-1, 4, None, 3]).get_coeffs(), real(6, 5))
FLAT = interpolate.bisplrep(*(v.ravel() for v in np.meshgrid(X, V)), np.sin(np.arange(30.0)), s=40)
row(interpolate.bisplev, "points", lambda x: interpolate.bisplev(x, V, FLAT, dx=1), positive(1))

# In one dimension

line = interpolate.interp1d
for kind in ("linear", "zero", "slinear", "quadratic", "cubic", *((4,) if LATER else ())):
    points = () if kind == "zero" else (positive(3),)
    row(line, str(kind), lambda y, x=INSIDE, kind=kind: line(X, y, kind=kind)(x), real(6), *points)
for kind in ("nearest", "nearest-up", "previous", "next"):
    row(line, kind, lambda y, kind=kind: line(X, y, kind=kind, axis=0)(INSIDE), real(6, 2), complex=True)
row(line, "rows", lambda y, x: line(X, y)(x), real(2, 6), positive(2, 2), complex=False)
row(line, "extrapolate", lambda y: line(X, y, fill_value="extrapolate")(BEYOND), real(6), complex=True)
row(line, "fill", lambda y, f: line(X, y, bounds_error=False, fill_value=(f[0], f[1]))(BEYOND), real(6), real(2))
row(line, "unsorted", lambda y: line(X[::-1], y)(INSIDE), real(6))

krogh, barycentric = interpolate.KroghInterpolator, interpolate.BarycentricInterpolator
for cls in (krogh, barycentric):
    row(cls, "values", lambda y, x, cls=cls: cls(X, y)(x), real(6), positive(3), complex=False)
    row(cls, "complex", lambda y, cls=cls: cls(X, y)(INSIDE), real(6, 2), complex=True)
    row(cls, "derivative", lambda y, cls=cls: cls(X, y).derivative(INSIDE), real(6))
row(krogh, "knots", lambda x, y: krogh(knots(x), y)(INSIDE), real(4), real(4))
row(krogh, "hermite", lambda y: krogh(np.repeat(X[:3], 2), y)(INSIDE), real(6))
row(interpolate.krogh_interpolate, "der", lambda y: interpolate.krogh_interpolate(X, y, INSIDE, der=[0, 1]), real(6))
row(interpolate.barycentric_interpolate, "values", lambda y: interpolate.barycentric_interpolate(X, y, INSIDE), real(6))

# On grids

GRID = (X, np.array([0.0, 0.5, 1.2, 2.0, 2.7, 3.6]))
POINTS = np.array([[0.3, 2.2], [1.5, 3.1], [3.0, 0.2]])
OUT = np.array([[0.3, 2.2], [1.5, -0.2], [3.9, 0.2]])
grid = interpolate.RegularGridInterpolator
row(grid, "linear", lambda v, x: grid(GRID, v)(x), real(6, 6), positive(3, 2), complex=False)
row(grid, "linear,complex", lambda v: grid(GRID, v)(POINTS), real(6, 6), complex=True)
row(grid, "trailing", lambda v, x: grid(GRID, v)(x), real(6, 6, 2), positive(3, 2))
row(grid, "three", lambda v, x: grid((X, *GRID), v)(x), real(6, 6, 6), positive(2, 3))
row(grid, "fill", lambda v: grid(GRID, v, bounds_error=False, fill_value=1.5)(OUT), real(6, 6))
row(grid, "extrapolate", lambda v, x: grid(GRID, v, bounds_error=False, fill_value=None)(x), real(6, 6), distinct(3, 2))
row(grid, "nearest", lambda v: grid(GRID, v, method="nearest")(POINTS), real(6, 6), complex=True)
row(grid, "descending", lambda v: grid((X[::-1], GRID[1]), v)(POINTS), real(6, 6))
EXACT = functools.partial(grid, solver=spsolve)
for kind in ("slinear", "cubic", *(("quintic",) if LATER else ())):
    row(grid, kind, lambda v, x, kind=kind: EXACT(GRID, v, method=kind)(x), real(6, 6), positive(3, 2))
row(grid, "cubic,nu", lambda v, x: EXACT(GRID, v, method="cubic")(x, nu=[1, 0]), real(6, 6, 2), positive(3, 2))
for kind in ("pchip", "cubic_legacy"):
    row(grid, kind, lambda v, x, kind=kind: grid(GRID, v, method=kind)(x), distinct(6, 6), positive(2, 2))
row(interpolate.interpn, "linear", lambda v, x: interpolate.interpn(GRID, v, x), real(6, 6), positive(3, 2))
row(interpolate.interpn, "nearest", lambda v: interpolate.interpn(GRID, v, POINTS, method="nearest"), real(6, 6))
nd = interpolate.NdBSpline
row(nd, "both", lambda c, x: nd((T, T), c, 3)(x), real(6, 6), positive(3, 2))
row(nd, "trailing", lambda c: nd((T, T), c, 3)(POINTS, nu=(1, 1)), real(6, 6, 2), complex=False)
row(nd, "outside", lambda c: np.nan_to_num(nd((T, T), c, 3, extrapolate=False)(OUT)), real(6, 6))

# Scattered

CENTRES = np.array([[0.0, 0.0], [1.0, 0.2], [0.2, 1.1], [1.3, 1.2], [2.1, 0.4], [0.5, 2.2]])
AROUND = np.array([[0.4, 0.5], [1.1, 0.7], [1.2, 1.1]])
rbf = interpolate.RBFInterpolator
for (
    kernel
) in "linear thin_plate_spline cubic quintic multiquadric inverse_multiquadric inverse_quadratic gaussian".split():  # noqa: SIM905
    call = lambda d, x, y, k=kernel: rbf(CENTRES + 0.05 * y, d, kernel=k, epsilon=1.2)(AROUND + 0.1 * x)  # noqa: E731
    row(rbf, kernel, call, real(6), real(3, 2), positive(6, 2))
row(rbf, "columns", lambda d: rbf(CENTRES, d)(AROUND), real(6, 2))
row(rbf, "smoothing", lambda d, s: rbf(CENTRES, d, smoothing=s)(AROUND), real(6), positive(6))
row(rbf, "degree", lambda d, x: rbf(CENTRES, d, degree=2)(x), real(6), real(3, 2))
row(rbf, "none", lambda d, x: rbf(CENTRES, d, kernel="gaussian", epsilon=1, degree=-1)(x), real(6), real(3, 2))
row(rbf, "neighbors", lambda d: rbf(CENTRES, d, neighbors=4)(AROUND), real(6))
scattered = interpolate.griddata
row(scattered, "linear", lambda v: scattered(CENTRES, v, AROUND), real(6, 2), complex=True)
row(scattered, "points", lambda v, x: scattered(CENTRES, v, AROUND + 0.02 * x), real(6), positive(3, 2))
row(scattered, "fill", lambda v: scattered(CENTRES, v, 2 * AROUND, fill_value=0.5), real(6))
row(
    scattered,
    "rescale",
    lambda v: scattered(CENTRES * [1, 9], v, (AROUND[:, 0], 9 * AROUND[:, 1]), rescale=True),
    real(6),
)
row(scattered, "nearest", lambda v: scattered(CENTRES, v, AROUND, method="nearest"), real(6))
nearest = interpolate.NearestNDInterpolator
row(nearest, "values", lambda v: nearest(CENTRES, v)(AROUND), real(6))
row(
    nearest,
    "columns",
    lambda v: nearest(CENTRES, v, rescale=True)(AROUND[:, 0], AROUND[:, 1]),
    real(6, 2),
    complex=True,
)
row(scattered, "one", lambda v, x: scattered(X, v, x, method="cubic"), real(6), positive(3))

REFUSED += [
    ("splrep", lambda x: interpolate.splrep(np.arange(9.0), x.ravel(), s=0.5), "LSQUnivariateSpline"),
    ("splrep-per", lambda x: interpolate.splrep(np.arange(9.0), x.ravel(), per=1), "make_interp_spline"),
    ("UnivariateSpline", lambda x: interpolate.UnivariateSpline(np.arange(9.0), x.ravel(), s=0.5), "s=0"),
    ("RectBivariateSpline", lambda x: interpolate.RectBivariateSpline(X[:3], X[:3], x, kx=1, ky=1, s=0.1), "s=0"),
    ("bisplrep", lambda x: interpolate.bisplrep(x[0], x[1], x[2]), "RBFInterpolator"),
    ("design_matrix", lambda x: interpolate.BSpline.design_matrix(x[0], T, 3), "np.eye"),
    ("PPoly.solve", lambda x: interpolate.PPoly(x, X[:4]).solve(), "Newton"),
    ("griddata-cubic", lambda x: interpolate.griddata(CENTRES, x.ravel()[:6], AROUND, method="cubic"), "linear"),
    ("LinearNDInterpolator", lambda x: interpolate.LinearNDInterpolator(CENTRES[:3], x[0] * 2), "Tensor"),
    ("NdPPoly", lambda x: interpolate.NdPPoly(2 * x, (X[:4],))([[0.5]]), "NdBSpline"),
    (
        "make_smoothing_spline",
        lambda x: interpolate.make_smoothing_spline(np.arange(9.0), 2 * x.ravel()),
        "give lam",
    ),
]
if LATER:
    call = lambda x: interpolate.make_splrep(np.arange(9.0), 2 * x.ravel(), s=1.0)  # noqa: E731
    REFUSED.append(("make_splrep", call, "make_lsq_spline"))
