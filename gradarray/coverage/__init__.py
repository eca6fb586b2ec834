"""Which of NumPy's functions gradarray knows, and as what."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import numpy as np

from ..chapters import CHAPTERS
from ..registry import KINDS, functions, known, ufuncs

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


def rules_of(library: str) -> dict[str, list[Any]]:
    """The rules of a library whose chapters are there, by chapter."""
    chapters = [name for name in CHAPTERS if name.partition(".")[0] == library]
    for name in chapters:
        importlib.import_module(name)
    known(coverage)  # loads what was imported
    found: dict[str, list[Any]] = {name: [] for name in chapters}
    for fn, rule in (*functions.items(), *ufuncs.items()):
        home = next((name for name in chapters if _belongs(fn, name)), None)
        if home is not None:
            found[home].append(rule)
    return found


def _belongs(fn: Any, chapter: str) -> bool:
    module = getattr(fn, "__module__", None) or ""
    if module == chapter or module.startswith(f"{chapter}."):
        return True
    if not isinstance(fn, np.ufunc) or getattr(np, fn.__name__, None) is fn:
        return False
    return vars(sys.modules[chapter]).get(fn.__name__) is fn or chapter == "scipy.special"


def coverage(library: str = "numpy", *, names: bool = False) -> None:
    """Print how many functions of a library gradarray knows, by kind.

    Parameters
    ----------
    library : {"numpy", "scipy"}
        Of NumPy these are all that can be overridden; of SciPy those that end in compiled code and have a rule,
        by chapter, and those that are refused, with the reason. SciPy's other functions run as they are.
    names : bool, default False
        Whether to list the functions of each kind as well.

    Raises
    ------
    ValueError
        For another library.

    Examples
    --------
    >>> import gradarray as ga
    >>> ga.coverage()  # doctest: +ELLIPSIS
    kind            functions  ufuncs
    ...
    """
    if library == "scipy":
        _of_chapters(rules_of(library), names)
        return
    if library != "numpy":
        raise ValueError(f"coverage: library={library!r}; choose 'numpy' or 'scipy'.")
    table = kinds()
    print(f"{'kind':15} {'functions':>9} {'ufuncs':>7}")
    for kind, columns in table.items():
        print(f"{kind:15} {len(columns[0]):9} {len(columns[1]):7}")
        if names:
            print("   ", ", ".join(fn.__name__ for column in columns for fn in column))
    print(f"{'all':15} {sum(len(f) for f, _ in table.values()):9} {sum(len(u) for _, u in table.values()):7}")


def _of_chapters(found: dict[str, list[Any]], names: bool) -> None:
    print(f"{'chapter':18}", *(f"{kind:>{len(kind)}}" for kind in KINDS))
    for chapter, rules in found.items():
        print(f"{chapter:18}", *(f"{sum(rule.kind == kind for rule in rules):{len(kind)}}" for kind in KINDS))
        for kind in KINDS if names else ():
            listed = sorted({_name(rule.fn) for rule in rules if rule.kind == kind})
            if listed:
                print(f"    {kind}:", ", ".join(listed))
    print("refused:")
    for chapter, rules in found.items():
        for rule in sorted(rules, key=lambda rule: _name(rule.fn)):
            if rule.kind == "refused":
                print(f"    {chapter}.{_name(rule.fn)}: {rule.reason}")


def _name(fn: Any) -> str:
    return str(getattr(fn, "__qualname__", getattr(fn, "__name__", fn)))
