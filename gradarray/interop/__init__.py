"""Rules for other libraries' functions, and helpers for what a rule cannot know.

`implicit_root`, `implicit_minimum` and `implicit_fixed_point` make the solution of an equation, found by any solver,
differentiable; `sparse_matmul` and `sparse_solve` take the values of a sparse matrix as a Tensor.
"""

import importlib

# where each helper is: they take time to import, and SciPy need not be there
_LATER = {
    **dict.fromkeys(("implicit_fixed_point", "implicit_minimum", "implicit_root"), "implicit"),
    **dict.fromkeys(("sparse_matmul", "sparse_solve"), "scipy_sparse_helpers"),
}
__all__ = ["implicit_fixed_point", "implicit_minimum", "implicit_root", "sparse_matmul", "sparse_solve"]


def __getattr__(name):
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)


def __dir__():
    return __all__
