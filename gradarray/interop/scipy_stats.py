"""Distributions and statistics of ``scipy.stats``, most of which run through their own code."""

import numpy as np
from scipy import stats
from scipy.stats import _distn_infrastructure as infrastructure

from ..modes import Mode
from ..registry import composite, unwrap, wrap

# What a rule calls of SciPy's own code goes on in wrapped context
_wrapped = Mode(wrapped=True, detach="raise")


@composite(infrastructure.argsreduce)
def argsreduce(cond, *args):
    """All are Tensors then, so that what a distribution makes of one of them takes what it makes of others."""
    arrays = np.broadcast_arrays(*(a if hasattr(a, "_data") else wrap(np.asarray(a)) for a in args), cond)
    return [np.ravel(a) if np.all(cond) else a[cond] for a in arrays[:-1]]


def _inverse(self, x, q, args):
    """x with the derivatives of the solution of cdf(x) = q: two steps of Newton's method are exact up to the third."""
    y = x
    with _wrapped:
        for _ in range(2):
            y = y - (self._cdf(y, *args) - q) / self._pdf(y, *args)
    return x + (y - unwrap(y))


@composite(stats.rv_continuous._ppf)
def _ppf(self, q, *args):
    x = self._ppfvec(unwrap(q), *map(unwrap, args))
    return _inverse(self, x, q, args) if isinstance(self, stats.rv_continuous) else x
