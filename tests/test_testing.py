"""check_grads passes what is right, and names what is wrong."""

import dataclasses
import re
import typing

import numpy as np
import pytest
import scipy.special

import gradarray as ga
from gradarray import registry
from gradarray.testing import check_grads


class Parameters(typing.NamedTuple):
    weight: typing.Any
    bias: typing.Any


@dataclasses.dataclass(frozen=True)
class Layer:
    weight: typing.Any
    name: str = "layer"


def layer(x, parameters):
    return np.tanh(x @ parameters.weight + parameters.bias)


def recurrence(x, rate):
    """In place, through a view."""
    out = np.zeros_like(x)
    out[0] = x[0]
    rest = out[1:]
    rest += x[1:] * rate
    for i in range(1, len(x)):
        out[i] += out[i - 1] * rate
    out *= 2
    return out


def overwriting(x):
    """Writes into its argument."""
    y = x[0] * x[1]
    x[0] = 5.0
    return x * y


SCALE = ga.tensor(3.0)
X = np.array([0.4, -1.3, 2.2])
SQUARE = np.array([[2.0, 0.5, -0.3], [0.1, 1.5, 0.4], [0.7, -0.2, 1.8]])
Z = X + 1j * np.array([0.3, 0.8, -0.5])
WEIGHTS = Parameters(np.linspace(-1, 1, 6).reshape(3, 2), np.array([0.1, -0.2]))

RIGHT = {
    "float": (np.sin, 0.7),
    "int": (np.exp, 2),
    "0-d": (np.sin, np.array(0.7)),
    "array": (lambda x: x**3 / (1 + x * x), X),
    "several": (lambda x, y: np.sum(x) * np.exp(y), X, 0.3),
    "matrix": (np.linalg.inv, SQUARE),
    "fortran": (lambda a: a @ a, np.asfortranarray(SQUARE)),
    "empty": (lambda x: np.sum(x**2), np.zeros(0)),
    "not analytic": (lambda x: np.abs(x) * x, X),
    "hardly not analytic": (lambda x: np.sum(x**2) + 1e-5 * np.sum(np.abs(x)), X),
    "refuses complex numbers": (lambda x: x[0] * np.fmod(x, 1.0), X),
    "fast": (lambda x: np.sin(3000 * x), X),
    "small arguments": (np.log, np.array([1e-9, 3e-12])),
    "large arguments": (lambda x: x**2, np.array([1e9, 3.0])),
    "large values": (lambda x: 1e9 + np.abs(x), X),
    "cancellation": (lambda x: np.logaddexp2(1000 * x[0], 1000 * x[1] + 1), np.array([0.4, 0.4])),
    "complex": (lambda z: z**3 * np.exp(z), Z),
    "conjugate": (lambda z: np.conj(z) * z**2, Z),
    "absolute": (lambda z: np.sum(np.abs(z) ** 3), Z),
    "complex of real": (lambda x: np.exp(1j * x), X),
    "real and complex": (lambda x, z: x * np.abs(z), X, Z),
    "complex number": (np.exp, 0.3 + 0.4j),
    "tuple": (lambda p: p[0] * p[1][0], (X, [2.0])),
    "namedtuple": (layer, X, WEIGHTS),
    "dataclass": (lambda p: p.weight**2, Layer(X)),
    "dict": (lambda p: {"y": (p["a"] ** 2, p["a"] * p["b"])}, {"a": X, "b": 3.0}),
    "passed through": (lambda p, how: (p["x"] * p["n"][0], how), {"x": X, "n": np.array([2, 3])}, "how"),
    "Tensor": (lambda x: np.sum(x**2), ga.tensor(X)),
    "float32": (lambda x: x**3 / (1 + x * x), X.astype(np.float32)),
    "float32 within": (lambda x: x.astype(np.float32) ** 2, X),
    "float32 and float64": (lambda x, y: x * np.sin(y), X.astype(np.float32), X),
    "complex64": (lambda z: z**3, Z.astype(np.complex64)),
    "float16": (lambda x: x * x, X.astype(np.float16)),
    "another Tensor": (lambda x: SCALE * x**2, X),
    "writes": (recurrence, X, 0.5),
    "writes into its argument": (overwriting, X),
}


@pytest.mark.parametrize(("f", "args"), [(f, args) for f, *args in RIGHT.values()], ids=RIGHT.keys())
def test_right(f, args):
    check_grads(f, args)


def test_third_order():
    check_grads(lambda x: np.sin(x) * x, [X], order=3)


def test_arguments_are_not_written():
    x = X.copy()
    check_grads(overwriting, [x])
    np.testing.assert_array_equal(x, X)


def test_directions():
    seen = []

    def f(x):
        if type(x) is np.ndarray:
            seen.append(x)
        return x * x

    def points(**options):
        seen.clear()
        check_grads(f, [X], order=1, **options)
        return np.array(seen)

    first = points()
    np.testing.assert_array_equal(points(), first)
    np.testing.assert_array_equal(points(rng=0), first)
    np.testing.assert_array_equal(points(rng=np.random.default_rng(0)), first)
    assert (points(rng=1) != first).any()
    assert {x.dtype.kind for x in seen} == {"f", "c"}
    steps = np.abs(np.array([x for x in seen if x.dtype.kind == "f"]) - X)
    assert np.all(steps < 1.01e-5 * np.maximum(1, np.abs(X)))
    assert np.all((steps > 2e-6) | (steps == 0))


@pytest.fixture
def wrong(monkeypatch):
    """Give a function of the registry another derivative for the length of a test."""
    ga.grad(np.sin)(0.0)  # the registry is loaded

    def register(fn, **vjps):
        table = registry.ufuncs if isinstance(fn, np.ufunc) else registry.functions
        monkeypatch.setitem(table, fn, registry.known(fn))
        kind = "elementwise" if isinstance(fn, np.ufunc) else "differentiable"
        ga.register(fn, kind=kind, **vjps)

    return register


class Dispatched:
    """A function object that NumPy's protocol reaches."""

    def __init__(self, body):
        self.body = body
        self.__name__ = "dispatched"

    def __call__(self, x):
        if isinstance(x, ga.Tensor):
            return x.__array_function__(self, (ga.Tensor,), (x,), {})
        return self.body(x)


def error_of(f, *args, **options):
    with pytest.raises(AssertionError) as caught:
        check_grads(f, args, **options)
    found = re.fullmatch(
        r"check_grads: the derivative of (?P<name>\S+) in mode (?P<mode>.+) is wrong\.\n"
        r"  argument:  (?P<argument>.+)\n"
        r"  direction: (?P<direction>(?s:.+))\n"
        r"  expected:  (?P<expected>(?s:.+))\n"
        r"  got:       (?P<got>(?s:.+))",
        str(caught.value),
    )
    assert found, str(caught.value)
    return found


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_wrong_factor(wrong, mode):
    wrong(np.sin, x=lambda g, x: 2 * g * np.cos(x))
    found = error_of(np.sin, 0.0, modes=mode)
    assert (found["name"], found["mode"], found["argument"]) == ("sin", mode, "0")
    expected, method = found["expected"].split(" (", 1)
    assert method == "by complex step)"
    ratio = float(found["got"]) / float(expected)
    assert abs(ratio - 2) < 1e-7
    if mode == "fwd":
        assert abs(float(expected) / float(found["direction"]) - 1) < 1e-7


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_wrong_by_little(wrong, mode):
    wrong(np.sin, x=lambda g, x: g * np.cos(x) * (1 + 1e-5))
    error_of(np.sin, X, modes=mode)
    error_of(np.sin, X * 1e-7, modes=mode)
    check_grads(np.sin, [X], modes=mode, rtol=1e-4)
    check_grads(np.sin, [X], modes=mode, atol=1e-3)
    wrong(np.sin, x=lambda g, x: g * np.cos(x) * (1 + 1e-8))
    check_grads(np.sin, [X], modes=mode)
    error_of(np.sin, X, modes=mode, rtol=1e-10, atol=0)


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_one_wrong_element(wrong, mode):
    wrong(np.sin, x=lambda g, x: g * np.cos(x) * np.where(np.arange(1000) == 321, 1.01, 1))
    found = error_of(np.sin, np.linspace(0, 1, 1000), modes=mode)
    if mode == "fwd":
        assert "furthest off at (321,)" in found["expected"]


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_wrong_place_in_a_structure(wrong, mode):
    wrong(np.arctan2, a=lambda g, a, b: g * b / (a * a + b * b), b=lambda g, a, b: g * a / (a * a + b * b))

    def f(scale, p):
        return {"angle": [scale * np.arctan2(p["y"], p["rest"][1].bias)]}

    found = error_of(f, 2.0, {"y": X, "rest": (None, Parameters("unused", np.array([1.0, 2.0, 3.0])))}, modes=mode)
    assert (found["name"], found["argument"]) == ("f", "1, at ['rest'][1].bias")
    assert found["direction"].startswith("[")
    if mode == "fwd":
        assert "in the output at ['angle'][0]" in found["expected"]
    found = error_of(lambda p: np.arctan2(1.0, p.weight), Layer(2.0), modes=mode)
    assert (found["name"], found["argument"]) == ("<lambda>", "0, at .weight")


def test_wrong_second_derivative(wrong):
    right = {"x": lambda g, x: g * np.cos(x)}
    hidden = {"x": lambda g, x: g * np.cos(getattr(x, "data", x))}  # what the derivative depends on is not followed
    wrong(np.sin, **hidden)
    check_grads(np.sin, [X], order=1)
    modes = {
        (first, second): error_of(np.sin, X, modes=(first, second))["mode"]
        for first, second in (("rev", "fwd"), ("fwd", "rev"))
    }
    assert modes == {("rev", "fwd"): "rev over rev", ("fwd", "rev"): "rev over fwd"}
    assert error_of(np.sin, X, modes=["fwd"])["mode"] == "fwd over fwd"
    wrong(np.sin, **right)
    check_grads(np.sin, [X])


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_wrong_for_complex_numbers(wrong, mode):
    wrong(np.square, x=lambda g, x: 2 * g * np.conj(x))
    check_grads(np.square, [X], modes=mode, order=1)
    assert "central differences" in error_of(np.square, Z, modes=mode)["expected"]
    check_grads(np.square, [Z.real + 0j], modes=mode, order=1)


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_not_mistaken_for_analytic(wrong, mode):
    # along the imaginary axis the absolute value does not change
    wrong(np.absolute, x=lambda g, x: 0 * g)
    assert "central differences" in error_of(np.abs, X, modes=mode)["expected"]


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_wrong_in_single_precision(wrong, mode):
    wrong(np.sin, x=lambda g, x: g * np.cos(x) * 1.01)
    error_of(np.sin, X.astype(np.float32), modes=mode)
    wrong(np.sin, x=lambda g, x: g * np.cos(x) * (1 + 1e-5))
    check_grads(np.sin, [X.astype(np.float32)], modes=mode)


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_wrong_close_to_a_kink(wrong, mode):
    wrong(np.absolute, x=lambda g, x: 1.1 * g * np.sign(x))
    error_of(np.abs, np.array([1e-6, 1.0]), modes=mode)


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_nan(wrong, mode):
    wrong(np.sin, x=lambda g, x: g * np.nan)
    assert "nan" in error_of(np.sin, X, modes=mode)["got"]


@pytest.mark.parametrize("mode", ["rev", "fwd"])
def test_function_object(mode):
    cumulative = Dispatched(np.cumsum)
    ga.register(cumulative, kind="differentiable", signature="(x)", x=lambda g: np.cumsum(g[::-1])[::-1])
    check_grads(cumulative, [X], modes=mode)
    mistaken = Dispatched(np.cumsum)
    ga.register(mistaken, kind="differentiable", signature="(x)", x=lambda g: np.cumsum(g))
    found = error_of(mistaken, X, modes=mode)
    assert (found["name"], found["argument"]) == ("dispatched", "0")


def test_other_libraries():
    check_grads(scipy.special.erf, [X])
    check_grads(lambda x: scipy.special.gammaln(x**2), [X])


@pytest.mark.parametrize(
    ("f", "args", "options", "error", "message"),
    [
        (3, [X], {}, TypeError, "f is a int, not a function"),
        (np.sin, X, {}, TypeError, r"args is a ndarray, not a list of arguments; give \[x\]"),
        (np.sin, [], {}, TypeError, "no float or complex number in the arguments"),
        (np.sum, [np.arange(3)], {}, TypeError, "no float or complex number in the arguments"),
        (np.argmax, [X], {}, TypeError, "argmax returned no float or complex number"),
        (np.sin, [X], {"order": 0}, ValueError, "order=0; give 1 or more"),
        (np.sin, [X], {"order": 1.5}, TypeError, "order=1.5; give a whole number"),
        (np.sin, [X], {"modes": ()}, ValueError, r"modes=\(\)"),
        (np.sin, [X], {"modes": ("rev", "forward")}, ValueError, "choose of 'rev' and 'fwd'"),
        (np.sin, [X], {"modes": "reverse"}, ValueError, "modes='reverse'"),
        (np.sin, [X], {"eps": 0.0}, ValueError, "eps=0.0"),
        (np.sin, [X], {"rtol": -1.0}, ValueError, "rtol=-1.0"),
        (np.sin, [X], {"atol": np.nan}, ValueError, "atol=nan"),
    ],
)
def test_bad_input(f, args, options, error, message):
    with pytest.raises(error, match=f"^check_grads: .*{message}"):
        check_grads(f, args, **options)
