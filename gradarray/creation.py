"""Making Tensors: NumPy's creation functions, with ``constant=``."""

from __future__ import annotations

import functools
from collections.abc import Callable
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


def _maker(fn: Callable[..., Any]) -> Callable[..., Tensor]:
    """The NumPy function ``fn``, making a leaf, with ``constant=`` besides its own options."""

    def make(*args: Any, constant: bool | None = None, **kwargs: Any) -> Tensor:
        made = fn(*args, **kwargs)
        if not isinstance(made, Tensor):
            return Tensor(made, constant=constant, copy=not made.flags.owndata)
        return made if constant is None or constant is made.constant else Tensor(made, constant=constant)

    functools.update_wrapper(make, fn)
    name = fn.__name__
    make.__doc__ = f"""As `numpy.{name}`, making a leaf Tensor.

    Parameters
    ----------
    *args, **kwargs
        As `numpy.{name}` takes them.
    constant : bool, optional
        Whether it takes no gradients; by default only integers and bools do not.

    Returns
    -------
    Tensor
    """
    return make


arange = _maker(np.arange)
linspace = _maker(np.linspace)
logspace = _maker(np.logspace)
geomspace = _maker(np.geomspace)
zeros = _maker(np.zeros)
ones = _maker(np.ones)
empty = _maker(np.empty)
full = _maker(np.full)
eye = _maker(np.eye)
identity = _maker(np.identity)
zeros_like = _maker(np.zeros_like)
ones_like = _maker(np.ones_like)
empty_like = _maker(np.empty_like)
full_like = _maker(np.full_like)
