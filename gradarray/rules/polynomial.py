"""What numpy.polynomial lets others override: coefficients from the constant up, in several variables."""

import numpy as np
from numpy.polynomial import polynomial

from ..registry import composite
from .shape import array_of
from .versions import overridable


def _values(x, c):
    """The polynomials along the first axis of ``c`` at ``x``, by Horner's rule."""
    y = c[-1] + x * 0
    for i in range(2, len(c) + 1):
        y = c[-i] + y * x
    return y


def _inexact(c):
    c = array_of(c)
    return c + 0.0 if c.dtype.kind in "biu" else c


def _for_each(c, x):
    """``c`` with axes at the end for those of ``x``."""
    return np.reshape(c, (*c.shape, *(1,) * x.ndim))


def polyvalnd(pts, c):
    x, *rest = map(array_of, pts)
    if any(y.shape != x.shape for y in rest):
        raise ValueError(f"the points have shapes {x.shape}, {', '.join(str(y.shape) for y in rest)}; give the same.")
    values = _values(x, _for_each(_inexact(c), x))
    for y in rest:
        values = _values(y, values)
    return values


def polyval2d(x, y, c):
    return polyvalnd((x, y), c)


def polygrid2d(x, y, c):
    x, y, c = array_of(x), array_of(y), _inexact(c)
    return _values(y, _for_each(_values(x, _for_each(c, x)), y))


for body in (polyval2d, polygrid2d, polyvalnd):
    for fn in overridable(polynomial, body.__name__):
        composite(fn)(body)
