"""Bases, views and in-place writes.

A Tensor that shows another's memory carries a `View`: its base, and the steps that lead there. Its node is
made from the base's current node when it is first used, and again once a write has given the base another
one, so a write costs the same whatever the number of views.

A write changes the memory itself. What derivatives saved of it is copied first, once, and only if they are
still alive: all that save a Tensor share one `Saved`, which the Tensor knows by weak reference.
"""

from __future__ import annotations

import operator
import weakref
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy import ndarray

from .graph import (
    Array,
    Bundle,
    Edges,
    Hooked,
    Hooks,
    Node,
    Origin,
    Saved,
    each,
    hooked,
    identity,
    leaf,
    make_node,
    tags,
)
from .modes import lock, owner_of, state

WRITE = Origin(None, "an in-place write", True)


def join(origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any = None) -> Node | None:
    """The node of a value that depends on others, with tangents if they carry any (see `gradarray.forward`).

    ``given`` is what forward mode needs to know besides: the arguments of a function, or a `View`.
    """
    return _push(origin, edges, shape, dtype, given) if tags else make_node(origin, edges, shape, dtype)


def _push(origin: Any, edges: Edges, shape: tuple[int, ...], dtype: Any, given: Any) -> Node | None:
    return make_node(origin, edges, shape, dtype)


def use_push(push: Callable[..., Node | None]) -> None:
    """Tell this module how forward mode makes nodes."""
    global _push
    _push = push


class Memory(list[weakref.ref[Saved]]):
    """What is known of a Tensor's memory: what else shows it and was saved, and which plain arrays were handed out."""

    data: Array = None
    hooks = Hooks()
    borrowed = False  # whether the memory belongs to somebody else's array
    exposed: tuple[weakref.ref[Any], ...] = ()
    limit = 64

    def register(self, saved: Saved) -> None:
        """Note that ``saved`` shows this memory."""
        if len(self) >= self.limit:
            self[:] = [ref for ref in self if ref() is not None]
            self.limit = max(64, 2 * len(self))
        self.append(weakref.ref(saved))
        if self.exposed and state().guarding:
            self.guard(saved)

    def owners(self) -> list[tuple[Array, Array]]:
        """The arrays that were handed out, each with the one whose memory a lock on it covers."""
        arrays = [array for ref in self.exposed if (array := ref()) is not None]
        return [(array, owner_of(array) if self.borrowed else array) for array in arrays]

    def guard(self, saved: Saved) -> None:
        """Make what was handed out read-only for as long as ``saved`` lives."""
        locks = (lock(array, owner) for array, owner in self.owners())
        saved.locks = [*getattr(saved, "locks", ()), *(held for held in locks if held is not None)]

    def release(self, saved: Saved) -> None:
        """Undo `guard`: ``saved`` has copies now."""
        covered = {id(owner) for _, owner in self.owners()}
        saved.locks = [held for held in getattr(saved, "locks", ()) if held.key not in covered]


class Variable:
    """The state of a Tensor. Its node is ``None`` for a constant, and for a view, whose node is the `View`'s."""

    __slots__ = ("__weakref__", "_memory", "_node", "_primal", "_saved", "_view")

    _primal: Any
    _node: Node | None
    _view: View | None
    _memory: Memory | None
    _saved: weakref.ref[Saved] | None


class View:
    """How a Tensor shows the memory of another."""

    __slots__ = ("base", "dtype", "hidden", "node", "origin", "parent", "saved", "seen", "shape", "step", "vjp")

    def __init__(self, source: Variable, data: Array, origin: Any, step: Any, vjp: Any, saved: Any) -> None:
        parent = source._view
        self.base: Variable = source if parent is None else parent.base
        self.parent = parent
        self.origin = origin
        self.step: tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]] = step
        self.vjp = vjp
        self.saved = saved
        self.shape: tuple[int, ...] = data.shape
        self.dtype = data.dtype
        self.hidden = False
        self.node: Node | None = None
        self.seen: Node | None = None

    def chain(self) -> list[View]:
        """The views that lead here from the base, in that order."""
        found = []
        view: View | None = self
        while view is not None:
            found.append(view)
            view = view.parent
        return found[::-1]

    def apply(self, array: Array) -> Array:
        """The same view of another array of the base's shape."""
        for view in self.chain():
            fn, args, kwargs = view.step
            array = fn(array, *args, **kwargs)
        return array


def root_of(t: Variable) -> Variable:
    """The Tensor that holds the memory ``t`` shows."""
    while t._view is not None:
        t = t._view.base
    return t


def node_of(t: Variable) -> Node | None:
    """The node of ``t`` as it is now, about to be used in a new operation."""
    if t._view is not None:
        return refresh(t)
    node = t._node
    if node is not None and node.grad is not None:
        return revive(t)
    return node


def revive(t: Variable) -> Node:
    """Null the gradient of ``t``; what a backward pass has cleared starts anew as a leaf."""
    node = t._node
    assert node is not None
    if node.rest is None:
        node = t._node = leaf(t._primal)
        if t._memory is not None and t._memory.hooks:
            node = t._node = hooked(node, t._memory.hooks)
        return node
    node.grad = None
    if type(node) is Hooked:
        node.inner.grad = None
    return node


def refresh(t: Variable) -> Node | None:
    """The node of a view, remade where its base has got another since."""
    view = t._view
    node = node_of(root_of(t))
    if node is None or view is None:
        return node
    if view.seen is node and view.node is not None and view.node.rest is not None:
        return view.node
    stale = []
    parent = node
    while view is not None:
        if view.seen is node and view.node is not None and view.node.rest is not None:
            parent = view.node
            break
        stale.append(view)
        view = view.parent
    for view in reversed(stale):
        made = join(view.origin, (parent, view.vjp, view.saved, ()), view.shape, view.dtype, view)
        if made is None:
            return None
        parent = view.node = made
        view.seen = node
    return parent


def has_history(t: Variable) -> bool:
    """Whether ``t`` came out of an operation whose gradient is still to be asked for."""
    node = root_of(t)._node
    node = node.inner if type(node) is Hooked else node
    return node is not None and (node.parent is not None or state().detach == "raise")


def memory_of(t: Variable) -> Memory:
    memory = t._memory
    if memory is None:
        memory = t._memory = Memory()
    return memory


def expose(t: Variable) -> Array:
    """The plain array of ``t``, handed out: from now on it is read-only while a graph needs its values."""
    memory = memory_of(t)
    if isinstance(t._primal, np.generic):
        if memory.data is None:
            memory.data = np.array(t._primal)
            memory.data.flags.writeable = False
    elif type(t._primal) is not ndarray:
        return t._primal
    elif memory.data is None:
        memory.data = t._primal.view()
        watch(root_of(t), memory.data)
    return memory.data


def borrow(t: Variable, array: Array) -> None:
    """Note that ``t`` was made around the memory of somebody's ``array``."""
    memory = memory_of(t)
    memory.data = array
    memory.borrowed = True
    watch(t, array)


def watch(root: Variable, array: Array) -> None:
    memory = memory_of(root)
    memory.exposed = (*(ref for ref in memory.exposed if ref() is not None), weakref.ref(array))
    if state().guarding:
        for saved in saved_of(root):
            memory.guard(saved)


def saved_of(root: Variable) -> list[Saved]:
    """Everything that living derivatives keep of the memory of ``root``."""
    found = [saved for ref in (root._saved, *(root._memory or ())) if ref is not None and (saved := ref()) is not None]
    if root._node is not None:
        for _, _, saved in each(root._node.edges):
            if type(saved) is Saved:
                found.append(saved)
            elif type(saved) is Bundle:
                found += saved.cells()
    return found


def preserve(root: Variable) -> None:
    """Give derivatives that saved the memory of ``root`` a copy: it is about to be written."""
    memory = root._memory
    data = root._primal
    copies: dict[int, Array] = {}
    for saved in saved_of(root):
        array = saved.array
        if not np.may_share_memory(array, data):
            continue
        saved.array = copies[id(array)] if id(array) in copies else copies.setdefault(id(array), array.copy())
        if memory is not None and memory.exposed:
            memory.release(saved)
    if memory:
        memory.clear()


def check_writeable(root: Variable) -> None:
    memory = root._memory
    if memory is not None and memory.borrowed and not memory.data.flags.writeable:
        raise ValueError(
            "in-place write: the plain array that this Tensor shows is read-only, by itself or because a graph has "
            "saved it. Write to a copy, drop that graph, or turn the guard off with gradarray.mem_guard_off."
        )


def before_write(root: Variable) -> None:
    """What is due before the memory of ``root`` is written; a ValueError if it cannot be."""
    preserve(root)
    check_writeable(root)


class Region:
    """The part of a base that a write covers, as seen from a gradient of the base's shape.

    Called, it is the derivative for the values that were written, of shape ``written``.
    """

    __slots__ = ("index", "order", "shown", "view", "winners", "written")

    def __init__(self, target: Variable, index: Any, unique: bool, written: tuple[int, ...]) -> None:
        self.view = target._view
        self.written = written
        self.index = index
        self.shown = True  # whether a Tensor still shows the written value, so that its gradient must stay
        self.winners = None if unique else _winners(target._primal.shape, index)
        data = root_of(target)._primal
        # a step such as reshape is a view only in the memory layout it was taken from
        self.order: tuple[int, ...] | None = None
        if self.view is not None and not data.flags.c_contiguous:
            self.order = tuple(sorted(range(data.ndim), key=lambda axis: -abs(data.strides[axis])))

    def __call__(self, g: Array) -> Array:
        r = (g if self.view is None else self.view.apply(g))[self.index]
        if self.winners is not None:  # where one place was written twice, the last counts
            r = np.where(self.winners, r, 0)
        elif type(r) is ndarray:
            r = r.copy()
        if self.view is not None and any(view.origin.fn is np.imag for view in self.view.chain()):
            r = -r  # gradients travel conjugated
        missing = len(self.written) - r.ndim
        return np.reshape(r, (1,) * missing + r.shape) if missing > 0 else r

    def hand_on(self, g: Array, owned: bool) -> Array:
        """The gradient of what the base held before: ``g`` with the region zeroed, in place if it may be."""
        own = owned and (type(g) is ndarray or (isinstance(g, Variable) and g._view is None))
        if self.shown or not own or (self.view is not None and not self.laid_out(g)):
            g = self.lay_out(g)
        if self.view is None:
            g[self.index] = 0
        else:
            self.view.apply(g)[self.index] = 0
        return g

    def laid_out(self, g: Array) -> bool:
        """Whether ``g`` is in the memory layout in which the steps to the region are views."""
        return bool((g if self.order is None else g.transpose(self.order)).flags.c_contiguous)

    def lay_out(self, g: Array) -> Array:
        """A copy of ``g`` in that layout."""
        if self.order is None:
            return np.copy(g, order="C")
        return np.transpose(np.copy(np.transpose(g, self.order), order="C"), np.argsort(self.order))


class Added(Region):
    """Where values were added, or subtracted if ``sign`` is negative."""

    __slots__ = ("sign",)
    sign: int

    def __call__(self, g: Array) -> Array:
        r = super().__call__(g)
        return r if self.sign > 0 else -r


def _items(index: Any) -> tuple[Any, ...]:
    """The indices of the axes that ``index`` names."""
    return index if type(index) is tuple else (index,)


def _winners(shape: tuple[int, ...], index: Any) -> Array | None:
    """Where an index with repeats wrote the value that stayed; ``None`` if nothing repeats."""
    lists = [item for item in _items(index) if type(item) is ndarray]
    if all(item.dtype.kind in "iu" and (item.size == 0 or item.min() >= 0) for item in lists):
        rows = [item.ravel().tolist() for item in np.broadcast_arrays(*lists)]
        if len(set(zip(*rows, strict=True))) == len(rows[0]):
            return None
    places = np.arange(int(np.prod(shape))).reshape(shape)[index]
    last = np.empty(int(np.prod(shape)), dtype=int)
    ranks = np.arange(places.size)
    last[places.ravel()] = ranks
    winners = (last[places.ravel()] == ranks).reshape(places.shape)
    return None if winners.all() else winners


def assign(target: Variable, index: Any, unique: bool, value: Any, origin: Any = WRITE) -> None:
    """``target[index] = value``: write the memory, then let base, views and gradients know.

    ``index`` is frozen (see `freeze`). Nothing is changed if NumPy refuses the write.
    """
    root = root_of(target)
    data = target._primal
    if isinstance(data, np.generic):
        data = target._primal = np.array(data)
        target._memory = target._saved = None
    if type(data) is not ndarray:
        raise TypeError(f"in-place writes need a Tensor of a NumPy array; this one holds a {type(data).__name__}.")
    node = None
    recording = state().recording and data.dtype.kind in "fc"
    if isinstance(value, Variable):
        source, value = value, value._primal
        if root_of(source) is root:
            if source._view is not None and _is_same(target, index, unique, source):
                return
            if any(type(item) is ndarray and item.dtype.kind == "b" for item in _items(index)):
                value = value.copy()  # NumPy itself reads what a mask has written already, in some memory layouts
        if recording:
            node = node_of(source)
    before_write(root)
    data[index] = value
    if not recording:
        return
    old = node_of(root)
    if old is None and node is None:
        return
    shape, dtype = root._primal.shape, root._primal.dtype
    if index is Ellipsis and target._view is None:
        if node is None:
            _replace(root, leaf(data))
            return
        if node.shape == shape and node.dtype == dtype:
            _replace(root, join(origin, (node, identity, None, ()), shape, dtype))
            return
    region = Region(target, index, unique, () if node is None else node.shape)
    edges: Edges = () if old is None else (old, None, region, ())
    if node is not None:  # first, since what is handed on to the older node has its region zeroed
        edges = (node, region, None, edges)
    _replace(root, join(origin, edges, shape, dtype))


def add_at(target: Variable, index: Any, value: Any, sign: int) -> None:
    """``np.add.at(target, index, sign * value)``: places that occur twice get both."""
    root = root_of(target)
    recording = state().recording and target._primal.dtype.kind in "fc"
    node = node_of(value) if isinstance(value, Variable) and recording else None
    before_write(root)
    data = value._primal if isinstance(value, Variable) else value
    (np.add if sign > 0 else np.subtract).at(target._primal, index, data)
    if not recording:
        return
    old = node_of(root)
    edges: Edges = ()
    if node is not None:
        region = Added(target, index, True, node.shape)
        region.sign = sign
        edges = (node, region, None, ())
    if old is not None:
        edges = (old, identity, None, edges)
    if edges:
        _replace(root, join(WRITE, edges, root._primal.shape, root._primal.dtype))


def _replace(root: Variable, node: Node | None) -> None:
    old = root._node
    if old is not None:
        if type(old.saved) is Region:
            old.saved.shown = False
        elif type(old.vjp) is Region:
            old.vjp.shown = False
    root._node = node


def _is_same(target: Variable, index: Any, unique: bool, source: Variable) -> bool:
    """Whether ``target[index] = source`` writes a view onto itself, as ``x[i] += v`` ends by doing."""
    view, data, value = source._view, target._primal, source._primal
    if type(index) is slice and view is not None and view.parent is target._view:
        fn, args, _ = view.step
        if fn is operator.getitem and args == (index,):
            return True
    if not unique or type(value) is not ndarray or not np.may_share_memory(data, value):
        return False
    place = data[index]
    if type(place) is not ndarray:
        return False
    return bool(
        place.shape == value.shape
        and place.strides == value.strides
        and place.__array_interface__["data"] == value.__array_interface__["data"]
    )


_BASIC = {int, slice, type(None), type(Ellipsis)}


def freeze(index: Any) -> tuple[Any, bool]:
    """An index that nobody can change later, and whether no place can occur in it twice."""
    kind = type(index)
    if kind in _BASIC:
        return index, True
    if kind is ndarray:
        return index.copy(), index.dtype.kind == "b"
    if kind is tuple:
        items, unique = [], True
        for item in index:
            if type(item) is ndarray:
                item, unique = item.copy(), unique and item.dtype.kind == "b"
            elif type(item) not in _BASIC:
                item, alone = freeze([*item] if type(item) is tuple else item)
                unique = unique and alone
            items.append(item)
        return tuple(items), unique
    if isinstance(index, Variable):
        index = index._primal
    if isinstance(index, np.integer):
        return int(index), True
    if isinstance(index, (bool, np.bool_)):
        return bool(index), True
    if kind is list:
        index = np.array([item._primal if isinstance(item, Variable) else item for item in index] or np.empty(0, int))
    if isinstance(index, ndarray):
        return np.array(index), index.dtype == bool
    return index, True
