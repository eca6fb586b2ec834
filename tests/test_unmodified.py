"""Published libraries, unmodified, on Tensors: gradients against differences, and nothing left behind."""

import math
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from unmodified import CASES, slopes

import gradarray as ga

NAMED = {f"{case.library}-{case.name}": case for case in CASES}
GIVEN = pytest.mark.parametrize("case", [pytest.param(c, id=n) for n, c in NAMED.items() if not c.refused])
REFUSED = pytest.mark.parametrize("case", [pytest.param(c, id=n) for n, c in NAMED.items() if c.refused])
MODULES = {"colour-science": "colour"}  # where a library is imported by another name


def by_grad(f, x0):
    return ga.grad(lambda x: np.sum(f(x)))(x0)


def by_backward(f, x0):
    x = ga.tensor(x0)
    np.sum(ga.wrap(f)(x)).backward()
    return x.grad


def namespaces(case):
    """What the modules of NumPy, Python and the library hold, by identity."""
    library = MODULES.get(case.library, case.library)
    own = [m for name, m in [*sys.modules.items()] if name.partition(".")[0] == library]
    spaces = [vars(m) for m in (np, np.linalg, math, *own)] + [case.call.__globals__]
    return {id(space): (space.get("__name__"), dict(space)) for space in spaces}


def changes(before, after):
    return [
        f"{name}.{key}"
        for space, (name, held) in after.items()
        for key, value in held.items()
        if space in before and before[space][1].get(key, value) is not value
    ]


def of_same_kind(a, b):
    assert type(a) is type(b)
    if isinstance(a, (list, tuple)):
        for one, other in zip(a, b, strict=True):
            of_same_kind(one, other)


@GIVEN
def test_gradients(case):
    before = case.call(case.x0.copy())
    want = slopes(case.call, case.x0)
    assert np.isfinite(want).all()
    assert want.any()
    scale = np.abs(want).max() / np.abs(case.x0).max()
    penalized = want + 2 * scale * case.x0

    def with_penalty(x):
        penalty = scale * np.sum(x * x)
        return np.sum(case.call(x)) + penalty

    held = namespaces(case)
    for way in (by_grad, by_backward):
        for f, expected in ((case.call, want), (with_penalty, penalized)):
            found = way(f, case.x0.copy())
            assert type(found) is np.ndarray
            np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-7 * np.abs(expected).max())
    assert changes(held, namespaces(case)) == []

    after = case.call(case.x0.copy())
    of_same_kind(after, before)
    np.testing.assert_allclose(after, before, rtol=1e-13)


@REFUSED
@pytest.mark.parametrize("way", [by_grad, by_backward])
def test_refused_with_the_place(case, way):
    before = case.call(case.x0.copy())
    held = namespaces(case)
    with pytest.raises((TypeError, ga.DetachError), match=case.refused):
        way(case.call, case.x0.copy())
    assert changes(held, namespaces(case)) == []
    np.testing.assert_array_equal(case.call(case.x0.copy()), before)


FIRST = """
import numpy as np
from unmodified import CASES
import gradarray as ga

def kinds(y):
    return {kind for v in y for kind in kinds(v)} if isinstance(y, (list, tuple)) else {type(y)}

for case in CASES:
    if not case.refused:
        ga.grad(lambda x, case=case: np.sum(case.call(x)))(case.x0.copy())
        kept = kinds(case.call(case.x0.copy())) & {ga.Tensor}
        assert not kept, case.name
"""


def test_nothing_stays_behind_where_the_first_call_is_on_tensors():
    """What a library keeps for later calls is made then."""
    done = subprocess.run(
        [sys.executable, "-c", FIRST], cwd=pathlib.Path(__file__).parent, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def test_there_are_many_of_many_libraries():
    assert len(CASES) > 60
    assert len({case.library for case in CASES}) > 10
