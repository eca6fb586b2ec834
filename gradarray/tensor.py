"""The Tensor: an ndarray's face on a node of the graph. Each method hands on to a rule."""

from __future__ import annotations

import functools
import importlib
import inspect
import math
import operator
import sys
import warnings
import weakref
from collections.abc import Callable, Iterator
from typing import Any, NoReturn, cast

import numpy as np
from numpy import ndarray

from . import rules
from .dispatch import is_inner, plain_types, record, stacked, stand_ins, tensors_in, unwrap, use_tensor_type, wrap
from .graph import (
    Array,
    Hooked,
    Hooks,
    InvalidBackprop,
    Node,
    Origin,
    backward,
    gradient,
    hooked,
    identity,
    leaf,
    reachable,
    summed_by_products,
)
from .modes import detaching, state, wrote
from .pull import pull
from .registry import find, functions, ufuncs
from .sites import called, formats, keeps_off, user_call
from .ufuncs import call_method, call_of_objects, call_ufunc, is_of_objects, objects_of
from .views import (
    Variable,
    View,
    assign,
    before_write,
    borrow,
    expose,
    freeze,
    has_history,
    memory_of,
    node_of,
    root_of,
)

__all__ = ["Tensor", "rules"]

_GETITEM = Origin(operator.getitem, "indexing", False)
_ASTYPE = Origin(np.ndarray.astype, "astype", False)


def _function(fn: Any) -> Callable[..., Any]:
    return functions[fn].call


def _ufunc(fn: Any) -> Callable[..., Any]:
    return ufuncs[fn].call


def _reflected(fn: Any) -> Callable[..., Any]:
    call = ufuncs[fn].call
    return lambda self, other: call(other, self)


def _in_place(fn: Any) -> Callable[..., Any]:
    rule = ufuncs[fn]

    def write(self: Any, other: Any) -> Any:
        data = self._primal
        if isinstance(data, np.generic):
            return rule.call(self, other)
        kind = type(other)
        same = (kind is Tensor or kind in plain_types) and getattr(other, "dtype", None) is data.dtype
        if kind is float or kind is int or (same and other.ndim <= data.ndim):
            if not state().recording and type(data) is ndarray:
                before_write(root_of(self))
                rule.fn(data, unwrap(other), out=data)
                return self
            result = rule.call(self, other)
            if type(result) is Tensor and result.shape == data.shape and result.dtype is data.dtype:
                assign(self, Ellipsis, True, result)
                return self
        return call_ufunc(rule, (self, other), {"out": (self,)})  # casts, or says why it cannot

    return write


def _absent(name: str) -> Any:
    def get(self: Tensor) -> NoReturn:
        raise AttributeError(f"Tensor has no {name}: it would read memory past the graph. Use t.data.{name}.")

    return property(get)


def _of_number(name: str, method: Callable[[Tensor], Any]) -> Any:
    """A method of Python's floats, which fractions and statistics ask for: Tensors of shape () have it."""

    def get(self: Tensor) -> Any:
        if self.ndim:
            raise AttributeError(f"a Tensor of shape {self.shape} has no {name}; one of shape () has.")
        return functools.partial(method, self)

    return property(get)


class Tensor(Variable):
    """A NumPy array that remembers where it came from.

    NumPy's functions and operators on Tensors return Tensors and record what is needed to differentiate them;
    `backward` fills `grad`. Indexing, views and in-place writes are those of `numpy.ndarray`.

    Parameters
    ----------
    x : array_like
        Numbers, sequences, arrays, Tensors; also an array of another library that speaks NumPy's protocols.
    dtype : dtype_like, optional
        As for `numpy.array`; bool, integer, float or complex.
    constant : bool, optional
        If true, no gradient is recorded for it. Integers and bools always are constant; floats and complex
        numbers are not, unless told so.
    copy : bool, default True
        False shares the memory of ``x`` where that can be.
    ndmin : int, default 0
        The least number of dimensions.

    Raises
    ------
    TypeError
        If the data are not numbers.
    ValueError
        If integers are to be non-constant.

    Examples
    --------
    >>> import gradarray as ga
    >>> x = ga.Tensor([1.0, 2.0, 3.0])
    >>> y = x[:2]
    >>> (x**2).sum().backward()
    >>> x.grad
    array([2., 4., 6.])
    >>> y.grad
    array([2., 4.])
    """

    __slots__ = ()

    def __init__(
        self, x: Any, *, dtype: Any = None, constant: bool | None = None, copy: bool = True, ndmin: int = 0
    ) -> None:
        data, source = _data_of(x, dtype, copy, ndmin)
        if data.dtype.kind not in "biufc":
            raise TypeError(f"Tensor: the data have dtype {data.dtype}; give bool, integer, float or complex numbers.")
        inexact = data.dtype.kind in "fc"
        if constant is False and not inexact:
            raise ValueError(
                f"Tensor: constant=False with dtype {data.dtype}; only float and complex Tensors take gradients. "
                "Give a float dtype."
            )
        self._primal = data
        self._view = None
        self._memory = None
        self._saved = None
        self._node = leaf(data) if inexact and not constant else None
        if source is not None:
            borrow(self, source)

    # The graph

    @property
    def data(self) -> Any:
        """The plain array, shared, not copied. It is read-only while a graph needs its values."""
        return expose(self)

    @data.setter
    def data(self, value: Any) -> None:
        if value is not expose(self):
            raise AttributeError("Tensor.data cannot be replaced; write into it: t[...] = value.")

    @property
    def grad(self) -> Any:
        """The gradient of the last `backward` that reached this Tensor: an array of its shape and dtype, or None."""
        root = self if self._view is None else root_of(self)
        node = root._node
        node = node.inner if type(node) is Hooked else node
        if node is None or node.grad is None:
            return None
        g = gradient(node, root._primal)
        return g if self._view is None else self._view.apply(g)

    @property
    def base(self) -> Tensor | None:
        """The Tensor whose memory this one shows; None if it has its own."""
        view = self._view
        if view is not None and view.hidden:
            view = view.parent
        return None if view is None else cast(Tensor, view.base)

    @property
    def creator(self) -> Callable[..., Any] | None:
        """The function that made this Tensor; None for leaves, constants and after `backward`."""
        if self._view is not None:
            fn: Callable[..., Any] | None = self._view.origin.fn
            return fn if not self.constant else None
        node = self._node
        return node.origin.fn if node is not None and node.parent is not None else None

    @property
    def constant(self) -> bool:
        """Whether no gradient is recorded for this Tensor."""
        return root_of(self)._node is None

    def backward(self, grad: Any = None, *, create_graph: bool = False, retain_graph: bool = False) -> None:
        """Compute the gradient of this Tensor, or of its sum, for everything it was made from.

        Every non-constant Tensor of the graph that is still held gets a fresh `grad`. The graph is cleared.

        Parameters
        ----------
        grad : array_like, optional
            The incoming gradient, of a shape that broadcasts to this Tensor's; 1 by default. For a complex Tensor
            gradients are dL/d(re) + i dL/d(im) throughout.
        create_graph : bool, default False
            Make the gradients Tensors that can be differentiated again. The graph is retained.
        retain_graph : bool, default False
            Keep the graph, for another backward through it.

        Raises
        ------
        InvalidBackprop
            If this Tensor is constant, or a part of its graph was cleared by an earlier backward.
        ValueError
            If ``grad`` does not broadcast to the shape.
        TypeError
            If ``grad`` is not numeric.

        Examples
        --------
        >>> import gradarray as ga
        >>> x = ga.tensor([1.0, 2.0])
        >>> (x * x).backward([1.0, 10.0])
        >>> x.grad
        array([ 2., 40.])
        """
        node, seed = self.seeded(grad)
        if not create_graph:
            backward(node, seed, retain_graph)
            return
        nodes = reachable(node)
        found = pull(node, wrap(seed), nodes)
        for each in nodes:
            g = found.get(each, ())
            each.grad = g if type(g) is tuple else np.conj(g) if each.dtype.kind == "c" else g

    def seeded(self, grad: Any = None) -> tuple[Node, Array]:
        """The node that a walk starts from, and the gradient it starts with; errors as of `backward`."""
        root = (self if self._view is None else root_of(self))._node
        if root is None:
            raise InvalidBackprop(
                f"backward: this Tensor of dtype {self.dtype} is constant, nothing it was made from takes a gradient. "
                + ("Start from float Tensors." if self.dtype.kind not in "fc" else "Make its inputs non-constant.")
            )
        shape, dtype = self._primal.shape, self._primal.dtype
        if grad is None:
            seed = dtype.type(1) if shape == () else np.ones(shape, dtype)
        else:
            given = unwrap(grad)
            given = given if hasattr(given, "dtype") else np.asarray(given)
            if given.dtype.kind not in "biufc":
                raise TypeError(f"backward: grad has dtype {given.dtype}; give numbers.")
            if given.dtype.kind == "c" and dtype.kind != "c":
                raise TypeError(f"backward: grad is complex, the Tensor has dtype {dtype}.")
            if given.ndim > len(shape) or any(
                n not in (1, m) for n, m in zip(given.shape[::-1], shape[::-1], strict=False)
            ):
                raise ValueError(f"backward: grad of shape {given.shape} does not broadcast to the shape {shape}.")
            seed = np.array(np.broadcast_to(given, shape), dtype=dtype) if type(given) is ndarray else given
            seed = np.conj(seed) if dtype.kind == "c" else seed
        if self._view is not None and root.rest is not None:
            root = cast(Node, node_of(self))
        return root, seed

    def register_hook(self, hook: Callable[[Any], Any]) -> Hook:
        """Have ``hook`` see the gradient of this Tensor in each backward; what it returns, if anything, replaces it.

        Parameters
        ----------
        hook : callable
            Takes the gradient: an array, or with ``create_graph`` a Tensor.

        Returns
        -------
        Hook
            Its ``remove()`` takes the hook away.

        Raises
        ------
        TypeError
            For a constant Tensor, which gets no gradient, and for a view, which shares its base's.

        Examples
        --------
        >>> import gradarray as ga
        >>> x = ga.tensor([1.0, 2.0])
        >>> handle = x.register_hook(lambda g: 10 * g)
        >>> (x * x).backward()
        >>> x.grad
        array([20., 40.])
        >>> handle.remove()
        """
        if self._view is not None or self._node is None:
            what = "a view; register it on its base" if self._view is not None else "constant and gets no gradient"
            raise TypeError(f"register_hook: this Tensor is {what}.")
        handle = Hook(self, hook)
        handle.set((*memory_of(self).hooks, hook))
        return handle

    def null_grad(self) -> Tensor:
        """Set `grad` to None, for a view that of its base. Returns the Tensor."""
        node = root_of(self)._node
        if node is not None and node.grad is not None:
            node_of(root_of(self))
        return self

    def clear_graph(self) -> None:
        """Forget how this Tensor was made, and free what was kept for its gradient. It becomes a leaf."""
        root = root_of(self)
        if root._node is not None and root._node.edges:
            root._node = leaf(root._primal)

    def null_gradients(self, clear_graph: bool = True) -> None:
        """Do nothing: `backward` clears the graph and writes fresh gradients.

        .. deprecated:: 0.1
        """
        warnings.warn(
            "Tensor.null_gradients is deprecated: backward() clears the graph, and each writes fresh gradients.",
            FutureWarning,
            stacklevel=2,
        )

    # NumPy's protocols

    __array_priority__ = 100.0

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if has_history(self):
            if state().wrapped:
                if called() is np.broadcast:  # asks for shapes
                    few = self.size <= 4096
                    return objects_of(self) if few else np.broadcast_to(np.array(Unread(), object), self.shape)
                if user_call().endswith(".__array__"):  # called by its name
                    return self if dtype is None else self.astype(dtype)
            detaching("np.asarray, or a call that makes one,")
        data = expose(self)
        return np.array(data, dtype=dtype, copy=copy) if dtype is not None or copy else data

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        rule = ufuncs.get(ufunc)
        if rule is None:
            if not all(is_inner(type(x)) for x in inputs):
                return NotImplemented
            if method == "__call__" and not options and is_of_objects(ufunc):
                return call_of_objects(ufunc, inputs)
            rule = find(ufunc)
        if method == "__call__":
            if not options:
                return rule.call(*inputs)
            return call_ufunc(rule, inputs, options)
        if not all(is_inner(type(x)) for x in inputs):
            return NotImplemented
        return call_method(rule, method, inputs, options)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        rule = functions.get(func)
        if rule is None:
            rule = find(func)
        for kind in types:
            if kind is not Tensor and not is_inner(kind):
                return NotImplemented
        return rule.call(*args, **kwargs)

    # Indexing

    def __getitem__(self, index: Any) -> Any:
        data = self._primal
        place = index
        if type(index) is not int:
            index, _ = place = freeze(index)
        out = data[index]
        if type(out) is ndarray and out.base is not None and (out.base is data or out.base is data.base):
            t = wrap(out)
            t._view = View(self, out, _GETITEM, (operator.getitem, (index,), {}), None, place)
            return t
        node = node_of(self) if state().recording else None
        if node is None:
            return wrap(out)
        return record(_GETITEM, out, node, None, place)

    def __setitem__(self, index: Any, value: Any) -> None:
        unique = True
        if type(index) is not int:
            index, unique = freeze(index)
        if not isinstance(value, Variable):
            held = tensors_in(value) if type(value) not in plain_types else None
            value = value if held is None else stacked(held)
        assign(self, index, unique, value)

    def __delitem__(self, index: Any) -> NoReturn:
        raise ValueError("cannot delete Tensor elements; use np.delete or a mask to make another Tensor.")

    def __len__(self) -> int:
        return len(self._primal)

    def __iter__(self) -> Iterator[Any]:
        if self._primal.ndim == 0:
            raise TypeError("iteration over a 0-d Tensor")
        return (self[i] for i in range(len(self._primal)))

    def __contains__(self, item: Any) -> bool:
        return unwrap(item) in self._plain()

    @property
    def flat(self) -> Flat:
        """A flat view for iteration, indexing and writing."""
        return Flat(self)

    @flat.setter
    def flat(self, value: Any) -> None:
        Flat(self)[...] = value

    # Conversion

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        # what isinstance asks besides type(): unmodified code takes a Tensor for the array or number that it holds
        if not state().wrapped or keeps_off(sys._getframe(1)):
            return type(self)
        kind = type(self._primal)
        return stand_ins.get(kind, kind)

    def item(self, *args: Any) -> Any:
        """An element as a Python scalar; in wrapped context, if it takes a gradient, as a 0-d Tensor."""
        if not state().wrapped or self.constant:
            return self._primal.item(*args)
        if len(args) > 1 or (args and type(args[0]) is tuple):
            return self[args if len(args) > 1 else args[0]]
        if not args and self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self.flat[args[0] if args else 0]

    def tolist(self) -> Any:
        """The elements as nested lists of Python scalars; in wrapped context, with gradients, of 0-d Tensors."""
        if not state().wrapped or self.constant:
            return self._primal.tolist()
        return self if self.ndim == 0 else [x.tolist() for x in self]

    def tobytes(self, order: Any = "C") -> bytes:
        """The elements as bytes."""
        if state().wrapped and has_history(self):
            detaching("tobytes")
        return bytes(self._primal.tobytes(order))

    def tofile(self, fid: Any, sep: str = "", format: str = "%s") -> None:
        """Write the elements to a file."""
        self._plain().tofile(fid, sep, format)

    def dump(self, file: Any) -> None:
        """Pickle the plain array to a file."""
        self._plain().dump(file)

    def dumps(self) -> bytes:
        """The pickle of the plain array."""
        return bytes(self._plain().dumps())

    def __float__(self) -> float:
        if has_history(self) and not (state().wrapped and formats()):
            detaching("float()")
        return float(self._primal)

    def __complex__(self) -> complex:
        if has_history(self):
            detaching("complex()")
        return complex(self._primal)

    def __int__(self) -> int:
        return int(self._primal)

    def __bool__(self) -> bool:
        return bool(self._primal)

    def __index__(self) -> int:
        return operator.index(self._primal)

    def __round__(self, ndigits: int | None = None) -> Any:
        return round(self._primal) if ndigits is None else self.round(ndigits)

    def __floor__(self) -> Any:
        return math.floor(self._primal)

    def __ceil__(self) -> Any:
        return math.ceil(self._primal)

    def __trunc__(self) -> Any:
        return math.trunc(self._primal)

    def __format__(self, spec: str) -> str:
        data = self._primal
        if data.ndim:
            return format(data, spec)
        return wrote(format(data.item(), spec) if spec else format(data[()], spec), self)

    def __str__(self) -> str:
        return str(self._primal) if self.ndim else wrote(str(self._primal), self)

    def __repr__(self) -> str:
        if not isinstance(self._primal, (ndarray, np.generic)):
            return f"Tensor({self._primal!r})"
        text = repr(self._plain())
        return text.replace("array", "Tensor", 1).replace("\n", "\n ")

    def __copy__(self) -> Any:
        return self.copy()

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        if state().wrapped:
            return self.copy()
        new = type(self).__new__(type(self))
        copied = importlib.import_module("copy").deepcopy  # it is there when this is called
        new.__setstate__((copied(self._plain(), memo), copied(self.grad, memo), self.constant))
        return new

    def __reduce__(self) -> Any:
        if state().wrapped and has_history(self):
            detaching("pickling")
        return _rebuild, (self._plain(), self.grad, self.constant)

    def __setstate__(self, contents: Any) -> None:
        data, grad, constant = contents
        self._primal = np.asarray(data)
        self._view = None
        self._memory = None
        self._saved = None
        self._node = None if constant else leaf(self._primal)
        if self._node is not None and grad is not None:
            self._node.grad = grad

    # Operators: a rule's call itself

    __add__, __radd__, __iadd__ = _ufunc(np.add), _reflected(np.add), _in_place(np.add)
    __sub__, __rsub__, __isub__ = _ufunc(np.subtract), _reflected(np.subtract), _in_place(np.subtract)
    __mul__, __rmul__, __imul__ = _ufunc(np.multiply), _reflected(np.multiply), _in_place(np.multiply)
    __truediv__, __rtruediv__, __itruediv__ = _ufunc(np.divide), _reflected(np.divide), _in_place(np.divide)
    __floordiv__, __rfloordiv__, __ifloordiv__ = (
        _ufunc(np.floor_divide),
        _reflected(np.floor_divide),
        _in_place(np.floor_divide),
    )
    __mod__, __rmod__, __imod__ = _ufunc(np.remainder), _reflected(np.remainder), _in_place(np.remainder)
    __pow__, __rpow__, __ipow__ = _ufunc(np.power), _reflected(np.power), _in_place(np.power)
    __matmul__, __rmatmul__, __imatmul__ = _ufunc(np.matmul), _reflected(np.matmul), _in_place(np.matmul)
    __and__, __rand__, __iand__ = _ufunc(np.bitwise_and), _reflected(np.bitwise_and), _in_place(np.bitwise_and)
    __or__, __ror__, __ior__ = _ufunc(np.bitwise_or), _reflected(np.bitwise_or), _in_place(np.bitwise_or)
    __xor__, __rxor__, __ixor__ = _ufunc(np.bitwise_xor), _reflected(np.bitwise_xor), _in_place(np.bitwise_xor)
    __lshift__, __rlshift__, __ilshift__ = _ufunc(np.left_shift), _reflected(np.left_shift), _in_place(np.left_shift)
    __rshift__, __rrshift__, __irshift__ = _ufunc(np.right_shift), _reflected(np.right_shift), _in_place(np.right_shift)
    __divmod__, __rdivmod__ = _ufunc(np.divmod), _reflected(np.divmod)
    __neg__, __pos__, __abs__, __invert__ = map(_ufunc, (np.negative, np.positive, np.absolute, np.invert))
    __lt__, __le__, __gt__, __ge__ = map(_ufunc, (np.less, np.less_equal, np.greater, np.greater_equal))

    def __eq__(self, other: object) -> Any:
        return _equality(np.equal, self, other)

    def __ne__(self, other: object) -> Any:
        return _equality(np.not_equal, self, other)

    # Methods: a rule's call itself, where the parameters are the function's

    all, any = _function(np.all), _function(np.any)
    argmax, argmin = _function(np.argmax), _function(np.argmin)
    argsort, argpartition = _function(np.argsort), _function(np.argpartition)
    choose, clip, dot = _function(np.choose), _function(np.clip), _function(np.dot)
    conj = conjugate = _ufunc(np.conjugate)
    cumprod, cumsum = _function(np.cumprod), _function(np.cumsum)
    diagonal, trace = _function(np.diagonal), _function(np.trace)
    max, min = _function(np.max), _function(np.min)
    mean, std, var = _function(np.mean), _function(np.std), _function(np.var)
    nonzero, searchsorted = _function(np.nonzero), _function(np.searchsorted)
    prod, sum = _function(np.prod), _function(np.sum)
    ravel, repeat, round = _function(np.ravel), _function(np.repeat), _function(np.round)
    squeeze, swapaxes, take = _function(np.squeeze), _function(np.swapaxes), _function(np.take)

    def compress(self, condition: Any, axis: Any = None, out: Any = None) -> Any:
        """Selected slices along an axis."""
        return functions[np.compress].call(condition, self, axis, out)

    def flatten(self, order: Any = "C") -> Any:
        """A copy with one axis."""
        return functions[np.ravel].call(self.copy(), order)

    def reshape(self, *shape: Any, order: Any = "C", copy: Any = None) -> Any:
        """The same elements in another shape, a view where that needs no copy."""
        return functions[np.reshape].call(self, shape[0] if len(shape) == 1 else shape, order, copy=copy)

    def transpose(self, *axes: Any) -> Any:
        """A view with the axes in another order."""
        return functions[np.transpose].call(self, axes[0] if len(axes) == 1 else axes or None)

    # Shape and memory

    @property
    def shape(self) -> Any:
        """The lengths of the axes. Setting it reshapes in place, where that needs no copy."""
        return self._primal.shape

    @shape.setter
    def shape(self, shape: Any) -> None:
        data = self._plain()
        reshaped = data.reshape(shape)
        if not np.shares_memory(reshaped, data) and data.size:
            raise AttributeError("Tensor.shape: this needs a copy of the data; use reshape().")
        holder: Any = self
        if self._view is None:
            holder = wrap(data, self._node)
            holder._memory = self._memory
            holder._saved = self._saved
        view = View(
            holder, reshaped, functions[np.reshape], (np.reshape, (reshaped.shape,), {}), _reshape_back, (data.shape,)
        )
        view.hidden = True
        self._primal, self._view, self._node, self._memory, self._saved = reshaped, view, None, None, None

    @property
    def dtype(self) -> Any:
        """The type of the elements."""
        return self._primal.dtype

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return int(self._primal.ndim)

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(self._primal.size)

    @property
    def T(self) -> Any:
        """The transpose, a view; the Tensor itself where it has fewer than two axes."""
        return self if self._primal.ndim < 2 else self.transpose()

    @property
    def mT(self) -> Any:
        """The matrices transposed, a view."""
        if self._primal.ndim < 2:
            raise ValueError("matrix transpose with ndim < 2 is undefined")
        return self.swapaxes(-1, -2)

    def _plain(self) -> Any:
        return np.asarray(self._primal)

    @property
    def strides(self) -> Any:
        """The bytes to step along each axis."""
        return self._plain().strides

    @property
    def itemsize(self) -> int:
        """The bytes of one element."""
        return int(self._primal.itemsize)

    @property
    def nbytes(self) -> int:
        """The bytes of all elements."""
        return int(self._primal.nbytes)

    @property
    def flags(self) -> Any:
        """The memory layout; read-only information."""
        return expose(self).flags

    @property
    def device(self) -> str:
        """Where the data are."""
        return getattr(self._primal, "device", "cpu")

    def to_device(self, device: str, /, *, stream: Any = None) -> Tensor:
        """This Tensor, if ``device`` is where it is."""
        self._plain().to_device(device, stream=stream)
        return self

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        return sys.modules["numpy"]

    def __sizeof__(self) -> int:
        return object.__sizeof__(self) + int(self._plain().__sizeof__())

    @property
    def real(self) -> Any:
        """The real part, a view where NumPy's is one."""
        return functions[np.real].call(self) if self.dtype.kind == "c" else self

    @real.setter
    def real(self, value: Any) -> None:
        self.real[...] = value

    @property
    def imag(self) -> Any:
        """The imaginary part."""
        return functions[np.imag].call(self)

    @imag.setter
    def imag(self, value: Any) -> None:
        if self.dtype.kind != "c":
            raise TypeError(f"Tensor.imag: a Tensor of dtype {self.dtype} does not have an imaginary part to set.")
        self.imag[...] = value

    def view(self, dtype: Any = None, type: Any = None) -> Any:
        """A new Tensor on the same memory; a read-only copy for complex numbers as pairs of floats, or back."""
        cls = dtype if inspect.isclass(dtype) and issubclass(dtype, (ndarray, Tensor)) else type
        if cls in (ndarray, Tensor):
            dtype = None
        elif cls is not None:
            raise TypeError(
                f"Tensor.view: a Tensor cannot become a {cls.__name__}; use plain arrays and np.* functions, or t.data."
            )
        if dtype is not None and {np.dtype(dtype).char, self.dtype.char} in ({"d", "D"}, {"f", "F"}):
            self._primal.view(dtype)  # which raises where the shape or the strides do not fit
            if self.dtype.kind == "c":
                pairs: Any = np.reshape(np.stack((self.real, self.imag), axis=-1), (*self.shape[:-1], -1))
            else:
                pairs = self[..., 0::2] + 1j * self[..., 1::2]
            pairs._primal.flags.writeable = False
            return pairs
        if dtype is not None and np.dtype(dtype) != self.dtype:
            raise TypeError(
                f"Tensor.view: {np.dtype(dtype)} would reinterpret bytes of {self.dtype}; use astype, or t.data.view."
            )
        return self[...]

    def astype(
        self,
        dtype: Any,
        order: Any = "K",
        casting: Any = "unsafe",
        subok: bool = True,
        copy: bool = True,
        *,
        constant: bool | None = None,
    ) -> Any:
        """A copy with another dtype; gradients flow between float and complex dtypes."""
        if dtype is object or np.dtype(dtype) == object:
            return objects_of(self)
        out = self._primal.astype(dtype, order=order, casting=casting, subok=subok, copy=copy)
        if out is self._primal and not constant:
            return self
        node = node_of(self) if state().recording and out.dtype.kind in "fc" and not constant else None
        return wrap(out) if node is None else record(_ASTYPE, out, node, identity, None)

    def copy(self, order: Any = "C", *, constant: bool | None = None) -> Any:
        """A copy with memory of its own; gradients flow through it."""
        out = self._primal if isinstance(self._primal, np.generic) else np.array(self._primal, order=order)
        node = node_of(self) if state().recording and not constant else None
        return wrap(out) if node is None else record(_ASTYPE, out, node, identity, None)

    # Writing in place

    def fill(self, value: Any) -> None:
        """Set every element."""
        if np.ndim(value):
            raise ValueError("Tensor.fill: the value must be a scalar.")
        assign(self, Ellipsis, True, value)

    def sort(self, axis: int = -1, kind: Any = None, order: Any = None, *, stable: Any = None) -> None:
        """Sort in place."""
        assign(self, Ellipsis, True, functions[np.sort].call(self, axis, kind, order, stable=stable))

    def partition(self, kth: Any, axis: int = -1, kind: Any = "introselect", order: Any = None) -> None:
        """Partition in place."""
        assign(self, Ellipsis, True, functions[np.partition].call(self, kth, axis, kind, order))

    def put(self, indices: Any, values: Any, mode: Any = "raise") -> None:
        """Set elements of the flattened Tensor."""
        find(np.put).call(self, indices, values, mode)

    def byteswap(self, inplace: bool = False) -> NoReturn:
        """Not for Tensors."""
        raise TypeError("Tensor.byteswap would change what the numbers mean; use t.data.byteswap().")

    def getfield(self, dtype: Any, offset: int = 0) -> NoReturn:
        """Not for Tensors."""
        raise TypeError("Tensor.getfield reads bytes; use t.real and t.imag, or t.data.getfield().")

    def setfield(self, val: Any, dtype: Any, offset: int = 0) -> NoReturn:
        """Not for Tensors."""
        raise TypeError("Tensor.setfield writes bytes; assign to t.real, t.imag or t[...].")

    def setflags(self, write: Any = None, align: Any = None, uic: Any = None) -> None:
        """Set the flags of the memory."""
        if write and not self._plain().flags.writeable:
            raise ValueError("Tensor.setflags: this memory is read-only; copy() the Tensor to write.")
        self._primal = self._plain()
        self._primal.setflags(write, align, uic)

    def resize(self, *shape: Any, refcheck: bool = True) -> NoReturn:
        """Not for Tensors."""
        raise ValueError("Tensor.resize cannot change memory that a graph may need; use reshape, np.resize or np.pad.")

    as_integer_ratio = _of_number("as_integer_ratio", lambda self: float(self).as_integer_ratio())
    is_integer = _of_number("is_integer", lambda self: float(self._primal).is_integer())


# properties, since a __getattr__ would keep Python from its short ways to the slots
for name in (
    *("ctypes", "tostring", "__array_interface__", "__array_struct__"),
    *("__buffer__", "__dlpack__", "__dlpack_device__"),
):
    setattr(Tensor, name, _absent(name))


class Hook:
    """A hook of a Tensor, which `remove` takes away."""

    def __init__(self, t: Tensor, fn: Callable[[Any], Any]) -> None:
        self._tensor = weakref.ref(t)
        self._fn = fn

    def set(self, hooks: tuple[Callable[[Any], Any], ...]) -> None:
        """Let the Tensor have these hooks from now on."""
        t = self._tensor()
        if t is not None:
            memory = memory_of(t)
            memory.hooks = Hooks(hooks)
            node = cast(Node, t._node)
            inner = node.inner if type(node) is Hooked else node
            t._node = hooked(inner, memory.hooks) if hooks else inner

    def remove(self) -> None:
        """Take the hook away."""
        t = self._tensor()
        if t is not None:
            kept = [*memory_of(t).hooks]
            if self._fn in kept:
                kept.remove(self._fn)
            self.set(tuple(kept))


def _equality(ufunc: Any, a: Any, b: Any) -> Any:
    if isinstance(b, (str, bytes)):  # to which no number is equal
        return (operator.eq if ufunc is np.equal else operator.ne)(a._primal, b)
    return ufuncs[ufunc].call(a, b) if is_inner(type(b)) else NotImplemented


def _reshape_back(g: Array, shape: Any) -> Array:
    return np.reshape(g, shape)


def _rebuild(data: Any, grad: Any, constant: bool) -> Tensor:
    t = Tensor.__new__(Tensor)
    t.__setstate__((data, grad, constant))
    return t


class Unread:
    """Stands for the elements of a Tensor in `numpy.broadcast`, whose shape is asked for most of the time."""


class Flat:
    """The elements of a Tensor in C order: iterable, indexable, writable. As `numpy.flatiter`."""

    def __init__(self, base: Tensor) -> None:
        self.base = base
        self.index = 0  # of the element that comes next

    @property
    def coords(self) -> tuple[int, ...]:
        """Where that element is."""
        return tuple(int(i) for i in np.unravel_index(self.index % max(len(self), 1), self.base.shape))

    def __next__(self) -> Any:
        if self.index >= len(self):
            raise StopIteration
        self.index += 1
        return self[self.index - 1]

    def _index(self, index: Any) -> Any:
        return np.unravel_index(np.arange(self.base.size)[unwrap(index)], self.base.shape)

    def __iter__(self) -> Flat:
        return self

    def __len__(self) -> int:
        return self.base.size

    def __getitem__(self, index: Any) -> Any:
        return self.base[self._index(index)]

    def __setitem__(self, index: Any, value: Any) -> None:
        at, value = self._index(index), stacked(value)
        if np.size(value) > 1:
            value = np.ravel(value)[np.arange(np.size(at[0]) if at else 1) % np.size(value)]
            value = np.reshape(value, np.shape(at[0])) if at else value
        self.base[at] = value

    def copy(self) -> Any:
        """The elements as a new 1-d Tensor."""
        return self.base.flatten()


def _data_of(x: Any, dtype: Any, copy: bool, ndmin: int) -> tuple[Any, Any]:
    """The array to hold, and the array of somebody else's whose memory it shares, if any."""
    if isinstance(x, Variable):
        x = expose(x)
    elif isinstance(x, np.ma.MaskedArray):
        raise TypeError("Tensor: a masked array would lose its mask; give x.filled(value) or x.data.")
    if not isinstance(x, (ndarray, np.generic)) and hasattr(x, "__array_function__") and hasattr(x, "dtype"):
        return x if dtype is None else x.astype(dtype), None
    data = np.array(unwrap(x) if type(x) in (list, tuple) else x, dtype=dtype, copy=copy or None, ndmin=ndmin)
    shared = isinstance(x, ndarray) and not copy and np.may_share_memory(data, x)
    return (data.view(), x if type(x) is ndarray and data is x else data) if shared else (data, None)


use_tensor_type(Tensor)
summed_by_products.add(Tensor)
