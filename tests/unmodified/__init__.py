"""Programs that call published libraries, which know NumPy only, on plain arrays: nothing here knows of gradarray."""

import importlib
import pkgutil

from .base import CASES
from .slopes import slopes

for topic in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{topic.name}")

__all__ = ["CASES", "slopes"]
