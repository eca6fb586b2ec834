"""NumPy's functions under gradarray's name: for array-likes, with ``constant=``, giving Tensors."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .dispatch import stacked, wrap
from .modes import no_autodiff
from .registry import known
from .tensor import Tensor
from .views import has_history

# What makes arrays makes leaves; the others that take ``like=`` do, too.
MAKERS: set[Any] = {
    *(np.linspace, np.logspace, np.geomspace, np.zeros_like, np.ones_like, np.empty_like, np.full_like),
    *(np.array, np.asarray, np.zeros, np.ones, np.empty, np.full, np.arange, np.eye, np.identity, np.tri),
    *(np.asanyarray, np.ascontiguousarray, np.asfortranarray, np.require, np.fromfunction, np.fromiter),
    *(np.frombuffer, np.fromfile, np.fromstring, np.loadtxt, np.genfromtxt),
}
# Parameters that take a sequence of arrays, not an array
_SEQUENCES = {"arrays", "tup", "choices", "condlist", "choicelist", "funclist", "keys", "seq", "multi_index"}
# Functions whose lists say where each array belongs
_AS_GIVEN = {np.block, np.histogram2d, np.histogramdd}
_NOTE = """
    constant : bool, optional
        Whether the result takes no gradients. By default it does if it depends on something that does; what makes
        an array makes a leaf that does.
"""


_P = inspect.Parameter


def namespace(module: ModuleType, home: str, later: dict[str, str] | None = None) -> Callable[[str], Any]:
    """The ``__getattr__`` of the module called ``home``, which mirrors NumPy's ``module``.

    ``later`` holds names of its own that are imported when they are first asked for, and the submodules they are in.
    """

    def get(name: str) -> Any:
        if later and name in later:
            home_of = importlib.import_module(f"{home}.{later[name]}")
            return home_of if name == later[name] else getattr(home_of, name)
        if name.startswith("_") or not hasattr(module, name):
            raise AttributeError(f"neither {home} nor {module.__name__} has an attribute {name!r}")
        found = getattr(module, name)
        if callable(found) and not isinstance(found, type) and known(found) is not None:
            found = mirrored(found, home)
        setattr(sys.modules[home], name, found)
        return found

    return get


@functools.cache
def mirrored(fn: Any, home: str = "gradarray") -> Callable[..., Any]:
    """``fn`` for array-likes, also lists of Tensors, with ``constant=``; its float and complex results are Tensors."""
    signature = signature_of(fn)
    rule = None if isinstance(fn, np.ufunc) else known(fn)

    def call(*args: Any, constant: bool | None = None, **kwargs: Any) -> Any:
        args, kwargs = of_lists(fn, args, kwargs)
        # NumPy does not look at every argument when it decides whom to call
        reached = rule is not None and any(type(a) is Tensor for a in (*args, *kwargs.values()))
        target = rule.call if rule is not None and reached else fn
        if constant:
            with no_autodiff:
                return _wrapped(target(*args, **kwargs), True, False)
        return _wrapped(target(*args, **kwargs), constant, fn in MAKERS)

    functools.update_wrapper(call, fn)
    call.__module__, call.__qualname__ = home, fn.__name__
    call.__doc__ = _documented(fn)
    del call.__dict__["__wrapped__"]
    call.__dict__["__signature__"] = signature
    return call


def of_lists(fn: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments of ``fn`` with lists that hold Tensors as Tensors, or as lists of such where it takes several."""
    if fn in _AS_GIVEN:
        return args, kwargs
    depths = _depths(fn)
    last = len(depths) - 1
    args = tuple(stacked(a, depths[min(i, last)]) if type(a) in (list, tuple) else a for i, a in enumerate(args))
    return args, {name: stacked(a, int(name in _SEQUENCES)) for name, a in kwargs.items()}


@functools.cache
def _depths(fn: Any) -> list[int]:
    return [int(name in _SEQUENCES) for name in signature_of(fn).parameters]


def signature_of(fn: Any) -> inspect.Signature:
    """The signature of ``fn`` with ``constant=`` added."""
    rule = known(fn)
    parameters = [_P("args", _P.VAR_POSITIONAL), _P("kwargs", _P.VAR_KEYWORD)]
    # a function in C does not tell its own, before NumPy 2.4; its rule may know it
    for source in (rule.call if rule else fn, fn):
        with contextlib.suppress(ValueError):
            parameters = list(inspect.signature(source).parameters.values())
    constant = _P("constant", _P.KEYWORD_ONLY, default=None)
    last = len(parameters) - any(p.kind is p.VAR_KEYWORD for p in parameters)
    return inspect.Signature([*parameters[:last], constant, *parameters[last:]])


def _documented(fn: Any) -> str:
    """NumPy's docstring, but for its examples, which are of arrays, with ``constant``."""
    text = (fn.__doc__ or "").partition("\n\nExamples\n")[0].partition("\n    Examples\n")[0].rstrip()
    text = "\n\n".join(paragraph for paragraph in text.split("\n\n") if ">>>" not in paragraph)
    head, returns, rest = text.partition("Returns\n")
    indent = head[len(head.rstrip(" ")) :]
    note = _NOTE.replace("\n    ", "\n" + indent)
    return f"{head.rstrip()}{note}\n{indent}{returns}{rest}\n" if returns else f"{text}\n{note}"


def _wrapped(result: Any, constant: bool | None, makes: bool) -> Any:
    """``result`` with what is a float or complex array in it as Tensors."""
    if isinstance(result, (tuple, list)):
        items = [_wrapped(item, constant, makes) for item in result]
        return type(result)(*items) if hasattr(result, "_fields") else type(result)(items)
    if isinstance(result, Tensor):
        if constant is None or constant is result.constant or (constant is False and has_history(result)):
            return result
        return Tensor(result, constant=constant, copy=False)
    if not isinstance(result, (np.ndarray, np.generic)) or result.dtype.kind not in ("biufc" if makes else "fc"):
        return result
    if makes or constant is False:
        return Tensor(result, constant=constant, copy=False)
    return wrap(result)
