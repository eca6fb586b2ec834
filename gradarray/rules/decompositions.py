"""Factorizations of matrices, and what is made of them.

Gradients travel conjugated, so the formulas hold the conjugates of the factors: ``p`` stands for ``conj(u)``. They
work in the basis of the factors: ``x`` is the gradient there, ``p @ x @ q^H`` that of the matrix.

A factor that is arbitrary, by a phase or within the space of a repeated value, must cancel in what is made of it. Where
it does not, or where the derivative is a limit 0 / 0 that one pass cannot know, a `LinAlgError` says so.
"""

import numpy as np

from ..registry import composite, differentiable, unwrap
from .products import _t

_SVDResult = type(np.linalg.svd(np.eye(1)))


def _h(a):
    return np.conj(_t(a))


def _row(a):
    return np.expand_dims(a, -2)


def _column(a):
    return np.expand_dims(a, -1)


def _diagonal(a):
    """Vectors as diagonal matrices."""
    return np.where(np.eye(a.shape[-1], dtype=bool), _row(a), 0)


def _quotient(numerator, denominator, zero):
    """A quotient that is 0 where its denominator is, and its numerator was found to be."""
    return np.where(zero, 0, numerator) / np.where(zero, 1, denominator)


def _largest(*arrays, axis=(-2, -1)):
    """The largest size in each matrix, or along another axis, of those plain ``arrays`` that are there."""
    sizes = [np.max(np.abs(a), axis=axis, keepdims=True, initial=0) for a in arrays if a is not None]
    return sizes[0] if len(sizes) == 1 else np.maximum(*sizes)


def _equal(w, least=1.0):
    """Which of the values ``w`` are the same but for rounding, the diagonal among them."""
    gaps = np.abs(_row(w) - _column(w))
    return gaps <= 10 * w.shape[-1] * np.finfo(w.dtype).eps * least * _row(_largest(w, axis=-1))


def _small(a, scale):
    return np.abs(a) <= np.sqrt(np.finfo(a.dtype).eps) * scale


_PHASE = (
    "{}: the result depends on the phases of the {}vectors, which are arbitrary, so it has no derivative; use the "
    "vectors so that the phases cancel, as in v @ np.conj(v.T) or np.abs(v)."
)
_MIXED = (
    "{}: there are repeated {}values, and the result depends on which vectors were chosen for them, which is "
    "arbitrary, so it has no derivative; use only what they span, or separate the values by a small perturbation."
)
_LIMIT = (
    "{}: there are repeated {}values, or zeros, and the derivative of what combines these with their vectors is a "
    "limit that is not known from them; write the function of the matrix without its vectors (np.linalg.inv, "
    "matrix_power ...), use the values alone, or separate them by a small perturbation."
)


def _check_cancelling(words, skew, scale, equal):
    """Raise unless ``skew``, the gradient along rotations among vectors of ``equal`` values, is zero."""
    wrong = equal & ~_small(skew, scale)
    if np.any(wrong):
        same = np.any(wrong & ~np.eye(skew.shape[-1], dtype=bool))
        raise np.linalg.LinAlgError((_MIXED if same else _PHASE).format(*words))


def _check_known(words, gw, even, scale, equal):
    """Raise if the gradient ``x`` between vectors of ``equal`` values may be other than zero.

    For v f(w) v^H it is f'(w) s, and all that is left of s are ``even``, that is 2 f(w) s, and the diagonal f'(w) s in
    ``gw``: s must be diagonal, and in agreement with both. What depends on vectors only has f' = 0.
    """
    pairs = equal & ~np.eye(equal.shape[-1], dtype=bool)
    if gw is None or not np.any(pairs):
        return
    live = ~_small(gw, _largest(gw, axis=-1))
    pairs &= _row(live) | _column(live)
    if even is not None:
        d = np.real(np.diagonal(even, axis1=-2, axis2=-1))
        used = ~_small(d, scale[..., 0])
        agrees = _small(_row(gw) * _column(d) - _column(gw) * _row(d), _row(_largest(gw, axis=-1)) * scale)
        pairs &= ~(_small(even, scale) & (_row(used) | _column(used)) & agrees)
    if np.any(pairs):
        raise np.linalg.LinAlgError(_LIMIT.format(*words))


def _completed(words, p, g, k):
    """The first ``k`` columns, and their gradient; to it that of the others, which span the complement, is added."""
    if g is None or p.shape[-1] == k:
        return p[..., :k], g
    first, rest = p[..., :k], p[..., k:]
    turned = unwrap(_h(rest) @ g[..., k:])
    _check_cancelling(words, turned - _h(turned), _largest(unwrap(g)), np.ones(turned.shape[-2:], bool))
    return first, g[..., :k] - rest @ (_h(g[..., k:]) @ first)


# Cholesky and QR


BLOCK = 64  # up to this size general functions of LAPACK take less time than more, and smaller, products


def upper_solve(u, b):
    """The solution of ``u x = b`` with an upper triangle ``u``, by products of its blocks."""
    n, k = u.shape[-1], u.shape[-1] // 2
    if n <= BLOCK:
        return np.linalg.solve(u, b)
    low = upper_solve(u[..., k:, k:], b[..., k:, :])
    top = upper_solve(u[..., :k, :k], b[..., :k, :] - u[..., :k, k:] @ low)
    return np.concatenate((top, low), axis=-2)


def joined(a, b, c, d):
    """The matrix of the blocks ``((a, b), (c, d))``."""
    k, m = a.shape[-2:]
    r = np.empty_like(b, shape=(*b.shape[:-2], k + c.shape[-2], m + b.shape[-1]))
    r[..., :k, :m], r[..., :k, m:], r[..., k:, :m], r[..., k:, m:] = a, b, c, d
    return r


def cholesky_back(g, lower):
    """Iain Murray, Differentiation of the Cholesky decomposition, arXiv:1602.07527, sections 3 and 4; Hermitian.

    With a11 = l11 l11^H, a21 = l21 l11^H, a22 = l21 l21^H + l22 l22^H, first the gradient of a22.
    """
    n, k = lower.shape[-1], lower.shape[-1] // 2
    if n <= BLOCK:
        half = np.tri(n, dtype=lower.dtype) - 0.5 * np.eye(n, dtype=lower.dtype)
        left = np.linalg.solve(_t(lower), _t(lower) @ g * half)
        s = np.linalg.solve(_h(lower), _t(left))
        return 0.5 * (_t(s) + np.conj(s))
    square, below = lower[..., :k, :k], np.conj(lower[..., k:, :k])
    last = cholesky_back(g[..., k:, k:], lower[..., k:, k:])
    right = upper_solve(_h(square), _t(g[..., k:, :k] - 2 * (last @ below)))
    first = cholesky_back(g[..., :k, :k] - np.conj(right) @ below, square)
    return joined(first, 0.5 * np.conj(right), 0.5 * _t(right), last)


def _cholesky(g, out, upper):
    return cholesky_back(_h(g), _h(out)) if upper else cholesky_back(g, out)


differentiable(np.linalg.cholesky, a=_cholesky)


def _qr_factors(g, out):
    """With c = q^H da r^-1: the lower triangle of c turns q, the rest changes r, whose diagonal stays real."""
    (gq, gr), (q, r) = g, out
    k = min(q.shape[-2], r.shape[-1])
    p, gq = _completed(("np.linalg.qr", "extra "), np.conj(q), gq, k)
    r = r[..., :k, :]
    if gr is not None:
        gr = np.triu(gr[..., :k, :])
    right, square = r[..., k:], r[..., :k]
    pivots = unwrap(np.diagonal(square, axis1=-2, axis2=-1))
    if np.any(np.abs(pivots) <= 10 * k * np.finfo(pivots.dtype).eps * _largest(unwrap(r))[..., 0]):
        raise np.linalg.LinAlgError(
            f"np.linalg.qr: the first {k} columns are linearly dependent; the factors have no derivative there."
        )
    wide = r.shape[-1] > k
    if wide and gr is not None:  # a = (a1, a2), q r1 = a1, r2 = q^H a2
        more = p @ (np.conj(right) @ _h(gr[..., k:]))
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


_qr = differentiable(np.linalg.qr, a=_qr_factors).call
_qr_r = differentiable(np.linalg.qr, a=lambda g, a: _qr_factors((None, g), np.linalg.qr(a))).call


@composite(np.linalg.qr)
def qr(a, mode="reduced"):
    if mode in ("raw", "e", "economic"):
        raise TypeError(
            f"np.linalg.qr on a Tensor: mode={mode!r} gives LAPACK's reflectors; use 'reduced' or 'complete'."
        )
    return (_qr_r if mode == "r" else _qr)(a, mode)


# Singular values


def _svd_factors(g, out):
    """With d = u^H da v: ds = diag(d); 1 / (s_j - s_i) and 1 / (s_j + s_i) divide the turns of u and v together and
    apart; outside of what they span, 1 / s."""
    (gu, gs, gvh), (u, s, vh) = g, out
    words, k = ("np.linalg.svd", "singular "), s.shape[-1]
    p, gu = _completed(words, np.conj(u), gu, k)
    q, gv = _completed(words, _t(vh), None if gvh is None else _h(gvh), k)
    kinked = None if gs is None else gs * (s != 0)  # as abs at 0
    if gu is None and gv is None:
        return (p * _row(kinked)) @ _h(q)
    tu = 0 if gu is None else _h(p) @ gu
    tv = 0 if gv is None else _h(q) @ gv
    together, apart = tu + tv, tu - tv
    odd, odd_apart = together - _h(together), apart - _h(apart)
    outer_u = gu - p @ tu if gu is not None and p.shape[-2] > k else None
    outer_v = gv - q @ tv if gv is not None and q.shape[-2] > k else None

    plain = unwrap(s)
    size = _row(_largest(plain, axis=-1))
    null = plain <= 10 * max(p.shape[-2], q.shape[-2]) * np.finfo(plain.dtype).eps * size[..., 0]
    equal, vanishing = _equal(plain), _row(null) & _column(null)
    gu, gs, gv, even = unwrap([gu, gs, gv, together + _h(together)])
    scale = _largest(gu, gv)
    _check_cancelling(words, unwrap(odd), scale, equal)
    _check_known(words, gs, even, scale, equal & ~vanishing)
    if np.any(null):
        _check_null(words, plain, null, vanishing, (gu, gs, gv), (odd_apart, outer_u, outer_v), scale)

    row, column = _row(s), _column(s)
    x = 0.5 * (_quotient(odd, row - column, equal) + _quotient(odd_apart, row + column, vanishing))
    r = p @ (x if kinked is None else x + _diagonal(kinked)) @ _h(q)
    inverse = np.where(null, 0, 1 / np.where(null, 1, s))
    if outer_u is not None:
        r = r + (outer_u * _row(inverse)) @ _h(q)
    if outer_v is not None:
        r = r + p @ (_column(inverse) * _h(outer_v))
    return r


def _check_null(words, s, null, vanishing, gradients, parts, scale):
    """Raise unless the gradient between the vectors of singular values that are zero is zero itself."""
    gu, gs, gv = gradients
    odd, *outer = (None if part is None else unwrap(part) for part in parts)
    _check_cancelling((words[0], "zero singular "), odd, scale, vanishing)
    for part in outer:
        if part is not None and np.any(_row(null) & ~_small(part, scale)):
            raise np.linalg.LinAlgError(_MIXED.format(words[0], "zero singular "))
    sizes = _largest(gu, gv, axis=-2)[..., 0, :]
    total = scale[..., 0] / np.maximum(_largest(s, axis=-1), np.finfo(s.dtype).tiny)
    unknown = (sizes > 0) & _small(sizes, scale[..., 0]) & ~_small(sizes, s * total) & (s > 0)
    if gs is not None:
        unknown |= ~_small(gs, _largest(gs, axis=-1))
    if np.any(null & unknown):
        raise np.linalg.LinAlgError(_LIMIT.format(*words))


_svd = differentiable(np.linalg.svd, a=_svd_factors).call
_svd_constant = differentiable(np.linalg.svd).call


@composite(np.linalg.svd)
def svd(a, full_matrices=True, compute_uv=True, hermitian=False):
    if hermitian:
        return _svd_hermitian(a, compute_uv)
    if compute_uv:
        return _svd(a, full_matrices)
    # their derivative needs the vectors; to make them now keeps all that depends on both in one place
    return _svd_constant(a, compute_uv=False) if a.constant else _svd(a, False)[1]


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


# Eigenvalues


def _eigh_factors(g, out):
    """With d = v^H da v: dw = diag(d), dv = v (d_ij / (w_j - w_i)). The gradient belongs to both triangles."""
    (gw, gv), (w, v) = g, out
    p = np.conj(v)
    if gv is None:
        return (p * _row(gw)) @ _t(v)
    turn = _t(v) @ gv
    odd, even = turn - _h(turn), turn + _h(turn)
    words, equal, scale = ("np.linalg.eigh", "eigen"), _equal(unwrap(w)), _largest(unwrap(gv))
    _check_cancelling(words, unwrap(odd), scale, equal)
    _check_known(words, unwrap(gw), unwrap(even), scale, equal)
    x = 0.5 * _quotient(odd, _row(w) - _column(w), equal)
    return p @ (x if gw is None else x + _diagonal(gw)) @ _t(v)


def _eig_factors(g, out):
    """With d = v^-1 da v: dw = diag(d), dv = v (d_ij / (w_j - w_i)), less what would change the length of a vector."""
    (gw, gv), (w, v) = g, out
    plain = unwrap(v)
    inverse = _inverse_vectors(plain, v)
    if gv is None:
        return (_t(inverse) * _row(gw)) @ _t(v)
    turn = _t(v) @ gv
    lengths = np.real(np.diagonal(turn, axis1=-2, axis2=-1))
    turn = turn - _t(v) @ (np.conj(v) * _row(lengths))
    words, scale = ("np.linalg.eig", "eigen"), _largest(unwrap(gv))
    equal = _equal(unwrap(w), _largest(unwrap(inverse)))
    _check_cancelling(words, unwrap(turn), scale, equal)
    _check_known(words, unwrap(gw), None, scale, equal)
    x = _quotient(turn, _row(w) - _column(w), equal)
    return _t(inverse) @ (x if gw is None else x + _diagonal(gw)) @ _t(v)


def _inverse_vectors(plain, v):
    """The inverse of a matrix of eigenvectors; it has none if they are of a defective matrix."""
    try:
        inverse = np.linalg.inv(v)
        if np.all(_largest(unwrap(inverse)) * np.finfo(plain.dtype).eps <= 1e-3):
            return inverse
    except np.linalg.LinAlgError:
        pass
    raise np.linalg.LinAlgError(
        "np.linalg.eig: the matrix is defective, it lacks eigenvectors, so that its eigenvalues have no derivative; "
        "write the function of the matrix without them (np.trace, np.linalg.det, matrix_power ...)."
    )


_eigh = differentiable(np.linalg.eigh, a=_eigh_factors)
_eig = differentiable(np.linalg.eig, a=_eig_factors)
_eigvalsh = differentiable(np.linalg.eigvalsh).call
_eigvals = differentiable(np.linalg.eigvals).call


@composite(np.linalg.eigvalsh)
def eigvalsh(a, UPLO="L"):
    return _eigvalsh(a, UPLO) if a.constant else _eigh.call(a, UPLO)[0]


@composite(np.linalg.eigvals)
def eigvals(a):
    return _eigvals(a) if a.constant else _eig.call(a)[0]
