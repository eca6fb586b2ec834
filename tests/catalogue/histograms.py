"""Histograms and counts."""

import numpy as np

from .base import SINGULAR, _of, booleans, distinct, integers, positive, real, row

EDGES = np.array([-2.0, -0.5, 0.25, 1.0, 2.0])
places = _of(lambda rng, shape, complex: rng.integers(-2, 3, shape), False)  # no gradient goes there
edges = _of(lambda rng, shape, complex: np.cumsum(rng.uniform(0.3, 1.0, shape)) - 2)

row(np.bincount, "call", np.bincount, integers(7), kind="constant")
row(np.bincount, "minlength", lambda i: np.bincount(i, minlength=9), integers(7), kind="constant")
row(np.bincount, "weights", np.bincount, integers(7), real(7))
row(np.bincount, "weights_minlength", lambda i, w: np.bincount(i, w, 9), integers(7), real(7))
row(np.bincount, "list", lambda w: np.bincount([0, 3, 3], w), real(3))
row(np.bincount, "none", np.bincount, integers(0), real(0), kind="constant")

row(np.histogram, "counts", lambda x: np.histogram(x, 4)[0], real(3, 4), kind="constant")
row(np.histogram, "counts_edges", lambda x: np.histogram(x, EDGES), real(9), kind="constant")
row(np.histogram, "range", lambda x: np.histogram(x, 4, (-1.0, 1.0)), real(9), kind="constant")
row(np.histogram, "auto", lambda x: np.histogram(x, "auto")[1], distinct(9), compares=True)
row(np.histogram, "int_bins", lambda x: np.histogram(x, [-2, 0, 2]), real(9), kind="constant")
row(np.histogram, "weights", lambda x, w: np.histogram(x, 4, weights=w), distinct(3, 4), real(3, 4), compares=True)
row(np.histogram, "weights_range", lambda x, w: np.histogram(x, 3, (-1, 1), weights=w)[0], places(9), real(9))
row(np.histogram, "weights_edges", lambda x, w: np.histogram(x, EDGES, weights=w)[0], places(9), real(9))
row(np.histogram, "weights_alone", lambda w: np.histogram(np.arange(6), 4, weights=w)[0], real(6), complex=True)
row(np.histogram, "constant_weights", lambda x: np.histogram(x, EDGES, weights=np.ones(9))[0], real(9), kind="constant")
row(np.histogram, "density", lambda x: np.histogram(x, 4, density=True), distinct(9), compares=True)
row(np.histogram, "density_range", lambda x: np.histogram(x, 4, (-2, 2), True)[0], real(9), kind="constant")
row(
    np.histogram,
    "density_weights",
    lambda x, w: np.histogram(x, 4, density=True, weights=w)[0],
    distinct(9),
    positive(9),
    compares=True,
)
row(np.histogram, "density_edges", lambda x, e: np.histogram(x, e, density=True)[0], places(9), edges(5))
row(np.histogram, "bools", lambda x, w: np.histogram(1 * x, 2, weights=w)[0], booleans(5), real(5))

row(np.histogram_bin_edges, "call", np.histogram_bin_edges, distinct(9), compares=True)
row(np.histogram_bin_edges, "number", lambda x: np.histogram_bin_edges(x, 3), distinct(3, 4), compares=True)
row(np.histogram_bin_edges, "one", lambda x: np.histogram_bin_edges(x, 2), real(), compares=True)
row(np.histogram_bin_edges, "rule", lambda x: np.histogram_bin_edges(x, "sturges"), distinct(9), compares=True)
row(np.histogram_bin_edges, "range", lambda x: np.histogram_bin_edges(x, 3, (0, 1)), real(9), kind="constant")
row(np.histogram_bin_edges, "edges", lambda x, e: np.histogram_bin_edges(x, e), integers(9), edges(4))
row(np.histogram_bin_edges, "integers", lambda x: np.histogram_bin_edges(x), integers(9), kind="constant")

row(np.histogram2d, "counts", lambda x, y: np.histogram2d(x, y, (2, 3))[0], real(9), real(9), kind="constant")
row(np.histogram2d, "call", lambda x, y: np.histogram2d(x, y, 3)[1:], distinct(9), distinct(9), compares=True)
row(np.histogram2d, "edges", lambda x, y: np.histogram2d(x, y, EDGES), real(9), real(9), kind="constant")
row(np.histogram2d, "range", lambda x, y: np.histogram2d(x, y, 2, [[-1, 1], [0, 1]]), real(9), real(9), kind="constant")
row(np.histogram2d, "weights", lambda x, y, w: np.histogram2d(x, y, EDGES, weights=w)[0], places(9), places(9), real(9))
row(
    np.histogram2d,
    "density",
    lambda x, y, w: np.histogram2d(x, y, [2, 3], density=True, weights=w)[0],
    distinct(9),
    distinct(9),
    positive(9),
    compares=True,
)
row(
    np.histogram2d,
    "density_edges",
    lambda x, y, e: np.histogram2d(x, y, [e, e[:3]], density=True)[0],
    places(19),
    places(19),
    edges(5),
)

row(np.histogramdd, "counts", lambda x: np.histogramdd(x, [2, 3])[0], real(9, 2), kind="constant")
row(np.histogramdd, "call", lambda x: np.histogramdd(x, 3)[1], distinct(9, 2), compares=True)
row(np.histogramdd, "columns", lambda x, y: np.histogramdd([x, y], 2)[1], distinct(9), distinct(9), compares=True)
row(np.histogramdd, "one", lambda x: np.histogramdd(x, 2)[1], distinct(9), compares=True)
row(np.histogramdd, "edges", lambda x: np.histogramdd(x, [EDGES, 2], [None, (-1, 1)]), real(9, 2), kind="constant")
row(np.histogramdd, "density", lambda x: np.histogramdd(x, 2, density=True)[0], distinct(19, 3), compares=True)
row(
    np.histogramdd,
    "weights",
    lambda x, w: np.histogramdd(x, [3, EDGES], [(-1, 1), None], weights=w)[0],
    places(9, 2),
    real(9),
)
row(
    np.histogramdd,
    "density_weights",
    lambda x, w: np.histogramdd(x, (3, EDGES), density=True, weights=w)[0],
    distinct(9, 2),
    positive(9),
    compares=True,
)

SINGULAR += [
    (
        "histogram-at-edges",
        lambda w: np.histogram([0, 1, 2, 3], [0, 1, 2], weights=w)[0][0],
        ([1.0] * 4,),
        ([1.0, 0, 0, 0],),
    ),
    (
        "histogram-last-edge",
        lambda w: np.histogram([0, 1, 2, 3], [0, 1, 2], weights=w)[0][1],
        ([1.0] * 4,),
        ([0, 1.0, 1.0, 0],),
    ),
    ("histogram-edges-ties", lambda x: np.histogram_bin_edges(x, 1)[1], ([0.0, 2.0, 2.0],), ([0.0, 0.5, 0.5],)),
    ("histogram-edges-all-same", lambda x: np.histogram_bin_edges(x, 1), ([2.0, 2.0],), ([1.0, 1.0],)),
]
