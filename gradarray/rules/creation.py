"""Arrays made in the likeness of others: leaves of their own, with no gradient to what they were made after."""

import numpy as np

from ..registry import composite, unwrap, wrap_leaf


@composite(np.zeros_like)
def zeros_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return wrap_leaf(np.zeros_like(unwrap(a), dtype, order, subok, shape, device=device))


@composite(np.ones_like)
def ones_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return wrap_leaf(np.ones_like(unwrap(a), dtype, order, subok, shape, device=device))


@composite(np.empty_like)
def empty_like(prototype, /, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return wrap_leaf(np.empty_like(unwrap(prototype), dtype, order, subok, shape, device=device))


@composite(np.full_like)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    t = np.empty_like(a, dtype=dtype, order=order, subok=subok, shape=shape, device=device)
    t[...] = fill_value
    return t
