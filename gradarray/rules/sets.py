"""Sets. A value that stands for several equal elements shares its gradient equally among them, as other ties do."""

import numpy as np

from ..registry import composite, differentiable, unwrap
from .shape import array_of, atleast_1d, ravel
from .versions import across_versions


def _shares(g, ar_shape, inverse, counts, axis):
    """The gradient of a value at each element that it stands for, over their number."""
    rows = np.moveaxis(g, axis or 0, -1) / counts.astype(g.dtype)
    r = rows[..., np.ravel(inverse)]
    return np.reshape(r, ar_shape) if axis is None else np.moveaxis(r, -1, axis)


_rule = differentiable(np.unique, "(ar, index, inverse, counts, axis)", ar=_shares)
_rule.compute = lambda ar, index, inverse, counts, axis: np.take(ar, index, axis)


@across_versions(np.unique)
def unique(
    ar, return_index=False, return_inverse=False, return_counts=False, axis=None, *, equal_nan=True, sorted=True
):
    _, *found = np.unique(unwrap(ar), True, True, True, axis, equal_nan=equal_nan)
    values = _rule.call(atleast_1d(ar), *found, axis)
    given = [r for r, wanted in zip(found, (return_index, return_inverse, return_counts), strict=True) if wanted]
    if given:
        return (values, *given)
    return values if sorted else _as_found(values, np.unique(unwrap(ar), axis=axis, equal_nan=equal_nan, sorted=False))


def _as_found(values, found):
    """The sorted ``values`` in the order in which NumPy ``found`` them."""
    return values if found.ndim > 1 else values[np.argsort(np.argsort(found))]


@composite(np.unique_all)
def unique_all(x):
    return _ALL(*unique(x, True, True, True, equal_nan=False))


@composite(np.unique_counts)
def unique_counts(x):
    return _COUNTS(*unique(x, return_counts=True, equal_nan=False))


@composite(np.unique_inverse)
def unique_inverse(x):
    return _INVERSE(*unique(x, return_inverse=True, equal_nan=False))


@composite(np.unique_values)
def unique_values(x):
    return _as_found(unique(x, equal_nan=False), np.unique_values(unwrap(x)))


_ALL, _COUNTS, _INVERSE = (type(fn([])) for fn in (np.unique_all, np.unique_counts, np.unique_inverse))


@composite(np.union1d)
def union1d(ar1, ar2):
    return unique(np.concatenate((ar1, ar2), axis=None))


@composite(np.intersect1d)
def intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    found = np.intersect1d(unwrap(ar1), unwrap(ar2), assume_unique, return_indices)
    values = union1d(ar1, ar2)
    at = np.searchsorted(unwrap(values), found[0] if return_indices else found)
    return (values[at], *found[1:]) if return_indices else values[at]


@composite(np.setdiff1d)
def setdiff1d(ar1, ar2, assume_unique=False):
    values = ravel(array_of(ar1)) if assume_unique else unique(ar1)
    return values[np.isin(unwrap(values), unwrap(ar2), assume_unique=assume_unique, invert=True)]


@composite(np.setxor1d)
def setxor1d(ar1, ar2, assume_unique=False):
    sets = (ar1, ar2) if assume_unique else (np.unique(ar1), np.unique(ar2))
    values = np.sort(np.concatenate(sets, axis=None))
    found = unwrap(values)
    differs = np.concatenate(([True], found[1:] != found[:-1], [True]))
    return values[(differs[1:] & differs[:-1])[: len(found)]]
