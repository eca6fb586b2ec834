"""Transforms of ``scipy.fft``."""

import importlib

import numpy as np
from catalogue.base import real
from scipy import fft

from .base import REFUSED, row

NORMS = ("backward", "ortho", "forward")
TO_HALF = ("rfft", "ihfft", "rfft2", "ihfft2", "rfftn", "ihfftn")
BACKENDS = [
    importlib.import_module(f"scipy.fft._{name}_backend").__dict__ for name in ("basic", "realtransforms", "fftlog")
]


def both(name, label, call, *inputs, **options):
    """A row of the public function, and one of what it hands over to."""
    row(getattr(fft, name), label, lambda *args: call(getattr(fft, name), *args), *inputs, **options)
    held = next(space for space in BACKENDS if name in space)
    row(held[name], f"backend,{label}", lambda *args: call(held[name], *args), *inputs, **options)


for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    f, takes = getattr(fft, name), name not in TO_HALF
    both(name, "call", lambda f, x: f(x), real(3, 5), complex=takes)
    for length in (4, 5):
        for n in (1, 2, 3, 6, 7, 12):
            if n > 1 or name not in ("irfft", "hfft"):
                row(f, f"{length},n={n}", lambda x, f=f, n=n: f(x, n), real(length), complex=takes)
    row(f, "one", lambda x, f=f: f(x, n=2), real(1), complex=takes)
    for norm in NORMS:
        row(f, norm, lambda x, f=f, norm=norm: f(x, norm=norm), real(5), complex=takes)
        row(f, f"{norm},n", lambda x, f=f, norm=norm: f(x, 6, norm=norm), real(2, 5), complex=takes)
    for axis in (0, 1, -2):
        row(f, f"axis={axis}", lambda x, f=f, axis=axis: f(x, 5, axis=axis), real(4, 3, 2), complex=takes)
    row(f, "overwrite", lambda x, f=f: f(np.copy(x), overwrite_x=True, workers=2), real(2, 4), complex=takes)
    row(f, "twice", lambda x, f=f: f(np.abs(f(x)) ** 2), real(4), complex=takes)

for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft"):
    for kind in "2n":
        f, takes = getattr(fft, name + kind), name not in TO_HALF
        both(name + kind, "call", lambda f, x: f(x), real(4, 5), complex=takes)
        row(f, "3-d", f, real(2, 3, 4), complex=takes)
        for norm in NORMS:
            row(f, norm, lambda x, f=f, norm=norm: f(x, (4, 3), norm=norm), real(3, 4), complex=takes)
        for label, s, axes in (
            *(("axes", None, (0, -1)), ("turned", None, (1, 0)), ("s", (2, 7), (0, 1)), ("s,turned", (3, 6), (-1, 0))),
            *(("s,whole", (-1, 3), (0, 2)), ("one", None, (1,)), ("s,one", (5,), (0,)), ("odd", (5, 5), (1, 2))),
        ):
            row(f, label, lambda x, f=f, s=s, axes=axes: f(x, s, axes), real(3, 4, 2), complex=takes)
        row(f, "overwrite", lambda x, f=f: f(np.copy(x), overwrite_x=True, workers=-1), real(2, 4), complex=takes)
    row(f, "int", lambda x, f=f: f(x, 4, 0), real(3, 4), complex=takes)
for f in (fft.fftn, fft.ifftn):
    row(f, "none", lambda x, f=f: f(x, axes=()) * 2, real(2, 3), complex=True)

for name in ("dct", "idct", "dst", "idst"):
    f, fn = getattr(fft, name), getattr(fft, f"{name}n")
    both(name, "call", lambda f, x: f(x), real(3, 5), complex=True)
    both(f"{name}n", "call", lambda f, x: f(x), real(3, 5), complex=True)
    for type in (1, 2, 3, 4):
        for norm in NORMS:
            for orthogonalize in (None, True, False):
                options = {"norm": norm, "orthogonalize": orthogonalize}
                label = f"type={type},{norm},{orthogonalize}"
                row(f, label, lambda x, f=f, t=type, o=options: f(x, t, **o), real(5), complex=True)
                row(fn, label, lambda x, f=fn, t=type, o=options: f(x, t, **o), real(3, 4), complex=True)
        for n in (2, 3, 7):
            row(f, f"type={type},n={n}", lambda x, f=f, t=type, n=n: f(x, t, n, 0), real(5, 2), complex=True)
        for label, s, axes in (("s", (2, 7), (0, 1)), ("axes", None, (2, 0)), ("whole", (-1, 3), None), ("int", 3, 1)):
            call = lambda x, f=fn, t=type, s=s, axes=axes: f(x, t, s, axes)  # noqa: E731
            row(fn, f"type={type},{label}", call, real(3, 4, 2), complex=True)
    row(f, "overwrite", lambda x, f=f: f(np.copy(x), overwrite_x=True, workers=2), real(2, 4), complex=True)
    row(fn, "overwrite", lambda x, f=fn: f(np.copy(x), overwrite_x=True, workers=2), real(2, 4), complex=True)

for name in ("fht", "ifht"):
    f = getattr(fft, name)
    for n in (5, 6):
        both(name, f"{n}", lambda f, x: f(x, 0.3, 0.5), real(n))
        row(f, f"{n},bias", lambda x, f=f: f(x, 0.3, 0.5, 0.2, 0.1), real(2, n))

for f in (fft.fftshift, fft.ifftshift):
    for label, axes in (("call", None), ("axis", 0), ("negative", -1), ("axes", (0, 2)), ("list", [1, -1])):
        row(f, label, lambda x, f=f, axes=axes: f(x, axes), real(3, 4, 5), complex=True)

REFUSED += [
    ("fft-norm", lambda x: fft.fft(x, norm="unitary"), "norm"),
    ("fft-n", lambda x: fft.fft(x, 0), "0"),
    ("dct-type", lambda x: fft.dct(x, 5), "type|Invalid"),
    ("dctn-axes", lambda x: fft.dctn(x, axes=(0, 0)), "unique"),
    ("fht-mu", lambda x: fft.fht(x[0], 0.1, x[0, 0]), "fht has no derivative with respect to 'mu'"),
]
