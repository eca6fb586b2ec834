"""Averages, variances, quantiles and correlations."""

import numpy as np

from .base import EXTREMES_INTO_OUT, SINGULAR, _of, distinct, filled, integers, positive, real, row, rows

row(np.ptp, "all", np.ptp, distinct(3, 4), complex=True, compares=True)
row(np.ptp, "axis", lambda x: np.ptp(x, axis=0), distinct(3, 4), complex=True, compares=True)
row(np.ptp, "axes", lambda x: np.ptp(x, axis=(0, -1), keepdims=True), distinct(2, 3, 4), complex=True, compares=True)
if EXTREMES_INTO_OUT:
    row(np.ptp, "out", lambda x: np.ptp(x, axis=1, out=filled(x, 3)), distinct(3, 4), complex=True, compares=True)

for f in (np.median, np.nanmedian):
    for n in (4, 5):
        row(f, f"all_{n}", f, distinct(3, n), complex=f is np.median)
        row(f, f"axis0_{n}", lambda x, f=f: f(x, axis=0), distinct(n, 3), complex=f is np.median)
    row(f, "1-d", f, distinct(5))
    row(f, "0-d", f, distinct())
    row(f, "axis-1", lambda x, f=f: f(x, -1), distinct(2, 3, 4))
    row(f, "axes", lambda x, f=f: f(x, axis=(0, -1)), distinct(2, 3, 4))
    row(f, "axes_keepdims", lambda x, f=f: f(x, axis=(2, 0), keepdims=True), distinct(2, 3, 5))
    row(f, "keepdims", lambda x, f=f: f(x, axis=1, keepdims=True), distinct(3, 4))
    row(f, "all_keepdims", lambda x, f=f: f(x, keepdims=True), distinct(3, 4))
    row(f, "overwrite", lambda x, f=f: f(x, axis=1, overwrite_input=not isinstance(x, np.ndarray)), distinct(3, 4))
    row(f, "out", lambda x, f=f: f(x, axis=0, out=filled(x, 4)), distinct(3, 4))
    row(f, "none_along", lambda x, f=f: f(x, axis=1), distinct(0, 3))
    row(f, "integers", lambda x, y, f=f: f(x, axis=0) * y, integers(3, 4), real(4))

METHODS = (
    *("inverted_cdf", "averaged_inverted_cdf", "closest_observation", "interpolated_inverted_cdf", "hazen", "weibull"),
    *("linear", "median_unbiased", "normal_unbiased", "lower", "higher", "midpoint", "nearest"),
)
share = _of(lambda rng, shape, complex: rng.uniform(0.05, 0.95, shape))
QUANTILES = [(np.quantile, 1), (np.percentile, 100), (np.nanquantile, 1), (np.nanpercentile, 100)]
for f, unit in QUANTILES:
    q = 0.3 * unit
    qs = np.array([0.03, 0.37, 0.52, 0.98]) * unit
    row(f, "all", lambda x, f=f, q=q: f(x, q), distinct(3, 4))
    row(f, "0-d", lambda x, f=f, q=q: f(x, q), distinct())
    row(f, "ends", lambda x, f=f, u=unit: f(x, [0, u], axis=0), distinct(3, 4))
    row(f, "axis", lambda x, f=f, q=q: f(x, q, axis=-1), distinct(3, 4))
    row(f, "axes", lambda x, f=f, q=q: f(x, q, axis=(0, -1)), distinct(2, 3, 4))
    row(f, "axes_keepdims", lambda x, f=f, qs=qs: f(x, qs, axis=(2, 0), keepdims=True), distinct(2, 3, 4))
    row(f, "many_q", lambda x, f=f, qs=qs: f(x, qs, axis=1), distinct(2, 7, 2))
    row(f, "q_matrix", lambda x, f=f, qs=qs: f(x, qs.reshape(2, 2), axis=0), distinct(4, 3))
    row(f, "overwrite", lambda x, f=f, q=q: f(x, q, overwrite_input=not isinstance(x, np.ndarray)), distinct(3, 4))
    row(f, "out", lambda x, f=f, qs=qs: f(x, qs, axis=0, out=filled(x, (4, 3))), distinct(4, 3))
    row(f, "weights", lambda x, w, f=f, qs=qs: f(x, qs, weights=w, method="inverted_cdf"), distinct(7), positive(7))
    row(
        f,
        "weights_axis",
        lambda x, w, f=f, q=q: f(x, q, axis=1, weights=w, method="inverted_cdf", keepdims=True),
        distinct(3, 5),
        positive(3, 5),
    )
    rows[-2:] = [r._replace(compares=True) for r in rows[-2:]]
    if f in (np.quantile, np.percentile):
        row(
            f,
            "weights_along",
            lambda x, w, f=f, q=q: f(x, q, axis=(2, 0), weights=w, method="inverted_cdf"),
            distinct(2, 3, 4),
            positive(4, 2),
        )
        rows[-1] = rows[-1]._replace(compares=True)
    for m in METHODS:
        for n in (5, 8):
            row(f, f"{m}_{n}", lambda x, f=f, qs=qs, m=m: f(x, qs, axis=0, method=m), distinct(n, 2))
            row(f, f"{m}_at_{n}", lambda x, f=f, u=unit, m=m: f(x, [u / 4, u / 2], axis=0, method=m), distinct(n, 2))
        row(f, f"{m}_q", lambda q, f=f, u=unit, m=m: f(np.arange(7.0) ** 2, q * u, method=m), share(2))
    row(f, "q", lambda x, q, f=f, u=unit: f(x, u * q, axis=1), distinct(3, 6), share())

row(np.average, "all", np.average, real(3, 4), complex=True)
row(np.average, "axis", lambda x: np.average(x, axis=0), real(3, 4), complex=True)
row(np.average, "axes_keepdims", lambda x: np.average(x, axis=(0, -1), keepdims=True), real(2, 3, 4), complex=True)
row(np.average, "weights", lambda x, w: np.average(x, weights=w), real(3, 4), positive(3, 4), complex=True)
row(np.average, "weights_axis", lambda x, w: np.average(x, 1, w), real(3, 4), positive(3, 4), complex=True)
row(np.average, "weights_along", lambda x, w: np.average(x, 1, w), real(3, 4), positive(4), complex=True)
row(np.average, "weights_along_axes", lambda x, w: np.average(x, (2, 0), w), real(2, 3, 4), positive(4, 2))
row(np.average, "weights_keepdims", lambda x, w: np.average(x, -1, w, keepdims=True), real(3, 4), positive(4))
row(np.average, "weights_alone", lambda w: np.average([[1, 2, 3], [4, 5, 7]], 1, w), positive(3))
row(np.average, "constant_weights", lambda x: np.average(x, 0, [1, 2, 3]), real(3, 4), complex=True)
row(np.average, "returned", lambda x, w: np.average(x, 0, w, returned=True), real(3, 4), positive(3))
row(np.average, "returned_same", lambda x, w: np.average(x, 0, w, True), real(3, 4), positive(3, 4), complex=True)
row(np.average, "returned_count", lambda x: np.multiply(*np.average(x, 0, returned=True)), real(3, 4), complex=True)

row(np.cov, "call", np.cov, real(3, 5), complex=True)
row(np.cov, "1-d", np.cov, real(5), complex=True)
row(np.cov, "columns", lambda x: np.cov(x, rowvar=False), real(5, 3), complex=True)
row(np.cov, "other", np.cov, real(2, 5), real(5), complex=True)
row(np.cov, "other_columns", lambda x, y: np.cov(x, y, False), real(5, 2), real(5, 3), complex=True)
row(np.cov, "two", np.cov, real(5), real(5), complex=True)
row(np.cov, "bias", lambda x: np.cov(x, bias=True), real(3, 5), complex=True)
row(np.cov, "ddof", lambda x: np.cov(x, ddof=2), real(3, 5), complex=True)
row(np.cov, "fweights", lambda x, n: np.cov(x, fweights=n + 1), real(3, 5), integers(5), complex=True)
row(np.cov, "aweights", lambda x, w: np.cov(x, aweights=w), real(3, 5), positive(5))
row(np.cov, "aweights_bias", lambda x, w: np.cov(x, aweights=w, bias=True), real(3, 5), positive(5))
row(
    np.cov,
    "both_weights",
    lambda x, w, n: np.cov(x, aweights=w, fweights=n + 1, ddof=2),
    real(3, 5),
    positive(5),
    integers(5),
)
row(np.cov, "dtype", lambda x: np.cov(x, dtype=complex), real(3, 5))
row(np.cov, "single", lambda x: np.cov(x, dtype=x.dtype), real(3, 5), complex=True)
row(np.corrcoef, "call", np.corrcoef, real(3, 5), complex=True)
row(np.corrcoef, "1-d", np.corrcoef, real(5), complex=True)
row(np.corrcoef, "columns", lambda x: np.corrcoef(x, rowvar=False), real(5, 3), complex=True)
row(np.corrcoef, "other", np.corrcoef, real(2, 5), real(5), complex=True)
row(np.corrcoef, "single", lambda x, y: np.corrcoef(x, y, dtype=x.dtype), real(2, 5), real(5))

SINGULAR += [
    ("median-ties", np.median, ([1.0, 2.0, 2.0, 2.0, 5.0],), ([0.0, 1 / 3, 1 / 3, 1 / 3, 0.0],)),
    ("median-even-ties", np.median, ([2.0, 1.0, 2.0, 5.0],), ([0.5, 0.0, 0.5, 0.0],)),
    ("median-half-ties", np.median, ([1.0, 3.0, 1.0, 5.0],), ([0.25, 0.5, 0.25, 0.0],)),
    ("median-rows", lambda x: np.median(x, 1), ([[1.0, 1.0, 2.0], [3.0, 1.0, 2.0]],), ([[0.5, 0.5, 0], [0, 0, 1.0]],)),
    ("median-nan", np.median, ([1.0, np.nan, 2.0, np.nan],), ([0.0, 0.5, 0.0, 0.5],)),
    ("median-inf", np.median, ([-np.inf, 1.0, np.inf],), ([0.0, 1.0, 0.0],)),
    (
        "quantile-ties",
        lambda x: np.quantile(x, [0.0, 0.75]),
        ([3.0, 1.0, 3.0, 1.0, 4.0],),
        ([0.5, 0.5, 0.5, 0.5, 0.0],),
    ),
    ("quantile-at-value", lambda x, q: np.quantile(x, q), ([0.0, 1.0, 3.0], 0.5), ([0.0, 1.0, 0.0], 3.0)),
    ("quantile-first", lambda x, q: np.quantile(x, q), ([0.0, 1.0, 3.0], 0.0), ([1.0, 0.0, 0.0], 2.0)),
    ("quantile-last", lambda x, q: np.quantile(x, q), ([0.0, 1.0, 3.0], 1.0), ([0.0, 0.0, 1.0], 4.0)),
    ("percentile-last", lambda x, q: np.percentile(x, q), ([0.0, 1.0, 3.0], 100.0), ([0.0, 0.0, 1.0], 0.04)),
    (
        "quantile-beyond",
        lambda x, q: np.quantile(x, q, method="hazen"),
        ([0.0, 1.0, 3.0], [0.0, 0.1, 0.99]),
        ([2.0, 0.0, 1.0], [0.0, 0.0, 0.0]),
    ),
    ("quantile-step", lambda x, q: np.quantile(x, q, method="lower"), ([0.0, 1.0], 0.7), ([1.0, 0.0], 0.0)),
    ("quantile-nan", lambda x, q: np.quantile(x, q), ([0.0, np.nan], 0.7), ([0.0, 1.0], 0.0)),
    (
        "quantile-weighted-ties",
        lambda x, w: np.quantile(x, 0.5, weights=w, method="inverted_cdf"),
        ([2.0, 1.0, 2.0, 2.0, 5.0], [1.0, 1.0, 0.0, 2.0, 1.0]),
        ([0.5, 0.0, 0.0, 0.5, 0.0], [0.0] * 5),
    ),
    ("ptp-ties", np.ptp, ([1.0, 3.0, 3.0],), ([-1.0, 0.5, 0.5],)),
    ("corrcoef-itself", lambda x: np.corrcoef(x, x), ([1.0, 2.0, 4.0],), ([0.0, 0.0, 0.0],)),
    ("max-initial-tie", lambda x: np.max(x, initial=3.0), ([3.0, 1.0],), ([0.5, 0.0],)),
]
