"""Rounding: constant almost everywhere, so never an error, and never a gradient. And clipping."""

import numpy as np

from ..registry import constant
from .shape import array_of
from .versions import across_versions, overridable

_NONE = np._NoValue

constant(np.floor, np.ceil, np.trunc, np.rint, np.floor_divide, np.sign, np.spacing, np.round, np.around)
constant(*overridable(np, "fix"))


@across_versions(np.clip)
def clip(a, a_min=_NONE, a_max=_NONE, out=None, *, min=_NONE, max=_NONE, **kwargs):
    a = array_of(a)
    low, high = (_bound("min", a_min, min), _bound("max", a_max, max))
    if a.dtype.kind in "iu":  # a Python number beyond what the dtype holds bounds nothing
        ends = np.iinfo(a.dtype)
        low = None if type(low) is int and low <= ends.min else low
        high = None if type(high) is int and high >= ends.max else high
    last = kwargs if out is None else {**kwargs, "out": out}
    if low is None and high is None:
        return np.positive(a, **last)
    if low is None:
        return np.minimum(a, high, **last)
    if high is None:
        return np.maximum(a, low, **last)
    first = {name: option for name, option in kwargs.items() if name != "where"}
    return np.minimum(np.maximum(a, low, **first), high, **last)


def _bound(name, positional, keyword):
    """The bound that was given under either of its names; ``None`` for none."""
    if positional is not _NONE and keyword is not _NONE:
        raise ValueError(f"np.clip: a_{name}= and {name}= are the same bound; give one of them.")
    bound = keyword if positional is _NONE else positional
    return None if bound is _NONE else bound
