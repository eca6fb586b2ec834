"""`wrap`: functions, classes, objects and modules whose calls run in wrapped context."""

from __future__ import annotations

import operator
import types
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import wrapt

from .context import Wrapping, stand_in
from .dispatch import Tensor
from .traces import inner

_CALLABLES = (types.FunctionType, types.MethodType, types.BuiltinFunctionType, type(len), type)
# what is handed out as it is: containers, numbers, arrays, and what an except clause has to name
_PLAIN = (Tensor, np.ndarray, np.generic, tuple, list, dict, set, str, bytes, int, float, complex, type(None))


def wrap(obj: Any) -> Any:
    """``obj``, with every call through it running its own, unmodified code in wrapped context.

    In wrapped context code that knows nothing of gradarray is differentiated as it stands: `numpy.asarray` and its kin
    keep Tensors and take lists of them, `numpy.zeros` and its kin make what Tensors can be written into,
    ``isinstance(t, numpy.ndarray)`` is true, the functions of `math` take Tensors, and functions of other libraries
    that end in compiled code are replaced by their rules. What cannot be differentiated raises a `DetachError`.

    Parameters
    ----------
    obj : callable, class, module or object
        What it gives, such as the attributes of a module and the instances of a class, comes out wrapped, too;
        Tensors, arrays, numbers and containers come out as they are.

    Returns
    -------
    wrapt.ObjectProxy
        It has the name, signature, docstring and attributes of ``obj``.

    Raises
    ------
    TypeError
        For an array, number or container, which has no code of its own.

    Examples
    --------
    >>> import math
    >>> import gradarray as ga
    >>> def norm(v):
    ...     return math.sqrt(sum(x * x for x in v))
    >>> x = ga.tensor([3.0, 4.0])
    >>> ga.wrap(norm)(x).backward()
    >>> x.grad
    array([0.6, 0.8])
    """
    if isinstance(obj, _PLAIN):
        raise TypeError(f"wrap: {type(obj).__name__} is no code; give a function, class, module or an object of one.")
    return _wrapped(obj, _package(obj))


def _package(obj: Any) -> str:
    name = obj.__name__ if isinstance(obj, types.ModuleType) else getattr(obj, "__module__", None) or ""
    return name.partition(".")[0]


def _wrapped(obj: Any, package: str) -> Any:
    if isinstance(obj, (np.ufunc, *_PLAIN)) or (isinstance(obj, type) and issubclass(obj, BaseException)):
        return obj
    return _Proxy(obj, package)


def _attribute(found: Any, package: str) -> Any:
    """What an attribute of something wrapped is: wrapped, if it is code of the same package."""
    if isinstance(found, types.ModuleType):
        return _wrapped(found, package) if _package(found) == package else found
    return _wrapped(found, package) if isinstance(found, _CALLABLES) or _package(type(found)) == package else found


class _Given:
    """What wrapped code is given for the leaves among its arguments: copies, so that a write leaves those as they are.

    A leaf that was written would be the leaf of what was written, and what it held before would have no gradient.
    """

    def __init__(self) -> None:
        self.copies: dict[int, tuple[Tensor, Tensor, Any]] = {}

    def __call__(self, x: Any) -> Any:
        if type(x) is tuple:
            return tuple(map(self, x))
        if type(x) is not Tensor or x._view is not None or x._node is None or x._node.edges:
            return x
        if id(x) not in self.copies:
            t = inner(x)
            self.copies[id(x)] = x, t, t._node
        return self.copies[id(x)][1]

    def check(self, fn: Any) -> None:
        if any(t._node is not node for _, t, node in self.copies.values()):
            warnings.warn(
                f"{getattr(fn, '__name__', fn)} has written into an argument in place. The Tensor that was given keeps "
                "its value and its gradient. To see what is written, give a constant Tensor (constant=True) or a copy.",
                stacklevel=3,
            )


class _Proxy(wrapt.ObjectProxy):  # type: ignore[type-arg]
    """Any object whose code runs in wrapped context."""

    def __init__(self, wrapped: Any, package: str) -> None:
        super().__init__(wrapped)
        self._self_package = package
        self._self_mode = Wrapping(wrapped)

    def __getattr__(self, name: str) -> Any:
        with self._self_mode:  # a property is code, too
            found = getattr(self.__wrapped__, name)
        return _attribute(found, self._self_package)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        given = _Given()
        args = tuple(map(given, args))
        kwargs = {name: given(value) for name, value in kwargs.items()}
        result = self._self_mode.run(lambda *args, **kwargs: stand_in(self.__wrapped__)(*args, **kwargs), args, kwargs)
        given.check(self.__wrapped__)
        return _wrapped(result, self._self_package) if _package(type(result)) == self._self_package else result

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        bound = self.__wrapped__.__get__(instance, owner) if hasattr(self.__wrapped__, "__get__") else self.__wrapped__
        return _Proxy(bound, self._self_package)

    def __dir__(self) -> Any:
        return dir(self.__wrapped__)

    def __reduce__(self) -> Any:
        return wrap, (self.__wrapped__,)

    def __reduce_ex__(self, protocol: Any) -> Any:
        return self.__reduce__()

    def __instancecheck__(self, instance: Any) -> bool:
        return isinstance(instance, self.__wrapped__)

    def __mro_entries__(self, bases: Any) -> tuple[type, ...]:
        return (self.__wrapped__,)

    def __iter__(self) -> Any:
        return self._self_mode.run(lambda: (item for item in self.__wrapped__), (), {})


def _operator(fn: Callable[..., Any], reflected: bool = False) -> Callable[..., Any]:
    def call(self: Any, *others: Any) -> Any:
        operands = (*others, self.__wrapped__) if reflected else (self.__wrapped__, *others)
        return self._self_mode.run(fn, operands, {})

    return call


for _name in ("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "pow"):
    _fn = getattr(operator, _name)
    setattr(_Proxy, f"__{_name}__", _operator(_fn))
    setattr(_Proxy, f"__r{_name}__", _operator(_fn, reflected=True))
for _name in ("neg", "getitem", "lt", "le", "gt", "ge"):
    setattr(_Proxy, f"__{_name}__", _operator(getattr(operator, _name)))
