"""Which of NumPy's functions gradarray knows, and as what."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np

from ..registry import KINDS, known

# `import numpy` leaves these for later; they add to what can be overridden
_LATER = (
    *("numpy.char", "numpy.fft", "numpy.lib.recfunctions", "numpy.lib.scimath", "numpy.lib.stride_tricks"),
    *("numpy.polynomial", "numpy.strings"),
)


def overridables() -> tuple[set[Any], set[Any]]:
    """The functions and the public ufuncs of the installed NumPy that a Tensor can override."""
    for module in _LATER:
        importlib.import_module(module)
    overrides = importlib.import_module("numpy.testing.overrides")
    every = overrides.get_overridable_numpy_ufuncs()
    return overrides.get_overridable_numpy_array_functions(), {u for u in every if getattr(np, u.__name__, None) is u}


def kinds() -> dict[str, tuple[list[Any], list[Any]]]:
    """The functions and ufuncs of each kind; those without a rule under ``"unknown"``."""
    table: dict[str, tuple[list[Any], list[Any]]] = {kind: ([], []) for kind in (*KINDS, "unknown")}
    for column, found in enumerate(overridables()):
        for fn in sorted(found, key=lambda fn: (fn.__name__, getattr(fn, "__module__", ""))):
            # what takes like= stands there by its dispatcher, which hands on the function itself
            rule = known(fn) or known(getattr(fn, "__wrapped__", fn))
            table[rule.kind if rule else "unknown"][column].append(fn)
    return table


def coverage(names: bool = False) -> None:
    """Print how many of NumPy's overridable functions gradarray knows, by kind.

    Parameters
    ----------
    names : bool, default False
        Whether to list the functions of each kind as well.

    Examples
    --------
    >>> import gradarray as ga
    >>> ga.coverage()  # doctest: +ELLIPSIS
    kind            functions  ufuncs
    ...
    """
    table = kinds()
    print(f"{'kind':15} {'functions':>9} {'ufuncs':>7}")
    for kind, columns in table.items():
        print(f"{kind:15} {len(columns[0]):9} {len(columns[1]):7}")
        if names:
            print("   ", ", ".join(fn.__name__ for column in columns for fn in column))
    print(f"{'all':15} {sum(len(f) for f, _ in table.values()):9} {sum(len(u) for _, u in table.values()):7}")
