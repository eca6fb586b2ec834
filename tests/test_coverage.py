"""Every function that NumPy lets others override has a place, and only one; what NumPy never hands over is listed."""

import contextlib
import inspect
import re
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

import gradarray as ga
from gradarray.coverage import coverage, kinds, overridables
from gradarray.registry import KINDS, functions, known, ufuncs

FUNCTIONS, UFUNCS = overridables()


def test_the_partition_is_complete_and_disjoint():
    table = kinds()
    assert [fn.__name__ for column in table.pop("unknown") for fn in column] == []
    placed = [fn for columns in table.values() for column in columns for fn in column]
    assert len(placed) == len(set(placed)) == len(FUNCTIONS) + len(UFUNCS)
    assert not functions.keys() & ufuncs.keys()
    assert {rule.kind for rule in (*functions.values(), *ufuncs.values())} <= set(KINDS)


def test_differentiable_almost_everywhere():
    """What could have a gradient is not put aside as constant or refused."""
    table = kinds()
    assert sum(len(f) + len(u) for kind, (f, u) in table.items() if kind not in ("constant", "refused")) >= 268


@pytest.mark.parametrize("fn", sorted(kinds()["refused"][0], key=lambda fn: fn.__name__), ids=lambda fn: fn.__name__)
def test_a_refusal_names_the_function_and_a_reason(fn):
    with pytest.raises(TypeError, match=rf"{fn.__name__}.*: \w+"):
        known(fn).call(ga.tensor([1.0]))


def parameters(fn):
    try:
        return [(p.name, p.kind, p.default) for p in inspect.signature(fn).parameters.values()]
    except ValueError:  # some functions in C, more of them before NumPy 2.4, do not tell
        return None


def test_functions_take_what_numpy_takes():
    """Parameters by name, order, kind and default; those of constants are handed on as they are."""
    differ = []
    for fn in FUNCTIONS:
        rule = known(fn)
        if rule is None or rule.kind in ("constant", "refused") or parameters(fn) is None:
            continue
        if rule.kind != "composite":
            rule.prepare()
        if parameters(rule.call) != parameters(fn):
            differ.append(f"{fn.__module__}.{fn.__name__}")
    assert differ == []


def test_the_table(capsys):
    coverage()
    lines = capsys.readouterr().out.splitlines()
    counts = {line.split()[0]: [int(n) for n in line.split()[1:]] for line in lines[1:]}
    assert counts["all"] == [len(FUNCTIONS), len(UFUNCS)]
    assert counts["unknown"] == [0, 0]
    assert counts["elementwise"][1] == len(kinds()["elementwise"][1])
    assert [sum(n[k] for name, n in counts.items() if name != "all") for k in (0, 1)] == counts["all"]


def test_the_table_in_the_readme(capsys):
    """It is the one that is printed, with the NumPy that it was printed with."""
    text = (Path(__file__).parents[1] / "README.md").read_text()
    version, table = re.search(r"in NumPy (\d+\.\d+), as `ga.coverage\(\)`.*?\n```\n(.*?)```", text, re.DOTALL).groups()
    coverage()
    printed = capsys.readouterr().out
    assert [line.split()[0] for line in table.splitlines()] == [line.split()[0] for line in printed.splitlines()]
    if np.__version__.startswith(f"{version}."):
        assert table == printed


def test_the_table_as_a_program():
    command = [sys.executable, "-W", "error", "-m", "gradarray.coverage", "--names"]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "tensorsolve" in result.stdout
    assert result.stderr == ""


def test_the_table_of_scipy(capsys):
    coverage("scipy")
    table, refused = capsys.readouterr().out.split("refused:\n")
    counts = {line.split()[0]: [int(n) for n in line.split()[1:]] for line in table.splitlines()[1:]}
    chapters = "fft fftpack integrate interpolate linalg ndimage optimize signal sparse spatial special stats"
    assert counts.keys() == {f"scipy.{chapter}" for chapter in chapters.split()}
    assert counts["scipy.special"][0] > 200
    assert sum(n[-1] for n in counts.values()) == len(refused.splitlines())
    assert all(re.match(r" {4}scipy\.\w+\.[\w.]+: \w+", line) for line in refused.splitlines())
    with pytest.raises(ValueError, match="choose 'numpy' or 'scipy'"):
        coverage("pandas")


def test_an_unknown_function_is_named():
    def fn(x):
        return x

    fn.__module__ = "numpy"
    with pytest.raises(TypeError, match=r"no rule for np\.fn.*t\.data.*gradarray\.register"):
        ga.tensor([1.0]).__array_function__(fn, (ga.Tensor,), (), {})


# Arguments that NumPy does not look at when it decides whom to call: with a Tensor there alone, it never calls us
UNSEEN = {
    "sum(initial)": lambda t: np.sum(np.ones(2), initial=t),
    "max(initial)": lambda t: np.max(np.ones(2), initial=t),
    "take(indices)": lambda t: np.take(np.arange(3.0), t),
    "full(fill_value)": lambda t: np.full(2, t),
    "select(default)": lambda t: np.select([np.array([True, False])], [np.ones(2)], default=t),
    "full_like(fill_value)": lambda t: np.full_like(np.ones(2), t),
    "pad(constant_values)": lambda t: np.pad(np.ones(2), 1, constant_values=t),
    "fill_diagonal(val)": lambda t: np.fill_diagonal(np.ones((2, 2)), t),
    "interp(left)": lambda t: np.interp([0.0], [1.0, 2.0], [3.0, 4.0], left=t),
    "concatenate(nested)": lambda t: np.concatenate([[t, t], [t]]),
    "array(nested)": lambda t: np.array([t, t]),
}


@pytest.mark.parametrize("call", UNSEEN.values(), ids=UNSEEN)
def test_what_numpy_does_not_hand_over(call):
    """A Tensor with a history gives its warning; one that is handed over would not."""
    with warnings.catch_warnings(record=True) as caught, contextlib.suppress(TypeError):
        warnings.simplefilter("always")
        assert not isinstance(call(1 * ga.tensor(2.0)), ga.Tensor)
    assert ga.DetachWarning in [w.category for w in caught]


# The same kinds of arguments where it does, with the gradient of the sum
SEEN = {
    "select(default)": (lambda t: np.select([np.array([True, False])], [ga.tensor([1.0, 1.0])], default=t), 1.0),
    "clip(min)": (lambda t: np.clip(np.zeros(2), t, None), 2.0),
    "linspace(stop)": (lambda t: np.linspace(0.0, t, 3), 1.5),
    "sum(initial)": (lambda t: np.sum(ga.tensor([1.0]), initial=t), 1.0),
    "pad(constant_values)": (lambda t: np.pad(ga.tensor([1.0]), 1, constant_values=t), 2.0),
    "interp(left)": (lambda t: np.interp(ga.tensor([0.0]), [1.0, 2.0], [3.0, 4.0], left=t), 1.0),
    "concatenate(nested)": (lambda t: np.concatenate([ga.tensor([1.0]), [t, t]]), 2.0),
    "block": (lambda t: np.block([[t, t], [1.0, t]]), 3.0),
}


@pytest.mark.parametrize(("call", "grad"), SEEN.values(), ids=SEEN)
def test_what_numpy_hands_over(call, grad):
    t = ga.tensor(2.0)
    call(1 * t).sum().backward()
    assert t.grad == grad
