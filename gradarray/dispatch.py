"""Calls that reach a Tensor: compute on the plain arrays, and record what a derivative will ask for."""

from __future__ import annotations

import functools
import math
import operator
import sys
import types
import weakref
from collections import deque
from collections.abc import Callable
from typing import Any, NoReturn, cast

import numpy as np
from numpy import ndarray

from .graph import Array, Bundle, Edges, Node, Origin, Part, Saved, each, identity, leaf, linked, tags, tick, twofold
from .modes import can_lock, detaching, lock, owner_of, state
from .sites import rebinds
from .views import (
    Variable,
    View,
    assign,
    borrow,
    has_history,
    join,
    memory_of,
    node_of,
    refresh,
    revive,
    root_of,
)

Vjp = Callable[..., Array]
SHAPE = 1000  # added to a position: the shape of that argument
ITEM = -1  # stands for the position within a sequence

# Types whose values a Tensor takes as constants; extended as others are met.
plain_types: set[type] = {int, float, bool, ndarray, np.float64, np.float32, np.complex128, np.int64, np.bool_}
_outer_types: set[type] = set()
_WRAPPED_LIBRARIES = {"dask", "cupy", "sparse", "numpy"}

Tensor: Any = Variable
_new: Callable[[Any], Any] = object.__new__


def use_tensor_type(cls: type) -> None:
    """Tell the registry which type results are wrapped in."""
    global Tensor
    Tensor = cls


def name_of(fn: Any) -> str:
    """What to call ``fn`` in a message."""
    name = getattr(fn, "__name__", repr(fn))
    ufunc = getattr(fn, "__self__", None)
    if isinstance(ufunc, np.ufunc):
        return f"np.{ufunc.__name__}.{name}"
    if isinstance(fn, np.ufunc):
        return f"np.{name}" if getattr(np, name, None) is fn else name
    qualified = getattr(fn, "__qualname__", name)
    name = name if "<" in qualified else qualified
    return f"{(getattr(fn, '__module__', None) or 'numpy').replace('numpy', 'np', 1)}.{name}"


class Rule:
    """What is known of one function: how to call it on Tensors, and its derivatives."""

    __slots__ = (
        *("apply", "broadcasts", "call", "carrying", "compute", "defaults", "derivatives", "diagonal", "fn"),
        *("general", "kind", "multilinear", "name", "names", "of_itself", "out_place", "places", "prepare"),
        *("quick", "reason", "reduces", "rule", "selects", "twice", "unique", "where_place"),
    )

    def __init__(self, fn: Any, kind: str) -> None:
        self.rule = self
        self.fn = fn
        self.kind = kind
        self.name = name_of(fn)
        self.broadcasts = self.diagonal = kind == "elementwise"
        self.selects = False
        self.call: Callable[..., Any] = fn
        self.carrying: dict[Any, Any] = {}  # for each derivative, what forward mode does: see `gradarray.forward`
        self.derivatives: list[Derivative] = []
        self.of_itself: Rule | None = None  # the rule of x -> fn(x, x), where that is cheaper
        self.multilinear = False  # whether it is linear in each argument by itself
        self.reduces = False  # whether each element of its first argument has part in one element of the result alone
        self.compute: Callable[..., Any] | None = None  # what ``fn`` does to plain arrays, in less time
        self.prepare: Callable[[], None]  # fills in the rest
        self.quick: Callable[..., Any]
        self.general: Callable[[tuple[Any, ...]], Any] | None = None
        self.apply: Callable[[Any], Any]
        self.defaults: dict[str, Any] = {}
        self.names: tuple[str, ...] = ()
        self.places: dict[int, Derivative] = {}
        self.out_place: int | None = None
        self.where_place: int | None = None
        self.reason = ""  # why it is refused
        self.unique: dict[Any, Derivative | None] = {}  # the derivatives by what they call; None where two are the same
        self.twice: Callable[[Any], bool] | None = None  # whether one may raise `Undetermined`, for these outputs

    def derivative_of(self, vjp: Any) -> Derivative | None:
        """Which of the derivatives ``vjp`` is."""
        if not self.unique:
            found: dict[Any, Derivative | None] = {}
            for derivative in self.derivatives:
                found[derivative.vjp] = None if derivative.vjp in found else derivative
            self.unique = found
        while vjp not in self.unique and hasattr(vjp, "vjp"):  # one that is masked or watched
            vjp = vjp.vjp
        return self.unique.get(vjp)

    @property
    def selecting(self) -> Origin:
        """What makes a node of this function where a mask decides which elements take part."""
        return Origin(self.fn, self.name, self.broadcasts, True, self.diagonal, self)


def wrap(data: Array, node: Node | None = None) -> Any:
    """A Tensor of ``data``; ``None`` for a node makes it constant."""
    t = _new(Tensor)
    t._primal = data
    t._node = node
    t._view = None
    t._memory = None
    t._saved = None
    return t


def wrap_leaf(data: Array) -> Any:
    """A Tensor of ``data`` that takes a gradient if its dtype can."""
    return wrap(data, leaf(data) if data.dtype.kind in "fc" else None)


def wrap_shared(array: Array) -> Any:
    """A leaf on the memory of somebody's ``array``, which is guarded while a graph needs its values."""
    t = wrap_leaf(array.view())
    borrow(t, array)
    return t


def spread(g: Array, shape: tuple[int, ...]) -> Array:
    """``np.broadcast_to``, in less time for the sizes where that counts."""
    if type(g) is not ndarray and not issubclass(type(g), np.generic):
        return np.broadcast_to(g, shape)
    if g.size == 1:
        return ndarray(shape, g.dtype, g, 0, (0,) * len(shape))
    if math.prod(shape) > 8192:
        return np.broadcast_to(g, shape)
    if len(shape) == 2:
        n, m = shape
        if g.shape == (n, 1):
            return g.repeat(m, 1)
        if g.shape == (1, m):
            return g.repeat(n, 0)
    full = np.empty(shape, g.dtype)
    full[...] = g
    return full


def multiplied(a: Array, b: Array) -> Array:
    """``a @ b`` of two matrices, in less time."""
    return a.dot(b) if type(a) is ndarray and type(b) is ndarray else a @ b


def record(rule: Any, data: Array, parent: Any, vjp: Any, saved: Any, rest: Any = (), values: Any = None) -> Any:
    """The Tensor of a result that depends on something; `make_node` and `wrap`, written out for speed.

    Its edges are given as a `Node` holds them; ``values`` are the arguments, for functions that are linear in them.
    """
    if tags:
        return _carried(rule, data, (parent, vjp, saved, rest), values)
    node = Node()
    node.order = tick()
    node.parent = parent
    node.vjp = vjp
    node.saved = saved
    node.rest = rest
    node.grad = None
    node.shape = data.shape
    node.dtype = data.dtype
    node.origin = rule
    t = _new(Tensor)
    t._primal = data
    t._node = node
    t._view = None
    t._memory = None
    t._saved = None
    return t


def _carried(rule: Any, data: Array, edges: Edges, values: Any) -> Any:
    """`record` while tangents are carried or results watched."""
    if values is not None and len(values) == len(rule.rule.names):
        values = (*values, data)
    node = join(rule, edges, data.shape, data.dtype, values)
    watch = state().watching
    return wrap(data, node if watch is None or node is None else watch(node, data))


class Derivative:
    """The derivative of a rule for one argument: what to call, and what to keep for it."""

    __slots__ = ("jvp", "keep", "picks", "place", "vjp")

    def __init__(self, place: int, vjp: Any, picks: tuple[int, ...], keep: Any, jvp: Any = None) -> None:
        self.place = place
        self.vjp = vjp
        self.picks = picks
        self.keep: Callable[..., Any] | None = keep
        self.jvp: tuple[Any, tuple[int, ...]] | None = jvp  # the tangent map, where it was given, and what it asks for


@functools.cache
def keeper(picks: tuple[int, ...], out: int, sole: bool = False) -> Callable[..., Any] | None:
    """A function that saves what a derivative asks for, out of values and the arguments that they are the data of.

    ``out`` is the place of the result, which nobody else has yet; a write to its Tensor finds it through its node.
    If no argument but the first holds arrays (``sole``), that one is given alone.
    """
    if not picks:
        return None
    place = picks[0]

    def alone(v: Any, o: Any, i: int = 0) -> Any:
        value = v[place]
        owner = None if place == out or (sole and place) else o if sole else o[place]
        if type(value) is ndarray:
            return save(value, owner)
        return Bundle((_kept(value, owner),)) if type(value) in _KEPT else (value,) if value is None else value

    if len(picks) == 1 and 0 <= place < SHAPE:
        return alone
    second = picks[-1]

    def pair(v: Any, o: Any, i: int = 0) -> Any:
        values = a, b = v[place], v[second]
        if type(a) not in _KEPT and type(b) not in _KEPT:
            return values
        return Bundle((_kept(a, None if place == out else o[place]), _kept(b, None if second == out else o[second])))

    if len(picks) == 2 and not sole and all(0 <= p < SHAPE for p in picks):
        return pair  # what is compiled below is as quick, but takes 0.1 ms to make
    arrays = [p for p in picks if 0 <= p < SHAPE and (not sole or p in (0, out))]

    def source(p: int, kept: bool) -> str:
        if p == ITEM:
            return "i"
        if p >= SHAPE:
            p -= SHAPE
            return f"v[{p}].shape if type(v[{p}]) is ndarray else shape(v[{p}])"
        if not kept or p not in arrays:
            return f"v[{p}]"
        if sole:
            return "save(v[0], o)" if p == 0 else f"save(v[{p}], None) if type(v[{p}]) is ndarray else v[{p}]"
        owner = "None" if p == out else f"o[{p}]"
        return f"kept(v[{p}], {owner}) if type(v[{p}]) in KEPT else v[{p}]"

    plain, kept = (", ".join(source(p, kept) for p in picks) for kept in (False, True))
    known = {"shape": _shape, "ndarray": ndarray, "save": save, "kept": _kept, "KEPT": _KEPT, "Bundle": Bundle}
    found = "True" if sole and 0 in arrays else " or ".join(f"type(v[{p}]) in KEPT" for p in arrays) or "False"
    many: Any = eval(f"lambda v, o, i=0: Bundle(({kept},)) if {found} else ({plain},)", known)
    return cast(Callable[..., Any], many)


_KEPT = {ndarray, list, tuple}


def _kept(value: Any, owner: Any) -> Any:
    """``value`` with each array in its `Saved`; sequences that hold arrays become lists of our own."""
    if type(value) is ndarray:
        return save(value, owner)
    if type(value) is not list and type(value) is not tuple:
        return value
    items = [_kept(v, o) for v, o in zip(value, owner or (None,) * len(value), strict=True)]
    return items if type(value) is list or any(type(item) in (Saved, list) for item in items) else tuple(items)


def save(array: Array, owner: Any) -> Saved:
    """What keeps ``array`` as it is for derivatives: one for all of them, if it is the data of the Tensor ``owner``."""
    saved = Saved()
    saved.array = array
    if tags and not state().reverse:  # tangents are computed at once
        return saved
    if type(owner) is Tensor:
        known: Saved | None = None if owner._saved is None else owner._saved()
        if known is not None and known.array is array:
            return known
        owner._saved = weakref.ref(saved)
        if owner._view is not None:
            memory_of(root_of(owner)).register(saved)
        elif owner._memory is not None and owner._memory.exposed and state().guarding:
            owner._memory.guard(saved)
        return saved
    if owner is not array:
        return saved
    holder = array if array.base is None else owner_of(array)
    settings = state()
    lockable = holder.base is None or can_lock(holder)
    if ((settings.wrapped and array.size <= 65536) or not lockable) and array.flags.writeable:
        saved.array = array.copy()  # unmodified code goes on to write into buffers of its own
    elif settings.guarding and (held := lock(array, holder)) is not None:
        saved.locks = [held]
    return saved


def _shape(value: Any) -> Any:
    if hasattr(value, "shape"):
        return value.shape
    return [np.shape(v) for v in value] if type(value) in (list, tuple) else np.shape(value)


# The operators of Python do on arrays and NumPy scalars what the ufuncs do, in less time.
_OPERATORS: dict[Any, Callable[..., Any]] = {
    np.negative: operator.neg,
    np.absolute: operator.abs,
    np.add: operator.add,
    np.subtract: operator.sub,
    np.multiply: operator.mul,
    np.divide: operator.truediv,
    np.floor_divide: operator.floordiv,
    np.remainder: operator.mod,
    np.power: operator.pow,
    np.matmul: operator.matmul,
}


def plain(value: Any) -> Any:
    """``value`` as an operand that is no Tensor; ``NotImplemented`` if its type wraps Tensors instead."""
    kind = type(value)
    if kind in plain_types or kind is complex:
        return value
    if not is_inner(kind):
        return NotImplemented
    if issubclass(kind, np.matrix):
        raise TypeError("a Tensor does not combine with np.matrix, whose * and ** are others; give np.asarray(m).")
    if hasattr(kind, "__array_priority__") and hasattr(kind, "__rmatmul__") and not issubclass(kind, ndarray):
        return NotImplemented  # a matrix of its own kind, such as SciPy's sparse ones
    if issubclass(kind, ndarray) or not hasattr(kind, "__array_ufunc__"):
        value = np.asarray(value)
        if value.dtype.kind not in "biufc":
            raise TypeError(f"a Tensor does not combine with a {kind.__name__} of dtype {value.dtype}; give numbers.")
    return value


def is_inner(kind: type) -> bool:
    """Whether a Tensor stands outside values of this type, as it does for arrays and numbers."""
    if kind in plain_types or issubclass(kind, Variable):
        return True
    if kind in _outer_types:
        return False
    protocol = getattr(kind, "__array_ufunc__", getattr(kind, "__array_function__", is_inner))
    inner = protocol is not None and (
        protocol is is_inner
        or protocol is ndarray.__array_ufunc__
        or issubclass(kind, np.generic)
        or (kind.__module__.partition(".")[0] in _WRAPPED_LIBRARIES and not issubclass(kind, np.ma.MaskedArray))
    )
    if not inner:
        _outer_types.add(kind)
    elif hasattr(kind, "__array_ufunc__") and not issubclass(kind, ndarray):
        plain_types.add(kind)
    return inner


def unwrap(value: Any) -> Any:
    """``value`` with every Tensor in it, also in nested lists and tuples, replaced by its data."""
    kind = type(value)
    if kind is Tensor:
        return value._primal
    if kind is list or kind is tuple:
        items = [unwrap(item) for item in value]
        return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
    return value


def unary_call(rule: Rule) -> Callable[[Any], Any]:
    fn = rule.fn
    fast = _OPERATORS.get(fn, fn)
    (derivative,) = rule.derivatives
    vjp, keep = derivative.vjp, derivative.keep
    only_x, only_out = derivative.picks == (0,), derivative.picks == (1,)

    def call(x: Any) -> Any:
        if type(x) is not Tensor:
            return fn(x)
        a = x._primal
        out = fast(a)
        if not state().recording:
            return wrap(out)
        node = x._node
        if node is None:
            if x._view is None or (node := refresh(x)) is None:
                return wrap(out)
        elif node.grad is not None:
            node = revive(x)
        if only_out and type(out) is ndarray:
            saved = Saved()  # `save` of what nobody else has yet
            saved.array = out
            return record(rule, out, node, vjp, saved)
        if only_x and type(a) is ndarray:
            return record(rule, out, node, vjp, save(a, x))
        return record(rule, out, node, vjp, keep((a, out), (x,)) if keep else None)

    return call


def binary_call(rule: Rule) -> Callable[[Any, Any], Any]:
    fn = rule.fn
    fast = _OPERATORS.get(fn, fn)
    places = {derivative.place: derivative for derivative in rule.derivatives}
    first, second = (places.get(place, Derivative(place, None, (), None)) for place in (0, 1))
    vjp_a, keep_a, only_b = first.vjp, first.keep, first.picks == (1,)
    vjp_b, keep_b, only_a = second.vjp, second.keep, second.picks == (0,)

    def call(x: Any, y: Any) -> Any:
        compute = fast
        xn = yn = None
        if type(x) is Tensor:
            a = x._primal
            xn = x._node
        elif type(x) in plain_types:
            a = x
        elif (a := plain(x)) is NotImplemented:
            return a
        else:
            compute = fn
        if type(y) is Tensor:
            b = y._primal
            yn = y._node
        elif type(y) in plain_types:
            b = y
        elif (b := plain(y)) is NotImplemented:
            return b
        else:
            compute = fn
        if x is y and rule.of_itself is not None:
            return rule.of_itself.call(x)
        out = compute(a, b)
        if not state().recording:
            return wrap(out)
        if xn is not None:
            if xn.grad is not None:
                xn = revive(x)
        elif type(x) is Tensor and x._view is not None:
            xn = refresh(x)
        if yn is not None:
            if yn.grad is not None:
                yn = revive(y)
        elif type(y) is Tensor and y._view is not None:
            yn = refresh(y)
        if xn is None and yn is None:
            return wrap(out)
        if xn is not None:
            if keep_a is None:
                saved_a: Any = None if vjp_a is not None else refuse(rule, 0)
            elif only_b:
                saved_a = save(b, y) if type(b) is ndarray else b
            else:
                saved_a = keep_a((a, b, out), (x, y))
            if yn is None:
                return record(rule, out, xn, vjp_a, saved_a)
        if keep_b is None:
            saved_b: Any = None if vjp_b is not None else refuse(rule, 1)
        elif only_a:
            saved_b = save(a, x) if type(a) is ndarray else a
        else:
            saved_b = keep_b((a, b, out), (x, y))
        if xn is None:
            return record(rule, out, yn, vjp_b, saved_b)
        return record(rule, out, xn, vjp_a, saved_a, yn if vjp_b is identity else (yn, vjp_b, saved_b, ()))

    return call


def refuse(rule: Rule, place: int) -> NoReturn:
    raise TypeError(
        f"{rule.name} has no derivative with respect to {rule.names[place]!r}; pass it as a plain value (t.data)."
    )


def deliver(t: Any, out: Any) -> Any:
    """Write a result into ``out=``, if there is one."""
    if out is None:
        return t
    if type(out) is Tensor:
        assign(out, Ellipsis, True, t)
        return out
    if has_history(t):
        if state().wrapped and _is_sole(out) and rebinds():
            return t
        detaching("a plain array as out=, or on the left of an in-place operator,", "go on with the result instead")
    out[...] = t._primal
    if t._node is None:
        return out
    t._primal = out.view()
    borrow(t, out)
    return t


_sole = [0]  # how many references there are to what is the left side of an in-place operator, and nobody else's


def _is_sole(array: Array) -> bool:
    """Whether nobody but the left side of an in-place operator holds ``array``, so that it may become a Tensor."""
    count = sys.getrefcount(array)
    if not _sole[0]:
        _sole[0] = -1
        probe = np.zeros(1)
        probe += wrap(np.zeros(1), leaf(np.zeros(1)))
    if _sole[0] < 0:
        _sole[0] = count
    return count == _sole[0] and array.base is None


def constant_call(rule: Rule) -> Callable[..., Any]:
    fn = rule.fn
    is_ufunc = isinstance(fn, np.ufunc)
    wrapped = "iufc" if is_ufunc else "fc"

    def call(*args: Any, **kwargs: Any) -> Any:
        out = kwargs.get("out")
        out = out[0] if type(out) is tuple and len(out) == 1 else out
        if isinstance(out, Variable):
            fresh = np.array(out._primal)
            assign(out, Ellipsis, True, call(*args, **{**kwargs, "out": (fresh,) if is_ufunc else fresh}))
            return out
        result = fn(*[unwrap(a) for a in args], **{k: unwrap(v) for k, v in kwargs.items()})
        kind = getattr(getattr(result, "dtype", None), "kind", "")
        return wrap(result) if kind and kind in wrapped else result

    return call


def refused_call(rule: Rule, reason: str) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if state().wrapped and only_constants(args, kwargs):
            return rule.fn(*map(primals, args), **{name: primals(value) for name, value in kwargs.items()})
        raise TypeError(f"{rule.name} on a Tensor: {reason}")

    return call


CODE = {types.FunctionType, types.MethodType, functools.partial}
stand_ins: dict[type, Any] = {}  # NumPy's types of floats, with what they are in wrapped context


def primals(value: Any) -> Any:
    """As `unwrap`, but tuples stay tuples."""
    if type(value) is tuple:
        return tuple(map(primals, value))
    return [*map(primals, value)] if type(value) is list else unwrap(value)


def only_constants(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """Whether the Tensors among arguments are constants, and nothing else among them may hold Tensors."""
    for value in (*args, *kwargs.values()):
        kind = type(value)
        if kind is Tensor:
            known = value.constant
        elif kind is list or kind is tuple:
            known = only_constants(tuple(value), {})
        else:
            known = kind not in CODE and not any(type(x) is Tensor for x in fields(value))
        if not known:
            return False
    return True


def fields(obj: Any) -> Any:
    """The values of the attributes of an object, those in slots as well."""
    if type(obj) in plain_types:
        return ()
    kind: Any = type(obj)
    return [*getattr(obj, "__dict__", {}).values(), *(getattr(obj, name, None) for name in slots(kind))]


@functools.cache
def slots(kind: type) -> tuple[str, ...]:
    """The names of the slots of a class and of its bases."""
    found: list[Any] = [vars(cls).get("__slots__", ()) for cls in kind.__mro__]
    names = [name for each in found for name in ((each,) if isinstance(each, str) else each)]
    wrapped = ("__wrapped__",) * hasattr(kind, "__wrapped__")
    return (*wrapped, *(name for name in names if not name.startswith("__")))


def function_call(rule: Rule) -> Callable[..., Any]:
    def call(*args: Any, **kwargs: Any) -> Any:
        if rule.general is None:
            rule.prepare()
        return rule.quick(*args, **kwargs)

    return call


def general_call(rule: Rule) -> Callable[[tuple[Any, ...]], Any]:
    """A function with its arguments in the order of its parameters, whatever they are."""

    def call(owners: tuple[Any, ...]) -> Any:
        out_place = rule.out_place
        if out_place is not None and owners[out_place] is not None:
            return into(rule.name, call((*owners[:out_place], None, *owners[out_place + 1 :])), owners[out_place])
        for owner in owners:
            if type(owner) in _SEQUENCES and any(type(item) in _SEQUENCES for item in owner):
                owners = tuple(stacked(v, 1) if type(v) in _SEQUENCES else v for v in owners)
                break
        values = [v._primal if type(v) is Tensor else unwrap(v) if type(v) in _SEQUENCES else v for v in owners]
        out = rule.apply(values) if type(values[0]) in _NUMPY else _apply_sparingly(rule, values)
        return _complete(rule, owners, values, out)

    return call


def quick_finish(rule: Rule) -> Callable[..., Any]:
    """What follows a call whose first argument is a Tensor, and the only thing among them that may be one."""
    place = rule.places.get(0)
    if place is None:
        return lambda x, out, values: _complete(rule, (x, *values[1:-1]), [*values[:-1]], out)
    vjp, keep = place.vjp, keeper(place.picks, len(rule.names), sole=True)

    def finish(x: Any, out: Any, values: tuple[Any, ...]) -> Any:
        if isinstance(out, tuple) or (type(out) is ndarray and (out.base is not None or out is values[0])):
            return _complete(rule, (x, *values[1:-1]), [*values[:-1]], out)
        if not state().recording or out.dtype.kind not in "fc":
            return wrap(out)
        node = x._node
        if node is None:
            if x._view is None or (node := refresh(x)) is None:
                return wrap(out)
        elif node.grad is not None:
            node = revive(x)
        return record(rule, out, node, vjp, keep(values, x) if keep else None, (), values)

    return finish


def ordinary(value: Any) -> bool:
    """Whether an option is a number, a word, a type or a tuple of such."""
    kind = type(value)
    return kind in ORDINARY or (kind is tuple and all(type(item) in ORDINARY for item in value))


ORDINARY = {int, float, bool, str, slice, type, type(None), type(np._NoValue), type(Ellipsis)}


def _complete(rule: Rule, owners: tuple[Any, ...], values: list[Any], out: Any) -> Any:
    """The Tensor of a result, a view where NumPy's is one."""
    if isinstance(out, tuple):
        return _several(rule, owners, values, out)
    values.append(out)
    x = owners[0]
    if type(out) is ndarray:
        if rule.kind == "linear" and type(x) is Tensor:
            data = x._primal
            if out is data:
                return x
            if out.base is not None and (out.base is data or out.base is data.base):
                t = wrap(out)
                derivative = rule.places[0]
                saved = derivative.keep(values, owners) if derivative.keep else None
                t._view = View(x, out, rule, (_apply_to, (rule, values[1:-1]), {}), derivative.vjp, saved)
                return t
        if shows(values[:-1], out):
            # what another function gives of its argument's memory; written, it would change that past the graph
            out = values[-1] = out.copy()
            out.flags.writeable = False
    if not state().recording or out.dtype.kind not in "fc":
        return wrap(out)
    edges = _edges(rule, owners, values)
    if not edges:
        return wrap(out)
    parent, vjp, saved, rest = edges
    place = rule.where_place
    masked = place is not None and owners[place] is not rule.defaults["where"]
    return record(rule.selecting if masked else rule, out, parent, vjp, saved, rest, values)


def _edges(rule: Rule, owners: tuple[Any, ...], values: list[Any]) -> Edges:
    """The edges of a result to everything among ``owners`` that takes a gradient."""
    edges: list[Any] = []
    for place, owner in enumerate(owners):
        kind = type(owner)
        if kind is Tensor:
            if (node := node_of(owner)) is not None:
                derivative = rule.places.get(place) or refuse(rule, place)
                edges.append((node, derivative.vjp, derivative.keep(values, owners) if derivative.keep else None))
        elif kind in _SEQUENCES:
            for i, item in enumerate(owner):
                if type(item) is Tensor and (node := node_of(item)) is not None:
                    derivative = rule.places.get(place) or refuse(rule, place)
                    saved = derivative.keep(values, owners, i) if derivative.keep else None
                    edges.append((node, derivative.vjp, saved))
    return linked(edges)


def _several(rule: Rule, owners: tuple[Any, ...], values: list[Any], outs: Any) -> Any:
    """The outputs of a function that has several: the node of the call below, a node for each above."""
    values.append(list(outs))
    edges = _edges(rule, owners, values) if state().recording else ()
    below = join(rule, edges, (), None, values) if edges else None
    if rule.twice is not None:
        twofold.add(id(rule))
    if tags and below is not None and (watch := state().watching) is not None:
        below = watch(below, None)
    results = []
    for k, out in enumerate(outs):
        kind = getattr(getattr(out, "dtype", None), "kind", "")
        if kind not in ("f", "c") or below is None:
            results.append(wrap(out) if kind in ("f", "c") else out)
            continue
        t = record(rule, out, below, None, Part(k, len(outs)))
        for saved in Bundle(saved for _, _, saved in each(edges)).cells():
            if saved.array is out:
                memory_of(t).register(saved)
        results.append(t)
    return type(outs)(*results) if hasattr(outs, "_fields") else tuple(results)


def stacked(value: Any, depth: int = 0) -> Any:
    """``value`` with the lists that hold Tensors, those ``depth`` levels down, as one Tensor each."""
    if type(value) not in _SEQUENCES or unwrap(value) is value:
        return value
    items = [stacked(item, max(depth - 1, 0)) for item in value]
    return items if depth else np.stack(items)


def tensors_in(a: Any) -> Any:
    """``a``, or the data of the container that it is, if that is a Tensor or holds Tensors; None if not."""
    kind = type(a)
    if kind is Tensor:
        return a
    if issubclass(kind, (list, tuple, deque)):
        a = _as_lists(a)
        return None if unwrap(a) is a else a
    if kind is ndarray:
        return a if a.dtype == object and any(type(x) is Tensor for x in a.flat) else None
    if isinstance(a, ndarray) or not hasattr(kind, "__array__"):
        return None
    inner = a.__array__()  # of a library that wraps arrays; np.asarray itself would not take a Tensor from it
    return inner if type(inner) is Tensor else None


def _as_lists(a: Any) -> Any:
    """``a`` with what are other sequences in it, such as named tuples, as lists."""
    if not isinstance(a, (list, tuple, deque)):
        return a
    kinds = {*map(type, a)} - {Tensor}
    if type(a) in _SEQUENCES and kinds <= plain_types:
        return a
    items = [_as_lists(item) for item in a]
    return items if type(a) not in _SEQUENCES or any(x is not y for x, y in zip(items, a, strict=True)) else a


_SEQUENCES = {list, tuple}
_NUMPY = {ndarray, list, tuple, int, float, complex, bool, np.float64, np.float32, np.complex128, np.complex64}


def shows(values: Any, out: Array) -> bool:
    """Whether ``out`` shares memory with an array among ``values``."""
    return any(
        shows(v, out) if type(v) in _SEQUENCES else type(v) is ndarray and np.may_share_memory(v, out) for v in values
    )


def _apply_sparingly(rule: Rule, values: list[Any]) -> Array:
    """The function of ``rule`` without the options that were not given: other libraries do not know all of them."""
    pairs = list(zip(rule.names, values, strict=True))
    required = [v for name, v in pairs if name not in rule.defaults]
    return rule.fn(
        *required, **{name: v for name, v in pairs if name in rule.defaults and v is not rule.defaults[name]}
    )


def _apply_to(array: Array, rule: Rule, rest: list[Any]) -> Array:
    """The function of ``rule`` on another first argument."""
    return rule.apply([array, *rest])


def into(name: str, t: Any, out: Any) -> Any:
    """The result of a function, written into its ``out=`` if that was given."""
    if out is None:
        return t
    if t.shape != out.shape or not np.can_cast(t.dtype, out.dtype, "same_kind"):
        raise ValueError(
            f"{name}: out= has shape {out.shape} and dtype {out.dtype}; the result has {t.shape} and {t.dtype}."
        )
    return deliver(t, out)
