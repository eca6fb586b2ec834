"""Derivatives of the user's own: rules, recomputation, hand-written pullbacks, ends, hooks, watching for nans."""

import inspect
import math
import threading
import tracemalloc

import numpy as np
import pytest

import gradarray as ga

X = np.array([0.3, 1.2])


@ga.differentiable(x=lambda g, out: g * out)
def exp(x):
    """The exponential, by the math module."""
    assert type(x) is np.ndarray
    return np.array([math.exp(v) for v in x])


class TestDifferentiable:
    def test_it_keeps_its_face(self):
        assert exp.__name__ == "exp"
        assert exp.__doc__ == "The exponential, by the math module."
        assert str(inspect.signature(exp)) == "(x)"
        np.testing.assert_array_equal(exp(X), [math.exp(v) for v in X])

    def test_all_orders_both_ways(self):
        def total(x):
            return np.sum(exp(x) * [1.0, 2.0])

        e = np.exp(X) * [1.0, 2.0]
        np.testing.assert_allclose(ga.grad(total)(X), e, rtol=1e-14)
        np.testing.assert_allclose(ga.hessian(total)(X), np.diag(e), rtol=1e-14)
        np.testing.assert_allclose(ga.jvp(exp, [X], [X])[1], np.exp(X) * X, rtol=1e-14)

    def test_methods_and_options(self):
        class Power:
            factor = 3.0

            @ga.differentiable(x=lambda g, self, x, n: g * self.factor * n * x ** (n - 1))
            def __call__(self, x, n=2, *, shift=0.0):
                return self.factor * x**n + shift

            @staticmethod
            @ga.differentiable(x=lambda g, x: 2 * g * x)
            def square(x):
                return x * x

        assert ga.grad(Power())(2.0) == 12.0
        assert ga.grad(lambda x: Power()(x, n=3, shift=1.0))(2.0) == 36.0
        assert Power()(2.0, shift=1.0) == 13.0
        assert ga.grad(ga.grad(Power()))(2.0) == 6.0
        assert ga.grad(Power.square)(3.0) == 6.0

    def test_several_outputs(self):
        @ga.differentiable(x=lambda g, x: (0 if g[0] is None else g[0] * 2 * x) + (0 if g[1] is None else g[1]))
        def both(x):
            return x * x, x + 1

        x = ga.tensor(X)
        a, b = both(x)
        (a * b).sum().backward()
        np.testing.assert_allclose(x.grad, 3 * X**2 + 2 * X, rtol=1e-14)
        both(x)[1].sum().backward()
        np.testing.assert_array_equal(x.grad, [1.0, 1.0])

    def test_the_gradient_of_an_output_stays_its_own_where_a_derivative_hands_it_on(self):
        first = ga.differentiable(x=lambda g: g[0])(lambda x: (x + 0, 2 * x))
        x = ga.tensor(X)
        other = x * 5
        a, _ = first(x)
        ((a * 3).sum() + other.sum()).backward()
        np.testing.assert_array_equal(x.grad, np.full(X.shape, 8.0))
        np.testing.assert_array_equal(a.grad, np.full(X.shape, 3.0))
        assert not np.shares_memory(x.grad, a.grad)

    def test_a_jvp_of_its_own(self):
        calls = []

        def push(t, x, out):
            calls.append(t)
            return t * out * (x * 0 + 1)

        f = ga.differentiable(lambda x: np.exp(x), x=lambda g, out: g * out, jvps={"x": push})
        np.testing.assert_allclose(ga.jvp(f, [X], [X])[1], np.exp(X) * X, rtol=1e-14)
        assert len(calls) == 1
        np.testing.assert_allclose(ga.hvp(lambda x: np.sum(f(x)), [X], [X])[0], np.exp(X) * X, rtol=1e-14)

    def test_an_argument_without_a_derivative(self):
        @ga.differentiable(x=lambda g, y: g * y)
        def scale(x, y):
            return x * y

        with pytest.raises(TypeError, match="scale has no derivative with respect to 'y'"):
            scale(ga.tensor(1.0), ga.tensor(2.0))
        assert ga.grad(scale)(1.0, 2.0) == 2.0

    @pytest.mark.parametrize(
        ("vjp", "error", "words"),
        [
            (lambda g: np.ones(3), ga.InvalidBackprop, r"derivative of .*wrong has shape \(3,\), its argument \(2,\)"),
            (lambda g: "no", TypeError, "rule of .*wrong: the derivative for 'x' gave"),
            (lambda g: None, TypeError, "rule of .*wrong: the derivative for 'x' gave"),
        ],
    )
    def test_a_wrong_rule_is_named(self, vjp, error, words):
        @ga.differentiable(x=vjp)
        def wrong(x):
            return x * 2

        with pytest.raises(error, match=words):
            wrong(ga.tensor(X)).sum().backward()

    def test_a_rule_for_what_is_not_there(self):
        with pytest.raises(TypeError, match="no argument is called 'z'"):
            ga.differentiable(lambda x: x, z=lambda g: g)
        with pytest.raises(TypeError, match="no argument is called 'w'"):
            ga.differentiable(lambda x: x, x=lambda g, w: g)
        with pytest.raises(TypeError, match="a jvp for 'y'"):
            ga.differentiable(lambda x, y: x, x=lambda g: g, jvps={"y": lambda t: t})
        with pytest.raises(ValueError, match="kind='odd'"):
            ga.differentiable(lambda x: x, kind="odd", x=lambda g: g)

    @pytest.mark.parametrize("f", [lambda x: x, lambda x: x[:1]], ids=["itself", "a view"])
    def test_its_argument_is_not_written_past_the_graph(self, f):
        same = ga.differentiable(f, x=lambda g, x_shape: np.broadcast_to(2 * g, x_shape))
        x = ga.tensor(X)
        y = x * 1
        z = same(y)
        with pytest.raises(ValueError, match="read-only"):
            z[0] = 5.0
        np.testing.assert_array_equal(y.data, X)
        of_its_own = ga.custom_gradient(lambda x: (f(x), lambda g: g))(y)
        of_its_own[0] = 5.0
        np.testing.assert_array_equal(y.data, X)

    def test_what_is_no_number(self):
        with pytest.raises(TypeError, match="returned a str"):
            ga.differentiable(lambda x: "text", x=lambda g: g)(ga.tensor(1.0))
        with pytest.raises(TypeError, match="a Tensor came out"):
            ga.differentiable(lambda d: d["x"], d=lambda g: g)({"x": ga.tensor(1.0)})


def test_register_as_a_decorator():
    assert ga.register(np.deg2rad, x=lambda g: g * (math.pi / 180)) is np.deg2rad


class TestCheckpoint:
    @staticmethod
    def f(x, y, *, n=2):
        for _ in range(n):
            x = np.sin(x * y) + x
        return x

    def test_the_same_at_every_order(self):
        c = ga.checkpoint(self.f)
        assert str(inspect.signature(c)) == "(x, y, *, n=2)"
        for k in (0, 1):
            assert ga.grad(c, k)(0.3, 0.7) == pytest.approx(ga.grad(self.f, k)(0.3, 0.7), rel=1e-13)
            assert ga.grad(ga.grad(c), k)(0.3, 0.7) == pytest.approx(ga.grad(ga.grad(self.f), k)(0.3, 0.7), rel=1e-13)
        assert ga.jvp(c, [0.3, 0.7], [1.0, 2.0]) == pytest.approx(ga.jvp(self.f, [0.3, 0.7], [1.0, 2.0]), rel=1e-13)
        assert ga.grad(lambda x: c(x, 0.7, n=5))(0.3) == pytest.approx(ga.grad(lambda x: self.f(x, 0.7, n=5))(0.3))

    def test_complex_tuples_and_lists(self):
        f = lambda z, rest: (z * rest[0], np.conj(z) * rest[1] ** 2)  # noqa: E731
        z, rest = ga.tensor(1 + 2j), [ga.tensor(2.0), ga.tensor(3.0)]
        a, b = ga.checkpoint(f)(z, rest)
        np.real(a * b * 1j + a).backward()
        found = [z.grad, rest[0].grad, rest[1].grad]
        a, b = f(z, rest)
        np.real(a * b * 1j + a).backward()
        np.testing.assert_allclose(found, [z.grad, rest[0].grad, rest[1].grad], rtol=1e-14)

    def test_it_keeps_only_the_arguments(self):
        x = ga.tensor(np.linspace(0, 1, 100_000))

        def deep(x):
            for _ in range(50):
                x = np.sin(x)
            return x

        peaks = []
        for f in (deep, ga.checkpoint(deep)):
            tracemalloc.start()
            y = f(x)
            peaks.append(tracemalloc.get_traced_memory()[0])
            tracemalloc.stop()
            y.sum().backward()
            np.testing.assert_allclose(x.grad[0], 1.0)
        assert peaks[1] < peaks[0] / 20

    def test_threads(self):
        c = ga.checkpoint(lambda x: np.sum(np.sin(x) * np.exp(x)))
        wrong = []

        def work(k):
            x = np.full(5, 0.1 * k)
            expected = np.exp(x) * (np.sin(x) + np.cos(x))
            wrong.extend(k for _ in range(50) if not np.allclose(ga.grad(c)(x), expected))

        threads = [threading.Thread(target=work, args=(k,)) for k in range(8)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        assert wrong == []


class TestCustomGradient:
    def test_value_and_pullback(self):
        @ga.custom_gradient
        def clipped(x, y):
            return x * y, lambda g: (np.clip(g * y, -1, 1), None)

        x, y = ga.tensor(X), ga.tensor([3.0, 0.1])
        clipped(x, y).sum().backward()
        np.testing.assert_array_equal(x.grad, [1.0, 0.1])
        np.testing.assert_array_equal(y.grad, [0.0, 0.0])
        np.testing.assert_array_equal(clipped(X, X), X * X)

    def test_a_second_derivative_is_refused(self):
        square = ga.custom_gradient(lambda x: (x * x, lambda g: 2 * g * x))
        assert ga.grad(square)(3.0) == 6.0
        with pytest.raises(TypeError, match="no second derivative"):
            ga.grad(ga.grad(square))(3.0)

    def test_mistakes(self):
        with pytest.raises(TypeError, match="must return its value and a function"):
            ga.custom_gradient(lambda x: x)(ga.tensor(1.0))
        with pytest.raises(TypeError, match="has 1 arguments; 2 gradients"):
            ga.custom_gradient(lambda x: (x * 2, lambda g: (g, g)))(ga.tensor(1.0)).backward()


def test_stop_gradient():
    x = ga.tensor(3.0)
    (x * ga.stop_gradient({"a": [x]})["a"][0]).backward()
    assert x.grad == 3.0
    assert ga.jvp(lambda x: x * ga.stop_gradient(x), [3.0], [1.0]) == (9.0, 3.0)


class TestHooks:
    def test_it_sees_and_replaces(self):
        x = ga.tensor(X)
        seen = []
        first = x.register_hook(seen.append)
        second = x.register_hook(lambda g: 10 * g)
        for _ in range(2):  # it stays, backward after backward
            (x * x).sum().backward()
            np.testing.assert_array_equal(x.grad, 20 * X)
        np.testing.assert_array_equal(seen, [2 * X, 2 * X])
        second.remove()
        second.remove()
        (x * x).sum().backward()
        np.testing.assert_array_equal(x.grad, 2 * X)
        first.remove()
        (x * x).sum().backward()
        assert len(seen) == 3

    def test_of_an_intermediate(self):
        x = ga.tensor(X)
        y = 3 * x
        y.register_hook(lambda g: 10 * g)
        (y * y + y).sum().backward()
        np.testing.assert_allclose(y.grad, 10 * (6 * X + 1))
        np.testing.assert_allclose(x.grad, 30 * (6 * X + 1))

    def test_what_a_hook_gives_stays_its_own(self):
        weights = np.array([10.0, 20.0])
        x = ga.tensor(X)
        before = 3 * x
        x.register_hook(lambda g: weights)
        ((2 * x).sum() + before.sum()).backward()
        x.grad[0] = 99
        np.testing.assert_array_equal(weights, [10.0, 20.0])

    def test_complex_and_higher_order(self):
        z = ga.tensor(1 + 2j)
        seen = []
        z.register_hook(seen.append)
        (np.abs(z) ** 2).backward()
        assert seen == [2 + 4j]
        x = ga.tensor(2.0)
        x.register_hook(lambda g: 2 * g)
        (x**3).backward(create_graph=True)
        dx = x.grad
        assert dx == 24.0
        assert ga.gradient(dx, x) == 48.0
        assert ga.jvp(lambda x: x * x, [2.0], [1.0]) == (4.0, 4.0)

    def test_mistakes(self):
        with pytest.raises(TypeError, match="view"):
            ga.tensor(X)[:1].register_hook(print)
        with pytest.raises(TypeError, match="constant"):
            ga.tensor(X, constant=True).register_hook(print)
        x = ga.tensor(X)
        x.register_hook(lambda g: np.ones(3))
        with pytest.raises(ValueError, match="shape"):
            (x * x).sum().backward()


class TestDebugNans:
    def test_a_value(self):
        with ga.debug_nans(), np.errstate(all="ignore"):
            with pytest.raises(FloatingPointError, match=rf"value of np\.log is -inf, at {__file__}:\d+"):
                np.log(ga.tensor([1.0, 0.0]))
            np.log(ga.tensor([1.0, 2.0]))

    def test_a_gradient(self):
        x = ga.tensor([0.0, 4.0])
        with ga.debug_nans():
            y = np.sqrt(x)
            line = inspect.currentframe().f_lineno - 1
            words = rf"gradient of np\.sqrt by its argument 'x' is inf, recorded at {__file__}:{line}"
            with pytest.raises(FloatingPointError, match=words):
                y.sum().backward()

    def test_in_a_transform_and_as_a_decorator(self):
        @ga.debug_nans()
        def slope(x):
            return ga.grad(lambda x: np.sqrt(x) ** 2)(x)

        with pytest.raises(FloatingPointError, match=r"np\.(sqrt|square)"):
            slope(0.0)
        assert slope(4.0) == 1.0

    def test_errors_in_backward_name_the_line(self):
        with ga.debug_nans():
            v = np.linalg.eigh(ga.tensor(np.eye(2)))[1]
            line = inspect.currentframe().f_lineno - 1
            with pytest.raises(np.linalg.LinAlgError) as caught:
                (2 * v[0, 0] + v[1, 0]).backward()
        assert f"recorded at {__file__}:{line}" in caught.value.__notes__[0]

    def test_a_watched_graph_keeps_its_second_derivatives(self):
        with ga.debug_nans():
            x = ga.tensor([2.0, 3.0])
            y = np.exp(x, where=[True, False], out=ga.tensor(np.zeros(2))).sum()
            y.backward(retain_graph=True)
            dx = ga.gradient(y, x, create_graph=True)
            np.testing.assert_allclose(ga.gradient(dx.sum(), x), [np.exp(2.0), 0.0])
            z = ga.custom_gradient(lambda x: (x * x, lambda g: 2 * g * x))(ga.tensor(3.0))
            z.backward(retain_graph=True)
            with pytest.raises(TypeError, match="no second derivative"):
                z.backward(create_graph=True)

    def test_off_again(self):
        with ga.debug_nans():
            pass
        with np.errstate(divide="ignore"):
            assert np.log(ga.tensor(0.0)) == -np.inf

    def test_other_threads_do_not_see_it(self):
        found = []

        def work():
            with np.errstate(divide="ignore"):
                found.append(np.log(ga.tensor(0.0)).item())

        with ga.debug_nans():
            t = threading.Thread(target=work)
            t.start()
            t.join()
        assert found == [-np.inf]


class TestGradient:
    def test_it_touches_no_grad(self):
        x, z = ga.tensor(2.0), ga.tensor(3.0)
        (x * 5).backward()
        y = x**2 * z
        before = x.grad
        dx, dz = ga.gradient(y, [x, z], retain_graph=True)
        assert (dx, dz) == (12.0, 4.0)
        assert type(dx) is np.ndarray
        assert x.grad is before
        assert ga.gradient(y, x, grad=10.0) == 120.0
        with pytest.raises(ga.InvalidBackprop, match="cleared"):
            ga.gradient(y, x)

    def test_higher_orders(self):
        x, z = ga.tensor(2.0), ga.tensor(3.0)
        dx = ga.gradient(x**3 * z, x, create_graph=True)
        ddx, dxz = ga.gradient(dx, [x, z], create_graph=True)
        assert (ddx, dxz) == (36.0, 12.0)
        assert ga.gradient(ddx, x) == 18.0

    def test_what_does_not_depend_on_anything_is_a_tensor_too(self):
        x = ga.tensor([1.0, 2.0])
        dx = ga.gradient((3 * x).sum(), x, create_graph=True)
        assert type(dx) is ga.Tensor
        with pytest.raises(ga.InvalidBackprop, match="constant"):
            ga.gradient(dx.sum(), x)
        (3 * x).sum().backward(create_graph=True)
        assert type(x.grad) is ga.Tensor

    def test_views_and_writes(self):
        x = ga.tensor([1.0, 2.0, 3.0])
        y = x * 1
        v = y[1:]
        y[0] = y[1] * y[2]
        np.testing.assert_array_equal(ga.gradient((y * y).sum(), v, retain_graph=True), [4.0, 6.0])
        dx = ga.gradient((y * y).sum(), x, create_graph=True)
        np.testing.assert_array_equal(dx.data, [0.0, 40.0, 30.0])
        np.testing.assert_array_equal(ga.gradient(dx.sum(), x), [0.0, 44.0, 34.0])

    def test_mistakes(self):
        x = ga.tensor(1.0)
        with pytest.raises(TypeError, match="must be Tensors"):
            ga.gradient(np.ones(3), x, create_graph=True)
        with pytest.raises(ga.InvalidBackprop, match=r"does not depend on xs\[1\]"):
            ga.gradient(x * 2, [x, ga.tensor(1.0)])
        with pytest.raises(ga.InvalidBackprop, match="constant"):
            ga.gradient(ga.tensor(1.0, constant=True), x)


def test_finite_differences_under_the_same_name():
    """What `numpy.gradient` takes, and is no Tensor with Tensors to differentiate by."""
    f = np.array([[1.0, 2.0, 4.0], [3.0, 7.0, 11.0]])
    for args, options in (((f[0],), {}), ((f[0], 0.5), {}), ((f, 0.5, [0.0, 1.0, 3.0]), {}), ((f,), {"axis": 1})):
        found = ga.gradient(*args, **options)
        expected = np.gradient(*args, **options)
        for a, b in zip(found, expected, strict=True):
            np.testing.assert_array_equal(a.data, b)
    x = ga.tensor(f[0])
    ga.gradient(x, 0.5)[1].backward()
    np.testing.assert_array_equal(x.grad, [-1.0, 0.0, 1.0])


def test_backward_with_a_graph():
    x = ga.tensor(2.0)
    y = x**3
    y.backward(create_graph=True)
    assert type(x.grad) is ga.Tensor
    (x.grad * 1).backward()
    assert type(x.grad) is np.ndarray
    assert x.grad == 12.0


def test_backward_twice_with_the_graph_retained():
    x = ga.tensor(2.0)
    y = x**3
    y.backward(retain_graph=True)
    y.backward(2.0)
    assert x.grad == 24.0
    with pytest.raises(ga.InvalidBackprop, match="cleared"):
        y.backward()


def test_an_elementwise_rule_broadcasts():
    @ga.differentiable(kind="elementwise", x=lambda g, y: g * y, y=lambda g, x: g * x)
    def times(x, y):
        return x * y

    x, y = ga.tensor([[1.0], [2.0]]), ga.tensor([3.0, 4.0, 5.0])
    times(x, y).sum().backward()
    np.testing.assert_array_equal(x.grad, [[12.0], [12.0]])
    np.testing.assert_array_equal(y.grad, [3.0, 3.0, 3.0])
    np.testing.assert_array_equal(ga.jvp(times, [x.data, y.data], [x.data, y.data])[1], 2 * x.data * y.data)
