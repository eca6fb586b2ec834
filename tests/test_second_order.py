"""Every row of the catalogue: forward mode against reverse mode, and second derivatives by both against differences."""

import numpy as np
from test_catalogue import DIFFERENTIABLE, close, complexities, cotangents, flat, made, over, plain

import gradarray as ga


def of_floats(row, arrays):
    """The row as a function of its float and complex inputs, with its float and complex outputs in a list."""
    places = [k for k, x in enumerate(arrays) if x.dtype.kind in "fc"]

    def f(*floats):
        given = [*arrays]
        for k, x in zip(places, floats, strict=True):
            given[k] = x
        return [y for y in flat(row.call(*given)) if plain(y).dtype.kind in "fc"]

    return f, [arrays[k] for k in places]


def inner(a, b):
    return sum(np.sum(np.real(np.conj(x) * y)) for x, y in zip(a, b, strict=True))


@over(DIFFERENTIABLE)
def test_forward_against_reverse(row):
    """Re<c, J v> = Re<J^T c, v>."""
    for complex in complexities(row):
        rng = np.random.default_rng(3)
        f, xs = of_floats(row, made(row, complex))
        vs = cotangents(xs, rng)
        value, tangents = ga.jvp(f, xs, vs)
        expected, pullback = ga.vjp(f, *xs)
        for y, t, e in zip(value, tangents, expected, strict=True):
            assert np.shape(t) == np.shape(y)
            assert np.asarray(t).dtype == np.asarray(y).dtype
            assert not isinstance(t, ga.Tensor)
            close(y, e, 1e-14)
        cs = cotangents(expected, rng)
        forward, reverse = inner(cs, tangents), inner(pullback(cs), vs)
        scale = max(1.0, inner([np.abs(c) for c in cs], [np.abs(t) for t in tangents]))
        assert np.abs(forward - reverse) <= 1e-11 * scale


def scalar(f, weights):
    """A smooth function of everything that ``f`` returns."""

    def phi(*xs):
        total = 0.0
        for y, w in zip(f(*xs), weights, strict=True):
            total = total + np.sum(np.real(np.conj(w) * y))
            total = total + 0.5 * np.sum(np.real(w) * np.real(y) ** 2)
            if plain(y).dtype.kind == "c":
                total = total + 0.5 * np.sum(np.imag(w) * np.imag(y) ** 2)
        return total

    return phi


@over(DIFFERENTIABLE)
def test_second_derivatives(row):
    """The Hessian in a random direction, by reverse and forward mode over each other, and by differences."""
    for complex in complexities(row):
        check_second(row, complex, np.random.default_rng(4))


def check_second(row, complex, rng, eps=1e-5):
    f, xs = of_floats(row, made(row, complex))
    vs = cotangents(xs, rng)
    phi = scalar(f, cotangents(f(*xs), rng))
    every = tuple(range(len(xs)))
    gradient = ga.grad(phi, every)
    ahead, behind = (gradient(*(x + s * eps * v for x, v in zip(xs, vs, strict=True))) for s in (1, -1))
    forward = ga.hvp(phi, xs, vs)
    reverse = ga.grad(lambda *xs: inner(vs, gradient(*xs)), every)(*xs)
    mixed = ga.grad(lambda *xs: ga.jvp(phi, xs, vs)[1], every)(*xs)
    for x, a, b, h, m, r in zip(xs, ahead, behind, forward, mixed, reverse, strict=True):
        close(h, r, 1e-11)
        close(m, r, 1e-11)
        close(r, (np.asarray(a) - np.asarray(b)) / (2 * eps), 1e-6)
        assert np.asarray(h).dtype == x.dtype
