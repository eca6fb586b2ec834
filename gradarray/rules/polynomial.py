"""What numpy.polynomial lets others override: coefficients from the constant up, in several variables."""

import numpy as np
from numpy.polynomial import polynomial

from ..registry import composite
from .differences import as_array


def _values(x, c):
    """The polynomials along the first axis of ``c`` at ``x``, by Horner's rule."""
    y = c[-1] + x * 0
    for i in range(2, len(c) + 1):
        y = c[-i] + y * x
    return y


def _inexact(c):
    c = as_array(c)
    return c + 0.0 if c.dtype.kind in "biu" else c


def _for_each(c, x):
    """``c`` with axes at the end for those of ``x``."""
    return np.reshape(c, (*c.shape, *(1,) * x.ndim))


def polyval2d(x, y, c):
    x, y, c = as_array(x), as_array(y), _inexact(c)
    if x.shape != y.shape:
        raise ValueError(f"polyval2d: x and y have shapes {x.shape} and {y.shape}; give the same.")
    return _values(y, _values(x, _for_each(c, x)))


def polygrid2d(x, y, c):
    x, y, c = as_array(x), as_array(y), _inexact(c)
    return _values(y, _for_each(_values(x, _for_each(c, x)), y))


for body in (polyval2d, polygrid2d):
    # NumPy has made them overridable only of late
    if hasattr(fn := getattr(polynomial, body.__name__), "_implementation"):
        composite(fn)(body)
