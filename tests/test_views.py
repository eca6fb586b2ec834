"""Views and in-place writes: NumPy's values, and gradients that follow."""

import gc
import tracemalloc
import weakref

import numpy as np
import pytest

import gradarray as ga


def numeric(f, x, eps=1e-6):
    """Central differences of the scalar ``f`` at ``x``."""
    x = np.array(x, dtype=float)
    g = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += eps
        down[i] -= eps
        g[i] = (f(up) - f(down)) / (2 * eps)
    return g


def check(program, *shapes, seed=0):
    """A program of one or two arrays gives the values of NumPy and the gradients of finite differences."""
    rng = np.random.default_rng(seed)
    arrays = [rng.uniform(0.5, 1.5, shape) for shape in shapes]
    tensors = [ga.tensor(a) for a in arrays]
    # a copy first, so that a program may write to what it is given
    out = program(*[+t for t in tensors])
    expected = program(*[a.copy() for a in arrays])
    np.testing.assert_allclose(np.asarray(out.data), expected)
    weights = rng.normal(size=np.shape(expected))
    (out * weights).sum().backward()
    for k, t in enumerate(tensors):

        def loss(a, k=k):
            return float((program(*[a if j == k else b.copy() for j, b in enumerate(arrays)]) * weights).sum())

        got = np.zeros(t.shape) if t.grad is None else t.grad
        np.testing.assert_allclose(got, numeric(loss, arrays[k]), rtol=1e-6, atol=1e-7)


VIEWS = {
    "slice": lambda x: x[1:3],
    "negative step": lambda x: x[::-1, ::2],
    "integer": lambda x: x[2],
    "ellipsis": lambda x: x[..., 1],
    "newaxis": lambda x: x[:, None],
    "transpose": lambda x: x.T,
    "reshape": lambda x: x.reshape(2, 8),
    "ravel": lambda x: np.ravel(x),
    "reshape of a view": lambda x: x[:2].reshape(-1),
    "ravel in F order of the transpose": lambda x: x.T.ravel(order="F"),
    "swapaxes": lambda x: np.swapaxes(x, 0, 1),
    "moveaxis": lambda x: np.moveaxis(x, 0, 1),
    "squeeze": lambda x: np.squeeze(x[:, 1:2]),
    "expand_dims": lambda x: np.expand_dims(x, 1),
    "flip": lambda x: np.flip(x, 0),
    "split": lambda x: np.split(x, 2)[1],
    "view of a view of a view": lambda x: x[1:][::2].T[1:3],
    "view": lambda x: x.view(),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
class TestView:
    def test_shares_memory_and_names_its_base(self, view):
        x = ga.arange(16.0).reshape(4, 4) * 1
        y = view(x)
        assert y.base is x
        assert np.shares_memory(x, y)

    def test_write_to_view_reaches_base(self, view):
        def program(x, v):
            y = view(x)
            before = (x * x).sum()
            y[...] = y * v
            return x * x + before

        check(program, (4, 4), ())

    def test_write_to_base_reaches_view(self, view):
        def program(x, v):
            y = view(x)
            z = y * y
            x[1:3, 1:3] = v
            x *= 1.5
            return y * y + z

        check(program, (4, 4), (2,))

    def test_gradient_is_a_view_of_the_gradient_of_the_base(self, view):
        x = ga.tensor(np.arange(16.0).reshape(4, 4))
        y = view(x)
        (x * x).sum().backward()
        np.testing.assert_array_equal(y.grad, 2 * y.data)
        assert np.shares_memory(y.grad, x.grad)
        y.grad[...] = 0
        assert (view(x.grad) == 0).all()

    def test_relation_outlives_backward(self, view):
        x = ga.tensor(np.arange(16.0).reshape(4, 4))
        y = view(x)
        (x * y.sum()).sum().backward()
        y[...] = 2.0
        assert (view(x.data) == 2).all()
        assert y.base is x
        (y * x.sum()).sum().backward()
        want = numeric(lambda a: (view(a) * a.sum()).sum(), x.data)
        np.testing.assert_allclose(x.grad, want, rtol=1e-6)


WRITES = {
    "scalar into element": lambda x, v: x.__setitem__((1, 2), v[0, 0] * x[0, 0]),
    "row": lambda x, v: x.__setitem__(1, v[0] * x[2]),
    "broadcast": lambda x, v: x.__setitem__(slice(1, 3), v[0]),
    "leading ones": lambda x, v: x.__setitem__(1, v[:1]),
    "boolean mask": lambda x, v: x.__setitem__(np.eye(4, dtype=bool), v[0]),
    "mask from values": lambda x, v: x.__setitem__(x > 1, 0),
    "integers with repeats": lambda x, v: x.__setitem__([1, 3, 1], v[:3]),
    "pairs with repeats": lambda x, v: x.__setitem__(([1, 3, 1], [0, -1, 0]), v[0, :3]),
    "negative and positive names of one row": lambda x, v: x.__setitem__([3, -1], v[:2]),
    "mixed": lambda x, v: x.__setitem__((slice(1, 3), [0, 2, 0]), v[:2, :3]),
    "overlap forward": lambda x, v: x.__setitem__(slice(1, None), x[:-1]),
    "overlap reversed": lambda x, v: x.__setitem__(slice(None), x[::-1]),
    "overlap add": lambda x, v: np.add(x[1:], x[:-1], out=x[1:]),
    "transposed onto itself": lambda x, v: x.__setitem__(Ellipsis, x.T),
    "iadd": lambda x, v: x.__iadd__(v),
    "imul by itself": lambda x, v: x.__imul__(x),
    "imul of view": lambda x, v: x[1:3].__imul__(v[:2]),
    "ipow": lambda x, v: x.__ipow__(v),
    "imatmul": lambda x, v: x.__imatmul__(v),
    "out": lambda x, v: np.exp(v, out=x),
    "out of a view": lambda x, v: np.multiply(x[0], v[1], out=x[:, 1]),
    "out with where": lambda x, v: np.multiply(x, v, out=x, where=np.eye(4, dtype=bool)),
    "sum into out": lambda x, v: np.sum(v * x, axis=0, out=x[2]),
    "copyto": lambda x, v: np.copyto(x, v),
    "copyto where": lambda x, v: np.copyto(x, v[0], where=np.arange(4) % 2 == 0),
    "put": lambda x, v: np.put(x, [0, 5, 5], v[0, :2]),
    "putmask": lambda x, v: np.putmask(x, np.eye(4, dtype=bool), v[0, :3]),
    "place": lambda x, v: np.place(x, np.eye(4, dtype=bool), v[0, :3]),
    "put_along_axis": lambda x, v: np.put_along_axis(x, np.array([[0], [2], [1], [3]]), v[:, :1], 1),
    "fill_diagonal": lambda x, v: np.fill_diagonal(x, v[0]),
    "add.at": lambda x, v: np.add.at(x, [0, 2, 0], v[:3] * x[1]),
    "subtract.at": lambda x, v: np.subtract.at(x, ([0, 0], [1, 1]), v[0, :2]),
    "multiply.at": lambda x, v: np.multiply.at(x, [0, 2], v[:2]),
    "add.at of a view": lambda x, v: np.add.at(x.T[1:], [0, 2, 0], v[:3]),
    "fill": lambda x, v: x[1:].fill(0.25),
    "sort": lambda x, v: x.sort(axis=0),
    "sort of a view": lambda x, v: x[:, 1].sort(),
    "partition": lambda x, v: x.partition(2, axis=1),
    "flat": lambda x, v: x.flat.__setitem__(slice(2, 9, 3), v[0, 0]),
    "list of values": lambda x, v: x.__setitem__((0, slice(2)), [v[0, 0], 2.0]),
    "constant over everything": lambda x, v: x.__setitem__(Ellipsis, 3.0),
    "written twice": lambda x, v: (x.__setitem__(0, v[0]), x.__setitem__((0, 1), x[0, 0] * 2)),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
class TestWrite:
    def test_to_an_intermediate(self, write):
        def program(x, v):
            early = (x * x).sum()
            write(x, v)
            return x * x * early

        check(program, (4, 4), (4, 4))

    def test_to_the_base_of_a_view(self, write):
        def program(x, v):
            y = x.T[1:]
            saved = y * y
            write(x, v)
            return y * saved

        check(program, (4, 4), (4, 4))

    def test_to_a_view_of_a_transpose(self, write):
        def program(x, v):
            y = x.T
            write(y, v)
            return x * x

        check(program, (4, 4), (4, 4))

    def test_to_a_constant(self, write):
        def program(x, v):
            buffer = np.ones((4, 4)) if isinstance(x, np.ndarray) else ga.ones((4, 4), constant=True)
            write(buffer, v)
            return buffer * x

        check(program, (4, 4), (4, 4))


def test_writes_in_a_loop():
    def program(x, v):
        out = np.zeros(6) if isinstance(x, np.ndarray) else ga.zeros(6, constant=True)
        out[0] = v
        for i in range(1, 6):
            out[i] = out[i - 1] * out[i - 1] * x[i]
        return out

    check(program, (6,), ())


def test_rows_written_in_a_loop_through_views():
    def program(x, v):
        rows = [x[i] for i in range(4)]
        for i in range(1, 4):
            rows[i] *= rows[i - 1]
            rows[i] += v
        return x * rows[3]

    check(program, (4, 3), (3,))


def test_a_mask_writes_what_was_there_before():
    x = ga.tensor(np.asarray(np.arange(6.0).reshape(2, 3), order="F"))
    a = x.copy(order="K")
    before = a.T.reshape(-1)  # the same memory, in another order
    a[np.ones((2, 3), dtype=bool)] = before
    np.testing.assert_array_equal(a.data, [[0.0, 3.0, 1.0], [4.0, 2.0, 5.0]])
    (a * np.arange(6.0).reshape(2, 3)).sum().backward()
    np.testing.assert_array_equal(x.grad, [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]])


@pytest.mark.parametrize("index", [np.ones((3, 2), bool), (np.ones((3, 2), bool),)], ids=["mask", "tuple"])
def test_a_mask_on_a_view_writes_what_its_base_was_before(index):
    x = ga.tensor(np.arange(6.0))
    a = x.copy()
    a.reshape(2, 3).T[index] = a
    np.testing.assert_array_equal(a.data, [0.0, 2.0, 4.0, 1.0, 3.0, 5.0])
    (a * np.arange(6.0)).sum().backward()
    np.testing.assert_array_equal(x.grad, [0.0, 3.0, 1.0, 4.0, 2.0, 5.0])


def test_saved_values_are_copied_once():
    x = +ga.tensor(np.ones(1000))
    y = x * x
    saved = y._node.saved.array
    assert saved is x._primal
    x[0] = 5.0
    x[1] = 6.0
    assert not np.shares_memory(y._node.saved.array, x._primal)
    np.testing.assert_array_equal(y._node.saved.array, np.ones(1000))


def test_nothing_is_copied_when_nothing_was_saved():
    x = +ga.tensor(np.ones(3))
    y = x + 1
    z = x * x
    del z
    memory = x._primal
    x[0] = 5.0
    x += 1
    assert x._primal is memory
    y.sum().backward()


def test_operators_under_no_autodiff_need_no_memory():
    x = ga.tensor(np.ones(100_000))
    tracemalloc.start()
    with ga.no_autodiff:
        x += 1.0
        x *= x
        x[1:] -= x[:-1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.1 * x.nbytes  # that of what overlaps
    np.testing.assert_array_equal(x.data, [4.0] + 99_999 * [0.0])


def test_operators_under_no_autodiff_preserve_what_was_saved():
    x = ga.tensor([1.0, 2.0])
    y = x * x
    with ga.no_autodiff:
        x += 5.0
    y.sum().backward()
    np.testing.assert_array_equal(x.grad, [2.0, 4.0])
    np.testing.assert_array_equal(x.data, [6.0, 7.0])


def test_write_under_no_autodiff_is_in_place_and_leaves_a_leaf():
    x = ga.tensor([1.0, 2.0])
    memory = x.data
    (x * x).sum().backward()
    with ga.no_autodiff:
        x -= 0.5 * x.grad
        x[0] = 7.0
    assert x.data is memory
    np.testing.assert_array_equal(memory, [7.0, 0.0])
    assert x.creator is None
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [14.0, 0.0])


def test_write_after_backward():
    x = ga.tensor([1.0, 2.0, 3.0])
    (x * x).sum().backward()
    x[0] = 4.0
    assert x.grad is None
    (x * x).sum().backward()
    np.testing.assert_array_equal(x.grad, [8.0, 4.0, 6.0])


FAILURES = {
    "shape": (lambda x: x.__setitem__(slice(0, 2), np.ones(3)), ValueError),
    "index": (lambda x: x.__setitem__(9, 1.0), IndexError),
    "cast": (lambda x: x.__iadd__(1j), TypeError),
    "type": (lambda x: x.__setitem__(0, "a"), ValueError),
    "out shape": (lambda x: np.add(np.ones((2, 3)), x, out=x), ValueError),
    "matmul": (lambda x: x.__imatmul__(np.ones((4, 4))), ValueError),
    "function out": (lambda x: np.sum(x, out=x[:2]), ValueError),
    "copyto": (lambda x: np.copyto(x, np.ones(3) * 1j), TypeError),
    "put": (lambda x: np.put(x, [7], 1.0), IndexError),
    "delete": (lambda x: x.__delitem__(0), ValueError),
    "view as another dtype": (lambda x: x.view(np.int64), TypeError),
    "resize": (lambda x: x.resize(6), ValueError),
    "shape of another size": (lambda x: setattr(x, "shape", (2, 2)), ValueError),
}


@pytest.mark.parametrize(("fail", "error"), FAILURES.values(), ids=FAILURES)
def test_failed_write_changes_nothing(fail, error):
    x = ga.tensor([1.0, 2.0, 3.0])
    w = x * 2
    y = w[1:]
    z = w * w
    with pytest.raises(error):
        fail(w)
    np.testing.assert_array_equal(w.data, [2.0, 4.0, 6.0])
    assert y.base is w
    (z + w).sum().backward()
    np.testing.assert_array_equal(x.grad, 2 * (2 * w.data + 1))
    np.testing.assert_array_equal(y.grad, (2 * w.data + 1)[1:])


@pytest.mark.parametrize(
    ("fail", "error"),
    [
        (lambda x: x + np.ones(4), ValueError),
        (lambda x: np.multiply(np.ones(4), x), ValueError),
        (lambda x: x @ np.ones(4), ValueError),
        (lambda x: x.__isub__(np.ones(4)), ValueError),
        (lambda x: x.__isub__(np.ones((2, 3))), ValueError),
        (lambda x: x.__imul__(1j), TypeError),
    ],
)
def test_failed_operation_keeps_the_gradient(fail, error):
    x = ga.tensor([1.0, 2.0, 3.0])
    (x * x).sum().backward()
    with pytest.raises(error):
        fail(x)
    np.testing.assert_array_equal(x.grad, [2.0, 4.0, 6.0])


def test_read_only_data():
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    for y in (np.broadcast_to(x, (3, 2, 2)), np.diagonal(x)):
        with pytest.raises(ValueError, match="read-only"):
            y[0] = 5.0
    fixed = np.ones(3)
    fixed.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        ga.astensor(fixed)[0] = 2.0


def test_broadcast_view_of_a_written_base():
    def program(x, v):
        y = x[None] + 0 * v
        wide = np.broadcast_to(x, (3, 4))
        x[1] = v
        return wide * wide * y

    check(program, (4,), ())


def test_diagonal_view_of_a_written_base():
    def program(x, v):
        d = np.diagonal(x)
        x[1] = v
        return d * d

    check(program, (3, 3), ())


def test_complex_parts_are_views():
    x = ga.tensor([1 + 2j, 3 + 4j])
    y = x * 1
    y.real[0] = 5.0
    y.imag *= 2.0
    np.testing.assert_array_equal(y.data, [5 + 4j, 3 + 8j])
    (y.real * 3 + y.imag * 5).sum().backward()
    np.testing.assert_array_equal(x.grad, [10j, 3 + 10j])


def test_settable_shape():
    x = ga.tensor(np.arange(6.0))
    y = x * 1
    v = y[1:3]
    y.shape = (2, 3)
    assert y.base is None
    assert v.base is y
    assert np.shares_memory(v, y)
    y[0, 1] = 10.0
    assert v[0] == 10.0
    v *= 2
    (y[0] * v.sum()).sum().backward()
    z = np.arange(6.0)
    z[1] = 10.0
    want = numeric(lambda a: _shape_program(a), np.arange(6.0))
    np.testing.assert_allclose(x.grad, want, rtol=1e-6)


def _shape_program(a):
    y = a * 1
    v = y[1:3]
    y = y.reshape(2, 3)
    y[0, 1] = 10.0
    v *= 2
    return (y[0] * v.sum()).sum()


def test_an_intermediate_that_nobody_needs_is_freed():
    x = ga.tensor(np.ones(3))
    y = x + 1
    memory = weakref.ref(y._primal)
    z = y + 1
    del y
    gc.collect()
    assert memory() is None
    z.sum().backward()
    np.testing.assert_array_equal(x.grad, np.ones(3))


def test_a_base_outlives_its_name():
    y = (ga.tensor([1.0, 2.0]) * 2)[1:]
    y[0] = 3.0
    np.testing.assert_array_equal(y.base.data, [2.0, 3.0])


def test_a_write_from_another_tensor_of_the_same_memory_is_not_taken_for_its_own():
    x = ga.tensor([1.0, 2.0])
    other = ga.tensor(x, copy=False)
    x[...] = other[...]
    (x * 3).sum().backward()
    np.testing.assert_array_equal(other.grad, [3, 3])
