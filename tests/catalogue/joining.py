"""Joining, splitting, adding and removing elements."""

import numpy as np

from .base import REFUSED, booleans, integers, quiet, real, row

row(np.concatenate, "nested", lambda x: np.concatenate([x, [x[0], 2 * x[1]]]), real(2, 3), complex=True)
row(np.stack, "nested", lambda x: np.stack([x, [x[0], x[1], 1.5]]), real(3), complex=True)
row(np.concatenate, "number", lambda x: np.concatenate([x, [1, 2]], axis=None), real(2, 3), complex=True)
for f in (np.hstack, np.vstack, np.dstack, np.column_stack):
    row(f, "1-d", lambda x, y, f=f: f((x, y)), real(3), real(3), complex=True)
    row(f, "2-d", lambda x, y, f=f: f([x, y, x]), real(2, 3), real(2, 3), complex=True)
    row(f, "plain", lambda x, f=f: f([x, np.ones((2, 3), np.float32)]), real(2, 3), complex=True)
    row(f, "of_one", f, real(3, 2, 4), complex=True)
for f in (np.hstack, np.vstack, np.dstack):
    row(f, "0-d", lambda x, y, f=f: f([x, y]), real(), real(), complex=True)
    row(f, "mixed", lambda x, f=f: f([x, [1, 2, 3]]), real(3), complex=True)
    row(f, "nested", lambda x, f=f: f([x, [x[0], 1, x[2]]]), real(3), complex=True)
for f in (np.hstack, np.vstack):
    row(f, "dtype", lambda x, f=f: f([x, x], dtype=np.float64, casting="safe"), real(3))
    row(f, "casting", lambda x, f=f: f([x, x], dtype=int, casting="unsafe"), real(3), kind="constant")
row(np.column_stack, "mixed", lambda x, y: np.column_stack([x, y, [1, 2]]), real(2), real(2, 3), complex=True)

row(np.append, "call", np.append, real(2, 3), real(2), complex=True)
row(np.append, "axis", lambda x, y: np.append(x, y, axis=1), real(2, 3), real(2, 1), complex=True)
row(np.append, "number", lambda x: np.append(x, 2), real(3), complex=True)
row(np.append, "to_list", lambda x: np.append([1, 2], x), real(2, 2), complex=True)
row(np.append, "nested", lambda x: np.append(x, [x[0], 1]), real(2), complex=True)
row(np.append, "0-d", np.append, real(), real(), complex=True)

row(np.block, "call", lambda x, y: np.block([[x, y], [y, x]]), real(2, 2), real(2, 2), complex=True)
row(
    np.block,
    "mixed",
    lambda x, y: np.block([[x, np.zeros((2, 1), np.float32)], [y, 3]]),
    real(2, 2),
    real(2),
    complex=True,
)
row(np.block, "1-d", lambda x, y: np.block([x, y, 1]), real(2), real(), complex=True)
row(np.block, "row_of_2-d", lambda x, y: np.block([x, y]), real(2, 3), real(2, 1), complex=True)
row(np.block, "3-d", lambda x: np.block([[[x], [2 * x]]]), real(2), complex=True)
row(np.block, "lone", lambda x: np.block(x), real(2, 3), complex=True)
row(np.block, "lone_0-d", lambda x: np.block([[x]]), real(), complex=True)
row(np.block, "large", lambda x: np.block([[x, np.zeros((1, 600000), np.float32)]]), real(1, 2))

for f in (np.vsplit, np.dsplit):
    row(f, "3-d", lambda x, f=f: f(x, 2), real(4, 3, 2), complex=True)
row(np.dsplit, "at", lambda x: np.dsplit(x, [1, 3]), real(2, 1, 4), complex=True)
if hasattr(np, "unstack"):
    row(np.unstack, "call", np.unstack, real(2, 3), complex=True)
    row(np.unstack, "axis", lambda x: np.unstack(x, axis=-1), real(2, 3), complex=True)
    row(np.unstack, "1-d", np.unstack, real(3), complex=True)

OBJECTS = {
    "integer": 1,
    "negative": -2,
    "slice": slice(0, None, 2),
    "backward": slice(2, 0, -1),
    "no_slice": slice(2, 2),
    "list": [0, 2],
    "array": np.array([-1, 1]),
    "one": [1],
    "none": [],
    "mask": np.array([True, False, True]),
}
MASKS = len(quiet(np.insert)([0, 0], np.array([True, False]), 1)) == 3  # whether np.insert knows them
for label, obj in OBJECTS.items():
    row(np.delete, label, lambda x, o=obj: np.delete(x, o, axis=1), real(2, 3, 2), complex=True)
    row(np.delete, f"{label}_flat", lambda x, o=obj: np.delete(x, o), real(3), complex=True)
    if label != "mask" or MASKS:
        row(np.insert, label, lambda x, o=obj: np.insert(x, o, x[1, 0], axis=1), real(2, 3), complex=True)
        row(np.insert, f"{label}_flat", lambda x, o=obj: np.insert(x, o, x[1]), real(3), complex=True)
row(np.delete, "repeated", lambda x: np.delete(x, [0, 0, 1]), real(2, 2), complex=True)
row(np.delete, "tensor", lambda x, i: np.delete(x, i, 0), real(4, 2), integers(2), complex=True)
row(np.delete, "tensor_mask", lambda x, m: np.delete(x, m), real(4), booleans(4), complex=True)
row(np.insert, "rows", lambda x, v: np.insert(x, 1, v, axis=0), real(2, 3), real(2, 3))
row(np.insert, "columns", lambda x, v: np.insert(x, 1, v, axis=1), real(2, 3), real(2))
row(np.insert, "columns_at_list", lambda x, v: np.insert(x, [1], v, axis=1), real(2, 3), real(2, 1))
row(np.insert, "several", lambda x, v: np.insert(x, 1, v), real(2, 2), real(3))
row(np.insert, "unordered", lambda x, v: np.insert(x, [3, 0, 3, 1], v), real(2, 2), real(4))
row(np.insert, "slice_values", lambda x, v: np.insert(x, slice(1, 3), v, -1), real(2, 3), real(2, 2))
row(np.insert, "3-d", lambda x, v: np.insert(x, [0, 2], v, axis=1), real(2, 3, 2), real(2, 2, 2))
row(np.insert, "at_end", lambda x, v: np.insert(x, 3, v), real(3), real())
row(np.insert, "into_list", lambda v: np.insert([1.0, 2.0], 1, v), real(2))
row(np.insert, "list_value", lambda x: np.insert(x, 1, [x[0], 2]), real(3), complex=True)
row(np.insert, "into_0-d", lambda x: np.insert(x, 0, 2), real(), complex=True)
row(np.insert, "cast", lambda x, v: np.insert(np.astype(x, int), 1, v), real(3), real(), kind="constant")
row(np.insert, "tensor", lambda x, i: np.insert(x, i, 1.5), real(4), integers(3), complex=True)

REFUSED += [
    ("hstack-ndim", lambda x: np.hstack([x, x[0]]), "dimension"),
    ("block-tuple", lambda x: np.block([(x, x)]), r"arrays\[0\] is a tuple"),
    ("block-depths", lambda x: np.block([[x], x]), "np.block.*deep"),
    ("block-empty", lambda x: np.block([[x], []]), r"np.block.*arrays\[1\].*empty"),
    ("dsplit-ndim", lambda x: np.dsplit(x, 1), "np.dsplit.*dimension"),
]
