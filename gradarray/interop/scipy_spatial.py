"""Distances of ``scipy.spatial``; rotations are in `gradarray.interop.scipy_spatial_transform`.

The functions of two vectors run through their own code, as do ``distance_matrix``, ``procrustes``, ``geometric_slerp``.

>>> import gradarray as ga
>>> from scipy.spatial import distance
>>> x = ga.tensor([[0.0, 0.0]])
>>> with ga.wrapping():
...     distance.cdist(x, [[3.0, 4.0]]).backward()
>>> x.grad
array([[-0.6, -0.8]])
"""

import functools
from typing import Any

import numpy as np
from scipy import spatial
from scipy.spatial import distance

from ..modes import Mode
from ..registry import composite, constant, differentiable, dispatched, into, linear, refused, stacked, unwrap, wrap
from . import scipy_spatial_transform  # noqa: F401

_wrapped = Mode(wrapped=True, detach="raise")
_cdist, _pdist, _squareform = map(dispatched, (distance.cdist, distance.pdist, distance.squareform))


# From a vector of distances to their matrix, and back


def _form(X, force):
    return distance.squareform(X, force, False)


_formed = linear(
    _form,
    X=lambda g: _squareform(g + g.T, "tovector", False) if g.ndim == 2 else np.triu(_squareform(g, "tomatrix", False)),
)


@composite(distance.squareform)
def squareform(X, force="no", checks=True):
    X = stacked(X)
    if checks:
        distance.squareform(unwrap(X), force)
    return _formed.call(X, force)


# All pairs: the derivatives by x and y of what has the distances ``out``, with their gradient g as a matrix


def _ratio(a, b):
    """a / b, and 0 where b is."""
    return a / np.where(b == 0, np.inf, b)


def _euclidean(g, x, y, out):
    """Sums of products of matrices; around the mean they do not cancel."""
    center, g = np.mean(unwrap(x), axis=0), g if out is None else _ratio(g, out)
    return (x - center) * np.sum(g, axis=1, keepdims=True) - g @ (y - center)


def _mahalanobis(g, x, y, out, VI):
    return _euclidean(g, x, y, out) @ ((VI + VI.T) / 2)


def _cosine(g, x, y, out):
    sizes = np.sqrt(np.sum(x * x, axis=1, keepdims=True))
    turned = g @ (y / np.sqrt(np.sum(y * y, axis=1, keepdims=True)))
    return (np.sum(g * (1 - out), axis=1, keepdims=True) * (x / sizes) - turned) / sizes


def _canberra(u, v, rank_u, rank_v):
    """The numerator is 0 where v is, and so may its place in the total be taken by another number."""
    size = np.abs(v)
    total = np.abs(u) + np.where(size == 0, 1, size)
    return (size + np.sign(u) * v) / (total * total) * np.sign(rank_u - rank_v).astype(float)


def _minkowski(u, v, out, p):
    d = u - v
    size = np.where(d == 0, 1, np.abs(d))
    return np.where(d == 0, 0, np.sign(d) * _ratio(size, out) ** (p - 1))


def _jensenshannon(u, v, out):
    """Of probabilities."""
    ratio = np.where(u == 0, 1, 2 * u / np.where(u + v == 0, 1, u + v))
    return _ratio(np.log(ratio), 4 * out)


def _farthest(u, v, out):
    """Only the coordinates that differ most count; ties share equally."""
    d = u - v
    hits = (d == out).view(np.int8) - (d == -out).view(np.int8)
    if np.count_nonzero(hits) > out.size:
        return hits / np.maximum(np.sum(np.abs(hits), axis=1, keepdims=True), 1)
    return hits.astype(float)


def _summed(slope, g, pairs, *matrices):
    """The sums over the second points of ``g`` times what ``slope`` gives for coordinates of both, and for matrices.

    It gets some rows at a time, which stay in a cache.
    """
    columns = [np.copy(y.T, "C") for _, y in pairs]
    step = max(32768 // max(columns[0].size, 1), 1)
    sums = []
    with np.errstate():  # which on leaving restores the next: NumPy copies rows that are shorter than its buffer
        np.setbufsize(64)
        for k in range(0, max(len(g), 1), step):
            rows = slice(k, k + step)
            arrays = [array for (x, _), y in zip(pairs, columns, strict=True) for array in (x[rows][:, :, None], y)]
            factor = slope(*arrays, *(np.copy(m[rows], "C")[:, None] for m in matrices))
            sums.append((factor @ g[rows][:, :, None])[:, :, 0])
    return np.concatenate(sums)


def _ranks(x, y):
    """Whole numbers in the order of the elements of each column, of both arrays; if some are nan, these arrays."""
    same, x, y = x is y, unwrap(x), unwrap(y)
    every = (x if same else np.concatenate((x, y))).T
    if np.isnan(np.sum(every)):
        return x, y
    kind = np.int16 if every.shape[1] < 32768 else np.int64
    order = np.argsort(every, axis=1)
    rows = np.take_along_axis(every, order, 1)
    ranks = np.zeros(every.shape, kind)
    np.put_along_axis(ranks, order[:, 1:], np.cumsum(rows[:, 1:] != rows[:, :-1], axis=1, dtype=kind), 1)
    return ranks[:, : len(x)].T, ranks[:, 0 if same else len(x) :].T


def _signs(g, x, y):
    return _summed(lambda u, v: np.sign(u - v).astype(g.dtype), g, [_ranks(x, y)])


def _braycurtis(g, x, y, out):
    total = _cdist(x, -y, "cityblock")
    g = g / (total + (total == 0))
    return _signs(g, x, y) - _signs(g * out, x, -y)


_SLOPES = {
    "euclidean": lambda g, x, y, out, p, VI: _euclidean(g, x, y, out),
    "sqeuclidean": lambda g, x, y, out, p, VI: 2 * _euclidean(g, x, y, None),
    "mahalanobis": lambda g, x, y, out, p, VI: _mahalanobis(g, x, y, out, VI),
    "cosine": lambda g, x, y, out, p, VI: _cosine(g, x, y, out),
    "cityblock": lambda g, x, y, out, p, VI: _signs(g, x, y),
    "minkowski": lambda g, x, y, out, p, VI: _summed(lambda u, v, out: _minkowski(u, v, out, p), g, [(x, y)], out),
    "chebyshev": lambda g, x, y, out, p, VI: _summed(_farthest, g, [(unwrap(x), unwrap(y))], unwrap(out)),
    "canberra": lambda g, x, y, out, p, VI: _summed(_canberra, g, [(x, y), _ranks(x, y)]),
    "braycurtis": lambda g, x, y, out, p, VI: _braycurtis(g, x, y, out),
    "jensenshannon": lambda g, x, y, out, p, VI: _summed(_jensenshannon, g, [(x, y)], out),
}


def _squares(g, x, y):
    """The sums over all pairs of the squares of the differences."""
    center = np.mean(unwrap(x), axis=0)
    x, y = x - center, y - center
    return np.sum(g, axis=1) @ (x * x) + np.sum(g, axis=0) @ (y * y) - 2 * np.sum(x * (g @ y), axis=0)


def _totals(term, g, x, y):
    return np.sum(_summed(term, g, [(x, y)]), axis=0)


def _power(d, p):
    return np.where(d == 0, 0, np.where(d == 0, 1, np.abs(d)) ** p)


# The derivatives by weights, for each coordinate
_WEIGHTS = {
    "euclidean": lambda g, x, y, out, p: _squares(_ratio(g, 2 * out), x, y),
    "sqeuclidean": lambda g, x, y, out, p: _squares(g, x, y),
    "cityblock": lambda g, x, y, out, p: _totals(lambda u, v: np.abs(u - v), g, x, y),
    "canberra": lambda g, x, y, out, p: _totals(lambda u, v: _ratio(np.abs(u - v), np.abs(u) + np.abs(v)), g, x, y),
    "minkowski": lambda g, x, y, out, p: _totals(lambda u, v: _power(u - v, p), _ratio(g, p * out ** (p - 1)), x, y),
}


def _options(metric, p, VI, w):
    options = {"p": p} if metric == "minkowski" else {"VI": VI} if metric == "mahalanobis" else {}
    return options if w is None else {**options, "w": w}


def _across(x, y, metric, p, VI, w):
    return distance.cdist(x, y, metric, **_options(metric, p, VI, w))


def _within(x, metric, p, VI, w):
    return distance.pdist(x, metric, **_options(metric, p, VI, w))


def _slope(g, x, y, metric, p, VI, w, out):
    r = _SLOPES[metric](g, x, y, out, p, VI)
    return r if w is None else r * w


def _slope_within(g, x, metric, p, VI, w, out):
    out = None if metric in ("sqeuclidean", "cityblock") else _squareform(out)  # of which these need none
    return _slope(_squareform(g), x, x, metric, p, VI, w, out)


def _by_metric(g, x, y, out):
    """The derivative of Mahalanobis distances by their matrix: half the sum of d d^T over pairs."""
    center = np.mean(unwrap(x), axis=0)
    x, y, g = x - center, y - center, _ratio(g, out)
    mixed = x.T @ g @ y
    own = x.T @ (x * np.sum(g, axis=1, keepdims=True)) + y.T @ (y * np.sum(g, axis=0)[:, None])
    return (own - mixed - mixed.T) / 2


_all_across = differentiable(
    _across,
    x=lambda g, x, y, metric, p, VI, w, out: _slope(g, x, y, metric, p, VI, w, out),
    y=lambda g, x, y, metric, p, VI, w, out: _slope(g.T, y, x, metric, p, VI, w, out.T),
    VI=lambda g, x, y, out: _by_metric(g, x, y, out),
    w=lambda g, x, y, metric, p, out: _WEIGHTS[metric](g, x, y, out, p),
).call
_all_within = differentiable(
    _within,
    x=_slope_within,
    VI=lambda g, x, out: _by_metric(_squareform(g), x, x, _squareform(out)) / 2,
    w=lambda g, x, metric, p, out: _WEIGHTS[metric](_squareform(g), x, x, _squareform(out), p) / 2,
).call


# What is done before: what is not smooth, and weights


def _weighted(x, y, metric, p, w):
    """Cosine distances with weights, or distances whose power has a derivative."""
    if metric == "cosine":
        norms = np.sqrt(np.sum(w * x * x, axis=-1)) * np.sqrt(np.sum(w * y * y, axis=-1))
        return 1 - np.sum(w * x * y, axis=-1) / norms
    total = np.sum(w * _power(x - y, p), axis=-1)
    return np.where(total == 0, 0, np.where(total == 0, 1, total) ** (1 / p))


def _is_tensor(value):
    return unwrap(value) is not value


def _floats(x):
    return stacked(x).astype(float) if _is_tensor(x) else np.asarray(x, float)


def _distances(arrays, metric, p=None, w=None, V=None, VI=None):
    """The distances between the rows of two arrays, or among those of one, by a metric with a derivative."""
    every = np.concatenate(arrays) if len(arrays) > 1 else arrays[0]
    p, w = 2.0 if metric == "minkowski" and p is None else p, None if w is None else _floats(w)
    if metric == "minkowski" and not _is_tensor(p):
        metric = {1: "cityblock", 2: "euclidean", np.inf: "chebyshev"}.get(float(p), metric)
    if metric == "correlation":
        means = [np.mean(x, axis=1) if w is None else x @ w / np.sum(w) for x in arrays]
        arrays, metric = [x - mean[:, None] for x, mean in zip(arrays, means, strict=True)], "cosine"
    if metric == "seuclidean":
        V = np.var(every, axis=0, ddof=1) if V is None else V
        arrays, metric = [x / np.sqrt(V) for x in arrays], "euclidean"
    if metric == "mahalanobis" and VI is None:
        VI = np.linalg.inv(np.atleast_2d(np.cov(every.T))).T
    if metric == "jensenshannon":
        arrays = [x / np.sum(x, axis=1, keepdims=True) for x in arrays]
    if metric == "chebyshev" and w is not None:
        arrays, w = [x[:, unwrap(w) > 0] for x in arrays], None
    if metric == "braycurtis" and w is not None:
        arrays, w = [x * w for x in arrays], None
    if (metric == "cosine" and w is not None) or _is_tensor(p):
        if len(arrays) > 1:
            x, y = arrays[0][:, None], arrays[1]
        else:
            x, y = (arrays[0][i] for i in np.triu_indices(len(arrays[0]), 1))
        return _weighted(x, y, metric, p, 1.0 if w is None else w)
    return (_all_across if len(arrays) > 1 else _all_within)(*arrays, metric, p, VI, w)


def _checked(fn, arrays, metric, out, options, pairs):
    name = f"scipy.spatial.distance.{fn.__name__}"
    if callable(metric) and getattr(metric, "__name__", "") not in distance._METRIC_ALIAS:
        with _wrapped:
            found = np.stack([np.reshape(metric(x, y, **options), ()) for x, y in pairs(*arrays)])
        return into(name, np.reshape(found, (len(arrays[0]), len(arrays[1])) if len(arrays) > 1 else -1), out)
    metric = metric.__name__ if callable(metric) else metric
    known = distance._METRIC_ALIAS.get(str(metric).lower().removeprefix("test_"))
    smooth = known is not None and known.canonical_name in (*_SLOPES, "correlation", "seuclidean")
    plain = {key: unwrap(value) for key, value in options.items()}
    if not smooth or options:
        value = fn(*map(unwrap, arrays), metric, **plain)  # which looks whether the options are valid
        if not smooth:
            if any(map(_is_tensor, options.values())):
                raise TypeError(f"{name}: {metric!r} has no derivative with respect to its options; give them plain.")
            return into(name, wrap(value), out)
    return into(name, _distances([_floats(x) for x in arrays], known.canonical_name, **options), out)


@composite(distance.cdist)
def cdist(XA, XB, metric="euclidean", *, out=None, **kwargs):
    return _checked(distance.cdist, [XA, XB], metric, out, kwargs, lambda a, b: [(x, y) for x in a for y in b])


@composite(distance.pdist)
def pdist(X, metric="euclidean", *, out=None, **kwargs):
    pairs = lambda a: [(a[i], a[j]) for i, j in zip(*np.triu_indices(len(a), 1), strict=True)]  # noqa: E731
    return _checked(distance.pdist, [X], metric, out, kwargs, pairs)


constant(distance.is_valid_dm, distance.is_valid_y, distance.num_obs_dm, distance.num_obs_y)


# Of points that are found by search


@composite(distance.directed_hausdorff)
def directed_hausdorff(u, v, rng=0):
    _, i, j = distance.directed_hausdorff(unwrap(u), unwrap(v), rng)
    u, v = map(_floats, (u, v))
    return np.linalg.norm(u[i] - v[j]), i, j


def _lengths(d, p):
    """Minkowski's norms of differences, with the subgradient 0 where these vanish."""
    size = np.abs(d)
    if p in (1, np.inf):
        return np.sum(size, axis=-1) if p == 1 else np.max(size, axis=-1)
    total = np.sum(np.where(size == 0, 0, np.where(size == 0, 1, size) ** p), axis=-1)
    return np.where(total == 0, 0, np.where(total == 0, 1, total) ** (1 / p))


@functools.cache
def _holding(cls):
    """The class of trees whose points are Tensors; what they are sorted by are the plain values."""
    return type(cls.__name__, (cls,), {"data": property(lambda self: self._points), "__module__": cls.__module__})


@composite(spatial.KDTree.__init__)
def tree(self, data, leafsize=10, compact_nodes=True, copy_data=False, balanced_tree=True, boxsize=None):
    self._points = _floats(data)
    plain = np.array(unwrap(self._points))
    spatial.KDTree.__init__(self, plain, leafsize, compact_nodes, copy_data, balanced_tree, unwrap(boxsize))
    if _is_tensor(self._points):
        kind: Any = type(self)
        self.__class__ = _holding(kind)


@composite(spatial.KDTree.query)
def query(self, x, k=1, eps=0, p=2.0, distance_upper_bound=np.inf, workers=1):
    """The distances to the points that are found."""
    found, places = spatial.KDTree.query(self, unwrap(x), k, eps, p, unwrap(distance_upper_bound), workers)
    there = np.isfinite(found)
    x = _floats(x)
    x = x if np.ndim(found) == x.ndim - 1 else x[..., None, :]
    d = x - self.data[np.where(there, places, 0)]
    if self.boxsize is not None:  # around which there may be a shorter way; 0 is none
        size = np.where(self.boxsize > 0, self.boxsize, np.inf)
        d = d - np.where(self.boxsize > 0, self.boxsize * np.round(unwrap(d) / size), 0)
    return np.where(there, _lengths(d, p), np.inf), places


def _indices(fn):
    """A method that finds points, which do not change with a small step."""

    @composite(fn)
    @functools.wraps(fn)
    def call(*args, **kwargs):
        return fn(*map(unwrap, args), **{name: unwrap(value) for name, value in kwargs.items()})


for _name in ("query_ball_point", "query_ball_tree", "query_pairs"):
    _indices(getattr(spatial.KDTree, _name))


@composite(spatial.KDTree.count_neighbors)
def count_neighbors(self, other, r, p=2.0, weights=None, cumulative=True):
    if weights is not None and unwrap(weights) is not weights:
        raise TypeError("scipy.spatial.KDTree.count_neighbors on a Tensor: weights= has no derivative; give it plain.")
    return spatial.KDTree.count_neighbors(self, other, unwrap(r), p, weights, cumulative)


refused(
    "a sparse matrix of distances is made in compiled code. With the pairs of query_ball_tree, compute the distances "
    "in NumPy.",
    spatial.KDTree.sparse_distance_matrix,
)
