"""Which rules belong to which library, and when they are loaded: when one of its functions first meets a Tensor.

So importing gradarray imports no other library, nor the parts of NumPy that `import numpy` leaves for later.
"""

import importlib
import sys

CHAPTERS = {
    "numpy": (
        "rules.decompositions",
        "rules.differences",
        "rules.eigenvalues",
        "rules.emath",
        "rules.equations",
        "rules.histograms",
        "rules.linalg",
        "rules.nan",
        "rules.padding",
        "rules.polynomials",
        "rules.selection",
        "rules.singular_values",
        "rules.sets",
        "rules.statistics",
        "rules.text",
        "rules.writing",
    ),
    "numpy.fft": ("rules.fft",),
    "numpy.lib.recfunctions": ("rules.recfunctions",),
    "numpy.polynomial": ("rules.polynomial",),
    "numpy.strings": ("rules.strings",),
    "scipy.fft": ("interop.scipy_fft",),
    "scipy.fftpack": ("interop.scipy_fftpack",),
    "scipy.integrate": ("interop.scipy_integrate", "interop.scipy_integrate_odeint"),
    "scipy.interpolate": ("interop.scipy_interpolate",),
    "scipy.linalg": ("interop.scipy_linalg",),
    "scipy.ndimage": ("interop.scipy_ndimage",),
    "scipy.optimize": ("interop.scipy_optimize",),
    "scipy.signal": ("interop.scipy_signal",),
    "scipy.sparse": ("interop.scipy_sparse",),
    "scipy.spatial": ("interop.scipy_spatial",),
    "scipy.special": ("interop.scipy_special",),
    "scipy.stats": ("interop.scipy_stats",),
}
_loaded: set[str] = set()


def load(finished: str = "") -> bool:
    """Load the chapters of the libraries that have been imported since; whether there were any.

    Those of a library that is being imported right now wait, unless it is the one that is just ``finished``.
    """
    due = [library for library in CHAPTERS if library not in _loaded and (library == finished or _is_there(library))]
    for library in due:
        _loaded.add(library)
        for chapter in CHAPTERS[library]:
            importlib.import_module(f".{chapter}", __package__)
    return bool(due)


def _is_there(library: str) -> bool:
    spec = getattr(sys.modules.get(library), "__spec__", None)
    return spec is not None and not getattr(spec, "_initializing", False)
