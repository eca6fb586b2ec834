"""Boundary value problems by the implicit function theorem: the derivatives of two whole steps of Newton's method.

Those of SciPy's own steps stop early, and are parts of steps where it begins at a solution.
"""

import numpy as np
from scipy import sparse
from scipy.integrate import _bvp
from scipy.sparse import linalg

from ..modes import Mode
from ..registry import composite, unwrap
from .scipy_sparse_linalg import Solver, solution
from .scipy_sparse_values import own_of, plain

_wrapped = Mode(wrapped=True, detach="raise")
_solve_newton = own_of(_bvp.solve_newton)


def _solver(factors):
    return Solver(factors.solve, lambda b: factors.solve(b, "T"))


@composite(_bvp.solve_newton)
def solve_newton(n, m, h, col_fun, bc, jac, y, p, B, bvp_tol, bc_tol):
    with _wrapped:
        y, p, singular = _solve_newton(n, m, h, col_fun, bc, jac, unwrap(y), unwrap(p), B, bvp_tol, bc_tol)
    y, p = unwrap(y), unwrap(p)
    if singular:
        return y, p, singular
    start, free, solver = y, p, None
    for _ in range(2):
        with _wrapped:
            residual, middle, slope, slope_middle = col_fun(y, p)
            at_ends = bc(y[:, 0], y[:, -1], p)
            if solver is None:
                matrix = jac(y, p, *map(unwrap, (middle, slope, slope_middle, at_ends)))
                solver = _solver(linalg.splu(sparse.csc_array(plain(matrix))))
        errors = np.concatenate((np.reshape(residual.T, -1), at_ends))
        step = solution(None, errors - unwrap(errors), None, solver)
        change = np.reshape(step[: m * n], (m, n)).T
        if B is not None:
            change = np.concatenate(((B @ change[:, 0])[:, None], change[:, 1:]), axis=1)
        y, p = y - change, p - step[m * n :]
    return start + (y - unwrap(y)), free + (p - unwrap(p)), singular
