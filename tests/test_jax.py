"""Rows of the catalogue, run on `jax.numpy` as they stand: the same values and gradients.

JAX lacks some functions and options; what it cannot run is no part of the comparison, whose size is asserted.
"""

import types
import warnings

import jax
import jax.numpy as jnp
import numpy as np
from catalogue import rows
from test_catalogue import close, cotangents, flat, gradients, inexact, made, tensors

jax.config.update("jax_enable_x64", True)
MODULES = {"numpy": jnp, "numpy.fft": jnp.fft, "numpy.linalg": jnp.linalg}
CANNOT = (AttributeError, TypeError, ValueError, NotImplementedError, IndexError, KeyError, jax.errors.JAXTypeError)
# Where JAX is wrong: the sign of a complex arccosh, and no gradient through the values of a set
ONLY_REAL = {np.arccosh}
ZERO = {
    *(np.unique, np.unique_all, np.unique_counts, np.unique_inverse, np.unique_values),
    *(np.union1d, np.setxor1d, np.intersect1d, np.setdiff1d),
}


def theirs(value):
    """The function of JAX for one of NumPy."""
    if callable(value) and not isinstance(value, type) and not hasattr(value, "__code__"):
        home = MODULES.get(getattr(value, "__module__", None) or "numpy", jnp)
        return getattr(home, value.__name__)
    return value


def transplanted(call):
    """A call of the catalogue with JAX's functions in the place of NumPy's."""
    if not isinstance(call, types.FunctionType):
        return theirs(call)
    defaults = tuple(theirs(value) for value in call.__defaults__ or ())
    return types.FunctionType(
        call.__code__, {**call.__globals__, "np": jnp}, call.__name__, defaults or None, call.__closure__
    )


def in_jax(row, arrays, weights):
    """Its outputs and gradients in JAX; None if it cannot."""
    try:
        call = transplanted(row.call)
        places = [k for k, x in enumerate(arrays) if x.dtype.kind in "fc"]

        def loss(*xs):
            inputs = [jnp.asarray(x) for x in arrays]
            for k, x in zip(places, xs, strict=True):
                inputs[k] = x
            outputs = [y for y in flat(call(*inputs)) if y.dtype.kind in "fc"]
            return sum(jnp.sum(jnp.real(jnp.conj(c) * y)) for c, y in zip(weights, outputs, strict=True)), outputs

        grads, outputs = jax.grad(loss, tuple(range(len(places))), has_aux=True)(
            *[jnp.asarray(arrays[k]) for k in places]
        )
    except CANNOT:
        return None
    return outputs, dict(zip(places, [np.conj(g) for g in grads], strict=True))


def test_gradients_are_those_of_jax():
    compared, differ = set(), []
    for row in rows:
        if row.fn in compared | ZERO or row.kind not in ("differentiable", "elementwise") or row.writes:
            continue
        arrays = made(row, complex=row.complex and row.fn not in ONLY_REAL)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = inexact(flat(row.call(*arrays)))
            weights = cotangents(expected, np.random.default_rng(1))
            answer = in_jax(row, arrays, weights)
        if answer is None:
            continue
        compared.add(row.fn)
        outputs, theirs = answer
        grads = gradients(row, tensors(arrays), weights)
        try:
            for y, e in zip(outputs, expected, strict=True):
                close(y, e, 1e-9)
            for k, g in theirs.items():
                close(grads[k], g, 1e-7)
        except AssertionError as error:
            differ.append(f"{row.id}: {str(error).strip().splitlines()}")
    assert not differ, "\n".join(differ)
    assert len(compared) >= 200
