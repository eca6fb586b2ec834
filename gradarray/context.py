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
import itertools
import math
import operator
import sys
import threading
import types
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np

from . import chapters, patches
from .dispatch import Tensor, plain_types, unwrap
from .modes import DetachError, Mode, State, plainly, state
from .reach import CLOSED, COMPILED, Program, Reach, Reached, contents, package_of, program_of, slots
from .registry import find, functions
from .shadows import SHADOWS, shadows_for
from .sites import HANDS_OFF, awake, failed_call, last_line
from .trampolines import calling

_lock = threading.RLock()


class _Place(NamedTuple):
    """A name that is replaced: in a namespace, or an attribute of a class or function."""

    holder: Any
    name: Any
    own: Any
    made: Any
    home: int  # the namespace of the module in which that is, by identity


class _Plan:
    """Places that are replaced together, as they are written."""

    def __init__(self, names: list[_Place], attributes: list[_Place], shadows: list[_Place]) -> None:
        writes = ((operator.setitem, names + shadows), (setattr, attributes))
        self.columns: list[Any] = [(write, *zip(*places, strict=True)) for write, places in writes if places]
        self.shadows = [place.holder for place in shadows], [place.name for place in shadows]

    def apply(self) -> None:
        for write, holders, names, _, made, _ in self.columns:
            deque(map(write, holders, names, made), 0)

    def undo(self) -> None:
        for write, holders, names, own, _, _ in self.columns:
            deque(map(write, holders, names, own), 0)
        deque(map(dict.pop, *self.shadows, itertools.repeat(None)), 0)


class _Replaced:
    """What is replaced while a context is entered, and where."""

    def __init__(self) -> None:
        self.depth = 0  # of contexts that were entered, in all threads
        self.modules = 0  # how many there were when they were last looked through
        self.scanned: dict[
            int, tuple[int, dict[str, Any]]
        ] = {}  # namespaces that were looked through, and how long they were
        self.spaces: list[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = []  # where most is replaced
        self.names: list[_Place] = []
        self.attributes: list[_Place] = []
        self.shadows: list[_Place] = []  # in namespaces that are given a name that is a builtin's
        self.dormant: list[_Place] = []  # methods of matrices, to be replaced when some hold Tensors
        self.known: set[Any] = set()  # functions whose rules stand in for them
        self.cells: list[tuple[Any, Any]] = []
        self.table: dict[int, Any] = {}  # by identity, since whatever a module holds is looked up
        self.compiled: dict[int, Any] = {}  # of these, functions of other libraries
        self.back: dict[int, Any] = {}
        self.always = self.everything = _Plan([], [], [])
        self.reach = Reach({}, self.back)
        self.plans: dict[tuple[int, ...], tuple[list[int], Reached, _Plan, Program]] = {}  # by what is in a program
        self.applied: list[_Plan] = []

    def enter(self, entries: Iterable[Any] | None) -> None:
        with _lock:
            if self.depth == 0 and len(sys.modules) != self.modules:
                self.look()
            program = None if entries is None else program_of(entries)
            plan = self.everything if program is None else self.plan_for(program)
            if self.depth == 0:
                self.apply(self.always)
            self.depth += 1
            if plan not in self.applied:
                self.apply(plan)
            for cell in program.cells if program else ():
                value = contents(cell)
                made = self.table.get(id(value))
                if made is not None:
                    cell.cell_contents = made
                    self.cells.append((cell, value))

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

    def apply(self, plan: _Plan) -> None:
        if plan is self.always:
            for space, _, made in self.spaces:
                space.update(made)
        plan.apply()
        self.applied.append(plan)

    def undo(self) -> None:
        for space, own, _ in self.spaces:
            space.update(own)
        for plan in reversed(self.applied):
            plan.undo()
        self.applied.clear()
        if awake[0]:
            awake[0] = False
            for fn, name, own, *_ in self.dormant:
                setattr(fn, name, own)

    def wake(self) -> None:
        """Replace what is dormant, until the last context is left."""
        with _lock:
            if self.depth and not awake[0]:
                awake[0] = True
                for fn, name, _, made, _ in self.dormant:
                    setattr(fn, name, made)

    def arrange(self) -> None:
        """Sort what is replaced: what always is, and the rest, of which each program has its part."""
        rules: dict[str, list[types.FunctionType]] = {}
        for place in self.attributes:
            if place.name == "__code__":
                rules.setdefault(place.holder.__name__, []).append(place.holder)
        self.reach = Reach(rules, self.back)
        self.plans.clear()
        names = {key: str(space.get("__name__")) for key, (_, space) in self.scanned.items()}
        closed = {key for key, name in names.items() if name.partition(".")[0] in CLOSED}
        self.always = self.part(lambda place: place.home in closed)
        self.everything = self.part(lambda place: place.home not in closed)

    def part(self, wanted: Callable[[_Place], bool]) -> _Plan:
        return _Plan(*([*filter(wanted, places)] for places in (self.names, self.attributes, self.shadows)))

    def plan_for(self, program: Program) -> _Plan:
        """What has to be replaced for a program."""
        key = program.key
        known = self.plans.get(key)
        sizes = [_size(space) for _, space in program.codes]
        if known is None or known[0] != sizes or not known[1].holds(self.back):
            self.see(program)
            reached = self.reach.of(program)
            plan = self.part(lambda place: place.home in reached.spaces or id(place.holder) in reached.objects)
            known = self.plans[key] = sizes, reached, plan, program
        return known[2]

    def see(self, program: Program) -> None:
        """Look through the namespaces of a program that are no modules' or have grown, and its own functions."""
        before = len(self.names), len(self.attributes), len(self.shadows)
        for code, space in program.codes:
            if self.scanned.get(id(space), (-1,))[0] != _size(space):
                self.scan(space)
            self.shade(space, shadows_for(space, code))
        if before != (len(self.names), len(self.attributes), len(self.shadows)):
            self.arrange()

    def shade(self, space: dict[str, Any], names: set[str]) -> None:
        held = {place.name for place in self.shadows if place.holder is space}
        self.shadows += [_Place(space, name, None, SHADOWS[name], id(space)) for name in sorted(names - held)]

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
            self.scanned[id(vars(module))] = len(vars(module)), vars(module)
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
                self.apply(self.always)
                self.apply(self.everything)

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
            places.append(_Place(fn, "__code__", own, calling(_by_rule(fn, clone), own), 0))
        else:
            made = functools.wraps(fn, updated=())(_by_keywords(_by_rule(fn, fn)))
            self.table[id(fn)] = self.compiled[id(fn)] = made
            self.back[id(made)] = fn
            own_spaces = {id(space) for space, _, _ in self.spaces}
            self.scanned = {key: found for key, found in self.scanned.items() if key in own_spaces}

    def scan(self, space: dict[str, Any]) -> None:
        """Note what a module, its classes and its tables of functions hold of what is replaced."""
        self.scanned[id(space)] = _size(space), space
        home = str(space.get("__name__", ""))
        if str(space.get("__file__", "")).endswith(COMPILED):
            for name, value in [*space.items()]:
                if value is np and not any(place.holder is space and place.name == name for place in self.names):
                    self.names.append(_Place(space, name, np, _originals(), id(space)))
            self.take(space, self.compiled, id(space))
            return
        package = home.partition(".")[0]
        if package in HANDS_OFF and home not in _NUMPY:
            return
        if package in sys.stdlib_module_names and home not in ("__main__", "statistics"):
            return
        table = self.table
        if home in _NUMPY and home != "numpy.lib._function_base_impl":
            table = {**table, **{id(fn): made for fn, made in patches.for_lists().items()}}
        self.take(space, table, id(space))
        if not home.startswith("numpy"):
            self.shade(space, shadows_for(space))
        for value in [*space.values()]:
            kind = type(value)
            if kind is dict or kind is list:
                functions = {key: made for key, made in table.items() if not isinstance(made, type)}
                self.take(value, functions, id(space))
            elif kind is types.FunctionType:
                self.take_defaults(value, id(space))
            elif isinstance(value, type) and value.__module__ == home:
                for name, member in [*vars(value).items()]:
                    inner = member.__func__ if type(member) is staticmethod else member
                    made = table.get(id(inner))
                    if made is not None:
                        self.attributes.append(_Place(value, name, member, made, id(space)))
                    elif type(inner) is types.FunctionType:
                        self.take_defaults(inner, id(space))
                    elif type(inner) is dict or type(inner) is list:
                        self.take(inner, table, id(space))

    def take(self, space: Any, table: dict[int, Any], home: int) -> None:
        """Note the names in a namespace, or the places in a list, of what is replaced."""
        held = {place.name for place in self.names if place.holder is space}
        for name, value in [*(enumerate(space) if type(space) is list else space.items())]:
            made = table.get(id(value))
            if type(value) is functools.partial and (inner := table.get(id(value.func))) is not None:
                made = functools.partial(inner, *value.args, **value.keywords)
            if made is not None and name not in held:
                self.names.append(_Place(space, name, value, made, home))

    def take_defaults(self, fn: Any, home: int) -> None:
        """Note the default values of ``fn``, but for types, which are meant as dtypes."""
        for name in ("__defaults__", "__kwdefaults__"):
            own = getattr(fn, name)
            values = own.items() if type(own) is dict else enumerate(own or ())
            made = {k: v if isinstance(v, type) else self.table.get(id(v), v) for k, v in values}
            if any(v is not own[k] for k, v in made.items()):
                changed = made if type(own) is dict else tuple(made.values())
                self.attributes.append(_Place(fn, name, own, changed, home))

    def restore(self) -> None:
        """Give modules that were imported within a context the originals of what they took from it."""
        for module in [*sys.modules.values()]:
            space = getattr(module, "__dict__", None)
            if type(space) is dict and id(space) not in self.scanned:
                for name, value in [*space.items()]:
                    if id(value) in self.back:
                        space[name] = self.back[id(value)]


# the parts of NumPy that hold functions by name, and are not handed over to Tensors
_NUMPY = {
    *("numpy.lib._function_base_impl", "numpy.lib._index_tricks_impl", "numpy.lib._polynomial_impl"),
    "numpy.polynomial",
}
_FUNCTIONS = {types.FunctionType, types.MethodType, functools.partial}
_replaced = _Replaced()


def _size(space: dict[str, Any]) -> int:
    """How many names a namespace has of its own."""
    return len(space) - sum(space.get(name) is made for name, made in SHADOWS.items())


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


class Wrapping(Mode):
    """A mode in which code runs in wrapped context.

    ``entries`` are the functions that run there, with what they are given; it is the code around a ``with`` otherwise.
    """

    def __init__(self, *entries: Any, **settings: Any) -> None:
        super().__init__(**{"wrapped": True, "detach": "raise", **settings})
        self.entries = entries

    def __enter__(self) -> Wrapping:
        frame = sys._getframe(1)
        ours = not self.entries and package_of(frame) == "gradarray"  # which goes on with a program that has entered
        _replaced.enter((() if _within() else None) if ours else self.entries or (frame,))
        super().__enter__()
        return self

    def run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        mode = self if self.entries else Wrapping(fn, args, kwargs, **self._settings)
        return super(Wrapping, mode).run(fn, args, kwargs)

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


def _within() -> bool:
    """Whether a wrapped context is around this one, or around the rule that runs."""
    known: State | None = state()
    while known is not None and not known.wrapped:
        known = known.outer
    return known is not None


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
