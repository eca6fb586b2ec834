"""Distribution functions of ``scipy.stats`` by shape parameters, where those of ``scipy.special`` have no derivative.

The derivative of the mass F below x is F times the mean, over what lies below x, of the derivative of log(density);
the same holds beyond x, of which the smaller is taken. The mean is that over the quantiles of a double exponential
rule, which integrates what grows like a logarithm to full precision.
"""

import types

import numpy as np
from scipy import special, stats
from scipy.stats import _stats

from ..modes import Mode
from ..registry import composite, differentiable, stacked, unwrap, wrap

wrapped = Mode(wrapped=True, detach="raise")  # what a rule calls of SciPy's own code goes on in it

_STEPS = np.linspace(-3.2, 3.2, 49)
_NODES = 1 / (1 + np.exp(-np.pi * np.sinh(_STEPS)))
_WEIGHTS = _NODES * _NODES[::-1] * np.cosh(_STEPS)
_WEIGHTS /= np.sum(_WEIGHTS)


def as_tensor(a):
    return wrap(np.asarray(a)) if unwrap(a) is a else stacked(a)


def _has_gradient(a):
    return unwrap(a) is not a and not stacked(a).constant


def plainly(fn, *args, **kwds):
    return fn(*map(unwrap, args), **{name: unwrap(v) for name, v in kwds.items()})


def newton(self, start, q, *args):
    """Two steps of Newton's method from the solution of cdf(x) = q: they have its derivatives up to the third."""
    x = start
    with wrapped:
        for _ in range(2):
            x = x - (self._cdf(x, *args) - q) / self._pdf(x, *args)
    return start + (x - unwrap(x))


def _change(self, mass, beyond, inverses, shapes):
    """What the mass below x changes by with the shapes: 0, with derivatives."""
    old = [unwrap(a)[..., None] for a in shapes]
    below = mass <= 0.5
    mass = np.where(below, mass, beyond)
    low, high = (inverse(self, mass[..., None] * _NODES, *old) for inverse in inverses)
    t = np.where(below[..., None], low, high)
    height = self._logpdf(t, *old)
    inside = np.isfinite(height)
    t = np.where(inside, t, t[..., len(_NODES) // 2, None])
    first, last = self._get_support(*old)
    for _ in range(4):  # rounding has moved some there, and may again
        first, last = np.nextafter(first, last), np.nextafter(last, first)
    t = np.clip(t, first, last)
    with wrapped:
        change = self._logpdf(wrap(t), *(a[..., None] for a in shapes))
    change = np.where(inside, change - unwrap(change), 0)
    return np.where(below, mass, -mass) * (np.expm1(change) @ _WEIGHTS)


def copied(fn):
    """SciPy's own ``fn``, whatever stands in for it."""
    own = types.FunctionType(fn.__code__, fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__)
    own.__kwdefaults__ = fn.__kwdefaults__
    return own


# Of angles, whose distribution function goes on beyond a turn; SciPy finds its inverse one by one

_arc = differentiable(
    _stats.von_mises_cdf,
    signature="(k_obj, x_obj)",
    x_obj=lambda g, k_obj, x_obj: g * np.exp(k_obj * special.cosm1(x_obj)) / (2 * np.pi * special.i0e(k_obj)),
).call


def _vonmises(self, x, kappa):
    return _arc(kappa, x)


def _masses_of_angle(self, x, kappa):
    mass = self._cdf(x, kappa) % 1
    return mass, 1 - mass


def _angle(self, q, kappa):
    """By bisection."""
    q, kappa = np.broadcast_arrays(q, kappa)
    low, high = np.full(q.shape, -np.pi), np.full(q.shape, np.pi)
    for _ in range(54):
        middle = (low + high) / 2
        below = self._cdf(middle, kappa) < q
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return (low + high) / 2


def _angle_from_above(self, q, kappa):
    return -_angle(self, q, kappa)


def by_shapes(cls, fn, sign):
    """A distribution function, or a survival function, with the derivatives by shapes that its own code lacks.

    Where x changes, too, the density at the middle of the change gives the mixed derivatives.
    """
    own, inverses = copied(fn), (copied(cls._ppf), copied(cls._isf))
    masses = lambda self, x, *shapes: (self._cdf(x, *shapes), self._sf(x, *shapes))  # noqa: E731
    if cls is type(stats.vonmises):
        own, inverses, masses = _vonmises if sign > 0 else own, (_angle, _angle_from_above), _masses_of_angle

    def call(self, x, *shapes):
        with wrapped:
            value = own(self, x, *map(unwrap, shapes))
        if not any(map(_has_gradient, shapes)):
            return value
        x, *full = np.broadcast_arrays(*map(as_tensor, (x, *shapes)))
        at, old = unwrap(x), [unwrap(a) for a in full]
        with np.errstate(all="ignore"):
            change = _change(self, *masses(self, at, *old), inverses, full)
        if _has_gradient(x):
            with wrapped:
                between = (x + at) / 2
                change = change + (x - at) * (self._pdf(between, *full) - self._pdf(between, *old))
        return value + sign * change

    return call


def _inverse(fn, survival):
    own = copied(fn)

    def call(self, q, *shapes):
        if not any(map(_has_gradient, shapes)):
            with wrapped:
                return own(self, q, *map(unwrap, shapes))
        return newton(self, plainly(own.__get__(self), q, *shapes), 1 - q if survival else q, *shapes)

    return call


_DISTRIBUTIONS = (
    *("beta", "betaprime", "chi", "chi2", "f", "gamma", "gengamma", "halfgennorm", "invgamma", "jf_skew_t", "loggamma"),
    *("nakagami", "rdist", "t", "vonmises"),
)
_GENERIC = {getattr(stats.rv_continuous, name) for name in ("_sf", "_ppf", "_isf")}

for cls in (type(getattr(stats, name)) for name in _DISTRIBUTIONS if hasattr(stats, name)):
    for mass, inverse, sign in ((cls._cdf, cls._ppf, 1), (cls._sf, cls._isf, -1)):
        for fn, rule in ((mass, by_shapes(cls, mass, sign)), (inverse, _inverse(inverse, sign < 0))):
            if fn not in _GENERIC:
                composite(fn)(rule)


def _from_half(half, x, *shapes):
    """The distribution function of what is symmetric around 0, where its density is not smooth, by that of its size."""
    with wrapped:
        tail = half._sf(np.abs(x), *shapes) / 2
    return np.where(unwrap(x) < 0, tail, 1 - tail)


for cls, half in ((type(stats.gennorm), stats.halfgennorm), (type(stats.dgamma), stats.gamma)):
    composite(cls._cdf)(lambda self, x, *shapes, half=half: _from_half(half, x, *shapes))
    composite(cls._sf)(lambda self, x, *shapes, half=half: _from_half(half, -x, *shapes))
    composite(cls._ppf)(_inverse(cls._ppf, False))
    composite(cls._isf)(_inverse(cls._isf, True))

for fn, survival in (
    (type(stats.invgauss)._ppf, False),
    (type(stats.invgauss)._isf, True),
    (type(stats.pearson3)._ppf, False),
):
    composite(fn)(_inverse(fn, survival))
