"""Products of sparse matrices with vectors, dense and sparse matrices, in which either may hold Tensors."""

import numpy as np
from scipy import sparse

from ..registry import differentiable, dispatched, linear
from .scipy_sparse_values import like, plain, summed, triples, valued


def _times(x, matrix):
    """A plain sparse matrix times a dense array."""
    return np.asarray(matrix @ x)


times = dispatched(_times)
linear(_times, x=lambda g, matrix: times(g, matrix.T))


def _product(data, x, rows, cols, shape):
    """The sparse matrix with these values times a dense array."""
    return sparse.coo_array((data, (rows, cols)), shape).tocsr() @ x


product = dispatched(_product)
differentiable(
    _product,
    data=lambda g, x, rows, cols: dotted(g[rows], x[cols]),
    x=lambda g, data, rows, cols, shape: product(data, g, cols, rows, shape[::-1]),
)


def dotted(a, b):
    """The products of the rows of two arrays, or of the elements of two vectors."""
    return a * b if a.ndim == 1 else np.sum(a * b, axis=-1)


def matmul(a, x):
    """``a @ x`` for a sparse matrix and an array of one or two dimensions, or a sparse one."""
    if sparse.issparse(x):
        return _sparse_product(a, x)
    x = x if hasattr(x, "ndim") else np.asarray(x)
    if not 1 <= x.ndim <= 2 or a.ndim > 2 or x.shape[0] != a.shape[-1]:
        raise ValueError(f"matmul: a sparse array of shape {a.shape} times an array of shape {x.shape}.")
    if valued(a):
        rows, cols, data = triples(a)
        y = product(data, x, rows, cols, a.shape if a.ndim == 2 else (1, *a.shape))
    else:
        y = times(x, a if a.ndim == 2 else a.reshape(1, -1).tocsr())
    return y if a.ndim == 2 else y[0]


def _sparse_product(a, b):
    """Each value of ``a`` with all those of ``b`` in the row that is its column."""
    found = plain(a) @ plain(b)
    rows, inner, left = triples(a)
    inner2, cols, right = triples(b)
    order = np.argsort(inner2, kind="stable")
    start = np.searchsorted(inner2[order], np.arange(a.shape[-1] + 1))
    count = np.diff(start)[inner]
    first = np.repeat(np.arange(inner.size), count)
    second = order[np.arange(first.size) - np.repeat(np.cumsum(count) - count, count) + np.repeat(start[inner], count)]
    shape = (a.shape[0], b.shape[-1])
    return like(found, *summed((rows[first], cols[second], left[first] * right[second]), shape))
