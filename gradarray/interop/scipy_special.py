"""Ufuncs of ``scipy.special``. They reach a Tensor by themselves, so that all they need is a derivative.

>>> import gradarray as ga
>>> import scipy.special
>>> x = ga.tensor([-1.0, 0.0, 1.0])
>>> scipy.special.expit(x).backward()
>>> x.grad.round(3)
array([0.197, 0.25 , 0.197])
"""

import numpy as np
from scipy import special

from ..registry import elementwise

_2_SQRT_PI = 2 / np.sqrt(np.pi).item()

elementwise(special.erf, x=lambda g, x: g * _2_SQRT_PI * np.exp(-x * x))
elementwise(special.expit, x=lambda g, out: g * out * (1 - out))
elementwise(special.gammaln, x=lambda g, x: g * special.psi(x))
# zeta(2, x) is polygamma(1, x), which would turn a Tensor into an array
elementwise(special.psi, x=lambda g, x: g * special.zeta(2, x))
# the ufunc behind special.zeta; it has a derivative by its second argument alone
if hasattr(special._ufuncs, "_zeta"):
    elementwise(special._ufuncs._zeta, b=lambda g, a, b: -g * a * special.zeta(a + 1, b))
