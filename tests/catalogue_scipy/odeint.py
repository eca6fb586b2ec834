"""Ordinary differential equations by methods whose steps are compiled code."""

import functools

import numpy as np
from catalogue.base import positive, real
from scipy import integrate

from .base import REFUSED, row

T = np.array([0.0, 0.1, 0.25, 0.3])
TIGHT = {"rtol": 1e-11, "atol": 1e-11}
odeint = functools.partial(integrate.odeint, **TIGHT)
solve = functools.partial(integrate.solve_ivp, method="LSODA", **TIGHT)


def pendulum(y, t, k, c):
    return [y[1], -k * np.sin(y[0]) - c * y[1] + np.cos(t)]


def of_time(t, y, k, c):
    return np.stack(pendulum(y, t, k, c))


def slopes(y, t, k, c):
    return np.array([[0.0, 1.0], np.stack((-k * np.cos(y[0]), -c))])


given = real(2), positive(), positive()
row(integrate.odeint, "args", lambda y, k, c: odeint(pendulum, y, T, (k, c)), *given)
row(integrate.odeint, "tfirst", lambda y, k, c: odeint(of_time, y, T, (k, c), tfirst=True), *given)
row(integrate.odeint, "closed_over", lambda k: odeint(lambda y, t: -k * y, [1.0, 2.0], T), positive(2))
row(integrate.odeint, "y0", lambda y: odeint(lambda y, t: -y * y, y, T), positive(3))
row(integrate.odeint, "scalar", lambda y, k: odeint(lambda y, t: -k * y, y, T), positive(), positive())
row(integrate.odeint, "Dfun", lambda y, k, c: odeint(pendulum, y, T, (k, c), slopes), *given)
row(
    integrate.odeint,
    "col_deriv",
    lambda y, k, c: odeint(pendulum, y, T, (k, c), lambda *args: slopes(*args).T, col_deriv=True),
    *given,
)
row(integrate.odeint, "bands", lambda y, k, c: odeint(pendulum, y, T, (k, c), ml=1, mu=1), *given)
row(integrate.odeint, "full_output", lambda y, k, c: odeint(pendulum, y, T, (k, c), full_output=True)[0], *given)
row(integrate.odeint, "backwards", lambda y, k, c: odeint(pendulum, y, T[::-1], (k, c)), *given)
row(integrate.odeint, "steps", lambda y, k, c: odeint(pendulum, y, T, (k, c), h0=1e-3, hmax=0.05, mxordn=8), *given)
row(integrate.odeint, "tcrit", lambda y, k, c: odeint(pendulum, y, T, (k, c), tcrit=[0.2, 9.0]), *given)
row(integrate.odeint, "repeated", lambda y, k, c: odeint(pendulum, y, [0, 0, 0.1, 0.1], (k, c)), *given)
row(integrate.odeint, "one_time", lambda y, k: odeint(pendulum, y, [0.5], (k, 0.1)) * k, real(2), positive())
row(integrate.odeint, "times", lambda t: odeint(pendulum, [0.5, 0.2], np.cumsum(t) / 9, (2.0, 0.1)), positive(4))
row(
    integrate.odeint,
    "times_and_all",
    lambda t, y, k: odeint(pendulum, y, -np.cumsum(t) / 9, (k, 0.1)),
    *(positive(3), real(2), positive()),
)
row(integrate.LSODA, "end", lambda y, k, c: solve(of_time, (0, 0.3), y, args=(k, c)).y[:, -1], *given)
row(integrate.LSODA, "t_eval", lambda y, k, c: solve(of_time, (0, 0.3), y, args=(k, c), t_eval=T).y, *given)
row(integrate.LSODA, "back", lambda y, k, c: solve(of_time, (0.3, 0), y, args=(k, c), t_eval=T[::-1]).y, *given)
row(integrate.LSODA, "closed_over", lambda k: solve(lambda t, y: -k * y, (0, 0.3), [1.0, 2.0]).y[:, -1], positive(2))
row(
    integrate.LSODA,
    "span",
    lambda a, b: solve(lambda t, y: y * np.cos(t), (a, a + b / 4), [1.0]).y[:, -1],
    *(real(), positive()),
)
row(
    integrate.LSODA,
    "dense",
    lambda y, k, c: solve(of_time, (0, 0.3), y, args=(k, c), dense_output=True).sol(T[1:3]),
    *given,
)
row(
    integrate.LSODA,
    "points",
    lambda y, t: solve(of_time, (0, 0.3), y, args=(2.0, 0.1), dense_output=True).sol(t / 8),
    *(real(2), positive(2)),
)
row(
    integrate.LSODA,
    "vectorized",
    lambda k: solve(lambda t, y: -k[:, np.newaxis] * y**2, (0, 0.3), [1.0, 2.0], vectorized=True).y[:, -1],
    positive(2),
)
row(
    integrate.LSODA,
    "jac",
    lambda k: solve(lambda t, y: -k * y, (0, 0.3), [1.0, 2.0], jac=lambda t, y: np.diag(-k)).y[:, -1],
    positive(2),
)

for integrator in ("vode", "lsoda", "dopri5", "dop853"):

    def end(y, k, c, t, integrator=integrator):
        solver = integrate.ode(of_time).set_integrator(integrator, **TIGHT)
        solver.set_initial_value(y, 0.1 * t).set_f_params(k, c)
        return np.stack((1 * solver.integrate(0.3), 1 * solver.integrate(0.3 + 0.1 * t)))

    row(integrate.ode, integrator, end, *given, positive())


def through(y):
    solver = integrate.ode(lambda t, y: -y).set_integrator("dopri5")
    solver.set_solout(lambda t, y: None)
    return solver.set_initial_value(y[0]).integrate(1.0)


REFUSED += [
    ("odeint-tcrit", lambda y: integrate.odeint(lambda u, t: -u, [1.0], [0, 1], tcrit=2 * y[0]), "tcrit="),
    ("odeint-args", lambda y: integrate.odeint(lambda u, t, a: -u, y[0], [0, 1], args=[1.0]), "args has to be a tuple"),
    ("ode-solout", through, "solout"),
    ("complex_ode", lambda y: integrate.complex_ode(lambda t, y: -y).set_initial_value(y[0]), "solve_ivp"),
]
