"""Interpolation: values that a spline's knots are fitted to, points at knots, and what becomes of constants."""

import numpy as np
import pytest
from scipy import interpolate, optimize
from test_catalogue import close

import gradarray as ga

X = np.array([0.0, 0.7, 1.1, 2.0, 2.6, 3.5])


def test_the_values_at_the_knots_of_a_spline_are_fitted_to_samples():
    """Noisy samples of a sine, by gradients through the spline; the normal equations give the same values."""
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(0, 3.5, 200))
    samples = np.sin(2 * x) + 0.05 * rng.standard_normal(200)

    def misfit(y):
        return np.mean((interpolate.CubicSpline(X, y, bc_type="natural")(x) - samples) ** 2)

    fitted = optimize.minimize(ga.value_and_grad(misfit), np.zeros(6), jac=True, tol=1e-12).x
    design = interpolate.CubicSpline(X, np.eye(6), bc_type="natural")(x)
    np.testing.assert_allclose(fitted, np.linalg.lstsq(design, samples, rcond=None)[0], atol=1e-6)
    assert np.sqrt(misfit(fitted)) < 0.08


def test_the_knots_of_a_spline_are_fitted_to_samples():
    """Where the two inner knots of a quadratic spline are, from samples of one that has them at 0.9 and 2.2."""

    def curve(inner, c, x):
        t = np.concatenate((np.zeros(3), inner, 3.5 * np.ones(3)))
        return interpolate.BSpline(t, c, 2)(x)

    x, c = np.linspace(0, 3.5, 80), np.array([0.0, 2.0, -1.0, 1.5, 0.5])
    samples = curve(np.array([0.9, 2.2]), c, x)

    def misfit(p):
        return np.sum((curve(p[:2], p[2:], x) - samples) ** 2)

    start = np.concatenate(([1.2, 1.9], c + 0.3))
    fitted = optimize.minimize(ga.value_and_grad(misfit), start, jac=True, method="BFGS", options={"gtol": 1e-9}).x
    np.testing.assert_allclose(fitted[:2], [0.9, 2.2], atol=1e-5)


@pytest.mark.parametrize("k", [1, 2, 3])
def test_values_at_the_knots_themselves(k):
    """The piece on the right counts, at the last knot that on the left, as in SciPy."""
    rng = np.random.default_rng(1)
    c, values = rng.standard_normal((k + 1, 5)), rng.standard_normal(6)
    for x in (X, X[::-1].copy()):
        piecewise = interpolate.PPoly(c, x)
        with ga.wrapping():
            close(interpolate.PPoly(ga.tensor(c), x)(x).data, piecewise(x), 1e-14)
            close(interpolate.make_interp_spline(X, ga.tensor(values), k=k)(X).data, values, 1e-13)


def test_outside_and_nan():
    """What SciPy gives as nan has no part in the gradient of the rest."""
    y = ga.tensor(np.sin(X))
    points = np.array([-1.0, 0.5, np.nan, 9.0])
    with ga.wrapping():
        for spline in (interpolate.CubicSpline(X, y, extrapolate=False), interpolate.make_interp_spline(X, y)):
            values = spline(points, extrapolate=False)
            np.testing.assert_array_equal(np.isnan(values.data), [True, False, True, True])
            values[1].backward()
            assert np.isfinite(y.grad).all()
            assert np.any(y.grad)


def test_a_spline_of_tensors_keeps_them():
    """Its coefficients are Tensors, also after the wrapped context is left."""
    y = ga.tensor(np.sin(X))
    with ga.wrapping():
        spline = interpolate.CubicSpline(X, y)
        linear = interpolate.make_interp_spline(X, y, k=1)
    with ga.wrapping():
        total = spline(0.4) + linear(0.4)
    total.backward()
    numeric = interpolate.CubicSpline(X, np.eye(6))(0.4) + interpolate.make_interp_spline(X, np.eye(6), k=1)(0.4)
    close(y.grad, numeric, 1e-13)


def test_plain_arrays_stay_plain():
    """In wrapped context SciPy gives for plain numbers what it gives outside."""
    with ga.wrapping():
        inside = interpolate.make_interp_spline(X, np.sin(X))(0.4)
    outside = interpolate.make_interp_spline(X, np.sin(X))(0.4)
    assert float(inside) == float(outside)


def test_the_solver_of_a_grid_has_no_part_in_the_gradient():
    """SciPy's default solver stops early; the gradient is that of the spline through the values."""
    grid, values = (X, X), np.outer(np.sin(X), np.cos(X))
    point = np.array([[0.9, 1.4]])

    def at(v):
        return interpolate.RegularGridInterpolator(grid, v, method="cubic")(point)[0]

    once = [interpolate.make_interp_spline(X, np.eye(6))(x) for x in point[0]]
    np.testing.assert_allclose(ga.grad(at)(values), np.outer(*once), atol=1e-12)


def test_radial_functions_have_a_gradient_at_their_centres():
    """At a centre the distance to it is 0; the gradient is finite, that of the interpolant where it has one."""
    centres = np.array([[0.0, 0.0], [1.0, 0.2], [0.2, 1.1], [1.3, 1.2], [2.1, 0.4], [0.5, 2.2]])
    values = np.sin(centres[:, 0]) + centres[:, 1]
    for kernel in ("thin_plate_spline", "cubic", "quintic", "gaussian", "multiquadric"):
        surface = interpolate.RBFInterpolator(centres, values, kernel=kernel, epsilon=1.0)
        gradient = ga.grad(lambda x, s=surface: np.sum(s(x)))(centres)
        steps = 1e-5 * np.eye(2)
        numeric = np.stack([(surface(centres + d) - surface(centres - d)) / 2e-5 for d in steps], axis=1)
        np.testing.assert_allclose(gradient, numeric, atol=1e-4)
