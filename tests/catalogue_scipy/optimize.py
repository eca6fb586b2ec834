"""Solutions of equations, minima and fits, found so precisely that differences of them are derivatives."""

import importlib

import numpy as np
import scipy
from catalogue.base import distinct, positive, real
from scipy import optimize

import gradarray as ga

from .base import REFUSED, row

ONE = np.ones(1)  # beside it a Python float is an array, as a Tensor of no dimensions is

# Roots


def cubic(x, t):
    return x**3 + (t[0] + 1) * x - np.exp(t[1])


def slope(x, t):
    return 3 * x**2 + t[0] + 1


def pair(x, t):
    return np.array([x[0] ** 2 + x[1] - t[0], x[0] - t[1] * x[1]])


def pair_jacobian(x, t):
    return np.array([[2 * x[0], 1], [1, -t[1]]])


for name in ("brentq", "brenth", "ridder", "bisect", "toms748"):
    f = getattr(optimize, name)
    row(f, "args", lambda t, f=f: ONE * f(cubic, 0, 5, args=(t,), xtol=1e-14), positive(2))
    row(
        f,
        "closure",
        lambda t, f=f: ONE * f(lambda x: cubic(x, t), 0, 5, xtol=1e-14, full_output=True)[0],
        positive(2),
    )
    row(f, "result", lambda t, f=f: ONE * f(cubic, 0, 5, (t,), xtol=1e-14, full_output=True)[1].root, positive(2))
row(optimize.newton, "slope", lambda t: optimize.newton(cubic, 2.0, slope, (t,), tol=1e-14), positive(2))
row(optimize.newton, "secant", lambda t: optimize.newton(cubic, 2.0, args=(t,), tol=1e-14), positive(2))
row(
    optimize.newton, "full", lambda t: optimize.newton(cubic, 2.0, slope, (t,), 1e-14, full_output=True)[0], positive(2)
)
row(
    optimize.newton,
    "vector",
    lambda t: optimize.newton(lambda x, t: x**3 - t, np.ones(3), args=(t,), tol=1e-14),
    positive(3),
)
row(
    optimize.newton,
    "halley",
    lambda t: optimize.newton(
        lambda x, t: x**3 - t, np.ones(3), lambda x, t: 3 * x**2, (t,), 1e-14, fprime2=lambda x, t: 6 * x
    ),
    positive(3),
)
row(
    optimize.newton,
    "complex",
    lambda t: optimize.newton(lambda z, t: z**2 - t, 1.0 + 0.5j, lambda z, t: 2 * z, (t,), 1e-14),
    positive(),
    complex=True,
)
row(
    optimize.root_scalar,
    "bracket",
    lambda t: ONE * optimize.root_scalar(cubic, (t,), bracket=(0, 5), xtol=1e-14).root,
    positive(2),
)
row(
    optimize.root_scalar,
    "with-slope",
    lambda t: optimize.root_scalar(lambda x: (cubic(x, t), slope(x, t)), x0=2.0, fprime=True, xtol=1e-14).root,
    positive(2),
)
for method in ("hybr", "lm", "krylov", "broyden1"):
    options = {"fatol": 1e-14} if method in ("krylov", "broyden1") else {}
    tight = None if options else 1e-15
    row(
        optimize.root,
        method,
        lambda t, m=method, o=options, tol=tight: (
            optimize.root(pair, [1.0, 1.0], args=(t,), method=m, tol=tol, options=o).x
        ),
        positive(2),
    )
row(optimize.root, "jac", lambda t: optimize.root(pair, [1.0, 1.0], (t,), jac=pair_jacobian, tol=1e-15).x, positive(2))
row(
    optimize.root,
    "jac-too",
    lambda t: optimize.root(lambda x: (pair(x, t), pair_jacobian(x, t)), [1.0, 1.0], jac=True, tol=1e-15).x,
    positive(2),
)
row(
    optimize.root,
    "its-jacobian",
    lambda t: optimize.root(pair, [1.0, 1.0], (t,), jac=ga.jacobian(pair), tol=1e-15).x,
    positive(2),
)
row(optimize.fsolve, "args", lambda t: optimize.fsolve(pair, [1.0, 1.0], (t,), xtol=1e-15), positive(2))
row(
    optimize.fsolve,
    "full",
    lambda t: optimize.fsolve(pair, [1.0, 1.0], (t,), pair_jacobian, True, xtol=1e-15)[0],
    positive(2),
)
row(
    optimize.fixed_point,
    "vector",
    lambda t: optimize.fixed_point(lambda x, t: t * np.cos(x) / 3, [0.5, 0.5], (t,), 1e-14),
    real(2),
)
row(
    optimize.fixed_point,
    "coupled",
    lambda t: optimize.fixed_point(lambda x: np.cos(x[::-1] + t) / 5, np.ones(2), xtol=1e-14, method="iteration"),
    real(2),
)
for name in ("broyden1", "broyden2", "anderson", "newton_krylov"):
    f = getattr(optimize, name)
    row(f, "closure", lambda t, f=f: f(lambda x: np.tanh(x / 4) + x - t, np.zeros(3), f_tol=1e-14), real(3))
for name in ("linearmixing", "diagbroyden", "excitingmixing"):
    f = getattr(optimize, name)
    row(f, "closure", lambda t, f=f: f(lambda x: t - x - np.tanh(x / 4), np.zeros(3), f_tol=1e-14, alpha=0.7), real(3))

# Minima


def bowl(x, t):
    return (x[0] - t[0]) ** 4 + (x[0] - t[0]) ** 2 + (x[1] * t[1] - x[0]) ** 2 + x[1] ** 4


bowl_slope, bowl_curve = ga.grad(bowl), ga.hessian(bowl)
BOUNDS = [(None, 0.1), (0.7, 3.0)]
METHODS = {
    "Newton-CG": {"hess": bowl_curve, "options": {"xtol": 1e-14}},
    "trust-exact": {"hess": bowl_curve, "options": {"gtol": 1e-13}},
    "trust-ncg": {"hess": bowl_curve, "options": {"gtol": 1e-13}},
    "dogleg": {"hess": bowl_curve, "options": {"gtol": 1e-12}},
}
for method, options in METHODS.items():
    row(
        optimize.minimize,
        method,
        lambda t, m=method, o=options: optimize.minimize(bowl, [0.5, 0.5], (t,), m, bowl_slope, **o).x,
        positive(2),
    )
row(optimize.minimize, "fun", lambda t: optimize.minimize(bowl, [0.5, 0.5], (t,), jac=bowl_slope).fun, positive(2))
row(
    optimize.minimize,
    "value-and-grad",
    lambda t: ONE * optimize.minimize(ga.value_and_grad(lambda x: bowl(x, t)), [0.5, 0.5], jac=True, tol=1e-9).fun,
    positive(2),
)
for label, bounds in (("pairs", BOUNDS), ("object", optimize.Bounds([-np.inf, 0.7], [0.1, 3.0]))):
    row(
        optimize.minimize,
        f"bounds,{label}",
        lambda t, b=bounds: optimize.minimize(bowl, [0.0, 1.0], (t,), jac=bowl_slope, bounds=b).x * t,
        positive(2),
    )


def held(t):
    """At one bound, which moves, and free in the other direction, where the minimum then is that of a parabola."""
    found = optimize.minimize(
        lambda x: np.sum((x - 3) ** 2) + x[0] * x[1],
        [0.0, 0.0],
        jac=lambda x: 2 * (x - 3) + x[::-1],
        bounds=[(None, t[0]), (-9, t[1])],
        options={"gtol": 1e-13, "ftol": 0},
    )
    return found.x


row(optimize.minimize, "moving-bounds", lambda t: held(np.stack([t[0] / 4, t[1] + 9])), positive(2))


def constrained(t):
    """A minimum on a line, next to which it is bounded, too."""
    target = np.stack([t[0] + 2, t[1], -1.0])
    found = optimize.minimize(
        lambda x: np.sum((x - target) ** 2),
        np.zeros(3),
        jac=lambda x: 2 * (x - target),
        bounds=[(None, None), (-9, None), (-t[1], None)],
        constraints=[
            optimize.LinearConstraint(np.stack([[1.0, t[1], 1.0]]), t[0], t[0]),
            {"type": "ineq", "fun": lambda x: 20 - x @ x},
        ],
    )
    return found.x


row(optimize.minimize, "constraints", constrained, positive(2))


def valley(x, t):
    return (x - t[0]) ** 2 + np.exp(x * t[1])


row(optimize.minimize_scalar, "fun", lambda t: optimize.minimize_scalar(valley, args=(t,)).fun, positive(2))
row(
    optimize.minimize_scalar,
    "bounded",
    lambda t: optimize.minimize_scalar(lambda x: valley(x, t), bounds=(-4, 3), options={"xatol": 1e-10}).fun,
    positive(2),
)
row(optimize.brent, "value", lambda t: optimize.brent(valley, (t,), full_output=True)[1], positive(2))
row(optimize.golden, "value", lambda t: optimize.golden(valley, (t,), full_output=True)[1], positive(2))
row(optimize.fminbound, "value", lambda t: optimize.fminbound(valley, -4, 3, (t,), full_output=True)[1], positive(2))
row(
    optimize.fmin,
    "value",
    lambda t: optimize.fmin(bowl, [0.5, 0.5], (t,), 1e-8, 1e-14, full_output=True, disp=0)[1],
    positive(2),
)
row(
    optimize.fmin_powell,
    "value",
    lambda t: optimize.fmin_powell(bowl, [0.5, 0.5], (t,), 1e-9, 1e-14, full_output=True, disp=0)[1],
    positive(2),
)
row(
    optimize.fmin_ncg,
    "args",
    lambda t: optimize.fmin_ncg(bowl, [0.5, 0.5], bowl_slope, None, bowl_curve, (t,), 1e-14, disp=0),
    positive(2),
)
for f in (optimize.fmin_bfgs, optimize.fmin_cg):
    row(
        f, "value", lambda t, f=f: f(bowl, [0.5, 0.5], bowl_slope, (t,), 1e-8, full_output=True, disp=0)[1], positive(2)
    )
row(
    optimize.fmin_l_bfgs_b,
    "value",
    lambda t: optimize.fmin_l_bfgs_b(bowl, [0.5, 0.5], bowl_slope, (t,))[1],
    positive(2),
)
row(
    optimize.fmin_l_bfgs_b,
    "both",
    lambda t: optimize.fmin_l_bfgs_b(ga.value_and_grad(bowl), [0.5, 0.5], args=(t,))[1] * ONE,
    positive(2),
)
row(
    optimize.fmin_tnc,
    "bound",
    lambda t: optimize.fmin_tnc(bowl, [0.0, 1.0], bowl_slope, (t,), bounds=BOUNDS, disp=0)[0] * t,
    positive(2),
)
row(
    optimize.fmin_slsqp,
    "value",
    lambda t: optimize.fmin_slsqp(
        bowl, [0.5, 0.5], fprime=bowl_slope, args=(t,), acc=1e-14, full_output=True, iprint=0
    )[1],
    positive(2),
)
BOX = [(-1.0, 4.0), (-1.0, 4.0)]
RNG = "rng" if np.lib.NumpyVersion(scipy.__version__) >= "1.15.0" else "seed"


def seeded():
    return {RNG: np.random.default_rng(0)}


row(
    optimize.differential_evolution,
    "value",
    lambda t: optimize.differential_evolution(bowl, BOX, (t,), **seeded(), tol=1e-8, polish=False).fun,
    positive(2),
)
row(
    optimize.dual_annealing,
    "value",
    lambda t: optimize.dual_annealing(bowl, BOX, (t,), maxiter=10, **seeded()).fun,
    positive(2),
)
row(optimize.shgo, "value", lambda t: optimize.shgo(bowl, BOX, (t,)).fun, positive(2))
row(
    optimize.basinhopping,
    "value",
    lambda t: optimize.basinhopping(bowl, [0.5, 0.5], 1, minimizer_kwargs={"args": (t,)}, **seeded()).fun,
    positive(2),
)
row(
    optimize.brute,
    "value",
    lambda t: optimize.brute(
        bowl,
        BOX,
        (t,),
        5,
        True,
        lambda f, x, args, full_output, disp: (*optimize.fmin(f, x, args, 1e-8, 1e-14, disp=0, full_output=1)[:2], 0),
    )[1],
    positive(2),
)
row(
    optimize.direct,
    "value",
    lambda t: (
        optimize.direct(lambda x: (np.sum((x - 0.5) ** 2) + 1) * t, BOX, maxiter=4000, vol_tol=0, len_tol=1e-7).fun
        * ONE
    ),
    positive(),
)

# Of each element by itself

try:
    elementwise = importlib.import_module("scipy.optimize.elementwise")
except ModuleNotFoundError:
    elementwise = None
else:
    row(
        elementwise.find_root,
        "args",
        lambda t: elementwise.find_root(lambda x, t: x**3 + x - t, (0.0, 3.0), args=(t,)).x,
        positive(3),
    )
    row(
        elementwise.find_minimum,
        "value",
        lambda t: elementwise.find_minimum(lambda x, t: (x - t) ** 2 + np.exp(x), (-4.0, 0.1, 4.0), args=(t,)).f_x,
        positive(3),
    )

# Least squares

X = np.linspace(0, 2, 6)
TIGHT = {"xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}


def line(x, a, b):
    return a * np.cos(x) + b * x


def line_slope(x, a, b):
    return np.stack([np.cos(x), x + 0 * a], axis=1)


SIGMA = np.array([0.5, 1.0, 2.0, 1.0, 0.7, 0.3])
COVARIANCE = np.diag(SIGMA) + 0.1
FITS = {
    "lm": {},
    "errors": {"sigma": SIGMA},
    "absolute": {"sigma": SIGMA, "absolute_sigma": True},
    "covariance": {"sigma": COVARIANCE},
    "trf": {"method": "trf"},
    "bounds": {"bounds": ([-9, -9], [9, 9])},
    "given": {"p0": [1.0, 1.0], "check_finite": False},
    "full": {"full_output": True},
    "loss": {"method": "trf", "loss": "linear", "f_scale": 0.5},
}
for label, options in FITS.items():
    row(
        optimize.curve_fit,
        label,
        lambda y, o=options: optimize.curve_fit(line, X, y, jac=line_slope, **o)[: 1 if "absolute_sigma" in o else 2],
        real(6),
    )
row(optimize.curve_fit, "places", lambda x, y: optimize.curve_fit(line, x, y, jac=line_slope)[:2], positive(6), real(6))
row(
    optimize.curve_fit,
    "sigma",
    lambda y, s: optimize.curve_fit(line, X, y, sigma=s, jac=line_slope)[:2],
    real(6),
    positive(6),
)
row(
    optimize.curve_fit,
    "deviations",
    lambda y: optimize.curve_fit(line, X, y, jac=line_slope, full_output=True)[2]["fvec"],
    real(6),
)


def deviations(p, y):
    return line(X, p[0], p[1]) - y


deviations_slope = ga.jacobian(deviations)
for loss in ("linear", "soft_l1", "huber", "cauchy", "arctan"):
    row(
        optimize.least_squares,
        f"{loss},cost",
        lambda y, s=loss: (
            optimize.least_squares(deviations, [1, 1], deviations_slope, loss=s, f_scale=3.0, args=(y,), **TIGHT).cost
        ),
        real(6),
    )
for name in ("x", "fun", "jac"):
    row(
        optimize.least_squares,
        f"linear,{name}",
        lambda y, n=name: optimize.least_squares(deviations, [1, 1], deviations_slope, args=(y,), **TIGHT)[n] * y[0],
        real(6),
    )
row(
    optimize.least_squares,
    "lm",
    lambda y: optimize.least_squares(deviations, [1, 1], deviations_slope, method="lm", kwargs={"y": y}, **TIGHT).x,
    real(6),
)
row(
    optimize.least_squares,
    "own-loss,cost",
    lambda y: (
        optimize.least_squares(
            lambda p: deviations(p, y),
            [1, 1],
            "3-point",
            loss=lambda z: np.array([np.log1p(z), 1 / (1 + z), -1 / (1 + z) ** 2]),
            f_scale=3.0,
        ).cost
    ),
    real(6),
)
row(
    optimize.least_squares,
    "bounds",
    lambda y: (
        optimize.least_squares(
            deviations, [0.1, 0.0], deviations_slope, ([0, -0.01], [9, 0.01]), method="dogbox", args=(np.abs(y) + 1,)
        ).x
        * y[:2]
    ),
    real(6),
)
row(optimize.leastsq, "args", lambda y: optimize.leastsq(deviations, [1.0, 1.0], (y,), deviations_slope)[0], real(6))
row(
    optimize.leastsq,
    "full",
    lambda y: optimize.leastsq(deviations, [1.0, 1.0], (y,), deviations_slope, full_output=True)[2]["fvec"],
    real(6),
)

TALL = np.random.default_rng(3).uniform(-1, 1, (6, 3))
row(optimize.nnls, "b", lambda b: optimize.nnls(TALL, b)[0], real(6))
row(optimize.nnls, "norm", lambda b: ONE * optimize.nnls(TALL, b)[1], real(6))
row(optimize.nnls, "A", lambda a: optimize.nnls(a, np.arange(6.0))[0], real(6, 3))
for method in ("trf", "bvls"):
    row(
        optimize.lsq_linear,
        f"{method},free",
        lambda a, b, m=method: optimize.lsq_linear(a, b, method=m).x,
        real(6, 3),
        real(6),
    )
row(
    optimize.lsq_linear,
    "bounds",
    lambda a, b: optimize.lsq_linear(a, b, (-0.1, 0.15), "bvls", 1e-14).cost,
    real(6, 3),
    real(6),
)
row(
    optimize.lsq_linear,
    "moving",
    lambda b, u: optimize.lsq_linear(TALL, b, (-9, u / 20), "bvls", 1e-14).x,
    real(6),
    positive(3),
)
row(optimize.isotonic_regression, "y", lambda y: optimize.isotonic_regression(y).x, distinct(6))
row(
    optimize.isotonic_regression,
    "weights",
    lambda y, w: (lambda r: (r.x, r.weights))(optimize.isotonic_regression(y, weights=w, increasing=False)),
    distinct(6),
    positive(6),
)

# Others

row(optimize.bracket, "values", lambda t: optimize.bracket(valley, args=(t,))[3:6], positive(2))
for f in (optimize.rosen, optimize.rosen_der, optimize.rosen_hess):
    row(f, "call", lambda x, f=f: f(x), real(4))
row(optimize.rosen, "columns", lambda x: optimize.rosen(x), real(4, 3))
row(optimize.rosen_hess_prod, "call", lambda x, p: optimize.rosen_hess_prod(x, p), real(4), real(4))
row(optimize.linear_sum_assignment, "cost", lambda c: np.sum(c[optimize.linear_sum_assignment(c)]), distinct(3, 4))

REFUSED += [
    ("linprog", lambda x: optimize.linprog(x[0]), "linprog.*implicit_root"),
    ("milp", lambda x: optimize.milp(x[0]), "milp.*implicit_root"),
    ("quadratic_assignment", lambda x: optimize.quadratic_assignment(x, np.eye(3)), "discrete"),
]
