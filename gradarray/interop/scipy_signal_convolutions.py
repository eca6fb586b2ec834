"""Convolutions and correlations of ``scipy.signal``: the transpose of one is one again, with what is reversed."""

import math

import numpy as np
from scipy import fft, signal

from ..registry import composite, constant, differentiable, dispatched, stacked, unbroadcast
from .scipy_ndimage_filters import padded

convolve = dispatched(signal.convolve)
fftconvolve = dispatched(signal.fftconvolve)
oaconvolve = dispatched(signal.oaconvolve)
convolve2d = dispatched(signal.convolve2d)
_fftn, _ifftn, _rfftn, _irfftn = (dispatched(fn) for fn in (fft.fftn, fft.ifftn, fft.rfftn, fft.irfftn))


def _centered(g, full, late=0):
    """``g`` in the middle of zeros of the shape ``full``, from which it was cut; ``late`` where that is half a step."""
    spare = [m - n for m, n in zip(full, g.shape, strict=True)]
    return np.pad(g, [((n + late) // 2, n - (n + late) // 2) for n in spare]) if any(spare) else g


def _back(fn, g, other, shape, mode, axes=None):
    """The gradient of the convolution ``fn`` with ``other``, for the operand of ``shape``: that with it reversed."""
    axes = range(len(shape)) if axes is None else axes
    other = np.flip(other, tuple(axes))
    if mode == "valid" and all(shape[k] >= other.shape[k] for k in axes):
        return fn(g, other, "full")
    if mode == "same":
        pairs = enumerate(zip(shape, other.shape, strict=True))
        g = _centered(g, [n + m - 1 if k in axes else max(n, m) for k, (n, m) in pairs])
    return fn(g, other, "valid")


def _valid(a, b, axes):
    """The part of a convolution where one operand lies within the other, by transforms no longer than that.

    Those of SciPy are as long as the whole convolution, of which all that is not asked for here may overlap.
    """
    if any(a.shape[k] < b.shape[k] for k in axes):
        a, b = b, a
    transform, inverse = (_fftn, _ifftn) if "c" in (a.dtype.kind, b.dtype.kind) else (_rfftn, _irfftn)
    sizes = [fft.next_fast_len(a.shape[k], transform is _rfftn) for k in axes]
    r = inverse(transform(a, sizes, axes) * transform(b, sizes, axes), sizes, axes)
    return r[tuple(slice(b.shape[k] - 1, a.shape[k]) if k in axes else slice(None) for k in range(a.ndim))]


def _by(method):
    def by(a, b, mode):
        axes = [*range(a.ndim)]
        if mode == "valid" and axes and (method == "fft" or (method == "auto" and _is_long(a.shape, b.shape))):
            return _valid(a, b, axes)
        return convolve(a, b, mode, method)

    return by


def _is_long(a, b):
    """Whether transforms take less time than the sums of products: by about 40 products per element."""
    sums = math.prod(abs(n - m) + 1 for n, m in zip(a, b, strict=True))
    return sums * min(math.prod(a), math.prod(b)) > 40 * max(math.prod(a), math.prod(b)) + 100_000


differentiable(
    signal.convolve,
    in1=lambda g, in1_shape, in2, mode, method: _back(_by(method), g, in2, in1_shape, mode),
    in2=lambda g, in1, in2_shape, mode, method: _back(_by(method), g, in1, in2_shape, mode),
).multilinear = True
# with the conjugate of the second operand, reversed
differentiable(
    signal.correlate,
    in1=lambda g, in1_shape, in2, mode, method: _back(_by(method), g, np.conj(np.flip(in2)), in1_shape, mode),
    in2=lambda g, in1, in2_shape, mode, method: np.conj(np.flip(_back(_by(method), g, in1, in2_shape, mode))),
).multilinear = True


def _along(fn):
    """Convolutions along some axes; the others broadcast, and so do those along which an operand has one element."""

    def back(g, other, shape, mode, axes):
        axes = range(len(shape)) if axes is None else (axes,) if hasattr(axes, "__index__") else axes
        pairs = [(shape[k], np.shape(other)[k]) for k in range(len(shape))]
        chosen = [k for k in {axis % len(shape) for axis in axes} if 1 not in pairs[k]]

        def by(a, b, mode):
            if not chosen:
                return a * b
            return _valid(a, b, chosen) if mode == "valid" else fn(a, b, mode, chosen)

        return unbroadcast(_back(by, g, other, shape, mode, chosen), shape)

    return back


for fn, back in ((signal.fftconvolve, _along(fftconvolve)), (signal.oaconvolve, _along(oaconvolve))):
    differentiable(
        fn,
        in1=lambda g, in1_shape, in2, mode, axes, back=back: back(g, in2, in1_shape, mode, axes),
        in2=lambda g, in1, in2_shape, mode, axes, back=back: back(g, in1, in2_shape, mode, axes),
    ).multilinear = True

_BOUNDARIES = {"fill": "constant", "pad": "constant", "wrap": "wrap", "circular": "wrap"}
_BOUNDARIES |= {"symm": "symmetric", "symmetric": "symmetric"}


def _folded(g, shape, mode):
    """The transpose of `np.pad` to the shape of ``g``: what is beyond the array of ``shape`` is added to its source."""
    for axis, n in enumerate(shape):
        spare = g.shape[axis] - n
        low = spare // 2
        source = np.pad(np.arange(n), (low, spare - low), mode)
        rows = np.moveaxis(g, axis, 0)
        core = np.copy(rows[low : low + n])
        for part, places in ((rows[:low], source[:low]), (rows[low + n :], source[low + n :])):
            np.add.at(core, places, part)
        g = np.moveaxis(core, 0, axis)
    return g


def _image(g, in1_shape, in2, mode, boundary, late=0):
    """The gradient for an image that was convolved: where it was extended, that of the extension folds back."""
    in2 = np.asarray(in2) if isinstance(in2, list) else in2
    if mode == "valid":
        return _back(convolve2d, g, in2, in1_shape, mode)
    g = _centered(g, [n + m - 1 for n, m in zip(in1_shape, in2.shape, strict=True)], late)
    if _BOUNDARIES[boundary] == "constant":
        return convolve2d(g, np.flip(in2), "valid")
    return _folded(convolve2d(g, np.flip(in2)), in1_shape, _BOUNDARIES[boundary])


def _kernel(g, in1, in2_shape, mode, boundary, fillvalue, late=0):
    """The gradient for what an image, extended, was convolved with."""
    if mode == "valid":
        return _back(convolve2d, g, in1, in2_shape, mode)
    g = _centered(g, [n + m - 1 for n, m in zip(in1.shape, in2_shape, strict=True)], late)
    form = _BOUNDARIES[boundary]
    full = padded(in1, [(n - 1, n - 1) for n in in2_shape], form, fillvalue)
    return convolve2d(np.flip(full), g, "valid")


differentiable(
    signal.convolve2d,
    in1=lambda g, in1_shape, in2, mode, boundary: _image(g, in1_shape, in2, mode, boundary),
    in2=lambda g, in1, in2_shape, mode, boundary, fillvalue: _kernel(g, in1, in2_shape, mode, boundary, fillvalue),
)
_correlate2d = differentiable(
    signal.correlate2d,
    "(in1, in2, mode, boundary, fillvalue)",
    in1=lambda g, in1_shape, in2, mode, boundary: _image(g, in1_shape, np.conj(np.flip(in2)), mode, boundary, 1),
    in2=lambda g, in1, in2_shape, mode, boundary, fillvalue: np.conj(
        np.flip(_kernel(g, in1, in2_shape, mode, boundary, fillvalue, 1))
    ),
)
# SciPy 1.17 conjugates the first operand instead of the second where the first is the smaller one
_CONJUGATES = signal.correlate2d([[1j]], [[1, 1]], "valid")[0, 0] == -1j


def _is_turned(in1, in2, mode):
    return _CONJUGATES and mode == "valid" and any(n < m for n, m in zip(in1.shape, in2.shape, strict=True))


def _correlated(in1, in2, mode, boundary, fillvalue):
    r = signal.correlate2d(in1, in2, mode, boundary, fillvalue)
    return np.conj(r) if _is_turned(in1, in2, mode) else r


_correlate2d.compute = _correlated


@composite(signal.correlate2d)
def correlate2d(in1, in2, mode="full", boundary="fill", fillvalue=0):
    in1, in2 = (np.asarray(x) if isinstance(x, (list, tuple)) else x for x in (stacked(in1), stacked(in2)))
    if _is_turned(in1, in2, mode):
        in1, in2 = np.conj(in1), np.conj(in2)
    return _correlate2d.call(in1, in2, mode, boundary, fillvalue)


constant(signal.choose_conv_method)
