"""Functions of ``scipy.fftpack``: those of `scipy.fft` under other names, packed spectra, and operators on samples.

``overwrite_x`` is accepted, and nothing is overwritten: the graph may need it.

>>> import numpy as np, gradarray as ga
>>> from scipy import fftpack
>>> ga.grad(lambda x: np.sum(fftpack.rfft(x) ** 2))(np.array([1.0, 2.0, 4.0]))
array([10., 13., 19.])
"""

import numpy as np
from scipy import fft, fftpack

from ..registry import composite, constant, dispatched, linear
from ..rules.fft import _fitted

_INVERSE = {1: 1, 2: 3, 3: 2, 4: 4}


def _lengths(x, shape, axes):
    """``shape``, which has as many numbers as there are axes, also where it is alone."""
    if shape is None or axes is not None:
        return shape
    lengths = [shape] if hasattr(shape, "__index__") else [*shape]
    if len(lengths) != np.ndim(x):
        raise ValueError("when given, axes and shape arguments have to be of the same length")
    return lengths


def _fourier(name):
    one, several = dispatched(getattr(fft, name)), dispatched(getattr(fft, f"{name}n"))

    @composite(getattr(fftpack, name))
    def along_one(x, n=None, axis=-1, overwrite_x=False):
        return one(x, n, axis)

    @composite(getattr(fftpack, f"{name}n"))
    def along_several(x, shape=None, axes=None, overwrite_x=False):
        return several(x, _lengths(x, shape, axes), axes)

    @composite(getattr(fftpack, f"{name}2"))
    def along_two(x, shape=None, axes=(-2, -1), overwrite_x=False):
        return several(x, _lengths(x, shape, axes), axes)


def _trigonometric(name, form):
    """Those that are called inverse are the other type, without its factor."""
    one, several = dispatched(getattr(fft, name)), dispatched(getattr(fft, f"{name}n"))
    prefix = "i" if form is _INVERSE else ""

    @composite(getattr(fftpack, f"{prefix}{name}"))
    def along_one(x, type=2, n=None, axis=-1, norm=None, overwrite_x=False):
        return one(x, form[type], n, axis, norm)

    @composite(getattr(fftpack, f"{prefix}{name}n"))
    def along_several(x, type=2, shape=None, axes=None, norm=None, overwrite_x=False):
        return several(x, form[type], _lengths(x, shape, axes), axes, norm)


class _Same(dict[int, int]):
    def __missing__(self, key: int) -> int:
        return key


for name in ("fft", "ifft"):
    _fourier(name)
for name in ("dct", "dst"):
    _trigonometric(name, _Same())
    _trigonometric(name, _INVERSE)

# Packed spectra: the real and the imaginary parts of one after the other, without those that are zero.

_rfft, _irfft = dispatched(fftpack.rfft), dispatched(fftpack.irfft)


def _paired(g, axis, factor):
    """A packed spectrum, times ``factor`` where an element stands for its conjugate as well."""
    n = g.shape[axis]
    weights = np.full((n, *(1,) * (g.ndim - 1 - axis % g.ndim)), factor, g.dtype)
    weights[:: n - 1 if n % 2 == 0 else n] = 1
    return g * weights


linear(
    fftpack.rfft,
    x=lambda g, x_shape, axis: _fitted(_irfft(_paired(g, axis, 0.5), None, axis) * g.shape[axis], x_shape, axis),
).compute = lambda x, n, axis, overwrite_x: fftpack.rfft(x, n, axis)
linear(
    fftpack.irfft,
    x=lambda g, x_shape, axis: _fitted(_paired(_rfft(g, None, axis), axis, 2) / g.shape[axis], x_shape, axis),
).compute = lambda x, n, axis, overwrite_x: fftpack.irfft(x, n, axis)

# Operators on samples of a periodic function. They are convolutions: even ones are their own transposes, of odd ones
# that is the negative.

_diff, _shift = dispatched(fftpack.diff), dispatched(fftpack.shift)
linear(fftpack.diff, x=lambda g, order, period: (-1) ** (order % 2) * _diff(g, order, period))


def _shifted_back(g, a, period):
    """What is shifted the other way; but for the highest frequency of an even number, which SciPy only scales."""
    back = _shift(g, -a, period)
    if g.size % 2:
        return back
    signs = (-1.0) ** np.arange(g.size)
    return back + (_shift(signs, a, period)[0] - _shift(signs, -a, period)[0]) * np.mean(signs * g) * signs


linear(fftpack.shift, x=lambda g, a, period: _shifted_back(g, a, period))
for fn, inner in [(fn, dispatched(fn)) for fn in (fftpack.hilbert, fftpack.ihilbert)]:
    linear(fn, x=lambda g, inner=inner: -inner(g))
for fn, inner in [(fn, dispatched(fn)) for fn in (fftpack.tilbert, fftpack.itilbert)]:
    linear(fn, x=lambda g, h, period, inner=inner: -inner(g, h, period))
for fn, inner in [(fn, dispatched(fn)) for fn in (fftpack.cs_diff, fftpack.sc_diff)]:
    linear(fn, x=lambda g, a, b, period, inner=inner: -inner(g, a, b, period))
for fn, inner in [(fn, dispatched(fn)) for fn in (fftpack.ss_diff, fftpack.cc_diff)]:
    linear(fn, x=lambda g, a, b, period, inner=inner: inner(g, a, b, period))

constant(fftpack.next_fast_len)
