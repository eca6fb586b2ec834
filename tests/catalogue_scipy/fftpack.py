"""Transforms and operators of ``scipy.fftpack``."""

import numpy as np
from catalogue.base import real
from scipy import fftpack

from .base import REFUSED
from .base import row as row_of


def row(fn, label, call, *inputs, complex):
    """A row whose ``call`` takes the function as well, by its name, as code does."""
    by_name = eval(f"lambda *args, **options: fftpack.{fn.__name__}(*args, **options)", {"fftpack": fftpack})
    row_of(fn, label, lambda x: call(by_name, x), *inputs, complex=complex)


for name in ("fft", "ifft", "rfft", "irfft"):
    f, takes = getattr(fftpack, name), not name.endswith("rfft")
    row(f, "fftpack,call", lambda f, x: f(x), real(3, 5), complex=takes)
    for length in (4, 5):
        for n in (1, 2, 3, 6, 7):
            row(f, f"fftpack,{length},n={n}", lambda f, x, n=n: f(x, n), real(length), complex=takes)
    for axis in (0, 1, -2):
        row(f, f"fftpack,axis={axis}", lambda f, x, axis=axis: f(x, 5, axis=axis), real(4, 3, 2), complex=takes)
        row(f, f"fftpack,own,axis={axis}", lambda f, x, axis=axis: f(x, axis=axis), real(4, 3, 2), complex=takes)
    row(f, "fftpack,overwrite", lambda f, x: f(np.copy(x), overwrite_x=True), real(2, 4), complex=takes)
    row(f, "fftpack,one", lambda f, x: f(x), real(1), complex=takes)
    row(f, "fftpack,twice", lambda f, x: f(np.abs(f(x)) ** 2), real(4), complex=takes)

for name in ("fft", "ifft"):
    f, fn = getattr(fftpack, f"{name}2"), getattr(fftpack, f"{name}n")
    for g in (f, fn):
        row(g, "fftpack,call", lambda g, x: g(x), real(4, 5), complex=True)
        row(g, "fftpack,3-d", lambda g, x: g(x), real(2, 3, 4), complex=True)
        for label, shape, axes in (("axes", None, (0, -1)), ("s", (2, 7), (0, 1)), ("turned", (3, 6), (-1, 0))):
            call = lambda g, x, shape=shape, axes=axes: g(x, shape, axes)  # noqa: E731
            row(g, f"fftpack,{label}", call, real(3, 4, 2), complex=True)
        row(g, "fftpack,overwrite", lambda g, x: g(np.copy(x), overwrite_x=True), real(2, 4), complex=True)
    row(fn, "fftpack,shape", lambda fn, x: fn(x, (4, 3)), real(3, 4), complex=True)
    row(fn, "fftpack,int", lambda fn, x: fn(x, 5), real(4), complex=True)

for name in ("dct", "idct", "dst", "idst"):
    f, fn = getattr(fftpack, name), getattr(fftpack, f"{name}n")
    row(f, "fftpack,call", lambda f, x: f(x), real(3, 5), complex=True)
    row(fn, "fftpack,call", lambda f, x: f(x), real(3, 5), complex=True)
    for type in (1, 2, 3, 4):
        for norm in (None, "ortho"):
            for g in (f, fn):
                call = lambda g, x, type=type, norm=norm: g(x, type, norm=norm)  # noqa: E731
                row(g, f"fftpack,type={type},{norm}", call, real(3, 4), complex=True)
        for n in (2, 3, 7):
            call = lambda f, x, type=type, n=n: f(x, type, n, 0)  # noqa: E731
            row(f, f"fftpack,type={type},n={n}", call, real(5, 2), complex=True)
        for label, shape, axes in (("s", (2, 7), (0, 1)), ("axes", None, (2, 0)), ("shape", (2, 5, 3), None)):
            call = lambda fn, x, type=type, shape=shape, axes=axes: fn(x, type, shape, axes)  # noqa: E731
            row(fn, f"fftpack,type={type},{label}", call, real(3, 4, 2), complex=True)
    row(f, "fftpack,overwrite", lambda f, x: f(np.copy(x), overwrite_x=True), real(2, 4), complex=True)
    row(fn, "fftpack,overwrite", lambda f, x: f(np.copy(x), overwrite_x=True), real(2, 4), complex=True)

for n in (1, 5, 6):
    for period in (None, 3.0):
        for order in (-2, -1, 0, 1, 2, 3):
            call = lambda f, x, order=order, period=period: f(x, order, period)  # noqa: E731
            row(fftpack.diff, f"{n},{order},{period}", call, real(n), complex=True)
        for f in (fftpack.tilbert, fftpack.itilbert, fftpack.shift):
            call = lambda f, x, period=period: f(x, 0.7, period)  # noqa: E731
            row(f, f"fftpack,{n},{period}", call, real(n), complex=True)
        for f in (fftpack.cs_diff, fftpack.sc_diff, fftpack.ss_diff, fftpack.cc_diff):
            call = lambda f, x, period=period: f(x, 0.3, 0.7, period)  # noqa: E731
            row(f, f"{n},{period}", call, real(n), complex=True)
    for f in (fftpack.hilbert, fftpack.ihilbert):
        row(f, f"fftpack,{n}", lambda f, x: f(x), real(n), complex=True)
row(fftpack.diff, "default", lambda f, x: f(x), real(8), complex=True)
row_of(fftpack.rfftfreq, "fftpack", lambda x: x * fftpack.rfftfreq(5, 0.5), real(5))
row_of(fftpack.rfftfreq, "spacing", lambda d: fftpack.rfftfreq(5, d), real())
row_of(fftpack.next_fast_len, "fftpack", lambda x: x * fftpack.next_fast_len(7), real(5))

REFUSED += [
    ("fftpack-fft-n", lambda x: fftpack.fft(x, 0), "0"),
    ("fftpack-fftn-shape", lambda x: fftpack.fftn(x, (2,)), "same length"),
    ("fftpack-dct-type", lambda x: fftpack.dct(x, 5), "type|Invalid"),
    ("fftpack-dct-norm", lambda x: fftpack.dct(x, norm="unitary"), "norm"),
    ("fftpack-rfft-complex", lambda x: fftpack.rfft(x * 1j), "real"),
    ("fftpack-shift-a", lambda x: fftpack.shift(x[0], x[0, 0]), "shift has no derivative with respect to 'a'"),
]
