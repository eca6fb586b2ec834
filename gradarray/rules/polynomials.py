"""Polynomials of numpy.poly1d's kind: coefficients from the highest power down."""

import warnings

import numpy as np

from ..registry import composite, differentiable, unwrap
from .shape import array_of


def _coefficients(p):
    """The coefficients of ``p``, a poly1d or a sequence of them."""
    p = array_of(p.coeffs if isinstance(p, np.poly1d) else p)
    return np.reshape(p, (1,)) if p.ndim == 0 else p


def _as_given(value, *given):
    """``value`` as a poly1d, if one was given."""
    return np.poly1d(value) if any(isinstance(p, np.poly1d) for p in given) else value


def _zeros(n, like):
    return np.zeros(n, like.dtype)


@composite(np.vander)
def vander(x, N=None, increasing=False):
    return _vander(array_of(x), N, increasing)


def _vander_x(g, out, increasing):
    """Sum over k of k x**(k - 1)."""
    if out.shape[1] < 2:
        return np.zeros_like(g, shape=g.shape[:1])
    g, powers = (g, out) if increasing else (np.flip(g, 1), np.flip(out, 1))
    return np.sum(g[:, 1:] * powers[:, :-1] * np.arange(1, g.shape[1]), axis=1)


_vander = differentiable(np.vander, x=_vander_x).call


@composite(np.poly)
def poly(seq_of_zeros):
    zeros = array_of(seq_of_zeros)
    zeros = np.reshape(zeros, (1,)) if zeros.ndim == 0 else zeros
    if zeros.ndim == 2 and zeros.shape[0] == zeros.shape[1] and zeros.size:
        zeros = np.linalg.eigvals(zeros)
    elif zeros.ndim != 1:
        raise ValueError(f"np.poly: the input has shape {zeros.shape}; give zeros, or a square matrix.")
    if not len(zeros):
        return 1.0
    zeros = zeros.astype(np.mintypecode(zeros.dtype.char))
    none = _zeros(1, zeros)
    p = none + 1
    for zero in zeros:
        p = np.concatenate((p, none)) - zero * np.concatenate((none, p))
    if zeros.dtype.kind == "c":
        plain = unwrap(zeros)
        if np.all(np.sort(plain) == np.sort(np.conj(plain))):
            return np.copy(np.real(p))
    return p


def _roots_p(g, p, out):
    """-r**(n - k) / p'(r) for coefficient k: what keeps p(r) at 0."""
    slope = np.polyval(_derivative(p), out)
    multiple = slope == 0
    if np.any(multiple & (g != 0)):
        warnings.warn(
            "np.roots: a multiple root has no derivative with respect to the coefficients; its gradient is nan.",
            RuntimeWarning,
            stacklevel=2,
        )
    g = np.where(multiple & (g != 0), np.nan, g) / np.where(multiple, 1, slope)
    return np.stack(_moments(-g, out, p.shape[0]))


def _derivative(p):
    return p[:-1] * np.arange(p.shape[0] - 1, 0, -1).astype(p.dtype)


def _moments(g, x, n):
    """The sums of ``g`` times the powers of ``x``, from the ``n - 1``-th down to 0."""
    sums = []
    for _ in range(n):
        sums.append(np.sum(g))
        g = g * x
    return sums[::-1]


_roots = differentiable(np.roots, p=_roots_p).call


@composite(np.roots)
def roots(p):
    p = _coefficients(p)
    return _roots(p if p.dtype.kind in "fc" else p.astype(float))


@composite(np.polyint)
def polyint(p, m=1, k=None):
    m = int(m)
    if m < 0:
        raise ValueError(f"np.polyint: m={m}; give 0 or more, or see polyder.")
    constants = _coefficients(np.zeros(m) if k is None else k)
    constants = np.broadcast_to(constants, (m,)) if m > 1 and len(constants) == 1 else constants
    if len(constants) < m:
        raise ValueError(f"np.polyint: k has {len(constants)} constants; give one, or {m}.")
    integral = array_of(p.coeffs if isinstance(p, np.poly1d) else p)
    for i in range(m):
        integral = np.concatenate((integral / np.arange(len(integral), 0, -1), constants[i : i + 1]))
    return _as_given(integral, p)


@composite(np.polyder)
def polyder(p, m=1):
    m = int(m)
    if m < 0:
        raise ValueError(f"np.polyder: m={m}; give 0 or more, or see polyint.")
    derivative = array_of(p.coeffs if isinstance(p, np.poly1d) else p)
    for _ in range(m):
        derivative = derivative[:-1] * np.arange(len(derivative) - 1, 0, -1)
    return _as_given(derivative, p)


@composite(np.polyfit)
def polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    order = int(deg) + 1
    x, y = array_of(x) + 0.0, array_of(y) + 0.0
    if order < 1:
        raise ValueError(f"np.polyfit: deg={deg}; give 0 or more.")
    if x.ndim != 1 or not x.size or y.ndim not in (1, 2) or len(x) != len(y):
        raise TypeError(
            f"np.polyfit: x and y have shapes {x.shape} and {y.shape}; give (m,) and (m,) or (m, k), m not 0."
        )
    rcond = len(x) * np.finfo(x.dtype).eps if rcond is None else rcond
    left, right = np.vander(x, order), y
    if w is not None:
        w = array_of(w) + 0.0
        if w.shape != x.shape:
            raise TypeError(f"np.polyfit: the weights have shape {w.shape}; give {x.shape}.")
        left, right = left * w[:, None], right * (w[:, None] if y.ndim == 2 else w)
    scale = np.sqrt(np.sum(left * left, axis=0))
    left = left / scale
    c, residuals, rank, s = np.linalg.lstsq(left, right, float(rcond))
    c = c / (scale[:, None] if y.ndim == 2 else scale)
    if rank != order and not full:
        warnings.warn("Polyfit may be poorly conditioned", np.exceptions.RankWarning, stacklevel=3)
    if full:
        return c, residuals, rank, s, rcond
    if not cov:
        return c
    base = np.linalg.inv(left.T @ left) / (scale[:, None] * scale)
    if cov != "unscaled":
        if len(x) <= order:
            raise ValueError(f"np.polyfit: {len(x)} points are too few to scale the covariance of {order} terms.")
        factor = residuals / (len(x) - order)
    else:
        factor = 1
    return c, (base if y.ndim == 1 else base[:, :, None]) * factor


_polyval = differentiable(
    np.polyval,
    p=lambda g, p_shape, x: np.stack(_moments(g, x, p_shape[0])),
    x=lambda g, p, x: g * np.polyval(_derivative(p), x),
).call


@composite(np.polyval)
def polyval(p, x):
    p = array_of(p.coeffs if isinstance(p, np.poly1d) else p)
    if isinstance(x, np.poly1d):
        y = 0
    else:
        x = array_of(x)
        if p.ndim == 1 and len(p):
            return _polyval(p, x)
        y = np.zeros_like(x)
    for c in p:
        y = y * x + c
    return y


def _aligned(a1, a2):
    """The coefficients of both, with zeros before the shorter ones."""
    a1, a2 = _coefficients(a1), _coefficients(a2)
    more = len(a2) - len(a1)
    if more > 0:
        a1 = np.concatenate((_zeros(more, a1), a1))
    elif more < 0:
        a2 = np.concatenate((_zeros(-more, a2), a2))
    return a1, a2


@composite(np.polyadd)
def polyadd(a1, a2):
    return _as_given(np.add(*_aligned(a1, a2)), a1, a2)


@composite(np.polysub)
def polysub(a1, a2):
    return _as_given(np.subtract(*_aligned(a1, a2)), a1, a2)


def _leading_zeros(p):
    """How many leading zeros a poly1d of ``p`` leaves out."""
    return int(np.argmax(np.append(unwrap(p)[:-1] != 0, True)))


@composite(np.polymul)
def polymul(a1, a2):
    a, b = _coefficients(a1), _coefficients(a2)
    if a.ndim > 1 or b.ndim > 1:
        raise ValueError("np.polymul: a polynomial must be 1d.")
    # leading zeros take part in what remains, so they are left out of the result only
    return _as_given(np.convolve(a, b)[_leading_zeros(a) + _leading_zeros(b) :], a1, a2)


def _dividend(g, v, out):
    """With u = q v + r, what u takes for what q and r do: l for the coefficients that q decides, r's for the rest.

    r takes q v from u, so q takes g_q - v * g_r, and T l is that, where T q is what q makes of those coefficients.
    """
    n = v.shape[0] - 1
    quotient = out[0]
    none = np.zeros_like(v, shape=n)
    rest = none if g[1] is None or not n else g[1][-n:]
    rest = np.concatenate((none[rest.shape[0] :], rest))
    upper = np.zeros_like(quotient) if g[0] is None else g[0]
    if g[1] is not None and n:
        upper = upper - np.convolve(np.concatenate((np.zeros_like(quotient), rest)), np.flip(v), "valid")
    return np.concatenate((np.flip(np.polydiv(np.concatenate((np.flip(upper), none)), v)[0]), rest))


_polydiv = differentiable(
    np.polydiv,
    u=_dividend,
    v=lambda g, v, out: -np.convolve(np.flip(out[0]), _dividend(g, v, out), "valid"),
).call


@composite(np.polydiv)
def polydiv(u, v):
    dividend, divisor = _coefficients(u) + 0.0, _coefficients(v) + 0.0
    if len(dividend) < len(divisor):  # the remainder is all there is
        dtype = np.result_type(dividend.dtype, divisor.dtype)
        quotient, remainder = np.zeros_like(dividend, dtype, shape=1), _trimmed(dividend.astype(dtype))
    else:
        quotient, remainder = _polydiv(dividend, divisor)
    return _as_given(quotient, u, v), _as_given(remainder, u, v)


def _trimmed(remainder):
    """Without the leading coefficients that NumPy takes for 0."""
    kept = np.append(~np.isclose(unwrap(remainder)[:-1], 0, rtol=1e-14), True)
    return remainder[int(np.argmax(kept)) :]
