"""gradarray: NumPy, differentiable."""

import numpy as _np

from .coverage import coverage
from .creation import asarray, astensor, tensor
from .graph import InvalidBackprop
from .mirror import namespace as _namespace
from .modes import DetachError, DetachWarning, errstate, mem_guard_off, mem_guard_on, no_autodiff
from .registry import register
from .tensor import Tensor

# what takes time to import and is not always needed, and where it is
_LATER = {
    **dict.fromkeys(("checkpoint", "custom_gradient", "differentiable", "stop_gradient"), "custom"),
    **dict.fromkeys(("hessian", "jacobian"), "jacobians"),
    **dict.fromkeys(("elementwise_grad", "grad", "gradient", "hvp"), "transforms"),
    **dict.fromkeys(("jvp", "linearize", "value_and_grad", "vjp"), "transforms"),
    **{name: name for name in ("emath", "fft", "interop", "linalg", "testing")},
    "check_grads": "testing",
    "debug_nans": "debug",
    "wrap": "proxies",
    "wrapping": "context",
}
__all__ = [  # noqa: PLE0604, the names in _LATER are strings
    "DetachError",
    "DetachWarning",
    "InvalidBackprop",
    "Tensor",
    "asarray",
    "astensor",
    "coverage",
    "errstate",
    "mem_guard_off",
    "mem_guard_on",
    "no_autodiff",
    "register",
    "tensor",
    *_LATER,
]
__all__.sort()
__version__ = "0.1.0"
__getattr__ = _namespace(_np, __name__, _LATER)


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__", *_np.__all__})
