"""Ufuncs of ``scipy.special``: Bessel, Airy, Struve, Kelvin, parabolic cylinder, Mathieu and spheroidal functions.

Their derivatives are by the argument: by the order none has one that can be written in SciPy's functions.
"""

import math
from typing import Any

import numpy as np
from scipy import special

from ..registry import elementwise, unwrap
from ..rules.complex import _inverse
from .scipy_special_gamma import even_series, level, private, real_only

# Bessel functions. Half the difference of the neighbours, https://dlmf.nist.gov/10.6.E1, holds at 0 as well.


def _half(f, v, x, sign=-1):
    """(f(v - 1, x) + sign f(v + 1, x)) / 2."""
    return (f(v - 1, x) + sign * f(v + 1, x)) / 2


elementwise(special.j0, x=lambda g, x: -g * special.j1(x))
elementwise(special.y0, x=lambda g, x: -g * special.y1(x))
elementwise(special.i0, x=lambda g, x: g * special.i1(x))
elementwise(special.k0, x=lambda g, x: -g * special.k1(x))
elementwise(special.j1, x=lambda g, x: g * (special.j0(x) - special.jv(2.0, x)) / 2)
elementwise(special.y1, x=lambda g, x: g * (special.y0(x) - special.yv(2.0, x)) / 2)
elementwise(special.i1, x=lambda g, x: g * (special.i0(x) + special.iv(2.0, x)) / 2)
elementwise(special.k1, x=lambda g, x: -g * (special.k0(x) + special.kv(2.0, x)) / 2)
elementwise(special.i0e, x=lambda g, x, out: g * (special.i1e(x) - np.sign(x) * out))
elementwise(special.i1e, x=lambda g, x, out: g * ((special.i0e(x) + special.ive(2.0, x)) / 2 - np.sign(x) * out))
elementwise(special.k0e, x=lambda g, x, out: g * (out - special.k1e(x)))
elementwise(special.k1e, x=lambda g, x, out: g * (out - (special.k0e(x) + special.kve(2.0, x)) / 2))
for function in (special.jv, special.yv, special.yn, special.hankel1, special.hankel2):
    elementwise(function, b=lambda g, a, b, f=function: g * _half(f, a, b))
elementwise(special.iv, b=lambda g, a, b: g * _half(special.iv, a, b, 1))
for function in (special.kv, special.kn):
    elementwise(function, b=lambda g, a, b, f=function: -g * _half(f, a, b, 1))
elementwise(special.kve, b=lambda g, a, b, out: g * (out - _half(special.kve, a, b, 1)))
elementwise(special.hankel1e, b=lambda g, a, b, out: g * (_half(special.hankel1e, a, b) - 1j * out))
elementwise(special.hankel2e, b=lambda g, a, b, out: g * (_half(special.hankel2e, a, b) + 1j * out))
# their scale, exp(-abs(x.imag)) or exp(-abs(x.real)), is not holomorphic
for function in (special.jve, special.yve):
    name = f"{function.__name__}, which is not holomorphic,"
    elementwise(function, b=lambda g, a, b, f=function, n=name: g * _half(f, a, real_only(b, n)))
elementwise(
    special.ive,
    b=lambda g, a, b, out: (
        g * (_half(special.ive, a, real_only(b, "ive, which is not holomorphic,"), 1) - np.sign(b) * out)
    ),
)
private("_iv_ratio", b=lambda g, a, b, out: g * (1 - out * out - (2 * a - 1) / b * out))
private("_iv_ratio_c", b=lambda g, a, b, out: g * ((1 - out) ** 2 + (2 * a - 1) / b * (1 - out) - 1))


def share(n, out):
    """n / (2 n + 1) in the precision of ``out``."""
    n = np.asarray(n)
    return (n / (2 * n + 1)).astype(np.finfo(out.dtype).dtype)


def _spherical(name, below, above):
    """https://dlmf.nist.gov/10.51.E2 and its like: for the function, and the same for its derivative.

    They hold at 0 as well. What stands before the function of order n - 1 is 0 for n = 0.
    """
    plain, slope = (getattr(special._ufuncs, f"_spherical_{name}{d}") for d in ("", "_d"))

    def vjp(g, a, b, out, f=slope):
        part = share(a, out)
        return g * (below * part * f(np.maximum(a - 1, 0), b) + above * (1 - part) * f(a + 1, b))

    elementwise(plain, b=lambda g, a, b: g * slope(a, b))
    elementwise(slope, b=vjp)


for name, below, above in (("jn", 1, -1), ("yn", 1, -1), ("in", 1, 1), ("kn", -1, -1)):
    _spherical(name, below, above)

_J0 = [(-1) ** (k + 1) / (4**k * math.factorial(k) ** 2) for k in range(1, 12)]
_I0 = [1 / (4**k * math.factorial(k) ** 2) for k in range(1, 12)]
elementwise(special.itj0y0, x=(lambda g, x: g * special.j0(x), lambda g, x: g * special.y0(x)))
elementwise(special.iti0k0, x=(lambda g, x: g * special.i0(x), lambda g, x: g * special.k0(x)))
elementwise(
    special.it2j0y0,
    x=(
        lambda g, x: g * x * even_series(x, _J0, lambda x: (1 - special.j0(x)) / (x * x)),
        lambda g, x: -g * special.y0(x) / x,
    ),
)
elementwise(
    special.it2i0k0,
    x=(
        lambda g, x: g * x * even_series(x, _I0, lambda x: (special.i0(x) - 1) / (x * x)),
        lambda g, x: -g * special.k0(x) / x,
    ),
)
elementwise(
    special.besselpoly,
    a=lambda g, a, b, c: g * (special.besselpoly(a, b + 1, c - 1) - special.besselpoly(a, b + 1, c + 1)),
)


# Airy functions


def _airye(g, x, k):
    """Of Ai exp(z), where z = 2 / 3 x**1.5, and of its derivative; of Bi exp(-abs(z.real)) for real x."""
    root = np.sqrt(x)
    found = special.airye(x)
    return g * ((found[1] if k == 0 else x * found[0]) + root * found[k])


def _airye_b(g, x, k):
    root = np.sqrt(np.maximum(real_only(x, "airye's Bi, which is not holomorphic,"), 0))
    found = special.airye(x)
    return g * ((found[3] if k == 2 else x * found[2]) - root * found[k])


elementwise(
    special.airy,
    x=(
        lambda g, x: g * special.airy(x)[1],
        lambda g, x: g * x * special.airy(x)[0],
        lambda g, x: g * special.airy(x)[3],
        lambda g, x: g * x * special.airy(x)[2],
    ),
)
elementwise(
    special.airye,
    x=(
        lambda g, x: _airye(g, x, 0),
        lambda g, x: _airye(g, x, 1),
        lambda g, x: _airye_b(g, x, 2),
        lambda g, x: _airye_b(g, x, 3),
    ),
)
elementwise(
    special.itairy,
    x=(
        lambda g, x: g * special.airy(x)[0],
        lambda g, x: g * special.airy(x)[2],
        lambda g, x: g * special.airy(-x)[0],
        lambda g, x: g * special.airy(-x)[2],
    ),
)


# Struve functions


def _edge(v, x):
    """(x / 2)**v / (sqrt(pi) gamma(v + 3 / 2))."""
    return (x / 2) ** v * special.rgamma(v + 1.5).astype(x.dtype) / math.sqrt(math.pi)


def _zeros(x):
    """An order of 0 in the precision of ``x``."""
    return np.zeros_like(unwrap(x))


def _struve(v, x):
    """https://dlmf.nist.gov/11.4.E27; near 0, where that is 0 / 0, https://dlmf.nist.gov/11.4.E25."""
    near = np.abs(x) < 1
    small, large = np.where(near, x, 1), np.where(near, 1, x)
    at_small = _half(special.struve, v, small) + _edge(v, small) / 2
    return np.where(near, at_small, special.struve(v - 1, large) - v / large * special.struve(v, large))


_H0 = [2 / math.pi * (-1) ** k / math.prod(range(1, 2 * k + 2, 2)) ** 2 for k in range(11)]
elementwise(special.struve, b=lambda g, a, b: g * _struve(a, b))
elementwise(special.modstruve, b=lambda g, a, b: g * (_half(special.modstruve, a, b, 1) + _edge(a, b) / 2))
elementwise(special.itstruve0, x=lambda g, x: g * special.struve(_zeros(x), x))
elementwise(special.itmodstruve0, x=lambda g, x: g * special.modstruve(_zeros(x), x))
elementwise(special.it2struve0, x=lambda g, x: -g * even_series(x, _H0, lambda x: special.struve(_zeros(x), x) / x))


# Kelvin functions: w = ber + 1j bei, and w = ker + 1j kei, solve x w'' + w' = 1j x w


def _kelvin(slope, other, x, limit):
    """``other`` - slope / x; at 0 its limit, which has the one derivative 0."""
    zero = x == 0
    found = other - slope * _inverse(x)
    return np.where(zero, level(x, 0.0, 1) + limit, found) if np.any(zero) else found


elementwise(special.ber, x=lambda g, x: g * special.berp(x))
elementwise(special.bei, x=lambda g, x: g * special.beip(x))
elementwise(special.ker, x=lambda g, x: g * special.kerp(x))
elementwise(special.kei, x=lambda g, x: g * special.keip(x))
elementwise(special.berp, x=lambda g, x, out: g * _kelvin(out, -special.bei(x), x, 0))
elementwise(special.beip, x=lambda g, x, out: g * _kelvin(out, special.ber(x), x, 0.5))
elementwise(special.kerp, x=lambda g, x, out: g * (-special.kei(x) - out / x))
elementwise(special.keip, x=lambda g, x, out: g * (special.ker(x) - out / x))
elementwise(
    special.kelvin,
    x=(
        lambda g, x: g * special.kelvin(x)[2],
        lambda g, x: g * special.kelvin(x)[3],
        lambda g, x, out: g * _kelvin(out, 1j * special.kelvin(x)[0], x, 0.5j),
        lambda g, x, out: g * (1j * special.kelvin(x)[1] - out / x),
    ),
)


# Functions given with their derivative, which solve an equation of second order

_OF = {
    2: lambda f: lambda g, a, b: f(g, a, b),
    3: lambda f: lambda g, a, b, c: f(g, a, b, c),
    4: lambda f: lambda g, a, b, c, d: f(g, a, b, c, d),
    5: lambda f: lambda g, a, b, c, d, e: f(g, a, b, c, d, e),
}


def _solves(equation, *functions, unit=1.0):
    """Register functions of (..., x) that give y and y', where ``equation(y, y', ..., x)`` is y''; x is in ``unit``."""
    for f in functions:
        first = _OF[f.nin](lambda g, *args, f=f: g * unit * f(*args)[1])
        second = _OF[f.nin](lambda g, *args, f=f: g * unit * equation(*f(*args), *args))
        vjps: dict[str, Any] = {"abcde"[f.nin - 1]: (first, second)}
        elementwise(f, None, **vjps)


def _spheroidal(y, slope, m, n, c, cv, x):
    """https://dlmf.nist.gov/30.2.E1, for the radial functions as well."""
    one = 1 - x * x
    return (2 * x * slope - (cv - c * c * x * x - m * m / one) * y) / one


def _oblate_radial(y, slope, m, n, c, cv, x):
    one = 1 + x * x
    return -(2 * x * slope - (cv - c * c * x * x - m * m / one) * y) / one


def _oblate(y, slope, m, n, c, cv, x):
    one = 1 - x * x
    return (2 * x * slope - (cv + c * c * x * x - m * m / one) * y) / one


def _with_value(equation, value):
    """``equation`` with the characteristic value that the functions compute for themselves."""
    return lambda y, slope, m, n, c, x: equation(y, slope, m, n, c, value(m, n, c), x)


def _mathieu(value):
    """https://dlmf.nist.gov/28.2.E1, by degrees."""
    return lambda y, slope, m, q, x: (2 * q * special.cosdg(2 * x) - value(m, q)) * y


def _modified_mathieu(value):
    """https://dlmf.nist.gov/28.20.E1"""
    return lambda y, slope, m, q, x: (value(m, q) - 2 * q * np.cosh(2 * x)) * y


_solves(lambda y, slope, v, x: (x * x / 4 - v - 0.5) * y, special.pbdv, special.pbvv)
_solves(lambda y, slope, a, x: (a - x * x / 4) * y, special.pbwa)
_solves(_mathieu(special.mathieu_a), special.mathieu_cem, unit=math.pi / 180)
_solves(_mathieu(special.mathieu_b), special.mathieu_sem, unit=math.pi / 180)
_solves(_modified_mathieu(special.mathieu_a), special.mathieu_modcem1, special.mathieu_modcem2)
_solves(_modified_mathieu(special.mathieu_b), special.mathieu_modsem1, special.mathieu_modsem2)
_solves(_spheroidal, special.pro_ang1_cv, special.pro_rad1_cv, special.pro_rad2_cv)
_solves(_with_value(_spheroidal, special.pro_cv), special.pro_ang1, special.pro_rad1, special.pro_rad2)
_solves(_oblate, special.obl_ang1_cv)
_solves(_with_value(_oblate, special.obl_cv), special.obl_ang1)
_solves(_oblate_radial, special.obl_rad1_cv, special.obl_rad2_cv)
_solves(_with_value(_oblate_radial, special.obl_cv), special.obl_rad1, special.obl_rad2)
