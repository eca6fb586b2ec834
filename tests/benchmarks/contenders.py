"""The libraries that are compared: how each is given a program and asked for its value and gradients."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np

Result = tuple[Any, Any]  # the value, and the gradients of the parameters in their order


@dataclass(frozen=True)
class Problem:
    """A scalar function of arrays, and its value and gradients by hand.

    ``program(np, *parameters, *constants)`` is given a library's own functions under NumPy's names.
    """

    program: Callable[..., Any]
    by_hand: Callable[..., Result]
    parameters: tuple[Any, ...]
    constants: tuple[Any, ...] = ()


Prepared = Callable[[], Result]


# What `prepare` returns holds the leaves alone, not the problem, so that peak memory counts each array once.


def prepare_numpy(problem: Problem) -> Prepared:
    by_hand, arrays = problem.by_hand, (*problem.parameters, *problem.constants)
    return lambda: by_hand(*arrays)


def prepare_gradarray(problem: Problem) -> Prepared:
    import gradarray as ga

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
    leaves = [jnp.asarray(p) for p in problem.parameters]
    constants = [jnp.asarray(c) for c in problem.constants]
    places = tuple(range(len(leaves)))
    f = jax.value_and_grad(lambda *args: program(jnp, *args), places)
    f = jax.jit(f) if jit else f
    return lambda: jax.block_until_ready(f(*leaves, *constants))


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
