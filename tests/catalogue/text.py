"""Strings, dates, bits and records: no gradient."""

import numpy as np
import numpy.lib.recfunctions as rf
from numpy._core import umath

from .base import REFUSED, booleans, integers, real, row, rows

TEXT = np.array(["a\tb c", "bcb", "b"])

for f in (np.diag_indices_from, np.tril_indices_from, np.triu_indices_from):
    row(f, "call", f, real(3, 3), complex=True, kind="constant")
for f in (np.tril_indices_from, np.triu_indices_from):
    row(f, "k", lambda x, f=f: f(x, k=-1), real(3, 4), kind="constant")
row(np.diag_indices_from, "3-d", np.diag_indices_from, real(2, 2, 2), kind="constant")
row(np.packbits, "call", np.packbits, booleans(3, 4), kind="constant")
row(np.packbits, "options", lambda x: np.packbits(x, axis=-1, bitorder="little"), integers(3, 10), kind="constant")
row(np.unpackbits, "call", lambda x: np.unpackbits(x.astype(np.uint8)), integers(3), kind="constant")
row(
    np.unpackbits,
    "options",
    lambda x: np.unpackbits(x.astype(np.uint8), axis=1, count=-3, bitorder="little"),
    integers(3, 2),
    kind="constant",
)
row(
    np.busday_offset,
    "call",
    lambda i: np.busday_offset("2024-03-01", i).astype(np.int64),
    integers(4),
    kind="constant",
)
row(
    np.busday_offset,
    "options",
    lambda i: np.busday_offset("2024-03-02", i, roll="backward", holidays=["2024-03-04"]).astype(np.int64),
    integers(4),
    kind="constant",
)
row(
    np.busday_count,
    "call",
    lambda w: np.busday_count("2024-03", "2024-04", w.astype(int)),
    booleans(7),
    kind="constant",
)
row(
    np.busday_count,
    "holidays",
    lambda w: np.busday_count(["2024-03"], "2024-04", weekmask=w.astype(int), holidays=["2024-03-04"]),
    booleans(7),
    kind="constant",
)
row(np.is_busday, "call", lambda w: np.is_busday("2024-03-01", w.astype(int)), booleans(7), kind="constant")
row(
    np.is_busday,
    "array",
    lambda w: np.is_busday(np.arange("2024-03-01", "2024-03-09", dtype="datetime64"), weekmask=w.astype(int)),
    booleans(7),
    kind="constant",
)

# NumPy 2.0 hands over a few of the functions on strings, and their ufuncs
STRINGS = hasattr(np.strings.multiply, "_implementation")
if STRINGS:
    row(np.strings.multiply, "strings", lambda i: np.strings.multiply(TEXT, i).tolist(), integers(3), kind="constant")
    row(np.strings.multiply, "a_string", lambda i: np.strings.multiply("ab", i).tolist(), integers(2), kind="constant")
    row(np.strings.mod, "call", lambda x: np.strings.mod(np.array("%.2f"), x).tolist(), real(3), kind="constant")
    row(np.strings.mod, "integer", lambda i: np.strings.mod(np.array("%03d"), i).tolist(), integers(3), kind="constant")
    row(
        np.strings.expandtabs,
        "call",
        lambda i: np.strings.expandtabs(TEXT, i + 3).tolist(),
        integers(3),
        kind="constant",
    )
    row(np.strings.expandtabs, "scalar", lambda i: np.strings.expandtabs(TEXT, i).tolist(), integers(), kind="constant")
for name in ("find", "rfind", "index", "rindex", "count", "startswith", "endswith"):
    search = getattr(np.strings, name)
    row(
        getattr(umath, name),
        "start",
        lambda i, f=search: f(np.strings.multiply(TEXT, 3), "b", i),
        integers(3),
        kind="constant",
    )
    row(getattr(umath, name), "end", lambda i, f=search: f(TEXT, TEXT, 0, i + 7), integers(2, 1), kind="constant")
for name, call in {
    "_center": lambda i: np.strings.center(TEXT, i + 5, "*"),
    "_ljust": lambda i: np.strings.ljust(TEXT, i + 5, "*"),
    "_rjust": lambda i: np.strings.rjust(TEXT, i + 5, "*"),
    "_zfill": lambda i: np.strings.zfill(TEXT, i + 5),
    "_expandtabs": lambda i: np.strings.expandtabs(TEXT, i + 3),
    "_expandtabs_length": lambda i: umath._expandtabs_length(TEXT, i + 3),
    "_replace": lambda i: np.strings.replace(TEXT, "b", "xyz", i),
    "_slice": lambda i: np.strings.slice(TEXT, i, 7),
}.items():
    if hasattr(umath, name):
        row(getattr(umath, name), "call", lambda i, call=call: call(i).tolist(), integers(3), kind="constant")
        row(getattr(umath, name), "scalar", lambda i, call=call: call(i).tolist(), integers(), kind="constant")

# Text, dates and records: a Tensor has none of them
REFUSED.append(("datetime_as_string", np.datetime_as_string, "numbers, not"))
if STRINGS:
    for name in ("capitalize", "lower", "swapcase", "title", "upper", "decode", "encode"):
        REFUSED.append((name, getattr(np.strings, name), "numbers, not text"))
    for f in (
        *(np.strings.center, np.strings.ljust, np.strings.rjust, np.strings.zfill),
        *(np.strings.translate, np.strings.partition, np.strings.rpartition),
        *(np.char.split, np.char.rsplit, np.char.splitlines),
    ):
        REFUSED.append((f.__name__, lambda x, f=f: f(x, "7"), "numbers, not text"))
    REFUSED.append(("join", lambda x: np.char.join(TEXT, x), "numbers, not text"))
    REFUSED.append(("replace", lambda x: np.strings.replace(x, "a", "b"), "numbers, not text"))
for f in (
    *(np.char.equal, np.char.not_equal, np.char.less),
    *(np.char.less_equal, np.char.greater, np.char.greater_equal),
):
    REFUSED.append((f"{f.__name__}", lambda x, f=f: f(TEXT, x), "numbers, not text"))
with_numbers = {row.fn for row in rows}
REFUSED += [
    (f.__name__, lambda x, f=f: f(*(x,) * f.nin), "numbers, not text")
    for f in vars(umath).values()
    if isinstance(f, np.ufunc) and not f.types and f not in with_numbers
]
for f, call in {
    rf.structured_to_unstructured: rf.structured_to_unstructured,
    rf.unstructured_to_structured: rf.unstructured_to_structured,
    rf.apply_along_fields: lambda x: rf.apply_along_fields(np.mean, x),
    rf.append_fields: lambda x: rf.append_fields(np.zeros(3, [("a", float)]), "b", x),
    rf.rec_append_fields: lambda x: rf.rec_append_fields(np.zeros(3, [("a", float)]), "b", x),
    rf.drop_fields: lambda x: rf.drop_fields(x, "a"),
    rf.rec_drop_fields: lambda x: rf.rec_drop_fields(x, "a"),
    rf.rename_fields: lambda x: rf.rename_fields(x, {"a": "b"}),
    rf.repack_fields: rf.repack_fields,
    rf.require_fields: lambda x: rf.require_fields(x, [("a", float)]),
    rf.recursive_fill_fields: lambda x: rf.recursive_fill_fields(x, np.zeros(3, [("a", float)])),
    rf.assign_fields_by_name: lambda x: rf.assign_fields_by_name(np.zeros(3, [("a", float)]), x),
    rf.merge_arrays: lambda x: rf.merge_arrays((x, x)),
    rf.stack_arrays: lambda x: rf.stack_arrays((x, x)),
    rf.join_by: lambda x: rf.join_by("a", x, x),
    rf.rec_join: lambda x: rf.rec_join("a", x, x),
    rf.find_duplicates: rf.find_duplicates,
}.items():
    REFUSED.append((f.__name__, call, "structured array"))
