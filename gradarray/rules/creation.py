"""Making arrays: leaves of their own, or of what Tensors they are given, with a gradient to those.

Most are called with ``like=`` a Tensor, which NumPy takes away before it calls them here.
"""

import functools

import numpy as np
from numpy._core import umath

from ..registry import (
    composite,
    constant,
    differentiable,
    linear,
    stacked,
    unbroadcast,
    unwrap,
    wrap,
    wrap_leaf,
    wrap_shared,
)
from .shape import array_of


def blank(shape, dtype):
    """A constant Tensor of zeros, to be written into."""
    return wrap(np.zeros(shape, dtype))


@composite(np.zeros_like)
def zeros_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return wrap_leaf(np.zeros_like(unwrap(a), dtype, order, subok, shape, device=device))


@composite(np.ones_like)
def ones_like(a, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return wrap_leaf(np.ones_like(unwrap(a), dtype, order, subok, shape, device=device))


@composite(np.empty_like)
def empty_like(prototype, /, dtype=None, order="K", subok=True, shape=None, *, device=None):
    return wrap_leaf(np.empty_like(unwrap(prototype), dtype, order, subok, shape, device=device))


@composite(np.full_like)
def full_like(a, fill_value, dtype=None, order="K", subok=True, shape=None, *, device=None):
    t = wrap_leaf(np.empty_like(unwrap(a), dtype, order, subok, shape, device=device))
    t[...] = stacked(fill_value)
    return t


if hasattr(umath, "_ones_like"):
    constant(umath._ones_like)


def _leaf(made, source=None):
    """What was made as a leaf that knows whose memory it shows; as it is if it is no array of numbers."""
    if type(made) is not np.ndarray or made.dtype.kind not in "biufc":
        return made
    return wrap_leaf(made) if made is not source and made.base is None else wrap_shared(made)


def _makes(fn):
    """Register ``fn`` as one that makes a leaf of plain values."""

    @functools.wraps(fn)
    def make(*args, **kwargs):
        return _leaf(fn(*args, **kwargs))

    composite(fn)(make)


for maker in (
    *(np.zeros, np.ones, np.empty, np.eye, np.identity, np.tri),
    *(np.fromiter, np.fromfile, np.fromstring, np.loadtxt, np.genfromtxt),
):
    _makes(maker)


@composite(np.full)
def full(shape, fill_value, dtype=None, order="C", *, device=None, like=None):
    fill_value = stacked(fill_value)
    dtype = np.asarray(unwrap(fill_value)).dtype if dtype is None else dtype
    t = wrap_leaf(np.empty(shape, dtype, order, device=device))
    t[...] = fill_value
    return t


@composite(np.frombuffer)
@functools.wraps(np.frombuffer)
def frombuffer(*args, **kwargs):
    made = np.frombuffer(*args, **kwargs)
    # nobody could keep the owner of the buffer from writing to it while a graph needs its values
    return _leaf(made.copy() if made.flags.writeable else made)


@composite(np.fromfunction)
def fromfunction(function, shape, *, dtype=float, like=None, **kwargs):
    return _leaf(np.fromfunction(function, shape, dtype=dtype, **kwargs))


def _steps(first=None, stop=None, step=1, dtype=None, *, start=None, device=None):
    """The start and the step that the arguments of `np.arange` stand for."""
    start = first if start is None else start
    return (0 if stop is None else start), (1 if step is None else step)


@composite(np.arange)
@functools.wraps(np.arange)
def arange(*args, **kwargs):
    made = np.arange(*map(unwrap, args), **{name: unwrap(option) for name, option in kwargs.items()})
    start, step = _steps(*args, **kwargs)
    if unwrap(start) is start and unwrap(step) is step:
        return _leaf(made)
    return (start + step * np.arange(len(made))).astype(made.dtype)


def _converts(fn, name, signature):
    """Register ``fn`` as one that makes an array of its first argument, called ``name``, and so keeps its graph."""
    call = linear(fn, signature, a=lambda g, a_shape: np.reshape(g, a_shape)).call

    @functools.wraps(fn)
    def convert(*args, **kwargs):
        a, *rest = args or (kwargs.pop(name),)
        if unwrap(a) is a:
            return _leaf(fn(a, *rest, **kwargs), a)
        t = stacked(a)
        r = call(t, *rest, **kwargs)
        return t if unwrap(r) is unwrap(t) else r

    composite(fn)(convert)


_converts(np.array, "object", "(a, dtype=None, *, copy=True, order='K', subok=False, ndmin=0)")
_converts(np.asarray, "a", "(a, dtype=None, order=None, *, device=None, copy=None)")
_later = ", *, device=None, copy=None" if np.lib.NumpyVersion(np.__version__) >= "2.1.0" else ""
_converts(np.asanyarray, "a", f"(a, dtype=None, order=None{_later})")
_converts(np.ascontiguousarray, "a", "(a, dtype=None)")
_converts(np.asfortranarray, "a", "(a, dtype=None)")
_converts(np.require, "a", "(a, dtype=None, requirements=None)")


# Between two bounds


def _parts(g, num, endpoint):
    """How far each of ``num`` points is from the first bound to the second."""
    return np.arange(num, dtype=g.dtype) / max(num - bool(endpoint), 1)


def _at_points(g, weights, axis, shape):
    """The sum of ``g`` along its points, weighted, for a bound of ``shape``."""
    return unbroadcast(np.tensordot(weights, np.moveaxis(g, axis, 0), 1), shape)


# start + part (stop - start)
_linspace = differentiable(
    np.linspace,
    start=lambda g, start_shape, num, endpoint, axis: _at_points(g, 1 - _parts(g, num, endpoint), axis, start_shape),
    stop=lambda g, stop_shape, num, endpoint, axis: _at_points(g, _parts(g, num, endpoint), axis, stop_shape),
).call


@composite(np.linspace)
def linspace(start, stop, num=50, endpoint=True, retstep=False, dtype=None, axis=0, *, device=None):
    start, stop = stacked(start), stacked(stop)
    points = _linspace(start, stop, num, endpoint, dtype=dtype, axis=axis, device=device)
    intervals = num - bool(endpoint)
    return (points, np.subtract(stop, start) / intervals if intervals > 0 else np.nan) if retstep else points


@composite(np.logspace)
def logspace(start, stop, num=50, endpoint=True, base=10.0, dtype=None, axis=0):
    if np.ndim(unwrap(base)):
        ndim = max(np.ndim(unwrap(a)) for a in (start, stop, base))
        start, stop, base = (
            np.reshape(a, (1,) * (ndim - a.ndim) + a.shape) for a in map(array_of, (start, stop, base))
        )
        base = np.expand_dims(base, axis)
    y = np.power(base, np.linspace(start, stop, num, endpoint, axis=axis))
    return y if dtype is None else y.astype(dtype, copy=False)


# start (stop / start) ** part, whatever the signs: d/d(start) = (1 - part) out / start, d/d(stop) = part out / stop
_geomspace = differentiable(
    np.geomspace,
    start=lambda g, out, start, num, endpoint, axis: (
        _at_points(g * out, 1 - _parts(g, num, endpoint), axis, np.shape(start)) / start
    ),
    stop=lambda g, out, stop, num, endpoint, axis: (
        _at_points(g * out, _parts(g, num, endpoint), axis, np.shape(stop)) / stop
    ),
).call


@composite(np.geomspace)
def geomspace(start, stop, num=50, endpoint=True, dtype=None, axis=0):
    return _geomspace(stacked(start), stacked(stop), num, endpoint, dtype, axis)
