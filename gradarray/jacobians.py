"""Jacobians and Hessians."""

from __future__ import annotations

import functools
import itertools
from typing import Any, Literal

import numpy as np

from .tensor import Tensor
from .traces import (
    Function,
    Trace,
    as_number,
    chosen_places,
    inexact,
    inner,
    is_complex,
    is_number,
    like_arguments,
)
from .transforms import grad, jvp
from .trees import leaves, map_leaves


def jacobian(f: Function, argnums: int | tuple[int, ...] = 0, mode: Literal["fwd", "rev"] | None = None) -> Function:
    """The Jacobian of ``f``.

    Parameters
    ----------
    f : callable
        Returns an array, a number, or a structure of them.
    argnums : int or tuple of int, default 0
        Which positional arguments to differentiate by.
    mode : {"fwd", "rev"}, optional
        A pass for each input or for each output; by default whichever are fewer.

    Returns
    -------
    callable
        Gives, for each leaf of the output and of the argument, an array of both their shapes joined. For complex
        numbers it is the derivative of a holomorphic function.

    Raises
    ------
    TypeError
        If there is nothing to differentiate by.
    ValueError
        If ``mode`` is neither.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.jacobian(lambda x: x[:2] * x[2])(np.array([1.0, 2.0, 3.0]))
    array([[3., 0., 1.],
           [0., 3., 2.]])
    """
    if mode not in (None, "fwd", "rev"):
        raise ValueError(f"jacobian: mode={mode!r}; choose 'fwd' or 'rev'.")

    @functools.wraps(f)
    def run(*args: Any, **kwargs: Any) -> Any:
        chosen = chosen_places(argnums, len(args), "jacobian")
        single = not isinstance(argnums, tuple)
        trees = [float(args[k]) if type(args[k]) is int else args[k] for k in chosen]

        def of_chosen(*given: Any) -> Any:
            full = list(args)
            for k, value in zip(chosen, given, strict=True):
                full[k] = value
            return f(*full, **kwargs)

        if mode == "fwd":
            return _forward_jacobian(of_chosen, trees, single)
        trace = Trace("jacobian", of_chosen, trees, range(len(trees)), {})
        sizes = [t.size for _, t in trace.inputs if t is not None]
        if mode is None and sum(sizes) < sum(int(np.size(y)) for y in leaves(trace.output)):
            return _forward_jacobian(of_chosen, trees, single)
        return map_leaves(lambda y: _rows(trace, y, trees, single), trace.output)

    return run


def _rows(trace: Trace, y: Any, trees: Any, single: bool) -> Any:
    """The Jacobian of one output, a row for each of its elements."""
    if not is_number(y):
        return y
    shape = np.shape(y)
    # of a complex output by a real input the imaginary part is a row of its own
    parts = (1, 1j) if is_complex(y) and any(t is not None and not is_complex(t) for _, t in trace.inputs) else (1,)
    rows = []
    for index in np.ndindex(*shape):
        seed = np.zeros(shape, getattr(y, "dtype", float))
        found = []
        for part in parts:
            seed[index] = part
            found.append(trace.pulled(y, seed[()]))
        rows.append([_derivative(*grads) for grads in zip(*found, strict=True)])
    joined = []
    for k, (x, t) in enumerate(trace.inputs):
        if t is None:
            joined.append(x)
            continue
        column = [row[k] for row in rows]
        full = np.stack(column) if column else np.zeros((0, *t.shape), t.dtype)
        joined.append(_joined(full, shape, x))
    return like_arguments(trees, tuple(range(len(trees))), single, joined)


def _derivative(g: Any, imaginary: Any = None) -> Any:
    """The derivative of a number, from the gradients of its real and imaginary part; by a complex one, of the first."""
    if not inexact(g) or imaginary is None or is_complex(g):
        return np.conj(g) if is_complex(g) else g
    return g + 1j * imaginary


def _joined(full: Any, shape: tuple[int, ...], x: Any) -> Any:
    """A Jacobian in the shape of the output and that of the input ``x``; of numbers, a number."""
    full = np.reshape(full, (*shape, *np.shape(x)))
    bare = full.shape == () and not isinstance(full, Tensor) and not issubclass(type(x), np.ndarray)
    return as_number(full) if bare else full


def _forward_jacobian(f: Function, trees: list[Any], single: bool) -> Any:
    """The Jacobian, a column for each element of the arguments."""
    inputs = list(leaves(trees))
    columns: list[list[Any]] = []
    output: Any = None
    for k, x in enumerate(inputs):
        t = inner(x)
        columns.append([])
        for index in np.ndindex(*(() if t is None else t.shape)):
            if t is None:
                break
            directions = [np.zeros(np.shape(other), getattr(other, "dtype", float)) for other in inputs]
            directions[k][index] = 1
            following = iter(directions).__next__
            direction = [map_leaves(lambda _, following=following: following(), tree) for tree in trees]
            output, column = jvp(f, trees, direction)
            columns[-1].append(list(leaves(column)))
    order = itertools.count()
    output = f(*trees) if output is None else output

    def assembled(y: Any) -> Any:
        place = next(order)
        if not is_number(y):
            return y
        joined = []
        for x, found in zip(inputs, columns, strict=True):
            if not found:
                joined.append(x if inner(x) is None else np.zeros((*np.shape(y), *np.shape(x))))
                continue
            full = np.stack([column[place] for column in found], axis=-1)
            joined.append(_joined(full, np.shape(y), x))
        return like_arguments(trees, tuple(range(len(trees))), single, joined)

    return map_leaves(assembled, output)


def hessian(f: Function, argnums: int | tuple[int, ...] = 0) -> Function:
    """The Hessian of ``f``, forward over reverse. Parameters and errors are those of `grad`.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> ga.hessian(lambda x: x[0] ** 2 * x[1])(np.array([1.0, 2.0]))
    array([[4., 2.],
           [2., 0.]])
    """
    return jacobian(grad(f, argnums), argnums, mode="fwd")
