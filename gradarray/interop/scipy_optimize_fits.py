"""Least squares, and what is left of ``scipy.optimize`` besides roots and minima."""

from typing import Any

import numpy as np
from scipy import optimize

from ..jacobians import jacobian
from ..registry import constant, refused, stacked, unwrap
from .implicit import evaluated, followed, holds_tensors
from .scipy_optimize_calls import first, limits, rule

# Loss functions of the squares, with their first and second derivatives
_LOSSES: dict[Any, Any] = {
    "linear": (lambda z: z, lambda z: 1 + 0 * z, lambda z: 0 * z),
    "soft_l1": (
        lambda z: 2 * ((1 + z) ** 0.5 - 1),
        lambda z: (1 + z) ** -0.5,
        lambda z: -0.5 * (1 + z) ** -1.5,
    ),
    "huber": (
        lambda z: np.where(z <= 1, z, 2 * np.maximum(z, 1) ** 0.5 - 1),
        lambda z: np.maximum(z, 1) ** -0.5,
        lambda z: np.where(z <= 1, 0, -0.5 * np.maximum(z, 1) ** -1.5),
    ),
    "cauchy": (np.log1p, lambda z: 1 / (1 + z), lambda z: -1 / (1 + z) ** 2),
    "arctan": (np.arctan, lambda z: 1 / (1 + z**2), lambda z: -2 * z / (1 + z**2) ** 2),
}


class _Fit:
    """A sum of squares of ``residual``, under a loss function."""

    def __init__(self, residual, loss="linear", f_scale=1.0):
        self.residual = lambda x: np.reshape(residual(x), -1)
        self.scale = f_scale
        # one of the user's own gives all three in one array
        self.losses = [lambda z, k=k: loss(z)[k] for k in range(3)] if callable(loss) else _LOSSES[loss]

    def cost(self, x):
        return 0.5 * self.scale**2 * np.sum(self.losses[0]((self.residual(x) / self.scale) ** 2))

    def jacobian(self, x):
        """That of the residuals, as SciPy scales it for the loss function."""
        j = jacobian(self.residual)(x)
        if self.losses is _LOSSES["linear"]:
            return j
        z = (self.residual(x) / self.scale) ** 2
        weight = self.losses[1](z) + 2 * self.losses[2](z) * z
        return np.maximum(weight, np.finfo(float).eps)[:, None] ** 0.5 * j

    def covariance(self, x):
        j = self.jacobian(x)
        return np.linalg.inv(j.T @ j)


def _least_squares(call):
    given, found = call.given, call.found
    fit = _Fit(call.function("fun"), given["loss"], given["f_scale"])
    found.x = call.minimum(fit.cost, found.x, limits(given["bounds"], pairs=False))
    found.cost = call.value(fit.cost, found.x, found.cost)
    found.fun = call.value(fit.residual, found.x, found.fun)
    if isinstance(found.jac, np.ndarray):
        found.jac = call.value(fit.jacobian, found.x, found.jac)
    return found


def _leastsq(call):
    found = call.found
    fit = _Fit(call.function("func"))
    x = call.minimum(fit.cost, found[0])
    if len(found) == 2:
        return first(found, x)
    found[2]["fvec"] = call.value(fit.residual, x, found[2]["fvec"])
    return first(found, x, None if found[1] is None else call.value(fit.covariance, x, found[1]))


def _curve_fit(call):
    given, (popt, pcov, *more) = call.given, call.found
    options = given["kwargs"]
    fit = _Fit(_deviations(given), options.get("loss", "linear"), options.get("f_scale", 1.0))
    x = call.minimum(fit.cost, popt, limits(given["bounds"], pairs=False))
    freedom = np.size(unwrap(given["ydata"])) - popt.size

    def covariance(x):
        return fit.covariance(x) * (1 if given["absolute_sigma"] else 2 * fit.cost(x) / freedom)

    if np.isfinite(pcov).all():
        pcov = call.value(covariance, x, pcov)
    if more:
        more[0]["fvec"] = call.value(fit.residual, x, more[0]["fvec"])
    return (x, pcov, *more)


def _deviations(given):
    """What `curve_fit` makes small: how far the model is from the data, in units of the errors."""
    f, sigma = given["f"], given["sigma"]
    x, y = (_floats(given[name]) for name in ("xdata", "ydata"))
    keep = slice(None)
    if given.get("nan_policy") == "omit":
        bad = np.isnan(unwrap(x))
        keep = ~(np.any(bad, axis=tuple(range(bad.ndim - 1))) | np.isnan(unwrap(y)))
        x, y = x[..., keep], y[keep]
    if sigma is None:
        return lambda p: f(x, *p) - y
    sigma = _floats(sigma)
    if sigma.ndim < 2:
        sigma = sigma if sigma.size == 1 else sigma[keep]
        return lambda p: (f(x, *p) - y) / sigma
    factor = np.linalg.cholesky(sigma[keep][:, keep])
    return lambda p: np.linalg.solve(factor, f(x, *p) - y)


def _floats(values):
    """Data as `curve_fit` takes it; what is no sequence of numbers is for the model to know."""
    if holds_tensors(values):
        return stacked(values).astype(float)
    return np.asarray(values, float) if isinstance(values, (list, tuple, np.ndarray, float, int)) else values


rule("least_squares", _least_squares)
rule("leastsq", _leastsq)
rule("curve_fit", _curve_fit)

# Linear least squares with bounds


def _linear(call):
    """The deviations ``A x - b``."""
    a, b = call.given["A"], stacked(call.given["b"])
    return lambda x: stacked(a) @ x - b


def _nnls(call):
    x, norm = call.found
    deviations = _linear(call)
    x = call.minimum(lambda x: 0.5 * np.sum(deviations(x) ** 2), x, (np.zeros(x.shape), None), near=0)
    return x, call.value(lambda x: np.linalg.norm(deviations(x)), x, norm)


def _lsq_linear(call):
    found, fit = call.found, _Fit(_linear(call))
    found.x = call.minimum(fit.cost, found.x, limits(call.given["bounds"], pairs=False))
    found.fun = call.value(fit.residual, found.x, found.fun)
    found.cost = call.value(fit.cost, found.x, found.cost)
    return found


rule("nnls", _nnls)
rule("lsq_linear", _lsq_linear)


def _isotonic(call):
    """Weighted means over the blocks that were found."""
    given, found = call.given, call.found
    if call.holds:
        y = stacked(given["y"])
        w = np.ones(np.shape(y)) if given["weights"] is None else stacked(given["weights"])
        total = np.add.reduceat(w, found.blocks[:-1])
        means = np.add.reduceat(w * y, found.blocks[:-1]) / total
        found.x = call.output(np.repeat(means, np.diff(found.blocks)), found.x)
        found.weights = call.output(total if holds_tensors(total) else None, found.weights)
    return found


rule("isotonic_regression", _isotonic)

# Other functions


def _approx_fprime(call):
    """With the derivatives of the gradient itself, which those of finite differences would miss by their error."""
    f, x = call.function("f"), call.given["xk"]
    x = np.atleast_1d(stacked(x) if holds_tensors(x) else np.asarray(x, float))
    if not followed(x) and not followed(evaluated(f, x)):
        return call.output(None, call.found)
    return call.output(np.reshape(evaluated(jacobian(f), x), np.shape(call.found)), call.found)


def _bracket(call):
    f, (*xs, _, _, _, calls) = call.function("func"), call.found
    values = [evaluated(f, x) for x in xs]
    found = [call.output(y if followed(y) else None, v) for y, v in zip(values, call.found[3:6], strict=True)]
    return (*xs, *found, calls)


rule("approx_fprime", _approx_fprime)
rule("bracket", _bracket)
rule("check_grad", lambda call: call.found)
constant(optimize.linear_sum_assignment)
refused(
    "its solution has no rule. Where the constraints that are active do not change it solves linear equations; give "
    "these to gradarray.interop.implicit_root.",
    *(getattr(optimize, name) for name in ("linprog", "milp") if hasattr(optimize, name)),
)
refused("it is discrete, and has no derivative; pass plain arrays (t.data).", optimize.quadratic_assignment)
