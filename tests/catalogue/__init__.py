"""The catalogue: rows of calls that cover every function gradarray knows.

A row holds a NumPy function, a call of it that works alike on arrays and on Tensors, and its inputs. The tests in
`test_catalogue` run over all rows. Adding a rule means adding its rows, to the file of its chapter.
"""

import importlib
import pkgutil

from .base import REFUSED, SINGULAR, rows

for chapter in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{chapter.name}")

__all__ = ["REFUSED", "SINGULAR", "rows"]
