"""Discrete Fourier transforms."""

import numpy as np

from .base import REFUSED, filled, real, row

NORMS = ("backward", "ortho", "forward")
TO_HALF, FROM_HALF = (np.fft.rfft, np.fft.ihfft), (np.fft.irfft, np.fft.hfft)

for f in (np.fft.fft, np.fft.ifft, *TO_HALF, *FROM_HALF):
    takes_complex = f not in TO_HALF
    for length in (4, 5):
        row(f, f"{length}", f, real(3, length), complex=takes_complex)
        for n in (1, 2, 3, 6, 7, 12):
            row(f, f"{length}_n_{n}", lambda x, f=f, n=n: f(x, n), real(length), complex=takes_complex)
    for norm in NORMS:
        row(f, norm, lambda x, f=f, norm=norm: f(x, norm=norm), real(5), complex=takes_complex)
        row(f, f"{norm}_n", lambda x, f=f, norm=norm: f(x, 6, norm=norm), real(2, 5), complex=takes_complex)
    for axis in (0, 1, -2):
        row(f, f"axis_{axis}", lambda x, f=f, axis=axis: f(x, axis=axis), real(4, 3, 2), complex=takes_complex)
        row(f, f"axis_{axis}_n", lambda x, f=f, axis=axis: f(x, 5, axis), real(4, 3, 2), complex=takes_complex)
    row(f, "out", lambda x, f=f: f(x, 6, 0, out=filled(f(x), f(x, 6, 0).shape)), real(4, 3), complex=takes_complex)
    row(f, "empty", f, real(0, 4), complex=takes_complex)
    row(f, "twice", lambda x, f=f: f(np.abs(f(x)) ** 2), real(4), complex=takes_complex)
row(np.fft.fft, "one", np.fft.fft, real(3, 1), complex=True)
row(np.fft.rfft, "one", np.fft.rfft, real(3, 1))

IN_PLANES = (np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2)
IN_SPACE = (np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn)
for f in (*IN_PLANES, *IN_SPACE):
    takes_complex = f not in (np.fft.rfft2, np.fft.rfftn)
    row(f, "call", f, real(4, 5), complex=takes_complex)
    row(f, "3-d", f, real(2, 3, 4), complex=takes_complex)
    for norm in NORMS:
        row(f, norm, lambda x, f=f, norm=norm: f(x, norm=norm), real(3, 4), complex=takes_complex)
    for label, s, axes in (
        ("axes", None, (0, -1)),
        ("axes_turned", None, (1, 0)),
        ("repeated", None, (1, 1)),
        ("repeated_negative", None, (-1, 1, 0)),
        ("s", (2, 7), (0, 1)),
        ("s_turned", (3, 6), (-1, 0)),
        ("s_repeated", (3, 6), (1, 1)),
        ("s_whole", (-1, 3), (0, 2)),
    ):
        call = lambda x, f=f, s=s, axes=axes: f(x, s, axes)  # noqa: E731
        row(f, label, call, real(3, 4, 2), complex=takes_complex)
    row(f, "out", lambda x, f=f: f(x, out=filled(f(x), f(x).shape)), real(3, 4), complex=takes_complex)
for f in (np.fft.fftn, np.fft.ifftn):
    row(f, "no_axes", lambda x, f=f: f(x, axes=()), real(2, 3), complex=True)
for f in IN_SPACE:
    row(f, "one_axis", lambda x, f=f: f(x, axes=[0]), real(4, 3), complex=f is not np.fft.rfftn)

for f in (np.fft.fftshift, np.fft.ifftshift):
    for label, axes in (("call", None), ("axis", 0), ("negative", -1), ("axes", (0, 2)), ("list", [1, -1])):
        row(f, label, lambda x, f=f, axes=axes: f(x, axes), real(3, 4, 5), complex=True)

REFUSED += [
    ("fft-norm", lambda x: np.fft.fft(x, norm="unitary"), "norm"),
    ("fftn-axes", lambda x: np.fft.fftn(x, (3, 3, 3), (0, 1)), "np.fft.fftn.*3 lengths for 2 axes"),
    ("fft-out", lambda x: np.fft.fft(x, out=x), "np.fft.fft: out="),
    ("fft-n", lambda x: np.fft.fft(x, 0), "0"),
]
