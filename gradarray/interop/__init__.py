"""Rules for other libraries' functions. A chapter is loaded when one of its library's functions first meets a Tensor.

So importing gradarray imports no other library, whichever is imported first.
"""

import importlib
import sys

CHAPTERS = {"scipy.special": "scipy_special"}
_loaded: set[str] = set()


def load() -> bool:
    """Load the chapters of the libraries that have been imported since; whether there were any."""
    due = [library for library in CHAPTERS if library in sys.modules and library not in _loaded]
    _loaded.update(due)
    for library in due:
        importlib.import_module(f"{__name__}.{CHAPTERS[library]}")
    return bool(due)
