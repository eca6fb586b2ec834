"""FITPACK's splines in ``scipy.interpolate``: fits and values, integrals, roots.

The knots are those that FITPACK chooses, and so are the values of the coefficients; their derivatives are those of the
conditions that they fulfil: to interpolate, or to be closest to the values.

>>> import numpy as np, gradarray as ga
>>> from scipy import interpolate
>>> x, y = np.arange(5.0), np.array([0.0, 1.0, 0.0, -1.0, 0.0])
>>> ga.grad(lambda y: interpolate.InterpolatedUnivariateSpline(x, y, k=1)(0.5))(y).round(3)
array([0.5, 0.5, 0. , 0. , 0. ])
"""

import functools

import numpy as np
from scipy import interpolate

from ..registry import composite, refused, unwrap
from ..rules.shape import array_of
from .scipy_interpolate_weights import (
    bspline_weights,
    closest,
    combine,
    corners,
    entries,
    masked,
    not_a_knot,
    settled,
    solved,
    span,
    spline_values,
)

_impl = interpolate._fitpack_impl
_SMOOTHED = (
    "with s > 0 how smooth the spline is gets found by iteration, to a tolerance of 0.1 %, which has no derivative; "
    "give s=0, or knots to LSQUnivariateSpline or make_lsq_spline."
)


# Fits


def _varies(value):
    return unwrap(value) is not value


def _method(fn):
    """Register a method of splines, which may hold Tensors in a tuple."""

    def add(body):
        @functools.wraps(body)
        def call(self, *args, **kwargs):
            held = self._eval_args if hasattr(self, "_eval_args") else self.tck
            concerned = any(map(_varies, (held, *args, *kwargs.values())))
            return (body if concerned else fn)(self, *args, **kwargs)

        call.always = True  # type: ignore[attr-defined]
        composite(fn)(call)
        return body

    return add


def _ends(bbox, x):
    return [x[place] if end is None else array_of(end) for end, place in zip(bbox, (0, -1), strict=True)]


def _knots(name, t, x, k, bbox, inner):
    """FITPACK's knots ``t`` as they depend on the points, or on the inner ones that are given."""
    low, high = (np.repeat(np.reshape(end, (1,)), k + 1) for end in _ends(bbox, x))
    inner = not_a_knot(x, k)[k + 1 :][: -k - 1] if inner is None else array_of(inner)
    own = np.concatenate((low, inner, high))
    if own.shape == t.shape and np.allclose(unwrap(own), t, 1e-12, 1e-12 * (np.max(np.abs(t)))):
        return own.astype(float, copy=False)
    if _varies(x):
        raise TypeError(f"{name} on a Tensor: how its knots depend on x is not known; give x plain.")
    return t


def _fit(name, t, c, fp, k, x, y, w, bbox, inner=None, exact=True):
    """Knots, coefficients, and sum of squares of a spline through values or, if not ``exact``, closest to them."""
    x, y = (np.reshape(array_of(v), (-1,)).astype(float, copy=False) for v in (x, y))
    count = t.shape[0] - k - 1
    t = _knots(name, t, x, k, bbox, inner)
    if exact:
        weights, columns = entries(t, x, k)
        found = solved(weights, columns, y)
    else:
        w = np.ones(x.shape) if w is None else np.reshape(array_of(w), (-1,)).astype(float, copy=False)
        found = closest(t, x, y, w, k)
        weights, columns = entries(t, x, k)
        fp = settled(np.sum((w * (y - combine(weights, columns, found))) ** 2), fp)
    return t, np.concatenate((settled(found, c[:count]), np.zeros(k + 1))), fp


def _fitted(self, x, y, w, bbox, inner=None):
    """A spline, made of plain values, as it depends on those that are given."""
    data, name = self._data, f"scipy.interpolate.{type(self).__name__}"
    k, n, code = data[5], data[7], data[-1]
    if inner is None and code not in (-1, -2):
        raise TypeError(f"{name} on a Tensor: {_SMOOTHED}")
    inner = np.zeros(0) if inner is None and code == -2 else inner
    t, c, fp = _fit(name, data[8][:n], data[9], data[10], k, x, y, w, bbox, inner, inner is None)
    self._data = (*data[:8], t, c, fp, *data[11:])
    self._eval_args = t, c, k


@composite(interpolate.UnivariateSpline.__init__)
def univariate_init(self, x, y, w=None, bbox=(None, None), k=3, s=None, ext=0, check_finite=False):
    plain = [unwrap(v) for v in (x, y, w, list(bbox))]
    interpolate.UnivariateSpline.__init__(self, *plain, k, unwrap(s), ext, check_finite)
    _fitted(self, x, y, w, bbox)


@composite(interpolate.InterpolatedUnivariateSpline.__init__)
def interpolated_init(self, x, y, w=None, bbox=(None, None), k=3, ext=0, check_finite=False):
    plain = [unwrap(v) for v in (x, y, w, list(bbox))]
    interpolate.InterpolatedUnivariateSpline.__init__(self, *plain, k, ext, check_finite)
    _fitted(self, x, y, w, bbox)


@composite(interpolate.LSQUnivariateSpline.__init__)
def closest_init(self, x, y, t, w=None, bbox=(None, None), k=3, ext=0, check_finite=False):
    plain = [unwrap(v) for v in (x, y, t, w, list(bbox))]
    interpolate.LSQUnivariateSpline.__init__(self, *plain, k, ext, check_finite)
    _fitted(self, x, y, w, bbox, t)


@composite(interpolate.splrep)
def splrep(x, y, w=None, xb=None, xe=None, k=3, task=0, s=None, t=None, full_output=0, per=0, quiet=1):
    name = "scipy.interpolate.splrep"
    if per or task == 1:
        raise TypeError(
            f"{name} on a Tensor: per= and task=1 are not differentiable; use "
            "make_interp_spline(x, y, bc_type='periodic'), or fit anew."
        )
    plain = [unwrap(v) for v in (x, y, w, xb, xe, k, task, s, t)]
    (knots, c, k), fp, *rest = interpolate.splrep(*plain, 1, per, quiet)
    code = rest[0]
    if code > 0 and not full_output:
        interpolate.splrep(*plain, 0, per, quiet)  # which warns, or raises
    if t is None and code not in (-1, -2):
        raise TypeError(f"{name} on a Tensor: {_SMOOTHED}")
    inner = t if t is not None else np.zeros(0) if code == -2 else None
    knots, c, fp = _fit(name, knots, c, fp, k, array_of(x), y, w, (xb, xe), inner, inner is None)
    return ((knots, c, k), fp, *rest) if full_output else (knots, c, k)


refused(
    "its data are handed to compiled code; make a new spline.",
    interpolate.UnivariateSpline.set_smoothing_factor,
)


# Values, integrals, roots


@composite(_impl.splev)
def splev(x, tck, der=0, ext=0):
    t, c, k = tck
    if (isinstance(c, (list, tuple)) and np.ndim(unwrap(c)) > 1) or getattr(c, "ndim", 1) > 1:
        return [splev(x, (t, each, k), der, ext) for each in c]
    if not 0 <= der <= k:
        raise ValueError(f"splev: der={der} must be from 0 to k={k}.")
    if ext not in (0, 1, 2, 3):
        raise ValueError(f"splev: ext={ext}; choose 0, 1, 2 or 3.")
    t, c, x = array_of(t), array_of(c), array_of(x)
    points = np.reshape(x, (-1,)).astype(float, copy=False)
    first, last = t[k], t[t.shape[0] - k - 1]
    outside = (unwrap(points) < unwrap(first)) | (unwrap(points) > unwrap(last))
    if ext == 2 and outside.any():
        raise ValueError("splev: an x is outside of the knots, and ext=2.")
    if ext == 3:
        points = np.where(unwrap(points) < unwrap(first), first, np.where(unwrap(points) > unwrap(last), last, points))
    r = spline_values(t, c, k, points, der, True)
    return np.reshape(masked(r, outside, 0.0) if ext == 1 else r, x.shape)


@_method(interpolate.UnivariateSpline.__call__)
def univariate(self, x, nu=0, ext=None):
    ext = self.ext if ext is None else ext
    ext = {"extrapolate": 0, "zeros": 1, "raise": 2, "const": 3}.get(ext, ext)
    return splev(x, self._eval_args, nu, ext)


def _raised(t, c, k):
    """Knots, coefficients by the first axis, and degree of the integral of a spline from its start."""
    c = c[: t.shape[0] - k - 1]
    widths = np.reshape(t[k + 1 :] - t[: t.shape[0] - k - 1], (-1, *(1,) * (c.ndim - 1)))
    sums = np.cumsum(c * widths, axis=0) / (k + 1)
    c = np.concatenate((np.zeros((1, *c.shape[1:])), sums, np.repeat(sums[-1:], k + 2, axis=0)))
    return np.concatenate((t[:1], t, t[-1:])), c, k + 1


@_method(interpolate.UnivariateSpline.antiderivative)
def antiderivative(self, n=1):
    t, c, k = self._eval_args
    if n < 0:
        return self.derivative(-n)
    for _ in range(n):
        t, c, k = _raised(array_of(t), array_of(c), k)
    return interpolate.UnivariateSpline._from_tck((t, c, k), self.ext)


def _integrals(t, c, k, a, b):
    """The integrals from ``a`` to ``b`` of the splines whose coefficients are the columns of ``c``."""
    knots, raised, k = _raised(t, c, k)
    ends = np.stack([np.reshape(array_of(end), ()) for end in (a, b)])
    ends = np.clip(ends, knots[k], knots[knots.shape[0] - k - 1]).astype(float, copy=False)
    at_a, at_b = spline_values(knots, raised, k, ends, 0, True)
    return at_b - at_a


@composite(_impl.splint)
def splint(a, b, tck, full_output=0):
    t, c, k = tck
    if full_output:
        raise TypeError("splint: full_output=1 on a Tensor; it hands out plain arrays, so leave it away.")
    if isinstance(c, (list, tuple)) and np.ndim(unwrap(c)) > 1:
        return [splint(a, b, (t, each, k)) for each in c]
    return _integrals(array_of(t), array_of(c), k, a, b)


@composite(_impl.spalde)
def spalde(x, tck):
    t, c, k = tck
    if (isinstance(c, (list, tuple)) and np.ndim(unwrap(c)) > 1) or getattr(c, "ndim", 1) > 1:
        return [spalde(x, (t, each, k)) for each in c]
    x = np.reshape(array_of(x), (-1,))
    if x.shape[0] > 1:
        return [spalde(each, tck) for each in x]
    first, last = unwrap(t)[k], unwrap(t)[len(t) - k - 1]
    if not first <= unwrap(x)[0] <= last:
        raise TypeError(f"spalde: x={unwrap(x)[0]} is outside of the knots, from {first} to {last}.")
    return np.concatenate([splev(x, tck, der) for der in range(k + 1)])


@composite(_impl.sproot)
def sproot(tck, mest=10):
    """Followed by two steps of Newton's method, with which derivatives up to the third are right."""
    t, c, k = tck
    if (isinstance(c, (list, tuple)) and np.ndim(unwrap(c)) > 1) or getattr(c, "ndim", 1) > 1:
        return [sproot((t, each, k), mest) for each in c]
    roots = r = _impl.sproot((unwrap(t), unwrap(c), k), mest)
    for _ in range(2 if roots.size else 0):
        r = r - splev(r, tck) / splev(r, tck, 1)
    return settled(r, roots) if roots.size else roots


# Surfaces


@composite(interpolate.RectBivariateSpline.__init__)
def rectangle_init(self, x, y, z, bbox=(None,) * 4, kx=3, ky=3, s=0, *more):
    """``more`` is ``maxit``, known from SciPy 1.14 on."""
    name = "scipy.interpolate.RectBivariateSpline"
    if unwrap(s):
        raise TypeError(f"{name} on a Tensor: {_SMOOTHED}")
    interpolate.RectBivariateSpline.__init__(self, *map(unwrap, (x, y, z, list(bbox), kx, ky, s, *more)))
    tx, ty, plain = self.tck[:3]
    c, knots = array_of(z).astype(float, copy=False), []
    for j, (t, k, points) in enumerate(((tx, kx, x), (ty, ky, y))):
        points = np.reshape(array_of(points), (-1,)).astype(float, copy=False)
        t = _knots(name, t, points, k, list(bbox)[2 * j : 2 * j + 2], None)
        weights, columns = entries(t, points, k)
        c = np.moveaxis(solved(weights, columns, np.moveaxis(c, j, 0)), 0, j)
        knots.append(t)
    self.tck = (*knots, settled(np.reshape(c, (-1,)), plain))


def _surface(tck, x, y, dx, dy, grid):
    """The values at points, or on the grid of them, at the nearest ones for those that are outside."""
    parts, c = [], tck[2]
    for t, k, x, nu, label in zip(tck[:2], tck[3:], (x, y), (dx, dy), "xy", strict=True):  # noqa: B020
        if nu and not 0 <= nu < k:
            raise ValueError(f"d{label}={nu} must be from 0 to {k - 1}.")
        t = array_of(t)
        low, high = unwrap(t)[k], unwrap(t)[t.shape[0] - k - 1]
        x = np.reshape(x, (-1,)).astype(float, copy=False)
        x = np.where(unwrap(x) < low, t[k], np.where(unwrap(x) > high, t[t.shape[0] - k - 1], x))
        i = span(t, x, k)
        parts.append((bspline_weights(t, x, k, nu, i), i[:, None] + np.arange(-k, 1), t.shape[0] - k - 1))
    (u, rows, n), (v, columns, m) = parts
    c = array_of(c)
    if grid:
        return np.transpose(combine(v, columns, np.transpose(combine(u, rows, np.reshape(c, (n, m))))))
    weights, places = corners((u, v), (rows, columns), (n, m))
    return combine(weights, places, c)


@_method(interpolate.BivariateSpline.__call__)
def bivariate(self, x, y, dx=0, dy=0, grid=True):
    x, y = array_of(x), array_of(y)
    if not grid and x.shape != y.shape:
        x, y = np.broadcast_arrays(x, y)
    if not x.size or not y.size:
        return np.zeros((x.size, y.size) if grid else x.shape)
    for label, points in zip("xy" if grid else "", (x, y), strict=False):
        if points.size > 1 and np.any(np.diff(unwrap(points)) < 0):
            raise ValueError(f"{label} must be strictly increasing when `grid` is True")
    r = _surface((*self.tck[:3], *self.degrees), x, y, dx, dy, grid)
    return r if grid else np.reshape(r, x.shape)


@composite(_impl.bisplev)
def bisplev(x, y, tck, dx=0, dy=0):
    tx, ty, c, kx, ky = tck
    if not (0 <= dx < kx and 0 <= dy < ky):
        raise ValueError(f"0 <= dx = {dx} < kx = {kx} and 0 <= dy = {dy} < ky = {ky} must hold")
    x, y = np.atleast_1d(array_of(x)), np.atleast_1d(array_of(y))
    if x.ndim != 1 or y.ndim != 1:
        raise ValueError("First two entries should be rank-1 arrays.")
    z = _surface((tx, ty, c, kx, ky), x, y, dx, dy, True)
    return z if len(z) > 1 else z[0] if len(z[0]) > 1 else z[0][0]


@_method(interpolate.BivariateSpline.integral)
def bivariate_integral(self, xa, xb, ya, yb):
    (tx, ty, c), (kx, ky) = self.tck[:3], self.degrees
    tx, ty = array_of(tx), array_of(ty)
    c = np.reshape(array_of(c), (tx.shape[0] - kx - 1, -1))
    return _integrals(ty, _integrals(tx, c, kx, xa, xb), ky, ya, yb)


def _derivative(t, c, k):
    """Knots, coefficients by the first axis, and degree of the derivative of a spline."""
    t, n = array_of(t), c.shape[0]
    widths = t[k + 1 : n + k] - t[1:n]
    return t[1:-1], (c[1:] - c[:-1]) * np.reshape(k / widths, (-1, *(1,) * (c.ndim - 1))), k - 1


if hasattr(interpolate.BivariateSpline, "partial_derivative"):

    @_method(interpolate.BivariateSpline.partial_derivative)
    def partial_derivative(self, dx, dy):
        if dx == 0 and dy == 0:
            return self
        (tx, ty, c), (kx, ky) = self.tck[:3], self.degrees
        if not (0 <= dx < kx and 0 <= dy < ky):
            raise ValueError(f"dx={dx} and dy={dy} must be at least 0 and less than the degrees {kx} and {ky}.")
        c = np.reshape(array_of(c), (len(tx) - kx - 1, -1))
        for _ in range(dx):
            tx, c, kx = _derivative(tx, c, kx)
        c = np.transpose(c)
        for _ in range(dy):
            ty, c, ky = _derivative(ty, c, ky)
        return interpolate._fitpack2._DerivedBivariateSpline._from_tck(
            (tx, ty, np.reshape(np.transpose(c), (-1,)), kx, ky)
        )


refused(
    "FITPACK chooses the knots in compiled code; use interpolate.make_interp_spline, make_lsq_spline, or "
    "make_splprep(x, s=0).",
    interpolate.splprep,
)
refused(
    "FITPACK chooses the knots in compiled code; use RectBivariateSpline or RegularGridInterpolator on a grid, "
    "RBFInterpolator for scattered points.",
    *(getattr(interpolate, f"{name}BivariateSpline").__init__ for name in ("Smooth", "LSQ", "RectSphere")),
    *(getattr(interpolate, f"{name}SphereBivariateSpline").__init__ for name in ("Smooth", "LSQ")),
    interpolate.bisplrep,
)
refused(
    "it is compiled code; with BSpline(*tck).insert_knot(x) the coefficients keep their gradients.",
    interpolate.insert,
)
