"""Strings. Among their arguments a Tensor is a number at best: a width, a count, a value to format."""

import numpy as np
from numpy._core import umath

from ..registry import constant, refused
from .versions import overridable

_TEXT = "its data are numbers, not text; give strings, and a Tensor where a number is asked for."
_UFUNCS = {name: f for name, f in vars(umath).items() if isinstance(f, np.ufunc) and not f.types}
# Those that take a number beside their text; what begins with _ stands behind a function of another name
_WITH_NUMBERS = {
    *("find", "rfind", "index", "rindex", "count", "startswith", "endswith", "_replace", "_slice"),
    *("_center", "_ljust", "_rjust", "_zfill", "_expandtabs", "_expandtabs_length"),
}


constant(*overridable(np.strings, "expandtabs mod multiply"))
refused(
    _TEXT,
    *overridable(np.strings, "capitalize center decode encode ljust lower partition replace rjust rpartition"),
    *overridable(np.strings, "swapcase title translate upper zfill"),
    *overridable(np.char, "join split rsplit splitlines"),
    *overridable(np.char, "equal not_equal less less_equal greater greater_equal"),
)
constant(*(f for name, f in _UFUNCS.items() if name in _WITH_NUMBERS))
refused(_TEXT, *(f for name, f in _UFUNCS.items() if name not in _WITH_NUMBERS))
