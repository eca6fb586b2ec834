"""Ufuncs with options, with several outputs, and the methods of ufuncs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .dispatch import Rule, Vjp, deliver, plain, record, refuse, unwrap, wrap
from .graph import Array, linked
from .modes import detaching, state
from .views import Variable, add_at, assign, freeze, has_history, node_of, preserve, root_of


def multiple_call(rule: Rule) -> Callable[..., Any]:
    def call(*inputs: Any) -> Any:
        return call_ufunc(rule, inputs, {})

    return call


_KEYWORDS = {"out", "where", "dtype", "casting", "order", "subok", "signature", "sig"}


def call_ufunc(rule: Rule, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """A ufunc with any of its options, or several outputs."""
    if rule.kind == "constant":
        return rule.call(*inputs, **options)
    fn = rule.fn
    values = tuple(unwrap(x) if isinstance(x, Variable) else plain(x) for x in inputs)
    if any(v is NotImplemented for v in values):
        return NotImplemented
    if unknown := options.keys() - _KEYWORDS:
        on_axes = ufunc_methods.get((fn, "__call__")) if unknown <= {"axes", "axis", "keepdims"} else None
        if on_axes is None:
            raise TypeError(f"{rule.name}: the option {min(unknown)!r} is not supported on Tensors.")
        return on_axes(*inputs, **options)
    outs = options.pop("out", None) or (None,) * fn.nout
    where = options.pop("where", True)
    mask = unwrap(where)
    if mask is not True:
        mask = np.array(mask)
        options["where"] = mask
    if any(o is not None for o in outs):
        options["out"] = tuple(None if o is None else np.array(unwrap(o)) for o in outs)
    results = fn(*values, **options) if mask is True or rule.name.startswith("np.") else _selected(fn, values, options)
    results = results if type(results) is tuple else (results,)
    written = tuple(
        deliver(_recorded(rule, k, inputs, values, result, mask, o), o)
        for k, (result, o) in enumerate(zip(results, outs, strict=True))
    )
    return written if fn.nout > 1 else written[0]


def _selected(fn: Any, values: Any, options: dict[str, Any]) -> Any:
    """A ufunc with ``where=``, which those of other libraries do not all bear: evaluated everywhere, and selected."""
    mask, outs = options.pop("where"), options.pop("out", None)
    results = fn(*values, **options)
    if outs is None:
        return results
    for out, result in zip(outs, results if type(results) is tuple else (results,), strict=True):
        np.copyto(out, result, "same_kind", mask)
    return outs


def _recorded(rule: Rule, k: int, inputs: Any, values: Any, out: Any, mask: Any, old: Any) -> Any:
    """The Tensor of output ``k`` of a ufunc; where ``mask`` is false it keeps what ``old`` held."""
    if not state().recording or out.dtype.kind not in "fc":
        return wrap(out)
    edges: list[Any] = []
    for place, x in enumerate(inputs):
        node = node_of(x) if isinstance(x, Variable) else None
        if node is None:
            continue
        found = [d for d in rule.derivatives if d.place == place]
        if not found:
            refuse(rule, place)
        vjp, keep = found[k].vjp, found[k].keep
        if vjp is not None:
            saved = keep((*values, out), inputs) if keep else None
            edges.append((node, vjp if mask is True else Masked(vjp, mask), saved))
    if mask is not True and isinstance(old, Variable) and (node := node_of(old)) is not None:
        edges.append((node, lambda g: np.where(mask, 0, g), None))
    return record(rule if mask is True else rule.selecting, out, *linked(edges)) if edges else wrap(out)


class Masked:
    """A derivative where a mask is true, and zero elsewhere."""

    def __init__(self, vjp: Vjp, mask: Array) -> None:
        self.vjp = vjp
        self.mask = mask

    def __call__(self, g: Array, *saved: Any) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):  # of elements that were not computed
            return np.where(self.mask, self.vjp(g, *saved), 0)


def is_of_objects(ufunc: np.ufunc) -> bool:
    """Whether `numpy.frompyfunc` made ``ufunc``: it calls a Python function for each element."""
    return ufunc.types == ["O" * ufunc.nin + "->" + "O" * ufunc.nout]


def call_of_objects(ufunc: Any, inputs: tuple[Any, ...]) -> Any:
    """Such a ufunc, its function called with 0-d Tensors; what it returns as Tensors."""
    results = ufunc(*(objects_of(x) if isinstance(x, Variable) else x for x in inputs))
    return tuple(map(_of_elements, results)) if ufunc.nout > 1 else _of_elements(results)


def objects_of(t: Any) -> Any:
    """An array of objects: the elements of a Tensor, each a 0-d Tensor."""
    made = np.empty(t.shape, object)
    for index in np.ndindex(t.shape):
        made[index] = t[index]
    return made


def _of_elements(objects: Any) -> Any:
    if type(objects) is not np.ndarray or not all(hasattr(x, "dtype") or type(x) in _NUMBERS for x in objects.flat):
        return objects
    return np.reshape(np.stack(objects.ravel().tolist()), objects.shape)


_NUMBERS = {int, float, complex, bool}
ufunc_methods: dict[tuple[Any, str], Callable[..., Any]] = {}


def call_method(rule: Rule, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """``ufunc.reduce`` and its kin."""
    fn = rule.fn
    body = ufunc_methods.get((fn, method))
    if body is not None:
        if options.get("out") is not None:
            options["out"] = options["out"][0]
        return body(*inputs, **options)
    if rule.kind == "constant" and method != "at":
        result = getattr(fn, method)(*[unwrap(x) for x in inputs], **{k: unwrap(v) for k, v in options.items()})
        return wrap(result) if result.dtype.kind in "iufc" else result
    if method == "outer" and not options:
        a, b = (x if hasattr(x, "ndim") else np.asarray(x) for x in inputs)
        return rule.call(np.reshape(a, (*a.shape, *(1,) * b.ndim)), b)
    if method == "at":
        return _at(rule, *inputs)
    raise TypeError(
        f"{rule.name}.{method} has no derivative in gradarray"
        + (f" with {', '.join(options)}" if options else "")
        + "; call it on t.data, or write it with functions that have one."
    )


def _at(rule: Rule, a: Any, indices: Any, b: Any = None) -> None:
    on_tensor = isinstance(a, Variable)
    if not on_tensor:
        if isinstance(b, Variable) and has_history(b):
            detaching(f"{rule.name}.at on a plain array")
        rule.fn.at(a, unwrap(indices), unwrap(b))
        return
    index, unique = freeze(indices)
    if rule.fn in (np.add, np.subtract):
        add_at(a, index, b, 1 if rule.fn is np.add else -1)
    elif a.dtype.kind not in "fc":
        preserve(root_of(a))
        rule.fn.at(a._primal, index, *(() if b is None else (unwrap(b),)))
    elif unique or np.unique(np.arange(a.size).reshape(a.shape)[index]).size == a._primal[index].size:
        part = a[index]
        assign(a, index, unique, rule.call(part) if b is None else rule.call(part, b))
    else:
        raise TypeError(f"{rule.name}.at with an index that occurs twice has no derivative in gradarray; use t.data.")
