"""Shapes and axes, tiling and rolling. What NumPy returns as a view stays one."""

from typing import Any

import numpy as np

from ..registry import composite, find, linear, stacked, unbroadcast, unwrap
from .versions import across_versions


def array_of(a):
    """``a`` as an array or Tensor; a list that holds Tensors as one Tensor."""
    a = stacked(a)
    return a if hasattr(a, "dtype") else np.asanyarray(a)


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
    axes = (axes,) if np.ndim(axes) == 0 and axes is not None else axes
    return None if axes is None else np.argsort([axis % len(axes) for axis in axes])


_reshape = linear(
    np.reshape,
    "(a, /, shape, order='C')",
    a=lambda g, a_shape, order: np.reshape(g, a_shape, order=order),
).call


@across_versions(np.reshape)
def reshape(a, shape=None, order="C", *, newshape=None, copy=None):
    shape = newshape if shape is None else shape
    if copy:
        a = find(np.copy).call(a)
    r = _reshape(a, shape, _order(a, order))
    if copy is False and not np.may_share_memory(r, a):
        raise ValueError("np.reshape: this shape needs a copy, and copy=False forbids it.")
    return r


@composite(np.ravel)
def ravel(a, order="C"):
    return _reshape(_as_laid_out(a), (-1,)) if order == "K" else _reshape(a, (-1,), _order(a, order))


linear(np.transpose, a=lambda g, axes: np.transpose(g, _inverse(axes)))
linear(np.swapaxes, a=lambda g, axis1, axis2: np.swapaxes(g, axis1, axis2))
linear(np.moveaxis, a=lambda g, source, destination: np.moveaxis(g, destination, source))
linear(np.squeeze, a=lambda g, a_shape: np.reshape(g, a_shape))
linear(np.expand_dims, a=lambda g, a_shape: np.reshape(g, a_shape))
linear(np.flip, m=lambda g, axis: np.flip(g, axis))


@composite(np.matrix_transpose)
def matrix_transpose(x, /):
    if x.ndim < 2:
        raise ValueError(f"np.matrix_transpose: the array must have at least 2 dimensions, it has {x.ndim}.")
    return np.swapaxes(x, -1, -2)


@composite(np.rollaxis)
def rollaxis(a, axis, start=0):
    axis = range(a.ndim)[axis]
    start = start + a.ndim if start < 0 else start
    if not 0 <= start <= a.ndim:
        raise np.exceptions.AxisError(f"np.rollaxis: start is out of bounds for an array of {a.ndim} dimensions.")
    return np.moveaxis(a, axis, start - (axis < start))


@composite(np.fliplr)
def fliplr(m):
    if m.ndim < 2:
        raise ValueError(f"np.fliplr: the array must have at least 2 dimensions, it has {m.ndim}.")
    return m[:, ::-1]


@composite(np.flipud)
def flipud(m):
    if m.ndim < 1:
        raise ValueError("np.flipud: the array must have at least 1 dimension.")
    return m[::-1, ...]


@composite(np.rot90)
def rot90(m, k=1, axes=(0, 1)):
    if len(axes) != 2:
        raise ValueError(f"np.rot90: axes={axes} names {len(axes)} axes; a plane has 2.")
    first, second = (range(m.ndim)[axis] for axis in axes)
    if first == second:
        raise ValueError(f"np.rot90: axes={axes} names one axis twice; a plane has 2.")
    turned = np.swapaxes(m, first, second) if k % 2 else m[:]
    flipped = ((), (first,), (first, second), (second,))[k % 4]
    return np.flip(turned, flipped) if flipped else turned


def _atleast(ndim, expand):
    """A function that gives each of its arguments ``ndim`` dimensions or more, by ``expand``."""

    def atleast(*arys):
        found = tuple(a if a.ndim >= ndim else expand(a) for a in map(array_of, arys))
        return found[0] if len(found) == 1 else found

    return atleast


def _two(a):
    return a[np.newaxis, :] if a.ndim else np.reshape(a, (1, 1))


def _three(a):
    return a[:, :, np.newaxis] if a.ndim == 2 else np.reshape(a, (1, -1, 1))


atleast_1d = composite(np.atleast_1d)(_atleast(1, lambda a: np.reshape(a, 1)))
atleast_2d = composite(np.atleast_2d)(_atleast(2, _two))
atleast_3d = composite(np.atleast_3d)(_atleast(3, _three))


def _negative(shift):
    return tuple(-n for n in shift) if isinstance(shift, (tuple, list)) else -shift


def _roll(a, shift, axis):
    """`np.roll`; along one axis by joining the two parts, which takes half the time."""
    if type(shift) is not int or type(axis) is not int or not a.size:
        return np.roll(a, shift, axis)
    axis = range(a.ndim)[axis]
    before, place = (slice(None),) * axis, -shift % a.shape[axis]
    return np.concatenate((a[(*before, slice(place, None))], a[(*before, slice(None, place))]), axis=axis)


linear(np.roll, a=lambda g, shift, axis: _roll(g, _negative(shift), axis)).compute = _roll


linear(np.broadcast_to, array=lambda g, array_shape: unbroadcast(g, array_shape))


@composite(np.broadcast_arrays)
def broadcast_arrays(*args, subok=False):
    shape = np.broadcast_shapes(*map(np.shape, map(unwrap, args)))
    return tuple(a if a.shape == shape else np.broadcast_to(a, shape, subok) for a in map(array_of, args))


_SPARSE: Any = type(np.meshgrid(sparse=True, copy=False))  # a list before NumPy 2.5


@composite(np.meshgrid)
def meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    if indexing not in ("xy", "ij"):
        raise ValueError(f"np.meshgrid: indexing={indexing!r}; choose 'xy' or 'ij'.")
    n = len(xi)
    axes = (1, 0, *range(2, n)) if indexing == "xy" and n > 1 else range(n)
    grids = [
        np.reshape(array_of(x), (1,) * axis + (-1,) + (1,) * (n - axis - 1)) for x, axis in zip(xi, axes, strict=True)
    ]
    grids = _SPARSE(grids) if sparse else broadcast_arrays(*grids)
    return tuple(grid.copy() for grid in grids) if copy else grids


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


if hasattr(np, "astype"):

    @across_versions(np.astype)
    def astype(x, dtype, /, *, copy=True, device=None):
        if device not in (None, "cpu"):
            raise ValueError(f"np.astype: device={device!r}; only 'cpu' is known.")
        return x.astype(dtype, copy=copy)


@composite(np.resize)
def resize(a, new_shape):
    new_shape = (new_shape,) if np.ndim(new_shape) == 0 else tuple(new_shape)
    if any(n < 0 for n in new_shape):
        raise ValueError(f"np.resize: new_shape={new_shape} has a negative length.")
    if not a.size:
        return np.zeros_like(a, shape=new_shape)
    size = int(np.prod(new_shape))
    return np.reshape(np.tile(ravel(a), -(-size // a.size))[:size], new_shape)


@across_versions(np.trim_zeros)
def trim_zeros(filt, trim="fb", axis=None):
    trim = trim.lower()
    if trim not in ("fb", "bf", "f", "b"):
        raise ValueError(f"np.trim_zeros: trim={trim!r}; choose 'f', 'b' or 'fb'.")
    index = [slice(None)] * filt.ndim
    filled = np.nonzero(unwrap(filt))
    for i in range(filt.ndim) if axis is None else (axis,) if np.ndim(axis) == 0 else axis:
        at = filled[i]
        if at.size:
            index[i] = slice(int(at.min()) if "f" in trim else None, int(at.max()) + 1 if "b" in trim else None)
        else:
            index[i] = slice(0, 0)
    return filt[tuple(index)]


def _add_overlapping(g, axis):
    """Sum over windows, which the last axis holds, that begin along ``axis``: place by place, or window by window."""
    rows = np.moveaxis(g, axis, -2)
    short, long = sorted(rows.shape[-2:])
    rows = rows if rows.shape[-1] == short else np.swapaxes(rows, -1, -2)
    full = np.zeros_like(rows, shape=(*rows.shape[:-2], short + long - 1))
    for k in range(short):
        full[..., k : k + long] += rows[..., k]
    return np.moveaxis(full, -1, axis)


def _sliding(g, x_shape, axis):
    axes = range(len(x_shape)) if axis is None else (axis,) if np.ndim(axis) == 0 else axis
    for i in reversed(axes):
        g = _add_overlapping(g, i % len(x_shape))
    return g


def _windows(x, window_shape, axis=None):
    """The windows of ``x`` as a view of the same base as other views of ``x``, which NumPy's is not."""
    view = np.lib.stride_tricks.sliding_window_view(x, window_shape, axis)
    if type(x) is not np.ndarray:
        return view
    base = x.base if isinstance(x.base, np.ndarray) else x
    whole = base if base.flags.c_contiguous else _as_laid_out(base)
    if not whole.flags.c_contiguous:
        return view.copy()
    offset = x.__array_interface__["data"][0] - base.__array_interface__["data"][0]
    view = np.ndarray(view.shape, x.dtype, whole, offset, view.strides)
    view.flags.writeable = False
    return view


_rule = linear(np.lib.stride_tricks.sliding_window_view, "(x, window_shape, axis=None)", x=_sliding)
_rule.compute = _windows


@composite(np.lib.stride_tricks.sliding_window_view)
def sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    if writeable:
        raise ValueError(
            "np.lib.stride_tricks.sliding_window_view: writeable=True on a Tensor, whose windows overlap; "
            "write to the Tensor itself."
        )
    return _rule.call(x, window_shape, axis)
