"""Selecting, sorting and clipping."""

import inspect

import numpy as np

from .base import COND, INDEX, distinct, filled, integers, like, mask, over_one, real, row, unit

row(np.where, "call", lambda x, y: np.where(COND, x, y), real(2, 3), real(2, 3), complex=True)
row(np.where, "broadcast", lambda x, y: np.where(COND, x, y), real(2, 1), real(), complex=True)
row(np.where, "one", lambda x: np.where(COND[0], x, 0), real(2, 3), complex=True)
row(np.where, "other", lambda x: np.where(COND, 1.5, x), real(2, 3), complex=True)
row(np.where, "own_condition", lambda x: np.where(x.real > 0, x, -2 * x), real(2, 3), complex=True)
row(np.where, "tensor_condition", lambda x, y: np.where(x, y, 0), real(2, 3), real(2, 3))
row(np.where, "0-d", lambda x, y: np.where(True, x, y), real(), real(), complex=True)
row(np.where, "indices", lambda x: np.where(x > 0), real(3, 4), kind="constant")
row(np.where, "indices_of", lambda x: np.where(x), real(3, 4), kind="constant")
row(np.take, "flat", lambda x: np.take(x, INDEX), real(3, 4), complex=True)
row(np.take, "axis", lambda x: np.take(x, INDEX, axis=-1), real(2, 3), complex=True)
row(np.take, "scalar", lambda x: np.take(x, 1, axis=0), real(3, 4), complex=True)
row(np.take, "list", lambda x: np.take(x, [0, 0, 1], 1), real(3, 4), complex=True)
row(np.take, "tensor", lambda x, i: np.take(x, i, 1), real(3, 4), integers(5), complex=True)
row(np.take, "wrap", lambda x: np.take(x, [-5, 7, 2], axis=1, mode="wrap"), real(2, 3), complex=True)
row(np.take, "clip", lambda x: np.take(x, [-5, 7, 2], axis=1, mode="clip"), real(2, 3), complex=True)
row(np.take, "out", lambda x: np.take(x, [1, 1], axis=0, out=filled(x, (2, 3))), real(2, 3), complex=True)
row(np.take, "0-d", lambda x: np.take(x, [0, 0]), real(), complex=True)
row(np.take, "empty", lambda x: np.take(x, np.zeros(0, int), axis=0), real(2, 3))
row(np.take_along_axis, "call", lambda x: np.take_along_axis(x, INDEX, 1), real(2, 3), complex=True)
row(np.take_along_axis, "axis", lambda x: np.take_along_axis(x, INDEX % 2, axis=0), real(2, 3), complex=True)
if inspect.signature(np.take_along_axis).parameters["axis"].default == -1:  # NumPy 2.3
    row(np.take_along_axis, "default", lambda x: np.take_along_axis(x, INDEX[:, :2]), real(2, 3), complex=True)
row(np.take_along_axis, "flat", lambda x: np.take_along_axis(x, INDEX[0], None), real(2, 3), complex=True)
row(np.take_along_axis, "broadcast", lambda x: np.take_along_axis(x, INDEX[:1], 1), real(2, 3), complex=True)
row(np.choose, "call", lambda x, y: np.choose([0, 1, 0], [x, y]), real(2, 3), real(3), complex=True)
row(np.choose, "tensor", lambda i, x, y, z: np.choose(i, (x, y, z)), integers(4), real(4), real(4), real())
row(np.choose, "of_one", lambda x: np.choose([2, 0, 1, 1], x), real(3, 4), complex=True)
row(np.choose, "wrap", lambda x, y: np.choose([-1, 3, 2], [x, y], mode="wrap"), real(3), real(3), complex=True)
row(np.choose, "clip", lambda x, y: np.choose([-1, 3, 0], [x, y], mode="clip"), real(3), real(3), complex=True)
row(np.choose, "out", lambda x, y: np.choose([0, 1, 0], [x, y], out=filled(x, 3)), real(3), real(3), complex=True)
row(np.choose, "scalar", lambda x: np.choose([0, 1, 0], [x, 2.0]), real(3), complex=True)
row(np.compress, "call", lambda x: np.compress([True, False, True], x, axis=-1), real(2, 3), complex=True)
row(np.compress, "flat", lambda x: np.compress([False, True, True], x), real(2, 3), complex=True)
row(np.compress, "out", lambda x: np.compress([0, 1], x, 0, out=filled(x, (1, 3))), real(2, 3), complex=True)
row(np.extract, "call", lambda x: np.extract(COND, x), real(2, 3), complex=True)
row(np.extract, "own_condition", lambda x: np.extract(x > 0, x), real(2, 3))
row(np.diagonal, "call", np.diagonal, real(3, 4), complex=True)
row(np.diagonal, "above", lambda x: np.diagonal(x, 1), real(3, 4), complex=True)
row(np.diagonal, "below", lambda x: np.diagonal(x, offset=-2), real(3, 4), complex=True)
row(np.diagonal, "beyond", lambda x: np.diagonal(x, 7), real(3, 4), complex=True)
row(np.diagonal, "axes", lambda x: np.diagonal(x, 1, axis1=-1, axis2=0), real(3, 2, 4), complex=True)
row(np.trace, "call", np.trace, real(3, 4), complex=True)
row(np.trace, "offset", lambda x: np.trace(x, offset=-1), real(3, 4), complex=True)
row(np.trace, "beyond", lambda x: np.trace(x, offset=5), real(3, 4), complex=True)
row(np.trace, "axes", lambda x: np.trace(x, 1, axis1=-1, axis2=0), real(3, 2, 4), complex=True)
row(np.trace, "dtype", lambda x: np.trace(x, dtype=np.float64), real(3, 4))
row(np.trace, "out", lambda x: np.trace(x, out=filled(x, (2,))), real(3, 4, 2), complex=True)
for f in (np.tril, np.triu):
    row(f, "call", f, real(3, 4), complex=True)
    row(f, "k", lambda x, f=f: f(x, k=-1), real(2, 3, 4), complex=True)
    row(f, "above", lambda x, f=f: f(x, 1), real(4, 3), complex=True)
    row(f, "1-d", f, real(3), complex=True)
for f in (np.diag, np.diagflat):
    row(f, "1-d", f, real(3), complex=True)
    row(f, "above", lambda x, f=f: f(x, k=2), real(3), complex=True)
    row(f, "below", lambda x, f=f: f(x, -1), real(3), complex=True)
    row(f, "2-d", f, real(2, 3), complex=True)
    row(f, "2-d_k", lambda x, f=f: f(x, 1), real(2, 3), complex=True)
    row(f, "empty", f, real(0), complex=True)
row(np.diagflat, "0-d", np.diagflat, real(), complex=True)

for label, call, shape in (
    ("call", np.sort, (3, 4)),
    ("axis", lambda x: np.sort(x, axis=0), (3, 4)),
    ("flat", lambda x: np.sort(x, axis=None), (3, 4)),
    ("kind", lambda x: np.sort(x, 1, kind="heapsort"), (3, 4)),
    ("stable", lambda x: np.sort(x, stable=True), (5,)),
    ("empty", np.sort, (2, 0)),
):
    row(np.sort, label, call, distinct(*shape), complex=True)
row(np.partition, "call", lambda x: np.partition(x, 2), distinct(3, 6), complex=True)
row(np.partition, "axis", lambda x: np.partition(x, -1, axis=0), distinct(3, 4), complex=True)
row(np.partition, "several", lambda x: np.partition(x, (1, 3), axis=None), distinct(3, 4), complex=True)
row(np.partition, "kind", lambda x: np.partition(x, 1, kind="introselect"), distinct(6), complex=True)

row(np.clip, "call", lambda x: np.clip(x, -0.7, 0.9), distinct(3, 4))
row(np.clip, "bounds", lambda x, a, b: np.clip(x, a, b), distinct(3, 4), unit(4), over_one(3, 1))
row(np.clip, "low", lambda x: np.clip(x, 0.3, None), distinct(3, 4))
row(np.clip, "high", lambda x: np.clip(x, None, 0.5), distinct(3, 4))
row(np.clip, "method", lambda x: x.clip(0.5), distinct(3, 4))
row(np.clip, "method_mixed", lambda x: x.clip(-0.7, max=0.9), distinct(3, 4))
row(np.clip, "out", lambda x: np.clip(x, -0.7, 0.9, out=like(x)), distinct(3, 4))
row(np.clip, "where", lambda x: np.clip(x, -0.7, 0.9, out=like(x), where=mask((3, 4))), distinct(3, 4))
row(np.clip, "dtype", lambda x: np.clip(x, -0.7, 0.9, dtype=np.float64), distinct(3, 4))
row(np.clip, "casting", lambda x: np.clip(x, -0.7, 0.9, casting="same_kind"), distinct(3, 4))
row(np.clip, "complex", lambda x: np.clip(x, -0.7, 0.9), distinct(3, 4), complex=True)
row(np.clip, "0-d", lambda x: np.clip(x, -0.7, 0.9), distinct())
row(np.clip, "empty", lambda x: np.clip(x, -0.7, 0.9), distinct(0, 3))
