"""The mass of a multivariate normal distribution in a box.

Its derivative by a limit is the density of that coordinate there, times the mass of the others given it; that by the
covariance is half the second derivative by the mean, as in the heat equation [1]_. Both are in terms of boxes with
fewer dimensions, and so have derivatives themselves.

.. [1] R. L. Plackett, "A reduction formula for normal multivariate integrals", Biometrika 41, 1954.
"""

import math

import numpy as np
from scipy.stats import _multivariate

from ..registry import composite, differentiable, dispatched, refused, unwrap
from .scipy_stats_shapes import as_tensor

_normal = _multivariate.multivariate_normal_gen


def _box(low, high, cov, options):
    maxpts, abseps, releps, *rng = options
    mass = _normal._cdf(None, high, np.zeros(len(cov)), cov, maxpts, abseps, releps, low, *rng)
    return np.reshape(mass, high.shape[:-1])


_box_of = dispatched(_box)


def _mass(options, low, high, cov):
    """Of no dimensions it is 1. A derivative leaves the generator alone that the value was drawn from."""
    if not len(cov):
        return 1.0
    return _box_of(low, high, cov, (*options[:3], *(np.random.default_rng(0) for _ in options[3:])))


def _given(i, at, low, high, cov):
    """The density of coordinate ``i``, and the limits and covariance of the others given it."""
    beyond, others = np.isinf(at), np.arange(len(cov)) != i
    at, variance, column = np.where(beyond, 0, at), cov[i, i], cov[others, i]
    density = np.where(beyond, 0, np.exp(-at * at / (2 * variance)) / np.sqrt(2 * math.pi * variance))
    shift = at[..., None] * (column / variance)
    rest = cov[others][:, others] - np.outer(column, column) / variance
    return density, (low[..., others] - shift, high[..., others] - shift, rest)


def _faces(limit, first, options, low, high, cov):
    """What the mass grows by with upper limits that are ``limit``, from the first on."""
    faces = []
    for i in range(first, len(cov)):
        at = limit[..., i]
        if np.all(np.isinf(at)):
            faces.append(np.zeros(at.shape))
        else:
            density, rest = _given(i, at, low, high, cov)
            faces.append(density * _mass(options, *rest))
    return np.stack(faces, axis=-1) if faces else np.zeros((*limit.shape[:-1], 0))


def _curvature(low, high, cov, options):
    """The second derivatives by the mean; on the diagonal from those by scale, as scales do not change the mass."""
    n = len(cov)
    found = [[0.0] * n for _ in range(n)]
    for i in range(n):
        radial = 0.0
        for limit, sign in ((high, 1), (low, -1)):
            at = limit[..., i]
            if np.all(np.isinf(at)):
                continue
            density, rest = _given(i, at, low, high, cov)
            radial = radial + sign * np.where(np.isinf(at), 0, at) * density * _mass(options, *rest)
            both = _faces(rest[1], i, options, *rest) - _faces(rest[0], i, options, *rest)
            for j in range(i + 1, n):
                found[i][j] = found[j][i] = found[i][j] + sign * density * both[..., j - i - 1]
        found[i][i] = -(radial + sum(cov[i, j] * found[i][j] for j in range(n) if j != i)) / cov[i, i]
    return np.stack([np.stack([np.broadcast_to(a, high.shape[:-1]) for a in row], axis=-1) for row in found], axis=-2)


differentiable(
    _box,
    low=lambda g, low, high, cov, options: -g[..., None] * _faces(low, 0, options, low, high, cov),
    high=lambda g, low, high, cov, options: g[..., None] * _faces(high, 0, options, low, high, cov),
    cov=lambda g, low, high, cov, options: np.tensordot(g, _curvature(low, high, cov, options), g.ndim) / 2,
)


@composite(_normal._cdf)
def normal_cdf(self, x, mean, cov, maxpts, abseps, releps, lower_limit, *rng):
    rank = _multivariate._PSD(unwrap(cov)).rank
    if rank < len(cov):
        raise NotImplementedError(
            f"multivariate_normal.cdf of a Tensor: the covariance has rank {rank} in {len(cov)} dimensions, and a "
            "derivative is known where its rank is full."
        )
    cov = as_tensor(cov)
    high, low = np.broadcast_arrays(as_tensor(x), -np.inf if lower_limit is None else lower_limit)
    return np.squeeze(_box_of(low - mean, high - mean, (cov + cov.T) / 2, (maxpts, abseps, releps, *rng)))


refused(
    "it is found by sampling in compiled code; by plain parameters it has a value (t.data), no derivative.",
    _multivariate.multivariate_t_gen._cdf,
)
