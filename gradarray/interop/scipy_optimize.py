"""Functions of ``scipy.optimize``: solutions by the implicit function theorem, however SciPy finds them.

SciPy runs on the plain values of what it is given, and of what the functions it is given return. Then these are called
with Tensors at the solution; if what they return depends on something, so does the solution (`gradarray.interop.
implicit`), under constraints together with its multipliers. Starting points, brackets, tolerances and given derivatives
take no part in that. Of a result, the solution, the function's values and of least squares the Jacobian and covariance
are Tensors; the rest stays plain.
"""

import contextlib
import importlib
from typing import Any

import numpy as np

from . import scipy_optimize_fits  # noqa: F401, it registers rules
from .implicit import evaluated, followed, gradient_of, inverse_slopes
from .scipy_optimize_calls import first, limits, rule

# Roots


def _scalar_root(call):
    found = call.found
    full = isinstance(found, tuple)
    x = call.root(call.function("f"), found[0] if full else found)
    if full:
        found[1].root = x
    return first(found, x)


for _name in ("brentq", "brenth", "ridder", "bisect", "toms748"):
    rule(_name, _scalar_root)


def _newton(call):
    found = call.found
    full = isinstance(found, tuple)
    x = call.root(call.function("func"), found[0] if full else found, inverse_slopes)
    if hasattr(found, "_replace"):
        return found._replace(root=x)
    if full:
        found[1].root = x
    return first(found, x)


def _root_scalar(call):
    f = call.function("f", 0 if call.given["fprime"] is True else None)
    call.found.root = call.root(f, call.found.root)
    return call.found


def _root(call):
    fun = call.function("fun", 0 if call.given["jac"] is True else None)
    call.found.x = call.root(fun, call.found.x)
    return call.found


def _fsolve(call):
    x = call.root(call.function("func"), call.found[0] if isinstance(call.found, tuple) else call.found)
    return first(call.found, x)


def _fixed_point(call):
    f = call.function("func")
    return call.root(lambda x: f(x) - x, call.found)


rule("newton", _newton)
rule("root_scalar", _root_scalar)
rule("root", _root)
rule("fsolve", _fsolve)
rule("fixed_point", _fixed_point)
for _name in ("broyden1", "broyden2", "anderson", "linearmixing", "diagbroyden", "excitingmixing", "newton_krylov"):
    rule(_name, lambda call: call.root(call.function("F"), call.found))

# Minima


def _minimize(call, name="fun", part=None, near=1e-6, pairs=True):
    f, found = call.function(name, part), call.found
    bounds = limits(call.given.get("bounds"), pairs)
    found.x = call.minimum(f, found.x, bounds, near, call.given.get("constraints"))
    found.fun = call.value(f, found.x, found.fun)
    return found


def _conditions(given):
    """The constraints of the older functions, in the form of `minimize`."""
    args = given.get("args") if given.get("consargs") is None else given["consargs"]
    for name in ("eqcons", "f_eqcons", "ieqcons", "f_ieqcons", "cons"):
        fs = given.get(name)
        for f in fs if np.iterable(fs) else [fs] if fs else []:
            yield {"type": "eq" if name in ("eqcons", "f_eqcons") else "ineq", "fun": f, "args": args}


def _legacy(call, name, part=None, value=True):
    """Those that return the solution, or with full output a tuple that begins with it and mostly its value."""
    f, found = call.function(name, part), call.found
    bounds, near = limits(call.given.get("bounds") or None), 1e-6
    if "x1" in call.given:
        bounds, near = (call.given["x1"], call.given["x2"]), 1e-4
    x = found[0] if isinstance(found, tuple) else found
    x = call.minimum(f, x, bounds, near, [*_conditions(call.given)])
    return first(found, x, call.value(f, x, found[1])) if isinstance(found, tuple) and value else first(found, x)


rule("minimize", lambda call: _minimize(call, part=0 if call.given["jac"] is True else None))
rule("minimize_scalar", lambda call: _minimize(call, near=1e-4, pairs=False))
for _name in ("differential_evolution", "dual_annealing", "shgo", "direct"):
    rule(_name, lambda call: _minimize(call, "func"))


def _basinhopping(call):
    options = call.given["minimizer_kwargs"] or {}
    call.given |= {"args": options.get("args", ()), "bounds": options.get("bounds")}
    if "constraints" in options:
        call.given["constraints"] = options["constraints"]
    return _minimize(call, "func", 0 if options.get("jac") is True else None)


rule("basinhopping", _basinhopping)
for _name in ("fmin", "fmin_powell", "brent", "golden", "fminbound", "fmin_slsqp", "fmin_cobyla", "brute"):
    rule(_name, lambda call: _legacy(call, "func"))
for _name in ("fmin_bfgs", "fmin_cg", "fmin_ncg"):
    rule(_name, lambda call: _legacy(call, "f"))


def _with_gradient(call, value):
    """Those whose function returns its gradient, too, unless that is given or approximated."""
    return _legacy(call, "func", None if call.given["fprime"] or call.given["approx_grad"] else 0, value)


rule("fmin_l_bfgs_b", lambda call: _with_gradient(call, True))
rule("fmin_tnc", lambda call: _with_gradient(call, False))

# Of each element by itself

_elementwise: Any = None
with contextlib.suppress(ModuleNotFoundError):
    _elementwise = importlib.import_module("scipy.optimize.elementwise")  # since SciPy 1.15


def _find_minimum(call):
    f, found = call.function("f"), call.found
    if followed(evaluated(f, np.copy(found.x))):
        slope = gradient_of(lambda x: np.sum(f(x)))
        found.x = call.root(slope, found.x, inverse_slopes)
    else:
        found.x = call.output(None, found.x)
    found.f_x = call.value(f, found.x, found.f_x)
    return found


def _find_root(call):
    call.found.x = call.root(call.function("f"), call.found.x, inverse_slopes)
    return call.found


if _elementwise is not None:
    rule(_elementwise.find_root, _find_root)
    rule(_elementwise.find_minimum, _find_minimum)
