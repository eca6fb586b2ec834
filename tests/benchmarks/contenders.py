"""The libraries that are compared: how each is given a program and asked for its value and derivatives."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

Result = tuple[Any, Any]  # the value, None where it is not asked for, and the derivatives


@dataclass(frozen=True)
class Problem:
    """A function of arrays, and its value and derivatives by hand.

    ``program(np, *parameters, *constants)`` is given a library's own functions under NumPy's names. Its result is a
    number, or for a Jacobian an array. ``ask`` says what is wanted: the value and the ``gradient`` by each parameter,
    the ``value`` alone, with its derivative along ``directions`` (``jvp``), the Hessian times them (``hvp``), the
    ``jacobian``, or the ``second`` derivative.
    """

    program: Callable[..., Any]
    by_hand: Callable[..., Result]
    parameters: tuple[Any, ...]
    constants: tuple[Any, ...] = ()
    ask: str = "gradient"
    directions: tuple[Any, ...] = ()


Prepared = Callable[[], Result]
Ways = dict[str, Callable[[Any, Any, Any], Result]]  # for a function, its arguments, and directions


# What `prepare` returns holds the leaves alone, not the problem, so that peak memory counts each array once.


def prepare_numpy(problem: Problem) -> Prepared:
    by_hand, arrays = problem.by_hand, (*problem.parameters, *problem.constants)
    return lambda: by_hand(*arrays)


def _by_function(problem: Problem, functions: Any, ways: Ways, array: Callable[[Any], Any] = lambda x: x) -> Prepared:
    """What a library with transforms of functions does with a program."""
    program, way = problem.program, ways[problem.ask]
    leaves, constants, directions = (
        [array(x) for x in group] for group in (problem.parameters, problem.constants, problem.directions)
    )
    return lambda: way(lambda *args: program(functions, *args, *constants), leaves, directions)


def listed(value: Any, derivative: Any) -> Result:
    return value, [derivative]


def prepare_gradarray(problem: Problem) -> Prepared:
    import gradarray as ga

    if problem.ask != "gradient":
        ways: Ways = {
            "value": lambda f, x, v: (f(*x), []),
            "jvp": lambda f, x, v: listed(*ga.jvp(f, x, v)),
            "hvp": lambda f, x, v: (None, ga.hvp(f, x, v)),
            "jacobian": lambda f, x, v: (None, [ga.jacobian(f)(*x)]),
            "second": lambda f, x, v: (None, [ga.grad(ga.grad(f))(*x)]),
        }
        return _by_function(problem, np, ways)
    program, constants = problem.program, problem.constants
    leaves = [ga.tensor(p) for p in problem.parameters]

    def run() -> Result:
        value = program(np, *leaves, *constants)
        value.backward()
        return value, [x.grad for x in leaves]

    return run


def prepare_torch(problem: Problem) -> Prepared:
    import torch

    torch.set_num_threads(1)
    names = ["add", "multiply", "sum", "mean", "sin", "exp", "log", "tanh", "roll", "zeros_like"]
    functions = SimpleNamespace(**{name: getattr(torch, name) for name in names}, max=torch.amax)
    if problem.ask != "gradient":

        def twice(f: Any, x: Any, v: Any) -> Any:
            x = [p.detach().requires_grad_() for p in x]
            return torch.autograd.grad(torch.autograd.grad(f(*x), x, create_graph=True), x, v or None)

        ways: Ways = {
            "value": lambda f, x, v: (f(*x), []),
            "jvp": lambda f, x, v: listed(*torch.func.jvp(f, tuple(x), tuple(v))),
            "hvp": lambda f, x, v: (None, twice(f, x, v)),
            "jacobian": lambda f, x, v: (None, [torch.func.jacrev(f)(*x)]),
            "second": lambda f, x, v: (None, twice(f, x, v)),
        }
        return _by_function(problem, functions, ways, torch.tensor)
    program = problem.program
    leaves = [torch.tensor(p, requires_grad=True) for p in problem.parameters]
    constants = [torch.tensor(c) for c in problem.constants]

    def run() -> Result:
        for x in leaves:
            x.grad = None
        value = program(functions, *leaves, *constants)
        value.backward()
        return value, [x.grad for x in leaves]

    return run


def prepare_jax(problem: Problem, jit: bool = False) -> Prepared:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    program = problem.program
    places = tuple(range(len(problem.parameters)))
    ways: Ways = {
        "gradient": lambda f, x, v: jax.value_and_grad(f, places)(*x),
        "value": lambda f, x, v: (f(*x), []),
        "jvp": lambda f, x, v: listed(*jax.jvp(f, x, v)),
        "hvp": lambda f, x, v: (None, jax.jvp(jax.grad(f, places), x, v)[1]),
        "jacobian": lambda f, x, v: (None, [jax.jacrev(f)(*x)]),
        "second": lambda f, x, v: (None, [jax.grad(jax.grad(f))(*x)]),
    }
    way = ways[problem.ask]
    leaves, constants, directions = (
        [jnp.asarray(x) for x in group] for group in (problem.parameters, problem.constants, problem.directions)
    )

    def asked(leaves: Any, constants: Any, directions: Any) -> Result:
        return way(lambda *args: program(jnp, *args, *constants), leaves, directions)

    run = jax.jit(asked) if jit else asked
    return lambda: jax.block_until_ready(run(leaves, constants, directions))


def prepare_mygrad(problem: Problem) -> Prepared:
    import mygrad as mg

    program, constants = problem.program, problem.constants
    leaves = [mg.tensor(p) for p in problem.parameters]

    def run() -> Result:
        value = program(mg, *leaves, *constants)
        value.backward()
        return value, [x.grad for x in leaves]

    return run


def prepare_autograd(problem: Problem) -> Prepared:
    import autograd
    import autograd.numpy as anp

    if problem.ask != "gradient":

        def along(f: Any) -> Any:
            return lambda x: f(*x)

        ways: Ways = {
            "value": lambda f, x, v: (f(*x), []),
            "jvp": lambda f, x, v: listed(*autograd.differential_operators.make_jvp(along(f))(x)(v)),
            "hvp": lambda f, x, v: (None, autograd.differential_operators.make_hvp(along(f))(x)[0](v)),
            "jacobian": lambda f, x, v: (None, [autograd.jacobian(f)(*x)]),
            "second": lambda f, x, v: (None, [autograd.grad(autograd.grad(f))(*x)]),
        }
        return _by_function(problem, anp, ways)
    program, leaves, constants = problem.program, problem.parameters, problem.constants
    f = autograd.value_and_grad(lambda *args: program(anp, *args, *constants), tuple(range(len(leaves))))
    return lambda: f(*leaves)


@dataclass(frozen=True)
class Contender:
    name: str
    package: str
    prepare: Callable[[Problem], Prepared]
    traced: bool = False  # whether tracemalloc sees its arrays
    optional: bool = False  # run only when asked for by name


CONTENDERS = {
    c.name: c
    for c in (
        Contender("numpy", "numpy", prepare_numpy, traced=True),
        Contender("gradarray", "gradarray", prepare_gradarray, traced=True),
        Contender("torch", "torch", prepare_torch),
        Contender("jax", "jax", prepare_jax),
        Contender("jit", "jax", lambda problem: prepare_jax(problem, jit=True), optional=True),
        Contender("mygrad", "mygrad", prepare_mygrad, traced=True),
        Contender("autograd", "autograd", prepare_autograd, traced=True),
    )
}


def installed(contender: Contender) -> ModuleType | None:
    """Its package, ready to use, or None."""
    try:
        return importlib.import_module(contender.package)
    except ImportError:
        return None
