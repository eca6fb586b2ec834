"""Functions of ``scipy.linalg`` that end in compiled code."""

from . import scipy_linalg_equations

__all__ = ["scipy_linalg_equations"]
