"""Distributions and statistics of ``scipy.stats``."""

import numpy as np
from catalogue.base import definite, distinct, positive, real
from scipy import integrate, stats

from .base import REFUSED, row

# How numbers between 0.5 and 2 are made into arguments and shapes of each distribution, with how many shapes


def same(x):
    return x


def fraction(x):
    """Between 0 and 1."""
    return x / (1 + x)


DISTRIBUTIONS = {
    "norm": (same, 0),
    "expon": (same, 0),
    "gamma": (same, 1),
    "beta": (fraction, 2),
    "t": (same, 1),
    "chi2": (same, 1),
    "f": (same, 2),
    "lognorm": (same, 1),
    "weibull_min": (same, 1),
    "weibull_max": (lambda x: -x, 1),
    "uniform": (fraction, 0),
    "laplace": (same, 0),
    "logistic": (same, 0),
    "cauchy": (same, 0),
    "pareto": (lambda x: x + 0.6, 1),
    "gumbel_r": (same, 0),
    "gumbel_l": (same, 0),
    "invgamma": (same, 1),
    "invgauss": (same, 1),
    "rayleigh": (same, 0),
    "halfnorm": (same, 0),
    "maxwell": (same, 0),
    "genextreme": (lambda x: x / 5, 1),
    "genpareto": (same, 1),
    "skewnorm": (same, 1),
    "exponnorm": (same, 1),
    "vonmises": (same, 1),
    "loggamma": (same, 1),
    "gennorm": (same, 1),
    "burr12": (same, 2),
    "johnsonsu": (same, 2),
    "pearson3": (same, 1),
    "argus": (fraction, 1),
}
SCALED = {"norm", "gamma", "beta", "t", "weibull_min", "cauchy", "genextreme", "gumbel_r"}


def add(name, into, count):
    d = getattr(stats, name)
    shapes = [positive(3)] * count
    for method in ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf"):
        f = getattr(d, method)
        if name != "uniform":
            row(f, name, lambda x, *a, f=f: f(into(x), *a), positive(3), *shapes)
        if name in SCALED:
            call = lambda x, loc, scale, *a, f=f: f(loc + scale * into(x), *a, loc=loc, scale=scale)  # noqa: E731
            row(f, f"{name},loc,scale", call, positive(2, 1), real(), positive(3), *shapes)
    for method in ("ppf", "isf"):
        f = getattr(d, method)
        row(f, name, lambda q, *a, f=f: f(fraction(q), *a), positive(2), *[positive(2)] * count)
    if name in SCALED:
        call = lambda x, loc, scale, *a: d(*a, loc=loc, scale=scale).logpdf(loc + scale * into(x))  # noqa: E731
        row(d.logpdf, f"{name},frozen", call, positive(3), real(), positive(), *shapes)


for name, (into, count) in DISTRIBUTIONS.items():
    add(name, into, count)
for method in ("pdf", "logpdf", "cdf", "logcdf", "sf", "logsf"):
    f = getattr(stats.truncnorm, method)
    row(f, "truncnorm", lambda x, a, b, f=f: f(x, -a, 2 + b), positive(3), positive(3), positive(3))
for name, x in (("gamma", -0.5), ("uniform", 1.5), ("beta", 1.5)):
    f = getattr(stats, name).pdf
    call = lambda s, f=f, x=x, n=DISTRIBUTIONS[name][1]: f(np.array([x, 0.4, np.nan]) * 1.0, *[1.5] * n, scale=s)  # noqa: E731
    row(f, f"{name},outside", lambda s, call=call: np.nan_to_num(call(s)), positive())
for name in ("expon", "gamma", "beta", "t", "lognorm", "weibull_min", "invgauss", "gumbel_r"):
    d, count = getattr(stats, name), DISTRIBUTIONS[name][1]
    for method in ("mean", "var", "std", "median", "entropy"):
        f = getattr(d, method)
        if (name, method) != ("t", "mean"):
            row(f, name, lambda s, *a, f=f: f(*(x + 2.5 for x in a), scale=s), positive(), *[positive()] * count)
    row(
        d.stats,
        name,
        lambda s, *a, f=d.stats: f(*(x + 4.5 for x in a), 0, s, "mv"),
        positive(),
        *[positive()] * count,
    )
    row(d.interval, name, lambda s, *a, f=d.interval: f(0.8, *a, scale=s), positive(), *[positive()] * count)
row(stats.gamma.stats, "gamma,sk", lambda a: stats.gamma.stats(a, moments="sk"), positive(3))
row(stats.norm.rvs, "norm", lambda a, b: stats.norm.rvs(a, b, (4, 3), random_state=1), real(3), positive(3))
row(stats.gamma.rvs, "gamma", lambda a, b: stats.gamma.rvs(2.0, a, b, random_state=1), real(3), positive(3))
row(stats.norm.nnlf, "norm", lambda m, s, x: stats.norm.nnlf((m, s), x), real(), positive(), real(5))
row(stats.norm.fit, "norm", lambda x: stats.norm.fit(x), real(6))
row(stats.skewnorm.entropy, "skewnorm", lambda a: stats.skewnorm.entropy(a), positive())

K = np.array([0, 1, 2, 4])
DISCRETE = {
    "poisson": (same, ()),
    "binom": (fraction, (5,)),
    "nbinom": (fraction, (3,)),
    "geom": (fraction, ()),
    "bernoulli": (fraction, ()),
    "logser": (fraction, ()),
    "planck": (same, ()),
    "dlaplace": (same, ()),
}
for name, (into, counts) in DISCRETE.items():
    for method in ("pmf", "logpmf", "cdf", "sf"):
        f, k = getattr(getattr(stats, name), method), K % 2 if name == "bernoulli" else K + (name in ("geom", "logser"))
        if name == "bernoulli" and method != "logpmf":
            k = k[:1]
        if (name, method) not in (("logser", "cdf"), ("logser", "sf")):
            row(f, name, lambda p, f=f, n=counts, k=k, i=into: f(k, *n, i(p[:, None])), positive(2))
    if name != "logser":
        for method in ("mean", "var", "std")[name == "dlaplace" :]:
            f = getattr(getattr(stats, name), method)
            row(f, name, lambda p, f=f, n=counts, i=into: f(*n, i(p)), positive())
    f = getattr(stats, name).ppf
    row(f, name, lambda loc, f=f, n=counts: f([0.2, 0.7], *n, 0.4, loc=loc), real(2))
row(stats.hypergeom.pmf, "hypergeom", lambda x: stats.hypergeom.pmf([1, 2], 20, 7, 12) * x, real(2))

# Of vectors and matrices


def symmetric(a):
    """SciPy reads one triangle only, the gradient belongs to both."""
    return (a + np.swapaxes(a, -1, -2)) / 2


for f in (stats.multivariate_normal.pdf, stats.multivariate_normal.logpdf):
    name = "multivariate_normal"
    row(f, name, lambda x, m, c, f=f: f(x, m, symmetric(c)), real(4, 3), real(3), definite(3, 3))
    row(f, f"{name},vector", lambda x, m, c, f=f: f(x, m, symmetric(c)), real(3), real(3), definite(3, 3))
    row(f, f"{name},variances", lambda x, m, c, f=f: f(x, m, c), real(2, 3), real(3), positive(3))
    row(f, f"{name},equal", lambda x, c, f=f: f(x, cov=np.eye(2) * c), real(2, 2), positive())
    row(f, f"{name},number", lambda x, m, c, f=f: f(x, m, c), real(4), real(), positive())
row(
    stats.multivariate_normal.logpdf,
    "frozen",
    lambda x, m, c: stats.multivariate_normal(m, symmetric(c)).logpdf(x),
    *(real(4, 3), real(3), definite(3, 3)),
)
row(
    stats.multivariate_normal.logpdf,
    "singular",
    lambda x, s: stats.multivariate_normal.logpdf(x * [1.0, 0.0], None, [[1.0, 0.0], [0.0, 0.0]] * s, True),
    *(real(4, 2), positive()),
)
row(
    stats.multivariate_normal.entropy,
    "multivariate_normal",
    lambda c: stats.multivariate_normal.entropy(cov=symmetric(c)),
    definite(3, 3),
)
for f in (stats.multivariate_normal.cdf, stats.multivariate_normal.logcdf):
    row(f, f"{name},one", lambda x, m, c, f=f: f(x, m, c), real(4), real(), positive())
    row(f, f"{name},two", lambda x, m, c, f=f: f(x, m, symmetric(c)), real(4, 2), real(2), definite(2, 2))
    row(f, f"{name},variances", lambda x, m, c, f=f: f(x, m, c), real(2), real(2), positive(2))
    row(
        *(f, f"{name},limits", lambda x, m, c, a, f=f: f(x, m, symmetric(c), lower_limit=x - a)),
        *(real(4, 2), real(2), definite(2, 2), positive(2)),
    )
row(
    stats.multivariate_normal.cdf,
    "frozen",
    lambda x, m, c, a: stats.multivariate_normal(m, symmetric(c)).cdf(x, lower_limit=a),
    *(real(4, 2), real(2), definite(2, 2), real(4, 2)),
)
for f in (stats.multivariate_t.pdf, stats.multivariate_t.logpdf):
    call = lambda x, m, c, df, f=f: f(x, m, symmetric(c), df)  # noqa: E731
    row(f, "multivariate_t", call, real(4, 3), real(3), definite(3, 3), positive())
for f in (stats.dirichlet.pdf, stats.dirichlet.logpdf):
    row(f, "dirichlet", lambda x, a, f=f: f(x / np.sum(x, axis=0), a), positive(3), positive(3))
    call = lambda x, a, f=f: f(x.astype(float) / np.sum(x.astype(float), axis=0), a)  # noqa: E731
    row(f, "dirichlet,many", call, positive(3, 4), positive(3))
for method in ("mean", "var", "entropy"):
    row(getattr(stats.dirichlet, method), "dirichlet", getattr(stats.dirichlet, method), positive(3))
for f in (stats.wishart.pdf, stats.wishart.logpdf):
    row(f, "wishart", lambda x, c, f=f: f(symmetric(x), 5, symmetric(c)), definite(3, 3), definite(3, 3))
for f in (stats.multinomial.pmf, stats.multinomial.logpmf):
    row(f, "multinomial", lambda p, f=f: f([3, 2, 1], 6, p / np.sum(p)), positive(3))

# Densities from samples

for method in ("evaluate", "logpdf"):
    kde = lambda d, x, w=None, bw=None, method=method: getattr(stats.gaussian_kde(d, bw, w), method)(x)  # noqa: E731
    row(getattr(stats.gaussian_kde, method), "one", kde, real(8), real(5))
    row(getattr(stats.gaussian_kde, method), "two", kde, real(2, 8), real(2, 5))
    row(getattr(stats.gaussian_kde, method), "point", kde, real(2, 8), real(2))
    row(getattr(stats.gaussian_kde, method), "weights", kde, real(8), real(5), positive(8))
    call = lambda d, x, kde=kde: kde(d, x, bw="silverman")  # noqa: E731
    row(getattr(stats.gaussian_kde, method), "silverman", call, real(8), real(5))
    row(getattr(stats.gaussian_kde, method), "factor", lambda d, x, kde=kde: kde(d, x, bw=0.4), real(8), real(5))

# Statistics

for f in (stats.gmean, stats.hmean):
    for axis in (0, 1, None):
        row(f, f"axis={axis}", lambda x, f=f, axis=axis: f(x, axis), positive(4, 3))
    row(f, "weights", lambda x, w, f=f: f(x, weights=w), positive(5), positive(5))
for p in (2.5, -1, 0, 1):
    row(stats.pmean, f"p={p}", lambda x, p=p: stats.pmean(x, p), positive(5))
    row(
        stats.pmean,
        f"p={p},weights",
        lambda x, w, p=p: stats.pmean(x, p, weights=w, axis=1),
        positive(2, 5),
        positive(2, 5),
    )
AXES = [
    *(stats.zscore, stats.skew, stats.kurtosis, stats.sem, stats.tmean, stats.tvar, stats.tstd, stats.tsem),
    *(stats.iqr, stats.median_abs_deviation, stats.circmean, stats.circvar, stats.circstd),
]
for f in AXES:
    row(f, "call", lambda x, f=f: f(x), distinct(7))
    row(f, "axis", lambda x, f=f: f(x, axis=1), distinct(2, 6))
for f in (stats.gzscore, stats.gstd):
    row(f, "call", lambda x, f=f: f(x), positive(7))
    row(f, "axis", lambda x, f=f: f(x, axis=1), positive(2, 6))
for label, options in (("ddof", {"ddof": 1}), ("axis", {"axis": 1})):
    row(stats.zscore, label + "2", lambda x, o=options: stats.zscore(x, **o), distinct(3, 5))
    row(stats.sem, label + "2", lambda x, o=options: stats.sem(x, **o), distinct(3, 5))
for f in (stats.skew, stats.kurtosis):
    if hasattr(integrate, "tanhsinh"):  # SciPy 1.13 fails in single precision
        row(f, "bias", lambda x, f=f: f(x, bias=False), distinct(7))
    row(f, "omit", lambda x, f=f: f(x, nan_policy="omit"), distinct(7))
    row(f, "keepdims", lambda x, f=f: f(x, axis=0, keepdims=True), distinct(5, 2))
row(stats.kurtosis, "pearson", lambda x: stats.kurtosis(x, fisher=False), distinct(7))
for order in (1, 2, 3, 4, [2, 3]):
    row(stats.moment, f"{order}", lambda x, order=order: stats.moment(x, order) + 0 * np.sum(x), distinct(6))
row(stats.moment, "center", lambda x, c: stats.moment(x, 3, center=c), distinct(6), real())
row(stats.describe, "call", lambda x: tuple(stats.describe(x))[2:], distinct(7))
row(stats.describe, "axis", lambda x: tuple(stats.describe(x, axis=1, ddof=0))[2:], distinct(2, 7))
row(stats.zmap, "call", stats.zmap, real(4), real(5))
row(stats.variation, "call", lambda x: stats.variation(x), positive(6))
row(stats.variation, "axis", lambda x: stats.variation(x, axis=1, ddof=1), positive(2, 6))
row(stats.trim_mean, "call", lambda x: stats.trim_mean(x, 0.2), distinct(7))
row(stats.trim_mean, "axis", lambda x: stats.trim_mean(x, 0.2, axis=1), distinct(2, 7))
row(stats.entropy, "call", lambda p: stats.entropy(p), positive(5))
row(stats.entropy, "two", lambda p, q: stats.entropy(p, q, base=2, axis=1), positive(2, 5), positive(2, 5))
for method in ("vasicek", "van es", "ebrahimi", "correa"):
    call = lambda x, m=method: stats.differential_entropy(x, method=m)  # noqa: E731
    row(stats.differential_entropy, method.replace(" ", "_"), call, distinct(12))
row(stats.wasserstein_distance, "call", lambda x, y: stats.wasserstein_distance(x, y), distinct(5), distinct(6))
row(
    stats.wasserstein_distance,
    "weights",
    lambda x, y, a, b: stats.wasserstein_distance(x, y, a, b),
    *(distinct(5), distinct(6), positive(5), positive(6)),
)
row(stats.energy_distance, "call", lambda x, y: stats.energy_distance(x, y), distinct(5), distinct(6))
row(stats.pearsonr, "statistic", lambda x, y: stats.pearsonr(x, y).statistic, distinct(9), real(9))
row(stats.linregress, "call", lambda x, y: tuple(stats.linregress(x, y))[:3], distinct(9), real(9))
row(stats.ttest_ind, "call", lambda x, y: stats.ttest_ind(x, y).statistic, distinct(6), real(7))
row(stats.ttest_ind, "pvalue", lambda x, y: stats.ttest_ind(x, y).pvalue, distinct(6), real(7))
row(stats.ttest_rel, "call", lambda x, y: stats.ttest_rel(x, y).statistic, distinct(6), real(6))
row(stats.ttest_1samp, "call", lambda x, m: stats.ttest_1samp(x, m).statistic, distinct(6), real())
row(stats.f_oneway, "call", lambda x, y: stats.f_oneway(x, y).statistic, distinct(6), real(7))
row(stats.bartlett, "call", lambda x, y: stats.bartlett(x, y).statistic, distinct(6), real(7))
row(stats.jarque_bera, "call", lambda x: stats.jarque_bera(x).statistic, distinct(9))
row(stats.chisquare, "call", lambda x: stats.chisquare(x, np.sum(x) / 5).statistic, positive(5))
for f, draw in ((stats.boxcox, positive(6)), (stats.yeojohnson, real(6))):
    row(f, "call", lambda x, f=f: f(x, 0.3), draw)
for f, draw in ((stats.boxcox_llf, positive(6)), (stats.yeojohnson_llf, real(6))):
    row(f, "call", f, real(), draw)
row(stats.spearmanr, "call", lambda x, y: stats.spearmanr(x, y).statistic, distinct(6), distinct(6), kind="constant")
row(stats.rankdata, "call", lambda x: stats.rankdata(x), distinct(6), kind="constant")

REFUSED += [
    ("mvt-cdf", lambda x: stats.multivariate_t.cdf(x[0], np.zeros(3), np.eye(3)), "sampling in compiled code"),
    ("mvn-singular", lambda x: stats.multivariate_normal.cdf(x[0], cov=np.ones((3, 3)), allow_singular=True), "rank 1"),
    ("kde-resample", lambda x: stats.gaussian_kde(x[0]).resample(3), "draw with plain data"),
    ("gamma-rvs", lambda x: stats.gamma.rvs(x[0], size=3), "no derivative by shape parameters"),
    ("poisson-rvs", lambda x: stats.poisson.rvs(x[0, 0], size=3), "no derivative by shape parameters"),
    ("ncx2-df", lambda x: stats.ncx2.pdf(1.0, x[0, 0], 1.0), "no derivative with respect to"),
    ("gausshyper", lambda x: stats.gausshyper.pdf(0.5, x[0, 0], 1.0, 1.0, 1.0), "no derivative with respect to"),
    ("zipf", lambda x: stats.zipf.pmf([1, 2], x[0, 0] + 1), "no derivative with respect to"),
    ("kstwo-pdf", lambda x: stats.kstwo.pdf(x[0, 1], 5), "found nowhere in SciPy"),
]
