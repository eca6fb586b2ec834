"""Integrals of samples and of functions, and the solutions of ordinary differential equations."""

import functools

import numpy as np
from catalogue.base import distinct, integers, positive, real, unit
from scipy import integrate

from .base import REFUSED, row

X = np.array([0.0, 0.7, 1.1, 2.0, 2.6, 3.5, 4.1])

# Of samples

trapezoid, simpson = integrate.trapezoid, integrate.simpson
row(trapezoid, "dx", lambda y: trapezoid(y, dx=0.3), real(7), complex=True)
row(trapezoid, "x", lambda y, x: trapezoid(y, x), real(2, 5), real(5))
row(trapezoid, "axis", lambda y: trapezoid(y, X, axis=0), real(7, 2), complex=True)
running = integrate.cumulative_trapezoid
row(running, "dx", lambda y: running(y, dx=0.3), real(2, 7), complex=True)
row(running, "x", lambda y, x: running(y, x), real(2, 5), real(5), complex=True)
row(running, "initial", lambda y: running(y, X, axis=0, initial=0), real(7, 2), complex=True)
for n in (6, 7):
    row(simpson, f"dx,{n}", lambda y: simpson(y, dx=0.3), real(2, n), complex=True)
    row(simpson, f"x,{n}", lambda y, x: simpson(y, x=np.cumsum(x)), real(n), positive(n))
row(simpson, "axis", lambda y: simpson(y, x=X, axis=0), real(7, 2), complex=True)
by_parts = integrate.cumulative_simpson
for n in (6, 7):
    row(by_parts, f"dx,{n}", lambda y: by_parts(y, dx=0.3), real(2, n))
    row(by_parts, f"x,{n}", lambda y, x: by_parts(y, x=np.cumsum(x)), real(n), positive(n))
row(by_parts, "initial", lambda y: by_parts(y, x=X, axis=0, initial=1.5), real(7, 2))
row(integrate.romb, "dx", lambda y: integrate.romb(y, dx=0.3), real(2, 5), complex=True)
row(integrate.romb, "axis", lambda y: integrate.romb(y, axis=0), real(9, 2))
row(integrate.newton_cotes, "weights", lambda n: integrate.newton_cotes(n + 1, 1)[0], integers(), kind="constant")
row(integrate.newton_cotes, "of_five", lambda n: integrate.newton_cotes(n + 4)[0], integers(), kind="constant")

# Of functions


def of(fn):
    """The integral alone, as an array."""

    @functools.wraps(fn)
    def call(*args, **options):
        return np.asarray(fn(*args, **options)[0])

    return call


quad, exact = of(integrate.quad), functools.partial(of(integrate.quad), epsabs=1e-13, epsrel=1e-13)
row(integrate.quad, "closed_over", lambda k: exact(lambda x: np.exp(-k * x) * np.sin(x), 0, 2), positive())
row(
    integrate.quad, "args", lambda k, c: exact(lambda x, k, c: c * np.cos(k * x), 0, 2, args=(k, c)), positive(), real()
)
row(integrate.quad, "one_arg", lambda k: exact(lambda x, k: np.exp(-k * x * x), -0.5, 2, args=k), positive())
row(integrate.quad, "vector", lambda v: exact(lambda x: np.polyval(v, x), 0, 2), real(4))
row(integrate.quad, "limits", lambda a, b: exact(lambda x: np.exp(x), a, b), distinct(), positive())
row(integrate.quad, "both", lambda k, b: exact(lambda x: np.sin(k * x), -b, k + b), positive(), positive())
row(integrate.quad, "backwards", lambda k, b: exact(lambda x: np.sin(k * x), b + 3, b), positive(), positive())
row(integrate.quad, "nothing", lambda b: exact(lambda x: np.sin(x), b, b), positive())
row(integrate.quad, "to_infinity", lambda k, a: exact(lambda x: np.exp(-k * x), a, np.inf), positive(), positive())
row(integrate.quad, "from_infinity", lambda k, b: exact(lambda x: np.exp(k * x), -np.inf, b), positive(), positive())
row(integrate.quad, "everything", lambda k: exact(lambda x: np.exp(-k * (x - k) ** 2), -np.inf, np.inf), positive())
row(integrate.quad, "points", lambda k: exact(lambda x: abs(x - 1) ** k, 0, 2, points=[1.0]), positive())
row(
    integrate.quad,
    "jump",
    lambda k: exact(lambda x: np.exp(k * x) * (x < k) + (x > k / 2), 0, 3, points=[k, k / 2]),
    positive(),
)
row(integrate.quad, "kink", lambda k: exact(lambda x: k * abs(x - 0.31), 0, 2), positive())
row(integrate.quad, "singular", lambda k: quad(lambda x: x ** (0.2 * k) * np.log(x), 0, 1, epsabs=1e-12), unit())
row(integrate.quad, "peak", lambda k: exact(lambda x: k / (k * k + 1e3 * (x - 0.77) ** 2), 0, 5), positive())
row(
    integrate.quad,
    "complex",
    lambda k: exact(lambda x: np.exp(1j * k * x) / (1 + x), 0, 2, complex_func=True),
    positive(),
)
row(integrate.quad, "nested", lambda k: exact(lambda x: quad(lambda y: np.exp(k * x * y), 0, x), 0, 1), positive())
row(
    integrate.dblquad,
    "both",
    lambda k: of(integrate.dblquad)(lambda y, x: np.sin(k * x * y), 0, k, 0, lambda x: k * x),
    positive(),
)
row(
    integrate.dblquad,
    "args",
    lambda k: of(integrate.dblquad)(lambda y, x, k: k * x * y**2, 0, 1, 0, 1, args=(k,)),
    positive(),
)
row(
    integrate.nquad,
    "limits",
    lambda k: of(integrate.nquad)(lambda x, y: np.exp(-k * x * y), [[0, k], [1, 2]]),
    positive(),
)
row(integrate.nquad, "args", lambda k: of(integrate.nquad)(lambda x, k: k * x**k, [[0, 1]], args=(k,)), positive())


def vectors(f, a, b, k, **options):
    """The integral of ``f`` in double precision, as its tolerances ask for."""
    k = k.astype(np.result_type(k, float))
    return np.asarray(integrate.quad_vec(f, a, b, args=(k,), **options)[0])


row(integrate.quad_vec, "closed_over", lambda k: vectors(lambda x, k: np.exp(-k * x), 0, 2, k), positive(3))
row(
    integrate.quad_vec,
    "matrices",
    lambda k, b: vectors(lambda x, k: np.sin(k * x), b, 2, k),
    positive(2, 2),
    positive(),
)
row(
    integrate.quad_vec,
    "closed_over_too",
    lambda k: vectors(lambda x, c: x * k.astype(float) ** 2 + c, 0, 2, k),
    positive(3),
)
row(
    integrate.quad_vec,
    "to_infinity",
    lambda k, a: vectors(lambda x, k: np.exp(-k * x), a, np.inf, k),
    positive(3),
    real(),
)
row(
    integrate.quad_vec,
    "everything",
    lambda k: vectors(lambda x, k: np.exp(-k * x * x), -np.inf, np.inf, k),
    positive(3),
)
row(integrate.quad_vec, "points", lambda k: vectors(lambda x, k: k * abs(x - 1), 0, 2, k, points=[1.0]), positive(3))
row(
    integrate.quad_vec,
    "jump",
    lambda k, p: vectors(lambda x, k: np.exp(-k * x) * (x > p), 0, np.inf, k, points=[p]),
    positive(3),
    positive(),
)
row(integrate.quad_vec, "complex", lambda k: vectors(lambda x, k: np.exp(k * x), 0, 2, k), real(2), complex=True)
row(
    integrate.quad_vec,
    "rule",
    lambda k: vectors(lambda x, k: np.exp(k * x), 0, 2, k, quadrature="gk15", norm="max"),
    real(2),
)
row(
    integrate.fixed_quad,
    "closed_over",
    lambda k, b: of(integrate.fixed_quad)(lambda x: np.exp(k * x), 0, b),
    real(),
    real(),
)
row(
    integrate.fixed_quad,
    "args",
    lambda k: of(integrate.fixed_quad)(lambda x, k: k * x**4, 0, 1, args=(k,), n=4),
    real(),
)
if hasattr(integrate, "tanhsinh"):  # SciPy 1.15
    row(integrate.tanhsinh, "limits", lambda b: integrate.tanhsinh(np.exp, 0.0, b).integral, positive(3))
    row(
        integrate.tanhsinh,
        "args",
        lambda k: integrate.tanhsinh(lambda x, k: np.exp(-k * x), 0, 1, args=(k,)).integral,
        positive(3),
    )

# Ordinary differential equations

solve = functools.partial(integrate.solve_ivp, rtol=1e-9, atol=1e-9)


def pendulum(t, y, k, c):
    return np.array([y[1], -k * np.sin(y[0]) - c * y[1]])


def linear(t, y):
    return y @ np.array([[0.0, 1.0], [-2.0, -0.3]]) + np.cos(t)


for method in ("RK23", "RK45", "DOP853", "Radau", "BDF"):
    call = lambda y, k, c, m=method: solve(pendulum, (0, 0.1), y, method=m, args=(k, c)).y[:, -1]  # noqa: E731
    row(integrate.solve_ivp, f"{method}", call, real(2), positive(), positive())
for method in ("RK45", "Radau"):
    call = lambda y, m=method: solve(linear, (0, 0.1), y, method=m, t_eval=[0.02, 0.06, 0.1]).y  # noqa: E731
    row(integrate.solve_ivp, f"t_eval,{method}", call, real(2))
row(integrate.solve_ivp, "closed_over", lambda k: solve(lambda t, y: -k * y, (0, 1), [1.0, 2.0]).y[:, -1], positive(2))
row(
    integrate.solve_ivp,
    "span",
    lambda a, b: solve(lambda t, y: y * np.cos(t), (a, 1 + b), [1.0]).y[:, -1],
    real(),
    positive(),
)
row(
    integrate.solve_ivp,
    "dense",
    lambda y: solve(linear, (0, 0.5), y, dense_output=True).sol(np.array([0.1, 0.33])),
    real(2),
)
row(
    integrate.solve_ivp, "points", lambda y, t: solve(linear, (0, 3), y, dense_output=True).sol(t), real(2), positive(3)
)
row(
    integrate.solve_ivp,
    "vectorized",
    lambda y: solve(lambda t, y: -y * y, (0, 0.3), y, method="Radau", vectorized=True).y[:, -1],
    positive(2),
)
row(
    integrate.solve_ivp,
    "jac",
    lambda k: solve(lambda t, y: -k * y, (0, 0.3), [1.0, 2.0], method="BDF", jac=lambda t, y: np.diag(-k)).y[:, -1],
    positive(2),
)
row(
    integrate.solve_ivp,
    "complex",
    lambda y: solve(lambda t, y: 1j * y * t, (0, 0.5), y + 0j).y[:, -1],
    real(2),
    complex=True,
)

REFUSED += [
    ("quad-weight", lambda y: integrate.quad(lambda x: y[0, 0] * x, 0, 1, weight="cos", wvar=2.0), "weight="),
    ("quad_vec-workers", lambda y: integrate.quad_vec(lambda x: y * x, 0, 1, workers=2), "workers="),
]
