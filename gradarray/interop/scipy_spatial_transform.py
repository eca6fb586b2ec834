"""Rotations of ``scipy.spatial.transform``: their own methods, on what SciPy has for arrays that are not NumPy's.

>>> import gradarray as ga
>>> from scipy.spatial.transform import Rotation
>>> turned = lambda angle: Rotation.from_euler("z", angle).apply([1.0, 0.0, 0.0])
>>> ga.jacobian(turned)(0.0)
array([0., 1., 0.])
"""

import copy
import inspect
import types

import numpy as np
from scipy.spatial import transform

from ..modes import Mode
from ..registry import composite, stacked, unwrap, wrap

_wrapped = Mode(wrapped=True, detach="raise")


def copied(fn, space=None):
    """SciPy's own ``fn``, whatever stands in for it."""
    own = types.FunctionType(fn.__code__, space or fn.__globals__, fn.__name__, fn.__defaults__, fn.__closure__)
    own.__kwdefaults__ = fn.__kwdefaults__
    return own


def _in_numpy(module, fn):
    """A method of a class in ``module``, with the backend that is written in functions of arrays."""
    space = {**vars(module), "select_backend": lambda *args, **options: module.xp_backend}
    own = copied(fn, space)

    def call(*args, **options):
        with _wrapped:
            return own(*args, **options)

    return call


_rules = {}
for name in ("Rotation", "RigidTransform"):
    cls = getattr(transform, name, None)
    module = inspect.getmodule(cls)
    if hasattr(module, "xp_backend"):  # SciPy 1.17
        for fn in (getattr(item, "__func__", item) for item in vars(cls).values()):
            if type(fn) is types.FunctionType and "select_backend" in fn.__code__.co_names:
                _rules[fn] = composite(fn)(_in_numpy(module, fn))


def _with_options(module, fn):
    """A method whose rotations may be plain, with options that are not."""
    own = copied(fn)

    def call(self, *args, **options):
        with _wrapped:
            other = copy.copy(self)
            other._backend = module.xp_backend
            return own(other, *args, **options)

    return call


if transform.Rotation.from_matrix in _rules:
    for fn in (transform.Rotation.mean, transform.Rotation.__pow__):
        composite(fn)(_with_options(inspect.getmodule(transform.Rotation), fn))

    _from_matrix = _rules[transform.Rotation.from_matrix]

    @composite(transform.Rotation.from_matrix)
    def from_matrix(matrix, *, assume_valid=False):
        """What is orthogonal goes twice through a step of the iteration that orthogonalizes, for its derivatives."""
        if not assume_valid:
            matrix = stacked(matrix)
            values = unwrap(matrix)
            error = np.swapaxes(values, -1, -2) @ values - np.eye(3)
            valid = np.all(np.abs(error) < 1e-10, axis=(-2, -1), keepdims=True)
            near = np.where(valid, matrix, np.eye(3))
            for _ in range(2):
                near = near @ (1.5 * np.eye(3) - 0.5 * (np.swapaxes(near, -1, -2) @ near))
            matrix = np.where(valid, near, matrix)
        return _from_matrix(matrix, assume_valid=assume_valid)

    @composite(transform.Slerp.__call__)
    def slerp(self, times):
        """With rotations that meet Tensors on either side."""
        other = copy.copy(self)
        with _wrapped:
            quat = self.rotations.as_quat()
            other.rotations = transform.Rotation(wrap(quat) if unwrap(quat) is quat else quat, normalize=False)
            return _slerp(other, times)

    _slerp = _in_numpy(inspect.getmodule(transform.Slerp), transform.Slerp.__call__)
