"""The parts of SciPy that are written in Python."""

import numpy as np
from scipy import differentiate, integrate, interpolate, optimize, signal, stats
from scipy.linalg import block_diag, companion, toeplitz
from scipy.optimize import elementwise
from scipy.spatial import distance, geometric_slerp, procrustes

from .base import case

RNG = np.random.default_rng(12)


@case("scipy", [0.7, 2.0, 3.1])
def quad_vec(x):
    return integrate.quad_vec(lambda t: np.exp(-x * t) * np.sin(x[0] * t), 0.0, 1.5, epsabs=1e-12)[0]


@case("scipy", [0.7, 2.0, 3.1])
def fixed_quadrature(x):
    return integrate.fixed_quad(lambda t: 1 / (x[0] + x[1] * t**2), 0.0, x[2], n=7)[0]


@case("scipy", [0.7, 1.4])
def tanh_sinh(x):
    return integrate.tanhsinh(lambda t, a: np.exp(-a * t) * np.sqrt(t), 0.0, 2.0, args=(x,)).integral


@case("scipy", [0.7, 1.4, 2.2])
def roots_of_many(x):
    found = elementwise.find_root(lambda t, a: t**3 + a * t - 2.0, (np.zeros(3), np.full(3, 3.0)), args=(x,))
    return found.x * x


@case("scipy", [1.3, 0.8])
def fixed_point(x):
    return optimize.fixed_point(lambda t: x[0] / (1.0 + x[1] * t), 0.9, xtol=1e-13)


@case("scipy", [1.3, 0.8])
def ridder_and_secant(x):
    first = optimize.root_scalar(lambda t: np.exp(t) - x[0] - t * x[1], method="secant", x0=1.0, x1=1.5, xtol=1e-13)
    return first.root**2


@case("scipy", [0.9, 1.4])
def derivative_of_many(x):
    return differentiate.derivative(lambda t, a: np.sin(a * t), 0.3, args=(x,)).df


@case("scipy", RNG.normal(size=6))
def barycentric_interpolation(x):
    return interpolate.BarycentricInterpolator(np.linspace(0.0, 1.0, 6), x)(np.array([0.15, 0.52]))


@case("scipy", [1.0, 0.5, 0.3, 0.2, 0.1])
def pade(x):
    p, q = interpolate.pade(x, 2)
    return p(0.4) / q(0.4)


@case("scipy", RNG.normal(size=(5, 2)))
def procrustes_disparity(x):
    return procrustes(np.arange(10.0).reshape(5, 2) ** 1.5, x)[2]


@case("scipy", RNG.uniform(0.2, 1.0, size=(2, 4)))
def distances_between_vectors(x):
    u, v = x
    kinds = [distance.cosine, distance.braycurtis, distance.correlation, distance.jensenshannon, distance.chebyshev]
    return np.array([d(u, v) for d in kinds]) + distance.minkowski(u, v, p=3) + distance.mahalanobis(u, v, np.eye(4))


@case("scipy", [0.3, 0.9])
def spherical_interpolation(x):
    return geometric_slerp(np.array([1.0, 0.0, 0.0]), np.array([0.0, 0.6, 0.8]), x)[:, 1]


@case("scipy", [0.4, -0.2, 0.7])
def structured_matrices(x):
    m = block_diag(toeplitz(x, x[::-1] * [1.0, 2.0, 3.0]), companion(np.array([2.0, 0.0, 0.0]) + x))
    return np.linalg.inv(m + 3 * np.eye(5))


@case("scipy", [0.4, 0.3, 0.1, 1.0, -0.5])
def filter_design(x):
    z, p, k = signal.tf2zpk(x[:3], [1.0, x[4], 0.2])
    b, a = signal.zpk2tf(*signal.bilinear_zpk(z - 2, p - 2, k, fs=x[3]))
    return np.real(b) - np.real(a)


@case("scipy", RNG.uniform(0.5, 2.0, size=9))
def descriptive_statistics(x):
    total = stats.gmean(x) + stats.hmean(x) + stats.pmean(x, 2.5) + stats.trim_mean(x, 0.2) + stats.iqr(x)
    return total + stats.variation(x) + stats.circmean(x) + stats.sem(x) + stats.moment(x, 3)


@case("scipy", RNG.normal(size=8))
def regression_and_tests(x):
    fit = stats.linregress(np.arange(8.0), x)
    return fit.slope + 2 * fit.intercept + fit.rvalue + stats.zscore(x)[0] + stats.ttest_1samp(x, 0.5).statistic


@case("scipy", [0.5, 1.3, 2.2])
def log_densities(x):
    t = np.array([0.3, 0.9, 1.7])
    return stats.norm.logpdf(t, x[0], x[1]) + stats.gamma.logpdf(t, x[2]) + stats.expon.logpdf(t, scale=x[1])


@case("scipy", [0.5, 1.3, 0.4])
def multivariate_normal(x):
    cov = np.array([[x[1], x[2]], [x[2], 1.0]])
    return stats.multivariate_normal.logpdf(np.array([[0.1, 0.4], [1.0, -0.2]]), np.array([x[0], 0.0]), cov)
