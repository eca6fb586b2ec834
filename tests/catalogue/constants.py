"""Functions without a gradient."""

import io

import numpy as np

from .base import COND, booleans, distinct, fractional, integers, like, mask, over_one, quiet, real, row, unit

for f in (np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal):
    row(f, "call", f, real(3, 4), real(4), complex=True, kind="constant")
    row(f, "scalar", lambda x, f=f: f(x, 0.5), real(3, 4), complex=True, kind="constant")
    row(f, "out", lambda x, f=f: f(x, 0.5, out=np.zeros((3, 4), bool)), real(3, 4), kind="constant")
    row(f, "where", lambda x, f=f: f(x, 0.5, out=np.ones(3, bool), where=COND[0]), real(3), kind="constant")
    row(f, "outer", f.outer, real(3), real(2), kind="constant")
for f in (np.logical_and, np.logical_or, np.logical_xor):
    row(f, "call", f, real(3, 4), booleans(4), complex=True, kind="constant")
for f in (np.logical_and, np.logical_or, np.logical_xor):
    row(f, "reduce", f.reduce, real(3, 4), kind="constant")
for f in (np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.left_shift, np.right_shift, np.gcd, np.lcm):
    row(f, "call", f, integers(3, 4), integers(4), kind="constant")
    row(f, "scalar", lambda x, f=f: f(6, x), integers(3), kind="constant")
row(np.bitwise_or, "reduce", np.bitwise_or.reduce, integers(3, 4), kind="constant")
row(np.gcd, "accumulate", np.gcd.accumulate, integers(5), kind="constant")
for f in (np.invert, np.bitwise_count):
    row(f, "call", f, integers(3, 4), kind="constant")
    row(f, "0-d", f, integers(), kind="constant")
for f in (np.logical_not, np.isfinite, np.isinf, np.isnan):
    row(f, "call", f, real(3, 4), complex=True, kind="constant")
    row(f, "out", lambda x, f=f: f(x, out=np.zeros(3, bool)), real(3), complex=True, kind="constant")
NAT = np.datetime64("NaT", "D")
row(np.isnat, "call", lambda x: x * np.isnat(NAT), integers(3), kind="constant")
row(
    np.isnat,
    "where",
    lambda c: np.isnat(np.datetime64("NaT", "D"), where=c, out=np.zeros(3, bool)),
    booleans(3),
    kind="constant",
)
row(np.signbit, "call", np.signbit, real(3, 4), kind="constant")
row(np.signbit, "where", lambda x: np.signbit(x, out=np.ones(3, bool), where=COND[0]), real(3), kind="constant")
for f in (np.floor, np.ceil, np.trunc, np.spacing, np.sign, np.rint, np.round, np.around):
    is_complex = f in (np.sign, np.rint, np.round, np.around)
    row(f, "call", f, fractional(3, 4), complex=is_complex, kind="constant")
    row(f, "out", lambda x, f=f: f(x, out=like(x)), fractional(3, 4), complex=is_complex, kind="leaf")
if hasattr(np, "fix"):  # deprecated since NumPy 2.5
    row(np.fix, "call", quiet(np.fix), fractional(3, 4), kind="constant")
    row(np.fix, "0-d", quiet(np.fix), fractional(), kind="constant")
    row(np.fix, "out", quiet(lambda x: np.fix(x, out=like(x))), fractional(3, 4), kind="leaf")
if hasattr(np, "in1d"):  # deprecated since NumPy 2.0
    f = quiet(vars(np)["in1d"])
    row(vars(np)["in1d"], "call", f, integers(3, 4), real(2), kind="constant")
    row(vars(np)["in1d"], "options", lambda x, f=f: f(x, [0, 1], invert=True), integers(3, 4), kind="constant")
for f in (np.round, np.around):
    row(f, "decimals", lambda x, f=f: f(x, 1), fractional(3, 4), complex=True, kind="constant")
    row(f, "negative", lambda x, f=f: f(40 * x, decimals=-1), fractional(3, 4), complex=True, kind="constant")
row(np.floor_divide, "call", np.floor_divide, real(3, 4), over_one(4), kind="constant")
row(np.floor_divide, "out", lambda x: np.floor_divide(x, 0.3, out=like(x)), unit(3, 4), kind="leaf")
for f in (np.all, np.any, np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.count_nonzero):
    row(f, "call", f, real(3, 4), complex=True, kind="constant")
    row(f, "axis", lambda x, f=f: f(x, axis=-1, keepdims=True), real(3, 4), kind="constant")
for f in (np.all, np.any):
    row(f, "where", lambda x, f=f: f(x > 0, axis=1, where=mask((3, 4))), real(3, 4), kind="constant")
for f in (np.allclose, np.isclose, np.array_equal, np.array_equiv):
    row(f, "call", f, real(3, 4), real(3, 4), complex=True, kind="constant")
    row(f, "same", lambda x, f=f: f(x, 1 * x), real(3, 4), kind="constant")
for f in (np.isclose, np.allclose):
    row(f, "options", lambda x, y, f=f: f(x, y, rtol=0.5, atol=0.3, equal_nan=True), real(3), real(3), kind="constant")
row(np.argsort, "call", np.argsort, distinct(3, 4), complex=True, kind="constant")
row(np.argsort, "options", lambda x: np.argsort(x, axis=0, kind="stable"), distinct(3, 4), kind="constant")
row(np.argpartition, "flat", lambda x: np.argpartition(x, (1, 2), None), distinct(3, 4), complex=True, kind="constant")
row(np.argpartition, "call", lambda x: np.argpartition(x, 1, axis=0), distinct(3, 4), kind="constant")
row(np.lexsort, "call", lambda x, y: np.lexsort((x, y)), real(4), integers(4), kind="constant")
row(
    np.searchsorted,
    "call",
    lambda x, v: np.searchsorted(np.sort(x), v, side="right"),
    real(4),
    real(3),
    kind="constant",
)
row(np.digitize, "call", lambda x: np.digitize(x, [-1.0, 0.0, 1.0], right=True), real(5), kind="constant")
row(np.digitize, "falling", lambda x: np.digitize(x, [1.0, 0.0, -1.0]), real(5), kind="constant")
for f in (np.nonzero, np.flatnonzero, np.argwhere, np.shape, np.ndim, np.size):
    row(f, "call", f, real(3, 4), complex=True, kind="constant")
    row(f, "view", lambda x, f=f: f(np.floor(x).T[1:]), real(3, 4), kind="constant")
row(np.size, "axis", lambda x: np.size(x, axis=1), real(3, 4), kind="constant")
for f in (np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj, np.min_scalar_type):
    row(f, "call", f, real(), complex=True, kind="constant")
    row(f, "array", f, real(3), complex=True, kind="constant")
for f in (np.isposinf, np.isneginf):
    row(f, "call", f, real(3), kind="constant")
    row(f, "out", lambda x, f=f: f(x, np.zeros(3, bool)), real(3), kind="constant")
row(np.isin, "floats", lambda x, y: np.isin(x, np.append(x[:2], y)), real(4), real(2), complex=True, kind="constant")
row(np.isin, "options", lambda x: np.isin([1, 2], x, assume_unique=True, kind="sort"), real(3), kind="constant")
row(np.isin, "call", lambda x: np.isin(x, [0, 1], invert=True), integers(3, 4), kind="constant")
for f in (np.shares_memory, np.may_share_memory):
    row(f, "view", lambda x, f=f: f(x, x[1:]), real(3, 4), kind="constant")
    row(f, "other", f, real(3, 4), real(3, 4), kind="constant")
for f in (np.result_type, np.common_type):
    row(f, "call", lambda x, y, f=f: np.dtype(f(x, y)), real(3), real(2), complex=True, kind="constant")
    row(f, "one", lambda x, f=f: np.dtype(f(x)), real(3), complex=True, kind="constant")
row(np.can_cast, "casting", lambda x: np.can_cast(np.result_type(x), int, casting="unsafe"), real(3), kind="constant")
row(np.can_cast, "call", lambda x: np.can_cast(np.result_type(x), np.float32), real(3), kind="constant")
for f in (np.array_repr, np.array_str, np.array2string):
    row(f, "call", f, real(2, 3), complex=True, kind="constant")
for f in (np.array_repr, np.array_str):
    row(f, "options", lambda x, f=f: f(x, precision=2, max_line_width=20), real(5), kind="constant")
row(np.array2string, "options", lambda x: np.array2string(x, precision=2, separator=", "), real(2), kind="constant")


def written(save):
    """What a function wrote to a file."""

    def call(x):
        file = io.BytesIO()
        save(file, x)
        return file.getvalue()[-40 if save is np.savez_compressed else -1000 :] if save is np.savetxt else _read(file)

    return call


def _read(file):
    file.seek(0)
    loaded = np.load(file)
    return loaded if isinstance(loaded, np.ndarray) else loaded["arr_0"]


for f in (np.save, np.savez, np.savez_compressed, np.savetxt):
    row(f, "call", written(f), real(2, 3), kind="constant")
    row(f, "1-d", written(f), real(4), kind="constant")
row(np.ix_, "call", lambda i: np.ix_(i, [0, 1]), integers(3), kind="constant")
row(np.unravel_index, "call", lambda i: np.unravel_index(i, (2, 3), order="F"), integers(3), kind="constant")
row(np.unravel_index, "scalar", lambda i: np.unravel_index(i, 4), integers(), kind="constant")
row(
    np.ravel_multi_index,
    "options",
    lambda i: np.ravel_multi_index((i, i - 4), (2, 3), mode=("clip", "wrap"), order="F"),
    integers(3),
    kind="constant",
)
row(
    np.ravel_multi_index,
    "call",
    lambda i, j: np.ravel_multi_index((i, j), (3, 3)),
    integers(3),
    integers(3),
    kind="constant",
)
row(np.indices, "call", lambda i: np.indices((2, 3)) + i, integers(3), kind="constant")
row(np.indices, "sparse", lambda i: np.indices((2, 3), float, sparse=True)[1] * i, integers(3), kind="constant")
