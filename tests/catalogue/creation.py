"""Arrays in the likeness of others, and functions that write."""

import numpy as np

from .base import COND, INDEX, after, real, row

for f in (np.zeros_like, np.ones_like):
    row(f, "call", f, real(2, 3), kind="leaf", complex=True)
    row(f, "shape", lambda x, f=f: f(x, shape=(4,), dtype=np.float64), real(2, 3), kind="leaf", complex=True)
    row(f, "integer", lambda x, f=f: f(x, dtype=int), real(2, 3), kind="constant")
    row(f, "options", lambda x, f=f: f(x, order="F", subok=False, device="cpu"), real(2, 3), kind="leaf")
row(np.empty_like, "call", lambda x: np.multiply(np.empty_like(x, shape=(0, 3)), 1), real(2, 3), kind="leaf")
row(np.full_like, "call", lambda x: np.full_like(x, 2.5), real(2, 3), kind="leaf", complex=True)
row(np.full_like, "shape", lambda x: np.full_like(x, 1.5, shape=(2,), dtype=np.float64), real(2, 3), kind="leaf")
row(np.full_like, "tensor", lambda v: np.full_like(np.multiply(v, 0), v, shape=(2, 3)), real(), complex=True)

row(np.copyto, "call", after(np.copyto), real(2, 3), real(2, 3), complex=True)
row(np.copyto, "broadcast", after(np.copyto), real(2, 3), real(3), complex=True)
row(np.copyto, "scalar", after(lambda x: np.copyto(x[0], 2)), real(2, 3), complex=True)
row(np.copyto, "where", after(lambda x, v: np.copyto(x, v, where=COND)), real(2, 3), real(2, 1), complex=True)
row(np.copyto, "casting", after(lambda x, v: np.copyto(x, v, casting="no")), real(2, 3), real(), complex=True)
row(np.put, "call", after(lambda x, v: np.put(x, [0, -1], v)), real(2, 3), real(2), complex=True)
row(np.put, "cycled", after(lambda x, v: np.put(x, [0, 2, 3], v)), real(2, 3), real(2), complex=True)
row(np.put, "repeated", after(lambda x, v: np.put(x, [1, 1, 4], v)), real(2, 3), real(3), complex=True)
row(np.put, "wrap", after(lambda x, v: np.put(x, [7, -9], v, mode="wrap")), real(2, 3), real(2), complex=True)
row(np.put, "clip", after(lambda x, v: np.put(x, [9, -9], v, mode="clip")), real(2, 3), real(2), complex=True)
row(np.putmask, "call", after(lambda x, v: np.putmask(x, COND, v)), real(2, 3), real(2, 3), complex=True)
row(np.putmask, "cycled", after(lambda x, v: np.putmask(x, COND, v)), real(2, 3), real(2), complex=True)
row(np.place, "call", after(lambda x, v: np.place(x, COND, v)), real(2, 3), real(3), complex=True)
row(np.place, "cycled", after(lambda x, v: np.place(x, COND, v)), real(2, 3), real(2), complex=True)
row(
    np.put_along_axis,
    "call",
    after(lambda x, v: np.put_along_axis(x, INDEX[:, :2], v, axis=1)),
    real(2, 3),
    real(2, 2),
    complex=True,
)
row(
    np.put_along_axis,
    "broadcast",
    after(lambda x, v: np.put_along_axis(x, INDEX[:, :1], v, axis=-1)),
    real(2, 3),
    real(),
    complex=True,
)
row(np.put_along_axis, "flat", after(lambda x, v: np.put_along_axis(x, INDEX[0], v, None)), real(2, 3), real(3))
row(np.fill_diagonal, "call", after(np.fill_diagonal), real(3, 4), real(), complex=True)
row(np.fill_diagonal, "values", after(np.fill_diagonal), real(3, 3), real(3), complex=True)
row(np.fill_diagonal, "tall", after(np.fill_diagonal), real(5, 2), real(), complex=True)
row(np.fill_diagonal, "wrap", after(lambda x, v: np.fill_diagonal(x, v, wrap=True)), real(6, 2), real(), complex=True)
row(np.fill_diagonal, "3-d", after(np.fill_diagonal), real(3, 3, 3), real(), complex=True)
