"""Exponents and logarithms, roots, and floating point."""

import numpy as np

from ..registry import differentiable, elementwise, ufunc_methods, unwrap
from .arithmetic import reduced
from .cumulative import _reversed_cumsum
from .reductions import _kept

_LN2 = np.log(2.0).item()
_LN10 = np.log(10.0).item()


def _share(g, a, b, out, exp):
    """g exp(a - out); of two equal infinities each has a half."""
    infinite = np.isinf(out) & (a == out)
    g = np.where(infinite & (a == b), 0.5 * g, g)
    return g * exp(np.where(infinite, 0, a) - np.where(infinite, 0, out))


elementwise(np.exp, x=lambda g, out: g * out)
elementwise(np.exp2, x=lambda g, out: g * out * _LN2)
elementwise(np.expm1, x=lambda g, out: g * (out + 1))
elementwise(np.log, x=lambda g, x: g / x)
elementwise(np.log2, x=lambda g, x: g / (x * _LN2))
elementwise(np.log10, x=lambda g, x: g / (x * _LN10))
elementwise(np.log1p, x=lambda g, x: g / (x + 1))
for function, exp in ((np.logaddexp, np.exp), (np.logaddexp2, np.exp2)):
    elementwise(
        function,
        a=lambda g, a, b, out, f=exp: _share(g, a, b, out, f),
        b=lambda g, a, b, out, f=exp: _share(g, b, a, out, f),
    )
elementwise(np.sqrt, x=lambda g, out: g / (2 * out))
elementwise(np.cbrt, x=lambda g, out: g / (3 * out * out))

elementwise(
    np.copysign,
    a=lambda g, a, out: g * np.sign(a) * np.sign(out),
    b=lambda g: np.zeros_like(g),
)
elementwise(np.ldexp, a=lambda g, b: np.ldexp(g, b))
elementwise(np.frexp, x=(lambda g, x: np.ldexp(g, -np.frexp(x)[1]), None))
elementwise(np.nextafter, a=lambda g: g, b=lambda g: np.zeros_like(g))
elementwise(np.heaviside, a=lambda g: np.zeros_like(g), b=lambda g, a: g * (a == 0))


def _log_reduce(g, array, out, axis, keepdims, where, exp):
    """g exp(array - out); of equal infinities each has the same share."""
    g, out = (_kept(x, array.shape, axis, keepdims) for x in (g, out))
    tied = np.isinf(out) & (array == out) & where
    ties = np.maximum(np.sum(tied, axis=axis, keepdims=True, dtype=g.dtype), 1)
    without = tied | np.logical_not(where)
    r = g / ties * exp(np.where(without, 0, array) - np.where(without, 0, out))
    return r if where is True else np.where(where, r, 0)


def _log_accumulate(g, array, out, axis, exp):
    """exp(array) times the sum over this and later results of g exp(-out), with all exponents below those of a float.

    Where the results differ too much for that, step by step: s[i] = g[i] + s[i+1] d out[i+1] / d out[i].
    """
    finite = np.isfinite(unwrap(out))
    top = np.max(unwrap(out), where=finite, initial=0).item()
    low = np.min(unwrap(out), where=finite, initial=top).item()
    if finite.all() and top - low < np.log(np.finfo(out.dtype).max) / 3:
        return exp(array - top) * _reversed_cumsum(g * exp(top - out), axis)
    gs, rows, outs = (np.moveaxis(x, axis, 0) for x in (g, array, out))
    ones = np.ones_like(outs[1:])
    passed = _share(ones, outs[:-1], rows[1:], outs[1:], exp)
    sums = [gs[-1]]
    for i in range(len(rows) - 1, 0, -1):
        sums.append(gs[i - 1] + passed[i - 1] * sums[-1])
    taken = np.concatenate((np.ones_like(outs[:1]), _share(ones, rows[1:], outs[:-1], outs[1:], exp)), axis=0)
    return np.moveaxis(taken * np.stack(sums[::-1]), 0, axis)


for function, exp in ((np.logaddexp, np.exp), (np.logaddexp2, np.exp2)):
    reduced(
        function,
        lambda g, array, out, axis, keepdims, where, f=exp: _log_reduce(g, array, out, axis, keepdims, where, f),
    )
    rule = differentiable(
        function.accumulate,
        "(array, axis=0, dtype=None, out=None)",
        array=lambda g, array, out, axis, f=exp: _log_accumulate(g, array, out, axis, f),
    )
    rule.name = f"np.{function.__name__}.accumulate"
    ufunc_methods[function, "accumulate"] = rule.call


def _i1(x):
    """The modified Bessel function of order 1, the derivative of that of order 0.

    Up to 25 by its power series, https://dlmf.nist.gov/10.25.E2, whose terms are all of one sign, and beyond by its
    asymptotic expansion, https://dlmf.nist.gov/10.40.E1, whose terms fall below the rounding error there; each
    summed from the last term on, by the ratios of terms. Smooth, so that it can be differentiated again.
    """
    size = np.abs(x)
    near = size <= 25
    quarter = np.where(near, x, 0) ** 2 / 4
    series = 1 + quarter / (45 * 46)
    for k in range(44, 0, -1):
        series = 1 + series * quarter / (k * (k + 1))
    size = np.where(near, 25, size)
    expansion = 1 + (49**2 - 4) / (8 * 25) / size
    for k in range(24, 0, -1):
        expansion = 1 + expansion * ((2 * k - 1) ** 2 - 4) / (8 * k) / size
    # exp in two factors: it alone is too large for a float before the quotient is
    half = np.exp(size / 2)
    return np.where(near, x / 2 * series, np.sign(x) * (half * (expansion / np.sqrt(2 * np.pi * size)) * half))


elementwise(np.i0, x=lambda g, x: g * _i1(x))
