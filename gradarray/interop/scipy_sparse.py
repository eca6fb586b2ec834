"""Sparse arrays and matrices of ``scipy.sparse`` times Tensors, and with Tensors as their values.

All functions and methods are registered: on plain arrays they run as SciPy has them, past the functions of NumPy that
wrapped context replaces, since compiled code is never far. Outside wrapped context ``a @ t`` is SciPy's own, which
takes a plain array of the Tensor; `gradarray.interop.sparse_matmul` works everywhere.
"""

import types

import numpy as np
from scipy import sparse

from ..context import Wrapping
from ..registry import composite, functions, refused, stacked, unwrap
from . import scipy_sparse_linalg  # noqa: F401, it registers rules
from .scipy_sparse_products import matmul
from .scipy_sparse_values import (
    canonical,
    dense,
    gathered,
    like,
    moving,
    numbered_init,
    own_of,
    plain,
    summed,
    triples,
    valued,
    with_data,
)

_FORMATS = ("csr", "csc", "coo", "bsr", "dia", "lil", "dok")
_CLASSES = [getattr(sparse, f"{name}_{kind}") for name in _FORMATS for kind in ("array", "matrix")]
_BASES = {base for cls in _CLASSES for base in cls.__mro__ if base.__module__.startswith("scipy.sparse")}

# What each method does where Tensors are involved; others run as they are, on what of this they call


def _scaled(self, other):
    a = self if valued(self) or self.format not in ("lil", "dok") else self.tocsr()
    return with_data(a, a.data * stacked(other))


def _matmul(self, other):
    other = stacked(other)
    return matmul(self, other) if np.ndim(other) or sparse.issparse(other) else _scaled(self, other)


def _reflected(self, other):
    other = stacked(other)
    return matmul(self.T, other.T).T if np.ndim(other) else _scaled(self, other)


def _multiplied(self, other):
    other = stacked(other)
    if not np.ndim(other) and not sparse.issparse(other):
        return _scaled(self, other)
    if not sparse.issparse(other):
        found = plain(self).multiply(unwrap(other))
        rows, cols, data = triples(self)
        other = np.broadcast_to(other, found.shape)
        if self.shape != found.shape:
            raise ValueError(f"multiply: shapes {self.shape} and {other.shape} on a Tensor; give the sparse one that.")
        return like(found, rows, cols, data * (other[rows, cols] if other.ndim == 2 else other[cols]))
    if self.shape != other.shape:
        raise ValueError(f"multiply: shapes {self.shape} and {other.shape} on a Tensor; give them the same.")
    shape = self.shape if self.ndim == 2 else (1, *self.shape)
    sides = [summed(triples(a), shape) for a in (self, other)]
    keys, left, right = np.intersect1d(*(r * shape[1] + c for r, c, _ in sides), return_indices=True)
    found = plain(self).multiply(plain(other))
    return like(found, *np.divmod(keys, shape[1]), sides[0][2][left] * sides[1][2][right])


def _combined(sign):
    def add(self, other):
        found = plain(self) + plain(other)
        (r1, c1, left), (r2, c2, right) = triples(self), triples(other)
        values = np.concatenate((left, right if sign > 0 else -right))
        shape = self.shape if self.ndim == 2 else (1, *self.shape)
        return like(found, *summed((np.concatenate((r1, r2)), np.concatenate((c1, c2)), values), shape))

    return add


def _divided(self, other, true_divide=True, rdivide=False):
    """Older versions of SciPy ask for true division."""
    if rdivide or sparse.issparse(other):
        raise NotImplementedError("division by a sparse array of Tensors: its zeros divide, too; use toarray().")
    other = stacked(other)
    if np.ndim(other):
        return _multiplied(self, 1 / other)
    a = _scaled(self, 1)
    double = np.can_cast(a.data.dtype, np.float64)  # SciPy divides single precision in double
    return _scaled(with_data(a, a.data.astype(np.float64)) if double else a, 1 / other)


def _power(self, n, dtype=None):
    a = canonical(self)
    data = a.data**n
    return with_data(a, data if dtype is None else data.astype(dtype))


def _summed(self, axis=None, dtype=None, out=None):
    if out is not None:
        raise NotImplementedError("sum(out=) of a sparse array of Tensors; assign the result.")
    rows, cols, data = triples(self)
    data = data if dtype is None else data.astype(dtype)
    axes = range(self.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    left = [k for k in range(self.ndim) if k not in [range(self.ndim)[a] for a in axes]]
    if not left or len(left) == 2:
        return np.sum(data) if not left else self
    total = gathered(data, (rows, cols)[left[0]], self.shape[left[0]])
    if isinstance(self, sparse.sparray):
        return total
    return np.expand_dims(total, 1 - left[0])


def _mean(self, axis=None, dtype=None, out=None):
    total = _summed(self, axis, dtype, out)
    return total / (float(np.prod(self.shape)) / total.size)


def _trace(self, offset=0):
    rows, cols, data = triples(self)
    return np.sum(data[np.flatnonzero(cols - rows == offset)])


def _with_data(self, data, copy=True):
    return with_data(self, data)


def _as_it_is(fn):
    """SciPy's own code, in wrapped context."""
    own = own_of(fn)

    def call(*args, **kwargs):
        with Wrapping(own):
            return own(*args, **kwargs)

    return call


_BODIES = {
    **dict.fromkeys(("__matmul__", "_matmul_dispatch"), _matmul),
    **dict.fromkeys(("__rmatmul__", "_rmatmul_dispatch"), _reflected),
    "_mul_scalar": _scaled,
    "multiply": _multiplied,
    "_add_sparse": _combined(1),
    "_sub_sparse": _combined(-1),
    "_add_dense": lambda self, other: dense(self) + other,
    "_divide": _divided,
    "power": _power,
    "_sub_dense": lambda self, other: dense(self) - other,
    "sum": _summed,
    "mean": _mean,
    "trace": _trace,
    "_rsub_dense": lambda self, other: other - dense(self),
    "_with_data": _with_data,
    "sum_duplicates": lambda self: self.__dict__.update(canonical(self).__dict__),
}
_MOVING = {"toarray", "todense", "asformat", "transpose", "diagonal", "reshape", "copy", "getrow", "getcol"}
_MOVING |= {f"to{name}" for name in _FORMATS} | {"__getitem__"}
_REFUSED = {"__setitem__", "setdiag", "max", "min", "nanmax", "nanmin", "argmax", "argmin", "maximum", "minimum"}
_REFUSED |= {"_divide_sparse", "tolil", "todok", "_maximum_minimum", "eliminate_zeros", "resize"}
_LEFT = {"__repr__", "__str__", "__len__", "__getattr__", "__bool__", "__iter__", "get_shape", "getformat"}

_INSTEAD = "it has no rule for matrices whose values are Tensors; use toarray(), or triples of values."

for _cls in _BASES:
    for _name, _fn in [*vars(_cls).items()]:
        if not isinstance(_fn, types.FunctionType) or _name in _LEFT:
            continue
        if _name in _BODIES:
            composite(_fn)(_BODIES[_name])
        elif _name == "__init__" and _cls in {c.__mro__[k] for c in _CLASSES for k in range(len(c.__mro__))}:
            composite(_fn)(numbered_init(own_of(_fn)))
        else:
            if _name in _REFUSED:
                refused(_INSTEAD, _fn)
            else:
                composite(_fn)(moving(_fn) if _name in _MOVING else _as_it_is(_fn))
            # there are hundreds, which matter only to matrices whose values are Tensors; see gradarray.context
            functions[_fn].call.dormant = True  # type: ignore[attr-defined]

# What makes matrices

for _name in sorted({*sparse.__all__}):
    _fn = getattr(sparse, _name)
    if isinstance(_fn, types.FunctionType):
        _moves = _name in {"hstack", "vstack", "bmat", "block_array", "block_diag", "tril", "triu"}
        composite(_fn)(moving(_fn) if _moves else _as_it_is(_fn))
