"""Nested lists, tuples, dicts and dataclasses of values: taken apart and put together again."""

from __future__ import annotations

import copy
import importlib
from collections.abc import Callable, Iterator
from typing import Any

from numpy import ndarray

from .tensor import Tensor


def map_leaves(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """``tree`` with ``f`` of each leaf, given the leaves of ``others`` at the same place."""
    kind = type(tree)
    if kind is ndarray or kind is Tensor:  # first, since isinstance takes long to ask a Tensor
        return f(tree, *others)
    if isinstance(tree, (list, tuple)):
        for other in others:
            if not isinstance(other, (list, tuple)) or len(other) != len(tree):
                raise _mismatch(f"a {kind.__name__} of {len(tree)}", other)
        items = [map_leaves(f, *parts) for parts in zip(tree, *others, strict=True)]
        return kind(*items) if hasattr(tree, "_fields") else kind(items)
    if isinstance(tree, dict):
        for other in others:
            if not isinstance(other, dict) or other.keys() != tree.keys():
                raise _mismatch(f"a {kind.__name__} of {', '.join(map(repr, tree))}", other)
        parts = {key: map_leaves(f, value, *(other[key] for other in others)) for key, value in tree.items()}
        return parts if kind is dict else _updated(tree, parts)
    if hasattr(kind, "__dataclass_fields__"):
        dataclasses = importlib.import_module("dataclasses")  # it takes long
        for other in others:
            if type(other) is not kind:
                raise _mismatch(f"a {kind.__name__}", other)
        names = [field.name for field in dataclasses.fields(tree) if field.init]
        parts = {n: map_leaves(f, getattr(tree, n), *(getattr(other, n) for other in others)) for n in names}
        return dataclasses.replace(tree, **parts)
    return f(tree, *others)


def _mismatch(expected: str, found: Any) -> ValueError:
    many = f" of {len(found)}" if isinstance(found, (list, tuple)) else ""
    keys = f" of {', '.join(map(repr, found))}" if isinstance(found, dict) else ""
    return ValueError(f"the structures differ: {expected} is expected, not a {type(found).__name__}{many}{keys}.")


def _updated(tree: Any, parts: dict[Any, Any]) -> Any:
    """A dict of another type, with other values."""
    new = copy.copy(tree)
    new.update(parts)
    return new


def leaves(tree: Any) -> Iterator[Any]:
    """The leaves of ``tree`` in order."""
    found: list[Any] = []
    map_leaves(found.append, tree)
    return iter(found)
