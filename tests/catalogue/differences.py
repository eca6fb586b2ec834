"""Differences, integrals and interpolation."""

import numpy as np

from .base import REFUSED, SINGULAR, booleans, distinct, integers, positive, real, row, unit

row(np.diff, "call", np.diff, real(4), complex=True)
row(np.diff, "rows", np.diff, real(3, 4), complex=True)
row(np.diff, "n", lambda x: np.diff(x, 2, axis=0), real(4, 3), complex=True)
row(np.diff, "n_all", lambda x: np.diff(x, n=5), real(2, 4), complex=True)
row(np.diff, "n_0", lambda x: np.diff(x * 1, 0), real(2, 4), complex=True)
row(np.diff, "axis-2", lambda x: np.diff(x, axis=-2), real(2, 3, 2), complex=True)
row(np.diff, "empty", np.diff, real(2, 0))
row(np.diff, "prepend", lambda x, a: np.diff(x, prepend=a), real(2, 3), real(2, 2), complex=True)
row(np.diff, "append", lambda x, b: np.diff(x, axis=0, append=b), real(2, 3), real(1, 3), complex=True)
row(np.diff, "scalars", lambda x, a, b: np.diff(x, 2, prepend=a, append=b), real(2, 3), real(), real(), complex=True)
row(np.diff, "numbers", lambda x: np.diff(x, axis=0, prepend=2, append=[[1.0, 2, 3]]), real(2, 3), complex=True)
row(np.diff, "of_numbers", lambda a: np.diff([1.0, 2.0], prepend=a), real(2), complex=True)
row(np.diff, "integers", np.diff, integers(2, 3), kind="constant")
row(np.diff, "booleans", np.diff, booleans(2, 3), kind="constant")
row(np.diff, "integers_append", lambda x, b: np.diff(x, append=b), integers(2, 3), real(2, 1))

row(np.ediff1d, "call", np.ediff1d, real(5), complex=True)
row(np.ediff1d, "2-d", np.ediff1d, real(2, 3), complex=True)
row(np.ediff1d, "0-d", np.ediff1d, real(), complex=True)
row(np.ediff1d, "empty", np.ediff1d, real(0))
row(np.ediff1d, "ends", lambda x, b, a: np.ediff1d(x, b, a), real(4), real(2), real(2, 2))
row(np.ediff1d, "own_ends", lambda x: np.ediff1d(x, x[:2], x[3]), real(4), complex=True)
row(np.ediff1d, "to_end", lambda x: np.ediff1d(x, to_end=[2, 3]), real(4), complex=True)
row(np.ediff1d, "to_begin", lambda x: np.ediff1d(x, to_begin=1.5), real(4), complex=True)
row(np.ediff1d, "empty_ends", lambda x, a: np.ediff1d(x, to_begin=a), real(0), real(2))
row(np.ediff1d, "integers", lambda x: np.ediff1d(x, to_end=7), integers(4), kind="constant")
row(np.ediff1d, "of_numbers", lambda b: np.ediff1d([1.0, 4.0], to_end=b), real())

POINTS = np.array([0.0, 0.5, 1.5, 1.75, 3.0])
for order in (1, 2):
    options = {"edge_order": order}
    row(np.gradient, f"call_{order}", lambda f, o=options: np.gradient(f, **o), real(5), complex=True)
    row(np.gradient, f"axes_{order}", lambda f, o=options: np.gradient(f, **o), real(3, 4), complex=True)
    row(np.gradient, f"axis_{order}", lambda f, o=options: np.gradient(f, axis=-2, **o), real(3, 2), complex=True)
    row(np.gradient, f"short_{order}", lambda f, o=options: np.gradient(f, 0.5, **o), real(order + 1), complex=True)
    row(
        np.gradient,
        f"some_axes_{order}",
        lambda f, o=options: np.gradient(f, 0.5, axis=(2, 0), **o),
        real(3, 1, 4),
        complex=True,
    )
    row(
        np.gradient,
        f"spacing_{order}",
        lambda f, h, o=options: np.gradient(f, h, **o),
        real(4, 3),
        positive(),
    )
    row(
        np.gradient,
        f"spacings_{order}",
        lambda f, h, k, o=options: np.gradient(f, h, k, **o),
        real(4, 3),
        positive(),
        positive(),
    )
    row(
        np.gradient,
        f"points_{order}",
        lambda f, x, o=options: np.gradient(f, np.cumsum(x), **o),
        real(5),
        positive(5),
    )
    row(
        np.gradient,
        f"points_and_spacing_{order}",
        lambda f, x, h, o=options: np.gradient(f, h, np.cumsum(x), **o),
        real(3, 5),
        positive(5),
        positive(),
    )
    rows_of = ("plain", POINTS), ("even", np.arange(5) * 0.5), ("list", [0, 1, 3, 4, 6])
    for label, points in rows_of:
        row(
            np.gradient,
            f"{label}_points_{order}",
            lambda f, o=options, p=points: np.gradient(f, p, axis=1, **o),
            real(2, 5),
            complex=True,
        )
    row(
        np.gradient,
        f"scaled_points_{order}",
        lambda f, h, o=options: np.gradient(f, np.arange(5) * h, **o),
        real(5),
        positive(),
    )
    row(np.gradient, f"of_numbers_{order}", lambda h, o=options: np.gradient([1.0, 4, 2, 7], h, **o), positive())
    row(np.gradient, f"integers_{order}", lambda f, o=options: np.gradient(f, **o), integers(4), kind="constant")
row(np.gradient, "integer_points", lambda f, x: np.gradient(f, np.cumsum(x + 1)), real(4), integers(4))

row(np.trapezoid, "call", np.trapezoid, real(5), complex=True)
row(np.trapezoid, "rows", np.trapezoid, real(2, 5), complex=True)
row(np.trapezoid, "dx", lambda y, dx: np.trapezoid(y, dx=dx, axis=0), real(4, 3), real(), complex=True)
row(np.trapezoid, "dx_number", lambda y: np.trapezoid(y, dx=0.25), real(4), complex=True)
row(np.trapezoid, "x", np.trapezoid, real(5), real(5), complex=True)
row(np.trapezoid, "x_1-d", lambda y, x: np.trapezoid(y, x, axis=1), real(2, 4, 3), real(4), complex=True)
row(np.trapezoid, "x_2-d", lambda y, x: np.trapezoid(y, x, axis=0), real(4, 3), real(4, 3), complex=True)
row(np.trapezoid, "x_broadcast", lambda y, x: np.trapezoid(y, x, axis=-1), real(2, 3, 4), real(3, 4), complex=True)
row(np.trapezoid, "of_numbers", lambda x: np.trapezoid([1, 2, 4], x), real(3))
row(np.trapezoid, "at_numbers", lambda y: np.trapezoid(y, [0, 1, 3]), real(3), complex=True)
row(np.trapezoid, "integers", np.trapezoid, integers(5), kind="constant")
row(np.trapezoid, "single", np.trapezoid, real(1))

row(np.unwrap, "call", lambda p: np.unwrap(9 * p), distinct(8))
row(np.unwrap, "rows", lambda p: np.unwrap(9 * p), distinct(3, 4))
row(np.unwrap, "axis", lambda p: np.unwrap(9 * p, axis=0), distinct(4, 3))
row(np.unwrap, "discont", lambda p: np.unwrap(9 * p, 5.0, axis=-2), distinct(4, 3))
row(np.unwrap, "period", lambda p: np.unwrap(9 * p, period=1.5), distinct(8))
row(np.unwrap, "period_tensor", lambda p, t: np.unwrap(9 * p + 0 * t, period=t), distinct(8), positive())
row(np.unwrap, "integers", lambda p: np.unwrap(5 * p, period=4), integers(6), kind="constant")
row(np.unwrap, "integers_float", lambda p: np.unwrap(5 * p), integers(6), kind="constant")
row(np.unwrap, "single", np.unwrap, real(2, 1))

GRID = np.array([-2.0, -0.9, -0.1, 0.7, 2.3])
AT = np.array([[-3.0, -1.7, 0.2], [0.65, 1.9, 5.0]])
row(np.interp, "call", lambda x, fp: np.interp(x, GRID, fp), real(3, 4), real(5))
row(np.interp, "0-d", lambda x, fp: np.interp(x, GRID, fp), real(), real(5))
row(np.interp, "number", lambda fp: np.interp(0.5, GRID, fp), real(5), complex=True)
row(np.interp, "points", lambda x, xp, fp: np.interp(x, np.cumsum(xp) - 3, fp), real(3, 4), positive(5), real(5))
row(np.interp, "outside", lambda xp, fp: np.interp(AT, np.cumsum(xp) - 3, fp), positive(5), real(5))
row(np.interp, "complex", lambda fp: np.interp(AT, GRID, fp), real(5), complex=True)
row(np.interp, "complex_all", lambda x, xp, fp: np.interp(x, xp, fp + 1j * fp**2), real(4), distinct(5), real(5))
row(
    np.interp,
    "left_right",
    lambda x, xp, fp, a, b: np.interp(x + 0 * a + 0 * b, np.cumsum(xp) - 2, fp, a, right=b),
    real(3, 4),
    positive(4),
    real(4),
    real(),
    real(),
)
row(np.interp, "left", lambda x, fp: np.interp(3 * x, GRID, fp, left=7), real(3, 4), real(5))
row(np.interp, "right", lambda fp: np.interp(AT, GRID, fp, None, -2), real(5), complex=True)
row(np.interp, "complex_right", lambda fp, b: np.interp(AT, GRID, fp + 1j + 0 * b, None, b), real(5), real())
row(np.interp, "one_point", lambda x, fp: np.interp(x, [0.0], fp, left=1), real(4), real(1))
row(np.interp, "one_point_around", lambda x, fp: np.interp(x, [0.0], fp), real(4), real(1))
row(np.interp, "lists", lambda x: np.interp(x, [0, 0.5 * x[1], 4], [x[1], 2, x[0]]), positive(2))
row(np.interp, "integers", lambda x: np.interp(x, [0, 1, 3], [4, 1, 2]), integers(4), kind="constant")
row(np.interp, "integers_fp", lambda x, fp: np.interp(x + 0.5, [0, 1, 3], fp), integers(4), real(3))
row(np.interp, "twice_the_same", lambda fp: np.interp([0.5, 1.5, 1.0], [0, 1, 1, 2], fp), real(4), compares=True)
row(np.interp, "period", lambda x, fp: np.interp(4 * x, [3.2, 0.4, 1.3], fp, period=2.5), real(3, 4), real(3))
row(
    np.interp,
    "period_tensors",
    lambda x, xp, fp, t: np.interp(3 * x, 2 * xp, fp + 0 * t, period=t),
    unit(5),
    distinct(4),
    real(4),
    positive(),
)
row(np.interp, "period_ignores", lambda fp: np.interp(AT, GRID, fp, 1, 2, period=-3), real(5), complex=True)

_GRID = [0.0, 1.0, 3.0]
SINGULAR += [
    # at a point, the mean of the slopes beside it; beyond the last one 0
    ("interp-at-points", lambda x: np.interp(x, _GRID, [0.0, 2.0, 1.0]), ([0.0, 1.0, 3.0],), ([1.0, 0.75, -0.25],)),
    (
        "interp-at-points-xp",
        lambda xp: np.interp([1.0], xp, [0.0, 2.0, 1.0]),
        (_GRID,),
        ([0.0, -0.75, 0.0],),
    ),
    ("interp-at-points-fp", lambda fp: np.interp(_GRID, _GRID, fp), ([0.0, 2.0, 1.0],), ([1.0, 1.0, 1.0],)),
    ("interp-step", lambda fp: np.interp([1.0], [0.0, 1.0, 1.0, 2.0], fp), ([0.0, 1.0, 2.0, 3.0],), ([0, 0, 1.0, 0],)),
    ("interp-step-x", lambda x: np.interp(x, [0.0, 1, 1, 2], [0.0, 1, 2, 5]), ([1.0],), ([2.0],)),
    # the gradient of coordinates that happen to be evenly spaced
    (
        "gradient-even",
        lambda x: np.gradient([0.0, 1.0, 4.0], x)[1],
        ([0.0, 1.0, 2.0],),
        ([0.0, 2.0, -2.0],),
    ),
]
REFUSED += [
    ("diff-n", lambda x: np.diff(x, -1), "np.diff.*-1"),
    ("diff-0-d", lambda x: np.diff(x[0, 0]), "np.diff.*dimension"),
    ("ediff1d-cast", lambda x: np.ediff1d(x, to_end=1j * x), "np.ediff1d.*to_end.*complex"),
    ("gradient-spacings", lambda x: np.gradient(x, 1, 2, 3), "np.gradient.*3 spacings"),
    ("gradient-edge_order", lambda x: np.gradient(x, edge_order=3), "np.gradient.*edge_order=3"),
    ("gradient-points", lambda x: np.gradient(x, [1, 2], axis=0), "np.gradient.*coordinates"),
    ("gradient-short", lambda x: np.gradient(x[:2], edge_order=2), "np.gradient.*axis 0 has 2"),
    ("interp-complex", lambda x: np.interp(1j * x, _GRID, _GRID), "(?i)cast"),
    ("interp-period", lambda x: np.interp(x, _GRID, _GRID, period=0), "np.interp.*period"),
    ("interp-lengths", lambda x: np.interp(x, _GRID, [1.0, 2.0]), "length"),
    ("interp-period-lengths", lambda x: np.interp(x, _GRID, [1.0, 2.0], period=3), "length"),
]
