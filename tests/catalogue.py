"""The catalogue: rows of calls that cover every function gradarray knows, and how their inputs are made.

A row holds a NumPy function, a call of it that works alike on arrays and on Tensors, and its inputs. The tests in
`test_catalogue` run over all rows. Adding a rule means adding its rows.
"""

import io
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from gradarray.registry import functions, ufuncs


class Input(NamedTuple):
    """An argument: its shape, and the numbers it is drawn from."""

    shape: tuple[int, ...]
    draw: Callable[..., Any]
    inexact: bool = True


class Row(NamedTuple):
    """One call.

    ``kind`` is "differentiable", "elementwise" where moreover inputs of any shapes will do, "constant" where no
    gradient comes out, or "leaf" where the result is a new leaf.
    """

    id: str
    fn: Any
    call: Callable[..., Any]
    inputs: tuple[Input, ...]
    complex: bool = False
    kind: str = "differentiable"
    compares: bool = False  # whether a derivative tests what it saved for equality, and so has no derivative there

    @property
    def writes(self):
        """Whether its first input decides if it writes into an array or into a Tensor."""
        return self.id.endswith("out") or getattr(self.call, "__qualname__", "").startswith("after")


# What numbers are drawn from


def _turned(size, rng, complex):
    """``size`` with random signs or, for complex numbers, phases that stay away from the branch cuts."""
    signs = rng.choice([-1.0, 1.0], size.shape)
    return size * np.exp(1j * signs * rng.uniform(0.3, 2.5, size.shape)) if complex else size * signs


def _real(rng, shape, complex):
    return _turned(rng.uniform(0.4, 2, shape), rng, complex)


def _positive(rng, shape, complex):
    size = rng.uniform(0.5, 2, shape)
    return size * np.exp(1j * rng.uniform(-1.2, 1.2, shape)) if complex else size


def _unit(rng, shape, complex):
    return _turned(rng.uniform(0.1, 0.8, shape), rng, complex)


def _over_one(rng, shape, complex):
    size = rng.uniform(1.2, 3, shape)
    return _turned(size, rng, complex) if complex else size


def _fractional(rng, shape, complex):
    part = rng.integers(-3, 4, shape) + rng.uniform(0.2, 0.8, shape)
    return part + 1j * (rng.integers(-3, 4, shape) + rng.uniform(0.2, 0.8, shape)) if complex else part


def _distinct(rng, shape, complex):
    n = int(np.prod(shape))
    part = (rng.permutation(n).reshape(shape) - n / 2) * 0.3 + rng.uniform(0.05, 0.15, shape)
    return part + 1j * rng.uniform(-1, 1, shape) if complex else part


def _regular(rng, shape, complex):
    a = rng.uniform(-1, 1, shape) + (1j * rng.uniform(-1, 1, shape) if complex else 0)
    return a + 3 * np.eye(shape[-1])


def _definite(rng, shape, complex):
    a = rng.uniform(-1, 1, shape) + (1j * rng.uniform(-1, 1, shape) if complex else 0)
    return a @ np.conj(np.swapaxes(a, -1, -2)) + np.eye(shape[-1])


def _integers(rng, shape, complex):
    return rng.integers(0, 3, shape)


def _booleans(rng, shape, complex):
    return rng.integers(0, 2, shape).astype(bool)


def _of(draw, inexact=True):
    return lambda *shape: Input(shape, draw, inexact)


real, positive, unit, over_one = map(_of, (_real, _positive, _unit, _over_one))
fractional, distinct, regular, definite = map(_of, (_fractional, _distinct, _regular, _definite))
integers, booleans = _of(_integers, False), _of(_booleans, False)

rows: list[Row] = []


def row(fn, label, call, *inputs, complex=False, kind="differentiable", compares=False):
    rows.append(Row(f"{fn.__name__}-{label}", fn, call, inputs, complex, kind, compares))


def like(x, value=0.0):
    """A fresh array or Tensor of the shape of ``x``."""
    return np.full_like(x, value)


def mask(shape):
    """A mask of ``shape`` with two thirds true, also in every row and column of three."""
    return (np.indices(shape).sum(axis=0) % 3 != 1) if shape else np.True_


def filled(x, shape):
    """What ``out=`` is given: an array or Tensor as ``x``, of another shape."""
    return np.zeros_like(x, shape=shape, order="C")


# Universal functions

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


def after(write):
    """A call that writes into a copy of its first argument, and returns that."""

    def call(x, *args):
        x = np.copy(x, order="C")
        write(x, *args)
        return x

    return call


row(np.add, "at", after(lambda x, v: np.add.at(x, [0, 2, 0], v)), real(4, 2), real(3, 2), complex=True)
row(np.add, "at_scalar", after(lambda x, v: np.add.at(x, (slice(None), 1), v)), real(4, 2), real(), complex=True)
row(np.subtract, "at", after(lambda x, v: np.subtract.at(x, [0, 2, 0], v)), real(4), real(3), complex=True)
row(np.multiply, "at", after(lambda x, v: np.multiply.at(x, [0, 2], v)), real(4), real(2), complex=True)
row(np.exp, "at", after(lambda x: np.exp.at(x, [0, 2])), real(4), complex=True)

MATMUL_SHAPES = [
    *(((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (3,)), ((3,), (5, 3, 4))),
    *(((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (5, 3, 4)), ((5, 1, 2, 3), (6, 3, 4))),
    *(((1, 2, 3), (5, 3, 4)), ((5, 2, 3), (1, 3, 4)), ((2, 1), (1, 4)), ((1, 3), (3,)), ((1, 3), (3, 1))),
    *(((0, 3), (3, 4)), ((2, 0), (0, 4)), ((0,), (0,)), ((4, 0, 3), (3,))),
]
for a, b in MATMUL_SHAPES:
    row(np.matmul, f"{a}@{b}".replace(" ", ""), lambda x, y: x @ y, real(*a), real(*b), complex=True)
row(np.matmul, "out", lambda x, y: np.matmul(x, y, out=filled(x, (2, 4))), real(2, 3), real(3, 4), complex=True)
row(np.matmul, "dtype", lambda x, y: np.matmul(x, y, dtype=np.float64), real(2, 3), real(3))
for a, b in (((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((1, 3), (4, 3)), ((2, 1, 3), (4, 3)), ((0, 3), (3,))):
    row(np.vecdot, f"{a},{b}".replace(" ", ""), np.vecdot, real(*a), real(*b), complex=True)
if hasattr(np, "matvec"):  # NumPy 2.2
    for a, b in (((2, 3), (3,)), ((5, 2, 3), (3,)), ((2, 3), (5, 3)), ((5, 1, 2, 3), (4, 3)), ((1, 3), (1, 3))):
        row(np.matvec, f"{a},{b}".replace(" ", ""), np.matvec, real(*a), real(*b), complex=True)
        matrix = (*a[:-2], a[-1], a[-2])
        row(np.vecmat, f"{b},{matrix}".replace(" ", ""), np.vecmat, real(*b), real(*matrix), complex=True)

# Complex numbers

for f in (np.real, np.imag, np.angle):
    row(f, "call", f, real(3, 4), complex=True)
    row(f, "0-d", f, real(), complex=True)
    row(f, "empty", f, real(0, 2), complex=True)
row(np.angle, "degrees", lambda z: np.angle(z, deg=True), real(3, 4), complex=True)
row(np.real, "attribute", lambda z: z.real + z.imag, real(3, 4), complex=True)

# Reductions

for f in (np.sum, np.mean, np.prod, np.var, np.std, np.max, np.min, np.amax, np.amin):
    draw = distinct if f in (np.max, np.min, np.amax, np.amin) else real
    options = {"complex": True, "compares": draw is distinct}
    row(f, "all", f, draw(3, 4), **options)
    row(f, "0-d", f, draw(), complex=True, compares=draw is distinct or f is np.std)
    row(f, "1-d", f, draw(5), **options)
    row(f, "axis0", lambda x, f=f: f(x, axis=0), draw(3, 4), **options)
    row(f, "axis-1", lambda x, f=f: f(x, -1), draw(2, 3, 4), **options)
    row(f, "axes", lambda x, f=f: f(x, axis=(0, -1)), draw(2, 3, 4), **options)
    row(f, "axes_swapped", lambda x, f=f: f(x, axis=(2, 0)), draw(2, 3, 4), **options)
    row(f, "no_axes", lambda x, f=f: f(x, axis=()), draw(3, 4), complex=True, compares=draw is distinct or f is np.std)
    row(f, "keepdims", lambda x, f=f: f(x, axis=1, keepdims=True), draw(3, 4), **options)
    row(f, "axes_keepdims", lambda x, f=f: f(x, axis=(1, -3), keepdims=True), draw(2, 3, 4), **options)
    row(f, "all_keepdims", lambda x, f=f: f(x, keepdims=True), draw(3, 4), **options)
    row(f, "empty_axis", lambda x, f=f: f(x, axis=1), draw(0, 3), **options)
    row(f, "out", lambda x, f=f: f(x, axis=0, out=filled(f(x), 4)), draw(3, 4), **options)
    initial = {"initial": -9.0 if "max" in f.__name__ else 9.0}
    initial = {} if f in (np.mean, np.var, np.std) else initial  # without one, NumPy wants no empty selection
    row(f, "where", lambda x, f=f, i=initial: f(x, axis=1, where=mask((3, 4)), **i), draw(3, 4), **options)
    row(f, "where_all", lambda x, f=f, i=initial: f(x, where=mask((3, 4)), **i), draw(3, 4), **options)
    row(f, "where_row", lambda x, f=f, i=initial: f(x, axis=1, where=mask((4,)), **i), draw(3, 4), **options)
    row(f, "where_keepdims", lambda x, f=f, i=initial: f(x, 0, keepdims=True, where=mask((3, 4)), **i), draw(3, 4))
    rows[-1] = rows[-1]._replace(**options)
    if "max" not in f.__name__ and "min" not in f.__name__:
        row(f, "dtype", lambda x, f=f: f(x, axis=0, dtype=np.float64), draw(3, 4))
        row(f, "dtype_complex", lambda x, f=f: f(x, axis=0, dtype=complex), draw(3, 4))
    if initial:
        row(f, "initial", lambda x, f=f: f(x, axis=0, initial=0.5), draw(3, 4), **options)
        row(f, "empty_initial", lambda x, f=f: f(x, initial=0.5), draw(0, 4), **options)
for f in (np.sum, np.prod):
    row(f, "empty", f, real(2, 0), complex=True)
    row(f, "empty_along", lambda x, f=f: f(x, axis=0), real(0, 3), complex=True)
for f in (np.var, np.std):
    for n in (1, 0.5):
        row(f, f"ddof_{n}", lambda x, f=f, n=n: f(x, axis=0, ddof=n), real(3, 4), complex=True)
        row(f, f"correction_{n}", lambda x, f=f, n=n: f(x, correction=n), real(3, 4), complex=True)
    row(f, "ddof_where", lambda x, f=f: f(x, axis=0, ddof=1, where=mask((5, 3))), real(5, 3), complex=True)
    row(f, "mean", lambda x, f=f: f(x, axis=0, mean=np.mean(x, axis=0, keepdims=True)), real(3, 4), complex=True)
    row(f, "other_mean", lambda x, m, f=f: f(x, axis=0, mean=m), real(3, 4), real(1, 4))
    row(f, "scalar_mean", lambda x, m, f=f: f(x, axis=1, mean=m, where=mask((3, 4)), ddof=1), real(3, 4), real())
    row(f, "constant_mean", lambda x, f=f: f(x, mean=0.5), real(3, 4))

# Running sums and products

for f in (np.cumsum, np.cumprod):
    row(f, "flat", f, real(2, 3), complex=True)
    row(f, "0-d", f, real(), complex=True)
    row(f, "0-d_axis", lambda x, f=f: f(x, axis=0), real(), complex=True)
    row(f, "axis0", lambda x, f=f: f(x, axis=0), real(3, 4), complex=True)
    row(f, "axis-2", lambda x, f=f: f(x, -2), real(2, 3, 4), complex=True)
    row(f, "empty", f, real(0, 3), complex=True)
    row(f, "empty_axis", lambda x, f=f: f(x, axis=0), real(0, 3), complex=True)
    row(f, "other_empty", lambda x, f=f: f(x, axis=1), real(0, 3), complex=True)
    row(f, "dtype", lambda x, f=f: f(x, axis=0, dtype=np.float64), real(3, 4))
    row(f, "out", lambda x, f=f: f(x, axis=1, out=like(x)), real(3, 4), complex=True)
row(np.cumprod, "zeros", lambda x: np.cumprod(x * np.array([1, 0, 1, 0, 1]), axis=1), real(2, 5), complex=True)
rows[-1] = rows[-1]._replace(compares=True)  # whether there are zeros is asked of the values

# Shapes and axes

row(np.reshape, "call", lambda x: np.reshape(x, (4, 3)), real(3, 4), complex=True)
row(np.reshape, "unknown", lambda x: np.reshape(x, (2, -1)), real(3, 4), complex=True)
row(np.reshape, "integer", lambda x: np.reshape(x, -1), real(3, 4), complex=True)
row(np.reshape, "0-d", lambda x: np.reshape(x, (1, 1)), real(), complex=True)
row(np.reshape, "empty", lambda x: np.reshape(x, (3, 0)), real(0, 2), complex=True)
row(np.reshape, "copy", lambda x: np.reshape(x, (4, 3), copy=True), real(3, 4), complex=True)
for order in "FA":
    row(np.reshape, order, lambda x, o=order: np.reshape(x, (4, 3), order=o), real(3, 4), complex=True)
    row(np.reshape, f"{order}_of_T", lambda x, o=order: np.reshape(x.T, (4, 3), order=o), real(3, 4), complex=True)
for order in "CFAK":
    row(np.ravel, order, lambda x, o=order: np.ravel(x, order=o), real(2, 3, 4), complex=True)
    row(np.ravel, f"{order}_of_T", lambda x, o=order: np.ravel(x.T, order=o), real(2, 3, 4), complex=True)
    row(
        np.ravel, f"{order}_of_moved", lambda x, o=order: np.ravel(np.moveaxis(x, 1, 0), o), real(2, 3, 4), complex=True
    )
    row(np.copy, order, lambda x, o=order: np.copy(x, order=o), real(2, 3), complex=True)
    row(np.copy, f"{order}_of_T", lambda x, o=order: np.copy(x.T, order=o), real(2, 3), complex=True)
row(np.ravel, "0-d", np.ravel, real(), complex=True)
row(np.copy, "call", np.copy, real(2, 3), complex=True)
row(np.copy, "0-d", np.copy, real(), complex=True)
row(np.copy, "subok", lambda x: np.copy(x, subok=True), real(3), complex=True)
row(np.transpose, "call", np.transpose, real(2, 3, 4), complex=True)
row(np.transpose, "axes", lambda x: np.transpose(x, (2, 0, 1)), real(2, 3, 4), complex=True)
row(np.transpose, "negative", lambda x: np.transpose(x, axes=(-1, 0, -2)), real(2, 3, 4), complex=True)
row(np.transpose, "0-d", np.transpose, real(), complex=True)
row(np.swapaxes, "call", lambda x: np.swapaxes(x, 0, -1), real(2, 3, 4), complex=True)
row(np.moveaxis, "call", lambda x: np.moveaxis(x, 0, -1), real(2, 3, 4), complex=True)
row(np.moveaxis, "several", lambda x: np.moveaxis(x, (0, -1), [1, 0]), real(2, 3, 4), complex=True)
row(np.squeeze, "call", np.squeeze, real(1, 3, 1), complex=True)
row(np.squeeze, "axis", lambda x: np.squeeze(x, axis=-1), real(1, 3, 1), complex=True)
row(np.squeeze, "axes", lambda x: np.squeeze(x, axis=(0, 2)), real(1, 1, 1), complex=True)
row(np.expand_dims, "call", lambda x: np.expand_dims(x, 1), real(2, 3), complex=True)
row(np.expand_dims, "axes", lambda x: np.expand_dims(x, axis=(0, -1)), real(2, 3), complex=True)
row(np.expand_dims, "0-d", lambda x: np.expand_dims(x, 0), real(), complex=True)
row(np.flip, "call", np.flip, real(2, 3), complex=True)
row(np.flip, "axis", lambda x: np.flip(x, axis=-1), real(2, 3), complex=True)
row(np.flip, "axes", lambda x: np.flip(x, (0, 2)), real(2, 3, 4), complex=True)
row(np.flip, "0-d", np.flip, real(), complex=True)
row(np.roll, "flat", lambda x: np.roll(x, 2), real(2, 3), complex=True)
row(np.roll, "axis", lambda x: np.roll(x, -1, axis=-1), real(2, 3), complex=True)
row(np.roll, "axes", lambda x: np.roll(x, (1, 2), axis=(0, 1)), real(2, 3), complex=True)
row(np.roll, "one_shift", lambda x: np.roll(x, 1, axis=(0, 1)), real(2, 3), complex=True)
row(np.roll, "empty", lambda x: np.roll(x, 1), real(0, 3), complex=True)
row(np.broadcast_to, "call", lambda x: np.broadcast_to(x, (2, 3, 4)), real(3, 1), complex=True)
row(np.broadcast_to, "0-d", lambda x: np.broadcast_to(x, (2, 3)), real(), complex=True)
row(np.broadcast_to, "same", lambda x: np.broadcast_to(x, (2, 3)), real(2, 3), complex=True)
row(np.broadcast_to, "empty", lambda x: np.broadcast_to(x, (0, 3)), real(1, 3), complex=True)
row(np.repeat, "flat", lambda x: np.repeat(x, 2), real(2, 3), complex=True)
row(np.repeat, "axis", lambda x: np.repeat(x, 3, axis=-1), real(2, 3), complex=True)
row(np.repeat, "one", lambda x: np.repeat(x, [2], axis=0), real(2, 3), complex=True)
row(np.repeat, "each", lambda x: np.repeat(x, [1, 0, 2], axis=1), real(2, 3), complex=True)
row(np.repeat, "each_flat", lambda x: np.repeat(x, np.arange(4)), real(2, 2), complex=True)
row(np.repeat, "none", lambda x: np.repeat(x, 0, axis=0), real(2, 2), complex=True)
row(np.repeat, "0-d", lambda x: np.repeat(x, 3), real(), complex=True)
row(np.repeat, "0-d_axis", lambda x: np.repeat(x, 3, axis=0), real(), complex=True)
row(np.tile, "integer", lambda x: np.tile(x, 2), real(2, 3), complex=True)
row(np.tile, "axes", lambda x: np.tile(x, (2, 3)), real(2, 3), complex=True)
row(np.tile, "more_axes", lambda x: np.tile(x, (2, 1, 3)), real(3), complex=True)
row(np.tile, "fewer_axes", lambda x: np.tile(x, [2]), real(2, 3), complex=True)
row(np.tile, "none", lambda x: np.tile(x, (0, 1)), real(2, 3), complex=True)
row(np.tile, "0-d", lambda x: np.tile(x, 3), real(), complex=True)

# Joining and splitting

row(np.concatenate, "call", lambda x, y: np.concatenate((x, y)), real(2, 3), real(1, 3), complex=True)
row(np.concatenate, "axis", lambda x, y: np.concatenate([x, y, x], axis=-1), real(2, 3), real(2, 1), complex=True)
row(np.concatenate, "flat", lambda x, y: np.concatenate([x, y], axis=None), real(2, 3), real(4), complex=True)
row(np.concatenate, "plain", lambda x: np.concatenate([x, np.ones((2, 3), np.float32)]), real(2, 3), complex=True)
row(np.concatenate, "of_one", lambda x: np.concatenate(x, axis=1), real(3, 2, 4), complex=True)
row(np.concatenate, "empty", lambda x, y: np.concatenate([x, y]), real(0, 3), real(2, 3), complex=True)
row(np.concatenate, "dtype", lambda x, y: np.concatenate([x, y], dtype=np.float64), real(2), real(3))
row(np.concatenate, "casting", lambda x: np.concatenate([x, x], dtype=np.float64, casting="unsafe"), real(2))
row(np.concatenate, "out", lambda x: np.concatenate([x, x], out=filled(x, (4, 3))), real(2, 3), complex=True)
row(np.stack, "call", lambda x, y: np.stack((x, y)), real(2, 3), real(2, 3), complex=True)
row(np.stack, "axis", lambda x, y: np.stack([x, y], axis=-1), real(2, 3), real(2, 3), complex=True)
row(np.stack, "of_one", lambda x: np.stack(x, axis=1), real(3, 2, 4), complex=True)
row(np.stack, "0-d", lambda x, y: np.stack([x, y, x]), real(), real(), complex=True)
row(np.stack, "dtype", lambda x: np.stack([x, x], dtype=np.float64, casting="safe"), real(2))
row(np.stack, "out", lambda x: np.stack([x, x], out=filled(x, (2, 2, 3))), real(2, 3), complex=True)
for f in (np.split, np.array_split):
    row(f, "sections", lambda x, f=f: f(x, 2), real(4, 3), complex=True)
    row(f, "axis", lambda x, f=f: f(x, 3, axis=-1), real(4, 3), complex=True)
    row(f, "at", lambda x, f=f: f(x, [1, 3], axis=0), real(4, 3), complex=True)
    row(f, "at_array", lambda x, f=f: f(x, np.array([1, 1, 7])), real(4, 3), complex=True)
row(np.array_split, "uneven", lambda x: np.array_split(x, 3), real(5, 2), complex=True)
row(np.vsplit, "call", lambda x: np.vsplit(x, 2), real(4, 3), complex=True)
row(np.hsplit, "call", lambda x: np.hsplit(x, [1]), real(4, 3), complex=True)
row(np.hsplit, "1-d", lambda x: np.hsplit(x, 2), real(4), complex=True)

# Indexing

COND = np.array([[True, False, True], [False, False, True]])
INDEX = np.array([[0, 2, -1], [1, 1, 0]])
row(np.where, "call", lambda x, y: np.where(COND, x, y), real(2, 3), real(2, 3), complex=True)
row(np.where, "broadcast", lambda x, y: np.where(COND, x, y), real(2, 1), real(), complex=True)
row(np.where, "one", lambda x: np.where(COND[0], x, 0), real(2, 3), complex=True)
row(np.where, "other", lambda x: np.where(COND, 1.5, x), real(2, 3), complex=True)
row(np.where, "own_condition", lambda x: np.where(x.real > 0, x, -2 * x), real(2, 3), complex=True)
row(np.where, "tensor_condition", lambda x, y: np.where(x, y, 0), real(2, 3), real(2, 3))
row(np.where, "0-d", lambda x, y: np.where(True, x, y), real(), real(), complex=True)
row(np.where, "indices", lambda x: np.where(x > 0), real(3, 4), kind="constant")
row(np.where, "indices_of", lambda x: np.where(x), real(3, 4), kind="constant")
row(np.take, "flat", lambda x: np.take(x, INDEX), real(3, 4), complex=True)
row(np.take, "axis", lambda x: np.take(x, INDEX, axis=-1), real(2, 3), complex=True)
row(np.take, "scalar", lambda x: np.take(x, 1, axis=0), real(3, 4), complex=True)
row(np.take, "list", lambda x: np.take(x, [0, 0, 1], 1), real(3, 4), complex=True)
row(np.take, "tensor", lambda x, i: np.take(x, i, 1), real(3, 4), integers(5), complex=True)
row(np.take, "wrap", lambda x: np.take(x, [-5, 7, 2], axis=1, mode="wrap"), real(2, 3), complex=True)
row(np.take, "clip", lambda x: np.take(x, [-5, 7, 2], axis=1, mode="clip"), real(2, 3), complex=True)
row(np.take, "out", lambda x: np.take(x, [1, 1], axis=0, out=filled(x, (2, 3))), real(2, 3), complex=True)
row(np.take, "0-d", lambda x: np.take(x, [0, 0]), real(), complex=True)
row(np.take, "empty", lambda x: np.take(x, np.zeros(0, int), axis=0), real(2, 3))
row(np.take_along_axis, "call", lambda x: np.take_along_axis(x, INDEX, 1), real(2, 3), complex=True)
row(np.take_along_axis, "axis", lambda x: np.take_along_axis(x, INDEX % 2, axis=0), real(2, 3), complex=True)
row(np.take_along_axis, "default", lambda x: np.take_along_axis(x, INDEX[:, :2]), real(2, 3), complex=True)
row(np.take_along_axis, "flat", lambda x: np.take_along_axis(x, INDEX[0], None), real(2, 3), complex=True)
row(np.take_along_axis, "broadcast", lambda x: np.take_along_axis(x, INDEX[:1], 1), real(2, 3), complex=True)
row(np.choose, "call", lambda x, y: np.choose([0, 1, 0], [x, y]), real(2, 3), real(3), complex=True)
row(np.choose, "tensor", lambda i, x, y, z: np.choose(i, (x, y, z)), integers(4), real(4), real(4), real())
row(np.choose, "of_one", lambda x: np.choose([2, 0, 1, 1], x), real(3, 4), complex=True)
row(np.choose, "wrap", lambda x, y: np.choose([-1, 3, 2], [x, y], mode="wrap"), real(3), real(3), complex=True)
row(np.choose, "clip", lambda x, y: np.choose([-1, 3, 0], [x, y], mode="clip"), real(3), real(3), complex=True)
row(np.choose, "out", lambda x, y: np.choose([0, 1, 0], [x, y], out=filled(x, 3)), real(3), real(3), complex=True)
row(np.choose, "scalar", lambda x: np.choose([0, 1, 0], [x, 2.0]), real(3), complex=True)
row(np.compress, "call", lambda x: np.compress([True, False, True], x, axis=-1), real(2, 3), complex=True)
row(np.compress, "flat", lambda x: np.compress([False, True, True], x), real(2, 3), complex=True)
row(np.compress, "out", lambda x: np.compress([0, 1], x, 0, out=filled(x, (1, 3))), real(2, 3), complex=True)
row(np.extract, "call", lambda x: np.extract(COND, x), real(2, 3), complex=True)
row(np.extract, "own_condition", lambda x: np.extract(x > 0, x), real(2, 3))
row(np.diagonal, "call", np.diagonal, real(3, 4), complex=True)
row(np.diagonal, "above", lambda x: np.diagonal(x, 1), real(3, 4), complex=True)
row(np.diagonal, "below", lambda x: np.diagonal(x, offset=-2), real(3, 4), complex=True)
row(np.diagonal, "beyond", lambda x: np.diagonal(x, 7), real(3, 4), complex=True)
row(np.diagonal, "axes", lambda x: np.diagonal(x, 1, axis1=-1, axis2=0), real(3, 2, 4), complex=True)
row(np.trace, "call", np.trace, real(3, 4), complex=True)
row(np.trace, "offset", lambda x: np.trace(x, offset=-1), real(3, 4), complex=True)
row(np.trace, "beyond", lambda x: np.trace(x, offset=5), real(3, 4), complex=True)
row(np.trace, "axes", lambda x: np.trace(x, 1, axis1=-1, axis2=0), real(3, 2, 4), complex=True)
row(np.trace, "dtype", lambda x: np.trace(x, dtype=np.float64), real(3, 4))
row(np.trace, "out", lambda x: np.trace(x, out=filled(x, (2,))), real(3, 4, 2), complex=True)
for f in (np.tril, np.triu):
    row(f, "call", f, real(3, 4), complex=True)
    row(f, "k", lambda x, f=f: f(x, k=-1), real(2, 3, 4), complex=True)
    row(f, "above", lambda x, f=f: f(x, 1), real(4, 3), complex=True)
    row(f, "1-d", f, real(3), complex=True)
for f in (np.diag, np.diagflat):
    row(f, "1-d", f, real(3), complex=True)
    row(f, "above", lambda x, f=f: f(x, k=2), real(3), complex=True)
    row(f, "below", lambda x, f=f: f(x, -1), real(3), complex=True)
    row(f, "2-d", f, real(2, 3), complex=True)
    row(f, "2-d_k", lambda x, f=f: f(x, 1), real(2, 3), complex=True)
    row(f, "empty", f, real(0), complex=True)
row(np.diagflat, "0-d", np.diagflat, real(), complex=True)

# Sorting

for label, call, shape in (
    ("call", np.sort, (3, 4)),
    ("axis", lambda x: np.sort(x, axis=0), (3, 4)),
    ("flat", lambda x: np.sort(x, axis=None), (3, 4)),
    ("kind", lambda x: np.sort(x, 1, kind="heapsort"), (3, 4)),
    ("stable", lambda x: np.sort(x, stable=True), (5,)),
    ("empty", np.sort, (2, 0)),
):
    row(np.sort, label, call, distinct(*shape), complex=True)
row(np.partition, "call", lambda x: np.partition(x, 2), distinct(3, 6), complex=True)
row(np.partition, "axis", lambda x: np.partition(x, -1, axis=0), distinct(3, 4), complex=True)
row(np.partition, "several", lambda x: np.partition(x, (1, 3), axis=None), distinct(3, 4), complex=True)
row(np.partition, "kind", lambda x: np.partition(x, 1, kind="introselect"), distinct(6), complex=True)

# Clipping

row(np.clip, "call", lambda x: np.clip(x, -0.7, 0.9), distinct(3, 4))
row(np.clip, "bounds", lambda x, a, b: np.clip(x, a, b), distinct(3, 4), unit(4), over_one(3, 1))
row(np.clip, "low", lambda x: np.clip(x, 0.3, None), distinct(3, 4))
row(np.clip, "high", lambda x: np.clip(x, None, 0.5), distinct(3, 4))
row(np.clip, "method", lambda x: x.clip(0.5), distinct(3, 4))
row(np.clip, "method_mixed", lambda x: x.clip(-0.7, max=0.9), distinct(3, 4))
row(np.clip, "keywords", lambda x: np.clip(x, min=-0.6, max=0.7), distinct(3, 4))
row(np.clip, "keyword", lambda x: np.clip(x, max=0.7), distinct(3, 4))
row(np.clip, "neither", lambda x: np.clip(x, None, None), distinct(3, 4))
row(np.clip, "nothing", lambda x: np.clip(x), distinct(3, 4))
row(np.clip, "out", lambda x: np.clip(x, -0.7, 0.9, out=like(x)), distinct(3, 4))
row(np.clip, "where", lambda x: np.clip(x, -0.7, 0.9, out=like(x), where=mask((3, 4))), distinct(3, 4))
row(np.clip, "dtype", lambda x: np.clip(x, -0.7, 0.9, dtype=np.float64), distinct(3, 4))
row(np.clip, "neither_dtype", lambda x: np.clip(x, None, None, dtype=np.float64), distinct(3, 4))
row(np.clip, "casting", lambda x: np.clip(x, -0.7, 0.9, casting="same_kind"), distinct(3, 4))
row(np.clip, "complex", lambda x: np.clip(x, -0.7, 0.9), distinct(3, 4), complex=True)
row(np.clip, "0-d", lambda x: np.clip(x, -0.7, 0.9), distinct())
row(np.clip, "empty", lambda x: np.clip(x, -0.7, 0.9), distinct(0, 3))

# Products

DOT_SHAPES = [
    *(((), ()), ((), (3,)), ((2, 3), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4))),
    *(((2, 5, 3), (3,)), ((3,), (2, 3, 4)), ((2, 5, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((6, 2, 3), (5, 3, 4))),
    *(((0, 3), (3, 2)), ((2, 0), (0,))),
]
for a, b in DOT_SHAPES:
    row(np.dot, f"{a},{b}".replace(" ", ""), np.dot, real(*a), real(*b), complex=True)
row(np.dot, "out", lambda x, y: np.dot(x, y, out=filled(x, (2, 4))), real(2, 3), real(3, 4), complex=True)
row(np.dot, "plain", lambda x: np.dot(x, np.arange(3.0)), real(2, 3), complex=True)
row(np.vdot, "1-d", np.vdot, real(3), real(3), complex=True)
row(np.vdot, "2-d", np.vdot, real(2, 3), real(3, 2), complex=True)
row(np.vdot, "plain", lambda x: np.vdot([1.0, 2.0, 3.0], x), real(3), complex=True)
for a, b in (((), ()), ((3,), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((2, 5, 3), (4, 3))):
    row(np.inner, f"{a},{b}".replace(" ", ""), np.inner, real(*a), real(*b), complex=True)
row(np.outer, "call", np.outer, real(3), real(4), complex=True)
row(np.outer, "2-d", np.outer, real(2, 2), real(3), complex=True)
row(np.outer, "out", lambda x, y: np.outer(x, y, out=filled(x, (3, 4))), real(3), real(4), complex=True)
row(np.outer, "list", lambda x: np.outer(x, [1.0, 2.0]), real(3), complex=True)
for label, axes, a, b in (
    ("default", 2, (2, 3, 4), (3, 4, 5)),
    ("one", 1, (2, 3), (3, 4)),
    ("zero", 0, (2, 3), (4,)),
    ("pair", (0, 1), (3, 2), (4, 3)),
    ("pairs", ([0, -1], [1, 0]), (3, 2, 4), (4, 3, 5)),
    ("mixed", (1, [0]), (2, 3), (3, 4)),
    ("all", 2, (2, 3), (2, 3)),
    ("empty", 1, (2, 0), (0, 3)),
):
    row(np.tensordot, label, lambda x, y, n=axes: np.tensordot(x, y, axes=n), real(*a), real(*b), complex=True)
row(np.tensordot, "plain", lambda x: np.tensordot(x, [[1.0, 2.0], [3.0, 4.0]]), real(2, 2), complex=True)

for subscripts, *shapes in (
    ("i,i", (3,), (3,)),
    ("i,i->i", (3,), (3,)),
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ba", (2, 3)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->i", (2, 3)),
    ("ii", (3, 3)),
    ("ii->i", (3, 3)),
    ("iij->j", (3, 3, 2)),
    ("iji->ij", (3, 2, 3)),
    ("ijij->", (2, 3, 2, 3)),
    ("ii,i->", (3, 3), (3,)),
    ("ij,kl->i", (2, 3), (4, 5)),
    ("i,j->ij", (2,), (3,)),
    ("ij,ij->j", (2, 3), (1, 3)),
    ("ij,ij", (2, 1), (1, 3)),
    ("ij,jk->k", (2, 1), (3, 4)),
    ("...ij,...jk->...ik", (5, 2, 3), (3, 4)),
    ("...ij,...jk", (5, 2, 3), (1, 3, 4)),
    ("i...,i...->...", (3, 2), (3, 4, 1)),
    ("...ii->...i", (2, 3, 3)),
    ("...", (2, 3)),
    ("...,...", (2, 3), (3,)),
    ("b...i->i...b", (2, 3, 4)),
    ("ij , jk -> ki", (2, 3), (3, 4)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 5)),
    ("i,i,i", (3,), (3,), (3,)),
    ("Ab,bC", (2, 3), (3, 4)),
    (",i->i", (), (3,)),
    ("ij,j->i", (0, 3), (3,)),
):
    call = lambda *xs, s=subscripts: np.einsum(s, *xs)  # noqa: E731
    row(np.einsum, subscripts.replace(" ", "_"), call, *(real(*shape) for shape in shapes), complex=True)
row(
    np.einsum, "interleaved", lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [2, 0]), real(2, 3), real(3, 4), complex=True
)
row(
    np.einsum,
    "interleaved_implicit",
    lambda x, y: np.einsum(x, [5, 1], y, [1, 0]),
    real(2, 3),
    real(3, 4),
    complex=True,
)
row(np.einsum, "interleaved_ellipsis", lambda x: np.einsum(x, [..., 0, 0], [..., 0]), real(2, 3, 3), complex=True)
row(np.einsum, "interleaved_high", lambda x: np.einsum(x, [30, 2]), real(2, 3), complex=True)
row(np.einsum, "same_twice", lambda x: np.einsum("ij,kj->ik", x, x), real(2, 3), complex=True)
row(np.einsum, "plain", lambda x: np.einsum("ij,j->i", np.ones((2, 3), np.float32), x), real(3), complex=True)
row(
    np.einsum,
    "optimize",
    lambda x, y: np.einsum("ij,jk->ik", x, y, optimize=True),
    real(2, 3),
    real(3, 4),
    complex=True,
)
row(np.einsum, "chain", lambda x: np.einsum("ij,jk,kl->il", x, x, x, optimize="optimal"), real(3, 3), complex=True)
row(
    np.einsum,
    "path",
    lambda x: np.einsum("ij,jk,kl->il", x, x, x, optimize=["einsum_path", (0, 1), (0, 1)]),
    real(3, 3),
    complex=True,
)
row(np.einsum, "dtype", lambda x: np.einsum("ij->j", x, dtype=np.float64), real(2, 3))
row(np.einsum, "order", lambda x: np.einsum("ij,jk->ik", x, x, order="F", casting="no"), real(2, 2), complex=True)
row(np.einsum, "out", lambda x: np.einsum("ij->j", x, out=filled(x, 3)), real(2, 3), complex=True)

# Linear algebra


def hermitian(a):
    """The Hermitian part: NumPy reads one triangle only, the gradient belongs to both."""
    return 0.5 * (a + np.conj(np.swapaxes(a, -1, -2)))


for a, b in (
    *(((3, 3), (3,)), ((3, 3), (3, 2)), ((4, 3, 3), (3,)), ((4, 3, 3), (3, 2)), ((3, 3), (4, 3, 2))),
    *(((4, 3, 3), (4, 3, 2)), ((5, 1, 3, 3), (4, 3, 2)), ((1, 3, 3), (4, 3, 1)), ((1, 1), (1,)), ((0, 3, 3), (3,))),
):
    row(np.linalg.solve, f"{a},{b}".replace(" ", ""), np.linalg.solve, regular(*a), real(*b), complex=True)
row(np.linalg.solve, "plain_a", lambda b: np.linalg.solve(np.eye(3, dtype=np.float32) + 1, b), real(3, 2), complex=True)
row(np.linalg.solve, "plain_b", lambda a: np.linalg.solve(a, np.arange(3.0)), regular(3, 3), complex=True)
for shape in ((3, 3), (2, 4, 3, 3), (1, 1), (0, 3, 3)):
    row(np.linalg.inv, f"{shape}".replace(" ", ""), np.linalg.inv, regular(*shape), complex=True)
    for upper in (False, True):
        label = f"{'upper' * upper}{shape}".replace(" ", "")
        call = lambda a, u=upper: np.linalg.cholesky(hermitian(a), upper=u)  # noqa: E731
        row(np.linalg.cholesky, label, call, definite(*shape), complex=True)
row(np.linalg.cholesky, "default", lambda a: np.linalg.cholesky(hermitian(a)), definite(3, 3), complex=True)

NORMS = [
    *((None, None, (2, 3)), (None, None, (4,)), (None, None, (2, 3, 2)), (2, None, (4,)), ("fro", None, (2, 3))),
    *(("f", None, (2, 3)), (None, 0, (2, 3)), (None, (0, 2), (2, 3, 2)), ("fro", (-1, 0), (2, 3, 2))),
    *((n, None, (4,)) for n in (1, 3, 0.5, -1, -2, np.inf, -np.inf)),
    *((n, -1, (2, 3)) for n in (1, 2, 2.5, np.inf, -np.inf)),
    *((n, None, (2, 3)) for n in (1, -1, np.inf, -np.inf)),
    *((n, (1, 0), (2, 3, 2)) for n in (1, -1, np.inf, -np.inf)),
]
for ord, axis, shape in NORMS:
    for keep in (False, True):
        label = f"{ord},{axis},{shape}{',keepdims' * keep}".replace(" ", "")
        call = lambda x, o=ord, a=axis, k=keep: np.linalg.norm(x, ord=o, axis=a, keepdims=k)  # noqa: E731
        compares = ord in (1, -1, np.inf, -np.inf)
        row(np.linalg.norm, label, call, distinct(*shape), complex=True, compares=compares)
row(np.linalg.norm, "0,None,(4,)", lambda x: np.linalg.norm(x, 0), real(4), kind="constant")
row(np.linalg.norm, "0,1,(2,3)", lambda x: np.linalg.norm(x, 0, axis=1, keepdims=True), real(2, 3), kind="constant")
row(np.linalg.norm, "integers", lambda x: np.linalg.norm(x, np.inf), integers(4), kind="constant")

# Arrays in the likeness of others

for f in (np.zeros_like, np.ones_like):
    row(f, "call", f, real(2, 3), kind="leaf", complex=True)
    row(f, "shape", lambda x, f=f: f(x, shape=(4,), dtype=np.float64), real(2, 3), kind="leaf", complex=True)
    row(f, "integer", lambda x, f=f: f(x, dtype=int), real(2, 3), kind="constant")
    row(f, "options", lambda x, f=f: f(x, order="F", subok=False, device="cpu"), real(2, 3), kind="leaf")
row(np.empty_like, "call", lambda x: np.multiply(np.empty_like(x, shape=(0, 3)), 1), real(2, 3), kind="leaf")
row(np.full_like, "call", lambda x: np.full_like(x, 2.5), real(2, 3), kind="leaf", complex=True)
row(np.full_like, "shape", lambda x: np.full_like(x, 1.5, shape=(2,), dtype=np.float64), real(2, 3), kind="leaf")
row(np.full_like, "tensor", lambda v: np.full_like(np.multiply(v, 0), v, shape=(2, 3)), real(), complex=True)

# Functions that write

row(np.copyto, "call", after(np.copyto), real(2, 3), real(2, 3), complex=True)
row(np.copyto, "broadcast", after(np.copyto), real(2, 3), real(3), complex=True)
row(np.copyto, "scalar", after(lambda x: np.copyto(x[0], 2)), real(2, 3), complex=True)
row(np.copyto, "where", after(lambda x, v: np.copyto(x, v, where=COND)), real(2, 3), real(2, 1), complex=True)
row(np.copyto, "casting", after(lambda x, v: np.copyto(x, v, casting="no")), real(2, 3), real(), complex=True)
row(np.put, "call", after(lambda x, v: np.put(x, [0, -1], v)), real(2, 3), real(2), complex=True)
row(np.put, "cycled", after(lambda x, v: np.put(x, [0, 2, 3], v)), real(2, 3), real(2), complex=True)
row(np.put, "repeated", after(lambda x, v: np.put(x, [1, 1, 4], v)), real(2, 3), real(3), complex=True)
row(np.put, "wrap", after(lambda x, v: np.put(x, [7, -9], v, mode="wrap")), real(2, 3), real(2), complex=True)
row(np.put, "clip", after(lambda x, v: np.put(x, [9, -9], v, mode="clip")), real(2, 3), real(2), complex=True)
row(np.putmask, "call", after(lambda x, v: np.putmask(x, COND, v)), real(2, 3), real(2, 3), complex=True)
row(np.putmask, "cycled", after(lambda x, v: np.putmask(x, COND, v)), real(2, 3), real(2), complex=True)
row(np.place, "call", after(lambda x, v: np.place(x, COND, v)), real(2, 3), real(3), complex=True)
row(np.place, "cycled", after(lambda x, v: np.place(x, COND, v)), real(2, 3), real(2), complex=True)
row(
    np.put_along_axis,
    "call",
    after(lambda x, v: np.put_along_axis(x, INDEX[:, :2], v, axis=1)),
    real(2, 3),
    real(2, 2),
    complex=True,
)
row(
    np.put_along_axis,
    "broadcast",
    after(lambda x, v: np.put_along_axis(x, INDEX[:, :1], v, axis=-1)),
    real(2, 3),
    real(),
    complex=True,
)
row(np.put_along_axis, "flat", after(lambda x, v: np.put_along_axis(x, INDEX[0], v, None)), real(2, 3), real(3))
row(np.fill_diagonal, "call", after(np.fill_diagonal), real(3, 4), real(), complex=True)
row(np.fill_diagonal, "values", after(np.fill_diagonal), real(3, 3), real(3), complex=True)
row(np.fill_diagonal, "tall", after(np.fill_diagonal), real(5, 2), real(), complex=True)
row(np.fill_diagonal, "wrap", after(lambda x, v: np.fill_diagonal(x, v, wrap=True)), real(6, 2), real(), complex=True)
row(np.fill_diagonal, "3-d", after(np.fill_diagonal), real(3, 3, 3), real(), complex=True)

# Constants

for f in (np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal):
    row(f, "call", f, real(3, 4), real(4), complex=True, kind="constant")
    row(f, "scalar", lambda x, f=f: f(x, 0.5), real(3, 4), complex=True, kind="constant")
    row(f, "out", lambda x, f=f: f(x, 0.5, out=np.zeros((3, 4), bool)), real(3, 4), kind="constant")
    row(f, "where", lambda x, f=f: f(x, 0.5, out=np.ones(3, bool), where=COND[0]), real(3), kind="constant")
    row(f, "outer", f.outer, real(3), real(2), kind="constant")
for f in (np.logical_and, np.logical_or, np.logical_xor):
    row(f, "call", f, real(3, 4), booleans(4), complex=True, kind="constant")
for f in (np.logical_and, np.logical_or):
    row(f, "reduce", f.reduce, real(3, 4), kind="constant")
for f in (np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.left_shift, np.right_shift, np.gcd, np.lcm):
    row(f, "call", f, integers(3, 4), integers(4), kind="constant")
row(np.bitwise_or, "reduce", np.bitwise_or.reduce, integers(3, 4), kind="constant")
row(np.gcd, "accumulate", np.gcd.accumulate, integers(5), kind="constant")
for f in (np.invert, np.bitwise_count):
    row(f, "call", f, integers(3, 4), kind="constant")
for f in (np.logical_not, np.isfinite, np.isinf, np.isnan):
    row(f, "call", f, real(3, 4), complex=True, kind="constant")
row(np.isnat, "call", lambda x: x * np.isnat(np.datetime64("NaT")), integers(3), kind="constant")
row(np.signbit, "call", np.signbit, real(3, 4), kind="constant")
for f in (np.floor, np.ceil, np.trunc, np.spacing, np.sign, np.rint, np.round, np.around, np.fix):
    is_complex = f in (np.sign, np.rint, np.round, np.around)
    row(f, "call", f, fractional(3, 4), complex=is_complex, kind="constant")
    row(f, "out", lambda x, f=f: f(x, out=like(x)), fractional(3, 4), complex=is_complex, kind="leaf")
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
for f in (np.nonzero, np.flatnonzero, np.argwhere, np.shape, np.ndim, np.size):
    row(f, "call", f, real(3, 4), complex=True, kind="constant")
row(np.size, "axis", lambda x: np.size(x, axis=1), real(3, 4), kind="constant")
for f in (np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj, np.min_scalar_type):
    row(f, "call", f, real(), complex=True, kind="constant")
for f in (np.isposinf, np.isneginf):
    row(f, "call", f, real(3), kind="constant")
row(np.isin, "call", lambda x: np.isin(x, [0, 1], invert=True), integers(3, 4), kind="constant")
for f in (np.shares_memory, np.may_share_memory):
    row(f, "view", lambda x, f=f: f(x, x[1:]), real(3, 4), kind="constant")
    row(f, "other", f, real(3, 4), real(3, 4), kind="constant")
for f in (np.result_type, np.common_type):
    row(f, "call", lambda x, y, f=f: np.dtype(f(x, y)), real(3), real(2), complex=True, kind="constant")
row(np.can_cast, "call", lambda x: np.can_cast(np.result_type(x), np.float32), real(3), kind="constant")
for f in (np.array_repr, np.array_str, np.array2string):
    row(f, "call", f, real(2, 3), complex=True, kind="constant")
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
row(np.ix_, "call", lambda i: np.ix_(i, [0, 1]), integers(3), kind="constant")
row(np.unravel_index, "call", lambda i: np.unravel_index(i, (2, 3), order="F"), integers(3), kind="constant")
row(
    np.ravel_multi_index,
    "call",
    lambda i, j: np.ravel_multi_index((i, j), (3, 3)),
    integers(3),
    integers(3),
    kind="constant",
)
row(np.indices, "call", lambda i: np.indices((2, 3)) + i, integers(3), kind="constant")

# Values and gradients where several answers, or none, would be possible: id, call, inputs, gradients for ones

_INF = np.inf
SINGULAR = [
    ("maximum-tie", np.maximum, ([1.0, 2.0], [1.0, 3.0]), ([0.5, 0.0], [0.5, 1.0])),
    ("minimum-tie", np.minimum, ([1.0, 2.0], [1.0, 3.0]), ([0.5, 1.0], [0.5, 0.0])),
    ("fmax-tie", np.fmax, ([1.0, 2.0], [1.0, 3.0]), ([0.5, 0.0], [0.5, 1.0])),
    ("fmin-tie", np.fmin, ([1.0, 2.0], [1.0, 3.0]), ([0.5, 1.0], [0.5, 0.0])),
    ("maximum-nan", np.maximum, ([np.nan, 2.0], [1.0, np.nan]), ([1.0, 0.0], [0.0, 1.0])),
    ("fmax-nan", np.fmax, ([np.nan, 2.0], [1.0, np.nan]), ([0.0, 1.0], [1.0, 0.0])),
    ("fmin-nan", np.fmin, ([np.nan, 2.0], [1.0, np.nan]), ([0.0, 1.0], [1.0, 0.0])),
    ("maximum-relu", lambda x: np.maximum(x, 0), ([-1.0, 0.0, 2.0],), ([0.0, 0.5, 1.0],)),
    ("max-ties", np.max, ([3.0, 1.0, 3.0, 3.0],), ([1 / 3, 0.0, 1 / 3, 1 / 3],)),
    ("min-ties", lambda x: np.min(x, axis=0), ([[3.0, 1.0], [3.0, 2.0]],), ([[0.5, 1.0], [0.5, 0.0]],)),
    ("max-initial", lambda x: np.max(x, initial=5.0), ([3.0, 1.0],), ([0.0, 0.0],)),
    ("max-where", lambda x: np.max(x, initial=0, where=[True, False]), ([3.0, 3.0],), ([1.0, 0.0],)),
    ("clip-bounds", lambda x: np.clip(x, 1.0, 2.0), ([0.0, 1.0, 1.5, 2.0, 3.0],), ([0.0, 0.5, 1.0, 0.5, 0.0],)),
    ("clip-to-bounds", lambda x, a: np.clip(x, a, 9.0), ([0.0, 1.0], [1.0, 1.0]), ([0.0, 0.5], [1.0, 0.5])),
    ("abs-0", np.abs, ([0.0, -2.0],), ([0.0, -1.0],)),
    ("abs-complex-0", np.abs, ([0j, 2j],), ([0j, 1j],)),
    ("fabs-0", np.fabs, ([0.0, -2.0],), ([0.0, -1.0],)),
    ("sign-0", lambda x: np.sign(x) + x, ([0.0, -2.0],), ([1.0, 1.0],)),
    ("floor-at", lambda x: np.floor(x) + x, ([1.0, -2.5],), ([1.0, 1.0],)),
    ("norm-0", np.linalg.norm, ([0.0, 0.0],), ([0.0, 0.0],)),
    ("norm-rows", lambda x: np.linalg.norm(x, axis=1), ([[0.0, 0.0], [3.0, 4.0]],), ([[0.0, 0.0], [0.6, 0.8]],)),
    ("norm-1-0", lambda x: np.linalg.norm(x, 1), ([0.0, -2.0],), ([0.0, -1.0],)),
    ("norm-3-0", lambda x: np.linalg.norm(x, 3), ([0.0, 0.0],), ([0.0, 0.0],)),
    ("norm-half-0", lambda x: np.linalg.norm(x, 0.5), ([0.0, 4.0],), ([0.0, 1.0],)),
    ("norm-inf-ties", lambda x: np.linalg.norm(x, _INF), ([2.0, -2.0],), ([0.5, -0.5],)),
    ("norm-complex-0", np.linalg.norm, ([0j, 0j],), ([0j, 0j],)),
    ("hypot-0", np.hypot, ([0.0, 3.0], [0.0, 4.0]), ([0.0, 0.6], [0.0, 0.8])),
    ("arctan2-0", np.arctan2, ([0.0, 0.0], [0.0, 2.0]), ([0.0, 0.5], [0.0, 0.0])),
    ("arctan2-huge", np.arctan2, ([1e30, 1e-30], [1e30, 1e-30]), ([5e-31, 5e29], [-5e-31, -5e29])),
    ("angle-0", np.angle, ([0j, 2j],), ([0j, -0.5],)),
    ("angle-real-0", np.angle, ([0.0, 2.0],), ([0.0, 0.0],)),
    ("copysign-0", lambda x: np.copysign(x, -1.0), ([0.0, 2.0, -2.0],), ([0.0, -1.0, 1.0],)),
    ("heaviside-0", np.heaviside, ([0.0, 2.0], [0.5, 0.5]), ([0.0, 0.0], [1.0, 0.0])),
    ("power-0-exponent", lambda x: x**0, ([0.0, 2.0],), ([0.0, 0.0],)),
    ("power-0-exponents", np.power, ([0.0, 2.0], [0.0, 0.0]), ([0.0, 0.0], [0.0, np.log(2.0)])),
    ("power-0-base", lambda y: 0**y, ([1.0, 2.0],), ([0.0, 0.0],)),
    ("power-0-bases", np.power, ([0.0, 0.0], [1.0, 2.0]), ([1.0, 0.0], [0.0, 0.0])),
    ("float_power-0", np.float_power, ([0.0, 0.0], [1.0, 0.0]), ([1.0, 0.0], [0.0, 0.0])),
    ("std-0", np.std, ([2.0, 2.0],), ([0.0, 0.0],)),
    ("logaddexp-inf", np.logaddexp, ([-_INF, -_INF], [-_INF, 0.0]), ([0.5, 0.0], [0.5, 1.0])),
    ("logaddexp2-inf", np.logaddexp2, ([-_INF, -_INF], [-_INF, 0.0]), ([0.5, 0.0], [0.5, 1.0])),
    ("logaddexp-huge", np.logaddexp, ([1e3, -1e3], [0.0, 0.0]), ([1.0, 0.0], [0.0, 1.0])),
    ("prod-no-zeros", np.prod, ([2.0, 3.0, 4.0],), ([12.0, 8.0, 6.0],)),
    ("prod-a-zero", np.prod, ([2.0, 0.0, 4.0],), ([0.0, 8.0, 0.0],)),
    ("prod-zeros", np.prod, ([2.0, 0.0, 0.0],), ([0.0, 0.0, 0.0],)),
    ("prod-axis", lambda x: np.prod(x, axis=1), ([[2.0, 0.0], [3.0, 4.0]],), ([[0.0, 2.0], [4.0, 3.0]],)),
    ("cumprod-a-zero", np.cumprod, ([2.0, 0.0, 4.0],), ([1.0, 10.0, 0.0],)),
    ("cumprod-zeros", np.cumprod, ([2.0, 0.0, 3.0, 0.0, 4.0],), ([1.0, 8.0, 0.0, 0.0, 0.0],)),
    ("cumprod-axis", lambda x: np.cumprod(x, 0), ([[0.0, 2.0], [3.0, 4.0]],), ([[4.0, 5.0], [0.0, 2.0]],)),
    ("sort-ties", np.sort, ([2.0, 1.0, 2.0],), ([1.0, 1.0, 1.0],)),
    ("repeated-write", after(lambda x, v: np.put(x, [1, 1], v)), ([1.0, 2.0], [3.0, 4.0]), ([1.0, 0.0], [0.0, 1.0])),
]

# Options that cannot be differentiated: id, call on a Tensor of 3 x 3, words of the message

REFUSED = [
    ("matmul-axes", lambda x: np.matmul(x, x, axes=[(0, 1), (0, 1), (0, 1)]), "np.matmul.*axes"),
    ("vecdot-axis", lambda x: np.vecdot(x, x, axis=0), "np.vecdot.*axis"),
    ("sum-initial", lambda x: np.sum(x, initial=x[0, 0]), "np.sum.*initial"),
    ("max-initial", lambda x: np.max(x, initial=x[0, 0]), "np.max.*initial"),
    ("maximum-reduce-dtype", lambda x: np.maximum.reduce(x, dtype=np.float64), "np.maximum.reduce.*dtype"),
    ("maximum-accumulate", np.maximum.accumulate, "np.maximum.accumulate"),
    ("hypot-reduce", np.hypot.reduce, "np.hypot.reduce"),
    ("subtract-outer-where", lambda x: np.subtract.outer(x, x, where=False), "np.subtract.outer.*where"),
    ("multiply-at-repeated", lambda x: np.multiply.at(x, [0, 0], 2.0), "np.multiply.at"),
    ("norm-nuclear", lambda x: np.linalg.norm(x, "nuc"), "np.linalg.norm.*nuc"),
    ("ldexp-exponent", lambda x: np.ldexp(2.0, x), "ldexp"),
    ("sum-unknown", lambda x: np.sum(x, weights=1), "weights"),
    ("clip-unknown", lambda x: np.clip(x, 0, 1, weights=1), "weights"),
    ("take-mode", lambda x: np.take(x, [0], mode="nearest"), "mode"),
    ("reshape-order", lambda x: np.reshape(x, 9, order="K"), "order"),
    ("clip-twice", lambda x: np.clip(x, 0, 1, max=2), "max"),
    ("take_along_axis-ndim", lambda x: np.take_along_axis(x, np.array([0]), 1), "dimension"),
]

registered = {**ufuncs, **functions}
