"""What a row of the catalogue is, and how its inputs are made."""

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


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
# Values and gradients where several answers, or none, would be possible: id, call, inputs, gradients for ones
SINGULAR: list[tuple[str, Callable[..., Any], tuple[Any, ...], tuple[Any, ...]]] = []
# Options that cannot be differentiated: id, call on a Tensor of 3 x 3, words of the message
REFUSED: list[tuple[str, Callable[..., Any], str]] = []


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


def after(write):
    """A call that writes into a copy of its first argument, and returns that."""

    def call(x, *args):
        x = np.copy(x, order="C")
        write(x, *args)
        return x

    return call


def quiet(call):
    """``call`` without the warnings of what NumPy has deprecated."""

    def called(*args, **options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call(*args, **options)

    return called


# Before, the extreme of a reversed array goes into out= wrong
EXTREMES_INTO_OUT = np.lib.NumpyVersion(np.__version__) >= "2.2.0"
COND = np.array([[True, False, True], [False, False, True]])
INDEX = np.array([[0, 2, -1], [1, 1, 0]])
