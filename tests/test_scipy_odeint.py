"""Differential equations by compiled steps: fits, stiff systems, solutions that stand still, and what is plain."""

import numpy as np
import pytest
from scipy import integrate, optimize

import gradarray as ga


def epidemic(y, t, infection, recovery):
    s, i, _ = y
    return [-infection * s * i, infection * s * i - recovery * i, recovery * i]


def test_an_epidemic_is_fitted_to_noisy_counts():
    """Its two rates, and how many were ill at first, from 25 counts of the ill."""
    t = np.linspace(0, 60, 25)
    true = np.log([0.5, 0.15, 0.002])

    def ill(p):
        infection, recovery, first = np.exp(p)
        return integrate.odeint(epidemic, [1 - first, first, 0.0], t, args=(infection, recovery))[:, 1]

    data = ill(true) * (1 + 0.02 * np.random.default_rng(0).standard_normal(25))

    def misfit(p):
        return np.sum((np.log(ill(p)) - np.log(data)) ** 2)

    fitted = optimize.minimize(ga.value_and_grad(misfit), true + np.array([0.2, -0.3, 0.7]), jac=True, method="BFGS")
    assert misfit(fitted.x) < misfit(true) < 0.02
    np.testing.assert_allclose(fitted.x, true, atol=0.06)


ROBERTSON = np.array([0.04, 1e4, 3e7])


def robertson(y, t, k):
    first, second, third = k[0] * y[0], k[1] * y[1] * y[2], k[2] * y[1] ** 2
    return [second - first, first - second - third, third]


def by_their_equations(t):
    """Derivatives by the logarithms of the rates, as the solution of the equations that these satisfy."""

    def rates(_, both):
        y, by = both[:3], both[3:].reshape(3, 3)
        terms = ROBERTSON * [y[0], y[1] * y[2], y[1] ** 2]
        signs = np.array([[-1, 1, 0], [1, -1, -1], [0, 0, 1]])
        slopes = ROBERTSON[:, None] * [[1, 0, 0], [0, y[2], y[1]], [0, 2 * y[1], 0]]
        return np.concatenate((signs @ terms, (signs @ (slopes @ by + np.diag(terms))).ravel()))

    start = np.zeros(12)
    start[0] = 1
    solution = integrate.solve_ivp(rates, (0, t[-1]), start, "Radau", t_eval=t, rtol=1e-9, atol=1e-13)
    return solution.y[3:].T.reshape(-1, 3, 3)


def test_a_stiff_reaction():
    """Robertson's, whose rates differ by a factor of a milliard."""
    t = np.array([0, 1e-3, 4.0])

    def concentrations(p):
        return integrate.odeint(robertson, [1.0, 0, 0], t, args=(ROBERTSON * np.exp(p),), atol=1e-10)[-1]

    found, exact = ga.jacobian(concentrations)(np.zeros(3)), by_their_equations(t)[-1]
    np.testing.assert_allclose(found, exact, rtol=2e-6, atol=1e-10)


def test_a_relaxation_oscillator():
    """Van der Pol's with mu = 1000, up to a time before it jumps, against differences."""

    def end(mu):
        options = {"rtol": 1e-10, "atol": 1e-10, "mxstep": 5000}
        return integrate.odeint(
            lambda y, t: [y[1], mu * (1 - y[0] ** 2) * y[1] - y[0]], [2, 0], [0, 600], (), **options
        )

    slope = ga.jacobian(end)(1000.0)[-1, 0]
    assert np.isclose(slope, (end(1001.0) - end(999.0))[-1, 0] / 2, rtol=1e-4)


@pytest.mark.parametrize("method", ["odeint", "LSODA"])
def test_what_stands_still_but_would_not(method):
    """At an equilibrium, the fast and the slow neighbours of the solution are followed all the same."""
    rates = np.array([30.0, 1.0, 0.2])

    def end(y0):
        if method == "odeint":
            return integrate.odeint(lambda y, t: -rates * y, y0, [0.0, 0.1, 3.0])[-1]
        return integrate.solve_ivp(lambda t, y: -rates * y, (0, 3), y0, method="LSODA").y[:, -1]

    by_start = ga.jacobian(end)(np.zeros(3))
    np.testing.assert_allclose(by_start, np.diag(np.exp(-3 * rates)), atol=1e-6)


def test_default_tolerances():
    """With them, derivatives are as good as values."""
    t = np.array([0.0, 0.3, 2.0])
    by_rate = ga.jacobian(lambda k: integrate.odeint(lambda y, t: -k * y, 1.0, t)[:, 0])(1.5)
    np.testing.assert_allclose(by_rate, -t * np.exp(-1.5 * t), atol=2e-7)


def test_the_times():
    """A solution changes at the rate that the equation says, and against it with the time at which it starts."""
    by_times = ga.jacobian(lambda t: integrate.odeint(lambda y, t: t * y, 1.0, t)[:, 0])(np.array([0.5, 1.0, 1.0, 2.0]))
    y = np.exp([0, 0.375, 0.375, 1.875])
    expected = np.diag(y * [0, 1.0, 1.0, 2.0])
    expected[1:, 0] = -0.5 * y[1:]
    np.testing.assert_allclose(by_times, expected, rtol=1e-6)


def test_the_hessian_of_a_stiff_solution():
    """y' = -1000 (y - k^2 cos t): close to k^2 (cos t + sin t / 1000)."""

    def end(k):
        options = {"rtol": 1e-6, "atol": 1e-6}
        return integrate.odeint(lambda y, t: -1000 * (y - k * k * np.cos(t)), 0.0, [0, 1.0], **options)[-1, 0]

    factor = np.cos(1.0) + np.sin(1.0) / 1000
    assert np.isclose(ga.grad(end)(1.5), 3 * factor, rtol=1e-5)
    assert np.isclose(ga.jvp(end, [1.5], [1.0])[1], 3 * factor, rtol=1e-5)
    assert np.isclose(ga.grad(ga.grad(end))(1.5), 2 * factor, rtol=1e-5)
    with pytest.raises(NotImplementedError, match="more often"):
        ga.grad(ga.grad(ga.grad(end)))(1.5)


def test_the_time_of_an_event_by_lsoda():
    """A ball thrown up with speed v lands after 2 v / g, with the same speed."""

    def landing(v):
        def height(t, y):
            return y[0]

        height.terminal, height.direction = True, -1
        start, options = np.stack((0.0 * v + 1e-12, v)), {"method": "LSODA", "rtol": 1e-9, "atol": 1e-9}
        solution = integrate.solve_ivp(lambda t, y: np.array([y[1], -9.81]), (0, 9), start, events=height, **options)
        return np.stack((solution.t_events[0][0], solution.y_events[0][0, 1], solution.y[1, -1]))

    np.testing.assert_allclose(landing(4.0), [8 / 9.81, -4, -4], rtol=1e-7)
    np.testing.assert_allclose(ga.jacobian(landing)(4.0), [2 / 9.81, -1, -1], rtol=1e-6)


@pytest.mark.parametrize("integrator", ["vode", "lsoda", "dopri5", "dop853"])
def test_an_object_that_holds_its_state(integrator):
    """Step by step, as it is used in loops; outputs are not overwritten by later steps."""

    def decay(k):
        solver = integrate.ode(lambda t, y: -k * y).set_integrator(integrator, rtol=1e-9, atol=1e-9)
        solver.set_initial_value([1.0, 2.0], 0.5)
        found = []
        while solver.successful() and solver.t < 1.4:
            found.append(1 * solver.integrate(solver.t + 0.25))
        return np.stack(found)

    t = np.array([0.25, 0.5, 0.75, 1.0])[:, None]
    expected = -t * np.exp(-1.5 * t) * [1, 2]
    np.testing.assert_allclose(ga.jacobian(decay)(1.5), expected, rtol=1e-6)


def test_what_has_no_gradient_stays_plain():
    plain = integrate.odeint(epidemic, [0.9, 0.1, 0], [0, 1.0, 2.0], (0.5, 0.1))
    with ga.wrapping():
        same, info = integrate.odeint(epidemic, [0.9, 0.1, 0], [0, 1.0, 2.0], (0.5, 0.1), full_output=True)
        assert type(same) is np.ndarray
        assert (same == plain).all()
        assert info["message"] == "Integration successful."
        solution = integrate.solve_ivp(lambda t, y: -y, (0, 1), [1.0], method="LSODA", dense_output=True)
        assert type(solution.sol(0.5)) is np.ndarray


def test_a_solution_that_does_not_exist():
    def blown_up(k):
        return integrate.odeint(lambda y, t: k * y * y, 1.0, [0, 5.0])[-1, 0]

    with pytest.warns(integrate.ODEintWarning), pytest.raises(ValueError, match="no solution to differentiate"):
        ga.grad(blown_up)(1.0)
