"""Trigonometric and hyperbolic functions."""

import numpy as np

from ..registry import elementwise

_DEGREE = np.pi / 180


def _per_square(g, side, a, b):
    """g side / (a**2 + b**2), whose square may be too large or small for a float; 0 at the origin."""
    radius = np.hypot(a, b)
    radius = np.where(radius == 0, 1, radius)
    return g * (side / radius) / radius


elementwise(np.sin, x=lambda g, x: g * np.cos(x))
elementwise(np.cos, x=lambda g, x: -g * np.sin(x))
elementwise(np.tan, x=lambda g, out: g * (1 + out * out))
elementwise(np.arcsin, x=lambda g, x: g / np.sqrt(1 - x * x))
elementwise(np.arccos, x=lambda g, x: -g / np.sqrt(1 - x * x))
elementwise(np.arctan, x=lambda g, x: g / (1 + x * x))
elementwise(np.arctan2, a=lambda g, a, b: _per_square(g, b, a, b), b=lambda g, a, b: -_per_square(g, a, a, b))
elementwise(
    np.hypot,
    a=lambda g, a, out: g * a / np.where(out == 0, 1.0, out),
    b=lambda g, b, out: g * b / np.where(out == 0, 1.0, out),
)
elementwise(np.sinh, x=lambda g, x: g * np.cosh(x))
elementwise(np.cosh, x=lambda g, x: g * np.sinh(x))
elementwise(np.tanh, x=lambda g, out: g * (1 - out * out))
elementwise(np.arcsinh, x=lambda g, x: g / np.sqrt(1 + x * x))
elementwise(np.arccosh, x=lambda g, x: g / (np.sqrt(x - 1) * np.sqrt(x + 1)))
elementwise(np.arctanh, x=lambda g, x: g / (1 - x * x))
for to_radians in (np.deg2rad, np.radians):
    elementwise(to_radians, x=lambda g: g * _DEGREE)
for to_degrees in (np.rad2deg, np.degrees):
    elementwise(to_degrees, x=lambda g: g / _DEGREE)
