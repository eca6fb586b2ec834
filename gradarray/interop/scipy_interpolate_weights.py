"""What interpolation is made of: sparse sums and systems, and the polynomials that are their entries."""

from typing import Any

import numpy as np
from scipy import sparse
from scipy.sparse import linalg as sparse_linalg

from ..registry import differentiable, dispatched, unwrap


def _flat(b):
    return np.reshape(b, (b.shape[0], -1))


def _pairs(g, b, row, column):
    """What the entries of a matrix get: at each its row of ``g`` times its column's of ``b``."""
    return np.sum(_flat(g)[row] * _flat(b)[column], axis=-1)


def _sums(a, row, column, b, count):
    """The product of the sparse matrix that has ``count`` rows and the entries ``a``, and ``b``."""
    matrix = sparse.csr_matrix((a, (row, column)), shape=(count, b.shape[0]))
    return (matrix @ _flat(b)).reshape(count, *b.shape[1:])


def _solution(a, row, column, b):
    """x of A x = ``b``, for the square sparse matrix A with the entries ``a``."""
    matrix = sparse.csc_matrix((a, (row, column)), shape=(b.shape[0],) * 2)
    factors, right = sparse_linalg.splu(matrix), _flat(b)
    if b.dtype.kind == "c":
        return (factors.solve(right.real.copy()) + 1j * factors.solve(right.imag.copy())).reshape(b.shape)
    return factors.solve(right).reshape(b.shape)


times, solve = dispatched(_sums), dispatched(_solution)
differentiable(
    _sums,
    a=lambda g, row, column, b: _pairs(g, b, row, column),
    b=lambda g, a, row, column, b_shape: times(a, column, row, g, b_shape[0]),
)
differentiable(
    _solution,
    a=lambda g, a, row, column, out: -_pairs(solve(a, column, row, g), out, row, column),
    b=lambda g, a, row, column: solve(a, column, row, g),
)


def combine(weights, rows, c):
    """Of each point, the sum of the ``rows`` of ``c`` that have part in it, with their ``weights``."""
    n, k = rows.shape
    return times(np.reshape(weights, (n * k,)), np.repeat(np.arange(n), k), rows.ravel(), c, n)


def settled(exact, value):
    """``exact`` with the plain ``value`` that SciPy gives for it."""
    return exact + (value - unwrap(exact))


def _basis(degree, nu, x, raised):
    """The ``nu``-th derivatives of ``degree + 1`` polynomials at each ``x``, by raising their degree one at a time.

    ``raised(d, r)`` says how number ``r`` of degree ``d - 1`` is split among ``r`` and ``r + 1`` of degree d: the two
    factors, and their slope.
    """
    if nu > degree:
        return np.zeros((x.shape[0], degree + 1))
    found = [np.ones(x.shape)]
    for d in range(1, degree + 1):
        parts: list[Any] = [0.0] * (d + 1)
        for r, w in enumerate(found):
            down, up, slope = raised(d, r)
            if d > degree - nu:
                up = d * slope
                down = -up
            parts[r] = parts[r] + w * down
            parts[r + 1] = parts[r + 1] + w * up
        found = parts
    return np.stack(found, axis=1)


def bspline_weights(t, x, k, nu, i):
    """The ``nu``-th derivatives at ``x`` of the B-splines that are not zero between the knots i and i + 1.

    De Boor, A Practical Guide to Splines, chapter X.
    """

    def raised(d, r):
        low, high = t[i + 1 + r - d], t[i + 1 + r]
        width = high - low
        if not np.all(unwrap(width)):  # between equal knots there is nothing
            width = np.where(unwrap(width) == 0, np.inf, width)
        return (high - x) / width, (x - low) / width, 1 / width

    return _basis(k, nu, x, raised)


def bernstein_weights(x, x0, x1, k, nu):
    """The ``nu``-th derivatives at ``x`` of the Bernstein polynomials of degree ``k`` between ``x0`` and ``x1``."""
    up, down, slope = (x - x0) / (x1 - x0), (x1 - x) / (x1 - x0), 1 / (x1 - x0)
    return _basis(k, nu, x, lambda d, r: (down, up, slope))


def power_weights(s, k, nu):
    """The ``nu``-th derivatives of s^(k - 1), ..., s, 1."""
    found = []
    for power in range(k - 1, -1, -1):
        factor = float(np.prod(np.arange(power - nu + 1, power + 1))) if power >= nu else 0.0
        found.append(factor * s ** (power - nu) if power > nu else np.full(s.shape, factor))
    return np.stack(found, axis=1)


def span(t, x, k):
    """Between which knots each plain ``x`` is, none but the first and last ``k`` counted."""
    t, x = unwrap(t), unwrap(x)
    return np.clip(np.searchsorted(t, x, "right") - 1, k, t.shape[0] - k - 2)


def masked(value, outside, filler=np.nan):
    """``value`` with ``filler`` in the rows that are ``outside``."""
    if not outside.any():
        return value
    return np.where(outside.reshape(-1, *(1,) * (value.ndim - 1)), filler, value)


# Splines of one variable


def spline_values(t, c, k, x, nu, extrapolate):
    """The values at ``x`` of the splines with the coefficients ``c``."""
    first, last = unwrap(t)[k], unwrap(t)[t.shape[0] - k - 1]
    at = unwrap(x)
    outside = np.isnan(at) if extrapolate else ~((at >= first) & (at <= last))
    x = masked(x, outside, first)
    i = span(t, x, k)
    return masked(combine(bspline_weights(t, x, k, nu, i), i[:, None] + np.arange(-k, 1), c), outside)


def entries(t, x, k, nu=0):
    """The weights of B-splines at each ``x``, and the numbers of these."""
    i = span(t, unwrap(x), k)
    return bspline_weights(t, x, k, nu, i), i[:, None] + np.arange(-k, 1)


def not_a_knot(x, k):
    inner = x if k % 2 else 0.5 * (x[1:] + x[:-1])
    inner = inner[(k + k % 2) // 2 :][: -((k + k % 2) // 2)]
    return np.concatenate((np.repeat(x[:1], k + 1), inner, np.repeat(x[-1:], k + 1)))


def solved(weights, columns, y):
    """The coefficients with which the weights give ``y``."""
    n, k = columns.shape
    return solve(np.reshape(weights, (-1,)), np.repeat(np.arange(n), k), columns.ravel(), y)


def closest(t, x, y, w, k):
    """The coefficients of least squares. With A the weights times ``w``: r + A c = w y, A^T r = 0."""
    weights, columns = entries(t, x, k)
    n, m = x.shape[0], t.shape[0] - k - 1
    a, row, column = np.reshape(weights * w[:, None], (-1,)), np.repeat(np.arange(n), k + 1), columns.ravel() + n
    matrix = np.concatenate((np.ones(n), a, a))
    every = np.arange(n)
    right = np.concatenate((np.reshape(w, (n, *(1,) * (y.ndim - 1))) * y, np.zeros((m, *y.shape[1:]))))
    return solve(matrix, np.concatenate((every, row, column)), np.concatenate((every, column, row)), right)[n:]


# Tensor products


def corners(weights, columns, shape):
    """The weights at the corners of a tensor product, and where these are in its coefficients, flattened."""
    total, places = np.ones((weights[0].shape[0], 1)), np.zeros((weights[0].shape[0], 1), int)
    for w, i, n in zip(weights, columns, shape, strict=True):
        total = np.reshape(total[:, :, None] * w[:, None, :], (w.shape[0], -1))
        places = (places[:, :, None] * n + i[:, None, :]).reshape(w.shape[0], -1)
    return total, places
