"""Rounding: constant almost everywhere, so never an error, and never a gradient. And clipping."""

import numpy as np

from ..registry import composite, constant, find

constant(np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.sign, np.spacing, np.round, np.around, np.fix)


@composite(np.clip)
def clip(a, a_min=np._NoValue, a_max=np._NoValue, out=None, *, min=np._NoValue, max=np._NoValue, **options):
    low = min if a_min is np._NoValue else a_min
    high = max if a_max is np._NoValue else a_max
    low, high = (None if bound is np._NoValue else bound for bound in (low, high))
    if low is None and high is None:
        return find(np.positive).call(a) if out is None else np.positive(a, out=out)
    last = options if out is None else {**options, "out": out}
    if low is None:
        return np.minimum(a, high, **last)
    if high is None:
        return np.maximum(a, low, **last)
    return np.minimum(np.maximum(a, low, **options), high, **last)
