"""Rows whose calls see SciPy in wrapped context."""

import functools

from catalogue.base import Row

import gradarray as ga

rows: list[Row] = []
# Calls that cannot be differentiated: id, call on a Tensor of 3 x 3, words of the message
REFUSED: list[tuple] = []


def row(fn, label, call, *inputs, complex=False, kind="differentiable", compares=False):
    """A call of SciPy's ``fn``, written as for plain arrays."""

    @functools.wraps(call)
    def wrapped(*args):
        with ga.wrapping():
            return call(*args)

    name = getattr(fn, "__name__", type(fn).__name__)
    rows.append(Row(f"{name}-{label}", fn, wrapped, inputs, complex, kind, compares))
