"""Splines and piecewise polynomials of ``scipy.interpolate``. SciPy's own Python code runs on Tensors but for its ends.

A value is a sum of coefficients, weighted by polynomials of the point and of the knots around it; coefficients that
interpolate solve the system of such weights. So there are gradients to coefficients and values, to points and to knots.

>>> import numpy as np, gradarray as ga
>>> from scipy import interpolate
>>> x, y = np.arange(5.0), np.array([0.0, 1.0, 0.0, -1.0, 0.0])
>>> ga.grad(lambda y: interpolate.CubicSpline(x, y)(0.5))(y).round(3)
array([ 0.297,  1.   , -0.406,  0.125, -0.016])
"""

import numpy as np
from scipy import interpolate

from ..context import wrapping
from ..registry import composite, refused, unwrap
from ..rules.shape import array_of
from . import scipy_interpolate_grids
from .scipy_interpolate_weights import (
    bernstein_weights,
    bspline_weights,
    combine,
    masked,
    power_weights,
    settled,
    solve,
    span,
)

__all__ = ["scipy_interpolate_grids"]
_ppoly = interpolate._ppoly
_bsplines = interpolate._bsplines

# Piecewise polynomials: c[p, i, :] are the coefficients between x[i] and x[i + 1]


def _pieces(x, xp, extrapolate):
    """Between which of the breakpoints each of the points is, and which of them are outside."""
    x, xp = unwrap(x), unwrap(xp)
    x, at = (x, xp) if x[-1] >= x[0] else (-x, -xp)
    outside = np.isnan(at) if extrapolate else ~((at >= x[0]) & (at <= x[-1]))
    return np.clip(np.searchsorted(x, at, "right") - 1, 0, x.shape[0] - 2), outside


def _values(c, weights, i, outside):
    k, m = c.shape[:2]
    rows = np.arange(k) * m + i[:, None]
    return masked(combine(weights, rows, np.reshape(c, (k * m, c.shape[2]))), outside)


def _powers(c, x, xp, nu, extrapolate):
    """The values of polynomials in powers of the distance from the breakpoint on the left."""
    i, outside = _pieces(x, xp, extrapolate)
    xp = masked(xp, outside, unwrap(x)[0])
    return _values(c, power_weights(xp - x[i], c.shape[0], nu), i, outside)


@composite(_ppoly.evaluate)
def evaluate(c, x, xp, dx, extrapolate, out):
    if dx < 0:
        raise ValueError("PPoly: the order of a derivative cannot be negative.")
    out[...] = _powers(c, x, xp, dx, extrapolate)


@composite(_ppoly.evaluate_bernstein)
def evaluate_bernstein(c, x, xp, nu, extrapolate, out):
    if nu < 0:
        raise ValueError("BPoly: the order of a derivative cannot be negative.")
    i, outside = _pieces(x, xp, extrapolate)
    xp = masked(xp, outside, unwrap(x)[0])
    out[...] = _values(c, bernstein_weights(xp, x[i], x[i + 1], c.shape[0] - 1, nu), i, outside)


def _steps(c, widths, order):
    """By what the coefficient of ``order`` changes between pieces: C(p, order) c_p h^(p - order) for p above."""
    k, step = c.shape[0], 0.0
    for p in range(order + 1, k):
        step = step + float(_binomial(p, order)) * c[k - 1 - p] * (widths ** (p - order))[:, None]
    return step


def _binomial(n, k):
    return np.prod(np.arange(n - k + 1, n + 1)) // np.prod(np.arange(1, k + 1))


@composite(_ppoly.fix_continuity)
def fix_continuity(c, x, order):
    if order < 0:
        raise ValueError("PPoly: the order of continuity cannot be negative.")
    k, widths = c.shape[0], np.diff(x)
    for n in range(min(order, k - 2), -1, -1):
        steps = np.concatenate((c[k - 1 - n, :1], _steps(c, widths, n)[:-1]))
        c[k - 1 - n] = np.cumsum(steps, axis=0)


@composite(_ppoly.integrate)
def integrate(c, x, a, b, extrapolate, out):
    k = c.shape[0]
    by_power = np.concatenate([c[p : p + 1] / (k - p) for p in range(k)] + [np.zeros_like(unwrap(c[:1]))])
    before = np.cumsum(np.concatenate((by_power[-1, :1], _steps(by_power, np.diff(x), 0)[:-1])), axis=0)
    at_a, at_b = _powers(np.concatenate((by_power[:-1], before[None])), x, np.stack((a, b)), 0, extrapolate)
    out[...] = at_b - at_a


refused(
    "its roots are found in compiled code; polish a root r0 found on plain coefficients by one step of Newton's "
    "method, r0 - p(r0) / p.derivative()(r0.data), which has the right gradient.",
    _ppoly.real_roots,
)
refused(
    "polynomials of several variables are evaluated in compiled code; use interpolate.NdBSpline.",
    _ppoly.evaluate_nd,
)

# B-splines


def _held(spline, name):
    """An attribute of a spline, which newer versions of SciPy hand out as plain arrays."""
    return getattr(spline, f"_{name}") if hasattr(spline, f"_{name}") else getattr(spline, name)


def _spline(t, c, k, x, nu, extrapolate):
    """The values at ``x`` of the splines with the coefficients ``c``."""
    first, last = unwrap(t)[k], unwrap(t)[t.shape[0] - k - 1]
    at = unwrap(x)
    outside = np.isnan(at) if extrapolate else ~((at >= first) & (at <= last))
    x = masked(x, outside, first)
    i = span(t, x, k)
    return masked(combine(bspline_weights(t, x, k, nu, i), i[:, None] + np.arange(-k, 1), c), outside)


@composite(interpolate.BSpline.__call__)
def bspline(self, x, nu=0, extrapolate=None):
    t, c, k = _held(self, "t"), _held(self, "c"), self.k
    extrapolate = self.extrapolate if extrapolate is None else extrapolate
    x = array_of(x)
    points = np.reshape(x, (-1,)).astype(float, copy=False)
    if extrapolate == "periodic":
        first, last = t[k], t[t.shape[0] - k - 1]
        points, extrapolate = first + (points - first) % (last - first), False
    if nu < 0:
        raise ValueError("BSpline: the order of a derivative cannot be negative.")
    r = np.reshape(_spline(t, c, k, points, nu, extrapolate), x.shape + c.shape[1:])
    return np.moveaxis(r, range(x.ndim), range(self.axis, self.axis + x.ndim)) if self.axis else r


def evaluate_spline(t, c, k, x, nu, extrapolate, *out):
    r = _spline(t, c, k, x, nu, extrapolate)
    for given in out:
        given[...] = r
    return r


for _module in ("_dierckx", "_bspl"):
    if hasattr(getattr(_bsplines, _module, None), "evaluate_spline"):
        composite(getattr(_bsplines, _module).evaluate_spline)(evaluate_spline)

refused(
    "sparse matrices hold plain arrays; BSpline(t, np.eye(n), k)(x) is the same as a Tensor.",
    interpolate.BSpline.design_matrix.__func__,
)


# Splines through points, and close to them


def _entries(t, x, k, nu=0):
    """The weights of B-splines at each ``x``, and the numbers of these."""
    i = span(t, unwrap(x), k)
    return bspline_weights(t, x, k, nu, i), i[:, None] + np.arange(-k, 1)


def _not_a_knot(x, k):
    inner = x if k % 2 else 0.5 * (x[1:] + x[:-1])
    inner = inner[(k + k % 2) // 2 :][: -((k + k % 2) // 2)]
    return np.concatenate((np.repeat(x[:1], k + 1), inner, np.repeat(x[-1:], k + 1)))


def _around(x, k):
    """The knots of a periodic spline: ``x``, or for even ``k`` what lies between, and ``k`` more at either end."""
    if k % 2 == 0:
        x = np.concatenate((x[:1], x[1:-1] - 0.5 * np.diff(x)[:-1], x[-1:]))
    widths = np.diff(x)
    more = np.arange(k)
    before = x[0] - np.cumsum(widths[-(more % widths.shape[0]) - 1])[::-1]
    return np.concatenate((before, x, x[-1] + np.cumsum(widths[more % widths.shape[0]])))


def _conditions(side, like):
    """The derivatives that are known at one end: their orders, and their values."""
    if isinstance(side, str):
        side = [(1 if side == "clamped" else 2, np.zeros(like.shape[1:]))]
    orders = [int(n) for n, _ in side or ()]
    values = [np.reshape(array_of(v), like.shape[1:])[None] for _, v in side or ()]
    return orders, values


def _constructed(t, c, k, **options):
    with wrapping:
        return interpolate.BSpline.construct_fast(t, c, k, **options)


@composite(interpolate.make_interp_spline)
def make_interp_spline(x, y, k=3, t=None, bc_type=None, axis=0, check_finite=True):
    known = [unwrap(v) for v in (x, y, k, t)]
    sides = (
        bc_type
        if bc_type is None or isinstance(bc_type, str)
        else [
            None if side is None else side if isinstance(side, str) else [(n, unwrap(v)) for n, v in side]
            for side in bc_type
        ]
    )
    plain = interpolate.make_interp_spline(*known, sides, axis, check_finite)
    x, y = (array_of(v).astype(np.result_type(v, float), copy=False) for v in map(array_of, (x, y)))
    y = np.moveaxis(y, axis, 0)
    left, right = (
        (None, None)
        if bc_type in (None, "not-a-knot", "periodic")
        else ((bc_type, bc_type) if isinstance(bc_type, str) else bc_type)
    )
    if t is not None:
        t = array_of(t)
    elif k == 0:
        t = np.concatenate((x, x[-1:]))
    elif k == 1 or left is not None or right is not None:
        t = np.concatenate((np.repeat(x[:1], k), x, np.repeat(x[-1:], k)))
    else:
        t = _around(x, k) if bc_type == "periodic" else _not_a_knot(x, k)
    if k == 0 or (k == 1 and known[3] is None):
        return _constructed(t, y, k, axis=plain.axis)
    if bc_type == "periodic":
        n = x.shape[0] - 1
        weights, columns = _entries(t, x[:-1], k)
        c = _solved(weights, columns % n, y[:-1])[np.arange(n + k) % n]
        return _constructed(t, settled(c, _held(plain, "c")), k, extrapolate="periodic", axis=plain.axis)
    (left, first), (right, last) = _conditions(left, y), _conditions(right, y)
    parts = [_entries(t, x[:1], k, nu) for nu in left]
    parts.append(_entries(t, x, k))
    parts += [_entries(t, x[-1:], k, nu) for nu in right]
    weights, columns = (np.concatenate(each) for each in zip(*parts, strict=True))
    c = _solved(weights, columns, np.concatenate((*first, y, *last)))
    return _constructed(t, settled(c, _held(plain, "c")), k, axis=plain.axis)


def _solved(weights, columns, y):
    """The coefficients with which the weights give ``y``."""
    n, k = columns.shape
    return solve(np.reshape(weights, (-1,)), np.repeat(np.arange(n), k), columns.ravel(), y)


@composite(interpolate.make_lsq_spline)
def make_lsq_spline(x, y, t, k=3, w=None, axis=0, check_finite=True, **options):
    """With A the weights times ``w``: the system r + A c = w y, A^T r = 0."""
    plain = interpolate.make_lsq_spline(*map(unwrap, (x, y, t, k, w)), axis, check_finite, **options)
    x, y, t = (array_of(v).astype(np.result_type(v, float), copy=False) for v in map(array_of, (x, y, t)))
    w = np.ones(x.shape) if w is None else array_of(w)
    y = np.moveaxis(y, axis, 0)
    weights, columns = _entries(t, x, k)
    n, m = x.shape[0], t.shape[0] - k - 1
    a, row, column = np.reshape(weights * w[:, None], (-1,)), np.repeat(np.arange(n), k + 1), columns.ravel() + n
    matrix = np.concatenate((np.ones(n), a, a))
    every = np.arange(n)
    right = np.concatenate((np.reshape(w, (n, *(1,) * (y.ndim - 1))) * y, np.zeros((m, *y.shape[1:]))))
    c = solve(matrix, np.concatenate((every, row, column)), np.concatenate((every, column, row)), right)[n:]
    return _constructed(t, settled(c, _held(plain, "c")), k, axis=plain.axis)


# FITPACK


@composite(interpolate._fitpack_impl.splev)
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
    r = _spline(t, c, k, points, der, True)
    return np.reshape(masked(r, outside, 0.0) if ext == 1 else r, x.shape)


@composite(interpolate._fitpack_impl.splint)
def splint(a, b, tck, full_output=0):
    t, c, k = tck
    if full_output:
        raise TypeError("splint: full_output=1 on a Tensor; it hands out plain arrays, so leave it away.")
    if isinstance(c, (list, tuple)) and np.ndim(unwrap(c)) > 1:
        return [splint(a, b, (t, each, k)) for each in c]
    t, c = array_of(t), array_of(c)[: len(t) - k - 1]
    widths = t[k + 1 :] - t[: t.shape[0] - k - 1]
    sums = np.cumsum(c * widths) / (k + 1)
    raised = np.concatenate((np.zeros(1), sums, np.repeat(sums[-1:], k + 1)))
    knots = np.concatenate((t[:1], t, t[-1:]))
    ends = np.clip(np.stack((array_of(a), array_of(b))), t[k], t[t.shape[0] - k - 1])
    at_a, at_b = _spline(knots, raised, k + 1, ends.astype(float, copy=False), 0, True)
    return at_b - at_a


@composite(interpolate.UnivariateSpline.__call__)
def univariate(self, x, nu=0, ext=None):
    ext = self.ext if ext is None else ext
    ext = {"extrapolate": 0, "zeros": 1, "raise": 2, "const": 3}.get(ext, ext)
    return splev(x, self._eval_args, nu, ext)


_repro = getattr(interpolate, "_fitpack_repro", None)
if _repro is not None and hasattr(_repro, "_make_splrep_impl"):
    refused(
        "with s > 0 the knots are chosen in compiled code; give s=0, or the knots to make_lsq_spline.",
        _repro._make_splrep_impl,
    )
refused(
    "its smoothness is chosen in compiled code; give knots to make_lsq_spline, or fit the values of a CubicSpline.",
    interpolate.make_smoothing_spline,
)
_FITTED = "FITPACK chooses the knots in compiled code; use interpolate.make_interp_spline, make_lsq_spline"
refused(f"{_FITTED}, or make_splrep(x, y, s=0).", interpolate.splrep, interpolate.splprep)
refused(
    f"{_FITTED} or, on a grid, RegularGridInterpolator.",
    *(getattr(interpolate, f"{name}UnivariateSpline").__init__ for name in ("", "Interpolated", "LSQ")),
    *(getattr(interpolate, f"{name}BivariateSpline").__init__ for name in ("Smooth", "LSQ", "Rect")),
    *(interpolate.bisplrep, interpolate.bisplev, interpolate.sproot, interpolate.spalde, interpolate.insert),
)
