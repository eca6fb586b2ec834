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
from ..registry import composite, constant, differentiable, dispatched, into, refused, stacked, unwrap, wrap
from . import scipy_spatial_transform  # noqa: F401

_wrapped = Mode(wrapped=True, detach="raise")
_cdist, _pdist, _squareform = map(dispatched, (distance.cdist, distance.pdist, distance.squareform))


# From a vector of distances to their matrix, and back


@composite(distance.squareform)
def squareform(X, force="no", checks=True):
    X = stacked(X)
    form = distance.squareform(unwrap(X), force, checks)  # which looks whether it is valid
    if form.ndim == 1:
        return X[np.triu_indices(len(X), 1)]
    n = len(form)
    places = np.zeros((n, n), int)
    places[np.triu_indices(n, 1)] = np.arange(X.size)
    if not X.size:
        return wrap(form)
    return np.where(np.eye(n, dtype=bool), 0, X[places + places.T]).astype(X.dtype)


# All pairs: the derivatives by x and y of what has the distances ``out``, with their gradient g as a matrix


def _ratio(a, b):
    """a / b, and 0 where b is."""
    return np.where(b == 0, 0, a / np.where(b == 0, 1, b))


def _euclidean(g, x, y, out):
    """Sums of products of matrices; around the mean they do not cancel."""
    center = np.mean(unwrap(x), axis=0)
    g = _ratio(g, out)
    return (x - center) * np.sum(g, axis=1, keepdims=True) - g @ (y - center)


def _mahalanobis(g, x, y, out, VI):
    return _euclidean(g, x, y, out) @ ((VI + VI.T) / 2)


def _cosine(g, x, y, out):
    sizes = np.sqrt(np.sum(x * x, axis=1, keepdims=True))
    turned = g @ (y / np.sqrt(np.sum(y * y, axis=1, keepdims=True)))
    return (np.sum(g * (1 - out), axis=1, keepdims=True) * (x / sizes) - turned) / sizes


def _minkowski(d, out, p):
    size = np.where(d == 0, 1, np.abs(d))
    return np.where(d == 0, 0, np.sign(d) * _ratio(size, out) ** (p - 1))


def _canberra(x, y):
    """The numerator is 0 where the total is."""
    total = np.abs(x) + np.abs(y)
    total = total + (total == 0)
    return np.sign(x - y) * (np.abs(y) + y * np.sign(x)) / total / total


def _jensenshannon(x, y, out):
    """Of probabilities."""
    ratio = np.where(x == 0, 1, 2 * x / np.where(x + y == 0, 1, x + y))
    return _ratio(np.log(ratio), 4 * out)


def _by_rows(fn, g, x, y, *matrices):
    """What ``fn`` gives for some rows at a time, so that their pairs stay in a cache."""
    step = max(32768 // max(len(y), 1), 1)
    parts = [slice(k, k + step) for k in range(0, max(len(x), 1), step)]
    return np.concatenate([fn(g[rows], x[rows], y, *(m[rows] for m in matrices)) for rows in parts])


def _by_columns(slope, *arrays):
    """A derivative that is ``slope`` in each coordinate, a matrix for all pairs."""

    def pull(g, x, y, *matrices):
        columns = zip(x.T, y.T, strict=True)
        return np.stack([np.sum(g * slope(u[:, None], v, *matrices), axis=1) for u, v in columns], axis=-1)

    return _by_rows(pull, *arrays)


def _farthest(g, x, y, out):
    """Only the coordinates that differ most count; ties share equally."""
    x, y, out = unwrap(x), unwrap(y), unwrap(out)
    hits = [np.abs(u[:, None] - v) == out for u, v in zip(x.T, y.T, strict=True)]
    places = [np.unravel_index(np.flatnonzero(hit), out.shape) for hit in hits]
    if sum(len(i) for i, _ in places) > out.size:
        g = g / np.sum(hits, axis=0)
    signed = [(i, g[i, j] * np.sign(x[i, k] - y[j, k])) for k, (i, j) in enumerate(places)]
    return np.stack([np.bincount(i, values, len(x)) for i, values in signed], axis=-1)


def _braycurtis(g, x, y, out):
    total = _cdist(x, -y, "cityblock")
    return _by_columns(lambda u, v, out: np.sign(u - v) - out * np.sign(u + v), _ratio(g, total), x, y, out)


_SLOPES = {
    "euclidean": lambda g, x, y, out, p, VI: _euclidean(g, x, y, out),
    "sqeuclidean": lambda g, x, y, out, p, VI: _euclidean(2 * g, x, y, 1.0),
    "mahalanobis": lambda g, x, y, out, p, VI: _mahalanobis(g, x, y, out, VI),
    "cosine": lambda g, x, y, out, p, VI: _cosine(g, x, y, out),
    "cityblock": lambda g, x, y, out, p, VI: _by_columns(lambda u, v: np.sign(u - v), g, x, y),
    "minkowski": lambda g, x, y, out, p, VI: _by_columns(lambda u, v, out: _minkowski(u - v, out, p), g, x, y, out),
    "chebyshev": lambda g, x, y, out, p, VI: _by_rows(_farthest, g, x, y, out),
    "canberra": lambda g, x, y, out, p, VI: _by_columns(_canberra, g, x, y),
    "braycurtis": lambda g, x, y, out, p, VI: _braycurtis(g, x, y, out),
    "jensenshannon": lambda g, x, y, out, p, VI: _by_columns(_jensenshannon, g, x, y, out),
}


def _options(metric, p, VI):
    return {"p": p} if metric == "minkowski" else {"VI": VI} if metric == "mahalanobis" else {}


def _across(x, y, metric, p, VI):
    return distance.cdist(x, y, metric, **_options(metric, p, VI))


def _within(x, metric, p, VI):
    return distance.pdist(x, metric, **_options(metric, p, VI))


def _by_metric(g, x, y, out):
    """The derivative of Mahalanobis distances by their matrix: half the sum of d d^T over pairs."""
    center = np.mean(unwrap(x), axis=0)
    x, y, g = x - center, y - center, _ratio(g, out)
    mixed = x.T @ g @ y
    own = x.T @ (x * np.sum(g, axis=1, keepdims=True)) + y.T @ (y * np.sum(g, axis=0)[:, None])
    return (own - mixed - mixed.T) / 2


_all_across = differentiable(
    _across,
    x=lambda g, x, y, metric, p, VI, out: _SLOPES[metric](g, x, y, out, p, VI),
    y=lambda g, x, y, metric, p, VI, out: _SLOPES[metric](g.T, y, x, out.T, p, VI),
    VI=lambda g, x, y, out: _by_metric(g, x, y, out),
).call
_all_within = differentiable(
    _within,
    x=lambda g, x, metric, p, VI, out: _SLOPES[metric](_squareform(g), x, x, _squareform(out), p, VI),
    VI=lambda g, x, out: _by_metric(_squareform(g), x, x, _squareform(out)) / 2,
).call


# What is done before: what is not smooth, and weights


def _weighted(x, y, metric, p, w):
    """Distances whose weights or power have a derivative, or that are no others of scaled vectors."""
    d = np.abs(x - y)
    if metric == "canberra":
        return np.sum(w * _ratio(d, np.abs(x) + np.abs(y)), axis=-1)
    if metric == "sqeuclidean":
        return np.sum(w * d * d, axis=-1)
    if metric == "cosine":
        norms = np.sqrt(np.sum(w * x * x, axis=-1)) * np.sqrt(np.sum(w * y * y, axis=-1))
        return 1 - np.sum(w * x * y, axis=-1) / norms
    total = np.sum(w * np.where(d == 0, 0, np.where(d == 0, 1, d) ** p), axis=-1)
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
        metric = {1: "cityblock", 2: "euclidean", np.inf: "chebyshev"}.get(p, metric)
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
    if metric in ("cityblock", "braycurtis") and w is not None:
        arrays, w = [x * w for x in arrays], None
    if w is not None or _is_tensor(p):
        if len(arrays) > 1:
            x, y = arrays[0][:, None], arrays[1]
        else:
            x, y = (arrays[0][i] for i in np.triu_indices(len(arrays[0]), 1))
        power = 2 if metric == "euclidean" else p
        return _weighted(x, y, metric, power, 1.0 if w is None else w)
    return (_all_across if len(arrays) > 1 else _all_within)(*arrays, metric, p, VI)


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
