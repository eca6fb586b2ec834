"""Exponents and logarithms, roots, and floating point."""

import numpy as np

from ..registry import elementwise

_LN2 = np.log(2.0).item()
_LN10 = np.log(10.0).item()


def _share(g, a, b, out, exp):
    """g exp(a - out); of two equal infinities each has a half."""
    infinite = np.isinf(out) & (a == out)
    g = np.where(infinite & (a == b), 0.5 * g, g)
    return g * exp(np.where(infinite, 0, a) - np.where(infinite, 0, out))


elementwise(np.exp, x=lambda g, out: g * out)
elementwise(np.exp2, x=lambda g, out: g * out * _LN2)
elementwise(np.expm1, x=lambda g, out: g * (out + 1))
elementwise(np.log, x=lambda g, x: g / x)
elementwise(np.log2, x=lambda g, x: g / (x * _LN2))
elementwise(np.log10, x=lambda g, x: g / (x * _LN10))
elementwise(np.log1p, x=lambda g, x: g / (x + 1))
for function, exp in ((np.logaddexp, np.exp), (np.logaddexp2, np.exp2)):
    elementwise(
        function,
        a=lambda g, a, b, out, f=exp: _share(g, a, b, out, f),
        b=lambda g, a, b, out, f=exp: _share(g, b, a, out, f),
    )
elementwise(np.sqrt, x=lambda g, out: g / (2 * out))
elementwise(np.cbrt, x=lambda g, out: g / (3 * out * out))

elementwise(
    np.copysign,
    a=lambda g, a, out: g * np.sign(a) * np.sign(out),
    b=lambda g: np.zeros_like(g),
)
elementwise(np.ldexp, a=lambda g, b: np.ldexp(g, b))
elementwise(np.frexp, x=(lambda g, x: np.ldexp(g, -np.frexp(x)[1]), None))
elementwise(np.nextafter, a=lambda g: g, b=lambda g: np.zeros_like(g))
elementwise(np.heaviside, a=lambda g: np.zeros_like(g), b=lambda g, a: g * (a == 0))
