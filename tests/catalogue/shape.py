"""Shapes and axes, joining and splitting."""

import inspect

import numpy as np

from .base import REFUSED, filled, real, row

row(np.reshape, "call", lambda x: np.reshape(x, (4, 3)), real(3, 4), complex=True)
row(np.reshape, "unknown", lambda x: np.reshape(x, (2, -1)), real(3, 4), complex=True)
row(np.reshape, "integer", lambda x: np.reshape(x, -1), real(3, 4), complex=True)
row(np.reshape, "0-d", lambda x: np.reshape(x, (1, 1)), real(), complex=True)
row(np.reshape, "empty", lambda x: np.reshape(x, (3, 0)), real(0, 2), complex=True)
if "copy" in inspect.signature(np.reshape).parameters:  # NumPy 2.1
    row(np.reshape, "copy", lambda x: np.reshape(x, (4, 3), copy=True), real(3, 4), complex=True)
for order in "FA":
    row(np.reshape, order, lambda x, o=order: np.reshape(x, (4, 3), order=o), real(3, 4), complex=True)
    row(np.reshape, f"{order}_of_T", lambda x, o=order: np.reshape(x.T, (4, 3), order=o), real(3, 4), complex=True)
for order in "CFAK":
    row(np.ravel, order, lambda x, o=order: np.ravel(x, order=o), real(2, 3, 4), complex=True)
    row(np.ravel, f"{order}_of_T", lambda x, o=order: np.ravel(x.T, order=o), real(2, 3, 4), complex=True)
    row(
        np.ravel, f"{order}_of_moved", lambda x, o=order: np.ravel(np.moveaxis(x, 1, 0), o), real(2, 3, 4), complex=True
    )
    row(np.copy, order, lambda x, o=order: np.copy(x, order=o), real(2, 3), complex=True)
    row(np.copy, f"{order}_of_T", lambda x, o=order: np.copy(x.T, order=o), real(2, 3), complex=True)
row(np.ravel, "0-d", np.ravel, real(), complex=True)
row(np.copy, "call", np.copy, real(2, 3), complex=True)
row(np.copy, "0-d", np.copy, real(), complex=True)
row(np.copy, "subok", lambda x: np.copy(x, subok=True), real(3), complex=True)
row(np.transpose, "call", np.transpose, real(2, 3, 4), complex=True)
row(np.transpose, "axes", lambda x: np.transpose(x, (2, 0, 1)), real(2, 3, 4), complex=True)
row(np.transpose, "negative", lambda x: np.transpose(x, axes=(-1, 0, -2)), real(2, 3, 4), complex=True)
row(np.transpose, "0-d", np.transpose, real(), complex=True)
row(np.transpose, "one", lambda x: np.transpose(x, 0), real(3), complex=True)
row(np.transpose, "of_array", lambda x: x.transpose(np.array([1, 0])), real(2, 3), complex=True)
row(np.transpose, "of_scalar", lambda x: x.transpose(np.int64(-1)), real(3), complex=True)
row(np.swapaxes, "call", lambda x: np.swapaxes(x, 0, -1), real(2, 3, 4), complex=True)
row(np.swapaxes, "same", lambda x: np.swapaxes(x, 1, -2), real(2, 3, 4), complex=True)
row(np.moveaxis, "call", lambda x: np.moveaxis(x, 0, -1), real(2, 3, 4), complex=True)
row(np.moveaxis, "several", lambda x: np.moveaxis(x, (0, -1), [1, 0]), real(2, 3, 4), complex=True)
row(np.squeeze, "call", np.squeeze, real(1, 3, 1), complex=True)
row(np.squeeze, "axis", lambda x: np.squeeze(x, axis=-1), real(1, 3, 1), complex=True)
row(np.squeeze, "axes", lambda x: np.squeeze(x, axis=(0, 2)), real(1, 1, 1), complex=True)
row(np.expand_dims, "call", lambda x: np.expand_dims(x, 1), real(2, 3), complex=True)
row(np.expand_dims, "axes", lambda x: np.expand_dims(x, axis=(0, -1)), real(2, 3), complex=True)
row(np.expand_dims, "0-d", lambda x: np.expand_dims(x, 0), real(), complex=True)
row(np.flip, "call", np.flip, real(2, 3), complex=True)
row(np.flip, "axis", lambda x: np.flip(x, axis=-1), real(2, 3), complex=True)
row(np.flip, "axes", lambda x: np.flip(x, (0, 2)), real(2, 3, 4), complex=True)
row(np.flip, "0-d", np.flip, real(), complex=True)
row(np.roll, "flat", lambda x: np.roll(x, 2), real(2, 3), complex=True)
row(np.roll, "axis", lambda x: np.roll(x, -1, axis=-1), real(2, 3), complex=True)
row(np.roll, "axes", lambda x: np.roll(x, (1, 2), axis=(0, 1)), real(2, 3), complex=True)
row(np.roll, "one_shift", lambda x: np.roll(x, 1, axis=(0, 1)), real(2, 3), complex=True)
row(np.roll, "empty", lambda x: np.roll(x, 1), real(0, 3), complex=True)
row(np.broadcast_to, "call", lambda x: np.broadcast_to(x, (2, 3, 4)), real(3, 1), complex=True)
row(np.broadcast_to, "0-d", lambda x: np.broadcast_to(x, (2, 3)), real(), complex=True)
row(np.broadcast_to, "same", lambda x: np.broadcast_to(x, (2, 3)), real(2, 3), complex=True)
row(np.broadcast_to, "empty", lambda x: np.broadcast_to(x, (0, 3)), real(1, 3), complex=True)
row(np.repeat, "flat", lambda x: np.repeat(x, 2), real(2, 3), complex=True)
row(np.repeat, "axis", lambda x: np.repeat(x, 3, axis=-1), real(2, 3), complex=True)
row(np.repeat, "one", lambda x: np.repeat(x, [2], axis=0), real(2, 3), complex=True)
row(np.repeat, "each", lambda x: np.repeat(x, [1, 0, 2], axis=1), real(2, 3), complex=True)
row(np.repeat, "each_flat", lambda x: np.repeat(x, np.arange(4)), real(2, 2), complex=True)
row(np.repeat, "none", lambda x: np.repeat(x, 0, axis=0), real(2, 2), complex=True)
row(np.repeat, "0-d", lambda x: np.repeat(x, 3), real(), complex=True)
row(np.repeat, "0-d_axis", lambda x: np.repeat(x, 3, axis=0), real(), complex=True)
row(np.tile, "integer", lambda x: np.tile(x, 2), real(2, 3), complex=True)
row(np.tile, "axes", lambda x: np.tile(x, (2, 3)), real(2, 3), complex=True)
row(np.tile, "more_axes", lambda x: np.tile(x, (2, 1, 3)), real(3), complex=True)
row(np.tile, "fewer_axes", lambda x: np.tile(x, [2]), real(2, 3), complex=True)
row(np.tile, "none", lambda x: np.tile(x, (0, 1)), real(2, 3), complex=True)
row(np.tile, "0-d", lambda x: np.tile(x, 3), real(), complex=True)

row(np.concatenate, "call", lambda x, y: np.concatenate((x, y)), real(2, 3), real(1, 3), complex=True)
row(np.concatenate, "axis", lambda x, y: np.concatenate([x, y, x], axis=-1), real(2, 3), real(2, 1), complex=True)
row(np.concatenate, "flat", lambda x, y: np.concatenate([x, y], axis=None), real(2, 3), real(4), complex=True)
row(np.concatenate, "plain", lambda x: np.concatenate([x, np.ones((2, 3), np.float32)]), real(2, 3), complex=True)
row(np.concatenate, "of_one", lambda x: np.concatenate(x, axis=1), real(3, 2, 4), complex=True)
row(np.concatenate, "empty", lambda x, y: np.concatenate([x, y]), real(0, 3), real(2, 3), complex=True)
row(np.concatenate, "dtype", lambda x, y: np.concatenate([x, y], dtype=np.float64), real(2), real(3))
row(np.concatenate, "casting", lambda x: np.concatenate([x, x], dtype=np.float64, casting="unsafe"), real(2))
row(np.concatenate, "out", lambda x: np.concatenate([x, x], out=filled(x, (4, 3))), real(2, 3), complex=True)
row(np.stack, "call", lambda x, y: np.stack((x, y)), real(2, 3), real(2, 3), complex=True)
row(np.stack, "axis", lambda x, y: np.stack([x, y], axis=-1), real(2, 3), real(2, 3), complex=True)
row(np.stack, "of_one", lambda x: np.stack(x, axis=1), real(3, 2, 4), complex=True)
row(np.stack, "0-d", lambda x, y: np.stack([x, y, x]), real(), real(), complex=True)
row(np.stack, "dtype", lambda x: np.stack([x, x], dtype=np.float64, casting="safe"), real(2))
row(np.stack, "out", lambda x: np.stack([x, x], out=filled(x, (2, 2, 3))), real(2, 3), complex=True)
for f in (np.split, np.array_split):
    row(f, "sections", lambda x, f=f: f(x, 2), real(4, 3), complex=True)
    row(f, "axis", lambda x, f=f: f(x, 3, axis=-1), real(4, 3), complex=True)
    row(f, "at", lambda x, f=f: f(x, [1, 3], axis=0), real(4, 3), complex=True)
    row(f, "at_array", lambda x, f=f: f(x, np.array([1, 1, 7])), real(4, 3), complex=True)
row(np.array_split, "uneven", lambda x: np.array_split(x, 3), real(5, 2), complex=True)
row(np.vsplit, "call", lambda x: np.vsplit(x, 2), real(4, 3), complex=True)
row(np.hsplit, "call", lambda x: np.hsplit(x, [1]), real(4, 3), complex=True)
row(np.hsplit, "1-d", lambda x: np.hsplit(x, 2), real(4), complex=True)

row(np.matrix_transpose, "call", np.matrix_transpose, real(2, 3), complex=True)
row(np.matrix_transpose, "stacked", np.matrix_transpose, real(2, 3, 4), complex=True)
row(np.rollaxis, "call", lambda x: np.rollaxis(x, 2), real(2, 3, 4), complex=True)
for start in (-1, 0, 1, 2, 3):
    row(np.rollaxis, f"to_{start}", lambda x, s=start: np.rollaxis(x, 1, s), real(2, 3, 4), complex=True)
row(np.rollaxis, "negative", lambda x: np.rollaxis(x, axis=-2, start=3), real(2, 3, 4), complex=True)
for f in (np.fliplr, np.flipud):
    row(f, "2-d", f, real(2, 3), complex=True)
    row(f, "3-d", f, real(2, 3, 2), complex=True)
row(np.flipud, "1-d", np.flipud, real(3), complex=True)
for k in range(-1, 5):
    row(np.rot90, f"{k}", lambda x, k=k: np.rot90(x, k), real(2, 3), complex=True)
row(np.rot90, "call", np.rot90, real(2, 3, 2), complex=True)
for k in range(4):
    row(np.rot90, f"axes_{k}", lambda x, k=k: np.rot90(x, k, axes=(2, 0)), real(2, 3, 4), complex=True)
row(np.rot90, "negative_axes", lambda x: np.rot90(x, axes=(-1, -2)), real(2, 3, 4), complex=True)
for f in (np.atleast_1d, np.atleast_2d, np.atleast_3d):
    for shape in ((), (3,), (2, 3), (2, 1, 3), (2, 1, 1, 2)):
        row(f, f"{len(shape)}-d", f, real(*shape), complex=True)
    row(f, "several", f, real(), real(2), real(1, 2), complex=True)
row(np.atleast_1d, "mixed", lambda x: np.atleast_1d(x, [x, 2])[1], real(), complex=True)

row(np.broadcast_arrays, "call", np.broadcast_arrays, real(2, 1), real(3), complex=True)
row(np.broadcast_arrays, "one", np.broadcast_arrays, real(2, 1), complex=True)
row(np.broadcast_arrays, "same", lambda x, y: np.broadcast_arrays(x, y, subok=True), real(2), real(2), complex=True)
row(np.broadcast_arrays, "mixed", lambda x: np.broadcast_arrays([[1], [2]], x)[1], real(3), complex=True)
for options in (
    {},
    {"copy": False},
    {"sparse": True},
    {"sparse": True, "copy": False},
    {"indexing": "ij"},
    {"indexing": "ij", "sparse": True},
):
    label = "_".join(f"{name}_{value}" for name, value in options.items())
    row(np.meshgrid, f"2-{label}", lambda x, y, o=options: np.meshgrid(x, y, **o), real(2), real(3), complex=True)
    row(
        np.meshgrid,
        f"3-{label}",
        lambda x, y, z, o=options: np.meshgrid(x, y, z, **o),
        real(2),
        real(3),
        real(),
        complex=True,
    )
    row(np.meshgrid, f"1-{label}", lambda x, o=options: np.meshgrid(x, **o), real(3), complex=True)
row(np.meshgrid, "mixed", lambda x: np.meshgrid([1, 2], x, range(2))[1], real(3), complex=True)

if hasattr(np, "astype"):
    row(np.astype, "call", lambda x: np.astype(x, np.float64), real(2, 3))
    row(np.astype, "to_complex", lambda x: np.astype(x, np.complex128, copy=False), real(2, 3), complex=True)
    row(np.astype, "no_copy", lambda x: np.astype(1 * x, x.dtype, copy=False), real(2, 3), complex=True)
    row(np.astype, "integer", lambda x: np.astype(x, int), real(2, 3), kind="constant")
if "device" in inspect.signature(np.astype).parameters:  # NumPy 2.1
    row(np.astype, "device", lambda x: np.astype(x, x.dtype, device="cpu"), real(), complex=True)
    REFUSED.append(("astype-device", lambda x: np.astype(x, float, device="gpu"), "np.astype.*device"))
row(np.resize, "larger", lambda x: np.resize(x, (3, 5)), real(2, 3), complex=True)
row(np.resize, "smaller", lambda x: np.resize(x, 4), real(2, 3), complex=True)
row(np.resize, "same", lambda x: np.resize(x, (3, 2)), real(2, 3), complex=True)
row(np.resize, "none", lambda x: np.resize(x, (0, 2)), real(2, 3), complex=True)
row(np.resize, "0-d", lambda x: np.resize(x, [2, 2]), real(), complex=True)
row(np.resize, "of_none", lambda x: np.resize(x, (2, 2)), real(0), kind="leaf")
PADDED = np.array([0, 0, 1, 0, 1, 0])
row(np.trim_zeros, "call", lambda x: np.trim_zeros(x * PADDED.astype(np.float32)), real(6), complex=True)
for trim in ("f", "b", "FB", "bf"):
    row(np.trim_zeros, trim, lambda x, t=trim: np.trim_zeros(x * PADDED.astype(np.float32), t), real(6), complex=True)
row(np.trim_zeros, "zeros", lambda x: np.trim_zeros(0 * x, "f"), real(6), complex=True)
row(np.trim_zeros, "tensor", np.trim_zeros, real(3), complex=True)
if np.lib.NumpyVersion(np.__version__) >= "2.2.0":
    TABLE = np.outer(PADDED, [0, 1, 1, 0]).astype(np.float32)
    for label, axis in {"2-d": None, "axis": -1, "axes": (1, 0), "list": [0], "no_axis": ()}.items():
        if np.ndim(axis) and np.lib.NumpyVersion(np.__version__) < "2.4.0":
            continue  # no more than one axis
        row(np.trim_zeros, label, lambda x, a=axis: np.trim_zeros(x * TABLE, axis=a), real(6, 4), complex=True)
    row(np.trim_zeros, "2-d_zeros", lambda x: np.trim_zeros(x * 0, "b", axis=1), real(2, 3), complex=True)

windows = np.lib.stride_tricks.sliding_window_view
row(windows, "call", lambda x: windows(x, 3), real(7), complex=True)
row(windows, "wide", lambda x: windows(x, (6,)), real(7), complex=True)
row(windows, "whole", lambda x: windows(x, 4, axis=0), real(4), complex=True)
row(windows, "one", lambda x: windows(x, 1), real(4), complex=True)
row(windows, "none", lambda x: windows(x, 0), real(4), complex=True)
row(windows, "2-d", lambda x: windows(x, (2, 3)), real(4, 5), complex=True)
row(windows, "axis", lambda x: windows(x, 2, axis=1), real(3, 4, 2), complex=True)
row(windows, "axes", lambda x: windows(x, (3, 2), axis=(-1, 0)), real(3, 2, 4), complex=True)
row(windows, "axis_twice", lambda x: windows(x, (2, 3), axis=(0, 0)), real(7), complex=True)
row(windows, "subok", lambda x: windows(x, (2,), subok=True, writeable=False), real(4), complex=True)
row(windows, "of_view", lambda x: windows(x[1:, ::-2].T, (2, 2)), real(5, 6), complex=True)
row(windows, "moving_sum", lambda x: np.sum(windows(x * x, 3), axis=-1), real(6), complex=True)

REFUSED += [
    ("sliding_window_view-writeable", lambda x: windows(x, (2, 2), writeable=True), "sliding_window_view.*writeable"),
    ("matrix_transpose-1-d", lambda x: np.matrix_transpose(x[0]), "np.matrix_transpose.*dimensions"),
    ("fliplr-1-d", lambda x: np.fliplr(x[0]), "np.fliplr.*dimensions"),
    ("flipud-0-d", lambda x: np.flipud(x[0, 0]), "np.flipud.*dimension"),
    ("rot90-axes", lambda x: np.rot90(x, axes=(0, 1, 2)), "np.rot90.*axes"),
    ("rot90-one_axis", lambda x: np.rot90(x, axes=(1, -1)), "np.rot90.*twice"),
    ("rollaxis-start", lambda x: np.rollaxis(x, 0, 4), "np.rollaxis.*start"),
    ("meshgrid-indexing", lambda x: np.meshgrid(x, x, indexing="yx"), "np.meshgrid.*indexing"),
    ("resize-negative", lambda x: np.resize(x, (2, -1)), "np.resize.*negative"),
    ("trim_zeros-trim", lambda x: np.trim_zeros(x, "x"), "np.trim_zeros.*trim"),
]
if hasattr(np, "unstack"):
    REFUSED.append(("unstack-0-d", lambda x: np.unstack(x[0, 0]), "np.unstack.*dimension"))
