"""``import gradarray as np``: NumPy's functions for array-likes, with ``constant=``."""

import inspect
import pickle

import make_stubs
import numpy
import pytest

import gradarray as np
from gradarray.registry import functions, known, ufuncs

PUBLIC = {
    name: fn
    for name, fn in vars(numpy).items()
    if not name.startswith("_") and callable(fn) and not isinstance(fn, type) and known(fn) is not None
}


def test_every_registered_function_is_there():
    assert len(PUBLIC) > 250
    for name, fn in PUBLIC.items():
        ours = getattr(np, name)
        if name in ("asarray", "gradient"):  # the one shares memory, the other is the gradient of a Tensor
            continue
        assert ours is not fn
        assert ours.__name__ == fn.__name__
        assert "constant" in inspect.signature(ours).parameters
        assert "constant : bool" in ours.__doc__
    for home, module in (("linalg", numpy.linalg), ("fft", numpy.fft)):
        for name in module.__all__:
            fn = getattr(module, name)
            if not isinstance(fn, type) and fn in functions:
                assert "constant" in inspect.signature(getattr(getattr(np, home), name)).parameters
    assert known(np.linalg.solve) is None
    assert numpy.sin in ufuncs


def test_array_likes_become_tensors():
    y = np.sin([0.0, 1.0])
    assert type(y) is np.Tensor
    assert y.constant
    numpy.testing.assert_array_equal(y.data, numpy.sin([0.0, 1.0]))
    assert type(np.sum([1.0, 2.0])) is np.Tensor
    assert type(np.linalg.norm([3.0, 4.0])) is np.Tensor
    result = np.linalg.eigh([[2.0, 0.0], [0.0, 1.0]])
    assert type(result).__name__ == "EighResult"
    assert type(result.eigenvalues) is np.Tensor
    assert type(np.argmax([1.0, 2.0])) is numpy.int64
    assert type(np.add([1, 2], 3)) is numpy.ndarray


def test_lists_of_tensors():
    x = np.tensor([1.0, 2.0, 3.0])
    np.sum(np.multiply([x[0], x[1]], [[x[2], 1.0], [2.0, x[0]]])).backward()
    numpy.testing.assert_array_equal(x.grad, [7.0, 2.0, 1.0])
    assert [t.shape for t in np.split(np.concatenate([[x[0], x[1]], [4.0]]), 3)] == [(1,)] * 3
    np.array([[x[0], 2.0], [x[1], x[1]]]).sum().backward()
    numpy.testing.assert_array_equal(x.grad, [1.0, 2.0, 0.0])


def test_arguments_that_numpy_does_not_look_at():
    t = np.tensor(2.0)
    np.sum(np.full((2, 2), t)).backward()
    assert t.grad == 4.0
    np.sum([1.0, 2.0], initial=t).backward()
    assert t.grad == 1.0


def test_constant():
    x = np.tensor([1.0, 2.0])
    assert np.exp(x, constant=True).constant
    assert not np.exp(x).constant
    y = np.exp([1.0, 2.0], constant=False)
    np.sum(y).backward()
    numpy.testing.assert_array_equal(y.grad, [1.0, 1.0])
    with pytest.raises(ValueError, match="constant=False"):
        np.arange(3, constant=False)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda xp: xp.zeros((2, 3)), numpy.zeros((2, 3))),
        (lambda xp: xp.ones(2, dtype=numpy.float32), numpy.ones(2, numpy.float32)),
        (lambda xp: xp.full(2, 1.5), numpy.full(2, 1.5)),
        (lambda xp: xp.arange(0.0, 1.0, 0.25), numpy.arange(0.0, 1.0, 0.25)),
        (lambda xp: xp.linspace(0, 1, 5), numpy.linspace(0, 1, 5)),
        (lambda xp: xp.geomspace(1, 8, 4), numpy.geomspace(1, 8, 4)),
        (lambda xp: xp.eye(3, k=1), numpy.eye(3, k=1)),
        (lambda xp: xp.zeros_like([1.0, 2.0]), numpy.zeros(2)),
        (lambda xp: xp.array([1.0, 2.0]), numpy.array([1.0, 2.0])),
    ],
)
def test_what_makes_arrays_makes_leaves(call, expected):
    made = call(np)
    assert type(made) is np.Tensor
    assert not made.constant
    assert made.dtype == expected.dtype
    numpy.testing.assert_array_equal(made.data, expected)


def test_integers_are_constant_tensors():
    assert type(np.arange(3)) is np.Tensor
    assert np.arange(3).constant


def test_constants_dtypes_and_helpers_are_numpys():
    assert np.pi == numpy.pi
    assert np.float32 is numpy.float32
    assert np.newaxis is None
    assert np.finfo is numpy.finfo
    assert np.ndarray is numpy.ndarray
    with np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        np.divide(1.0, 0.0)


def test_names_that_are_not_there():
    with pytest.raises(AttributeError, match="neither gradarray nor numpy has an attribute 'sine'"):
        np.sine  # noqa: B018
    with pytest.raises(AttributeError, match=r"neither gradarray\.linalg nor"):
        np.linalg.slove  # noqa: B018
    assert {"sin", "pi", "Tensor"} <= set(dir(np))
    assert "solve" in dir(np.linalg)


def test_functions_are_pickled_by_name():
    for fn in (np.sin, np.linalg.solve):
        assert pickle.loads(pickle.dumps(fn)) is fn


@pytest.mark.parametrize("home", make_stubs.MODULES)
def test_stubs_are_fresh(home):
    """They are what would be made now, on the NumPy that they were made from."""
    text = (make_stubs.Path(np.__file__).parent / f"{home}.pyi").read_text()
    fresh = make_stubs.stub(home)
    made_from = text.partition("NumPy ")[2].partition('."')[0]
    if made_from == make_stubs.VERSION:
        assert text == fresh
    else:
        old, new = ({line.partition("(")[0] for line in stub.splitlines()} for stub in (text, fresh))
        assert len(old & new) > 0.9 * len(old)
