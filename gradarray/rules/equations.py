"""Equations and inverses. Gradients travel conjugated (see `gradarray.graph`)."""

import math

import numpy as np

from ..registry import composite, differentiable, unbroadcast, unwrap
from .products import _conj, _h, _sym, _t
from .shape import array_of, ravel


def _chain(a, b, c):
    """``a @ b @ c`` of stacked matrices, by the order that takes fewer multiplications."""
    (m, n), (k, p) = a.shape[-2:], c.shape[-2:]
    return (a @ b) @ c if m * k * (n + p) <= n * p * (m + k) else a @ (b @ c)


def _solve_b(g, a, b_shape):
    return np.linalg.solve(_t(a), g) if len(b_shape) > 1 else np.linalg.solve(_t(a), np.expand_dims(g, -1))[..., 0]


def _solve_a(g, a, b_shape, out):
    w = _solve_b(g, a, b_shape)
    if len(b_shape) == 1:
        return unbroadcast(-np.expand_dims(w, -1) * np.expand_dims(out, -2), a.shape)
    return unbroadcast(-w @ _t(out), a.shape)


def _solve_push(t, a, b_shape, out):
    r = t @ (out if len(b_shape) > 1 else np.expand_dims(out, -1))
    return -np.linalg.solve(a, r) if len(b_shape) > 1 else -np.linalg.solve(a, r)[..., 0]


_solve = differentiable(
    np.linalg.solve,
    a=_solve_a,
    b=lambda g, a, b_shape: unbroadcast(_solve_b(g, a, b_shape), b_shape),
    jvps={"a": _solve_push, "b": lambda t, a: np.linalg.solve(a, t)},
).call


@composite(np.linalg.solve)
def solve(a, b):
    return _solve(array_of(a), array_of(b))


differentiable(np.linalg.inv, a=lambda g, out: -_t(out) @ g @ _t(out), jvps={"a": lambda t, out: -out @ t @ out})


@composite(np.linalg.tensorsolve)
def tensorsolve(a, b, axes=None):
    a, b = array_of(a), array_of(b)
    if axes is not None:
        order = list(range(a.ndim))
        for k in axes:
            order.remove(k)
            order.append(k)
        a = np.transpose(a, order)
    shape = a.shape[-(a.ndim - b.ndim) :]
    n = math.prod(shape)
    if a.size != n**2:
        raise np.linalg.LinAlgError(f"np.linalg.tensorsolve: shapes {a.shape} and {b.shape} make no square matrix.")
    return np.reshape(solve(np.reshape(a, (n, n)), ravel(b)), shape)


@composite(np.linalg.tensorinv)
def tensorinv(a, ind=2):
    if ind <= 0:
        raise ValueError(f"np.linalg.tensorinv: ind={ind}; it must be positive.")
    n = math.prod(a.shape[ind:])
    return np.reshape(np.linalg.inv(np.reshape(a, (n, -1))), a.shape[ind:] + a.shape[:ind])


def _pinv(g, a, out, hermitian):
    """Golub and Pereyra, SIAM J. Numer. Anal. 10 (1973) 413: among matrices of the same rank."""
    if hermitian:
        a = np.tril(a) + _h(np.tril(a, -1))
    b, c, gh = _t(out), _conj(out), _h(g)
    outer, inner = _chain(gh, c, b), _chain(b, c, gh)
    r = -_chain(b, g, b) + outer - _chain(b, _t(a), outer) + inner - _chain(inner, _t(a), b)
    return _sym(r) if hermitian else r


differentiable(np.linalg.pinv, a=_pinv)


def _lstsq_a(g, a, b, rcond, out):
    """As for ``pinv``, times ``b``; what ``resids`` sums are the squares of b - a x, to which a is orthogonal."""
    (gx, gr, _, gs), x = g, out[0]
    b, x = (np.expand_dims(v, -1) if v.ndim == 1 else v for v in (b, x))
    rest, r = _conj(b - a @ x), np.zeros_like(a)
    if gx is not None:
        p = _lstsq_pinv(a, rcond)
        gx = np.reshape(gx, x.shape)
        u = _t(p) @ gx
        null = _conj(gx) - p @ (a @ _conj(gx))
        r = r - u @ _t(x) + rest @ _t(p @ _conj(u)) + (_t(p) @ _conj(x)) @ _t(null)
    if gr is not None and gr.size:
        r = r - 2 * (rest * gr) @ _t(x)
    return r if gs is None else r + _lstsq_s(gs, a)


def _lstsq_b(g, a, b, rcond, out):
    (gx, gr, _, _), x = g, out[0]
    r = np.zeros_like(b) if gx is None else _t(_lstsq_pinv(a, rcond)) @ gx
    if gr is None or not gr.size:
        return r
    return r + 2 * _conj(b - a @ x) * (gr if b.ndim > 1 else gr[0])


def _lstsq_pinv(a, rcond):
    return np.linalg.pinv(a, rcond=np.finfo(np.float64).eps * max(a.shape) if rcond is None else rcond)


def _lstsq_s(gs, a):
    u, s, vh = np.linalg.svd(a, full_matrices=False)
    plain = unwrap(s)
    if np.any(np.abs(np.diff(plain)) <= 10 * max(a.shape) * np.finfo(plain.dtype).eps * np.max(plain, initial=0)):
        raise np.linalg.LinAlgError(
            "np.linalg.lstsq: singular values are repeated; their derivatives come from np.linalg.svdvals(a)."
        )
    return (_conj(u) * gs) @ _conj(vh)


_lstsq = differentiable(np.linalg.lstsq, a=_lstsq_a, b=_lstsq_b).call


@composite(np.linalg.lstsq)
def lstsq(a, b, rcond=None):
    return _lstsq(array_of(a), array_of(b), rcond)
