"""Choosing by conditions, functions along axes, sorting."""

import numpy as np
from numpy._core import umath

from .base import COND, REFUSED, SINGULAR, booleans, distinct, filled, integers, over_one, real, row, unit

row(np.select, "call", lambda x, y: np.select([COND, ~COND], [x, y]), real(2, 3), real(2, 3), complex=True)
row(np.select, "default", lambda x: np.select([COND], [x], 2 * x[0]), real(2, 3), complex=True)
row(np.select, "first_wins", lambda x, y: np.select([COND, COND], [x, y], 2.5), real(2, 3), real(2, 3), complex=True)
row(np.select, "broadcast", lambda x, y: np.select([COND, COND[0]], [x, y]), real(3), real(2, 1), complex=True)
row(np.select, "own_conditions", lambda x: np.select([x < -1, x < 1], [-x, x * x], 3 * x), distinct(3, 4))
row(np.select, "numbers", lambda x: np.select([COND, ~COND], [1.5, x], 2), real(2, 3), complex=True)
row(np.select, "tensor_conditions", lambda x, c: np.select([c, ~c], [x, 1]), real(4), booleans(4), complex=True)
row(np.select, "of_conditions", lambda x, c: np.select(c, [x, 2 * x]), real(4), booleans(2, 4), complex=True)
row(np.select, "lists", lambda x: np.select([[True, False]], [x], [x[0], 2]), real(2), complex=True)
row(np.select, "0-d", lambda x: np.select([True], [x], 2 * x), real(), complex=True)
row(np.select, "empty", lambda x: np.select([np.zeros((0, 3), bool)], [x]), real(3), complex=True)

row(np.piecewise, "call", lambda x: np.piecewise(x, [x < 0, x >= 0], [lambda v: v * v, np.sqrt]), distinct(3, 4))
row(np.piecewise, "otherwise", lambda x: np.piecewise(x, [x < -1, x > 1], [-1, np.square, np.exp]), distinct(3, 4))
row(np.piecewise, "one_condition", lambda x: np.piecewise(x, x > 0, [np.exp, np.sin]), distinct(5))
row(np.piecewise, "last_wins", lambda x: np.piecewise(x, [x > -1, x > 1], [np.exp, np.sin, 0.5]), distinct(5))
row(
    np.piecewise,
    "arguments",
    lambda x: np.piecewise(x, [COND], [lambda v, a, b: a * v**b, 2], x[0, 0], b=3),
    real(2, 3),
    complex=True,
)
row(np.piecewise, "tensor_value", lambda x: np.piecewise(x, [COND], [x[0, 0], np.sin]), real(2, 3), complex=True)
row(np.piecewise, "numbers", lambda x: np.piecewise(x, [x < 0, x >= 0], [-1, 1]), real(4), kind="constant")
row(np.piecewise, "0-d", lambda x: np.piecewise(x, [x > 9, x < 9], [1.0, np.exp]), real())
row(np.piecewise, "0-d_scalar", lambda x: np.piecewise(x, True, [np.exp]), real(), complex=True)
row(np.piecewise, "empty_part", lambda x: np.piecewise(x, [x > 99], [np.log, np.exp]), real(3))
row(np.piecewise, "of_plain", lambda c: np.piecewise(np.arange(4.0), [c], [np.exp]), booleans(4), kind="constant")

row(np.apply_along_axis, "to_0-d", lambda x: np.apply_along_axis(np.sum, 0, x * x), real(3, 4), complex=True)
row(np.apply_along_axis, "last", lambda x: np.apply_along_axis(lambda r: r[0] * r[-1], -1, x), real(2, 3), complex=True)
row(np.apply_along_axis, "to_1-d", lambda x: np.apply_along_axis(np.cumprod, 1, x), real(2, 3, 2), complex=True)
row(np.apply_along_axis, "to_2-d", lambda x: np.apply_along_axis(np.diag, 1, x), real(2, 3, 2), complex=True)
row(np.apply_along_axis, "of_1-d", lambda x: np.apply_along_axis(np.flip, 0, x), real(3), complex=True)
row(
    np.apply_along_axis,
    "arguments",
    lambda x: np.apply_along_axis(lambda r, n, p=1: r[::n] ** p, 0, x, 2, p=3),
    real(3, 2),
    complex=True,
)
row(np.apply_along_axis, "to_list", lambda x: np.apply_along_axis(lambda r: [r[0], 2, r[1]], 0, x), real(2, 3))
row(np.apply_along_axis, "same_row", lambda x: np.apply_along_axis(lambda r: r, 1, x), real(2, 3), complex=True)
row(np.apply_along_axis, "index", lambda x: np.apply_along_axis(np.argmax, 1, x), real(2, 3), kind="constant")
row(np.apply_along_axis, "size", lambda x: np.apply_along_axis(lambda r: r.size / 2, 0, x), real(2, 3), kind="constant")
row(np.apply_over_axes, "call", lambda x: np.apply_over_axes(np.sum, x * x, [0, 2]), real(2, 3, 2), complex=True)
row(np.apply_over_axes, "axis", lambda x: np.apply_over_axes(np.prod, x, -1), real(2, 3), complex=True)
row(np.apply_over_axes, "kept", lambda x: np.apply_over_axes(np.cumsum, x, (0, 1)), real(2, 3), complex=True)

row(np.choose, "broadcast", lambda x, y: np.choose([[0], [1]], [x, y]), real(3), real(2, 1), complex=True)
row(np.choose, "wrap_out", lambda x: np.choose([5, -3], [x, 1.5], filled(x, 2), "wrap"), real(2), complex=True)
row(np.choose, "lists", lambda x: np.choose([1, 0], [[x[0], 2], x]), real(2), complex=True)
row(np.choose, "0-d", lambda x, y: np.choose(1, [x, y]), real(), real(), complex=True)
row(np.choose, "one", lambda x: np.choose([0, 0], [x], mode="raise"), real(2), complex=True)
row(np.compress, "tensor", lambda x, c: np.compress(c, x, axis=1), real(2, 3), booleans(3), complex=True)
row(np.compress, "short", lambda x: np.compress([False, True], x, axis=0), real(4, 2), complex=True)
row(np.extract, "integers", lambda x, i: np.extract(i, x), real(2, 3), integers(2, 3), complex=True)
row(np.ix_, "mask", lambda c: np.ix_(c, [1, 2]), booleans(3), kind="constant")

for kind in ("quicksort", "mergesort"):
    row(np.sort, kind, lambda x, k=kind: np.sort(x, kind=k, order=None), distinct(2, 4), complex=True)
row(np.sort, "axis_negative", lambda x: np.sort(x, axis=-2), distinct(3, 2, 2), complex=True)
row(np.partition, "order", lambda x: np.partition(x, [0, 2], -1, order=None), distinct(2, 4), complex=True)
row(np.sort_complex, "call", np.sort_complex, distinct(2, 4), complex=True)
row(np.sort_complex, "1-d", np.sort_complex, distinct(5), complex=True)
row(np.sort_complex, "integer", lambda i: np.sort_complex(i.astype(np.int16)), integers(5), kind="constant")
row(np.lexsort, "axis", lambda x: np.lexsort(x, axis=0), distinct(2, 3, 2), kind="constant")
row(np.searchsorted, "sorter", lambda x: np.searchsorted(x, 0.3, sorter=np.argsort(x)), distinct(4), kind="constant")

if hasattr(umath, "clip"):
    row(umath.clip, "ufunc", umath.clip, distinct(3, 4), unit(4), over_one(3, 1))
    row(umath.clip, "plain_method", lambda a, b: np.linspace(-3, 3, 7, dtype=np.float32).clip(a, b), unit(), over_one())
    row(umath.clip, "ufunc_complex", lambda x: umath.clip(x, -0.7, 0.9), distinct(3, 4), complex=True)
    SINGULAR += [
        (
            "clip-ufunc",
            lambda a, b, c: umath.clip(a, b, c),
            ([0.0, 1.0, 1.5, 2.0, np.nan], [1.0] * 5, [2.0] * 5),
            ([0.0, 0.5, 1.0, 0.5, 1.0], [1.0, 0.5, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.5, 0.0]),
        )
    ]


def quietly(call):
    """``call`` without a word about logarithms and roots of what they do not take."""

    def run(*args):
        with np.errstate(all="ignore"):
            return call(*args)

    return run


# What was not chosen has no gradient, also where it has no derivative
INPUTS, GRADIENTS = ([-1.0, 0.0, 4.0],), ([0.0, 0.0, 0.25],)
SINGULAR += [
    ("select-log", quietly(lambda x: np.select([x > 0], [np.log(x)], 0)), INPUTS, GRADIENTS),
    ("select-sqrt", quietly(lambda x: np.select([x <= 0, x > 0], [0, np.sqrt(x)])), INPUTS, GRADIENTS),
    ("select-default", quietly(lambda x: np.select([x <= 0], [x * 0], np.log(x))), INPUTS, GRADIENTS),
    ("piecewise-inside", lambda x: np.piecewise(x, [x > 0], [np.log, 0]), INPUTS, GRADIENTS),
    ("piecewise-log", quietly(lambda x: np.piecewise(np.log(x), [x > 0], [np.positive, 0])), INPUTS, GRADIENTS),
    ("choose-log", quietly(lambda x: np.choose(x > 0, [0 * x, np.log(x)])), INPUTS, GRADIENTS),
    ("choose-sqrt", quietly(lambda x: np.choose([0, 0, 1], [1.5, np.sqrt(x)])), INPUTS, GRADIENTS),
    ("compress-log", quietly(lambda x: np.compress([False, False, True], np.log(x))), INPUTS, GRADIENTS),
    ("delete-log", quietly(lambda x: np.delete(np.log(x), [0, 1])), INPUTS, GRADIENTS),
    ("trim_zeros-sqrt", lambda x: np.trim_zeros(np.sqrt(x)), ([0.0, 4.0],), ([0.0, 0.25],)),
]

REFUSED += [
    ("select-lengths", lambda x: np.select([COND], [x, x]), "np.select.*conditions"),
    ("select-integers", lambda x: np.select([[0, 1, 1]], [x]), "np.select.*bools"),
    ("piecewise-lengths", lambda x: np.piecewise(x, [x > 0], [1, 2, 3]), "np.piecewise.*functions"),
    ("apply_along_axis-no_rows", lambda x: np.apply_along_axis(np.sum, 0, x[:, :0]), "np.apply_along_axis.*no rows"),
    ("apply_over_axes-shape", lambda x: np.apply_over_axes(lambda a, axis: np.sum(a), x, 0), "np.apply_over_axes"),
    ("choose-index", lambda x: np.choose([0, 3, 1], x), "choice"),
]
