"""Functions without a gradient by nature: comparisons, logic, bits, indices, shapes, questions about types."""

import numpy as np

from ..registry import constant
from .versions import overridable

constant(
    *(np.equal, np.not_equal, np.less, np.less_equal, np.greater, np.greater_equal),
    *(np.logical_and, np.logical_or, np.logical_xor, np.logical_not),
    *(np.bitwise_and, np.bitwise_or, np.bitwise_xor, np.invert, np.left_shift, np.right_shift, np.bitwise_count),
    *(np.isfinite, np.isinf, np.isnan, np.isnat, np.signbit, np.gcd, np.lcm),
)
constant(
    *(np.all, np.any, np.allclose, np.isclose, np.array_equal, np.array_equiv),
    *(np.argmax, np.argmin, np.nanargmax, np.nanargmin, np.argsort, np.argpartition, np.lexsort, np.searchsorted),
    *(np.nonzero, np.flatnonzero, np.argwhere, np.count_nonzero, np.digitize),
    *(np.shape, np.ndim, np.size, np.shares_memory, np.may_share_memory),
    *(np.iscomplex, np.isreal, np.iscomplexobj, np.isrealobj, np.isposinf, np.isneginf, np.isin),
    *(np.result_type, np.can_cast, np.min_scalar_type, np.common_type),
    *overridable(np, "in1d"),
    *(np.array2string, np.array_repr, np.array_str, np.save, np.savez, np.savez_compressed, np.savetxt),
)
