"""What a program can come to call, read off the names in its byte code: only that has to be replaced while it runs.

A name that stands alone is looked up where the code would look it up. An attribute of something unknown may be any
function with a rule that has its name. What a library's function reaches is read once, what the program itself names
is compared again each time.
"""

from __future__ import annotations

import builtins
import dis
import functools
import gc
import itertools
import sys
import types
import weakref
from collections.abc import Iterable
from types import CellType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple, cast

from .chapters import CHAPTERS
from .dispatch import Tensor, plain_types, slots
from .sites import HANDS_OFF

Namespace = dict[str, Any]
_LIMIT = 1000  # of objects that are looked at before everything is taken to be reached
_CALLS = 50  # of functions and classes of libraries with rules
_GENERATOR = 0x20 | 0x200  # flags of code
# what never calls a function with a rule but through what it is given
CLOSED = HANDS_OFF.union(sys.stdlib_module_names, ("IPython", "_pytest", "dask", "hypothesis")) - {
    "__main__",
    "statistics",
}
COMPILED = (".so", ".pyd")  # modules whose own code takes arrays only, and is to find NumPy as it is
RULED = {library.partition(".")[0] for library in CHAPTERS} - {"numpy"}  # packages with functions that have rules
# by which functions are found under names that are not in the code
_BLIND = {"import_module", "__import__", "modules", "getattr", "globals", "vars", "__dict__", "eval", "exec", "loads"}
_BLIND |= {"attrgetter", "methodcaller", "getmembers", "resolve_name", "FunctionType", "__subclasses__", "load"}
_HEAP_TYPE = 1 << 9
_ABSTRACT = vars(sys.modules["_collections_abc"])  # which calls itself collections.abc
_IMPORT = dis.opmap["IMPORT_NAME"]
_CONTAINERS = (list, tuple, dict, set, frozenset)
_OPEN = {types.BuiltinMethodType, types.MethodWrapperType, types.MappingProxyType, functools.partialmethod}
_OPEN |= {functools.singledispatchmethod, type({}.items()), type({}.values()), itertools.cycle}
_LEAVES = {Tensor, str, bytes, complex, type(None), type(Ellipsis), slice, range}


_DESCRIPTORS = {
    property: ("fget", "fset"),
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    functools.cached_property: ("func",),
    functools._lru_cache_wrapper: ("__wrapped__",),
    types.SimpleNamespace: (),
}


class Program(NamedTuple):
    """Functions that are given, with those in their closures, attributes and arguments, and other objects."""

    codes: list[tuple[CodeType, Namespace]]
    others: list[Any]
    holders: list[Any]  # cells, dicts and lists
    whole: bool  # whether that is all of it

    @property
    def key(self) -> tuple[int, ...]:
        return (*map(id, itertools.chain(*self.codes)), *map(id, self.others))


def program_of(entries: Iterable[Any]) -> Program:
    """What ``entries`` hold, unless that is not known, or too much to look at."""
    found = Program([], [], [], True)
    seen: set[int] = set()
    todo = [*entries]
    for v in todo:  # which grows meanwhile
        kind = type(v)
        if kind in plain_types or kind in _LEAVES or id(v) in seen:
            continue
        seen.add(id(v))
        if kind is FunctionType:
            if package_of(v) in RULED:
                found.others.append(v)
                continue
            if not is_closed(v.__globals__):
                found.codes.append((v.__code__, v.__globals__))
            if not (v.__closure__ or v.__defaults__ or v.__kwdefaults__ or v.__dict__):
                continue
        elif kind is FrameType:
            if v.f_code.co_flags & _GENERATOR or is_closed(v.f_globals):
                return found._replace(whole=False)
            found.codes.append((v.f_code, v.f_globals))
        elif kind is not MethodType and kind not in _CONTAINERS:
            found.others.append(kind if _attribute(v, "__name__") is None else v)
        held = held_by(v)
        if held:
            todo += held
            found.holders.extend(_holders(v))
        if len(todo) > _LIMIT:
            return found._replace(whole=False)
    return found


def package_of(v: Any) -> str:
    """The package that a function, class, module, frame, or the type of another object is of."""
    kind = type(v)
    if kind is FunctionType:
        name = v.__globals__.get("__name__")
    elif kind is FrameType:
        name = v.f_globals.get("__name__")
    else:
        name = v.__name__ if kind is ModuleType else (v if isinstance(v, type) else kind).__module__
    return _root(str(name or ""))


def _part(name: Any) -> str:
    """The part of a library that a module is of."""
    return ".".join(str(name).split(".")[:2])


@functools.cache
def _root(name: str) -> str:
    return name.partition(".")[0]


def is_closed(space: Namespace) -> bool:
    """Whether a namespace is that of a module of a closed package."""
    name = str(space.get("__name__"))
    return _root(name) in CLOSED and (getattr(sys.modules.get(name), "__dict__", None) is space or space is _ABSTRACT)


def held_by(v: Any) -> Iterable[Any]:
    """What an object holds that code may get from it: what is in its attributes, slots, closure or items."""
    kind = type(v)
    if kind is FunctionType:
        return (
            *map(contents, v.__closure__ or ()),
            *(v.__defaults__ or ()),
            *(v.__kwdefaults__ or {}).values(),
            *v.__dict__.values(),
        )
    if kind is MethodType:
        return v.__func__, v.__self__
    if isinstance(v, _CONTAINERS):
        items = [*dict.keys(v), *dict.values(v)] if isinstance(v, dict) else v  # whatever it says
        if kind not in _CONTAINERS:
            items = [*items, *(_attribute(v, "__dict__") or {}).values()]
        return () if plain_types.issuperset(map(type, items)) else [x for x in items if type(x) not in plain_types]
    if kind is functools.partial:
        return (v.func, *v.args, *v.keywords.values())
    if kind is FrameType:
        return v.f_locals.values() if v.f_locals is not v.f_globals else ()
    if kind is ModuleType or isinstance(v, type):
        return ()
    attributes = _DESCRIPTORS.get(kind)
    if attributes is None and (kind in _OPEN or package_of(v) == "collections"):
        return [x for x in gc.get_referents(v) if type(x) not in plain_types]
    if isinstance(v, weakref.ref):
        return (v(),)
    if attributes is None and package_of(v) in sys.stdlib_module_names:
        return ()
    named = [_attribute(v, name) for name in attributes or slots(cast(Any, kind))]
    return (*named, *(_attribute(v, "__dict__") or {}).values())


def _holders(v: Any) -> Iterable[Any]:
    """The cells, dict or list in which an object holds something."""
    if type(v) is FunctionType:
        return () if is_closed(v.__globals__) else v.__closure__ or ()
    if isinstance(v, (dict, list)):
        return (v,)
    items = None if type(v) is ModuleType or isinstance(v, type) else _attribute(v, "__dict__")
    return (items,) if type(items) is dict else ()


def _attribute(v: Any, name: str) -> Any:
    """An attribute; None if the object does not tell."""
    try:
        return getattr(v, name, None)
    except Exception:  # whatever an object may raise
        return None


def contents(cell: CellType) -> Any:
    """What a cell holds; None if it is not filled yet."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


@functools.lru_cache(maxsize=10_000)
def _names(code: CodeType) -> frozenset[str]:
    """The names in code and in what is nested in it, with the constants that may be names."""
    nested = [_names(const) for const in code.co_consts if type(const) is CodeType]
    return frozenset(code.co_names).union((c for c in code.co_consts if type(c) is str and c.isidentifier()), *nested)


@functools.lru_cache(maxsize=10_000)
def _imports(code: CodeType) -> frozenset[str]:
    """The names that code imports."""
    nested = [_imports(const) for const in code.co_consts if type(const) is CodeType]
    own = _IMPORT in code.co_code[::2] and {i.argval for i in dis.get_instructions(code) if i.opcode == _IMPORT}
    return frozenset(own or ()).union(*nested)


class Reached(NamedTuple):
    """What code can come to: functions, classes and namespaces by identity; and what was looked up to find that."""

    objects: set[int]
    spaces: dict[int, Namespace]
    names: set[str]  # that stand anywhere in the code
    own: set[str]  # those in code that is no library's with rules
    holders: list[Any]  # cells, dicts and lists
    blind: list[str]  # where it cannot be seen what code comes to
    code: list[tuple[Namespace, str, Any]]  # names, with what they stood for
    data: list[tuple[Namespace, str, type]]  # those that stood for numbers, arrays or text, with their types

    def add(self, other: Reached) -> None:
        """Add what a library's code comes to, which keeps its names."""
        self.objects.update(other.objects)
        self.spaces.update(other.spaces)
        self.names.update(other.names)
        self.holders.extend(other.holders)
        self.blind.extend(other.blind)

    def holds(self, back: dict[int, Any]) -> bool:
        """Whether the names still stand for the same, or for what replaces it."""
        for space, name, value in self.code:
            v = space.get(name)
            if v is not value and back.get(id(v)) is not value:
                return False
        return all(type(space.get(name)) is kind for space, name, kind in self.data)


def _nothing() -> Reached:
    return Reached(set(), {}, set(), set(), [], [], [], [])


# what is reached, and the names in the code that it is reached from
_Items = list[tuple[Any, frozenset[str]]]


class Reach:
    """Finds what programs reach.

    ``rules`` are the functions that have one, by their names; ``back`` is what was replaced, by what stands for it.
    """

    def __init__(self, rules: dict[str, list[FunctionType]], back: dict[int, Any]) -> None:
        self.rules = rules
        self.back = back
        self.steps: dict[Any, tuple[Any, _Items, Reached]] = {}  # from what belongs to libraries
        self.known: dict[int, tuple[Any, Reached]] = {}  # all steps from there
        self.named = frozenset[str]()

    def of(self, program: Program) -> Reached:
        # a module may be handed on to any of the program's code, so it is looked up by all of the names in that
        self.named = frozenset[str]().union(*(_names(code) for code, _ in program.codes))
        while True:
            found = _nothing()
            todo: _Items = [(other, self.named) for other in program.others]
            for code, space in program.codes:
                todo += self._named(code, space, found)
            self._follow(todo, False, found)
            if found.own <= self.named or found.blind:
                break
            self.named |= found.own
        # operators and calls of objects have no names to read: those of the parts of libraries that are reached
        every = [fn for fns in self.rules.values() for fn in fns]
        parts = {_part(space.get("__name__")) for space in found.spaces.values()}
        parts |= {_part(fn.__module__) for fn in every if id(fn) in found.objects}
        found.objects.update(id(fn) for fn in every if fn.__name__.startswith("__") and _part(fn.__module__) in parts)
        return found

    def _follow(self, todo: _Items, within: bool, found: Reached) -> None:
        """Add what is reached from ``todo``, which is ``within`` a library with rules or a program's own."""
        seen: set[Any] = set()
        calls = 0
        while todo:
            if not within and (calls > _CALLS or len(seen) > _LIMIT):
                found.blind.append("too much")
                return
            v, names = todo.pop()
            kind = type(v)
            key = (id(v), names) if kind is ModuleType else id(v)
            if kind in plain_types or kind in _LEAVES or key in seen:
                continue
            seen.add(key)
            if within:
                if key not in self.steps:
                    part = _nothing()
                    self.steps[key] = v, self._step(v, names, part), part
                _, further, part = self.steps[key]
                todo += further
                found.add(part)
            elif (kind is FunctionType or isinstance(v, type)) and package_of(v) in RULED:
                if id(v) not in self.known:
                    reached = _nothing()
                    self._follow([(v, frozenset())], True, reached)
                    self.known[id(v)] = v, reached
                found.add(self.known[id(v)][1])
                calls += 1
            else:
                names = self.named if kind is ModuleType and package_of(v) not in CLOSED else names
                todo += self._step(v, names, found)

    def _step(self, v: Any, names: frozenset[str], found: Reached) -> _Items:
        """What is reached from ``v`` at once."""
        kind, space = type(v), _home(v)
        found.objects.add(id(v))
        found.holders.extend(_holders(v))
        own = names | _names(v.__code__) if kind is FunctionType else names
        todo = [(held, own) for held in held_by(v)]
        if isinstance(v, type) and kind is not type:
            todo.append((kind, names))
        if is_closed(space) if kind is FunctionType else (package_of(v) in CLOSED and not _is_made(v)):
            return todo
        if kind is ModuleType:
            todo += self._looked_up(names & space.keys(), space, names, found)
        elif kind is FunctionType:
            todo += self._named(v.__code__, space, found)
        elif isinstance(v, type):
            todo += [(member, names) for base in v.__mro__ for member in vars(base).values()]
        else:
            # what it may hand over to
            found.objects.update(map(id, self.rules.get(str(_attribute(v, "__name__")), ())))
            todo.append((kind, names))
        if str(space.get("__file__", "")).endswith(COMPILED):  # whose functions have no names to read
            found.spaces[id(space)] = space
            todo += [(value, names) for value in space.values()]
        return todo

    def _named(self, code: CodeType, space: Namespace, found: Reached) -> _Items:
        """What the names in ``code`` stand for."""
        names = _names(code)
        found.names.update(names)
        package = str(space.get("__package__") or "")
        for name in names & self.rules.keys():
            found.objects.update(map(id, self.rules[name]))
        parents = [*itertools.accumulate(package.split("."), "{}.{}".format)]
        places = [f"{start}{name}" for name in _imports(code) for start in ("", *(f"{parent}." for parent in parents))]
        imported = [(sys.modules[name], names) for name in places if name in sys.modules]
        values = [*self._looked_up(names, space, names, found), *imported]
        if package.partition(".")[0] not in RULED:
            found.own.update(names)
            if names & _BLIND:
                found.blind.append(code.co_qualname)
        return values

    def _looked_up(self, wanted: Iterable[str], space: Namespace, names: frozenset[str], found: Reached) -> _Items:
        found.spaces[id(space)] = space
        values = {name: self.back.get(id(v), v) for name in wanted if (v := space.get(name)) is not None}
        for name, v in values.items():
            if vars(builtins).get(name) is v:
                continue
            if type(v) in plain_types or type(v) in _LEAVES:
                found.data.append((space, name, type(v)))
            else:
                found.code.append((space, name, v))
        return [(v, names) for v in values.values()]


def _is_made(v: Any) -> bool:
    """Whether ``v`` is a class that code made, whatever it says of its module."""
    return isinstance(v, type) and bool(v.__flags__ & _HEAP_TYPE) and vars(v).get("__module__") in ("builtins", "types")


def _home(v: Any) -> Namespace:
    """The namespace of the module that a function, class or object is of."""
    if type(v) is FunctionType:
        return v.__globals__
    module = v if type(v) is ModuleType else sys.modules.get(str(getattr(v, "__module__", None)))
    return getattr(module, "__dict__", {})
