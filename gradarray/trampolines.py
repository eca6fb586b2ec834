"""Code for a Python function to be given: with its parameters, but it hands its arguments to something else."""

from __future__ import annotations

import functools
import inspect
import types
from typing import Any


@functools.cache
def _template(count: int, positional: int, named: int, flags: int, free: int) -> types.CodeType:
    """Code with so many parameters and free variables that hands its arguments to something called ``"call"``."""
    names = [f"a{i}" for i in range(count)]
    keywords = [f"k{i}" for i in range(named)]
    parameters = [*names[:positional], *["/"] * bool(positional), *names[positional:]]
    more, rest = flags & inspect.CO_VARARGS, flags & inspect.CO_VARKEYWORDS
    parameters += ["*args"] if more else ["*"] * bool(named)
    parameters += [*keywords, *["**kwargs"] * bool(rest)]
    given = ", ".join([*names, *["*args"] * bool(more)])
    options = ", ".join([*(f"'{k}': {k}" for k in keywords), *["**kwargs"] * bool(rest)])
    held = [f"f{i}" for i in range(free)]
    source = f"""
def outer({", ".join(held)}):
    def inner({", ".join(parameters)}):
        call = "call"
        if not call:
            return ({"".join(f"{name}, " for name in held)})
        return call(({given}{"," * bool(names or more)}), {{{options}}})
    return inner
"""
    made: dict[str, Any] = {}
    exec(source, made)
    code: types.CodeType = made["outer"](*held).__code__
    return code


def calling(call: Any, own: types.CodeType) -> types.CodeType:
    """Code with the parameters of ``own`` that hands them to ``call``."""
    names = (own.co_argcount, own.co_posonlyargcount, own.co_kwonlyargcount)
    code = _template(*names, own.co_flags & (inspect.CO_VARARGS | inspect.CO_VARKEYWORDS), len(own.co_freevars))
    keywords = own.co_varnames[own.co_argcount : own.co_argcount + own.co_kwonlyargcount]
    known = {f"k{i}": name for i, name in enumerate(keywords)} | {"call": call}
    consts = (
        tuple(known.get(c, c) for c in const) if type(const) is tuple else known.get(const, const)
        for const in code.co_consts
    )
    count = sum(names) - own.co_posonlyargcount + bool(own.co_flags & 4) + bool(own.co_flags & 8)
    return code.replace(
        co_consts=tuple(consts),
        co_varnames=(*own.co_varnames[:count], *code.co_varnames[count:]),
        co_freevars=own.co_freevars,
        co_name=own.co_name,
        co_qualname=own.co_qualname,
        co_filename=own.co_filename,
    )
