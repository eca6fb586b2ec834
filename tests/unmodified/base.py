"""What a case is, and the decorators that put a function into the tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np


class Case(NamedTuple):
    library: str
    name: str
    call: Callable[[Any], Any]  # of a float64 array; gives a number, an array, or a list of numbers
    x0: np.ndarray
    refused: str = ""  # what the error says, if there is to be one


CASES: list[Case] = []


def case(library: str, x0: Any, refused: str = "") -> Callable[[Any], Any]:
    def enter(call: Any) -> Any:
        CASES.append(Case(library, call.__name__, call, np.array(x0, dtype=float), refused))
        return call

    return enter
