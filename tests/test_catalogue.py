"""Every row of the catalogue: values against NumPy, gradients against finite differences, dtypes, shapes, layouts."""

import itertools

import numpy as np
import pytest
from catalogue import REFUSED, SINGULAR, rows
from catalogue.ufuncs import BINARY

import gradarray as ga
from gradarray import chapters
from gradarray.graph import Part, each, reachable, shown
from gradarray.registry import functions, ufuncs
from gradarray.views import node_of

chapters.load()
registered = {fn: rule for fn, rule in ufuncs.items() if getattr(np, fn.__name__, None) is fn}
registered |= {fn: rule for fn, rule in functions.items() if (fn.__module__ or "numpy").startswith("numpy")}

SINGLE = {np.dtype(np.float64): np.float32, np.dtype(np.complex128): np.complex64}
SINGLES = {np.dtype(np.float32), np.dtype(np.complex64)}
DIFFERENTIABLE = [row for row in rows if row.kind in ("differentiable", "elementwise")]
ELEMENTWISE = [row for row in rows if row.kind == "elementwise"]


def over(chosen):
    return pytest.mark.parametrize("row", [pytest.param(row, id=row.id) for row in chosen])


def made(row, complex=False, single=False, shapes=None):
    """Inputs for a row, the same at each call."""
    rng = np.random.default_rng(len(row.id))
    arrays = []
    for k, (shape, draw, inexact) in enumerate(row.inputs):
        array = np.asarray(draw(rng, shape if shapes is None else shapes[k], complex))
        arrays.append(array.astype(SINGLE[array.dtype]) if single and inexact else array)
    return arrays


def tensors(arrays):
    return [ga.tensor(array) for array in arrays]


def flat(result):
    """The leaves of a result: an array or number, or sequences of them."""
    if isinstance(result, (tuple, list)):
        return [leaf for item in result for leaf in flat(item)]
    return [result]


def plain(value):
    return value.data if isinstance(value, ga.Tensor) else value


def close(actual, expected, rtol):
    """Equal up to ``rtol`` of the largest number."""
    actual, expected = np.asarray(actual), np.asarray(expected)
    assert actual.shape == expected.shape
    scale = np.max(np.abs(expected), initial=1.0)
    np.testing.assert_allclose(actual, expected, rtol=rtol, atol=rtol * scale)


def cotangents(outputs, rng):
    found = []
    for y in outputs:
        c = rng.uniform(-1, 1, np.shape(y))
        found.append(c + 1j * rng.uniform(-1, 1, np.shape(y)) if np.asarray(y).dtype.kind == "c" else c)
    return found


def inexact(outputs):
    return [y for y in outputs if np.asarray(y).dtype.kind in "fc"]


def loss(row, arrays, weights):
    """Re(sum(conj(c) f)) over all outputs, in plain NumPy."""
    return sum(np.sum(np.real(np.conj(c) * y)) for c, y in zip(weights, inexact(flat(row.call(*arrays))), strict=True))


def gradients(row, inputs, weights):
    """Run the row on ``inputs``, some of them Tensors, and backward with ``weights``; the gradients of the Tensors."""
    outputs = [y for y in flat(row.call(*inputs)) if plain(y).dtype.kind in "fc"]
    if len(outputs) == 1:
        outputs[0].backward(weights[0].astype(outputs[0].dtype))
    else:
        total = [np.sum(np.real(y * np.conj(c))) for y, c in zip(outputs, weights, strict=True)]
        sum(total[1:], start=total[0]).backward()
    return [x.grad if isinstance(x, ga.Tensor) else None for x in inputs]


def directions(array, rng):
    """Where to look: along the real numbers and, for complex ones, along the imaginary."""
    d = rng.uniform(-1, 1, array.shape)
    return (d, 1j * d) if array.dtype.kind == "c" else (d,)


def stepped(x, step):
    """``x + step`` in the memory layout of ``x``."""
    x = np.copy(x, order="K")
    x += step
    return x


def check_gradients(row, arrays, rtol=1e-6, eps=1e-5):
    """Compare gradients with central differences in random directions; returns them and the cotangents."""
    rng = np.random.default_rng(1)
    weights = cotangents(inexact(flat(row.call(*arrays))), rng)
    grads = gradients(row, tensors(arrays), weights)
    for k, (x, grad) in enumerate(zip(arrays, grads, strict=True)):
        if x.dtype.kind not in "fc":
            assert grad is None
            continue
        if grad is None:  # it was overwritten
            assert row.writes
            grad = np.zeros_like(x)
        assert type(grad) is np.ndarray
        assert grad.shape == x.shape
        assert grad.dtype == x.dtype
        for d in directions(x, rng):
            ahead, behind = ([*arrays[:k], stepped(x, s * eps * d), *arrays[k + 1 :]] for s in (1, -1))
            numeric = (loss(row, ahead, weights) - loss(row, behind, weights)) / (2 * eps)
            scale = max(1.0, np.sum(np.abs(grad) * np.abs(d)))
            assert np.abs(np.sum(np.real(np.conj(grad) * d)) - numeric) <= rtol * scale
    return grads, weights


def test_every_function_has_a_row():
    covered = {row.fn for row in rows}
    assert [fn.__name__ for fn, rule in registered.items() if fn not in covered and rule.kind != "refused"] == []
    assert len({row.id for row in rows}) == len(rows)
    assert {row.kind for row in rows} == {"differentiable", "elementwise", "constant", "leaf"}


def complexities(row):
    return (False, True) if row.complex else (False,)


@over(rows)
def test_value(row):
    for complex, single in itertools.product(complexities(row), (False, True)):
        arrays = made(row, complex, single)
        before = [array.copy() for array in arrays]
        results, expected = row.call(*tensors(arrays)), row.call(*arrays)
        assert all((a == b).all() for a, b in zip(arrays, before, strict=True))
        assert type(results) is type(expected) or not isinstance(expected, (tuple, list))
        for k, (y, e) in enumerate(zip(flat(results), flat(expected), strict=True)):
            check_result(row, k, y, np.asarray(plain(e)), single)


def check_result(row, k, y, expected, single):
    """Output ``k`` of a row on Tensors against NumPy's."""
    kind = expected.dtype.kind
    if kind not in "biufc":
        assert row.fn is np.array_repr or y == expected
        return
    assert np.asarray(plain(y)).dtype == expected.dtype
    close(plain(y), expected, 1e-6 if single else 1e-14)
    if kind == "b":
        assert not isinstance(y, ga.Tensor)
    if kind in "fc" and row.fn not in (np.save, np.savez, np.savez_compressed):
        assert type(y) is ga.Tensor
        assert y.constant == (row.kind == "constant" or (row.fn, k) in ((np.divmod, 0), (np.modf, 1)))


@over(DIFFERENTIABLE)
def test_vjp(row):
    arrays = made(row)
    grads, weights = check_gradients(row, arrays)
    if len(arrays) > 1 and not row.writes:
        for k, grad in enumerate(grads):  # each with the others constant
            if grad is not None:
                inputs = [ga.tensor(x) if j == k else x for j, x in enumerate(arrays)]
                close(gradients(row, inputs, weights)[k], grad, 1e-13)


@over([row for row in DIFFERENTIABLE if row.complex])
def test_vjp_complex(row):
    arrays = made(row, complex=True)
    check_gradients(row, arrays)
    if len(arrays) > 1 and not row.writes:
        for k, real in enumerate(made(row)):  # each real among complex ones
            check_gradients(row, [*arrays[:k], real, *arrays[k + 1 :]])


@over(DIFFERENTIABLE)
def test_float32(row):
    """Single precision stays single, and gives what double precision does."""
    for complex in complexities(row):
        arrays = made(row, complex, single=True)
        doubles = [x.astype(np.result_type(x, np.float64)) if x.dtype.kind in "fc" else x for x in arrays]
        weights = cotangents(inexact(flat(row.call(*doubles))), np.random.default_rng(1))
        grads = gradients(row, tensors(arrays), [c.astype(SINGLE[c.dtype]) for c in weights])
        for x, grad, expected in zip(arrays, grads, gradients(row, tensors(doubles), weights), strict=True):
            if grad is not None:
                assert grad.dtype == x.dtype
                close(grad, expected, 2e-5)


def rules_used(row, arrays):
    """The derivatives that a row's graph holds, with their parent's dtype, what they take, what they saved."""
    found, found_parts = {}, {}
    for y in flat(row.call(*tensors(arrays))):
        if isinstance(y, ga.Tensor) and not y.constant:
            nodes = reachable(node_of(y))
            for node in nodes:
                for parent, vjp, saved in each(node.edges):
                    if type(saved) is Part:
                        parts = found_parts.setdefault(parent.order, [None] * saved.total)
                        parts[saved.place] = node
                    if vjp is not None and vjp.__module__.startswith("gradarray.rules"):
                        found[id(saved), vjp, node.order] = (parent, vjp, node, shown(saved))
    return [(*used, found_parts.get(used[2].order, used[2])) for used in found.values()]


def as_tensors(saved, known):
    """What a derivative saved, with Tensors for the arrays; for the same array the same Tensor."""
    if isinstance(saved, list):
        return [as_tensors(item, known) for item in saved]
    if isinstance(saved, tuple):
        return tuple(as_tensors(item, known) for item in saved)
    if not isinstance(saved, (np.ndarray, np.floating)) or saved.dtype.kind not in "fc":
        return saved
    return known.setdefault(id(saved), (saved, ga.tensor(saved)))[1]


def moved(saved, taken, d, step):
    """``saved`` with the array ``taken`` moved by ``step`` times ``d``."""
    if isinstance(saved, (list, tuple)):
        items = [moved(item, taken, d, step) for item in saved]
        return items if isinstance(saved, list) else tuple(items)
    return saved + step * d if saved is taken else saved


def cotangent(node, rng):
    """A gradient as ``node`` takes it; a list of them for several outputs."""
    if isinstance(node, list):
        return [None if part is None else cotangent(part, rng) for part in node]
    return np.asarray(cotangents([np.zeros(node.shape, node.dtype)], rng)[0]).astype(node.dtype)


def arrays_in(value):
    return [a for item in value for a in arrays_in(item)] if isinstance(value, (list, tuple)) else [value]


# Their derivatives raise for gradients that depend on a phase or a sign, as random ones do; test_linalg has their own.
GAUGED = {np.linalg.svd, np.linalg.eigh, np.linalg.eig, np.linalg.qr}


@over([row for row in DIFFERENTIABLE if row.fn not in GAUGED])
def test_rules_on_tensors(row):
    """A derivative runs on Tensors, gives the same, and nowhere leaves single precision; nor does it lack its own."""
    for complex, single in itertools.product(complexities(row), (False, True)):
        rng = np.random.default_rng(2)
        for parent, vjp, _, saved, taker in rules_used(row, made(row, complex, single)):
            given = (cotangent(taker, rng), *saved)
            expected = vjp(*given)
            if expected is None:
                continue
            known = {}
            copies = as_tensors(given, known)
            result = vjp(*copies)
            assert isinstance(result, ga.Tensor)
            assert result.dtype == expected.dtype
            close(result.data, expected, 1e-5 if single else 1e-13)
            takers = {n.dtype for n in arrays_in([taker]) if n is not None}
            if single and {parent.dtype, *takers} <= SINGLES:
                assert {n.dtype for n in reachable(node_of(result))} <= {*SINGLES, None}
            elif not single:
                incoming = {id(g) for g in arrays_in([given[0]])}
                pairs = [pair for key, pair in known.items() if not row.compares or key in incoming]
                check_derivative_of_rule(vjp, given, result, pairs, rng)


def check_derivative_of_rule(vjp, given, result, pairs, rng):
    """Differentiate a derivative by the gradient it takes and by the arrays it saved."""
    weight = cotangents([result.data], rng)[0]
    result.backward(weight)
    for array, tensor in pairs:
        gradient = np.zeros_like(array) if tensor.grad is None else tensor.grad
        for d in directions(array, rng):
            both = [np.sum(np.real(np.conj(weight) * vjp(*moved(given, array, d, s)))) for s in (1e-5, -1e-5)]
            scale = max(1.0, np.sum(np.abs(gradient) * np.abs(d)), np.abs(both[0]))
            assert np.abs(np.sum(np.real(np.conj(gradient) * d)) - (both[0] - both[1]) / 2e-5) <= 1e-6 * scale


SHAPES = {
    1: [((),), ((1,),), ((0,),), ((2, 0, 3),)],
    2: [
        ((), ()),
        ((), (3,)),
        ((3,), ()),
        ((4, 1), (3,)),
        ((2, 1, 3), (4, 1)),
        ((1,), ()),
        ((0,), (0,)),
        ((0, 3), (1,)),
    ],
}


def shaped():
    for row in ELEMENTWISE:
        for shapes in SHAPES[len(row.inputs)]:
            yield pytest.param(row, shapes, id=f"{row.id}-{shapes}".replace(" ", ""))


@pytest.mark.parametrize(("row", "shapes"), list(shaped()))
def test_shapes(row, shapes):
    """0-d, empty and broadcast inputs of elementwise functions."""
    arrays = made(row, shapes=shapes)
    y, expected = row.call(*tensors(arrays)), row.call(*arrays)
    assert y.shape == expected.shape
    assert y.dtype == expected.dtype
    close(y.data, expected, 1e-14)
    check_gradients(row, arrays)


LAYOUTS = (
    lambda x: np.array(x, order="F"),
    lambda x: np.repeat(x, 2, axis=-1)[..., ::2] if x.ndim else x,
    lambda x: np.flip(np.flip(x).copy()),
)


@over(DIFFERENTIABLE)
def test_layouts(row):
    """Inputs that are transposed, strided or reversed, seen by the gradient as well as by the value."""
    straight = made(row)
    weights = cotangents(inexact(flat(row.call(*straight))), np.random.default_rng(1))
    expected_grads = gradients(row, tensors(straight), weights)
    for layout in LAYOUTS:
        arrays = [layout(x) for x in straight]
        bases = [ga.tensor(x, copy=False) for x in arrays]
        for y, e in zip(flat(row.call(*bases)), flat(row.call(*arrays)), strict=True):
            close(plain(y), e, 1e-13)
        if row.fn in (np.ravel, np.reshape, np.copy):  # these may go by the layout
            check_gradients(row, arrays)
            continue
        for grad, expected in zip(gradients(row, bases, weights), expected_grads, strict=True):
            if expected is not None:
                close(grad, expected, 1e-13)


@pytest.mark.parametrize(("call", "inputs", "grads"), [pytest.param(*case[1:], id=case[0]) for case in SINGULAR])
@pytest.mark.parametrize("single", [False, True], ids=["double", "single"])
def test_singular_points(call, inputs, grads, single):
    """Gradients where there are several, or none, and where squares would leave the range of the dtype."""
    arrays = [np.array(x) for x in inputs]
    xs = tensors([x.astype(SINGLE[x.dtype]) if single else x for x in arrays])
    with np.errstate(all="raise", under="ignore"):
        y = call(*xs)
        y.backward()
    for x, expected in zip(xs, grads, strict=True):
        assert x.grad.dtype == x.dtype
        np.testing.assert_allclose(x.grad, expected, rtol=1e-5 if single else 1e-14, atol=0)


@pytest.mark.parametrize(("call", "words"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_refused_by_name(call, words):
    """What has no derivative, and what no function knows, is an error that says so."""
    with pytest.raises((TypeError, ValueError), match=words):
        call(ga.tensor(np.arange(9.0).reshape(3, 3)))


@over([row for row in ELEMENTWISE if row.fn in BINARY])
def test_constants_take_no_gradient(row):
    a, b = made(row)
    x, y = ga.tensor(a), ga.tensor(b, constant=True)
    row.call(x, y).sum().backward()
    assert y.grad is None
    assert x.grad.shape == a.shape
    result = row.call(ga.tensor(a, constant=True), b)
    assert result.constant
    close(result.data, row.call(a, b), 1e-14)


@over([row for row in rows if row.kind == "constant" and all(item.inexact for item in row.inputs)])
def test_constant_in_graph(row):
    """Float results of constant functions join a graph without a gradient of their own."""
    xs = tensors(made(row))
    for y in flat(row.call(*xs)):
        if isinstance(y, ga.Tensor) and y.dtype.kind == "f":
            (np.sum(y) * 2 + np.sum(xs[0])).backward()
            close(xs[0].grad, np.ones(xs[0].shape), 1e-14)


@pytest.mark.parametrize(("f", "sign"), [(np.arcsin, 1), (np.arccos, -1), (np.arctanh, 1)])
@pytest.mark.parametrize("point", [1.0, -1.0])
def test_slopes_without_bound(f, sign, point):
    """The infinite slope at the end of the domain has the sign of the slopes beside it."""
    x = ga.tensor(point)
    with np.errstate(divide="ignore"):
        f(x).backward()
    assert x.grad == sign * np.inf
