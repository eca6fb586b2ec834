"""Arithmetic, and the choice between two values."""

import numpy as np

from ..registry import elementwise, identity


def _power_a(g, a, b):
    """b a**(b - 1); 0 where the exponent is 0, whatever the base."""
    return g * b * a ** (b - (b != 0))


def _power_b(g, a, out):
    """out log(a); 0 where the base is 0. The dtype is given because ``a`` may be a number without one."""
    return g * out * np.log(a + (a == 0), dtype=out.dtype)


def _first(wins):
    """Gradient to the value that ``wins(a, b)``; a tie is shared equally. A nan goes to itself."""
    return lambda g, a, b: np.where(a == b, 0.5 * g, np.where(wins(a, b), g, 0))


def _larger(a, b):
    return (a > b) | (a != a)


def _smaller(a, b):
    return (a < b) | (a != a)


def _larger_number(a, b):
    return (a > b) | (b != b)


def _smaller_number(a, b):
    return (a < b) | (b != b)


elementwise(np.add, a=identity, b=identity)
elementwise(np.subtract, a=identity, b=lambda g: -g)
multiply = elementwise(np.multiply, a=lambda g, b: g * b, b=lambda g, a: g * a)
elementwise(np.divide, a=lambda g, b: g / b, b=lambda g, b, out: -g * out / b)
elementwise(np.negative, x=lambda g: -g)
elementwise(np.positive, x=identity)
elementwise(np.reciprocal, x=lambda g, out: -g * out * out)
for power in (np.power, np.float_power):
    elementwise(power, a=_power_a, b=_power_b)
multiply.of_itself = elementwise(np.square, x=lambda g, x: 2 * g * x)
elementwise(np.fabs, x=lambda g, x: g * np.sign(x))
for remainder, quotient in ((np.remainder, np.floor_divide), (np.fmod, lambda a, b: np.trunc(a / b))):
    elementwise(remainder, a=lambda g: g, b=lambda g, a, b, q=quotient: -g * q(a, b))
elementwise(np.divmod, a=(None, lambda g: g), b=(None, lambda g, a, b: -g * np.floor_divide(a, b)))
elementwise(np.modf, x=(lambda g: g, None))
for extreme, wins in (
    (np.maximum, _larger),
    (np.minimum, _smaller),
    (np.fmax, _larger_number),
    (np.fmin, _smaller_number),
):
    share = _first(wins)
    elementwise(extreme, a=share, b=lambda g, a, b, f=share: f(g, b, a)).selects = True
