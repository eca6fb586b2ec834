"""Derivatives compared with differences, for the tests of functions and of rules."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy import ndarray

from .tensor import Tensor
from .transforms import jvp, vjp
from .trees import leaves, map_leaves

__all__ = ["check_grads"]

Function = Callable[..., Any]
ModeName = Literal["rev", "fwd"]

_MODES = ("rev", "fwd")
_TINY = 1e-20  # the complex step: its square is nothing beside any number
# by the bytes of a real number: what a derivative may be off by, and the step of differences
_TOLERANCE = {2: 5e-2, 4: 1e-3}
_STEP = {2: 1e-1, 4: 5e-3}


class _Options(NamedTuple):
    modes: tuple[str, ...]
    rtol: float | None
    atol: float | None
    eps: float | None
    rng: np.random.Generator


class _Output(NamedTuple):
    """One array that a function returned: where in its output, and what is known of its slope."""

    path: str
    value: ndarray
    slope: Any
    noise: float  # what the slope may be off by, because differences have to be rounded
    method: str


def check_grads(
    f: Function,
    args: Sequence[Any],
    order: int = 2,
    modes: ModeName | Sequence[ModeName] = ("rev", "fwd"),
    *,
    rtol: float | None = None,
    atol: float | None = None,
    eps: float | None = None,
    rng: np.random.Generator | int = 0,
) -> None:
    """Compare the derivatives of ``f`` with the slopes that its values show, along random directions.

    Slopes are those of plain NumPy: by a complex step, which is exact, where ``f`` takes complex numbers and is
    analytic, and by central differences elsewhere. The point should be no closer to a kink than the step.

    Parameters
    ----------
    f : callable
        Returns an array, a number, or a structure of them. It has to give the same at each call.
    args : sequence
        Its arguments: arrays, numbers, and nested lists, tuples, dicts and dataclasses of them. What is neither float
        nor complex is passed through.
    order : int, default 2
        How often to differentiate: with 2, the derivatives that each mode gives are themselves differentiated, by
        each mode.
    modes : {"rev", "fwd"} or sequence of them, default ("rev", "fwd")
        Check `vjp`, `jvp`, or both.
    rtol, atol : float, optional
        What a derivative may be off by, relative to its size and (for arguments of size 1) absolutely. By default
        both are 1e-6 in double precision, 1e-3 in single, 0.05 in half: the lowest of what goes in and comes out.
    eps : float, optional
        The step of central differences, relative to the size of an argument. By default 1e-5, or more for an ``f``
        that computes in single precision whatever it is given.
    rng : numpy.random.Generator or int, default 0
        Where directions come from, or a seed.

    Raises
    ------
    AssertionError
        If a derivative is wrong. The message names the modes, the argument and the place in it, the direction, and
        what was expected and found there.
    TypeError, ValueError
        If the arguments are none of the above, or there is nothing to differentiate.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> from gradarray.testing import check_grads
    >>> check_grads(lambda x, p: np.sin(x) @ p["w"], [np.ones(3), {"w": np.eye(3)}])

    A derivative that lacks a factor:

    >>> @ga.differentiable(x=lambda g, out: g * out)
    ... def power(x):
    ...     return 2.0**x
    >>> check_grads(lambda p: power(p["a"]), [{"a": 3.0}])  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    AssertionError: check_grads: the derivative of <lambda> in mode rev is wrong.
      argument:  0, at ['a']
      direction: ...
      expected:  ... (by complex step)
      got:       ...
    """
    if not callable(f):
        raise TypeError(f"check_grads: f is a {type(f).__name__}, not a function.")
    if not isinstance(args, (list, tuple)):
        raise TypeError(f"check_grads: args is a {type(args).__name__}, not a list of arguments; give [x].")
    if isinstance(order, bool) or not isinstance(order, (int, np.integer)):
        raise TypeError(f"check_grads: order={order!r}; give a whole number.")
    if order < 1:
        raise ValueError(f"check_grads: order={order!r}; give 1 or more.")
    chosen = (modes,) if isinstance(modes, str) else tuple(modes)
    if not chosen or not set(chosen) <= set(_MODES):
        raise ValueError(f"check_grads: modes={modes!r}; choose of 'rev' and 'fwd'.")
    for name, number in (("rtol", rtol), ("atol", atol), ("eps", eps)):
        if number is not None and not (number > 0 if name == "eps" else number >= 0):
            raise ValueError(f"check_grads: {name}={number!r}; give a positive number.")
    point = _Point([float(arg) if type(arg) is int else arg for arg in args])
    options = _Options(chosen, rtol, atol, eps, np.random.default_rng(rng))
    _Check(f, getattr(f, "__name__", type(f).__name__), point, (), 8, options).run(order)


class _Point:
    """Where derivatives are taken: the arguments, and the float and complex arrays and numbers in them."""

    def __init__(self, args: list[Any]) -> None:
        self.args = map_leaves(lambda x: x.data if isinstance(x, Tensor) else x, args)
        found = [(k, path, x) for k, arg in enumerate(self.args) for path, x in _walk(arg)]
        self.chosen = [_inexact(x) for *_, x in found]
        self.names = [f"{k}, at {path}" if path else f"{k}" for k, path, x in found if _inexact(x)]
        self.values = [x for *_, x in found if _inexact(x)]
        if not self.values:
            raise TypeError("check_grads: there is no float or complex number in the arguments.")
        # stepping in double precision shows the slope of a function of single precision, too
        self.wide = [x if _bytes(x) >= 8 else np.asarray(x).astype(f"{_kind(x)}{_width(x)}")[()] for x in self.values]

    def arguments(self, values: list[Any]) -> Any:
        """The arguments with other values, each a copy, which may be written."""
        rest = iter(values)

        def given(x: Any) -> Any:
            value = next(rest) if _inexact(x) else x
            return np.array(value, order="K") if _inexact(x) and isinstance(x, ndarray) else value

        return map_leaves(given, self.args)

    def chosen_of(self, trees: Any) -> list[Any]:
        """What stands in ``trees``, which have the structure of the arguments, at the places of the values."""
        return [g for g, wanted in zip(leaves(trees), self.chosen, strict=True) if wanted]


class _Check:
    """The check of one function: of ``f`` itself, or of what is differentiated in turn, by ``over``."""

    def __init__(
        self, f: Function, name: str, point: _Point, over: tuple[str, ...], precision: int, options: _Options
    ) -> None:
        self.f = f
        self.name = name
        self.point = point
        self.over = over
        self.options = options
        self.output = f(*point.arguments(point.values))
        self.chosen = [_inexact(y) for y in leaves(self.output)]
        if not any(self.chosen):
            raise TypeError(f"check_grads: {name} returned no float or complex number.")
        self.base = self._outputs(point.wide)
        self.precision = min(precision, *(_bytes(y) for _, y in self.base))  # that of the function itself
        given = min(self.precision, *(_bytes(x) for x in point.values))
        default = _TOLERANCE.get(given, 1e-6)
        self.rtol = default if options.rtol is None else options.rtol
        self.atol = default if options.atol is None else options.atol
        self.eps = _STEP.get(self.precision, 1e-5) if options.eps is None else options.eps

    def run(self, order: int) -> None:
        cotangent = map_leaves(lambda y: self._random(y) if _inexact(y) else np.zeros(np.shape(y)), self.output)
        directions = [self._random(x, _size(x)) for x in self.point.values]
        slopes = [self._slopes(k, d) for k, d in enumerate(directions)]
        if "rev" in self.options.modes:
            self._reverse(cotangent, directions, slopes)
        if "fwd" in self.options.modes:
            self._forward(directions, slopes)
        if order > 1:
            for mode in self.options.modes:
                derived = _gradient(self.f, cotangent) if mode == "rev" else _tangent(self.f, self._tree(directions))
                over = (mode, *self.over)
                _Check(derived, self.name, self.point, over, self.precision, self.options).run(order - 1)

    def _outputs(self, values: list[Any]) -> list[tuple[str, ndarray]]:
        found = _walk(self.f(*self.point.arguments(values)))
        return [(path, _plain(y)) for (path, y), wanted in zip(found, self.chosen, strict=True) if wanted]

    def _random(self, x: Any, size: Any = 1.0) -> Any:
        """Numbers of either sign between half of ``size`` and all of it, so that each of them counts."""
        rng, shape = self.options.rng, np.shape(x)
        d = size * rng.uniform(0.5, 1, shape) * rng.choice((-1, 1), shape)
        if _kind(x) == "c":
            d = d * np.exp(1j * rng.uniform(0, 2 * np.pi, shape))
        return np.asarray(d, _plain(x).dtype)[()]

    def _tree(self, directions: list[Any]) -> list[Any]:
        rest = iter(directions)
        found: list[Any] = map_leaves(lambda x: next(rest) if _inexact(x) else x, self.point.args)
        return found

    def _slopes(self, k: int, direction: Any) -> list[_Output]:
        """The slope of each output along ``direction`` in the ``k``-th value."""
        wide = self.point.wide

        def moved(step: float | complex) -> list[ndarray]:
            values = [*wide[:k], wide[k] + step * direction, *wide[k + 1 :]]
            return [y for _, y in self._outputs(values)]

        def central(step: float) -> list[ndarray]:
            return [(a - b) / (2 * step) for a, b in zip(moved(step), moved(-step), strict=True)]

        found = []
        rounding = 20 * float(np.finfo(f"f{self.precision}").eps) / self.eps
        exact = self._complex_step(k, moved, direction)
        for i, (coarse, fine) in enumerate(zip(central(self.eps), central(self.eps / 2), strict=True)):
            path, y = self.base[i]
            slope, error = (4 * fine - coarse) / 3, np.max(np.abs(fine - coarse), initial=0)
            margin = self._margin(slope, direction)
            # what two steps differ by tells of cancellation within f; close to a kink it would tell too much
            noise = rounding * float(np.max(np.abs(y), initial=0)) + min(float(error), 1e3 * margin)
            method = "central differences"
            # a function that is not analytic gives something else along the imaginary axis
            if exact and np.all(np.abs(exact[i] - slope) <= error + noise + margin):
                slope, noise, method = exact[i], 0, "complex step"
            found.append(_Output(path, y, slope, noise, method))
        return found

    def _complex_step(self, k: int, moved: Callable[[complex], list[ndarray]], direction: Any) -> list[ndarray] | None:
        if any(_kind(x) == "c" for x in (*self.point.values, *(y for _, y in self.base))):
            return None
        try:
            with warnings.catch_warnings(), np.errstate(all="ignore"):
                warnings.simplefilter("ignore")
                warnings.simplefilter("error", np.exceptions.ComplexWarning)
                found = [np.imag(y) / _TINY for y in moved(1j * _TINY)]
        except Exception:  # a function need not take complex numbers, and may say so in any way
            return None
        return found if [y.shape for y in found] == [y.shape for _, y in self.base] else None

    def _margin(self, size: Any, direction: Any) -> float:
        unit = min(1.0, float(np.max(np.abs(direction), initial=0)))
        return self.atol * unit + self.rtol * float(np.max(np.abs(size), initial=0))

    def _reverse(self, cotangent: Any, directions: list[Any], slopes: list[list[_Output]]) -> None:
        _, pullback = vjp(self.f, *self.point.arguments(self.point.values))
        gradients = self.point.chosen_of(pullback(cotangent))
        weights = [c for c, wanted in zip(leaves(cotangent), self.chosen, strict=True) if wanted]
        for k, (g, d, outputs) in enumerate(zip(gradients, directions, slopes, strict=True)):
            if np.shape(g) != np.shape(d):
                self._fail("rev", k, d, f"a gradient of shape {np.shape(d)}", f"one of shape {np.shape(g)}")
            got = np.sum(np.real(np.conj(_wide(g)) * _wide(d)))
            pairs = list(zip(weights, outputs, strict=True))
            expected = sum(np.sum(np.real(np.conj(_wide(c)) * y.slope)) for c, y in pairs)
            noise = sum(y.noise * float(np.sum(np.abs(c))) for c, y in pairs)
            terms = [np.sum(np.abs(_wide(g) * _wide(d))), *(np.sum(np.abs(_wide(c) * y.slope)) for c, y in pairs)]
            if not abs(got - expected) <= noise + self._margin(max(terms), d):
                methods = " and ".join(sorted({y.method for y in outputs}))
                self._fail("rev", k, d, f"{expected} (by {methods})", got)

    def _forward(self, directions: list[Any], slopes: list[list[_Output]]) -> None:
        for k, (d, outputs) in enumerate(zip(directions, slopes, strict=True)):
            tangents = self._tree([v if i == k else np.zeros_like(v) for i, v in enumerate(directions)])
            _, tangent = jvp(self.f, self.point.arguments(self.point.values), tangents)
            found = [v for v, wanted in zip(leaves(tangent), self.chosen, strict=True) if wanted]
            for v, y in zip(found, outputs, strict=True):
                place = f", in the output at {y.path}" if y.path else ""
                if np.shape(v) != y.value.shape:
                    self._fail("fwd", k, d, f"a tangent of shape {y.value.shape}{place}", f"one of shape {np.shape(v)}")
                off = np.abs(_wide(v) - y.slope)
                if not np.all(off <= y.noise + self._margin(y.slope, d)):
                    if off.ndim:
                        worst = np.unravel_index(np.argmax(np.where(np.isnan(off), np.inf, off)), off.shape)
                        place += f", furthest off at {tuple(map(int, worst))}"
                    self._fail("fwd", k, d, f"{_shown(y.slope)} (by {y.method}{place})", v)

    def _fail(self, mode: str, k: int, direction: Any, expected: Any, got: Any) -> None:
        names = " over ".join((mode, *self.over))
        raise AssertionError(
            f"check_grads: the derivative of {self.name} in mode {names} is wrong.\n"
            f"  argument:  {self.point.names[k]}\n"
            f"  direction: {_shown(direction)}\n"
            f"  expected:  {_shown(expected)}\n"
            f"  got:       {_shown(got)}"
        )


def _gradient(f: Function, cotangent: Any) -> Function:
    """The gradients of ``f``, conjugated: analytic where ``f`` is, so that they can be checked by a complex step."""

    def run(*args: Any) -> Any:
        return map_leaves(lambda g: np.conj(g) if _kind(g) == "c" else g, vjp(f, *args)[1](cotangent))

    return run


def _tangent(f: Function, direction: list[Any]) -> Function:
    """The derivative of ``f`` along ``direction``."""
    return lambda *args: jvp(f, args, direction)[1]


def _walk(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """The leaves of ``tree`` in the order of `leaves`, and where they are."""
    if isinstance(tree, (list, tuple)):
        fields = getattr(tree, "_fields", None)
        parts = [(f"[{i}]" if fields is None else f".{fields[i]}", item) for i, item in enumerate(tree)]
    elif isinstance(tree, dict):
        parts = [(f"[{key!r}]", item) for key, item in tree.items()]
    elif dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        parts = [(f".{field.name}", getattr(tree, field.name)) for field in dataclasses.fields(tree) if field.init]
    else:
        yield path, tree
        return
    for step, item in parts:
        yield from _walk(item, path + step)


def _plain(x: Any) -> ndarray:
    return np.asarray(x.data if isinstance(x, Tensor) else x)


def _kind(x: Any) -> str:
    return x.dtype.kind if hasattr(x, "dtype") else "c" if type(x) is complex else "f" if type(x) is float else ""


def _inexact(x: Any) -> bool:
    return isinstance(x, (float, complex, ndarray, np.generic, Tensor)) and _kind(x) in ("f", "c")


def _bytes(x: Any) -> int:
    """Those of a real number of the precision of ``x``."""
    return int(np.finfo(_plain(x).dtype).dtype.itemsize)


def _width(x: Any) -> int:
    return 16 if _kind(x) == "c" else 8


def _wide(x: Any) -> Any:
    """``x`` in double precision at least."""
    return _plain(x).astype(np.result_type(_plain(x), np.float64))


def _size(x: Any) -> Any:
    """How far to go in each element: as far as it is large, or all are where that is below 1."""
    size = np.abs(_wide(x))
    return np.maximum(size, min(1.0, np.max(size, initial=0)) or 1.0)


def _shown(x: Any) -> str:
    return x if isinstance(x, str) else np.array2string(_plain(x), threshold=20, separator=", ", prefix=" " * 13)
