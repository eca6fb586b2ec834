"""Integrals of functions: ``quad`` and ``quad_vec``, and what the other integrals share with them.

The integral of a function is what SciPy finds. Its derivatives by what the function depends on, be it given in ``args``
or not, are integrals over the same intervals, halved until the function is a polynomial on each but for rounding; those
by the limits are the values there. What the function does at one of ``points`` that is a Tensor, such as a jump, is
where that is: the intervals next to it are stretched with it.

>>> import numpy as np, gradarray as ga
>>> from scipy import integrate
>>> round(ga.grad(lambda k: integrate.quad(lambda x: np.exp(-k * x), 0, np.inf)[0])(2.0), 6)
-0.25
>>> round(ga.grad(lambda p: integrate.quad(lambda x: x * x * (x < p), 0, 1, points=[p])[0])(0.5), 6)
0.25
"""

import contextlib
import heapq
import itertools
import warnings

import numpy as np
from scipy import integrate

from ..context import Wrapping, wrapping
from ..modes import by_itself
from ..registry import composite, differentiable, dispatched, stacked, unwrap
from ..rules.shape import array_of
from ..transforms import jvp

_COUNT = 21  # points of Gauss and Legendre on an interval
_HALVINGS = 60
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(_COUNT)
_NEAR, _SHARES = ((0.1127016653792583, 0.5, 0.8872983346207417), (5 / 18, 8 / 18, 5 / 18))  # of Gauss on [0, 1]
# from the values at the points to the last two coefficients of Legendre's polynomials, which say how smooth they are
_TAIL = _WEIGHTS * np.polynomial.legendre.legvander(_POINTS, _COUNT - 1)[:, -2:].T * (_COUNT - 1)


_unrecorded = Wrapping(recording=False)


def _varies(value):
    """Whether ``value`` is a Tensor that takes a gradient, or holds one."""
    if isinstance(value, (tuple, list)):
        return any(map(_varies, value))
    return unwrap(value) is not value and not value.constant


class _Followed:
    """A function of SciPy's callers, for compiled code: of plain values, which notes if these come from Tensors."""

    def __init__(self, func, args=()):
        self.func = func
        self.args = args
        self.mode = Wrapping(func)
        self.varies = False

    def __call__(self, *given):
        if self.varies:  # no need for more than the value
            with _unrecorded:
                return unwrap(self.func(*given, *self.args))
        return unwrap(self.on_tensors(*given))

    def on_tensors(self, *given):
        with self.mode:
            value = self.func(*given, *self.args)
        self.mode = wrapping  # which does not look again at what the function holds
        self.varies = self.varies or _varies(value)
        return value


# Integrals


def _given(value, total):
    return value + 0


# ``value`` with the history of ``total``, which is the same but for rounding
_depending = dispatched(_given)
differentiable(_given, total=lambda g: g)


class _Part:
    """A part of an interval, the function's values at its points, and how far it is from a polynomial there."""

    def __init__(self, f, low, high, place):
        half = 0.5 * (high - low)
        self.low, self.high, self.place = low, high, place
        nodes = [place(low + half * (1 + x)) for x in _POINTS.tolist()]
        self.values = [f(x) for x, _ in nodes]
        self.weights = np.array([half * w * scale for w, (_, scale) in zip(_WEIGHTS.tolist(), nodes, strict=True)])
        terms = np.stack(list(map(unwrap, self.values))).reshape(_COUNT, -1)
        terms = terms * (self.weights / _WEIGHTS)[:, None]
        self.size = np.max(np.abs(_WEIGHTS @ np.abs(terms)), initial=0.0)
        self.error = np.max(np.abs(_TAIL @ terms), initial=0.0) if np.isfinite(terms).all() else np.inf

    def halves(self, f):
        middle = 0.5 * (self.low + self.high)
        return [_Part(f, self.low, middle, self.place), _Part(f, middle, self.high, self.place)]

    def slowed(self, f, ends):
        """The same, with points that approach the ``ends`` as squares do, so that roots and their slopes are smooth."""
        low, h, left, right = self.low, self.high - self.low, self.low in ends, self.high in ends

        def place(s):
            if left and right:
                t, step = low + h * (s * s * (3 - 2 * s)), 6 * s * (1 - s)
            else:
                t, step = (low + h * (s * s), 2 * s) if left else (self.high - h * ((1 - s) * (1 - s)), 2 * (1 - s))
            x, scale = self.place(t)
            return x, h * step * scale

        return _Part(f, 0.0, 1.0, place)


def _total(f, intervals, place, ends):
    """The integral of ``f`` over the intervals, with the history of its values."""
    parts = [_Part(f, low, high, place) for low, high in intervals]
    whole = set(parts if len(parts) == 1 else ())
    count = itertools.count()
    heap = [(-part.error, next(count), part) for part in parts]
    heapq.heapify(heap)
    scale = sum(part.size for part in parts)
    rough = []
    for _ in range(_HALVINGS + 2 * len(parts)):
        if not heap or -heap[0][0] <= 1e-12 * scale:
            break
        part = heapq.heappop(heap)[2]
        x, stretch = place(0.5 * (part.low + part.high))
        if (part.high - part.low) * stretch < 1e-6 * abs(x):  # where differences are rounded too much
            rough.append(part)
            continue
        halves = part.halves(f)
        # where both are as rough as the whole, that is noise
        noisy = part.error < 1e-6 * scale and min(half.error for half in halves) > 0.2 * part.error
        for half in halves:
            if noisy:
                rough.append(half)
            else:
                heapq.heappush(heap, (-half.error, next(count), half))
    parts = [part for _, _, part in heap] + rough
    parts = [part if part in whole or not {part.low, part.high} & ends else part.slowed(f, ends) for part in parts]
    values = np.stack([array_of(v) for part in parts for v in part.values])
    return np.tensordot(np.concatenate([part.weights for part in parts]), values, axes=1)


def _places(a, b):
    """How a point of a finite interval is one between the limits, and by how much that stretches it; and back."""
    if np.isinf(a) and np.isinf(b):
        return lambda t: ((1 - abs(t)) / t, 1 / t**2), lambda x: np.copysign(1 / (1 + abs(x)), x)
    if np.isinf(a) or np.isinf(b):
        start, sign = (b, -1.0) if np.isinf(a) else (a, 1.0)
        return lambda t: (start + sign * (1 - t) / t, 1 / t**2), lambda x: 1 / (1 + abs(x - start))
    return lambda x: (x, 1.0), lambda x: x


def _between(low, high, points):
    """By their values, the ``points`` that are between the limits; those that are equal share what happens there."""
    values = np.ravel(unwrap(() if points is None else points))
    return {x: np.mean(np.ravel(stacked(points))[values == x]) for x in np.unique(values).tolist() if low < x < high}


def _with_history(value, f, a, b, intervals, points):
    """``value``, the integral of ``f`` from ``a`` to ``b``, as it depends on the limits and on what ``f`` does."""
    low, high = sorted(float(unwrap(limit)) for limit in (a, b))
    moving = [limit for limit in (a, b) if _varies(limit) and np.isfinite(unwrap(limit))]
    within = _between(low, high, points)
    shifted = [point for point in within.values() if _varies(point)]
    if not f.varies and not moving and not shifted:
        return value
    place, back = _places(low, high)
    pulled = [limit for limit in moving if low != high and _is_rough(f, unwrap(limit))]
    pulled = [limit for limit in pulled if f.varies or _is_finite(f, unwrap(limit))]
    total = value
    if low != high and (f.varies or pulled or shifted):
        at = _stretched(f, pulled + shifted, intervals, place)
        total = _total(at, intervals, place, {back(x) for x in (low, high, *within) if np.isfinite(x)})
        total = -total if unwrap(b) < unwrap(a) else total
    for sign, limit in ((-1, a), (1, b)):
        if any(limit is each for each in moving) and not any(limit is each for each in pulled):
            total = total + sign * _beside(f, limit)
    return _depending(np.asarray(value), total)


def _beside(f, limit):
    """The integral from where ``limit`` is to where it may move: 0, and right up to the sixth derivative."""
    start = unwrap(limit)
    values = [w * f.on_tensors(start + (limit - start) * x) for x, w in zip(_NEAR, _SHARES, strict=True)]
    return (limit - start) * sum(values[1:], values[0])


# At a limit where the function has no slope, as a root has none where it begins, the interval next to it is stretched
# with the limit, which then is at no point of the integral; those on both sides of a point where it may jump are, too


def _is_finite(f, x):
    with np.errstate(all="ignore"), _unrecorded, contextlib.suppress(ArithmeticError, ValueError):
        return np.isfinite(unwrap(f.func(x, *f.args))).all()
    return False


def _is_rough(f, x):
    """Whether ``f`` or its slope is not finite at ``x``."""
    if not _is_finite(f, x):
        return True
    with np.errstate(all="ignore"), by_itself:
        return not np.isfinite(unwrap(jvp(f.on_tensors, [np.asarray(x, float)], [np.ones(())])[1])).all()


def _neighbours(start, intervals, place):
    """The other ends of the intervals that begin and end at ``start``, if there are any."""
    spans = [[place(t or 1e-99 * (low + high))[0] for t in (low, high)] for low, high in intervals]  # 0: at infinity
    below = [min(span) for span in spans if sum(span) < 2 * start]
    above = [max(span) for span in spans if sum(span) > 2 * start]
    return [nearest(ends) for nearest, ends in ((max, below), (min, above)) if ends]


def _stretched(f, limits, intervals, place):
    """``f`` of points that move with the limits, those at the other end of each interval not, times the stretch."""
    if not limits:
        return f.on_tensors
    starts = [float(unwrap(limit)) for limit in limits]
    sides = [
        (limit, start, other)
        for limit, start in zip(limits, starts, strict=True)
        for other in _neighbours(start, intervals, place)
    ]

    def at(x):
        moved, stretch = x, 1.0
        for limit, start, other in sides:
            share = 1 - (x - start) / (other - start)
            if share > 0 and (x > start) == (other > start):
                moved = moved + (limit - start) * share
                stretch = stretch + (limit - start) / (start - other)
        return f.on_tensors(moved) * stretch

    return at


def _halves_of(infinite, ends):
    """Intervals of QUADPACK; what it takes twice, at x and at -x, as two of them."""
    intervals = list(zip(*ends, strict=True))
    return intervals + [(-high, -low) for low, high in intervals] if infinite else intervals


@composite(integrate.quad)
def quad(
    func,
    a,
    b,
    args=(),
    full_output=0,
    epsabs=1.49e-8,
    epsrel=1.49e-8,
    limit=50,
    points=None,
    weight=None,
    wvar=None,
    wopts=None,
    maxp1=50,
    limlst=50,
    complex_func=False,
):
    f = _Followed(func, args if isinstance(args, tuple) else (args,))
    low, high = unwrap(a), unwrap(b)
    known = (epsabs, epsrel, limit, unwrap(points), weight, unwrap(wvar), wopts, maxp1, limlst, complex_func)
    value, error, *rest = integrate.quad(f, low, high, (), 1, *known)
    infos = [rest[0][part] for part in ("real", "imag")] if complex_func else [rest]
    infos = [each if isinstance(each, (tuple, list)) else (each,) for each in infos]
    if not full_output:
        for _, *message in infos:
            if message:
                warnings.warn(message[0], integrate.IntegrationWarning, stacklevel=2)
    if weight is not None and (f.varies or _varies(a) or _varies(b) or _varies(wvar)):
        raise TypeError("scipy.integrate.quad on a Tensor: weight= has no derivative; multiply it into the integrand.")
    last = [[info[name][: info["last"]] for name in ("alist", "blist")] for info, *_ in infos if "alist" in info]
    both = np.isinf(low) and np.isinf(high)
    # of the real and the imaginary part, whichever was harder
    intervals = max((_halves_of(both, ends) for ends in last), key=len) if last else []
    value = _with_history(value, f, a, b, intervals, points)
    return (value, error, *rest) if full_output else (value, error)


@composite(integrate.quad_vec)
def quad_vec(
    f,
    a,
    b,
    epsabs=1e-200,
    epsrel=1e-8,
    norm="2",
    cache_size=100e6,
    limit=10000,
    workers=1,
    points=None,
    quadrature=None,
    full_output=False,
    *,
    args=(),
):
    if workers != 1 and not callable(workers):
        raise TypeError("scipy.integrate.quad_vec on a Tensor: workers= hands no gradients over; leave it at 1.")
    followed = _Followed(f, args if isinstance(args, tuple) else (args,))
    known = (epsabs, epsrel, norm, cache_size, limit, workers, unwrap(points), quadrature, True)
    value, error, info = integrate.quad_vec(followed, unwrap(a), unwrap(b), *known)
    value = _with_history(value, followed, a, b, [sorted(each) for each in info.intervals.tolist()], points)
    return (value, error, info) if full_output else (value, error)
