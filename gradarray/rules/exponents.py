"""Exponents and logarithms, roots, and floating point."""

import numpy as np

from ..registry import elementwise

_LN2 = np.log(2.0).item()
_LN10 = np.log(10.0).item()

elementwise(np.exp, x=lambda g, out: g * out)
elementwise(np.exp2, x=lambda g, out: g * out * _LN2)
elementwise(np.expm1, x=lambda g, out: g * (out + 1))
elementwise(np.log, x=lambda g, x: g / x)
elementwise(np.log2, x=lambda g, x: g / (x * _LN2))
elementwise(np.log10, x=lambda g, x: g / (x * _LN10))
elementwise(np.log1p, x=lambda g, x: g / (x + 1))
elementwise(np.logaddexp, a=lambda g, a, out: g * np.exp(a - out), b=lambda g, b, out: g * np.exp(b - out))
elementwise(np.logaddexp2, a=lambda g, a, out: g * np.exp2(a - out), b=lambda g, b, out: g * np.exp2(b - out))
elementwise(np.sqrt, x=lambda g, out: g / (2 * out))
elementwise(np.cbrt, x=lambda g, out: g / (3 * out * out))

elementwise(
    np.copysign,
    a=lambda g, a, b: g * np.copysign(1.0, a) * np.copysign(1.0, b) * (a != 0),
    b=lambda g: 0 * g,
)
elementwise(np.ldexp, a=lambda g, b: np.ldexp(g, b))
elementwise(np.frexp, x=(lambda g, x: np.ldexp(g, -np.frexp(x)[1]), None))
elementwise(np.nextafter, a=lambda g: g, b=lambda g: 0 * g)
elementwise(np.heaviside, a=lambda g: 0 * g, b=lambda g, a: g * (a == 0))
