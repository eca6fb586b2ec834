"""The derivatives of NumPy, a file for each chapter of its reference."""

from . import (
    arithmetic,
    complex,
    constants,
    creation,
    cumulative,
    exponents,
    indexing,
    joining,
    linalg,
    products,
    reductions,
    rounding,
    shape,
    sorting,
    trigonometry,
    writing,
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
    "linalg",
    "products",
    "reductions",
    "rounding",
    "shape",
    "sorting",
    "trigonometry",
    "writing",
]
