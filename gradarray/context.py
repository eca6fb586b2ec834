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
import math
import sys
import threading
import types
from collections.abc import Callable
from typing import Any

import numpy as np

from . import chapters, patches
from .dispatch import Tensor, unwrap
from .modes import DetachError, Mode, plainly, state
from .registry import find, functions
from .sites import failed_call

_lock = threading.RLock()


class _Replaced:
    """What is replaced while a context is entered, and where."""

    def __init__(self) -> None:
        self.depth = 0  # of contexts that were entered, in all threads
        self.modules = 0  # how many there were when they were last looked through
        self.scanned: dict[int, int] = {}  # namespaces that were looked through, and how long they were
        self.names: list[tuple[Any, str, Any, Any]] = []  # namespace, name, original, replacement
        self.attributes: list[tuple[Any, str, Any, Any]] = []  # of classes and functions, the same
        self.spaces: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = []
        self.codes: dict[Any, tuple[Any, Any]] = {}  # function: its own code, and the other
        self.cells: list[tuple[Any, Any]] = []
        self.table: dict[int, Any] = {}  # by identity, since whatever a module holds is looked up
        self.back: dict[int, Any] = {}
        self.watched = False

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
        for space, name, _, made in self.names:
            space[name] = made
        for holder, name, _, made in self.attributes:
            setattr(holder, name, made)
        for fn, (_, code) in self.codes.items():
            fn.__code__ = code

    def undo(self) -> None:
        for space, own, _ in self.spaces:
            space.update(own)
        for space, name, own, _ in self.names:
            space[name] = own
        for holder, name, own, _ in self.attributes:
            setattr(holder, name, own)
        for fn, (code, _) in self.codes.items():
            fn.__code__ = code

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

    def begin(self) -> None:
        for fn, made in patches.replacements().items():
            self.table[id(fn)] = made
            self.back[id(made)] = fn
        every = patches.replacements() | patches.for_lists()
        for module in (np, np.linalg, math, cmath, np.lib.stride_tricks):
            held = {name: fn for name, fn in vars(module).items() if _in(fn, every)}
            self.spaces.append((vars(module), held, {name: every[fn] for name, fn in held.items()}))
            self.scanned[id(vars(module))] = len(vars(module))
        if not self.watched:
            hook = importlib.import_module("wrapt").when_imported
            for library in chapters.CHAPTERS:
                if library not in sys.modules and not library.startswith("numpy"):
                    hook(library)(self.imported)
            self.watched = True

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
        if fn in self.codes or id(fn) in self.table or module.partition(".")[0] in ("numpy", "math", "gradarray"):
            return
        if isinstance(fn, np.ufunc) or type(fn) is type(np.sum):
            return
        if type(fn) is types.FunctionType:
            prepare = getattr(functions[fn], "prepare", None)
            if prepare is not None:
                prepare()  # while its parameters can be seen
            own = fn.__code__
            clone = types.FunctionType(own, fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__)
            clone.__kwdefaults__ = fn.__kwdefaults__
            self.codes[fn] = own, _calling(_by_rule(fn, clone), own)
        elif isinstance(fn, (type(len), functools.partial)) or not isinstance(fn, type):
            made = functools.wraps(fn, updated=())(_by_keywords(_by_rule(fn, fn)))
            self.table[id(fn)] = made
            self.back[id(made)] = fn
            self.scanned.clear()

    def scan(self, space: dict[str, Any]) -> None:
        self.scanned[id(space)] = len(space)
        home = str(space.get("__name__", ""))
        if home.partition(".")[0] in ("gradarray", "wrapt") or (home.startswith("numpy.") and home not in _NUMPY):
            return
        table = self.table
        if home in _NUMPY:
            table = {**table, **{id(fn): made for fn, made in patches.for_lists().items()}}
        self.take(space, table)
        for value in [*space.values()]:
            kind = type(value)
            if kind is dict:
                self.take(value, table)
            elif kind is types.FunctionType:
                self.take_defaults(value)
            elif isinstance(value, type) and value.__module__ == home:
                for name, member in [*vars(value).items()]:
                    inner = member.__func__ if type(member) is staticmethod else member
                    if (made := table.get(id(inner))) is not None:
                        made = (
                            staticmethod(made) if inner is not member or isinstance(made, types.FunctionType) else made
                        )
                        self.attributes.append((value, name, member, made))
                    elif type(inner) is types.FunctionType:
                        self.take_defaults(inner)

    def take(self, space: dict[Any, Any], table: dict[int, Any]) -> None:
        """Note the names in ``space`` of what is replaced."""
        held = {name for known, name, _, _ in self.names if known is space}
        for name, value in [*space.items()]:
            made = table.get(id(value))
            if made is not None and name not in held:
                self.names.append((space, name, value, made))

    def take_defaults(self, fn: Any) -> None:
        """Note the default values of ``fn``, but for types, which are meant as dtypes."""
        for name in ("__defaults__", "__kwdefaults__"):
            own = getattr(fn, name)
            values = own.items() if type(own) is dict else enumerate(own or ())
            made = {k: self.table.get(id(v), v) for k, v in values if not isinstance(v, type)}
            if any(self.back.get(id(v)) is not None for v in made.values()):
                every = {**dict(own.items() if type(own) is dict else enumerate(own)), **made}
                self.attributes.append((fn, name, own, every if type(own) is dict else tuple(every.values())))

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
        if self.scanned.get(id(space)) != len(space):
            first, later = len(self.names), len(self.attributes)
            self.scan(space)
            for space, name, _, made in self.names[first:]:
                space[name] = made
            for holder, name, _, made in self.attributes[later:]:
                setattr(holder, name, made)
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
    def call(args: Any, kwargs: Any) -> Any:
        if not state().wrapped:
            return clone(*args, **kwargs)
        with plainly:
            return (find(fn).call if _holds_tensors(args, kwargs) else clone)(*args, **kwargs)

    return call


def _by_keywords(call: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: call(args, kwargs)


def _holds_tensors(args: Any, kwargs: Any) -> bool:
    """Whether a Tensor is among the arguments, in the object whose method is called, or may be in a function given."""
    if unwrap(args) is not args or any(unwrap(v) is not v for v in kwargs.values()):
        return True
    if any(type(v) in _FUNCTIONS for v in args):
        return True
    return bool(args) and any(type(v) is Tensor for v in getattr(args[0], "__dict__", {}).values())


def _template(*args: Any, **kwargs: Any) -> Any:
    call: Any = "call"
    return call(args, kwargs)


def _calling(call: Any, own: types.CodeType) -> types.CodeType:
    """Code that hands its arguments to ``call``, for the function whose code is ``own``."""
    code = _template.__code__
    return code.replace(
        co_consts=tuple(call if const == "call" else const for const in code.co_consts),
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
