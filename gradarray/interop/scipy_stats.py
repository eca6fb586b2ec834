"""Distributions and statistics of ``scipy.stats``, most of which run through their own code in wrapped context.

>>> import gradarray as ga
>>> from scipy import stats
>>> scale = ga.tensor([1.0, 2.0])
>>> with ga.wrapping():
...     stats.norm.logpdf(1.0, 0.0, scale).backward()
>>> scale.grad
array([ 0.   , -0.375])
"""

from typing import Any

import numpy as np
from scipy import integrate, special, stats
from scipy.stats import _distn_infrastructure as infrastructure
from scipy.stats import _ksstats, _multivariate, _stats_py

from ..registry import composite, constant, differentiable, dispatched, elementwise, refused, unwrap
from . import scipy_stats_limits, scipy_stats_multivariate  # noqa: F401, they register rules
from .scipy_special_gamma import absent, beta_density
from .scipy_stats_shapes import as_tensor, copied, newton, plainly, wrapped

constant(stats.rankdata)


@composite(infrastructure.argsreduce)
def argsreduce(cond, *args):
    """All are Tensors then, so that what a distribution makes of one of them takes what it makes of others.

    Of a distribution without shapes the condition is made of integers.
    """
    *arrays, cond = (np.ravel(a) for a in np.broadcast_arrays(*map(as_tensor, args), np.asarray(cond, bool)))
    return arrays if np.all(cond) else [a[cond] for a in arrays]


# Before SciPy 1.15 compiled functions of some distributions are here, of others moments are compiled, too

_boost: Any = getattr(stats, "_boost", None)
_NAMES = {"_binom_pdf": "_binom_pmf", "_nbinom_pdf": "_nbinom_pmf"}
for _name in dir(_boost):
    _vjps = absent.get(_NAMES.get(_name, _name))
    if _vjps is not None:
        elementwise(getattr(_boost, _name), **_vjps)
    elif _name in ("_binom_ppf", "_binom_isf", "_nbinom_ppf", "_nbinom_isf"):
        constant(getattr(_boost, _name))


def _beta_moments(self, a, b):
    total = a + b
    spread = a * b * (total + 2)
    skew = 2 * (b - a) * np.sqrt(total + 1) / ((total + 2) * np.sqrt(a * b))
    tails = 6 * ((a - b) ** 2 * (total + 1) - spread) / (spread * (total + 3))
    return a / total, a * b / (total * total * (total + 1)), skew, tails


def _binomial_moments(self, n, p, moments="mv"):
    variance = n * p * (1 - p)
    return n * p, variance, (1 - 2 * p) / np.sqrt(variance), (1 - 6 * p * (1 - p)) / variance


if hasattr(_boost, "_beta_mean"):
    composite(stats.beta.__class__._stats)(_beta_moments)
    composite(stats.binom.__class__._stats)(_binomial_moments)
    for _name, _sign in (("_beta_cdf", 1), ("_beta_sf", -1)):
        elementwise(getattr(_boost, _name), a=lambda g, a, b, c, s=_sign: s * g * beta_density(b, c, a))
    elementwise(_boost._beta_isf, a=lambda g, b, c, out: -g / beta_density(b, c, out))


# Inverses, draws and integrals


@composite(stats.rv_continuous._ppf)
def _ppf(self, q, *args):
    x = plainly(self._ppfvec, q, *args)
    return newton(self, x, q, *args) if isinstance(self, stats.rv_continuous) else x


# Of integers they are constant, but for the location
for distribution in {type(d) for d in vars(stats).values() if isinstance(d, stats.rv_discrete)}:
    constant(*(vars(distribution)[name] for name in ("_ppf", "_isf") if name in vars(distribution)))


@composite(infrastructure.rv_generic.rvs)
def rvs(self, *args, **kwds):
    """Standard ones, which are moved and scaled."""
    options = {name: kwds.pop(name) for name in ("discrete", "random_state") if name in kwds}
    shapes, *rest = plainly(self._parse_args_rvs, *args, **kwds)
    kwds.pop("size", None)
    given, loc, scale = self._parse_args(*args[: self.numargs + 2], **kwds)
    if unwrap(given) is not given or options.get("discrete"):
        raise TypeError(
            f"{self.name}.rvs: draws have no derivative by shape parameters, nor have integers; transform draws that "
            f"do not depend on them, as in {self.name}.ppf(rng.uniform(size=n), ...)."
        )
    return self.rvs(*shapes, size=rest[-1], **options) * scale + loc


@composite(stats.rv_continuous._entropy)
def _entropy(self, *args):
    """The integral of -p log(p) over where p is not 0."""

    def integrand(x):
        with wrapped:
            p = self._pdf(*(np.reshape(as_tensor(a), 1) for a in (x, *args)))[0]
        inside = unwrap(p) > 0
        return np.where(inside, special.entr(np.where(inside, p, 1)), 0)

    a, b = self._get_support(*map(unwrap, args))
    with np.errstate(over="ignore"):
        if not np.isfinite(plainly(integrate.quad, lambda x: unwrap(integrand(x)), a, b)[0]):
            low, high = plainly(self.ppf, np.array([1e-10, 1 - 1e-10]), *args)
            a, b = np.where(np.isinf(a), low, a), np.where(np.isinf(b), high, b)
        with wrapped:
            return integrate.quad(integrand, a, b)[0]


# Distributions whose own code ends in compiled code


@composite(stats.geninvgauss.__class__._logpdf)
def geninvgauss_logpdf(self, x, p, b):
    inside = unwrap(x) > 0
    x = np.where(inside, x, 1)
    log_constant = -np.log(2.0) - np.log(special.kve(p, b)) + b
    return np.where(inside, log_constant + (p - 1) * np.log(x) - b * (x + 1 / x) / 2, -np.inf)


@composite(stats.genhyperbolic.__class__._logpdf)
def genhyperbolic_logpdf(self, x, p, a, b):
    gamma = np.sqrt((a - b) * (a + b))
    size = np.hypot(1.0, x)
    constants = p * np.log(gamma) - np.log(2 * np.pi) / 2 - np.log(a) * (p - 0.5) - np.log(special.kve(p, gamma))
    shape = np.log(size) * (p - 0.5) + np.log(special.kve(p - 0.5, a * size))
    return constants + shape + gamma - a * size + b * x


@composite(stats.genhyperbolic.__class__._pdf)
def genhyperbolic_pdf(self, x, p, a, b):
    return np.exp(genhyperbolic_logpdf(self, x, p, a, b))


def _by_quadrature(fn):
    """Distribution functions that integrate a compiled density: they do, and the density in Python for derivatives."""

    def call(self, x, *args):
        value = plainly(fn, self, x, *args)
        with wrapped:
            same = stats.rv_continuous._cdf(self, x, *args)
        same = same if fn.__name__ == "_cdf" else 1 - same
        return value + (same - unwrap(same))

    return call


for cls in (type(stats.genhyperbolic), type(stats.geninvgauss)):
    for name in {"_cdf", "_sf"} & vars(cls).keys():
        composite(vars(cls)[name])(_by_quadrature(vars(cls)[name]))


@composite(stats.norminvgauss.__class__._isf)
def norminvgauss_isf(self, q, a, b):
    start = plainly(stats.norminvgauss._isf, q, a, b)
    return newton(self, start, 1 - q, a, b)


@composite(stats.nbinom.__class__._stats)
def nbinom_stats(self, n, p):
    q = 1 - p
    return n * q / p, n * q / (p * p), (1 + q) / np.sqrt(n * q), 6 / n + p * p / (n * q)


# Of Kolmogorov and Smirnov
_density = dispatched(_ksstats.kolmognp)
refused("its derivative is found nowhere in SciPy; give it plain arrays (t.data).", _ksstats.kolmognp)
differentiable(_ksstats.kolmogn, x=lambda g, n, x, cdf: g * np.where(cdf, 1, -1) * _density(n, x))
differentiable(_ksstats.kolmogni, q=lambda g, n, cdf, out: g * np.where(cdf, 1, -1) / _density(n, out))


# Distributions of vectors


@composite(_multivariate._PSD.__init__)
def psd(self, M, cond=None, rcond=None, lower=True, check_finite=True, allow_singular=True):
    """With U such that U U^T is the inverse on the support, by a Cholesky factor that is 1 at the matrix itself."""
    _multivariate._PSD.__init__(self, unwrap(M), cond, rcond, lower, check_finite, allow_singular)
    kept = np.any(self.U != 0, axis=0)
    base = self.U[:, kept]
    factor = np.linalg.cholesky(base.T @ ((M + M.T) / 2) @ base)
    change = base @ np.linalg.inv(factor).T
    spread = np.zeros((self.rank, len(kept)))
    spread[:, kept] = np.eye(self.rank)
    size = 2 * np.sum(np.log(np.diagonal(factor)))
    self.U = self.U + (change - unwrap(change)) @ spread
    self.log_pdet = self.log_pdet + (size - unwrap(size))
    self._M = M


# Statistics, where one of two samples may be plain

_cdf_distance = copied(_stats_py._cdf_distance)


@composite(_stats_py._cdf_distance)
def cdf_distance(p, u_values, v_values, u_weights=None, v_weights=None):
    samples = (a if a is None else as_tensor(a) for a in (u_values, v_values, u_weights, v_weights))
    with wrapped:
        return _cdf_distance(p, *samples)


# Densities from samples


def _kernels(self, points):
    """The logarithms of the kernel functions of all points of the data, and their weights."""
    points = np.atleast_2d(as_tensor(points))
    d, m = points.shape
    if d != self.d:
        if d != 1 or m != self.d:
            raise ValueError(f"points have dimension {d}, dataset has dimension {self.d}")
        points = np.reshape(points, (self.d, 1))
    inverse = np.linalg.inv(as_tensor(self.cho_cov))
    energy = 0.0
    for x, y in zip(inverse @ points, inverse @ self.dataset, strict=True):
        energy = energy + (x[:, None] - y) ** 2
    height = np.sum(np.log(np.diagonal(inverse))) - self.d / 2 * np.log(2 * np.pi)
    return height - energy / 2, self.weights


@composite(stats.gaussian_kde.evaluate)
def evaluate(self, points):
    logs, weights = _kernels(self, points)
    return np.exp(logs) @ weights


@composite(stats.gaussian_kde.logpdf)
def logpdf(self, x):
    logs, weights = _kernels(self, x)
    top = np.max(unwrap(logs), axis=1)
    return np.log(np.exp(logs - top[:, None]) @ weights) + top


refused("draw with plain data, and move or scale what is drawn.", stats.gaussian_kde.resample)
