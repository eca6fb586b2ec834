"""Products of vectors, matrices and tensors."""

import numpy as np

from ..registry import composite, differentiable, find, into, unbroadcast
from .shape import ravel


def _t(a):
    return np.swapaxes(a, -1, -2)


def _matmul_a(g, a_shape, b):
    if len(a_shape) == 2 and b.ndim == 2:
        return g @ b.T
    if b.ndim == 1:
        return unbroadcast(np.expand_dims(g, -1) * b, a_shape)
    if len(a_shape) == 1:
        g = np.expand_dims(g, -2)
        return unbroadcast(np.squeeze(g @ _t(b), -2), a_shape)
    return unbroadcast(g @ _t(b), a_shape)


def _matmul_b(g, a, b_shape):
    if a.ndim == 2 and len(b_shape) == 2:
        return a.T @ g
    if a.ndim == 1:
        return unbroadcast(np.expand_dims(a, -1) * np.expand_dims(g, -2), b_shape) if len(b_shape) > 1 else g * a
    if len(b_shape) == 1:
        return unbroadcast(np.squeeze(_t(a) @ np.expand_dims(g, -1), -1), b_shape)
    return unbroadcast(_t(a) @ g, b_shape)


differentiable(np.matmul, a=_matmul_a, b=_matmul_b)
differentiable(
    np.vecdot,
    a=lambda g, a_shape, b: unbroadcast(np.conj(np.expand_dims(g, -1) * b), a_shape),
    b=lambda g, a, b_shape: unbroadcast(np.expand_dims(g, -1) * np.conj(a), b_shape),
)


if hasattr(np, "matvec"):  # NumPy 2.2
    differentiable(
        np.matvec,
        a=lambda g, a_shape, b: unbroadcast(np.expand_dims(g, -1) * np.expand_dims(b, -2), a_shape),
        b=lambda g, a, b_shape: unbroadcast(np.squeeze(np.expand_dims(g, -2) @ a, -2), b_shape),
    )
    differentiable(
        np.vecmat,
        a=lambda g, a_shape, b: unbroadcast(np.conj(np.squeeze(b @ np.expand_dims(g, -1), -1)), a_shape),
        b=lambda g, a, b_shape: unbroadcast(np.expand_dims(np.conj(a), -1) * np.expand_dims(g, -2), b_shape),
    )


@composite(np.dot)
def dot(a, b, out=None):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        r = find(np.multiply).call(a, b)
    elif np.ndim(b) <= 2:
        r = find(np.matmul).call(a, b)
    else:
        r = np.tensordot(a, b, axes=(-1, -2))
    return into("np.dot", r, out)


@composite(np.vdot)
def vdot(a, b, /):
    return find(np.matmul).call(np.conj(ravel(a)), ravel(b))


@composite(np.inner)
def inner(a, b, /):
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        return find(np.multiply).call(a, b)
    return np.tensordot(a, b, axes=(-1, -1))


@composite(np.outer)
def outer(a, b, out=None):
    return into("np.outer", find(np.multiply).call(ravel(a)[:, None], ravel(b)[None, :]), out)


@composite(np.tensordot)
def tensordot(a, b, axes=2):
    a, b = (x if hasattr(x, "ndim") else np.asarray(x) for x in (a, b))
    if not hasattr(axes, "__iter__"):
        first, second = list(range(a.ndim - axes, a.ndim)), list(range(axes))
    else:
        first, second = (list(n) if hasattr(n, "__iter__") else [n] for n in axes)
    first = [range(a.ndim)[n] for n in first]
    second = [range(b.ndim)[n] for n in second]
    if [a.shape[n] for n in first] != [b.shape[n] for n in second]:
        raise ValueError(f"np.tensordot: shapes {a.shape} and {b.shape} do not match along axes {axes}.")
    rows = [n for n in range(a.ndim) if n not in first]
    columns = [n for n in range(b.ndim) if n not in second]
    size = int(np.prod([a.shape[n] for n in first]))
    left = np.reshape(np.transpose(a, rows + first), (int(np.prod([a.shape[n] for n in rows])), size))
    right = np.reshape(np.transpose(b, second + columns), (size, int(np.prod([b.shape[n] for n in columns]))))
    product = find(np.matmul).call(left, right)
    return np.reshape(product, [a.shape[n] for n in rows] + [b.shape[n] for n in columns])


def _terms(operands):
    """Subscripts and operands, the ellipsis and implicit output spelled out."""
    if isinstance(operands[0], str):
        subscripts, arrays = operands[0].replace(" ", ""), list(operands[1:])
        terms, arrow, output = subscripts.partition("->")
        inputs = terms.split(",")
    else:
        pairs = len(operands) // 2
        arrays = list(operands[: 2 * pairs : 2])
        inputs = [_letters(labels) for labels in operands[1 : 2 * pairs : 2]]
        arrow, output = ("->", _letters(operands[-1])) if len(operands) % 2 else ("", "")
    if len(inputs) != len(arrays):
        raise ValueError(f"np.einsum: {len(inputs)} terms in the subscripts for {len(arrays)} operands.")
    free = [c for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" if not any(c in t for t in inputs)]
    hidden = [np.ndim(x) - len(t.replace("...", "")) if "..." in t else 0 for t, x in zip(inputs, arrays, strict=True)]
    dots = "".join(free[: max(hidden, default=0)])
    if not arrow:
        letters = "".join(inputs).replace("...", "")
        output = "..." + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    inputs = [t.replace("...", dots[len(dots) - n :]) for t, n in zip(inputs, hidden, strict=True)]
    return inputs, output.replace("...", dots), arrays


def _letters(labels):
    return "".join("..." if n is Ellipsis else chr(ord("A") + n) if n < 26 else chr(ord("a") + n - 26) for n in labels)


def _einsum(g, operands, i, optimize):
    """Swap operand ``i`` and the output; what only it has is spread, what it repeats goes to its diagonal."""
    inputs, output, arrays = _terms(operands)
    place = i if isinstance(operands[0], str) else i // 2
    place -= 1 if isinstance(operands[0], str) else 0
    wanted, shape = inputs[place], np.shape(arrays[place])
    others = [(t, x) for j, (t, x) in enumerate(zip(inputs, arrays, strict=True)) if j != place]
    sizes = dict(zip(wanted, shape, strict=True))
    available = set(output).union(*(t for t, _ in others))
    distinct = "".join(dict.fromkeys(wanted))
    present = "".join(c for c in distinct if c in available)
    subscripts = ",".join([output, *(t for t, _ in others)]) + "->" + present
    r = np.einsum(subscripts, g, *(x for _, x in others), optimize=optimize is not False)
    r = np.reshape(r, [r.shape[present.index(c)] if c in present else 1 for c in distinct])
    r = np.broadcast_to(r, [max(sizes[c], r.shape[k]) if c in present else sizes[c] for k, c in enumerate(distinct)])
    short = tuple(k for k, c in enumerate(distinct) if sizes[c] == 1 and r.shape[k] != 1)
    r = np.sum(r, axis=short, keepdims=True) if short else r
    if len(distinct) == len(wanted):
        return r
    full = np.zeros_like(r, shape=shape)
    places = np.ix_(*(np.arange(sizes[c]) for c in distinct))
    full[tuple(places[distinct.index(c)] for c in wanted)] = r
    return full


differentiable(
    np.einsum,
    "(*operands, out=None, optimize=False, dtype=None, order='K', casting='safe')",
    operands=_einsum,
)
