"""Transforms: what they take and give, nesting in every order, closed forms, views and writes, threads, memory."""

import array
import dataclasses
import functools
import itertools
import math
import threading
import tracemalloc
from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gradarray as ga
from gradarray.graph import tags

X = np.array([0.5, -1.25, 2.0])
PLAIN = np.zeros(3)
Point = namedtuple("Point", "x y")


@dataclasses.dataclass
class Model:
    w: np.ndarray
    b: float
    name: str = "model"


def forward(f):
    """The derivative of a function of one number, by forward mode."""
    return lambda x: ga.jvp(f, [x], [1.0])[1]


BOTH = {"rev": ga.grad, "fwd": forward}
NESTINGS = list(itertools.product(BOTH.values(), repeat=2))
TRIPLES = list(itertools.product(BOTH.values(), repeat=3))


def named(d):
    return "rev" if d is ga.grad else "fwd"


def of_all(nestings):
    return pytest.mark.parametrize("ds", nestings, ids=["-".join(map(named, ds)) for ds in nestings])


def same(actual, expected, rtol=1e-12):
    """Equal values, equal types all through; a double is a Python number."""
    expected = expected.item() if isinstance(expected, (np.float64, np.complex128)) else expected
    assert type(actual) is type(expected)
    if isinstance(expected, dict):
        assert actual.keys() == expected.keys()
        actual, expected = list(actual.values()), list(expected.values())
    if isinstance(expected, (list, tuple)):
        assert len(actual) == len(expected)
        for a, e in zip(actual, expected, strict=True):
            same(a, e, rtol)
    elif isinstance(expected, np.ndarray):
        assert actual.dtype == expected.dtype
        assert actual.shape == expected.shape
        np.testing.assert_allclose(actual, expected, rtol=rtol, atol=rtol)
    elif isinstance(expected, (float, complex, np.generic)):
        np.testing.assert_allclose(actual, expected, rtol=rtol, atol=rtol)
    else:
        assert actual == expected


# What they take and give


def test_plain_in_plain_out():
    same(ga.grad(lambda x: np.sum(x**2))(X), 2 * X)
    same(ga.grad(lambda x: x**2)(3.0), 6.0)
    same(ga.value_and_grad(lambda x: x**2)(3.0), (9.0, 6.0))
    same(ga.value_and_grad(lambda x: np.sum(x))(X), (1.25, np.ones(3)))
    same(ga.elementwise_grad(np.sin)(X), np.cos(X))
    same(ga.elementwise_grad(np.sin)(0.5), math.cos(0.5))
    same(ga.jacobian(lambda x: 2 * x)(X), 2 * np.eye(3))
    same(ga.jacobian(lambda x: x * X)(2.0), X)
    same(ga.hessian(lambda x: np.sum(x**3))(X), np.diag(6 * X))
    same(ga.hessian(lambda x: x**3)(2.0), 12.0)
    same(ga.jvp(np.sin, [X], [np.ones(3)]), (np.sin(X), np.cos(X)))
    same(ga.jvp(lambda x: x * x, [2.0], [3.0]), (4.0, 12.0))
    same(ga.hvp(lambda x: x**3, [2.0], [3.0]), (36.0,))
    value, pullback = ga.vjp(lambda x, y: x * y, X, 2.0)
    same((value, pullback(np.ones(3))), (2 * X, (np.full(3, 2.0), 1.25)))
    value, derivative = ga.linearize(lambda x: x * x, 2.0)
    same((value, derivative(1.0), derivative(2.0)), (4.0, 4.0, 8.0))


def test_scalars():
    """A 0-d array stays one as a gradient, results are numbers; single precision keeps its type."""
    same(ga.grad(lambda x: x**2)(np.array(3.0)), np.array(6.0))
    same(ga.grad(lambda x: x**2)(np.float64(3)), 6.0)
    same(ga.grad(lambda x: x**2)(np.float32(3)), np.float32(6))
    same(ga.value_and_grad(lambda x: x**2)(np.float32(3)), (np.float32(9), np.float32(6)))
    same(ga.grad(lambda x: x**2)(3), 6.0)
    same(ga.jvp(lambda x: x**2, [3], [1]), (9.0, 6.0))
    same(ga.hessian(lambda x: x**3)(2), 12.0)
    same(ga.grad(lambda x: x.imag * x.real)(2 + 3j), 3 + 2j)


def test_single_precision():
    x = X.astype(np.float32)
    for f in (lambda x: np.sum(np.sin(x) * x), lambda x: np.sum(x**3) / 2):
        same(ga.grad(f)(x), ga.grad(f)(X).astype(np.float32), 1e-5)
        same(ga.hessian(f)(x), ga.hessian(f)(X).astype(np.float32), 1e-5)
        same(ga.hvp(f, [x], [np.ones(3)]), (ga.hvp(f, [X], [np.ones(3)])[0].astype(np.float32),), 1e-5)
    for mode in ("fwd", "rev"):
        same(ga.jacobian(lambda x: np.exp(x[:2]), mode=mode)(x), np.diag(np.exp(x))[:2], 1e-6)
    value, derivative = ga.linearize(lambda x: x * x, x)
    same((value, derivative(x)), (x * x, 2 * x * x))


def test_argnums():
    def f(x, y, z):
        return x * y**2 + z

    same(ga.grad(f)(2.0, 3.0, 4.0), 9.0)
    same(ga.grad(f, 1)(2.0, 3.0, 4.0), 12.0)
    same(ga.grad(f, -1)(2.0, 3.0, 4.0), 1.0)
    same(ga.grad(f, (1, 0))(2.0, 3.0, 4.0), (12.0, 9.0))
    same(ga.grad(f, (0,))(2.0, 3.0, 4.0), (9.0,))
    same(ga.grad(f, (1, 1))(2.0, 3.0, 4.0), (12.0, 12.0))
    same(ga.value_and_grad(f, (0, 2))(2.0, 3.0, z := 4.0), (22.0, (9.0, 1.0)))
    same(ga.grad(lambda x, *, k: k * x**2)(2.0, k=3), 12.0)
    same(ga.jacobian(lambda x, y: x * y, (0, 1))(X, 2.0), (2 * np.eye(3), X))
    same(ga.hessian(f, (0, 1))(2.0, 3.0, z), ((0.0, 6.0), (6.0, 4.0)))
    with pytest.raises(TypeError, match="argnums=3"):
        ga.grad(f, 3)(1.0, 2.0, 3.0)
    with pytest.raises(TypeError, match="argnums=1"):
        ga.jacobian(lambda x: x, 1)(1.0)


def test_aux():
    def f(x):
        y = np.sin(x)
        return np.sum(y), {"y": y, "n": 3, "name": "sine"}

    gradient, aux = ga.grad(f, has_aux=True)(X)
    same(gradient, np.cos(X))
    same(aux, {"y": np.sin(X), "n": 3, "name": "sine"})
    same(ga.value_and_grad(f, has_aux=True)(X), ((np.sum(np.sin(X)), aux), gradient))
    with pytest.raises(TypeError, match="has_aux"):
        ga.grad(np.sum, has_aux=True)(X)


TREES = [
    [1.5, X],
    (1.5, X),
    {"a": 1.5, "b": X},
    Point(1.5, X),
    {"p": [Point(1.5, (X,)), []], "q": ()},
    [1.5, 3, "name", None, True, X, np.arange(3), np.array([True, False])],
]


@pytest.mark.parametrize("tree", TREES, ids=repr)
def test_trees(tree):
    """Structures come back with the gradient at each float, and everything else as it was."""
    inexact = lambda x: isinstance(x, float) or (isinstance(x, np.ndarray) and x.dtype.kind == "f")  # noqa: E731

    def leaves(tree):
        if isinstance(tree, dict):
            tree = list(tree.values())
        return [x for item in tree for x in leaves(item)] if isinstance(tree, (list, tuple)) else [tree]

    def f(tree):
        return sum(np.sum(x**2) for x in leaves(tree) if isinstance(x, ga.Tensor))

    gradient = ga.grad(f)(tree)
    assert type(gradient) is type(tree)
    for g, x in zip(leaves(gradient), leaves(tree), strict=True):
        if inexact(x):
            same(g, 2 * x)
        else:
            assert g is x
    direction = ga.grad(f)(tree)
    value, tangent = ga.jvp(f, [tree], [direction])
    expected = sum(np.sum((2 * x) ** 2) for x in leaves(tree) if inexact(x))
    same((value, tangent), (f_plain(leaves(tree), inexact), expected))
    same(ga.hvp(f, [tree], [direction])[0], ga.grad(lambda t: 2 * f(t))(tree))
    same(ga.linearize(f, tree)[1](direction), expected)
    same(ga.vjp(f, tree)[1](1.0)[0], gradient)
    # a structure comes out as it went in
    value, pullback = ga.vjp(lambda t: t, tree)
    assert type(value) is type(tree)
    same(pullback(direction)[0], gradient)
    value, tangent = ga.jvp(lambda t: t, [tree], [direction])
    for v, t, x, d in zip(*map(leaves, (value, tangent, tree, direction)), strict=True):
        same(v, x) if inexact(x) else None
        same(t, d) if inexact(x) else None
        assert inexact(x) or v is x


def f_plain(xs, inexact):
    return float(sum(np.sum(x**2) for x in xs if inexact(x)))


def test_dataclass():
    model = Model(X, 2.0)
    gradient = ga.grad(lambda m, x: np.sum((m.w @ x + m.b) ** 2))(model, X)
    assert type(gradient) is Model
    assert gradient.name == "model"
    residual = X @ X + 2.0
    same(gradient.w, 2 * residual * X)
    same(gradient.b, 2 * residual)
    jacobian = ga.jacobian(lambda m: m.w * m.b)(model)
    same((jacobian.w, jacobian.b), (2 * np.eye(3), X))
    value, tangent = ga.jvp(lambda m: Model(m.w * m.b, m.b), [model], [Model(np.ones(3), 1.0)])
    same((value.w, tangent.w, tangent.b, tangent.name), (2 * X, 2 + X, 1.0, "model"))
    value, derivative = ga.linearize(lambda m: {"w": m.w * m.b}, model)
    same(derivative(Model(np.ones(3), 1.0)), {"w": 2 + X})


def test_structures_of_outputs():
    def f(x):
        return {"sin": np.sin(x), "parts": (x[0] * x[1], [x[2]]), "name": "f", "n": 2}

    for mode in ("fwd", "rev", None):
        jacobian = ga.jacobian(f, mode=mode)(X) if mode != "rev" else None
        if jacobian is not None:
            same(jacobian["sin"], np.diag(np.cos(X)))
            same(jacobian["parts"], (np.array([X[1], X[0], 0]), [np.array([0.0, 0, 1])]))
    value, tangent = ga.jvp(f, [X], [np.ones(3)])
    same(value["name"], "f")
    same(tangent["name"], "f")
    same(tangent["parts"], (X[0] + X[1], [1.0]))
    value, pullback = ga.vjp(f, X)
    c = {"sin": np.zeros(3), "parts": (1.0, [10.0]), "name": None, "n": 0}
    same(pullback(c), (np.array([X[1], X[0], 10.0]),))


def test_arguments_are_not_modified():
    """A function that writes into its argument changes a copy, and its gradient is by what it was given."""

    def f(x):
        x[0] = x[0] * x[1]
        x *= 2
        return np.sum(x)

    x = X.copy()
    expected = np.array([2 * X[1], 2 + 2 * X[0], 2.0])
    same(ga.grad(f)(x), expected)
    same(ga.jacobian(f, mode="fwd")(x), expected)
    same(ga.vjp(f, x)[1](1.0), (expected,))
    same(ga.jvp(f, [x], [np.array([1.0, 0, 0])])[1], expected[0])
    same(ga.linearize(f, x)[1](np.array([0, 1.0, 0])), expected[1])
    same(ga.hessian(f)(x), np.array([[0, 2.0, 0], [2.0, 0, 0], [0, 0, 0]]))
    same(x, X)
    t = ga.tensor(X)
    ga.grad(f)(t)
    ga.jvp(f, [t], [np.ones(3)])
    same(t.data.copy(), X)
    same(ga.grad(lambda x: np.sum(x.fill(1.0) or x))(X), np.zeros(3))


def test_what_does_not_depend():
    same(ga.grad(lambda x: 1.0)(X), np.zeros(3))
    same(ga.grad(lambda x: 1)(2.0), 0.0)
    same(ga.value_and_grad(lambda x: 1.0)(2.0), (1.0, 0.0))
    same(ga.grad(lambda x: np.sum(np.floor(x)))(X), np.zeros(3))
    same(ga.jvp(lambda x: (X, 2.0, "a"), [X], [X]), ((X, 2.0, "a"), (np.zeros(3), 0.0, "a")))
    same(ga.vjp(lambda x: X, X)[1](X), (np.zeros(3),))
    same(ga.linearize(lambda x: X, X)[1](X), np.zeros(3))
    for mode in ("fwd", "rev"):
        same(ga.jacobian(lambda x: X, mode=mode)(2.0), np.zeros(3))
        same(ga.jacobian(lambda x: X, mode=mode)(X[:2]), np.zeros((3, 2)))
    same(ga.hessian(lambda x: np.sum(x))(X), np.zeros((3, 3)))
    same(ga.hessian(lambda x: 1.0)(X), np.zeros((3, 3)))
    same(ga.grad(ga.grad(lambda x: 3 * x))(1.0), 0.0)


def test_empty():
    empty = np.zeros((0, 2))
    same(ga.grad(np.sum)(empty), empty)
    for mode in ("fwd", "rev", None):
        same(ga.jacobian(lambda x: 2 * x, mode=mode)(empty), np.zeros((0, 2, 0, 2)))
        same(ga.jacobian(lambda x: np.sum(x, axis=0), mode=mode)(empty), np.zeros((2, 0, 2)))
    same(ga.hessian(np.sum)(empty), np.zeros((0, 2, 0, 2)))


def test_complex():
    """Gradients are dL/d(re) + i dL/d(im); Jacobians and tangents are those of holomorphic functions."""
    z = np.array([1 + 2j, -0.5 + 0.25j])
    same(ga.grad(lambda z: np.sum(np.abs(z) ** 2))(z), 2 * z)
    same(ga.grad(lambda z: np.sum(np.real(z**2)))(z), 2 * np.conj(z))
    same(ga.grad(lambda x: np.sum(np.imag(np.exp(1j * x))))(X), np.cos(X))
    for mode in ("fwd", "rev"):
        same(ga.jacobian(np.exp, mode=mode)(z), np.diag(np.exp(z)))
        same(ga.jacobian(lambda x: np.exp(1j * x), mode=mode)(X), np.diag(1j * np.exp(1j * X)))
    v = np.array([0.5 - 1j, 2j])
    same(ga.jvp(np.exp, [z], [v]), (np.exp(z), np.exp(z) * v))
    same(ga.jvp(np.conj, [z], [v])[1], np.conj(v))
    same(ga.linearize(np.exp, z)[1](v), np.exp(z) * v)
    same(ga.linearize(np.conj, z)[1](v), np.conj(v))
    same(ga.vjp(np.exp, z)[1](v), (np.conj(np.exp(z)) * v,))
    with pytest.raises(TypeError, match="complex"):
        ga.grad(np.sum)(z)
    # the Hessian of |z|^4 along v: 4 |z|^2 v + 8 re(conj(z) v) z
    expected = 4 * np.abs(z) ** 2 * v + 8 * np.real(np.conj(z) * v) * z
    same(ga.hvp(lambda z: np.sum(np.abs(z) ** 4), [z], [v]), (expected,))


ERRORS = [
    (lambda: ga.grad(np.sin)(X), "grad: the function returned an array of shape \\(3,\\)"),
    (lambda: ga.grad(lambda x: [x])(1.0), "grad: the function returned a list"),
    (lambda: ga.grad(lambda x: None)(1.0), "grad: the function returned a NoneType"),
    (lambda: ga.grad(np.sum)(np.arange(3)), "grad: there is no float"),
    (lambda: ga.grad(lambda x: 1.0)("a"), "grad: there is no float"),
    (lambda: ga.jacobian(np.sum)([1, 2]), "jacobian: there is no float"),
    (lambda: ga.vjp(np.sum, "a"), "vjp: there is no float"),
    (lambda: ga.linearize(np.sum, "a"), "linearize: there is no float"),
    (lambda: ga.jvp(np.sin, 1.0, 1.0), "jvp: primals and tangents are sequences"),
    (lambda: ga.jvp(np.sin, [1.0], [1.0, 2.0]), "jvp: 1 primals and 2 tangents"),
    (lambda: ga.hvp(np.sum, [X], []), "1 primals and 0 tangents"),
    (lambda: ga.jvp(np.sin, [X], [1.0]), "jvp: .*\\(\\).*\\(3,\\)"),
    (lambda: ga.jvp(lambda p: p[0], [[X]], [[X, X]]), "structure"),
    (lambda: ga.jvp(lambda p: p["a"], [{"a": X}], [{"b": X}]), "structure"),
    (lambda: ga.vjp(np.sin, X)[1](1.0), "vjp: .*\\(\\).*\\(3,\\)"),
    (lambda: ga.vjp(lambda x: (x, x), X)[1](X), "structure"),
    (lambda: ga.linearize(np.sin, X)[1](1.0), "linearize: .*\\(\\).*\\(3,\\)"),
    (lambda: ga.linearize(np.sin, X)[1](), "linearize: 1 primals and 0 tangents"),
    (lambda: ga.jacobian(np.sin, mode="both"), "jacobian: mode='both'"),
]


@pytest.mark.parametrize(("call", "words"), ERRORS, ids=[f"{k}" for k in range(len(ERRORS))])
def test_errors(call, words):
    with pytest.raises((TypeError, ValueError), match=words):
        call()


def test_wrapped():
    def f(x):
        """A function."""
        return x

    for transform in (ga.grad, ga.value_and_grad, ga.elementwise_grad, ga.jacobian, ga.hessian):
        assert transform(f).__name__ == "f"
        assert transform(f).__doc__ == "A function."
    same(ga.grad(functools.partial(np.multiply, 3.0))(2.0), 3.0)


@pytest.mark.parametrize(
    "f",
    [
        lambda x: array.array("d", list(x)),
        lambda x: np.sum(PLAIN.__setitem__(0, x[0]) or x),
        lambda x: np.sum(np.copyto(PLAIN, x) or x),
        lambda x: np.sum(np.random.default_rng(0).normal(x)),
    ],
    ids=["array", "plain[i] = t", "copyto", "random"],
)
def test_detaching_raises(f):
    """Within a transform what would end the gradient is an error, also of an argument itself."""
    for call in (
        lambda: ga.grad(f)(X),
        lambda: ga.jvp(f, [X], [X]),
        lambda: ga.vjp(f, X),
        lambda: ga.linearize(f, X),
        lambda: ga.jacobian(f)(X),
        lambda: ga.jacobian(f, mode="fwd")(X),
        lambda: ga.hessian(f)(X),
        lambda: ga.hvp(f, [X], [X]),
    ):
        with pytest.raises(ga.DetachError, match=r"test_transforms\.py:\d+"):
            call()
    with ga.errstate(detach="warn"):  # and the policy of the caller stays as it was
        with pytest.raises(ga.DetachError):
            ga.grad(f)(X)
        with pytest.warns(ga.DetachWarning):
            float(2 * ga.tensor(1.0))


# Nesting


@of_all(NESTINGS)
def test_perturbation_confusion(ds):
    d, e = ds
    same(d(lambda x: x * e(lambda y: x + y)(1.0))(1.0), 1.0)
    same(d(lambda x: x * e(lambda y: x * y)(2.0))(3.0), 6.0)
    same(d(lambda x: e(lambda y: x * y)(1.0))(2.0), 1.0)
    same(d(lambda x: e(lambda y: x * y * y)(x))(3.0), 12.0)
    same(d(lambda x: e(lambda y: x * np.sin(y))(x) * x)(0.5), float(np.cos(0.5) - 0.25 * np.sin(0.5) * 0.5) + 0.0, 1)
    same(d(lambda x: e(lambda y: 3.0 * y)(1.0) * x)(2.0), 3.0)
    same(d(lambda x: e(lambda y: x)(1.0))(2.0), 0.0)
    same(d(e(np.sin))(0.5), -math.sin(0.5))
    same(d(lambda x: e(lambda y: np.exp(x * y))(1.0))(0.5), math.exp(0.5) * 1.5)
    # f(x) = x^3 (1 + 1/x^2 ...): each inner derivative at a value that depends on the outer one
    same(d(lambda x: x * e(lambda y: y * e(lambda z: x * z + y)(1.0))(x))(2.0), 4.0)


@of_all(TRIPLES)
def test_three_deep(ds):
    d, e, f = ds
    same(d(e(f(np.sin)))(0.5), -math.cos(0.5))
    same(d(e(f(lambda x: x**4)))(2.0), 48.0)
    same(d(lambda x: e(lambda y: f(lambda z: x**2 * y**2 * z**2)(2.0))(3.0))(4.0), 8.0 * 6 * 4)
    same(d(lambda x: x * e(lambda y: y * f(lambda z: x * y * z)(y))(x))(2.0), 24.0)  # of 2 x^3
    same(d(lambda x: e(lambda y: f(lambda z: np.exp(x * y * z))(1.0))(1.0))(0.0), 1.0)


def tangled(x, y, z):
    """Something of every kind of rule: products, writes, views, several outputs, selections, linear functions."""
    out = np.stack([x * z, y * z, np.sin(x * y), z * z])
    out[1] = out[0] * y
    out[2:] += out[:2] * x
    a = np.outer(out, out) + 3 * np.eye(4)
    q, r = np.linalg.qr(a)
    b = np.where(out > y, out, np.exp(-out) * x)
    return np.sum((q @ b) * r[0]) + np.linalg.solve(a, b)[1] * np.cumsum(b)[-1] + np.einsum("i,i->", b, out)


@of_all(TRIPLES)
def test_three_deep_in_arrays(ds):
    d, e, f = ds

    def nested(x):
        return x * e(lambda y: y * f(lambda z: tangled(x, y, z))(y))(1.1 * x)

    steps = np.array([1, -1, 2, -2]) * 1e-4
    above, below, far, farther = (nested(0.7 + step) for step in steps)
    numeric = (8 * (above - below) - (far - farther)) / 12e-4
    same(d(nested)(0.7), numeric, 1e-8)


def test_many_deep():
    f = np.sin
    for k in range(1, 6):
        f = ga.grad(f)
        same(f(0.5), [math.sin, math.cos][k % 2](0.5) * [1, 1, -1, -1][k % 4], 1e-10)
    f = np.exp
    for _ in range(6):
        f = forward(f)
    same(f(0.5), math.exp(0.5))
    same(ga.grad(ga.grad(ga.grad(lambda x: np.sum(x) ** 5 if np.ndim(x) == 0 else x)))(1.0), 60.0)


def test_closed_over():
    """What an inner function uses of the outer one's arguments, without being given it."""
    x = 2.0
    f = lambda x, y: np.sum(np.sin(x * y))  # noqa: E731
    expected = ga.grad(lambda x: np.sum(x * X * np.cos(x * X)))(x)
    for inner in (
        lambda x: ga.grad(lambda y: f(x, y))(X) @ X,
        lambda x: ga.vjp(lambda y: f(x, y), X)[1](1.0)[0] @ X,
        lambda x: ga.jvp(lambda y: f(x, y), [X], [X])[1],
        lambda x: ga.linearize(lambda y: f(x, y), X)[1](X),
        lambda x: ga.jacobian(lambda y: f(x, y), mode="fwd")(X) @ X,
        lambda x: ga.jacobian(lambda y: f(x, y), mode="rev")(X) @ X,
        lambda x: ga.value_and_grad(lambda y: f(x, y))(X)[1] @ X,
    ):
        same(ga.grad(inner)(x), expected)
        same(forward(inner)(x), expected)
        assert type(inner(x)) in (float, np.float64)
    third = ga.grad(lambda x: np.sum(-(x**2) * X**2 * np.sin(x * X)))(x)
    for inner in (
        lambda x: X @ ga.hessian(lambda y: f(x, y))(X) @ X,
        lambda x: ga.hvp(lambda y: f(x, y), [X], [X])[0] @ X,
    ):
        same(ga.grad(inner)(x), third)
        same(forward(inner)(x), third)
    same(ga.grad(lambda x: ga.value_and_grad(lambda y: x * y)(3.0)[0])(x), 3.0)
    same(ga.grad(lambda x: ga.grad(lambda y: (y * y, x * y), has_aux=True)(3.0)[1])(x), 3.0)
    same(forward(lambda x: ga.grad(lambda y: (y * y, x * y), has_aux=True)(3.0)[1])(x), 3.0)
    same(ga.grad(lambda x: ga.jvp(lambda y: x * y, [3.0], [0.0])[0])(x), 3.0)


def test_through_linear_functions():
    """The pullback of `vjp` and the function of `linearize`, differentiated by what they take."""
    _, pullback = ga.vjp(np.sin, X)
    _, derivative = ga.linearize(np.sin, X)
    for linear in (lambda v: pullback(v)[0], derivative):
        for mode in ("fwd", "rev"):
            same(ga.jacobian(linear, mode=mode)(np.ones(3)), np.diag(np.cos(X)))
        same(ga.grad(lambda v, f=linear: np.sum(f(v) ** 2))(np.ones(3)), 2 * np.cos(X) ** 2)


def test_tensors_in_tensors_out():
    x = ga.tensor(X)
    gradient = ga.grad(lambda x: np.sum(x**3))(x)
    assert isinstance(gradient, ga.Tensor)
    np.sum(gradient**2).backward()
    same(x.grad, 36 * X**3)
    x = ga.tensor(X)
    value, tangent = ga.jvp(lambda x: x**3, [x], [np.ones(3)])
    assert isinstance(value, ga.Tensor)
    np.sum(value * tangent).backward()
    same(x.grad, 15 * X**4)
    v = ga.tensor(np.ones(3))
    np.sum(ga.jvp(lambda x: x**3, [X], [v])[1]).backward()
    same(v.grad, 3 * X**2)
    constant = ga.tensor(X, constant=True)
    same(ga.grad(lambda x: np.sum(x**2))(constant), 2 * X)


def test_other_tensors_are_constants():
    """A Tensor that a function uses keeps its own graph, and gradients by the arguments are plain."""
    w = ga.tensor(2.0)
    v = w * w
    f = lambda x: np.sum(v * x * x)  # noqa: E731
    same(ga.grad(f)(X), 8 * X)
    same(ga.value_and_grad(f)(X), (4 * float(X @ X), 8 * X))
    same(ga.jvp(f, [X], [X]), (4 * float(X @ X), 8 * float(X @ X)))
    same(ga.vjp(f, X)[1](1.0), (8 * X,))
    same(ga.hessian(f)(X), 8 * np.eye(3))
    same(ga.linearize(f, X)[1](X), 8 * float(X @ X))
    assert w.grad is None
    v.backward()
    same(w.grad, np.array(4.0))


# Closed forms


def rosenbrock(x):
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


def rosenbrock_hessian(x):
    h = np.diag(-400 * x[:-1], 1) - np.diag(400 * x[:-1], -1)
    diagonal = np.zeros(len(x))
    diagonal[:-1] = 1200 * x[:-1] ** 2 - 400 * x[1:] + 2
    diagonal[1:] += 200
    h = np.diag(400 * -x[:-1], 1)
    return h + h.T + np.diag(diagonal)


def log_sum_exp_hessian(x):
    p = np.exp(x) / np.sum(np.exp(x))
    return np.diag(p) - np.outer(p, p)


MATRIX = np.array([[4.0, 1, 0.5], [1, 3, -1], [0.5, -1, 5]])
HESSIANS = {
    "rosenbrock": (rosenbrock, rosenbrock_hessian),
    "logsumexp": (lambda x: np.log(np.sum(np.exp(x))), log_sum_exp_hessian),
    "quadratic": (lambda x: 0.5 * x @ MATRIX @ x, lambda x: MATRIX),
    "norm": (np.linalg.norm, lambda x: (np.eye(3) - np.outer(x, x) / (x @ x)) / np.linalg.norm(x)),
    "product": (np.prod, lambda x: np.array([[0, x[2], x[1]], [x[2], 0, x[0]], [x[1], x[0], 0]])),
    "det": (
        lambda x: np.linalg.slogdet(MATRIX + np.diag(x))[1],
        lambda x: -(np.linalg.inv(MATRIX + np.diag(x)) ** 2),
    ),
    "solve": (
        lambda x: X @ np.linalg.solve(MATRIX + np.diag(x), X),
        lambda x: 2 * np.linalg.inv(a := MATRIX + np.diag(x)) * np.outer(np.linalg.solve(a, X), np.linalg.solve(a, X)),
    ),
}


@pytest.mark.parametrize(("f", "expected"), list(HESSIANS.values()), ids=list(HESSIANS))
def test_hessians(f, expected):
    expected = expected(X)
    h = ga.hessian(f)(X)
    same(h, expected, 1e-9)
    same(h, h.T.copy(), 1e-12)
    same(ga.jacobian(ga.grad(f), mode="rev")(X), expected, 1e-9)
    same(ga.jacobian(ga.jacobian(f, mode="fwd"), mode="fwd")(X), expected, 1e-9)
    same(ga.jacobian(ga.jacobian(f, mode="fwd"), mode="rev")(X), expected, 1e-9)
    for v in (np.ones(3), X):
        same(ga.hvp(f, [X], [v]), (expected @ v,), 1e-9)


THIRD = {
    "sin": (np.sin, lambda x: -np.cos(x)),
    "tanh": (np.tanh, lambda x: (6 * np.tanh(x) ** 2 - 2) * (1 - np.tanh(x) ** 2)),
    "log": (np.log, lambda x: 2 / x**3),
    "power": (lambda x: x**2.5, lambda x: 2.5 * 1.5 * 0.5 * x**-0.5),
    "arctan": (np.arctan, lambda x: (6 * x**2 - 2) / (1 + x**2) ** 3),
    "sqrt": (np.sqrt, lambda x: 3 / 8 * x**-2.5),
    "quotient": (lambda x: 1 / (1 + x), lambda x: -6 / (1 + x) ** 4),
    "sigmoid": (
        lambda x: 1 / (1 + np.exp(-x)),
        lambda x: (s := 1 / (1 + np.exp(-x))) * (1 - s) * (1 - 6 * s + 6 * s**2),
    ),
}


@pytest.mark.parametrize(("f", "third"), list(THIRD.values()), ids=list(THIRD))
def test_third_derivatives(f, third):
    x = np.array([0.3, 1.1, 2.0])
    for transforms in itertools.product((ga.elementwise_grad, elementwise_forward), repeat=3):
        d = f
        for transform in transforms:
            d = transform(d)
        same(d(x), third(x), 1e-10)
    same(ga.grad(ga.grad(ga.grad(f)))(0.3), float(third(np.float64(0.3))), 1e-10)
    cube = ga.jacobian(ga.hessian(lambda x: np.sum(f(x))))(x)
    expected = np.zeros((3, 3, 3))
    expected[np.arange(3), np.arange(3), np.arange(3)] = third(x)
    same(cube, expected, 1e-10)


def elementwise_forward(f):
    return lambda x: ga.jvp(f, [x], [np.ones(np.shape(x))])[1]


# Views, writes, loops


def filled(x):
    """out[i] from out[i - 1], by elements."""
    out = np.zeros_like(x)
    out[0] = x[0]
    for i in range(1, len(x)):
        out[i] = np.sin(out[i - 1]) * x[i]
    return np.sum(out**2)


def filled_plainly(x):
    last, total = x[0], x[0] ** 2
    for i in range(1, len(x)):
        last = np.sin(last) * x[i]
        total = total + last**2
    return total


def filled_rows(x):
    """The same by the rows of a matrix."""
    out = np.zeros_like(x, shape=(4, len(x)))
    out[0] = x
    for i in range(1, 4):
        out[i] = np.tanh(out[i - 1]) * x + out[i - 1, ::-1]
        out[i, 1:] -= out[i - 1, :-1] ** 2
    return np.sum(out[-1] * out)


def filled_rows_plainly(x):
    rows = [x]
    for _ in range(3):
        row = np.tanh(rows[-1]) * x + rows[-1][::-1]
        rows.append(np.concatenate((row[:1], row[1:] - rows[-1][:-1] ** 2)))
    return sum(np.sum(rows[-1] * row) for row in rows)


def written(x):
    """Views that are written, bases that are written, masks, slices, in-place operators."""
    y = x * x
    top, rest = y[:1], y[1:]
    rest *= x[1:]
    top[...] = np.sin(x[0]) * rest[0]
    y[y > 1] = 0.5
    z = y.reshape(3, 1)
    z += x[:, None] ** 2
    np.add.at(y, [0, 0, 2], x * y)
    y.T[1] -= y[0] * x[2]
    np.copyto(y[2:], y[:1] * x[1])
    return np.sum(y * z[:, 0])


def written_plainly(x):
    a, b, c = x[0] * x[0], x[1] ** 3, x[2] ** 3
    a = np.sin(x[0]) * b
    a, b, c = (
        0.5 if float(ga.stop_gradient(v).item() if isinstance(v, ga.Tensor) else v) > 1 else v for v in (a, b, c)
    )
    a, b, c = a + x[0] ** 2, b + x[1] ** 2, c + x[2] ** 2
    p, q, r = x[0] * a, x[1] * b, x[2] * c
    a, c = a + p + q, c + r
    b = b - a * x[2]
    c = a * x[1]
    return a * a + b * b + c * c


PAIRS = {
    "elements": (filled, filled_plainly),
    "rows": (filled_rows, filled_rows_plainly),
    "writes": (written, written_plainly),
}


@pytest.mark.parametrize(("f", "g"), list(PAIRS.values()), ids=list(PAIRS))
def test_writes(f, g):
    """First, second and third derivatives of functions that write, against the same without a write."""
    same(ga.value_and_grad(f)(X), ga.value_and_grad(g)(X))
    same(ga.jacobian(f, mode="fwd")(X), ga.jacobian(g, mode="rev")(X))
    h = ga.hessian(g)(X)
    for hessian in (
        ga.hessian(f),
        ga.jacobian(ga.grad(f), mode="rev"),
        ga.jacobian(ga.jacobian(f, mode="fwd"), mode="fwd"),
        ga.jacobian(ga.jacobian(f, mode="fwd"), mode="rev"),
    ):
        same(hessian(X), h, 1e-11)
    third = ga.jacobian(ga.hessian(g), mode="fwd")(X)
    same(ga.jacobian(ga.hessian(f), mode="fwd")(X), third, 1e-10)
    same(ga.jacobian(ga.jacobian(ga.grad(f), mode="rev"), mode="rev")(X), third, 1e-10)


@of_all(NESTINGS)
def test_writes_over_what_tangents_need(ds):
    """What the tangent of a product saved, before its factor is overwritten."""
    d, e = ds

    def product(x):
        r, h = np.exp(x), np.exp(x) * np.ones(1)
        h *= r
        return np.sum(h)

    def assigned(x):
        r = np.sin(x) * np.ones(1)
        h = np.exp(r)
        r[...] = 3.0
        h[...] = h * r
        return np.sum(h)

    same(d(e(product))(0.5), 4 * math.exp(1.0))
    s, c = math.sin(0.5), math.cos(0.5)
    same(d(e(assigned))(0.5), 3 * math.exp(s) * (c * c - s))


def test_writes_over_what_a_gradient_needs():
    """A gradient that is to be differentiated again keeps what was saved before it was overwritten."""
    x = ga.tensor([0.5])
    r, h = np.exp(x), np.exp(x)
    g = ga.gradient(np.sum(h * r), x, create_graph=True)
    h[...] = 7.0
    r *= 2
    np.testing.assert_allclose(ga.gradient(g, x), [4 * math.exp(1.0)])


def test_masks():
    """What was not chosen takes no part, also in second derivatives, where its own are infinite."""
    x = np.array([0.0, 2.0, -1.0])
    inverse = np.array([0, 0.5, 0])
    for f in (
        lambda x: np.sum(np.where(x > 0, np.log(x), 0)),
        lambda x: np.sum(np.log(x)[x > 0]),
        lambda x: np.sum(np.log(x), where=x.data > 0),
        lambda x: np.sum(np.log(x, where=x.data > 0, out=np.zeros_like(x))),
    ):
        with np.errstate(divide="ignore", invalid="ignore"):
            same(ga.grad(f)(x), inverse)
            same(ga.hvp(f, [x], [np.ones(3)]), (-(inverse**2),))
            same(ga.grad(lambda x, f=f: np.sum(ga.grad(f)(x)))(x), -(inverse**2))
            same(ga.hessian(f)(x), np.diag(-(inverse**2)))
            same(ga.jacobian(f, mode="fwd")(x), inverse)
            same(ga.jacobian(ga.grad(f), mode="rev")(x), np.diag(-(inverse**2)))


def test_views_as_results():
    """A function may return its argument, or a view of it."""
    for f, expected in (
        (lambda x: x, np.eye(3)),
        (lambda x: x[1:], np.eye(3)[1:]),
        (lambda x: x[::-1], np.eye(3)[::-1]),
        (lambda x: x.reshape(3, 1), np.eye(3).reshape(3, 1, 3)),
        (lambda x: x[1:2].reshape(()), np.eye(3)[1]),
        (lambda x: np.broadcast_to(x, (2, 3)), np.stack([np.eye(3)] * 2)),
    ):
        for mode in ("fwd", "rev"):
            same(ga.jacobian(f, mode=mode)(X), expected)
        value, derivative = ga.linearize(f, X)
        same(derivative(X), expected @ X if expected.ndim > 1 else float(expected @ X))
        c = np.ones(np.shape(value))
        same(ga.vjp(f, X)[1](c if np.ndim(value) else 1.0), (np.sum(expected.reshape(-1, 3), axis=0),))
    same(ga.grad(lambda x: x[1:2].reshape(()))(X), np.eye(3)[1])
    same(ga.hvp(lambda x: (x[1:2] ** 2).reshape(()), [X], [X]), (2 * X * np.eye(3)[1],))
    value = ga.jvp(lambda x: x, [X], [X])[0]
    assert not np.shares_memory(value, X)


def test_hooks():
    """A hook sees gradients; tangents pass it by."""
    seen = []

    def f(x):
        y = x * x
        y.register_hook(lambda g: seen.append(g))
        return np.sum(y * y)

    same(ga.jvp(f, [X], [X]), (np.sum(X**4), np.sum(4 * X**4)))
    assert seen == []
    same(ga.grad(f)(X), 4 * X**3)
    assert len(seen) == 1
    same(ga.hvp(f, [X], [X]), (12 * X**3,))
    same(ga.hessian(f)(X), np.diag(12 * X**2))
    same(ga.jacobian(ga.grad(f), mode="rev")(X), np.diag(12 * X**2))
    same(ga.jacobian(ga.jacobian(f, mode="fwd"), mode="rev")(X), np.diag(12 * X**2))


def test_pullback_twice():
    _, pullback = ga.vjp(lambda x, y: (np.sin(x) * y, np.sum(x)), X, 2.0)
    first = pullback((np.ones(3), 0.0))
    same(first, (2 * np.cos(X), float(np.sum(np.sin(X)))))
    same(pullback((np.zeros(3), 1.0)), (np.ones(3), 0.0))
    same(pullback((np.ones(3), 0.0)), first)
    first[0][:] = 0
    same(pullback((np.ones(3), 0.0))[0], 2 * np.cos(X))


# Properties


def functions():
    return st.sampled_from(
        [
            lambda x: np.sin(x) * x[0],
            lambda x: np.cumsum(x**2)[:-1],
            lambda x: np.stack([np.prod(x), np.sum(np.exp(-(x**2)))]),
            lambda x: np.outer(x, x) @ np.tanh(x),
            lambda x: np.sort(x)[::-1] * np.arange(len(x)),
            lambda x: np.convolve(x, x[:2]),
            lambda x: np.linalg.solve(np.diag(x**2 + 1) + np.outer(x, x), x),
            lambda x: np.concatenate((x[1:] * x[:-1], x[:1])),
            lambda x: np.where(x > 0, x**2, np.exp(x)),
            lambda x: x.reshape(1, -1).T @ x.reshape(1, -1),
            lambda x: np.fft.rfft(x).real,
            lambda x: np.abs(np.fft.fft(x)) ** 2,
        ]
    )


@settings(deadline=None, max_examples=60)
@given(functions(), functions(), st.integers(2, 5), st.integers(0, 10**6))
def test_modes_agree(f, g, n, seed):
    x = np.random.default_rng(seed).uniform(-1, 1, n)
    h = lambda x: f(np.reshape(g(x), -1) / 3) if np.size(g(x)) > 1 else f(x)  # noqa: E731
    forward, reverse = ga.jacobian(h, mode="fwd")(x), ga.jacobian(h, mode="rev")(x)
    same(forward, reverse, 1e-9)
    same(ga.jacobian(h)(x), reverse, 1e-9)
    v = np.ones(n)
    value, tangent = ga.jvp(h, [x], [v])
    same(tangent, reverse @ v, 1e-9)
    again, derivative = ga.linearize(h, x)
    same((again, derivative(v)), (value, tangent), 1e-9)
    loss = lambda x: np.sum(h(x) ** 2) / 2  # noqa: E731
    hessian = ga.hessian(loss)(x)
    same(hessian, hessian.T.copy(), 1e-8)
    scale = max(1.0, np.max(np.abs(hessian)))
    np.testing.assert_allclose(ga.hvp(loss, [x], [v])[0], hessian @ v, atol=1e-9 * scale)
    np.testing.assert_allclose(ga.jacobian(ga.grad(loss), mode="rev")(x), hessian, atol=1e-9 * scale)


# Memory and threads


@pytest.mark.parametrize("body", ["plain", "closed over", "in place"])
def test_memory_of_forward_mode(body):
    """What a loop takes does not grow with its length."""
    w = ga.tensor(np.full(10_000, 0.5))

    def f(x, n):
        y = x * x
        for _ in range(n):
            if body == "plain":
                y = np.sin(y) + x
            elif body == "closed over":
                y = np.sin(y * w) + x
            else:
                y *= x
                y[1:] += np.sin(y[:-1])
        return np.sum(y)

    def peak(n):
        x = np.linspace(0, 1, 10_000)
        ga.jvp(lambda x: f(x, n), [x], [x])
        tracemalloc.start()
        try:
            ga.jvp(lambda x: f(x, n), [x], [x])
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    few, many = peak(5), peak(200)
    assert many < few + 100_000


@pytest.mark.parametrize("mode", [None, ga.no_autodiff], ids=["recording", "no_autodiff"])
def test_threads(mode):
    """8 threads that differentiate functions of the same parameters, some of them Tensors."""
    rng = np.random.default_rng(0)
    plain = rng.normal(size=(4, 4))
    shared = ga.tensor(plain)
    derived = shared * shared

    def f(x, w):
        y = np.tanh(w @ x)
        y[0] = y[1] * x[2]
        return np.sum(y**2)

    def work(x):
        return (
            ga.grad(f)(x, plain),
            ga.grad(f)(x, shared),
            ga.grad(f)(x, derived),
            ga.grad(f, 1)(x, plain),
            ga.jvp(lambda x: f(x, shared), [x], [x])[1],
            ga.hvp(lambda x: f(x, shared), [x], [x])[0],
            ga.grad(lambda x: ga.jvp(lambda x: f(x, plain), [x], [x])[1])(x),
        )

    xs = rng.normal(size=(8, 4))
    expected = [work(x) for x in xs]
    errors = []

    def run(x, wanted):
        try:
            for _ in range(10):
                if mode is None:
                    same(work(x), wanted)
                else:
                    with mode:
                        same(work(x), wanted)
                        assert (shared * 2).constant
                assert not (shared * 2).constant
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(xs, expected, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    np.sum(derived).backward()
    same(shared.grad, 2 * plain)


def test_errors_leave_no_trace():
    """A function that raises leaves mode, tags and policy as they were."""

    def f(x):
        raise KeyError("mine")

    for call in (lambda: ga.grad(f)(1.0), lambda: ga.jvp(f, [1.0], [1.0]), lambda: ga.hessian(f)(1.0)):
        with pytest.raises(KeyError, match="mine"):
            call()
    x = ga.tensor(2.0)
    (x * x).backward()
    same(x.grad, np.array(4.0))
    assert tags == []


def program_of_writes(seed):
    """A function of six numbers that reads and writes elements, views, masks and repeated places in random order."""
    steps = np.random.default_rng(seed)
    program = [(*steps.integers(6, size=3), steps.integers(11), steps.uniform(-1, 1)) for _ in range(10)]

    def f(x):
        y, t = x * 1.5, 0.0
        z, w = y[::2], y.reshape(2, 3)
        for i, j, k, kind, c in program:
            if kind == 0:
                y[i] = y[j] * c + np.sin(y[k])
            elif kind == 1:
                y[1:] += y[:-1] * c
            elif kind == 2:
                y[[i, j, i]] = y[[j, k, k]] * c
            elif kind == 3:
                z *= np.cos(y[i])
            elif kind == 4:
                w[i % 2] = w[(i + 1) % 2] * y[j]
            elif kind == 5:
                t = t + y[i] * y[j] * y[k]
            elif kind == 6:
                y[y > 0.5] = np.tanh(y[i] * c)
            elif kind == 7:
                np.add.at(y, [i, j, i], c * y[[k, k, j]])
            elif kind == 8:
                y[::-1] = y * c + 0.3
            elif kind == 9:
                for place in range(6):
                    t = t + y[place] * np.exp(0.1 * y[(place + i) % 6])
            else:
                z[i % 3] = t * 0.1 + y[j]
                w[:, k % 3] *= c
        return np.sum(np.sin(y) * np.arange(1.0, 7.0)) + np.sum(z * w[0]) + 0.1 * t * t

    return f


@pytest.mark.parametrize("seed", range(40))
def test_second_derivatives_of_programs_of_writes(seed):
    """In each mode over each other, and by differences."""
    f, (x, v) = program_of_writes(seed), np.random.default_rng(seed).uniform(-1, 1, size=(2, 6))
    g = ga.grad(f)
    along = ga.jvp(f, (x,), (v,))[1]
    np.testing.assert_allclose(along, g(x) @ v, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(along, (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5, rtol=1e-5, atol=1e-6)
    reverse = ga.grad(lambda x: g(x) @ v)(x)
    np.testing.assert_allclose(reverse, (g(x + 1e-5 * v) - g(x - 1e-5 * v)) / 2e-5, rtol=1e-5, atol=1e-5)
    scale = 1e-9 * np.max(np.abs(reverse))
    np.testing.assert_allclose(ga.hvp(f, (x,), (v,))[0], reverse, atol=scale)
    np.testing.assert_allclose(ga.grad(lambda x: ga.jvp(f, (x,), (v,))[1])(x), reverse, atol=scale)
    np.testing.assert_allclose(ga.jvp(lambda x: ga.jvp(f, (x,), (v,))[1], (x,), (v,))[1], reverse @ v, atol=6 * scale)
