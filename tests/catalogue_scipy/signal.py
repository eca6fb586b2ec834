"""Functions of ``scipy.signal``."""

import functools

import numpy as np
import scipy
from catalogue.base import distinct, positive, real, unit
from scipy import signal

from .base import REFUSED, row

MODES = ("full", "same", "valid")

SIZES = [((7,), (3,)), ((7,), (4,)), ((3,), (6,)), ((4,), (4,)), ((1,), (3,)), ((4, 5), (2, 3)), ((3, 4), (3, 4))]
SIZES += [((2, 3), (3, 4)), ((3, 4, 2), (2, 1, 2)), ((), ())]
for f in (signal.convolve, signal.correlate):
    for mode in MODES:
        for a, b in SIZES:
            if mode == "same" and a == (2, 3):
                continue
            for method in ("auto", "direct", "fft"):
                label = f"{mode},{method},{a},{b}".replace(" ", "")
                call = lambda x, y, f=f, mode=mode, method=method: f(x, y, mode, method)  # noqa: E731
                row(f, label, call, real(*a), real(*b), complex=True)
    row(f, "list", lambda x, f=f: f(x, [1, 2, 1], mode="same"), real(6), complex=True)
    row(f, "integers", lambda x, f=f: f(np.arange(6), x), real(3), complex=True)
    row(f, "itself", lambda x, f=f: f(x, x), real(4), complex=True)

AXES = [((7,), (3,), None), ((4, 5), (2, 3), None), ((3, 5), (3, 2), 1), ((3, 5), (1, 2), [1]), ((1, 5), (3, 2), -1)]
AXES += [((2, 6, 1), (2, 1, 3), (0, 2)), ((4, 2), (3, 2), 0), ((3, 1), (1, 4), None), ((), (), None)]
for f in (signal.fftconvolve, signal.oaconvolve):
    for mode in MODES:
        for a, b, axes in AXES:
            label = f"{mode},{axes},{a},{b}".replace(" ", "")
            call = lambda x, y, f=f, mode=mode, axes=axes: f(x, y, mode, axes)  # noqa: E731
            row(f, label, call, real(*a), real(*b), complex=True)
    row(f, "long", lambda x, y, f=f: f(x, y, "same"), real(300), real(5), complex=True)

for f in (signal.convolve2d, signal.correlate2d):
    for mode in MODES:
        for boundary in ("fill", "wrap", "symm"):
            for a, b in (((5, 4), (2, 3)), ((4, 5), (3, 2)), ((3, 3), (3, 3)), ((2, 2), (3, 4)), ((4, 1), (1, 1))):
                label = f"{mode},{boundary},{a},{b}".replace(" ", "")
                call = lambda x, y, f=f, mode=mode, boundary=boundary: f(x, y, mode, boundary)  # noqa: E731
                row(f, label, call, real(*a), real(*b), complex=True)
        call = lambda x, y, f=f, mode=mode: f(x, y, mode, fillvalue=0.5)  # noqa: E731
        row(f, f"{mode},fillvalue", call, real(4, 5), real(2, 3), complex=True)

for label, b, a, x, axis in (
    *(("call", 3, 3, (6,), -1), ("short_b", 1, 3, (6,), -1), ("short_a", 4, 2, (6,), -1), ("fir", 3, 1, (6,), -1)),
    *(("axis=0", 2, 3, (5, 2), 0), ("axis=1", 3, 2, (2, 5, 2), 1), ("negative", 2, 2, (2, 5, 2), -2)),
    *(("gain", 1, 1, (4,), -1), ("brief", 4, 4, (2,), -1)),
):
    n = max(a, b) - 1
    start = list(x)
    start[axis] = n
    inputs = real(b), real(a), real(*x)
    row(signal.lfilter, label, lambda b, a, x, n=axis: signal.lfilter(b, a, x, n), *inputs, complex=True)
    if n and not (a == 1 and label == "gain"):
        row(
            *(signal.lfilter, f"zi,{label}", lambda b, a, x, zi, n=axis: signal.lfilter(b, a, x, n, zi)),
            *(*inputs, real(*start)),
            complex=True,
        )
row(
    *(signal.lfilter, "zi,broadcast", lambda b, a, x, zi: signal.lfilter(b, a, x, 0, zi)),
    *(real(3), real(3), real(5, 2), real(2, 1)),
    complex=True,
)
for part in (0, 1):
    row(
        *(signal.lfilter, f"zi,part{part}", lambda b, a, x, zi, k=part: signal.lfilter(b, a, x, zi=zi)[k]),
        *(real(3), real(3), real(5), real(2)),
        complex=True,
    )
row(signal.lfilter, "scalar", lambda b, x: signal.lfilter(b, [2, 1], x), real(), real(4), complex=True)
row(signal.lfilter, "lists", lambda a, x: signal.lfilter([1, 2], [1, a[0], a[1] * 2], x), real(2), real(4))
row(signal.lfilter, "plain", lambda x: signal.lfilter([1.0, 2], [1, -0.5], x), real(2, 4), complex=True)
row(signal.lfilter_zi, "call", lambda b, a: signal.lfilter_zi(b, a), positive(3), positive(3))
row(signal.lfilter_zi, "short_b", lambda b, a: signal.lfilter_zi(b, a), positive(2), positive(3))
row(signal.lfilter_zi, "short_a", lambda b, a: signal.lfilter_zi(b, a), positive(4), positive(2))
if np.lib.NumpyVersion(scipy.__version__) < "1.18.0":  # which takes no zero there
    row(signal.lfilter_zi, "zero", lambda b, a: signal.lfilter_zi(b, [0, a[0], a[1]]), positive(3), positive(2))
row(signal.lfiltic, "call", lambda b, a, y, x: signal.lfiltic(b, a, y, x), real(3), real(3), real(2), real(2))


def sections_of(s):
    """Second-order sections, of numbers of which the fourth in each row has no part."""
    ones = s[:, 3:4] * 0 + 1
    return np.copy(np.concatenate((s[:, :3], ones, s[:, 4:] * 0.3), axis=1), order="C")


for axis, x in ((-1, (6,)), (0, (5, 2)), (1, (2, 5, 2))):
    state = [2, *x]
    state[axis if axis < 0 else axis + 1] = 2
    call = lambda s, x, n=axis: signal.sosfilt(sections_of(s), x, n)  # noqa: E731
    row(signal.sosfilt, f"axis={axis}", call, real(2, 6), real(*x), complex=True)
    call = lambda s, x, zi, n=axis: signal.sosfilt(sections_of(s), x, n, zi)  # noqa: E731
    row(signal.sosfilt, f"zi,axis={axis}", call, real(2, 6), real(*x), real(*state), complex=True)
SOS = signal.butter(4, 0.3, output="sos")
row(signal.sosfilt, "plain", lambda x: signal.sosfilt(SOS, x), real(2, 9), complex=True)
row(signal.sosfilt_zi, "call", lambda s: signal.sosfilt_zi(sections_of(s)), positive(2, 6))

B, A = signal.butter(2, 0.4)
for padtype in ("odd", "even", "constant", None):
    call = lambda b, a, x, p=padtype: signal.filtfilt(b, a, x, padtype=p, padlen=None if p == "odd" else 4)  # noqa: E731
    row(signal.filtfilt, f"{padtype}", call, unit(2), positive(2), real(9))
    row(
        *(signal.sosfiltfilt, f"{padtype}", lambda x, p=padtype: signal.sosfiltfilt(SOS, x, 0, p, padlen=4)),
        real(9, 2),
        complex=True,
    )
row(signal.filtfilt, "plain", lambda x: signal.filtfilt(B, A, x, axis=0), real(12, 2), complex=True)
row(signal.filtfilt, "gust", lambda x: signal.filtfilt(B, A, x, method="gust"), real(12))
row(signal.filtfilt, "gust,axis", lambda x: signal.filtfilt(B, A, x, 0, method="gust", irlen=4), real(12, 2))

for mode in ("interp", "mirror", "constant", "nearest", "wrap"):
    call = lambda x, mode=mode: signal.savgol_filter(x, 5, 2, mode=mode, cval=0.5)  # noqa: E731
    row(signal.savgol_filter, mode, call, real(8))
    call = lambda x, mode=mode: signal.savgol_filter(x, 4, 3, 1, 0.5, 0, mode)  # noqa: E731
    row(signal.savgol_filter, f"deriv,{mode}", call, real(7, 2))

for kind in ("linear", "constant"):
    row(signal.detrend, kind, lambda x, k=kind: signal.detrend(x, type=k), real(2, 6), complex=True)
    row(signal.detrend, f"{kind},axis", lambda x, k=kind: signal.detrend(x, 0, k), real(6, 2), complex=True)
row(signal.detrend, "bp", lambda x: signal.detrend(x, bp=[3, 5]), real(2, 9), complex=True)
row(signal.detrend, "overwrite", lambda x: signal.detrend(np.copy(x), overwrite_data=True), real(6), complex=True)

for n in (3, 6, 8, 11, 5):
    row(signal.resample, f"{n}", lambda x, n=n: signal.resample(x, n), real(8), complex=True)
    row(signal.resample, f"axis,{n}", lambda x, n=n: signal.resample(x, n, axis=1), real(2, 5, 2), complex=True)
row(signal.czt, "call", lambda x: signal.czt(x, 5, np.exp(-0.3j)), real(8), complex=True)
row(signal.zoom_fft, "call", lambda x: signal.zoom_fft(x, [0.1, 0.5], 5), real(8), complex=True)
row(signal.resample, "window", lambda x: signal.resample(x, 6, window="hamming"), real(8), complex=True)
row(signal.resample, "freq", lambda x: signal.resample(np.fft.fft(x), 6, domain="freq"), real(8), complex=True)
row(signal.resample, "t", lambda x: signal.resample(x, 6, np.arange(8.0))[0], real(8), complex=True)

UPFIRDN = ("constant", "symmetric", "edge", "reflect", "wrap", "antisymmetric", "antireflect", "line", "smooth")
for up, down, h, n in (
    (1, 1, 3, 5),
    (2, 1, 3, 4),
    (1, 3, 2, 7),
    (3, 2, 5, 4),
    (2, 4, 3, 7),
    (5, 3, 4, 3),
    (1, 2, 1, 6),
):
    label = f"{up},{down},{h},{n}"
    row(signal.upfirdn, label, lambda h, x, u=up, d=down: signal.upfirdn(h, x, u, d), real(h), real(n), complex=True)
    for mode in UPFIRDN:
        call = lambda h, x, u=up, d=down, m=mode: signal.upfirdn(h, x, u, d, mode=m, cval=0.5)  # noqa: E731
        row(signal.upfirdn, f"{mode},{label}", call, real(h), real(n), complex=True)
row(signal.upfirdn, "axis", lambda h, x: signal.upfirdn(h, x, 2, 3, 0), real(4), real(5, 2), complex=True)
row(signal.upfirdn, "axis,mode", lambda h, x: signal.upfirdn(h, x, 2, 3, 1, "edge"), real(4), real(2, 5, 2))
row(signal.upfirdn, "list", lambda x: signal.upfirdn([1, 2, 1], x, 2), real(4), complex=True)
for padtype in ("constant", "line", "mean", "median", "maximum", "minimum", "symmetric"):
    call = lambda x, p=padtype: signal.resample_poly(x, 3, 2, padtype=p)  # noqa: E731
    row(signal.resample_poly, padtype, call, distinct(6, 2))
row(signal.resample_poly, "axis", lambda x: signal.resample_poly(x, 1, 2, axis=1), real(2, 7), complex=True)
row(signal.resample_poly, "window", lambda x, w: signal.resample_poly(x, 2, 1, window=w), real(5), real(5))
IIR = signal.dlti(*signal.cheby1(3, 0.05, 0.4))
row(signal.decimate, "iir", lambda x: signal.decimate(x, 2, ftype=IIR), real(20))
row(signal.decimate, "fir", lambda x: signal.decimate(x, 2, 4, "fir", axis=0), real(9, 2))
row(signal.decimate, "lagging", lambda x: signal.decimate(x, 2, ftype=IIR, zero_phase=False), real(9))

for n in (5, 6):
    row(signal.hilbert, f"{n}", signal.hilbert, real(2, n))
    row(signal.hilbert2, f"{n}", signal.hilbert2, real(n, 4))
row(signal.hilbert, "axis", lambda x: signal.hilbert(x, 7, 0), real(5, 2))
row(signal.hilbert, "envelope", lambda x: np.abs(signal.hilbert(x)), real(8))
row(signal.freqz, "call", lambda b, a: signal.freqz(b, a, 5)[1], real(3), positive(3))
row(signal.freqz, "angles", lambda b: signal.freqz(b, worN=np.array([0.1, 0.7]))[1], real(3))
if hasattr(signal, "freqz_sos"):  # from SciPy 1.15 on
    row(signal.freqz_sos, "call", lambda s: signal.freqz_sos(sections_of(s), 5)[1], positive(2, 6))

for f in (signal.medfilt, signal.medfilt2d):
    row(f, "call", f, distinct(4, 5))
    row(f, "size", lambda x, f=f: f(x, [3, 1]), distinct(4, 5))
row(signal.order_filter, "call", lambda x: signal.order_filter(x, np.ones((3, 1)), 0), distinct(4, 3))
row(signal.wiener, "call", lambda x: signal.wiener(x, 3, 0.5), real(6))
row(signal.periodogram, "call", lambda x: signal.periodogram(x)[1], real(8))
row(signal.welch, "call", lambda x: signal.welch(x, nperseg=4)[1], real(9))
row(signal.stft, "call", lambda x: signal.stft(x, nperseg=4)[2], real(9))
row(signal.stft, "twosided", lambda x: signal.stft(x, nperseg=4, return_onesided=False)[2], real(9), complex=True)
row(
    signal.stft, "window", lambda x, w: signal.stft(x, 2, w, 5, 3, 8, "linear", boundary="even")[2], real(2, 9), unit(5)
)
row(signal.stft, "axis", lambda x: signal.stft(x, nperseg=3, boundary=None, padded=False, axis=0)[2], real(8, 2))
row(signal.istft, "call", lambda x: signal.istft(signal.stft(x, nperseg=4)[2] ** 2, nperseg=4)[1], real(9))
for mode in ("psd", "complex", "magnitude", "angle"):
    call = lambda x, m=mode: signal.spectrogram(x, nperseg=4, noverlap=1, mode=m)[2][..., 1:-1, :]  # noqa: E731
    row(signal.spectrogram, mode, call, real(2, 11))
row(signal.spectrogram, "scaling", lambda x: signal.spectrogram(x, nperseg=5, scaling="spectrum")[2], real(11))
if hasattr(signal, "ShortTimeFFT"):
    HANN = signal.windows.hann(6, sym=False)
    short = functools.partial(signal.ShortTimeFFT, hop=2, fs=2.0)
    row(signal.ShortTimeFFT, "stft", lambda x: short(HANN).stft(x, padding="even"), real(2, 11))
    row(signal.ShortTimeFFT, "detrend", lambda x: short(HANN, scale_to="psd").stft_detrend(x, "linear"), real(11))
    row(
        signal.ShortTimeFFT,
        "spectrogram",
        lambda x: short(HANN, fft_mode="onesided2X", scale_to="psd").spectrogram(x),
        real(11),
    )
    row(signal.ShortTimeFFT, "istft", lambda x: short(HANN).istft(short(HANN).stft(x) ** 2, k1=11), real(11))
    row(
        signal.ShortTimeFFT,
        "centered",
        lambda x: short(HANN, fft_mode="centered", mfft=8).stft(x, k_offset=1, padding="odd"),
        real(11),
        complex=True,
    )
    row(
        signal.ShortTimeFFT,
        "axis",
        lambda x: short(HANN, mfft=8, phase_shift=None).stft(x, axis=0, padding="edge"),
        real(11, 2),
    )
    row(
        signal.ShortTimeFFT.stft_detrend,
        "function",
        lambda x: short(HANN, phase_shift=1).stft_detrend(x, lambda s: s - np.mean(s) ** 2, 1, 4),
        real(11),
    )
    REFUSED.append(("stft-padding", lambda x: short(HANN[:2]).stft(x[0], padding="some"), "padding"))
    REFUSED.append(("stft-complex", lambda x: short(HANN[:2]).stft(x[0] + 1j), "fft_mode"))
    row(signal.ShortTimeFFT, "window", lambda x, w: short(w + 1).stft(x), real(11), unit(6))
row(signal.welch, "median", lambda x: signal.welch(x, nperseg=4, average="median", detrend="linear")[1], real(13))
row(signal.welch, "axis", lambda x: signal.welch(x, 2.0, "hamming", 5, 1, 8, axis=0)[1], real(13, 2))
row(signal.coherence, "call", lambda x, y: signal.coherence(x, y, nperseg=4)[1], real(9), real(9))
row(signal.csd, "call", lambda x, y: signal.csd(x, y, nperseg=4)[1], real(9), real(9))
row(signal.choose_conv_method, "call", lambda x, y: signal.choose_conv_method(x, y), real(4), real(3), kind="constant")

# Linear systems in time

STEPS = np.arange(6) * 0.3
for label, inputs, options in (
    *(("call", (6,), {}), ("hold", (6,), {"interp": False}), ("late", (6,), {"T": STEPS + 0.4})),
    ("two", (6, 2), {}),
):
    m = inputs[1] if len(inputs) > 1 else 1
    call = lambda a, b, c, d, u, x0, o=options: signal.lsim((a, b, c, d), u, X0=x0, **{"T": STEPS, **o})[1:]  # noqa: E731
    row(signal.lsim, label, call, real(2, 2), real(2, m), real(3, 2), real(3, m), real(*inputs), real(2))
    if label != "hold":
        call = lambda a, b, c, d, u, x0, o=options: signal.dlsim((a, b, c, d, 0.3), u, o.get("T"), x0)[1:]  # noqa: E731
        row(signal.dlsim, label, call, real(2, 2), real(2, m), real(3, 2), real(3, m), real(*inputs), real(2))
row(
    signal.lsim,
    "steps",
    lambda a, h: signal.lsim((a, [[1], [2]], [1, 0.5], 0), [1, 2, 0], STEPS[:3] * h)[1],
    real(2, 2),
    positive(),
)
row(
    signal.lsim, "one", lambda a, x0: signal.lsim((a, [[1], [2]], [1, 0.5], 1), [0.7], 0.2, x0)[1:], real(2, 2), real(2)
)
row(signal.lsim, "free", lambda a, x0: signal.lsim((a, [[1], [2]], [1, 0.5], 1), 0, STEPS, x0)[1:], real(2, 2), real(2))
row(signal.lsim, "transfer", lambda b, a: signal.lsim((b, a), np.sin(STEPS), STEPS)[1], real(2), positive(3))
row(signal.dlsim, "transfer", lambda b, a: signal.dlsim((b, a, 0.1), np.sin(STEPS))[1], real(2), positive(3))
for f in (signal.impulse, signal.step):
    row(f, "call", lambda b, a, f=f: f((b, a), T=STEPS)[1], real(2), positive(3))
for f in (signal.dimpulse, signal.dstep):
    row(f, "call", lambda b, a, f=f: f((b, a, 0.1), n=5)[1][0], real(2), positive(3))

REFUSED += [
    ("lsim-steps", lambda x: signal.lsim((x, x, x, x), x, [0, 1, 3]), "not equal"),
    ("lsim-before", lambda x: signal.lsim((x, x, x, x), x, [-1, 0, 1]), "before 0"),
    ("lsim-inputs", lambda x: signal.lsim((x, x, x, x), x[0], [0, 1, 2]), "3 inputs"),
    ("convolve-mode", lambda x: signal.convolve(x, x, "some"), "mode"),
    ("lfilter-axis", lambda x: signal.lfilter(x[0], [[1.0]], x), "1d|1-D"),
    ("sosfilt-shape", lambda x: signal.sosfilt(x, x), "sections, 6"),
    ("upfirdn-mode", lambda x: signal.upfirdn(x[0], x, mode="some"), "mode"),
    ("convolve2d-fillvalue", lambda x: signal.convolve2d(x, x, fillvalue=x[0, 0]), "no derivative.*'fillvalue'"),
]
