"""Complex numbers. Gradients travel conjugated here (see `gradarray.graph`)."""

import numpy as np

from ..registry import composite, elementwise, linear, unwrap


def _direction(x, out):
    """conj(x) / abs(x); 0 at 0."""
    return np.conj(x) / np.where(out == 0, 1.0, out)


def _inverse(z):
    """1 / z; 0 at 0."""
    return (z != 0) / np.where(z == 0, 1, z)


elementwise(np.absolute, x=lambda g, x, out: g * _direction(x, out))
elementwise(np.conjugate, x=lambda g: np.conj(g))
linear(np.real, val=lambda g: g)
linear(np.imag, val=lambda g: g * -1j)
elementwise(np.angle, z=lambda g, z, deg: g * -1j * _inverse(z) * (180 / np.pi if deg else 1.0))


@composite(np.real_if_close)
def real_if_close(a, tol=100):
    if a.dtype.kind != "c":
        return a
    tol = np.finfo(a.dtype).eps * tol if tol > 1 else tol
    return np.real(a) if np.all(np.abs(np.imag(unwrap(a))) < tol) else a
