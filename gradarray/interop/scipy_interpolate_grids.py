"""Interpolation in several dimensions of ``scipy.interpolate``: on grids, of scattered points, by radial functions."""

import numpy as np
from scipy import interpolate, spatial

from ..context import Wrapping
from ..registry import composite, unwrap
from ..rules.shape import array_of
from .scipy_interpolate_weights import bspline_weights, combine, corners, masked, settled, solve, span

_rgi, _ndbspline = interpolate._rgi, interpolate._ndbspline


@composite(_rgi._ndim_coords_from_arrays)
def coordinates(points, ndim=None):
    if isinstance(points, tuple) and len(points) > 1:
        return np.stack(np.broadcast_arrays(*map(array_of, points)), axis=-1)
    points = array_of(points[0] if isinstance(points, tuple) else points)
    return np.reshape(points, (-1, ndim or 1)) if points.ndim == 1 else points


# Regular grids


@composite(_rgi.find_indices)
def find_indices(grid, xi):
    indices = _rgi.find_indices(tuple(map(unwrap, grid)), np.ascontiguousarray(unwrap(xi)))[0]
    parts = []
    for x, knots, i in zip(xi, grid, indices, strict=True):
        single = knots.shape[0] == 1
        parts.append(np.zeros(i.shape) if single else (x - knots[i]) / (knots[i + 1] - knots[i]))
    return indices, np.stack(parts)


@composite(_rgi.evaluate_linear_2d)
def evaluate_linear_2d(values, indices, norm_distances, grid, out):
    (i, j), (p, q) = indices, norm_distances
    below, above = (values[i, k] * (1 - q) + values[i, k + 1] * q for i, k, q in ((i, j, q), (i + 1, j, q)))
    return below * (1 - p) + above * p


@composite(interpolate.NdBSpline.__call__)
def ndbspline(self, xi, *, nu=None, extrapolate=None):
    t, k = self.t, self.k
    c = self._c if hasattr(self, "_c") else self.c
    d = len(t)
    nu = (0,) * d if nu is None else [int(n) for n in nu]
    if len(nu) != d or min(nu) < 0:
        raise ValueError(f"NdBSpline: nu={nu}; give {d} orders that are not negative.")
    extrapolate = self.extrapolate if extrapolate is None else extrapolate
    xi = array_of(xi).astype(float, copy=False)
    if xi.shape[-1] != d:
        raise ValueError(f"NdBSpline: points of {xi.shape[-1]} coordinates in {d} dimensions.")
    points = np.reshape(xi, (-1, d))
    at = unwrap(points)
    ends = [(knots[n], knots[len(knots) - n - 1]) for knots, n in zip(t, k, strict=True)]
    outside = np.isnan(at).any(axis=1)
    if not extrapolate:
        outside |= ~np.all([(at[:, j] >= a) & (at[:, j] <= b) for j, (a, b) in enumerate(ends)], axis=0)
    points = masked(points, outside, np.array([a for a, _ in ends]))
    spans = [span(t[j], unwrap(points)[:, j], k[j]) for j in range(d)]
    weights = [bspline_weights(t[j], points[:, j], k[j], nu[j], i) for j, i in enumerate(spans)]
    columns = [i[:, None] + np.arange(-n, 1) for i, n in zip(spans, k, strict=True)]
    total, places = corners(weights, columns, c.shape[:d])
    r = masked(combine(total, places, np.reshape(c, (-1, *c.shape[d:]))), outside)
    return np.reshape(r, xi.shape[:-1] + c.shape[d:])


@composite(_ndbspline.make_ndbspl)
def make_ndbspl(points, values, k=3, *, solver=_ndbspline.ssl.gcrotmk, **solver_args):
    """One dimension after the other, since the system is a product; its value is that of SciPy's ``solver``."""
    points = [np.asarray(unwrap(x), dtype=float) for x in points]
    plain = _ndbspline.make_ndbspl(points, unwrap(values), k, solver=solver, **solver_args)
    c = array_of(values)
    for j, (t, degree, x) in enumerate(zip(plain.t, plain.k, points, strict=True)):
        i = span(t, x, degree)
        columns = i[:, None] + np.arange(-degree, 1)
        row = np.repeat(np.arange(len(x)), degree + 1)
        right = np.moveaxis(c, j, 0)
        c = np.moveaxis(solve(bspline_weights(t, x, degree, 0, i).ravel(), row, columns.ravel(), right), 0, j)
    with Wrapping(interpolate.NdBSpline):
        return interpolate.NdBSpline(plain.t, settled(c, plain.c), plain.k)


# Radial functions


def _kernel(kernel, squares):
    """A radial function of squares of distances, smooth or with the subgradient 0 where these vanish."""
    zero = unwrap(squares) == 0
    safe = np.where(zero, 1, squares)
    if kernel == "thin_plate_spline":
        return squares * (0.5 * np.log(safe))
    if kernel in ("linear", "cubic", "quintic"):
        r = np.where(zero, 0, np.sqrt(safe))
        return -r if kernel == "linear" else r * squares if kernel == "cubic" else -r * squares * squares
    if kernel == "gaussian":
        return np.exp(-squares)
    if kernel == "multiquadric":
        return -np.sqrt(squares + 1)
    return 1 / (squares + 1) if kernel == "inverse_quadratic" else 1 / np.sqrt(squares + 1)


def _squares(x, y, epsilon):
    x, y = x * epsilon, y * epsilon
    steps = [x[:, j, None] - y[:, j] for j in range(x.shape[1])]
    return sum(step * step for step in steps)


def _monomials(x, powers):
    columns = [np.ones(x.shape[0])] * powers.shape[0]
    for k, each in enumerate(powers):
        for j, n in enumerate(each):
            columns[k] = columns[k] * x[:, j] ** int(n) if n else columns[k]
    return np.stack(columns, axis=1) if columns else np.zeros((x.shape[0], 0))


def evaluation_coefficients(x, y, kernel, epsilon, powers, shift, scale, *xp):
    shift, scale = shift + 0, scale + 0  # what compiled code has made cannot be guarded
    parts = _kernel(kernel, _squares(x, y, epsilon)), _monomials((x - shift) / scale, unwrap(powers))
    return np.concatenate(parts, axis=1)


def build_and_solve_system(y, d, smoothing, kernel, epsilon, powers, *xp):
    low, high = np.min(y, axis=0), np.max(y, axis=0)
    shift, scale = 0.5 * (high + low), 0.5 * (high - low)
    scale = np.where(unwrap(scale) == 0, 1, scale)
    powers = unwrap(powers)
    m = powers.shape[0]
    p = _monomials((y - shift) / scale, powers)
    core = _kernel(kernel, _squares(y, y, epsilon)) + np.diag(smoothing)
    matrix = np.concatenate(
        (np.concatenate((core, p), axis=1), np.concatenate((np.transpose(p), np.zeros((m, m))), axis=1))
    )
    return shift, scale, np.linalg.solve(matrix, np.concatenate((d, np.zeros((m, d.shape[1])))))


_rbf = getattr(interpolate, "_rbfinterp_np", interpolate._rbfinterp)
composite(_rbf._build_and_solve_system)(build_and_solve_system)
for _name in ("_build_evaluation_coefficients", "_pythran_build_evaluation_coefficients"):
    if hasattr(_rbf, _name):
        composite(getattr(_rbf, _name))(evaluation_coefficients)

if hasattr(_rbf, "compute_interpolation"):

    @composite(_rbf.compute_interpolation)
    def compute_interpolation(x, y, kernel, epsilon, powers, shift, scale, coeffs, xp):
        return evaluation_coefficients(x, y, kernel, epsilon, powers, shift, scale) @ (coeffs + 0)


# Scattered points


@composite(interpolate.griddata)
def griddata(points, values, xi, method="linear", fill_value=np.nan, rescale=False, simplex_tolerance=1.0):
    """The last argument is known from SciPy 1.18 on."""
    points, values = coordinates(points), array_of(values)
    if points.ndim < 2 or points.shape[-1] == 1:
        order = np.argsort(unwrap(np.reshape(points, (-1,))))
        fill = "extrapolate" if method == "nearest" else fill_value
        with Wrapping(interpolate.interp1d):
            line = interpolate.interp1d(
                np.reshape(points, (-1,))[order], values[order], method, 0, bounds_error=False, fill_value=fill
            )
            return line(xi[0] if isinstance(xi, tuple) else xi)
    if method not in ("linear", "nearest"):
        raise TypeError(
            f"scipy.interpolate.griddata on a Tensor: method={method!r} ends in compiled code; "
            "use method='linear' or RBFInterpolator."
        )
    xi = coordinates(xi, points.shape[-1])
    at = np.reshape(xi, (-1, points.shape[-1]))
    if rescale:
        offset, scale = np.mean(points, axis=0), np.ptp(points, axis=0)
        scale = np.where(unwrap(scale) > 0, scale, 1)
        points, at = (points - offset) / scale, (at - offset) / scale
    if method == "nearest":
        r = values[spatial.cKDTree(unwrap(points)).query(unwrap(at))[1]]
        r = r if r.dtype.kind == "c" else r.astype(float, copy=False)
    else:
        triangles = spatial.Delaunay(unwrap(points))
        found = triangles.find_simplex(unwrap(at), tol=100 * np.finfo(float).eps * simplex_tolerance)
        corners = triangles.simplices[found]
        far = points[corners[:, -1]]
        edges = np.swapaxes(points[corners[:, :-1]] - far[:, None], -1, -2)
        part = np.linalg.solve(edges, (at - far)[..., None])[..., 0]
        weights = np.concatenate((part, 1 - np.sum(part, axis=1, keepdims=True)), axis=1)
        r = combine(weights, corners, values)
        outside = (found < 0).reshape(-1, *(1,) * (r.ndim - 1))
        r = np.where(outside, fill_value, r) if outside.any() else r
    return np.reshape(r, (*xi.shape[:-1], *values.shape[1:]))


@composite(interpolate.NearestNDInterpolator.__init__)
def nearest_init(self, x, y, rescale=False, tree_options=None):
    """Which point is the nearest does not change with a small step, so that there are gradients to values only."""
    interpolate.NearestNDInterpolator.__init__(self, unwrap(coordinates(x)), unwrap(y), rescale, tree_options)
    self.values = array_of(y)


@composite(interpolate.NearestNDInterpolator.__call__)
def nearest_call(self, *args, **query_options):
    xi = unwrap(coordinates(args, self.points.shape[1]))
    if xi.shape[-1] != self.points.shape[1]:
        raise ValueError("number of dimensions in xi does not match x")
    xi = self._scale_x(np.asarray(xi, dtype=float))
    distances, i = self.tree.query(np.reshape(xi, (-1, xi.shape[-1])), **query_options)
    there, values = np.isfinite(distances), array_of(self.values)
    r = masked(values[np.where(there, i, 0)], ~there)
    r = r if r.dtype.kind == "c" else r.astype(float, copy=False)
    return np.reshape(r, (*xi.shape[:-1], *values.shape[1:]))
