"""Integrals and differential equations: fits, derivatives against what is known exactly, and plain integrands."""

import warnings

import numpy as np
import pytest
from scipy import integrate, optimize, special

import gradarray as ga


def lotka_volterra(t, y, a, b, c, d):
    return np.array([a * y[0] - b * y[0] * y[1], c * y[0] * y[1] - d * y[1]])


def test_the_parameters_of_a_differential_equation_are_fitted_to_noisy_data():
    """Predators and their prey: four rates and the numbers at the start, from 40 noisy counts."""
    rng = np.random.default_rng(0)
    t = np.linspace(0, 8, 20)
    true = np.array([1.1, 0.4, 0.1, 0.4, 10.0, 5.0])

    def counts(p):
        solution = integrate.solve_ivp(lotka_volterra, (0, 8), p[4:], t_eval=t, args=tuple(p[:4]), rtol=1e-5, atol=1e-5)
        return np.log(solution.y)

    data = counts(true) + 0.02 * rng.standard_normal((2, 20))
    guess = true * [1.2, 0.85, 1.15, 0.9, 0.8, 1.2]

    def misfit(logs):
        return np.sum((counts(guess * np.exp(logs)) - data) ** 2)

    fitted = optimize.minimize(
        ga.value_and_grad(misfit), np.zeros(6), jac=True, method="L-BFGS-B", bounds=[(-0.5, 0.5)] * 6
    )
    assert misfit(fitted.x) < misfit(np.log(true / guess)) < 0.02
    np.testing.assert_allclose(guess * np.exp(fitted.x), true, rtol=0.03)


@pytest.mark.parametrize("method", ["RK23", "RK45", "DOP853", "Radau", "BDF"])
def test_the_derivative_of_a_solution_that_is_known(method):
    """y = y0 exp(-k t), with the tolerances as they are: as exact as the solution."""
    k, y0 = np.array([0.5, 1.5]), np.array([1.0, 2.0])

    def end(k, y0):
        return integrate.solve_ivp(lambda t, y: -k * y, (0, 1.2), y0, method=method, rtol=1e-5, atol=1e-8).y[:, -1]

    by_k = ga.jacobian(lambda k: end(k, y0))(k)
    by_y0 = ga.jacobian(lambda y0: end(k, y0))(y0)
    np.testing.assert_allclose(by_k, np.diag(-1.2 * y0 * np.exp(-1.2 * k)), atol=3e-4)
    np.testing.assert_allclose(by_y0, np.diag(np.exp(-1.2 * k)), atol=3e-4)


def test_the_end_of_the_time_span():
    """By the time at which it stops, a solution changes at the rate that the equation says."""

    def end(b):
        return integrate.solve_ivp(lambda t, y: np.cos(t) * y, (0, b), [1.0], rtol=1e-9, atol=1e-9).y[0, -1]

    assert abs(ga.grad(end)(1.3) - np.cos(1.3) * np.exp(np.sin(1.3))) < 1e-6


def test_the_time_of_an_event():
    """A ball thrown up with speed v lands after 2 v / g."""

    def landing(v):
        def height(t, y):
            return y[0]

        height.terminal, height.direction = True, -1
        start = np.stack((0.0 * v + 1e-12, v))
        return integrate.solve_ivp(lambda t, y: np.array([y[1], -9.81]), (0, 9), start, events=height).t_events[0][0]

    time, slope = ga.value_and_grad(landing)(4.0)
    assert abs(time - 8 / 9.81) < 1e-6
    assert abs(slope - 2 / 9.81) < 1e-6


# Integrals


def test_a_probability_and_its_parameters():
    """The normal distribution's: by the limit its density, by mean and width what is known."""

    def below(x, mean, width):
        return integrate.quad(lambda u: np.exp(-0.5 * ((u - mean) / width) ** 2), -np.inf, x)[0] / (
            width * np.sqrt(2 * np.pi)
        )

    x, mean, width = 0.3, -0.2, 1.4
    z = (x - mean) / width
    density = np.exp(-0.5 * z * z) / (width * np.sqrt(2 * np.pi))
    gradient = ga.grad(below, (0, 1, 2))(x, mean, width)
    np.testing.assert_allclose(gradient, [density, -density, -z * density], atol=1e-12)


def test_the_arc_of_a_curve_is_fitted():
    """Which a makes the parabola a x^2 on [0, 1] have length 2: by Newton's method on the integral."""

    def excess(a):
        return integrate.quad(lambda x: np.sqrt(1 + (2 * a * x) ** 2), 0, 1)[0] - 2

    a = 1.0
    for _ in range(6):
        value, slope = ga.value_and_grad(excess)(a)
        a = a - value / slope
    exact = np.sqrt(1 + 4 * a * a) / 2 + np.arcsinh(2 * a) / (4 * a)
    assert abs(exact - 2) < 1e-10


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_derivatives_of_the_exponential_integral(order):
    """Of any order, by a parameter and by the limit at once."""

    def f(x):
        return integrate.quad(lambda t: np.exp(-x * t) / t, x, np.inf)[0]

    g, known = f, lambda x: special.exp1(x * x)
    for _ in range(order):
        g = ga.grad(g)
    steps = {1: -2 * np.exp(-1.44) / 1.2, 2: (4 + 2 / 1.44) * np.exp(-1.44), 3: None}
    assert abs(f(1.2) - known(1.2)) < 1e-9
    expected = steps[order]
    if expected is None:
        second = lambda x: (4 + 2 / x**2) * np.exp(-x * x)  # noqa: E731
        expected = (second(1.2 + 1e-5) - second(1.2 - 1e-5)) / 2e-5
    assert abs(g(1.2) - expected) < 1e-7


def test_singular_integrands():
    """Of x^-k on [0, 1] the integral is 1 / (1 - k)."""
    gradient = ga.grad(lambda k: integrate.quad(lambda x: x**-k, 0, 1)[0])
    assert abs(gradient(0.5) - 4) < 1e-6


@pytest.mark.parametrize("end", ["upper", "lower", "both", "plain"])
def test_turning_points(end):
    """The integral of sqrt(x - u^2) to where that begins: pi x / 4, though its slope is infinite there."""

    def f(x):
        limits = {"upper": (0, np.sqrt(x)), "lower": (-np.sqrt(x), 0), "both": (-np.sqrt(x), np.sqrt(x))}
        low, high = limits.get(end, (0, np.sqrt(1.7)))
        return integrate.quad(lambda u: np.sqrt(x - u * u), low, high)[0]

    factor = np.pi / (2 if end == "both" else 4)
    value, slope = ga.value_and_grad(f)(1.7)
    np.testing.assert_allclose([value, slope], [1.7 * factor, factor], rtol=1e-9)
    if end != "plain":
        second = ga.grad(ga.grad(lambda x: x * f(x)))(1.7)
        np.testing.assert_allclose(second, 2 * factor, rtol=1e-9)


def test_the_period_between_turning_points():
    """Of u'' = -2 u^3 at amplitude a: the integral of 1 / sqrt(a^4 - u^4), infinite at the limit; c / a."""

    def period(a):
        return integrate.quad(lambda u: 1 / np.sqrt(a**4 - u**4), 0, a)[0]

    value, slope = ga.value_and_grad(period)(1.3)
    np.testing.assert_allclose(slope, -value / 1.3, rtol=1e-8)


@pytest.mark.parametrize("power", [-0.5, 0.5])
def test_a_singular_limit_of_an_infinite_interval(power):
    """Of (u - a)^p exp(-u) from a on: Gamma(p + 1) exp(-a)."""
    slope = ga.grad(lambda a: integrate.quad(lambda u: (u - a) ** power * np.exp(-u), a, np.inf)[0])(0.7)
    np.testing.assert_allclose(slope, -special.gamma(power + 1) * np.exp(-0.7), rtol=1e-8)


def test_a_jump_before_a_singular_limit():
    """The integral of sqrt(b - u) from where a step is: only what is next to the limit moves with it."""

    def f(b):
        return integrate.quad(lambda u: np.sqrt(b - u) * (u > 0.9), 0, b, points=[0.9])[0]

    np.testing.assert_allclose(ga.grad(f)(2.0), np.sqrt(1.1), rtol=1e-8)


@pytest.mark.parametrize("transform", [ga.grad, lambda f: lambda x: ga.jvp(f, [x], [1.0])[1]])
@pytest.mark.parametrize("limits", [(0, 1), (1, 0)])
def test_a_jump_at_a_point_that_moves(transform, limits):
    """Of exp(x) up to p: by p what that is there, of any order; also where the integrand depends on nothing else."""
    sign = limits[1] - limits[0]

    def f(p, k=1.0):
        return integrate.quad(lambda x: np.exp(k * x) * (x < p), *limits, points=[p, 0.8])[0]

    np.testing.assert_allclose(transform(f)(0.3), sign * np.exp(0.3), rtol=1e-13)
    np.testing.assert_allclose(transform(transform(f))(0.3), sign * np.exp(0.3), rtol=1e-13)
    np.testing.assert_allclose(transform(lambda q: f(0.3 * q, q))(1.0), sign * 0.6 * np.exp(0.3) - f(0.3), rtol=1e-12)


def test_jumps_at_several_points():
    """Between two that move, one given twice; beside a limit that moves, too; of complex numbers; without an end."""

    def between(p):
        return integrate.quad(lambda x: np.exp(x) * ((x < p) & (x > p * p)), -p, 1, points=np.stack([p, p * p, p, 7]))

    def up(p):
        return integrate.quad(lambda x: np.sqrt(1 + p - x) * (x > p), 0, p + 1, points=[p])

    def wave(p):
        return integrate.quad(lambda x: np.exp(1j * x) * (x < p), 0, 1, points=[p], complex_func=True)

    def tails(p):
        return integrate.quad_vec(lambda x: np.exp(-x * x) * (x > p), -np.inf, np.inf, points=[p])

    np.testing.assert_allclose(ga.grad(lambda p: between(p)[0])(0.3), np.exp(0.3) - 0.6 * np.exp(0.09), rtol=1e-12)
    assert abs(ga.grad(lambda p: up(p)[0])(0.3)) < 1e-9
    np.testing.assert_allclose(ga.grad(lambda p: np.abs(wave(p)[0]))(0.3), np.cos(0.15), rtol=1e-12)
    for p in (-0.7, 0.0, 0.4):
        np.testing.assert_allclose(ga.grad(lambda p: tails(p)[0])(p), -np.exp(-p * p), rtol=1e-12)


@pytest.mark.parametrize("power", [-0.5, 0.5, 1.0])
def test_singular_points_that_move(power):
    """Of |x - p|^k, continuous or not; and nothing by a point where the integrand is smooth."""
    slope = ga.grad(lambda p: integrate.quad(lambda x: abs(x - p) ** power, 0, 1, points=[p])[0])(0.3)
    np.testing.assert_allclose(slope, 0.3**power - 0.7**power, rtol=1e-7 if power < 0 else 1e-13)
    assert abs(ga.grad(lambda p: integrate.quad(lambda x: np.sin(9 * x), 0, 1, points=[p])[0])(0.3)) < 1e-14


def test_a_limit_where_only_the_slope_is_infinite():
    assert abs(ga.grad(lambda b: integrate.quad(lambda u: np.sqrt(1 - u), 0, b)[0])(1.0)) < 1e-8


def test_a_plain_integrand_gives_plain_numbers():
    """As SciPy does, with its warnings, its information and its errors."""
    plain = integrate.quad(np.exp, 0, 1)
    with ga.wrapping():
        assert integrate.quad(lambda x: np.exp(x), 0, 1) == plain
        assert integrate.quad(np.exp, 0, 1) == plain
        value, _, info = integrate.quad(lambda x: np.exp(x), 0, 1, full_output=1)
        assert value == plain[0]
        assert info["neval"] == 21
        assert (
            integrate.quad(lambda x: x, 0, 1, weight="cos", wvar=2.0)[0]
            == integrate.quad(lambda x: x, 0, 1, weight="cos", wvar=2.0)[0]
        )
        solution = integrate.odeint(lambda y, t: -y, [1.0, 2.0], [0.0, 1.0])
        assert type(solution) is np.ndarray
        with pytest.warns(integrate.IntegrationWarning):
            integrate.quad(lambda x: 1 / x, 0, 1)


def test_the_information_of_an_integral_with_a_gradient():
    k = ga.tensor(2.0)
    with ga.wrapping():
        value, error, info = integrate.quad(lambda x: np.exp(-k * x), 0, 1, full_output=True)
    assert type(value) is ga.Tensor
    assert type(error) is float
    assert info["neval"] == 21
    with ga.wrapping(), warnings.catch_warnings():
        warnings.simplefilter("error")
        integrate.quad(lambda x: np.exp(-k * x), 0, 1)[0].backward()
    assert abs(k.grad - (3 * np.exp(-2) - 1) / 4) < 1e-14


def test_what_an_integrand_reads_from_an_object():
    """A Tensor that is neither an argument nor in a closure."""

    class Decay:
        def __init__(self, rate):
            self.rates = {"rate": rate}

        def at(self, x):
            return np.exp(-self.rates["rate"] * x)

    assert abs(ga.grad(lambda k: integrate.quad(Decay(k).at, 0, np.inf)[0])(2.0) + 0.25) < 1e-12


def test_a_parameter_that_only_part_of_the_integrand_has():
    """A branch may not meet it at the first point."""

    def f(k):
        return integrate.quad(lambda x: k * x if x > 0.9 else x * x, 0, 1, points=[0.9])[0]

    assert abs(ga.grad(f)(2.0) - 0.5 * (1 - 0.81)) < 1e-12


# Boundary value problems


def bowed(k, a, x, y):
    """The end of y'' = -k exp(y) with y(0) = a and y(1) = 0 that is found from ``y`` on."""
    return integrate.solve_bvp(
        lambda x, y: np.stack([y[1], -k * np.exp(y[0])]),
        lambda low, high: np.array([low[0] - a, high[0]]),
        *(x, y),
        tol=1e-9,
        max_nodes=5000,
    )


def test_boundary_value_problems():
    """Also where the search begins at the solution, so that SciPy makes no whole step."""
    x = np.linspace(0, 1, 5)
    known = bowed(1.0, 0.2, x, np.zeros((2, 5)))
    for start in ((x, np.zeros((2, 5))), (known.x, known.y)):
        f = lambda v, start=start: bowed(v[0], v[1], *start).sol(0.3)[0]  # noqa: E731
        v, h = np.array([1.0, 0.2]), 1e-3
        steps = h * np.eye(2)
        slopes = [(8 * (f(v + s) - f(v - s)) - f(v + 2 * s) + f(v - 2 * s)) / (12 * h) for s in steps]
        np.testing.assert_allclose(ga.grad(f)(v), slopes, rtol=1e-7)
        curves = [(f(v + s) - 2 * f(v) + f(v - s)) / h**2 for s in steps]
        np.testing.assert_allclose(np.diagonal(ga.hessian(f)(v)), curves, rtol=1e-4)


def test_unknown_parameters_of_boundary_value_problems():
    """y'' = -(p + q) y with y'(0) = 1 and y(0) = y(1) = 0: p + q is pi squared."""
    x = np.linspace(0, 1, 5)

    def found(q):
        r = integrate.solve_bvp(
            lambda x, y, p: np.stack([y[1], -(p[0] + q) * y[0]]),
            lambda low, high, p: np.array([low[0], high[0], low[1] - 1]),
            *(x, np.stack([np.sin(np.pi * x), np.cos(np.pi * x)]), [6.0]),
            tol=1e-8,
        )
        return r.p[0]

    np.testing.assert_allclose(found(0.5), np.pi**2 - 0.5, rtol=1e-7)
    np.testing.assert_allclose(ga.grad(found)(0.5), -1, rtol=1e-7)
