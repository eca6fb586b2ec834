"""`numpy.emath` for Tensors and array-likes, with ``constant=``."""

import numpy as _np

from .mirror import namespace as _namespace

__getattr__ = _namespace(_np.emath, __name__)


def __dir__() -> list[str]:
    return [name for name in dir(_np.emath) if not name.startswith("_")]
