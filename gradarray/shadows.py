"""Builtins that unmodified code calls by name, and what stands for them there: ``float(t)`` stays a Tensor.

A module that calls `float`, `complex`, `type` or `hasattr` gets a global of that name while a wrapped context is
entered. What it calls is read off its byte code, where a name that is loaded to be called is marked.
"""

from __future__ import annotations

import dis
import itertools
import types
from collections.abc import Iterator
from typing import Any

from .dispatch import Tensor
from .modes import state
from .patches import scalar_type

_LOAD, _IS, _EXTENDED = dis.opmap["LOAD_GLOBAL"], dis.opmap["IS_OP"], dis.opmap["EXTENDED_ARG"]
_LOAD_NAME, _NULL = dis.opmap["LOAD_NAME"], dis.opmap["PUSH_NULL"]


class _TypeOfTypes(type):
    """Of a class that is `type` itself, but for a Tensor says what NumPy's code expects."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return args[0].__class__ if len(args) == 1 and type(args[0]) is Tensor else type(*args, **kwargs)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, type)

    def __subclasscheck__(cls, subclass: Any) -> bool:
        return issubclass(subclass, type)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is type

    def __hash__(cls) -> int:
        return hash(type)


class _Type(type, metaclass=_TypeOfTypes):
    pass


def _hasattr(obj: Any, name: str, /) -> bool:
    """`hasattr`, but a Tensor that is a number has no length, as the numbers of NumPy."""
    if type(obj) is Tensor and name.startswith("__") and state().wrapped:
        return hasattr(obj.__class__, name) and hasattr(obj, name)
    return hasattr(obj, name)


SHADOWS: dict[str, Any] = {
    "float": scalar_type(float),
    "complex": scalar_type(complex),
    "type": _Type,
    "hasattr": _hasattr,
}
_NAMES = frozenset(SHADOWS)


def shadows_for(space: dict[str, Any], code: types.CodeType | None = None) -> set[str]:
    """The builtins that the functions of a module call, or ``code`` alone, and that a stand-in can be put for."""
    codes = _codes_of(space) if code is None else _nested(code)
    uses = {use for code in codes for use in _uses(code)}
    hindered = {name for name, use in uses if use == "compared"}
    return {name for name, use in uses if use == "called" and name not in space and name not in hindered}


def _codes_of(space: dict[str, Any]) -> Iterator[types.CodeType]:
    """The code of the functions of a module and of its classes, with what is nested in it."""
    home = space.get("__name__")
    values = [*space.values()]
    classes = [value for value in values if isinstance(value, type) and value.__module__ == home]
    for fn in itertools.chain(values, *(vars(cls).values() for cls in classes)):
        if isinstance(fn, (staticmethod, classmethod)):
            fn = fn.__func__
        elif type(fn) is property:
            fn = fn.fget
        while type(fn) is types.FunctionType and fn.__globals__ is not space:
            fn = getattr(fn, "__wrapped__", None)  # what a decorator of another module was given
        if type(fn) is types.FunctionType:
            yield from _nested(fn.__code__)


def _nested(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for const in code.co_consts:
        if type(const) is types.CodeType:
            yield from _nested(const)


def _uses(code: types.CodeType) -> Iterator[tuple[str, str]]:
    """Which of the builtins ``code`` names, and for what: to be called, compared by ``is``, or as a value."""
    wanted = _NAMES.intersection(code.co_names)
    if not wanted:
        return
    raw = code.co_code
    maps = "map" in code.co_names
    loads = [i for i in range(0, len(raw), 2) if raw[i] == _LOAD]
    by_name = [i for i in range(0, len(raw), 2) if raw[i] == _LOAD_NAME]  # in the code of a module
    for i in by_name:
        name = code.co_names[(raw[i - 1] << 8 if i and raw[i - 2] == _EXTENDED else 0) | raw[i + 1]]
        if name in wanted:
            beside = {raw[k] for k in (i - 2, i + 2) if 0 <= k < len(raw)}
            yield name, "called" if _NULL in beside else "held"
    for i in loads:
        extended = raw[i - 1] << 8 if i and raw[i - 2] == _EXTENDED else 0
        arg = extended | raw[i + 1]
        name = code.co_names[arg >> 1]
        if name not in wanted:
            continue
        follows = i + 2
        while follows < len(raw) and raw[follows] == 0:  # caches
            follows += 2
        if arg & 1 or (maps and name != "type"):
            yield name, "called"
        elif follows < len(raw) and raw[follows] == _IS:
            yield name, "compared"
        else:
            yield name, "held"
