"""Forward mode: values that carry tangents beside their data.

A node that depends on one with a tangent is a `Dual`. Its tangent is computed at once, from those of its parents and
from what the derivatives of its rule ask for, so nothing is kept: views and writes do to tangents what they do to
values, and memory does not grow with the length of a loop.

Each forward-mode call has a tag. A tangent belongs to one call and is itself a value of the calls around it, so it is
computed on Tensors that carry their tangents but not its own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy import ndarray

from .dispatch import ITEM, SHAPE, Rule, unwrap, wrap
from .graph import Bundle, Dual, Edges, Hooks, Node, Part, fit, identity, leaf, make_node, tick
from .modes import Mode, state
from .pull import arguments, parents_of, pull
from .views import Region, Variable, View, node_of, use_push


def push(origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any = None) -> Node | None:
    """The node of a value that depends on others: a `Dual` if one of them is, none if it takes no gradient."""
    parents = edges[::3]
    found = {tag for parent in parents if type(parent) is Dual for tag, _ in parent.tangents}
    reverse = state().reverse
    if not found:
        return make_node(origin, edges, shape, dtype) if reverse else None
    active = reverse and any(type(parent) is not Dual or parent.active for parent in parents)
    tangents = []
    owned = False
    for tag in sorted(found):
        tangent, owned = _tangent(tag, origin, edges, shape, dtype, given, active)
        tangents.append((tag, tangent))
    # also of parents that only carry tangents, since the derivatives for the others may have saved their values
    kept = edges if active else ()
    return dual(origin, kept, shape, dtype, tuple(tangents), active, owned and len(found) == 1)


def dual(
    origin: Any,
    edges: Edges,
    shape: tuple[int, ...],
    dtype: Any,
    tangents: tuple[tuple[int, Any], ...],
    active: bool,
    owned: bool = False,
) -> Dual:
    """Make a `Dual`."""
    node = Dual()
    node.order = tick()
    node.edges = edges
    node.grad = None
    node.shape = shape
    node.dtype = dtype
    node.origin = origin
    node.tangents = tangents
    node.active = active
    node.owned = owned
    return node


def tangent_of(node: Node | None, tag: int) -> Any:
    """The tangent of ``node`` in one call; None if it has none there."""
    return next((t for held, t in node.tangents if held == tag), None) if type(node) is Dual else None


def below(node: Node | None, tag: int) -> Node | None:
    """``node`` as the calls around the one with ``tag`` see it."""
    if type(node) is not Dual:
        return node
    tangents = tuple((held, t) for held, t in node.tangents if held < tag)
    edges = (node, identity, ()) if node.active else ()
    if tangents:
        return dual(node.origin, edges, node.shape, node.dtype, tangents, node.active)
    return make_node(node.origin, edges, node.shape, node.dtype) if node.active else None


def _tangent(
    tag: int, origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any, active: bool
) -> tuple[Any, bool]:
    """The tangent of a value in one call, and whether it is a buffer that nothing else shares."""
    parts = [(*edges[k : k + 3], tangent_of(edges[k], tag)) for k in range(0, len(edges), 3)]
    if type(parts[-1][2]) is Region or parts[0][1] is Region.read:
        return _written(parts, shape, dtype, active)
    inner = _Inner(tag, origin, edges, shape, dtype, given)
    rule = origin.rule
    if isinstance(rule, Rule) and rule.kind == "linear" and type(given) in (list, tuple):
        total = inner.linear(rule, parts)
    else:
        total = None
        for parent, vjp, saved, tangent in parts:
            if tangent is not None:
                r = inner.pushed(parent, vjp, saved, tangent)
                total = r if total is None else _sum(total, r)
    if type(total) is list:
        return total, False
    if total.shape != shape:
        total = np.broadcast_to(total, shape)
    if total.dtype != dtype:
        total = (np.real(total) if dtype.kind != "c" else total).astype(dtype)
    if type(total) is ndarray:
        for parent, _, _, tangent in parts:
            if type(parent) is Dual and parent.owned and np.may_share_memory(total, unwrap(tangent)):
                parent.owned = False
    return total, False


def _sum(a: Any, b: Any) -> Any:
    if type(a) is list:
        return [_sum(x, y) for x, y in zip(a, b, strict=True)]
    return None if a is None else a + b


class _Inner:
    """A call as those around one forward-mode call see it, and how tangents go through it."""

    def __init__(self, tag: int, origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any) -> None:
        self.given = given
        lower: Edges = ()
        for k in range(0, len(edges), 3):
            parent = below(edges[k], tag)
            if parent is not None:
                lower = (*lower, parent, *edges[k + 1 : k + 3])
        # what an argument saved may be the value of something that the calls around this one follow
        self.recorded = make_node(origin, lower, shape, dtype)
        self.places = parents_of(self.recorded) if lower else {}
        self.node = push(origin, lower, shape, dtype, given) if lower else None

    def arguments(self, vjp: Any, saved: Any) -> Any:
        """What a derivative saved, with Tensors where it matters."""
        if self.node is None:
            return saved.shown() if type(saved) is Bundle else saved
        return arguments(self.node, vjp, saved, self.places)

    def pushed(self, parent: Node, vjp: Any, saved: Any, tangent: Any) -> Any:
        """The tangent that the one of ``parent`` gives."""
        origin = self.recorded.origin
        if type(self.given) is View:
            fn, args, kwargs = self.given.step
            return np.copy(fn(tangent, *args, **kwargs))
        if type(saved) is Part:
            return tangent[saved.place]
        if vjp is None:
            r = tangent[saved if type(saved) is int else saved[0]]
            return r.copy() if type(r) is ndarray else r
        if vjp is identity or type(vjp) is Hooks:
            return tangent
        if origin.diagonal:
            return vjp(tangent, *self.arguments(vjp, saved))
        rule = origin.rule
        derivative = rule.derivative_of(vjp) if isinstance(rule, Rule) else None
        if derivative is not None and derivative.jvp is not None and self.given is not None:
            jvp, picks = derivative.jvp
            return jvp(tangent, *(self.picked(pick) for pick in picks))
        if isinstance(rule, Rule) and rule.multilinear and self.given is not None:
            return self.linear(rule, [(parent, vjp, saved, tangent)])
        return self.transposed(parent, vjp, saved, tangent)

    def linear(self, rule: Rule, parts: list[Any]) -> Any:
        """The function itself, on the tangents."""
        values: list[Any] = [self.placed(place, value) for place, value in enumerate(self.given[: len(rule.names)])]
        if rule.kind == "linear":
            for place in rule.places:
                values[place] = _zeros(values[place])
            for name in _AFFINE & rule.defaults.keys():
                values[rule.names.index(name)] = rule.defaults[name]
        for _, vjp, saved, tangent in parts:
            derivative = rule.derivative_of(vjp)
            if tangent is None or derivative is None:
                continue
            if ITEM in derivative.picks:
                items = values[derivative.place] = [*values[derivative.place]]
                items[saved[derivative.picks.index(ITEM)]] = tangent
            else:
                values[derivative.place] = tangent
        return rule.apply(values)

    def picked(self, pick: int) -> Any:
        """What a jvp asks for."""
        if pick >= SHAPE:
            return np.shape(self.given[pick - SHAPE])
        if pick == len(self.recorded.origin.rule.names) and self.node is not None:
            return wrap(self.given[pick], self.node)
        return self.placed(pick, self.given[pick])

    def placed(self, place: Any, value: Any) -> Any:
        """The value of an argument, a Tensor where that matters."""
        if type(value) is list or type(value) is tuple:
            items = [self.placed((place, i), item) for i, item in enumerate(value)] if self.places else value
            return value if all(a is b for a, b in zip(items, value, strict=True)) else items
        return wrap(value, self.places[place]) if place in self.places else value

    def transposed(self, parent: Node, vjp: Any, saved: Any, tangent: Any) -> Any:
        """The transpose of a derivative, which is linear in the gradient: itself, differentiated."""
        with _recording:
            if self.recorded.dtype is None:
                outs = self.given[-1]
                g: Any = [wrap(x, leaf(x)) if _inexact(x) else None for x in map(np.zeros_like, outs)]
            else:
                g = np.zeros(self.recorded.shape, self.recorded.dtype)
                g = wrap(g, leaf(g))
            r = vjp(g, *self.arguments(vjp, saved))
            if r.shape != parent.shape or r.dtype != parent.dtype:
                r = fit(r, parent, self.recorded)
            root = node_of(r) if isinstance(r, Variable) else None
        leaves = g if type(g) is list else [g]
        wanted = [t._node for t in leaves if t is not None]
        found = {} if root is None else pull(root, tangent, wanted)
        pulled = [
            None if t is None else _plain(found[t._node]) if t._node in found else np.zeros(t.shape, t.dtype)
            for t in leaves
        ]
        return pulled if type(g) is list else pulled[0]


_AFFINE = {"initial", "constant_values"}
_recording = Mode(reverse=True, recording=True)


def _inexact(x: Any) -> bool:
    return bool(x.dtype.kind in "fc")


def _plain(t: Any) -> Any:
    """A Tensor that nothing follows, as an array."""
    return t._data if isinstance(t, Variable) and t._view is None and t._node is None else t


def _zeros(value: Any) -> Any:
    return [_zeros(item) for item in value] if type(value) in (list, tuple) else np.zeros_like(value)


def _written(parts: list[Any], shape: tuple[int, ...], dtype: Any, active: bool) -> tuple[Any, bool]:
    """The tangent of a base after a write: that of what it held, with that of what was written in its place."""
    old, _, last, tangent = parts[-1]
    if type(last) is Region:
        region = last
        written = parts[0][3] if len(parts) > 1 else None
    else:
        region, written, tangent = last[0], tangent, None
    if tangent is None:
        buffer = region.lay_out(np.zeros(shape, dtype))
    elif not active and old.owned and type(tangent) is ndarray and region.laid_out(tangent):
        buffer, old.owned = tangent, False
    else:
        buffer = region.lay_out(tangent)
    if isinstance(written, Variable) and not isinstance(buffer, Variable):
        buffer = wrap(buffer)
    target = buffer if region.view is None else region.view.apply(buffer)
    target[region.index] = 0 if written is None else written
    return buffer, type(buffer) is ndarray and not active


use_push(push)
