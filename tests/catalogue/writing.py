"""Functions that write into their first argument; rounding and clipping."""

import inspect

import numpy as np

from .base import COND, INDEX, REFUSED, SINGULAR, after, distinct, integers, like, real, row

row(np.copyto, "numbers", after(lambda x: np.copyto(x, [[1], [2.5]])), real(2, 3), complex=True)
row(np.copyto, "where_number", after(lambda x: np.copyto(x, 2.5, where=COND[0])), real(2, 3), complex=True)
row(np.copyto, "where_list", after(lambda x, v: np.copyto(x, v, where=[True, False, True])), real(2, 3), real(3))
row(np.copyto, "where_tensor", after(lambda x, v: np.copyto(x, v, where=x > 0)), real(2, 3), real(3))
row(np.copyto, "where_nowhere", after(lambda x, v: np.copyto(x, v, "no", False)), real(2, 3), real(2, 3), complex=True)
row(np.copyto, "integers", after(lambda x, v: np.copyto(x, v)), real(2, 3), integers(3), complex=True)
row(np.copyto, "part", after(lambda x, v: np.copyto(x[:, 1:], v)), real(2, 3), real(2, 1), complex=True)
row(np.copyto, "overlap", after(lambda x: np.copyto(x[1:], x[:-1])), real(5), complex=True)
row(np.copyto, "transposed", after(lambda x, v: np.copyto(x.T, v)), real(2, 3), real(3, 2), complex=True)
row(np.copyto, "0-d", after(np.copyto), real(), real(), complex=True)
row(np.copyto, "unsafe", after(lambda x, v: np.copyto(x, v, casting="unsafe")), integers(3), real(3), kind="constant")

row(np.put, "number", after(lambda x: np.put(x, 4, 2.5)), real(2, 3), complex=True)
row(np.put, "2-d", after(lambda x, v: np.put(x, [[0, 1], [3, -1]], v)), real(2, 3), real(2, 2), complex=True)
row(np.put, "more_values", after(lambda x, v: np.put(x, [5, 1], v)), real(2, 3), real(4), complex=True)
row(np.put, "no_values", after(lambda x: np.put(x, [5, 1], [])), real(2, 3), complex=True)
row(np.put, "nowhere", after(lambda x, v: np.put(x, np.empty(0, int), v)), real(2, 3), real(2), complex=True)
row(np.put, "tensors", after(lambda x, i, v: np.put(x, i, v)), real(6), integers(2), real(2), complex=True)
row(np.put, "method", after(lambda x, v: x.put([1, 2], v, mode="wrap")), real(4), real(), complex=True)
row(np.put, "view", after(lambda x, v: np.put(x[:, ::2], [1, 2], v)), real(2, 3), real(2), complex=True)

row(np.putmask, "number", after(lambda x: np.putmask(x, COND, 2.5)), real(2, 3), complex=True)
row(np.putmask, "flat_mask", after(lambda x, v: np.putmask(x, COND.ravel(), v)), real(2, 3), real(4), complex=True)
row(np.putmask, "mask_of_itself", after(lambda x, v: np.putmask(x, x > 0, v)), real(2, 3), real(2))
row(np.putmask, "numbers_as_mask", after(lambda x, m, v: np.putmask(x, m, v)), real(4), integers(4), real(4))
row(np.putmask, "no_values", after(lambda x: np.putmask(x, COND, [])), real(2, 3))

row(np.place, "number", after(lambda x: np.place(x, COND, 2.5)), real(2, 3), complex=True)
row(np.place, "flat_mask", after(lambda x, v: np.place(x, COND.ravel(), v)), real(2, 3), real(2), complex=True)
row(np.place, "mask_of_itself", after(lambda x, v: np.place(x, x > 0, v)), real(2, 3), real(2))
row(np.place, "nowhere", after(lambda x: np.place(x, COND & False, [])), real(2, 3))

for axis in (0, -1):
    indices = INDEX[:, :2] if axis else INDEX[:1] % 2
    row(
        np.put_along_axis,
        f"number_{axis}",
        after(lambda x, i=indices, a=axis: np.put_along_axis(x, i, 2.5, a)),
        real(2, 3),
        complex=True,
    )
    row(
        np.put_along_axis,
        f"values_{axis}",
        after(lambda x, v, i=indices, a=axis: np.put_along_axis(x, i, v, axis=a)),
        real(2, 3),
        real(*indices.shape),
        complex=True,
    )
row(np.put_along_axis, "argmax", after(lambda x: np.put_along_axis(x, np.argmax(x, 1)[:, None], 0.0, 1)), real(2, 3))
row(np.put_along_axis, "flat_number", after(lambda x: np.put_along_axis(x, np.array([-1, 2]), 1.5, None)), real(2, 3))

row(np.fill_diagonal, "number", after(lambda x: np.fill_diagonal(x, 2.5)), real(3, 3), complex=True)
row(np.fill_diagonal, "cycled", after(lambda x, v: np.fill_diagonal(x, v, True)), real(5, 2), real(3), complex=True)
row(np.fill_diagonal, "of_itself", after(lambda x: np.fill_diagonal(x, x[0] ** 2)), real(3, 3), complex=True)
row(np.fill_diagonal, "matrix", after(np.fill_diagonal), real(4, 4), real(2, 2), complex=True)
row(np.fill_diagonal, "view", after(lambda x, v: np.fill_diagonal(x[::-1], v)), real(3, 3), real(3), complex=True)
row(np.fill_diagonal, "empty", after(np.fill_diagonal), real(0, 3), real(), complex=True)

row(np.round, "by_0", lambda x: np.round(x, 0), real(3, 4), complex=True, kind="constant")
row(np.around, "all_options", lambda x: np.around(x, decimals=2, out=like(x)), real(3, 4), complex=True, kind="leaf")
row(np.clip, "of_array", lambda a: np.clip(np.linspace(-1, 1, 4), a, 3), real(4))
row(np.clip, "of_list", lambda a, b: np.clip([0.3, -2.5, 0.1, 9.0], a, b), real(4), real(4))
row(np.clip, "of_number", lambda a: np.clip(0.3, a, None), real(4))
row(np.clip, "max_of_array", lambda b: np.clip(np.linspace(-1, 1, 4), None, b), real(4))
row(np.clip, "min_0-d", lambda x, a: np.clip(x, a, 1.5), real(3, 4), real())
row(np.clip, "crossed", lambda x: np.clip(x, 1.0, -1.0), real(3, 4))
row(np.clip, "integers", lambda x: np.clip(x, 1, 2), integers(3, 4), kind="constant")
row(np.clip, "positional_out", lambda x, b: np.clip(x, -0.6, b, like(x)), real(3, 4), real(4))
if "min" in inspect.signature(np.clip).parameters:  # NumPy 2.1
    row(np.clip, "bytes", lambda x: np.clip(x.astype(np.uint8), -1, 300), integers(3, 4), kind="constant")
    row(np.clip, "keywords", lambda x: np.clip(x, min=-0.6, max=0.7), distinct(3, 4))
    row(np.clip, "keyword", lambda x: np.clip(x, max=0.7), distinct(3, 4))
    row(np.clip, "neither", lambda x: np.clip(x, None, None), distinct(3, 4))
    row(np.clip, "nothing", lambda x: np.clip(x), distinct(3, 4))
    row(np.clip, "neither_dtype", lambda x: np.clip(x, None, None, dtype=np.float64), distinct(3, 4))
    row(np.clip, "min_tensor", lambda x, a: np.clip(x, min=a), real(3, 4), real(4))
    row(np.clip, "max_tensor", lambda x, b: np.clip(x, max=b), real(3, 4), real(4))
    row(np.clip, "min_max_tensors", lambda x, a, b: np.clip(x, min=a, max=a + np.abs(b)), real(3, 4), real(4), real())
    row(np.clip, "min_of_array", lambda a: np.clip(np.linspace(-1, 1, 4), min=a), real(4))
    row(np.clip, "min_out", lambda x, a: np.clip(x, min=a, out=like(x)), real(3, 4), real(4))

SINGULAR += [
    (
        "put-clip-repeated",
        after(lambda x, v: np.put(x, [8, 9], v, "clip")),
        ([1.0, 2.0], [3.0, 4.0]),
        ([1, 0.0], [0, 1.0]),
    ),
    ("clip-crossed", lambda x, b: np.clip(x, 2.0, b), ([1.0, 3.0], [0.5, 0.5]), ([0.0, 0.0], [1.0, 1.0])),
    ("clip-nan", lambda x: np.clip(x, 0.0, 1.0), ([np.nan, 0.5],), ([1.0, 1.0],)),
]
REFUSED += [
    ("copyto-casting", lambda x: np.copyto(x, 1j * x), "np.copyto.*complex128.*same_kind"),
    ("copyto-casting-no", lambda x: np.copyto(x, x.astype(np.float32), casting="no"), "np.copyto.*float32.*no"),
    ("copyto-number", lambda x: np.copyto(x, 1j), "np.copyto.*complex"),
    ("copyto-shape", lambda x: np.copyto(x, x[:2]), "broadcast"),
    ("put-mode", lambda x: np.put(x, 0, 1.0, mode="nearest"), "np.put.*nearest"),
    ("putmask-size", lambda x: np.putmask(x, [True, False], 1.0), "reshape"),
    ("place-empty", lambda x: np.place(x, x > 0, []), "np.place.*empty"),
    ("put_along_axis-ndim", lambda x: np.put_along_axis(x, np.array([0]), 1.0, 0), "np.put_along_axis.*1 dimensions"),
    ("fill_diagonal-1-d", lambda x: np.fill_diagonal(x[0], 1.0), "np.fill_diagonal.*2 dimensions"),
    ("fill_diagonal-unequal", lambda x: np.fill_diagonal(x[None], 1.0), "np.fill_diagonal.*equal length"),
]
