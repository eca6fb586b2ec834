"""gradarray: NumPy, differentiable."""

from .creation import (
    arange,
    asarray,
    astensor,
    empty,
    empty_like,
    eye,
    full,
    full_like,
    geomspace,
    identity,
    linspace,
    logspace,
    ones,
    ones_like,
    tensor,
    zeros,
    zeros_like,
)
from .graph import InvalidBackprop
from .modes import DetachError, DetachWarning, errstate, mem_guard_off, mem_guard_on, no_autodiff
from .registry import register
from .tensor import Tensor

__all__ = [
    "DetachError",
    "DetachWarning",
    "InvalidBackprop",
    "Tensor",
    "arange",
    "asarray",
    "astensor",
    "empty",
    "empty_like",
    "errstate",
    "eye",
    "full",
    "full_like",
    "geomspace",
    "identity",
    "linspace",
    "logspace",
    "mem_guard_off",
    "mem_guard_on",
    "no_autodiff",
    "ones",
    "ones_like",
    "register",
    "tensor",
    "zeros",
    "zeros_like",
]
__version__ = "0.1.0"
