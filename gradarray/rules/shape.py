"""Shapes and axes, tiling and rolling. What NumPy returns as a view stays one."""

import numpy as np

from ..registry import composite, find, linear, unbroadcast, unwrap


def _order(a, order):
    """The memory order that ``"A"`` stands for."""
    if order == "A":
        flags = getattr(unwrap(a), "flags", None)
        return "F" if flags is not None and flags.fnc else "C"
    return order


def _as_laid_out(a):
    """``a`` with its axes in the order of their strides."""
    return np.transpose(a, np.argsort([-abs(n) for n in a.strides], kind="stable"))


def _inverse(axes):
    return None if axes is None else np.argsort([axis % len(axes) for axis in axes])


_reshape = linear(
    np.reshape,
    "(a, /, shape, order='C')",
    a=lambda g, a_shape, order: np.reshape(g, a_shape, order=order),
).call


@composite(np.reshape)
def reshape(a, /, shape, order="C", *, copy=None):
    if copy:
        a = find(np.copy).call(a)
    r = _reshape(a, shape, _order(a, order))
    if copy is False and not np.may_share_memory(r, a):
        raise ValueError("np.reshape: this shape needs a copy, and copy=False forbids it.")
    return r


@composite(np.ravel)
def ravel(a, order="C"):
    return _reshape(_as_laid_out(a), -1) if order == "K" else _reshape(a, -1, _order(a, order))


linear(np.transpose, a=lambda g, axes: np.transpose(g, _inverse(axes)))
linear(np.swapaxes, a=lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2))
linear(np.moveaxis, a=lambda g, source, destination: np.moveaxis(g, destination, source))
linear(np.squeeze, a=lambda g, a_shape: np.reshape(g, a_shape))
linear(np.expand_dims, a=lambda g, a_shape: np.reshape(g, a_shape))
linear(np.flip, m=lambda g, axis: np.flip(g, axis))


def _negative(shift):
    return tuple(-n for n in shift) if isinstance(shift, (tuple, list)) else -shift


linear(np.roll, a=lambda g, shift, axis: np.roll(g, _negative(shift), axis))


linear(np.broadcast_to, array=lambda g, array_shape: unbroadcast(g, array_shape))


def _repeat(g, a_shape, repeats, axis):
    """Sum over the copies of each element."""
    if axis is None:
        return np.reshape(_repeat(g, (int(np.prod(a_shape)),), repeats, 0), a_shape)
    if not a_shape:
        return np.sum(g)
    n = a_shape[axis]
    if np.size(repeats) == 1:
        each = int(np.reshape(repeats, -1)[0])
        axis = axis % len(a_shape)
        return np.sum(np.reshape(g, (*a_shape[:axis], n, each, *a_shape[axis + 1 :])), axis=axis + 1)
    rows = np.moveaxis(g, axis, 0)
    full = np.zeros_like(rows, shape=(n, *rows.shape[1:]))
    np.add.at(full, np.repeat(np.arange(n), repeats), rows)
    return np.moveaxis(full, 0, axis)


def _tile(g, A_shape, reps):
    reps = (reps,) if np.ndim(reps) == 0 else tuple(reps)
    size = max(len(reps), len(A_shape))
    reps = (1,) * (size - len(reps)) + reps
    shape = (1,) * (size - len(A_shape)) + tuple(A_shape)
    split = tuple(n for pair in zip(reps, shape, strict=True) for n in pair)
    return np.reshape(np.sum(np.reshape(g, split), axis=tuple(range(0, 2 * size, 2))), A_shape)


linear(np.repeat, a=_repeat)
linear(np.tile, A=_tile)


@composite(np.copy)
def copy(a, order="K", subok=False):
    return a.copy(order)
