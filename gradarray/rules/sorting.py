"""Sorting and ordering: values move to where their indices went."""

import numpy as np

from ..registry import composite, unwrap
from .shape import ravel
from .versions import across_versions


@across_versions(np.sort)
def sort(a, axis=-1, kind=None, order=None, *, stable=None, descending=np._NoValue):
    a, axis = (ravel(a), 0) if axis is None else (a, axis)
    last = {} if descending is np._NoValue else {"descending": descending}
    return np.take_along_axis(a, np.argsort(unwrap(a), axis, kind=kind, order=order, stable=stable, **last), axis)


@composite(np.partition)
def partition(a, kth, axis=-1, kind="introselect", order=None):
    a, axis = (ravel(a), 0) if axis is None else (a, axis)
    return np.take_along_axis(a, np.argpartition(unwrap(a), kth, axis, kind=kind, order=order), axis)


@composite(np.sort_complex)
def sort_complex(a):
    a = np.sort(a)
    return (
        a
        if a.dtype.kind == "c"
        else a.astype({"b": "F", "h": "F", "B": "F", "H": "F", "g": "G"}.get(a.dtype.char, "D"))
    )
