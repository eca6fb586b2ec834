"""Linear algebra on sparse matrices: solutions by the adjoint system, eigenvalues by that of a border."""

import inspect
import types

import numpy as np
from scipy import sparse
from scipy.sparse import linalg

from ..registry import composite, differentiable, dispatched, functions, linear, refused, stacked, unwrap
from .implicit import counted, holds_tensors
from .scipy_sparse_products import dotted, matmul, product
from .scipy_sparse_values import canonical, plain, triples, valued

# Systems of equations


class Solver:
    """How systems with a plain matrix are solved, and with its transpose."""

    def __init__(self, solve, transposed):
        self.solve = solve
        self.transposed = transposed

    @property
    def T(self):
        return Solver(self.transposed, self.solve)


def _solve(data, b, a, solver):
    """The solution of the system with the matrix ``a``, whose values, as triples give them, are ``data``."""
    return solver.solve(b)


solution = dispatched(_solve)


def _turned(a):
    return None if a is None else (a[1], a[0], a[2][::-1])


def _by_values(g, out, a, solver, data):
    rows, cols, _ = a
    adjoint = solution(data, g, _turned(a), solver.T)
    return -dotted(adjoint[rows], out[cols])


differentiable(
    _solve,
    b=lambda g, data, a, solver: solution(data, g, _turned(a), solver.T),
    data=lambda g, out, data, a, solver: _by_values(g, out, a, solver, data),
)


def parts(a):
    """The rows, columns and values of a sparse or dense matrix, the values None if nothing takes a gradient there."""
    if valued(a):
        rows, cols, data = triples(a)
        return data, (rows, cols, a.shape)
    a = stacked(a)
    if holds_tensors(a):
        rows, cols = (places.ravel() for places in np.indices(a.shape))
        return np.reshape(a, -1), (rows, cols, a.shape)
    return None, None


def _plainly(fn, bound, **changed):
    """``fn`` on plain values of its arguments."""
    given = {name: plain(value) for name, value in (bound.arguments | changed).items()}
    return fn(**given)


def _rule(fn, solve):
    """Register ``fn`` with what makes its result of itself, its arguments by name and its plain result."""
    signature = inspect.signature(fn)

    def call(*args, **kwargs):
        return solve(fn, signature.bind(*args, **kwargs))

    composite(fn)(call)


def _transposed(a):
    """The transpose of a matrix or operator, without conjugation."""
    return None if a is None else a.T


def _vector(b):
    """A right-hand side with one column is a vector."""
    b = stacked(b)
    if sparse.issparse(b):
        raise NotImplementedError("a sparse right-hand side with Tensors: give a dense one, b.toarray().")
    b = b if hasattr(b, "ndim") else np.asarray(b)
    return np.reshape(b, -1) if b.ndim == 2 and b.shape[1] == 1 else b


def _spsolve(fn, bound):
    data, a = parts(bound.arguments["A"])
    matrix, b = sparse.csc_array(plain(bound.arguments["A"])), _vector(bound.arguments["b"])
    options = {name: value for name, value in bound.arguments.items() if name not in ("A", "b")}
    solver = Solver(lambda b: fn(matrix, b, **options), lambda b: fn(matrix.T.tocsc(), b, **options))
    return solution(data, b, a, solver)


_rule(linalg.spsolve, _spsolve)


def _triangular(fn, bound):
    given = {"lower": True, "unit_diagonal": False} | bound.arguments
    data, a = parts(given["A"])
    matrix, b = sparse.csr_array(plain(given["A"])), _vector(given["b"])
    lower, unit = given["lower"], given["unit_diagonal"]
    if data is not None:
        rows, cols, shape = a
        part = np.flatnonzero((rows > cols if lower else rows < cols) | ((rows == cols) & (not unit)))
        data, a = data[part], (rows[part], cols[part], shape)
    solver = Solver(
        lambda b: fn(matrix, b, lower=lower, unit_diagonal=unit),
        lambda b: fn(matrix.T.tocsr(), b, lower=not lower, unit_diagonal=unit),
    )
    return solution(data, b, a, solver)


_rule(linalg.spsolve_triangular, _triangular)

# Of which SciPy takes the matrix to be its own (conjugate) transpose
_SYMMETRIC = {"cg", "minres"}


def _iterative(fn, bound):
    """The transposed system is solved in the same way, as precisely, but from zero and without the callback."""
    found, info = _plainly(fn, bound)
    given = bound.arguments
    matrix, (data, a), b = plain(given["A"]), parts(given["A"]), stacked(given["b"])
    shape = np.shape(b)
    b = np.reshape(b if hasattr(b, "ndim") else np.asarray(b), -1)
    options = {name: value for name, value in given.items() if name not in ("A", "b", "x0", "callback")}
    turned = {name: _transposed(value) if name[0] == "M" else value for name, value in options.items()}
    same = fn.__name__ in _SYMMETRIC and np.dtype(matrix.dtype).kind != "c"
    first = [found]  # the value that has been found; what is solved later starts from zero
    solver = Solver(
        lambda v: first.pop() if first else fn(matrix, v, **options)[0],
        lambda g: fn(matrix if same else matrix.T, g, **(options if same else turned))[0],
    )
    x = solution(data, b, a, solver)
    return np.reshape(x, np.shape(found)) if shape else x, info


for _name in ("bicg", "bicgstab", "cg", "cgs", "gcrotmk", "gmres", "lgmres", "minres", "qmr", "tfqmr"):
    _rule(getattr(linalg, _name), _iterative)


class _Factors:
    """A factorization, of a matrix whose values may be Tensors; in all but `solve`, that of the plain one."""

    def __init__(self, found, data=None, a=None):
        self.found, self.data, self.a = found, data, a

    @property  # type: ignore[misc]
    def __class__(self):
        return type(self.found)

    def __getattr__(self, name):
        return getattr(self.found, name)

    def solve(self, rhs, trans="N"):
        solver = Solver(self.found.solve, lambda b: self.found.solve(b, "T"))
        if trans == "N":
            return solution(self.data, rhs, self.a, solver)
        if trans == "H":
            return np.conj(self.solve(np.conj(rhs), "T"))
        return solution(self.data, rhs, _turned(self.a), solver.T)


def _splu(fn, bound):
    data, a = parts(bound.arguments["A"])
    if fn is linalg.spilu and data is not None:
        raise NotImplementedError("spilu of a matrix of Tensors: it solves no system exactly; take splu.")
    return _Factors(_plainly(fn, bound), data, a)


def _factorized(fn, bound):
    a = bound.arguments["A"]
    return _Factors(linalg.splu(sparse.csc_array(plain(a))), *parts(a)).solve


for _name, _body in (("splu", _splu), ("spilu", _splu), ("factorized", _factorized)):
    _rule(getattr(linalg, _name), _body)
    # also of plain matrices, since what comes out may be given Tensors; see gradarray.context
    functions[getattr(linalg, _name)].call.always = True  # type: ignore[attr-defined]


# Least squares


def _least_squares(fn, bound):
    """From the normal equations: A^H (A x - b) + damp^2 (x - x0) = 0. The other results stay plain."""
    found = _plainly(fn, bound)
    given = {"damp": 0.0, "x0": None} | bound.arguments
    matrix, b, damp = given["A"], _vector(given["b"]), given["damp"]
    known = linalg.aslinearoperator(plain(matrix))
    size = unwrap(damp) ** 2
    normal = linalg.LinearOperator(
        (known.shape[1],) * 2, lambda v: known.rmatvec(known.matvec(v)) + size * v, dtype=known.dtype
    )
    options = {"rtol": 1e-14, "atol": 0.0, "maxiter": 20 * known.shape[1]}
    solver = Solver(
        lambda r: linalg.cg(normal, r, **options)[0],
        lambda r: np.conj(linalg.cg(normal, np.conj(r), **options)[0]),
    )
    x = t = found[0]
    start = 0 if given["x0"] is None else unwrap(given["x0"])
    for _ in range(2):
        residual = _times_any(matrix, t) - b
        r = _adjoint_times(matrix, residual) + damp**2 * (t - start)
        t = t - solution(None, r - unwrap(r), None, solver)
    return (counted(t, t, 2) if holds_tensors(t) else x, *found[1:])


def _times_any(a, x):
    if sparse.issparse(a):
        return matmul(a, x)
    return stacked(a) @ x if not isinstance(a, linalg.LinearOperator) else _applied(x, a)


def _adjoint_times(a, x):
    if isinstance(a, linalg.LinearOperator):
        return _applied(x, a.H)
    if not sparse.issparse(a):
        return np.conj(stacked(a).T @ np.conj(x))
    rows, cols, data = triples(a)
    return np.conj(product(data, np.conj(x), cols, rows, a.shape[::-1]))


def _apply(x, a):
    return a.matvec(x)


_applied = dispatched(_apply)
linear(_apply, x=lambda g, a: _applied(g, a.T))

for _name in ("lsqr", "lsmr"):
    _rule(getattr(linalg, _name), _least_squares)

# Exponentials, eigenvalues, norms


def _exponential(fn, bound):
    given = {"start": None, "stop": None, "num": None, "endpoint": None, "traceA": None} | bound.arguments
    if parts(given["A"])[0] is not None:
        raise NotImplementedError("expm_multiply by a matrix of Tensors; take scipy.linalg.expm of a dense one.")
    return _expm_times(given["B"], given["A"], tuple(given[name] for name in ("start", "stop", "num", "endpoint")))


def _grown(b, a, times):
    return linalg.expm_multiply(a, b, *times)


_expm_times = dispatched(_grown)


def _shrunk(g, a, times):
    """The transpose: of a range of times, the sum over them."""
    if times == (None,) * 4:
        return _expm_times(g, a.T, times)
    start, stop, num, endpoint = times
    steps = np.linspace(0 if start is None else start, stop, 50 if num is None else num, endpoint is not False)
    return sum(_expm_times(g[k], a.T * step, (None,) * 4) for k, step in enumerate(steps))


linear(_grown, b=_shrunk)
_rule(linalg.expm_multiply, _exponential)


def _eigsh(fn, bound):
    """From A v = w v and v v = 1, for each pair: a system with a border, whose steps give two orders."""
    given = bound.arguments
    data, a = parts(given["A"])
    m = given.get("M")
    if data is None and not valued(m) and not holds_tensors(m):
        return _plainly(fn, bound)
    if data is None or m is not None or data.dtype.kind == "c":
        raise NotImplementedError(
            "eigsh: on Tensors it takes real matrices with Tensors as values, without M; scipy.linalg.eigh takes all."
        )
    ws, vs = _plainly(fn, bound, return_eigenvectors=True)
    pairs = [_pair(data, a, sparse.csc_array(plain(given["A"])), ws[k], vs[:, k]) for k in range(ws.size)]
    values = np.stack([w for w, _ in pairs])
    if not given.get("return_eigenvectors", True):
        return values
    return values, np.stack([v for _, v in pairs], axis=1)


def _pair(data, a, matrix, w, v):
    n = v.size
    border = sparse.block_array([[matrix - w * sparse.eye_array(n), -v[:, None]], [v[None, :], None]], format="csc")
    factors = linalg.splu(border)
    solver = Solver(factors.solve, lambda b: factors.solve(b, "T"))
    z = np.append(v, w)
    for _ in range(2):
        x, value = z[:n], z[n]
        r = np.append(_product_of(data, x, a) - value * x, (np.sum(x * x) - 1) / 2)
        z = z - solution(None, r - unwrap(r), None, solver)
    z = counted(z, z, 2)
    return z[n], z[:n]


def _product_of(data, x, a):
    rows, cols, shape = a
    return product(data, x, rows, cols, shape)


_rule(linalg.eigsh, _eigsh)


def _norm(fn, bound):
    if bound.arguments.get("ord") not in (None, "fro") or bound.arguments.get("axis") is not None:
        raise NotImplementedError("scipy.sparse.linalg.norm of Tensors: only ord='fro', without axis; use toarray().")
    data = canonical(bound.arguments["x"]).data
    return np.linalg.norm(np.reshape(data, -1))


_rule(linalg.norm, _norm)
_LEFT = {"aslinearoperator", "use_solver"}
refused(
    "it has no rule. Take the function of scipy.linalg or numpy.linalg, on t.toarray().",
    *(
        fn
        for name in linalg.__all__
        if isinstance(fn := getattr(linalg, name), types.FunctionType) and fn not in functions and name not in _LEFT
    ),
)
