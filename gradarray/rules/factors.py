"""What the rules of factorizations have in common: the basis of the factors, and what is arbitrary in them.

A factor that is arbitrary, by a phase or within the space of a repeated value, must cancel in what is made of it; where
it does not, a `LinAlgError` says so. Where it does, the gradients of values and vectors leave one thing open: what lies
between the vectors of a repeated value. It is found from how these gradients change with the vectors.
"""

import warnings

import numpy as np

from ..registry import Undetermined, differentiable, partials, unwrap
from ..sites import user_level
from .products import _h


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


def _apart(equal):
    return equal & ~np.eye(equal.shape[-1], dtype=bool)


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
_SECOND = (
    "{}: there are repeated {}values, and the second derivative of what combines these with their vectors is not "
    "known; write the function of the matrix without them, or separate the values by a small perturbation."
)
_UNKNOWN = (
    "{}: there are repeated {}values, and how their vectors change in this direction, or in several at once, is not "
    "known; their tangents are nan."
)


def _check_cancelling(words, skew, scale, equal):
    """Raise unless ``skew``, the gradient along rotations among vectors of ``equal`` values, is zero."""
    wrong = equal & ~_small(skew, scale)
    if np.any(wrong):
        same = np.any(wrong & ~np.eye(skew.shape[-1], dtype=bool))
        raise np.linalg.LinAlgError((_MIXED if same else _PHASE).format(*words))


def _between(words, gw, out, turn, equal):
    """The gradient x between vectors of ``equal`` values, where what the vectors turn is not all of it.

    For v f(w) v^H it is f'(w) s, a limit 0 / 0 in terms of the gradient of v. But gw, its diagonal, is that for any
    choice of the vectors: the sum of k gw[k] changes along rotations among them by x times differences of k.
    """
    pairs = _apart(equal)
    if gw is None or not np.any(pairs):
        return 0
    changes, k = _changes(words, gw, out)
    odd = turn(changes)
    return 0 if odd is None else _last(_quotient(odd, _row(k) - _column(k), ~pairs), out[1], words)


def _changes(words, gw, out):
    """How the sum of k gw[k] changes with each of the outputs, and k."""
    k = np.arange(1, gw.shape[-1] + 1, dtype=np.finfo(gw.dtype).dtype)
    try:
        return partials(np.sum(np.real(gw) * k), out), k
    except Undetermined:
        raise Undetermined(_LIMIT.format(*words)) from None


def _of_limit(x, v, words):
    """``x``, which is right where the values are equal, but not beside."""
    return x.copy()


def _no_second(g, words):
    raise np.linalg.LinAlgError(_SECOND.format(*words))


_last = differentiable(_of_limit, x=lambda g: g, v=_no_second).call


def _settle(d, equal, turn):
    """Turn the vectors of ``equal`` values, in place, to those that a change ``d`` in their basis leads to; whether so.

    ``turn`` is given the place in a stack, and the places of such vectors. Tensors stay as they are.
    """
    plain = unwrap(d)
    if plain is not d or not np.any(plain[np.broadcast_to(_apart(equal), plain.shape)]):
        return False
    for at in np.ndindex(plain.shape[:-2]):
        for group in {tuple(np.flatnonzero(row)) for row in equal[at] if np.sum(row) > 1}:
            turn(at, list(group))
    return True


def _turns(words, d, gaps, equal, size):
    """How the vectors turn for a change ``d`` in their basis: by nan, with a warning, where that is not known.

    The largest in ``d`` and what else there is has this ``size``.
    """
    x, plain = _quotient(d, gaps, equal), unwrap(d)
    unknown = _apart(equal) & (np.abs(plain) > 100 * plain.shape[-1] * np.finfo(plain.dtype).eps * size)
    if not np.any(unknown):
        return x
    warnings.warn(_UNKNOWN.format(*words), RuntimeWarning, user_level())
    return np.where(unknown, np.nan, x)


def repeats(out):
    """Whether there are repeated values among those that come with vectors."""
    return bool(np.any(_apart(_equal(unwrap(out[0])))))


def _completed(words, p, g, k):
    """The first ``k`` columns, and their gradient; to it that of the others, which span the complement, is added."""
    if g is None or p.shape[-1] == k:
        return p[..., :k], g
    first, rest = p[..., :k], p[..., k:]
    turned = unwrap(_h(rest) @ g[..., k:])
    _check_cancelling(words, turned - _h(turned), _largest(unwrap(g)), np.ones(turned.shape[-2:], bool))
    return first, g[..., :k] - rest @ (_h(g[..., k:]) @ first)


def _with_rest(change, first, rest):
    """The change of all columns, from that of the first: the others keep to what these do not span."""
    return np.concatenate((change, -first @ (_h(change) @ rest)), axis=-1) if rest.shape[-1] else change
