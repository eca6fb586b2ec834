"""What transforms do with a function's arguments and results: traces of one call, and what goes in and comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .context import Wrapping
from .dispatch import unwrap, wrap, wrap_leaf
from .forward import dual
from .graph import (
    Dual,
    Edges,
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
from .modes import Mode, state
from .pull import pull
from .tensor import Tensor
from .trees import map_leaves
from .views import node_of

Function = Callable[..., Any]
ARGUMENT = Origin(None, "an argument of a transform", False)
tracing = Mode(recording=True, reverse=True, detach="raise", nesting=True)
unrecorded = Mode(recording=False)


class Trace:
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
        return as_number(y._primal) if y.shape == () else np.array(y._primal)

    def pulled(self, y: Any, seed: Any, retain: bool = True) -> list[Any]:
        """The gradients by the inputs, for the gradient ``seed`` of ``y``."""
        root, known, foreign = self.roots.get(id(y)) or self._root(y)
        found: dict[Any, Any] = {}
        if root is not None and (self.nested or isinstance(seed, Tensor)):
            found = {node: conjugated(g) for node, g in pull(root, conjugated(seed), self.wanted).items()}
        elif root is not None and foreign:  # whose graph is not ours to walk
            with unrecorded:
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
        return g if isinstance(g, Tensor) or not isinstance(x, (float, complex, np.generic)) else as_number(g)


def _carries(node: Node) -> bool:
    """Whether a node has a tangent of a call that is running."""
    return type(node) is Dual and any(tag in tags for tag, _ in node.tangents)


def inner(x: Any) -> Any:
    """A Tensor of its own for one leaf; None if it takes no gradient."""
    if isinstance(x, Tensor):
        if x.dtype.kind not in "fc":
            return None
        data = x._primal.copy("K") if isinstance(x._primal, np.ndarray) else x._primal
        node = node_of(x)
        return wrap(data, leaf(data) if node is None else argument_node(node))
    if type(x) is np.ndarray:
        return wrap_leaf(np.array(x)) if x.dtype.kind in "fc" else None
    if not isinstance(x, (float, complex, np.ndarray, np.generic)) or np.asarray(x).dtype.kind not in "fc":
        return None
    return Tensor(x)


def argument_node(node: Node, *tangent: tuple[int, Any]) -> Node:
    """The node of an inner value, which is the outer one's, with another tangent if there is one."""
    outer = state().reverse
    if type(node) is Dual:
        active = outer and node.active
        followed = active if tangent else outer and node.followed
        edges: Edges = (node, identity, None, ()) if active else ()
        tangents = (*node.tangents, *tangent)
        return dual(ARGUMENT, edges, node.shape, node.dtype, tangents, active or not tangent, followed)
    edges = (node, identity, None, ()) if outer else ()
    if tangent:
        return dual(ARGUMENT, edges, node.shape, node.dtype, tangent, outer, outer)
    return make_node(ARGUMENT, edges, node.shape, node.dtype)


def owns(t: Tensor) -> bool:
    """Whether the memory of ``t`` is its own."""
    data = t._primal
    return type(data) is np.ndarray and t._view is None and data.base is None and data.flags.writeable


def as_number(x: Any) -> Any:
    """A 0-d result as a number: a Python one in double precision."""
    x = np.asarray(x)[()]
    return x.item() if x.dtype.char in "dD" else x


def is_number(x: Any) -> bool:
    return isinstance(x, (Tensor, np.ndarray, np.generic, int, float, complex))


def is_complex(x: Any) -> bool:
    return getattr(x, "dtype", np.dtype(type(x))).kind == "c"


def inexact(x: Any) -> bool:
    return is_number(x) and getattr(x, "dtype", np.dtype(type(x))).kind in "fc"


def chosen_places(argnums: int | tuple[int, ...], count: int, name: str) -> tuple[int, ...]:
    wanted = argnums if isinstance(argnums, tuple) else (argnums,)
    if not all(-count <= k < count for k in wanted):
        raise TypeError(f"{name}: argnums={argnums}, but the function was called with {count} positional arguments.")
    return tuple(k % count for k in wanted)


def like_arguments(args: Any, chosen: tuple[int, ...], single: bool, values: list[Any]) -> Any:
    """``values``, one for each leaf, in the structure of the arguments chosen, in the order of ``argnums``."""
    rest = iter(values)
    trees = {k: map_leaves(lambda _: next(rest), args[k]) for k in sorted(set(chosen))}
    return trees[chosen[0]] if single else tuple(trees[k] for k in chosen)


def seeded(name: str, y: Any, c: Any) -> Any:
    """A cotangent or tangent of ``y``, checked, in its dtype."""
    given = c.shape if hasattr(c, "dtype") else np.shape(c)
    shape = y.shape if hasattr(y, "dtype") else np.shape(y)
    if given != shape:
        raise ValueError(f"{name}: a (co)tangent of shape {given} for a value of shape {shape}.")
    if not hasattr(y, "dtype"):
        return c
    if isinstance(c, Tensor):
        return c if c.dtype == y.dtype else c.astype(y.dtype)
    return np.asarray(c, y.dtype)[()]
