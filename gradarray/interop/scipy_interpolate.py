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

from ..context import Wrapping
from ..registry import composite, refused, unwrap
from ..rules.shape import array_of
from . import scipy_interpolate_fitpack, scipy_interpolate_grids
from .scipy_interpolate_weights import (
    bernstein_weights,
    closest,
    combine,
    entries,
    masked,
    not_a_knot,
    power_weights,
    settled,
    solve,
    solved,
    spline_values,
)

__all__ = ["scipy_interpolate_fitpack", "scipy_interpolate_grids"]
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


@composite(getattr(_bsplines, "_BSpline", interpolate.BSpline).__call__)  # the former in SciPy 1.18
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
    r = np.reshape(spline_values(t, c, k, points, nu, extrapolate), x.shape + c.shape[1:])
    return np.moveaxis(r, range(x.ndim), range(self.axis, self.axis + x.ndim)) if self.axis else r


def evaluate_spline(t, c, k, x, nu, extrapolate, *out):
    r = spline_values(t, c, k, x, nu, extrapolate)
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
    with Wrapping(interpolate.BSpline):
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
        t = _around(x, k) if bc_type == "periodic" else not_a_knot(x, k)
    if k == 0 or (k == 1 and known[3] is None):
        return _constructed(t, y, k, axis=plain.axis)
    if bc_type == "periodic":
        n = x.shape[0] - 1
        weights, columns = entries(t, x[:-1], k)
        c = solved(weights, columns % n, y[:-1])[np.arange(n + k) % n]
        return _constructed(t, settled(c, _held(plain, "c")), k, extrapolate="periodic", axis=plain.axis)
    c = _through(t, x, y, k, left, right)
    return _constructed(t, settled(c, _held(plain, "c")), k, axis=plain.axis)


def _through(t, x, y, k, left, right):
    """The coefficients of the spline through the points that fulfils the conditions at either end."""
    (left, first), (right, last) = _conditions(left, y), _conditions(right, y)
    parts = [entries(t, x[:1], k, nu) for nu in left]
    parts.append(entries(t, x, k))
    parts += [entries(t, x[-1:], k, nu) for nu in right]
    weights, columns = (np.concatenate(each) for each in zip(*parts, strict=True))
    return solved(weights, columns, np.concatenate((*first, y, *last)))


@composite(interpolate.make_lsq_spline)
def make_lsq_spline(x, y, t, k=3, w=None, axis=0, check_finite=True, **options):
    plain = interpolate.make_lsq_spline(*map(unwrap, (x, y, t, k, w)), axis, check_finite, **options)
    x, y, t = (array_of(v).astype(np.result_type(v, float), copy=False) for v in map(array_of, (x, y, t)))
    w = np.ones(x.shape) if w is None else array_of(w)
    y = np.moveaxis(y, axis, 0)
    c = closest(t, x, y, w, k)
    return _constructed(t, settled(c, _held(plain, "c")), k, axis=plain.axis)


@composite(interpolate.make_smoothing_spline)
def make_smoothing_spline(x, y, w=None, lam=None, **options):
    """Through values f, with second derivatives s at inner points, for which w (f - y) + lam Q s = 0 and Q^T f = R s.

    Green and Silverman, Nonparametric Regression and Generalized Linear Models, section 2.3.
    """
    if lam is None or np.ndim(unwrap(lam)):
        raise TypeError(
            "scipy.interpolate.make_smoothing_spline on a Tensor: give lam, one number, which else is searched for."
        )
    plain = interpolate.make_smoothing_spline(*map(unwrap, (x, y, w, lam)), **options)
    x, y = (v.astype(float, copy=False) for v in map(array_of, (x, y)))
    y = np.moveaxis(y, options.get("axis", 0), 0)
    n, h = x.shape[0], np.diff(x)
    w = np.ones(n) if w is None else array_of(w).astype(float, copy=False)
    points, inner = np.arange(n), np.arange(n - 2)
    bends = np.concatenate((1 / h[:-1], -1 / h[:-1] - 1 / h[1:], 1 / h[1:]))
    where, which = np.concatenate((inner, inner + 1, inner + 2)), np.tile(inner, 3) + n
    matrix = np.concatenate((w, array_of(lam) * bends, bends, -(h[:-1] + h[1:]) / 3, -h[1:-1] / 6, -h[1:-1] / 6))
    rows = np.concatenate((points, where, which, inner + n, inner[1:] + n, inner[:-1] + n))
    columns = np.concatenate((points, which, where, inner + n, inner[:-1] + n, inner[1:] + n))
    right = np.concatenate((np.reshape(w, (n, *(1,) * (y.ndim - 1))) * y, np.zeros((n - 2, *y.shape[1:]))))
    f = solve(matrix, rows, columns, right)[:n]
    t = np.concatenate((np.repeat(x[:1], 3), x, np.repeat(x[-1:], 3)))
    c = _through(t, x, f, 3, "natural", "natural")
    return _constructed(t, settled(c, _held(plain, "c")), 3, axis=plain.axis)


_repro = getattr(interpolate, "_fitpack_repro", None)
if _repro is not None and hasattr(_repro, "_make_splrep_impl"):
    refused(
        "with s > 0 the knots are chosen in compiled code; give s=0, or the knots to make_lsq_spline.",
        _repro._make_splrep_impl,
    )
