"""Functions of ``scipy.integrate``. Solvers of equations and sums of samples run through SciPy's own Python code."""

import functools

import numpy as np
from scipy import integrate

from ..context import Wrapping
from ..registry import composite, constant, unwrap, wrap
from . import scipy_integrate_bvp  # noqa: F401, it registers a rule
from .scipy_integrate_quad import _depending, _Followed, _varies

# Integrals


@composite(integrate.newton_cotes)
def newton_cotes(rn, equal=0):
    weights, error = integrate.newton_cotes(unwrap(rn), equal)
    return wrap(weights), wrap(error)


# its nodes are found in compiled code, for which they have to be plain
constant(integrate._quadrature._cached_roots_legendre)


def _transform_integrals(a, b, xp):
    """Limits as SciPy's method takes them: in order, -1 and 1 for all numbers, 0 and 1 for a half; without writing."""
    empty = (unwrap(a) == unwrap(b)) & np.isinf(unwrap(a))
    a, b = np.where(empty, 1, a), np.where(empty, 1, b)
    negative = unwrap(b) < unwrap(a)
    a, b = np.where(negative, b, a), np.where(negative, a, b)
    everything = np.isinf(unwrap(a)) & np.isinf(unwrap(b))
    a, b = np.where(everything, -1, a), np.where(everything, 1, b)
    below = np.isinf(unwrap(a))
    a, b = np.where(below, -b, a), np.where(below, -a, b)
    above = np.isinf(unwrap(b))
    return np.where(above, 0, a), np.where(above, 1, b), a, negative, everything, below, above


if hasattr(integrate, "_tanhsinh"):
    composite(integrate._tanhsinh._transform_integrals)(_transform_integrals)


# Ordinary differential equations: the explicit methods run through their own code, on Tensors, and so does the choice
# of the steps, which changes the solution by as much as the tolerance lets it.

_common = integrate._ivp.common


@composite(_common.num_jac)
@functools.wraps(_common.num_jac)
def num_jac(*args):
    """The matrix of an iteration, whose end does not depend on it."""
    return _common.num_jac(*(_Followed(v) if callable(v) else unwrap(v) for v in args))


# The implicit methods: what SciPy finds by iteration on plain values is followed by more steps of the same iteration,
# on Tensors, until their derivatives have converged, too.

_radau, _bdf = integrate._ivp.radau, integrate._ivp.bdf


def _iterated(solved, f, given, step, rate):
    """The ``solved`` values with the history of ``step``, repeated, if something ``given`` or what f is has one."""
    x = [np.asarray(v) for v in solved]
    if not f.varies and not any(map(_varies, given)):
        return x
    for _ in range(2 if rate is None else int(min(max(2, np.ceil(np.log(1e-11) / np.log(rate))), 40))):
        x = step(*x)
    return [_depending(value, v) for value, v in zip(solved, x, strict=True)]


@composite(_radau.solve_collocation_system)
def solve_collocation_system(fun, t, y, h, Z0, scale, tol, LU_real, LU_complex, solve_lu):
    f, lu_real, lu_complex = _Followed(fun), unwrap(LU_real), unwrap(LU_complex)
    plain = map(unwrap, (t, y, h, Z0, scale, tol))
    converged, count, Z, rate = _radau.solve_collocation_system(f, *plain, lu_real, lu_complex, _plain_solver(solve_lu))
    solve = _solver(solve_lu)

    def step(Z):
        W = _radau.TI @ Z
        F = np.stack([f.on_tensors(t + h * c, y + z) for c, z in zip(_radau.C.tolist(), Z, strict=True)])
        real = solve(lu_real, _radau.TI_REAL @ F - _radau.MU_REAL / h * W[0])
        both = solve(lu_complex, _radau.TI_COMPLEX @ F - _radau.MU_COMPLEX / h * (W[1] + 1j * W[2]))
        return [_radau.T @ (W + np.stack((real, np.real(both), np.imag(both))))]

    (Z,) = _iterated([Z], f, (t, y, h), step, rate) if converged else [Z]
    return converged, count, Z, rate


@composite(_bdf.solve_bdf_system)
def solve_bdf_system(fun, t_new, y_predict, c, psi, LU, solve_lu, scale, tol):
    f, lu = _Followed(fun), unwrap(LU)
    plain = map(unwrap, (t_new, y_predict, c, psi))
    solver = _plain_solver(solve_lu)
    converged, count, y, d = _bdf.solve_bdf_system(f, *plain, lu, solver, unwrap(scale), unwrap(tol))
    solve = _solver(solve_lu)

    def step(_, d):
        d = d + solve(lu, c * f.on_tensors(t_new, y_predict + d) - psi - d)
        return [y_predict + d, d]

    # one that needs as many steps as it may take converges by 0.03 ** (1 / 3) a step
    y, d = _iterated([y, d], f, (t_new, y_predict, c, psi), step, 0.03 if count < 3 else 0.3) if converged else (y, d)
    return converged, count, y, d


def _plain_solver(solve_lu):
    return lambda lu, b: unwrap(solve_lu(lu, unwrap(b)))


def _solver(solve_lu):
    """The solver of SciPy's methods, in whose body rules stand in for compiled code."""

    def solve(lu, b):
        with Wrapping(solve_lu):
            return solve_lu(lu, b)

    return solve
