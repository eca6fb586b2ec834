"""Ufuncs of ``scipy.special``: elliptic integrals and functions, hypergeometric functions, orthogonal polynomials.

Integer orders, and parameters by which no derivative can be written in SciPy's functions, take no gradient.
"""

import math

import numpy as np
from scipy import special

from ..registry import elementwise
from .scipy_special_gamma import through, typed

# Elliptic integrals. The complete ones are hypergeometric functions, which have all derivatives.


def _either(m, series, closed):
    """``series(m)`` where m is small and ``closed(m)`` would cancel; elsewhere that, in less time."""
    near = np.abs(m) < 0.5
    small, large = np.where(near, m, 0), np.where(near, 0.5, m)
    return np.where(near, series(small), closed(large)) if np.any(near) else closed(m)


def _ellipk(m):
    """The derivative of K, https://dlmf.nist.gov/19.4.E1, and as a series https://dlmf.nist.gov/15.5.E1."""
    return _either(
        m,
        lambda m: math.pi / 8 * special.hyp2f1(1.5, 1.5, 2.0, m, dtype=m.dtype),
        lambda m: (special.ellipe(m) / (1 - m) - special.ellipk(m)) / (2 * m),
    )


def _ellipe(m):
    """The derivative of E, https://dlmf.nist.gov/19.4.E2, and as a series."""
    return _either(
        m,
        lambda m: -math.pi / 8 * special.hyp2f1(0.5, 1.5, 2.0, m, dtype=m.dtype),
        lambda m: (special.ellipe(m) - special.ellipk(m)) / (2 * m),
    )


def _apart(x, z, power):
    """Whether two arguments are far enough from each other for a difference quotient, and a number for z if not."""
    apart = np.abs(x - z) > np.finfo((x - z).dtype).eps ** power * np.abs(z)
    return apart, np.where(apart, x, 1), np.where(apart, z, x + z + 1)


def _rd_x(x, y, z):
    """The derivative of R_D by its first argument: a difference quotient, https://dlmf.nist.gov/19.18.E4.

    Where x and z are close its expansion about their mean, to the third order, so that there are four derivatives.
    """
    x, y, z = typed(x, y, z)
    apart, first, last = _apart(x, z, 0.2)
    quotient = (special.elliprd(y, last, first) - special.elliprd(first, y, last)) / (2 * (first - last))
    if np.all(apart):
        return quotient
    x, z = through(x, 3), through(z, 3)
    mean, half = np.where(apart, y + 1, (x + z) / 2), np.where(apart, 0, (x - z) / 2)
    ratio = 1 - y / mean
    second = 5 / 6 * (half / mean) ** 2 * special.hyp2f1(4.5, 0.5, 5.5, ratio, dtype=ratio.dtype)
    expansion = special.hyp2f1(2.5, 0.5, 3.5, ratio, dtype=ratio.dtype) + second
    return np.where(apart, quotient, -0.3 * expansion / (mean * mean * np.sqrt(mean)))


def _rd_z(x, y, z, out):
    """The derivative of R_D by its last argument: the degree of R_D is -3/2."""
    x, y, z = typed(x, y, z)
    return -(1.5 * out + _times(x, lambda x: _rd_x(x, y, z)) + _times(y, lambda y: _rd_x(y, x, z))) / z


def _times(x, f):
    """x f(x), which vanishes with x."""
    return x * f(np.where(x == 0, 1, x))


def _rj_x(x, y, z, p, out):
    """The derivative of R_J by its first argument: a difference quotient, in https://dlmf.nist.gov/19.16.E2.

    Where x and p are the same up to rounding, as if they were their weighted mean, so that there are two derivatives.
    """
    x, y, z, p = typed(x, y, z, p)
    apart, first, last = _apart(x, p, 1 / 3)
    quotient = (np.where(apart, out, 0) - special.elliprd(y, z, first)) / (2 * (last - first))
    if np.all(apart):
        return quotient
    mean = np.where(apart, 1, through(0.6 * x + 0.4 * p, 1))
    return np.where(apart, quotient, _rd_z(y, z, mean, special.elliprd(y, z, mean)) / 3)


def _rj_p(x, y, z, p, out):
    """The derivative of R_J by its last argument: the degree of R_J is -3/2."""
    x, y, z, p = typed(x, y, z, p)
    moved = [_times(a, lambda a, b=b, c=c: _rj_x(a, b, c, p, out)) for a, b, c in ((x, y, z), (y, z, x), (z, x, y))]
    return -(1.5 * out + sum(moved)) / p


def _rc(a, b, near, far):
    """``near`` where a and b are about the same, ``far`` elsewhere."""
    a, b = typed(a, b)
    close = np.abs(a - b) < 0.5 * np.abs(b)
    return np.where(close, near(np.where(close, a, 1), np.where(close, b, 1)), far(a, np.where(close, a + b, b)))


def _rc_a(a, b, out):
    """https://dlmf.nist.gov/19.18.E1 and, by the function's closed form, https://dlmf.nist.gov/19.2.E18."""
    return _rc(a, b, lambda a, b: -special.elliprd(b, b, a) / 6, lambda a, b: (out - 1 / np.sqrt(a)) / (2 * (b - a)))


def _rc_b(a, b, out):
    return _rc(a, b, lambda a, b: -special.elliprd(a, b, b) / 3, lambda a, b: (np.sqrt(a) / b - out) / (2 * (b - a)))


def _rg(x, y, z):
    """The derivative of R_G by its first argument, from that of R_F in https://dlmf.nist.gov/19.16.E2_5."""
    x, y, z = typed(x, y, z)
    return special.elliprf(x, y, z) / 4 - _times(x, lambda x: special.elliprd(y, z, x)) / 12


def _periods(phi):
    """How many half periods there are in an amplitude, and sine and squared cosine of what is left."""
    periods = np.rint(phi * (1 / math.pi))
    rest = phi - periods * math.pi
    return periods, np.sin(rest), np.cos(rest) ** 2


def _ellipkinc(phi, m):
    """The derivative of F by m, https://dlmf.nist.gov/19.25.E5."""
    periods, sine, cosine = _periods(phi)
    part = sine**3 / 6 * special.elliprd(cosine, np.ones_like(cosine), 1 - m * sine * sine)
    return part + np.where(periods == 0, 0, 2 * periods * _ellipk(np.where(periods == 0, 0, m)))


def _ellipeinc(phi, m):
    """The derivative of E by m, (E - F) / (2 m), by https://dlmf.nist.gov/19.25.E10."""
    periods, sine, cosine = _periods(phi)
    part = sine**3 / -6 * special.elliprd(cosine, 1 - m * sine * sine, np.ones_like(cosine))
    return part + np.where(periods == 0, 0, 2 * periods * _ellipe(np.where(periods == 0, 0, m)))


def _ellipj(u, m, f):
    """A derivative of an elliptic function: ``f`` of all of them and of the derivative of the amplitude."""
    sn, cn, dn, ph = special.ellipj(u, m)
    return f(m, sn, cn, dn, lambda: -dn * _ellipkinc(ph, m))


def _agm(a, b, out):
    """The derivative by a, for agm(a, b) = pi (a + b) / (4 K(m)): https://dlmf.nist.gov/19.8.E5."""
    total, difference = a + b, a - b
    growth = special.hyp2f1(0.5, 0.5, 2.0, (difference / total) ** 2, dtype=out.dtype)
    return out / total * (1 - growth * difference * out / (2 * a * total))


elementwise(special.ellipk, x=lambda g, x: g * _ellipk(x))
elementwise(special.ellipkm1, x=lambda g, x: -g * math.pi / 8 * special.hyp2f1(0.5, 0.5, 2.0, 1 - x, dtype=x.dtype) / x)
elementwise(special.ellipe, x=lambda g, x: g * _ellipe(x))
elementwise(
    special.ellipkinc,
    a=lambda g, a, b: g / np.sqrt(1 - b * np.sin(a) ** 2),
    b=lambda g, a, b: g * _ellipkinc(a, b),
)
elementwise(
    special.ellipeinc,
    a=lambda g, a, b: g * np.sqrt(1 - b * np.sin(a) ** 2),
    b=lambda g, a, b: g * _ellipeinc(a, b),
)
elementwise(
    special.ellipj,
    a=(
        lambda g, a, b: g * _ellipj(a, b, lambda m, sn, cn, dn, ph: cn * dn),
        lambda g, a, b: g * _ellipj(a, b, lambda m, sn, cn, dn, ph: -sn * dn),
        lambda g, a, b: g * _ellipj(a, b, lambda m, sn, cn, dn, ph: -m * sn * cn),
        lambda g, a, b: g * _ellipj(a, b, lambda m, sn, cn, dn, ph: dn),
    ),
    b=(
        lambda g, a, b: g * _ellipj(a, b, lambda m, sn, cn, dn, ph: cn * ph()),
        lambda g, a, b: g * _ellipj(a, b, lambda m, sn, cn, dn, ph: -sn * ph()),
        lambda g, a, b: g * _ellipj(a, b, lambda m, sn, cn, dn, ph: -sn * (sn + 2 * m * cn * ph()) / (2 * dn)),
        lambda g, a, b: g * _ellipj(a, b, lambda m, sn, cn, dn, ph: ph()),
    ),
)
elementwise(special.elliprc, a=lambda g, a, b, out: g * _rc_a(a, b, out), b=lambda g, a, b, out: g * _rc_b(a, b, out))
elementwise(
    special.elliprf,
    a=lambda g, a, b, c: -g / 6 * special.elliprd(b, c, a),
    b=lambda g, a, b, c: -g / 6 * special.elliprd(c, a, b),
    c=lambda g, a, b, c: -g / 6 * special.elliprd(a, b, c),
)
elementwise(
    special.elliprd,
    a=lambda g, a, b, c: g * _rd_x(a, b, c),
    b=lambda g, a, b, c: g * _rd_x(b, a, c),
    c=lambda g, a, b, c, out: g * _rd_z(a, b, c, out),
)
elementwise(
    special.elliprg,
    a=lambda g, a, b, c: g * _rg(a, b, c),
    b=lambda g, a, b, c: g * _rg(b, c, a),
    c=lambda g, a, b, c: g * _rg(c, a, b),
)
elementwise(
    special.elliprj,
    a=lambda g, a, b, c, d, out: g * _rj_x(a, b, c, d, out),
    b=lambda g, a, b, c, d, out: g * _rj_x(b, c, a, d, out),
    c=lambda g, a, b, c, d, out: g * _rj_x(c, a, b, d, out),
    d=lambda g, a, b, c, d, out: g * _rj_p(a, b, c, d, out),
)
elementwise(special.agm, a=lambda g, a, b, out: g * _agm(a, b, out), b=lambda g, a, b, out: g * _agm(b, a, out))


# Hypergeometric functions, by their argument: https://dlmf.nist.gov/16.3.E1

elementwise(special.hyp0f1, b=lambda g, a, b: g / a * special.hyp0f1(a + 1, b))
elementwise(special.hyp1f1, c=lambda g, a, b, c: g * (a / b) * special.hyp1f1(a + 1, b + 1, c))
elementwise(
    special.hyp2f1,
    d=lambda g, a, b, c, d, out: g * (a * b / c) * special.hyp2f1(a + 1, b + 1, c + 1, d, dtype=out.dtype),
)
elementwise(special.hyperu, c=lambda g, a, b, c: -g * a * special.hyperu(a + 1, b + 1, c))
elementwise(special.wright_bessel, c=lambda g, a, b, c: g * special.wright_bessel(a, a + b, c))
if hasattr(special, "log_wright_bessel"):
    elementwise(
        special.log_wright_bessel,
        c=lambda g, a, b, c, out: g * np.exp(special.log_wright_bessel(a, a + b, c) - out),
    )


# Orthogonal polynomials, by their argument: the derivative of each is one of a lower order, which for 0 is not asked
# for. https://dlmf.nist.gov/18.9.E15 and following


def _lower(n):
    return n - (n != 0)


elementwise(
    special.eval_jacobi,
    d=lambda g, a, b, c, d: g * ((a != 0) * (a + b + c + 1) / 2) * special.eval_jacobi(_lower(a), b + 1, c + 1, d),
)
elementwise(special.eval_sh_jacobi, d=lambda g, a, b, c, d: g * a * special.eval_sh_jacobi(_lower(a), b + 2, c + 1, d))
elementwise(
    special.eval_gegenbauer,
    c=lambda g, a, b, c: g * (2 * b * (a != 0)) * special.eval_gegenbauer(_lower(a), b + 1, c),
)
elementwise(
    special.eval_genlaguerre, c=lambda g, a, b, c: -g * (a != 0) * special.eval_genlaguerre(_lower(a), b + 1, c)
)
elementwise(special.eval_laguerre, b=lambda g, a, b: -g * (a != 0) * special.eval_genlaguerre(_lower(a), 1.0, b))
elementwise(special.eval_chebyt, b=lambda g, a, b: g * a * special.eval_chebyu(_lower(a), b))
elementwise(special.eval_chebyc, b=lambda g, a, b: g * a * special.eval_chebys(_lower(a), b))
elementwise(special.eval_sh_chebyt, b=lambda g, a, b: g * (2 * a) * special.eval_sh_chebyu(_lower(a), b))
elementwise(special.eval_hermite, b=lambda g, a, b: g * (2 * a) * special.eval_hermite(_lower(a), b))
elementwise(special.eval_hermitenorm, b=lambda g, a, b: g * a * special.eval_hermitenorm(_lower(a), b))
# those that are Gegenbauer's of some order, their derivative's factor, and how many times their argument over 2, less 1
for function, order, factor, steep in (
    (special.eval_legendre, 1.5, 1, None),
    (special.eval_sh_legendre, 1.5, 2, 2),
    (special.eval_chebyu, 2.0, 2, None),
    (special.eval_sh_chebyu, 2.0, 4, 2),
    (special.eval_chebys, 2.0, 1, 0.5),
):
    elementwise(
        function,
        b=lambda g, a, b, o=order, f=factor, s=steep: (
            g * (f * (a != 0)) * special.eval_gegenbauer(_lower(a), o, b if s is None else s * b - (s == 2))
        ),
    )


def _lpmv(m, v, x):
    """https://dlmf.nist.gov/14.10.E4"""
    last = _lower(v)
    return (v * x * special.lpmv(m, v, x) - (v + m) * special.lpmv(m, last, x)) / (x * x - 1)


elementwise(special.lpmv, c=lambda g, a, b, c: g * _lpmv(a, b, c))
