"""Derivatives of solutions: what no row of the catalogue can say."""

import functools
import math

import numpy as np
import pytest
from scipy import optimize

import gradarray as ga
from gradarray.interop import implicit_fixed_point, implicit_minimum, implicit_root


def square_root(t):
    return optimize.brentq(lambda x: x * x - t, 0, 10, xtol=1e-15)


def implicit(t, order=2):
    value = float(np.sqrt(t.data if isinstance(t, ga.Tensor) else t))
    return implicit_root(lambda x, t: x * x - t, value, t, order=order)


def forward(f):
    return lambda t: ga.jvp(f, [t], [1.0])[1]


@pytest.mark.parametrize("f", [square_root, implicit])
@pytest.mark.parametrize("outer", [ga.grad, forward])
@pytest.mark.parametrize("inner", [ga.grad, forward])
def test_two_orders_and_an_error_at_the_third(f, inner, outer):
    assert np.isclose(inner(f)(4.0), 0.25, rtol=1e-12)
    assert np.isclose(outer(inner(f))(4.0), -1 / 32, rtol=1e-12)
    for last in (ga.grad, forward):
        with pytest.raises(NotImplementedError, match=r"more often.*order="):
            last(outer(inner(f)))(4.0)


def test_more_orders_on_request():
    f = functools.partial(implicit, order=4)
    assert np.isclose(ga.grad(ga.grad(ga.grad(f)))(4.0), 3 / 8 * 4**-2.5, rtol=1e-11)
    assert np.isclose(forward(ga.grad(ga.grad(ga.grad(f))))(4.0), -15 / 16 * 4**-3.5, rtol=1e-11)
    once = functools.partial(implicit, order=1)
    assert np.isclose(ga.grad(once)(4.0), 0.25)
    with pytest.raises(NotImplementedError, match="order="):
        ga.grad(ga.grad(once))(4.0)


def test_backward_outside_transforms():
    t = ga.tensor([2.0, 3.0])
    with ga.wrapping():
        found = optimize.root(lambda x, t: x**3 + x - t, np.ones(2), args=(t,), tol=1e-12)
    assert type(found) is optimize.OptimizeResult
    assert found.success
    assert type(found.fun) is np.ndarray
    found.x.backward()
    np.testing.assert_allclose(t.grad, 1 / (3 * found.x.data**2 + 1))


def test_nothing_changes_without_tensors():
    """Functions that cannot take Tensors are only called as SciPy calls them, and results are SciPy's own."""

    def f(x):
        assert type(x) in (float, np.float64, np.ndarray)
        return x**3 - 2

    def roots():
        return optimize.brentq(f, 0, 3), optimize.newton(f, 1.0), optimize.root(f, [1.0]).x, optimize.fsolve(f, [1.0])

    least = optimize.minimize(lambda x: float(f(x)[0] ** 2), [1.0]), optimize.minimize_scalar(lambda x: f(x) ** 2)
    with ga.wrapping():
        inside = roots()
        found = optimize.minimize(lambda x: float(f(x)[0] ** 2), [1.0]), optimize.minimize_scalar(lambda x: f(x) ** 2)
    for a, b in zip(roots(), inside, strict=True):
        assert type(a) is type(b)
        np.testing.assert_array_equal(a, b)
    for a, b in zip(least, found, strict=True):
        assert type(b.x) is type(a.x)
        assert b.nfev == a.nfev
        np.testing.assert_array_equal(a.x, b.x)


def test_functions_see_plain_numbers_on_the_way():
    seen = []

    def f(x, t):
        seen.append(isinstance(t, ga.Tensor))
        return np.exp(x) - t

    with ga.wrapping():
        optimize.brentq(f, 0, 3, args=(ga.tensor(2.0),))
    assert 4 < seen.index(True) < len(seen) <= seen.index(True) + 4
    assert all(seen[seen.index(True) :])


def test_constants_and_no_autodiff():
    t = ga.tensor(4.0)
    with ga.wrapping():
        assert optimize.brentq(lambda x: x - 1.0, ga.tensor(0.0), 3).constant  # where it starts from takes no part
        with ga.no_autodiff:
            assert optimize.brentq(lambda x, t: x * x - t, 0, 3, (t,)).constant


def test_tensors_of_two_transforms():
    """A solution within a solution."""

    def inner(s):
        return optimize.brentq(lambda x: x * x - s, 0, 10, xtol=1e-15)

    def f(t):
        return optimize.brentq(lambda y: y + inner(y + 2) - t, 0, 10, xtol=1e-15)

    y = f(5.0)
    assert np.isclose(ga.grad(f)(5.0), 1 / (1 + 0.5 / np.sqrt(y + 2)), rtol=1e-10)
    numeric = (ga.grad(f)(5.001) - ga.grad(f)(4.999)) / 0.002
    assert np.isclose(ga.grad(ga.grad(f))(5.0), numeric, rtol=1e-5)


def test_errors_name_the_cause():
    t = ga.tensor(1.0)
    with pytest.raises(np.linalg.LinAlgError, match=r"implicit_root.*singular"):
        implicit_root(lambda x: (x - t) ** 3, 1.0)
    with pytest.raises(ValueError, match="does not solve"):
        implicit_root(lambda x: x - t, 2.0)
    with pytest.raises(ValueError, match="returned 1 numbers for 2 unknowns"):
        implicit_root(lambda x: np.sum(x - t), np.ones(2))
    with pytest.raises(ValueError, match=r"scipy\.optimize\.minimize: x does not solve"), ga.wrapping():
        optimize.minimize(lambda x, t: np.sum((x - t) ** 4 + x**2), [9.0], args=(t,), options={"maxiter": 1})
    with pytest.raises(np.linalg.LinAlgError, match=r"newton.*derivative"), ga.wrapping():
        optimize.newton(lambda x: x**3 * t, np.zeros(2))


def test_helpers_give_tensors():
    t = ga.tensor([1.0, 4.0])
    assert type(implicit_root(lambda x: x - 1, 1)) is ga.Tensor
    x = implicit_minimum(lambda x, t: np.sum((x - t) ** 2 + (x - t) ** 4), [1.0, 4.0], t)
    x.backward([1.0, 2.0])
    np.testing.assert_allclose(t.grad, [1, 2])
    p = implicit_fixed_point(lambda x: 0.5 * x + 0.5 * t, np.array([1.0, 4.0]))
    p.backward([1.0, 2.0])
    np.testing.assert_allclose(t.grad, [1, 2])


def test_curve_fit_from_where_it_starts():
    """SciPy remembers what the model was where it starts; the solution may be there."""
    x, t = np.linspace(0, 1, 4), ga.tensor([0.0, 1.0, 2.0, 3.0])
    with ga.wrapping():
        popt, _ = optimize.curve_fit(lambda x, a: 3 * a * x, x, t, p0=[1.0])
    popt.backward()
    np.testing.assert_allclose(t.grad, x / (3 * np.sum(x * x)))


def test_approximate_derivatives_have_true_ones():
    def f(x, c):
        return np.exp(c * x[0]) * x[1] ** 2

    x, c = ga.tensor([0.3, 0.7]), ga.tensor(2.0)
    with ga.wrapping():
        g = optimize.approx_fprime(x, f, 1e-8, c)
        assert optimize.check_grad(lambda x: np.sum(c * x**2), lambda x: 2 * c * x, [1.0, 2.0]) < 1e-6
    (g * np.array([1.0, 2.0])).sum().backward()
    h = ga.hessian(f)(x.data, 2.0)
    np.testing.assert_allclose(x.grad, h @ [1.0, 2.0], rtol=1e-12)
    mixed = ga.jacobian(lambda c: ga.grad(f)(x.data, c))(2.0)
    np.testing.assert_allclose(c.grad, mixed @ [1.0, 2.0], rtol=1e-12)


def test_covariance_of_a_fit():
    x = np.linspace(0, 3, 12)
    y = 2 * np.exp(-1.3 * x) + np.random.default_rng(0).normal(0, 0.05, 12)

    def model(x, a, b):
        return a * np.exp(-b * x)

    def slopes(x, a, b):
        return np.stack([np.exp(-b * x), -a * x * np.exp(-b * x)], axis=1)

    for options in ({}, {"method": "trf", "loss": "soft_l1", "f_scale": 0.1, "gtol": 1e-15}):

        def spread(y, options=options):
            options = {"ftol": 1e-15, "xtol": 1e-15} | options
            return np.sqrt(optimize.curve_fit(model, x, y, [2.0, 1.3], jac=slopes, **options)[1][0, 0])

        d = np.cos(np.arange(12.0))
        numeric = (spread(y + 1e-4 * d) - spread(y - 1e-4 * d)) / 2e-4
        assert np.isclose(ga.grad(spread)(y) @ d, numeric, rtol=1e-4)


# Minima under constraints


def differences(f, p):
    steps = 1e-2 * np.eye(p.size)
    slopes = [(8 * (f(p + h) - f(p - h)) - f(p + 2 * h) + f(p - 2 * h)) / 0.12 for h in steps]
    return np.stack(slopes, axis=-1)


@pytest.mark.parametrize("method", ["SLSQP", "trust-constr", "COBYLA"])
def test_the_portfolio_of_least_variance(method):
    """Weights of five assets that are not negative and have the sum 1: of those held, as C^-1 1 is."""
    a = np.random.default_rng(1).normal(size=(5, 5))
    c, values = 1e-4 * (a @ a.T + 0.1 * np.eye(5)), np.arange(1.0, 6.0)
    options = {"SLSQP": {"tol": 1e-16}, "trust-constr": {"tol": 1e-13}, "COBYLA": {"tol": 1e-10}}[method]

    def weights(c):
        def variance(w):
            return 1e4 * w @ c @ w

        if method == "trust-constr":
            options.update(jac=ga.grad(variance), hess=ga.hessian(variance))
        total = optimize.LinearConstraint(np.ones((1, 5)), 1, 1)
        bounds = [(0, None)] * 5
        return optimize.minimize(
            variance, np.full(5, 0.2), method=method, bounds=bounds, constraints=total, **options
        ).x

    held = weights(c) > 1e-3
    assert 1 < np.sum(held) < 5

    def exact(c):
        w = np.linalg.solve(c[held][:, held], np.ones(np.sum(held)))
        return values[held] @ w / np.sum(w)

    gradient, expected = ga.grad(lambda c: values @ weights(c))(c), ga.grad(exact)(c)
    np.testing.assert_allclose(gradient + gradient.T, expected + expected.T, rtol=1e-4, atol=1e-5 * np.max(expected))
    if method == "SLSQP":
        d = 1e-4 * np.diag(np.cos(values))
        second = ga.jvp(lambda c: ga.jvp(lambda c: values @ weights(c), [c], [d])[1], [c], [d])[1]
        np.testing.assert_allclose(second, ga.jvp(lambda c: ga.jvp(exact, [c], [d])[1], [c], [d])[1], rtol=1e-5)


def test_a_point_of_an_ellipse():
    """The one that is next to another, under a constraint that is not linear."""

    def nearest(p):
        ellipse = optimize.NonlinearConstraint(lambda x: x[0] ** 2 / p[0] + x[1] ** 2, -np.inf, p[1])
        found = optimize.minimize(
            lambda x: np.sum((x - p[2:]) ** 2),
            [0.5, 0.5],
            jac=lambda x: 2 * (x - p[2:]),
            constraints=ellipse,
            tol=1e-15,
        )
        return found.x

    p = np.array([2.0, 1.0, 2.0, 1.5])
    jacobian = ga.jacobian(nearest)(p)
    np.testing.assert_allclose(jacobian, differences(nearest, p), atol=1e-5)
    np.testing.assert_allclose(ga.jvp(nearest, [p], [p])[1], jacobian @ p, rtol=1e-10)
    np.testing.assert_allclose(
        ga.hessian(lambda p: nearest(p)[0])(p), differences(ga.grad(lambda p: nearest(p)[0]), p), atol=1e-4
    )


@pytest.mark.parametrize("p", [[1.0, 1.2, 0.7, 0.9, 1.5], [1.0, 2.2, 0.7, 0.9, 2.5], [0.1, 0.2, 0.3, 2.0, 3.0]])
def test_constraints_bounds_and_arguments(p):
    """An inequality or a bound that is a Tensor is active, both, or none of them."""

    def f(p):
        found = optimize.minimize(
            lambda x, c: np.sum((x - c) ** 2) + x[0] * x[1],
            np.full(3, 0.1),
            args=(p[:3],),
            jac=lambda x, c: 2 * (x - c) + np.stack([x[1], x[0], 0.0]),
            bounds=optimize.Bounds(-1, p[3]),
            constraints=[{"type": "ineq", "fun": lambda x, s: s - np.sum(x), "args": (p[4],)}],
            tol=1e-15,
        )
        return np.append(found.x, found.fun)

    p = np.array(p)
    np.testing.assert_allclose(ga.jacobian(f)(p), differences(f, p), atol=2e-6)


def test_constraints_outside_transforms():
    """Only they depend on something; what their functions call is replaced, too."""
    radius, level = ga.tensor(1.3), ga.tensor([0.2])
    with ga.wrapping():
        found = optimize.minimize(
            lambda x: -x[0] - x[1],
            [0.1, 0.1],
            constraints=[
                {"type": "ineq", "fun": lambda x: radius - math.hypot(x[0], x[1])},
                optimize.LinearConstraint([[0.0, 1.0]], level, level),
            ],
        )
    assert type(found.x) is ga.Tensor
    found.x[0].backward()
    np.testing.assert_allclose(radius.grad, 1.3 / np.sqrt(1.3**2 - 0.04), rtol=1e-6)
    np.testing.assert_allclose(level.grad, -0.2 / np.sqrt(1.3**2 - 0.04), rtol=1e-6)


def circle(x, p):
    return p - np.sum(x * x)


@pytest.mark.parametrize(
    "solve",
    [
        lambda f, p: optimize.fmin_slsqp(f, [0.1, 0.1], f_eqcons=lambda x, p: circle(x, p)[None], args=(p,), iprint=0),
        lambda f, p: optimize.fmin_slsqp(f, [0.1, 0.1], ieqcons=[circle], args=(p,), iprint=0, full_output=True)[0],
        lambda f, p: optimize.fmin_cobyla(f, np.full(2, 0.1), circle, args=(p,), rhoend=1e-9, catol=1e-9),
        lambda f, p: optimize.fmin_cobyla(
            lambda x: f(x, p), np.full(2, 0.1), [circle], consargs=(p,), rhoend=1e-9, catol=1e-9
        ),
        lambda f, p: optimize.shgo(f, [(-3, 3)] * 2, (p,), {"type": "ineq", "fun": circle, "args": (p,)}).x,
        lambda f, p: (
            optimize.basinhopping(
                lambda x: f(x, p),
                [0.1, 0.1],
                1,
                minimizer_kwargs={"constraints": {"type": "ineq", "fun": lambda x: circle(x, p)}},
            ).x
        ),
    ],
    ids=["f_eqcons", "ieqcons", "cobyla", "consargs", "shgo", "basinhopping"],
)
def test_constraints_of_other_functions(solve):
    """Which point of a circle is next to (3 p, 4 p)."""
    slope = ga.jacobian(lambda p: solve(lambda x, p: np.sum((x - np.stack([3 * p, 4 * p])) ** 2), p))(2.0)
    np.testing.assert_allclose(slope, np.array([0.6, 0.8]) / (2 * np.sqrt(2)), rtol=1e-4)


def test_a_plain_problem_with_constraints_stays_plain():
    """Also one whose solution would have no derivative."""
    cons = [{"type": "ineq", "fun": lambda x: float(1 - x[0])}, {"type": "ineq", "fun": lambda x: float(2 - 2 * x[0])}]
    with ga.wrapping():
        found = optimize.minimize(lambda x: float(x[0] - 2.0) ** 2, [0.0], constraints=cons)
    assert type(found.x) is np.ndarray
    np.testing.assert_allclose(found.x, 1)


@pytest.mark.parametrize(
    ("constraints", "words"),
    [
        ([lambda x: x[0] - 2], "of no consequence"),
        ([lambda x: 1 - x[0], lambda x: 2 - 2 * x[0]], "depend on each other"),
        ([lambda x: 1 - x[0], lambda x: x[0] - 3], "depend on each other"),
    ],
    ids=["weak", "dependent", "impossible"],
)
def test_constraints_without_a_derivative(constraints, words):
    cons, t = [{"type": "ineq", "fun": f} for f in constraints], ga.tensor(2.0)
    with pytest.raises(np.linalg.LinAlgError, match=rf"scipy\.optimize\.minimize.*{words}"), ga.wrapping():
        optimize.minimize(lambda x: np.sum((x - t) ** 2), [0.0, 0.0], constraints=cons)
    cons = {"type": "ineq", "fun": lambda x: 1 - np.sum(x)}
    with pytest.raises(ValueError, match="does not solve"), ga.wrapping():
        optimize.minimize(lambda x: np.sum((x - t) ** 4), [9.0, 0.0], constraints=cons, options={"maxiter": 1})


# Fits

FEEDS = np.array([0.5, 1.0, 2.0, 5.0])


def equilibrium(rates, feed):
    """Concentrations of A and B in a stirred reactor fed with A, in which 2 A <-> B, and B decays."""

    def change(c):
        forward = rates[0] * c[0] ** 2 - rates[1] * c[1]
        return np.array([feed - c[0] - 2 * forward, forward - (1 + rates[2]) * c[1]])

    return optimize.root(change, np.array([0.5, 0.5]) * feed, tol=1e-13).x


def test_rates_of_an_equilibrium_are_recovered():
    truth = np.array([1.5, 0.4, 0.7])
    measured = np.stack([equilibrium(truth, feed) for feed in FEEDS])

    def residual(p):
        rates = np.stack([np.exp(p[0]), 0.4, np.exp(p[1])])
        return np.ravel([equilibrium(rates, feed) for feed in FEEDS]) - np.ravel(measured)

    start = np.zeros(2)
    assert np.max(np.abs(residual(start))) > 1e-2
    found = optimize.least_squares(residual, start, jac=ga.jacobian(residual), xtol=1e-14, gtol=1e-14)
    np.testing.assert_allclose(np.exp(found.x), truth[::2], rtol=1e-8)


def test_a_penalty_is_tuned_through_the_fit():
    """The penalty of a ridge regression that predicts new data best, by the gradient through `minimize`."""
    rng = np.random.default_rng(2)
    a, b, w = rng.normal(size=(12, 6)), rng.normal(size=(40, 6)), rng.normal(size=6)
    y, new = a @ w + rng.normal(0, 1.5, 12), b @ w

    def fit(p):
        def cost(w):
            return np.sum((a @ w - y) ** 2) + np.exp(p) * np.sum(w**2)

        return optimize.minimize(cost, np.zeros(6), jac=ga.grad(cost), tol=1e-12, method="BFGS").x

    def loss(p):
        return np.sum((b @ fit(p) - new) ** 2)

    def exact(p):
        return np.sum((b @ np.linalg.solve(a.T @ a + np.exp(p) * np.eye(6), a.T @ y) - new) ** 2)

    assert np.isclose(ga.grad(loss)(0.3), ga.grad(exact)(0.3), rtol=1e-6)
    best = optimize.brentq(ga.grad(loss), -5, 6)
    assert abs(ga.grad(exact)(best)) < 1e-4
    assert exact(best) < min(exact(best - 1), exact(best + 1))


def equation(v, a, b):
    return v * v - a * b


def sum_of_squares(v, a, b):
    return np.sum((v - a * b) ** 2)


@pytest.mark.parametrize("sequence", [tuple, list, np.stack], ids=["tuple", "list", "array"])
@pytest.mark.parametrize(
    ("solve", "slope"),
    [
        (lambda args: optimize.newton(equation, 1.5, args=args), 0.5),
        (lambda args: optimize.fixed_point(lambda v, a, b: v - 0.2 * equation(v, a, b), 1.5, args=args), 0.5),
        (lambda args: optimize.least_squares(equation, [1.5], args=args).x[0], 0.5),
        (lambda args: optimize.fmin_bfgs(sum_of_squares, [1.5], args=args, disp=False)[0], 2.0),
        (lambda args: optimize.fminbound(sum_of_squares, 0, 9, args=args), 2.0),
    ],
    ids=["newton", "fixed_point", "least_squares", "fmin_bfgs", "fminbound"],
)
def test_arguments_in_any_sequence(solve, slope, sequence):
    """Those that do not turn what is no tuple into one argument."""
    gradient = ga.grad(lambda x: solve(sequence((x[0], x[1]))))(np.array([2.0, 2.0]))
    np.testing.assert_allclose(gradient, slope, rtol=1e-5)


@pytest.mark.parametrize(
    "solve",
    [
        lambda a: optimize.brentq(lambda v, a: v * v - a[0] * a[1], 0, 9, args=a),
        lambda a: optimize.root_scalar(lambda v, a: v * v - a[0] * a[1], bracket=(0, 9), args=a).root,
        lambda a: optimize.fsolve(lambda v, a: v * v - a[0] * a[1], 1.5, args=a)[0],
        lambda a: optimize.root(lambda v, a: v * v - a[0] * a[1], 1.5, args=a).x[0],
        lambda a: optimize.leastsq(lambda v, a: v * v - a[0] * a[1], [1.5], args=a)[0][0],
        lambda a: optimize.minimize(lambda v, a: np.sum((v * v - a[0] * a[1]) ** 2), [1.5], args=a).x[0],
    ],
    ids=["brentq", "root_scalar", "fsolve", "root", "leastsq", "minimize"],
)
def test_one_argument_that_is_a_list(solve):
    """Those that do."""
    gradient = ga.grad(lambda x: solve([x[0], x[1]]))(np.array([2.0, 2.0]))
    np.testing.assert_allclose(gradient, 0.5, rtol=1e-4)


@pytest.mark.parametrize("kind", [list, tuple])
def test_equations_in_a_list(kind):
    """As SciPy's own examples give them: u**3 + u = a, v = b**2."""

    def f(x):
        return optimize.root(lambda p: kind([p[0] ** 3 + p[0] - x[0], p[1] - x[1] ** 2]), [0.1, 0.1]).x

    def squares(x):
        return optimize.least_squares(lambda p: kind([p[0] ** 3 + p[0] - x[0], p[1] - x[1] ** 2]), [0.1, 0.1]).x

    x = np.array([0.3, 0.7])
    expected = np.diag([1 / (3 * f(x)[0] ** 2 + 1), 1.4])
    np.testing.assert_allclose(ga.jacobian(f)(x), expected, atol=1e-9)
    np.testing.assert_allclose(ga.jacobian(squares)(x), expected, atol=1e-6)
