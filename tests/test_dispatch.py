"""NumPy's two protocols: options of ufuncs, their methods, several outputs, what is refused."""

import numpy as np
import pytest

import gradarray as ga
from gradarray import registry

X = np.array([0.3, 1.2, -0.7])


def gradient(f, x=X):
    t = ga.tensor(x)
    f(t).sum().backward()
    return t.grad


def numeric(f, x=X, h=1e-6):
    return np.array([(f(x + d).sum() - f(x - d).sum()) / (2 * h) for d in h * np.eye(len(x))])


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.modf(x * 3)[0],
        lambda x: np.frexp(x * 3)[0],
        lambda x: np.divmod(x * 3, 0.8)[1],
        lambda x: np.divmod(2.0, x)[1],
        lambda x: np.multiply.outer(x, x),
        lambda x: np.subtract.outer(X, x) ** 2,
        lambda x: np.add.reduce(x * x),
        lambda x: np.add.reduce(np.outer(x, x), axis=None),
        lambda x: np.multiply.reduce(x),
        lambda x: np.maximum.reduce(np.outer(x, X)),
        lambda x: np.minimum.reduce(np.outer(x, X), axis=1, keepdims=True),
        lambda x: np.add.accumulate(x * x),
        lambda x: np.multiply.accumulate(np.outer(x, X), axis=1),
        lambda x: np.add.reduceat(np.multiply.outer(X, x) ** 2, [0, 2, 1], axis=1),
        lambda x: np.exp(x, where=np.array([True, False, True]), out=ga.ones(3, constant=True)) * x,
        lambda x: np.multiply(x, x, out=x * 1, where=x > 0),
        lambda x: np.sum(x, where=[True, True, False], initial=2.0) * x,
        lambda x: np.add(x, 1j * x).imag,
    ],
)
def test_gradients(f):
    want = numeric(lambda x: np.asarray(f(ga.tensor(x)).data))
    np.testing.assert_allclose(gradient(f), want, rtol=1e-6, atol=1e-9)


def test_several_outputs_into_out():
    x = ga.tensor([1.5, -2.25])
    fraction, whole = ga.zeros(2), ga.zeros(2)
    result = np.modf(x, out=(fraction, whole))
    assert result[0] is fraction
    np.testing.assert_array_equal(whole.data, [1, -2])
    (fraction * 3 + whole).sum().backward()
    np.testing.assert_array_equal(x.grad, [3, 3])


def test_dtype_and_casting():
    x = ga.tensor(X)
    y = np.add(x, x, dtype=np.float32)
    assert y.dtype == np.float32
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [2, 2, 2])
    assert x.grad.dtype == float
    with pytest.raises(TypeError):
        np.add(x, x, dtype=np.float32, casting="safe")
    assert np.multiply(x, 2, dtype=complex).dtype == complex
    assert np.sum(x, dtype=np.float32).dtype == np.float32


def test_a_masked_result_has_no_gradient_where_it_was_not_computed():
    x = ga.tensor([0.0, 4.0])
    np.log(x, out=np.zeros_like(x), where=x.data > 0).sum().backward()
    np.testing.assert_array_equal(x.grad, [0, 0.25])


def test_lists_are_taken_as_they_were():
    counts = [1, 2]
    x = ga.tensor([1.0, 2.0])
    y = np.repeat(x, counts)
    counts[:] = [2, 1]
    y.backward([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(x.grad, [1, 110])


def test_operands_in_a_list_are_preserved():
    w = ga.tensor([[1.0, 2.0], [3.0, 4.0]]) * 1
    x = ga.tensor([5.0, 6.0])
    y = np.einsum("ij,j->i", w, x)
    w[0] = 0.0
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [4, 6])


def test_what_einsum_gives_for_a_lone_operand_is_a_view():
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    y = x * 1
    d = np.einsum("ii->i", y)
    assert d.base is y
    d[0] = 9.0
    assert y[0, 0] == 9.0
    (y * y).sum().backward()
    np.testing.assert_array_equal(x.grad, [[0, 4], [6, 8]])


def test_constant_methods():
    x = ga.tensor([1.0, 0.0])
    assert np.logical_and.reduce(x) == False  # noqa: E712
    np.testing.assert_array_equal(np.greater.outer(x, x), [[False, True], [False, False]])
    t = ga.tensor([1, 2, 3])
    np.bitwise_or.at(t, [0, 0], 4)
    assert t.tolist() == [5, 2, 3]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x: np.arctan2.reduce(x), "np.arctan2.reduce has no derivative"),
        (lambda x: np.power.accumulate(x), "np.power.accumulate has no derivative"),
        (lambda x: np.multiply.reduceat(x, [0]), "np.multiply.reduceat has no derivative"),
        (lambda x: np.multiply.at(x * 1, [0, 0], 2.0), "occurs twice"),
        (lambda x: np.matmul(x, x, axis=0), "np.matmul: axis="),
        (lambda x: np.exp(x, axes=[(0,), (0,)]), "'axes'"),
        (lambda x: np.ldexp(1.0, x), "ldexp"),
        (lambda x: np.sum(x, keepdim=True), "keepdim"),
        (lambda x: np.exp(x, foo=1), "foo"),
    ],
)
def test_what_is_refused_is_named(call, message):
    with pytest.raises(TypeError, match=message):
        call(ga.tensor(X))


def test_an_unregistered_function_is_named_with_the_ways_out():
    fn = np.unwrap
    rule = registry.find(fn)
    del registry.functions[fn]
    try:
        with pytest.raises(TypeError, match=r"no rule for np\.unwrap.*t\.data.*gradarray\.register"):
            fn(ga.tensor(X))
    finally:
        registry.functions[fn] = rule


def test_an_unregistered_ufunc_is_named():
    rule = registry.ufuncs.pop(np.cbrt)
    try:
        with pytest.raises(TypeError, match=r"no rule for np\.cbrt"):
            np.cbrt(ga.tensor(X))
    finally:
        registry.ufuncs[np.cbrt] = rule


def test_ufuncs_of_python_functions_see_each_element():
    x = ga.tensor(X)
    y, z = np.frompyfunc(lambda a, b: (a * b, a if a > b else b**2), 2, 2)(x, X[::-1])
    np.testing.assert_allclose(y.data, X * X[::-1])
    (y * 2 + z).sum().backward()
    np.testing.assert_allclose(x.grad, 2 * X[::-1] + (X[::-1] < X))
    words = np.frompyfunc(lambda a: f"{a:.1f}", 1, 1)(x)
    assert words.tolist() == [f"{a:.1f}" for a in X]


def test_register():
    rule = registry.ufuncs[np.cbrt]
    try:
        ga.register(np.cbrt, x=lambda g, x, out: g * 7)
        np.testing.assert_array_equal(gradient(np.cbrt), [7, 7, 7])
    finally:
        registry.ufuncs[np.cbrt] = rule
    with pytest.raises(TypeError, match="no argument is called 'y'"):
        ga.register(np.cbrt, y=lambda g: g)
    with pytest.raises(TypeError, match="no argument is called 'z'"):
        ga.register(np.cbrt, x=lambda g, z: g)
    with pytest.raises(ValueError, match="choose one of elementwise"):
        ga.register(np.cbrt, kind="smooth", x=lambda g: g)
    assert registry.ufuncs[np.cbrt] is rule


def test_a_ufunc_of_three_arguments():
    fused = np.frompyfunc(lambda a, b, c: a * b + c, 3, 1)
    ga.register(fused, a=lambda g, b: g * b, b=lambda g, a: g * a)
    try:
        assert registry.ufuncs[fused].names == ("a", "b", "c")
        with pytest.raises(TypeError, match="no argument is called 'd'"):
            ga.register(fused, d=lambda g: g)
    finally:
        del registry.ufuncs[fused]


def test_every_public_numeric_ufunc_is_registered():
    missing = {
        name
        for name in dir(np)
        if isinstance(f := getattr(np, name), np.ufunc)
        and f not in registry.ufuncs
        and any(set(types.partition("->")[0]) & set("dlD") for types in f.types)
    }
    assert missing == set()


def test_sequences_in_sequences():
    t, x = ga.tensor(2.0), ga.tensor([1.0, 3.0])
    y = np.concatenate([x, [t, 5.0, t]])
    y.backward([1.0, 2.0, 3.0, 4.0, 5.0])
    np.testing.assert_array_equal(y.data, [1, 3, 2, 5, 2])
    assert t.grad == 8.0
    np.testing.assert_array_equal(x.grad, [1.0, 2.0])


class TestSeveralOutputs:
    A = np.array([[2.0, 1.0], [1.0, 3.0]])

    def test_one_of_them(self):
        a = ga.tensor(self.A)
        result = np.linalg.eigh(a)
        assert type(result) is type(np.linalg.eigh(self.A))
        result.eigenvalues[0].backward()
        v = np.linalg.eigh(self.A).eigenvectors[:, 0]
        np.testing.assert_allclose(a.grad, np.outer(v, v), rtol=1e-12)

    def test_several_at_once(self):
        a = ga.tensor(self.A)
        w, v = np.linalg.eigh(a)
        (v @ np.diag(np.exp(w)) @ v.T).sum().backward()
        step = np.array([[0.0, 1e-6], [1e-6, 0.0]])

        def by_hand(a):
            w, v = np.linalg.eigh(a)
            return (v @ np.diag(np.exp(w)) @ v.T).sum()

        slope = (by_hand(self.A + step) - by_hand(self.A - step)) / 2e-6
        np.testing.assert_allclose(a.grad[0, 1] + a.grad[1, 0], slope, rtol=1e-8)

    def test_writing_into_an_output_keeps_what_the_derivative_needs(self):
        a, b = ga.tensor(self.A), ga.tensor(self.A)
        w, v = np.linalg.eigh(a)
        total = (w[0] * v[0, 0] ** 2).sum()
        v[...] = 0
        w += 1
        total.backward()
        w, v = np.linalg.eigh(b)
        (w[0] * v[0, 0] ** 2).sum().backward()
        np.testing.assert_allclose(a.grad, b.grad, rtol=1e-14)

    def test_without_recording(self):
        with ga.no_autodiff:
            w, v = np.linalg.eigh(ga.tensor(self.A))
        assert w.constant
        assert v.constant


def test_an_option_that_is_a_tuple_is_kept_as_it_is():
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    (np.fft.fftshift(x, axes=(0, 1)) * [[1.0, 10.0], [100.0, 1000.0]]).sum().backward()
    np.testing.assert_array_equal(x.grad, [[1000.0, 100.0], [10.0, 1.0]])
    y = ga.tensor(2.0)
    (3 * np.flip(y, axis=())).backward()
    assert y.grad == 3.0
