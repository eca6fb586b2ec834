"""Indices, dates, packed bits: no gradient."""

import numpy as np

from ..registry import constant, refused

constant(np.diag_indices_from, np.tril_indices_from, np.triu_indices_from)
constant(np.packbits, np.unpackbits)
constant(np.is_busday, np.busday_offset, np.busday_count)
refused("its data are numbers, not dates; give an array of datetime64.", np.datetime_as_string)
