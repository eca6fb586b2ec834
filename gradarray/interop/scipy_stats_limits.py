"""Distributions of ``scipy.stats`` whose own code takes another formula at or near one value of a shape parameter.

There it says nothing of the parameter, or little that is precise. Here are formulas that go on smoothly through that
value, in functions that do, such as (exp(c x) - 1) / c and log(1 + c x) / c.
"""

import numpy as np
from scipy import special, stats
from scipy.stats import _morestats

from ..registry import composite, unwrap
from .scipy_special_distributions import ncx2_density
from .scipy_stats_shapes import as_tensor, by_shapes, copied, plainly, wrapped

_LOG_2PI = np.log(2 * np.pi)


def log_ratio(x, c):
    """log(1 + c x) / c, which is x for c = 0; near that by https://dlmf.nist.gov/15.4.E1."""
    z = c * x
    near = np.abs(unwrap(z)) < 0.1
    away = np.where(near, 1, z)
    series = x * special.hyp2f1(1.0, 1.0, 2.0, -np.where(near, z, 0))
    return np.where(near, series, np.log1p(away) / np.where(near, 1, c))


def _valued(value, smooth, *args):
    """The plain ``value``, with the derivatives of ``smooth``; none where one of them is not finite."""
    args = np.broadcast_arrays(*map(as_tensor, args))
    with np.errstate(all="ignore"):
        finite = np.isfinite(value) & np.isfinite(smooth(*map(unwrap, args)))
    # where it is not, at arguments that are good for any of these distributions
    change = smooth(*(np.where(finite, a, 0.0 if i else 0.5) for i, a in enumerate(args)))
    return np.where(finite, np.where(finite, value, 0) + (change - unwrap(change)), value)


def _replaced(cls, name, smooth):
    """The method ``name`` of ``cls`` has SciPy's values and the derivatives of ``smooth``."""
    fn = vars(cls)[name]
    own = copied(fn)
    composite(fn)(lambda self, *args: _valued(plainly(own, self, *args), smooth, *args))


# Generalized Pareto and extreme values


@composite(stats.genpareto.__class__._logpdf)
def genpareto_logpdf(self, x, c):
    edge = (unwrap(c) == -1) & (unwrap(x) == 1)  # of the uniform distribution
    return np.where(edge, 0, -(c + 1) * log_ratio(np.where(edge, 0, x), c))


@composite(stats.genpareto.__class__._logsf)
def genpareto_logsf(self, x, c):
    return -log_ratio(x, c)


@composite(stats.genextreme.__class__._loglogcdf)
def genextreme_loglogcdf(self, x, c):
    finite = np.isfinite(unwrap(x))
    return np.where(finite, -log_ratio(np.where(finite, x, 0), -c), -x)


@composite(stats.genextreme.__class__._logpdf)
def genextreme_logpdf(self, x, c):
    cx = unwrap(c) * unwrap(x)
    inside = np.isfinite(cx) & (cx != 1)
    x = np.where(inside, x, 0)
    height = -log_ratio(x, -c)
    edge = np.where((cx == 1) & (unwrap(c) == 1), 0, -np.inf)
    return np.where(inside, height - np.exp(height) - np.log1p(-c * x), edge)


for name, chance in (("_ppf", lambda q: -np.log(q)), ("_isf", lambda q: -np.log1p(-q))):

    @composite(getattr(stats.genextreme.__class__, name))
    def genextreme_inverse(self, q, c, chance=chance):
        x = -np.log(chance(q))
        return x * special.exprel(-c * x)


# The Taylor coefficients, at c = 0, of the mean, variance, skewness and excess kurtosis of (1 - w**c) / c, where w is
# exponentially distributed: of rational functions of gamma(1 + n c)
_EXTREME = (
    (
        *(0.5772156649015329, -0.9890559953279725, 0.9074790760808863, -0.9817280868344002, 0.9819950689031453),
        *(-0.9931491146212762, 0.9960017604424315, -0.998105693783129, 0.9990252676219549),
    ),
    (
        *(1.6449340668482264, -4.303077228549151, 11.718339177218882, -26.53141916464012, 57.676112859609745),
        *(-120.6254077476928, 247.65840041981136, -502.649810616349, 1013.6553090068471),
    ),
    (
        *(1.1395470994046486, -5.966612412667091, 12.27978665898371, -36.22426785110785, 106.07709592394814),
        *(-315.54882661360034, 942.5587779780091, -2821.4944204247213, 8454.64662899483),
    ),
    (
        *(2.4, -28.917688340799625, 152.61603300554222, -666.448329815961, 2877.87676765926, -12120.830749353447),
        *(50326.42880216044, -206829.852749002, 843896.1629971687),
    ),
)
_extreme_moments = copied(stats.genextreme.__class__._stats)


@composite(stats.genextreme.__class__._stats)
def genextreme_stats(self, c):
    near = np.abs(unwrap(c)) < 0.02
    with wrapped:
        own = _extreme_moments(self, np.where(near, 0.1, c))
    small = as_tensor(np.where(near, c, 0))
    values = plainly(_extreme_moments, self, c)
    series = (sum(a * small**n for n, a in enumerate(coefficients)) for coefficients in _EXTREME)
    return tuple(
        np.where(near, value + (t - unwrap(t)), far) for value, t, far in zip(values, series, own, strict=True)
    )


# Kappa: with y = (1 - k x)**(1 / k), the distribution function is (1 - h y)**(1 / h)


def _kappa_logpdf(x, h, k):
    height = -log_ratio(x, -k)
    return (1 - k) * height - (1 - h) * log_ratio(np.exp(height), -h)


def _kappa_logcdf(x, h, k):
    return -log_ratio(np.exp(-log_ratio(x, -k)), -h)


def _kappa_ppf(q, h, k):
    log_q = np.log(q)
    height = np.log(-log_q * special.exprel(h * log_q))
    return -height * special.exprel(k * height)


for name, smooth in (("_logpdf", _kappa_logpdf), ("_logcdf", _kappa_logcdf), ("_ppf", _kappa_ppf)):
    _replaced(type(stats.kappa4), name, smooth)


# Skewed normal


@composite(stats.skewnorm.__class__._logpdf)
def skewnorm_logpdf(self, x, a):
    return np.log(2) - _LOG_2PI / 2 - x * x / 2 + special.log_ndtr(a * x)


@composite(stats.skewnorm.__class__._pdf)
def skewnorm_pdf(self, x, a):
    return np.exp(-x * x / 2) * np.sqrt(2 / np.pi) * special.ndtr(a * x)


# Pearson's third: the normal distribution below a skew of 1.6e-5, else that of gamma, whose terms cancel


_PEARSON = type(stats.pearson3)


@composite(_PEARSON._preprocess)
def pearson3_preprocess(self, x, skew):
    """What its functions begin with; they write into the first, which is a Tensor then."""
    ones, x, skew = np.broadcast_arrays(as_tensor(1.0), x, skew)
    small = np.abs(unwrap(skew)) < 0.000016
    beta = 2 / skew[~small]
    alpha = beta * beta
    zeta = -alpha / beta
    return np.copy(ones), x, beta * (x[~small] - zeta), small, ~small, beta, alpha, zeta


def _pearson_logpdf(x, skew):
    """By https://dlmf.nist.gov/5.11.E1 for log(gamma(4 / skew**2)), all large terms of which go against others."""
    z = x * skew / 2
    constant = -_LOG_2PI / 2 - skew**2 / 48 + skew**6 / 23040
    return constant - x * x / 2 * special.hyp2f1(1.0, 2.0, 3.0, -z) - np.log1p(z)


def _where_small(fn, smooth):
    """``fn``, by ``smooth`` for skews that are small."""
    own = copied(fn)

    def call(self, x, skew):
        x, skew = np.broadcast_arrays(as_tensor(x), as_tensor(skew))
        small = np.abs(unwrap(skew)) < 0.1
        with wrapped:
            far = own(self, np.where(small, 0, x), np.where(small, 1, skew))
        return np.where(small, smooth(self, np.where(small, x, 0), np.where(small, skew, 0)), far)

    return call


_pearson_values = copied(_PEARSON._logpdf)
composite(_PEARSON._logpdf)(
    _where_small(
        _PEARSON._logpdf,
        lambda self, x, skew: _valued(plainly(_pearson_values, self, x, skew), _pearson_logpdf, x, skew),
    )
)
for fn, sign in ((_PEARSON._cdf, 1), (_PEARSON._sf, -1)):
    composite(fn)(_where_small(fn, by_shapes(_PEARSON, fn, sign)))


# Noncentral chi-squared, which for nc = 0 is another distribution to SciPy; that has the derivatives by the others


def _central(fn, change):
    own = copied(fn)

    def call(self, x, df, nc):
        with wrapped:
            value = own(self, x, df, nc)
        x, df, nc = np.broadcast_arrays(*map(as_tensor, (x, df, nc)))
        zero = unwrap(nc) == 0
        if not np.any(zero):
            return value
        finite = zero & np.isfinite(unwrap(value)) & (unwrap(x) > 0)
        x, df, nc = np.where(finite, x, 0.5), np.where(finite, unwrap(df), 1), np.where(finite, nc, 0)
        return value + np.where(finite, change(x, df, nc, np.where(finite, value, 0.5)), 0)

    return call


def _of_inverse(x, df, nc, start):
    """Two steps of Newton's method from the quantile of the central distribution."""
    at, y = unwrap(start), start
    for _ in range(2):
        y = y - (special.chndtr(y, df, nc) - special.chndtr(at, df, unwrap(nc))) / ncx2_density(y, df, nc)
    return y - start


def _of_density(x, df, nc, value):
    return ncx2_density(x, df, nc) - ncx2_density(x, df, unwrap(nc))


def _of_logarithm(x, df, nc, value):
    return np.log(special.hyp0f1(df / 2, nc * x / 4)) - nc / 2


def _of_mass(x, df, nc, value):
    return special.chndtr(x, df, nc) - special.chndtr(x, df, unwrap(nc))


for name, change in {
    "_pdf": _of_density,
    "_logpdf": _of_logarithm,
    "_cdf": _of_mass,
    "_sf": lambda *args: -_of_mass(*args),
    "_ppf": _of_inverse,
    "_isf": _of_inverse,
}.items():
    fn = vars(type(stats.ncx2)).get(name)
    if fn is not None:
        composite(fn)(_central(fn, change))


# Of angles, and Rice's, in terms of exp(-z) I_0(z), which has a kink at 0: log(I_0(z)) has none


def _log_i0(z):
    near = unwrap(z) < 1
    return np.where(near, np.log(special.i0(np.where(near, z, 0))), np.log(special.i0e(z)) + z)


_VONMISES = type(stats.vonmises)
_replaced(_VONMISES, "_logpdf", lambda x, kappa: kappa * np.cos(x) - np.log(2 * np.pi) - _log_i0(kappa))
_replaced(_VONMISES, "_pdf", lambda x, kappa: np.exp(kappa * np.cos(x) - _log_i0(kappa)) / (2 * np.pi))


@composite(_VONMISES._entropy)
def vonmises_entropy(self, kappa):
    return np.log(2 * np.pi) + _log_i0(kappa) - kappa * special.i1e(kappa) / special.i0e(kappa)


@composite(stats.rice.__class__._pdf)
def rice_pdf(self, x, b):
    return x * np.exp(_log_i0(x * b) - (x * x + b * b) / 2)


# Triangles whose top is at the right end; halves of logistic distributions


def _left_of(x, c):
    left = (unwrap(x) < unwrap(c)) | (unwrap(c) == 1)
    return left, np.where(left, c, 1), np.where(left, 0, c)


@composite(stats.triang.__class__._pdf)
def triang_pdf(self, x, c):
    left, up, down = _left_of(x, c)
    return np.where(left, 2 * x / up, 2 * (1 - x) / (1 - down))


@composite(stats.triang.__class__._cdf)
def triang_cdf(self, x, c):
    left, up, down = _left_of(x, c)
    return np.where(left, x * x / up, 1 - (1 - x) ** 2 / (1 - down))


def _half_logistic_ppf(q, c):
    height = np.log1p(-q) - np.log1p(q)
    return -height * special.exprel(c * height)


_replaced(type(stats.genhalflogistic), "_ppf", _half_logistic_ppf)


# Powers whose limit is a logarithm


_yeojohnson = copied(_morestats._yeojohnson_transform)


@composite(_morestats._yeojohnson_transform)
def yeojohnson_transform(x, lmbda, *options, **more):
    value = plainly(_yeojohnson, x, lmbda, *options, **more)
    x, power = as_tensor(x), as_tensor(lmbda).astype(value.dtype)
    right = unwrap(x) >= 0
    x = x.astype(value.dtype)
    up, down = special.boxcox1p(np.where(right, x, 0), power), special.boxcox1p(np.where(right, 0, -x), 2 - power)
    change = np.where(right, up, -down)
    return value + (change - unwrap(change))


_boxcox_llf = copied(stats.boxcox_llf)


@composite(stats.boxcox_llf)
def boxcox_llf(lmb, data, *, axis=0, **options):
    """For a power of 0 SciPy takes the logarithm; what changes with the power is the variance of the powers."""
    axes = {} if axis == 0 else {"axis": axis}  # older versions of SciPy know none
    with wrapped:
        value = _boxcox_llf(lmb, data, **axes, **options)
    if np.ndim(unwrap(lmb)) or unwrap(lmb) != 0:
        return value
    data, power = as_tensor(data), as_tensor(lmb)
    if options.get("nan_policy", "propagate") != "propagate" and np.any(np.isnan(unwrap(data))):
        raise NotImplementedError("boxcox_llf of a Tensor lmb=0 and of data with nan; leave them out of the data.")
    data = np.ravel(data) if axis is None else data
    axis, keepdims = axis or 0, options.get("keepdims", False)
    old, new = (np.log(np.var(special.boxcox(data, p), axis, keepdims=keepdims)) for p in (unwrap(power), power))
    return value - data.shape[axis] / 2 * (new - old)
