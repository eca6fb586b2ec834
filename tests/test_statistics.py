"""Statistics: slices of nothing but nan, ties among many quantiles, options that touch the input, errors, warnings."""

import numpy as np
import pytest

import gradarray as ga

NAN = np.nan


@pytest.mark.parametrize(
    "f",
    [
        *(np.nanmean, np.nanvar, np.nanstd, np.nanmax, np.nanmin, np.nanmedian),
        lambda x, axis: np.nanquantile(x, 0.3, axis=axis),
        lambda x, axis: np.nanpercentile(x, [30, 60], axis=axis),
        lambda x, axis: np.nanquantile(x, 0.3, axis=axis, weights=np.ones((2, 3)), method="inverted_cdf"),
    ],
)
def test_nothing_but_nan(f):
    a = np.array([[NAN, NAN, NAN], [1.0, NAN, 2.0]])
    x = ga.tensor(a)
    with pytest.warns(RuntimeWarning):
        expected = f(a, axis=1)
    with pytest.warns(RuntimeWarning):
        y = f(x, axis=1)
    np.testing.assert_array_equal(y.data, expected)
    y.backward()
    assert (x.grad[np.isnan(a)] == 0).all()
    assert np.isfinite(x.grad).all()
    assert np.any(x.grad[1] != 0)


def test_too_few_for_a_variance():
    x = ga.tensor([[1.0, NAN], [1.0, 3.0]])
    with pytest.warns(RuntimeWarning, match="Degrees of freedom"):
        y = np.nanvar(x, axis=1, ddof=1)
    np.testing.assert_array_equal(y.data, [NAN, 2.0])
    y.backward()
    np.testing.assert_allclose(x.grad, [[0, 0], [-2, 2]])


@pytest.mark.parametrize("method", ["linear", "inverted_cdf", "averaged_inverted_cdf", "hazen", "nearest"])
@pytest.mark.parametrize("f", [np.quantile, np.nanquantile])
def test_many_quantiles_are_few_at_a_time(f, method):
    """Where there are many, they are found by sorting; the gradients are the same, with ties and nans."""
    rng = np.random.default_rng(0)
    a = rng.integers(0, 6, (9, 4)).astype(float)
    a[2, 1] = a[4, 1] = a[3, 3] = NAN
    qs, weights = np.linspace(0, 1, 40), rng.uniform(-1, 1, (40, 4))
    x = ga.tensor(a)
    f(x, qs, axis=0, method=method).backward(weights)
    total = np.zeros_like(a)
    for q, weight in zip(qs, weights, strict=True):
        one = ga.tensor(a)
        f(one, q, axis=0, method=method).backward(weight)
        total += one.grad
    np.testing.assert_allclose(x.grad, total, rtol=1e-12, atol=1e-14)


def test_many_weighted_quantiles():
    a, w = np.array([3.0, 1.0, 1.0, 2.0, 3.0]), np.array([1.0, 2.0, 0.0, 1.0, 3.0])
    x = ga.tensor(a)
    np.quantile(x, np.linspace(0, 1, 29), weights=w, method="inverted_cdf").backward()
    values = np.quantile(a, np.linspace(0, 1, 29), weights=w, method="inverted_cdf")
    counts = {v: np.count_nonzero(values == v) for v in (1.0, 2.0, 3.0)}
    np.testing.assert_allclose(x.grad, [counts[3.0] / 2, counts[1.0], 0, counts[2.0], counts[3.0] / 2])


@pytest.mark.parametrize("f", [np.median, np.nanmedian, lambda x, **k: np.quantile(x, 0.5, **k)])
def test_input_is_not_overwritten(f):
    a = np.array([3.0, 1.0, 2.0, 5.0, 4.0])
    x = ga.tensor(a)
    y = f(x, overwrite_input=True)
    np.testing.assert_array_equal(x.data, a)
    y.backward()
    np.testing.assert_array_equal(x.grad, a == 3)


def test_write_after_median():
    x = ga.tensor([3.0, 1.0, 2.0])
    t = x * 1
    y = np.median(t)
    t[...] = [0.0, 0.0, 9.0]
    y.backward()
    np.testing.assert_array_equal(x.grad, [0, 0, 1])


def test_quantiles_that_are_tensors_in_a_list():
    x, q = ga.tensor([0.0, 1.0, 3.0]), ga.tensor(0.75)
    np.quantile(x, [q, 0.25]).backward()
    np.testing.assert_allclose(q.grad, 4.0)
    np.testing.assert_allclose(x.grad, [0.5, 1.0, 0.5])


def test_quantile_keeps_single_precision_with_python_q():
    x = ga.tensor(np.array([1, 2, 4], np.float32))
    assert np.quantile(x, 0.3).dtype == np.float32
    assert np.quantile(x, np.array(0.3)).dtype == np.float64


def test_quantile_errors_are_numpys():
    x = ga.tensor([1.0, 2.0])
    with pytest.raises(ValueError, match="range"):
        np.quantile(x, 1.5)
    with pytest.raises(ValueError, match="range"):
        np.percentile(x, 101)
    with pytest.raises(ValueError, match="not a valid method"):
        np.quantile(x, 0.5, method="middle")
    with pytest.raises(ValueError, match="weights"):
        np.quantile(x, 0.5, weights=[1, 2])
    with pytest.raises(TypeError, match="real"):
        np.quantile(x * 1j, 0.5)


def test_average_errors_are_numpys():
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ZeroDivisionError):
        np.average(x, weights=np.zeros((2, 2)))
    with pytest.raises(TypeError, match="Axis"):
        np.average(x, weights=[1, 2])
    with pytest.raises(ValueError, match="consistent"):
        np.average(x, 0, weights=[1, 2, 3])


def test_average_returns_tensors():
    mean, count = np.average(ga.tensor([[1.0, 2.0], [3.0, 4.0]]), axis=0, returned=True)
    assert count.constant
    assert not mean.constant
    np.testing.assert_array_equal(count.data, [2, 2])


def test_cov_errors_and_warnings_are_numpys():
    x = ga.tensor([[1.0], [2.0]])
    with pytest.warns(RuntimeWarning) as found, np.errstate(all="ignore"):
        c = np.cov(x)
    assert any("Degrees of freedom" in str(w.message) for w in found)
    assert np.isnan(c.data).all()
    assert np.cov(ga.tensor(np.ones((0, 3)))).shape == (0, 0)
    y = ga.tensor(np.ones((2, 3)))
    for options, error in (
        ({"ddof": 0.5}, ValueError),
        ({"fweights": [1.5, 1, 1]}, TypeError),
        ({"fweights": [1, 1]}, RuntimeError),
        ({"aweights": [[1, 1, 1]]}, RuntimeError),
        ({"aweights": [-1, 1, 1]}, ValueError),
    ):
        for array in (y.data, y):
            with pytest.raises(error):
                np.cov(array, **options)


def test_perfect_correlation_is_one():
    x = ga.tensor([[0.1, 0.2, 0.4], [0.3, 0.6, 1.2]])
    c = np.corrcoef(x)
    assert np.max(np.abs(c.data)) <= 1
    c.backward()
    np.testing.assert_allclose(x.grad, np.zeros((2, 3)), atol=1e-13)


def test_counts_are_plain_and_edges_tensors():
    x = ga.tensor([0.0, 1.0, 3.0])
    counts, edges = np.histogram(x, 2)
    assert type(counts) is np.ndarray
    assert type(np.bincount(ga.tensor([0, 2]))) is np.ndarray
    edges.backward([1.0, 1.0, 10.0])
    np.testing.assert_allclose(x.grad, [1.5, 0, 10.5])
    given = ga.tensor([0.0, 1.0, 4.0])
    assert np.histogram(x, given)[1] is given
    assert np.histogram(x, given.data)[1].constant
    top = ga.tensor(4.0)
    _, (edges,) = np.histogramdd(x, [[0.0, 1.0, top]])
    edges.backward()
    assert top.grad == 1


def test_density_by_range():
    low, high = ga.tensor(0.0), ga.tensor(4.0)
    density, _ = np.histogram(ga.tensor([0.5, 1.0, 3.0]), 2, range=(low, high), density=True)
    density[0].backward()
    np.testing.assert_allclose([low.grad, high.grad], [1 / 12, -1 / 12])


def test_weights_of_a_histogram():
    x, w = ga.tensor([0.5, 1.5, 1.6, 9.0]), ga.tensor([1.0, 2.0, 3.0, 4.0])
    counts, _ = np.histogram(x, [0, 1, 2], weights=w)
    np.testing.assert_array_equal(counts.data, [1, 5])
    counts.backward([1.0, 10.0])
    np.testing.assert_array_equal(w.grad, [1, 10, 10, 0])
    places = ga.tensor([0, 2, 2, 1])
    sums = np.bincount(places, w)
    places[...] = 0
    sums.backward([1.0, 10.0, 100.0])
    np.testing.assert_array_equal(w.grad, [1, 100, 100, 10])
    with pytest.raises(TypeError, match="cast"):
        np.histogramdd(x, 2, weights=w * 1j)
    with pytest.raises(ValueError, match="shape"):
        np.histogram(x, 2, weights=w[:2])
    with pytest.raises(TypeError, match="weighted"):
        np.histogram(x, "auto", weights=w)


def test_initial_is_among_the_tied():
    x, start = ga.tensor([[3.0, 3.0, 1.0], [1.0, 0.0, 0.0]]), ga.tensor(3.0)
    np.max(x, axis=1, initial=start).backward()
    np.testing.assert_allclose(x.grad, [[1 / 3, 1 / 3, 0], [0, 0, 0]])
    np.testing.assert_allclose(start.grad, 4 / 3)
    start = ga.tensor(5.0)
    np.nanmin(ga.tensor([NAN, 7.0]), initial=start).backward()
    assert start.grad == 1


def test_nan_of_what_was_computed():
    """A nan that is left out brings no nan into what it was computed from."""
    x = ga.tensor([-1.0, 0.0, 4.0])
    with np.errstate(invalid="ignore", divide="ignore"):
        y = np.nansum(np.sqrt(x)[[0, 2]]) + np.nanmean(np.sqrt(x[::2])) + np.nanmax(np.log(x))
        y.backward()
    np.testing.assert_allclose(x.grad, [0, 0, 0.25 + 0.25 + 0.25])
