"""Discrete Fourier transforms. The matrix of one is symmetric, so its transpose is a transform again."""

import warnings

import numpy as np

from ..registry import composite, into, linear
from .shape import array_of


def _fitted(g, a_shape, axis):
    """The transpose of cropping or padding an array of ``a_shape``: zeros where it was cropped, less where padded."""
    axis = axis % len(a_shape)
    have, wanted = g.shape[axis], a_shape[axis]
    if have > wanted:
        return g[(slice(None),) * axis + (slice(wanted),)]
    if have < wanted:
        rest = np.zeros_like(g, shape=(*a_shape[:axis], wanted - have, *a_shape[axis + 1 :]))
        return np.concatenate((g, rest), axis=axis)
    return g


def _weighted(spectrum, n, axis, factor):
    """Half a spectrum of ``n`` real numbers, times ``factor`` where an element stands for its conjugate as well."""
    axis = axis % spectrum.ndim
    weights = np.ones((spectrum.shape[axis], *(1,) * (spectrum.ndim - 1 - axis)), spectrum.real.dtype)
    weights[1 : (n + 1) // 2] = factor
    return spectrum * weights


# That of the whole spectrum is its own transpose, whatever the norm.
linear(np.fft.fft, a=lambda g, a_shape, axis, norm: _fitted(np.fft.fft(g, None, axis, norm), a_shape, axis))
linear(np.fft.ifft, a=lambda g, a_shape, axis, norm: _fitted(np.fft.ifft(g, None, axis, norm), a_shape, axis))


def _to_half(transpose):
    """The transpose of a transform from ``n`` real numbers to half a spectrum."""

    def vjp(g, a_shape, n, axis, norm):
        n = a_shape[axis] if n is None else n
        return _fitted(transpose(_weighted(g, n, axis, 0.5), n, axis, norm), a_shape, axis)

    return vjp


def _from_half(transpose):
    """The transpose of a transform from half a spectrum; the imaginary parts that it ignores get 0."""

    def vjp(g, a_shape, axis, norm):
        half = transpose(g, None, axis, norm)
        return _fitted(_weighted(half, g.shape[axis], axis, 2.0), a_shape, axis)

    return vjp


linear(np.fft.rfft, a=_to_half(np.fft.hfft))
linear(np.fft.irfft, a=_from_half(np.fft.ihfft))
linear(np.fft.hfft, a=_from_half(np.fft.rfft))
linear(np.fft.ihfft, a=_to_half(np.fft.irfft))


def _steps(name, shape, s, axes):
    """A length, ``None`` for that of the transform itself, and an axis for each transform."""
    if s is not None and axes is None:
        _deprecated(f"{name}: give axes= where s= is given; without, it means the last axes.")
        axes = range(-len(s), 0)
    axes = list(range(len(shape)) if axes is None else axes)
    s = [shape[axis] for axis in axes] if s is None else list(s)
    if len(s) != len(axes):
        raise ValueError(f"{name}: s= has {len(s)} lengths for {len(axes)} axes.")
    if None in s:
        _deprecated(f"{name}: None in s= is deprecated; give the length, or -1 for that of the input.")
    return [(shape[axis] if n == -1 else n, axis) for n, axis in zip(s, axes, strict=True)]


def _deprecated(message):
    warnings.warn(message, DeprecationWarning, stacklevel=5)


def _along_all(fn, transform, default):
    """A transform of each axis in turn, the last first."""
    name = f"np.fft.{fn.__name__}"

    def nd(a, s=None, axes=default, norm=None, out=None):
        a = array_of(a)
        for n, axis in reversed(_steps(name, a.shape, s, axes)):
            a = transform(a, n, axis, norm)
        return into(name, a, out)

    composite(fn)(nd)


def _to_half_of_last(fn, default):
    """Half the spectrum of the last axis, then transforms of the others."""
    name = f"np.fft.{fn.__name__}"

    def nd(a, s=None, axes=default, norm=None, out=None):
        a = array_of(a)
        *others, (n, axis) = _steps(name, a.shape, s, axes)
        a = np.fft.rfft(a, n, axis, norm)
        for n, axis in reversed(others):
            a = np.fft.fft(a, n, axis, norm)
        return into(name, a, out)

    composite(fn)(nd)


def _from_half_of_last(fn, default):
    """Inverse transforms of all axes, the last from half its spectrum."""
    name = f"np.fft.{fn.__name__}"

    def nd(a, s=None, axes=default, norm=None, out=None):
        a = array_of(a)
        *others, (n, axis) = _steps(name, a.shape, s, axes)
        for length, other in others:
            a = np.fft.ifft(a, length, other, norm)
        return into(name, np.fft.irfft(a, None if s is None else n, axis, norm), out)

    composite(fn)(nd)


for fn, transform, default in (
    (np.fft.fft2, np.fft.fft, (-2, -1)),
    (np.fft.ifft2, np.fft.ifft, (-2, -1)),
    (np.fft.fftn, np.fft.fft, None),
    (np.fft.ifftn, np.fft.ifft, None),
):
    _along_all(fn, transform, default)
_to_half_of_last(np.fft.rfft2, (-2, -1))
_to_half_of_last(np.fft.rfftn, None)
_from_half_of_last(np.fft.irfft2, (-2, -1))
_from_half_of_last(np.fft.irfftn, None)


def _shift(x, axes, sign):
    """Roll each axis by half its length."""
    axes = range(x.ndim) if axes is None else axes if hasattr(axes, "__iter__") else (axes,)
    return np.roll(x, [sign * (x.shape[axis] // 2) for axis in axes], tuple(axes))


@composite(np.fft.fftshift)
def fftshift(x, axes=None):
    return _shift(x, axes, 1)


@composite(np.fft.ifftshift)
def ifftshift(x, axes=None):
    return _shift(x, axes, -1)
