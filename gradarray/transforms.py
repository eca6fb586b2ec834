"""Derivatives of functions: gradients, Jacobians, Hessians, and products with them, of every order.

The functions given take arrays, scalars, and nested lists, tuples, dicts and dataclasses of them; leaves that are no
floats or complex numbers are passed through. Plain arrays give plain arrays; given Tensors, and within another
transform on whose arguments they depend, the results are Tensors that can be differentiated again. Other Tensors that a
function uses without being given them are constants to it, and their own graph is left as it is.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from .context import Wrapping
from .dispatch import unwrap, wrap
from .forward import below, dual, ended, tangent_of
from .graph import (
    Dual,
    Hooked,
    InvalidBackprop,
    Node,
    backward,
    conjugated,
    reachable,
    tags,
)
from .graph import gradient as gradient_of
from .mirror import mirrored
from .modes import Mode, state
from .pull import pull
from .tensor import Tensor
from .traces import (
    ARGUMENT,
    Function,
    Trace,
    argument_node,
    as_number,
    chosen_places,
    inexact,
    inner,
    is_number,
    like_arguments,
    owns,
    seeded,
    tracing,
    unrecorded,
)
from .trees import leaves, map_leaves
from .views import node_of, root_of

_next_tag = itertools.count(1).__next__


def _pair(output: Any) -> Any:
    if not isinstance(output, (tuple, list)) or len(output) != 2:
        raise TypeError(f"grad: with has_aux the function returns its value and something else, not {output!r}.")
    return output


def _scalar(name: str, y: Any) -> Any:
    if isinstance(y, Tensor) and y.shape == () and y.dtype.kind != "c":
        return y
    if not isinstance(y, (Tensor, float, int, np.generic, np.ndarray)) or np.shape(y) != ():
        what = f"an array of shape {np.shape(y)}" if hasattr(y, "shape") else f"a {type(y).__name__}"
        raise TypeError(f"{name}: the function returned {what}, not a number; take its sum, or use jacobian.")
    if getattr(y, "dtype", np.dtype(float)).kind == "c":
        raise TypeError(f"{name}: the function returned a complex number; take its real part or its absolute value.")
    return y


def value_and_grad(f: Function, argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Function:
    """The value of ``f`` and its gradient, together.

    Parameters
    ----------
    f : callable
        Returns a real number, or with ``has_aux`` a pair of it and anything else.
    argnums : int or tuple of int, default 0
        Which positional arguments to differentiate by.
    has_aux : bool, default False
        Whether ``f`` returns something besides, which is handed on.

    Returns
    -------
    callable
        With the parameters of ``f``; gives ``(value, gradient)``, or ``((value, aux), gradient)``. The gradient has
        the structure, shapes and dtypes of the argument; a tuple of them for a tuple of ``argnums``. By a complex
        argument it is dL/d(re) + i dL/d(im).

    Raises
    ------
    TypeError
        If ``f`` returns no real number, or there is nothing to differentiate by.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    (5.0, array([2., 4.]))
    """

    @functools.wraps(f)
    def run(*args: Any, **kwargs: Any) -> Any:
        return _value_and_grad(f, argnums, has_aux, args, kwargs)

    return run


def _value_and_grad(f: Function, argnums: Any, has_aux: bool, args: Any, kwargs: Any) -> tuple[Any, Any]:
    """`value_and_grad` of ``f``, called with ``args`` and ``kwargs``."""
    chosen = chosen_places(argnums, len(args), "grad")
    trace = Trace("grad", f, args, chosen, kwargs)
    y, aux = _pair(trace.output) if has_aux else (trace.output, None)
    _scalar("grad", y)
    seed = y.dtype.type(1) if isinstance(y, Tensor) else np.float64(1)
    grads = like_arguments(args, chosen, not isinstance(argnums, tuple), trace.pulled(y, seed, retain=False))
    value = trace.outside(y)
    return ((value, map_leaves(trace.outside, aux)) if has_aux else value), grads


def grad(f: Function, argnums: int | tuple[int, ...] = 0, has_aux: bool = False) -> Function:
    """The gradient of ``f``; with ``has_aux``, ``(gradient, aux)``. Parameters and errors: see `value_and_grad`.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.grad(np.sin)(0.0)
    1.0
    >>> ga.grad(ga.grad(ga.grad(np.sin)))(0.0)
    -1.0
    >>> ga.grad(lambda p: p["a"] * p["b"] ** 2)({"a": 2.0, "b": 3.0})
    {'a': 9.0, 'b': 12.0}
    """

    @functools.wraps(f)
    def run(*args: Any, **kwargs: Any) -> Any:
        value, grads = _value_and_grad(f, argnums, has_aux, args, kwargs)
        return (grads, value[1]) if has_aux else grads

    return run


def elementwise_grad(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """The gradient of the sum of ``f``: for a function of each element by itself, its derivative at each.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.elementwise_grad(np.square)(np.array([1.0, 2.0, 3.0]))
    array([2., 4., 6.])
    """
    return grad(functools.wraps(f)(lambda *args, **kwargs: np.sum(f(*args, **kwargs))), argnums)


def vjp(f: Function, *primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """The value of ``f``, and the function that takes a cotangent of it back to the arguments.

    Parameters
    ----------
    f : callable
        Returns an array, a number, or a structure of them.
    *primals
        Its arguments.

    Returns
    -------
    value
        What ``f`` returns.
    pullback : callable
        Takes a cotangent of the structure and shapes of the value; gives a tuple with a gradient for each argument. It
        may be called more than once.

    Raises
    ------
    TypeError
        If there is nothing to differentiate by.
    ValueError
        If a cotangent does not have the shape of the value.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> value, pullback = ga.vjp(np.multiply, np.array([1.0, 2.0]), 3.0)
    >>> pullback(np.array([1.0, 10.0]))
    (array([ 3., 30.]), 21.0)
    """
    return vjp_for("vjp", f, primals)


def vjp_for(name: str, f: Function, primals: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """`vjp` under another name; for a checkpoint an int stays what it is."""
    chosen = tuple(range(len(primals)))
    trace = Trace(name, f, primals, chosen, {})

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        pairs: list[tuple[Any, Any]] = []
        map_leaves(lambda y, c: pairs.append((y, seeded("vjp", y, c))), trace.output, cotangent)
        pairs = [(y, c) for y, c in pairs if isinstance(y, Tensor) and not y.constant]
        if len(pairs) == 1:
            grads = trace.pulled(*pairs[0])
        else:
            with tracing:
                total: Any = sum(np.sum(np.real(np.conj(c) * y)) for y, c in pairs)
                trace._root(total)
            grads = trace.pulled(total, np.float64(1) if not pairs else np.ones((), total.dtype)[()])
            del trace.roots[id(total)]
        given = like_arguments(primals, chosen, False, grads)
        return given if isinstance(given, tuple) else (given,)

    return map_leaves(trace.outside, trace.output), pullback


def jvp(f: Function, primals: Any, tangents: Any) -> tuple[Any, Any]:
    """The value of ``f`` and its derivative in one direction, computed forward: memory does not grow with a loop.

    Parameters
    ----------
    f : callable
        Returns an array, a number, or a structure of them.
    primals, tangents : sequence
        Its arguments, and the direction: for each argument the same structure and shapes.

    Returns
    -------
    value, tangent
        What ``f`` returns, and its derivative.

    Raises
    ------
    TypeError
        If ``primals`` and ``tangents`` are no sequences of one length.
    ValueError
        If a tangent does not have the shape of its primal.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.jvp(np.sin, [0.0], [2.0])
    (0.0, 2.0)
    """
    if not isinstance(primals, (list, tuple)) or not isinstance(tangents, (list, tuple)):
        raise TypeError("jvp: primals and tangents are sequences with an item for each argument; give [x], [v].")
    if len(primals) != len(tangents):
        raise TypeError(f"jvp: {len(primals)} primals and {len(tangents)} tangents.")
    tag = _next_tag()
    nested = active = False

    def opened(x: Any, v: Any) -> Any:
        nonlocal nested, active
        t = inner(x)
        if t is None:
            return x
        node = node_of(x) if isinstance(x, Tensor) else None
        v = seeded("jvp", t, v)
        followed = isinstance(v, Tensor) and not v.constant
        nested = nested or node is not None or followed
        active = active or followed or (node is not None and (type(node) is not Dual or node.active))
        shape, dtype = t.shape, t.dtype
        bare = dual(ARGUMENT, (), shape, dtype, ((tag, v),), False, False)
        t._node = bare if node is None else argument_node(node, (tag, v))
        return t

    given = [map_leaves(opened, float(x) if type(x) is int else x, v) for x, v in zip(primals, tangents, strict=True)]
    tags.append(tag)
    try:
        # within another transform anything that the function uses may belong to that
        within = state().nesting
        reverse = (active or within) and state().reverse
        with Wrapping(f, *given, recording=True, reverse=reverse, nesting=True):
            output = f(*given)

            def value(y: Any) -> Any:
                if not isinstance(y, Tensor):
                    return y
                node = node_of(y)
                t = wrap(y._primal, below(node, tag))
                if nested or (within and t._node is not None):
                    return t
                if t.shape == ():
                    return as_number(t._primal)
                # what was made in this call is nobody else's
                return t._primal if tangent_of(node, tag) is not None and owns(y) else np.array(t._primal)

            def tangent(y: Any) -> Any:
                if not is_number(y):
                    return y
                found = tangent_of(node_of(y), tag) if isinstance(y, Tensor) else None
                if found is None:
                    found = np.zeros(np.shape(y), getattr(y, "dtype", float))
                if isinstance(found, Tensor) and not nested and (not within or found.constant):
                    found = found._primal
                return as_number(found) if np.shape(found) == () and not isinstance(found, Tensor) else found

            return map_leaves(value, output), map_leaves(tangent, output)
    finally:
        tags.remove(tag)
        ended(tag)


def linearize(f: Function, *primals: Any) -> tuple[Any, Function]:
    """The value of ``f``, and its derivative at this point as a linear function of the direction.

    ``f`` itself is called once, however often the linear function is.

    Parameters
    ----------
    f : callable
        Returns an array, a number, or a structure of them.
    *primals
        Its arguments.

    Returns
    -------
    value
        What ``f`` returns.
    jvp : callable
        Takes a tangent for each argument and gives that of the value.

    Raises
    ------
    TypeError
        If there is nothing to differentiate by.
    ValueError
        If a tangent does not have the shape of its argument.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> value, derivative = ga.linearize(np.sin, 0.0)
    >>> derivative(1.0), derivative(3.0)
    (1.0, 3.0)
    """
    trace = Trace("linearize", f, primals, tuple(range(len(primals))), {})
    with tracing:
        transposed = {id(y): _transposed(trace, y) for y in leaves(trace.output)}

    def derivative(*directions: Any) -> Any:
        if len(directions) != len(primals):
            raise TypeError(f"linearize: {len(primals)} primals and {len(directions)} tangents.")
        given: list[Any] = []
        for x, v in zip(primals, directions, strict=True):
            map_leaves(lambda _, d: given.append(d), x, v)
        vs = [seeded("linearize", t, v) for (_, t), v in zip(trace.inputs, given, strict=True) if t is not None]
        within = trace.nested or any(isinstance(v, Tensor) and not v.constant for v in vs)

        def tangent(y: Any) -> Any:
            if not is_number(y):
                return y
            start, grads = transposed[id(y)]
            with tracing:
                pairs = [(g, v) for g, v in zip(grads, vs, strict=True) if g is not None]
                product: Any = sum(np.sum(g * v) for g, v in pairs)
                root = node_of(product) if pairs else None
            with Mode() if within else unrecorded:
                found = {} if root is None else pull(root, product.dtype.type(1), [start])
            total = found.get(start)
            total = np.zeros(np.shape(y), getattr(y, "dtype", float)) if total is None else total
            total = total if within else np.array(unwrap(total))
            return as_number(total) if np.shape(total) == () and not isinstance(total, Tensor) else total

        return map_leaves(tangent, trace.output)

    return map_leaves(trace.outside, trace.output), derivative


def _transposed(trace: Trace, y: Any) -> tuple[Any, list[Any]]:
    """A gradient of ``y``, and what it comes to by the inputs, which is linear in it."""
    root = trace.roots[id(y)][0]
    if root is None:
        return None, [None] * len(trace.wanted)
    start = Tensor(np.zeros(y.shape, y.dtype))
    found = pull(root, start, trace.wanted)
    return start._node, [found.get(node) for node in trace.wanted]


def hvp(f: Function, primals: Any, tangents: Any) -> Any:
    """The Hessian of ``f`` times a direction: the gradient's derivative, forward over reverse.

    Parameters
    ----------
    f : callable
        Returns a real number.
    primals, tangents : sequence
        Its arguments, and the direction.

    Returns
    -------
    tuple
        The product, for each argument.

    Raises
    ------
    TypeError, ValueError
        As `grad` and `jvp`.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.hvp(lambda x: np.sum(x**3), [np.array([1.0, 2.0])], [np.array([1.0, 0.0])])
    (array([6., 0.]),)
    """
    places = tuple(range(len(primals)))
    products = jvp(lambda *args: _value_and_grad(f, places, False, args, {})[1], primals, tangents)[1]
    given = [float(x) if type(x) is int else x for x in primals]
    return map_leaves(lambda x, v: v if inexact(x) else x, tuple(given), products)


def gradient(
    y: Any,
    xs: Any = None,
    grad: Any = None,
    *spacings: Any,
    create_graph: bool = False,
    retain_graph: bool = False,
    **options: Any,
) -> Any:
    """The gradient of ``y``, or of its sum, by Tensors it was made from; no Tensor's ``grad`` changes.

    What is no Tensor with Tensors to differentiate by is handed to `numpy.gradient`, which takes finite differences.

    Parameters
    ----------
    y : Tensor
        What to differentiate.
    xs : Tensor or sequence of Tensors
        What to differentiate by.
    grad : array_like, optional
        The incoming gradient, as for `Tensor.backward`.
    *spacings, **options
        Those of `numpy.gradient`.
    create_graph : bool, default False
        Give Tensors that can be differentiated again. The graph is retained.
    retain_graph : bool, default False
        Keep the graph for another call; otherwise it is cleared.

    Returns
    -------
    array, Tensor or list of them
        As ``xs``.

    Raises
    ------
    InvalidBackprop
        If ``y`` is constant, does not depend on one of ``xs``, or its graph was cleared.
    TypeError
        If ``y`` or something in ``xs`` is no Tensor, where that is meant.

    Examples
    --------
    >>> import gradarray as ga
    >>> x = ga.tensor(2.0)
    >>> dx = ga.gradient(x**3, x, create_graph=True)
    >>> ga.gradient(dx, x)
    array(12.)
    >>> ga.gradient([1.0, 2.0, 4.0], 0.5)
    Tensor([2., 3., 4.])
    """
    single = isinstance(xs, Tensor)
    wanted = [xs] if single else list(xs) if isinstance(xs, (list, tuple)) else []
    if not wanted or spacings or options or not all(isinstance(x, Tensor) for x in (y, *wanted)):
        if create_graph or retain_graph:
            raise TypeError("gradient: y and xs must be Tensors; finite differences of an array have no graph to keep.")
        return mirrored(np.gradient)(y, *(h for h in (xs, grad, *spacings) if h is not None), **options)
    node, seed = y.seeded(grad)
    roots = [root_of(x) for x in wanted]
    ends = [root._node.inner if type(root._node) is Hooked else root._node for root in roots]
    nodes = reachable(node)
    reached = set(nodes)
    for k, end in enumerate(ends):
        if end not in reached:
            raise InvalidBackprop(
                f"gradient: y does not depend on {'xs' if single else f'xs[{k}]'}. Finite differences: numpy.gradient."
            )
    if create_graph:
        found = pull(node, wrap(seed), [cast(Node, end) for end in ends])
        grads = [
            conjugated(found[end]) if end in found else np.zeros(root._primal.shape, root._primal.dtype)
            for end, root in zip(ends, roots, strict=True)
        ]
    else:
        before = [each.grad for each in nodes]
        try:
            backward(node, seed, retain=True)
            grads = [gradient_of(cast(Node, end), root._primal) for end, root in zip(ends, roots, strict=True)]
        finally:
            for each, held in zip(nodes, before, strict=True):
                each.grad = held
                if each.edges and not retain_graph:
                    each.edges = None
    grads = [g if x._view is None else x._view.apply(g) for x, g in zip(wanted, grads, strict=True)]
    return grads[0] if single else grads
