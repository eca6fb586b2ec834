"""Ufuncs and functions of ``scipy.special``.

Ufuncs reach a Tensor by themselves, so that all they need is a derivative. Those that have one are in the five files
that this imports; here are the others, with the reasons, and the functions that are written in Python.

>>> import gradarray as ga
>>> import scipy.special
>>> x = ga.tensor([-1.0, 0.0, 1.0])
>>> scipy.special.expit(x).backward()
>>> x.grad.round(3)
array([0.197, 0.25 , 0.197])
"""

import math

import numpy as np
from scipy import special

from ..registry import composite, constant, differentiable, dispatched, elementwise, refused, unbroadcast, unwrap
from ..rules.reductions import _kept
from ..rules.shape import array_of
from . import (
    scipy_special_bessel,
    scipy_special_distributions,
    scipy_special_elliptic,
    scipy_special_erf,
    scipy_special_gamma,
)

__all__ = [
    "scipy_special_bessel",
    "scipy_special_distributions",
    "scipy_special_elliptic",
    "scipy_special_erf",
    "scipy_special_gamma",
]


def _present(*names):
    """The functions of these names that this version of SciPy has."""
    found = (getattr(special._ufuncs, name, getattr(special, name, None)) for name in names)
    return [fn for fn in found if fn is not None]


# Ufuncs without a derivative

constant(special.round, special.gammasgn)
constant(*_present("_binom_ppf", "_binom_isf", "_nbinom_ppf", "_nbinom_isf"))

_BY_DATA = "; give it plain arrays (t.data)."
refused(
    "it is inverted for a parameter by which no derivative can be written in SciPy's functions" + _BY_DATA,
    *_present("bdtrik", "bdtrin", "btdtria", "btdtrib", "chdtriv", "chndtridf", "fdtridfd", "gdtrib", "nbdtrik"),
    *_present("nbdtrin", "ncfdtridfd", "ncfdtridfn", "nctdtridf", "pdtrik", "stdtridf"),
)
refused(
    "the derivative by its argument cannot be written in SciPy's functions" + _BY_DATA,
    *_present("zetac", "_riemann_zeta", "pro_cv", "obl_cv", "mathieu_a", "mathieu_b", "_kolmogp", "_smirnovp"),
    *_present("_ellip_harm", "_landau_pdf", "_gen_harmonic", "_normalized_gen_harmonic", "_lanczos_sum_expg_scaled"),
    *_present("_stirling2_inexact", "_struve_asymp_large_z", "_struve_bessel_series", "_struve_power_series"),
)
refused(
    "its arguments are counts" + _BY_DATA,
    *_present("_hypergeom_cdf", "_hypergeom_mean", "_hypergeom_pmf", "_hypergeom_sf", "_hypergeom_skewness"),
    *_present("_hypergeom_variance", "_sf_error_test_function"),
)
refused(
    "moments of this distribution have no derivative here; write them with np and scipy.special.",
    *_present(*(f"_{d}_{m}" for d in ("nbinom", "ncf", "nct") for m in ("mean", "variance", "skewness"))),
    *_present(*(f"_{d}_kurtosis_excess" for d in ("nbinom", "ncf", "nct"))),
)


refused(
    "it is computed point by point in compiled code" + _BY_DATA,
    *_present("ellip_harm_2", "ellip_normal", "lmbda", "lqmn", "lqn", "mathieu_even_coef", "mathieu_odd_coef"),
    *_present("obl_cv_seq", "pro_cv_seq", "pbdn_seq", "pbdv_seq", "pbvv_seq", "riccati_jn", "riccati_yn"),
    *_present("lpn", "lpmn", "clpmn", "sph_harm", "btdtr", "btdtri"),
)
refused(
    "nodes, weights and coefficients have no derivative by the parameters" + _BY_DATA,
    *_present("roots_jacobi", "roots_sh_jacobi", "roots_genlaguerre", "roots_gegenbauer"),
    *_present("jacobi", "sh_jacobi", "genlaguerre", "gegenbauer"),
)


# Python functions that would take the data of their arguments: gamma functions and counts

polygamma = dispatched(special.polygamma)
elementwise(special.polygamma, x=lambda g, n, x: g * polygamma(n + 1, x))
elementwise(special.multigammaln, a=lambda g, a, d: g * sum(special.psi(a - j / 2) for j in range(int(d))))


def _counts(name, *values):
    """The data of whole numbers; an error for others."""
    if any(array_of(value).dtype.kind in "fc" for value in values):
        raise TypeError(f"{name}: exact=True is for whole numbers, which take no gradient; give exact=False.")
    return [unwrap(value) for value in values]


def _comb(N, k, repetition):
    return special.comb(N, k, repetition=repetition)


def _perm(N, k):
    return special.perm(N, k)


def _factorial(n, k, extend):
    """Of step k; older versions of SciPy do not know the last argument."""
    options = {} if extend == "zero" else {"extend": extend}
    if k is None:
        return special.factorial(n, **options)
    return special.factorial2(n, **options) if k == 2 else special.factorialk(n, k, exact=False, **options)


def _per_count(g, out, a, b):
    """g out (psi(a) - psi(b)); 0 where out is, as outside of the domain."""
    inside = out != 0
    return g * out * (special.psi(np.where(inside, a, 1)) - special.psi(np.where(inside, b, 1)))


def _factorial_n(g, n, k, extend, out):
    """psi(n / k + 1) and, for the powers of k in it, log(k), over k; 0 where that of negative numbers is 0."""
    if k is not None and not k > 0:
        raise TypeError(f"factorialk of step {k} has no derivative in gradarray; only those of positive steps have.")
    step = 1 if k is None else k
    inside = (n >= 0) | (n != n) if extend == "zero" else n == n
    return g * out * (math.log(step) + special.psi(np.where(inside, n, 0) / step + 1)) / step


elementwise(
    _comb,
    N=lambda g, N, k, repetition, out: _per_count(g, out, *((N + k, N) if repetition else (N + 1, N - k + 1))),
    k=lambda g, N, k, repetition, out: _per_count(g, out, N + k if repetition else N - k + 1, k + 1),
)
elementwise(
    _perm,
    N=lambda g, N, k, out: _per_count(g, out, N + 1, N - k + 1),
    k=lambda g, N, k, out: g * out * special.psi(np.where(out != 0, N - k + 1, 1)),
)
elementwise(_factorial, n=_factorial_n)


@composite(special.comb)
def comb(N, k, *, exact=False, repetition=False):
    if exact:
        return special.comb(*_counts("comb", N, k), exact=True, repetition=repetition)
    return dispatched(_comb)(N, k, repetition)


@composite(special.perm)
def perm(N, k, exact=False):
    return special.perm(*_counts("perm", N, k), exact=True) if exact else dispatched(_perm)(N, k)


@composite(special.factorial)
def factorial(n, exact=False, extend="zero"):
    return special.factorial(*_counts("factorial", n), exact=True) if exact else dispatched(_factorial)(n, None, extend)


@composite(special.factorial2)
def factorial2(n, exact=False, extend="zero"):
    return special.factorial2(*_counts("factorial2", n), exact=True) if exact else dispatched(_factorial)(n, 2, extend)


@composite(special.factorialk)
def factorialk(n, k, exact=False, extend="zero"):
    if exact:
        return special.factorialk(*_counts("factorialk", n), k, exact=True)
    return dispatched(_factorial)(n, k, extend)


# Sums of exponentials


def _logsumexp(a, b, axis, keepdims, return_sign):
    return special.logsumexp(a, axis, b, keepdims, return_sign)


def _shares(g, a, b, out, axis, keepdims, return_sign):
    """g exp(a - out), where out is the logarithm of the sum; equal infinities share.

    With ``return_sign`` g is that of the logarithm of a modulus and of a phase; z -> log(abs(z)) + 1j angle(z) is
    holomorphic, so that one number stands for both.
    """
    shape = np.broadcast_shapes(a.shape, () if b is None else b.shape)
    shape = shape or (1,)
    if return_sign:
        (g, turn), (out, sign) = g, out
        g = np.zeros_like(out) if g is None else g
        if turn is not None and sign.dtype.kind == "c":
            g = g + 1j * np.imag(turn * sign)
        g = g / np.where(sign == 0, 1, sign)
    g, out = (_kept(x, shape, axis, keepdims) for x in (g, out))
    tied = np.isinf(out) & (a == out)
    ties = np.maximum(np.sum(tied, axis=axis, keepdims=True), 1).astype(a.dtype)
    return g / ties * np.exp(np.where(tied, 0, a) - np.where(tied, 0, out))


def _logsumexp_a(g, a, b, out, axis, keepdims, return_sign, a_shape):
    share = _shares(g, a, b, out, axis, keepdims, return_sign)
    return unbroadcast(share if b is None else np.where(b == 0, 0, share * b), a_shape)


def _logsumexp_b(g, a, b, out, axis, keepdims, return_sign, b_shape):
    return unbroadcast(_shares(g, a, b, out, axis, keepdims, return_sign), b_shape)


differentiable(_logsumexp, a=_logsumexp_a, b=_logsumexp_b)


@composite(special.logsumexp)
def logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False):
    return dispatched(_logsumexp)(array_of(a), None if b is None else array_of(b), axis, keepdims, return_sign)


differentiable(special.softmax, x=lambda g, out, axis: out * (g - np.sum(g * out, axis=axis, keepdims=True)))
differentiable(special.log_softmax, x=lambda g, out, axis: g - np.exp(out) * np.sum(g, axis=axis, keepdims=True))


# The Dirichlet kernel, and spherical Bessel functions


def _diric(x, n, out):
    """(cos(n h) - out cos(h)) / (2 sin(h)), where h = x / 2; near its peaks, where that cancels, by a power series."""
    turns = np.rint(x * (0.5 / math.pi))
    h = x / 2 - turns * math.pi
    near = np.abs(h) * n < 0.01
    small, large = np.where(near, h, 0), np.where(near, 1, x / 2)
    series = small * (n * n - 1) / 3 * ((3 * n * n - 7) * small * small / 30 - 1) / 2
    sign = np.where(turns * (n - 1) % 2 == 0, 1, -1)
    slope = (np.cos(n * large) - np.where(near, 0, out) * np.cos(large)) / (2 * np.sin(large))
    return np.where((n > 0) & (n % 1 == 0), np.where(near, sign * series, slope), np.nan)


def _spherical(function, before, after):
    """The derivative is SciPy's; of that again, https://dlmf.nist.gov/10.51.E2 and its like between derivatives."""
    own = dispatched(function)

    def slope(g, n, z, derivative, out):
        z = 1 * z
        if not derivative:
            return g * own(n, z, True)
        below, above = own(np.maximum(n - 1, 0), z, True), own(n + 1, z, True)
        share = scipy_special_bessel.share(n, out)
        return g * (before * share * below + after * (1 - share) * above)

    # copies, because SciPy broadcasts them, which NumPy refuses for views of memory that is guarded
    elementwise(function, z=slope).compute = lambda n, z, derivative: function(n, np.array(z), derivative)


elementwise(special.diric, x=lambda g, x, n, out: g * _diric(x, n, out))
_spherical(special.spherical_jn, 1, -1)
_spherical(special.spherical_yn, 1, -1)
_spherical(special.spherical_in, 1, 1)
_spherical(special.spherical_kn, -1, -1)


# Legendre functions and spherical harmonics, which come with their derivatives up to the second; SciPy 1.15


def _next(name, function, g, diff_n, shape, *args, **options):
    """The derivatives with one more each, which the last of them has not."""
    if diff_n >= 2:
        raise TypeError(f"{name}: SciPy gives no third derivative; give diff_n of 1 or 0, or take fewer derivatives.")
    return unbroadcast(g * dispatched(function)(*args, **options, diff_n=diff_n + 1)[1:], shape)


def _legendre(name):
    f = getattr(special, name)
    if name.startswith("legendre"):
        differentiable(
            f,
            "(n, z, *, diff_n=0)",
            z=lambda g, n, z, diff_n, z_shape: _next(name, f, g, diff_n, z_shape, n, z),
        )
    elif name.startswith("sph"):
        differentiable(
            f,
            "(n, m, theta, *, diff_n=0)",
            theta=lambda g, n, m, theta, diff_n, theta_shape: _next(name, f, g, diff_n, theta_shape, n, m, theta),
        )
    else:
        differentiable(
            f,
            "(n, m, z, *, branch_cut=2, norm=False, diff_n=0)",
            z=lambda g, n, m, z, branch_cut, norm, diff_n, z_shape: _next(
                name, f, g, diff_n, z_shape, n, m, z, branch_cut=branch_cut, norm=norm
            ),
        )


def _harmonics(values, m, phi, diff_n, dtype):
    """Spherical harmonics and their derivatives, from those of the Legendre functions."""
    m, phi = m.astype(values.dtype), array_of(phi).astype(values.dtype)
    turned = np.exp(1j * m * phi)
    found = [(p * turned).astype(dtype) for p in values]
    if diff_n == 0:
        return found[0]
    gradient = np.stack([found[1], 1j * m * found[0]], axis=-1)
    if diff_n == 1:
        return found[0], gradient
    mixed = 1j * m * found[1]
    second = np.stack([np.stack([found[2], mixed], -1), np.stack([mixed, -m * m * found[0]], -1)], -1)
    return found[0], gradient, second


if hasattr(special, "legendre_p"):
    for name in ("legendre_p", "assoc_legendre_p", "sph_legendre_p"):
        _legendre(name)
        _legendre(f"{name}_all")

    @composite(special.sph_harm_y)
    def sph_harm_y(n, m, theta, phi, *, diff_n=0):
        values = dispatched(special.sph_legendre_p)(n, m, theta, diff_n=diff_n)
        # SciPy's precision differs between versions
        dtype = special.sph_harm_y(0, 0, *(np.zeros(1, unwrap(array_of(a)).dtype) for a in (theta, phi))).dtype
        return _harmonics(values, np.asarray(unwrap(m)), phi, diff_n, dtype)

    @composite(special.sph_harm_y_all)
    def sph_harm_y_all(n, m, theta, phi, *, diff_n=0):
        theta, phi = np.broadcast_arrays(array_of(theta), array_of(phi))
        dtype = np.result_type(unwrap(theta), unwrap(phi))
        values = dispatched(special.sph_legendre_p_all)(n, m, theta.astype(dtype), diff_n=diff_n)
        orders = np.concatenate((np.arange(m + 1), np.arange(-m, 0)))
        return _harmonics(
            values, np.reshape(orders, (-1, *(1,) * phi.ndim)), phi, diff_n, np.result_type(dtype, np.complex64)
        )
