"""No function with its gradient costs more, in the long run, than the function: by the memory that it asks for.

That says more than a clock: what makes n arrays of n numbers shows, even where it gives them back at once.
"""

import contextlib
import ctypes
import tracemalloc
from ctypes import PYFUNCTYPE, c_char, c_char_p, c_size_t, c_uint8, c_void_p, py_object

import numpy as np
import pytest
from numpy._core import multiarray
from numpy.lib.stride_tricks import sliding_window_view
from numpy.polynomial import polynomial

import gradarray as ga
from gradarray import chapters
from gradarray.coverage import overridables
from gradarray.registry import known, ufuncs

chapters.load()


class Handler(ctypes.Structure):
    """NumPy's PyDataMem_Handler."""

    _fields_ = (
        *(("name", c_char * 127), ("version", c_uint8), ("ctx", c_void_p)),
        ("malloc", PYFUNCTYPE(c_void_p, c_void_p, c_size_t)),
        ("calloc", PYFUNCTYPE(c_void_p, c_void_p, c_size_t, c_size_t)),
        ("realloc", PYFUNCTYPE(c_void_p, c_void_p, c_void_p, c_size_t)),
        ("free", c_void_p),
    )


NAME = b"mem_handler"
new_capsule = PYFUNCTYPE(py_object, c_void_p, c_char_p, c_void_p)(("PyCapsule_New", ctypes.pythonapi))
pointer_of = PYFUNCTYPE(c_void_p, py_object, c_char_p)(("PyCapsule_GetPointer", ctypes.pythonapi))
api = ctypes.cast(pointer_of(multiarray._ARRAY_API, None), ctypes.POINTER(c_void_p))
set_handler = PYFUNCTYPE(py_object, py_object)(api[304])  # PyDataMem_SetHandler
usual = PYFUNCTYPE(py_object)(api[305])()  # PyDataMem_GetHandler
usual_handler = Handler.from_address(pointer_of(usual, NAME))
total = 0


def counting(allocate, size_of):
    """``allocate`` that adds up how much was asked of it."""

    def counted(*args):
        global total
        total += size_of(*args)
        return allocate(*args)

    return type(allocate)(counted)


counting_handler = Handler(
    *(b"counting", 1, usual_handler.ctx),
    counting(usual_handler.malloc, lambda ctx, size: size),
    counting(usual_handler.calloc, lambda ctx, n, size: n * size),
    counting(usual_handler.realloc, lambda ctx, place, size: size),
    usual_handler.free,  # not in Python, where an exception on its way would be lost
)
capsule = new_capsule(ctypes.addressof(counting_handler), NAME, None)


@contextlib.contextmanager
def counted(found):
    """Append how many bytes arrays take within, and how many everything takes at the most at once."""
    global total
    total = 0
    tracemalloc.start()
    set_handler(capsule)
    try:
        yield
    finally:
        set_handler(usual)
        found += [total, tracemalloc.get_traced_memory()[1]]
        tracemalloc.stop()


def numbers(value):
    """The arrays and Tensors of inexact numbers in a result."""
    if isinstance(value, (tuple, list)):
        return [item for part in value for item in numbers(part)]
    return [value] if getattr(getattr(value, "dtype", None), "kind", "") in ("f", "c") else []


def of_function(call, arrays):
    """What the plain function allocates, with what goes in and comes out; and that alone."""
    found = []
    with counted(found):
        outputs = numbers(call(*arrays))
    size = sum(np.asarray(a).nbytes for a in (*arrays, *outputs))
    return *(n + size for n in found), size


def of_gradient(call, arrays):
    """What the function of Tensors allocates, and its gradient."""
    inputs = [ga.tensor(a) for a in arrays]
    found = []
    with counted(found):
        sums = [np.sum(np.real(y)) for y in numbers(call(*inputs)) if isinstance(y, ga.Tensor) and not y.constant]
        if sums:
            sum(sums[1:], start=sums[0]).backward()
    return found


CALLS = []


def V(n):
    return (n,)


def M(n):
    return (n, n)


def scaled(fn, *shapes, call=None, sizes=None):
    """A call on arrays of shapes that grow with n."""
    CALLS.append((fn, call or fn, shapes, sizes or ((20, 80) if M in shapes else (500, 2000))))


def written(write, *options):
    """Writing into the first argument, as a call that gives it back."""

    def call(x, *args):
        x = np.copy(x)
        write(x, *options, *args)
        return x

    return call


def upto(n):
    """Places in an array of ``n``, in no order."""
    return np.arange(n) * 7 % n


for fn, rule in ufuncs.items():
    if rule.kind == "elementwise" and rule.name.startswith("np.") and fn is not np.ldexp:
        scaled(fn, *(V,) * fn.nin)
scaled(np.ldexp, V, call=lambda x: np.ldexp(x, 3))
for fn in (
    *(np.angle, np.i0, np.sinc, np.real, np.imag, np.nan_to_num, np.real_if_close, np.unwrap, np.emath.sqrt),
    *(np.emath.log, np.emath.log2, np.emath.log10, np.emath.arccos, np.emath.arcsin, np.emath.arctanh),
    *(np.sum, np.mean, np.prod, np.max, np.min, np.amax, np.amin, np.var, np.std, np.ptp, np.median, np.average),
    *(np.nansum, np.nanmean, np.nanprod, np.nanmax, np.nanmin, np.nanvar, np.nanstd, np.nanmedian),
    *(np.cumsum, np.cumprod, np.nancumsum, np.nancumprod, np.diff, np.ediff1d, np.gradient, np.trapezoid),
    *(np.ravel, np.atleast_1d, np.atleast_2d, np.atleast_3d, np.copy, np.flip, np.flipud, np.squeeze, np.transpose),
    *(np.trim_zeros, np.sort, np.sort_complex, np.polyint, np.polyder, np.broadcast_arrays, np.cov, np.corrcoef),
    *(np.unique, np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values, np.linalg.norm),
    *(np.linalg.vector_norm, np.zeros_like, np.ones_like, np.empty_like, np.histogram, np.histogram_bin_edges),
    *(np.add.accumulate, np.multiply.accumulate, np.maximum.accumulate, np.fmin.accumulate),
    *(np.subtract.reduce, np.divide.reduce, np.fmax.reduce, np.fmin.reduce, np.logaddexp.reduce, np.hypot.reduce),
    *(np.logaddexp2.reduce, np.logaddexp.accumulate, np.logaddexp2.accumulate),
    *(getattr(np, name) for name in ("cumulative_sum", "cumulative_prod") if hasattr(np, name)),
    *(np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft, np.fft.fftshift),
    np.fft.ifftshift,
):
    scaled(fn, V)
for fn in (
    *(np.emath.logn, np.emath.power, np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d, np.polyadd, np.polysub),
    *(np.append, np.vdot, np.dot, np.inner, np.linalg.vecdot, np.vecdot, np.cov, np.corrcoef, np.trapezoid),
    *(np.broadcast_arrays, np.polyadd, np.histogram2d),
):
    scaled(fn, V, V)
for fn in (
    *(np.matrix_transpose, np.fliplr, np.rot90, np.tril, np.triu, np.trace, np.diagonal, np.diag, np.sort, np.cov),
    *(np.linalg.matrix_transpose, np.linalg.diagonal, np.linalg.trace, np.linalg.matrix_norm, np.linalg.norm),
    *(np.linalg.eigvals, np.linalg.svdvals, np.linalg.inv, np.linalg.pinv, np.linalg.det, np.linalg.slogdet),
    *(np.linalg.cond, np.linalg.qr, np.corrcoef, np.gradient, np.unstack if hasattr(np, "unstack") else np.vsplit),
    *(np.fft.fft2, np.fft.ifft2, np.fft.rfft2, np.fft.irfft2, np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn),
):
    if fn is not np.vsplit:
        scaled(fn, M)
for fn in (*(np.linalg.cholesky, np.linalg.eigh, np.linalg.eigvalsh), np.linalg.eig, np.linalg.svd):
    scaled(
        fn,
        M,
        call=lambda a, f=fn: (
            np.abs(r[1])
            if isinstance(r := f((a + a.T) / 20 + np.diag(np.arange(1.0, len(a) + 1) ** 1.5)), tuple)
            else r
        ),
    )
for fn in (np.matmul, np.dot, np.inner, np.tensordot, np.linalg.matmul, np.linalg.tensordot, np.linalg.solve):
    scaled(fn, M, M)
scaled(np.linalg.cross, lambda n: (n, 3), lambda n: (n, 3))
scaled(np.cross, lambda n: (n, 3), lambda n: (n, 3))
scaled(np.vecdot, M, M)
if hasattr(np, "matvec"):
    scaled(np.matvec, M, V)
    scaled(np.vecmat, V, M)
scaled(np.outer, V, V, sizes=(20, 80))
scaled(np.linalg.outer, V, V, sizes=(20, 80))
scaled(np.kron, V, V, sizes=(20, 80))
scaled(np.convolve, V, V)
scaled(np.correlate, V, V)
scaled(np.correlate, V, V, call=lambda a, v: np.correlate(a, v, "full"))
scaled(np.einsum, M, M, call=lambda a, b: np.einsum("ij,jk->ik", a, b))
scaled(np.einsum, M, V, V, call=lambda a, b, c: np.einsum("ij,i,j", a, b, c))
scaled(np.einsum, M, call=lambda a: np.einsum("ii", a))
scaled(np.einsum, M, call=lambda a: np.einsum("ij->i", a))
scaled(np.linalg.multi_dot, M, M, V, call=lambda a, b, c: np.linalg.multi_dot([a, b, c]))
scaled(np.linalg.matrix_power, M, call=lambda a: np.linalg.matrix_power(a, 5))
scaled(np.linalg.lstsq, lambda n: (n, 3), V)
scaled(np.linalg.tensorsolve, M, V)
scaled(np.linalg.tensorinv, M, call=lambda a: np.linalg.tensorinv(a, 1))

# Shapes, places and parts
scaled(np.reshape, V, call=lambda x: np.reshape(x, (-1, 2)))
scaled(np.swapaxes, M, call=lambda x: np.swapaxes(x, 0, 1))
scaled(np.moveaxis, M, call=lambda x: np.moveaxis(x, 0, 1))
scaled(np.rollaxis, M, call=lambda x: np.rollaxis(x, 1))
scaled(np.expand_dims, V, call=lambda x: np.expand_dims(x, 0))
scaled(np.roll, V, call=lambda x: np.roll(x, 3))
scaled(np.broadcast_to, V, call=lambda x: np.broadcast_to(x, (3, len(x))))
scaled(np.repeat, V, call=lambda x: np.repeat(x, 3))
scaled(np.repeat, V, call=lambda x: np.repeat(x, np.arange(len(x)) % 3))
scaled(np.tile, V, call=lambda x: np.tile(x, 3))
scaled(np.resize, V, call=lambda x: np.resize(x, 3 * len(x) + 1))
scaled(np.meshgrid, V, V, sizes=(20, 80))
scaled(np.diagflat, V, sizes=(20, 80))
if hasattr(np, "astype"):
    scaled(np.astype, V, call=lambda x: np.astype(x, np.float32))
for size in (lambda n: 3, lambda n: n // 2):
    scaled(sliding_window_view, V, call=lambda x, size=size: np.sum(sliding_window_view(x, size(len(x))), 1))
for fn in (np.concatenate, np.hstack, np.vstack, np.dstack, np.stack, np.column_stack, np.block):
    scaled(fn, V, V, call=lambda *xs, f=fn: f([*xs]))
    scaled(fn, lambda n: (n, 1), call=lambda x, f=fn: f([*x]), sizes=(100, 400))
for fn in (np.split, np.array_split, np.hsplit):
    scaled(fn, V, call=lambda x, f=fn: f(x, len(x) // 5))
scaled(np.vsplit, M, call=lambda x: np.vsplit(x, len(x)))
scaled(np.dsplit, lambda n: (2, 2, n), call=lambda x: np.dsplit(x, x.shape[2] // 5))
scaled(np.delete, V, call=lambda x: np.delete(x, np.arange(0, len(x), 3)))
scaled(np.insert, V, V, call=lambda x, v: np.insert(x, upto(len(x)), v))
scaled(np.pad, V, call=lambda x: np.pad(x, len(x)))
for mode in ("edge", "wrap", "reflect", "symmetric", "linear_ramp", "mean", "maximum", "median"):
    scaled(np.pad, V, call=lambda x, mode=mode: np.pad(x, 3, mode))
    scaled(np.pad, V, call=lambda x, mode=mode: np.pad(x, 4 * len(x), mode))
scaled(np.take, V, call=lambda x: np.take(x, upto(len(x))))
scaled(np.take_along_axis, V, call=lambda x: np.take_along_axis(x, upto(len(x)), 0))
scaled(np.where, V, V, call=lambda x, y: np.where(np.arange(len(x)) % 2, x, y))
scaled(np.choose, V, V, call=lambda x, y: np.choose(np.arange(len(x)) % 2, [x, y]))
scaled(np.choose, M, call=lambda x: np.choose(upto(len(x)), list(x)), sizes=(8, 32))
scaled(np.select, V, V, call=lambda x, y: np.select([np.arange(len(x)) % 2 == 0], [x], y))
scaled(np.compress, V, call=lambda x: np.compress(np.arange(len(x)) % 2, x))
scaled(np.extract, V, call=lambda x: np.extract(np.arange(len(x)) % 2, x))
scaled(np.piecewise, V, call=lambda x: np.piecewise(x, [np.arange(len(x)) % 2 == 0], [lambda v: v * v, 1]))
scaled(np.apply_along_axis, M, call=lambda x: np.apply_along_axis(lambda v: v * v, 1, x))
scaled(np.apply_along_axis, lambda n: (n, 3), call=lambda x: np.apply_along_axis(np.sum, 1, x), sizes=(50, 200))
scaled(np.apply_over_axes, M, call=lambda x: np.apply_over_axes(np.sum, x, (0, 1)))
scaled(np.partition, V, call=lambda x: np.partition(x, len(x) // 2))
scaled(np.clip, V, call=lambda x: np.clip(x, 0.3, 0.6))
scaled(np.add.reduceat, V, call=lambda x: np.add.reduceat(x, np.arange(0, len(x), 3)))
scaled(np.copyto, V, V, call=written(np.copyto))
scaled(np.put, V, V, call=lambda x, v: written(np.put, upto(len(x)))(x, v))
scaled(np.putmask, V, V, call=lambda x, v: written(np.putmask, np.arange(len(x)) % 2)(x, v))
scaled(np.place, V, V, call=lambda x, v: written(np.place, np.arange(len(x)) % 2)(x, v))
scaled(np.put_along_axis, V, V, call=lambda x, v: written(lambda x: np.put_along_axis(x, upto(len(x)), v, 0))(x))
scaled(np.fill_diagonal, M, V, call=written(np.fill_diagonal))

# New arrays: with like= a Tensor these make leaves
for fn in (np.zeros, np.ones, np.empty, np.arange, np.identity, np.eye, np.tri):
    scaled(fn, V, call=lambda x, f=fn: f(len(x), like=x), sizes=(50, 200))
scaled(np.full, V, call=lambda x: np.full(len(x), x[0], like=x))
scaled(np.full_like, V, call=lambda x: np.full_like(x, x[0]))
for fn in (np.array, np.asarray, np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.require):
    scaled(fn, V, call=lambda x, f=fn: f([x, x], like=x))
scaled(np.fromiter, V, call=lambda x: np.fromiter(range(len(x)), float, like=x))
scaled(np.frombuffer, V, call=lambda x: np.frombuffer(bytes(8 * len(x)), like=x))
scaled(np.fromstring, V, call=lambda x: np.fromstring("1 " * len(x), sep=" ", like=x))
scaled(np.fromfile, V, call=lambda x: np.fromfile("/dev/zero", count=len(x), like=x))
scaled(np.fromfunction, V, call=lambda x: np.fromfunction(np.sqrt, (len(x),), like=x))
for fn in (np.loadtxt, np.genfromtxt):
    scaled(fn, V, call=lambda x, f=fn: f(["1"] * len(x), like=x), sizes=(50, 200))
for fn in (np.linspace, np.logspace, np.geomspace):
    scaled(fn, V, call=lambda x, f=fn: f(x[0], x[1] + 1, len(x)))
    scaled(fn, V, call=lambda x, f=fn: f(x, x + 1, len(x)), sizes=(20, 80))

# Statistics and polynomials
for fn, unit in ((np.quantile, 1), (np.percentile, 100), (np.nanquantile, 1), (np.nanpercentile, 100)):
    scaled(fn, V, call=lambda x, f=fn, unit=unit: f(x, 0.3 * unit))
    scaled(fn, V, V, call=lambda x, q, f=fn, unit=unit: f(x, q * unit))
    scaled(fn, M, call=lambda x, f=fn, unit=unit: f(x, 0.3 * unit, axis=1))
scaled(np.average, V, V, call=lambda x, w: np.average(x, weights=w))
scaled(np.interp, V, V, V, call=lambda x, xp, fp: np.interp(x, np.cumsum(xp), fp))
scaled(np.diff, V, call=lambda x: np.diff(x, 3))
scaled(np.bincount, V, call=lambda w: np.bincount(upto(len(w)), w))
scaled(np.histogram, V, V, call=lambda x, w: np.histogram(x, len(x), weights=w))
scaled(np.histogramdd, lambda n: (n, 2), V, call=lambda x, w: np.histogramdd(x, 5, weights=w))
scaled(np.vander, V, call=lambda x: np.vander(x, 5))
scaled(np.vander, V, sizes=(20, 80))
scaled(np.poly, V, sizes=(20, 80))
scaled(np.roots, V, sizes=(10, 40))
scaled(np.polyfit, V, V, call=lambda x, y: np.polyfit(x, y, 3))
scaled(np.polyval, V, call=lambda p: np.polyval(p, 0.5))
scaled(np.polyval, V, call=lambda x: np.polyval([1.0, 2.0, 3.0], x))
scaled(np.polyval, V, V, sizes=(20, 80))
scaled(np.polymul, V, V)
scaled(np.polydiv, lambda n: (2 * n,), V, sizes=(20, 80))
for name in ("polyval2d", "polygrid2d"):
    if hasattr(fn := getattr(polynomial, name), "_implementation"):
        scaled(fn, V, V, lambda n: (3, 3), sizes=(20, 80))
        scaled(fn, lambda n: (2,), lambda n: (2,), M)
if hasattr(polynomial, "polyvalnd"):
    scaled(polynomial.polyvalnd, V, lambda n: (3,), call=lambda x, c: polynomial.polyvalnd([x], c))


@pytest.mark.parametrize("k", range(len(CALLS)), ids=lambda k: f"{CALLS[k][0].__name__}-{k}")
@pytest.mark.filterwarnings("ignore")
def test_growth(k):
    fn, call, shapes, sizes = CALLS[k]
    rng = np.random.default_rng(0)
    plain, both = [], []
    for n in (sizes[0], *sizes):  # once more, for what is made at the first call
        arrays = [rng.uniform(0.1, 0.9, shape(n)) for shape in shapes]
        plain.append(of_function(call, arrays))
        both.append(of_gradient(call, arrays))
    *growth, inevitable = (more / less for less, more in zip(*plain[1:], strict=True))
    if fn is np.poly:  # a graph keeps what it frees: a polynomial for each zero
        growth[1] = np.inf
    for less, more, its_growth in zip(*both[1:], growth, strict=True):
        # of Python's small objects those that it keeps for the next use do not count, so a little more is not much
        assert more / less <= 1.8 * max(its_growth, inevitable)


def test_every_function_is_here():
    called = {call[0] for call in CALLS}
    kinds = {fn: getattr(known(fn), "kind", None) for fns in overridables() for fn in fns}
    everything = [fn for fn, kind in kinds.items() if kind not in ("constant", "refused", None)]
    assert [fn.__name__ for fn in everything if fn not in called] == []
