"""Derivatives of the user's own: rules for any function, gradients written by hand, recomputation, ends and hooks."""

from __future__ import annotations

import functools
import importlib
import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from .dispatch import Rule, record, shows, unwrap, wrap
from .graph import conjugated, linked
from .modes import plainly, state
from .registry import local_rule
from .tensor import Tensor
from .transforms import vjp_for
from .trees import map_leaves
from .views import node_of

Function = Callable[..., Any]


def differentiable(
    wrapped: Function | None = None,
    *,
    kind: str = "differentiable",
    jvps: dict[str, Function] | None = None,
    **vjps: Function,
) -> Any:
    """Give a Python function or method its derivatives; its body sees plain arrays.

    Parameters
    ----------
    wrapped : callable, optional
        The function, if this is not used as a decorator.
    kind : {"differentiable", "elementwise", "linear"}
        What is known of it, as for `register`.
    jvps : dict, optional
        For forward mode, by the names of arguments: functions of ``t``, the tangent of that argument, and of whatever
        else they ask for by name. Without one, the vjp is transposed.
    **vjps
        For each differentiable argument its derivative: a function of ``g``, the incoming gradient, and whatever else
        it asks for by name: ``out``, other arguments, ``x_shape``. Written in NumPy's functions, it can be
        differentiated again.

    Returns
    -------
    callable
        With the name, docstring and signature of ``wrapped``. A derivative by an argument that has none is an error.

    Raises
    ------
    TypeError
        If a derivative is for, or asks for, an argument that the function does not have.

    Examples
    --------
    >>> import math, numpy as np, gradarray as ga
    >>> @ga.differentiable(x=lambda g, out: g * out)
    ... def exp(x):
    ...     return np.array([math.exp(v) for v in x])
    >>> x = ga.tensor([0.0, 1.0])
    >>> exp(x).backward()
    >>> x.grad
    array([1.        , 2.71828183])
    """
    if kind not in ("elementwise", "linear", "differentiable"):
        raise ValueError(f"differentiable: kind={kind!r}; choose one of elementwise, linear, differentiable.")
    if wrapped is None:
        return functools.partial(differentiable, kind=kind, jvps=jvps, **vjps)
    fn = wrapped.__func__ if isinstance(wrapped, (staticmethod, classmethod)) else wrapped
    rule = local_rule(_on_arrays(fn), kind, vjps, jvps or {})
    return _decorated(wrapped, lambda: rule.call)


def _decorated(wrapped: Any, call: Callable[[], Function]) -> Any:
    """A wrapt proxy of a function or method that calls another in its place, which takes ``self`` like any argument."""

    def run(wrapped: Function, instance: Any, args: Any, kwargs: Any) -> Any:
        bound = instance is not None and inspect.ismethod(wrapped)
        return call()(instance, *args, **kwargs) if bound else call()(*args, **kwargs)

    return importlib.import_module("wrapt").decorator(run)(wrapped)


def _on_arrays(fn: Function) -> Function:
    """``fn`` with Python numbers among its results as arrays; an error for what is no number."""
    name = getattr(fn, "__qualname__", repr(fn))

    def as_array(y: Any) -> Any:
        if isinstance(y, Tensor):
            raise TypeError(
                f"{name}: a Tensor came out of a function that works on plain arrays. It was in a dict or an object; "
                "give it as an argument of its own."
            )
        y = y if isinstance(y, (np.ndarray, np.generic)) else np.asarray(y)[()]
        if y.dtype.kind not in "biufc":
            raise TypeError(f"{name}: returned a {type(y).__name__} of dtype {y.dtype}; it must return numbers.")
        return y

    @functools.wraps(fn)
    def run(*args: Any, **kwargs: Any) -> Any:
        with plainly:
            y = fn(*args, **kwargs)
        if isinstance(y, (tuple, list)) and y and any(hasattr(part, "dtype") for part in y):
            return type(y)(*map(as_array, y)) if hasattr(y, "_fields") else tuple(map(as_array, y))
        return as_array(y)

    return run


def checkpoint(f: Function) -> Any:
    """``f``, of which nothing is kept for the gradient but the arguments: it is run again in the backward pass.

    Parameters
    ----------
    f : callable
        A function or method of arrays, and of anything else, that returns an array, a number or a tuple of them. What
        is to be differentiated by must be among its arguments, alone or in a list.

    Returns
    -------
    callable
        With the name, docstring and signature of ``f``.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> x = ga.tensor(0.5)
    >>> ga.checkpoint(lambda x: np.sin(np.exp(x)))(x).backward()
    >>> bool(np.isclose(x.grad, np.cos(np.exp(0.5)) * np.exp(0.5)))
    True
    """
    parameters = list(inspect.signature(f).parameters.values())
    names = [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]
    fn = _on_arrays(f)
    held: list[Any] = [(None, None)]  # a gradient, and what it was taken back to

    def again(*given: Any) -> Any:
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for p, value in zip(parameters, given, strict=True):
            if p.kind is p.VAR_POSITIONAL:
                positional += value
            elif p.kind is p.VAR_KEYWORD:
                named |= value
            elif p.kind is p.KEYWORD_ONLY:
                named[p.name] = value
            else:
                positional.append(value)
        return f(*positional, **named)

    def pulled(g: Any, *values: Any) -> Any:
        known, result = held[0]
        if known is not g:
            y, pullback = vjp_for("checkpoint", again, values)
            full = _like(y, _filled(g, y)) if isinstance(g, list) else g
            result = pullback(map_leaves(conjugated, full))
            held[0] = g, result
        return result

    def derivative(place: int) -> Function:
        # a rule says by its parameters what it needs: here all arguments, and the position within a list
        names = ", ".join(p.name for p in parameters)
        made: Function = eval(f"lambda g, {names}, i: take(g, i, {names})", {"take": functools.partial(take, place)})
        return made

    def take(place: int, g: Any, i: int, *values: Any) -> Any:
        found = pulled(g, *values)[place]
        return conjugated(found[i] if isinstance(found, (list, tuple)) else found)

    vjps = {name: derivative(k) for k, name in enumerate(names)}
    rule = local_rule(fn, "differentiable", vjps, {})
    return _decorated(f, lambda: rule.call)


def _like(y: Any, parts: list[Any]) -> Any:
    return type(y)(*parts) if hasattr(y, "_fields") else type(y)(parts)


def _filled(gs: list[Any], y: Any) -> list[Any]:
    """Gradients of outputs, zero for those without one."""
    return [np.zeros(np.shape(v), getattr(v, "dtype", float)) if g is None else g for g, v in zip(gs, y, strict=True)]


def custom_gradient(f: Function) -> Any:
    """A function that returns its value together with its pullback.

    Parameters
    ----------
    f : callable
        Of plain arrays; returns an array or number, and a function that takes the gradient of it to those of the
        positional arguments: a tuple, or for one argument that gradient itself. ``None`` stands for no gradient.

    Returns
    -------
    callable
        Of arrays or Tensors, returning the value alone. A second derivative is refused, since the pullback holds plain
        arrays; `differentiable` has one.

    Raises
    ------
    TypeError
        If the pullback gives another number of gradients than there are arguments.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> @ga.custom_gradient
    ... def clipped(x):
    ...     return x, lambda g: np.clip(g, -1.0, 1.0)
    >>> x = ga.tensor([1.0, 2.0])
    >>> (clipped(x) * [0.5, 30.0]).sum().backward()
    >>> x.grad
    array([0.5, 1. ])
    """
    rule = Rule(f, "custom gradient")

    def call(*args: Any, **kwargs: Any) -> Any:
        values = [unwrap(x) for x in args]
        with plainly:
            result = f(*values, **{name: unwrap(x) for name, x in kwargs.items()})
        if not isinstance(result, tuple) or len(result) != 2 or not callable(result[1]):
            raise TypeError(f"custom_gradient: {rule.name} must return its value and a function, not {result!r}.")
        out = _on_arrays(lambda: result[0])()
        out = out.copy() if shows(values, out) else out
        pullback = _Pullback(rule.name, result[1], len(args))
        edges: list[Any] = []
        if state().recording and out.dtype.kind in "fc":
            for place, x in enumerate(args):
                node = node_of(x) if isinstance(x, Tensor) else None
                if node is not None:
                    edges.append((node, _Returned(pullback, place, node.shape), None))
        return record(rule, out, *linked(edges)) if edges else wrap(out)

    return _decorated(f, lambda: call)


class _Pullback:
    """A function from a gradient to those of all arguments, called once for each gradient."""

    def __init__(self, name: str, fn: Function, count: int) -> None:
        self.name = name
        self.fn = fn
        self.count = count
        self.held: tuple[Any, Any] = (None, None)

    def __call__(self, g: Any) -> Any:
        known, grads = self.held
        if known is not g:
            grads = self.fn(conjugated(g))
            grads = grads if isinstance(grads, (tuple, list)) else (grads,)
            if len(grads) != self.count:
                raise TypeError(
                    f"custom_gradient: {self.name} has {self.count} arguments; {len(grads)} gradients came back."
                )
            self.held = g, grads
        return grads


class _Returned:
    """The derivative that a pullback gives for one argument."""

    first_order = True  # the pullback holds plain arrays, so that it cannot be differentiated by them

    def __init__(self, pullback: _Pullback, place: int, shape: tuple[int, ...]) -> None:
        self.pullback = pullback
        self.place = place
        self.shape = shape

    def __call__(self, g: Any) -> Any:
        r = self.pullback(g)[self.place]
        return conjugated(np.zeros(self.shape, g.dtype) if r is None else r if hasattr(r, "dtype") else np.asarray(r))


def stop_gradient(x: Any) -> Any:
    """``x``, also a structure of Tensors, with its values as constants.

    Examples
    --------
    >>> import gradarray as ga
    >>> x = ga.tensor(3.0)
    >>> (x * ga.stop_gradient(x)).backward()
    >>> x.grad
    array(3.)
    """
    return map_leaves(lambda t: t.copy(constant=True) if isinstance(t, Tensor) else t, x)
