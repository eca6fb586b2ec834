"""Filters of ``scipy.ndimage``.

What a filter sees beyond the edge is an image that was extended. So the transpose of one is the filter reversed, on the
gradient with zeros around it, and what comes to lie beyond the edge is added to where it was taken from.
"""

import functools
from typing import Any

import numpy as np
from scipy import ndimage

from ..registry import composite, differentiable, dispatched, into, linear, stacked, unwrap

# The modes of SciPy as those of `np.pad`
PADS = {"reflect": "symmetric", "grid-mirror": "symmetric", "mirror": "reflect", "nearest": "edge", "wrap": "wrap"}
PADS |= {"grid-wrap": "wrap", "constant": "constant", "grid-constant": "constant"}


def delivering(fn, body):
    """``body`` of a function that takes a dtype for ``output``; an array there is written into."""
    place = body.__code__.co_varnames.index("output")

    @functools.wraps(body)
    def call(*args: Any, **options: Any) -> Any:
        output: Any = args[place] if len(args) > place else options.get("output")
        if not hasattr(output, "__setitem__"):
            return body(*args, **options)
        if len(args) > place:
            args = (*args[:place], output.dtype.type, *args[place + 1 :])
        else:
            options["output"] = output.dtype.type
        return into(f"scipy.ndimage.{fn.__name__}", body(*args, **options), output)

    return call


def writing(fn):
    """Register ``fn`` as a composite function that takes an ``output``."""
    return lambda body: composite(fn)(delivering(fn, body))


def each(value, count):
    """``value`` for each axis, if it is not given for each already."""
    if isinstance(value, str) or not (isinstance(value, (list, tuple)) or np.ndim(value)):
        return [value] * count
    if len(value) != count:
        raise RuntimeError(f"scipy.ndimage: {len(value)} values for {count} axes.")
    return list(value)


def axes_of(axes, ndim):
    axes = range(ndim) if axes is None else (axes,) if hasattr(axes, "__index__") else axes
    return [range(ndim)[axis] for axis in axes]


def folded(g, axis, before, n, pad):
    """The transpose of extending ``n`` elements along ``axis`` to what ``g`` has, ``before`` of them in front."""
    if g.shape[axis] == n:
        return g
    rows = np.moveaxis(g, axis, 0)
    core = rows[before : before + n]
    if pad != "constant":
        core = np.copy(core)
        source = np.pad(np.arange(n), (before, len(rows) - before - n), pad)
        for part in (slice(before), slice(before + n, None)):
            np.add.at(core, source[part], rows[part])
    return np.moveaxis(core, 0, axis)


def back(fn, g, windows, modes):
    """The transpose of a filter, which ``fn`` does but for the edges. A window is an axis, how far it sees and where.

    That is, how many elements before the one that it is for, and after it.
    """
    shape, widths = g.shape, [(0, 0)] * g.ndim
    for (axis, before, after), mode in zip(windows, modes, strict=True):
        if PADS[mode] != "constant":
            widths[axis] = (before, after)
    g = fn(np.pad(g, widths) if any(map(any, widths)) else g)
    for (axis, before, _), mode in zip(windows, modes, strict=True):
        g = folded(g, axis, before, shape[axis], PADS[mode])
    return g


def window(size, origin, turned=False):
    """How far a window sees before and after its element; ``turned`` as for a convolution."""
    before = size // 2 + origin
    return (size - 1 - before, before) if turned else (before, size - 1 - before)


def extended(x, windows, modes, cval):
    """``x`` and what a filter sees of it beyond the edge."""
    for (axis, before, after), mode in zip(windows, modes, strict=True):
        widths = [(before, after) if k == axis else (0, 0) for k in range(x.ndim)]
        x = padded(x, widths, PADS[mode], cval)
    return x


def padded(x, widths, pad, cval):
    options: Any = {"constant_values": cval} if pad == "constant" else {}
    return np.pad(x, widths, pad, **options)


def inner(a, b):
    """The sum of the products of elements, without a copy of what is not contiguous."""
    if a.ndim == 1:
        return a @ b
    labels = [*range(a.ndim)]
    return np.einsum(a, labels, b, labels, [])


def seen_from(x, start, shape):
    return x[tuple(slice(n, n + m) for n, m in zip(start, shape, strict=True))]


# Filters that are linear. Beyond a constant that is not 0 they are not, and so are registered twice.


def affine(fn, signature, multilinear=False, **vjps):
    """The rule of a filter, by its mode and what it sees beyond the edge."""
    exact = (differentiable if multilinear else linear)(fn, signature, **vjps)
    exact.multilinear = multilinear
    other = differentiable(fn, signature, **vjps)
    return lambda mode, cval: other if cval != 0 and PADS.get(mode) == "constant" else exact


def _register_1d(fn, transposed, turned):
    """A correlation or a convolution along an axis; ``transposed`` is the other of the two."""

    def back_input(g, input_shape, weights, axis, mode, origin):
        weights, axis = np.conj(weights), axis % len(input_shape)
        seen = [(axis, *window(len(weights), origin, turned))]
        return back(lambda g: transposed(g, weights, axis, None, "constant", 0.0, origin), g, seen, [mode])

    def back_weights(g, input, weights_shape, axis, mode, cval, origin):
        (size,), axis = weights_shape, axis % input.ndim
        x = extended(input, [(axis, *window(size, origin, turned))], [mode], cval)
        rows, g = np.moveaxis(x, axis, 0), np.moveaxis(g, axis, 0)
        r = np.stack([inner(g, rows[k : k + len(g)]) for k in range(size)])
        return np.flip(r) if turned else np.conj(r)

    signature = "(input, weights, axis, output, mode, cval, origin)"
    rule = affine(fn, signature, True, input=back_input, weights=back_weights)

    @writing(fn)
    def filtered(input, weights, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
        return rule(mode, cval).call(stacked(input), stacked(weights), axis, output, mode, cval, origin)


correlate1d, convolve1d = dispatched(ndimage.correlate1d), dispatched(ndimage.convolve1d)
_register_1d(ndimage.correlate1d, convolve1d, False)
_register_1d(ndimage.convolve1d, correlate1d, True)


def windows(shape, size, origin, axes, turned=False):
    """The window of each axis that a filter of several sees, and the size of it among all axes."""
    axes = axes_of(axes, len(shape))
    origins = each(origin, len(axes))
    seen = [(k, *window(n, o, turned)) for k, n, o in zip(axes, size, origins, strict=True)]
    return seen, [size[axes.index(k)] if k in axes else 1 for k in range(len(shape))]


def _register_nd(fn, transposed, turned):
    def back_input(g, input_shape, weights, mode, origin, axes):
        weights = np.conj(weights)
        seen, _ = windows(input_shape, weights.shape, origin, axes, turned)
        options = {} if axes is None else {"axes": axes}
        reverse = lambda g: transposed(g, weights, None, "constant", 0.0, origin, **options)  # noqa: E731
        return back(reverse, g, seen, [mode] * len(seen))

    def back_weights(g, input, weights_shape, mode, cval, origin, axes):
        seen, size = windows(input.shape, weights_shape, origin, axes, turned)
        x = extended(input, seen, [mode] * len(seen), cval)
        r = np.stack([inner(g, seen_from(x, start, g.shape)) for start in np.ndindex(*size)])
        r = np.reshape(np.reshape(r, size), [size[k] for k in sorted(axes_of(axes, g.ndim))])
        if axes is not None:
            r = np.transpose(r, np.argsort(np.argsort(axes_of(axes, g.ndim))))
        return np.flip(r) if turned else np.conj(r)

    signature = "(input, weights, output, mode, cval, origin, axes=None)"
    rule = affine(fn, signature, True, input=back_input, weights=back_weights)
    for form in (rule("constant", 0), rule("constant", 1)):
        form.compute = without_none(fn)

    @writing(fn)
    def filtered(input, weights, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
        return rule(mode, cval).call(stacked(input), stacked(weights), output, mode, cval, origin, axes)


def without_none(fn):
    """``fn`` with ``axes`` as its last argument, which before SciPy 1.16 some filters did not take."""
    return lambda *args: fn(*args[:-1]) if args[-1] is None else fn(*args[:-1], axes=args[-1])


correlate, convolve = dispatched(ndimage.correlate), dispatched(ndimage.convolve)
_register_nd(ndimage.correlate, convolve, False)
_register_nd(ndimage.convolve, correlate, True)


def _back_uniform(g, size, axis, mode, origin):
    axis = axis % g.ndim
    turned = size - 1 - size // 2 - origin - size // 2
    reverse = lambda g: uniform_filter1d(g, size, axis, None, "constant", 0.0, turned)  # noqa: E731
    return back(reverse, g, [(axis, *window(size, origin))], [mode])


def _radius(sigma, truncate, radius):
    return int(truncate * sigma + 0.5) if radius is None else radius


def _back_gaussian(g, sigma, axis, order, mode, truncate, radius):
    """The kernel is symmetric, or antisymmetric where the order of the derivative is odd."""
    axis, reach = axis % g.ndim, _radius(float(unwrap(sigma)), truncate, radius)
    reverse = lambda g: gaussian_filter1d(g, sigma, axis, order, None, "constant", 0.0, truncate, radius=reach)  # noqa: E731
    r = back(reverse, g, [(axis, reach, reach)], [mode])
    return -r if order % 2 else r


uniform_filter1d, gaussian_filter1d = dispatched(ndimage.uniform_filter1d), dispatched(ndimage.gaussian_filter1d)
_uniform = affine(ndimage.uniform_filter1d, "(input, size, axis, output, mode, cval, origin)", input=_back_uniform)
_gaussian = affine(
    ndimage.gaussian_filter1d,
    "(input, sigma, axis, order, output, mode, cval, truncate, *, radius)",
    input=_back_gaussian,
)


@writing(ndimage.uniform_filter1d)
def _uniform_filter1d(input, size, axis=-1, output=None, mode="reflect", cval=0.0, origin=0):
    return _uniform(mode, cval).call(stacked(input), size, axis, output, mode, cval, origin)


def _gaussian_weights(sigma, order, reach):
    """The derivative of a normal density of sum 1, (-1/s)^k He_k(x/s) times it, to correlate with."""
    x = np.arange(reach, -reach - 1, -1)
    density = np.exp(-0.5 * x**2 / sigma**2)
    density, u = density / np.sum(density), x / sigma
    before, factor = 0 * u, 0 * u + 1
    for k in range(order):
        before, factor = factor, u * factor - k * before
    return density * factor * (-1 / sigma) ** order


@writing(ndimage.gaussian_filter1d)
def _gaussian_filter1d(
    input, sigma, axis=-1, order=0, output=None, mode="reflect", cval=0.0, truncate=4.0, *, radius=None
):
    input, sigma = stacked(input), stacked(sigma)
    if unwrap(sigma) is sigma:
        return _gaussian(mode, cval).call(input, sigma, axis, order, output, mode, cval, truncate, radius=radius)
    weights = _gaussian_weights(sigma, order, _radius(unwrap(sigma).item(), truncate, radius))
    return correlate1d(input, np.reshape(weights, -1), axis, output, mode, cval)


def dtype_of(output, input):
    return input.dtype.type if output is None else output


@writing(ndimage.uniform_filter)
def uniform_filter(input, size=3, output=None, mode="reflect", cval=0.0, origin=0, *, axes=None):
    axes, r = axes_of(axes, np.ndim(input)), stacked(input)
    output = dtype_of(output, r)
    for axis, n, o, m in zip(axes, *(each(v, len(axes)) for v in (size, origin, mode)), strict=True):
        r = uniform_filter1d(r, int(n), axis, output, m, cval, o) if n > 1 else r
    return of_dtype(r, output)


def of_dtype(x, output):
    return x.astype(output) if x.dtype != output else +x


@writing(ndimage.gaussian_filter)
def gaussian_filter(
    input, sigma, order=0, output=None, mode="reflect", cval=0.0, truncate=4.0, *, radius=None, axes=None
):
    axes, r = axes_of(axes, np.ndim(input)), stacked(input)
    output = dtype_of(output, r)
    options = (each(v, len(axes)) for v in (sigma, order, mode, radius))
    for axis, s, k, m, reach in zip(axes, *options, strict=True):
        r = gaussian_filter1d(r, s, axis, k, output, m, cval, truncate, radius=reach) if s > 1e-15 else r
    return of_dtype(r, output)


def _derivatives(input, output, mode, cval, axes, derivative):
    """What ``derivative`` along each axis gives."""
    axes, input = axes_of(axes, np.ndim(input)), stacked(input)
    modes = each(mode, len(axes))
    if not axes:
        raise ValueError(
            "scipy.ndimage: axes=() on a Tensor leaves nothing to differentiate along; leave the call out."
        )
    return [derivative(input, axis, dtype_of(output, input), m, cval) for axis, m in zip(axes, modes, strict=True)]


def _gaussian_of(sigma, order, axes, options):
    """The derivative of an order along an axis, of an image that is smoothed along ``axes``."""

    def derivative(input, axis, output, mode, cval):
        orders, sigmas = [0] * input.ndim, [0] * input.ndim
        orders[axis] = order
        for k, s in zip(axes_of(axes, input.ndim), each(sigma, len(axes_of(axes, input.ndim))), strict=True):
            sigmas[k] = s
        return gaussian_filter(input, sigmas, orders, output, mode, cval, **options)

    return derivative


@writing(ndimage.laplace)
def laplace(input, output=None, mode="reflect", cval=0.0, *, axes=None):
    second = lambda x, axis, *rest: correlate1d(x, [1, -2, 1], axis, *rest)  # noqa: E731
    return sum(_derivatives(input, output, mode, cval, axes, second))


@writing(ndimage.gaussian_laplace)
def gaussian_laplace(input, sigma, output=None, mode="reflect", cval=0.0, *, axes=None, **kwargs):
    return sum(_derivatives(input, output, mode, cval, axes, _gaussian_of(sigma, 2, axes, kwargs)))


@writing(ndimage.gaussian_gradient_magnitude)
def gaussian_gradient_magnitude(input, sigma, output=None, mode="reflect", cval=0.0, *, axes=None, **kwargs):
    squares = sum(d * d for d in _derivatives(input, output, mode, cval, axes, _gaussian_of(sigma, 1, None, kwargs)))
    return np.where(squares == 0, 0, np.sqrt(np.where(squares == 0, 1, squares))).astype(squares.dtype)


for _fn, _weights in ((ndimage.sobel, [1, 2, 1]), (ndimage.prewitt, [1, 1, 1])):

    @writing(_fn)
    def _gradient(input, axis=-1, output=None, mode="reflect", cval=0.0, _weights=_weights):
        r = stacked(input)
        modes, axis, output = each(mode, r.ndim), range(r.ndim)[axis], dtype_of(output, r)
        r = correlate1d(r, [-1, 0, 1], axis, output, modes[axis], cval)
        for k in range(r.ndim):
            r = correlate1d(r, _weights, k, output, modes[k], cval) if k != axis else r
        return r
