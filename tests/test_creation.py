"""What no row of the catalogue can say of creation, shapes, sets and functions along axes: identity, memory, order."""

import numpy as np
import numpy.lib.recfunctions
import numpy.strings
import pytest
from numpy.testing import overrides

import gradarray as ga
from gradarray import chapters
from gradarray.registry import functions, ufuncs

windows = np.lib.stride_tricks.sliding_window_view


def is_view(y, x):
    return y.base is x and np.shares_memory(y.data, x.data)


@pytest.mark.parametrize("fn", [np.asarray, np.asanyarray, np.require])
def test_array_of_a_tensor_is_the_tensor(fn):
    for x in (ga.tensor([1.0, 2.0]), ga.tensor([[1.0, 2.0]]).T, 2 * ga.tensor([1.0])):
        assert fn(x, like=x) is x
        assert fn(x, x.dtype, like=x) is x


def test_array_copies_by_default():
    x = ga.tensor([1.0, 2.0])
    y = np.array(x, like=x)
    assert y is not x
    assert not np.shares_memory(y.data, x.data)
    y *= x
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])
    z = np.array(x, copy=None, ndmin=2, like=x)
    assert is_view(z, x)
    z[0, 0] = 5
    assert x.tolist() == [5.0, 2.0]


def test_array_that_needs_a_copy():
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    with pytest.raises(ValueError, match="copy"):
        np.asarray(x, dtype=np.float32, copy=False, like=x)
    y = np.asarray(x, order="F", like=x)
    assert y.flags.f_contiguous
    assert not np.shares_memory(y.data, x.data)


def test_leaves_like_a_tensor_share_the_memory_of_plain_arrays():
    """A graph that has saved it keeps it from being written, as for `gradarray.astensor`."""
    like = ga.tensor(1.0)
    plain = np.array([1.0, 2.0])
    x = np.asarray(plain, like=like)
    assert np.shares_memory(x.data, plain)
    y = x * x
    with pytest.raises(ValueError, match="read-only"):
        plain[0] = 7
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])
    plain[0] = 7
    assert x[0] == 7


def test_frombuffer_does_not_follow_a_buffer_that_changes():
    buffer = bytearray(np.array([1.0, 2.0]).tobytes())
    x = np.frombuffer(buffer, like=ga.tensor(1.0))
    y = x * x
    buffer[:] = bytes(16)
    y.backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])


def test_creation_that_makes_no_numbers():
    x = ga.tensor(1.0)
    assert type(np.array(["a"], like=x)) is np.ndarray
    assert type(np.zeros(2, "U1", like=x)) is np.ndarray
    assert type(np.fromiter("ab", "U1", like=x)) is np.ndarray
    assert np.fromfunction(lambda i: 1, (3,), like=x) == 1


def test_full_like_a_tensor_without_a_dtype_takes_that_of_its_value():
    x = ga.tensor(1.0)
    assert np.full(2, np.float32(1), like=x).dtype == np.float32
    assert np.full(2, 1, like=x).dtype == int
    assert np.full(2, True, like=x).dtype == bool


def test_linspace_step_of_nothing():
    points, step = np.linspace(ga.tensor(1.0), 2, 1, retstep=True)
    assert points.tolist() == [1.0]
    assert np.isnan(step)


def test_geomspace_refuses_zero():
    with pytest.raises(ValueError, match="zero"):
        np.geomspace(ga.tensor(0.0), 1)


@pytest.mark.parametrize(
    "call",
    [
        np.atleast_2d,
        np.atleast_3d,
        np.flipud,
        np.rot90,
        lambda x: np.rot90(x, 0),
        lambda x: np.rot90(x, 2),
        lambda x: np.rollaxis(x, 1),
        lambda x: np.rollaxis(x, 1, 1),
        np.fliplr,
        np.matrix_transpose,
        lambda x: np.dsplit(x[..., None], 1)[0],
        lambda x: np.broadcast_arrays(x, np.zeros((2, 1, 1)))[0],
        lambda x: np.meshgrid(x[0], x[1], copy=False)[0],
        lambda x: np.trim_zeros(x[0]),
        lambda x: windows(x, (2, 1)),
        lambda x: windows(x.T[::-1], 2, axis=0)[1:],
    ],
)
def test_views_are_views(call):
    x = ga.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    y = call(x)
    assert y.base is x or y is x
    before = y.data.copy()
    x *= 2
    np.testing.assert_array_equal(y.data, 2 * before)
    (y * y).sum().backward()
    assert y.grad.shape == y.shape
    assert np.shares_memory(y.grad, x.grad)


def test_unstack_gives_views():
    if not hasattr(np, "unstack"):
        return
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    first, second = np.unstack(x, axis=1)
    second[...] = first * first
    x.sum().backward()
    np.testing.assert_array_equal(x.grad, [[1.0, 1.0], [1.0, 1.0]])
    assert x.tolist() == [[1.0, 1.0], [3.0, 9.0]]


def test_meshgrid_copies_by_default():
    x, y = ga.tensor([1.0, 2.0]), ga.tensor([3.0])
    for grid, of in zip(np.meshgrid(x, y), (x, y), strict=True):
        assert grid.base is None
        assert not np.shares_memory(grid.data, of.data)


def test_windows_are_read_only_and_follow_writes():
    x = ga.tensor(np.arange(5.0))
    y = windows(x, 3)
    assert is_view(y, x)
    assert not y.data.flags.writeable
    with pytest.raises(ValueError, match="read-only"):
        y[0] = 1
    squares = y * y
    x[2] = x[0] + 10
    assert y[0].tolist() == [0.0, 1.0, 10.0]
    (squares + y).sum().backward()
    # of the squares, the old x[2] had 2 * 2 * 3, and is gone; of y, x[2] counts thrice for x[0]
    np.testing.assert_array_equal(x.grad, [1.0, 2.0, 3.0, 2.0, 1.0])


def test_windows_of_memory_with_gaps():
    """No base that fills its memory is to be had, so that the windows are a copy."""
    plain = np.lib.stride_tricks.as_strided(np.arange(10.0), (5,), (16,))
    x = ga.tensor(plain, copy=False)
    y = windows(x, 2)
    np.testing.assert_array_equal(y.data, windows(plain, 2))
    y.backward()
    np.testing.assert_array_equal(x.grad, [1.0, 2.0, 2.0, 2.0, 1.0])


def test_windows_derive_twice():
    x = ga.tensor([1.0, 2.0, 3.0, 4.0])
    product = np.prod(windows(x, 2), axis=1)
    (product * product).sum().backward()
    a = x.data
    expected = 2 * a * (np.append(a[1:] ** 2, 0) + np.append(0, a[:-1] ** 2))
    np.testing.assert_allclose(x.grad, expected)


def sample():
    return np.array([3.0, 1.0, 2.0, 3.0, np.nan, -7.5, 1.0, np.nan, 0.0])


def test_unique_in_numpy_order():
    a = sample()
    for dtype in (np.float64, np.float32, np.complex128):
        plain = a.astype(dtype)
        x = ga.tensor(plain)
        np.testing.assert_array_equal(np.unique_values(x).data, np.unique_values(plain))
        if np.lib.NumpyVersion(np.__version__) >= "2.3.0":
            for nan in (True, False):
                found = np.unique(x, equal_nan=nan, sorted=False)
                np.testing.assert_array_equal(found.data, np.unique(plain, equal_nan=nan, sorted=False))
            values = np.unique(x, sorted=False)
            np.sum(values[np.isfinite(values)] * values[np.isfinite(values)]).backward()
            expected = np.where(np.isnan(a), 0, 2 * a / [np.sum(a == v) or 1 for v in a])
            np.testing.assert_allclose(x.grad, expected)


@pytest.mark.parametrize("fn", [np.union1d, np.setdiff1d, np.setxor1d, np.intersect1d])
def test_sets_of_integers_are_constant(fn):
    i = ga.tensor([3, 1, 3, 2])
    assert np.asarray(np.unique(i)).tolist() == [1, 2, 3]
    assert np.asarray(fn(i, [1, 7])).tolist() == fn(i.data, [1, 7]).tolist()
    assert np.asarray(fn(i, [1, 7])).dtype == int


def test_unique_refuses_an_axis_out_of_range():
    with pytest.raises(np.exceptions.AxisError):
        np.unique(ga.tensor([1.0, 2.0]), axis=1)


def test_sets_take_numbers_and_scalars():
    x = 2 * ga.tensor(1 + 2j)
    np.unique(x).backward()
    assert np.union1d(x, 3).shape == (2,)
    assert np.setdiff1d(2.0, ga.tensor([2.0])).shape == (0,)


def test_apply_along_axis_casts_to_the_first_result():
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    calls = iter(range(4))

    def first_an_integer(row):
        return 1 if next(calls) % 2 == 0 else row[0] + 0.5

    assert np.apply_along_axis(first_an_integer, 1, x).tolist() == [1, 3]


def test_piecewise_takes_gradients_to_what_functions_close_over():
    x, scale = ga.tensor([-1.0, 2.0]), ga.tensor(3.0)
    np.piecewise(x, [x > 0], [lambda v: scale * v, lambda v: scale - v]).backward()
    np.testing.assert_array_equal(x.grad, [-1.0, 3.0])
    assert scale.grad == 3.0


def test_rows_of_apply_along_axis_are_tensors():
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    seen = []
    np.apply_along_axis(lambda row: seen.append(row) or row, 0, x)
    assert [type(row) for row in seen] == [ga.Tensor] * 2
    assert [row.shape for row in seen] == [(2,)] * 2


def test_what_numpy_lists_twice_is_known():
    """Behind ``like=`` stands another function than the public one; it is the public one that a Tensor is handed."""
    chapters.load()
    listed = overrides.get_overridable_numpy_array_functions()
    strange = [fn for fn in listed if fn not in functions and getattr(fn, "__wrapped__", None) in listed]
    assert {fn.__wrapped__ for fn in strange} <= functions.keys()
    assert {fn.__name__ for fn in strange} <= {fn.__name__ for fn in functions}


def test_no_string_and_no_record_function_is_forgotten():
    chapters.load()
    for module in (np.strings, np.char, np.lib.recfunctions):
        for fn in vars(module).values():
            if type(fn) is type(np.sum):
                assert fn in functions
            elif isinstance(fn, np.ufunc):
                assert fn in ufuncs
