"""What a program can come to call, read off the names in its byte code: only that has to be replaced while it runs.

A name that stands alone is looked up where the code would look it up. An attribute of something unknown may be any
function with a rule that has its name. What a library's function reaches is read once, what the program itself names
is compared again each time.
"""

from __future__ import annotations

import builtins
import functools
import sys
import types
from collections.abc import Iterable
from types import CellType, CodeType, FrameType, FunctionType, MethodType, ModuleType
from typing import Any, NamedTuple

from .dispatch import Tensor, plain_types
from .sites import HANDS_OFF

Namespace = dict[str, Any]
_LIMIT = 1000  # of objects that are looked at before everything is taken to be reached
_GENERATOR = 0x20 | 0x200  # flags of code
# what never calls a function with a rule but through what it is given
CLOSED = HANDS_OFF.union(sys.stdlib_module_names) - {"__main__", "statistics"}
COMPILED = (".so", ".pyd")  # modules whose own code takes arrays only, and is to find NumPy as it is
_CONTAINERS = (list, tuple, dict, set, frozenset)
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
    cells: list[Any]

    @property
    def key(self) -> tuple[int, ...]:
        return (*(id(x) for pair in self.codes for x in pair), *map(id, self.others))


def program_of(entries: Iterable[Any]) -> Program | None:
    """What ``entries`` hold; None if that is not known, or too much to look at."""
    found = Program([], [], [])
    seen: set[int] = set()
    todo = [*entries]
    for v in todo:  # which grows meanwhile
        kind = type(v)
        if kind in plain_types or kind in _LEAVES or id(v) in seen:
            continue
        seen.add(id(v))
        if kind is FunctionType:
            if package_of(v) not in CLOSED:
                found.codes.append((v.__code__, v.__globals__))
                found.cells.extend(v.__closure__ or ())
        elif kind is FrameType:
            if v.f_code.co_flags & _GENERATOR or package_of(v) in CLOSED:
                return None
            found.codes.append((v.f_code, v.f_globals))
        elif kind is not MethodType and not isinstance(v, _CONTAINERS):
            found.others.append(v if kind is ModuleType or isinstance(v, type) else kind)
        todo += held_by(v)
        if len(todo) > _LIMIT:
            return None
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
    return str(name or "").partition(".")[0]


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
        items = v.values() if isinstance(v, dict) else v
        return items if any(type(x) not in plain_types for x in items) else ()
    if kind is functools.partial:
        return (v.func, *v.args, *v.keywords.values())
    if kind is FrameType:
        return v.f_locals.values() if v.f_locals is not v.f_globals else ()
    if kind is ModuleType or isinstance(v, type):
        return ()
    attributes = _DESCRIPTORS.get(kind)
    if attributes is None and package_of(v) in sys.stdlib_module_names:
        return ()
    named = [_attribute(v, name) for name in attributes or slots(kind)]
    return (*named, *(_attribute(v, "__dict__") or {}).values())


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


@functools.cache
def slots(kind: type) -> tuple[str, ...]:
    """The names of the slots of a class and of its bases."""
    found: list[Any] = [vars(cls).get("__slots__", ()) for cls in kind.__mro__]
    names = [name for each in found for name in ((each,) if isinstance(each, str) else each)]
    wrapped = ("__wrapped__",) * hasattr(kind, "__wrapped__")
    return (*wrapped, *(name for name in names if not name.startswith("__")))


@functools.lru_cache(maxsize=None)
def _names(code: CodeType) -> frozenset[str]:
    """The names in code and in what is nested in it, with the constants that may be names."""
    nested = [_names(const) for const in code.co_consts if type(const) is CodeType]
    return frozenset(code.co_names).union((c for c in code.co_consts if type(c) is str and c.isidentifier()), *nested)


class Reached(NamedTuple):
    """What code can come to: functions, classes and namespaces by identity; and what was looked up to find that."""

    objects: set[int]
    spaces: set[int]
    code: list[tuple[Namespace, str, Any]]  # names, with the functions, classes and modules they stood for
    data: list[tuple[Namespace, str, type]]  # names, with the types of other values

    def holds(self, back: dict[int, Any]) -> bool:
        """Whether the names still stand for the same, or for what replaces it."""
        for space, name, value in self.code:
            v = space.get(name)
            if v is not value and back.get(id(v)) is not value:
                return False
        return all(type(space.get(name)) is kind for space, name, kind in self.data)


_Items = list[
    tuple[Any, frozenset[str]]
]  # something that is reached, and the names in the code that it is reached from


class Reach:
    """Finds what programs reach.

    ``rules`` are the functions that have one, by their names; ``back`` is what was replaced, by what stands for it.
    """

    def __init__(self, rules: dict[str, list[FunctionType]], back: dict[int, Any]) -> None:
        self.rules = rules
        self.back = back
        self.known: dict[int, tuple[Any, Reached]] = {}  # what belongs to libraries

    def of(self, program: Program) -> Reached:
        found = Reached(set(), set(), [], [])
        todo: _Items = [(other, frozenset()) for other in program.others]
        for code, space in program.codes:
            todo += self._named(code, space, found)
        own = {id(space) for _, space in program.codes}
        self._follow(todo, own, found)
        if not found.spaces <= own:  # operators and calls have no names to read
            found.objects.update(id(fn) for name, fns in self.rules.items() if name.startswith("__") for fn in fns)
        return found

    def _follow(self, todo: _Items, own: set[int], found: Reached) -> None:
        seen: set[Any] = set()
        while todo:
            v, names = todo.pop()
            kind = type(v)
            key = (id(v), names) if kind is ModuleType else id(v)
            if kind in plain_types or kind in _LEAVES or key in seen:
                continue
            seen.add(key)
            space = _home(v)
            if own and (kind is FunctionType or isinstance(v, type)) and id(space) not in own:
                reached = self._of_library(v)
                found.objects.update(reached.objects)
                found.spaces.update(reached.spaces)
                continue
            found.objects.add(id(v))
            todo += [(held, names) for held in held_by(v)]
            if package_of(v) in CLOSED:
                continue
            if kind is ModuleType:
                todo += self._looked_up(names & space.keys(), space, names, found)
            elif kind is FunctionType:
                todo += self._named(v.__code__, space, found)
            elif isinstance(v, type):
                todo += [(member, names) for base in v.__mro__ for member in vars(base).values()]
            else:
                todo.append((kind, names))
            if str(space.get("__file__", "")).endswith(COMPILED):  # whose functions have no names to read
                found.spaces.add(id(space))
                todo += [(value, names) for value in space.values()]

    def _of_library(self, v: Any) -> Reached:
        if id(v) not in self.known:
            found = Reached(set(), set(), [], [])
            self._follow([(v, frozenset())], set(), found)
            found.code.clear()
            found.data.clear()
            self.known[id(v)] = v, found
        return self.known[id(v)][1]

    def _named(self, code: CodeType, space: Namespace, found: Reached) -> _Items:
        """What the names in ``code`` stand for."""
        names = _names(code)
        package = str(space.get("__package__") or "")
        for name in names & self.rules.keys():
            found.objects.update(map(id, self.rules[name]))
        imported = [sys.modules.get(name) or sys.modules.get(f"{package}.{name}") for name in names]
        return [*self._looked_up(names, space, names, found), *((module, names) for module in imported)]

    def _looked_up(self, wanted: Iterable[str], space: Namespace, names: frozenset[str], found: Reached) -> _Items:
        found.spaces.add(id(space))
        values = {name: self.back.get(id(v), v) for name in wanted if (v := space.get(name)) is not None}
        for name, v in values.items():
            if vars(builtins).get(name) is v:
                continue
            if isinstance(v, (FunctionType, ModuleType, type)):
                found.code.append((space, name, v))
            else:
                found.data.append((space, name, type(v)))
        return [(v, names) for v in values.values()]


def _home(v: Any) -> Namespace:
    """The namespace of the module that a function, class or object is of."""
    if type(v) is FunctionType:
        return v.__globals__
    module = v if type(v) is ModuleType else sys.modules.get(str(getattr(v, "__module__", None)))
    return getattr(module, "__dict__", {})
