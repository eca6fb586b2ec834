"""What a row of the catalogue cannot say of polynomials, padding and writing functions."""

import numpy as np
import pytest

import gradarray as ga


def test_poly1d_holds_tensors():
    c, x = ga.tensor([1.0, -3.0, 2.0]), ga.tensor([0.5, 4.0])
    p = np.poly1d(c)
    y = p(x)
    assert type(y) is ga.Tensor
    (y + p.deriv()(x) + (p * p).coeffs[-1] + p[1]).sum().backward()
    np.testing.assert_allclose(c.grad, [0.25 + 16 + 1 + 8, 0.5 + 4 + 2 + 2, 2 + 2 * 2 * 2])
    np.testing.assert_allclose(x.grad, 2 * np.array([0.5, 4.0]) - 3 + 2)


@pytest.mark.parametrize("f", [np.polyadd, np.polysub, np.polymul, np.polydiv, np.polyint, np.polyder])
def test_poly1d_comes_back_where_one_was_given(f):
    c = ga.tensor([1.0, -3.0, 2.0])
    one = f(c) if f in (np.polyint, np.polyder) else f(c, np.poly1d([2.0, 1.0]))
    for p in one if isinstance(one, tuple) else (one,):
        assert isinstance(p, np.poly1d) is (f not in (np.polyint, np.polyder))


def test_polynomial_of_conjugate_roots_is_real():
    z = ga.tensor([1 + 2j, 1 - 2j, 3.0])
    p = np.poly(z)
    assert p.dtype == np.float64
    p.backward([0.0, 1.0, 0.0, 0.0])
    np.testing.assert_array_equal(z.grad, [-1, -1, -1])


def test_polynomial_without_roots():
    assert np.poly(ga.tensor(np.zeros(0))) == 1.0


def test_multiple_root_has_no_derivative():
    p = ga.tensor([1.0, 0.0, 0.0])
    r = np.roots(p)
    with pytest.warns(RuntimeWarning, match=r"np\.roots: a multiple root"):
        r.sum().backward()
    assert np.isnan(p.grad).any()
    p = ga.tensor([1.0, -1.0, 0.0, 0.0])
    np.roots(p)[0].backward()  # the simple one
    np.testing.assert_allclose(p.grad, [-1, -1, -1, -1])


def test_roots_without_any():
    assert np.roots(ga.tensor([0.0, 0.0])).shape == (0,)
    np.testing.assert_array_equal(np.roots(ga.tensor([2.0, 0.0, 0.0])).data, [0, 0])


def test_polyfit_full():
    x, y = np.arange(5.0), np.array([1.0, 3.0, 2.0, 5.0, 4.0])
    c, residuals, rank, s, rcond = np.polyfit(ga.tensor(x), y, 2, full=True)
    expected = np.polyfit(x, y, 2, full=True)
    assert (rank, rcond) == (expected[2], expected[4])
    for value, e in zip((c, residuals, s), (expected[0], expected[1], expected[3]), strict=True):
        assert type(value) is ga.Tensor
        np.testing.assert_allclose(value.data, e, rtol=1e-12)


def test_polyfit_of_too_few_points_warns():
    x = np.array([1.0, 1.0, 2.0])
    with pytest.warns(np.exceptions.RankWarning) as caught:
        c = np.polyfit(x, ga.tensor([1.0, 2.0, 3.0]), 2)
    assert caught[0].filename == __file__
    with pytest.warns(np.exceptions.RankWarning):
        expected = np.polyfit(x, [1.0, 2.0, 3.0], 2)
    np.testing.assert_allclose(c.data, expected, rtol=1e-10)


def test_padding_gives_memory_of_its_own():
    x = ga.tensor(np.arange(4.0))
    for mode in ("constant", "edge", "wrap", "reflect"):
        y = np.pad(x, 0, mode)
        y[0] = 9.0
        assert x[0] == 0.0


INTO_PLAIN = {
    "copyto": lambda a, v: np.copyto(a, v),
    "copyto where": lambda a, v: np.copyto(a, v, where=[True, False, True]),
    "put": lambda a, v: np.put(a, [0, 1, 4], v),
    "putmask": lambda a, v: np.putmask(a, np.eye(3, dtype=bool), v),
    "place": lambda a, v: np.place(a, np.eye(3, dtype=bool), v),
    "put_along_axis": lambda a, v: np.put_along_axis(a, np.array([[0, 2, 1]]), v, 0),
    "put_along_axis flat": lambda a, v: np.put_along_axis(a, np.array([0, 2, -1]), v, None),
    "fill_diagonal": lambda a, v: np.fill_diagonal(a, v),
}


@pytest.mark.parametrize("write", INTO_PLAIN.values(), ids=INTO_PLAIN)
def test_writing_into_a_plain_array_ends_the_graph(write):
    expected, values = np.zeros((3, 3)), np.array([1.0, 2.0, 3.0])
    write(expected, values)
    for v, words in ((ga.tensor(values), None), (ga.tensor(values) * 1, "ends the gradient")):
        a = np.zeros((3, 3))
        if words is None:
            write(a, v)
        else:
            with pytest.warns(ga.DetachWarning, match=words):
                write(a, v)
            with ga.errstate(detach="raise"), pytest.raises(ga.DetachError):
                write(np.zeros((3, 3)), v)
        np.testing.assert_array_equal(a, expected)


@pytest.mark.parametrize(
    "write",
    [
        lambda x: np.put(x, 9, 1.0),
        lambda x: np.put_along_axis(x, np.array([9]), 1.0, None),
        lambda x: np.put_along_axis(x, np.array([[3]]), 1.0, 0),
    ],
)
def test_writing_out_of_bounds(write):
    x = ga.tensor(np.zeros((3, 3)))
    with pytest.raises(IndexError, match="out of bounds"):
        write(x)
    assert not x.data.any()
