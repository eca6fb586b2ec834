"""What takes no part in a result gets a zero, also through a derivative that is singular there."""

import numpy as np
import pytest

import gradarray as ga

X = np.array([-1.0, 0.0, 4.0])


def cleared(y):
    y[X <= 0] = 0
    return y


def extreme(x):
    with np.errstate(invalid="ignore"):
        return np.fmax(np.sqrt(x), 1.0)


SELECTIONS = {
    "where": lambda y, x: np.where(X > 0, y, 0),
    "where-other": lambda y, x: np.where(X <= 0, x, y) - np.where(X <= 0, x, 0),
    "mask": lambda y, x: y[X > 0],
    "indices": lambda y, x: y[[2]],
    "item": lambda y, x: y[2],
    "slice": lambda y, x: y[2:],
    "sum-where": lambda y, x: np.sum(y, where=X > 0),
    "mean-where": lambda y, x: np.mean(y, where=X > 0),
    "max-where": lambda y, x: np.max(y, where=X > 0, initial=-9),
    "ufunc-where": lambda y, x: np.multiply(y, 1.0, where=X > 0, out=np.zeros_like(x)),
    "write": lambda y, x: cleared(y * 1.0),
    "take": lambda y, x: np.take(y, [2]),
    "compress": lambda y, x: np.compress(X > 0, y),
    "select": lambda y, x: np.select([X > 0], [y], 0.0),
    "piecewise": lambda y, x: np.piecewise(y, [X > 0], [lambda v: v, 0.0]),
    "choose": lambda y, x: np.choose((X > 0).astype(int), [np.zeros(3), y]),
    "extract": lambda y, x: np.extract(X > 0, y),
    "nansum": lambda y, x: np.nansum(np.where(X > 0, y, np.nan)),
}
FUNCTIONS = {
    "log": (np.log, 1 / 4),
    "sqrt": (np.sqrt, 1 / 4),
    "power": (lambda x: x**-1.5, -1.5 * 4**-2.5),
    "reciprocal": (np.reciprocal, -1 / 16),
    "divide": (lambda x: 1 / x, -1 / 16),
    "divide-itself": (lambda x: x / np.abs(x) * x, 1.0),
    "arcsin": (lambda x: np.arcsin(1 - x / 8), -1 / 8 / np.sqrt(3 / 4)),
    "arccosh": (lambda x: np.arccosh(x / 2 + 1), 0.5 / np.sqrt(8)),
    "log1p": (lambda x: np.log1p(x - 1), 1 / 4),
    "deep": (lambda x: np.exp(np.sin(np.log(np.sqrt(x)))) * 1.0, np.exp(np.sin(np.log(2))) * np.cos(np.log(2)) / 8),
    "norm": (lambda x: np.log(np.linalg.norm(x[:, None], axis=1)), 1 / 4),
}


@pytest.mark.parametrize("select", SELECTIONS.values(), ids=SELECTIONS)
@pytest.mark.parametrize(("f", "slope"), FUNCTIONS.values(), ids=FUNCTIONS)
def test_zero_where_nothing_was_taken(f, slope, select):
    x = ga.tensor(X)
    with np.errstate(all="ignore"):
        y = f(x)
        result = select(y, x)
    result.sum().backward()
    np.testing.assert_allclose(x.grad, [0.0, 0.0, slope], rtol=1e-12)


def test_float32_and_scalars():
    for value, expected in ((np.float32(0.0), 0.0), (np.float32(4.0), 0.25)):
        x = ga.tensor(value)
        with np.errstate(divide="ignore"):
            y = np.where(x > 0, np.log(x), 0)
        y.backward()
        assert x.grad == expected
        assert x.grad.dtype == np.float32


def test_what_was_taken_keeps_its_singularity():
    x = ga.tensor([0.0, 4.0])
    with np.errstate(divide="ignore"):
        np.where([True, False], np.sqrt(x), 0).sum().backward()
    np.testing.assert_array_equal(x.grad, [np.inf, 0.0])


def test_nan_among_the_data():
    x = ga.tensor([1.0, np.nan, 3.0])
    np.where(np.isnan(x), 0, x**2).sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 0.0, 6.0])


def test_without_a_selection_the_singularity_shows():
    x = ga.tensor([0.0, 4.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        (np.sqrt(x) * [0.0, 1.0]).sum().backward()
    assert np.isnan(x.grad[0])
