"""Functions of ``scipy.signal`` that end in compiled code; the others run as they are written, on Tensors."""

import math
from typing import Any

import numpy as np
from scipy import fft, ndimage, signal

from ..context import Wrapping
from ..registry import composite, differentiable, dispatched, linear, stacked, unbroadcast
from . import scipy_signal_convolutions, scipy_signal_systems
from .scipy_ndimage_filters import inner

__all__ = ["scipy_signal_convolutions", "scipy_signal_systems"]

correlate1d = dispatched(ndimage.correlate1d)
detrend = dispatched(signal.detrend)
lfilter = dispatched(signal.lfilter)
_fft, _rfft = dispatched(fft.fft), dispatched(fft.rfft)
upfirdn = dispatched(signal.upfirdn)


# Recursive filters. With a * y = b * x + a[0] zi, which goes on past the end as a[0] zf, the adjoint m solves the
# recursion backwards: a[0] m[n] = g[n] - sum a[k] m[n + k], from the gradient of zf past the end.


def _at(x, axis, *slices):
    return x[(slice(None),) * (axis % x.ndim) + (slice(*slices),)]


def _ends(g):
    """The gradients of the signal and of the state at its end, where there is one."""
    return g if type(g) in (list, tuple) else (g, None)


def _backwards(b, a, x, axis):
    return np.flip(lfilter(b, a, np.flip(x, axis), axis), axis)


def _adjoint(g, a, x_shape, axis):
    """That adjoint, as long as the signal and, where the state at its end has a gradient, that state."""
    a, (g, state) = np.atleast_1d(a), _ends(g)
    if state is None:
        return _backwards(np.ones(1, g.dtype), a, g, axis)
    axis = axis % state.ndim
    g = np.zeros_like(state, shape=x_shape) if g is None else g
    past, order = state / a[0], len(a) - 1
    start = [-sum(a[k] * _at(past, axis, k - i - 1, k - i) for k in range(i + 1, order + 1)) for i in range(order)]
    one = np.ones(1, g.dtype)
    if order:
        start = np.concatenate(start, axis) / a[0]
        m = lfilter(one, a, np.flip(g, axis), axis, start)[0]
    else:
        m = lfilter(one, a, np.flip(g, axis), axis)
    return np.concatenate((np.flip(m, axis), past), axis)


def _lags(m, x, count, axis):
    """The sums of ``m[n + k] x[n]`` for k from 0, which take longer of a flipped ``m`` than of a copy."""
    n = x.shape[axis]
    parts = [_at(m, axis, k, k + n) for k in range(count)]
    return np.stack([inner(part, _at(x, axis, part.shape[axis])) for part in parts])


def _first(m, axis, n):
    """The first elements, and zeros if there are less."""
    m = _at(m, axis, n)
    missing = n - m.shape[axis]
    return np.pad(m, [(0, missing * (k == axis % m.ndim)) for k in range(m.ndim)]) if missing else m


def _numerator(g, b, a, x, axis):
    m = np.copy(_adjoint(g, a, x.shape, axis))
    return np.reshape(_lags(m, x, np.size(b), axis), np.shape(b))


def _denominator(g, a, x_shape, axis, zi, out):
    y, end = _ends(out)
    m = np.copy(_adjoint(g, a, x_shape, axis))
    return np.reshape(_recursion(m, y, end, zi, np.size(a), axis), np.shape(a))


def _recursion(m, y, end, zi, count, axis):
    """The gradient of the recursion's coefficients, from the adjoint."""
    if end is None:
        return -_lags(m, y, count, axis)
    whole = np.concatenate((y, end), axis) if m.shape[axis] > y.shape[axis] else y
    first = inner(m, whole) - np.sum(_first(m, axis, np.shape(zi)[axis]) * zi)
    return -np.concatenate((np.reshape(first, (1,)), _lags(m, y, count, axis)[1:]))


def _signal(g, b, a, x_shape, axis):
    """Without a state it is the filter itself, backwards."""
    g, state = _ends(g)
    if state is None:
        return _backwards(b, a, g, axis)
    m = _adjoint([g, state], a, x_shape, axis)
    m = np.flip(lfilter(b, np.ones(1, m.dtype), np.flip(m, axis), axis), axis)
    return _at(m, axis, x_shape[axis])


def _start(g, a, x_shape, axis, zi_shape):
    m = _adjoint(g, a, x_shape, axis)
    return unbroadcast(np.atleast_1d(a)[0] * _first(m, axis, zi_shape[axis]), zi_shape)


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


# Filters in sections. The numerator of one, backwards, and the recursion of the one before make a filter together.


def _sections(sos, x, axis, zi):
    return signal.sosfilt(np.copy(sos), x, axis, zi)


def _adjoints(g, sos, x_shape, axis):
    """The adjoint of the recursion of each section."""
    g, ends = _ends(g)
    b, found = np.ones(1, sos.dtype), []
    for k in reversed(range(len(sos))):
        if ends is None:
            g = _backwards(b, sos[k, 3:], g, axis)
            b = sos[k, :3]
            found.append(g)
        else:
            found.append(_adjoint([g, ends[k]], sos[k, 3:], x_shape, axis))
            g = _signal([g, ends[k]], sos[k, :3], sos[k, 3:], x_shape, axis)
    return found[::-1]


def _sections_x(g, sos, x_shape, axis):
    g, ends = _ends(g)
    if ends is None:
        return np.flip(sections(sos, np.flip(g, axis), axis, None), axis)
    for k in reversed(range(len(sos))):
        g = _signal([g, ends[k]], sos[k, :3], sos[k, 3:], x_shape, axis)
    return g


def _sections_sos(g, sos, x, axis, zi, out):
    rows, (out, ends) = [], _ends(out)
    for k, m in enumerate(map(np.copy, _adjoints(g, sos, x.shape, axis))):
        start, end = (None, None) if zi is None else (zi[k], ends[k])
        y = out if k == len(sos) - 1 else _ends(lfilter(sos[k, :3], sos[k, 3:], x, axis, start))[0]
        rows += [_lags(m, x, 3, axis), _recursion(m, y, end, start, 3, axis)]
        x = y
    return np.reshape(np.concatenate(rows), (-1, 6))


def _sections_zi(g, sos, x_shape, axis, zi):
    """The first two elements of each adjoint: backwards the last, up to which all sections together take little."""
    g, ends = _ends(g)
    n = x_shape[axis] - 2
    if ends is not None or n < 1:
        return np.stack([_first(m, axis, 2) for m in _adjoints([g, ends], sos, x_shape, axis)])
    before = np.concatenate((np.eye(1, 3, dtype=sos.dtype), sos[:0:-1, :3]))
    cascade, g = np.concatenate((before, sos[::-1, 3:]), axis=1), np.flip(g, axis)
    _, states = sections(cascade, _at(g, axis, n), axis, np.zeros_like(zi))
    g, found = _at(g, axis, n, None), []
    for k in range(len(sos)):
        g, _ = sections(cascade[k : k + 1], g, axis, states[k : k + 1])
        found.append(_first(np.flip(g, axis), axis, 2))
    return np.stack(found[::-1])


_sosfilt = differentiable(_sections, sos=_sections_sos, x=_sections_x, zi=_sections_zi)
sections = dispatched(_sections)


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
    return _sosfilt.call(sos, x, axis, zi)


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


# Spectra: what SciPy's functions do by themselves, but for windows that overlap and are to be written into


def _segments(x, size, step):
    """Windows of the last axis."""
    return np.copy(np.lib.stride_tricks.sliding_window_view(x, size, -1)[..., ::step, :])


def _overlapped(g, step, n):
    """The sum of windows of an axis of ``n``, each where it is there."""
    *rest, count, size = g.shape
    parts = -(-size // step)
    rows = np.zeros((*rest, max(count + parts - 1, -(-n // step)), step), g.dtype)
    for k in range(parts):
        part = g[..., k * step : (k + 1) * step]
        rows[..., k : k + count, : part.shape[-1]] += part
    return np.reshape(rows, (*rest, -1))[..., :n].copy()


_windows, overlapped = dispatched(_segments), dispatched(_overlapped)
linear(_segments, x=lambda g, x_shape, step: overlapped(g, step, x_shape[-1]))
linear(_overlapped, g=lambda g, g_shape, step: _windows(g, g_shape[-1], step))


@composite(signal._spectral_py._fft_helper)
def segment_spectra(x, win, detrend_func, nperseg, noverlap, nfft, sides):
    """The Fourier transforms of windows of the last axis, each with its own trend removed."""
    with Wrapping(detrend_func):
        r = win * detrend_func(_windows(x, nperseg, nperseg - noverlap))
    return _fft(r, nfft) if sides == "twosided" else _rfft(np.real(r), nfft)


_PADS: dict[str, Any] = {"zeros": {}, "edge": {"mode": "edge"}, "even": {"mode": "reflect"}}
_PADS["odd"] = {"mode": "reflect", "reflect_type": "odd"}


def stft_detrend(self, x, detr, p0=None, p1=None, *, k_offset=0, padding="zeros", axis=-1):
    """The Fourier transforms of all windows together."""
    if padding not in _PADS:
        raise ValueError(f"ShortTimeFFT: there is no padding {padding!r}; it must be among {[*_PADS]}.")
    if self.onesided_fft and x.dtype.kind == "c":
        raise ValueError(f"ShortTimeFFT: fft_mode={self.fft_mode!r} is for real numbers; x has {x.dtype}.")
    n = x.shape[axis]
    p0, p1 = self.p_range(n, p0, p1)
    rows, count = np.moveaxis(x, axis, -1), p1 - p0
    first = p0 * self.hop - self.m_num_mid + k_offset
    last = first + (count - 1) * self.hop + self.m_num
    beyond = [*[(0, 0)] * (x.ndim - 1), (max(-first, 0), max(last - n, 0))]
    r = _windows(np.pad(rows[..., max(first, 0) : last], beyond, **_PADS[padding]), self.m_num, self.hop)
    with Wrapping(self._fft_func, detr):
        if isinstance(detr, str):
            r = detrend(r, type=detr)
        elif detr is not None:
            r = np.stack([detr(r[..., k, :]) for k in range(count)], axis=-2)
        r = self._fft_func(np.reshape(r * np.conj(self.win), (-1, self.m_num)))
    r = np.moveaxis(np.reshape(r, (*rows.shape[:-1], count, -1)), -1, -2).astype(np.complex128)
    return np.moveaxis(r, -2, axis if axis >= 0 else axis - 1)


if hasattr(signal, "ShortTimeFFT"):
    composite(signal.ShortTimeFFT.stft_detrend)(stft_detrend)
