"""Nodes, and the walk that turns them into gradients.

This module knows arrays and nodes, never Tensors. A node records where a value came from: an edge for
each parent that takes a gradient, holding that parent, the derivative, and the arrays it asked for.

Gradients of complex values travel conjugated (dL/d(re) - i dL/d(im)), so that every derivative is the
plain transpose of the tangent map; they are conjugated once on the way in and once on the way out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy import ndarray

Array = Any
Edge = tuple["Node", Any, Any]


class InvalidBackprop(RuntimeError):
    """Backpropagation was asked of a graph that cannot give it."""


class Origin(NamedTuple):
    """What made a node: the function, its name, and whether its gradients may be summed over broadcast axes."""

    fn: Callable[..., Any] | None
    name: str
    broadcasts: bool


class Saved(list[Any]):
    """What one derivative keeps: its arguments, replaced in place when the memory they show is written."""

    __slots__ = ("__weakref__", "locks")


class Node:
    """One recorded value.

    ``edges`` is ``()`` for a leaf and ``None`` once a backward pass has cleared it. ``grad`` is ``None``, an
    array nobody else holds, ``()`` for zero, or ``(g,)`` for one that must be copied before it is shown.
    ``shown`` is false once an in-place write has left no Tensor pointing here.
    """

    __slots__ = ("dtype", "edges", "grad", "order", "origin", "shape", "shown")

    order: int
    edges: tuple[Edge, ...] | None
    grad: Any
    shape: tuple[int, ...]
    dtype: Any
    origin: Any
    shown: bool


LEAF = Origin(None, "leaf", False)
tick = itertools.count().__next__
_order = attrgetter("order")


def make_node(origin: Any, edges: tuple[Edge, ...], shape: tuple[int, ...], dtype: Any) -> Node:
    node = Node()
    node.order = tick()
    node.edges = edges
    node.grad = None
    node.shape = shape
    node.dtype = dtype
    node.origin = origin
    node.shown = True
    return node


def leaf(data: Array) -> Node:
    return make_node(LEAF, (), data.shape, data.dtype)


def scatter(g: Array) -> Array:
    """Mark the edge of a read: the engine adds ``g`` into the parent's buffer at the index."""
    raise AssertionError("the engine handles this edge itself")


def overwrite(g: Array) -> Array:
    """Mark the edge from a write to the older value: the engine hands the buffer on, its region zeroed."""
    raise AssertionError("the engine handles this edge itself")


def reachable(root: Node) -> list[Node]:
    """All nodes that ``root`` depends on, oldest first; raises before anything is changed."""
    seen = {root}
    stack = [root]
    found = []
    while stack:
        node = stack.pop()
        found.append(node)
        edges = node.edges
        if edges is None:
            raise InvalidBackprop(
                f"backward: the graph through {node.origin.name} was cleared by an earlier backward(). Add the "
                "results up and call backward() once, or run the computation again before the second call."
            )
        for edge in edges:
            parent = edge[0]
            if parent not in seen:
                seen.add(parent)
                stack.append(parent)
    found.sort(key=_order)
    return found


def backward(root: Node, seed: Array) -> None:
    """Fill ``grad`` of every node that ``root`` depends on, and clear the edges on the way."""
    pending = reachable(root)
    grads: dict[Node, Array] = {root: seed}
    lent = {root}  # nodes whose pending gradient shares memory with something else
    while pending:
        node = pending.pop()
        g = grads.pop(node, None)
        edges = node.edges or ()
        if edges:
            node.edges = None
        if g is None:
            node.grad = ()
            continue
        owned = node not in lent
        for parent, vjp, saved in edges:
            if vjp is scatter:
                _add_at(_buffer(parent, grads, lent), g, *saved)
                continue
            if vjp is overwrite:
                r = saved[0].hand_on(g, owned and not node.shown)
                if parent in grads:
                    r = _buffer(parent, grads, lent).__iadd__(r)
                grads[parent] = r
                continue
            r = vjp(g, *saved)
            if r is None:
                continue
            if r.shape != parent.shape or r.dtype is not parent.dtype:
                r = fit(r, parent, node)
            held = grads.get(parent)
            if held is None:
                grads[parent] = r
                if r is g or type(r) is not ndarray or r.base is not None:
                    lent.add(parent)
                    if r is g or type(r) is ndarray:
                        owned = False
            elif parent in lent:
                grads[parent] = held + r
                lent.discard(parent)
            else:
                held += r
                grads[parent] = held
        lent.discard(node)
        if node.shown:
            node.grad = g if owned and node.dtype.kind != "c" else (g,)


def _buffer(node: Node, grads: dict[Node, Array], lent: set[Node]) -> Array:
    """The pending gradient of ``node`` as an array that may be written in place."""
    held = grads.get(node)
    if held is None:
        held = grads[node] = np.zeros(node.shape, node.dtype)
    elif node in lent or type(held) is not ndarray:
        held = grads[node] = np.array(held)
        lent.discard(node)
    return held


def _add_at(buffer: Array, g: Array, index: Any, unique: bool) -> None:
    if unique:
        buffer[index] += g
    else:
        np.add.at(buffer, index, g)


def fit(r: Array, parent: Node, node: Node) -> Array:
    """Bring a derivative to the shape and dtype of the value it belongs to."""
    if r.shape != parent.shape:
        if not node.origin.broadcasts:
            raise InvalidBackprop(
                f"backward: the derivative of {node.origin.name} has shape {r.shape}, its argument {parent.shape}; "
                "the rule is wrong."
            )
        r = unbroadcast(r, parent.shape)
    if r.dtype != parent.dtype:
        if r.dtype.kind == "c" and parent.dtype.kind != "c":
            r = np.real(r)
        r = r.astype(parent.dtype)
    return r


def unbroadcast(r: Array, shape: tuple[int, ...]) -> Array:
    """Sum ``r`` over the axes along which a value of ``shape`` was broadcast to give it."""
    extra = r.ndim - len(shape)
    axes = tuple(i for i, n in enumerate(r.shape) if i < extra or (shape[i - extra] == 1 and n != 1))
    if axes:
        r = np.add.reduce(r, axis=axes) if type(r) is ndarray else np.sum(r, axis=axes)
    return np.reshape(r, shape) if r.size == np.prod(shape) else np.broadcast_to(r, shape)


def gradient(node: Node) -> Array:
    """The gradient a node holds, as an array of its own."""
    g = node.grad
    if type(g) is tuple:
        g = g[0] if g else np.zeros(node.shape, node.dtype)
        if node.dtype.kind == "c":
            g = np.conj(g)
        elif type(g) is ndarray:
            g = np.array(g)
    if isinstance(g, np.generic):
        g = np.array(g)
    node.grad = g
    return g
