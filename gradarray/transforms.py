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
from typing import Any, Literal, cast

import numpy as np

from .context import Wrapping
from .dispatch import unwrap, wrap, wrap_leaf
from .forward import below, dual, ended, tangent_of
from .graph import (
    Dual,
    Edges,
    Hooked,
    InvalidBackprop,
    Node,
    Origin,
    backward,
    conjugated,
    identity,
    leaf,
    make_node,
    reachable,
    tags,
    tick,
)
from .graph import gradient as gradient_of
from .mirror import mirrored
from .modes import Mode, state
from .pull import pull
from .tensor import Tensor
from .trees import leaves, map_leaves
from .views import node_of, root_of

Function = Callable[..., Any]
_ARGUMENT = Origin(None, "an argument of a transform", False)
_tracing = Mode(recording=True, reverse=True, detach="raise", nesting=True)
_unrecorded = Mode(recording=False)
_next_tag = itertools.count(1).__next__


class _Trace:
    """One call of a function on Tensors of its own: what it was given, and what came out."""

    def __init__(self, name: str, f: Function, args: Any, chosen: Any, kwargs: Any) -> None:
        self.nested = False  # whether the results are to be differentiated by the transforms around this one
        self.name = name
        self.inputs: list[tuple[Any, Any]] = []  # each leaf, and its Tensor if it takes a gradient
        self.since = tick()
        self.roots: dict[int, tuple[Node | None, list[Node], bool]] = {}
        within = state().nesting
        given = [self._inner(arg) if k in chosen else arg for k, arg in enumerate(args)]
        if not any(t is not None for _, t in self.inputs):
            raise TypeError(f"{name}: there is no float or complex number in what is to be differentiated by.")
        self.wanted = [t._node for _, t in self.inputs if t is not None]  # what they are before anything is written
        with Wrapping(f, *given, *kwargs.values(), recording=True, reverse=True, nesting=True):
            self.output = f(*given, **kwargs)
            map_leaves(self._root, self.output)
        self.nested = self.nested or (within and any(foreign for _, _, foreign in self.roots.values()))

    def _root(self, y: Any) -> tuple[Node | None, list[Node], bool]:
        """The node of an output, all it depends on, and whether something of that is older than the inputs."""
        node = node_of(y) if isinstance(y, Tensor) else None
        known = [] if node is None else reachable(node)
        foreign = bool(known) and (known[0].order < self.since or any(_carries(each) for each in known))
        found = self.roots[id(y)] = node, known, foreign
        return found

    def _inner(self, tree: Any) -> Any:
        def opened(x: Any) -> Any:
            x = float(x) if type(x) is int and x is tree and self.name != "checkpoint" else x
            t = inner(x)
            self.nested = self.nested or (t is not None and isinstance(x, Tensor) and not x.constant)
            self.inputs.append((x, t))
            return x if t is None else t

        return map_leaves(opened, tree)

    def outside(self, y: Any) -> Any:
        """An output as the caller sees it."""
        if not isinstance(y, Tensor) or self.nested:
            return y
        return _as_number(y._primal) if y.shape == () else np.array(y._primal)

    def pulled(self, y: Any, seed: Any, retain: bool = True) -> list[Any]:
        """The gradients by the inputs, for the gradient ``seed`` of ``y``."""
        root, known, foreign = self.roots.get(id(y)) or self._root(y)
        found: dict[Any, Any] = {}
        if root is not None and (self.nested or isinstance(seed, Tensor)):
            found = {node: conjugated(g) for node, g in pull(root, conjugated(seed), self.wanted).items()}
        elif root is not None and foreign:  # whose graph is not ours to walk
            with _unrecorded:
                pulled = pull(root, conjugated(seed), self.wanted)
            found = {node: np.array(conjugated(unwrap(g))) for node, g in pulled.items()}
        elif root is not None:
            backward(root, conjugated(seed), retain, known)
            for node, t in zip(self.wanted, (t for _, t in self.inputs if t is not None), strict=True):
                found[node] = None if node.grad is None else gradient_of(node, t._primal)
                node.grad = None
        grads = iter([found.get(node) for node in self.wanted])
        return [x if t is None else self._closed(x, t, next(grads)) for x, t in self.inputs]

    def _closed(self, x: Any, t: Tensor, g: Any) -> Any:
        if g is None:
            g = np.zeros(t.shape, t.dtype)
        return _as_number(g) if isinstance(x, (float, complex, np.generic)) and not isinstance(g, Tensor) else g


def _carries(node: Node) -> bool:
    """Whether a node has a tangent of a call that is running."""
    return type(node) is Dual and any(tag in tags for tag, _ in node.tangents)


def inner(x: Any) -> Any:
    """A Tensor of its own for one leaf; None if it takes no gradient."""
    if isinstance(x, Tensor):
        if x.dtype.kind not in "fc":
            return None
        data = np.copy(x._primal, order="K") if isinstance(x._primal, np.ndarray) else x._primal
        node = node_of(x)
        return wrap(data, leaf(data) if node is None else _argument(node))
    if type(x) is np.ndarray:
        return wrap_leaf(np.array(x)) if x.dtype.kind in "fc" else None
    if not isinstance(x, (float, complex, np.ndarray, np.generic)) or np.asarray(x).dtype.kind not in "fc":
        return None
    return Tensor(x)


def _argument(node: Node, *tangent: tuple[int, Any]) -> Node:
    """The node of an inner value, which is the outer one's, with another tangent if there is one."""
    outer = state().reverse
    if type(node) is Dual:
        active = outer and node.active
        followed = active if tangent else outer and node.followed
        edges: Edges = (node, identity, ()) if active else ()
        tangents = (*node.tangents, *tangent)
        return dual(_ARGUMENT, edges, node.shape, node.dtype, tangents, active or not tangent, followed)
    edges = (node, identity, ()) if outer else ()
    if tangent:
        return dual(_ARGUMENT, edges, node.shape, node.dtype, tangent, outer, outer)
    return make_node(_ARGUMENT, edges, node.shape, node.dtype)


def _owns(t: Tensor) -> bool:
    """Whether the memory of ``t`` is its own."""
    data = t._primal
    return type(data) is np.ndarray and t._view is None and data.base is None and data.flags.writeable


def _as_number(x: Any) -> Any:
    """A 0-d result as a number: a Python one in double precision."""
    x = np.asarray(x)[()]
    return x.item() if x.dtype.char in "dD" else x


def _is_number(x: Any) -> bool:
    return isinstance(x, (Tensor, np.ndarray, np.generic, int, float, complex))


def _is_complex(x: Any) -> bool:
    return getattr(x, "dtype", np.dtype(type(x))).kind == "c"


def _inexact(x: Any) -> bool:
    return _is_number(x) and getattr(x, "dtype", np.dtype(type(x))).kind in "fc"


def _ones(y: Any) -> Any:
    return np.ones(y.shape, y.dtype)


def _chosen(argnums: int | tuple[int, ...], count: int, name: str) -> tuple[int, ...]:
    wanted = argnums if isinstance(argnums, tuple) else (argnums,)
    if not all(-count <= k < count for k in wanted):
        raise TypeError(f"{name}: argnums={argnums}, but the function was called with {count} positional arguments.")
    return tuple(k % count for k in wanted)


def _like_arguments(args: Any, chosen: tuple[int, ...], single: bool, values: list[Any]) -> Any:
    """``values``, one for each leaf, in the structure of the arguments chosen, in the order of ``argnums``."""
    rest = iter(values)
    trees = {k: map_leaves(lambda _: next(rest), args[k]) for k in sorted(set(chosen))}
    return trees[chosen[0]] if single else tuple(trees[k] for k in chosen)


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
        chosen = _chosen(argnums, len(args), "grad")
        trace = _Trace("grad", f, args, chosen, kwargs)
        y, aux = _pair(trace.output) if has_aux else (trace.output, None)
        _scalar("grad", y)
        seed = y.dtype.type(1) if isinstance(y, Tensor) else np.float64(1)
        grads = _like_arguments(args, chosen, not isinstance(argnums, tuple), trace.pulled(y, seed, retain=False))
        value = trace.outside(y)
        return ((value, map_leaves(trace.outside, aux)) if has_aux else value), grads

    return run


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
    both = value_and_grad(f, argnums, has_aux)

    @functools.wraps(f)
    def run(*args: Any, **kwargs: Any) -> Any:
        value, grads = both(*args, **kwargs)
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
    trace = _Trace(name, f, primals, chosen, {})

    def pullback(cotangent: Any) -> tuple[Any, ...]:
        pairs: list[tuple[Any, Any]] = []
        map_leaves(lambda y, c: pairs.append((y, _seed("vjp", y, c))), trace.output, cotangent)
        pairs = [(y, c) for y, c in pairs if isinstance(y, Tensor) and not y.constant]
        if len(pairs) == 1:
            grads = trace.pulled(*pairs[0])
        else:
            with _tracing:
                total: Any = sum(np.sum(np.real(np.conj(c) * y)) for y, c in pairs)
                trace._root(total)
            grads = trace.pulled(total, np.float64(1) if not pairs else np.ones((), total.dtype)[()])
            del trace.roots[id(total)]
        given = _like_arguments(primals, chosen, False, grads)
        return given if isinstance(given, tuple) else (given,)

    return map_leaves(trace.outside, trace.output), pullback


def _seed(name: str, y: Any, c: Any) -> Any:
    """A cotangent or tangent of ``y``, checked, in its dtype."""
    given, shape = (x.shape if hasattr(x, "dtype") else np.shape(x) for x in (c, y))
    if given != shape:
        raise ValueError(f"{name}: a (co)tangent of shape {given} for a value of shape {shape}.")
    if not hasattr(y, "dtype"):
        return c
    if isinstance(c, Tensor):
        return c if c.dtype == y.dtype else c.astype(y.dtype)
    return np.asarray(c, y.dtype)[()]


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
        v = _seed("jvp", t, v)
        followed = isinstance(v, Tensor) and not v.constant
        nested = nested or node is not None or followed
        active = active or followed or (node is not None and (type(node) is not Dual or node.active))
        shape, dtype = t.shape, t.dtype
        bare = dual(_ARGUMENT, (), shape, dtype, ((tag, v),), False, False)
        t._node = bare if node is None else _argument(node, (tag, v))
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
                    return _as_number(t._primal)
                # what was made in this call is nobody else's
                return t._primal if tangent_of(node, tag) is not None and _owns(y) else np.array(t._primal)

            def tangent(y: Any) -> Any:
                if not _is_number(y):
                    return y
                found = tangent_of(node_of(y), tag) if isinstance(y, Tensor) else None
                if found is None:
                    found = np.zeros(np.shape(y), getattr(y, "dtype", float))
                if isinstance(found, Tensor) and not nested and (not within or found.constant):
                    found = found._primal
                return _as_number(found) if np.shape(found) == () and not isinstance(found, Tensor) else found

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
    trace = _Trace("linearize", f, primals, tuple(range(len(primals))), {})
    with _tracing:
        transposed = {id(y): _transposed(trace, y) for y in leaves(trace.output)}

    def derivative(*directions: Any) -> Any:
        if len(directions) != len(primals):
            raise TypeError(f"linearize: {len(primals)} primals and {len(directions)} tangents.")
        given: list[Any] = []
        for x, v in zip(primals, directions, strict=True):
            map_leaves(lambda _, d: given.append(d), x, v)
        vs = [_seed("linearize", t, v) for (_, t), v in zip(trace.inputs, given, strict=True) if t is not None]
        within = trace.nested or any(isinstance(v, Tensor) and not v.constant for v in vs)

        def tangent(y: Any) -> Any:
            if not _is_number(y):
                return y
            start, grads = transposed[id(y)]
            with _tracing:
                pairs = [(g, v) for g, v in zip(grads, vs, strict=True) if g is not None]
                product: Any = sum(np.sum(g * v) for g, v in pairs)
                root = node_of(product) if pairs else None
            with Mode() if within else _unrecorded:
                found = {} if root is None else pull(root, product.dtype.type(1), [start])
            total = found.get(start)
            total = np.zeros(np.shape(y), getattr(y, "dtype", float)) if total is None else total
            total = total if within else np.array(unwrap(total))
            return _as_number(total) if np.shape(total) == () and not isinstance(total, Tensor) else total

        return map_leaves(tangent, trace.output)

    return map_leaves(trace.outside, trace.output), derivative


def _transposed(trace: _Trace, y: Any) -> tuple[Any, list[Any]]:
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
    products = jvp(grad(f, tuple(range(len(primals)))), primals, tangents)[1]
    given = [float(x) if type(x) is int else x for x in primals]
    return map_leaves(lambda x, v: v if _inexact(x) else x, tuple(given), products)


def jacobian(f: Function, argnums: int | tuple[int, ...] = 0, mode: Literal["fwd", "rev"] | None = None) -> Function:
    """The Jacobian of ``f``.

    Parameters
    ----------
    f : callable
        Returns an array, a number, or a structure of them.
    argnums : int or tuple of int, default 0
        Which positional arguments to differentiate by.
    mode : {"fwd", "rev"}, optional
        A pass for each input or for each output; by default whichever are fewer.

    Returns
    -------
    callable
        Gives, for each leaf of the output and of the argument, an array of both their shapes joined. For complex
        numbers it is the derivative of a holomorphic function.

    Raises
    ------
    TypeError
        If there is nothing to differentiate by.
    ValueError
        If ``mode`` is neither.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """
    if mode not in (None, "fwd", "rev"):
        raise ValueError(f"jacobian: mode={mode!r}; choose 'fwd' or 'rev'.")

    @functools.wraps(f)
    def run(*args: Any, **kwargs: Any) -> Any:
        chosen = _chosen(argnums, len(args), "jacobian")
        single = not isinstance(argnums, tuple)
        trees = [float(args[k]) if type(args[k]) is int else args[k] for k in chosen]

        def of_chosen(*given: Any) -> Any:
            full = list(args)
            for k, value in zip(chosen, given, strict=True):
                full[k] = value
            return f(*full, **kwargs)

        if mode == "fwd":
            return _forward_jacobian(of_chosen, trees, single)
        trace = _Trace("jacobian", of_chosen, trees, range(len(trees)), {})
        sizes = [t.size for _, t in trace.inputs if t is not None]
        if mode is None and sum(sizes) < sum(int(np.size(y)) for y in leaves(trace.output)):
            return _forward_jacobian(of_chosen, trees, single)
        return map_leaves(lambda y: _rows(trace, y, trees, single), trace.output)

    return run


def _rows(trace: _Trace, y: Any, trees: Any, single: bool) -> Any:
    """The Jacobian of one output, a row for each of its elements."""
    if not _is_number(y):
        return y
    shape = np.shape(y)
    # of a complex output by a real input the imaginary part is a row of its own
    parts = (1, 1j) if _is_complex(y) and any(t is not None and not _is_complex(t) for _, t in trace.inputs) else (1,)
    rows = []
    for index in np.ndindex(*shape):
        seed = np.zeros(shape, getattr(y, "dtype", float))
        found = []
        for part in parts:
            seed[index] = part
            found.append(trace.pulled(y, seed[()]))
        rows.append([_derivative(*grads) for grads in zip(*found, strict=True)])
    joined = []
    for k, (x, t) in enumerate(trace.inputs):
        if t is None:
            joined.append(x)
            continue
        column = [row[k] for row in rows]
        full = np.stack(column) if column else np.zeros((0, *t.shape), t.dtype)
        joined.append(_joined(full, shape, x))
    return _like_arguments(trees, tuple(range(len(trees))), single, joined)


def _derivative(g: Any, imaginary: Any = None) -> Any:
    """The derivative of a number, from the gradients of its real and imaginary part; by a complex one, of the first."""
    if not _inexact(g) or imaginary is None or _is_complex(g):
        return np.conj(g) if _is_complex(g) else g
    return g + 1j * imaginary


def _joined(full: Any, shape: tuple[int, ...], x: Any) -> Any:
    """A Jacobian in the shape of the output and that of the input ``x``; of numbers, a number."""
    full = np.reshape(full, (*shape, *np.shape(x)))
    bare = full.shape == () and not isinstance(full, Tensor) and not issubclass(type(x), np.ndarray)
    return _as_number(full) if bare else full


def _forward_jacobian(f: Function, trees: list[Any], single: bool) -> Any:
    """The Jacobian, a column for each element of the arguments."""
    inputs = list(leaves(trees))
    columns: list[list[Any]] = []
    output: Any = None
    for k, x in enumerate(inputs):
        t = inner(x)
        columns.append([])
        for index in np.ndindex(*(() if t is None else t.shape)):
            if t is None:
                break
            directions = [np.zeros(np.shape(other), getattr(other, "dtype", float)) for other in inputs]
            directions[k][index] = 1
            following = iter(directions).__next__
            direction = [map_leaves(lambda _, following=following: following(), tree) for tree in trees]
            output, column = jvp(f, trees, direction)
            columns[-1].append(list(leaves(column)))
    order = itertools.count()
    output = f(*trees) if output is None else output

    def assembled(y: Any) -> Any:
        place = next(order)
        if not _is_number(y):
            return y
        joined = []
        for x, found in zip(inputs, columns, strict=True):
            if not found:
                joined.append(x if inner(x) is None else np.zeros((*np.shape(y), *np.shape(x))))
                continue
            full = np.stack([column[place] for column in found], axis=-1)
            joined.append(_joined(full, np.shape(y), x))
        return _like_arguments(trees, tuple(range(len(trees))), single, joined)

    return map_leaves(assembled, output)


def hessian(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """The Hessian of ``f``, forward over reverse. Parameters and errors are those of `grad`.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f, argnums), argnums, mode="fwd")


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
