"""Finding the operation that first gave an infinity or a nan, and the line it stands on."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dispatch import Rule, unwrap
from .graph import Array, Node, Traced, each, identity, linked, tags, watchers
from .modes import Mode, state
from .sites import user_line


class debug_nans(Mode):
    """Raise at the first operation whose value or gradient is not finite, naming it and the user's line.

    For the length of a ``with`` block, or of a decorated function. Errors raised by derivatives, too, then say which
    line recorded them. It costs nothing while it is off.

    Raises
    ------
    FloatingPointError
        From the operation, or from `backward`.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> x = ga.tensor([0.0, 4.0])
    >>> with ga.debug_nans():
    ...     np.sqrt(x).sum().backward()
    Traceback (most recent call last):
    FloatingPointError: debug_nans: the gradient of np.sqrt by its argument 'x' is inf, recorded at ...
    """

    def __init__(self) -> None:
        super().__init__(watching=_watch)

    def __enter__(self) -> debug_nans:
        super().__enter__()
        tags.append(0)
        return self

    def __exit__(self, *exc: object) -> None:
        tags.remove(0)
        super().__exit__(*exc)


def _watch(node: Node, data: Array) -> Node:
    """A recorded value, which knows its line; an error if it is not finite."""
    where = user_line()
    if (bad := _bad(data)) is not None:
        raise FloatingPointError(f"debug_nans: the value of {node.origin.name} is {bad}, at {where}.")
    if type(node) is not Node:
        return node
    traced = Traced()
    for name in Node.__slots__:
        setattr(traced, name, getattr(node, name))
    traced.where = where
    return traced


def _bad(x: Any) -> Any:
    """The first number in ``x`` that is not finite."""
    if not hasattr(x, "dtype") or x.dtype.kind not in "fc":
        return None
    x = np.asarray(unwrap(x))
    wrong = ~np.isfinite(x)
    return x[wrong][0] if wrong.any() else None


def _watch_edges(nodes: list[Node]) -> None:
    if state().watching is None:
        return
    for node in nodes:
        if node.edges:
            node.edges = linked(
                (parent, vjp if vjp is None or vjp is identity else _Watched(node, vjp), saved)
                for parent, vjp, saved in each(node.edges)
            )


class _Watched:
    """A derivative whose results are looked at."""

    def __init__(self, node: Node, vjp: Any) -> None:
        self.vjp: Any = vjp.vjp if isinstance(vjp, _Watched) else vjp
        self.first_order = getattr(self.vjp, "first_order", False)
        self.origin = node.origin
        self.where = node.where if type(node) is Traced else "a line before debug_nans was on"

    def __call__(self, g: Any, *saved: Any) -> Any:
        try:
            with np.errstate(all="ignore"):
                r = self.vjp(g, *saved)
        except Exception as error:
            error.add_note(f"in the derivative of {self.origin.name}, recorded at {self.where}")
            raise
        bad = _bad(r)
        if bad is not None and (type(g) is list or _bad(g) is None):
            rule = self.origin.rule
            derivative = rule.derivative_of(self.vjp) if isinstance(rule, Rule) else None
            by = "" if derivative is None else f" by its argument {rule.names[derivative.place]!r}"
            raise FloatingPointError(
                f"debug_nans: the gradient of {self.origin.name}{by} is {bad}, recorded at {self.where}."
            )
        return r


watchers.append(_watch_edges)
