"""Padding."""

import numpy as np

from .base import REFUSED, SINGULAR, booleans, distinct, integers, positive, real, row

WIDTHS = {
    "scalar": 2,
    "single": (1,),
    "pair": (2, 1),
    "nested_pair": ((0, 2),),
    "column": ((1,), (2,)),
    "each": ((1, 0), (0, 2)),
    "far": ((7, 4), (0, 9)),
    "array": np.array([[2, 1], [1, 3]]),
    "nothing": 0,
}


def with_(x, v):
    """``x``, and a Tensor where ``v`` is one: NumPy asks nothing but the array to be padded for its type."""
    return x + 0 * np.sum(v)


# Mode and options: what a row's name says, options, what is drawn from
MODES = [
    ("constant", {}, real, True),
    ("edge", {}, real, True),
    ("linear_ramp", {}, real, True),
    ("maximum", {}, distinct, True),
    ("mean", {}, real, True),
    ("median", {}, distinct, True),
    ("minimum", {}, distinct, True),
    ("reflect", {}, real, True),
    ("reflect", {"reflect_type": "odd"}, real, True),
    ("symmetric", {}, real, True),
    ("symmetric", {"reflect_type": "odd"}, real, True),
    ("wrap", {}, real, True),
]
for mode, options, draw, is_complex in MODES:
    name = "_".join([mode, *options.values()])
    compares = draw is distinct
    for form, width in WIDTHS.items():
        row(
            np.pad,
            f"{name}_{form}",
            lambda x, m=mode, o=options, w=width: np.pad(x, w, m, **o),
            draw(3, 4),
            complex=is_complex,
            compares=compares,
        )
    row(np.pad, f"{name}_1-d", lambda x, m=mode, o=options: np.pad(x, (2, 1), m, **o), draw(5), compares=compares)
    row(np.pad, f"{name}_of_one", lambda x, m=mode, o=options: np.pad(x, (2, 3), m, **o), draw(1), compares=compares)
    row(
        np.pad,
        f"{name}_3-d",
        lambda x, m=mode, o=options: np.pad(x, ((1, 1), (0, 0), (2, 0)), m, **o),
        draw(2, 1, 3),
        compares=compares,
    )
    row(np.pad, f"{name}_empty", lambda x, m=mode, o=options: np.pad(x, ((0, 0), (1, 2)), m, **o), draw(0, 3))
    row(np.pad, f"{name}_integers", lambda x, m=mode, o=options: np.pad(x, 2, m, **o), integers(3, 4), kind="constant")
for mode in ("maximum", "mean", "median", "minimum"):
    for label, length in (("scalar", 2), ("pair", (1, 3)), ("each", ((1, 2), (3, 9)))):
        row(
            np.pad,
            f"{mode}_length_{label}",
            lambda x, m=mode, n=length: np.pad(x, 2, m, stat_length=n),
            distinct(3, 4),
            complex=True,
            compares=mode != "mean",
        )
for mode, option in (("constant", "constant_values"), ("linear_ramp", "end_values")):
    for label, value in (("scalar", 1.5), ("pair", (1.5, -2)), ("each", ((1, 2), (-3, 9))), ("column", ((1,), (2,)))):
        row(
            np.pad,
            f"{mode}_by_{label}",
            lambda x, m=mode, o=option, v=value: np.pad(x, ((2, 1), (1, 3)), m, **{o: v}),
            real(3, 4),
            complex=True,
        )
    for shape in ((), (1,), (2,), (1, 2), (2, 1), (2, 2)):
        row(
            np.pad,
            f"{mode}_by_tensor_{shape}".replace(" ", ""),
            lambda x, v, m=mode, o=option: np.pad(with_(x, v), ((2, 1), (1, 3)), m, **{o: v}),
            real(3, 4),
            positive(*shape),
        )
    row(
        np.pad,
        f"{mode}_by_tensors",
        lambda x, m=mode, o=option: np.pad(x, 2, m, **{o: ((x[0, 0], 1.0), (2.0, x[1, 2]))}),
        real(3, 4),
        complex=True,
    )
row(np.pad, "default", lambda x: np.pad(x, 1), real(2, 3), complex=True)
row(np.pad, "keywords", lambda x: np.pad(x, pad_width=((1, 2),), mode="constant", constant_values=3), real(2, 3))
row(np.pad, "0-d", lambda x: np.pad(x, 0), real())
row(np.pad, "of_empty", lambda x: np.pad(x, 1), real(0, 3), complex=True)
row(np.pad, "booleans", lambda x: np.pad(x, 1, "edge") * 1, booleans(2, 3), kind="constant")
row(np.pad, "empty", lambda x: np.pad(x, ((1, 2), (0, 1)), "empty")[1:-2, :-1], real(2, 3), complex=True)
try:
    np.pad(np.zeros(1), {0: 1})
except TypeError:  # an older NumPy
    pass
else:
    row(np.pad, "dict", lambda x: np.pad(x, {0: (1, 2), -1: 1}), real(2, 3), complex=True)
    row(np.pad, "dict_one", lambda x: np.pad(x, {1: (2, 0)}, "reflect"), real(2, 3), complex=True)


def doubled(vector, pad, axis, options):
    """A user's mode: twice what lies at the edge, plus something for each axis."""
    before, after = pad
    if before:
        vector[:before] = options.get("factor", 2) * vector[before] + axis
    if after:
        vector[-after:] = vector[-after - 1]


row(np.pad, "function", lambda x: np.pad(x, ((1, 2), (2, 0)), doubled), real(2, 3), complex=True)
row(np.pad, "function_options", lambda x: np.pad(x, 1, doubled, factor=3), real(4), complex=True)

SINGULAR += [
    ("pad-maximum-tie", lambda x: np.pad(x, (1, 0), "maximum"), ([2.0, 2.0],), ([1.5, 1.5],)),
    ("pad-symmetric-far", lambda x: np.pad(x, (0, 5), "symmetric"), ([2.0, 3.0],), ([3.0, 4.0],)),
]
REFUSED += [
    ("pad-mode", lambda x: np.pad(x, 1, "nearest"), "np.pad.*nearest"),
    ("pad-option", lambda x: np.pad(x, 1, "edge", constant_values=1), "np.pad.*edge.*constant_values"),
    ("pad-negative", lambda x: np.pad(x, -1), "np.pad.*pad_width"),
    ("pad-float", lambda x: np.pad(x, 1.5), "np.pad.*pad_width.*float64"),
    ("pad-widths", lambda x: np.pad(x, (1, 2, 3)), "broadcast"),
    ("pad-empty-axis", lambda x: np.pad(x[:0], 1, "edge"), "np.pad.*empty axis.*edge"),
    ("pad-complex-constant", lambda x: np.pad(x, 1, constant_values=x[0] * 1j), "(?i)cast"),
    ("pad-length-0", lambda x: np.pad(x, 1, "maximum", stat_length=0), "zero-size"),
]
