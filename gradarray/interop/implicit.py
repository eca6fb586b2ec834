"""Derivatives of what is defined by an equation: of roots, minima and fixed points, however they were found.

If x solves r(x, t) = 0, then dx = -J^-1 dr, where J is the Jacobian of r by x, and dr its change with t at fixed x.
That is what a step of Newton's method does to a solution whose equation has changed a little; with J held fixed, the
n-th step adds the derivatives of order n. So a solution is made a Tensor by as many steps as orders are asked for, each
of which leaves its value as it is.
"""

import numpy as np

from ..context import Wrapping
from ..jacobians import jacobian
from ..modes import by_itself
from ..registry import local_rule, unwrap, wrap
from ..transforms import grad, jvp

ORDER = 2
FAR = 1e-3  # how long the next step of Newton's method may be, compared to the solution: minimizers stop early


def implicit_root(f, x, *args, order=ORDER):
    """The solution ``x`` of ``f(x, *args) = 0``, differentiable by what the equation depends on.

    Parameters
    ----------
    f : callable
        Takes an array or number like ``x``, and ``args``; returns as many numbers as ``x`` has. Written for NumPy, it
        runs in wrapped context (see `gradarray.wrap`). It may use other Tensors than ``args``; the solution is
        differentiable by these, too.
    x : array_like
        A solution, from any solver. Its own history, if it is a Tensor, is not followed.
    *args
        Tensors, arrays, or anything else.
    order : int, default 2
        Up to which order derivatives are wanted. Each costs one call of ``f``.

    Returns
    -------
    Tensor
        With the values of ``x``.

    Raises
    ------
    ValueError
        If ``x`` does not solve the equation, or ``f`` returns another number of values than ``x`` has.
    numpy.linalg.LinAlgError
        If the Jacobian is singular there, so that the solution has no derivative.
    NotImplementedError
        By a derivative of a higher order.

    Examples
    --------
    The square root of t, from its equation:

    >>> import numpy as np, gradarray as ga
    >>> t = ga.tensor(4.0)
    >>> x = ga.interop.implicit_root(lambda x, t: x * x - t, 2.0, t)
    >>> x.backward()
    >>> t.grad
    array(0.25)
    """
    return _solution("implicit_root", lambda x: f(x, *args), x, order)


def implicit_fixed_point(f, x, *args, order=ORDER):
    """The solution ``x`` of ``f(x, *args) = x``. Parameters and errors: see `implicit_root`.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> x = 0.0
    >>> for _ in range(99):
    ...     x = 0.5 * np.cos(x)
    >>> t = ga.tensor(0.5)
    >>> ga.interop.implicit_fixed_point(lambda x, t: t * np.cos(x), x, t).backward()
    >>> bool(np.isclose(t.grad, np.cos(x) / (1 + 0.5 * np.sin(x))))
    True
    """
    return _solution("implicit_fixed_point", lambda x: f(x, *args) - x, x, order)


def implicit_minimum(f, x, *args, order=ORDER):
    """The ``x`` at which ``f(x, *args)`` is minimal, maximal or stationary, differentiable by what ``f`` depends on.

    Parameters
    ----------
    f : callable
        As for `implicit_root`, but returns one number.
    x, *args, order
        As for `implicit_root`. The gradient of ``f`` by ``x`` vanishes at ``x``.

    Returns
    -------
    Tensor
        With the values of ``x``.

    Raises
    ------
    ValueError, numpy.linalg.LinAlgError, NotImplementedError
        As `implicit_root`; the Jacobian is the Hessian of ``f``.

    Examples
    --------
    >>> import numpy as np, gradarray as ga
    >>> data = ga.tensor([1.0, 2.0, 6.0])
    >>> mean = ga.interop.implicit_minimum(lambda x, data: np.sum((data - x) ** 2), 3.0, data)
    >>> mean.backward()
    >>> data.grad.round(3)
    array([0.333, 0.333, 0.333])
    """
    return _solution("implicit_minimum", gradient_of(lambda x: f(x, *args)), x, order)


def _solution(name, residual, x, order):
    x = _inexact(x)
    start = evaluated(residual, x)
    found = refined(name, residual, x, start, order)
    return wrap(x) if found is None else found


def _inexact(x):
    x = np.array(unwrap(x))
    return x if x.dtype.kind in "fc" else x.astype(float)


def gradient_of(f):
    """The gradient of a function that returns a number, or an array with only one."""
    return grad(lambda x: np.reshape(f(x), ()))


def evaluated(residual, x):
    """``residual(x)`` as a value of the graph of whoever calls."""
    with Wrapping(residual, nesting=True):
        return residual(x)


def refined(name, residual, x, r, order=ORDER, inverse=None, start=None):
    """The plain solution ``x`` of ``residual(x) = 0``, as a Tensor; None if that depends on nothing.

    ``r`` is the residual there. ``inverse`` gives that of its Jacobian, and ``start`` a Tensor with the values of ``x``
    where that already depends on something.
    """
    if not followed(r) and not followed(start):
        return None
    if np.size(r) != np.size(x):
        raise ValueError(f"{name}: the function returned {np.size(r)} numbers for {np.size(x)} unknowns.")
    apply = (inverse or inverse_jacobian)(name, residual, x)
    step = apply(np.reshape(unwrap(r), x.shape))
    if not np.max(np.abs(step), initial=0) <= FAR * (1 + np.max(np.abs(x), initial=0)):
        raise ValueError(
            f"{name}: x does not solve the equation, so that it has no derivative; the next step of Newton's method "
            f"would be {np.max(np.abs(step)):.1e} long. Solve it more precisely."
        )
    t = x if start is None else start
    with Wrapping(residual, nesting=True):
        for k in range(order):
            r = np.reshape(r if k == 0 and start is None else residual(t), x.shape)
            t = t - apply(r - unwrap(r))
    return counted(t, t, order)


def followed(t):
    """Whether ``t`` is a Tensor that takes a gradient."""
    return holds_tensors(t) and not t.constant


def inverse_jacobian(name, residual, x, free=None):
    """What multiplies by the inverse of the Jacobian of ``residual``; between the elements that are ``free`` only."""
    n = x.size
    with by_itself:
        j = np.reshape(unwrap(jacobian(lambda v: np.reshape(residual(v), x.shape))(x)), (n, n))
    chosen = slice(None) if free is None else np.ix_(free, free)
    part = j[chosen]
    full = np.zeros_like(j)
    full[chosen] = _inverse(name, part)
    return lambda r: np.reshape(full @ np.reshape(r, -1), x.shape)


def _inverse(name, j):
    """The inverse of a plain matrix that has one."""
    try:
        inverse = np.linalg.inv(j)
        size = float(np.linalg.norm(j, 1) * np.linalg.norm(inverse, 1)) if j.size else 1.0
    except np.linalg.LinAlgError:
        size = np.inf
    if not size < 0.1 / np.finfo(j.dtype).eps:
        raise np.linalg.LinAlgError(
            f"{name}: the Jacobian is singular at the solution (condition number {size:.0e}), which has no derivative "
            "there; it is not unique, or a multiple one."
        )
    return inverse


def inverse_slopes(name, residual, x):
    """As `inverse_jacobian`, of a residual each of whose elements depends on the same element of ``x`` alone."""
    with by_itself:
        slopes = np.reshape(unwrap(jvp(lambda v: np.reshape(residual(v), x.shape), [x], [np.ones_like(x)])[1]), x.shape)
    if not np.all(slopes != 0):
        raise np.linalg.LinAlgError(f"{name}: the derivative of the function is 0 at the solution, which has none.")
    return lambda r: r / slopes


# So that a derivative of a higher order than the steps give is an error, not a wrong number


def _counted(g, y, order):
    """``g``, which may be differentiated by ``y`` ``order`` times, though it does not depend on it."""
    return g * 1


def counted(g, y, order):
    """`_counted` on Tensors; on plain arrays ``g`` itself."""
    return _rule.call(g, y, order) if holds_tensors(g, y) else g


def holds_tensors(*values):
    """Whether a Tensor is among ``values``, also in lists and tuples."""
    return unwrap(values) is not values


def _zero(y, order):
    """The derivative of `_counted` by ``y``: nothing, but one order less is left."""
    if order == 0:
        raise NotImplementedError(
            "an implicit solution is differentiated more often than was asked for (with the functions of "
            f"scipy.optimize {ORDER} times). Give its equation to gradarray.interop.implicit_root, with order=."
        )
    return counted(np.zeros_like(y), y, order - 1)


_rule = local_rule(
    _counted,
    "differentiable",
    {"g": lambda g, y, order: counted(g, y, order), "y": lambda g, y, order: _zero(y, order)},
    {"g": lambda t, y, order: counted(t, y, order), "y": lambda t, y, order: _zero(y, order)},
)
