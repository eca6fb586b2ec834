"""Transforms whose arguments NumPy deprecates, whose imaginary parts do not count, or that write into a Tensor."""

import numpy as np
import pytest

import gradarray as ga

X = np.sin(np.arange(12.0)).reshape(3, 4)


@pytest.mark.parametrize("fn", [np.fft.fftn, np.fft.ifftn, np.fft.rfftn, np.fft.irfftn])
@pytest.mark.parametrize(("s", "axes"), [((6,), None), ((2, 5), None), ((None, 6), (0, 1)), ((6, None), (1, 0))])
def test_deprecated_shapes(fn, s, axes):
    with pytest.warns(DeprecationWarning, match="axes|None"):
        expected = fn(X, s, axes)
    x = ga.tensor(X)
    with pytest.warns(DeprecationWarning, match="axes|None") as found:
        y = fn(x, s, axes)
    assert found[0].filename == __file__
    np.testing.assert_allclose(y.data, expected, rtol=1e-14, atol=1e-15)
    y.backward()
    assert x.grad.shape == X.shape


@pytest.mark.parametrize("fn", [np.fft.irfft, np.fft.hfft, np.fft.irfftn])
@pytest.mark.parametrize("n", [5, 6])
def test_imaginary_parts_that_do_not_count_have_gradient_zero(fn, n):
    x = ga.tensor(np.arange(1, 5) * (1 + 1j))
    y = fn(x, n) if fn is not np.fft.irfftn else fn(x, [n], [0])
    (y * np.cos(np.arange(n))).sum().backward()
    np.testing.assert_array_equal(x.grad.imag == 0, [True, False, False, True])  # the last: Nyquist, or cropped
    assert (x.grad.real[: n // 2 + 1] != 0).all()


@pytest.mark.parametrize("fn", [np.fft.fft, np.fft.fft2, np.fft.rfftn])
def test_a_plain_array_into_a_tensor(fn):
    out = ga.tensor(np.zeros(fn(X).shape, complex))
    y = fn(X, out=out)
    assert y is out
    np.testing.assert_allclose(out.data, fn(X), rtol=1e-14, atol=1e-15)


def test_integers_are_constant():
    y = np.fft.rfft(ga.tensor([1, 2, 3]))
    assert y.constant
    np.testing.assert_allclose(y.data, np.fft.rfft([1, 2, 3]))


def test_a_transform_and_its_inverse():
    """The gradient of half the energy is the signal itself, by Parseval's theorem."""
    x = ga.tensor(np.random.default_rng(0).normal(size=1000))
    spectrum = np.fft.fft(x, norm="ortho")
    (0.5 * np.sum(np.abs(spectrum) ** 2)).backward()
    np.testing.assert_allclose(x.grad, x.data, rtol=1e-12)
