"""Singular values and their vectors.

Gradients travel conjugated, so the formulas hold the conjugates of the vectors: ``p`` stands for ``conj(u)``, ``q`` for
``conj(v)``. What turns is found in their basis: if ``x`` is the gradient there, ``p @ x @ q^H`` is that of the matrix.
"""

import numpy as np

from ..registry import composite, differentiable, unwrap
from .factors import (
    _LIMIT,
    _MIXED,
    _between,
    _changes,
    _check_cancelling,
    _column,
    _completed,
    _diagonal,
    _equal,
    _largest,
    _last,
    _quotient,
    _row,
    _settle,
    _small,
    _turns,
    _with_rest,
    repeats,
)
from .products import _conj, _h, _sym, _t

_SVDResult = type(np.linalg.svd(np.eye(1)))
_WORDS = ("np.linalg.svd", "singular ")


def _null(u, s, vh):
    """Which of the singular values are zero but for rounding, beside the others of each matrix."""
    n = 10 * max(u.shape[-2], vh.shape[-1])
    return s <= n * np.finfo(s.dtype).eps * _largest(s, axis=-1)


def _thin(u, vh, gu, gvh, k):
    """The bases of ``k`` vectors each, with the gradients of all vectors."""
    p, gu = _completed(_WORDS, _conj(u), gu, k)
    q, gv = _completed(_WORDS, _t(vh), None if gvh is None else _h(gvh), k)
    return p, q, gu, gv


def _turned(p, q, gu, gv):
    """The gradients along rotations of u and v together, and apart."""
    tu = 0 if gu is None else _h(p) @ gu
    tv = 0 if gv is None else _h(q) @ gv
    together, apart = tu + tv, tu - tv
    return together - _h(together), apart - _h(apart)


def _outer(p, g):
    """The part of a gradient that the vectors do not span."""
    return g - p @ (_h(p) @ g) if g is not None and p.shape[-2] > p.shape[-1] else None


def _svd_factors(g, out):
    """With d = u^H da v: ds = diag(d); 1 / (s_j - s_i) and 1 / (s_j + s_i) divide the turns of u and v together and
    apart; outside of what they span, 1 / s."""
    (gu, gs, gvh), (u, s, vh) = g, out
    p, q, gu, gv = _thin(u, vh, gu, gvh, s.shape[-1])
    kinked = None if gs is None else gs * (s != 0)  # as abs at 0
    if gu is None and gv is None:
        return (p * _row(kinked)) @ _h(q)
    together, apart = _turned(p, q, gu, gv)
    outer_u, outer_v = _outer(p, gu), _outer(q, gv)

    plain, scale = unwrap(s), _largest(unwrap(gu), unwrap(gv))
    null, equal = _null(u, plain, vh), _equal(plain)
    vanishing = _row(null) & _column(null)
    _check_cancelling(_WORDS, unwrap(together), scale, equal)
    more = None
    if np.any(null):
        _check_null(unwrap(apart), (outer_u, outer_v), null, scale)
        more = None if gs is None else _of_null(gs, out, null)

    def again(found):
        gu, _, gvh = found
        return None if gu is None and gvh is None else _turned(*_thin(u, vh, gu, gvh, s.shape[-1]))[0]

    row, column = _row(s), _column(s)
    x = _quotient(together, row - column, equal) + _quotient(apart, row + column, vanishing)
    x = 0.5 * (x + _between(_WORDS, gs, out, again, equal & ~vanishing))
    if kinked is not None:
        x = x + _diagonal(kinked if more is None else kinked * ~null)
    r = p @ x @ _h(q)
    inverse = np.where(null, 0, 1 / np.where(null, 1, s))
    if outer_u is not None:
        r = r + (outer_u * _row(inverse)) @ _h(q)
    if outer_v is not None:
        r = r + p @ (_column(inverse) * _h(outer_v))
    return r if more is None else r + more


def _check_null(odd, outer, null, scale):
    """Raise unless what the vectors of zeros are turned to, by themselves, has no part in the result."""
    words = ("np.linalg.svd", "zero singular ")
    _check_cancelling(words, odd, scale, _row(null) & _column(null))
    for part in outer:
        if part is not None and np.any(_row(null) & ~_small(unwrap(part), scale)):
            raise np.linalg.LinAlgError(_MIXED.format(*words))


def _of_null(gs, out, null):
    """The gradient r between the spaces where the matrix is zero; None if that of the values is of the values alone.

    There the result is that of sum(r s u v^H), so that gs = u^T r conj(v) holds r in how it changes with u and v.
    """
    u, s, vh = out
    found, k = _changes(_WORDS, gs, out)
    if found[0] is None and found[2] is None:
        return None
    p, q, gu, gv = _thin(u, vh, found[0], found[2], s.shape[-1])
    sides = []
    for basis, g in ((p, gu), (q, gv)):
        g = np.zeros_like(basis) if g is None else g * _row(null / k)
        held = basis * _row(~null)
        sides.append(g - held @ (_h(held) @ g))
    left, right = sides
    p, q = p * _row(null), q * _row(null)
    inner = _h(p) @ left
    scale = np.maximum(_largest(unwrap(gu), unwrap(gv)), _largest(_row(unwrap(gs))))
    if np.any(~_small(unwrap(inner - _h(right) @ q), scale)):
        raise np.linalg.LinAlgError(_LIMIT.format(*_WORDS))
    return _last(left @ _h(q) + p @ (_h(right) - inner @ _h(q)), u, _WORDS)


def _svd_push(t, out):
    """The changes of values and vectors with that of the matrix, ``t``."""
    u, s, vh = out
    k, plain = s.shape[-1], unwrap(s)
    null, equal = _null(u, plain, vh), _equal(plain)
    vanishing = _row(null) & _column(null)

    def turn(at, group):
        turned = np.linalg.eigh(_sym(_h(u[at][:, group]) @ t[at] @ _h(vh[at][group])))[1]
        u[at][:, group] = u[at][:, group] @ turned
        vh[at][group] = _h(turned) @ vh[at][group]

    if np.any(null) and all(unwrap(x) is x for x in (t, u)):
        for at in np.ndindex(null.shape[:-1]):
            _turn_null(u[at], vh[at], t[at], k - np.sum(null[at]))
    _settle(_sym(_h(u[..., :k]) @ t @ _h(vh[..., :k, :])), equal & ~vanishing, turn)
    left, right = u[..., :k], _h(vh[..., :k, :])
    d = _h(left) @ t @ right
    row, column, even = _row(s), _column(s), _sym(d)
    size = _largest(unwrap(d))
    together = _turns(_WORDS, even, row - column, equal, size)
    apart = _turns(_WORDS, d - even, row + column, vanishing, size)
    inverse = _row(np.where(null, 0, 1 / np.where(null, 1, s)))
    du, dv = left @ (together + apart), right @ (together - apart)
    if left.shape[-2] > k:
        du = _with_rest(du + (t @ right - left @ d) * inverse, left, u[..., k:])
    if right.shape[-2] > k:
        dv = _with_rest(dv + (_h(t) @ left - right @ _h(d)) * inverse, right, _h(vh[..., k:, :]))
    return [du, np.real(np.diagonal(d, axis1=-2, axis2=-1)), _h(dv)]


def _turn_null(u, vh, t, rank):
    """Turn the vectors beyond the rank, in place, to those that the change ``t`` leads to."""
    left, right = _beyond(u, rank), _beyond(_h(vh), rank)
    d = _h(left) @ t @ right
    if d.size == 1:  # which a value that is small, but no zero, may stand for: it keeps its sign
        u[:, rank:] *= np.copysign(1, np.real(d)) * np.exp(1j * np.angle(d)) if d.imag.any() else 1
    elif np.any(d):
        x, _, yh = np.linalg.svd(d)
        u[:, rank:] = (left @ x)[:, : u.shape[1] - rank]
        vh[rank:] = (yh @ _h(right))[: len(vh) - rank]


def _beyond(u, rank):
    """A basis of what the first columns do not span."""
    return (u if u.shape[0] == u.shape[1] else np.linalg.qr(u[:, :rank], "complete")[0])[:, rank:]


def _values_push(t, out):
    du, ds, dvh = _svd_push(t, out)
    return [du, ds * (out[1] != 0), dvh]  # as abs at 0


def svd_twice(out):
    """Whether there are singular values that are repeated, or zero."""
    return repeats(out[1:]) or bool(np.any(_null(*out)))


_svd = differentiable(np.linalg.svd, a=_svd_factors, jvps={"a": _svd_push})
_svd.twice = svd_twice
_svd_of_values = differentiable(np.linalg.svd, a=_svd_factors, jvps={"a": _values_push}).call
_svd_constant = differentiable(np.linalg.svd).call


@composite(np.linalg.svd)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    if hermitian:
        return _svd_hermitian(a, compute_uv)
    if compute_uv:
        return _svd.call(a, full_matrices)
    # their derivative needs the vectors; to make them now keeps all that depends on both in one place
    return _svd_constant(a, compute_uv=False) if a.constant else _svd_of_values(a, False)[1]


def _svd_hermitian(a, compute_uv):
    """From the eigenvalues: their sizes, in descending order; their signs go to ``vh``."""
    w, v = np.linalg.eigh(a) if compute_uv else (np.linalg.eigvalsh(a), None)
    order = np.argsort(np.abs(unwrap(w)))[..., ::-1]
    w = np.take_along_axis(w, order, axis=-1)
    if v is None:
        return np.abs(w)
    v = np.take_along_axis(v, _row(order), axis=-1)
    return _SVDResult(v, np.abs(w), _h(v * _row(np.copysign(1, unwrap(w)))))


@composite(np.linalg.svdvals)
def svdvals(x, /):
    return svd(x, compute_uv=False)
