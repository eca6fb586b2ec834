"""Places in other people's code: what is called from there, and by whom."""

from __future__ import annotations

import builtins
import dis
import functools
import inspect
import itertools
import os
import sys
from collections.abc import Callable
from types import CodeType, FrameType, TracebackType
from typing import Any

import numpy as np

_OURS = tuple(os.path.join(os.path.dirname(module), "") for module in (__file__, np.__file__))
_CALLS = {"CALL", "PRECALL", "CALL_KW", "CALL_FUNCTION_EX"}
_IN_PLACE = next(k for k, (_, sign) in enumerate(dis._nb_ops) if sign == "+=")  # type: ignore[attr-defined]
_LOADS = {"LOAD_FAST", "LOAD_DEREF", "LOAD_CLASSDEREF", "LOAD_CLOSURE", "LOAD_NAME", "LOAD_GLOBAL"}
_ATTRIBUTES = {"LOAD_ATTR", "LOAD_METHOD"}
# Libraries whose code takes plain arrays only, and so is not given Tensors that it did not ask for
HANDS_OFF = {"numpy", "gradarray", "pandas", "matplotlib", "numba", "jax", "torch", "h5py", "wrapt", "pytest"}
# ... but for the parts of NumPy that are written in NumPy calls
_WRITTEN_IN_NUMPY = ("numpy.polynomial", "gradarray.proxies")
_PYTHON_IN_NUMPY = ("vectorize.", "AxisConcatenator.", "ndenumerate.", "poly1d.", "nd_grid.")
_CYTHON = (".pyx", ".pxd", "<stringsource>")  # frames that only stand for a place
_PYTHON_MODULES = {"builtins", "functools", "itertools", "operator", "_operator", "_functools", "_collections"}

# ... and one whose code takes Tensors only while some of its matrices hold Tensors
_UNTIL_AWAKE = "scipy.sparse._"
awake = [False]

_direct: dict[tuple[int, int], tuple[bool | None, CodeType]] = {}


def is_direct(frame: FrameType) -> bool:
    """Whether what is called from ``frame`` right now is called by its own Python code, which takes Tensors.

    It is not if that has called a compiled function, which in turn has called.
    """
    code = frame.f_code
    key = (id(code), frame.f_lasti)
    known = _direct.get(key)
    if known is None:
        asleep = str(frame.f_globals.get("__name__", "")).startswith(_UNTIL_AWAKE)
        direct = _takes_tensors(frame) and not _is_compiled(callee_of(frame))
        known = _direct[key] = (None if asleep and direct else direct, code)
    return awake[0] if known[0] is None else known[0]


def _takes_tensors(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", ""))
    if module.partition(".")[0] not in HANDS_OFF:
        return True
    return module.startswith(_WRITTEN_IN_NUMPY) or frame.f_code.co_qualname.startswith(_PYTHON_IN_NUMPY)


def keeps_off(frame: FrameType) -> bool:
    """Whether ``frame`` is code that takes plain arrays only, of which NumPy's and ours are not."""
    return _keeps_off(str(frame.f_globals.get("__name__", "")))


@functools.cache
def _keeps_off(module: str) -> bool:
    package = module.partition(".")[0]
    return package in HANDS_OFF and package not in ("numpy", "gradarray")


def _is_compiled(fn: Any) -> bool:
    """Whether ``fn`` is compiled code that neither Python nor NumPy brings along."""
    if fn is None or inspect.isfunction(fn) or inspect.ismethod(fn) or hasattr(fn, "__wrapped__"):
        return False
    if isinstance(fn, type):
        return not fn.__flags__ & 1 << 9 and fn.__module__ not in _PYTHON_MODULES  # no class statement made it
    kind = type(fn)
    owner = getattr(fn, "__self__", None)
    module = getattr(fn, "__module__", None) or type(fn if owner is None else owner).__module__
    own = module in _PYTHON_MODULES or (module.startswith("numpy") and not module.startswith("numpy.random"))
    return kind.__name__ == "fortran" or not (own or hasattr(kind.__call__, "__code__"))


def callee_of(frame: FrameType) -> Any:
    """What ``frame`` is calling right now; None if its name does not tell."""
    steps = _callee_path(frame)
    if not steps:
        return None
    name, *attributes = steps
    spaces = (frame.f_locals, frame.f_globals, vars(builtins))
    found = next((space[name] for space in spaces if name in space), None)
    try:
        for attribute in attributes:
            found = getattr(found, attribute)
    except Exception:  # whatever a property may raise
        return None
    return found


@functools.lru_cache(maxsize=64)
def _instructions(code: CodeType) -> list[dis.Instruction]:
    return list(dis.get_instructions(code))


def _callee_path(frame: FrameType) -> list[str]:
    """The name, and the attributes, that the call which ``frame`` is at begins with."""
    instructions = _instructions(frame.f_code)
    call = next((i for i in reversed(instructions) if i.offset <= frame.f_lasti), None)
    if call is None or call.opname not in _CALLS or call.positions is None or call.positions.lineno is None:
        return []
    at = call.positions
    begins = [
        i
        for i in instructions
        if i.positions is not None
        and (i.positions.lineno, i.positions.col_offset) == (at.lineno, at.col_offset)
        and (i.positions.end_lineno, i.positions.end_col_offset) != (at.end_lineno, at.end_col_offset)
        and i.opname not in ("PUSH_NULL", "CACHE", "COPY_FREE_VARS", "RESUME", "PRECALL")
    ]
    # only what stands right before the arguments of this call, not of one with the same start
    begins = list(itertools.takewhile(lambda i: i.offset < call.offset, begins))
    simple = begins and begins[0].opname.partition("_CHECK")[0] in _LOADS
    if not simple or not all(i.opname in _ATTRIBUTES for i in begins[1:]):
        return []
    return [str(i.argval) for i in begins]


def user_level() -> int:
    """How far up the stack the first line stands that is neither gradarray's nor NumPy's, seen from the caller."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_OURS):
        level, frame = level + 1, frame.f_back
    return level


def user_line() -> str:
    """That line, as ``file:number``."""
    frame = sys._getframe(user_level() - 1)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def called() -> Any:
    """What is being called there; None if its name does not tell."""
    return callee_of(sys._getframe(user_level() - 1))


def user_call() -> str:
    """What that line is calling: its name as it is written there, or nothing if that is no name."""
    return ".".join(_callee_path(sys._getframe(user_level() - 1)))


def failed_call(trace: TracebackType | None, kind: type) -> str:
    """Where an error was raised, if by a compiled function in a place that holds values of ``kind``."""
    frame = _last_frame(trace, lambda name: name.endswith(_CYTHON))
    held = [] if frame is None else [*frame.f_locals.values()]
    held += [item for v in held if isinstance(v, (list, tuple)) for item in v]
    if frame is None or not any(type(v) is kind for v in held):
        return ""
    fn = callee_of(frame)
    if not _is_compiled(fn):
        return ""
    name = f"{getattr(fn, '__module__', None) or type(fn).__name__}.{getattr(fn, '__name__', fn)}"
    return f"{frame.f_code.co_filename}:{frame.f_lineno}: {name}"


def _last_frame(trace: TracebackType | None, passes: Callable[[str], bool]) -> FrameType | None:
    """The innermost frame of an error, but for those of files that are passed over."""
    frame: FrameType | None = None
    while trace is not None:
        if not passes(trace.tb_frame.f_code.co_filename):
            frame = trace.tb_frame
        trace = trace.tb_next
    return frame


def last_line(trace: TracebackType | None) -> str:
    """Where an error was raised, as ``file:number``."""
    frame = _last_frame(trace, lambda name: name.startswith(_OURS))
    return "" if frame is None else f"{frame.f_code.co_filename}:{frame.f_lineno}"


def formats() -> bool:
    """Whether it is ``"%f" % value`` that asks for a number."""
    return _operator(sys._getframe(user_level() - 1)) >= 0


def answers(frame: FrameType | None) -> bool:
    """Whether ``frame`` is on the way to what some object's ``__array__`` gives NumPy, which is to be a plain array."""
    for _ in range(6):
        if frame is None:
            return False
        if frame.f_code.co_name == "__array__":
            return True
        frame = frame.f_back
    return False


def rebinds() -> bool:
    """Whether it is an in-place operator that is at work, such as ``y += t``, which binds the result to its name."""
    return _operator(sys._getframe(user_level() - 1)) >= _IN_PLACE


def _operator(frame: FrameType) -> int:
    """The number of the binary operator that ``frame`` is at; -1 if it is at something else."""
    code = frame.f_code.co_code
    return code[frame.f_lasti + 1] if dis.opname[code[frame.f_lasti]].startswith("BINARY_OP") else -1


def asserts() -> bool:
    """Whether it is a function of `numpy.testing` that asks, which compares values."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_OURS):
        if str(frame.f_globals.get("__name__", "")).startswith("numpy.testing"):
            return True
        frame = frame.f_back
    return False
