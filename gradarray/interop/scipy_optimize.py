"""Functions of ``scipy.optimize``: solutions by the implicit function theorem, however SciPy finds them.

SciPy runs on plain values of everything it is given, also of what a function it is given has got elsewhere. Then that
function is called with Tensors at the solution; if what it returns depends on something, so does the solution, by
`gradarray.interop.implicit`. Where it starts from, brackets, tolerances and derivatives that are given take no part.
"""

import functools
import inspect

import numpy as np
from scipy import optimize

from ..context import Wrapping
from ..registry import composite, refused, unwrap, wrap
from ..trees import map_leaves
from .implicit import evaluated, gradient_of, inverse_jacobian, inverse_slopes, refined
from .implicit import _followed, _is_tensor  # noqa: PLC2701

# The parameters of SciPy's functions that are functions
_CALLED = {"fun", "func", "f", "F", "jac", "hess", "hessp", "fprime", "fprime2", "Dfun", "fhess", "fhess_p", "loss"}


def _plain(value):
    """``value`` with the data of the Tensors in it, also in dicts and in bounds."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, optimize.Bounds):
        return optimize.Bounds(_plain(value.lb), _plain(value.ub), value.keep_feasible)
    return unwrap(value)


def _on_plain(f):
    """``f`` for the steps on the way to a solution: in wrapped context, but without a graph."""
    mode = Wrapping(f, recording=False)

    @functools.wraps(f, updated=())
    def call(*args, **kwargs):
        with mode:
            return _plain(f(*args, **kwargs))

    return call


class _Call:
    """What one of SciPy's functions was given, by its parameters' names."""

    def __init__(self, fn, args, kwargs):
        self.name = f"scipy.optimize.{fn.__name__}"
        bound = _signatures[fn].bind(*args, **kwargs)
        self.given = bound.arguments
        self.any = any(_is_tensor(v) or _plain(v) is not v and _holds(v) for v in self.given.values())
        for name, value in [*bound.arguments.items()]:
            called = name in _CALLED and callable(value) and not isinstance(value, (str, type))
            bound.arguments[name] = _on_plain(value) if called else _plain(value)
        self.given = {**_signatures_defaults[fn]}
        self.found = fn(*bound.args, **bound.kwargs)
