"""Tensors as the values of sparse matrices: what compiled code is given in place of them, and what is made of that.

Code that only moves values about (conversions, indexing, `toarray`) runs on matrices that hold the numbers of their
values, from 1, in place of these. The values are then picked by what comes out.
"""

import types
from typing import Any

import numpy as np
from scipy import sparse

from ..registry import dispatched, linear, stacked, unwrap
from .implicit import holds_tensors


def valued(a):
    """Whether ``a`` is a sparse matrix whose values are a Tensor."""
    return sparse.issparse(a) and holds_tensors(getattr(a, "data", None))


def with_data(a, data):
    """A matrix of the structure of ``a``, with other values."""
    made = object.__new__(type(a))
    made.__dict__.update(a.__dict__)
    made.data = data
    return made


def plain(a):
    """``a`` on plain values."""
    return with_data(a, unwrap(a.data)) if valued(a) else unwrap(a)


def dense(a):
    """``a`` as an array, those of its values that share a place added up."""
    rows, cols, data = triples(a)
    size = int(np.prod(a.shape))
    return np.reshape(gathered(data, rows.astype(np.int64) * a.shape[-1] + cols, size), a.shape)


def triples(a) -> Any:
    """The rows, columns and values of a matrix, plain or not; those of the same place come one after another."""
    if not valued(a):
        a = sparse.coo_array(a if a.ndim == 2 else a.reshape(1, -1))
        return *a.coords, a.data
    places = np.arange(1, a.data.size + 1).reshape(a.data.shape)
    a2 = with_data(a, places.astype(float))
    a2 = a2 if a2.ndim == 2 else a2.reshape(1, -1)
    if a.format == "coo":
        return *a2.coords, a.data
    if a.format in ("csr", "csc"):
        major = np.repeat(np.arange(a2.indptr.size - 1), np.diff(a2.indptr))
        rows, cols = (major, a2.indices) if a.format == "csr" else (a2.indices, major)
        return rows, cols, a.data[: rows.size]
    a2 = sparse.coo_array(a2)
    return *a2.coords, picked(a2.data, np.reshape(a.data, -1))


def picked(places, values):
    """``values`` at ``places``, which count from 1; 0 where that is 0."""
    places = np.asarray(places).astype(int)
    if not places.size or places.min() > 0:
        return values[places - 1]
    return np.where(places > 0, values[np.maximum(places, 1) - 1], 0) if values.size else np.zeros(places.shape)


def summed(entries: Any, shape: Any) -> Any:
    """Rows, columns and values with those of the same place added up, row by row."""
    rows, cols, data = entries
    keys, group = np.unique(np.asarray(rows).astype(np.int64) * shape[1] + cols, return_inverse=True)
    if keys.size == np.size(rows):
        return *np.divmod(keys, shape[1]), data[np.argsort(group)]
    return *np.divmod(keys, shape[1]), gathered(data, group, keys.size)


def _gathered(data, group, n):
    return np.bincount(group, data, n).astype(data.dtype) if data.dtype.kind == "f" else _added(data, group, n)


def _added(data, group, n):
    total = np.zeros(n, data.dtype)
    np.add.at(total, group, data)
    return total


gathered = dispatched(_gathered)
linear(_gathered, data=lambda g, group: g[group])


def like(found, rows, cols, data):
    """A matrix of the class of ``found`` with these values, which are Tensors, at places of their own."""
    places = np.arange(1, np.size(rows) + 1, dtype=float)
    shape = found.shape if found.ndim == 2 else (1, *found.shape)
    made = sparse.coo_array((places, (rows, cols)), shape=shape)
    made = made if found.ndim == 2 else made.reshape(found.shape)
    return filled(type(found)(made), data)


def filled(made, data):
    """``made``, in which numbers stand for the values, as matrix or array, with these."""
    if sparse.issparse(made):
        if made.format in ("lil", "dok"):
            raise NotImplementedError(
                f"{type(made).__name__} on a Tensor: it holds Python numbers; make a coo, csr or csc array."
            )
        made.data = picked(made.data, data)
        return made
    if isinstance(made, (tuple, list)):
        return type(made)(filled(item, data) for item in made)
    return picked(made, data) if isinstance(made, (np.ndarray, np.number)) else made


def canonical(a):
    """A Tensor-valued matrix with a value for each place."""
    if a.format in ("dia", "bsr") or (a.format == "coo" and a.has_canonical_format):
        return a
    if a.format != "coo" and with_data(a, np.zeros(a.data.shape)).has_canonical_format:
        return a
    return like(with_data(a, np.zeros(a.data.shape)), *summed(triples(a), a.shape if a.ndim == 2 else (1, *a.shape)))


def numbered_init(own):
    """The constructor ``own`` of a class of sparse matrices, for values that are Tensors."""

    def init(self, arg1, shape=None, dtype=None, *args, **kwargs):
        held: list[Any] = []
        if isinstance(arg1, tuple) and len(arg1) == 2 and self.format not in ("coo", "dia", "lil", "dok"):
            arg1, shape = _without_doubles(*arg1, shape)
        elif not isinstance(arg1, tuple) and not sparse.issparse(arg1):
            full = stacked(arg1)  # zeros of a dense array are left out
            coords = np.nonzero(unwrap(full))
            held.append(full[coords])
            arg1 = sparse.coo_array((np.arange(1.0, coords[0].size + 1), coords), shape=shape or full.shape)
        if isinstance(arg1, tuple):
            data = stacked(arg1[0])
            held.append(np.reshape(data, -1))
            arg1 = (np.arange(1.0, data.size + 1).reshape(data.shape), *arg1[1:])
        elif not held:
            arg1 = _numbered(arg1, held)
        own(self, arg1, shape, None, *args, **kwargs)
        filled(self, held[0] if dtype is None else held[0].astype(dtype))

    return init


def _without_doubles(data, coords, shape):
    """Values and coordinates for a constructor, with a value for each place; the shape."""
    shape = shape or tuple(int(np.max(c)) + 1 for c in coords)
    data, coords = stacked(data), [np.asarray(c) for c in coords]
    if len(coords) == 1:
        _, cols, data = summed((np.zeros_like(coords[0]), coords[0], data), (1, *shape))
        return (data, (cols,)), shape
    rows, cols, data = summed((*coords, data), shape)
    return (data, (rows, cols)), shape


def moving(fn):
    """What does on Tensor-valued matrices what ``fn``, which only moves values about, does on plain ones."""
    own, adds = own_of(fn), fn.__name__ not in ("copy", "transpose", "tocoo")

    def call(*args, **kwargs):
        held: list[Any] = []
        args, kwargs = _numbered(args, held, adds), {name: _numbered(v, held, adds) for name, v in kwargs.items()}
        found = own(*args, **kwargs)
        return filled(found, held[0] if len(held) == 1 else np.concatenate(held)) if held else found

    return call


def _numbered(value, held, adds=True):
    """``value`` with the numbers of values, counted through all matrices; these go into ``held``.

    With ``adds``, values of the same place are added up before.
    """
    if isinstance(value, (list, tuple)):
        return type(value)(_numbered(item, held, adds) for item in value)
    if isinstance(value, np.ndarray) and value.dtype == object:
        made = np.empty(value.shape, object)
        for index in np.ndindex(value.shape):
            made[index] = _numbered(value[index], held, adds)
        return made
    if sparse.issparse(value):
        value = (canonical(value) if adds else value) if valued(value) else sparse.coo_array(value)
        first = 1 + sum(h.size for h in held)
        held.append(np.reshape(value.data, -1))
        places = np.arange(first, first + held[-1].size, dtype=float)
        return with_data(value, places.reshape(value.data.shape))
    return value


def own_of(fn):
    """SciPy's own function, also while another code stands in for it."""
    if not isinstance(fn, types.FunctionType):
        return fn
    own = types.FunctionType(fn.__code__, fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__)
    own.__kwdefaults__ = fn.__kwdefaults__
    return own
