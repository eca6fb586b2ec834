"""The tables of singular points in the documentation of `gradarray.rules`: every row of them holds."""

import re
import warnings

import numpy as np
import pytest

import gradarray as ga
from gradarray import rules

NAMES = {"np": np, "inf": np.inf, "nan": np.nan}


def tables(text):
    """The rows of the simple tables of reStructuredText in ``text``, each a list of its cells."""
    bar = re.compile(r"=+( =+)+")
    within, found = 0, []
    for line in text.splitlines():
        if bar.fullmatch(line):
            within = (within + 1) % 3  # above the heading, below it, below the table
            columns = [match.span() for match in re.finditer("=+", line)]
        elif within == 2:
            found.append([line[start:stop].strip() for start, stop in columns])
    assert within == 0
    return found


ROWS = tables(rules.__doc__)


def evaluated(call, x):
    """The result of a call; of a statement, or what returns None, the Tensor that it writes to."""
    names = {**NAMES, "x": x, "y": ga.tensor(np.zeros(2))}
    if re.search(r"\] = ", call):
        exec(call, names)
        return names["y"]
    result = eval(call, names)
    return names["y"] if result is None else result


def gradient(call, at):
    """The gradient of the sum, of its real part, by ``x`` at a point."""
    x = ga.tensor(eval(at, dict(NAMES)))
    # values and slopes that are infinite or nan are what this is about
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        total = np.sum(evaluated(call, x))
        np.real(total).backward()
    return x.grad


def test_the_tables_are_read():
    text = rules.__doc__
    assert len(ROWS) > 100
    assert text.count("\n=") == 3 * text.count("\ncall ")
    assert sum(line.startswith(("np.", "x", "y", "0", "1")) for line in text.splitlines()) == len(ROWS)
    assert len({tuple(row[:2]) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("call", "at", "expected"), [pytest.param(*row[:3], id=f"{row[0]} {row[1]}") for row in ROWS])
def test_row(call, at, expected):
    if expected == "constant":
        assert evaluated(call, ga.tensor(eval(at))).constant
    elif expected == "LinAlgError":
        with pytest.raises(np.linalg.LinAlgError):
            gradient(call, at)
    else:
        expected = eval(expected, dict(NAMES))
        np.testing.assert_allclose(gradient(call, at), expected, rtol=1e-12, atol=1e-12)
