"""Every row of SciPy's catalogue: what `test_catalogue` and `test_second_order` ask of NumPy's rows."""

import test_catalogue as first
import test_second_order as second
from catalogue_scipy import REFUSED, rows

import gradarray as ga
