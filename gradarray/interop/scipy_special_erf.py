"""Ufuncs of ``scipy.special``: error functions, exponential integrals and relatives."""

import math

import numpy as np
from scipy import special

from ..registry import elementwise
from .scipy_special_gamma import even_series, private

_PER_SQRT_PI = 1 / math.sqrt(math.pi)
_PER_SQRT_2PI = 1 / math.sqrt(2 * math.pi)
_SQRT_HALF = math.sqrt(0.5)


# Error functions


def _tail(square):
    """1 + 3 square / 2 + 3 5 square**2 / 4 ...: https://dlmf.nist.gov/7.12.E1 differentiated."""
    total = 1 + square * 14.5
    for k in range(13, 0, -1):
        total = 1 + total * square * (k + 0.5)
    return total


def _far(x):
    """Where the rule for a derivative cancels, x there, and x elsewhere."""
    far = np.abs(x) > 10
    return far, np.where(far, x, 11), np.where(far, 1, x)


def erfcx_slope(x):
    """2 x erfcx(x) - 2 / sqrt(pi)."""
    far, large, small = _far(x)
    near = 2 * small * special.erfcx(small) - 2 * _PER_SQRT_PI
    left = np.real(large) < 0
    grown = 4 * large * np.where(left, np.exp(np.where(left, large, 0) ** 2), 0)
    square = 1 / (large * large)
    return np.where(far, grown - _PER_SQRT_PI * square * _tail(-square), near)


def wofz_slope(x):
    """2j / sqrt(pi) - 2 x wofz(x)."""
    return -1j * erfcx_slope(-1j * x)


def _dawsn(x):
    """1 - 2 x dawsn(x)."""
    far, large, small = _far(x)
    square = 1 / (large * large)
    tail = -square / 2 * _tail(square)
    if x.dtype.kind == "c":
        side = np.sign(np.imag(large))
        tail = tail - 1j * math.sqrt(np.pi) * side * large * np.exp(np.where(side == 0, 0, -large * large))
    return np.where(far, tail, 1 - 2 * small * special.dawsn(small))


def _voigt(g, a, b, c, part):
    """``part`` of the derivative of wofz((a + 1j c) / (b sqrt(2))) over that and over b sqrt(2 pi)."""
    slope = wofz_slope((a + 1j * c) * _SQRT_HALF / b)
    return g * part(slope) * (_SQRT_HALF * _PER_SQRT_2PI) / (b * b)


def _voigt_b(g, a, b, c, out):
    """By the degree, -1, of the function as a whole: -(out + a d/da + c d/dc) / b."""
    return -(g * out + a * _voigt(g, a, b, c, np.real) - c * _voigt(g, a, b, c, np.imag)) / b


def normal_ratio(x):
    """The normal density over its distribution function, without either of them vanishing."""
    return 2 * _PER_SQRT_2PI / special.erfcx(-_SQRT_HALF * x)


elementwise(special.erf, x=lambda g, x: g * 2 * _PER_SQRT_PI * np.exp(-x * x))
elementwise(special.erfc, x=lambda g, x: -g * 2 * _PER_SQRT_PI * np.exp(-x * x))
elementwise(special.erfi, x=lambda g, x: g * 2 * _PER_SQRT_PI * np.exp(x * x))
elementwise(special.erfcx, x=lambda g, x: g * erfcx_slope(x))
elementwise(special.wofz, x=lambda g, x: g * wofz_slope(x))
elementwise(special.dawsn, x=lambda g, x: g * _dawsn(x))
elementwise(special.erfinv, x=lambda g, out: g / (2 * _PER_SQRT_PI) * np.exp(out * out))
elementwise(special.erfcinv, x=lambda g, out: -g / (2 * _PER_SQRT_PI) * np.exp(out * out))
elementwise(
    special.voigt_profile,
    a=lambda g, a, b, c: _voigt(g, a, b, c, np.real),
    b=_voigt_b,
    c=lambda g, a, b, c: -_voigt(g, a, b, c, np.imag),
)
elementwise(special.ndtr, x=lambda g, x: g * _PER_SQRT_2PI * np.exp(-x * x / 2))
elementwise(special.log_ndtr, x=lambda g, x: g * normal_ratio(x))
elementwise(special.ndtri, x=lambda g, out: g / _PER_SQRT_2PI * np.exp(out * out / 2))
elementwise(special.ndtri_exp, x=lambda g, out: g / normal_ratio(out))
elementwise(
    special.fresnel,
    x=(lambda g, x: g * np.sin(np.pi / 2 * x * x), lambda g, x: g * np.cos(np.pi / 2 * x * x)),
)
# With t = exp(1j pi / 4): the second is erfcx(x / t) / 2, and below erfcx(x t) / 2.
for function, sign in ((special.modfresnelp, 1), (special.modfresnelm, -1)):
    turn = complex(_SQRT_HALF, -sign * _SQRT_HALF)
    elementwise(
        function,
        x=(
            lambda g, x, s=sign: -g * np.exp(s * 1j * x * x),
            lambda g, x, t=turn: g * t / 2 * erfcx_slope(t * x),
        ),
    )


# Exponential integrals and relatives

_SINC = [1 / math.factorial(2 * k + 1) for k in range(11)]
_ALTERNATING = [(-1) ** k * c for k, c in enumerate(_SINC)]


def _spence(x):
    """log(x) / (1 - x); near 1 the hypergeometric function that it is, https://dlmf.nist.gov/15.4.E1."""
    near = np.abs(x - 1) < 0.5
    far = np.where(near, 2, x)
    return np.where(
        near, -special.hyp2f1(1.0, 1.0, 2.0, 1 - np.where(near, x, 1), dtype=x.dtype), np.log(far) / (1 - far)
    )


def _expn(n, x):
    """Of order n - 1; of order -1 https://dlmf.nist.gov/8.19.E12, for SciPy has none that is negative."""
    zero = n == 0
    inner = np.where(zero, x, 1)
    return np.where(zero, (np.exp(-inner) + special.expn(n * 0, inner)) / inner, special.expn(n - (n > 0), x))


elementwise(special.expn, b=lambda g, a, b: -g * _expn(a, b))
elementwise(special.exp1, x=lambda g, x: -g * np.exp(-x) / x)
elementwise(special.expi, x=lambda g, x: g * np.exp(x) / x)
elementwise(
    special.sici,
    x=(
        lambda g, x: g * even_series(x, _ALTERNATING, lambda x: np.sin(x) / x),
        lambda g, x: g * np.cos(x) / x,
    ),
)
elementwise(
    special.shichi,
    x=(lambda g, x: g * even_series(x, _SINC, lambda x: np.sinh(x) / x), lambda g, x: g * np.cosh(x) / x),
)
elementwise(special.spence, x=lambda g, x: g * _spence(x))
elementwise(special._ufuncs._lambertw, a=lambda g, out: g * np.exp(-out) / (1 + out))
elementwise(special.wrightomega, x=lambda g, out: g * out / (1 + out))


def _scaled_exp1(x, out):
    """Of x exp(x) exp1(x): out (1 + 1 / x) - 1, which cancels; beyond 50 https://dlmf.nist.gov/6.12.E1."""
    far = x > 50
    large, small = np.where(far, x, 51), np.where(far, 1, x)
    series = 20 / large
    for k in range(19, 0, -1):
        series = (k - (k + 1) * series) / large
    return np.where(far, series / large, np.where(far, 0, out) * (1 + 1 / small) - 1)


private("_scaled_exp1", x=lambda g, x, out: g * _scaled_exp1(x, out))
