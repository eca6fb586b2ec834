"""Rules for other libraries' functions, loaded when that library is imported, and never importing it."""

from . import scipy_special

__all__ = ["scipy_special"]
