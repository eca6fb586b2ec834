"""Recording, the memory guard and the detach policy: settings that each thread and task has for itself."""

from __future__ import annotations

import functools
import importlib
import inspect
import warnings
import weakref
from collections.abc import Callable, Generator
from contextvars import ContextVar
from typing import Any, Literal, cast

import numpy as np

from .sites import asserts, user_call, user_level, user_line

Detach = Literal["ignore", "warn", "raise"]


class State:
    """The settings of one context, and those they replaced."""

    __slots__ = ("detach", "guarding", "nesting", "outer", "recording", "reverse", "watching", "wrapped")

    def __init__(self, outer: State | None = None, **settings: Any) -> None:
        self.recording: bool = outer.recording if outer else True
        self.nesting: bool = outer.nesting if outer else False  # whether a transform is running, which others belong to
        self.reverse: bool = outer.reverse if outer else True  # whether what carries a tangent is recorded, too
        self.watching: Callable[[Any, Any], Any] | None = outer.watching if outer else None  # see gradarray.debug
        self.guarding: bool = outer.guarding if outer else True
        self.wrapped: bool = outer.wrapped if outer else False  # see gradarray.wrap
        self.detach: Detach = outer.detach if outer else "warn"
        self.outer = outer
        for name, value in settings.items():
            setattr(self, name, value)


_DEFAULT = State()
_state: ContextVar[State] = ContextVar("gradarray", default=_DEFAULT)
state = _state.get


class DetachWarning(UserWarning):
    """A Tensor with a history was turned into a plain array or number, and its gradient ends there."""


class DetachError(TypeError):
    """As `DetachWarning`, where the policy is to raise."""


class Mode:
    """Settings for the length of a ``with`` block or of a decorated function, method, coroutine or generator.

    Parameters
    ----------
    **settings
        The fields of the context's state to set, and their values.

    Examples
    --------
    >>> import gradarray as ga
    >>> x = ga.tensor([1.0, 2.0])
    >>> with ga.no_autodiff:
    ...     y = 2 * x
    >>> y.constant
    True
    """

    def __init__(self, **settings: Any) -> None:
        self._settings = settings

    def __enter__(self) -> Mode:
        _state.set(State(_state.get(), **self._settings))
        return self

    def __exit__(self, *exc: object) -> None:
        _state.set(_state.get().outer or _DEFAULT)

    def __call__(self, wrapped: Callable[..., Any] | None = None) -> Any:
        """Decorate ``wrapped``: it runs in this mode, its signature and docstring stay."""
        if wrapped is None:  # "with no_autodiff():" does as well
            return self

        # wrapt keeps functions, methods and inspect working; it takes long to import and is not always needed
        def run(wrapped: Callable[..., Any], instance: Any, args: Any, kwargs: Any) -> Any:
            return self.run(wrapped, args, kwargs)

        return importlib.import_module("wrapt").decorator(run)(wrapped)

    def run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        """The result of ``fn`` in this mode; if it is a generator or coroutine, that runs in this mode, too."""
        with self:
            result = fn(*args, **kwargs)
        if inspect.isgenerator(result):
            return self._drive(result)
        return self._await(result) if inspect.iscoroutine(result) else result

    def _drive(self, generator: Generator[Any, Any, Any]) -> Generator[Any, Any, Any]:
        # the mode holds while the generator's own code runs, not while its consumer's does
        resume: Callable[[], Any] = functools.partial(next, generator)
        try:
            while True:
                try:
                    with self:
                        item = resume()
                except StopIteration as stop:
                    return stop.value
                try:
                    sent = yield item
                    resume = functools.partial(generator.send, sent)
                except GeneratorExit:
                    raise
                except BaseException as error:
                    resume = functools.partial(generator.throw, error)
        finally:
            with self:
                generator.close()

    async def _await(self, coroutine: Any) -> Any:
        with self:
            return await coroutine

    def __repr__(self) -> str:
        return f"Mode({', '.join(f'{k}={v!r}' for k, v in self._settings.items())})"


written: dict[str, tuple[str, Any]] = {}  # the texts as which numbers were written in wrapped context
_PRECISE = 8  # digits: what is shorter is read as the number that was written if it is the very same text


def wrote(text: str, number: Any) -> str:
    """``text``, from which the number may be read again."""
    if state().wrapped:
        if len(written) > 100:
            written.clear()
        written[text.strip()] = text, number
    return text


def read(text: Any) -> Any:
    """The Tensor that was written as a text; None if there is none."""
    if type(text) is not str or not written or text.strip() not in written:
        return None
    own, number = written[text.strip()]
    return number if own is text or sum(map(str.isdigit, text)) >= _PRECISE else None


no_autodiff = Mode(recording=False)
mem_guard_off = Mode(guarding=False)
mem_guard_on = Mode(guarding=True)
plainly = Mode(wrapped=False)  # for code that works on plain arrays
by_itself = Mode(nesting=False, recording=True, reverse=True)  # not to be differentiated by who is calling


def errstate(*, detach: Detach | None = None, **options: Any) -> Any:
    """What happens when a Tensor with a history is turned into a plain array or number implicitly.

    ``np.asarray(t)``, ``float(t)``, ``plain[i] = t`` and ``math.sin(t)`` end the graph. ``t.data``,
    ``t.item()`` and ``t.tolist()`` do too, but say so, and are always silent.

    Parameters
    ----------
    detach : {"ignore", "warn", "raise"}
        The default, outside any `errstate`, is ``"warn"``: once per place, in the manner of `warnings`.
    **options
        Those of `numpy.errstate`, on floating-point errors, instead.

    Returns
    -------
    Mode or numpy.errstate
        A context manager and decorator.

    Raises
    ------
    ValueError
        If ``detach`` is none of the three.
    TypeError
        If both are given, or neither.

    Examples
    --------
    >>> import gradarray as ga
    >>> y = 2 * ga.tensor(1.5)
    >>> with ga.errstate(detach="ignore"):
    ...     float(y)
    3.0
    """
    if (detach is None) is (not options):
        raise TypeError("errstate: give either detach=, or the options of numpy.errstate.")
    if detach is None:
        return np.errstate(**options)
    if detach not in ("ignore", "warn", "raise"):
        raise ValueError(f"errstate: detach={detach!r}; choose 'ignore', 'warn' or 'raise'.")
    return Mode(detach=detach)


def detaching(how: str, instead: str = "keep to np.* functions, operators and Tensors") -> None:
    """Apply the policy to a Tensor with a history that is about to be used as a plain value, by ``how``."""
    policy = _state.get().detach
    if policy == "ignore" or asserts():
        return
    message = (
        f"{how} ends the gradient of a Tensor. If that is meant, say so with t.data or gradarray.stop_gradient(t), or "
        f'within gradarray.errstate(detach="ignore"); if not, {instead}.'
    )
    if policy == "raise":
        called = user_call()
        raise DetachError(f"{user_line()}: " + (f"{called}(...) takes plain numbers: " if called else "") + message)
    warnings.warn(message, DetachWarning, stacklevel=user_level())


class Lock:
    """Keeps arrays read-only for as long as a graph that saved one of them lives."""

    __slots__ = ("__weakref__", "arrays", "key")

    key: int
    arrays: list[np.ndarray[Any, Any]]

    def add(self, array: np.ndarray[Any, Any]) -> None:
        if array.flags.writeable:
            array.setflags(write=False)
            self.arrays.append(array)

    def __del__(self) -> None:
        _locks.pop(self.key, None)
        for array in self.arrays:
            array.setflags(write=True)


_locks: dict[int, weakref.ref[Lock]] = {}


def owner_of(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """The array whose memory ``array`` shows."""
    while isinstance(array.base, np.ndarray):
        array = array.base
    return array


def can_lock(owner: np.ndarray[Any, Any]) -> bool:
    """Whether ``owner`` could be made writeable again, which NumPy allows where it knows who owns the memory."""
    if owner.base is None:
        return True
    try:
        return not memoryview(cast(Any, owner.base)).readonly
    except TypeError:
        return False


def lock(array: np.ndarray[Any, Any], owner: np.ndarray[Any, Any]) -> Lock | None:
    """Make ``array`` and ``owner`` read-only until the lock that is returned is dropped."""
    key = id(owner)
    ref = _locks.get(key)
    held = ref() if ref is not None else None
    if held is None:
        writeable = owner.flags.writeable
        if not (writeable or array.flags.writeable) or (owner.base is not None and not can_lock(owner)):
            return None
        held = Lock()
        held.key = key
        held.arrays = [owner] if writeable else []
        _locks[key] = weakref.ref(held)
        if writeable:
            owner.setflags(write=False)
    if array is not owner:
        held.add(array)
    return held
