"""Complex numbers. Gradients travel conjugated here (see `gradarray.graph`)."""

import numpy as np

from ..registry import elementwise, linear


def _direction(x, out):
    """conj(x) / abs(x); 0 at 0."""
    return np.conj(x) / np.where(out == 0, 1.0, out)


def _inverse(z):
    """1 / z; 0 at 0."""
    return (z != 0) / np.where(z == 0, 1, z)


elementwise(np.absolute, x=lambda g, x, out: g * _direction(x, out))
elementwise(np.conjugate, x=lambda g: np.conj(g))
linear(np.real, val=lambda g: g)
linear(np.imag, val=lambda g: -1j * g)
elementwise(np.angle, z=lambda g, z, deg: -1j * g * _inverse(z) * (180 / np.pi if deg else 1.0))
