"""Ufuncs of ``scipy.special``: elementary functions, gamma and beta functions; and what the rules for others share.

Gradients for a complex argument are those of a holomorphic function. At poles they are nan or infinite, as derivatives
are; where a derivative has a limit it is that.
"""

import math
from typing import Any

import numpy as np
from scipy import special

from ..registry import dispatched, elementwise, unwrap
from ..rules.arithmetic import _power_a, _power_b

_LN10 = math.log(10)
_DEGREE = math.pi / 180


absent: dict[str, dict[str, Any]] = {}  # older versions of SciPy have some among those of scipy.stats


def private(name, **vjps):
    """Register a ufunc that public functions of SciPy, or its distributions, call; not all versions have each."""
    if hasattr(special._ufuncs, name):
        elementwise(getattr(special._ufuncs, name), **vjps)
    else:
        absent[name] = vjps


def real_only(x, name):
    """``x``; an error if it is complex."""
    if x.dtype.kind == "c":
        raise TypeError(f"{name} of complex numbers cannot be written in SciPy's functions; give real ones.")
    return x


def typed(*values):
    """Values among which a Python number has the dtype of the others: ufuncs of SciPy take it for double precision."""
    scalar = np.result_type(*unwrap(values)).type
    return [value if hasattr(value, "dtype") else scalar(value) for value in values]


def even_series(x, coefficients, far):
    """Near 0, where ``far(x)`` is 0 / 0 or cancels, the power series in x**2 whose coefficients these are."""
    near = np.abs(x) < 1
    square = np.where(near, x, 0) ** 2
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * square + coefficient
    return np.where(near, total, far(np.where(near, 1, x)))


def _level(x, value, times):
    return np.full_like(x, value)


def _level_x(g, x, times):
    """None, and an error where what ends in ``level`` was only good for so many derivatives."""
    if times == 0:
        raise TypeError("scipy.special: higher derivatives at this point cannot be written in SciPy's functions.")
    return g * level(x, 0.0, times - 1)


def _through(x, times):
    return x * 1


# ``value`` everywhere, and ``x`` itself, of which so many derivatives may be taken
level, through = dispatched(_level), dispatched(_through)
elementwise(_level, x=_level_x)
elementwise(_through, x=lambda g, x, times: g * level(x, 1.0, times - 1))


# Elementary functions


def _quotient(a, b):
    """a / b; 0 where both are 0."""
    return a / np.where((a == 0) & (b == 0), 1, b)


def exprel_slope(x):
    """The derivative of (exp(x) - 1) / x, https://dlmf.nist.gov/13.6.E2 and https://dlmf.nist.gov/13.3.E15."""
    return special.hyp1f1(2.0, 3.0, x) / 2


def box(zero, size, power):
    """The derivative by ``power`` of (exp(power size) - 1) / power; where ``zero``, size is minus infinity instead."""
    edge = np.where(power > 0, 1 / np.where(power == 0, 1, power) ** 2, np.inf)
    return np.where(zero, edge, size * size * exprel_slope(power * size))


def _power1p(a, b):
    """(1 + a)**(b - 1)."""
    return np.exp(special.xlog1py(b - 1, a))


def _unbox(a, b):
    """The derivative of log1p(a b) / b by b, https://dlmf.nist.gov/15.4.E1 differentiated."""
    return -a * a / 2 * special.hyp2f1(2.0, 2.0, 3.0, -a * b, dtype=(a * b).dtype)


def _pseudo_huber_a(g, a, b, h):
    """(h - a)**2 / h, where h = hypot(a, b)."""
    excess = b * _quotient(b, h + a)
    return g * excess * _quotient(excess, h)


def _hypotenuse(a, b):
    return np.where((a == 0) & (b == 0), 1, np.hypot(a, b))


elementwise(special.exp2, x=lambda g, out: g * out * math.log(2))
elementwise(special.exp10, x=lambda g, out: g * out * _LN10)
elementwise(special.expm1, x=lambda g, out: g * (out + 1))
elementwise(special.log1p, x=lambda g, x: g / (x + 1))
elementwise(special.cbrt, x=lambda g, out: g / (3 * out * out))
elementwise(special.cosm1, x=lambda g, x: -g * np.sin(x))
elementwise(special.powm1, a=_power_a, b=lambda g, a, out: _power_b(g, a, out + 1))
elementwise(special.sindg, x=lambda g, x: g * _DEGREE * special.cosdg(x))
elementwise(special.cosdg, x=lambda g, x: -g * _DEGREE * special.sindg(x))
elementwise(special.tandg, x=lambda g, out: g * _DEGREE * (1 + out * out))
elementwise(special.cotdg, x=lambda g, out: -g * _DEGREE * (1 + out * out))
elementwise(special.radian, a=lambda g: g * _DEGREE, b=lambda g: g * (_DEGREE / 60), c=lambda g: g * (_DEGREE / 3600))
elementwise(special.expit, x=lambda g, x, out: g * out * special.expit(-x))
elementwise(special.log_expit, x=lambda g, x: g * special.expit(-x))
elementwise(special.logit, x=lambda g, x: g / (x * (1 - x)))
elementwise(special.exprel, x=lambda g, x: g * exprel_slope(x))
elementwise(special.xlogy, a=lambda g, b, out: g * np.log(b, dtype=out.dtype), b=lambda g, a, b: g * _quotient(a, b))
elementwise(
    special.xlog1py, a=lambda g, b, out: g * np.log1p(b, dtype=out.dtype), b=lambda g, a, b: g * _quotient(a, b + 1)
)
elementwise(special.entr, x=lambda g, x: -g * (np.log(x) + 1))
elementwise(special.rel_entr, a=lambda g, a, b: g * (np.log(a / b) + 1), b=lambda g, a, b: -g * _quotient(a, b))
elementwise(special.kl_div, a=lambda g, a, b: g * np.log(a / b), b=lambda g, a, b: g * (1 - _quotient(a, b)))
elementwise(
    special.huber,
    a=lambda g, a, b: np.where(abs(b) <= a, 0, g * (abs(b) - a)),
    b=lambda g, a, b: g * np.where(abs(b) <= a, b, a * np.sign(b)),
)
elementwise(
    special.pseudo_huber,
    a=lambda g, a, b: _pseudo_huber_a(g, a, b, _hypotenuse(a, b)),
    b=lambda g, a, b: g * a * (b / _hypotenuse(a, b)),
)
elementwise(
    special.boxcox,
    a=lambda g, a, b: g * a ** (b - 1),
    b=lambda g, a, b, out: g * box(a == 0, np.log(np.where(a == 0, 1, a), dtype=out.dtype), b),
)
elementwise(
    special.boxcox1p,
    a=lambda g, a, b: g * _power1p(*typed(a, b)),
    b=lambda g, a, b, out: g * box(a == -1, np.log1p(np.where(a == -1, 0, a), dtype=out.dtype), b),
)
elementwise(
    special.inv_boxcox, a=lambda g, a, b, out: g * out / (1 + a * b), b=lambda g, a, b, out: g * out * _unbox(a, b)
)
elementwise(
    special.inv_boxcox1p,
    a=lambda g, a, b, out: g * (out + 1) / (1 + a * b),
    b=lambda g, a, b, out: g * (out + 1) * _unbox(a, b),
)
private("_sinpi", x=lambda g, x: g * np.pi * special._ufuncs._cospi(x))
private("_cospi", x=lambda g, x: -g * np.pi * special._ufuncs._sinpi(x))
private("_log1mexp", x=lambda g, x: -g / np.expm1(-x))
private("_log1pmx", x=lambda g, x: -g * x / (1 + x))


# Gamma and beta functions


# Of 1 / w + 1 / (2 w**2) + b / w**3 ... the Bernoulli numbers b, https://dlmf.nist.gov/24.2#T1, the last one first
_BERNOULLI = (-3617 / 510, 7 / 6, -691 / 2730, 5 / 66, -1 / 30, 1 / 42, -1 / 30, 1 / 6)


def _trigamma(z):
    """By https://dlmf.nist.gov/5.15.E8 ten steps on: SciPy's zeta takes five times as long, and no complex z.

    On the left by reflection, https://dlmf.nist.gov/5.15.E6.
    """
    left = np.real(z) < 0.5
    near = np.where(left, 1 - z, z)
    w = 1 / (near + 10)
    series = _BERNOULLI[0]
    for b in _BERNOULLI[1:]:
        series = b + series * w * w
    total = w + w * w / 2 + series * w * w * w
    for k in range(10):
        total = total + 1 / (near + k) ** 2
    sine = special._ufuncs._sinpi(np.where(left, z, 0.5))
    return np.where(left, (np.pi / sine) ** 2 - total, total)


def _rgamma(x, out):
    """-psi(x) / gamma(x), on the left by https://dlmf.nist.gov/5.5.E3, which has no poles there."""
    left = np.real(x) < 0.5
    y, right = 1 - np.where(left, x, 0), np.where(left, 1, x)
    sine, cosine = special._ufuncs._sinpi(y), -special._ufuncs._cospi(y)
    return np.where(left, special.gamma(y) * (cosine - special.psi(y) * sine / np.pi), -out * special.psi(right))


def gamma_density(a, x):
    """x**(a - 1) exp(-x) / gamma(a)."""
    a, x = typed(a, x)
    zero = x == 0
    inner, edge = np.where(zero, 1, x), np.where(zero, x, 1)
    with np.errstate(divide="ignore"):  # for a < 1 it is infinite there
        at_zero = edge ** (a - 1) * np.exp(-edge) * special.rgamma(a)
    return np.where(zero, at_zero, special._ufuncs._igam_fac(a, inner) / inner)


def beta_density(a, b, x):
    """x**(a - 1) (1 - x)**(b - 1) / beta(a, b)."""
    a, b, x = typed(a, b, x)
    return np.exp(special.xlogy(a - 1, x) + special.xlog1py(b - 1, -x) - special.betaln(a, b))


def _difference(a, b):
    return special.psi(a) - special.psi(b)


elementwise(special.gamma, x=lambda g, x, out: g * out * special.psi(x))
elementwise(special.gammaln, x=lambda g, x: g * special.psi(x))
elementwise(special.loggamma, x=lambda g, x: g * special.psi(x))
elementwise(special.rgamma, x=lambda g, x, out: g * _rgamma(x, out))
elementwise(special.psi, x=lambda g, x: g * _trigamma(x))
elementwise(special._ufuncs._zeta, b=lambda g, a, b: -g * a * special._ufuncs._zeta(a + 1, b))
elementwise(
    special.beta,
    a=lambda g, a, b, out: g * out * _difference(a, a + b),
    b=lambda g, a, b, out: g * out * _difference(b, a + b),
)
elementwise(special.betaln, a=lambda g, a, b: g * _difference(a, a + b), b=lambda g, a, b: g * _difference(b, a + b))


def _over_gamma(c, top, bottom, out, other):
    """Out (other - psi(c)), for out = gamma(top) / (gamma(bottom) gamma(c)); finite where c is a pole."""
    pole = (c <= 0) & (c == np.floor(c))
    if not np.any(pole):
        return out * (other - special.psi(c))
    inside, edge = np.where(pole, 1, c), np.where(pole, c, 1)
    rest = special.gamma(np.where(pole, top, 1)) * special.rgamma(bottom)
    return np.where(pole, rest * _rgamma(edge, special.rgamma(edge)), -out * special.psi(inside)) + out * other


def _binom_a(g, a, b, out):
    a, b = typed(a, b)
    return g * _over_gamma(a - b + 1, a + 1, b + 1, out, special.psi(a + 1))


def _binom_b(g, a, b, out):
    a, b = typed(a, b)
    return -g * _over_gamma(a - b + 1, a + 1, b + 1, out, special.psi(b + 1))


def _poch_a(g, a, b, out):
    a, b = typed(a, b)
    return g * _over_gamma(a, a + b, np.ones_like(unwrap(a)), out, special.psi(a + b))


elementwise(special.poch, a=_poch_a, b=lambda g, a, b, out: g * out * special.psi(a + b))
elementwise(special.binom, a=_binom_a, b=_binom_b)
for function, sign in ((special.gammainc, 1), (special.gammaincc, -1)):
    elementwise(function, b=lambda g, a, b, s=sign: s * g * gamma_density(a, b))
for function, sign in ((special.gammaincinv, 1), (special.gammainccinv, -1)):
    elementwise(function, b=lambda g, a, out, s=sign: s * g / gamma_density(a, out))
for function, sign in ((special.betainc, 1), (special.betaincc, -1)):
    elementwise(function, c=lambda g, a, b, c, s=sign: s * g * beta_density(a, b, c))
for function, sign in ((special.betaincinv, 1), (special.betainccinv, -1)):
    elementwise(function, c=lambda g, a, b, out, s=sign: s * g / beta_density(a, b, out))
private(
    "_igam_fac",
    a=lambda g, a, b, out: g * out * (np.log(b, dtype=out.dtype) - special.psi(a)),
    b=lambda g, a, b, out: g * out * (a / b - 1),
)
private("_lgam1p", x=lambda g, x: g * special.psi(x + 1))
private("_factorial", x=lambda g, x, out: g * out * special.psi(np.where(x < 0, 1, x + 1)))
