"""Which rules belong to which library, and when they are loaded: when one of its functions first meets a Tensor.

So importing gradarray imports no other library, nor the parts of NumPy that `import numpy` leaves for later.
"""

import importlib
import sys

CHAPTERS = {
    "numpy": (
        "rules.decompositions",
        "rules.differences",
        "rules.emath",
        "rules.equations",
        "rules.histograms",
        "rules.linalg",
        "rules.nan",
        "rules.padding",
        "rules.polynomials",
        "rules.selection",
        "rules.sets",
        "rules.statistics",
        "rules.text",
        "rules.writing",
    ),
    "numpy.fft": ("rules.fft",),
    "numpy.lib.recfunctions": ("rules.recfunctions",),
    "numpy.polynomial": ("rules.polynomial",),
    "numpy.strings": ("rules.strings",),
    "scipy.special": ("interop.scipy_special",),
}
_loaded: set[str] = set()


def load() -> bool:
    """Load the chapters of the libraries that have been imported since; whether there were any."""
    due = [library for library in CHAPTERS if library in sys.modules and library not in _loaded]
    for library in due:
        for chapter in CHAPTERS[library]:
            importlib.import_module(f".{chapter}", __package__)
        _loaded.add(library)
    return bool(due)
