"""Places that hold a function or a name, and writing something else there for a while."""

from __future__ import annotations

import operator
import types
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from .reach import contents


class Place(NamedTuple):
    """A name that is replaced: in a namespace, or an attribute of a class or function."""

    holder: Any
    name: Any
    own: Any
    made: Any
    home: int  # the namespace of the module in which that is, by identity


ABSENT = object()  # the own value of a name that shadows a builtin


class Plan:
    """Places that are replaced together: those of libraries as they are written, others if they hold what they did.

    NumPy and math count as others where somebody has written a name of theirs.
    """

    def __init__(self, every: Iterable[Place], own: Iterable[Place] = (), roots: Iterable[int] = ()) -> None:
        places = [*every]
        self.own = [*own]
        held = [place for place in places if isinstance(place.holder, (dict, list))]
        dicts = (id(place.holder) for place in held if isinstance(place.holder, dict))
        many = {key for key, n in Counter(dicts).items() if n > 3 or key in roots}
        self.updates: dict[int, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {}  # at once
        for place in held:
            if id(place.holder) in many:
                _, before, after = self.updates.setdefault(id(place.holder), (place.holder, {}, {}))
                before[place.name], after[place.name] = place.own, place.made
        self.roots = [self.updates.pop(key) for key in self.updates.keys() & set(roots)]
        single = [place for place in held if id(place.holder) not in many]
        attributes = [place for place in places if not isinstance(place.holder, (dict, list))]
        writes = ((operator.setitem, single), (setattr, attributes))
        self.columns: list[Any] = [(put, *zip(*of, strict=True)) for put, of in writes if of]
        self.shadows = [(place.holder, place.name) for place in held if place.own is ABSENT]

    def apply(self) -> None:
        for space, own, made in self.roots:
            _swap(space, own, made)
        for space, _, made in self.updates.values():
            space.update(made)
        for put, holders, names, _, made, _ in self.columns:
            deque(map(put, holders, names, made), 0)
        for place in self.own:
            write(place, place.own, place.made)

    def undo(self) -> None:
        for space, own, _ in self.updates.values():
            space.update(own)
        for put, holders, names, own, _, _ in self.columns:
            deque(map(put, holders, names, own), 0)
        for space, own, made in self.roots:
            _swap(space, made, own)
        for space, name in self.shadows:
            space.pop(name, None)
        for place in reversed(self.own):
            write(place, place.made, place.own)


def _swap(space: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> None:
    """Write the names of a namespace ``after`` that hold what they did ``before``."""
    if not all(map(operator.is_, map(space.get, before), before.values())):
        after = {name: value for name, value in after.items() if space.get(name) is before[name]}
    space.update(after)


def items_of(holders: Iterable[Any]) -> Iterator[tuple[Any, Any, Any]]:
    """What cells, dicts and lists hold."""
    for holder in holders:
        if isinstance(holder, types.CellType):
            yield holder, "cell_contents", contents(holder)
        else:
            for name, value in [*(holder.items() if isinstance(holder, dict) else enumerate(holder))]:
                yield holder, name, value


def write(place: Place, before: Any, after: Any) -> None:
    """Write a place that a program may have written itself meanwhile."""
    holder, name = place.holder, place.name
    if isinstance(holder, dict):
        if holder.get(name, ABSENT) is before:
            if after is ABSENT:
                del holder[name]
            else:
                holder[name] = after
    elif isinstance(holder, list):
        if name < len(holder) and holder[name] is before:
            holder[name] = after
    elif (vars(holder).get(name) if isinstance(holder, type) else getattr(holder, name, None)) is before:
        setattr(holder, name, after)
