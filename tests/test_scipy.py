"""Every row of SciPy's catalogue: what `test_catalogue` and `test_second_order` ask of NumPy's rows."""

import numpy as np
import pytest
import test_catalogue as first
import test_second_order as second
from catalogue_scipy import REFUSED, rows
from test_catalogue import over

import gradarray as ga

# single precision is too little for the tolerances of quad; what np.where does not choose may be singular
pytestmark = [
    pytest.mark.filterwarnings("ignore::scipy.integrate.IntegrationWarning"),
    pytest.mark.filterwarnings("ignore:(divide by zero|invalid value|overflow):RuntimeWarning"),
]
DIFFERENTIABLE = [row for row in rows if row.kind in ("differentiable", "elementwise")]


def test_every_row_has_a_name_of_its_own():
    assert len({row.id for row in rows}) == len(rows)


@over(rows)
def test_value(row):
    first.test_value(row)


@over(DIFFERENTIABLE)
def test_vjp(row):
    first.test_vjp(row)


@over([row for row in DIFFERENTIABLE if row.complex])
def test_vjp_complex(row):
    first.test_vjp_complex(row)


@over(DIFFERENTIABLE)
def test_float32(row):
    first.test_float32(row)


@over(DIFFERENTIABLE)
def test_forward_against_reverse(row):
    second.test_forward_against_reverse(row)


@over(DIFFERENTIABLE)
def test_second_derivatives(row):
    second.test_second_derivatives(row)


@pytest.mark.filterwarnings("ignore:floating point number truncated:RuntimeWarning")
@pytest.mark.parametrize(("call", "words"), [pytest.param(call, words, id=id) for id, call, words in REFUSED])
def test_refused(call, words):
    with ga.wrapping(), pytest.raises((TypeError, ValueError, NotImplementedError), match=words):
        call(ga.tensor(np.eye(3) + 0.1))
