"""Triangular and unitary factors of matrices: Cholesky and QR.

Gradients travel conjugated, so the formulas hold the conjugates of the factors: ``p`` stands for ``conj(q)``.
"""

import functools

import numpy as np

from ..registry import composite, differentiable, unwrap
from .factors import _completed, _largest, _with_rest
from .products import _conj, _h, _sym, _t

BLOCK = 64  # up to this size general functions of LAPACK take less time than more, and smaller, products


def upper_solve(u, b):
    """The solution of ``u x = b`` with an upper triangle ``u``, by products of its blocks."""
    n, k = u.shape[-1], u.shape[-1] // 2
    if n <= BLOCK:
        return np.linalg.solve(u, b)
    low = upper_solve(u[..., k:, k:], b[..., k:, :])
    top = upper_solve(u[..., :k, :k], b[..., :k, :] - u[..., :k, k:] @ low)
    return np.concatenate((top, low), axis=-2)


def _lower_solve(lower, b):
    n, k = lower.shape[-1], lower.shape[-1] // 2
    if n <= BLOCK:
        return np.linalg.solve(lower, b)
    top = _lower_solve(lower[..., :k, :k], b[..., :k, :])
    low = _lower_solve(lower[..., k:, k:], b[..., k:, :] - lower[..., k:, :k] @ top)
    return np.concatenate((top, low), axis=-2)


def joined(a, b, c, d):
    """The matrix of the blocks ``((a, b), (c, d))``."""
    k, m = a.shape[-2:]
    r = np.empty_like(b, shape=(*b.shape[:-2], k + c.shape[-2], m + b.shape[-1]))
    r[..., :k, :m], r[..., :k, m:], r[..., k:, :m], r[..., k:, m:] = a, b, c, d
    return r


@functools.lru_cache(16)
def below_diagonal(n):
    """Where one block is below its diagonal: kept, as its size comes again."""
    return np.tri(n, k=-1, dtype=bool)


@functools.lru_cache(16)
def _half(n, dtype):
    """The lower triangle, and half of the diagonal."""
    return np.tri(n, dtype=dtype) - 0.5 * np.eye(n, dtype=dtype)


def _inverse(lower):
    """The inverse of a lower triangle, whatever is above it."""
    n, k = lower.shape[-1], lower.shape[-1] // 2
    if n <= BLOCK:
        return np.linalg.inv(np.where(below_diagonal(n).T, 0, lower))
    below, first, last = lower[..., k:, :k], _inverse(lower[..., :k, :k]), _inverse(lower[..., k:, k:])
    return joined(first, np.zeros_like(_t(below)), -(last @ below @ first), last)


def cholesky_back(g, lower, over=None):
    """Iain Murray, Differentiation of the Cholesky decomposition, arXiv:1602.07527, sections 3 and 4; Hermitian.

    ``over(b, l)`` is b l^-1, perhaps in the place of b; without it, blocks are multiplied by inverses. What is above
    the diagonal of the factor is not read.
    """
    lower = _conj(lower)
    r = g + np.zeros_like(lower, shape=())
    if over is None:
        _cholesky_back(r, lower, None, np.matmul)
    else:
        _cholesky_back(r, lower, lower, over)
    r *= 0.5
    return r


def _cholesky_back(r, lower, divisor, over):
    """Twice the gradient, in the place of that of the factor.

    With a11 = l11 l11^H, a21 = l21 l11^H, a22 = l21 l21^H + l22 l22^H, first the gradient of a22. ``divisor`` is what
    ``over`` takes for the factor: itself, or its inverse, if that is known.
    """
    n, k = lower.shape[-1], lower.shape[-1] // 2
    if n <= BLOCK:
        divisor = _inverse(lower) if divisor is None else divisor
        lower = np.where(below_diagonal(n).T, 0, lower)
        x = over(_h(over(_h(lower) @ r * _half(n, lower.dtype), divisor)), divisor)
        r[...] = x + _h(x)
        return
    square, below = lower[..., :k, :k], lower[..., k:, :k]
    _cholesky_back(r[..., k:, k:], lower[..., k:, k:], divisor if divisor is None else divisor[..., k:, k:], over)
    first = _inverse(square) if divisor is None else divisor[..., :k, :k]
    left = over(r[..., k:, :k] - r[..., k:, k:] @ below, first)
    r[..., k:, :k], r[..., :k, k:] = left, _h(left)
    r[..., :k, :k] -= _h(left) @ below
    _cholesky_back(r[..., :k, :k], square, first, over)


def _cholesky(g, out, upper):
    return cholesky_back(_h(g), _h(out)) if upper else cholesky_back(g, out)


def _cholesky_forth(t, lower):
    """With c = l^-1 da l^-H: l times the lower triangle of c and half of its diagonal; in blocks as above."""
    n, k = lower.shape[-1], lower.shape[-1] // 2
    if n <= BLOCK:
        c = np.linalg.solve(lower, _h(np.linalg.solve(lower, t)))
        return lower @ (c * _half(n, lower.dtype))
    square, below = lower[..., :k, :k], lower[..., k:, :k]
    first = _cholesky_forth(t[..., :k, :k], square)
    left = _h(_lower_solve(square, _h(t[..., k:, :k] - below @ _h(first))))
    turn = left @ _h(below)
    last = _cholesky_forth(t[..., k:, k:] - turn - _h(turn), lower[..., k:, k:])
    return joined(first, np.zeros_like(_t(left)), left, last)


def _cholesky_push(t, out, upper):
    return _h(_cholesky_forth(_sym(t), _h(out))) if upper else _cholesky_forth(_sym(t), out)


differentiable(np.linalg.cholesky, a=_cholesky, jvps={"a": _cholesky_push})


def _check_pivots(r):
    k = r.shape[-2]
    pivots = unwrap(np.diagonal(r, axis1=-2, axis2=-1))
    if np.any(np.abs(pivots) <= 10 * k * np.finfo(pivots.dtype).eps * _largest(unwrap(r))[..., 0]):
        raise np.linalg.LinAlgError(
            f"np.linalg.qr: the first {k} columns are linearly dependent; the factors have no derivative there."
        )


def _qr_factors(g, out):
    """With c = q^H da r^-1: the lower triangle of c turns q, the rest changes r, whose diagonal stays real."""
    (gq, gr), (q, r) = g, out
    k = min(q.shape[-2], r.shape[-1])
    p, gq = _completed(("np.linalg.qr", "extra "), _conj(q), gq, k)
    r = r[..., :k, :]
    if gr is not None:
        gr = np.triu(gr[..., :k, :])
    right, square = r[..., k:], r[..., :k]
    _check_pivots(r)
    wide = r.shape[-1] > k
    if wide and gr is not None:  # a = (a1, a2), q r1 = a1, r2 = q^H a2
        more = p @ (_conj(right) @ _h(gr[..., k:]))
        gq = more if gq is None else gq + more
    upper = 0 if gr is None else gr[..., :k] @ _t(square)
    turn = 0 if gq is None else _h(p) @ gq
    skew = turn - upper
    skew = skew - _h(skew)
    y = p @ (0.5 * (np.tril(skew) + np.tril(skew, -1)) + upper)
    if gq is not None and p.shape[-2] > k:
        y = y + (gq - p @ turn)
    y = _t(np.linalg.solve(square, _t(y)))
    if not wide:
        return y
    rest = np.zeros_like(y, shape=(*y.shape[:-1], right.shape[-1])) if gr is None else p @ gr[..., k:]
    return np.concatenate((y, rest), axis=-1)


def _qr_push(t, out):
    """The changes of the factors with that of the matrix, ``t``."""
    q, r = out
    k = min(r.shape[-2:])
    first, rest, upper = q[..., :k], q[..., k:], r[..., :k, :]
    _check_pivots(upper)
    y = _t(np.linalg.solve(_t(upper[..., :k]), _t(t[..., :k])))
    c = _h(first) @ y
    below, phases = np.tril(c, -1), 0.5 * np.eye(k) * (c - _h(c))
    turn = (below - _h(below) + phases).astype(c.dtype)
    dq = first @ (turn - c) + y
    dr = np.triu(_h(first) @ t - turn @ upper)
    if rest.shape[-1]:
        dr = np.concatenate((dr, np.zeros_like(r[..., k:, :])), axis=-2)
    return [_with_rest(dq, first, rest), dr]


_qr = differentiable(np.linalg.qr, a=_qr_factors, jvps={"a": _qr_push}).call
_qr_r = differentiable(
    np.linalg.qr,
    a=lambda g, a: _qr_factors((None, g), np.linalg.qr(a)),
    jvps={"a": lambda t, a: _qr_push(t, np.linalg.qr(a))[1]},
).call


@composite(np.linalg.qr)
def qr(a, mode="reduced"):
    if mode in ("raw", "e", "economic"):
        raise TypeError(
            f"np.linalg.qr on a Tensor: mode={mode!r} gives LAPACK's reflectors; use 'reduced' or 'complete'."
        )
    return (_qr_r if mode == "r" else _qr)(a, mode)
