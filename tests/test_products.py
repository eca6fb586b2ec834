"""Products whose results are views, whose axes are named, or that warn."""

import numpy as np
import pytest

import gradarray as ga
from gradarray.registry import ufunc_methods

X = np.arange(1.0, 10.0).reshape(3, 3)


@pytest.mark.parametrize("optimize", [False, True])
@pytest.mark.parametrize("subscripts", ["ii->i", "ij->ji", "ij", "...", "i...->...i", "...ii->...i"])
def test_einsum_of_one_operand_is_a_view(subscripts, optimize):
    x = ga.tensor(X)
    y = np.einsum(subscripts, x, optimize=optimize)
    assert y.base is x
    assert np.shares_memory(y.data, x.data)
    np.testing.assert_array_equal(y.data, np.einsum(subscripts, X))
    (x * x).sum().backward()
    np.testing.assert_array_equal(y.grad, np.einsum(subscripts, 2 * X))


def test_einsum_of_one_operand_sees_writes_and_its_writes_are_seen():
    x, v = ga.tensor(X), ga.tensor([10.0, 20.0, 30.0])
    y = 2 * x
    diagonal = np.einsum("ii->i", y)
    diagonal[...] = v
    np.testing.assert_array_equal(np.diagonal(y.data), v.data)
    y[0, 0] = 5 * v[1]
    assert diagonal.data[0] == 100
    (y * y).sum().backward()
    np.testing.assert_array_equal(v.grad, [0, 2 * 20 + 2 * 100 * 5, 2 * 30])
    np.testing.assert_array_equal(x.grad, 8 * X * (1 - np.eye(3)))


def test_einsum_views_of_views():
    x = ga.tensor(np.arange(27.0).reshape(3, 3, 3))
    y = x.copy()
    np.einsum("iij->ji", y[:, :, 1:])[0] += 1.0
    np.einsum(y, [0, 0, 0], [0])[1:] *= 3.0
    expected = x.data.copy()
    expected[[0, 1, 2], [0, 1, 2], 1] += 1
    expected[[1, 2], [1, 2], [1, 2]] *= 3
    np.testing.assert_array_equal(y.data, expected)
    y.sum().backward()
    slopes = np.ones((3, 3, 3))
    slopes[[1, 2], [1, 2], [1, 2]] = 3
    np.testing.assert_array_equal(x.grad, slopes)


def test_einsum_of_one_operand_with_out_is_a_copy():
    x, out = ga.tensor(X), ga.tensor(np.zeros(3))
    y = np.einsum("ii->i", x, out=out)
    assert y is out
    assert not np.shares_memory(y.data, x.data)
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, np.eye(3))


def test_einsum_keeps_no_operand_without_need():
    """The derivative for one of a pair keeps the other alone, that of a sum neither."""
    x, other = ga.tensor(X), X + 1
    y = np.einsum("ij,jk->ik", x, other).sum() + np.einsum("ij->j", x).sum()
    assert x.data.flags.writeable
    assert not other.flags.writeable
    y.backward()
    np.testing.assert_array_equal(x.grad, np.tile(other.sum(1) + 1, (3, 1)))


def test_cross_of_plane_vectors_warns_as_numpy_does():
    if np.lib.NumpyVersion(np.__version__) < "2.5.0":
        with pytest.warns(DeprecationWarning, match="2-dimensional vectors"):
            y = np.cross(ga.tensor([1.0, 2.0]), np.array([3.0, 4.0]))
        assert y.item() == -2


AXES = [
    (np.matmul, [(0, 1), (0, 1), (0, 1)], (4, 3, 2), (3, 5, 2)),
    (np.matmul, [(-1, 0), (0, -1), (1, -1)], (3, 2, 4), (3, 2, 5)),
    (np.matmul, [(0,), (0, 2), (0,)], (3,), (3, 2, 4)),
    (np.matmul, [(0, 1), (0,), 1], (4, 3, 2), (3,)),
    (np.matmul, [0, 0, ()], (3,), (3,)),
    (np.vecdot, [0, 1, ()], (3, 2), (2, 3)),
    (np.vecdot, [0, 1], (3, 2), (2, 3)),
]
if hasattr(np, "matvec"):  # NumPy 2.2
    AXES += [(np.matvec, [(0, 1), 0, 0], (4, 3, 2), (3, 2)), (np.vecmat, [0, (1, 0), -1], (4, 2), (3, 4, 2))]


def slopes(call, *arrays):
    xs = [ga.tensor(x) for x in arrays]
    y = call(*xs)
    y.backward(np.cos(np.arange(y.size)).reshape(y.shape))
    return y.data, [x.grad for x in xs]


def check_moved(ufunc, options, a, b):
    """Values against NumPy; gradients, by the symmetry of products that are linear in both, against differences."""
    a, b = (np.sin(np.arange(np.prod(n)) + k).reshape(n) for k, n in enumerate((a, b)))
    call = lambda x, y: ufunc_methods[ufunc, "__call__"](x, y, **options)  # noqa: E731
    value, grads = slopes(call, a, b)
    expected = ufunc(a, b, **options)
    np.testing.assert_allclose(value, expected, rtol=1e-14)
    assert value.shape == expected.shape
    weight = np.cos(np.arange(expected.size)).reshape(expected.shape)
    for x, grad in zip((a, b), grads, strict=True):
        for i in np.ndindex(x.shape):
            unit = np.zeros_like(x)
            unit[i] = 1
            change = ufunc(unit, b, **options) if x is a else ufunc(a, unit, **options)
            assert abs(grad[i] - np.sum(weight * change)) < 1e-13


@pytest.mark.parametrize(("ufunc", "axes", "a", "b"), [pytest.param(*case) for case in AXES])
def test_products_over_named_axes(ufunc, axes, a, b):
    check_moved(ufunc, {"axes": axes}, a, b)


@pytest.mark.parametrize(
    "options", [{"axis": 0}, {"axis": -2, "keepdims": True}, {"keepdims": True}, {"axes": [0, 0, 1], "keepdims": True}]
)
def test_vecdot_over_an_axis(options):
    check_moved(np.vecdot, options, (3, 4), (3, 4))


@pytest.mark.parametrize(
    ("ufunc", "options", "words"),
    [
        (np.matmul, {"axis": 0}, "np.matmul.*axis="),
        (np.matmul, {"keepdims": True}, "np.matmul.*keepdims="),
        (np.vecdot, {"axis": 0, "axes": [0, 0]}, "np.vecdot.*exclude"),
        (np.matmul, {"axes": [0, 0, 0]}, "np.matmul.*must name 2, 2 and 2 axes"),
    ],
)
def test_axes_that_cannot_be(ufunc, options, words):
    with pytest.raises((TypeError, ValueError), match=words):
        ufunc_methods[ufunc, "__call__"](ga.tensor(X), X, **options)
