"""Unmodified code: NumPy programs that know nothing of gradarray, run so that Tensors pass through them.

In *wrapped context* the functions that would make plain arrays or numbers of Tensors are replaced (see
`gradarray.patches`), in whatever module holds them, and so are functions of other libraries that end in compiled code
and have a rule. Python functions are replaced in place, by another code object, so that every holder gets the rule. The
last context that is left undoes all of it. Other threads and tasks run through the replacements to the originals.
"""

from __future__ import annotations

import builtins
import cmath
import functools
import importlib
import itertools
import math
import sys
import threading
import types
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from . import chapters, patches
from .dispatch import CODE, Tensor, fields, only_constants, primals, shows, unwrap, wrap
from .modes import DetachError, Mode, State, plainly, state, written
from .places import ABSENT, Place, Plan, items_of, write
from .reach import CLOSED, COMPILED, RULED, Program, Reach, Reached, is_closed, program_of
from .registry import find, functions
from .shadows import SHADOWS, shadows_for
from .sites import HANDS_OFF, awake, failed_call, last_line
from .trampolines import calling

_lock = threading.RLock()


class _Replaced:
    """What is replaced while a context is entered, and where."""

    def __init__(self) -> None:
        self.depth = 0  # of contexts that were entered, in all threads
        self.modules = 0  # how many there were when they were last looked through
        # namespaces that were looked through, with what they were like
        self.scanned: dict[int, tuple[int, dict[str, Any]]] = {}
        self.roots: set[int] = set()  # the namespaces of NumPy and math, from which a program takes what it names
        self.noted: dict[tuple[int, Any], int] = {}  # holders, and names in them, with where they are among `names`
        self.names: list[Place] = []
        self.attributes: list[Place] = []
        self.shadows: list[Place] = []  # in namespaces that are given a name that is a builtin's
        self.dormant: list[Place] = []  # methods of matrices, to be replaced when some hold Tensors
        self.known: set[Any] = set()  # functions whose rules stand in for them
        self.written: list[Place] = []  # in the programs that were entered
        self.holders: list[Any] = []  # of these
        self.looked_into: dict[int, tuple[Any, list[Place]]] = {}  # cells, dicts and lists that programs reach
        self.table: dict[int, Any] = {}  # by identity, since whatever a module holds is looked up
        self.compiled: dict[int, Any] = {}  # of these, functions of other libraries
        self.back: dict[int, Any] = {}
        self.rewritten = False  # whether a place was found to hold something else than before
        self.loose: set[int] = set()  # the namespaces that programs may write
        self.always = self.everything = Plan([])
        self.reach = Reach({}, self.back)
        self.interrupted = False  # by an import
        self.plans: dict[tuple[int, ...], tuple[list[int], Reached, Plan, Program]] = {}  # by what is in a program
        self.applied: list[Plan] = []

    def enter(self, entries: Iterable[Any] | None) -> None:
        with _lock:
            if self.depth == 0 and len(sys.modules) != self.modules:
                self.look()
            program = None if entries is None else program_of(entries)
            plan = self.plan_for(program) if program and program.whole else self.everything
            if self.depth == 0:
                self.apply(self.always)
            self.depth += 1
            if plan not in self.applied:
                self.apply(plan)
            if program is not None:
                self.holders += program.holders
                for place in self.held(program.holders):
                    write(place, place.own, place.made)
                    self.written.append(place)

    def leave(self) -> None:
        with _lock:
            self.depth -= 1
            if self.depth == 0:
                self.undo()
                written.clear()
                for place in self.written:
                    write(place, place.made, place.own)
                for holder, name, value in items_of(self.holders):  # what the program has stored itself
                    if id(value) in self.back:
                        write(Place(holder, name, value, self.back[id(value)], 0), value, self.back[id(value)])
                self.written.clear()
                self.holders.clear()
                if len(sys.modules) != self.modules:
                    self.restore()

    def apply(self, plan: Plan) -> None:
        plan.apply()
        self.applied.append(plan)

    def undo(self) -> None:
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
        self.plans.clear()
        closed = self.places(
            lambda place: (self.is_closed(place.home) and not self.is_by_name(place)) or _is_minimizer(place)
        )
        self.always = Plan(closed, (), _PATCHED)
        others = self.places(lambda place: not self.is_closed(place.home) or self.is_by_name(place))
        self.loose = {key for key, (_, space) in self.scanned.items() if _is_loose(space)}
        self.everything = self.plan_of(others)

    def plan_of(self, places: Iterable[Place], held: Iterable[Place] = ()) -> Plan:
        every = [*places]
        theirs = [place for place in every if place.home in self.loose]
        return Plan((place for place in every if place.home not in self.loose), (*theirs, *held), _PATCHED)

    def is_closed(self, home: int) -> bool:
        return home in self.scanned and str(self.scanned[home][1].get("__name__")).partition(".")[0] in CLOSED

    def is_by_name(self, place: Place) -> bool:
        """Whether a place in NumPy or math matters to nobody but a program that names it."""
        named = place.home in self.roots and place.home == id(place.holder) and place.own not in _IMPORTS
        return named and (place.home in _MATH or id(place.own) not in self.table)

    def places(self, wanted: Callable[[Place], bool]) -> list[Place]:
        return [*filter(wanted, itertools.chain(self.names, self.attributes, self.shadows))]

    def plan_for(self, program: Program) -> Plan:
        """What has to be replaced for a program."""
        key = program.key
        known = self.plans.get(key)
        sizes = [len(space) for _, space in program.codes]
        if known is None or known[0] != sizes:
            sizes = [_size(space) for _, space in program.codes]
        if known is None or known[0] != sizes or not known[1].holds(self.back):
            self.see(program.codes)
            reached = self.reach.of(program)
            new = [(None, space) for space in reached.spaces.values() if self.is_new(space)]
            if new:  # such as namespaces of functions that were made by exec, or in which a name was written
                self.see(new)
                reached = self.reach.of(program)
            places = self.places(
                lambda place: (
                    place.name in reached.names
                    if self.is_by_name(place)
                    else place.home in reached.spaces or id(place.holder) in reached.objects
                )
            )
            held = []
            for holder in reached.holders:
                if id(holder) not in self.looked_into:
                    self.looked_into[id(holder)] = holder, [*self.held((holder,))]
                held += self.looked_into[id(holder)][1]
            plan = self.plan_of(places, held)
            if reached.blind:
                plan = self.everything
            if len(self.plans) > _MANY:
                self.plans.clear()
                self.looked_into.clear()
            known = self.plans[key] = sizes, reached, plan, program
        return known[2]

    def see(self, codes: Iterable[tuple[types.CodeType | None, dict[str, Any]]]) -> None:
        """Look through the namespaces of code that are new or have changed, and the code itself."""
        before = len(self.names), len(self.attributes), len(self.shadows)
        for code, space in codes:
            if self.is_new(space):
                self.scan(space)
            if code is not None:
                self.shade(space, shadows_for(space, code))
        if self.rewritten or before != (len(self.names), len(self.attributes), len(self.shadows)):
            self.rewritten = False
            self.arrange()

    def is_new(self, space: dict[str, Any]) -> bool:
        return self.scanned.get(id(space), (-1,))[0] != _stamp(space)

    def shade(self, space: dict[str, Any], names: set[str]) -> None:
        held = {place.name for place in self.shadows if place.holder is space}
        self.shadows += [Place(space, name, ABSENT, SHADOWS[name], id(space)) for name in sorted(names - held)]

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
        rules: dict[str, list[types.FunctionType]] = {}
        for place in self.attributes:
            if place.name == "__code__":
                rules.setdefault(place.holder.__name__, []).append(place.holder)
        self.reach = Reach(rules, self.back)
        self.looked_into.clear()
        self.arrange()

    def begin(self) -> None:
        every = patches.replacements() | patches.for_lists() | {fn: self.importing(fn) for fn in _IMPORTS}
        self.table = {id(fn): made for fn, made in patches.replacements().items()}
        self.back.update((id(made), fn) for fn, made in every.items())
        for fn, body in (patches.instance_checks() | patches.starts()).items():
            self.attributes.append(Place(fn, "__code__", fn.__code__, calling(body, fn.__code__), id(vars(np))))
        for module in (np, np.linalg, math, cmath, np.lib.stride_tricks, builtins, importlib):
            self.scanned[id(vars(module))] = _stamp(vars(module)), vars(module)
            self.take(vars(module), {id(fn): made for fn, made in every.items()}, id(vars(module)))
        self.roots = {*self.scanned}
        hook = importlib.import_module("wrapt").when_imported
        for library in chapters.CHAPTERS:
            if library not in sys.modules and not library.startswith("numpy"):
                hook(library)(self.imported)

    def imported(self, module: Any) -> None:
        """Take in a library with rules that is imported while a context is entered."""
        if self.depth and not self.interrupted:
            with _lock:
                self.undo()
                chapters.load(module.__name__)
                self.again()

    def importing(self, fn: Callable[..., Any]) -> Callable[..., Any]:
        """``fn``, which imports: a module that is new then finds everything as it is outside."""

        @functools.wraps(fn)
        def call(name: str, *args: Any, **kwargs: Any) -> Any:
            if not self.depth or self.interrupted or (name in sys.modules and _is_complete(name, *args, **kwargs)):
                return fn(name, *args, **kwargs)
            with _lock:
                applied, awoken = [*self.applied], awake[0]
                self.interrupted = True
                self.undo()
                try:
                    return fn(name, *args, **kwargs)
                finally:
                    self.interrupted = False
                    if len(sys.modules) == self.modules:
                        for plan in applied:
                            self.apply(plan)
                    else:
                        self.again()
                    if awoken:
                        self.wake()

        return call

    def again(self) -> None:
        """Replace everything, after something was imported."""
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
            places.append(Place(fn, "__code__", own, calling(_by_rule(fn, clone), own), 0))
        else:
            made = functools.wraps(fn, updated=())(_by_keywords(_by_rule(fn, fn)))
            self.table[id(fn)] = self.compiled[id(fn)] = made
            self.back[id(made)] = fn
            self.scanned = {key: found for key, found in self.scanned.items() if key in self.roots}

    def scan(self, space: dict[str, Any]) -> None:
        """Note what a module, its classes and its tables of functions hold of what is replaced."""
        self.scanned[id(space)] = _stamp(space), space
        home = str(space.get("__name__", ""))
        if str(space.get("__file__", "")).endswith(COMPILED):
            for name, value in [*space.items()]:
                if value is np:
                    self.note(Place(space, name, np, _originals(), id(space)))
            self.take(space, self.compiled, id(space))
            return
        package = home.partition(".")[0]
        if package in HANDS_OFF and home not in _NUMPY:
            return
        if package in sys.stdlib_module_names and home not in ("__main__", "statistics"):
            return
        table = self.table
        if (package not in RULED | {"numpy"} or home in _NUMPY) and home != "numpy.lib._function_base_impl":
            table = {**table, **{id(fn): made for fn, made in patches.for_lists().items()}}
        self.take(space, table, id(space))
        if not home.startswith("numpy"):
            self.shade(space, shadows_for(space))
        functions = {key: made for key, made in table.items() if not isinstance(made, type)}
        for value in [*space.values()]:
            kind = type(value)
            if kind is dict or kind is list:
                self.take(value, functions, id(space))
            elif kind is types.FunctionType:
                self.take_defaults(value, id(space))
            elif isinstance(value, type) and value.__module__ == home:
                for name, member in [*vars(value).items()]:
                    inner = member.__func__ if type(member) is staticmethod else member
                    made = self.made_for(inner, table)
                    if made is not None:
                        self.note(Place(value, name, member, made, id(space)))
                    elif type(inner) is types.FunctionType:
                        self.take_defaults(inner, id(space))
                    elif type(inner) is dict or type(inner) is list:
                        self.take(inner, table, id(space))

    def made_for(self, value: Any, table: dict[int, Any] | None = None) -> Any:
        """What stands in for a value; None if nothing does."""
        table = self.table if table is None else table
        if type(value) is functools.partial and (inner := table.get(id(value.func))) is not None:
            return functools.partial(inner, *value.args, **value.keywords)
        if type(value) is functools._lru_cache_wrapper:
            return _remembering(value)
        return table.get(id(value))

    def held(self, holders: Iterable[Any]) -> Iterator[Place]:
        """Where cells, dicts and lists hold what is replaced; but for types, which are meant as dtypes."""
        for holder, name, value in items_of(holders):
            own = self.back.get(id(value), value)
            if not isinstance(own, type) or isinstance(holder, types.CellType):
                made = self.made_for(own)
                if made is not None:
                    yield Place(holder, name, own, made, 0)

    def note(self, place: Place) -> None:
        key = id(place.holder), place.name
        if key not in self.noted:
            self.noted[key] = len(self.names)
            self.names.append(place)
        elif self.names[self.noted[key]].own is not place.own:  # a program has written it
            self.names[self.noted[key]] = place
            self.rewritten = True

    def take(self, space: Any, table: dict[int, Any], home: int) -> None:
        """Note the names in a namespace, or the places in a list, of what is replaced."""
        for name, value in [*(enumerate(space) if type(space) is list else space.items())]:
            made = self.made_for(value, table)
            if made is not None:
                self.note(Place(space, name, value, made, home))
                self.back[id(made)] = value

    def take_defaults(self, fn: Any, home: int) -> None:
        """Note the default values of ``fn``, but for types, which are meant as dtypes."""
        for name in ("__defaults__", "__kwdefaults__"):
            own = getattr(fn, name)
            values = own.items() if type(own) is dict else enumerate(own or ())
            made = {k: v if isinstance(v, type) else self.table.get(id(v), v) for k, v in values}
            if any(v is not own[k] for k, v in made.items()):
                changed = made if type(own) is dict else tuple(made.values())
                self.note(Place(fn, name, own, changed, home))

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
_MANY = 1000  # plans, which keep what their programs name alive
_PATCHED = {id(vars(np)), id(vars(math))}  # which tests and programs may write names of
_MATH = {id(vars(math)), id(vars(cmath))}
_MINIMIZERS = {f"scipy.optimize._{name}" for name in ("optimize", "minimize", "basinhopping", "shgo", "dual_annealing")}
_IMPORTS = (builtins.__import__, importlib.import_module)
_replaced = _Replaced()


def _is_minimizer(place: Place) -> bool:
    """Whether that is a function which, on Tensors, would only compare values, and so lose every gradient silently."""
    return place.name == "__code__" and place.holder.__module__ in _MINIMIZERS


def _is_complete(name: str, *args: Any, **kwargs: Any) -> bool:
    """Whether an import of what is there already imports nothing else."""
    names = kwargs.get("fromlist", args[2] if len(args) > 2 else ()) or ()
    level = kwargs.get("level", args[3] if len(args) > 3 else 0)
    return not level and all(hasattr(sys.modules[name], each) for each in names)


def _remembering(cached: Any) -> Callable[..., Any]:
    """A function that remembers results, which is to remember no Tensors."""

    @functools.wraps(cached.__wrapped__)
    def call(*args: Any, **kwargs: Any) -> Any:
        if not state().wrapped:
            return cached(*args, **kwargs)
        if _holds_tensors(args, kwargs):
            return cached.__wrapped__(*args, **kwargs)
        with plainly:
            return cached(*args, **kwargs)

    vars(call).update({name: getattr(cached, name) for name in ("cache_info", "cache_clear", "cache_parameters")})
    return call


def _is_loose(space: dict[str, Any]) -> bool:
    """Whether a namespace is no library's with rules, nor Python's or NumPy's: programs may write it at any time."""
    module = sys.modules.get(str(space.get("__name__")))
    if module is None or getattr(module, "__dict__", None) is not space:
        return True
    return module.__name__ == "__main__" or module.__name__.partition(".")[0] not in RULED | CLOSED


def _stamp(space: dict[str, Any]) -> int:
    """What tells whether a namespace has changed: in a library's, names are added, but not written again."""
    size = _size(space)
    if not _is_loose(space):
        return size
    return hash((size, *(id(value) for name, value in space.items() if value is not SHADOWS.get(name))))


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


def _by_rule(fn: Any, clone: Any) -> Callable[[Any, Any], Any]:
    wakes = (getattr(fn, "__module__", None) or "").startswith("scipy.sparse")

    def call(args: Any, kwargs: Any) -> Any:
        if not state().wrapped:
            return clone(*args, **kwargs)
        concerned, rule = _holds_tensors(args, kwargs), find(fn).call
        if concerned and only_constants(args, kwargs):
            with plainly:
                r = clone(*map(primals, args), **{name: primals(value) for name, value in kwargs.items()})
            return _constants(r, unwrap(args))
        if concerned and wakes:
            _replaced.wake()
        with plainly:
            return (rule if concerned or getattr(rule, "always", False) else clone)(*args, **kwargs)

    return call


def _constants(r: Any, given: Any) -> Any:
    """``r``, with arrays of floats that show nothing of what was given as Tensors, which may be written into."""
    if type(r) is tuple:
        return tuple(_constants(item, given) for item in r)
    return wrap(r) if type(r) is np.ndarray and r.dtype.kind in "fc" and not shows(given, r) else r


def _by_keywords(call: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    return lambda *args, **kwargs: call(args, kwargs)


def _holds_tensors(args: Any, kwargs: Any) -> bool:
    """Whether a Tensor is among the arguments, in the object whose method is called, or may be in a function given."""
    if unwrap(args) is not args or any(unwrap(v) is not v for v in kwargs.values()):
        return True
    given = [*args, *kwargs.values()]
    given += [item for v in given if type(v) in (list, tuple) and len(v) < 100 for item in v]
    return any(type(v) in CODE or any(type(x) is Tensor for x in fields(v)) for v in given)


class Wrapping(Mode):
    """A mode in which code runs in wrapped context.

    ``entries`` are the functions that run there, with what they are given; it is the code around a ``with`` otherwise.
    """

    def __init__(self, *entries: Any, **settings: Any) -> None:
        super().__init__(**{"wrapped": True, "detach": "raise", **settings})
        self.entries = entries

    def __enter__(self) -> Wrapping:
        frame = sys._getframe(1)
        name = str(frame.f_globals.get("__name__"))
        # gradarray's own code goes on with a program that has entered
        ours = not self.entries and name.startswith("gradarray.") and is_closed(frame.f_globals)
        _replaced.enter((() if _within() else None) if ours else self.entries or (frame,))
        super().__enter__()
        return self

    def run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        mode = self if self.entries else Wrapping(fn, *args, *kwargs.values(), **self._settings)
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
