"""Unmodified code: NumPy programs that know nothing of gradarray, run so that Tensors pass through them.

In *wrapped context* the functions that would make plain arrays or numbers of Tensors are replaced (see
`gradarray.patches`), in whatever module holds them, and so are functions of other libraries that end in compiled code
and have a rule. Python functions are replaced in place, by another code object, so that every holder gets the rule. The
last context that is left undoes all of it. Other threads and tasks run through the replacements to the originals.
"""

from __future__ import annotations

import cmath
import functools
import importlib
import inspect
import itertools
import math
import operator
import sys
import threading
import types
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from . import chapters, patches
from .dispatch import Tensor, plain_types, unwrap
from .modes import DetachError, Mode, plainly, state
from .registry import find, functions
from .shadows import SHADOWS, shadows_for
from .sites import HANDS_OFF, awake, failed_call, last_line

_lock = threading.RLock()


class _Place(NamedTuple):
    """A name that is replaced: in a namespace, or an attribute of a class or function."""

    holder: Any
    name: Any
    own: Any
    made: Any


class _Replaced:
    """What is replaced while a context is entered, and where."""

    def __init__(self) -> None:
        self.depth = 0  # of contexts that were entered, in all threads
        self.modules = 0  # how many there were when they were last looked through
        self.scanned: dict[int, tuple[int, Any]] = {}  # namespaces that were looked through, and how long they were
        self.spaces: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = []  # where most is replaced
        self.names: list[_Place] = []
        self.attributes: list[_Place] = []
        self.shadows: list[tuple[dict[str, Any], str, Any]] = []  # namespaces that are given a name that is a builtin's
        self.dormant: list[_Place] = []  # methods of matrices, to be replaced when some hold Tensors
        self.columns: list[Any] = []  # of these, as they are written
        self.known: set[Any] = set()  # functions whose rules stand in for them
        self.cells: list[tuple[Any, Any]] = []
        self.table: dict[int, Any] = {}  # by identity, since whatever a module holds is looked up
        self.compiled: dict[int, Any] = {}  # of these, functions of other libraries
        self.back: dict[int, Any] = {}
        self.opened: dict[int, types.CodeType] = {}  # of functions that were entered

    def enter(self, entry: Any) -> None:
        with _lock:
            if self.depth == 0:
                if len(sys.modules) != self.modules:
                    self.look()
                self.apply()
            self.depth += 1
            if entry is not None:
                self.open(entry, set())

    def leave(self) -> None:
        with _lock:
            self.depth -= 1
            if self.depth == 0:
                self.undo()
                for cell, own in self.cells:
                    cell.cell_contents = own
                self.cells.clear()
                if len(sys.modules) != self.modules:
                    self.restore()

    def apply(self) -> None:
        for space, _, made in self.spaces:
            space.update(made)
        for write, holders, names, _, made in self.columns:
            deque(map(write, holders, names, made), 0)
        deque(map(operator.setitem, *self.shadowed), 0)

    def undo(self) -> None:
        for space, own, _ in self.spaces:
            space.update(own)
        for write, holders, names, own, _ in self.columns:
            deque(map(write, holders, names, own), 0)
        deque(map(dict.pop, *self.shadowed[:2], itertools.repeat(None)), 0)
        if awake[0]:
            awake[0] = False
            for fn, name, own, _ in self.dormant:
                setattr(fn, name, own)

    def wake(self) -> None:
        """Replace what is dormant, until the last context is left."""
        with _lock:
            if self.depth and not awake[0]:
                awake[0] = True
                for fn, name, _, made in self.dormant:
                    setattr(fn, name, made)

    def arrange(self) -> None:
        self.columns = [
            (write, *zip(*places, strict=True))
            for write, places in ((operator.setitem, self.names), (setattr, self.attributes))
            if places
        ]
        self.shadowed = [*zip(*self.shadows, strict=True)] or [(), (), ()]

    def look(self) -> None:
        """Find what is to be replaced in modules that were imported since."""
        if not self.table:
            self.begin()
        chapters.load()
        _keep_originals()
        for fn in [*functions]:
            self.add(fn)
        for module in [*sys.modules.values()]:
            space = getattr(module, "__dict__", None)
            if type(space) is dict and id(space) not in self.scanned:
                self.scan(space)
        self.modules = len(sys.modules)
        self.arrange()

    def begin(self) -> None:
        for fn, made in patches.replacements().items():
            self.table[id(fn)] = made
            self.back[id(made)] = fn
        every = patches.replacements() | patches.for_lists()
        for module in (np, np.linalg, math, cmath, np.lib.stride_tricks):
            held = {name: fn for name, fn in vars(module).items() if _in(fn, every)}
            self.spaces.append((vars(module), held, {name: every[fn] for name, fn in held.items()}))
            self.scanned[id(vars(module))] = len(vars(module)), module
        hook = importlib.import_module("wrapt").when_imported
        for library in chapters.CHAPTERS:
            if library not in sys.modules and not library.startswith("numpy"):
                hook(library)(self.imported)

    def imported(self, module: Any) -> None:
        """Take in a library with rules that is imported while a context is entered."""
        if self.depth:
            with _lock:
                self.undo()  # what is imported now is to find NumPy as it is
                chapters.load(module.__name__)
                self.look()
                self.apply()

    def add(self, fn: Any) -> None:
        """Have the rule of ``fn``, if it is another library's, stand in for it."""
        module = getattr(fn, "__module__", None) or ""
        if fn in self.known or module.partition(".")[0] in ("numpy", "math", "gradarray"):
            return
        if isinstance(fn, (np.ufunc, type, type(np.sum))):
            return
        self.known.add(fn)
        if type(fn) is types.FunctionType:
            prepare = getattr(functions[fn], "prepare", None)
            if prepare is not None:
                prepare()  # while its parameters can be seen
            own = fn.__code__
            clone = types.FunctionType(own, fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__)
            clone.__kwdefaults__ = fn.__kwdefaults__
            dormant = getattr(functions[fn].call, "dormant", False)
            places = self.dormant if dormant else self.attributes
            places.append(_Place(fn, "__code__", own, _calling(_by_rule(fn, clone), own)))
        else:
            made = functools.wraps(fn, updated=())(_by_keywords(_by_rule(fn, fn)))
            self.table[id(fn)] = self.compiled[id(fn)] = made
            self.back[id(made)] = fn
            own_spaces = {id(space) for space, _, _ in self.spaces}
            self.scanned = {key: found for key, found in self.scanned.items() if key in own_spaces}

    def scan(self, space: dict[str, Any]) -> None:
        """Note what a module, its classes and its tables of functions hold of what is replaced."""
        self.scanned[id(space)] = len(space), space
        home = str(space.get("__name__", ""))
        if str(space.get("__file__", "")).endswith(_COMPILED):
            for name, value in [*space.items()]:
                if value is np and not any(place.holder is space and place.name == name for place in self.names):
                    self.names.append(_Place(space, name, np, _originals()))
            self.take(space, self.compiled)
            return
        package = home.partition(".")[0]
        if package in HANDS_OFF and home not in _NUMPY:
            return
        if package in sys.stdlib_module_names and home not in ("__main__", "statistics"):
            return
        table = self.table
        if home in _NUMPY and home != "numpy.lib._function_base_impl":
            table = {**table, **{id(fn): made for fn, made in patches.for_lists().items()}}
        self.take(space, table)
        if not home.startswith("numpy"):
            self.shadows += [(space, name, SHADOWS[name]) for name in shadows_for(space)]
        for value in [*space.values()]:
            kind = type(value)
            if kind is dict or kind is list:
                self.take(value, {key: made for key, made in table.items() if not isinstance(made, type)})
            elif kind is types.FunctionType:
                self.take_defaults(value)
            elif isinstance(value, type) and value.__module__ == home:
                for name, member in [*vars(value).items()]:
                    inner = member.__func__ if type(member) is staticmethod else member
                    made = table.get(id(inner))
                    if made is not None:
                        self.attributes.append(_Place(value, name, member, made))
                    elif type(inner) is types.FunctionType:
                        self.take_defaults(inner)
                    elif type(inner) is dict or type(inner) is list:
                        self.take(inner, table)

    def take(self, space: Any, table: dict[int, Any]) -> None:
        """Note the names in a namespace, or the places in a list, of what is replaced."""
        held = {place.name for place in self.names if place.holder is space}
        for name, value in [*(enumerate(space) if type(space) is list else space.items())]:
            made = table.get(id(value))
            if type(value) is functools.partial and (inner := table.get(id(value.func))) is not None:
                made = functools.partial(inner, *value.args, **value.keywords)
            if made is not None and name not in held:
                self.names.append(_Place(space, name, value, made))

    def take_defaults(self, fn: Any) -> None:
        """Note the default values of ``fn``, but for types, which are meant as dtypes."""
        for name in ("__defaults__", "__kwdefaults__"):
            own = getattr(fn, name)
            values = own.items() if type(own) is dict else enumerate(own or ())
            made = {k: self.table.get(id(v), v) for k, v in values if not isinstance(v, type)}
            if any(self.back.get(id(v)) is not None for v in made.values()):
                every = {**dict(own.items() if type(own) is dict else enumerate(own)), **made}
                changed = every if type(own) is dict else tuple(every.values())
                self.attributes.append(_Place(fn, name, own, changed))

    def restore(self) -> None:
        """Give modules that were imported within a context the originals of what they took from it."""
        for module in [*sys.modules.values()]:
            space = getattr(module, "__dict__", None)
            if type(space) is dict and id(space) not in self.scanned:
                for name, value in [*space.items()]:
                    if id(value) in self.back:
                        space[name] = self.back[id(value)]

    def open(self, fn: Any, seen: set[int]) -> None:
        """Replace what functions reached from ``fn`` hold in their closures, and in namespaces that are no modules'."""
        while hasattr(fn, "__wrapped__"):
            fn = fn.__wrapped__
        fn = getattr(fn, "__func__", getattr(fn, "func", fn))
        if type(fn) is not types.FunctionType or id(fn) in seen:
            return
        seen.add(id(fn))
        space = fn.__globals__
        shadows = sum(held is space for held, _, _ in self.shadows)
        known = self.scanned.get(id(space), (0,))[0] == len(space) - shadows
        if not known or id(fn.__code__) not in self.opened:
            noted = [len(places) for places in (self.names, self.attributes, self.shadows)]
            if not known:
                self.scan(space)
                self.scanned[id(space)] = len(space) - shadows, space
            self.opened[id(fn.__code__)] = fn.__code__
            self.shadows += [(space, name, SHADOWS[name]) for name in shadows_for(space, fn)]
            for place in self.names[noted[0] :]:
                place.holder[place.name] = place.made
            for place in self.attributes[noted[1] :]:
                setattr(place.holder, place.name, place.made)
            for held, name, made in self.shadows[noted[2] :]:
                held[name] = made
            self.arrange()
        for cell in fn.__closure__ or ():
            try:
                value = cell.cell_contents
            except ValueError:  # not filled yet
                continue
            if type(value) in _FUNCTIONS or hasattr(value, "__wrapped__"):
                self.open(value, seen)
            made = self.table.get(id(value))
            if made is not None:
                cell.cell_contents = made
                self.cells.append((cell, value))


_COMPILED = (".so", ".pyd")  # modules whose own code takes arrays only, and is to find NumPy as it is
# the parts of NumPy that hold functions by name, and are not handed over to Tensors
_NUMPY = {
    *("numpy.lib._function_base_impl", "numpy.lib._index_tricks_impl", "numpy.lib._polynomial_impl"),
    "numpy.polynomial",
}
_FUNCTIONS = {types.FunctionType, types.MethodType, functools.partial}
_replaced = _Replaced()


@functools.cache
def _originals() -> types.ModuleType:
    """NumPy's namespace as it is outside, for gradarray's own modules."""
    copy = types.ModuleType("numpy")
    vars(copy).update(vars(np))
    copy.__dict__["linalg"] = types.ModuleType("numpy.linalg")
    vars(copy.__dict__["linalg"]).update(vars(np.linalg))
    copy.__dict__["__getattr__"] = functools.partial(getattr, np)
    return copy


def _keep_originals() -> None:
    for name, module in [*sys.modules.items()]:
        if name.partition(".")[0] == "gradarray" and vars(module).get("np") is np and name != __name__:
            vars(module)["np"] = _originals()


def _in(fn: Any, table: dict[Any, Any]) -> bool:
    try:
        return fn in table
    except TypeError:  # unhashable
        return False


def _by_rule(fn: Any, clone: Any) -> Callable[[Any, Any], Any]:
    wakes = (getattr(fn, "__module__", None) or "").startswith("scipy.sparse")

    def call(args: Any, kwargs: Any) -> Any:
        if not state().wrapped:
            return clone(*args, **kwargs)
        concerned = _holds_tensors(args, kwargs)
        if concerned and wakes:
            _replaced.wake()
        with plainly:
            return (find(fn).call if concerned else clone)(*args, **kwargs)

    return call


def _by_keywords(call: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: call(args, kwargs)


def _holds_tensors(args: Any, kwargs: Any) -> bool:
    """Whether a Tensor is among the arguments, in the object whose method is called, or may be in a function given."""
    if unwrap(args) is not args or any(unwrap(v) is not v for v in kwargs.values()):
        return True
    given = [*args, *kwargs.values()]
    given += [item for v in given if type(v) in (list, tuple) and len(v) < 100 for item in v]
    return any(type(v) in _FUNCTIONS or any(type(x) is Tensor for x in _fields(v)) for v in given)


def _fields(obj: Any) -> Any:
    """The values of the attributes of an object, those in slots as well."""
    if type(obj) in plain_types:
        return ()
    kind: Any = type(obj)
    return [*getattr(obj, "__dict__", {}).values(), *(getattr(obj, name, None) for name in _slots(kind))]


@functools.cache
def _slots(kind: Any) -> tuple[str, ...]:
    found = [vars(cls).get("__slots__", ()) for cls in kind.__mro__]
    names = [name for each in found for name in ((each,) if isinstance(each, str) else each)]
    return tuple(name for name in names if not name.startswith("__"))


@functools.cache
def _template(count: int, positional: int, named: int, flags: int, free: int) -> types.CodeType:
    """Code with so many parameters and free variables that hands its arguments to something called ``"call"``."""
    names = [f"a{i}" for i in range(count)]
    keywords = [f"k{i}" for i in range(named)]
    parameters = [*names[:positional], *["/"] * bool(positional), *names[positional:]]
    more, rest = flags & inspect.CO_VARARGS, flags & inspect.CO_VARKEYWORDS
    parameters += ["*args"] if more else ["*"] * bool(named)
    parameters += [*keywords, *["**kwargs"] * bool(rest)]
    given = ", ".join([*names, *["*args"] * bool(more)])
    options = ", ".join([*(f"'{k}': {k}" for k in keywords), *["**kwargs"] * bool(rest)])
    held = [f"f{i}" for i in range(free)]
    source = f"""
def outer({", ".join(held)}):
    def inner({", ".join(parameters)}):
        call = "call"
        if not call:
            return ({"".join(f"{name}, " for name in held)})
        return call(({given}{"," * bool(names or more)}), {{{options}}})
    return inner
"""
    made: dict[str, Any] = {}
    exec(source, made)
    code: types.CodeType = made["outer"](*held).__code__
    return code


def _calling(call: Any, own: types.CodeType) -> types.CodeType:
    """Code with the parameters of ``own`` that hands them to ``call``."""
    names = (own.co_argcount, own.co_posonlyargcount, own.co_kwonlyargcount)
    code = _template(*names, own.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS), len(own.co_freevars))
    keywords = own.co_varnames[own.co_argcount : own.co_argcount + own.co_kwonlyargcount]
    known = {f"k{i}": name for i, name in enumerate(keywords)} | {"call": call}
    consts = (
        tuple(known.get(c, c) for c in const) if type(const) is tuple else known.get(const, const)
        for const in code.co_consts
    )
    count = sum(names) - own.co_posonlyargcount + bool(own.co_flags & 4) + bool(own.co_flags & 8)
    return code.replace(
        co_consts=tuple(consts),
        co_varnames=(*own.co_varnames[:count], *code.co_varnames[count:]),
        co_freevars=own.co_freevars,
        co_name=own.co_name,
        co_qualname=own.co_qualname,
        co_filename=own.co_filename,
    )


class Wrapping(Mode):
    """A mode in which code runs in wrapped context. ``entry`` is the function that runs, if that is known."""

    def __init__(self, entry: Any = None, **settings: Any) -> None:
        super().__init__(wrapped=True, detach="raise", **settings)
        self.entry = entry

    def __enter__(self) -> Wrapping:
        _replaced.enter(self.entry)
        super().__enter__()
        return self

    def __exit__(self, *exc: Any) -> None:
        kind, error, trace = exc
        super().__exit__(*exc)
        _replaced.leave()
        if state().wrapped:
            return
        if isinstance(getattr(error, "__cause__", None), DetachError):  # NumPy makes another error of it
            raise DetachError(*error.__cause__.args) from error
        if kind is TypeError and "'Tensor'" in str(error):
            raise DetachError(
                f"{last_line(trace)}: {error}. It takes plain numbers: give it t.data or gradarray.stop_gradient(t), "
                "or put the call into a function with gradarray.differentiable, with its derivative."
            ) from error
        if kind is TypeError:
            place = failed_call(trace, Tensor)
            if place:
                raise DetachError(
                    f"{place} is compiled code that has no rule, and was given a Tensor. Register one with "
                    "gradarray.register, put the call into a function with gradarray.differentiable, or give it plain "
                    "values (t.data, gradarray.stop_gradient) if no gradient is to flow through it."
                ) from error


def stand_in(fn: Any) -> Any:
    """What replaces ``fn`` in wrapped context; itself, if nothing does by name."""
    return _replaced.table.get(id(fn), fn)


wrapping = Wrapping()
wrapping.__doc__ = """A ``with`` block in wrapped context, as `wrap` describes it; also a decorator.

Examples
--------
>>> import numpy as np, gradarray as ga
>>> x = ga.tensor([1.0, 2.0])
>>> with ga.wrapping():
...     y = np.zeros(3)
...     y[1:] = np.asarray(x, dtype=float) ** 2
>>> y.sum().backward()
>>> x.grad
array([2., 4.])
"""
