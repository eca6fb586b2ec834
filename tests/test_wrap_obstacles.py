"""Idioms of code that knows nothing of gradarray: where it holds functions, what it asks, writes and imports."""

from __future__ import annotations

import collections
import collections.abc
import functools
import importlib
import math
import statistics
import subprocess
import sys
import threading
import types
import typing
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy import interpolate, optimize
from scipy.spatial import distance

import gradarray as ga

X = np.array([0.3, 0.7, 1.1])


def differences(f, x, h=1e-6):
    return np.array([(f(x + h * e) - f(x - h * e)) / (2 * h) for e in np.eye(len(x))])


def made(f):
    def g(x):
        return f(x)

    return g


sine = made(math.sin)


class Holder:
    def __init__(self):
        self.f = math.exp
        self.table = {"inner": [math.cos]}


HOLDER = Holder()
SPACE = types.SimpleNamespace(root=math.sqrt)
NESTED = {"a": {"b": math.log}}
Point = collections.namedtuple("Point", "x y")


@functools.lru_cache
def nodes(n):
    return np.linspace(0.0, 1.0, n)


@functools.lru_cache
def square(v):
    return v * v


class Quantity:
    def __init__(self, value):
        self.value = value

    def __float__(self):
        return float(self.value)


class Cell:
    def __init__(self, rows):
        self.rows = rows

    def __array__(self, dtype=None, copy=None):
        return np.array(self.rows)


class Accumulator:
    @functools.lru_cache  # noqa: B019
    def weight(self, n):
        return np.ones(n) / n


ACCUMULATOR = Accumulator()
NUMBER = typing.Union[int, float]  # noqa: UP007
PLAIN = np.array([1.0, 2.0, 4.0])
exec("from math import tanh\ndef executed(x):\n    return float(tanh(x[0])) * 2", made_by_exec := {})
executed = made_by_exec["executed"]


def filled(x):
    out = np.copy(PLAIN)
    out[1] = x[0] * x[1]
    stacked = np.concatenate([PLAIN, PLAIN])
    stacked[0] = x[2] ** 2
    grid = np.tile(PLAIN, 2)
    grid[-1] = x[0]
    return out.sum() + stacked.sum() + grid.sum()


CASES = {
    "closure of a function of the module": lambda x: sine(x[0]),
    "attribute of an instance": lambda x: HOLDER.f(x[0]),
    "list in a dict in an instance": lambda x: HOLDER.table["inner"][0](x[0]),
    "simple namespace": lambda x: SPACE.root(x[1]),
    "nested dicts": lambda x: NESTED["a"]["b"](x[1]),
    "made by exec": lambda x: executed(x),
    "cached with a number": lambda x: (nodes(3) * x).sum(),
    "cached with a Tensor": lambda x: square(x[0]) + square(x[1]),
    "cached method": lambda x: (ACCUMULATOR.weight(3) * x).sum(),
    "named tuple": lambda x: np.array(Point(x[0], x[1])).sum() + np.asarray([Point(x[0], x[2])]).prod(),
    "sum of a named tuple": lambda x: np.sum(Point(x[0], x[1] ** 2)),
    "ufuncs of lists": lambda x: (
        np.max(np.abs([x[0] - x[1], x[2]])) + np.add.reduce(np.multiply([x[0], 2.0], (x[1], x[2])))
    ),
    "ufuncs in tables": lambda x: (
        {np.sin: 2.0}[np.sin] * x[0] + isinstance(np.sin, np.ufunc) * np.add.outer(x, x).sum()
    ),
    "deque": lambda x: np.array(collections.deque([x[0], 2 * x[1]])).sum(),
    "object with __float__": lambda x: float(Quantity(x[0])) ** 2 + math.sin(Quantity(x[1])),
    "object with __array__": lambda x: np.linalg.norm(Cell([x, 2 * x])),
    "statistics": lambda x: (
        statistics.mean([*x])
        + statistics.stdev([*x])
        + statistics.variance([*x])
        + statistics.pvariance([*x])
        + statistics.pstdev([*x])
        + statistics.harmonic_mean([*x])
    ),
    "unbound methods": lambda x: float.__mul__(float(x[0]), 3.0) + float.__rsub__(x[1], 2.0) + float.__neg__(x[2]),
    "through text": lambda x: float(f"{x[0] ** 2:.9f}") + float(str(x[1])) * 3 + np.float64(f"{x[2]:12.9f}"),
    "results of functions that are written": filled,
    "whole numbers": lambda x: x[0] if not float(x[0]).is_integer() else x[1],
    "typing.Union": lambda x: x[0] ** 2 if isinstance(x[0], NUMBER) else x[1],
    "abstract classes": lambda x: x[1] ** 2 if isinstance(x[0], collections.abc.Iterable) else x[0] * 5,
    "hasattr": lambda x: x[1] ** 2 if hasattr(x[0], "__len__") or hasattr(x[0], "__iter__") else x[0] * 5,
    "protocols": lambda x: x[0] ** 2 if not isinstance(x[0], typing.SupportsIndex) else x[1],
    "types of numbers": lambda x: type(x[0])(x[0] * 2) + x[1].__class__(x[1]) * (3 if type(x[0]) is np.float64 else 1),
    "arrays by name": lambda x: x.__array__().sum() * 2,
    "only constants": lambda x: x[0] * float(interpolate.UnivariateSpline(np.arange(6.0), np.sin(np.arange(6.0)))(0.3)),
    "copies of numbers": lambda x: x[0] * (2 if isinstance(__import__("copy").deepcopy([x[0]])[0], float) else 3),
}


@pytest.mark.parametrize("f", CASES.values(), ids=CASES)
def test_idiom(f):
    before = f(X)
    expected = differences(f, X)
    np.testing.assert_allclose(ga.grad(f)(X), expected, rtol=1e-6, atol=1e-8)
    x = ga.tensor(X)
    y = ga.wrap(f)(x)
    np.testing.assert_allclose(ga.asarray(y).data, before, rtol=1e-12)
    y.backward()
    np.testing.assert_allclose(x.grad, expected, rtol=1e-6, atol=1e-8)
    after = f(X)
    assert after == before
    assert type(after) is type(before)


def test_what_is_held_is_as_before_afterwards():
    functions = [sine.__closure__[0].cell_contents, HOLDER.f, HOLDER.table["inner"][0], SPACE.root, NESTED["a"]["b"]]
    assert functions == [math.sin, math.exp, math.cos, math.sqrt, math.log]
    assert type(nodes) is type(square)


def test_what_a_program_writes_itself_stays():
    space = types.SimpleNamespace(f=math.sin)

    def f(x):
        y = space.f(x[0])
        space.f = math.cos
        return y

    np.testing.assert_allclose(ga.grad(f)(X), [math.cos(0.3), 0, 0])
    assert space.f is math.cos
    np.testing.assert_allclose(ga.grad(f)(X), [-math.sin(0.3), 0, 0])


RANDOM = """
import numpy as np, gradarray as ga
def f(x):
    p = np.random.default_rng(0).normal(size=3)
    return np.sum(p * x)
plain = np.random.default_rng(0) if False else None
print(ga.grad(f)(np.ones(3)).tolist() == np.random.default_rng(0).normal(size=3).tolist())
"""
IMPORTED = """
import sys, numpy as np, gradarray as ga, pathlib
pathlib.Path(sys.argv[1], "late_one.py").write_text('''
from numpy import zeros, sum
from math import sin
import scipy.special
TABLE = {"sin": sin}
WEIGHTS = zeros(3) + 2.0
def f(x):
    y = zeros(3)
    y[:] = x
    return sum([TABLE["sin"](v) for v in y]) + sum(WEIGHTS * y)
''')
sys.path.insert(0, sys.argv[1])
def f(x):
    import late_one
    return late_one.f(x)
assert np.allclose(ga.grad(f)(np.ones(3)), np.cos(1.0) + 2.0)
import late_one, math
assert late_one.zeros is np.zeros and late_one.sum is np.sum and late_one.sin is math.sin
assert type(late_one.WEIGHTS) is np.ndarray and late_one.TABLE["sin"] is math.sin
assert type(late_one.f(np.ones(3))) is np.float64
print(True)
"""


@pytest.mark.parametrize("program", [RANDOM, IMPORTED], ids=["numpy.random", "a module"])
def test_modules_that_are_first_imported_within_find_everything_as_it_is(program, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=False, timeout=100
    )
    assert done.stdout == "True\n", done.stderr


def test_text_that_only_looks_the_same_is_another_number():
    def f(x):
        text = str(x[0])
        return x[1] * float("x0.3"[1:]) + 0 * len(text)

    np.testing.assert_allclose(ga.grad(f)(X), [0, 0.3, 0])


def test_failing_imports_leave_the_context():
    def f(x):
        try:
            import no_such_module_anywhere  # noqa: F401, PLC0415
        except ImportError:
            return np.asarray(x, dtype=float)[0] * 2
        return x[1]

    np.testing.assert_array_equal(ga.grad(f)(X), [2.0, 0.0, 0.0])


def test_threads_that_a_program_starts_run_in_its_context():
    def pooled(x):
        with ThreadPoolExecutor(2) as pool:
            return np.array([*pool.map(math.sin, x)]).sum() + pool_result(x)

    def pool_result(x):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(lambda v, scale: float(v) * scale, x[0], scale=3.0).result()

    def started(x):
        out = np.zeros(3)

        def fill(k):
            out[k] = math.exp(float(x[k]))

        threads = [threading.Thread(target=fill, args=(k,)) for k in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return np.sum(out)

    np.testing.assert_allclose(ga.grad(pooled)(X), np.cos(X) + np.array([3.0, 0, 0]))
    np.testing.assert_allclose(ga.grad(started)(X), np.exp(X))


def test_threads_that_others_start_meanwhile_are_plain():
    seen = []
    begin, go_on = threading.Event(), threading.Event()

    def other():
        begin.wait(10)
        thread = threading.Thread(target=lambda: seen.append(type(np.zeros(2))))
        thread.start()
        thread.join()
        with ThreadPoolExecutor(1) as pool:
            seen.append(pool.submit(lambda: type(np.zeros(2))).result())
        go_on.set()

    thread = threading.Thread(target=other)
    thread.start()
    with ga.wrapping():
        begin.set()
        assert go_on.wait(10)
    thread.join()
    assert seen == [np.ndarray, np.ndarray]


def test_long_tables_of_functions_and_of_numbers():
    table = [math.sin, math.cos, math.exp, math.sqrt, math.tanh, *([1.0] * 10_000)]

    def f(x):
        return sum(g(x[1]) for g in table[:5]) + table[-1] * x[0]

    np.testing.assert_allclose(ga.grad(f)(X), differences(f, X), rtol=1e-6, atol=1e-8)
    assert table[0] is math.sin


def test_functions_of_a_library_given_as_values():
    x = ga.tensor(np.eye(3) + 0.1)

    def through(f, x):
        with ga.wrapping():
            return f(x)

    through(distance.pdist, x).sum().backward()
    plain = ga.grad(lambda v: np.sum(distance.pdist(v)))(x.data)
    np.testing.assert_allclose(x.grad, plain)
    assert np.any(plain)


def test_code_of_a_module_and_names_that_are_bound_anew():
    space = {"__name__": "__main__", "np": np, "ga": ga, "math": math, "X": X}

    def run(source):
        exec(compile(source, "<cell>", "exec"), space)

    run("from numpy import zeros\nx = ga.tensor(X)")
    run("with ga.wrapping():\n    y = zeros(3)\n    y[:] = x\n    z = float(y.sum()) * 2")
    space["z"].backward()
    np.testing.assert_array_equal(space["x"].grad, [2.0, 2.0, 2.0])
    assert "float" not in space
    run("h = math.sin\na = ga.grad(lambda v: h(v[0]))(X)")
    run("h = math.cos\nb = ga.grad(lambda v: h(v[0]))(X)")
    run("h = 3.0\nc = ga.grad(lambda v: h * v[0])(X)")
    np.testing.assert_allclose([space[k][0] for k in "abc"], [math.cos(0.3), -math.sin(0.3), 3.0])
    assert space["h"] == 3.0
    assert space["zeros"] is np.zeros


def in_closure():
    signal, interpolate = map(importlib.import_module, ("scipy.signal", "scipy.interpolate"))
    return lambda x: signal.filtfilt([0.1, 0.2, 0.1], [1.0, -0.5, 0.2], x), lambda x: interpolate.CubicSpline(
        np.arange(30.0), x
    )(np.arange(1.5, 9.0))


class Holder:
    def __init__(self):
        self.module = importlib.import_module("scipy.signal")

    def filtered(self, x):
        return self.module.filtfilt([0.1, 0.2, 0.1], [1.0, -0.5, 0.2], x)


@pytest.mark.parametrize("f", [*in_closure(), Holder().filtered])
def test_modules_that_closures_and_objects_hold(f):
    """Functions without a rule of their own, which come to some that have one."""
    x = np.sin(np.arange(30.0))
    value, pull = ga.vjp(f, x)
    c, v = np.cos(value + 1), np.cos(3 * x)
    slope = (f(x + 1e-5 * v) - f(x - 1e-5 * v)) / 2e-5
    np.testing.assert_allclose(np.sum(pull(c)[0] * v), np.sum(c * slope), rtol=1e-7)


class Smoother:
    def __init__(self):
        self.library = importlib.import_module("scipy.signal")

    def loss(self, x):
        return self.smoothed(x)

    def smoothed(self, x):
        return self.library.filtfilt([0.1, 0.2, 0.1], [1.0, -0.5, 0.2], x)


def handed_on(library, x):
    return library.filtfilt([0.1, 0.2, 0.1], [1.0, -0.5, 0.2], x)


SMOOTHER = Smoother()
LIBRARIES = {"s": SMOOTHER.library}


class Meta(type):
    def smoothed(cls, x):
        return SMOOTHER.smoothed(x)


class Made(metaclass=Meta):
    pass


@pytest.mark.parametrize(
    "f",
    [
        SMOOTHER.loss,
        lambda x: SMOOTHER.smoothed(x),
        lambda x: handed_on(SMOOTHER.library, x),
        lambda x: handed_on(LIBRARIES["s"], x),
        lambda x: getattr(SMOOTHER.library, "filt" * 2)([0.1, 0.2, 0.1], [1.0, -0.5, 0.2], x),
        lambda x: collections.deque([SMOOTHER.smoothed])[0](x),
        lambda x: Made.smoothed(x),
    ],
)
def test_modules_that_are_handed_on(f):
    x, v = np.sin(np.arange(30.0)), np.cos(np.arange(30.0))
    value, pull = ga.vjp(f, x)
    np.testing.assert_allclose(value, f(x))
    np.testing.assert_allclose(np.sum(pull(v)[0] * v), np.sum(v * f(v)), rtol=1e-10)  # it is linear


def test_names_that_are_written_anew(monkeypatch):
    """In a module of a program, in NumPy and in math: they stay written, and their new values count."""
    module = types.ModuleType("losses_of_a_program")
    exec("import math\nimport numpy as np\nfrom math import sin as h\ndef f(x):\n    return h(x[0])", vars(module))
    exec("def z(x):\n    return np.sum(np.zeros(3) * x)", vars(module))
    sys.modules[module.__name__] = module
    x = np.array([0.3, 0.4, 0.5])

    def slope(f=lambda x: module.f(x)):
        return ga.grad(f)(x)[0]

    try:
        assert slope() == np.cos(0.3)
        for value, expected in ((math.cos, -np.sin(0.3)), (lambda v: v * v, 0.6), (math.sin, np.cos(0.3))):
            module.h = value
            assert np.isclose(slope(), expected)
            assert np.isclose(slope(module.f), expected)
            assert module.h is value
        monkeypatch.setattr(module, "h", math.exp)
        assert np.isclose(slope(), np.exp(0.3))
        with ga.wrapping():
            pass
        assert module.h is math.exp
        monkeypatch.setattr(np, "zeros", np.ones)
        np.testing.assert_array_equal(ga.grad(lambda x: module.z(x))(x), [1, 1, 1])
        assert np.zeros is np.ones
    finally:
        del sys.modules[module.__name__]


def test_minimizers_that_a_program_comes_to_later():
    """They would only compare values, so they are replaced whether or not the program was seen to call them."""
    solvers = {"first": optimize.brent}
    names = ["first"]

    def f(x):
        return solvers[names[0]](lambda u: (u - x**2) ** 2 + u**4)

    expected = ga.grad(f)(0.5)
    assert abs(expected) > 0.1
    solvers["second"] = optimize.golden
    names[0] = "second"
    assert np.isclose(ga.grad(f)(0.5), expected, rtol=1e-4)
