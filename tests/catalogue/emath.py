"""Functions with an automatic domain."""

import numpy as np

from .base import Input, over_one, positive, real, row, unit


def _mixed(rng, shape, complex):
    """Numbers of which the first is negative, and real."""
    x = rng.uniform(1.2, 3, shape) * np.exp(1j * rng.uniform(-1.2, 1.2, shape) if complex else 0)
    x.flat[0] = -abs(x.flat[0])
    return x


def mixed(*shape):
    return Input(shape, _mixed)


for name in ("sqrt", "log", "log2", "log10"):
    f = getattr(np.emath, name)
    row(f, "emath", f, positive(3, 4), complex=True)
    row(f, "emath_negative", f, real(3, 4))
    row(f, "emath_mixed", f, mixed(2, 3))
    row(f, "emath_0-d", lambda x, f=f: f(-abs(x)), real())
for name in ("arccos", "arcsin", "arctanh"):
    f = getattr(np.emath, name)
    row(f, "emath", f, unit(3, 4), complex=True)
    row(f, "emath_beyond", f, over_one(3, 4), compares=f is not np.emath.arctanh)  # on a branch cut
    row(f, "emath_mixed", f, real(3, 4), compares=f is not np.emath.arctanh)
row(np.emath.logn, "call", np.emath.logn, over_one(3, 4), positive(4), complex=True)
row(np.emath.logn, "negative", np.emath.logn, mixed(3), mixed(2, 1))
row(np.emath.logn, "number", lambda x: np.emath.logn(2, x), real(3))
row(np.emath.logn, "list", lambda n: np.emath.logn(n, [-4.0, 8.0]), over_one(2))
row(np.emath.power, "emath", np.emath.power, positive(3, 4), real(4), complex=True)
row(np.emath.power, "emath_negative", np.emath.power, mixed(3), real(2, 1), compares=True)
row(np.emath.power, "emath_number", lambda x: np.emath.power(x, -2), positive(3), complex=True)
if (np.ones(2, np.float32) ** np.array(0.5)).dtype == np.float64:  # not so in NumPy 2.0, though np.power is
    row(np.emath.power, "emath_half", lambda x: np.emath.power(x, 0.5), mixed(3), compares=True)
row(np.emath.power, "emath_list", lambda x: np.emath.power(x, [2, -1, 3]), real(3))
row(np.emath.power, "emath_base", lambda p: np.emath.power([-2, 3], p), real(2), compares=True)
