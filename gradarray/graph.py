"""Nodes, and the walk that turns them into gradients.

This module knows arrays and nodes, never Tensors. A node records where a value came from: an edge for
each parent that takes a gradient, holding that parent, the derivative, and the arrays it asked for.

Gradients of complex values travel conjugated (dL/d(re) - i dL/d(im)), so that every derivative is the
plain transpose of the tangent map; they are conjugated once on the way in and once on the way out.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any, cast

import numpy as np
from numpy import generic, ndarray

Array = Any
# Parent, derivative, what it saved, and the edges after this one: () where there are none, a node by itself where there
# is one left, whose derivative is the identity.
Edges = Any
# The gradient of a node as far as it is known, whether another node's is the same array (None: nothing else shows its
# memory either), and whether some elements of the node may take no part in the result.
Pending = tuple[Any, bool | None, bool]


class InvalidBackprop(RuntimeError):
    """Backpropagation was asked of a graph that cannot give it."""


class Undetermined(np.linalg.LinAlgError):
    """A derivative must know how its own gradient changes: it is to be run on Tensors, where that can be done."""


class Origin:  # no NamedTuple, of which each adds 0.2 ms to the import
    """What made a node: the function, and its name.

    ``broadcasts`` says that gradients may be summed over broadcast axes, ``selects`` that some elements may take no
    part in the result, so that their gradient is zero, and ``diagonal`` that the derivative is elementwise. ``rule`` is
    the rule it stands for, if any.
    """

    __slots__ = ("broadcasts", "diagonal", "fn", "name", "rule", "selects")

    def __init__(
        self, fn: Any, name: str, broadcasts: bool, selects: bool = False, diagonal: bool = False, rule: Any = None
    ) -> None:
        self.fn: Callable[..., Any] | None = fn
        self.name = name
        self.broadcasts = broadcasts
        self.selects = selects
        self.diagonal = diagonal
        self.rule = rule


class Saved:
    """The array that derivatives keep of one Tensor: replaced here when its memory is written."""

    __slots__ = ("__weakref__", "array", "locks")

    array: Array
    locks: list[Any]


class Bundle(tuple[Any, ...]):
    """What a derivative keeps, where that is more than one array: each in its `Saved`, also in nested lists."""

    __slots__ = ()

    def shown(self) -> list[Any]:
        """The arguments of the derivative."""
        return [item.array if type(item) is Saved else _shown(item) if type(item) is list else item for item in self]

    def cells(self) -> list[Saved]:
        """Each `Saved` in it."""
        return _cells(self)


def _shown(item: Any) -> Any:
    if type(item) is Saved:
        return item.array
    return [_shown(part) for part in item] if type(item) is list else item


def shown(saved: Any) -> Any:
    """What a derivative kept, as the arguments that it takes after the gradient."""
    if saved is None:
        return ()
    kind = type(saved)
    return (saved.array,) if kind is Saved else saved.shown() if kind is Bundle else kept_in(saved)


def kept_in(saved: Any) -> Any:
    """What a derivative kept, one by one: several things come in a tuple, a number alone."""
    return saved if type(saved) in _SEVERAL else (saved,)


_SEVERAL = {tuple, Bundle}


def _cells(item: Any) -> list[Saved]:
    if type(item) is Saved:
        return [item]
    return [cell for part in item for cell in _cells(part)] if type(item) in (list, Bundle) else []


class Part:
    """Which output of a function with several an edge stands for; its gradient takes that place among theirs."""

    __slots__ = ("place", "total")

    def __init__(self, place: int, total: int) -> None:
        self.place = place
        self.total = total


class Whole:
    """What an edge stands for that hands a call's gradients on, those of all its outputs."""

    __slots__ = ()


class Node:
    """One recorded value.

    It has an edge, of its own slots ``parent``, ``vjp`` and ``saved``, and holds further ones in ``rest``, so that most
    nodes are one object to the garbage collector. A leaf has no parent and no ``rest``; where that is ``None``, a
    backward pass has cleared it. `edges`, `linked` and `each` are for where time does not count. ``grad`` is ``None``,
    ``()`` for zero, `Pending` as the walk left it, or the array that `gradient` has made of that.

    What a derivative saved is ``None`` for nothing, a `Saved`, a `Bundle`, a tuple if no array is among it, or a
    number. An edge without a derivative is one whose gradient goes straight into the parent's buffer: of a read, with
    the index to add it at, of a write to the older value, with the region to zero (`gradarray.views.Region`), or of
    one of several outputs to the node of the call (`Part`), whose gradient is a list, ``None`` for outputs without
    one, or of such a call to the same one as others see it (`Whole`).
    """

    __slots__ = ("dtype", "grad", "order", "origin", "parent", "rest", "saved", "shape", "vjp")

    order: int
    parent: Node | None
    vjp: Any
    saved: Any
    rest: Edges  # None once they were cleared
    grad: Any
    shape: tuple[int, ...]
    dtype: Any
    origin: Any

    @property
    def edges(self) -> Edges:
        """All edges; ``()`` for a leaf, None once they were cleared."""
        return self.rest if self.parent is None else (self.parent, self.vjp, self.saved, self.rest)

    @edges.setter
    def edges(self, edges: Edges) -> None:
        self.parent, self.vjp, self.saved, self.rest = edges or (None, None, None, edges)


class Hooked(Node):
    """A value whose gradient passes through hooks on its way to ``inner``, the value itself."""

    __slots__ = ("inner",)

    inner: Node


class Hooks(tuple[Callable[[Any], Any], ...]):
    """Functions that see the gradient of a value, and may replace it; as a derivative, that of the identity."""

    __slots__ = ()

    def __call__(self, g: Array) -> Array:
        for hook in self:
            seen = np.conj(g) if g.dtype.kind == "c" else g.copy()
            if (r := hook(seen)) is None:
                continue
            if np.shape(r) != g.shape or getattr(r, "dtype", g.dtype).kind not in "biufc":
                raise ValueError(f"hook {hook!r}: it gave {r!r} for a gradient of shape {g.shape}; give that shape.")
            r = r if hasattr(r, "dtype") else np.asarray(r, g.dtype)
            g = np.conj(r) if g.dtype.kind == "c" else r.copy()
        return g


HOOK = Origin(None, "a hook", False)


class Traced(Node):
    """A value recorded under `gradarray.debug_nans`: it knows the user's line."""

    __slots__ = ("where",)

    where: str


class Dual(Node):
    """A value that carries tangents: pairs of the tag of a forward-mode call and the tangent there.

    It has edges only if reverse mode is to go through it (``active``), which may be that of a call within the
    forward-mode call alone; ``followed`` says that one around it takes part, to whom the tangent is a value, too.
    """

    __slots__ = ("active", "followed", "owned", "tangents")

    tangents: tuple[tuple[int, Any], ...]
    active: bool
    followed: bool
    owned: bool  # whether nothing else shows its tangents, so that a write may go on in them


# The tags of the forward-mode calls that are running, and 0 for each `gradarray.debug_nans`; while there are any,
# results may be more than Nodes.
tags: list[int] = []


def identity(g: Array) -> Array:
    """The derivative of a sum for its terms; the engine does not call it."""
    return g


def negation(g: Array) -> Array:
    """The derivative of a difference for what is taken away."""
    return -g


LEAF = Origin(None, "leaf", False)
tick = itertools.count().__next__
by_order = attrgetter("order")


def make_node(origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, kind: type[Node] = Node) -> Node:
    node = kind()
    node.order = tick()
    node.edges = edges
    node.grad = None
    node.shape = shape
    node.dtype = dtype
    node.origin = origin
    return node


def linked(edges: Iterable[tuple[Node | None, Any, Any]]) -> Edges:
    """Edges, each a parent, a derivative and what that saved, as a node has them."""
    rest: Edges = ()
    for edge in reversed([*edges]):
        rest = (*edge, rest)
    return rest


def each(edges: Edges) -> Iterator[tuple[Any, Any, Any]]:
    """What `linked` was given."""
    while edges:
        parent, vjp, saved, edges = edges if type(edges) is tuple else (edges, identity, None, ())
        yield parent, vjp, saved


def conjugated(g: Any) -> Any:
    """A gradient as it is shown from one as it travels, or the other way round."""
    return np.conj(g) if getattr(g, "dtype", np.dtype(float)).kind == "c" else g


def leaf(data: Array) -> Node:
    return make_node(LEAF, (), data.shape, data.dtype)


def hooked(node: Node, hooks: Hooks) -> Hooked:
    """``node`` behind its hooks."""
    outer = cast(Hooked, make_node(HOOK, (node, hooks, None, ()), node.shape, node.dtype, Hooked))
    outer.inner = node
    return outer


def reachable(root: Node) -> list[Node]:
    """All nodes that ``root`` depends on, oldest first; raises before anything is changed."""
    seen = {root}
    found = [root]
    for node in found:
        parent, rest = node.parent, node.rest
        if rest is None:
            raise InvalidBackprop(
                f"backward: the graph through {node.origin.name} was cleared by an earlier backward(). Add the "
                "results up and call backward() once, or run the computation again before the second call."
            )
        if parent is not None and parent not in seen:
            seen.add(parent)
            found.append(parent)
        while rest:
            parent, _, _, rest = rest if type(rest) is tuple else (rest, identity, None, ())
            if parent not in seen:
                seen.add(parent)
                found.append(parent)
    found.reverse()  # nearly sorted
    found.sort(key=by_order)
    return found


def watch_edges(nodes: list[Node]) -> None:
    """Let `gradarray.debug` see to the derivatives of ``nodes``, if it is on."""
    for watch in watchers:
        watch(nodes)


watchers: list[Callable[[list[Node]], None]] = []

# The rules whose derivatives may raise `Undetermined`, by their identity, once one of them was recorded.
twofold: set[int] = set()
_twice: Callable[[Node], bool]
_again: Callable[..., Array]


def use_again(twice: Callable[[Node], bool], again: Callable[..., Array]) -> None:
    """Tell this module how to see whether a derivative may raise `Undetermined`, and what to do then."""
    global _twice, _again
    _twice, _again = twice, again


def backward(root: Node, seed: Array, retain: bool = False, known: list[Node] | None = None) -> None:
    """Fill ``grad`` of every node that ``root`` depends on, and clear the edges on the way unless they are retained.

    ``known`` are these nodes, if they have been collected before.
    """
    pending = reachable(root) if known is None else [*known]
    if tags:
        watch_edges(pending)
    grads: dict[Node, Pending] = {root: (seed, True, False)}
    quiet = None
    late: list[Node] = []  # what can only be cleared in the end
    if twofold and not retain and any(id(node.origin) in twofold and _twice(node) for node in pending):
        late, retain = [*pending], True
    try:
        while pending:
            node = pending.pop()
            held = grads.pop(node, None)
            node.grad = held or ()
            parent = node.parent
            if parent is None:
                continue
            vjp, saved, rest = node.vjp, node.saved, node.rest
            if not retain:
                node.parent = node.vjp = node.saved = node.rest = None
            if held is None:
                continue
            g, shared, careful = held
            while True:
                if vjp is None:
                    _hand_over(g, shared, saved, parent, grads)
                else:
                    if vjp is identity:
                        r = g
                    else:
                        if node.origin.selects:
                            careful = True
                        kept = type(saved)
                        mended = careful and saved is not None and node.origin.diagonal
                        if mended and quiet is None:
                            # with no zero in it, as far as that is cheap to see, nothing is to be mended
                            if type(g) is ndarray and g.size <= _SMALL and count_nonzero(g) == g.size:
                                mended = False
                            else:
                                quiet = np.errstate(divide="ignore", invalid="ignore")
                                quiet.__enter__()
                        try:
                            if kept is Saved:  # as `shown`, without a tuple where it can be
                                r = vjp(g, saved.array)
                            elif saved is None:
                                if vjp is not negation:
                                    r = vjp(g)
                                elif node.shape != parent.shape:
                                    r = unbroadcast(g, parent.shape, -1)
                                else:
                                    r = _less(grads.get(parent), g)
                            elif kept is Bundle:
                                r = vjp(g, *saved.shown())
                            else:
                                r = vjp(g, *saved) if kept is tuple else vjp(g, saved)
                        except Undetermined:
                            r = _again(node, vjp, saved, root, seed)
                        if mended and not surely_finite(r):  # zero where g is, though the derivative be singular
                            r = np.where((g == 0) & ~np.isfinite(r), 0, r)
                    if r.shape != parent.shape or r.dtype is not parent.dtype:
                        r = fit(r, parent, node)
                    held = grads.get(parent)
                    if held is None:
                        grads[parent] = r, r is g or (shared and type(g) is list), careful
                    elif not held[1] and type(held[0]) is ndarray and held[0].base is None:
                        found = held[0]
                        if r is not found:
                            found += r
                        if careful and not held[2]:
                            grads[parent] = found, held[1], True
                    else:
                        grads[parent] = held[0] + r, False, careful or held[2]
                if not rest:
                    break
                parent, vjp, saved, rest = rest if type(rest) is tuple else (rest, identity, None, ())
    finally:
        if quiet is not None:
            quiet.__exit__(None, None, None)
        for node in late:
            if node.parent is not None:
                node.edges = None


def is_own(g: Array, shared: bool | None) -> bool:
    """Whether nothing else shows the memory of a pending gradient."""
    return shared is None or (not shared and getattr(g, "base", None) is None)


def _less(held: Pending | None, g: Array) -> Array:
    """``-g``, or the pending gradient that it is to be added to, less ``g``, where that may be written."""
    if held is None or held[1] or type(g) is not ndarray or type(held[0]) is not ndarray:
        return -g
    found = held[0]
    if found.base is not None or found.dtype is not g.dtype:
        return -g
    found -= g
    return found


def _hand_over(g: Any, shared: bool | None, saved: Any, parent: Node, grads: dict[Node, Pending]) -> None:
    """The part of the walk for an edge without a derivative: see `Node`."""
    kind = type(saved)
    if kind is int:
        _buffer(parent, grads)[saved] += g
    elif kind is tuple:
        index, unique = saved
        if unique:
            _buffer(parent, grads)[index] += g
        else:
            np.add.at(_buffer(parent, grads), index, g)
    elif kind is Part:
        parts = grads.setdefault(parent, ([None] * saved.total, True, False))[0]
        held = parts[saved.place]
        parts[saved.place] = g if held is None else held + g
    elif kind is Whole:
        known = grads.get(parent)
        grads[parent] = joined(known and known[0], g), True, False
    else:
        r = saved.hand_on(g, is_own(g, shared))
        if parent in grads:
            r = _buffer(parent, grads).__iadd__(r)
        grads[parent] = r, None, True


def joined(held: list[Any] | None, g: list[Any]) -> list[Any]:
    """The gradients of the outputs of a call, from two sides."""
    if held is None:
        return [*g]
    return [a if b is None else b if a is None else a + b for a, b in zip(held, g, strict=True)]


# without their look for other kinds of arrays
count_nonzero: Any = getattr(np.count_nonzero, "__wrapped__", np.count_nonzero)
_vdot: Any = getattr(np.vdot, "__wrapped__", np.vdot)


def surely_finite(r: Array) -> Any:
    """Whether all of ``r`` is finite, as far as that is cheap to see."""
    if type(r) is ndarray or issubclass(type(r), generic):
        size = _vdot(r, r)
        return size - size == 0
    return False


def _buffer(node: Node, grads: dict[Node, Pending]) -> Array:
    """The pending gradient of ``node`` as an array that may be written in place: of parts of it that are selected."""
    buffer, shared, careful = grads.get(node) or (np.zeros(node.shape, node.dtype), None, False)
    own = type(buffer) is ndarray and is_own(buffer, shared)
    if not own:
        buffer = np.array(buffer)
    if not (own and careful):
        grads[node] = buffer, None, True
    return buffer


def fit(r: Array, parent: Node, node: Node) -> Array:
    """Bring a derivative to the shape and dtype of the value it belongs to."""
    if r.shape != parent.shape:
        if not node.origin.broadcasts:
            raise InvalidBackprop(
                f"backward: the derivative of {node.origin.name} has shape {r.shape}, its argument {parent.shape}; "
                "the rule is wrong."
            )
        r = unbroadcast(r, parent.shape)
    if r.dtype is not parent.dtype and r.dtype != parent.dtype:
        if r.dtype.kind == "c" and parent.dtype.kind != "c":
            r = np.real(r)
        r = r.astype(parent.dtype)
    return r


def unbroadcast(r: Array, shape: tuple[int, ...], sign: int = 1) -> Array:
    """Sum ``r``, times ``sign``, over the axes along which a value of ``shape`` was broadcast to give it."""
    kind = type(r)
    if (kind is ndarray or kind in summed_by_products) and r.ndim == 2 and r.dtype is _FLOAT and r.size <= _SMALL:
        n, m = r.shape
        row, column = _WEIGHTS[sign]
        if shape == (m,):
            return row[:n].dot(r) if kind is ndarray else row[:n] @ r
        if shape == (n, 1):
            return r.dot(column[:m]) if kind is ndarray else r @ column[:m]
    if sign < 0:
        return -unbroadcast(r, shape)
    total = np.add.reduce if kind is ndarray else np.sum
    extra = r.ndim - len(shape)
    if extra > 0:
        r = total(r, 0 if extra == 1 else tuple(range(extra)))
    if r.shape == shape:
        return r
    for axis, n in enumerate(shape):
        if n == 1 and r.shape[axis] != 1:
            r = total(r, axis, keepdims=True)
    return r if r.shape == shape else np.broadcast_to(r, shape)


def _constants(value: float) -> tuple[Array, Array]:
    row = np.full(_SMALL, value)
    row.setflags(write=False)
    return row, row.reshape(-1, 1)


# in small matrices, products with ones take a third of the time that sums take
_SMALL = 8192
_WEIGHTS = {sign: _constants(float(sign)) for sign in (1, -1)}
_FLOAT = np.dtype(float)
summed_by_products: set[type] = set()  # what else is a matrix


def gradient(node: Node, like: Array) -> Array:
    """The gradient a node holds, as an array of its own, in the memory layout of ``like``, its value."""
    g = node.grad
    if type(g) is not tuple:
        return g
    g, shared, _ = g or (np.zeros(node.shape, node.dtype), None, False)
    if node.dtype.kind == "c":
        g = np.conj(g)
    elif type(g) is ndarray and not is_own(g, shared):
        g = g.copy()
    if type(g) is not ndarray:
        g = np.array(g) if issubclass(type(g), generic) else g
    elif type(like) is ndarray and not (like.flags.c_contiguous and g.flags.c_contiguous):
        laid_out = np.empty_like(like)
        laid_out[...] = g
        g = laid_out
    node.grad = g
    return g
