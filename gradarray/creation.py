"""Making Tensors of data."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from .tensor import Tensor


def tensor(x: Any, dtype: Any = None, *, constant: bool | None = None, copy: bool = True, ndmin: int = 0) -> Tensor:
    """Make a Tensor, a new leaf. See `Tensor` for the parameters and errors.

    Examples
    --------
    >>> import gradarray as ga
    >>> ga.tensor([1, 2], dtype=float)
    Tensor([1., 2.])
    """
    return Tensor(x, dtype=dtype, constant=constant, copy=copy, ndmin=ndmin)


def astensor(x: Any, dtype: Any = None, *, constant: bool | None = None) -> Tensor:
    """``x`` itself if it is a Tensor as asked for, else a Tensor that shares its memory where it can.

    Parameters
    ----------
    x : array_like
        Data or a Tensor.
    dtype : dtype_like, optional
        The dtype wanted; that of ``x`` by default.
    constant : bool, optional
        Whether it takes gradients; as ``x`` by default.

    Returns
    -------
    Tensor

    Raises
    ------
    TypeError
        If the data are not numbers.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> x = np.array([1.0, 2.0])
    >>> ga.astensor(x).data is x
    True
    """
    if isinstance(x, Tensor):
        if dtype is not None and np.dtype(dtype) != x.dtype:
            x = x.astype(dtype)
        if constant is None or constant is x.constant:
            return cast(Tensor, x)
    return Tensor(x, dtype=dtype, constant=constant, copy=False)


def asarray(a: Any, dtype: Any = None, *, constant: bool | None = None) -> Tensor:
    """As `astensor`, under NumPy's name.

    Examples
    --------
    >>> import gradarray as ga
    >>> ga.asarray([1.5])
    Tensor([1.5])
    """
    return astensor(a, dtype, constant=constant)
