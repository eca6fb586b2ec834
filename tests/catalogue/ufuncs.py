"""Universal functions, and complex numbers."""

import numpy as np

from .base import after, distinct, filled, fractional, integers, like, mask, over_one, positive, real, row, unit

UNARY = {
    **dict.fromkeys((np.negative, np.positive, np.reciprocal, np.square, np.absolute, np.conjugate), (real, True)),
    **dict.fromkeys((np.exp, np.exp2, np.expm1, np.sin, np.cos, np.sinh, np.cosh, np.tanh), (real, True)),
    **dict.fromkeys((np.log, np.log2, np.log10, np.log1p, np.sqrt), (positive, True)),
    **dict.fromkeys((np.tan, np.arcsin, np.arccos, np.arctan, np.arctanh), (unit, True)),
    np.arcsinh: (unit, True),
    np.arccosh: (over_one, True),
    **dict.fromkeys((np.fabs, np.cbrt, np.deg2rad, np.radians, np.rad2deg, np.degrees), (real, False)),
}
BINARY = {
    **dict.fromkeys((np.add, np.subtract, np.multiply, np.divide), (real, real, True)),
    **dict.fromkeys((np.power, np.float_power), (positive, real, True)),
    **dict.fromkeys((np.remainder, np.fmod), (unit, over_one, False)),
    **dict.fromkeys((np.maximum, np.minimum, np.fmax, np.fmin), (real, real, True)),
    **dict.fromkeys((np.logaddexp, np.logaddexp2, np.copysign, np.nextafter), (real, real, False)),
    **dict.fromkeys((np.arctan2, np.hypot), (real, real, False)),
    np.heaviside: (real, real, False),
}

for f, (draw, is_complex) in UNARY.items():
    row(f, "call", f, draw(3, 4), complex=is_complex, kind="elementwise")
    row(f, "out", lambda x, f=f: f(x, out=like(f(x))), draw(3, 4), complex=is_complex)
    row(f, "where", lambda x, f=f: f(x, where=mask(x.shape), out=like(f(x), 0.5)), draw(3, 4), complex=is_complex)
    row(f, "where_out", lambda x, y, f=f: f(x, where=mask(x.shape), out=np.copy(y)), draw(3, 4), real(3, 4))
    row(f, "dtype", lambda x, f=f: f(x, dtype=np.float64), draw(3, 4))
for f, (first, second, is_complex) in BINARY.items():
    row(f, "call", f, first(3, 4), second(3, 4), complex=is_complex, kind="elementwise")
    row(f, "out", lambda x, y, f=f: f(x, y, out=like(f(x, y))), first(3, 4), second(4), complex=is_complex)
    row(f, "where", lambda x, y, f=f: f(x, y, where=mask((3, 4)), out=like(f(x, y))), first(3, 1), second(4))
    row(f, "dtype", lambda x, y, f=f: f(x, y, dtype=np.float64), first(3), second(3))
    row(f, "scalar_right", lambda x, f=f: f(x, 1.5), first(3, 4), complex=is_complex)
    row(f, "scalar_left", lambda x, f=f: f(0.75, x), second(3, 4), complex=is_complex)
    row(f, "outer", lambda x, y, f=f: f.outer(x, y), first(2, 3), second(4), complex=is_complex)

for n in (-2, -1, 0, 1, 2, 3, 0.5):
    row(np.power, f"by_{n}", lambda x, n=n: x**n, positive(3, 4), complex=True)
for n in (-2, -1, 0, 1, 2, 3):
    row(np.power, f"negative_by_{n}", lambda x, n=n: x**n, real(3, 4))
row(np.power, "by_integers", lambda x: x ** np.array([-2, 0, 1, 3]), real(3, 4))
row(np.power, "of_negative_integer", lambda x: 2**x, real(3))
row(np.remainder, "over_quotients", lambda x, y: 5 * x % y, real(3, 4), real(3, 4))
row(np.fmod, "over_quotients", lambda x, y: np.fmod(5 * x, y), real(3, 4), real(3, 4))
row(np.ldexp, "call", lambda x: np.ldexp(x, np.array([-1, 2, 0], dtype=np.int32)), real(2, 3))
row(np.ldexp, "tensor_exponent", lambda x, n: np.ldexp(x, n), real(2, 3), integers(3))
row(np.ldexp, "scalar_exponent", lambda x: np.ldexp(x, 2), real(2, 3))
row(np.frexp, "call", np.frexp, fractional(3, 4))
row(np.modf, "call", np.modf, fractional(3, 4))
row(np.divmod, "call", np.divmod, unit(3, 4), over_one(4))
row(np.divmod, "operator", lambda x, y: divmod(7 * x, y), unit(3, 4), over_one(3, 4))
for f in (np.frexp, np.modf):
    row(f, "out", lambda x, f=f: f(x, out=(like(x), None)), fractional(3, 4))

row(np.add, "reduce", np.add.reduce, real(3, 4), complex=True)
row(np.add, "reduce_axes", lambda x: np.add.reduce(x, axis=(0, -1), keepdims=True), real(3, 2, 4), complex=True)
row(np.add, "reduce_all", lambda x: np.add.reduce(x, axis=None, initial=2.0), real(3, 2), complex=True)
row(np.add, "reduce_where", lambda x: np.add.reduce(x, 1, where=mask((3, 4))), real(3, 4), complex=True)
row(np.add, "reduce_out", lambda x: np.add.reduce(x, out=filled(x, 4)), real(3, 4), complex=True)
row(np.add, "reduce_dtype", lambda x: np.add.reduce(x, dtype=np.float64), real(3, 4))
row(np.add, "accumulate", np.add.accumulate, real(3, 4), complex=True)
row(np.add, "accumulate_axis", lambda x: np.add.accumulate(x, axis=-1), real(3, 4), complex=True)
row(np.add, "accumulate_out", lambda x: np.add.accumulate(x, 1, out=like(x)), real(3, 4), complex=True)
row(np.add, "reduceat", lambda x: np.add.reduceat(x, [0, 3, 1, 2]), real(5, 2), complex=True)
row(np.add, "reduceat_axis", lambda x: np.add.reduceat(x, [1, 1, 3], axis=-1), real(2, 4), complex=True)
row(np.add.reduceat, "call", lambda x: np.add.reduceat(x, np.array([0, 2])), real(4), complex=True)
row(np.multiply, "reduce", np.multiply.reduce, real(3, 4), complex=True)
row(np.multiply, "reduce_axes", lambda x: np.multiply.reduce(x, axis=(0, 2), initial=3.0), real(3, 2, 2), complex=True)
row(np.multiply, "accumulate", lambda x: np.multiply.accumulate(x, axis=1), real(3, 4), complex=True)
for f in (np.maximum, np.minimum):
    row(f, "reduce", f.reduce, distinct(3, 4), complex=True, compares=True)
    row(f, "reduce_axis", lambda x, f=f: f.reduce(x, axis=-1, keepdims=True), distinct(3, 4), compares=True)
    row(f, "reduce_where", lambda x, f=f: f.reduce(x, where=mask((3, 4)), initial=0.0), distinct(3, 4), compares=True)

row(np.add, "at", after(lambda x, v: np.add.at(x, [0, 2, 0], v)), real(4, 2), real(3, 2), complex=True)
row(np.add, "at_scalar", after(lambda x, v: np.add.at(x, (slice(None), 1), v)), real(4, 2), real(), complex=True)
row(np.subtract, "at", after(lambda x, v: np.subtract.at(x, [0, 2, 0], v)), real(4), real(3), complex=True)
row(np.multiply, "at", after(lambda x, v: np.multiply.at(x, [0, 2], v)), real(4), real(2), complex=True)
row(np.exp, "at", after(lambda x: np.exp.at(x, [0, 2])), real(4), complex=True)

for f in (np.real, np.imag, np.angle):
    row(f, "call", f, real(3, 4), complex=True)
    row(f, "0-d", f, real(), complex=True)
    row(f, "empty", f, real(0, 2), complex=True)
row(np.angle, "degrees", lambda z: np.angle(z, deg=True), real(3, 4), complex=True)
row(np.real, "attribute", lambda z: z.real + z.imag, real(3, 4), complex=True)
