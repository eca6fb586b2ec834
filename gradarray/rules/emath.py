"""Functions with an automatic domain, numpy.emath: complex where real numbers have no answer.

Whether they are complex goes by the values, the gradient by that of the function they then are.
"""

import numpy as np

from ..registry import composite, find, unwrap
from .shape import array_of

_SHORT = (np.float32, np.complex64, np.int8, np.int16, np.uint8, np.uint16)


def _complex_if(x, outside):
    """``x`` as complex numbers if ``outside`` is true of a real one among them."""
    x = array_of(x)
    data = unwrap(x)
    if np.any(np.isreal(data) & outside(np.real(data))):
        return x.astype(np.complex64 if x.dtype.type in _SHORT else np.complex128)
    return x


def _below_0(x):
    return x < 0


def _beyond_1(x):
    return np.abs(x) > 1


def _unary(fn, plain, outside):
    def lifted(x):
        return plain(_complex_if(x, outside))

    composite(fn)(lifted)


for name in ("sqrt", "log", "log2", "log10"):
    _unary(getattr(np.emath, name), getattr(np, name), _below_0)
for name in ("arccos", "arcsin", "arctanh"):
    _unary(getattr(np.emath, name), getattr(np, name), _beyond_1)


@composite(np.emath.logn)
def logn(n, x):
    return np.log(_complex_if(x, _below_0)) / np.log(_complex_if(n, _below_0))


@composite(np.emath.power)
def power(x, p):
    p = array_of(p)
    if p.dtype.kind not in "fc" and np.any(np.less(p, 0)):  # integers know no negative powers
        p = p * 1.0
    return find(np.power).call(_complex_if(x, _below_0), p)
