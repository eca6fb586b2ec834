"""Systems of linear equations in ``scipy.linalg``: general, triangular, banded, Toeplitz; and how its rules are made.

Where M x = b, M^T w = g gives the gradient w of b, and that of M is -w x^T: what M does not read of its argument gets
0, and where M is symmetric or Hermitian both triangles get the same. Gradients travel conjugated.
"""

import inspect
from typing import Any

import numpy as np
from scipy import linalg

from ..registry import composite, differentiable, dispatched, functions, unbroadcast, unwrap
from ..rules.products import _conj, _h, _t
from ..rules.shape import array_of


class _Listed(tuple[Any, ...]):
    """The outputs for a stack of matrices: a tuple while a rule handles them, and a list in the end, as SciPy's."""

    __slots__ = ()
    _fields = ()

    def __new__(cls, *outputs: Any) -> Any:
        return [*outputs]


def listed(outputs: Any) -> Any:
    """What SciPy gives, as a rule takes it: no list, and no array of memory that cannot be locked and unlocked."""
    base: Any = getattr(outputs, "base", None)
    if base is not None and not isinstance(base, np.ndarray):
        return outputs.copy()
    return tuple.__new__(_Listed, outputs) if type(outputs) is list else outputs


def ruled(fn, twice=None, **vjps):
    """A rule for ``fn`` that lets nothing be overwritten, since a graph may need it, and takes lists for its arrays."""
    rule = differentiable(fn, **vjps)
    rule.twice = twice
    names = [*inspect.signature(fn).parameters]
    spared = [name.startswith("overwrite_") for name in names]
    places = [k for k, name in enumerate(names) if name in vjps]
    inner = rule.call

    def compute(*args, **options):
        given = [False if spare else v for spare, v in zip(spared, args, strict=False)]
        return listed(fn(*given, **{k: False if k.startswith("overwrite_") else v for k, v in options.items()}))

    def call(*args, **options):
        given = [array_of(v) if k in places and v is not None else v for k, v in enumerate(args)]
        return inner(*given, **{k: array_of(v) if k in vjps and v is not None else v for k, v in options.items()})

    rule.compute = compute
    rule.prepare()  # in wrapped context the parameters of ``fn`` cannot be seen
    composite(fn)(call)
    return call


def own(fn, twice=None, **vjps):
    """A rule for a function of these files: on Tensors by its derivatives, on plain arrays itself."""
    rule = differentiable(fn, **vjps)
    rule.twice = twice
    del functions[fn]
    return lambda *args: fn(*args) if unwrap(args) is args else rule.call(*args)


def _columns(solve, g, b_shape):
    """``solve`` for ``g``, the gradient of a solution: of a vector, or a stack of them, if the right side was one."""
    return solve(g) if len(b_shape) > 1 else solve(g[..., None])[..., 0]


def _product(u, v, b_shape):
    """u v^T, of vectors if the right side was one."""
    return u[..., None] * v[..., None, :] if len(b_shape) == 1 else u @ _t(v)


# Systems of linear equations


def structured(r, assume_a, lower=False):
    """The gradient of a matrix from that of what is made of it by ``assume_a``."""
    if assume_a in ("sym", "symmetric"):
        return 0.5 * (r + _t(r))
    if assume_a in ("her", "hermitian", "pos", "positive definite"):
        return 0.5 * (r + _h(r))
    below = {"upper triangular": 0, "diagonal": 0, "tridiagonal": -1}.get(assume_a)
    above = {"lower triangular": 0, "diagonal": 0, "tridiagonal": 1}.get(assume_a)
    r = r if below is None else np.triu(r, below)
    return r if above is None else np.tril(r, above)


_MIRRORED = {"upper triangular": "lower triangular", "lower triangular": "upper triangular"}


def _solve_b(g, a, b_shape, lower, assume_a, transposed):
    if a.size == 1:
        return g / np.reshape(a, ())
    if not transposed:
        a, lower, assume_a = _t(a), not lower, _MIRRORED.get(assume_a, assume_a)
    return _columns(lambda c: _solve(a, c, lower, check_finite=False, assume_a=assume_a), g, b_shape)


def _solve_a(g, a, b_shape, out, lower, assume_a, transposed):
    w = _solve_b(g, a, b_shape, lower, assume_a, transposed)
    if a.size == 1:
        return np.reshape(-np.sum(w * out), a.shape)
    r = -(_product(out, w, b_shape) if transposed else _product(w, out, b_shape))
    return structured(unbroadcast(r, a.shape), assume_a)


_solve = dispatched(linalg.solve)
ruled(
    linalg.solve,
    a=_solve_a,
    b=lambda g, a, b_shape, lower, assume_a, transposed: unbroadcast(
        _solve_b(g, a, b_shape, lower, assume_a, transposed), b_shape
    ),
)


def _triangular_b(g, a, b_shape, trans, lower, unit_diagonal):
    """op(m)^T is m^T, m or _conj(m)."""
    a, other = (_conj(a), 0) if trans in (2, "C") else (a, 0 if trans in (1, "T") else 1)
    solve = lambda c: _solve_triangular(a, c, other, lower, unit_diagonal, check_finite=False)  # noqa: E731
    return _columns(solve, g, b_shape)


def _triangular_a(g, a, b_shape, out, trans, lower, unit_diagonal):
    w = -_triangular_b(g, a, b_shape, trans, lower, unit_diagonal)
    r = _product(w, out, b_shape) if trans in (0, "N") else _product(out, w, b_shape)
    r = unbroadcast(_conj(r) if trans in (2, "C") else r, a.shape)
    unread = np.tri(a.shape[-1], k=bool(unit_diagonal) - 1, dtype=bool)
    np.copyto(r, 0, where=unread.T if lower else unread)
    return r


_solve_triangular = dispatched(linalg.solve_triangular)
ruled(
    linalg.solve_triangular,
    a=_triangular_a,
    b=lambda g, a, b_shape, trans, lower, unit_diagonal: unbroadcast(
        _triangular_b(g, a, b_shape, trans, lower, unit_diagonal), b_shape
    ),
)


# Banded matrices: row ``r`` of a band holds a diagonal, and in column ``j`` what is in column ``j`` of the matrix.


def in_band(w, x, offsets, b_shape):
    """w x^T on the diagonals at ``offsets``, as a band."""
    n = w.shape[-1 if len(b_shape) == 1 else -2]
    rows = np.arange(n) - np.reshape(offsets, (-1, 1))
    there = (rows >= 0) & (rows < n)
    rows = rows % max(n, 1)
    r = w[..., rows] * x[..., None, :] if len(b_shape) == 1 else np.sum(w[..., rows, :] * x[..., None, :, :], axis=-1)
    return np.where(there, r, 0)


def _mirrored_band(ab, below, above):
    """The band of the transposed matrix: the diagonals in reverse order, each shifted by its offset."""
    offsets = np.arange(below + above + 1)[:, None] - below
    return ab[..., above - offsets, (np.arange(ab.shape[-1]) + offsets) % max(ab.shape[-1], 1)]


def _banded_b(g, l_and_u, ab, b_shape):
    below, above = (int(n) for n in l_and_u)
    ab = _mirrored_band(ab, below, above)
    return _columns(lambda c: _solve_banded((above, below), ab, c, check_finite=False), g, b_shape)


def _banded_a(g, l_and_u, ab, b_shape, out):
    below, above = (int(n) for n in l_and_u)
    r = in_band(_banded_b(g, l_and_u, ab, b_shape), out, np.arange(above, -below - 1, -1), b_shape)
    return unbroadcast(-r, ab.shape)


_solve_banded = dispatched(linalg.solve_banded)
ruled(
    linalg.solve_banded,
    ab=_banded_a,
    b=lambda g, l_and_u, ab, b_shape: unbroadcast(_banded_b(g, l_and_u, ab, b_shape), b_shape),
)


def hermitian_offsets(rows, lower):
    return -np.arange(rows) if lower else np.arange(rows)[::-1]


def _hermitian_b(g, ab, b_shape, lower):
    return _columns(lambda c: _solveh_banded(_conj(ab), c, lower=lower, check_finite=False), g, b_shape)


def _hermitian_a(g, ab, b_shape, lower, out):
    """What is off the diagonal is in the matrix twice."""
    w, offsets = _hermitian_b(g, ab, b_shape, lower), hermitian_offsets(ab.shape[-2], lower)
    r = in_band(w, out, offsets, b_shape) + np.conj(in_band(out, w, offsets, b_shape))
    return unbroadcast(-np.where(offsets[:, None] == 0, 0.5 * r, r), ab.shape)


_solveh_banded = dispatched(linalg.solveh_banded)
ruled(
    linalg.solveh_banded,
    ab=_hermitian_a,
    b=lambda g, ab, b_shape, lower: unbroadcast(_hermitian_b(g, ab, b_shape, lower), b_shape),
)


# Toeplitz matrices, of a first column and a first row, whose first element is not read


def _lags(w, x, b_shape):
    """The sums over the diagonals of w x^T, as gradients of the first column and row: by a convolution."""
    if len(b_shape) == 1:
        w, x = np.expand_dims(w, -1), np.expand_dims(x, -1)
    n, m = w.shape[-2], x.shape[-2]
    x, size = np.flip(x, -2), n + m - 1
    r: Any
    if "c" in (w.dtype.kind, x.dtype.kind):
        r = np.fft.ifft(np.sum(np.fft.fft(w, size, -2) * np.fft.fft(x, size, -2), axis=-1))
    else:
        r = np.fft.irfft(np.sum(np.fft.rfft(w, size, -2) * np.fft.rfft(x, size, -2), axis=-1), size)
    row = np.flip(r[..., :m], -1)
    return r[..., m - 1 :], np.where(np.arange(m) == 0, 0, row)


def _mirrored(c, r):
    return np.concatenate((c[..., :1], r[..., 1:]), axis=-1), c


def _equation(c, r, b, check_finite):
    return linalg.solve_toeplitz((c, r), b, check_finite)


def _times(c, r, x, check_finite, workers):
    return linalg.matmul_toeplitz((c, r), x, check_finite, workers)


def _toeplitz_b(g, c, r, b_shape):
    c, r = _mirrored(c, r)
    return _columns(lambda columns: _toeplitz_equation(c, r, columns, False), g, b_shape)


def _toeplitz_gradient(place):
    def vjp(g, c, r, b_shape, out):
        return unbroadcast(-_lags(_toeplitz_b(g, c, r, b_shape), out, b_shape)[place], (c, r)[place].shape)

    return vjp


_toeplitz_equation: Any = own(
    _equation,
    c=_toeplitz_gradient(0),
    r=_toeplitz_gradient(1),
    b=lambda g, c, r, b_shape: unbroadcast(_toeplitz_b(g, c, r, b_shape), b_shape),
)
_toeplitz_times: Any = own(
    _times,
    c=lambda g, c_shape, x: unbroadcast(_lags(g, x, x.shape)[0], c_shape),
    r=lambda g, r_shape, x: unbroadcast(_lags(g, x, x.shape)[1], r_shape),
    x=lambda g, c, r, x_shape: unbroadcast(
        _columns(lambda columns: _toeplitz_times(*_mirrored(c, r), columns, False, None), g, x_shape), x_shape
    ),
)


def _column_and_row(c_or_cr):
    c, r = c_or_cr if isinstance(c_or_cr, tuple) else (c_or_cr, None)
    c = array_of(c)
    return c, (np.conj(c) if c.dtype.kind == "c" else c) if r is None else array_of(r)


@composite(linalg.solve_toeplitz)
def solve_toeplitz(c_or_cr, b, check_finite=True):
    return _toeplitz_equation(*_column_and_row(c_or_cr), array_of(b), check_finite)


if hasattr(linalg, "matmul_toeplitz"):

    @composite(linalg.matmul_toeplitz)
    def matmul_toeplitz(c_or_cr, x, check_finite=False, workers=None):
        return _toeplitz_times(*_column_and_row(c_or_cr), array_of(x), check_finite, workers)
