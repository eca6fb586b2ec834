"""Trigonometric and hyperbolic functions."""

import math

import numpy as np

from ..registry import elementwise
from .arithmetic import reduced
from .reductions import _kept

_DEGREE = np.pi / 180


def _per_square(g, side, a, b):
    """g side / (a**2 + b**2), whose square may be too large or small for a float; 0 at the origin."""
    radius = np.hypot(a, b)
    radius = np.where(radius == 0, 1, radius)
    return g * (side / radius) / radius


def _cosine(x):
    """sqrt(1 - x**2), on that side of the branch cuts where x is: 0j is taken off, which leaves the sign of a zero."""
    return np.sqrt(-(x - 1) if x.dtype.kind == "c" else 1 - x) * np.sqrt(x - -1)


elementwise(np.sin, x=lambda g, x: g * np.cos(x))
elementwise(np.cos, x=lambda g, x: -g * np.sin(x))
elementwise(np.tan, x=lambda g, out: g * (1 + out * out))
elementwise(np.arcsin, x=lambda g, x: g / _cosine(x))
elementwise(np.arccos, x=lambda g, x: -g / _cosine(x))
elementwise(np.arctan, x=lambda g, x: g / (1 + x * x))
elementwise(np.arctan2, a=lambda g, a, b: _per_square(g, b, a, b), b=lambda g, a, b: -_per_square(g, a, a, b))
elementwise(
    np.hypot,
    a=lambda g, a, out: g * a / np.where(out == 0, 1.0, out),
    b=lambda g, b, out: g * b / np.where(out == 0, 1.0, out),
)
elementwise(np.sinh, x=lambda g, x: g * np.cosh(x))
elementwise(np.cosh, x=lambda g, x: g * np.sinh(x))
elementwise(np.tanh, x=lambda g, out: g * (1.0 - out * out))
elementwise(np.arcsinh, x=lambda g, x: g / np.sqrt(x * x - -1))
elementwise(np.arccosh, x=lambda g, x: g / (np.sqrt(x - 1) * np.sqrt(x - -1)))
elementwise(np.arctanh, x=lambda g, x: g / (1 - x * x))
for to_radians in (np.deg2rad, np.radians):
    elementwise(to_radians, x=lambda g: g * _DEGREE)
for to_degrees in (np.rad2deg, np.degrees):
    elementwise(to_degrees, x=lambda g: g / _DEGREE)


def _hypot_reduce(g, array, out, axis, keepdims, where):
    """g array / out; 0 at the origin."""
    g, out = (_kept(x, array.shape, axis, keepdims) for x in (g, out))
    r = g * (array / np.where(out == 0, 1, out))
    return r if where is True else np.where(where, r, 0)


# Of sin(x) / x = 1 - x**2 / 3! + x**4 / 5! ... the derivative, the last coefficient first, over x.
_SINC = [(-1) ** k * 2 * k / math.factorial(2 * k + 1) for k in range(9, 0, -1)]


def _sinc(x):
    """The derivative of sin(x) / x. Near 0, where cos(x) / x - sin(x) / x**2 loses all digits, its power series."""
    near = np.abs(x) < 0.5
    small, large = np.where(near, x, 0), np.where(near, 1, x)
    square = small * small
    series = _SINC[0]
    for coefficient in _SINC[1:]:
        series = series * square + coefficient
    return np.where(near, small * series, (np.cos(large) - np.sin(large) / large) / large)


reduced(np.hypot, _hypot_reduce)
elementwise(np.sinc, x=lambda g, x: g * np.pi * _sinc(np.pi * x))
