"""Minima under constraints, by the implicit function theorem on the conditions of Karush, Kuhn and Tucker.

Where the gradient of the function is a sum of those of the active constraints, each times its multiplier, and these
constraints are equations, both change together with what any of them depends on.
"""

import numpy as np

from ..jacobians import jacobian
from ..modes import by_itself
from ..registry import unwrap
from .implicit import evaluated, followed, gradient_of, inverse_jacobian, refined

# compared to the solution: as far as solvers stay away from what is active, and what is no distance
_NEAR, _AT = 1e-4, 1e-6


def ranges(constraints, bounds=(None, None)):
    """Functions and the lower and upper limits of their values, of constraints in any form of SciPy's and of bounds."""
    for c in [constraints] if isinstance(constraints, dict) or not np.iterable(constraints) else constraints:
        if isinstance(c, dict):
            yield _with_args(c), 0.0, 0.0 if c["type"].lower() == "eq" else np.inf
        else:
            yield c.fun if hasattr(c, "fun") else _rows(c.A), c.lb, c.ub
    low, high = bounds
    if low is not None or high is not None:
        yield lambda x: x, -np.inf if low is None else low, np.inf if high is None else high


def _with_args(c):
    return lambda x: c["fun"](x, *c.get("args", ()))


def _rows(a):
    return lambda x: (a.toarray() if hasattr(a, "toarray") else a) @ x


def _distances(given, x):
    """By how much the constraints hold, 0 of those that are equations; and which are."""
    values, kinds = [], []
    for f, *limits in given:
        y = np.reshape(f(x), -1)
        low, high = (np.broadcast_to(limit, y.shape) for limit in limits)
        same = unwrap(low) == unwrap(high)
        below, above = (np.isfinite(unwrap(limit)) & ~same for limit in (low, high))
        values += [y[same] - 0.5 * (low[same] + high[same]), y[below] - low[below], high[above] - y[above]]
        kinds += [np.repeat([True, False, False], [np.sum(part) for part in (same, below, above)])]
    return np.concatenate(values), np.concatenate(kinds)


def minimum(name, f, x, given):
    """The minimum ``x`` of ``f`` under the constraints ``given``, as a Tensor; None if it depends on nothing."""
    given, n = list(given), x.size

    def distances(x):
        return _distances(given, x)[0]

    if not followed(evaluated(f, x)) and not followed(evaluated(distances, x)):
        return None
    with by_itself:
        slope, slopes = unwrap(gradient_of(f)(x)), unwrap(jacobian(distances)(x))
        values, equations = map(unwrap, evaluated(lambda x: _distances(given, x), x))
    size, lengths = 1 + np.max(np.abs(x)), np.linalg.norm(slopes, axis=1)
    active = np.flatnonzero(equations | (values <= _NEAR * size * lengths))
    while True:
        if np.linalg.matrix_rank(slopes[active]) < active.size:
            raise np.linalg.LinAlgError(
                f"{name}: the gradients of the constraints that are active at the solution depend on each other, so "
                "that it has no unique multipliers. Leave out those that follow from others."
            )
        z = np.concatenate((x, np.linalg.lstsq(slopes[active].T, slope, rcond=None)[0]))
        residual = _stationarity(f, distances, active, n)
        r, apply = evaluated(residual, z), inverse_jacobian(name, residual, z)
        # by how much a constraint would have to give way until it were of no consequence
        multipliers, rates = (z - apply(unwrap(r)))[n:], np.array([apply(e) @ e for e in np.eye(z.size)[n:]])
        with np.errstate(divide="ignore", invalid="ignore"):
            margins = np.where(equations[active], np.inf, multipliers / np.abs(rates) / lengths[active])
        if np.any(np.abs(margins) <= _AT * size):
            raise np.linalg.LinAlgError(
                f"{name}: a constraint is active at the solution, but of no consequence, so that the solution has one "
                "derivative where it is and another where it is not."
            )
        if np.all(margins > 0):
            break
        active = active[margins > 0]
    t = refined(name, residual, z, r, inverse=lambda *_: apply)
    return None if t is None else t[:n]


def _stationarity(f, distances, active, n):
    """What is 0 at the minimum ``z[:n]``, of the multipliers ``z[n:]``."""

    def residual(z):
        slope = gradient_of(lambda x: f(x) - z[n:] @ distances(x)[active])(z[:n])
        return np.concatenate((slope, distances(z[:n])[active]))

    return residual
