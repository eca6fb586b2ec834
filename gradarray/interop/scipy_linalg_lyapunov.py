"""Equations of matrices in ``scipy.linalg``: Sylvester's, Lyapunov's, Riccati's. Gradients travel conjugated."""

import numpy as np
from scipy import linalg

from ..registry import composite, dispatched, unbroadcast
from ..rules.products import _h, _t
from ..rules.shape import array_of
from .scipy_linalg_equations import ruled


def _alike(*arrays):
    """All complex if one is: of a mixture SciPy's solutions are wrong where a real matrix has complex eigenvalues."""
    given = [array_of(a) for a in arrays]
    if len({a.dtype.kind == "c" for a in given}) == 1:
        return given
    return [a if a.dtype.kind == "c" else a.astype(np.result_type(a.dtype, np.complex64)) for a in given]


def _sylvester(g, a, b):
    return _solve_sylvester(_t(a), _t(b), g)


_solve_sylvester = dispatched(linalg.solve_sylvester)
_sylvester_rule = ruled(
    linalg.solve_sylvester,
    a=lambda g, a, b, out: unbroadcast(-_sylvester(g, a, b) @ _t(out), a.shape),
    b=lambda g, a, b, out: unbroadcast(-_t(out) @ _sylvester(g, a, b), b.shape),
    q=lambda g, a, b, q_shape: unbroadcast(_sylvester(g, a, b), q_shape),
)


def _continuous_a(g, a, out):
    """a x + x a^H = q; the adjoint equation is a^T y + y _conj(a) = g."""
    y = _continuous(_t(a), g)
    return unbroadcast(-(y @ _t(out) + np.conj(_t(y) @ out)), a.shape)


def _discrete_a(g, a, method, out):
    """x - a x a^H = q; the adjoint equation is y - a^T y _conj(a) = g."""
    y = _discrete(_t(a), g, method)
    return unbroadcast(y @ np.conj(a) @ _t(out) + np.conj(_t(y) @ a @ out), a.shape)


_continuous = dispatched(linalg.solve_continuous_lyapunov)
_discrete = dispatched(linalg.solve_discrete_lyapunov)
_continuous_rule = ruled(
    linalg.solve_continuous_lyapunov,
    a=_continuous_a,
    q=lambda g, a, q_shape: unbroadcast(_continuous(_t(a), g), q_shape),
)
_discrete_rule = ruled(
    linalg.solve_discrete_lyapunov,
    a=_discrete_a,
    q=lambda g, a, q_shape, method: unbroadcast(_discrete(_t(a), g, method), q_shape),
)


@composite(linalg.solve_sylvester)
def solve_sylvester(a, b, q):
    return _sylvester_rule(*_alike(a, b, q))


@composite(linalg.solve_continuous_lyapunov)
def solve_continuous_lyapunov(a, q):
    return _continuous_rule(*_alike(a, q))


@composite(linalg.solve_discrete_lyapunov)
def solve_discrete_lyapunov(a, q, method=None):
    return _discrete_rule(*_alike(a, q), method)


# Riccati's equations


def _riccati(g, a, b, r, e, s, out, discrete):
    """What the gradients are made of: -y, the gain k, and what stands beside the changes of a and of e.

    The equation, differentiated, is a Lyapunov equation of the closed loop a - b k; y solves its transpose.
    """
    w = out @ a if discrete else out if e is None else out @ e
    k = _h(b) @ w if s is None else _h(b) @ w + _h(s)
    k = np.linalg.solve(r + _h(b) @ out @ b if discrete else r, k)
    closed = a - b @ k
    m, g = np.conj(closed), 0.5 * (g + _h(g))
    if e is not None:
        m = np.linalg.solve(np.conj(e), m)
        g = _h(np.linalg.solve(np.conj(e), _h(np.linalg.solve(np.conj(e), g))))
    y = _discrete(m, g) if discrete else -_continuous(m, g)
    own = out if e is None else out @ e
    return y, k, (out @ closed, -own) if discrete else (own, out @ closed)


def _riccati_rule(fn, discrete):
    def parts(g, a, b, r, e, s, out):
        return _riccati(g, a, b, r, e, s, out, discrete)

    def of_a(g, a, b, r, e, s, out):
        y, _, (w, _) = parts(g, a, b, r, e, s, out)
        return unbroadcast(2 * np.conj(w) @ y, a.shape)

    def of_b(g, a, b, r, e, s, out):
        y, k, (w, _) = parts(g, a, b, r, e, s, out)
        return unbroadcast(-2 * np.conj(w) @ y @ _t(k), b.shape)

    def of_q(g, a, b, q_shape, r, e, s, out):
        return unbroadcast(parts(g, a, b, r, e, s, out)[0], q_shape)

    def of_r(g, a, b, r, e, s, out):
        y, k, _ = parts(g, a, b, r, e, s, out)
        return unbroadcast(np.conj(k) @ y @ _t(k), r.shape)

    def of_e(g, a, b, r, e, s, out):
        y, _, (_, w) = parts(g, a, b, r, e, s, out)
        return unbroadcast(2 * np.conj(w) @ y, e.shape)

    def of_s(g, a, b, r, e, s, out):
        y, k, _ = parts(g, a, b, r, e, s, out)
        return unbroadcast(-2 * y @ _t(k), s.shape)

    ruled(fn, a=of_a, b=of_b, q=of_q, r=of_r, e=of_e, s=of_s)


_riccati_rule(linalg.solve_continuous_are, False)
_riccati_rule(linalg.solve_discrete_are, True)
