"""Reductions, running sums and products."""

import numpy as np

from .base import EXTREMES_INTO_OUT, distinct, filled, integers, like, mask, real, row, rows

for f in (np.sum, np.mean, np.prod, np.var, np.std, np.max, np.min, np.amax, np.amin):
    draw = distinct if f in (np.max, np.min, np.amax, np.amin) else real
    options = {"complex": True, "compares": draw is distinct}
    row(f, "all", f, draw(3, 4), **options)
    row(f, "0-d", f, draw(), complex=True, compares=draw is distinct or f is np.std)
    row(f, "1-d", f, draw(5), **options)
    row(f, "axis0", lambda x, f=f: f(x, axis=0), draw(3, 4), **options)
    row(f, "axis-1", lambda x, f=f: f(x, -1), draw(2, 3, 4), **options)
    row(f, "axes", lambda x, f=f: f(x, axis=(0, -1)), draw(2, 3, 4), **options)
    row(f, "axes_swapped", lambda x, f=f: f(x, axis=(2, 0)), draw(2, 3, 4), **options)
    row(f, "no_axes", lambda x, f=f: f(x, axis=()), draw(3, 4), complex=True, compares=draw is distinct or f is np.std)
    row(f, "keepdims", lambda x, f=f: f(x, axis=1, keepdims=True), draw(3, 4), **options)
    row(f, "axes_keepdims", lambda x, f=f: f(x, axis=(1, -3), keepdims=True), draw(2, 3, 4), **options)
    row(f, "all_keepdims", lambda x, f=f: f(x, keepdims=True), draw(3, 4), **options)
    row(f, "empty_axis", lambda x, f=f: f(x, axis=1), draw(0, 3), **options)
    if EXTREMES_INTO_OUT or draw is not distinct:
        row(f, "out", lambda x, f=f: f(x, axis=0, out=filled(f(x), 4)), draw(3, 4), **options)
    initial = {"initial": -9.0 if "max" in f.__name__ else 9.0}
    initial = {} if f in (np.mean, np.var, np.std) else initial  # without one, NumPy wants no empty selection
    row(f, "where", lambda x, f=f, i=initial: f(x, axis=1, where=mask((3, 4)), **i), draw(3, 4), **options)
    row(f, "where_all", lambda x, f=f, i=initial: f(x, where=mask((3, 4)), **i), draw(3, 4), **options)
    row(f, "where_row", lambda x, f=f, i=initial: f(x, axis=1, where=mask((4,)), **i), draw(3, 4), **options)
    row(f, "where_keepdims", lambda x, f=f, i=initial: f(x, 0, keepdims=True, where=mask((3, 4)), **i), draw(3, 4))
    rows[-1] = rows[-1]._replace(**options)
    if "max" not in f.__name__ and "min" not in f.__name__:
        row(f, "dtype", lambda x, f=f: f(x, axis=0, dtype=np.float64), draw(3, 4))
        row(f, "dtype_complex", lambda x, f=f: f(x, axis=0, dtype=complex), draw(3, 4))
    if initial:
        row(f, "initial", lambda x, f=f: f(x, axis=0, initial=0.5), draw(3, 4), **options)
        row(f, "empty_initial", lambda x, f=f: f(x, initial=0.5), draw(0, 4), **options)
for f in (np.sum, np.prod):
    row(f, "empty", f, real(2, 0), complex=True)
    row(f, "empty_along", lambda x, f=f: f(x, axis=0), real(0, 3), complex=True)
for f in (np.var, np.std):
    for n in (1, 0.5):
        row(f, f"ddof_{n}", lambda x, f=f, n=n: f(x, axis=0, ddof=n), real(3, 4), complex=True)
        row(f, f"correction_{n}", lambda x, f=f, n=n: f(x, correction=n), real(3, 4), complex=True)
    row(f, "ddof_where", lambda x, f=f: f(x, axis=0, ddof=1, where=mask((5, 3))), real(5, 3), complex=True)
    row(f, "mean", lambda x, f=f: f(x, axis=0, mean=np.mean(x, axis=0, keepdims=True)), real(3, 4), complex=True)
    row(f, "other_mean", lambda x, m, f=f: f(x, axis=0, mean=m), real(3, 4), real(1, 4))
    row(f, "scalar_mean", lambda x, m, f=f: f(x, axis=1, mean=m, where=mask((3, 4)), ddof=1), real(3, 4), real())
    row(f, "constant_mean", lambda x, f=f: f(x, mean=0.5), real(3, 4))

for f in (np.cumsum, np.cumprod):
    row(f, "flat", f, real(2, 3), complex=True)
    row(f, "0-d", f, real(), complex=True)
    row(f, "0-d_axis", lambda x, f=f: f(x, axis=0), real(), complex=True)
    row(f, "axis0", lambda x, f=f: f(x, axis=0), real(3, 4), complex=True)
    row(f, "axis-2", lambda x, f=f: f(x, -2), real(2, 3, 4), complex=True)
    row(f, "empty", f, real(0, 3), complex=True)
    row(f, "empty_axis", lambda x, f=f: f(x, axis=0), real(0, 3), complex=True)
    row(f, "other_empty", lambda x, f=f: f(x, axis=1), real(0, 3), complex=True)
    row(f, "dtype", lambda x, f=f: f(x, axis=0, dtype=np.float64), real(3, 4))
    row(f, "out", lambda x, f=f: f(x, axis=1, out=like(x)), real(3, 4), complex=True)
for f in (np.sum, np.prod, np.max, np.min):
    draw = distinct if f in (np.max, np.min) else real
    row(f, "initial_tensor", lambda x, i, f=f: f(x + 0 * i, initial=i), draw(3, 4), real(), compares=draw is distinct)
    row(f, "initial_axis", lambda x, i, f=f: f(x + 0 * i, axis=(0, 2), initial=i), draw(2, 3, 4), real())
    rows[-1] = rows[-1]._replace(compares=draw is distinct)
    row(
        f,
        "initial_where",
        lambda x, i, f=f: f(x + 0 * i, 1, keepdims=True, initial=i, where=mask((3, 4))),
        draw(3, 4),
        real(),
    )
    rows[-1] = rows[-1]._replace(compares=draw is distinct)
row(np.sum, "initial_reduce", lambda x, i: np.add.reduce(x + 0 * i, initial=i), real(3, 4), real())
row(np.mean, "where_axes", lambda x: np.mean(x, axis=(0, 2), where=mask((3, 4))), real(2, 3, 4), complex=True)
for f in (np.var, np.std):
    row(f, "correction_where", lambda x, f=f: f(x, 0, correction=0.5, where=mask((5, 3))), real(5, 3), complex=True)
    row(f, "dtype_mean", lambda x, m, f=f: f(x, 0, dtype=np.float64, mean=m, keepdims=True), real(3, 4), real(1, 4))

row(np.cumprod, "zeros", lambda x: np.cumprod(x * np.array([1, 0, 1, 0, 1]), axis=1), real(2, 5), complex=True)
rows[-1] = rows[-1]._replace(compares=True)  # whether there are zeros is asked of the values

if hasattr(np, "cumulative_sum"):
    for f in (np.cumulative_sum, np.cumulative_prod):
        row(f, "1-d", f, real(5), complex=True)
        row(f, "0-d", f, real(), complex=True)
        row(f, "axis", lambda x, f=f: f(x, axis=-2), real(2, 3, 4), complex=True)
        row(f, "include_initial", lambda x, f=f: f(x, axis=1, include_initial=True), real(3, 4), complex=True)
        row(f, "include_initial_dtype", lambda x, f=f: f(x, dtype=complex, include_initial=True), real(4))
        row(f, "dtype", lambda x, f=f: f(x, axis=0, dtype=np.float64), real(3, 4))
        row(f, "empty", lambda x, f=f: f(x, axis=0, include_initial=True), real(0, 3), complex=True)
        row(f, "integers", lambda i, x, f=f: f(i, include_initial=True) * x, integers(3), real(4))
        row(f, "out", lambda x, f=f: f(x, axis=1, out=like(x)), real(3, 4), complex=True)
        row(
            f,
            "include_initial_out",
            lambda x, f=f: f(x, axis=0, include_initial=True, out=filled(x, (4, 4))),
            real(3, 4),
        )
