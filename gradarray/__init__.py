"""gradarray: NumPy, differentiable."""

import numpy as _np

from .coverage import coverage
from .creation import asarray, astensor, tensor
from .custom import checkpoint, custom_gradient, differentiable, stop_gradient
from .debug import debug_nans
from .graph import InvalidBackprop
from .mirror import namespace as _namespace
from .modes import DetachError, DetachWarning, errstate, mem_guard_off, mem_guard_on, no_autodiff
from .registry import register
from .tensor import Tensor
from .transforms import elementwise_grad, grad, gradient, hessian, hvp, jacobian, jvp, linearize, value_and_grad, vjp

__all__ = [
    "DetachError",
    "DetachWarning",
    "InvalidBackprop",
    "Tensor",
    "asarray",
    "astensor",
    "checkpoint",
    "coverage",
    "custom_gradient",
    "debug_nans",
    "differentiable",
    "elementwise_grad",
    "errstate",
    "grad",
    "gradient",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "linearize",
    "mem_guard_off",
    "mem_guard_on",
    "no_autodiff",
    "register",
    "stop_gradient",
    "tensor",
    "value_and_grad",
    "vjp",
]
__version__ = "0.1.0"
__getattr__ = _namespace(_np, __name__, ("emath", "fft", "linalg", "testing"))


def __dir__() -> list[str]:
    return sorted({*__all__, "__version__", *_np.__all__})
