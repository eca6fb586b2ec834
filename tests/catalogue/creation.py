"""Arrays in the likeness of others, and functions that write."""

import tempfile

import numpy as np
from numpy._core import umath

from .base import COND, INDEX, after, integers, over_one, positive, real, row, unit


def from_file(text, *args, **options):
    """`numpy.fromfile` of a file that holds ``text``."""
    with tempfile.TemporaryFile() as file:
        file.write(text.encode())
        file.seek(0)
        return np.fromfile(file, *args, **options)


for f in (np.zeros_like, np.ones_like):
    row(f, "call", f, real(2, 3), kind="leaf", complex=True)
    row(f, "shape", lambda x, f=f: f(x, shape=(4,), dtype=np.float64), real(2, 3), kind="leaf", complex=True)
    row(f, "integer", lambda x, f=f: f(x, dtype=int), real(2, 3), kind="constant")
    row(f, "options", lambda x, f=f: f(x, order="F", subok=False, device="cpu"), real(2, 3), kind="leaf")
row(np.empty_like, "call", lambda x: np.multiply(np.empty_like(x, shape=(0, 3)), 1), real(2, 3), kind="leaf")
row(np.empty_like, "options", lambda x: np.empty_like(x, int, "F", False, (0,), device="cpu"), real(2), kind="constant")
row(np.full_like, "call", lambda x: np.full_like(x, 2.5), real(2, 3), kind="leaf", complex=True)
row(np.full_like, "shape", lambda x: np.full_like(x, 1.5, shape=(2,), dtype=np.float64), real(2, 3), kind="leaf")
row(np.full_like, "tensor", lambda v: np.full_like(np.multiply(v, 0), v, shape=(2, 3)), real(), complex=True)

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

row(np.full, "like", lambda x: np.full((2, 3), x, like=x), real(3), complex=True)
row(np.full, "options", lambda x: np.full(2, x, np.float64, "F", device="cpu", like=x), real(2))
row(np.full, "nested", lambda x: np.full((2, 2), [x[0], 2], like=x), real(1), complex=True)
row(np.full, "number", lambda x: np.full(3, 1.5, like=x), real(), kind="leaf")
row(np.full, "integer", lambda x: np.full(3, 2, like=x), real(), kind="leaf")
row(np.full_like, "list", lambda x: np.full_like(x, [x[0], 1, 2], shape=(2, 3)), real(3), complex=True)
for f in (np.zeros, np.ones):
    row(f, "like", lambda x, f=f: f((2, 3), like=x), real(), kind="leaf")
    row(f, "options", lambda x, f=f: f((2, 3), np.complex64, order="F", device="cpu", like=x), real(), kind="leaf")
row(np.empty, "like", lambda x: np.empty((0, 2), dtype=np.float32, like=x), real(), kind="leaf")
row(np.empty, "integer", lambda x: 0 * np.empty(2, int, like=x), real(), kind="leaf")
row(np.eye, "like", lambda x: np.eye(3, like=x), real(), kind="leaf")
row(np.eye, "options", lambda x: np.eye(3, 4, 1, dtype=np.float32, order="F", like=x), real(), kind="leaf")
row(np.identity, "like", lambda x: np.identity(3, like=x), real(), kind="leaf")
row(np.identity, "dtype", lambda x: np.identity(2, np.complex128, like=x), real(), kind="leaf")
row(np.tri, "like", lambda x: np.tri(3, like=x), real(), kind="leaf")
row(np.tri, "options", lambda x: np.tri(3, 4, k=-1, dtype=np.float32, like=x), real(), kind="leaf")
row(np.fromfunction, "like", lambda x: np.fromfunction(np.hypot, (2, 3), like=x), real(), kind="leaf")
row(np.fromfunction, "dtype", lambda x: np.fromfunction(np.add, (2, 2), dtype=np.float32, like=x), real(), kind="leaf")
row(np.fromfunction, "tensor", lambda x: np.fromfunction(lambda i, s: s * s, (3,), s=x, like=x), real(3))
row(np.fromiter, "like", lambda x: np.fromiter(range(3), np.float64, like=x), real(), kind="leaf")
row(np.fromiter, "count", lambda x: np.fromiter(iter([1, 2]), dtype=np.float32, count=2, like=x), real(), kind="leaf")
row(np.frombuffer, "like", lambda x: np.frombuffer(bytes(16), like=x), real(), kind="leaf")
row(
    np.frombuffer,
    "options",
    lambda x: np.frombuffer(bytearray(16), np.float32, count=2, offset=4, like=x),
    real(),
    kind="leaf",
)
row(np.fromstring, "like", lambda x: np.fromstring("1 2", sep=" ", like=x), real(), kind="leaf")
row(np.fromstring, "options", lambda x: np.fromstring("1,2", np.float32, 1, sep=",", like=x), real(), kind="leaf")
row(np.fromfile, "like", lambda x: from_file("1 2 3", sep=" ", like=x), real(), kind="leaf")
row(np.fromfile, "options", lambda x: from_file("1 2", np.float32, 1, " ", like=x), real(), kind="leaf")
for f in (np.loadtxt, np.genfromtxt):
    row(f, "like", lambda x, f=f: f(["1 2", "3 4"], like=x), real(), kind="leaf")
    row(f, "options", lambda x, f=f: f(["1,2", "3,4"], delimiter=",", unpack=True, like=x), real(), kind="leaf")
    row(f, "dtype", lambda x, f=f: f(["1 2"], dtype=np.float32, usecols=(1,), ndmin=2, like=x), real(), kind="leaf")
row(np.genfromtxt, "names", lambda x: np.genfromtxt(["1 a"], dtype=None, like=x).item()[1], real(), kind="constant")
row(np.arange, "like", lambda x: np.arange(3.0, like=x), real(), kind="leaf")
row(np.arange, "integer", lambda x: np.arange(1, 7, 2, like=x), real(), kind="leaf")
row(np.arange, "start", lambda x: np.arange(x[0], x[0] + 3, like=x), real(1))
row(np.arange, "step", lambda x: np.arange(1, 9, x[0], like=x), over_one(1))
row(
    np.arange,
    "both",
    lambda x: np.arange(x[0], stop=x[0] + 3 * x[1], step=x[1], dtype=np.float64, like=x),
    over_one(2),
)
row(np.arange, "stop", lambda i: np.arange(i, dtype=np.float64, like=i), integers(), kind="leaf")

row(umath._ones_like, "call", umath._ones_like, real(2, 3), complex=True, kind="constant")
row(umath._ones_like, "integer", umath._ones_like, integers(2), kind="constant")

for f in (np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.require):
    row(f, "like", lambda x, f=f: f(x, like=x), real(2, 3), complex=True)
    row(f, "0-d", lambda x, f=f: f(x[0], like=x), real(1), complex=True)
    row(f, "transposed", lambda x, f=f: f(x.T, like=x), real(2, 3), complex=True)
    row(f, "nested", lambda x, f=f: f([x, [1, x[0]]], like=x), real(2), complex=True)
    row(f, "dtype", lambda x, f=f: f(x, np.complex128, like=x), real(2, 3), complex=True)
    row(f, "to_integer", lambda x, f=f: f(x, dtype=int, like=x), real(2, 3), kind="constant")
    row(f, "plain", lambda x, f=f: f([[1.5, 2]], like=x), real(), kind="leaf")
    row(f, "plain_array", lambda x, f=f: f(np.eye(2, dtype=np.float32), like=x), real(), kind="leaf")
for f in (np.array, np.asarray, np.asanyarray):
    row(f, "order", lambda x, f=f: f(x, order="F", like=x), real(2, 3), complex=True)
    if f is np.asanyarray and np.lib.NumpyVersion(np.__version__) < "2.1.0":
        continue
    row(f, "copy", lambda x, f=f: f(x, copy=True, like=x), real(2, 3), complex=True)
    row(f, "no_copy", lambda x, f=f: f(1 * x, copy=False, like=x), real(2, 3), complex=True)
row(np.array, "ndmin", lambda x: np.array(x, copy=None, ndmin=3, subok=True, like=x), real(2), complex=True)
row(np.array, "keyword", lambda x: np.array(object=x, like=x), real(2), complex=True)
row(np.asarray, "keyword", lambda x: np.asarray(a=x, device="cpu", like=x), real(2), complex=True)
row(np.require, "requirements", lambda x: np.require(x.T, None, ["F", "O", "W"], like=x), real(2, 3), complex=True)

row(np.linspace, "call", lambda a, b: np.linspace(a, b), real(), real(), complex=True)
for f, inputs in {np.linspace: real, np.logspace: unit, np.geomspace: positive}.items():
    row(f, "arrays", lambda a, b, f=f: f(a, b, 4), inputs(3), inputs(3), complex=True)
    row(f, "broadcast", lambda a, b, f=f: f(a, b, 3), inputs(2, 1), inputs(3), complex=True)
    row(f, "axis", lambda a, b, f=f: f(a, b, 4, axis=-1), inputs(2, 3), inputs(3), complex=True)
    row(f, "axis_between", lambda a, b, f=f: f(a, b, 4, axis=1), inputs(2, 3), inputs(), complex=True)
    row(f, "no_endpoint", lambda a, b, f=f: f(a, b, 4, endpoint=False), inputs(), inputs(), complex=True)
    row(f, "start", lambda a, f=f: f(a, 2, 4), inputs(), complex=True)
    row(f, "stop", lambda a, f=f: f([1, 2], a, 4), inputs(2), complex=True)
    row(f, "nested", lambda b, f=f: f([b[0], 2], b, 3), inputs(2), complex=True)
    for num in (0, 1):
        row(f, f"{num}", lambda a, b, f=f, n=num: f(a, b, n), inputs(2), inputs(2), complex=True)
        row(f, f"{num}_open", lambda a, b, f=f, n=num: f(a, b, n, False), inputs(2), inputs(2), complex=True)
    row(f, "dtype", lambda a, b, f=f: f(a, b, 3, dtype=np.complex128), inputs(2), inputs(2), complex=True)
    row(f, "integer", lambda a, b, f=f: f(a, 9 * b, 3, dtype=int), positive(2), over_one(2), kind="constant")
row(np.linspace, "step", lambda a, b: np.linspace(a, b, 4, retstep=True), real(2), real(2), complex=True)
row(np.linspace, "step_alone", lambda a, b: np.linspace(a, b, 4, False, True)[1], real(), real(2), complex=True)
row(np.linspace, "no_step", lambda a, b: np.linspace(a, b, 1, retstep=True)[0], real(), real(), complex=True)
row(np.linspace, "device", lambda a, b: np.linspace(a, b, 3, device="cpu"), real(), real(), complex=True)
row(np.logspace, "base", lambda a, b: np.logspace(1, a, 4, base=b), real(), positive(), complex=True)
row(np.logspace, "bases", lambda a, c: np.logspace(a, 2, 3, base=c), real(), positive(2), complex=True)
row(
    np.logspace,
    "bases_axis",
    lambda a, b, c: np.logspace(a, b, 3, base=c, axis=-1),
    real(2),
    real(),
    positive(2),
    complex=True,
)
row(np.geomspace, "negative", lambda a, b: np.geomspace(-a, -b, 4), positive(), positive(2), complex=True)
row(np.geomspace, "turning", lambda a: np.geomspace(1j * a, -1, 4), positive(2), complex=True)
