"""Strings. Among their arguments a Tensor is a number at best: a width, a count, a value to format."""

import numpy as np
from numpy._core import umath

from ..registry import constant, refused

_TEXT = "its data are numbers, not text; give strings, and a Tensor where a number is asked for."
_UFUNCS = {name: f for name, f in vars(umath).items() if isinstance(f, np.ufunc) and not f.types}
# Those that take a number beside their text; what begins with _ stands behind a function of another name
_WITH_NUMBERS = {
    *("find", "rfind", "index", "rindex", "count", "startswith", "endswith", "_replace", "_slice"),
    *("_center", "_ljust", "_rjust", "_zfill", "_expandtabs", "_expandtabs_length"),
}

constant(np.strings.expandtabs, np.strings.mod, np.strings.multiply)
refused(
    _TEXT,
    *(np.strings.capitalize, np.strings.lower, np.strings.swapcase, np.strings.title, np.strings.upper),
    *(np.strings.center, np.strings.ljust, np.strings.rjust, np.strings.zfill),
    *(np.strings.decode, np.strings.encode, np.strings.replace, np.strings.translate),
    *(np.strings.partition, np.strings.rpartition),
    *(np.char.join, np.char.split, np.char.rsplit, np.char.splitlines),
    *(np.char.equal, np.char.not_equal, np.char.less, np.char.less_equal, np.char.greater, np.char.greater_equal),
)
constant(*(f for name, f in _UFUNCS.items() if name in _WITH_NUMBERS))
refused(_TEXT, *(f for name, f in _UFUNCS.items() if name not in _WITH_NUMBERS))
