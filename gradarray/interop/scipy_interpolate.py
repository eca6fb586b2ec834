"""Splines and piecewise polynomials of ``scipy.interpolate``. SciPy's own Python code runs on Tensors but for its ends.

A value is a sum of coefficients, weighted by polynomials of the point and of the knots around it, written in NumPy;
coefficients that interpolate solve the system of these weights. So there are gradients to values, points and knots.
"""

import math
import operator

import numpy as np
from scipy import interpolate, sparse
from scipy.sparse import linalg as sparse_linalg

from ..context import wrapping
from ..registry import composite, local_rule, refused, unwrap
from ..rules.shape import array_of
from .  import scipy_interpolate_grids as grids  # noqa: F401
