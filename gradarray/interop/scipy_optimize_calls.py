"""How a call of one of SciPy's solvers is made and what is made of its result (see `gradarray.interop.implicit`)."""

import copy
import functools
import inspect
from typing import Any

import numpy as np
from scipy import optimize

from ..context import Wrapping
from ..registry import composite, stacked, unwrap, wrap
from ..trees import map_leaves
from .implicit import evaluated, followed, gradient_of, holds_tensors, inverse_jacobian, refined
from .scipy_optimize_constraints import minimum, ranges

# The parameters that are functions of the unknowns
_CALLED = {"fun", "func", "f", "F", "jac", "hess", "hessp", "grad", "loss"}
_CALLED |= {"fprime", "fprime2", "Dfun", "fhess", "fhess_p"}
_CALLED |= {"cons", "eqcons", "ieqcons", "f_eqcons", "f_ieqcons", "fprime_eqcons", "fprime_ieqcons"}
_LIMITS = (optimize.Bounds, optimize.LinearConstraint, optimize.NonlinearConstraint)

# Those that take what is no tuple as one argument; the others hand on the items of any sequence
_TUPLES = {"minimize", "minimize_scalar", "basinhopping", "root", "root_scalar", "fsolve", "leastsq"}
_TUPLES |= {"bisect", "brentq", "brenth", "ridder", "toms748"}


def _plain(value, name=""):
    """``value`` with the data of the Tensors in it, also in dicts and bounds; tuples stay tuples."""
    if isinstance(value, _LIMITS):
        plain = copy.copy(value)
        vars(plain).update(_plain(vars(value)))
        return plain
    if type(value) is dict:
        return {key: _plain(item, key) for key, item in value.items()}
    if type(value) in (list, tuple):
        return type(value)(_plain(item, name) for item in value)
    if name in _CALLED and callable(value) and not isinstance(value, type):
        return _on_plain(value)
    return map_leaves(unwrap, value)


def _holds(value):
    if isinstance(value, _LIMITS):
        value = vars(value)
    if isinstance(value, (list, tuple)):
        return any(map(_holds, value))
    return any(map(_holds, value.values())) if isinstance(value, dict) else holds_tensors(value)


def _on_plain(f):
    """``f`` for the way to a solution: in wrapped context, but with plain results and without a graph."""
    with Wrapping(f):  # what it holds is looked at once, since the context around this call keeps it
        pass
    mode = Wrapping(recording=False)

    @functools.wraps(f, updated=())
    def call(*args, **kwargs):
        with mode:
            return _plain(f(*args, **kwargs))

    return call


class Call:
    """A call of one of SciPy's functions: what was given, by name, and what SciPy found on plain values."""

    def __init__(self, fn, signature, args, kwargs):
        self.fn, self.name = fn, f"scipy.optimize.{fn.__name__}"
        bound = signature.bind(*args, **kwargs)
        self.holds = any(map(_holds, bound.arguments.values()))
        missing: dict[Any, Any] = {inspect.Parameter.VAR_POSITIONAL: (), inspect.Parameter.VAR_KEYWORD: {}}
        self.given = {name: missing.get(p.kind, p.default) for name, p in signature.parameters.items()}
        self.given |= bound.arguments
        for name, value in [*bound.arguments.items()]:
            bound.arguments[name] = _plain(value, name)
        self.found = fn(*bound.args, **bound.kwargs)

    def function(self, name, part=None):
        """The function given as ``name``, of the unknowns alone; ``part`` of what it returns."""
        f, args, options = self.given[name], self.given.get("args", ()), self.given.get("kwargs") or {}
        if not isinstance(args, tuple) and (self.fn.__name__ in _TUPLES or not np.iterable(args)):
            args = (args,)
        if part is None:
            return lambda x: stacked(f(x, *args, **options))
        return lambda x: stacked(f(x, *args, **options)[part])

    def output(self, t, value):
        """``t``, which is None where nothing takes a gradient, with the values that SciPy has."""
        if t is None:
            return wrap(np.asarray(value)) if self.holds else value
        return t + (np.reshape(value, t.shape) - unwrap(t))

    def root(self, residual, x, inverse=inverse_jacobian):
        return self.output(refined(self.name, residual, np.array(x), evaluated(residual, x), inverse=inverse), x)

    def minimum(self, f, x, limits=(None, None), near=1e-6, constraints=()):
        """The minimum of ``f``; where it is at a limit it goes with that."""
        x, whole = np.array(x), x
        if constraints:
            return self.output(minimum(self.name, f, x, ranges(constraints, limits)), whole)
        limited = any(followed(limit) for limit in limits)
        if not followed(evaluated(f, np.copy(x)[()])) and not limited:
            return self.output(None, whole)
        gradient = gradient_of(f)
        g = evaluated(gradient, x)
        slope, start, free = np.reshape(unwrap(g), x.shape), None, np.ones(x.shape, bool)
        for limit, sign in zip(limits, (1, -1), strict=True):
            if limit is None:
                continue
            values = np.broadcast_to(unwrap(limit), x.shape)
            at = (np.abs(x - values) <= near * (1 + np.abs(x))) & (sign * slope > 0) & free
            free = free & ~at
            if followed(limit):
                change = np.reshape(np.broadcast_to(limit, x.shape), -1)[np.reshape(at, -1)]
                places = np.eye(x.size)[:, np.reshape(at, -1)]
                change = np.reshape(places @ (change - unwrap(change)), x.shape)
                start = (x if start is None else start) + change
        inverse = functools.partial(inverse_jacobian, free=np.reshape(free, -1))
        return self.output(refined(self.name, gradient, x, g, inverse=inverse, start=start), whole)

    def value(self, f, t, value):
        """``f`` at the solution ``t``."""
        if not holds_tensors(t):
            return value
        y = evaluated(f, t)
        return self.output(np.reshape(y, np.shape(value)) if followed(y) else None, value)


def rule(name, solve):
    """Register a function of `scipy.optimize`, if there is one, with ``solve``, which makes its result of a `Call`."""
    fn = getattr(optimize, name, None) if isinstance(name, str) else name
    if fn is None:
        return
    signature = inspect.signature(fn)
    composite(fn)(lambda *args, **kwargs: solve(Call(fn, signature, args, kwargs)))


def first(found, *values):
    """A result whose first elements are replaced; alone, if it is no tuple."""
    return (*values, *found[len(values) :]) if isinstance(found, tuple) else values[0]


def limits(bounds, pairs=True):
    """Lower and upper bounds: of pairs, in which None stands for infinity, or of two arrays."""
    if bounds is None or isinstance(bounds, optimize.Bounds):
        return (None, None) if bounds is None else (stacked(bounds.lb), stacked(bounds.ub))
    if not pairs:
        return stacked(bounds[0]), stacked(bounds[1])
    sides = zip(*bounds, strict=True)
    return tuple(
        stacked([sign * np.inf if b is None else b for b in side]) for side, sign in zip(sides, (-1, 1), strict=True)
    )
