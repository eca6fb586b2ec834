"""Nested lists, tuples, dicts and dataclasses of values: taken apart and put together again."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any


def map_leaves(f: Callable[..., Any], tree: Any, *others: Any) -> Any:
    """``tree`` with ``f`` of each leaf, given the leaves of ``others`` at the same place."""
    kind = type(tree)
    if isinstance(tree, (list, tuple)):
        items = [map_leaves(f, *parts) for parts in zip(tree, *others, strict=True)]
        return kind(*items) if hasattr(tree, "_fields") else kind(items)
    if isinstance(tree, dict):
        return {key: map_leaves(f, value, *(other[key] for other in others)) for key, value in tree.items()}
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        names = [field.name for field in dataclasses.fields(tree) if field.init]
        parts = {n: map_leaves(f, getattr(tree, n), *(getattr(other, n) for other in others)) for n in names}
        return dataclasses.replace(tree, **parts)
    return f(tree, *others)


def leaves(tree: Any) -> Iterator[Any]:
    """The leaves of ``tree`` in order."""
    found: list[Any] = []
    map_leaves(found.append, tree)
    return iter(found)
