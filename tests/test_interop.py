"""Functions of scipy.special, and when their rules are loaded."""

import subprocess
import sys

import numpy as np
import pytest
import scipy.special

import gradarray as ga

POINTS = np.array([[0.3, 1.0, 1.7], [2.5, 4.0, 6.2]])
FUNCTIONS = [scipy.special.erf, scipy.special.expit, scipy.special.gammaln, scipy.special.psi]


def slope(f, x, step=1e-6):
    return (f(x + step) - f(x - step)) / (2 * step)


@pytest.fixture(params=FUNCTIONS, ids=lambda f: f.__name__)
def f(request):
    return request.param


@pytest.mark.parametrize("points", [POINTS, POINTS[0, 1], POINTS[:, ::2], POINTS[:0]], ids=str)
def test_value_and_gradient(f, points):
    x = ga.tensor(points)
    y = f(x)
    assert type(y) is ga.Tensor
    np.testing.assert_array_equal(y.data, f(points))

    weights = np.cos(points)
    y.backward(weights)
    np.testing.assert_allclose(x.grad, weights * slope(f, points), rtol=1e-7, atol=1e-9)


def test_negative_points(f):
    points = np.array([-3.3, -1.6, -0.4])
    x = ga.tensor(points)
    f(x).backward()
    np.testing.assert_allclose(x.grad, slope(f, points), rtol=1e-7, atol=1e-9)


def test_single_precision(f):
    x = ga.tensor(POINTS.astype(np.float32))
    y = f(x)
    y.backward()
    assert y.dtype == x.grad.dtype == np.float32
    np.testing.assert_allclose(x.grad, slope(f, POINTS), rtol=1e-5, atol=1e-9)


def test_complex_erf():
    point = 0.4 + 0.3j
    z = ga.tensor(point)
    scipy.special.erf(z).backward()
    np.testing.assert_allclose(z.grad, np.conj(slope(scipy.special.erf, point)), rtol=1e-7)


def test_in_an_expression():
    """The price of a call option, and its derivatives in closed form."""

    def cdf(x):
        return (1 + scipy.special.erf(x / np.sqrt(2))) / 2

    def price(spot, volatility, strike=95.0):
        d1 = np.log(spot / strike) / volatility + volatility / 2
        return spot * cdf(d1) - strike * cdf(d1 - volatility)

    spot, volatility = ga.tensor(100.0), ga.tensor(0.2)
    price(spot, volatility).backward()
    d1 = np.log(100 / 95) / 0.2 + 0.1
    np.testing.assert_allclose(spot.grad, cdf(d1))
    np.testing.assert_allclose(volatility.grad, 100 * np.exp(-d1 * d1 / 2) / np.sqrt(2 * np.pi))


def test_constants_record_nothing(f):
    y = f(ga.tensor([1, 2, 3]))
    assert type(y) is ga.Tensor
    assert y.constant
    np.testing.assert_array_equal(y.data, f(np.array([1, 2, 3])))


def test_out(f):
    x, out = ga.tensor(POINTS), ga.tensor(np.zeros_like(POINTS))
    assert f(x, out=out) is out
    out.backward()
    np.testing.assert_allclose(x.grad, slope(f, POINTS), rtol=1e-7, atol=1e-9)


def run(code):
    subprocess.run([sys.executable, "-c", code], check=True)


def test_gradarray_does_not_import_scipy():
    run("import sys, gradarray; assert not [name for name in sys.modules if name.startswith('scipy')]")


@pytest.mark.parametrize(
    "imports",
    [
        "import gradarray as ga; import scipy.special as special",
        "import gradarray as ga; from scipy import special",
        "import scipy.special as special; import gradarray as ga",
        "import scipy; import gradarray as ga; special = scipy.special",
    ],
)
def test_order_of_imports(imports):
    run(f"{imports}; x = ga.tensor(0.0); special.expit(x).backward(); assert x.grad == 0.25")


def test_other_functions_are_refused_until_registered():
    x = ga.tensor(1.5)
    with pytest.raises(TypeError, match="mathieu_a"):
        scipy.special.mathieu_a(2, x)

    ga.register(scipy.special.j0, x=lambda g, x: -g * scipy.special.j1(x))
    scipy.special.j0(x).backward()
    np.testing.assert_allclose(x.grad, -scipy.special.j1(1.5))


def test_where_selects():
    x = ga.tensor([0.5, 1.0, 2.0])
    out = scipy.special.erf(x, out=x * 2, where=np.array([True, False, True]))
    np.testing.assert_allclose(out.data, [scipy.special.erf(0.5), 2.0, scipy.special.erf(2.0)])
    out.sum().backward()
    slopes = 2 / np.sqrt(np.pi) * np.exp(-(x.data**2))
    np.testing.assert_allclose(x.grad, [slopes[0], 2.0, slopes[2]])


def test_gammaln_to_the_fourth_derivative():
    points = np.array([0.7, 2.5])
    f = scipy.special.gammaln
    for order in range(1, 5):
        f = ga.elementwise_grad(f)
        np.testing.assert_allclose(f(points), scipy.special.polygamma(order - 1, points), rtol=1e-12)
