"""The Tensor as an ndarray: creation, conversion, methods, operators, bad input."""

import copy
import operator
import pickle

import numpy as np
import pytest

import gradarray as ga


class TestCreation:
    @pytest.mark.parametrize("make", [ga.Tensor, ga.tensor, ga.astensor, ga.asarray])
    @pytest.mark.parametrize("x", [2.3, [1, 2], [[1.0, 2], [3, 4]], np.array([1.2, 3.0]), True, 1j, range(3)])
    def test_values_and_dtype(self, make, x):
        t = make(x)
        np.testing.assert_array_equal(t.data, np.array(x))
        assert t.dtype == np.array(x).dtype
        assert t.constant is (t.dtype.kind not in "fc")

    def test_options(self):
        assert ga.tensor([1, 2], dtype=np.float32).dtype == np.float32
        assert ga.tensor(1.0, constant=True).constant
        assert ga.tensor(1.0, ndmin=2).shape == (1, 1)
        assert ga.astensor(1, dtype=np.int8).constant
        assert not ga.astensor(1, dtype=np.float32).constant

    def test_copy(self):
        a = np.ones(2)
        assert not np.shares_memory(ga.tensor(a).data, a)
        assert np.shares_memory(ga.tensor(a, copy=False).data, a)
        t = ga.astensor(a)
        assert t.data is a
        assert ga.astensor(t) is t
        t[0] = 5
        assert a[0] == 5

    def test_a_new_tensor_is_a_new_leaf(self):
        x = ga.tensor(2.0)
        y = ga.tensor(x * 3)
        (y * y).backward()
        assert (x.grad, y.grad) == (None, 12)

    def test_lists_of_tensors(self):
        np.testing.assert_array_equal(ga.tensor([ga.tensor(1.0), 2.0]).data, [1, 2])

    @pytest.mark.parametrize(
        ("name", "args"),
        [
            ("arange", (4.0,)),
            ("linspace", (0, 1, 5)),
            ("logspace", (0, 2, 3)),
            ("geomspace", (1, 8, 4)),
            ("zeros", ((2, 3),)),
            ("ones", (3,)),
            ("full", ((2,), 1.5)),
            ("eye", (3, 4, 1)),
            ("identity", (2,)),
        ],
    )
    def test_numpys_functions(self, name, args):
        t = getattr(ga, name)(*args)
        np.testing.assert_array_equal(t.data, getattr(np, name)(*args))
        assert isinstance(t, ga.Tensor)
        assert not t.constant
        assert getattr(ga, name)(*args, constant=True).constant
        assert getattr(ga, name)(*args, dtype=np.float32).dtype == np.float32

    def test_arange_of_integers(self):
        assert ga.arange(4).constant

    @pytest.mark.parametrize("module", [ga, np])
    def test_likes(self, module):
        x = ga.tensor([[1.0, 2.0]], dtype=np.float32)
        for name, value in (("zeros_like", 0), ("ones_like", 1)):
            t = getattr(module, name)(x)
            assert isinstance(t, ga.Tensor)
            assert t.dtype == np.float32
            np.testing.assert_array_equal(t.data, [[value, value]])
        assert module.empty_like(x).shape == (1, 2)
        assert module.full_like(x, 3.0, dtype=float).dtype == float

    def test_full_like_takes_a_gradient(self):
        x = ga.tensor(3.0)
        (np.full_like(np.zeros_like(ga.ones(2)), x) * [1.0, 2.0]).sum().backward()
        assert x.grad == 3

    @pytest.mark.parametrize(
        ("x", "options", "error", "message"),
        [
            (["a"], {}, TypeError, "dtype <U1; give bool, integer, float or complex"),
            ([None], {}, TypeError, "object"),
            (np.datetime64("2020"), {}, TypeError, "datetime64"),
            (np.ma.array([1.0]), {}, TypeError, "masked"),
            ([1, 2], {"constant": False}, ValueError, "only float and complex"),
            ([[1.0], [1.0, 2.0]], {}, ValueError, "inhomogeneous"),
            ([1.0], {"dtyp": float}, TypeError, "dtyp"),
        ],
    )
    def test_bad_input(self, x, options, error, message):
        with pytest.raises(error, match=message):
            ga.tensor(x, **options)


def test_statements_of_the_documentation():
    x = ga.arange(9).reshape(3, 3)
    assert repr(x) == "Tensor([[0, 1, 2],\n        [3, 4, 5],\n        [6, 7, 8]])"
    assert repr(x[x == 4] ** 2) == "Tensor([16])"
    assert repr(ga.tensor(2.3)) == "Tensor(2.3)"
    x = ga.tensor([1.0, 2.0, 3.0, 4.0])
    y = x[:2]
    assert y.base is x
    y *= 1
    assert repr(x) == "Tensor([1., 2., 3., 4.])"
    assert repr(y) == "Tensor([1., 2.])"
    (x**2).backward()
    np.testing.assert_array_equal(x.grad, [2, 4, 6, 8])
    np.testing.assert_array_equal(y.grad, [2, 4])


def test_attributes():
    a = np.arange(6.0).reshape(2, 3)
    t = ga.tensor(a)
    for name in ("shape", "ndim", "size", "dtype", "strides", "itemsize", "nbytes", "device"):
        assert getattr(t, name) == getattr(a, name)
    np.testing.assert_array_equal(t.T.data, a.T)
    np.testing.assert_array_equal(t.mT.data, a.mT)
    v = ga.tensor([1.0])
    assert v.T is v
    assert t.flags.c_contiguous
    assert (t * 2).creator is np.multiply
    assert t.creator is None


def test_every_name_of_ndarray():
    t = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    reserved = {"__array_interface__", "__array_struct__", "__dlpack__", "__dlpack_device__", "__buffer__", "ctypes"}
    reserved |= {"tostring"}  # which was there until NumPy 2.3
    internal = {"__array_finalize__", "__array_wrap__", "__getstate__", "__class_getitem__"}
    public = {name for name in dir(np.ndarray) if name.startswith("__") or not name.startswith("_")}
    for name in public - internal:
        if not hasattr(np.ones((1, 1)), name):  # gone, but for a message
            continue
        if name in reserved:
            with pytest.raises(AttributeError, match=r"Use t\.data"):
                getattr(t, name)
        else:
            assert hasattr(t, name), name


METHODS = {
    "all": (), "any": (), "argmax": (0,), "argmin": (1,), "argsort": (0,), "argpartition": (1,),
    "astype": (np.float32,), "clip": (0.3, 0.6), "conj": (), "conjugate": (), "copy": ("F",), "cumprod": (1,),
    "cumsum": (0,), "diagonal": (1,), "dot": (np.arange(4.0),), "flatten": ("F",), "item": (3,), "max": (1,),
    "mean": ((0, 1),), "min": (), "nonzero": (), "prod": (0,), "ravel": ("F",), "repeat": (2, 1), "reshape": (2, 8),
    "round": (1,), "squeeze": (), "std": (0,), "sum": (1,), "swapaxes": (0, 1), "take": ([0, 2], 1), "tolist": (),
    "trace": (), "transpose": (1, 0), "var": (0,), "view": (), "tobytes": (), "compress": ([1, 0, 1, 0], 1),
    "dumps": (),
}  # fmt: skip


@pytest.mark.parametrize("name", METHODS)
def test_methods(name):
    a = np.random.default_rng(0).uniform(size=(4, 4))
    t = ga.tensor(a)
    got, want = getattr(t, name)(*METHODS[name]), getattr(a, name)(*METHODS[name])
    if isinstance(want, (np.ndarray, np.generic)) and want.dtype.kind == "f":
        assert isinstance(got, ga.Tensor)
        assert not got.constant or name == "round"
        assert got.dtype == want.dtype
        got = got.data
    if isinstance(want, tuple):
        for g, w in zip(got, want, strict=True):
            np.testing.assert_array_equal(g, w)
    else:
        np.testing.assert_array_equal(got, want)


def test_other_methods():
    a = np.array([0, 2, 1])
    np.testing.assert_array_equal(ga.tensor(a).choose([[1.0] * 3, [2.0] * 3, [3.0] * 3]).data, [1, 3, 2])
    assert ga.tensor([1.0, 2.0, 3.0]).searchsorted(2.5) == 2
    t = ga.tensor([3.0, 1.0, 2.0])
    assert t.sort() is None
    np.testing.assert_array_equal(t.data, [1, 2, 3])
    t.partition(1)
    t.put([0], 9.0)
    assert t.tolist() == [9, 2, 3]
    t.setflags(write=False)
    with pytest.raises(ValueError, match="read-only"):
        t[0] = 1.0


@pytest.mark.parametrize(
    ("name", "args", "error"),
    [
        ("byteswap", (), TypeError),
        ("getfield", (np.int8,), TypeError),
        ("setfield", (0, np.int8), TypeError),
        ("resize", (3,), ValueError),
    ],
)
def test_methods_that_are_refused_say_why(name, args, error):
    with pytest.raises(error, match=rf"Tensor\.{name}.*use|assign"):
        getattr(ga.tensor([1.0]), name)(*args)


BINARY = ["add", "sub", "mul", "truediv", "floordiv", "mod", "pow"]
OTHERS = {
    "float": 1.7, "int": 2, "bool": True, "float32": np.float32(1.5), "float64": np.float64(1.7), "int64": np.int64(3),
    "array": np.array([0.5, 1.5, 2.5]), "ints": np.array([1, 2, 3]), "0-d": np.array(2.0), "list": [1.0, 2.0, 3.0],
    "column": np.array([[1.0], [2.0]]),
}  # fmt: skip


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("op", BINARY)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_operators_with_plain_values_on_either_side(op, other, dtype):
    op = getattr(operator, op)
    a = np.array([1.25, 2.0, 3.5], dtype=dtype)
    for f in (lambda x: op(x, other), lambda x: op(other, x)):
        t, want = f(ga.tensor(a)), f(a)
        assert isinstance(t, ga.Tensor)
        assert t.dtype == want.dtype
        np.testing.assert_array_equal(t.data, want)
        if isinstance(other, list):  # NumPy's scalars do not take lists on one side
            continue
        scalar, want = f(ga.tensor(a)[1]), f(a[1])
        assert isinstance(scalar, ga.Tensor)
        assert scalar.dtype == want.dtype
        np.testing.assert_array_equal(scalar.data, want)


@pytest.mark.parametrize("value", [2j, np.complex64(1 + 1j)])
def test_operators_with_complex_numbers(value):
    a = np.array([1.0, 2.0], dtype=np.float32)
    for f in (lambda x: x * value, lambda x: value / x, lambda x: (x[0] + value) ** 2):
        t = f(ga.tensor(a))
        assert t.dtype == np.complex64
        np.testing.assert_allclose(t.data, f(a), rtol=1e-6)


def test_scalars_never_lose_the_graph():
    x = ga.tensor([1.0, 2.0])
    for f in (
        lambda x: np.float64(2) * x[0] + np.float64(3) * x.sum(),
        lambda x: np.array(5.0) * x[0],
        lambda x: sum(x) * 2,
        lambda x: np.ones(2) @ x + np.float32(1) - x.mean(),
        lambda x: max(x) ** 2 + min(x),
        lambda x: 2 - np.hypot(x[0], x[1]),
        lambda x: divmod(x[1], 0.75)[1] + 7.5 // x[0] + divmod(7.5, x[1])[1],
    ):
        y = f(x)
        assert isinstance(y, ga.Tensor)
        y.backward()
        h = 1e-6
        want = [(f(x.data + d) - f(x.data - d)) / (2 * h) for d in h * np.eye(2)]
        np.testing.assert_allclose(x.grad, want, rtol=1e-6)


@pytest.mark.parametrize("op", [operator.and_, operator.or_, operator.xor, operator.lshift, operator.rshift])
def test_integer_operators(op):
    a = np.array([1, 6, 12])
    for f in (lambda x: op(x, 3), lambda x: op(1, x)):
        np.testing.assert_array_equal(f(ga.tensor(a)).data, f(a))
    t = ga.tensor(a)
    before = t
    t <<= 1
    assert t is before
    np.testing.assert_array_equal((~t).data, ~(a << 1))


@pytest.mark.parametrize("op", [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne])
def test_comparisons_are_plain(op):
    a = np.array([1.0, 2.0, 3.0])
    for other in (2.0, a[::-1], ga.tensor(a[::-1])):
        got = op(ga.tensor(a), other)
        assert type(got) is np.ndarray
        np.testing.assert_array_equal(got, op(a, np.asarray(other)))
        np.testing.assert_array_equal(op(np.asarray(other), ga.tensor(a)), op(np.asarray(other), a))


def test_conversions():
    t = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert len(t) == 2
    assert [row.tolist() for row in t] == [[1, 2], [3, 4]]
    assert 3.0 in t
    assert 5.0 not in t
    s = ga.tensor(2.5)
    assert (float(s), int(s), complex(s), bool(s)) == (2.5, 2, 2.5, True)
    assert [10, 20, 30][ga.tensor(1)] == 20
    assert np.arange(3)[ga.tensor(1)] == 1
    assert f"{s:.3f}|{s}|{t[0]}" == "2.500|2.5|[1. 2.]"
    for bad in (lambda: bool(t), lambda: float(t), lambda: len(s), lambda: operator.index(s), lambda: iter(s)):
        with pytest.raises((TypeError, ValueError)):
            bad()
    assert list(ga.tensor([1.0, 2.0]).flat) == [1.0, 2.0]


def test_it_is_not_hashable_as_arrays_are_not():
    with pytest.raises(TypeError, match="unhashable"):
        hash(ga.tensor(1.0))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, lambda t: pickle.loads(pickle.dumps(t))])
def test_copies_are_leaves(duplicate):
    x = ga.tensor([1.0, 2.0], dtype=np.float32)
    y = x * 3
    y.backward()
    for t in (x, y, y * 2, ga.tensor([1]), ga.tensor([1.0], constant=True), x[1:]):
        d = duplicate(t)
        assert d.creator is None
        assert d.base is None
        assert d.constant is t.constant
        assert d.dtype == t.dtype
        np.testing.assert_array_equal(d.data, t.data)
        assert not np.shares_memory(d, t)
        assert (d.grad is None) is (t.grad is None)
        if t.grad is not None:
            np.testing.assert_array_equal(d.grad, t.grad)


def test_copy_and_astype_are_differentiable():
    x = ga.tensor([1.0, 2.0])
    (x.copy() * copy.copy(x) * np.copy(x) * x.astype(np.float32) * x.flatten()).sum().backward()
    np.testing.assert_allclose(x.grad, 5 * x.data**4)
    assert x.astype(int).constant
    assert x.copy(constant=True).constant
    assert x.astype(float, copy=False) is x


def test_data_can_be_augmented_but_not_replaced():
    x = ga.tensor([1.0, 2.0])
    x.data += 1
    np.testing.assert_array_equal(x.data, [2, 3])
    with pytest.raises(AttributeError, match=r"t\[\.\.\.\] = value"):
        x.data = np.zeros(2)


class Outer:
    """A library that wraps Tensors, as xarray and pint do."""

    def __init__(self, inner):
        self.inner = inner

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        return Outer(getattr(ufunc, method)(*[x.inner if isinstance(x, Outer) else x for x in inputs], **options))

    def __array_function__(self, func, types, args, kwargs):
        return Outer(func(*[x.inner if isinstance(x, Outer) else x for x in args], **kwargs))

    def __add__(self, other):
        return Outer(self.inner + other)

    __radd__ = __add__


def test_an_outer_type_wins_on_either_side():
    x, outer = ga.tensor([1.0, 2.0]), Outer(ga.tensor([3.0, 4.0]))
    results = [x + outer, outer + x, np.multiply(x, outer), np.multiply(outer, x), np.sum(outer)]
    for r in results:
        assert isinstance(r, Outer)
    np.testing.assert_array_equal(results[0].inner.data, [4, 6])
    with pytest.raises(TypeError):
        x * object()


def test_subclasses_of_ndarray():
    x = ga.tensor([[1.0, 2.0], [3.0, 4.0]])
    shared = np.ones((2, 2)).view(type("Labelled", (np.ndarray,), {}))
    for _ in range(2):
        product = x * (2 * shared)
        assert type(product.data) is np.ndarray
        np.testing.assert_array_equal(product.data, 2 * x.data)
        # its own * is a matrix product, which is not what a Tensor's is
        with pytest.raises(TypeError, match=r"np\.matrix.*np\.asarray"):
            np.multiply(x, np.eye(2).view(np.matrix))


def test_array_likes_that_are_not_numbers_are_refused():
    x = ga.tensor([1.0, 2.0])
    for other in ("ab", None, [None, 1], np.array(["a", "b"])):
        with pytest.raises(TypeError):
            x * other
    assert (x == None) is not True  # noqa: E711


def test_a_number_is_no_word():
    x = ga.tensor(0.5)
    assert x != "scott"
    assert x != b"scott"
    assert x.__array_namespace__() is np


def test_tuples_within_an_index_are_lists():
    x, plain = ga.zeros((2, 3)), np.zeros((2, 3))
    t = ga.tensor([1.0, 2.0])
    for a, value in ((x, t), (plain, t.data)):
        a[0, (np.array([0, 2]),)] = value
    np.testing.assert_array_equal(x.data, plain)
    (x * 3).sum().backward()
    np.testing.assert_array_equal(t.grad, [3.0, 3.0])
    np.testing.assert_array_equal(x[1, (0, 2)].data, plain[1, (0, 2)])


@pytest.mark.parametrize(("real", "both"), [(np.float64, np.complex128), (np.float32, np.complex64)])
def test_pairs_of_floats_viewed_as_complex_numbers_and_back(real, both):
    data = np.arange(8, dtype=real).reshape(2, 4)
    x = ga.tensor(data)
    z = x.view(both)
    np.testing.assert_array_equal(z.data, data.view(both), strict=True)
    (np.abs(z) ** 2).sum().backward()
    np.testing.assert_allclose(x.grad, 2 * data)
    assert x.grad.dtype == real
    z = ga.tensor(data.view(both))
    pairs = z.view(real)
    np.testing.assert_array_equal(pairs.data, data, strict=True)
    (pairs**2).sum().backward()
    np.testing.assert_allclose(z.grad, 2 * data.view(both))
    with pytest.raises(ValueError, match="read-only"):
        pairs[0] = 1
    with pytest.raises(ValueError, match="divisor"):
        ga.tensor(np.ones(3, real)).view(both)
