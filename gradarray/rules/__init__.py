"""The derivatives of NumPy, a file for each chapter of its reference.

Those that a Tensor needs for its own methods are loaded here, the others by `gradarray.chapters`.
"""

from . import (
    arithmetic,
    complex,
    constants,
    creation,
    cumulative,
    exponents,
    indexing,
    joining,
    products,
    reductions,
    rounding,
    shape,
    sorting,
    trigonometry,
)

__all__ = [
    "arithmetic",
    "complex",
    "constants",
    "creation",
    "cumulative",
    "exponents",
    "indexing",
    "joining",
    "products",
    "reductions",
    "rounding",
    "shape",
    "sorting",
    "trigonometry",
]
