"""Special functions, what takes the place of a nan, and the methods of ufuncs that have a derivative of their own."""

import numpy as np

from gradarray.registry import find

from .base import (
    EXTREMES_INTO_OUT,
    REFUSED,
    SINGULAR,
    Input,
    distinct,
    filled,
    integers,
    like,
    mask,
    positive,
    real,
    row,
)

_INF, _NAN = np.inf, np.nan


def _wide(rng, shape, complex):
    """Numbers from small to large, of either sign."""
    return np.exp(rng.uniform(-6, 4, shape)) * rng.choice([-1.0, 1.0], shape)


def wide(*shape):
    return Input(shape, _wide)


row(np.i0, "call", np.i0, real(3, 4), kind="elementwise")
row(np.i0, "wide", lambda x: np.log(np.i0(x)), wide(4, 5))
row(np.sinc, "call", np.sinc, real(3, 4), complex=True, kind="elementwise")
row(np.sinc, "small", lambda x: np.sinc(x / 100), real(3, 4), complex=True)
row(np.sinc, "large", lambda x: np.sinc(10 * x), real(3, 4))

_HOLES = np.array([[1, _NAN, 1], [_INF, 1, -_INF]])
row(np.nan_to_num, "finite", np.nan_to_num, real(2, 3), complex=True)
row(np.nan_to_num, "0-d", np.nan_to_num, real(), complex=True)
row(np.nan_to_num, "integers", lambda x, n: np.nan_to_num(n) * x, real(3), integers(3))


def _with_holes(x):
    return np.where(np.isfinite(_HOLES), x, _HOLES)


row(np.nan_to_num, "given", lambda x: np.nan_to_num(_with_holes(x), nan=0.5, posinf=2, neginf=-2.0), real(2, 3))
row(np.nan_to_num, "in_place", lambda x: np.nan_to_num(_with_holes(x), False, 0.5, 2, -2), real(2, 3))
row(
    np.nan_to_num,
    "complex",
    lambda x: np.nan_to_num(np.where(np.isnan(_HOLES), _NAN, x) + 2j * x, nan=3.0),
    real(2, 3),
    complex=True,
)
row(np.nan_to_num, "array", lambda x, y: np.nan_to_num(_with_holes(x) + 0 * y, True, y, 1, 1), real(2, 3), real(3))

row(np.real_if_close, "far", np.real_if_close, real(2, 3), complex=True)
row(np.real_if_close, "close", lambda z: np.real_if_close(z + 0j, 1e17), real(2, 3), complex=True)
row(np.real_if_close, "absolute", lambda z: np.real_if_close(1e-3 * z, 1), real(2, 3), complex=True)

for f in (np.maximum, np.minimum, np.fmax, np.fmin):
    row(f, "accumulate", f.accumulate, distinct(5, 3), complex=True, compares=True)
    row(f, "accumulate_axis", lambda x, f=f: f.accumulate(x, -1), distinct(2, 4, 3), complex=True, compares=True)
    row(f, "accumulate_out", lambda x, f=f: f.accumulate(x, 1, out=like(x)), distinct(2, 4), compares=True)
    row(f, "accumulate_dtype", lambda x, f=f: f.accumulate(x, dtype=np.float64), distinct(4), compares=True)
    row(f, "accumulate_empty", lambda x, f=f: f.accumulate(x, 1), distinct(2, 0), compares=True)
for f in (np.fmax, np.fmin):
    row(f, "reduce", f.reduce, distinct(3, 4), complex=True, compares=True)
    row(f, "reduce_axes", lambda x, f=f: f.reduce(x, (0, -1), keepdims=True), distinct(3, 2, 4), compares=True)
    row(f, "reduce_all", lambda x, f=f: f.reduce(x, None), distinct(3, 4), compares=True)
    row(f, "reduce_where", lambda x, f=f: f.reduce(x, 1, where=mask((3, 4)), initial=0), distinct(3, 4), compares=True)
    if EXTREMES_INTO_OUT:
        row(f, "reduce_out", lambda x, f=f: f.reduce(x, out=filled(x, 4)), distinct(3, 4), compares=True)
    row(f.reduce, f"{f.__name__}_nan", lambda x, f=f: f.reduce(np.where(mask((4, 3)), x, _NAN)), distinct(4, 3))

for f, draw, is_complex in (
    (np.logaddexp, real, False),
    (np.logaddexp2, real, False),
    (np.hypot, real, False),
    (np.subtract, real, True),
    (np.divide, positive, True),
):
    name, several = f.__name__, f not in (np.subtract, np.divide)
    row(f, "reduce", f.reduce, draw(3, 4), complex=is_complex)
    row(
        f.reduce, f"{f.__name__}_axis", lambda x, f=f: f.reduce(x, -2, keepdims=True), draw(2, 3, 4), complex=is_complex
    )
    row(f, "reduce_initial", lambda x, f=f: f.reduce(x, 1, initial=0.7), draw(3, 4), complex=is_complex)
    row(f, "reduce_where", lambda x, f=f: f.reduce(x, 1, where=mask((3, 4)), initial=0.7), draw(3, 4))
    row(f, "reduce_out", lambda x, f=f: f.reduce(x, out=filled(x, 4)), draw(3, 4), complex=is_complex)
    row(f, "reduce_one", lambda x, f=f: f.reduce(x, (0,)), draw(1, 2), complex=is_complex)
    row(f, "reduce_none", lambda x, f=f: f.reduce(x, ()), draw(2, 2), complex=is_complex)
    if several:
        row(f, "reduce_axes", lambda x, f=f: f.reduce(x, (0, 2)), draw(3, 2, 4))
        row(f, "reduce_all", lambda x, f=f: f.reduce(x, axis=None), draw(3, 4))
        row(f, "reduce_large", lambda x, f=f: f.reduce(200 * x), draw(3, 4))
for f in (np.logaddexp, np.logaddexp2):
    row(f, "accumulate", f.accumulate, real(5, 3))
    row(f, "accumulate_axis", lambda x, f=f: f.accumulate(x, axis=-1), real(2, 4))
    row(f, "accumulate_out", lambda x, f=f: f.accumulate(x, 1, out=like(x)), real(2, 4))
    row(f.accumulate, f"{f.__name__}_large", lambda x, f=f: f.accumulate(400 * x), distinct(6))
    row(f.accumulate, f"{f.__name__}_rising", lambda x, f=f: f.accumulate(np.cumsum(200 * x)), positive(5))


def _slope(fn):
    """The derivative of a function of one argument, as a function that has one itself."""

    def slope(x):
        rule = find(fn)
        rule.prepare()
        return rule.derivatives[0].vjp(np.ones_like(x), x)

    return slope


_ROOT = 1 / np.sqrt(2)
SINGULAR += [
    ("i0-0", np.i0, ([0.0],), ([0.0],)),
    ("i0-0-twice", _slope(np.i0), ([0.0],), ([0.5],)),
    ("sinc-0-twice", _slope(np.sinc), ([0.0],), ([-(np.pi**2) / 3],)),
    ("sinc-tiny", np.sinc, ([1e-9],), ([-1e-9 * np.pi**2 / 3],)),
    ("sinc-0", np.sinc, ([0.0, 1.0],), ([0.0, -1.0],)),
    ("nan_to_num", np.nan_to_num, ([_NAN, _INF, -_INF, 2.0],), ([0.0, 0.0, 0.0, 1.0],)),
    ("nan_to_num-of-0/0", lambda x: np.nan_to_num(_quietly(x)), ([0.0, 2.0],), ([0.0, 1.0],)),
    ("maximum-accumulate-ties", np.maximum.accumulate, ([1.0, 1.0, 2.0, 0.0],), ([2.0, 0.0, 2.0, 0.0],)),
    ("minimum-accumulate-nan", np.minimum.accumulate, ([1.0, _NAN, 0.0],), ([1.0, 2.0, 0.0],)),
    ("fmax-accumulate-nan", np.fmax.accumulate, ([_NAN, 1.0, _NAN],), ([1.0, 2.0, 0.0],)),
    ("fmax-reduce-nan", np.fmax.reduce, ([_NAN, 1.0, 1.0],), ([0.0, 0.5, 0.5],)),
    ("fmin-reduce-all-nan", np.fmin.reduce, ([_NAN, _NAN],), ([0.5, 0.5],)),
    ("fmax-reduce-initial", lambda x: np.fmax.reduce(x, initial=5.0), ([3.0, 1.0],), ([0.0, 0.0],)),
    ("hypot-reduce-0", np.hypot.reduce, ([0.0, 0.0],), ([0.0, 0.0],)),
    ("hypot-reduce-tiny", np.hypot.reduce, ([1e-30, 1e-30],), ([_ROOT, _ROOT],)),
    ("logaddexp-reduce-inf", np.logaddexp.reduce, ([-_INF, -_INF],), ([0.5, 0.5],)),
    ("logaddexp-reduce-one-inf", np.logaddexp.reduce, ([-_INF, 3.0],), ([0.0, 1.0],)),
    ("logaddexp-reduce-large", np.logaddexp2.reduce, ([1e4, -1e4],), ([1.0, 0.0],)),
    ("logaddexp-accumulate-inf", np.logaddexp.accumulate, ([-_INF, -_INF, 3.0],), ([1.5, 0.5, 1.0],)),
    ("divide-reduce-0", np.divide.reduce, ([0.0, 2.0, 4.0],), ([0.125, 0.0, 0.0],)),
]
REFUSED += [
    ("power-reduce", np.power.reduce, "np.power.reduce"),
    ("hypot-accumulate", np.hypot.accumulate, "np.hypot.accumulate"),
    ("maximum-reduceat", lambda x: np.maximum.reduceat(x, [0, 1]), "np.maximum.reduceat"),
    ("fmax-reduce-initial", lambda x: np.fmax.reduce(x, initial=x[0, 0]), "np.fmax.reduce.*initial"),
    ("hypot-reduce-unknown", lambda x: np.hypot.reduce(x, order="C"), "order"),
]


def _quietly(x):
    with np.errstate(all="ignore"):
        return x * x / x
