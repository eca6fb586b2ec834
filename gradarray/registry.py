"""The rule tables, and the ways to fill them.

A rule names an argument and gives its derivative, whose parameters say what it needs: ``g``, the incoming
gradient; ``out``, the result; another argument or option by its NumPy name (the inputs of a ufunc are ``x``, or
``a``, ``b`` ...); ``a_shape``, the shape of ``a`` without its data; for a sequence of arrays, ``i``, the position.

    elementwise(np.multiply, a=lambda g, b: g * b, b=lambda g, a: g * a)
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from . import chapters, dispatch
from .dispatch import (
    ITEM,
    ORDINARY,
    SHAPE,
    Derivative,
    Rule,
    Vjp,
    binary_call,
    constant_call,
    function_call,
    general_call,
    into,
    keeper,
    multiplied,
    name_of,
    ordinary,
    quick_finish,
    refused_call,
    spread,
    stacked,
    unary_call,
    unwrap,
    wrap,
    wrap_leaf,
    wrap_shared,
)
from .graph import Undetermined, count_nonzero, identity, negation, surely_finite, unbroadcast
from .modes import plainly
from .pull import partials
from .ufuncs import multiple_call, ufunc_methods

__all__ = [
    "KINDS",
    "Undetermined",
    "composite",
    "constant",
    "count_nonzero",
    "differentiable",
    "dispatched",
    "elementwise",
    "find",
    "functions",
    "identity",
    "into",
    "known",
    "linear",
    "local_rule",
    "multiplied",
    "negation",
    "partials",
    "refused",
    "register",
    "spread",
    "stacked",
    "surely_finite",
    "ufunc_methods",
    "ufuncs",
    "unbroadcast",
    "unwrap",
    "wrap",
    "wrap_leaf",
    "wrap_shared",
]

KINDS = ("elementwise", "linear", "differentiable", "composite", "constant", "refused")
ufuncs: dict[Any, Rule] = {}
functions: dict[Any, Rule] = {}


def known(fn: Any) -> Rule | None:
    """The rule of ``fn``, if there is one."""
    rule = ufuncs.get(fn) or functions.get(fn)
    return known(fn) if rule is None and chapters.load() else rule


def find(fn: Any) -> Rule:
    """The rule of ``fn``; a TypeError that names it and the ways out if there is none."""
    rule = known(fn) or known(getattr(fn, "__wrapped__", fn))
    if rule is None:
        raise TypeError(
            f"gradarray has no rule for {name_of(fn)}. Pass it plain "
            "arrays (t.data) if no gradient is to flow through it, or register one with gradarray.register."
        )
    return rule


def dispatched(fn: Any) -> Callable[..., Any]:
    """What NumPy's own functions are, for one of another library: on Tensors its rule, on plain arrays itself."""

    def call(*args: Any, **kwargs: Any) -> Any:
        given = (*args, *kwargs.values())
        with plainly:
            return (fn if unwrap(given) is given else find(fn).call)(*args, **kwargs)

    return call


def elementwise(fn: Any, signature: str | None = None, **vjps: Any) -> Rule:
    """Register a function whose derivative is diagonal; broadcast axes are summed over for it."""
    return _register(Rule(fn, "elementwise"), vjps, signature)


def linear(fn: Any, signature: str | None = None, **vjps: Vjp) -> Rule:
    """Register a function that is linear in its arrays. What NumPy returns as a view becomes a view."""
    return _register(Rule(fn, "linear"), vjps, signature)


def differentiable(fn: Any, signature: str | None = None, jvps: dict[str, Any] | None = None, **vjps: Vjp) -> Rule:
    """Register any other function that has a derivative, with those ``jvps`` that cost less than it does twice."""
    return _register(Rule(fn, "differentiable"), vjps, signature, jvps=jvps)


def constant(*fns: Any) -> None:
    """Register functions without a gradient by nature."""
    for fn in fns:
        rule = Rule(fn, "constant")
        rule.call = constant_call(rule)
        (ufuncs if isinstance(fn, np.ufunc) else functions)[fn] = rule


def refused(reason: str, *fns: Any) -> None:
    """Register functions that a Tensor cannot be given, and why."""
    for fn in fns:
        rule = Rule(fn, "refused")
        rule.call = refused_call(rule, reason)
        rule.reason = reason
        (ufuncs if isinstance(fn, np.ufunc) else functions)[fn] = rule


def composite(fn: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register ``fn`` as a Python function, with the same parameters, in terms of registered ones."""

    def add(body: Callable[..., Any]) -> Callable[..., Any]:
        rule = Rule(fn, "composite")
        rule.call = body
        functions[fn] = rule
        return body

    return add


def _register(
    rule: Rule,
    vjps: dict[str, Any],
    signature: str | None = None,
    lazily: bool = True,
    jvps: dict[str, Any] | None = None,
) -> Rule:
    fn = rule.fn
    if isinstance(fn, np.ufunc):
        rule.names = ("x",) if fn.nin == 1 else tuple("abcdefgh"[: fn.nin])
        rule.derivatives = _derivatives(rule, vjps, {})
        if fn.nout > 1 or fn.nin > 2:
            rule.call = multiple_call(rule)
        else:
            rule.call = unary_call(rule) if fn.nin == 1 else binary_call(rule)
        ufuncs[fn] = rule
    else:
        rule.prepare = functools.partial(_prepare, rule, vjps, signature, jvps)
        rule.call = function_call(rule)
        if not lazily:
            rule.prepare()
        functions[fn] = rule
    return rule


def local_rule(fn: Any, kind: str, vjps: dict[str, Any], jvps: dict[str, Any]) -> Rule:
    """A rule that is in no table: of a user's own function, whose results are checked."""
    rule = Rule(fn, kind)
    _prepare(rule, vjps, None, jvps, checked=True)
    return rule


def _prepare(
    rule: Rule, vjps: dict[str, Any], signature: str | None, jvps: dict[str, Any] | None, checked: bool = False
) -> None:
    """Look at the parameters of a function: at its first call, since all of NumPy's together take long to look at."""
    template = rule.fn if signature is None else eval(f"lambda {signature[1:-1]}: None")
    parameters = list(inspect.signature(template).parameters.values())
    rule.names = tuple(p.name for p in parameters)
    rule.defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
    rule.derivatives = _derivatives(rule, vjps, jvps or {}, checked)
    rule.places = {derivative.place: derivative for derivative in rule.derivatives}
    rule.out_place = rule.names.index("out") if "out" in rule.names else None
    rule.where_place = rule.names.index("where") if "where" in rule.names else None
    general = general_call(rule)
    rule.apply, rule.quick = _compiled(rule, parameters, general)
    rule.general = general  # last: other threads take it as the sign that the rest is there
    rule.call = rule.quick


def _derivatives(rule: Rule, vjps: dict[str, Any], jvps: dict[str, Any], checked: bool = False) -> list[Derivative]:
    places = {name: i for i, name in enumerate((*rule.names, "out"))}
    if "out" in rule.names:
        places["out"] = len(rule.names)
    places |= {f"{name}_shape": SHAPE + i for name, i in places.items()}
    places["i"] = ITEM

    def picked(name: str, f: Any) -> tuple[int, ...]:
        if f is not None and not hasattr(f, "__code__"):
            raise TypeError(f"rule of {rule.name}: the derivative for {name!r} is {f!r}; give a Python function.")
        # what has a default is bound to the rule, not asked for
        needs = () if f is None else f.__code__.co_varnames[1 : f.__code__.co_argcount - len(f.__defaults__ or ())]
        unknown = [need for need in (name, *needs) if need not in places]
        if unknown:
            raise TypeError(f"rule of {rule.name}: no argument is called {unknown[0]!r}; they are {rule.names}.")
        return tuple(places[need] for need in needs)

    found: list[Derivative] = []
    for name, vjp in vjps.items():
        for f in vjp if type(vjp) is tuple else (vjp,):
            picks = picked(name, f)
            if picks and any(known.vjp is f for known in found):
                f = types.FunctionType(f.__code__, f.__globals__, f.__name__, f.__defaults__, f.__closure__)
            jvp = jvps.get(name)
            pushed = None if jvp is None else (jvp, picked(name, jvp))
            f = _checked(rule.name, name, f) if checked else f
            found.append(Derivative(places[name], f, picks, keeper(picks, len(rule.names)), pushed))
    if unused := jvps.keys() - vjps.keys():
        raise TypeError(f"rule of {rule.name}: a jvp for {min(unused)!r}, which has no derivative besides.")
    return found


def _checked(rule: str, name: str, vjp: Vjp) -> Vjp:
    """A user's derivative: Python numbers will do, what is no number is an error that names the rule."""

    @functools.wraps(vjp)
    def checked(g: Any, *saved: Any) -> Any:
        r = vjp(g, *saved)
        r = r if hasattr(r, "dtype") else np.asarray(r)
        if r.dtype.kind not in "biufc":
            raise TypeError(
                f"rule of {rule}: the derivative for {name!r} gave {r!r}; it must give an array of numbers."
            )
        return r

    return checked


def _compiled(
    rule: Rule, parameters: list[inspect.Parameter], general: Callable[[tuple[Any, ...]], Any]
) -> tuple[Callable[[Any], Any], Callable[..., Any]]:
    """What calls the function of ``rule`` on a list of values, and the rule's call, with the parameters themselves.

    Made once, from the parameters, so that a call costs no inspection and a wrong option is an error.
    """
    kinds = inspect.Parameter
    passed: dict[Any, str] = {
        kinds.VAR_POSITIONAL: "*{0}",
        kinds.KEYWORD_ONLY: "{0}={0}",
        kinds.VAR_KEYWORD: "**{0}",
    }
    forms = [passed.get(p.kind, "{0}").format(p.name) for p in parameters]
    values = [form[: -len(p.name)] + f"v[{i}]" for i, (form, p) in enumerate(zip(forms, parameters, strict=True))]
    known = {"__fn": rule.compute or rule.fn, "__general": general}
    apply = eval(f"lambda v: __fn({', '.join(values)})", known)

    name = getattr(rule.fn, "__name__", "function")
    bare = [
        p.replace(annotation=p.empty, default=_Name(f"__{p.name}") if p.name in rule.defaults else p.empty)
        for p in parameters
    ]
    every = f"({', '.join(rule.names)},)"
    lines = [f"def call{inspect.Signature(bare)}:", f" return __general({every})"]
    first, rest = parameters[0], parameters[1:]
    if first.kind in (first.POSITIONAL_ONLY, first.POSITIONAL_OR_KEYWORD):
        tests = [f"__type({first.name}) is __Tensor and __type(__data := {first.name}._primal) is __ndarray"]
        for p in rest:
            same = f"{p.name} is __{p.name} or " if p.name in rule.defaults else ""
            plain = f"({same}__type({p.name}) in __ORDINARY or __ordinary({p.name}))"
            tests.append(f"{p.name} is None" if p.name == "out" else plain)
        forms[0] = "__data"
        lines[1:1] = [
            f" if {' and '.join(tests)}:",
            f"  __out = __fn({', '.join(forms)})",
            f"  return __finish({first.name}, __out, ({', '.join(('__data', *rule.names[1:], '__out'))}))",
        ]
        known |= {"__Tensor": dispatch.Tensor, "__ndarray": np.ndarray, "__ordinary": ordinary, "__type": type}
        known["__ORDINARY"] = ORDINARY
        known["__finish"] = quick_finish(rule)
    known |= {f"__{n}": v for n, v in rule.defaults.items()}
    exec(compile("\n".join(lines), __file__, "exec"), known)
    call: Any = known["call"]
    call.__name__ = name
    call.__code__ = call.__code__.replace(co_name=name, co_qualname=name)
    return apply, call


class _Name(str):
    """A string that stands for a name in source."""

    __slots__ = ()
    __repr__ = str.__str__


def register(fn: Any, *, kind: str = "elementwise", signature: str | None = None, **vjps: Vjp) -> Any:
    """Teach gradarray the derivatives of a function that NumPy's protocols reach.

    Parameters
    ----------
    fn : callable
        A ufunc of any library, or a function that dispatches through ``__array_function__``.
    kind : {"elementwise", "linear", "differentiable"}
        What is known of it; gradients of an elementwise function are summed over broadcast axes.
    signature : str, optional
        Its parameters, ``"(a, axis=None)"``, where `inspect.signature` cannot tell them.
    **vjps
        For each differentiable argument its derivative: a function of ``g``, the incoming gradient, and
        whatever else it asks for by name: ``out``, other arguments, options, ``x_shape``. The inputs of a
        ufunc are called ``x``, or ``a``, ``b`` and so on. Without any, this is a decorator for a Python function that
        does what ``fn`` does, in functions that have derivatives.

    Returns
    -------
    callable
        ``fn``, or the decorator.

    Raises
    ------
    TypeError
        If a derivative is for, or asks for, an argument that the function does not have.
    ValueError
        If ``kind`` is none of the three.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.register(np.rad2deg, x=lambda g: g * (180 / np.pi))
    <ufunc 'rad2deg'>
    >>> x = ga.tensor(1.0)
    >>> np.rad2deg(x).backward()
    >>> x.grad
    array(57.29577951)
    """
    if kind not in ("elementwise", "linear", "differentiable"):
        raise ValueError(f"register: kind={kind!r}; choose one of elementwise, linear, differentiable.")
    if not vjps:
        return composite(fn)
    _register(Rule(fn, kind), vjps, signature, lazily=False)
    return fn
