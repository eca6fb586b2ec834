"""The parameters and functions in which the versions of NumPy that are supported differ."""

from collections.abc import Callable
from typing import Any

from ..registry import composite


def across_versions(fn: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """`composite` for a body with the parameters of all versions: NumPy lets through those that its own ``fn`` has."""

    def add(body: Callable[..., Any]) -> Callable[..., Any]:
        made: Any = composite(fn)(body)
        made.__wrapped__ = fn  # where inspect.signature looks
        return body

    return add


def overridable(module: Any, names: str) -> list[Any]:
    """Those of the functions called ``names`` that NumPy hands over: some only of late, some only until lately."""
    return [f for name in names.split() if hasattr(f := getattr(module, name, None), "_implementation")]
