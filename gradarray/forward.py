"""Forward mode: values that carry tangents beside their data.

A node that depends on one with a tangent is a `Dual`. Its tangent is computed at once, from those of its parents and
from what the derivatives of its rule ask for, so nothing is kept: views and writes do to tangents what they do to
values, and memory does not grow with the length of a loop.

Each forward-mode call has a tag. A tangent belongs to one call and is itself a value of the calls around it, so it is
computed on Tensors that carry their tangents but not its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from numpy import ndarray

from .dispatch import ITEM, SHAPE, Derivative, Rule, unwrap, wrap
from .graph import (
    Dual,
    Edges,
    Hooked,
    Hooks,
    Node,
    Part,
    Whole,
    each,
    fit,
    identity,
    leaf,
    linked,
    make_node,
    shown,
    tick,
)
from .modes import state
from .pull import arguments, outputs, parents_of, pull, recording
from .views import Region, Variable, View, node_of, use_push


def push(origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any = None) -> Node | None:
    """The node of a value that depends on others: a `Dual` if one of them is, none if it takes no gradient."""
    if dtype is not None and (quick := _quick(origin, edges, shape, dtype, given)) is not None:
        return quick
    held = edges
    # hooks are for gradients, tangents pass them by
    edges = linked((_carrier(parent), vjp, saved) for parent, vjp, saved in each(edges))
    parents = [parent for parent, _, _ in each(edges)]
    found = {tag for parent in parents if type(parent) is Dual for tag, _ in parent.tangents}
    reverse = state().reverse
    if not found:
        return make_node(origin, held, shape, dtype) if reverse else None
    active = reverse and any(type(parent) is not Dual or parent.active for parent in parents)
    newest = max(found)  # to which a parent that carries only older tangents is something of the calls around it
    followed = active and any(
        type(parent) is not Dual or parent.followed or (parent.active and parent.tangents[-1][0] < newest)
        for parent in parents
    )
    tangents = []
    owned, seen = False, None
    for tag in sorted(found):
        tangent, owned, seen = _tangent(tag, origin, edges, shape, dtype, given, active)
        tangents.append((tag, tangent))
    # also of parents that only carry tangents, since the derivatives for the others may have saved their values
    kept = held if active else ()
    node = dual(origin, kept, shape, dtype, tuple(tangents), active, followed, owned and len(found) == 1)
    if active and dtype is None and seen is not None and len(found) == 1:
        _calls.setdefault(newest, []).append((node, seen))
    return node


# By its tag, what a forward-mode call made of functions with several outputs: its node, and that of the call around.
_calls: dict[int, list[tuple[Node, Node]]] = {}


def ended(tag: int) -> None:
    """Let gradients of outputs, and of their tangents, meet in one node, where what is arbitrary in both cancels."""
    for node, seen in _calls.pop(tag, ()):
        node.edges = node.edges and (seen, None, Whole(), ())


def _quick(origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any) -> Dual | None:
    """The node of a result, in less time, where nothing around one forward-mode call takes part."""
    tag: int | None = None
    total: Any = None
    active = writes = False
    diagonal = origin.diagonal and type(given) is not View
    rest = edges
    while rest:  # as `each`, in less time
        parent, vjp, saved, rest = rest if type(rest) is tuple else (rest, identity, None, ())
        if type(parent) is not Dual:
            if type(parent) is Hooked or state().reverse:
                return None
            continue
        if parent.followed or len(parent.tangents) > 1:
            return None
        ((first, r),) = parent.tangents
        if tag is None:
            tag = first
        elif first != tag:
            return None
        if parent.active:
            active = True
        if vjp is identity:
            parent.owned = False
        elif diagonal:
            r = vjp(r, *shown(saved))
        elif type(saved) is Region or type(vjp) is Region:
            writes = True
            continue
        elif vjp is None and type(saved) not in _READS:
            return None
        elif type(given) is View:
            fn, args, kwargs = given.step
            r = fn(r, *args, **kwargs).copy()
        elif vjp is None:
            r = _read(r, saved)
        else:
            tangent = r
            if (carry := _carrying(origin.rule, vjp)) is None:
                return None
            r = carry(tangent, shown(saved), given)
            if parent.owned and np.may_share_memory(r, tangent):
                parent.owned = False
        total = r if total is None else total + r
    if tag is None:
        return None
    active = active and state().reverse
    if writes:
        parts = [(*edge, tangent_of(edge[0], tag)) for edge in each(edges)]
        total, owned = _written(parts, shape, dtype, active)
        return dual(origin, edges if active else (), shape, dtype, ((tag, total),), active, False, owned)
    if total.shape != shape or total.dtype is not dtype:
        total = _fitted(total, shape, dtype)
    return dual(origin, edges if active else (), shape, dtype, ((tag, total),), active, False)


Carry = Callable[[Any, Any, Any], Any]


def _carrying(rule: Any, vjp: Any) -> Carry | None:
    """What takes a tangent, what ``vjp`` asked for and the arguments of its function to the tangent of the result."""
    if not isinstance(rule, Rule):
        return None
    if vjp in rule.carrying:
        return cast(Carry | None, rule.carrying[vjp])
    derivative = rule.derivative_of(vjp)
    carry = None if derivative is None else _carry(rule, derivative)
    if derivative is not None and derivative.vjp is vjp:  # not one made for a call
        rule.carrying[vjp] = carry
    return carry


def _carry(rule: Rule, derivative: Derivative) -> Carry | None:
    place, vjp, picks = derivative.place, derivative.vjp, derivative.picks
    n = len(rule.names)
    if derivative.jvp is not None:
        jvp, asked = derivative.jvp
        return lambda t, _, given: jvp(t, *(given[p] if p < SHAPE else np.shape(given[p - SHAPE]) for p in asked))
    if rule.reduces and place == 0:
        axis_place, keep_place = rule.names.index("axis"), rule.names.index("keepdims")

        def reduced(t: Any, args: Any, given: Any) -> Any:
            weights = vjp(np.ones(np.shape(given[n]), given[n].dtype)[()], *args)
            return np.sum(weights * t, axis=given[axis_place], keepdims=given[keep_place] is True)

        return reduced
    affine = {rule.names.index(name): rule.defaults[name] for name in _AFFINE & rule.defaults.keys()}
    if rule.kind == "linear" and rule.places.keys() - affine.keys() == {place} and ITEM not in picks:

        def linear(t: Any, _: Any, given: Any) -> Any:
            values = [*given[:n]]
            values[place] = t
            for at, default in affine.items():
                values[at] = default
            return rule.apply(values)

        return linear
    if rule.multilinear and isinstance(rule.fn, np.ufunc) and 1 - place in picks:
        at = picks.index(1 - place)
        return (lambda t, args, _: rule.fn(t, args[at])) if place == 0 else (lambda t, args, _: rule.fn(args[at], t))
    return None


_READS = {Part, int, tuple}


def _read(tangent: Any, saved: Any) -> Any:
    """The tangent of an element, of a part, or of one of several outputs."""
    if type(saved) is Part:
        return tangent[saved.place]
    r = tangent[saved if type(saved) is int else saved[0]]
    return r.copy() if type(r) is ndarray and r.base is not None else r


def _fitted(t: Any, shape: tuple[int, ...], dtype: Any) -> Any:
    """A tangent in the shape and dtype of its value."""
    if t.shape != shape:
        t = np.broadcast_to(t, shape)
    if t.dtype != dtype:
        t = (np.real(t) if dtype.kind != "c" else t).astype(dtype)
    return t


def dual(
    origin: Any,
    edges: Edges,
    shape: tuple[int, ...],
    dtype: Any,
    tangents: tuple[tuple[int, Any], ...],
    active: bool,
    followed: bool,
    owned: bool = False,
) -> Dual:
    """Make a `Dual`."""
    node = Dual()  # `make_node`, written out for speed
    node.order = tick()
    node.parent, node.vjp, node.saved, node.rest = edges or (None, None, None, edges)
    node.grad = None
    node.shape = shape
    node.dtype = dtype
    node.origin = origin
    node.tangents = tangents
    node.active = active
    node.followed = followed
    node.owned = owned
    return node


def _carrier(node: Any) -> Any:
    """``node`` without hooks, if it carries tangents."""
    return node.inner if type(node) is Hooked and type(node.inner) is Dual else node


def tangent_of(node: Node | None, tag: int) -> Any:
    """The tangent of ``node`` in one call; None if it has none there."""
    node = _carrier(node)
    if type(node) is Dual:
        for held, tangent in node.tangents:
            if held == tag:
                return tangent
    return None


def below(node: Node | None, tag: int) -> Node | None:
    """``node`` as the calls around the one with ``tag`` see it."""
    outer, node = node, _carrier(node)
    if type(node) is not Dual or node.tangents[-1][0] < tag:
        return outer
    tangents = tuple((held, t) for held, t in node.tangents if held < tag)
    edges = (outer, identity, None, ()) if node.followed else ()
    if tangents:
        return dual(node.origin, edges, node.shape, node.dtype, tangents, node.followed, node.followed)
    return make_node(node.origin, edges, node.shape, node.dtype) if node.followed else None


def _tangent(
    tag: int, origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any, active: bool
) -> tuple[Any, bool, Node | None]:
    """The tangent of a value in one call, whether it is a buffer that nothing else shares, and the node of the value
    as the calls around see it."""
    parts = [(*edge, tangent_of(edge[0], tag)) for edge in each(edges)]
    if type(parts[-1][2]) is Region or type(parts[0][1]) is Region:
        return *_written(parts, shape, dtype, active), None
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
        return total, False, inner.node
    total = _fitted(total, shape, dtype)
    if type(total) is ndarray:
        for parent, _, _, tangent in parts:
            if type(parent) is Dual and parent.owned and np.may_share_memory(total, unwrap(tangent)):
                parent.owned = False
    return total, False, inner.node


def _sum(a: Any, b: Any) -> Any:
    if type(a) is list:
        return [_sum(x, y) for x, y in zip(a, b, strict=True)]
    return None if a is None else a + b


class _Inner:
    """A call as those around one forward-mode call see it, and how tangents go through it."""

    def __init__(self, tag: int, origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any) -> None:
        self.given = given
        self.origin = origin
        self.shape = shape
        self.dtype = dtype
        self.node: Node | None = None
        self.places: dict[Any, Node] = {}
        lower = linked(
            (below(parent, tag), vjp, saved)
            for parent, vjp, saved in each(edges)
            if type(parent) is not Dual or parent.followed or parent.tangents[0][0] < tag
        )
        if lower:
            # what an argument saved may be the value of something that the calls around this one follow
            self.places = parents_of(make_node(origin, lower, shape, dtype))
            self.node = push(origin, lower, shape, dtype, given)

    def arguments(self, vjp: Any, saved: Any) -> Any:
        """What a derivative saved, with Tensors where it matters."""
        if self.node is None:
            return shown(saved)
        return arguments(self.node, vjp, saved, self.places)

    def pushed(self, parent: Node, vjp: Any, saved: Any, tangent: Any) -> Any:
        """The tangent that the one of ``parent`` gives."""
        origin = self.origin
        if type(self.given) is View:
            fn, args, kwargs = self.given.step
            return fn(tangent, *args, **kwargs).copy()
        if vjp is None:
            return _read(tangent, saved)
        if vjp is identity or type(vjp) is Hooks:
            return tangent
        if origin.diagonal:
            return vjp(tangent, *self.arguments(vjp, saved))
        rule = origin.rule
        if (carry := _carrying(rule, vjp)) is not None:
            return carry(tangent, self.arguments(vjp, saved), self.values())
        if isinstance(rule, Rule) and rule.multilinear and self.given is not None:
            return self.linear(rule, [(parent, vjp, saved, tangent)])
        return self.transposed(parent, vjp, saved, tangent)

    def linear(self, rule: Rule, parts: list[Any]) -> Any:
        """The function itself, on the tangents."""
        values: list[Any] = [self.placed(place, value) for place, value in enumerate(self.given[: len(rule.names)])]
        moved: dict[Any, Any] = {}
        for _, vjp, saved, tangent in parts:
            derivative = rule.derivative_of(vjp)
            if tangent is not None and derivative is not None:
                place = derivative.place
                moved[(place, saved[derivative.picks.index(ITEM)]) if ITEM in derivative.picks else place] = tangent
        if rule.kind == "linear":
            for place in rule.places:
                values[place] = _moved(place, values[place], moved, np.zeros_like)
            for name in _AFFINE & rule.defaults.keys():
                if (place := rule.names.index(name)) not in moved:
                    values[place] = rule.defaults[name]
        else:
            values = [_moved(place, value, moved, lambda value: value) for place, value in enumerate(values)]
        # through the rule, which not every function is handed over to
        if rule.general is None or unwrap(values) is values:
            return rule.apply(values)
        return rule.general(tuple(values))

    def values(self) -> Any:
        """The arguments and the result, Tensors where it matters."""
        if self.node is None or self.given is None:
            return self.given
        *given, out = self.given
        out = outputs(self.node, [*map(_kept, out)] if type(out) is list else _kept(out))
        return [*(self.placed(place, value) for place, value in enumerate(given)), out]

    def placed(self, place: Any, value: Any) -> Any:
        """The value of an argument, a Tensor where that matters."""
        if type(value) is list or type(value) is tuple:
            items = [self.placed((place, i), item) for i, item in enumerate(value)] if self.places else value
            return value if all(a is b for a, b in zip(items, value, strict=True)) else items
        return wrap(_kept(value), self.places[place]) if place in self.places else value

    def transposed(self, parent: Node, vjp: Any, saved: Any, tangent: Any) -> Any:
        """The transpose of a derivative, which is linear in the gradient: itself, differentiated."""
        with recording:
            if self.dtype is None:
                outs = self.given[-1]
                g: Any = [wrap(x, leaf(x)) if _inexact(x) else None for x in map(np.zeros_like, outs)]
            else:
                g = np.zeros(self.shape, self.dtype)
                g = wrap(g, leaf(g))
            r = vjp(g, *self.arguments(vjp, saved))
            if r.shape != parent.shape or r.dtype != parent.dtype:
                r = fit(r, parent, make_node(self.origin, (), self.shape, self.dtype))
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


def _inexact(x: Any) -> bool:
    return bool(x.dtype.kind in "fc")


def _plain(t: Any) -> Any:
    """A Tensor that nothing follows, as an array."""
    return t._primal if isinstance(t, Variable) and t._view is None and t._node is None else t


def _kept(value: Any) -> Any:
    """``value`` for a derivative of tangents: a write to the Tensor that holds it would not find what saved it."""
    return value.copy() if type(value) is ndarray else value


def _moved(place: Any, value: Any, moved: dict[Any, Any], other: Callable[[Any], Any]) -> Any:
    """The tangents of an argument, or of the items of a sequence; what has none goes through ``other``."""
    if place in moved:
        return moved[place]
    if type(value) is list or type(value) is tuple:
        items = [_moved((place, i), item, moved, other) for i, item in enumerate(value)]
        return value if all(a is b for a, b in zip(items, value, strict=True)) else items
    return other(value)


def _written(parts: list[Any], shape: tuple[int, ...], dtype: Any, active: bool) -> tuple[Any, bool]:
    """The tangent of a base after a write: that of what it held, with that of what was written in its place."""
    old, value, region, tangent = parts[-1]
    if type(region) is Region:
        written = parts[0][3] if len(parts) > 1 else None
    else:
        region, written, tangent = value, tangent, None
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
