"""Functions of ``scipy.signal`` that end in compiled code; the others run as they are written, on Tensors."""

import math

import numpy as np
from scipy import ndimage, signal

from ..registry import composite, differentiable, dispatched, linear, stacked, unbroadcast
from . import scipy_signal_convolutions
from .scipy_ndimage_filters import inner

__all__ = ["scipy_signal_convolutions"]

correlate1d = dispatched(ndimage.correlate1d)
detrend = dispatched(signal.detrend)
lfilter = dispatched(signal.lfilter)
upfirdn = dispatched(signal.upfirdn)


# Recursive filters. With a * y = b * x + a[0] zi, which goes on past the end as a[0] zf, the adjoint m solves the
# recursion backwards: a[0] m[n] = g[n] - sum a[k] m[n + k], from the gradient of zf past the end.


def _at(x, axis, *slices):
    return x[(slice(None),) * (axis % x.ndim) + (slice(*slices),)]


def _adjoint(g, a, x_shape, axis, zi):
    """That adjoint, as long as the signal and, where there is a state at its end, the state."""
    a = np.atleast_1d(a)
    if zi is None:
        return np.flip(lfilter(np.ones(1, g.dtype), a, np.flip(g, axis), axis), axis)
    g, state = g
    some = g if state is None else state
    axis = axis % some.ndim
    g = np.zeros_like(some, shape=x_shape) if g is None else g
    if state is None:
        state = np.zeros_like(g, shape=zi)
    past, order = state / a[0], len(a) - 1
    start = [-sum(a[k] * _at(past, axis, k - i - 1, k - i) for k in range(i + 1, order + 1)) for i in range(order)]
    one = np.ones(1, g.dtype)
    if order:
        start = np.concatenate(start, axis) / a[0]
        m = lfilter(one, a, np.flip(g, axis), axis, start)[0]
    else:
        m = lfilter(one, a, np.flip(g, axis), axis)
    return np.concatenate((np.flip(m, axis), past), axis)


def _state_shape(b, a, x_shape, axis, zi):
    """The shape of the state at the end; None if it is not asked for."""
    shape = [*x_shape]
    shape[axis] = max(np.size(b), np.size(a)) - 1
    return None if zi is None else shape


def _lags(m, x, count, axis):
    """The sums of ``m[n + k] x[n]`` for k from 0."""
    n = x.shape[axis]
    parts = [_at(m, axis, k, k + n) for k in range(count)]
    return np.stack([inner(part, _at(x, axis, part.shape[axis])) for part in parts])


def _numerator(g, b, a, x, axis, zi):
    m = _adjoint(g, a, x.shape, axis, _state_shape(b, a, x.shape, axis, zi))
    return np.reshape(_lags(m, x, np.size(b), axis), np.shape(b))


def _denominator(g, b, a, x_shape, axis, zi, out):
    m = _adjoint(g, a, x_shape, axis, _state_shape(b, a, x_shape, axis, zi))
    if zi is None:
        return np.reshape(-_lags(m, out, np.size(a), axis), np.shape(a))
    y, end = out
    whole = np.concatenate((y, end), axis)
    n = np.shape(zi)[axis]
    first = inner(m, whole) - np.sum(_at(m, axis, n) * zi)
    rest = _lags(m, y, np.size(a), axis)[1:]
    return np.reshape(-np.concatenate((np.reshape(first, (1,)), rest)), np.shape(a))


def _signal(g, b, a, x_shape, axis, zi):
    """Without a state it is the filter itself, backwards."""
    if zi is None:
        return np.flip(lfilter(b, a, np.flip(g, axis), axis), axis)
    m = _adjoint(g, a, x_shape, axis, _state_shape(b, a, x_shape, axis, zi))
    m = np.flip(lfilter(b, np.ones(1, m.dtype), np.flip(m, axis), axis), axis)
    return _at(m, axis, x_shape[axis])


def _start(g, b, a, x_shape, axis, zi_shape):
    m = _adjoint(g, a, x_shape, axis, _state_shape(b, a, x_shape, axis, zi_shape))
    return unbroadcast(np.atleast_1d(a)[0] * _at(m, axis, zi_shape[axis]), zi_shape)


_SIGNATURE = "(b, a, x, axis=-1, zi=None)"
_lfilter = differentiable(signal.lfilter, _SIGNATURE, b=_numerator, a=_denominator, x=_signal, zi=_start)


@composite(signal.lfilter)
def _lfilter_of_lists(b, a, x, axis=-1, zi=None):
    return _lfilter.call(stacked(b), stacked(a), stacked(x), axis, stacked(zi))


@composite(signal.lfilter_zi)
def lfilter_zi(b, a):
    """The state of a filter that has seen ones for ever."""
    b, a = (np.atleast_1d(stacked(x)) for x in (b, a))
    if b.ndim != 1 or a.ndim != 1:
        raise ValueError(f"lfilter_zi: b has {b.ndim} dimensions and a {a.ndim}; give vectors.")
    while len(a) > 1 and a[0] == 0:
        a = a[1:]
    n = max(len(a), len(b))
    b, a = b / a[0], a / a[0]
    b, a = (np.concatenate((x, np.zeros(n - len(x), x.dtype))) for x in (b, a))
    each = b - a * (np.sum(b) / np.sum(a))
    return np.flip(np.cumsum(np.flip(each[1:])))


@composite(signal.sosfilt)
def sosfilt(sos, x, axis=-1, zi=None):
    sos, x, zi = stacked(sos), np.atleast_1d(stacked(x)), stacked(zi)
    sos = np.copy(np.atleast_2d(sos))  # SciPy takes no array that a graph guards
    if sos.ndim != 2 or sos.shape[1] != 6 or not np.all(sos[:, 3] == 1):
        raise ValueError(f"sosfilt: sos has shape {sos.shape}; give (sections, 6), with ones in its column 3.")
    shape = [len(sos), *x.shape]
    shape[axis % x.ndim + 1] = 2
    if zi is not None and list(np.shape(zi)) != shape:
        raise ValueError(f"sosfilt: zi has shape {np.shape(zi)}; give {tuple(shape)}.")
    ends = []
    for k in range(len(sos)):
        x = lfilter(sos[k, :3], sos[k, 3:], x, axis, None if zi is None else zi[k])
        if zi is not None:
            x, end = x
            ends.append(end)
    return x if zi is None else (x, np.stack(ends))


def _back_savgol(g, window_length, polyorder, deriv, delta, axis):
    """Inside, a convolution; within half a window of either end, what the polynomial fitted there gives."""
    options, half = (window_length, polyorder, deriv, delta), window_length // 2
    ends = signal.savgol_filter(np.eye(window_length), *options, axis=0)
    rows = np.moveaxis(g, axis, 0)
    n, rest = len(rows), [(0, 0)] * (g.ndim - 1)
    inner = np.pad(rows[half : n - half], [(half, half), *rest])
    low = np.tensordot(ends[:half].T, rows[:half], 1)
    high = np.tensordot(ends[window_length - half :].T, rows[n - half :], 1)
    r = correlate1d(inner, signal.savgol_coeffs(*options[:2], deriv=deriv, delta=delta), 0, None, "constant")
    beyond = (0, n - window_length)
    return np.moveaxis(r + np.pad(low, [beyond, *rest]) + np.pad(high, [beyond[::-1], *rest]), 0, axis)


_savgol = linear(signal.savgol_filter, "(x, window_length, polyorder, deriv, delta, axis)", x=_back_savgol)


@composite(signal.savgol_filter)
def savgol_filter(x, window_length, polyorder, deriv=0, delta=1.0, axis=-1, mode="interp", cval=0.0):
    x = stacked(x)
    x = x if x.dtype in ("f4", "f8") else x.astype(np.float64)
    if mode == "interp":
        return _savgol.call(x, window_length, polyorder, deriv, delta, axis)
    if mode not in ("mirror", "constant", "nearest", "wrap"):
        raise ValueError(f"savgol_filter: there is no mode {mode!r}.")
    weights = signal.savgol_coeffs(window_length, polyorder, deriv=deriv, delta=delta)
    return dispatched(ndimage.convolve1d)(x, weights, axis, None, mode, cval)


_detrend = linear(signal.detrend, "(data, axis, form, bp)", data=lambda g, axis, form, bp: detrend(g, axis, form, bp))
_detrend.compute = lambda data, axis, form, bp: signal.detrend(data, axis, form, bp)


@composite(signal.detrend)
def _detrend_of(data, axis=-1, type="linear", bp=0, overwrite_data=False):
    """A projection at right angles, and so its own transpose."""
    return _detrend.call(data, axis, type, bp)


# Changes of the rate


def _rate_x(g, h, x_shape, up, down, axis):
    """The sums over m of ``h[m * down - j * up] g[m]``: with the rates exchanged and ``h`` reversed."""
    h = np.concatenate((h, np.zeros_like(h, shape=-(len(h) - 1) % up)))
    first, n = (len(h) - 1) // up, x_shape[axis]
    r = _at(upfirdn(np.flip(h), g, down, up, axis), axis, first, first + n)
    short = n - r.shape[axis]
    return np.pad(r, [(0, short * (k == axis % r.ndim)) for k in range(r.ndim)]) if short else r


def _rate_h(g, h_shape, x, up, down, axis):
    """The sums over m and j with ``m * down - j * up = k`` of ``g[m] x[j]``."""
    g, x = np.moveaxis(g, axis, -1), np.moveaxis(x, axis, -1)
    common = math.gcd(up, down)
    sums = []
    for k in range(h_shape[0]):
        first = next((m for m in range(-(-k // down), -(-k // down) + up) if (m * down - k) % up == 0), None)
        if first is None:
            sums.append(np.zeros_like(g, shape=()))
            continue
        a = g[..., first :: up // common]
        b = x[..., (first * down - k) // up :: down // common]
        n = min(a.shape[-1], b.shape[-1])
        sums.append(inner(a[..., :n], b[..., :n]))
    return np.stack(sums)


_upfirdn = differentiable(
    signal.upfirdn,
    "(h, x, up, down, axis)",
    h=lambda g, h_shape, x, up, down, axis: _rate_h(g, h_shape, x, up, down, axis),
    x=lambda g, h, x_shape, up, down, axis: _rate_x(g, h, x_shape, up, down, axis),
)
_upfirdn.multilinear = True


def _line(x, before, after, first, last):
    """Rows ``x`` with straight lines before and after, of those slopes."""
    low = x[:1] + np.reshape(np.arange(-before, 0), (-1, *(1,) * (x.ndim - 1))) * first
    high = x[-1:] + np.reshape(np.arange(1, after + 1), (-1, *(1,) * (x.ndim - 1))) * last
    return np.concatenate((low.astype(x.dtype), x, high.astype(x.dtype)))


def _extended(x, before, after, mode, cval):
    """Rows ``x``, and what there is beyond them in one of the modes of `scipy.signal.upfirdn`."""
    n = len(x)
    widths = [(before, after), *((0, 0),) * (x.ndim - 1)]
    if mode == "constant":
        return np.pad(x, widths, constant_values=cval)
    if mode == "line":
        slope = (x[-1:] - x[:1]) / max(n - 1, 1)
        return _line(x, before, after, slope, slope)
    if mode == "smooth":
        return _line(x, before, after, x[1:2] - x[:1], x[-1:] - x[-2:-1]) if n > 1 else np.pad(x, widths, "edge")
    if mode == "antisymmetric":
        signs = 1 - 2 * (np.arange(-before, n + after) // n % 2)
        return np.pad(x, widths, "symmetric") * np.reshape(signs, (-1, *(1,) * (x.ndim - 1))).astype(x.real.dtype)
    if mode == "antireflect":
        return np.pad(x, widths, "reflect", reflect_type="odd")
    if mode not in ("symmetric", "reflect", "wrap", "edge"):
        raise ValueError(f"upfirdn: there is no mode {mode!r}.")
    return np.pad(x, widths, mode)


def _upfirdn_in(h, x, up=1, down=1, axis=-1, mode="constant", cval=0):
    h, x, mode, up, down = stacked(h), stacked(x), mode.lower(), int(up), int(down)
    h = np.asarray(h) if isinstance(h, (list, tuple)) else h
    if mode == "constant" and cval == 0:
        return _upfirdn.call(h, x, up, down, axis)
    reach = -(-(len(h) - 1) // up)
    before = -(-reach // down) * down
    rows = _extended(np.moveaxis(x, axis, 0), before, reach, mode, cval)
    first = before * up // down
    count = ((x.shape[axis] - 1) * up + len(h) - 1) // down + 1
    return np.moveaxis(_upfirdn.call(h, rows, up, down, 0)[first : first + count], 0, axis)


composite(signal.upfirdn)(_upfirdn_in)


def _medians(input, kernel_size):
    size = np.broadcast_to(3 if kernel_size is None else kernel_size, (input.ndim,))
    if np.any(size % 2 != 1):
        raise ValueError(f"medfilt: kernel_size={kernel_size}; its elements must be odd.")
    return dispatched(ndimage.rank_filter)(input, int(np.prod(size)) // 2, tuple(size.tolist()), mode="constant")


@composite(signal.medfilt)
def medfilt(volume, kernel_size=None):
    return _medians(np.atleast_1d(stacked(volume)), kernel_size)


@composite(signal.medfilt2d)
def medfilt2d(input, kernel_size=3):
    return _medians(stacked(input), kernel_size)


@composite(signal.order_filter)
def order_filter(a, domain, rank):
    if any(n % 2 != 1 for n in np.shape(domain)):
        raise ValueError(f"order_filter: domain has shape {np.shape(domain)}; its sizes must be odd.")
    return dispatched(ndimage.rank_filter)(a, rank, footprint=domain, mode="constant")
