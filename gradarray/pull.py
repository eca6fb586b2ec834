"""Gradients that can be differentiated again: the walk of `gradarray.graph`, with Tensors.

What a derivative saved is put back on the nodes it came from, so that the rules, run on Tensors, record where each
gradient comes from.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import Any

import numpy as np

from .dispatch import ITEM, SHAPE, Rule, unwrap, wrap
from .graph import (
    Array,
    InvalidBackprop,
    Node,
    Part,
    Saved,
    Undetermined,
    Whole,
    by_order,
    each,
    fit,
    identity,
    joined,
    kept_in,
    shown,
    surely_finite,
    use_again,
)
from .modes import Mode
from .views import Region, Variable, join, node_of

recording = Mode(reverse=True, recording=True)


def pull(root: Node, seed: Array, wanted: Iterable[Node]) -> dict[Node, Array]:
    """The gradients of ``wanted``, for the gradient ``seed`` of ``root``; of those it does not depend on, none.

    Nothing is cleared, and no node's own ``grad`` is touched.
    """
    targets = set(wanted)
    path = _between(root, targets)
    useful = set(path)
    grads: dict[Node, Any] = {root: seed}
    owned: set[Node] = set()  # nodes whose pending gradient is a buffer of ours
    selected: set[Node] = set()
    reads: dict[Node, tuple[list[int], list[Any]]] = {}  # of single elements, which there may be many of
    found = {}
    for node in reversed(path):
        g = grads.pop(node, None)
        if node in reads:
            g = _with_reads(node, g, node in owned, *reads.pop(node))
        if g is None:
            continue
        if node in targets:
            found[node] = g
        if node.rest is None:
            raise InvalidBackprop(
                f"gradient: the graph through {node.origin.name} was cleared by an earlier backward(). Give that "
                "retain_graph=True, or run the computation again."
            )
        careful = node.origin.selects or node in selected
        places: dict[Any, Node] = {}
        for parent, vjp, saved in each(node.edges):
            if parent not in useful:
                continue
            if vjp is None and type(saved) is Part:
                parts = grads.setdefault(parent, [None] * saved.total)
                held = parts[saved.place]
                parts[saved.place] = g if held is None else held + g
                continue
            if type(saved) is Whole:
                grads[parent] = joined(grads.get(parent), g)
                continue
            if careful or vjp is None:
                selected.add(parent)
            if vjp is None and type(saved) is int:
                places_read, given = reads.setdefault(parent, ([], []))
                places_read.append(saved)
                given.append(g)
                continue
            if vjp is None and type(saved) is tuple:
                buffer = _buffer(parent, grads.get(parent), parent in owned)
                index, unique = saved
                if unique:
                    buffer[index] += g
                else:
                    np.add.at(buffer, index, g)
                grads[parent] = buffer
                owned.add(parent)
                continue
            if vjp is None:
                r = saved.hand_on(g, node in owned and node not in targets)
            elif vjp is identity:
                r = g
            else:
                if getattr(vjp, "first_order", False):
                    raise TypeError(
                        f"{node.origin.name}: a function of custom_gradient has no second derivative; "
                        "give its derivatives to gradarray.differentiable."
                    )
                try:
                    r = vjp(g, *arguments(node, vjp, saved, places))
                except Undetermined:
                    r = _again(node, vjp, saved, root, seed)
                if type(vjp) is Region and getattr(r, "_view", None) is not None:
                    r = np.copy(r)  # of a gradient that is written next
                if careful and node.origin.diagonal and not surely_finite(unwrap(r)):
                    r = np.where((unwrap(g) == 0) & ~np.isfinite(unwrap(r)), 0, r)
            if r.shape != parent.shape or r.dtype != parent.dtype:
                r = fit(r, parent, node)
            held = grads.get(parent)
            grads[parent] = r if held is None else held + r
            if held is not None or vjp is None:
                owned.add(parent)
    return found


def _buffer(node: Node, held: Any, owned: bool) -> Any:
    """The pending gradient of ``node`` as a Tensor that may be written in place."""
    if held is None:
        return wrap(np.zeros(node.shape, node.dtype))
    buffer = held if owned and type(unwrap(held)) is np.ndarray else np.copy(held)
    return buffer if isinstance(buffer, Variable) else wrap(buffer)


def _with_reads(node: Node, g: Any, owned: bool, places: list[int], given: list[Any]) -> Any:
    """The gradient of ``node``, after what was read of it at ``places`` was added."""
    buffer = _buffer(node, g, owned)
    if len(places) > 4:
        np.add.at(buffer, places, np.stack(given))
        return buffer
    for place, g in zip(places, given, strict=True):
        buffer[place] += g
    return buffer


def _between(root: Node, targets: set[Node]) -> list[Node]:
    """The nodes on the ways from ``targets`` to ``root``, oldest first."""
    oldest = min((node.order for node in targets), default=root.order)
    parents: dict[Node, list[Node]] = {}
    found = [root]
    for node in found:
        if node not in parents:
            parents[node] = known = [parent for parent, _, _ in each(node.edges) if parent.order >= oldest]
            found += known
    useful = targets & parents.keys()
    path = sorted(parents, key=by_order)
    for node in path:
        if not useful.isdisjoint(parents[node]):
            useful.add(node)
    return [node for node in path if node in useful]


def parents_of(node: Node) -> dict[Any, Node]:
    """The parents of ``node`` by the place of the argument they were, and their position in a sequence."""
    rule = node.origin.rule
    found: dict[Any, Node] = {}
    if isinstance(rule, Rule):
        for parent, vjp, saved in each(node.edges):
            derivative = rule.derivative_of(vjp)
            if derivative is not None:
                found[derivative.place] = parent
                if ITEM in derivative.picks:
                    found[derivative.place, saved[derivative.picks.index(ITEM)]] = parent
    return found


def arguments(node: Node, vjp: Any, saved: Any, parents: dict[Any, Node]) -> Any:
    """What ``vjp`` saved, as Tensors where it was the value of a node.

    ``parents`` are those of ``node`` by their places; filled in when they are first needed, if there are none.
    """
    rule = node.origin.rule
    derivative = rule.derivative_of(vjp) if isinstance(rule, Rule) else None
    if derivative is None:
        return shown(saved)
    items, cells = [*shown(saved)], kept_in(saved)
    for k, place in enumerate(derivative.picks):
        value = items[k]
        if place == len(rule.names):
            t = outputs(node, value)
        elif 0 <= place < SHAPE:
            if not parents:
                parents.update(parents_of(node))
            t = _placed(value, place, parents)
        else:
            continue
        if t is not value:
            items[k] = t
            _share(t, cells[k])
    return items


def _share(t: Any, cell: Any) -> None:
    """Let what saves the Tensor ``t`` share the `Saved` that its array came from, which a write would replace."""
    if type(cell) is Saved and isinstance(t, Variable):
        t._saved = weakref.ref(cell)
    elif type(cell) is list and type(t) is list:
        for item, part in zip(t, cell, strict=True):
            _share(item, part)


def _placed(value: Any, place: Any, parents: dict[Any, Node]) -> Any:
    if isinstance(value, (list, tuple)):
        items = [_placed(item, (place, i), parents) for i, item in enumerate(value)]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return wrap(value, parents[place]) if place in parents else value


def outputs(node: Node, out: Any) -> Any:
    """What the call of ``node`` gave, as Tensors."""
    if not isinstance(out, (list, tuple)):
        return wrap(out, node)
    return [
        wrap(part, join(node.origin, (node, None, Part(k, len(out)), ()), part.shape, part.dtype))
        if getattr(part, "dtype", np.dtype(int)).kind in "fc"
        else part
        for k, part in enumerate(out)
    ]


def partials(y: Any, outs: list[Any]) -> list[Any]:
    """The gradients of ``y``, summed up, by each of the outputs of a call as if it were there by itself.

    ``outs`` are those that `arguments` gave; None stands for an output that ``y`` does not depend on. If they are not
    recorded, as where gradients are plain arrays, it raises `Undetermined`.
    """
    nodes = [t._node for t in outs if isinstance(t, Variable) and t._node is not None]
    calls = {node.parent for node in nodes if node.parent is not None}
    if not calls:
        raise Undetermined
    root = node_of(y) if isinstance(y, Variable) else None
    found = {} if root is None else pull(root, np.ones(np.shape(y), y.dtype), calls)
    return found.get(*calls) or [None] * len(outs)


def _twice(node: Node) -> bool:
    """Whether the derivative of ``node`` may raise `Undetermined`, for what its call gave."""
    rule = node.origin
    derivative = rule.derivative_of(node.vjp)
    return derivative is not None and rule.twice(shown(node.saved)[derivative.picks.index(len(rule.names))])


def _again(node: Node, vjp: Any, saved: Any, root: Node, seed: Any) -> Any:
    """The gradient by an edge of ``node``, from gradients that know where they come from."""
    with recording:
        g = pull(root, seed, [node])[node]
        return vjp(g, *arguments(node, vjp, saved, parents_of(node)))


use_again(_twice, lambda *edge: unwrap(_again(*edge)))
