"""Functions of ``scipy.fft``. Each is linear, and the transpose of a transform is one again.

What is public there are multimethods, which hand over to functions of Python; both are registered. ``overwrite_x`` is
accepted, and nothing is overwritten: the graph may need it.
"""

import importlib

import numpy as np
from scipy import fft

from ..registry import composite, dispatched, linear
from ..rules.fft import _fitted, _weighted, fftshift, ifftshift


def _places(shape, s, axes):
    """The axes that are transformed, and what lengths they are given."""
    s = (s,) if hasattr(s, "__index__") else s
    if axes is None:
        axes = range(len(shape)) if s is None else range(len(shape) - len(s), len(shape))
    axes = [axis % len(shape) for axis in ((axes,) if hasattr(axes, "__index__") else axes)]
    sizes = [-1] * len(axes) if s is None else s
    return axes, [shape[axis] if n == -1 else n for axis, n in zip(axes, sizes, strict=True)]


def _all_fitted(g, x_shape, axes):
    """The transpose of cropping or padding an array of ``x_shape`` along ``axes``."""
    for axis in axes:
        g = _fitted(g, (*g.shape[:axis], x_shape[axis], *g.shape[axis + 1 :]), axis)
    return g


def _whole(transform):
    """That of a whole spectrum is its own transpose, whatever the norm."""

    def vjp(g, x_shape, s, axes, norm, workers):
        axes, _ = _places(x_shape, s, axes)
        return _all_fitted(transform(g, None, axes, norm, workers=workers), x_shape, axes)

    return vjp


def _to_half(transpose):
    """From real numbers to half a spectrum along the last axis."""

    def vjp(g, x_shape, s, axes, norm, workers):
        axes, sizes = _places(x_shape, s, axes)
        half = _weighted(g, sizes[-1], axes[-1], 0.5)
        return _all_fitted(transpose(half, sizes, axes, norm, workers=workers), x_shape, axes)

    return vjp


def _from_half(transpose):
    """From half a spectrum along the last axis; the imaginary parts that it ignores get 0."""

    def vjp(g, x_shape, s, axes, norm, workers):
        axes, _ = _places(x_shape, s, axes)
        half = transpose(g, None, axes, norm, workers=workers)
        return _all_fitted(_weighted(half, g.shape[axes[-1]], axes[-1], 2.0), x_shape, axes)

    return vjp


_TRANSPOSED = {1: 1, 2: 3, 3: 2, 4: 4}
# SciPy 1.17 forgets the option for complex numbers
_FORGETS = fft.dct([1 + 0j, 1], orthogonalize=True)[0] == fft.dct([1.0, 1])[0]


def _trigonometric(transform, inverse, edges, edges_of_first):
    """Cosine and sine transforms: type 3 is the transpose of type 2, but for a factor 2 at ``edges``.

    It is left out where they are made orthogonal.
    """

    def vjp(g, x_shape, form, s, axes, norm, workers, orthogonalize):
        axes, _ = _places(x_shape, s, axes)
        by_norm = orthogonalize is None or (_FORGETS and g.dtype.kind == "c")
        plain = norm != "ortho" if by_norm else not orthogonalize
        seen = _TRANSPOSED[form] if inverse else form
        at = edges_of_first if seen == 1 else edges
        g = _at_edges(g, axes, at if plain and seen < 3 else (), 2)
        g = transform(g, _TRANSPOSED[form], None, axes, norm, workers=workers, orthogonalize=orthogonalize)
        return _all_fitted(_at_edges(g, axes, at if plain and seen in (1, 3) else (), 0.5), x_shape, axes)

    return vjp


def _at_edges(g, axes, edges, factor):
    """``g`` times ``factor`` at those places of each axis."""
    for axis in axes if edges else ():
        weights = np.ones((g.shape[axis], *(1,) * (g.ndim - 1 - axis)), g.real.dtype)
        weights[edges] = factor
        g = g * weights
    return g


def _both(module, name):
    """The public function, and that of the same name which it hands over to."""
    return getattr(fft, name), getattr(importlib.import_module(f"scipy.fft.{module}"), name)


def _register(module, name, vjp):
    for fn in _both(module, name):
        linear(fn, x=vjp).compute = lambda x, n, axis, norm, overwrite_x, *rest, fn=fn, plan: fn(
            x, n, axis, norm, False, *rest, plan=plan
        )


_n = {name: dispatched(getattr(fft, name)) for name in ("fftn", "ifftn", "rfftn", "irfftn", "hfftn", "ihfftn")}
for name, vjp in {
    "fft": _whole(_n["fftn"]),
    "ifft": _whole(_n["ifftn"]),
    "rfft": _to_half(_n["hfftn"]),
    "irfft": _from_half(_n["ihfftn"]),
    "hfft": _from_half(_n["rfftn"]),
    "ihfft": _to_half(_n["irfftn"]),
}.items():
    # the parameters of a derivative say by their names what it asks for; what has a default is bound to it
    several = lambda g, x_shape, s, axes, norm, workers, vjp=vjp: vjp(g, x_shape, s, axes, norm, workers)  # noqa: E731
    one = lambda g, x_shape, n, axis, norm, workers, vjp=vjp: vjp(g, x_shape, n, axis, norm, workers)  # noqa: E731
    for kind, form in (("", one), ("2", several), ("n", several)):
        _register("_basic_backend", name + kind, form)


def _trigonometric_of_one(fn, vjp):
    signature = "(x, form, n, axis, norm, workers, orthogonalize)"
    rule = linear(fn, signature, x=vjp)
    rule.compute = lambda x, form, n, axis, norm, workers, orthogonalize: fn(
        x, form, n, axis, norm, False, workers, orthogonalize
    )

    @composite(fn)
    def transform(x, type=2, n=None, axis=-1, norm=None, overwrite_x=False, workers=None, orthogonalize=None):
        return rule.call(x, type, n, axis, norm, workers, orthogonalize)


def _trigonometric_of_several(fn, vjp):
    signature = "(x, form, s, axes, norm, workers, orthogonalize)"
    rule = linear(fn, signature, x=vjp)
    rule.compute = lambda x, form, s, axes, norm, workers, orthogonalize: fn(
        x, form, s, axes, norm, False, workers, orthogonalize=orthogonalize
    )

    @composite(fn)
    def transform(x, type=2, s=None, axes=None, norm=None, overwrite_x=False, workers=None, orthogonalize=None):
        return rule.call(x, type, s, axes, norm, workers, orthogonalize)


for name, edges, edges_of_first in (("dct", [0], [0, -1]), ("dst", [-1], [])):
    for inverse in ("", "i"):
        vjp = _trigonometric(dispatched(getattr(fft, f"{inverse}{name}n")), inverse, edges, edges_of_first)
        of_one = lambda g, x_shape, form, n, axis, norm, workers, orthogonalize, vjp=vjp: vjp(  # noqa: E731
            g, x_shape, form, n, axis, norm, workers, orthogonalize
        )
        for fn in _both("_realtransforms_backend", f"{inverse}{name}"):
            _trigonometric_of_one(fn, of_one)
        for fn in _both("_realtransforms_backend", f"{inverse}{name}n"):
            _trigonometric_of_several(fn, vjp)

# The fast Hankel transform is a convolution seen in reverse, between factors that are the same on both its sides.
_fht, _ifht = dispatched(fft.fht), dispatched(fft.ifht)
for fn in _both("_fftlog_backend", "fht"):
    linear(fn, a=lambda g, dln, mu, offset, bias: _fht(g, dln, mu, offset, bias))
for fn in _both("_fftlog_backend", "ifht"):
    linear(fn, A=lambda g, dln, mu, offset, bias: _ifht(g, dln, mu, offset, bias))

composite(fft.fftshift)(fftshift)
composite(fft.ifftshift)(ifftshift)
