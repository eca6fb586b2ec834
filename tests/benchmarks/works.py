"""What is measured: programs, the same value and derivatives written by hand, and the reaches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from contenders import Problem, Result

MILLION = 1_000_000


@dataclass(frozen=True)
class Work:
    """One row of the table.

    ``kind`` says what is measured: ``time`` as a ratio to NumPy by hand, ``growth`` as the time of `make` over that
    of `small`, the same as a ``multiple`` of something simpler, peak ``memory`` in arrays of a million, or ``import``
    time as a ratio to NumPy's. ``reach`` holds the most that gradarray may take, per contender it is compared with;
    under ``""`` for its own number.
    """

    name: str
    make: Callable[[], Problem] | None = None
    reach: dict[str, float] = field(default_factory=dict)
    kind: str = "time"
    per: int = 1  # the operations in one run, where time is shown per operation
    small: Callable[[], Problem] | None = None  # shows first whether `make` would take too long
    larger: int = 1  # how much longer than `small` that is, in the worst of reasonable cases
    without: tuple[str, ...] = ()  # contenders that cannot, or take minutes


# Small arrays: what an operation costs


def operators() -> Problem:
    def program(np: Any, x: Any) -> Any:
        y = x
        for _ in range(50):
            y = y * 1.01 + x
        return y.sum()

    return Problem(program, _affine_by_hand, (np.linspace(0.1, 1.0, 10),))


def functions() -> Problem:
    def program(np: Any, x: Any) -> Any:
        y = x
        for _ in range(50):
            y = np.add(np.multiply(y, 1.01), x)
        return np.sum(y)

    return Problem(program, _affine_by_hand, (np.linspace(0.1, 1.0, 10),))


def _affine_by_hand(x: Any) -> Result:
    y = x
    for _ in range(50):
        y = y * 1.01 + x
    gy, gx = np.ones_like(y), np.zeros_like(x)
    for _ in range(50):
        gx += gy
        gy = gy * 1.01
    return y.sum(), [gx + gy]


def scalars() -> Problem:
    def program(np: Any, x: Any) -> Any:
        y = x
        for _ in range(10):
            y = np.sin(y) * 1.01 + np.exp(-y) * x
        return y

    def by_hand(x: Any) -> Result:
        y, ys, exps = x, [], []
        for _ in range(10):
            e = np.exp(-y)
            ys.append(y)
            exps.append(e)
            y = np.sin(y) * 1.01 + e * x
        gy, gx = np.float64(1.0), np.float64(0.0)
        for y_old, e in zip(reversed(ys), reversed(exps), strict=True):
            gx = gx + gy * e
            gy = gy * (np.cos(y_old) * 1.01 - e * x)
        return y, [gx + gy]

    return Problem(program, by_hand, (np.float64(0.7),))


# Models


def mlp() -> Problem:
    rng = np.random.default_rng(0)
    n, features, hidden, classes = 64, 64, 32, 10
    weights = (
        rng.normal(size=(features, hidden)) / 8,
        rng.normal(size=hidden) / 8,
        rng.normal(size=(hidden, classes)) / 6,
        rng.normal(size=classes) / 6,
    )
    data = (rng.normal(size=(n, features)), np.arange(n), rng.integers(classes, size=n))

    def program(np: Any, w1: Any, b1: Any, w2: Any, b2: Any, x: Any, rows: Any, labels: Any) -> Any:
        z = np.tanh(x @ w1 + b1) @ w2 + b2
        z = z - np.max(z, axis=1, keepdims=True)
        log_p = z - np.log(np.sum(np.exp(z), axis=1, keepdims=True))
        return -np.mean(log_p[rows, labels])

    def by_hand(w1: Any, b1: Any, w2: Any, b2: Any, x: Any, rows: Any, labels: Any) -> Result:
        h = np.tanh(x @ w1 + b1)
        z = h @ w2 + b2
        z = z - np.max(z, axis=1, keepdims=True)
        e = np.exp(z)
        s = np.sum(e, axis=1, keepdims=True)
        log_p = z - np.log(s)
        gz = e / s
        gz[rows, labels] -= 1
        gz /= n
        ga = gz @ w2.T * (1 - h * h)
        return -np.mean(log_p[rows, labels]), [x.T @ ga, ga.sum(axis=0), h.T @ gz, gz.sum(axis=0)]

    return Problem(program, by_hand, weights, data)


def recurrent() -> Problem:
    rng = np.random.default_rng(1)
    steps, batch, width = 30, 8, 32
    weights = (rng.normal(size=(width, width)) / 6, rng.normal(size=(width, width)) / 6, rng.normal(size=width) / 6)
    data = (rng.normal(size=(steps, batch, width)), np.zeros((batch, width)))

    def program(np: Any, w: Any, u: Any, b: Any, x: Any, h: Any) -> Any:
        for t in range(steps):
            h = np.tanh(x[t] @ w + h @ u + b)
        return np.sum(h * h)

    def by_hand(w: Any, u: Any, b: Any, x: Any, h: Any) -> Result:
        states = [h]
        for t in range(steps):
            h = np.tanh(x[t] @ w + h @ u + b)
            states.append(h)
        gw, gu, gb, gh = np.zeros_like(w), np.zeros_like(u), np.zeros_like(b), 2 * h
        for t in reversed(range(steps)):
            ga = gh * (1 - states[t + 1] * states[t + 1])
            gw += x[t].T @ ga
            gu += states[t].T @ ga
            gb += ga.sum(axis=0)
            gh = ga @ u.T
        return np.sum(h * h), [gw, gu, gb]

    return Problem(program, by_hand, weights, data)


def stencil() -> Problem:
    def step(np: Any, u: Any) -> Any:
        around = np.roll(u, 1, 0) + np.roll(u, -1, 0) + np.roll(u, 1, 1) + np.roll(u, -1, 1)
        return u + 0.1 * (around - 4.0 * u)

    def program(np: Any, u: Any) -> Any:
        for _ in range(10):
            u = step(np, u)
        return np.sum(u * u)

    def by_hand(u: Any) -> Result:
        for _ in range(10):
            u = step(np, u)
        g = 2 * u
        for _ in range(10):
            g = step(np, g)  # the step is its own transpose
        return np.sum(u * u), [g]

    return Problem(program, by_hand, (np.random.default_rng(2).normal(size=(128, 128)),))


def diffusion() -> Problem:
    def program(np: Any, u: Any) -> Any:
        u = u * 1.0
        for _ in range(60):
            u[1:-1] += 0.2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        return np.sum(u * u)

    def by_hand(u: Any) -> Result:
        u = u * 1.0
        for _ in range(60):
            u[1:-1] += 0.2 * (u[2:] - 2 * u[1:-1] + u[:-2])
        g = 2 * u
        for _ in range(60):
            d = 0.2 * g[1:-1]
            g[2:] += d
            g[1:-1] -= 2 * d
            g[:-2] += d
        return np.sum(u * u), [g]

    return Problem(program, by_hand, (np.linspace(0.0, 1.0, 50) ** 2,))


# Large arrays: what memory traffic costs


def million() -> Problem:
    def program(np: Any, x: Any) -> Any:
        return np.sum(np.sin(x) * np.exp(-x * x) + x / (1 + x * x))

    def by_hand(x: Any) -> Result:
        q = x * x
        s, e, d = np.sin(x), np.exp(-q), 1 + q
        se, r = s * e, x / d
        return np.sum(se + r), [np.cos(x) * e + 1 / d - 2 * x * (se + r / d)]

    return Problem(program, by_hand, (np.random.default_rng(3).normal(size=MILLION),))


def additions() -> Problem:
    def program(np: Any, x: Any) -> Any:
        y = x
        for _ in range(50):
            y = y + 1.0
        return np.sum(y)

    def by_hand(x: Any) -> Result:
        return program(np, x), [np.ones_like(x)]

    return Problem(program, by_hand, (np.linspace(0.0, 1.0, MILLION),))


def exponentials() -> Problem:
    def program(np: Any, x: Any) -> Any:
        y = x
        for _ in range(20):
            y = np.exp(y * 1e-3)
        return np.sum(y)

    def by_hand(x: Any) -> Result:
        y, outs = x, []
        for _ in range(20):
            y = np.exp(y * 1e-3)
            outs.append(y)
        value, g = np.sum(y), np.ones_like(x)
        while outs:
            g *= outs.pop()
            g *= 1e-3
        return value, [g]

    return Problem(program, by_hand, (np.linspace(0.0, 1.0, MILLION),))


# Loops over elements, and long chains: what must not grow faster than the work


def reads(n: int) -> Callable[[], Problem]:
    def program(np: Any, x: Any) -> Any:
        y = 0.0
        for i in range(n):
            y = y + x[i] * x[i]
        return y

    def by_hand(x: Any) -> Result:
        y, g = 0.0, np.zeros_like(x)
        for i in range(n):
            y = y + x[i] * x[i]
        for i in reversed(range(n)):
            g[i] += 2 * x[i]
        return y, [g]

    return lambda: Problem(program, by_hand, (np.linspace(0.0, 1.0, n),))


def writes(n: int) -> Callable[[], Problem]:
    def program(np: Any, x: Any) -> Any:
        out = np.zeros_like(x)
        out[0] = x[0]
        for i in range(1, n):
            out[i] = out[i - 1] * 0.5 + x[i]
        return np.sum(out)

    def by_hand(x: Any) -> Result:
        g = np.ones_like(x)
        for i in reversed(range(1, n)):
            g[i - 1] += g[i] * 0.5
        return program(np, x), [g]

    return lambda: Problem(program, by_hand, (np.linspace(0.0, 1.0, n),))


def chain(n: int) -> Callable[[], Problem]:
    def program(np: Any, x: Any) -> Any:
        y = x
        for _ in range(n // 2):
            y = y * 1.0000001 + x
        return np.sum(y)

    def by_hand(x: Any) -> Result:
        value, gy, gx = program(np, x), np.ones_like(x), np.zeros_like(x)
        for _ in range(n // 2):
            gx += gy
            gy = gy * 1.0000001
        return value, [gx + gy]

    return lambda: Problem(program, by_hand, (np.linspace(0.1, 1.0, 10),))


# Derivatives of functions: what they cost beside the function or its gradient


def stepped(f: Callable[..., Any], count: int, directions: tuple[Any, ...]) -> Callable[..., Any]:
    """The derivatives of what ``f`` returns by its first ``count`` arguments along ``directions``: a complex step."""

    def derivative(*args: Any) -> list[Any]:
        moved = [x + 1e-30j * v for x, v in zip(args[:count], directions, strict=True)]
        return [np.imag(y) / 1e-30 for y in f(*moved, *args[count:])]

    return derivative


def value(make: Callable[[], Problem]) -> Callable[[], Problem]:
    def made() -> Problem:
        problem = make()
        return replace(problem, ask="value", by_hand=lambda *args: (problem.program(np, *args), []))

    return made


def jvp(make: Callable[[], Problem]) -> Callable[[], Problem]:
    def made() -> Problem:
        problem, directions = make(), _directions(make())
        along = stepped(lambda *args: [problem.program(np, *args)], len(directions), directions)

        def by_hand(*args: Any) -> Result:
            return problem.program(np, *args), along(*args)

        return replace(problem, ask="jvp", by_hand=by_hand, directions=directions)

    return made


def hvp(make: Callable[[], Problem]) -> Callable[[], Problem]:
    def made() -> Problem:
        problem, directions = make(), _directions(make())
        along = stepped(lambda *args: problem.by_hand(*args)[1], len(directions), directions)
        return replace(problem, ask="hvp", by_hand=lambda *args: (None, along(*args)), directions=directions)

    return made


def second(make: Callable[[], Problem]) -> Callable[[], Problem]:
    def made() -> Problem:
        problem = make()
        along = stepped(lambda *args: problem.by_hand(*args)[1], 1, (1.0,))
        return replace(problem, ask="second", by_hand=lambda *args: (None, along(*args)))

    return made


def _directions(problem: Problem) -> tuple[Any, ...]:
    rng = np.random.default_rng(4)
    return tuple(rng.normal(size=np.shape(p)) for p in problem.parameters)


def jacobian() -> Problem:
    rng = np.random.default_rng(5)
    a, b = rng.normal(size=(2, 100, 100)) / 10

    def program(np: Any, x: Any, a: Any, b: Any) -> Any:
        return a @ np.tanh(b @ x)

    def by_hand(x: Any, a: Any, b: Any) -> Result:
        h = np.tanh(b @ x)
        return None, [(a * (1 - h * h)) @ b]

    return Problem(program, by_hand, (rng.normal(size=100),), (a, b), ask="jacobian")


WORKS = [
    Work("operators on 10 elements", operators, {"torch": 0.55, "numpy": 3.0}, per=100),
    Work("np.* calls on 10 elements", functions, {"torch": 0.75}, per=100),
    Work("scalars", scalars, per=60),
    Work("MLP step, batch 64", mlp, {"numpy": 2.0}),
    Work("30-step recurrent loop", recurrent, {"numpy": 2.0}),
    Work("128 x 128 stencil, 10 steps", stencil, {"numpy": 1.4}),
    Work("diffusion, in place", diffusion, {"torch": 0.75}, per=360, without=("jax", "jit", "autograd")),
    Work("a million elements", million, {"numpy": 1.15}),
    *(
        Work(f"{name}, {n} to {4 * n}", f(4 * n), {"": 4.6}, "growth", small=f(n), larger=16, without=without)
        for name, f, without in (
            ("read x[i]", reads, ("jax", "jit")),
            ("write out[i]", writes, ("jax", "jit", "autograd")),
        )
        for n in (1000, 4000)
    ),
    Work("depth 100,000", chain(100_000), per=100_000, small=chain(1000), larger=100, without=("jax", "jit")),
    Work("peak of 50 y + 1.0", additions, {"": 5}, "memory"),
    Work("peak of 20 np.exp(y * 1e-3)", exponentials, {"": 25}, "memory"),
    *(
        Work(f"{name}, {what}", ask(make), {"": limit}, "multiple", small=base(make), without=("mygrad",))
        for name, ask, base, what, make, limit in (
            ("hvp / gradient", hvp, lambda make: make, "MLP", mlp, 5),
            ("hvp / gradient", hvp, lambda make: make, "a million", million, 5),
            ("jvp / function", jvp, value, "MLP", mlp, 2),
            ("jvp / function", jvp, value, "a million", million, 3),  # its derivative, by hand, takes 2.6 times as long
        )
    ),
    Work("Jacobian, 100 to 100", jacobian, {"autograd": 1, "jax": 1}, without=("mygrad",)),
    Work("grad(grad(f)), scalars", second(scalars), {"autograd": 1, "jax": 1}, without=("mygrad",)),
    Work("import", None, {"numpy": 1.2}, "import"),
]
