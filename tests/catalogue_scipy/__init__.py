"""The catalogue of SciPy's functions: rows as in `catalogue`, of calls that run in wrapped context."""

import importlib
import pkgutil

from .base import REFUSED, rows

for chapter in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{chapter.name}")

__all__ = ["REFUSED", "rows"]
