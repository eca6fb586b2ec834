"""Ufuncs of ``scipy.special`` that are distribution functions, their inverses by an argument, and the like.

Where a distribution function has a derivative by an argument, so has every inverse by that one. By the parameters of a
gamma or beta function that none is known for, and by counts, there is none.
"""

import math

import numpy as np
from scipy import special

from ..registry import elementwise
from .scipy_special_gamma import beta_density, box, gamma_density, private, typed

_PER_SQRT_2PI = 1 / math.sqrt(2 * math.pi)


def normal_density(x):
    return _PER_SQRT_2PI * np.exp(-x * x / 2)


# Gamma and chi-squared, Poisson


def _gamma_density(a, b, x):
    """By x; by the rate a it is the same with a and x exchanged."""
    return a * gamma_density(b, a * x)


for function, sign in ((special.gdtr, 1), (special.gdtrc, -1)):
    elementwise(
        function,
        a=lambda g, a, b, c, s=sign: s * g * _gamma_density(c, b, a),
        c=lambda g, a, b, c, s=sign: s * g * _gamma_density(a, b, c),
    )
elementwise(special.gdtria, a=lambda g, b, c, out: g / _gamma_density(c, b, out), c=lambda g, c, out: -g * out / c)
elementwise(special.gdtrix, a=lambda g, a, out: -g * out / a, c=lambda g, a, b, out: g / _gamma_density(a, b, out))
for function, sign in ((special.chdtr, 1), (special.chdtrc, -1)):
    elementwise(function, b=lambda g, a, b, s=sign: s * g * _gamma_density(0.5, a / 2, b))
elementwise(special.chdtri, b=lambda g, a, out: -g / _gamma_density(0.5, a / 2, out))
for function, sign in ((special.pdtr, -1), (special.pdtrc, 1)):
    elementwise(function, b=lambda g, a, b, s=sign: s * g * gamma_density(a // 1 + 1, b))
elementwise(special.pdtri, b=lambda g, a, out: -g / gamma_density(a // 1 + 1, out))


def ncx2_density(x, df, nc):
    """Of the noncentral chi-squared distribution: with a hypergeometric function near 0, with a Bessel function beyond.

    https://dlmf.nist.gov/10.39.E9
    """
    x, df, nc = typed(x, df, nc)
    near = nc * x < 1
    small, large = np.where(near, nc, 0), np.where(near, 1, nc)
    inner, outer = np.where(near, x, 1), np.where(near, 1, x)
    at_small = _gamma_density(0.5, df / 2, inner) * np.exp(-small / 2) * special.hyp0f1(df / 2, small * inner / 4)
    spread = np.sqrt(outer) - np.sqrt(large)
    bessel = special.ive(df / 2 - 1, np.sqrt(outer * large))
    return np.where(near, at_small, np.exp(-spread * spread / 2) * (outer / large) ** (df / 4 - 0.5) * bessel / 2)


elementwise(
    special.chndtr,
    a=lambda g, a, b, c: g * ncx2_density(a, b, c),
    c=lambda g, a, b, c: -g * ncx2_density(a, b + 2, c),
)
elementwise(
    special.chndtrix,
    a=lambda g, b, c, out: g / ncx2_density(out, b, c),
    c=lambda g, b, c, out: g * ncx2_density(out, b + 2, c) / ncx2_density(out, b, c),
)
elementwise(
    special.chndtrinc,
    a=lambda g, a, b, out: g * ncx2_density(a, b, out) / ncx2_density(a, b + 2, out),
    c=lambda g, a, b, out: -g / ncx2_density(a, b + 2, out),
)


# Beta, binomial and F


def _binomial(k, n, p):
    """The derivative by p: https://dlmf.nist.gov/8.17.E20 and the symmetry of the beta distribution."""
    return -beta_density(k // 1 + 1, n - k // 1, p)


def _negative_binomial(k, n, p):
    return beta_density(n, k + 1, p)


for function, sign in ((special.bdtr, 1), (special.bdtrc, -1)):
    elementwise(function, c=lambda g, a, b, c, s=sign: s * g * _binomial(a, b, c))
elementwise(special.bdtri, c=lambda g, a, b, out: g / _binomial(a, b, out))
for function, sign in ((special.nbdtr, 1), (special.nbdtrc, -1)):
    elementwise(function, c=lambda g, a, b, c, s=sign: s * g * _negative_binomial(a, b, c))
elementwise(special.nbdtri, c=lambda g, a, b, out: g / _negative_binomial(a, b, out))


def _f_density(m, n, x):
    """The beta distribution of m x / (n + m x)."""
    total = n + m * x
    return beta_density(m / 2, n / 2, m * x / total) * (m * n) / (total * total)


for function, sign in ((special.fdtr, 1), (special.fdtrc, -1)):
    elementwise(function, c=lambda g, a, b, c, s=sign: s * g * _f_density(a, b, c))
elementwise(special.fdtri, c=lambda g, a, b, out: g / _f_density(a, b, out))


def ncf_density(m, n, nc, x):
    """Of the noncentral F distribution, a mixture of others by a Poisson distribution."""
    m, n, nc, x = typed(m, n, nc, x)
    share = m * x / (n + m * x)
    return _f_density(m, n, x) * np.exp(-nc / 2) * special.hyp1f1((m + n) / 2, m / 2, nc / 2 * share)


def _ncf_nc(m, n, nc, x):
    """The derivative by the noncentrality: every distribution in the mixture gives way to the next."""
    return (special.ncfdtr(m + 2, n, nc, x * (m / (m + 2))) - special.ncfdtr(m, n, nc, x)) / 2


elementwise(
    special.ncfdtr,
    c=lambda g, a, b, c, d: g * _ncf_nc(a, b, c, d),
    d=lambda g, a, b, c, d: g * ncf_density(a, b, c, d),
)
elementwise(
    special.ncfdtri,
    c=lambda g, a, b, c, out: -g * _ncf_nc(a, b, c, out) / ncf_density(a, b, c, out),
    d=lambda g, a, b, c, out: g / ncf_density(a, b, c, out),
)
elementwise(
    special.ncfdtrinc,
    c=lambda g, a, b, d, out: g / _ncf_nc(a, b, out, d),
    d=lambda g, a, b, d, out: -g * ncf_density(a, b, out, d) / _ncf_nc(a, b, out, d),
)


# Student's t


def _t_density(df, x):
    """With 1e15 degrees of freedom it is the normal distribution, as it is with infinitely many."""
    df, x = typed(df, x)
    df = np.minimum(df, 1e15)
    return np.exp(-(df + 1) / 2 * np.log1p(x * x / df)) / (np.sqrt(df) * special.beta(df / 2, np.full_like(df, 0.5)))


def _nct_moment(n, df, nc, t):
    """The mean of s**n phi(t s - nc) over s = sqrt(chi-squared / df), by https://dlmf.nist.gov/12.5.E1.

    Where t nc < 0, in the terms of https://dlmf.nist.gov/12.7.E14, which do not cancel; else those of 12.7.E12.
    """
    df, nc, t = typed(df, nc, t)
    tilt = t * nc
    scale = df + t * t
    half = (df + n) / 2
    left = tilt < 0
    z = tilt * tilt / (2 * scale)
    away, toward = np.where(left, z, 1), np.where(left, 0, z)
    odd = np.where(left, 0, tilt) * np.sqrt(2 / scale)
    ratio = special.poch(half, 0.5)
    grown = special.hyp1f1(half, 0.5, toward) + odd * ratio * special.hyp1f1(half + 0.5, 1.5, toward)
    shrunk = special.hyperu(half, 0.5, away) * special.gamma(half + 0.5) / math.sqrt(math.pi)
    powers = half * np.log(2 / scale) - df / 2 * np.log(2 / df)
    factor = _PER_SQRT_2PI * np.exp(powers + special.gammaln(half) - special.gammaln(df / 2) - nc * nc / 2)
    return factor * np.where(left, shrunk, grown)


elementwise(special.stdtr, b=lambda g, a, b: g * _t_density(a, b))
elementwise(special.stdtrit, b=lambda g, a, out: g / _t_density(a, out))
elementwise(
    special.nctdtr,
    b=lambda g, a, b, c: -g * _nct_moment(0, a, b, c),
    c=lambda g, a, b, c: g * _nct_moment(1, a, b, c),
)
elementwise(
    special.nctdtrit,
    b=lambda g, a, b, out: g * _nct_moment(0, a, b, out) / _nct_moment(1, a, b, out),
    c=lambda g, a, b, out: g / _nct_moment(1, a, b, out),
)
elementwise(
    special.nctdtrinc,
    b=lambda g, a, c, out: -g / _nct_moment(0, a, out, c),
    c=lambda g, a, c, out: g * _nct_moment(1, a, out, c) / _nct_moment(0, a, out, c),
)


# Normal, and others

elementwise(
    special.nrdtrimn,
    a=lambda g, a, b, c, out: -g * b / normal_density((c - out) / b),
    b=lambda g, b, c, out: -g * ((c - out) / b),
    c=lambda g: g,
)
elementwise(
    special.nrdtrisd,
    a=lambda g, a, c, out: -g * out / (c - a),
    b=lambda g, a, b, c, out: -g * out * out / ((c - a) * normal_density((c - a) / out)),
    c=lambda g, a, c, out: g * out / (c - a),
)
elementwise(
    special.owens_t,
    a=lambda g, a, b: -g / 2 * normal_density(a) * special.erf(a * b * math.sqrt(0.5)),
    b=lambda g, a, b: g * np.exp(-a * a * (1 + b * b) / 2) / (2 * math.pi * (1 + b * b)),
)


def _tukey_density(p, shape):
    """1 / (p**(shape - 1) + (1 - p)**(shape - 1)); 0 outside the support."""
    outside = (p == 0) | (p == 1)
    inner = np.where(outside, 0.5, p)
    return np.where(outside, 0, 1 / (inner ** (shape - 1) + (1 - inner) ** (shape - 1)))


def _tukey_shape(p, shape):
    """The derivative of boxcox(p, shape) - boxcox(1 - p, shape) by the shape."""
    sides = (np.log(np.where((p == 0) | (p == 1), 0.5, q)) for q in (p, 1 - p))
    up, down = (box(False, size, shape) for size in sides)
    return up - down


elementwise(
    special.tklmbda,
    a=lambda g, b, out: g * _tukey_density(out, b),
    b=lambda g, b, out: -g * _tukey_density(out, b) * _tukey_shape(out, b),
)

# Kolmogorov and Smirnov: by the density, with its sign, that SciPy finds their inverses with

kolmogorov, smirnov = special._ufuncs._kolmogp, special._ufuncs._smirnovp
elementwise(special.kolmogorov, x=lambda g, x: g * kolmogorov(x))
elementwise(special.kolmogi, x=lambda g, out: g / kolmogorov(out))
elementwise(special.smirnov, b=lambda g, a, b: g * smirnov(a, b))
elementwise(special.smirnovi, b=lambda g, a, out: g / smirnov(a, out))
private("_kolmogc", x=lambda g, x: -g * kolmogorov(x))
private("_kolmogci", x=lambda g, out: -g / kolmogorov(out))
private("_smirnovc", b=lambda g, a, b: -g * smirnov(a, b))
private("_smirnovci", b=lambda g, a, out: -g / smirnov(a, out))


# What the distributions of scipy.stats call


private(
    "_beta_pdf",
    a=lambda g, a, b, c, out: g * out * ((b - 1) / a - (c - 1) / (1 - a)),
    b=lambda g, a, b, c, out: g * out * (np.log(a, dtype=out.dtype) - special.psi(b) + special.psi(b + c)),
    c=lambda g, a, b, c, out: g * out * (np.log1p(-a, dtype=out.dtype) - special.psi(c) + special.psi(b + c)),
)
private("_beta_ppf", a=lambda g, b, c, out: g / beta_density(b, c, out))
for name, sign in (("_binom_cdf", 1), ("_binom_sf", -1)):
    private(name, c=lambda g, a, b, c, s=sign: s * g * _binomial(a, b, c))
for name, sign in (("_nbinom_cdf", 1), ("_nbinom_sf", -1)):
    private(name, c=lambda g, a, b, c, s=sign: s * g * _negative_binomial(a // 1, b, c))
private("_binom_pmf", c=lambda g, a, b, c, out: g * out * (a / c - (b - a) / (1 - c)))
private(
    "_nbinom_pmf",
    b=lambda g, a, b, c, out: g * out * (special.psi(a + b) - special.psi(b) + np.log(c, dtype=out.dtype)),
    c=lambda g, a, b, c, out: g * out * (b / c - a / (1 - c)),
)
for name, sign in (("_cauchy_ppf", 1), ("_cauchy_isf", -1)):
    private(
        name,
        a=lambda g, a, b, c, out, s=sign: s * g * math.pi * (c + (out - b) ** 2 / c),
        b=lambda g: g,
        c=lambda g, b, c, out: g * (out - b) / c,
    )
private("_cosine_cdf", x=lambda g, x: g * (np.abs(x) < math.pi) * (1 + np.cos(x)) / (2 * math.pi))
private("_cosine_invcdf", x=lambda g, out: g * 2 * math.pi / (1 + np.cos(out)))
# with a scale of c, the Landau distribution is moved by 2 / pi log(c) times that as well
for name, sign in (("_landau_cdf", 1), ("_landau_sf", -1)):
    private(
        name,
        a=lambda g, a, b, c, s=sign: s * g * special._ufuncs._landau_pdf(a, b, c),
        b=lambda g, a, b, c, s=sign: -s * g * special._ufuncs._landau_pdf(a, b, c),
        c=lambda g, a, b, c, s=sign: -s * g * ((a - b) / c + 2 / math.pi) * special._ufuncs._landau_pdf(a, b, c),
    )
for name, sign in (("_landau_ppf", 1), ("_landau_isf", -1)):
    private(
        name,
        a=lambda g, b, c, out, s=sign: s * g / special._ufuncs._landau_pdf(out, b, c),
        b=lambda g: g,
        c=lambda g, b, c, out: g * ((out - b) / c + 2 / math.pi),
    )


def _inverse_gaussian(x, mean, scale):
    """The density of the inverse Gaussian distribution."""
    return np.exp(-scale * (x - mean) ** 2 / (2 * x * mean * mean)) * np.sqrt(scale / x) / x * _PER_SQRT_2PI


for name, sign in (("_invgauss_ppf", 1), ("_invgauss_isf", -1)):
    private(name, a=lambda g, b, c, out, s=sign: s * g / _inverse_gaussian(out, b, c))


def _skew_density(x, loc, scale, shape):
    z = (x - loc) / scale
    return 2 * normal_density(z) * special.ndtr(shape * z) / scale


def _skew_shape(x, loc, scale, shape):
    """The derivative of the distribution function, that of the normal less twice Owen's T, by the shape."""
    z, one = (x - loc) / scale, 1 + shape * shape
    return -np.exp(-z * z / 2 * one) / (math.pi * one)


private(
    "_skewnorm_cdf",
    a=lambda g, a, b, c, d: g * _skew_density(a, b, c, d),
    b=lambda g, a, b, c, d: -g * _skew_density(a, b, c, d),
    c=lambda g, a, b, c, d: -g * ((a - b) / c) * _skew_density(a, b, c, d),
    d=lambda g, a, b, c, d: g * _skew_shape(a, b, c, d),
)
for name, sign in (("_skewnorm_ppf", 1), ("_skewnorm_isf", -1)):
    private(
        name,
        a=lambda g, b, c, d, out, s=sign: s * g / _skew_density(out, b, c, d),
        b=lambda g: g,
        c=lambda g, b, c, out: g * (out - b) / c,
        d=lambda g, b, c, d, out: -g * _skew_shape(out, b, c, d) / _skew_density(out, b, c, d),
    )


def _ncx2_pdf_x(x, df, nc, out):
    """By the recurrence of the Bessel function, https://dlmf.nist.gov/10.29.E1."""
    return (((df - 2) * out + nc * ncx2_density(x, df + 2, nc)) / x - out) / 2


private(
    "_ncx2_pdf",
    a=lambda g, a, b, c, out: g * _ncx2_pdf_x(a, b, c, out),
    c=lambda g, a, b, c, out: g * (ncx2_density(a, b + 2, c) - out) / 2,
)
private(
    "_ncx2_sf",
    a=lambda g, a, b, c: -g * ncx2_density(a, b, c),
    c=lambda g, a, b, c: g * ncx2_density(a, b + 2, c),
)
private(
    "_ncx2_isf",
    a=lambda g, b, c, out: -g / ncx2_density(out, b, c),
    c=lambda g, b, c, out: g * ncx2_density(out, b + 2, c) / ncx2_density(out, b, c),
)
private(
    "_nct_pdf",
    a=lambda g, a, b, c: g * (c * _nct_moment(2, b, c, a) - a * _nct_moment(3, b, c, a)),
    c=lambda g, a, b, c, out: g * (a * _nct_moment(2, b, c, a) - c * out),
)
private(
    "_nct_sf",
    a=lambda g, a, b, c: -g * _nct_moment(1, b, c, a),
    c=lambda g, a, b, c: g * _nct_moment(0, b, c, a),
)
private(
    "_nct_isf",
    a=lambda g, b, c, out: -g / _nct_moment(1, b, c, out),
    c=lambda g, b, c, out: g * _nct_moment(0, b, c, out) / _nct_moment(1, b, c, out),
)
private(
    "_ncf_sf",
    a=lambda g, a, b, c, d: -g * ncf_density(b, c, d, a),
    d=lambda g, a, b, c, d: -g * _ncf_nc(b, c, d, a),
)
private(
    "_ncf_isf",
    a=lambda g, b, c, d, out: -g / ncf_density(b, c, d, out),
    d=lambda g, b, c, d, out: -g * _ncf_nc(b, c, d, out) / ncf_density(b, c, d, out),
)
private(
    "_ncf_pdf",
    d=lambda g, a, b, c, d, out: g * ((b / (b + 2)) * ncf_density(b + 2, c, d, a * (b / (b + 2))) - out) / 2,
)
