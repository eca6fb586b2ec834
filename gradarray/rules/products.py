"""Products of vectors, matrices and tensors."""

import functools

import numpy as np

from ..registry import composite, constant, differentiable, find, into, linear, multiplied, ufunc_methods, unbroadcast
from .shape import array_of, ravel


def _t(a):
    return np.swapaxes(a, -1, -2)


def _conj(a):
    """The conjugate, without a copy of real numbers."""
    return np.conj(a) if a.dtype.kind == "c" else a


def _h(a):
    return _conj(_t(a))


def _sym(a):
    """The Hermitian part of a matrix."""
    return 0.5 * (a + _h(a))


def _matmul_a(g, b):
    """g @ b.T; that ``a`` was a vector shows in the result's having an axis less."""
    if g.ndim == 2 == b.ndim:
        return multiplied(g, b.T)
    if b.ndim == 1:
        return np.expand_dims(g, -1) * b
    if g.ndim < b.ndim:
        return np.squeeze(np.expand_dims(g, -2) @ _t(b), -2)
    return g @ _t(b)


def _matmul_b(g, a):
    """a.T @ g; that ``b`` was a vector shows in the result's having an axis less."""
    if g.ndim == 2 == a.ndim:
        return multiplied(a.T, g)
    if a.ndim == 1:
        return np.expand_dims(a, -1) * np.expand_dims(g, -2) if g.ndim else g * a
    if g.ndim < a.ndim:
        return np.squeeze(_t(a) @ np.expand_dims(g, -1), -1)
    return _t(a) @ g


_products = [differentiable(np.matmul, a=_matmul_a, b=_matmul_b)]
_products[0].broadcasts = True
_products += [
    differentiable(
        np.vecdot,
        a=lambda g, a_shape, b: unbroadcast(np.conj(np.expand_dims(g, -1) * b), a_shape),
        b=lambda g, a, b_shape: unbroadcast(np.expand_dims(g, -1) * np.conj(a), b_shape),
    )
]


if hasattr(np, "matvec"):  # NumPy 2.2
    _products += [
        differentiable(
            np.matvec,
            a=lambda g, a_shape, b: unbroadcast(np.expand_dims(g, -1) * np.expand_dims(b, -2), a_shape),
            b=lambda g, a, b_shape: unbroadcast(np.squeeze(np.expand_dims(g, -2) @ a, -2), b_shape),
        ),
        differentiable(
            np.vecmat,
            a=lambda g, a_shape, b: unbroadcast(np.conj(np.squeeze(b @ np.expand_dims(g, -1), -1)), a_shape),
            b=lambda g, a, b_shape: unbroadcast(np.expand_dims(np.conj(a), -1) * np.expand_dims(g, -2), b_shape),
        ),
    ]


# Where the core axes of each input of a generalized ufunc are to be, and of its result, if axes= does not say.
_CORE = {np.matmul: (2, 2, 2), np.vecdot: (1, 1, 0)}
if hasattr(np, "matvec"):
    _CORE |= {np.matvec: (2, 1, 1), np.vecmat: (1, 2, 1)}


def _on_axes(ufunc):
    """``ufunc`` with the options that name axes: these are moved to where it expects them, and back in the result."""
    name = f"np.{ufunc.__name__}"
    core = _CORE[ufunc]

    def call(*inputs, axes=None, axis=None, keepdims=False, out=None, **options):
        if (axis is not None or keepdims) and core != (1, 1, 0):
            raise TypeError(f"{name}: axis= and keepdims= are for products of vectors that give a number; use axes=.")
        if axis is not None:
            if axes is not None:
                raise TypeError(f"{name}: axis= and axes= exclude each other.")
            axes = [axis, axis, axis if keepdims else ()]
        arrays = [array_of(x) for x in inputs]
        if axes is None:
            axes = [(-1,), (-1,), (-1,) if keepdims else ()]
        axes = [(n,) if hasattr(n, "__index__") else tuple(n) for n in axes]
        if len(axes) == len(arrays) and not core[-1]:
            axes.append((-1,) if keepdims else ())
        wanted = [min(n, x.ndim) for n, x in zip(core, arrays, strict=False)]
        wanted.append(sum(wanted) - 2 if ufunc is np.matmul else core[-1] + bool(keepdims))
        if [len(n) for n in axes] != wanted:
            raise ValueError(f"{name}: axes= must name {wanted[0]}, {wanted[1]} and {wanted[2]} axes.")
        arrays = [np.moveaxis(x, n, range(-len(n), 0)) for x, n in zip(arrays, axes, strict=False)]
        r = ufunc(*arrays, **options)
        r = r[..., None] if keepdims else r
        r = np.moveaxis(r, range(-len(axes[-1]), 0), axes[-1]) if axes[-1] else r
        return into(name, r, out[0] if type(out) is tuple else out)

    return call


for ufunc in _CORE:
    ufunc_methods[ufunc, "__call__"] = _on_axes(ufunc)


@composite(np.dot)
def dot(a, b, out=None):
    a, b = array_of(a), array_of(b)
    if a.ndim == 0 or b.ndim == 0:
        r = find(np.multiply).call(a, b)
    elif b.ndim <= 2:
        r = find(np.matmul).call(a, b)
    else:
        r = np.tensordot(a, b, axes=(-1, -2))
    return into("np.dot", r, out)


@composite(np.vdot)
def vdot(a, b, /):
    return find(np.matmul).call(np.conj(ravel(array_of(a))), ravel(array_of(b)))


@composite(np.inner)
def inner(a, b, /):
    a, b = array_of(a), array_of(b)
    if a.ndim == 0 or b.ndim == 0:
        return find(np.multiply).call(a, b)
    return np.tensordot(a, b, axes=(-1, -1))


@composite(np.outer)
def outer(a, b, out=None):
    r = find(np.multiply).call(ravel(array_of(a))[:, None], ravel(array_of(b))[None, :])
    return into("np.outer", r, out)


@composite(np.kron)
def kron(a, b):
    a, b = array_of(a), array_of(b)
    n = max(a.ndim, b.ndim)
    first, second = ((1,) * (n - x.ndim) + x.shape for x in (a, b))
    a = np.reshape(a, [m for size in first for m in (size, 1)])
    b = np.reshape(b, [m for size in second for m in (1, size)])
    return np.reshape(find(np.multiply).call(a, b), [k * m for k, m in zip(first, second, strict=True)])


def _in_space(x, axis):
    """Vectors along ``axis`` as vectors of three components along the last."""
    x = np.moveaxis(x, axis, -1)
    return x if x.shape[-1] == 3 else np.concatenate((x, np.zeros_like(x[..., :1])), axis=-1)


def _cross(g, shape, other, axis, others_axis, axisc, sign):
    """The derivative of a x b for a is b x g, for b it is g x a."""
    flat = shape[axis] == other.shape[others_axis] == 2
    g = g[..., None] * np.array([0, 0, 1], dtype=g.real.dtype) if flat else np.moveaxis(g, axisc, -1)
    r = np.cross(_in_space(other, others_axis), g)[..., : shape[axis]]
    axis = axis % len(shape)
    return np.moveaxis(sign * unbroadcast(r, (*shape[:axis], *shape[axis + 1 :], shape[axis])), -1, axis)


_crossed = differentiable(
    np.cross,
    "(a, b, axisa=-1, axisb=-1, axisc=-1)",
    a=lambda g, a_shape, b, axisa, axisb, axisc: _cross(g, a_shape, b, axisa, axisb, axisc, 1),
    b=lambda g, a, b_shape, axisa, axisb, axisc: _cross(g, b_shape, a, axisb, axisa, axisc, -1),
)


@composite(np.cross)
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    if axis is not None:
        axisa = axisb = axisc = axis
    return _crossed.call(array_of(a), array_of(b), axisa, axisb, axisc)


def _convolve(g, shape, other):
    """A convolution with ``other`` reversed: of all of ``g``, or of only what overlaps wholly.

    What the length of ``g`` is says which mode it came from; of mode "same" the rest is 0.
    """
    n, m = shape[0] if shape else 1, other.shape[0] if other.ndim else 1
    least, most = min(n, m), max(n, m)
    reverse = other[::-1] if other.ndim else other
    if g.shape[0] == most - least + 1:
        r = np.convolve(g, reverse, "full" if n >= m else "valid")
    else:
        if g.shape[0] == most and least > 1:
            start = (least - 1) // 2
            before, after = (np.zeros_like(g, shape=k) for k in (start, least - 1 - start))
            g = np.concatenate((before, g, after))
        r = np.convolve(g, reverse, "valid")
    return np.reshape(r, shape)


_convolved = differentiable(
    np.convolve, a=lambda g, a_shape, v: _convolve(g, a_shape, v), v=lambda g, a, v_shape: _convolve(g, v_shape, a)
)


@composite(np.convolve)
def convolve(a, v, mode="full"):
    return _convolved.call(array_of(a), array_of(v), mode)


@composite(np.correlate)
def correlate(a, v, mode="valid"):
    a, v = array_of(a), array_of(v)
    if a.ndim != 1 or v.ndim != 1:
        raise ValueError(f"np.correlate: the inputs must have 1 dimension, they have {a.ndim} and {v.ndim}.")
    if len(v) > len(a):
        return _conjugate(_convolved.call(v, _conjugate(a)[::-1], mode))[::-1]
    return _convolved.call(a, _conjugate(v)[::-1], mode)


def _conjugate(x):
    return np.conj(x) if x.dtype.kind == "c" else x


@composite(np.tensordot)
def tensordot(a, b, axes=2):
    a, b = array_of(a), array_of(b)
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


# einsum: the subscripts are looked at once, and tell of any operand what its gradient is the einsum of.

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _written(operands):
    """Subscripts as one string, and the operands."""
    if isinstance(operands[0], str):
        return operands[0].replace(" ", ""), [array_of(x) for x in operands[1:]]
    pairs = len(operands) // 2
    subscripts = ",".join(_letters(labels) for labels in operands[1 : 2 * pairs : 2])
    if len(operands) % 2:
        subscripts += "->" + _letters(operands[-1])
    return subscripts, [array_of(x) for x in operands[: 2 * pairs : 2]]


def _letters(labels):
    return "".join("..." if n is Ellipsis else _LETTERS[n] for n in labels)


@functools.lru_cache
def _terms(subscripts, ndims):
    """The terms of the inputs and of the output, the ellipsis and implicit output spelled out."""
    terms, arrow, output = subscripts.partition("->")
    inputs = terms.split(",")
    if len(inputs) != len(ndims):
        raise ValueError(f"np.einsum: {len(inputs)} terms in the subscripts for {len(ndims)} operands.")
    hidden = [n - len(t.replace("...", "")) if "..." in t else 0 for t, n in zip(inputs, ndims, strict=True)]
    free = [c for c in _LETTERS if c not in subscripts]
    dots = "".join(free[: max(hidden)])
    if not arrow:
        letters = terms.replace("...", "").replace(",", "")
        output = "..." + "".join(sorted(c for c in set(letters) if letters.count(c) == 1))
    inputs = [t.replace("...", dots[len(dots) - n :]) for t, n in zip(inputs, hidden, strict=True)]
    return inputs, output.replace("...", dots)


@functools.lru_cache
def _swapped(subscripts, ndims, place):
    """The subscripts with operand ``place`` and the output swapped, its term, the labels in that and those left."""
    inputs, output = _terms(subscripts, ndims)
    wanted = inputs[place]
    others = [t for j, t in enumerate(inputs) if j != place]
    distinct = "".join(dict.fromkeys(wanted))
    present = "".join(c for c in distinct if c in set(output).union(*others))
    return ",".join([output, *others]) + "->" + present, wanted, distinct, present


def _einsum(g, subscripts, optimize, place, shapes, others):
    """Swap operand ``place`` and the output; what only it has is spread, what it repeats goes to its diagonal."""
    swapped, wanted, distinct, present = _swapped(subscripts, tuple(map(len, shapes)), place)
    shape = shapes[place]
    r = np.einsum(swapped, g, *others, optimize=optimize is not False)
    if r.shape == shape and present == wanted:
        return r
    sizes = dict(zip(wanted, shape, strict=True))
    r = np.reshape(r, [r.shape[present.index(c)] if c in present else 1 for c in distinct])
    r = np.broadcast_to(r, [max(sizes[c], r.shape[k]) if c in present else sizes[c] for k, c in enumerate(distinct)])
    short = tuple(k for k, c in enumerate(distinct) if sizes[c] == 1 and r.shape[k] != 1)
    r = np.sum(r, axis=short, keepdims=True) if short else r
    return r if len(distinct) == len(wanted) else _on_diagonal(r, distinct, wanted, shape)


def _on_diagonal(r, distinct, wanted, shape):
    """``r`` with the axes ``distinct`` where labels agree in an array of zeros, whose labels ``wanted`` repeat."""
    full = np.zeros_like(r, shape=shape)
    places = np.ix_(*map(np.arange, r.shape))
    full[tuple(places[distinct.index(c)] for c in wanted)] = r
    return full


_OPTIONS = "optimize=False, dtype=None, order='K', casting='safe'"
_shown = linear(
    np.einsum,
    "(a, labels, output)",
    a=lambda g, a_shape, labels, output: _on_diagonal(g, output, labels, a_shape),
).call
_of_one = linear(
    np.einsum,
    f"(subscripts, a, *, {_OPTIONS})",
    a=lambda g, subscripts, a_shape, optimize: _einsum(g, subscripts, optimize, 0, [a_shape], []),
).call
_of_two = differentiable(
    np.einsum,
    f"(subscripts, a, b, *, {_OPTIONS})",
    a=lambda g, subscripts, a_shape, b, optimize: _einsum(g, subscripts, optimize, 0, [a_shape, b.shape], [b]),
    b=lambda g, subscripts, a, b_shape, optimize: _einsum(g, subscripts, optimize, 1, [a.shape, b_shape], [a]),
)
_of_more = differentiable(
    np.einsum,
    f"(*operands, {_OPTIONS})",
    operands=lambda g, operands, i, optimize: _einsum(
        g, operands[0], optimize, i - 1, [x.shape for x in operands[1:]], [*operands[1:i], *operands[i + 1 :]]
    ),
)


@functools.lru_cache
def _rearranged(subscripts, ndim):
    """The labels of a lone operand and of the output as numbers, if nothing is summed."""
    (labels,), output = _terms(subscripts, (ndim,))
    return set(labels) == set(output) and [tuple(map(_LETTERS.index, term)) for term in (labels, output)]


def _contract(subscripts, arrays, **options):
    """One einsum. A lone operand of which nothing is summed is shown as a view, as in NumPy, whatever the options."""
    if len(arrays) == 1 and (labels := _rearranged(subscripts, arrays[0].ndim)):
        return _shown(arrays[0], *labels)
    return (_of_more.call if len(arrays) > 2 else _of_two.call if len(arrays) == 2 else _of_one)(
        subscripts, *arrays, **options
    )


def _contract_along(path, subscripts, arrays, **options):
    """The einsums of a path one after the other, so that each is differentiated by itself."""
    terms, output = _terms(subscripts, tuple(x.ndim for x in arrays))
    terms, arrays = list(terms), list(arrays)
    for places in path:
        taken = [(terms.pop(i), arrays.pop(i)) for i in sorted(places, reverse=True)]
        now = [t for t, _ in taken]
        result = "".join(dict.fromkeys(c for c in "".join(now) if c in set(output).union(*terms))) if terms else output
        arrays.append(_contract(f"{','.join(now)}->{result}", [x for _, x in taken], **options))
        terms.append(result)
    return arrays[0]


@composite(np.einsum)
def einsum(*operands, out=None, optimize=False, **kwargs):
    if unknown := kwargs.keys() - {"dtype", "order", "casting"}:
        raise TypeError(f"np.einsum: there is no option {min(unknown)!r}.")
    subscripts, arrays = _written(operands)
    if optimize is False or len(arrays) < 3:
        r = _contract(subscripts, arrays, optimize=optimize, **kwargs)
    else:
        path = np.einsum_path(subscripts, *arrays, optimize=optimize)[0][1:]
        r = _contract_along(path, subscripts, arrays, optimize=True, **kwargs)
    casting = kwargs.get("casting", "safe")
    if out is not None and not np.can_cast(r.dtype, out.dtype, casting):
        raise TypeError(f"np.einsum: cannot cast the result of {r.dtype} to out= of {out.dtype} by {casting!r}.")
    return into("np.einsum", r, out)


constant(np.einsum_path)

for _rule in (*_products, _crossed, _convolved, _of_two, _of_more):
    _rule.multilinear = True
