"""Sparse matrices whose values are Tensors, without wrapped context."""

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from ..registry import stacked, unwrap
from .scipy_sparse_linalg import Solver, solution
from .scipy_sparse_products import product


def sparse_matmul(data, indices, indptr, shape, x):
    """The product of a sparse matrix in CSR format with a vector or dense matrix, differentiable by both.

    Parameters
    ----------
    data : array_like
        The values. They, and ``x``, may be Tensors.
    indices, indptr : array_like of int
        The columns of the values, and where in them each row begins, as in `scipy.sparse.csr_array`.
    shape : tuple of int
        That of the matrix.
    x : array_like
        With as many rows as the matrix has columns.

    Returns
    -------
    Tensor or array
        A Tensor if there is one among the arguments.

    Examples
    --------
    >>> import gradarray as ga
    >>> data = ga.tensor([1.0, 2.0, 3.0])
    >>> y = ga.interop.sparse_matmul(data, [0, 1, 1], [0, 2, 3], (2, 2), [10.0, 1.0])
    >>> y
    Tensor([12.,  3.])
    >>> y.backward()
    >>> data.grad
    array([10.,  1.,  1.])
    """
    rows = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr))
    return product(_floats(data), _floats(x), rows, np.asarray(indices), tuple(shape))


def sparse_solve(data, indices, indptr, shape, b):
    """The solution of the system with a sparse matrix in CSR format, differentiable by that and by ``b``.

    Parameters
    ----------
    data, indices, indptr, shape
        The matrix, as for `sparse_matmul`.
    b : array_like
        The right-hand side, or several as columns.

    Returns
    -------
    Tensor or array
        A Tensor if there is one among the arguments.

    Examples
    --------
    >>> import gradarray as ga
    >>> data = ga.tensor([1.0, 2.0, 4.0])
    >>> ga.interop.sparse_solve(data, [0, 1, 1], [0, 2, 3], (2, 2), [2.0, 2.0]).backward()
    >>> data.grad
    array([-1.   , -0.5  ,  0.125])
    """
    rows, cols = np.repeat(np.arange(len(indptr) - 1), np.diff(indptr)), np.asarray(indices)
    data, b = _floats(data), _floats(b)
    matrix = sparse.coo_array((unwrap(data), (rows, cols)), shape).tocsc()
    solver = Solver(lambda b: linalg.spsolve(matrix, b), lambda b: linalg.spsolve(matrix.T.tocsc(), b))
    return solution(data, b, (rows, cols, tuple(shape)), solver)


def _floats(x):
    x = stacked(x)
    x = x if hasattr(x, "dtype") else np.asarray(x)
    return x if x.dtype.kind in "fc" else x.astype(float)
