"""Sets: equal elements share the gradient of the value that stands for them."""

import itertools

import numpy as np

from .base import SINGULAR, distinct, integers, real, row

for options in itertools.product((False, True), repeat=3):
    label = "".join("01"[option] for option in options)
    row(np.unique, label, lambda x, o=options: np.unique(x, *o), distinct(2, 3), complex=True)
row(np.unique, "axis", lambda x: np.unique(x, axis=0), distinct(3, 2), complex=True)
row(np.unique, "axis_last", lambda x: np.unique(x, True, True, True, axis=-1), distinct(2, 3, 2), complex=True)
row(np.unique, "axis_1-d", lambda x: np.unique(x, axis=0, return_counts=True), distinct(4), complex=True)
row(np.unique, "equal_nan", lambda x: np.unique(np.sqrt(x), equal_nan=False), integers(4), kind="constant")
row(np.unique, "integer", lambda i: np.unique(i, return_inverse=True), integers(5), kind="constant")
row(np.unique, "0-d", np.unique, real(), complex=True)
row(np.unique, "empty", np.unique, real(0, 2), complex=True)
if np.lib.NumpyVersion(np.__version__) >= "2.3.0":
    row(np.unique, "unsorted", lambda x: np.sort(np.unique(x, sorted=False)), distinct(3, 4), complex=True)
    row(np.unique, "unsorted_axis", lambda x: np.sort(np.unique(x, axis=0, sorted=False)), distinct(5), complex=True)
    row(np.unique, "unsorted_rows", lambda x: np.unique(x, axis=0, sorted=False), distinct(3, 2), complex=True)
for f in (np.unique_all, np.unique_counts, np.unique_inverse):
    row(f, "call", f, distinct(2, 3), complex=True)
    row(f, "1-d", f, distinct(5), complex=True)
    row(f, "0-d", f, real(), complex=True)
# its order is any, another for other numbers
row(np.unique_values, "call", lambda x: np.sort(np.unique_values(x)), distinct(2, 3), complex=True)
row(np.unique_values, "0-d", np.unique_values, real(), complex=True)


def doubled(x):
    """``x`` with equal elements, for gradients of which finite differences stay within the ties."""
    return np.concatenate((x, x[::-1], x[:1]), axis=None)


row(np.unique, "ties", lambda x: np.unique(doubled(x), True, True, True), distinct(4), complex=True)
row(np.unique, "rows_that_tie", lambda x: np.unique(x[[0, 1, 0, 2]], axis=0), distinct(3, 2), complex=True)
row(np.unique_values, "ties", lambda x: np.sort(np.unique_values(doubled(x))), distinct(4), complex=True)

for f in (np.union1d, np.setxor1d):
    row(f, "apart", f, distinct(2, 2), real(3), complex=True)
for f in (np.union1d, np.intersect1d, np.setxor1d):
    row(f, "call", lambda x, y, f=f: f(x, np.append(x[:2], y)), distinct(4), real(2, 2), complex=True)
for f in (np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d):
    row(f, "ties", lambda x, f=f: f(doubled(x), x[:2]), distinct(4), complex=True)
    row(f, "empty", lambda x, f=f: f(x, x[:0]), real(3), complex=True)
for f in (np.intersect1d, np.setdiff1d, np.setxor1d):
    row(f, "assume_unique", lambda x, f=f: f(x, x[:3], assume_unique=True), distinct(5), complex=True)
row(np.setdiff1d, "call", lambda x: np.setdiff1d(x, [9, *x[:2]]), distinct(4), complex=True)
row(np.setdiff1d, "removed", lambda x: np.setdiff1d([9.0, 8.0], x), real(3), kind="constant")
row(np.setdiff1d, "removed_unique", lambda x: np.setdiff1d([9.0, 8.0], x, True), real(3), kind="constant")
row(np.union1d, "plain", lambda x: np.union1d([9, 8, 9], x), real(3), complex=True)
row(np.setxor1d, "plain", lambda x: np.setxor1d([9, 8, 9], x), real(3), complex=True)
row(np.intersect1d, "plain", lambda x: np.intersect1d([9, 8, 9], np.append(x, 8) + 0 * x[0]), real(3), complex=True)
for unique in (False, True):
    row(
        np.intersect1d,
        f"indices_{unique}",
        lambda x, u=unique: np.intersect1d(x, x[:0:-1], u, return_indices=True),
        distinct(5),
        complex=True,
    )

NAN = np.nan
SINGULAR += [
    ("unique-ties", np.unique, ([2.0, 1.0, 2.0, 2.0],), ([1 / 3, 1.0, 1 / 3, 1 / 3],)),
    ("unique-nan", np.unique, ([NAN, 1.0, NAN],), ([0.5, 1.0, 0.5],)),
    ("unique-nans", lambda x: np.unique(x, equal_nan=False), ([NAN, 1.0, NAN],), ([1.0, 1.0, 1.0],)),
    ("unique-rows", lambda x: np.unique(x, axis=0), ([[1.0, 2.0], [1.0, 2.0]],), ([[0.5, 0.5], [0.5, 0.5]],)),
    ("unique-columns", lambda x: np.unique(x, axis=1), ([[1.0, 1.0], [2.0, 3.0]],), ([[1.0, 1.0], [1.0, 1.0]],)),
    ("unique_counts-ties", lambda x: np.unique_counts(x)[0], ([2.0, 1.0, 2.0],), ([0.5, 1.0, 0.5],)),
    ("union1d-ties", np.union1d, ([2.0, 1.0], [2.0, 3.0]), ([0.5, 1.0], [0.5, 1.0])),
    ("intersect1d-ties", np.intersect1d, ([2.0, 1.0, 2.0], [2.0, 3.0]), ([1 / 3, 0.0, 1 / 3], [1 / 3, 0.0])),
    ("setdiff1d-ties", lambda x: np.setdiff1d(x, [1.0]), ([2.0, 1.0, 2.0],), ([0.5, 0.0, 0.5],)),
    ("setxor1d-ties", np.setxor1d, ([2.0, 2.0, 1.0], [1.0, 3.0]), ([0.5, 0.5, 0.0], [0.0, 1.0])),
]
