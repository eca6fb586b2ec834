"""Arrays made in the likeness of others: leaves of their own, with no gradient to what they were made after."""

import numpy as np

from ..registry import composite, unwrap, wrap_leaf

for like in (np.zeros_like, np.ones_like, np.empty_like):

    @composite(like)
    def make(a, dtype=None, order="K", subok=True, shape=None, *, device=None, fn=like):
        return wrap_leaf(fn(unwrap(a), dtype=dtype, order=order, subok=subok, shape=shape, device=device))


@composite(np.full_like)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    t = np.empty_like(a, dtype=dtype, order=order, subok=subok, shape=shape, device=device)
    t[...] = fill_value
    return t
