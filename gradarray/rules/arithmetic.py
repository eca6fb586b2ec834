"""Arithmetic, the choice between two values, and what takes the place of a nan."""

import numpy as np

from ..registry import composite, differentiable, elementwise, identity, into, negation, ufunc_methods, unwrap
from .reductions import _kept, _spread
from .shape import array_of

_NONE = np._NoValue
_REDUCE = "(array, axis=0, dtype=None, out=None, keepdims=False, initial=np._NoValue, where=True)"


def _power_a(g, a, b):
    """b a**(b - 1); 0 where the exponent is 0, whatever the base."""
    return g * b * a ** (b - (b != 0))


def _power_b(g, a, out):
    """out log(a); 0 where the base is 0. The dtype is given because ``a`` may be a number without one."""
    return g * out * np.log(np.where(a == 0, 1, a), dtype=out.dtype)


def _first(wins):
    """Gradient to the value that ``wins(a, b)``; a tie is shared equally. A nan goes to itself."""
    return lambda g, a, b: np.where(a == b, 0.5 * g, np.where(wins(a, b), g, 0))


def _larger(a, b):
    return (a > b) | (a != a)


def _smaller(a, b):
    return (a < b) | (a != a)


def _larger_number(a, b):
    return (a > b) | (b != b)


def _smaller_number(a, b):
    return (a < b) | (b != b)


elementwise(np.add, a=identity, b=identity)
elementwise(np.subtract, a=identity, b=negation)
multiply = elementwise(np.multiply, a=lambda g, b: g * b, b=lambda g, a: g * a)
elementwise(np.divide, a=lambda g, b: g / b, b=lambda g, b, out: -(g * out / b))
elementwise(np.negative, x=negation)
elementwise(np.positive, x=identity)
elementwise(np.reciprocal, x=lambda g, out: -(g * out * out))
for power in (np.power, np.float_power):
    elementwise(power, a=_power_a, b=_power_b)
multiply.of_itself = elementwise(np.square, x=lambda g, x: 2.0 * g * x)
elementwise(np.fabs, x=lambda g, x: g * np.sign(x))
for remainder, quotient in ((np.remainder, np.floor_divide), (np.fmod, lambda a, b: np.trunc(a / b))):
    elementwise(remainder, a=lambda g: g, b=lambda g, a, b, q=quotient: -g * q(a, b))
elementwise(np.divmod, a=(None, lambda g: g), b=(None, lambda g, a, b: -g * np.floor_divide(a, b)))
elementwise(np.modf, x=(lambda g: g, None))
for extreme, wins in (
    (np.maximum, _larger),
    (np.minimum, _smaller),
    (np.fmax, _larger_number),
    (np.fmin, _smaller_number),
):
    share = _first(wins)
    elementwise(extreme, a=share, b=lambda g, a, b, f=share: f(g, b, a)).selects = True


def reduced(ufunc, vjp):
    """Register ``ufunc.reduce``, under the name it is called by."""
    rule = differentiable(ufunc.reduce, _REDUCE, array=vjp)
    rule.name = f"np.{ufunc.__name__}.reduce"
    ufunc_methods[ufunc, "reduce"] = rule.call
    return rule


def _extreme_number(g, array, out, axis, keepdims, where):
    """Equal shares to all elements that tie, nans only among nans; none if ``initial`` beats them."""
    best = _kept(out, array.shape, axis, keepdims)
    hit = ((array == best) | ((best != best) & (array != array))) & where
    ties = np.maximum(np.sum(hit, axis=axis, keepdims=True, dtype=g.dtype), 1)
    return _kept(g, array.shape, axis, keepdims) / ties * hit


def _first_and_rest(first, rest, axis, initial):
    """``first`` at the first element along an axis, ``rest`` at the others; ``rest`` at all if ``initial`` is first."""
    if initial is not _NONE:
        return rest
    if axis == ():
        return first
    axis = (0 if axis is None else axis[0] if isinstance(axis, tuple) else axis) % rest.ndim
    before = (slice(None),) * axis
    return np.concatenate((first[(*before, slice(1))], rest[(*before, slice(1, None))]), axis=axis)


def _subtract_reduce(g, array_shape, axis, keepdims, initial, where):
    """1 for the first element, -1 for those that are taken from it."""
    full = _spread(g, array_shape, axis, keepdims, where)
    return _first_and_rest(full, -full, axis, initial)


def _divide_reduce(g, array, out, axis, keepdims, initial, where):
    """For the first element 1 over the product of the others, for those -out over each."""
    g, out = (_kept(x, array.shape, axis, keepdims) for x in (g, out))
    ones = np.ones_like(array)
    divisors = _first_and_rest(ones, array, axis, initial)
    rest = -g * out / divisors
    rest = rest if where is True else np.where(where, rest, 0)
    if initial is not _NONE:
        return rest
    return _first_and_rest(g / np.prod(divisors, axis=axis, keepdims=True) * ones, rest, axis, initial)


for ufunc in (np.fmax, np.fmin):
    reduced(ufunc, _extreme_number).selects = True
reduced(np.subtract, _subtract_reduce)
reduced(np.divide, _divide_reduce)


def _accumulated(ufunc):
    """The extreme so far, taken from where it was met first."""
    name = f"np.{ufunc.__name__}.accumulate"

    def accumulate(array, axis=0, dtype=None, out=None):
        array = array_of(array)
        array = array if dtype is None else array.astype(dtype)
        best = np.moveaxis(ufunc.accumulate(unwrap(array), axis), axis, 0)
        now, before = best[1:], best[:-1]
        changed = (now != before) & ((now == now) | (before == before))
        places = np.zeros(best.shape, dtype=int)
        places[1:] = np.where(changed, np.reshape(np.arange(len(now)) + 1, (-1, *(1,) * (best.ndim - 1))), 0)
        places = np.moveaxis(np.maximum.accumulate(places, 0), 0, axis)
        return into(name, np.take_along_axis(array, places, axis), out)

    return accumulate


for either in (np.maximum, np.minimum, np.fmax, np.fmin):
    ufunc_methods[either, "accumulate"] = _accumulated(either)


@composite(np.nan_to_num)
def nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    x = x.copy("K") if copy else x
    if x.dtype.kind not in "fc":
        return x
    limits = np.finfo(x.dtype)
    posinf = limits.max if posinf is None else posinf
    neginf = limits.min if neginf is None else neginf
    for part in (x.real, x.imag) if x.dtype.kind == "c" else (x,):
        data = unwrap(part)
        for where, value in ((np.isnan(data), nan), (np.isposinf(data), posinf), (np.isneginf(data), neginf)):
            if np.any(where):
                np.copyto(part, value, where=where)
    return x
