"""``scipy.fft`` and ``scipy.signal`` where a row of the catalogue cannot say it, and a filter found from its output."""

import numpy as np
import pytest
from scipy import fft, optimize, signal

import gradarray as ga
from gradarray.registry import dispatched

rng = np.random.default_rng(0)


def test_coefficients_of_a_recursive_filter_from_its_input_and_output():
    """Of 0.2 + 0.3 z over 1 - 0.6 z + 0.25 z^2, and the state that it started in."""
    b, a, start = np.array([0.2, 0.3]), np.array([-0.6, 0.25]), np.array([0.4, -0.2])
    x = rng.normal(size=200)
    y = signal.lfilter(b, [1, *a], x, zi=start)[0]

    def loss(p):
        with ga.wrapping():
            found, _ = signal.lfilter(p[:2], np.concatenate(([1.0], p[2:4])), x, zi=p[4:])
        return np.sum((found - y) ** 2)

    found = optimize.minimize(ga.value_and_grad(loss), np.zeros(6), jac=True, method="BFGS", options={"gtol": 1e-9})
    np.testing.assert_allclose(found.x, [*b, *a, *start], atol=1e-7)


def test_blur_that_was_convolved_with():
    """A kernel of 5 from a signal and the same blurred, by gradient descent with the exact step of a quadratic."""
    kernel = np.array([0.1, 0.2, 0.4, 0.2, 0.1])
    x = rng.normal(size=60)
    y = signal.fftconvolve(x, kernel, "same")

    def residual(k):
        with ga.wrapping():
            return signal.fftconvolve(x, k, "same") - y

    guess = np.zeros(5)
    jacobian = ga.jacobian(residual)(guess)
    np.testing.assert_allclose(guess - np.linalg.lstsq(jacobian, residual(guess))[0], kernel, atol=1e-12)


@pytest.mark.parametrize("name", ["fft", "dct", "dstn", "irfft", "fht", "fftshift"])
def test_public_names_are_dispatched(name):
    call, options = dispatched(getattr(fft, name)), {"dln": 0.1, "mu": 0.5} if name == "fht" else {}
    a = rng.normal(size=6)
    x = ga.tensor(a)
    y, plain = call(x, **options), call(a, **options)
    assert type(y) is ga.Tensor
    assert type(plain) is np.ndarray
    assert (y.data == plain).all()
    np.real(y).sum().backward()
    assert x.grad.shape == (6,)


@pytest.mark.parametrize("name", ["fft", "fftn", "ifft", "dct", "dctn"])
def test_nothing_is_overwritten(name):
    a = rng.normal(size=(4, 4)) + 1j
    x = ga.tensor(a)
    y = dispatched(getattr(fft, name))(x, overwrite_x=True)
    assert (x.data == a).all()
    assert not np.shares_memory(y.data, x.data)
    x = ga.tensor(a.real)
    dispatched(signal.detrend)(x, overwrite_data=True)
    assert (x.data == a.real).all()


def test_sections_that_a_graph_needs_filter_on():
    """SciPy wants to be able to write to them, which the guard of a graph forbids."""
    sos = signal.butter(4, 0.3, output="sos")
    x = ga.tensor(rng.normal(size=9))
    y = dispatched(signal.sosfilt)(sos, x)
    np.testing.assert_allclose(signal.sosfilt(sos, x.data), y.data, rtol=1e-12)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, signal.sosfilt(sos, np.ones(9))[::-1], rtol=1e-12)


@pytest.mark.parametrize("n", [1, 2, 3, 40])
@pytest.mark.parametrize("axis", [0, -1])
def test_sections_by_the_state_that_they_start_in(n, axis):
    """Signals of a few samples, too; one section is of first order, whose last coefficients are 0."""
    sos = signal.butter(5, 0.3, output="sos")
    x = rng.normal(size=(n, 2) if axis == 0 else (2, n))
    zi = rng.normal(size=(3, 2, 2))
    found = ga.jacobian(lambda zi: signal.sosfilt(sos, x, axis, zi)[0])(zi)
    for at in np.ndindex(zi.shape):
        one = np.zeros(zi.shape)
        one[at] = 1
        expected = signal.sosfilt(sos, np.zeros_like(x), axis, one)[0]
        np.testing.assert_allclose(found[(..., *at)], expected, atol=1e-14)


def test_a_filter_backwards():
    """The gradient of a long signal is the filter of what comes in, from its end."""
    b, a = signal.butter(3, 0.2)
    x = ga.tensor(rng.normal(size=10_000))
    g = rng.normal(size=10_000)
    dispatched(signal.lfilter)(b, a, x).backward(g)
    np.testing.assert_array_equal(x.grad, signal.lfilter(b, a, g[::-1])[::-1])


@pytest.mark.parametrize("shapes", [((1000,), (40,)), ((40,), (1000,)), ((30, 41), (7, 5))])
@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("fn", [signal.convolve, signal.fftconvolve, signal.oaconvolve], ids=lambda f: f.__name__)
def test_transposes_of_long_convolutions(fn, mode, shapes):
    a, b = (rng.normal(size=shape) for shape in shapes)
    x, y = ga.tensor(a), ga.tensor(b)
    out = dispatched(fn)(x, y, mode)
    g = rng.normal(size=out.shape)
    out.backward(g)
    np.testing.assert_allclose(np.sum(x.grad * a), np.sum(g * out.data), rtol=1e-9)
    np.testing.assert_allclose(np.sum(y.grad * b), np.sum(g * out.data), rtol=1e-9)


def test_a_system_from_what_it_does():
    """A damped oscillator's state matrix from its motion, by least squares with the derivatives of `lsim`."""
    A, B, C = np.array([[0.0, 1.0], [-2.0, -0.3]]), np.array([[0.0], [1.0]]), np.eye(2)
    times = np.linspace(0, 8, 60)
    u = np.sin(3 * times)
    seen = signal.lsim((A, B, C, np.zeros((2, 1))), u, times)[1]

    def residual(p):
        a = np.concatenate(([[0.0, 1.0]], [p]))
        return np.ravel(signal.lsim((a, B, C, np.zeros((2, 1))), u, times)[1] - seen)

    found = optimize.least_squares(residual, [-1.0, 0.0], ga.jacobian(residual), xtol=1e-12)
    np.testing.assert_allclose(found.x, A[1], rtol=1e-7)


def test_an_input_of_zeros():
    """The response is linear in the input, where it is zero, too."""
    system = ([[0.0, 1.0], [-2.0, -0.3]], [[0.0], [1.0]], [[1.0, 0.0]], [[0.5]])
    times = np.arange(5) * 0.2
    expected = np.stack([signal.lsim(system, row, times)[1] for row in np.eye(5)], axis=1)
    np.testing.assert_allclose(
        ga.jacobian(lambda u: signal.lsim(system, u, times)[1])(np.zeros(5)), expected, atol=1e-15
    )


def test_systems_of_the_other_kind_of_time():
    b, a = ga.tensor([1.0]), [1.0, 0.5]
    with ga.wrapping():
        with pytest.raises(AttributeError, match="give it to dlsim"):
            signal.lsim(signal.dlti(b, a), [1.0, 2.0], [0.0, 1.0])
        with pytest.raises(AttributeError, match="give it to lsim"):
            signal.dlsim(signal.lti(b, a), [1.0, 2.0])
