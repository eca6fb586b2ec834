"""Distributions: fits against SciPy's own, tails, singular points, second derivatives."""

import inspect

import numpy as np
import pytest
from scipy import optimize, special, stats

import gradarray as ga


def fitted(loss, start):
    """The minimum of ``loss``, by gradients and second derivatives."""
    found = optimize.minimize(
        ga.value_and_grad(loss), np.asarray(start), jac=True, hess=ga.hessian(loss), method="trust-exact", tol=1e-10
    )
    return found.x


@pytest.mark.parametrize(
    ("name", "shapes", "options"),
    [("gamma", (2.5,), {"floc": 0}), ("weibull_min", (1.7,), {"floc": 0}), ("norm", (), {}), ("gumbel_r", (), {})],
)
def test_maximum_likelihood(name, shapes, options):
    """Parameters found by gradients through SciPy's logpdf are those that SciPy's fit finds."""
    d = getattr(stats, name)
    x = d.rvs(*shapes, loc=0 if options else 0.7, scale=1.5, size=200, random_state=1)

    def loss(theta):
        sizes = np.exp(theta[-1:]) if not options else np.exp(theta)
        if options:
            return -np.mean(d.logpdf(x, *sizes[:-1], loc=0, scale=sizes[-1]))
        return -np.mean(d.logpdf(x, theta[0], sizes[0]))

    theta = fitted(loss, [0.1] * 2)
    expected = d.fit(x, **options)
    found = (*np.exp(theta[:-1]), 0, np.exp(theta[-1])) if options else (theta[0], np.exp(theta[1]))
    np.testing.assert_allclose(found, expected, rtol=2e-4)


def test_maximum_likelihood_of_a_censored_sample():
    """What is only known to be beyond 2 counts by the survival function, by its derivative to the shape."""
    x = stats.gamma.rvs(2.5, scale=1.0, size=400, random_state=2)
    seen = x[x < 2]

    def loss(theta):
        shape, scale = np.exp(theta)
        hidden = (x.size - seen.size) * stats.gamma.logsf(2.0, shape, scale=scale)
        return -(np.sum(stats.gamma.logpdf(seen, shape, scale=scale)) + hidden) / x.size

    theta = fitted(loss, [0.1, 0.1])
    data = stats.CensoredData.right_censored(np.minimum(x, 2), x >= 2)
    shape, _, scale = stats.gamma.fit(data, floc=0)
    np.testing.assert_allclose(np.exp(theta), [shape, scale], rtol=2e-4)


def test_a_frozen_distribution():
    slope = ga.grad(lambda m, s: stats.norm(m, s).logpdf([1.0, 2.0]).sum(), (0, 1))(0.5, 2.0)
    np.testing.assert_allclose(slope, [2.0 / 4, (0.25 + 2.25) / 8 - 2 / 2])


@pytest.mark.parametrize("method", ["pdf", "logpdf", "cdf", "logcdf", "sf", "logsf"])
@pytest.mark.parametrize("name", ["genextreme", "genpareto"])
def test_shape_zero(name, method):
    """Where SciPy's code takes the limit, the derivatives are those of the limit, too."""
    f, x = getattr(getattr(stats, name), method), np.array([0.4, 1.1])
    first = ga.jacobian(lambda c: f(x, c))
    np.testing.assert_allclose(first(0.0), (f(x, 1e-5) - f(x, -1e-5)) / 2e-5, rtol=1e-6)
    if "log" in method or name == "genextreme":
        second = ga.jacobian(first)(0.0)
        np.testing.assert_allclose(second, (first(1e-3) - first(-1e-3)) / 2e-3, rtol=1e-4)


@pytest.mark.parametrize(("q", "rtol"), [(1e-12, 1e-9), (1e-5, 1e-10), (0.3, 1e-10)])
@pytest.mark.parametrize(("name", "shape"), [("gamma", 0.4), ("gamma", 30.0), ("chi2", 3.0), ("nakagami", 1.2)])
def test_shapes_in_the_tails(name, shape, q, rtol):
    """Derivatives of log(sf) by the shape keep their digits: against an integral of the density by 30 digits."""
    mpmath = pytest.importorskip("mpmath")
    d = getattr(stats, name)
    x = d.isf(q, shape)
    a, z = {"gamma": (1, x), "chi2": (0.5, x / 2), "nakagami": (1, None)}[name]
    with mpmath.workdps(40):

        def log_sf(s):
            upper = mpmath.gammainc(a * s, s * mpmath.mpf(x) ** 2 if z is None else z, regularized=True)
            return mpmath.log(upper)

        expected = float(mpmath.diff(log_sf, shape))
    np.testing.assert_allclose(ga.grad(lambda s: d.logsf(x, s))(shape), expected, rtol=rtol)


def test_angles_beyond_a_turn():
    slope = ga.jacobian(lambda kappa: stats.vonmises.cdf(np.array([0.7, 0.7 + 2 * np.pi, 2.0, -2.0]), kappa))(4.0)
    np.testing.assert_allclose(slope[0], slope[1], rtol=1e-9)
    np.testing.assert_allclose(slope[2], -slope[3], rtol=1e-9)


def test_quantiles_by_shapes_undo_the_distribution():
    """d/da of cdf(ppf(q, a), a) is 0, in all orders."""
    f = lambda a: stats.beta.cdf(stats.beta.ppf(0.3, a, 1.4), a, 1.4)  # noqa: E731
    np.testing.assert_allclose(ga.grad(f)(2.2), 0, atol=1e-12)
    np.testing.assert_allclose(ga.grad(ga.grad(f))(2.2), 0, atol=1e-9)


def test_equal_variances():
    """A covariance whose eigenvalues are equal has no eigenvectors of its own, but a density that is smooth."""
    x, c = np.array([0.3, -0.7]), np.eye(2)
    slope = ga.grad(lambda c: stats.multivariate_normal.logpdf(x, cov=c))(c)
    np.testing.assert_allclose(slope, (np.outer(x, x) - np.eye(2)) / 2, rtol=1e-14)


def boxes(n, seed=6):
    """Upper limits, a mean, a covariance and lower limits; some of these are infinite, some beyond the upper ones."""
    rng = np.random.default_rng(seed)
    a, x = rng.normal(size=(n, n)), rng.normal(size=(4, n))
    low = x - rng.uniform(-1, 3, (4, n))
    low[0, 0], x[1, -1] = -np.inf, np.inf
    return x, rng.normal(size=n), a @ a.T + np.eye(n), low


def drawing(seed):
    """The option for what the points of a lattice are moved by, which older versions of SciPy do not have."""
    seeded = "rng" in inspect.signature(stats.multivariate_normal.cdf).parameters
    return {"rng": np.random.default_rng(seed)} if seeded else {}


def test_mass_of_one_coordinate():
    x, m, c, low = boxes(1)
    below = lambda x, m, c: stats.norm.cdf(x[:, 0], m, np.sqrt(c[0]))  # noqa: E731
    mass = lambda x, m, c, low: stats.multivariate_normal.cdf(x, m, c, lower_limit=low)  # noqa: E731
    found, expected = (
        ga.jacobian(f, (0, 1, 2, 3))(x, m, c, low)
        for f in (mass, lambda x, m, c, low: below(x, m, c) - below(low, m, c))
    )
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("n", [3, 4])
@pytest.mark.parametrize("limited", [False, True])
def test_mass_by_points_of_a_lattice(n, limited):
    """SciPy's error is some 1e-6, and more than 1e-5 in differences."""
    args = boxes(n)
    weights = np.array([1.0, -0.7, 0.4, 1.2])

    def f(x, m, c, low):
        d = stats.multivariate_normal(m, (c + c.T) / 2, abseps=1e-6)
        return weights @ d.cdf(x, lower_limit=low if limited else None, **drawing(7))

    found = ga.grad(f, (0, 1, 2, 3))(*args)
    np.testing.assert_array_equal(found[2], found[2].T)
    rng = np.random.default_rng(8)
    for k, (a, slope) in enumerate(zip(args, found, strict=True)):
        d = rng.uniform(-1, 1, a.shape)

        def along(h, k=k, step=d):
            return f(*args[:k], args[k] + h * step, *args[k + 1 :])

        h = 0.05
        numeric = (8 * (along(h) - along(-h)) - along(2 * h) + along(-2 * h)) / (12 * h)
        np.testing.assert_allclose(np.sum(slope * d), numeric, atol=1e-4)
        assert (slope[np.isinf(a)] == 0).all()


def test_orthants():
    """The mass of three coordinates below their means: 1/8 + (asin r12 + asin r13 + asin r23) / 4 pi."""
    c = boxes(3)[2]

    def orthant(c):
        s = np.sqrt(np.diagonal(c))
        r = (c + c.T) / 2 / (s * s[:, None])
        return 1 / 8 + (np.arcsin(r[0, 1]) + np.arcsin(r[0, 2]) + np.arcsin(r[1, 2])) / (4 * np.pi)

    mass = lambda c: stats.multivariate_normal.cdf(np.zeros(3), cov=c, **drawing(0))  # noqa: E731
    np.testing.assert_allclose(mass(c), orthant(c), atol=1e-5)
    np.testing.assert_allclose(ga.grad(mass)(c), ga.grad(orthant)(c), rtol=1e-9, atol=1e-12)
    expected = ga.hessian(orthant)(c)
    np.testing.assert_allclose(ga.hessian(mass)(c), expected, rtol=1e-9, atol=1e-12)


def test_derivatives_do_not_draw():
    """The stream of a generator is that of the value, whether it is differentiated or not."""
    x, m, c, _ = boxes(4)
    one, two = drawing(1), drawing(1)
    value, pull = ga.vjp(lambda x: stats.multivariate_normal.cdf(x, m, c, **one), x)
    np.testing.assert_array_equal(value, stats.multivariate_normal.cdf(x, m, c, **two))
    (slope,) = pull(np.ones(4))
    assert not one or one["rng"].random() == two["rng"].random()
    np.testing.assert_array_equal(slope, ga.grad(lambda x: np.sum(stats.multivariate_normal.cdf(x, m, c)))(x))


def test_correlation_from_masses_of_quadrants():
    """A threshold model's correlation, which the counts below two thresholds tell."""
    limits = np.array([[0.2, -0.4], [np.inf, -0.4], [0.2, np.inf]])
    expected = stats.multivariate_normal.cdf(limits, cov=[[1, -0.55], [-0.55, 1]])

    def error(z):
        cov = np.eye(2) + np.tanh(z) * np.array([[0.0, 1], [1, 0]])
        return np.sum((stats.multivariate_normal.cdf(limits, cov=cov) - expected) ** 2)

    np.testing.assert_allclose(np.tanh(fitted(error, [0.0])), -0.55, rtol=1e-6)


def test_draws_are_moved_and_scaled():
    slope = ga.jacobian(lambda m: stats.norm.rvs(m, 2.0, size=3, random_state=4))(1.0)
    np.testing.assert_array_equal(slope, 1)
    z = stats.norm.rvs(size=3, random_state=4)
    slope = ga.jacobian(lambda s: stats.norm.rvs(1.0, s, size=3, random_state=4))(2.0)
    np.testing.assert_allclose(slope, z)


def test_bandwidth_by_leaving_out():
    """The width of a density estimate is found by gradients where a search on a grid finds it."""
    x = stats.norm.rvs(size=30, random_state=5)

    def loss(scale):
        rest = (np.delete(x, i) for i in range(len(x)))
        return -sum(stats.gaussian_kde(r / scale, 0.4).logpdf(v / scale)[0] for r, v in zip(rest, x, strict=True))

    slope = ga.grad(loss)(1.3)
    np.testing.assert_allclose(slope, (loss(1.3 + 1e-5) - loss(1.3 - 1e-5)) / 2e-5, rtol=1e-7)


def test_outside_the_support():
    x = ga.tensor([-1.0, 0.5, 2.0])
    with ga.wrapping():
        y = stats.uniform.logpdf(x) + stats.beta.pdf(x, 2.0, 3.0)
    np.testing.assert_array_equal(y.data, stats.uniform.logpdf(x.data) + stats.beta.pdf(x.data, 2.0, 3.0))
    np.sum(y[1]).backward()
    np.testing.assert_array_equal(x.grad[[0, 2]], 0)


@pytest.mark.parametrize("method", ["pdf", "logpdf", "cdf", "logcdf", "sf", "logsf", "ppf", "isf"])
@pytest.mark.parametrize("name", ["uniform", "norm", "expon", "cauchy", "semicircular"])
def test_outside_the_support_without_shapes(name, method):
    """Where SciPy's condition is made of integers, which are no indices."""
    f = getattr(getattr(stats, name), method)
    a, inside = np.array([np.inf, 0.3, -3.0, 0.9, -np.inf, 0.6]), [1, 3, 5]
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(ga.vjp(f, a)[0], f(a), rtol=1e-12)
        slopes = ga.jacobian(f)(a)
    np.testing.assert_allclose(slopes[np.ix_(inside, inside)], ga.jacobian(f)(a[inside]), rtol=1e-12)


def test_plain_arrays_stay_plain():
    with ga.wrapping():
        assert type(stats.norm.logpdf(np.zeros(3))) in (np.ndarray, ga.Tensor)
        draws = stats.norm.rvs(size=3, random_state=1)
    np.testing.assert_array_equal(np.asarray(draws), stats.norm.rvs(size=3, random_state=1))


# At values of shapes for which SciPy takes another formula, that says nothing of them

LIMITS = [
    *(("kappa4", *case) for case in (((0.0, 0.4), 0), ((0.3, 0.0), 1), ((0.0, 0.0), 0), ((0.0, 0.0), 1))),
    *(("pearson3", (skew,), 0) for skew in (0.0, 0.01)),
    ("skewnorm", (0.0,), 0),
    ("genpareto", (-1.0,), 0),
    ("genpareto", (0.0,), 0),
    ("genextreme", (0.0,), 0),
    ("tukeylambda", (0.0,), 0),
    ("rdist", (2.0,), 0),
    ("beta", (2.3, 1.0), 1),
    ("ncx2", (3.0, 0.0), 1),
    ("vonmises", (0.0,), 0),
    ("rice", (0.0,), 0),
    ("triang", (1.0,), 0),
    ("triang", (0.0,), 0),
]


def slope(f, at, within):
    """Of five points, on one side where the other is outside of the domain."""
    h = 4e-3
    sides = [np.isfinite(np.ravel(f(at + s * h))).all() and within(at + s * h) for s in (1, -1)]
    if all(sides):
        return (8 * (f(at + h) - f(at - h)) - (f(at + 2 * h) - f(at - 2 * h))) / (12 * h)
    h = h if sides[0] else -h
    weights = (-25, 48, -36, 16, -3)
    return sum(w * f(at + n * h) for n, w in enumerate(weights)) / (12 * h)


@pytest.mark.parametrize("method", ["pdf", "logpdf", "cdf", "sf", "ppf", "isf"])
@pytest.mark.parametrize(("name", "shapes", "place"), LIMITS)
def test_shapes_where_the_formula_changes(name, shapes, place, method):
    d = getattr(stats, name)
    inverse = method in ("ppf", "isf")
    x = np.array([0.2, 0.55]) if inverse else d.ppf([0.2, 0.55], *shapes)

    def f(s):
        return getattr(d, method)(x, *shapes[:place], s, *shapes[place + 1 :])

    with np.errstate(all="ignore"):  # SciPy's own code evaluates what it then leaves out
        expected = slope(f, shapes[place], lambda s: d._argcheck(*shapes[:place], s, *shapes[place + 1 :]))
        found = ga.jacobian(f)(np.array(shapes[place]))
    np.testing.assert_allclose(found, expected, rtol=2e-5, atol=2e-7)


@pytest.mark.parametrize("method", ["pdf", "logpdf", "cdf", "sf", "ppf", "isf"])
def test_small_skews(method):
    """Below 1.6e-5 SciPy has the normal distribution, beyond that the difference of large numbers."""
    x = np.array([0.2, 0.7])
    at = [ga.jacobian(lambda s: getattr(stats.pearson3, method)(x, s))(np.array(s)) for s in (0.0, 1e-6, -1.5e-5, 2e-5)]
    for found in at[1:]:
        np.testing.assert_allclose(found, at[0], rtol=2e-3, atol=1e-5)


def test_half_logistic_quantiles_of_small_shapes():
    q = np.array([0.2, 0.7])
    found = ga.jacobian(lambda c: stats.genhalflogistic.ppf(q, c))(np.array(1e-10))
    np.testing.assert_allclose(found, -(np.log((1 - q) / (1 + q)) ** 2) / 2, rtol=1e-8)


@pytest.mark.parametrize("c", [0.0, 1e-5, 0.01])
def test_moments_of_extreme_values(c):
    def f(c):
        return np.stack(stats.genextreme.stats(c, moments="mvsk"))

    def moments(c):
        g = [special.gamma(1 + n * c) for n in range(5)]
        second, third = g[2] - g[1] ** 2, -(g[3] - 3 * g[2] * g[1] + 2 * g[1] ** 3)
        fourth = g[4] - 4 * g[3] * g[1] + 6 * g[2] * g[1] ** 2 - 3 * g[1] ** 4
        return np.array([(1 - g[1]) / c, second / c**2, np.sign(c) * third / second**1.5, fourth / second**2 - 3])

    h = 0.03
    expected = sum(w * (moments(c + n * h) - moments(c - n * h)) for n, w in ((1, 45), (2, -9), (3, 1))) / (60 * h)
    np.testing.assert_allclose(ga.jacobian(f)(np.array(c)), expected, rtol=2e-3)


@pytest.mark.parametrize("power", [0.0, 1.0, 2.0])
def test_powers_that_are_logarithms(power):
    x, z = np.linspace(0.3, 4, 9) ** 2, np.linspace(-2, 3, 9)
    for f in (
        lambda p: stats.boxcox(x, p),
        lambda p: stats.yeojohnson(z, p),
        lambda p: stats.boxcox_llf(p, x),
        lambda p: stats.yeojohnson_llf(p, z),
    ):
        expected = slope(f, power, lambda p: True)
        np.testing.assert_allclose(ga.jacobian(f)(np.array(power)), expected, rtol=1e-6, atol=1e-8)


def test_second_derivatives_where_the_formula_changes():
    x, h = np.array([-0.4, 0.9]), 0.02
    for f in (lambda s: stats.kappa4.logpdf(x, s, 0.2), lambda s: stats.pearson3.logpdf(x, s)):
        expected = (16 * (f(h) + f(-h)) - f(2 * h) - f(-2 * h) - 30 * f(0.0)) / (12 * h * h)
        found = ga.jvp(lambda s, f=f: ga.jvp(f, [s], [1.0])[1], [0.0], [1.0])[1]
        np.testing.assert_allclose(found, expected, rtol=1e-4)


def test_the_power_that_boxcox_finds():
    """Differences of it are as coarse as the tolerance of SciPy's search: here is the root of the slope instead."""
    x = np.exp(np.sin(np.arange(1.0, 21)))

    def best(x):
        slope = ga.grad(lambda p: stats.boxcox_llf(p, x))
        return optimize.brentq(lambda p: float(slope(p)), -3, 3, xtol=1e-15)

    found = ga.grad(lambda x: stats.boxcox(x)[1])(x)
    h = 1e-4
    for k in (0, 7):
        step = h * np.eye(20)[k]
        np.testing.assert_allclose(found[k], (best(x + step) - best(x - step)) / (2 * h), rtol=1e-5)
