"""What stands in for NumPy's and Python's own functions while code runs in wrapped context.

Each does what it replaces, unless it is called in wrapped context and meets a Tensor, or makes an array that one may
be written into later. Functions that NumPy's protocols hand over need this only for lists of Tensors.
"""

from __future__ import annotations

import abc
import cmath
import contextlib
import contextvars
import functools
import importlib
import math
import operator
import statistics
import sys
import threading
import types
import typing
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.thread import _worker
from typing import Any, cast

import numpy as np
from numpy import ndarray

from .dispatch import Tensor, plain_types, shows, stacked, stand_ins, tensors_in, unwrap, wrap
from .graph import Node
from .mirror import MAKERS, of_lists
from .modes import read, state
from .registry import find, functions
from .sites import answers, is_direct
from .ufuncs import objects_of
from .views import root_of

Function = Callable[..., Any]


def converter(fn: Function, name: str) -> Function:
    """What makes an array of its first argument, called ``name``: a Tensor stays one, lists of them are stacked."""

    @functools.wraps(fn)
    def convert(*args: Any, **kwargs: Any) -> Any:
        frame = sys._getframe(1)
        if not state().wrapped or kwargs.get("like") is not None or not is_direct(frame):
            return fn(*args, **kwargs)
        a = args[0] if args else kwargs.get(name)
        given = tensors_in(a)
        if given is None:
            r = fn(*args, **kwargs)
            fresh = type(r) is ndarray and r is not a and r.ndim and r.base is None and r.dtype.kind in "fc"
            return wrap(r) if fresh and not answers(frame) else r
        kwargs.pop(name, None)
        return _converted(fn, given, *args[1:], **kwargs)

    return convert


def _converted(fn: Function, a: Any, *rest: Any, **kwargs: Any) -> Any:
    """``fn`` of a Tensor, or of a list or array of objects that holds Tensors."""
    dtype = rest[0] if rest else kwargs.get("dtype")
    if dtype is not None and np.dtype(dtype) == object:
        a = stacked(a)
        return a.copy() if type(a) is ndarray else objects_of(a)
    if type(a) is ndarray:
        if dtype is None:
            return fn(a, *rest, **kwargs)
        a = np.reshape(np.stack(a.ravel().tolist()), a.shape)
    r = functions[fn].call(a, *rest, **kwargs)
    return r if r is a else _floats(r)


def maker(fn: Function) -> Function:
    """What makes an array of a shape: a constant Tensor if it is of floats, so that Tensors can be written into it."""

    @functools.wraps(fn)
    def make(*args: Any, **kwargs: Any) -> Any:
        if not state().wrapped or kwargs.get("like") is not None or not is_direct(sys._getframe(1)):
            return fn(*args, **kwargs)
        if unwrap(args) is not args or any(unwrap(v) is not v for v in kwargs.values()):
            return _floats(find(fn).call(*args, **kwargs))
        r = fn(*args, **kwargs)
        return wrap(r) if type(r) is ndarray and r.dtype.kind in "fc" else r

    return make


def _floats(r: Any) -> Any:
    """``r``, a plain array if it is of integers or bools, a constant if it is a leaf."""
    if type(r) is not Tensor or r.dtype.kind not in "fc":
        return r._primal if type(r) is Tensor else r
    return wrap(r._primal) if type(r._node) is Node and not r._node.edges else r


def listed(fn: Function) -> Function:
    """A function that NumPy hands over for Tensors, for lists of them, too."""

    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        for a in (*args, *kwargs.values()) if kwargs else args:
            kind = type(a)
            if kind is not Tensor and kind not in plain_types and _opened(a) is not None and state().wrapped:
                opened = [_opened(v) for v in args]
                args = tuple(v if o is None else o for v, o in zip(args, opened, strict=True))
                kwargs = {name: v if (o := _opened(v)) is None else o for name, v in kwargs.items()}
                args, kwargs = of_lists(fn, args, kwargs)
                return find(fn).call(*args, **kwargs)
        return fn(*args, **kwargs)

    return call


def listed_ufunc(fn: Function) -> Function:
    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        for a in args:
            if type(a) in _LISTS and unwrap(a) is not a and state().wrapped:
                return fn(*map(stacked, args), **kwargs)
        return fn(*args, **kwargs)

    return call


_LISTS = {list, tuple}


def _opened(a: Any) -> Any:
    """What a sequence, or an object that NumPy would make an array of, holds; None if that is no Tensors."""
    kind = type(a)
    wraps = hasattr(kind, "__array__") and not hasattr(kind, "__array_ufunc__") and kind is not np.poly1d
    return tensors_in(a) if wraps or issubclass(kind, (list, tuple, deque)) else None


def fresh(fn: Function, call: Function) -> Function:
    """A function, called as ``call``, whose result may be written into later: a constant Tensor, as of a maker."""

    @functools.wraps(fn)
    def make(*args: Any, **kwargs: Any) -> Any:
        r = call(*args, **kwargs)
        if type(r) is ndarray and r.dtype.kind in "fc" and state().wrapped and not shows(args, r):
            return wrap(r) if is_direct(sys._getframe(1)) else r
        return r

    return make


_FRESH = {np.copy, np.diag, np.tile, np.repeat, np.concatenate, np.stack, np.vstack, np.hstack, np.column_stack}


# Functions of NumPy that nothing hands over


def _fromiter(iter: Any, dtype: Any, count: int = -1, *, like: Any = None) -> Any:
    items = list(iter) if count < 0 else [x for x, _ in zip(iter, range(count), strict=False)]
    if unwrap(items) is not items:
        return stacked(items).astype(dtype)
    return maker(np.fromiter)(items, dtype, len(items))


def _asarray_chkfinite(a: Any, dtype: Any = None, order: Any = None) -> Any:
    a = _converted(np.asarray, tensors_in(a), dtype, order)
    if a.dtype.kind in "fc" and not np.isfinite(unwrap(a)).all():
        raise ValueError("array must not contain infs or NaNs")
    return a


def _as_strided(
    x: Any, shape: Any = None, strides: Any = None, subok: bool = False, writeable: bool = True, **options: Any
) -> Any:
    """A copy of what the window shows, since its elements may overlap."""
    root = cast(Any, root_of(x))
    shape = x.shape if shape is None else shape if isinstance(shape, tuple) else tuple(np.atleast_1d(shape))
    strides = x.strides if strides is None else tuple(np.atleast_1d(strides))
    first = x._primal.__array_interface__["data"][0] - root._primal.__array_interface__["data"][0]
    places = np.full(shape, first // x.itemsize)
    for axis, (n, step) in enumerate(zip(shape, strides, strict=True)):
        places += np.reshape(np.arange(n) * (step // x.itemsize), (n, *(1,) * (len(shape) - axis - 1)))
    if not root._primal.flags.c_contiguous or np.any((places < 0) | (places >= root.size)):
        raise ValueError(
            f"as_strided: strides {strides} for the shape {shape} lead out of the memory of the Tensor, or that is not "
            "contiguous; index it instead."
        )
    return np.reshape(root, -1)[places]


def replacing(fn: Function, body: Function) -> Function:
    """``fn``, or ``body`` where a Tensor is among the arguments in wrapped context."""

    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        wanted = state().wrapped and (body is _fromiter or any(tensors_in(a) is not None for a in args))
        return (body if wanted and is_direct(sys._getframe(1)) else fn)(*args, **kwargs)

    return call


# The mathematical functions of Python, on 0-d Tensors


def scalar(fn: Function, body: Function) -> Function:
    """``fn`` of numbers, as ``body`` for Tensors; where one is out of the domain the error is Python's."""

    @functools.wraps(fn)
    def call(*args: Any) -> Any:
        for a in args:
            if (type(a) is Tensor or _number_of(a) is not a) and state().wrapped:
                args = tuple(map(_number_of, args))
                fn(*[x._primal.item() if type(x) is Tensor and not x.ndim else unwrap(x) for x in args])
                r = body(*args)
                return r if not getattr(r, "ndim", 0) else np.reshape(r, ())
        return fn(*args)

    return call


def _number_of(a: Any) -> Any:
    """The Tensor that an object stands for, by its ``__float__``; ``a`` if that is none."""
    ask = getattr(type(a), "__float__", None)
    found = ask(a) if type(ask) is types.FunctionType and type(a) is not Tensor else None
    return found if type(found) is Tensor else a


def sequence(fn: Function, body: Function) -> Function:
    """``fn`` of sequences of numbers, as ``body`` where they hold Tensors."""

    @functools.wraps(fn)
    def call(*args: Any) -> Any:
        held = [a if type(a) is Tensor or not hasattr(a, "__iter__") else list(a) for a in args]
        found = state().wrapped and any(type(a) is Tensor or unwrap(a) is not a for a in held)
        return body(*map(stacked, held)) if found else fn(*held)

    return call


def _special(name: str) -> Function:
    """A ufunc of SciPy, which has what NumPy lacks."""
    return lambda x: getattr(importlib.import_module("scipy.special"), name)(x)


def _log(x: Any, *base: Any) -> Any:
    return np.log(x) / np.log(base[0]) if base else np.log(x)


def _fraction(x: Any) -> Any:
    fraction, whole = np.modf(x)
    return fraction, float(unwrap(whole))


def _exponent(x: Any) -> Any:
    mantissa, exponent = np.frexp(x)
    return mantissa, int(unwrap(exponent))


_EXPONENTS = ("sqrt", "exp", "log10", "expm1", "exp2", "cbrt", "log2", "log1p")
_ANGLES = ("sin", "cos", "tan", "sinh", "cosh", "tanh")
_MATH: dict[str, Function] = {
    **{name: getattr(np, name) for name in (*_EXPONENTS, *_ANGLES)},
    **{f"a{name}": getattr(np, f"arc{name}") for name in _ANGLES},
    **{name: getattr(np, name) for name in ("fmod", "copysign", "degrees", "radians", "ldexp", "nextafter")},
    **{name: _special(name) for name in ("erf", "erfc", "gamma")},
    "lgamma": _special("gammaln"),
    "fabs": np.abs,
    "log": _log,
    "pow": np.power,
    "atan2": np.arctan2,
    "remainder": lambda x, y: x - y * np.round(unwrap(x) / unwrap(y)),
    "modf": _fraction,
    "frexp": _exponent,
    "fma": lambda x, y, z: x * y + z,
    "hypot": lambda *xs: functools.reduce(np.hypot, xs[1:], np.abs(xs[0])),
}
_COMPLEX: dict[str, Function] = {
    **{name: _MATH[name] for name in (*_EXPONENTS[:3], "log", *_ANGLES, *(f"a{name}" for name in _ANGLES))},
    "phase": np.angle,
    "polar": lambda z: (np.abs(z), np.angle(z)),
    "rect": lambda r, phi: r * np.exp(1j * phi),
}
_TESTS = ("isnan", "isinf", "isfinite", "isclose")
_SEQUENCES: dict[str, Function] = {
    "fsum": np.sum,
    "dist": lambda p, q: np.linalg.norm(np.subtract(p, q)),
    "sumprod": lambda p, q: np.sum(np.multiply(p, q)),
}


_STATISTICS: dict[str, Function] = {
    "mean": np.mean,
    "harmonic_mean": lambda data: len(data) / np.sum(1 / data),
    "variance": lambda data, *xbar: np.var(data, ddof=1),
    "stdev": lambda data, *xbar: np.std(data, ddof=1),
    "pvariance": lambda data, *mu: np.var(data),
    "pstdev": lambda data, *mu: np.std(data),
}
_OPERATORS = {
    **{name: getattr(operator, name) for name in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")},
    **{name: getattr(operator, name) for name in ("neg", "pos", "abs", "lt", "le", "gt", "ge", "eq", "ne")},
}


def _checked(fn: Function, body: Function) -> Function:
    """A sequence function that is asked first, for its errors."""

    def call(*args: Any) -> Any:
        fn(*([float(unwrap(x)) for x in a] if getattr(a, "ndim", 0) else unwrap(a) for a in args))
        return body(*args)

    return call


def _unbound_methods() -> dict[Any, Function]:
    """The methods of `float` by themselves, as ``float.__add__``, with what they are for Tensors."""
    table = {vars(float)[f"__{name}__"]: fn for name, fn in _OPERATORS.items()}
    reflected = {name: fn for name, fn in _OPERATORS.items() if f"__r{name}__" in vars(float)}
    table |= {vars(float)[f"__r{name}__"]: _reflected(fn) for name, fn in reflected.items()}
    return {method: scalar(method, body) for method, body in table.items()}


def _reflected(fn: Function) -> Function:
    return lambda a, b: fn(b, a)


def _tested(fn: Function) -> Function:
    @functools.wraps(fn)
    def call(*args: Any, **kwargs: Any) -> Any:
        return fn(*map(unwrap, args), **kwargs) if state().wrapped else fn(*args, **kwargs)

    return call


# The scalar types of NumPy


class _ScalarType(type):
    """Of a class that is, to whoever asks, one of NumPy's types of floats, and takes Tensors."""

    real: type
    python = False  # whether it is one of Python's

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if len(args) == 1 and state().wrapped:
            t = read(args[0])
            if t is not None:  # rounded as it was written
                return t.astype(cls.real) + (cls.real(args[0]) - cls.real(t._primal))
            given = tensors_in(_number_of(args[0]) if cls.python else args[0])
            if given is not None:
                t = stacked(given)
                if cls.python and t.ndim:
                    cls.real(unwrap(t))  # which raises, but for one element
                    t = np.reshape(t, ())
                return t.astype(cls.real, copy=False)
        if len(args) == 2 and cls.real is complex and unwrap(args) is not args:
            return args[0] + 1j * args[1]
        return cls.real(*args, **kwargs)

    def __instancecheck__(cls, instance: Any) -> bool:
        return isinstance(instance, cls.real)

    def __subclasscheck__(cls, subclass: type) -> bool:
        return issubclass(subclass, cls.real)

    def __eq__(cls, other: object) -> bool:
        return other is cls or other is cls.real if isinstance(other, type) else NotImplemented

    def __hash__(cls) -> int:
        return hash(cls.real)

    def __reduce__(cls) -> Any:
        return cls.real.__name__


def scalar_type(real: Any) -> Any:
    """What stands for ``real``, a type of floats or complex numbers."""
    fields = {"dtype": np.dtype(real), "__module__": real.__module__, "__doc__": real.__doc__}
    if real is float:
        fields |= {method.__name__: staticmethod(made) for method, made in _unbound_methods().items()}
    found = _ScalarType(real.__name__, (real,), fields)
    found.real = real
    found.python = real in (float, complex)
    return found


CONVERTERS = {
    name: converter(getattr(np, name), "object" if name == "array" else "a")
    for name in ("array", "asarray", "asanyarray", "ascontiguousarray", "asfortranarray", "require")
}


@functools.cache
def replacements() -> dict[Any, Any]:
    """What is replaced, wherever it is held, and by what."""
    table: dict[Any, Any] = {getattr(np, name): made for name, made in CONVERTERS.items()}
    later = {np.frombuffer, np.fromfile, np.fromstring, np.loadtxt, np.genfromtxt, np.fromiter}
    table |= {fn: maker(fn) for fn in MAKERS - later if fn not in table}
    table[np.fromiter] = replacing(np.fromiter, _fromiter)
    table[np.asarray_chkfinite] = replacing(np.asarray_chkfinite, _asarray_chkfinite)
    table[np.lib.stride_tricks.as_strided] = replacing(np.lib.stride_tricks.as_strided, _as_strided)
    for real in {np.dtype(char).type for char in "efdgFDG"}:
        table[real] = stand_ins[real] = scalar_type(real)
    for module, bodies in ((math, _MATH), (cmath, _COMPLEX)):
        known = {getattr(module, name): body for name, body in bodies.items() if hasattr(module, name)}
        table |= {fn: scalar(fn, _as_complex(body) if module is cmath else body) for fn, body in known.items()}
        table |= {fn: _tested(fn) for name in _TESTS if (fn := getattr(module, name, None))}
    table |= {
        fn: sequence(fn, body) for name, body in _SEQUENCES.items() if (fn := getattr(math, name, None)) is not None
    }
    for name, body in _STATISTICS.items():
        fn = getattr(statistics, name)
        table[fn] = sequence(fn, _checked(fn, body))
    table |= _unbound_methods()
    return {fn: _unbound(made) for fn, made in table.items()}


class _StandIn:
    """What builtins are: no method where a class holds it, itself when copied."""

    __wrapped__: Any

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return type(self.__wrapped__) if isinstance(self.__wrapped__, np.ufunc) else type(self)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__wrapped__, name)

    def __eq__(self, other: object) -> bool:
        return other is self or other is self.__wrapped__

    def __hash__(self) -> int:
        return hash(self.__wrapped__)

    def __deepcopy__(self, memo: Any) -> _StandIn:
        return self

    def __reduce__(self) -> Any:
        return self.__wrapped__.__reduce__()


def _unbound(made: Any) -> Any:
    """``made`` as builtins are."""
    if isinstance(made, type):
        return made
    # the type has __call__ itself, so that a call costs no frame of Python's
    return functools.update_wrapper(
        type(made.__name__, (_StandIn,), {"__call__": staticmethod(made)})(), made.__wrapped__
    )


def _as_complex(body: Function) -> Function:
    return lambda *xs: body(*(x.astype(complex) if type(x) is Tensor else x for x in xs))


def starts() -> dict[Any, Callable[[Any, Any], Any]]:
    """The functions that start threads, with what they are in wrapped context: the threads run in it, too."""

    def submit(args: Any, kwargs: Any) -> Any:
        pool, *call = args
        return own_submit(pool, contextvars.copy_context().run if state().wrapped else _called, *call, **kwargs)

    def start(args: Any, kwargs: Any) -> Any:
        if state().wrapped and getattr(args[0], "_target", None) is not _worker:  # which outlives what is submitted
            args[0].run = functools.partial(contextvars.copy_context().run, args[0].run)
        return own_start(*args, **kwargs)

    own_submit, own_start = map(_copied, (ThreadPoolExecutor.submit, threading.Thread.start))
    return {ThreadPoolExecutor.submit: submit, threading.Thread.start: start}


def _called(fn: Function, /, *args: Any, **kwargs: Any) -> Any:
    return fn(*args, **kwargs)


def _copied(fn: Any) -> Any:
    """A function with the code that ``fn`` has now."""
    return types.FunctionType(fn.__code__, fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__)


def instance_checks() -> dict[Any, Callable[[Any, Any], Any]]:
    """The functions that `isinstance` asks, with what they are for a Tensor: its ``__class__`` counts, not its type."""

    def asking(fn: Any) -> Callable[[Any, Any], Any]:
        own = _copied(fn)

        def check(args: Any, kwargs: Any) -> Any:
            cls, instance = args
            if type(instance) is Tensor and state().wrapped:
                with contextlib.suppress(TypeError):  # of a protocol with data
                    return issubclass(instance.__class__, cls)
            return own(*args)

        return check

    kinds = [abc.ABCMeta, *(getattr(typing, name, None) for name in ("_UnionGenericAlias", "_ProtocolMeta"))]
    found = [vars(kind).get("__instancecheck__") for kind in kinds if kind is not None]
    return {fn: asking(fn) for fn in found if fn is not None}


@functools.cache
def for_lists() -> dict[Any, Any]:
    """NumPy's functions that it hands over, as they are for lists of Tensors, but for those replaced above."""
    kind = type(np.sum)
    spaces = (np, np.linalg)
    every = {fn for space in spaces for fn in vars(space).values() if type(fn) is kind}
    made: dict[Any, Function] = {fn: listed_ufunc(fn) for fn in vars(np).values() if isinstance(fn, np.ufunc)}
    made |= {fn: fresh(fn, listed(fn)) if fn in _FRESH else listed(fn) for fn in every - replacements().keys()}
    return {fn: _unbound(call) for fn, call in made.items()}
