"""Sparse arrays and matrices: products with Tensors, Tensors as values, and linear algebra."""

import numpy as np
import scipy
from catalogue.base import positive, real
from scipy import sparse
from scipy.sparse import linalg

from .base import REFUSED, row

_rng = np.random.default_rng(5)
ROWS, COLS = np.array([0, 0, 1, 2, 3, 3, 2]), np.array([0, 2, 1, 3, 0, 3, 2])
SHAPE = (4, 4)
A = sparse.csr_array((_rng.uniform(0.5, 2, 7), (ROWS, COLS)), SHAPE)
WIDE = sparse.csr_array(_rng.uniform(-1, 1, (3, 5)) * (_rng.uniform(size=(3, 5)) > 0.4))
# a pattern with a value twice at the same place, and one that makes regular matrices
TWICE = (np.array([0, 1, 1, 2, 2, 2]), np.array([1, 0, 0, 2, 0, 1]))
BAND = [0, -1, 1]
SYMMETRIC = sparse.diags_array([2.0 + np.arange(4), -np.ones(3), -np.ones(3)], offsets=[0, 1, -1], format="csr")


def dispatched(name):
    return getattr(sparse._base._spbase, name)


def banded(d, *format):
    """A diagonally dominant matrix of 4 x 4 whose values are 12 numbers."""
    return sparse.dia_array(
        (np.reshape(d, (3, 4)) * np.array([[0.3], [0.4], [0.2]]) + np.array([[3.0], [0], [0]]), BAND), shape=SHAPE
    ).asformat(*format or ("csc",))


# Times Tensors, plain

for format in ("csr", "csc", "coo", "bsr", "dia", "lil", "dok"):
    for kind in ("array", "matrix"):
        a = getattr(sparse, f"{format}_{kind}")(WIDE)
        f = dispatched("_matmul_dispatch")
        row(f, f"{format},{kind}", lambda x, a=a: a @ x, real(5), complex=True)
        row(f, f"{format},{kind},columns", lambda x, a=a: a @ x, real(5, 3), complex=True)
        row(f, f"{format},{kind},transposed", lambda x, a=a: a.T @ x, real(3, 2), complex=True)
        row(f, f"{format},{kind},dot", lambda x, a=a: a.dot(x), real(5), complex=True)
        row(
            dispatched("_rmatmul_dispatch"),
            f"{format},{kind}",
            lambda x, a=a: a._rmatmul_dispatch(x),
            real(2, 3),
            complex=True,
        )
    m = getattr(sparse, f"{format}_matrix")(WIDE)
    row(dispatched("_matmul_dispatch"), f"{format},*", lambda x, m=m: m * x, real(5, 2), complex=True)
row(dispatched("_matmul_dispatch"), "one-dimensional", lambda x: sparse.coo_array([1.0, 0.0, 3.0]) @ x, real(3))
row(dispatched("_matmul_dispatch"), "column", lambda x: A @ x, real(4, 1), complex=True)
row(dispatched("multiply"), "dense", lambda x: A.multiply(x).toarray(), real(4, 4), complex=True)
row(dispatched("multiply"), "row", lambda x: A.multiply(x).tocsr() @ np.arange(4.0), real(4), complex=True)
row(dispatched("multiply"), "column", lambda x: A.multiply(x).sum(axis=1), real(4, 1), complex=True)
row(dispatched("multiply"), "scalar", lambda x: A.multiply(x).toarray(), real(), complex=True)
row(dispatched("multiply"), "*", lambda x: (A * x).toarray(), real(4, 4), complex=True)
row(dispatched("_divide"), "dense", lambda x: (A / x).toarray(), positive(4, 4), complex=True)
row(dispatched("_divide"), "scalar", lambda x: (A / x).toarray(), positive(), complex=True)
row(dispatched("__add__"), "dense", lambda x: A + x, real(4, 4), complex=True)
row(dispatched("__sub__"), "dense", lambda x: A - x, real(4, 4), complex=True)

# Tensors as values

for format in ("csr", "csc", "coo", "bsr", "dia"):
    for kind in ("matrix", "array"):
        cls = getattr(sparse, f"{format}_{kind}")
        coo = getattr(sparse, f"coo_{kind}")
        label = f"{format},{kind}"

        def made(d, cls=cls, coo=coo):
            return coo((d, TWICE), shape=(3, 4)).asformat(cls.__name__[:3])

        f = cls.__init__
        row(f, label, lambda d, made=made: np.asarray(made(d).toarray()), real(6), complex=True)
        row(f, f"{label},@", lambda d, x, made=made: made(d) @ x, real(6), real(4), complex=True)
        row(f, f"{label},@columns", lambda d, x, made=made: made(d) @ x, real(6), real(4, 2), complex=True)
        row(f, f"{label},T@", lambda d, x, made=made: made(d).T @ x, real(6), real(3), complex=True)
        row(f, f"{label},by-number", lambda d, made=made: (-made(d) * 2.5 / 0.5).toarray(), real(6), complex=True)
        row(f, f"{label},by-0-d", lambda d, c, made=made: (made(d) * c).toarray(), real(6), real(), complex=True)
        row(f, f"{label},sum", lambda d, made=made: made(d).sum(), real(6), complex=True)
        row(f, f"{label},diagonal", lambda d, made=made: made(d).diagonal(), real(6), complex=True)
        row(f, f"{label},copy", lambda d, made=made: made(d).copy().toarray(), real(6), complex=True)
        row(f, f"{label},trace", lambda d, made=made: made(d).trace(), real(6), complex=True)
        row(f, f"{label},mean", lambda d, made=made: made(d).mean(), real(6), complex=True)
    cls = getattr(sparse, f"{format}_array")
    for axis in (0, 1, -1, (0, 1))[: 4 if np.lib.NumpyVersion(scipy.__version__) >= "1.15.0" else 3]:
        row(cls.sum, f"{format},{axis}", lambda d, made=made, axis=axis: made(d).sum(axis=axis), real(6), complex=True)
    row(cls.__init__, f"{format},dense", lambda x, cls=cls: cls(x) @ np.arange(3.0), real(2, 3), complex=True)
    row(cls.__init__, f"{format},dtype", lambda x, cls=cls: cls(x, dtype=complex).toarray(), real(2, 3))
for cls in (sparse.csr_array, sparse.csc_matrix):
    name = cls.__name__
    row(cls.__init__, f"{name},ij", lambda d, cls=cls: cls((d, TWICE)).toarray(), real(6), complex=True)
    row(
        cls.__init__,
        f"{name},indptr",
        lambda d, cls=cls: cls((d, [0, 2, 1], [0, 2, 2, 3])).toarray(),
        real(3),
        complex=True,
    )
    row(
        cls.__init__, f"{name},shape", lambda d, cls=cls: cls((d, TWICE), shape=(5, 6)).toarray(), real(6), complex=True
    )
    row(cls.__getitem__, f"{name},rows", lambda d, cls=cls: cls((d, TWICE))[1:].toarray(), real(6), complex=True)
    row(cls.__getitem__, f"{name},element", lambda d, cls=cls: cls((d, TWICE))[1, 0], real(6), complex=True)
    row(cls.__getitem__, f"{name},list", lambda d, cls=cls: cls((d, TWICE))[[2, 0], :].toarray(), real(6), complex=True)
    row(cls.power, f"{name}", lambda d, cls=cls: cls((d, TWICE)).power(3).toarray(), real(6), complex=True)
    row(
        cls.multiply,
        f"{name},dense",
        lambda d, x, cls=cls: cls((d, TWICE)).multiply(x).toarray(),
        real(6),
        real(3, 3),
        complex=True,
    )
    row(cls.sqrt, name, lambda d, cls=cls: cls((d, TWICE)).sqrt().toarray(), positive(6), complex=True)
    row(cls.conj, name, lambda d, cls=cls: cls((d, TWICE)).conj().toarray(), real(6), complex=True)
    row(cls.reshape, name, lambda d, cls=cls: cls((d, TWICE)).reshape(1, 9).toarray(), real(6), complex=True)
    row(
        cls._add_sparse,
        name,
        lambda d, cls=cls: (cls((d, TWICE)) + cls(np.diag([1.0, 0, 2]))).toarray(),
        real(6),
        complex=True,
    )
    row(
        cls._sub_sparse,
        name,
        lambda d, cls=cls: (cls((d, TWICE)) - cls(np.diag([1.0, 0, 2]))).toarray(),
        real(6),
        complex=True,
    )
    row(
        cls.multiply,
        f"{name},sparse",
        lambda d, cls=cls: cls((d, TWICE)).multiply(cls(np.tri(3))).toarray(),
        real(6),
        complex=True,
    )
    row(
        cls.__matmul__,
        f"{name},sparse",
        lambda d, cls=cls: (cls((d, TWICE)) @ cls(np.tri(3))).toarray(),
        real(6),
        complex=True,
    )
    row(
        cls.__matmul__,
        f"{name},itself",
        lambda d, cls=cls: (lambda a: (a @ a.T).toarray())(cls((d, TWICE))),
        real(6),
        complex=True,
    )
row(
    sparse.bsr_array.__init__,
    "blocks",
    lambda d: sparse.bsr_array((d, [1, 0], [0, 1, 2])).toarray(),
    real(2, 2, 3),
    complex=True,
)
row(
    sparse.dia_array.__init__,
    "diagonals",
    lambda d: sparse.dia_array((d, [0, 1]), shape=(3, 3)) @ np.arange(3.0),
    real(2, 3),
    complex=True,
)
row(sparse.diags, "one", lambda d: sparse.diags(d).toarray(), real(3), complex=True)
row(
    sparse.diags_array,
    "several",
    lambda d, e: sparse.diags_array([d, e], offsets=[0, -1]).toarray(),
    real(3),
    real(2),
    complex=True,
)
row(
    sparse.diags_array, "csr", lambda d: sparse.diags_array(d, offsets=1, format="csr").toarray(), real(3), complex=True
)
row(sparse.tril, "values", lambda d: sparse.tril(sparse.coo_array((d, (ROWS, COLS)))).toarray(), real(7), complex=True)

# Linear algebra

for label, a in (("csc", A.tocsc()), ("csr", A)):
    row(linalg.spsolve, f"{label},plain", lambda b, a=a: linalg.spsolve(a, b), real(4), complex=True)
row(linalg.spsolve, "columns", lambda b: linalg.spsolve(A, b), real(4, 3), complex=True)
row(linalg.spsolve, "column", lambda b: linalg.spsolve(A, b, permc_spec="NATURAL"), real(4, 1), complex=True)
for format in ("csc", "csr"):
    row(
        linalg.spsolve,
        f"{format},values",
        lambda d, b, f=format: linalg.spsolve(banded(d, f), b),
        real(12),
        real(4),
        complex=True,
    )
row(linalg.spsolve, "values,columns", lambda d, b: linalg.spsolve(banded(d), b), real(12), real(4, 2), complex=True)
for lower in (True, False):
    for unit in (True, False):
        row(
            linalg.spsolve_triangular,
            f"{lower},{unit}",
            lambda d, b, low=lower, u=unit: linalg.spsolve_triangular(
                (sparse.tril if low else sparse.triu)(banded(d, "coo"), format="csr"), b, lower=low, unit_diagonal=u
            ),
            real(12),
            real(4),
            complex=True,
        )
for trans in "NTH":
    row(linalg.splu, f"solve,{trans}", lambda d, b, t=trans: linalg.splu(banded(d)).solve(b, t), real(12), real(4))
    row(linalg.splu, f"plain,{trans}", lambda b, t=trans: linalg.splu(banded(np.ones(12))).solve(b, t), real(4, 2))
row(linalg.spilu, "plain", lambda b: linalg.spilu(A.tocsc(), drop_tol=0.3).solve(b), real(4))
row(linalg.factorized, "plain", lambda b: linalg.factorized(banded(np.ones(12)))(b), real(4))
row(linalg.factorized, "values", lambda d, b: linalg.factorized(banded(d))(b), real(12), real(4))
for name in ("bicg", "bicgstab", "cgs", "gcrotmk", "gmres", "lgmres", "qmr", "tfqmr"):
    f = getattr(linalg, name)
    row(f, "plain", lambda b, f=f: f(A, b, rtol=1e-14)[0], real(4))
    row(f, "values", lambda d, b, f=f: f(banded(d), b, x0=np.ones(4), rtol=1e-14)[0], real(12), real(4))
for f in (linalg.cg, linalg.minres):
    row(f, "plain", lambda b, f=f: f(SYMMETRIC, b, rtol=1e-15, M=sparse.diags_array([1.0, 0.5, 1.0, 1.0]))[0], real(4))
    row(
        f,
        "values",
        lambda d, b, f=f: f(sparse.diags_array([d + 3, d[1:] / 4, d[1:] / 4], offsets=[0, 1, -1]), b, rtol=1e-15)[0],
        positive(4),
        real(4),
    )
row(linalg.cg, "operator", lambda b: linalg.cg(linalg.aslinearoperator(SYMMETRIC), b, rtol=1e-15)[0], real(4))
for f in (linalg.lsqr, linalg.lsmr):
    options = {"atol": 1e-15, "btol": 1e-15}
    row(f, "plain", lambda b, f=f, o=options: f(WIDE.T, b.astype(float), **o)[0], real(5))
    row(f, "values", lambda d, b, f=f, o=options: f(banded(d)[:, :2], b.astype(float), **o)[0], real(12), real(4))
    row(f, "damp", lambda d, b, f=f, o=options: f(banded(d), b.astype(float), 0.5, **o)[0], real(12), real(4))
row(linalg.expm_multiply, "vector", lambda b: linalg.expm_multiply(A, b), real(4), complex=True)
row(linalg.expm_multiply, "matrix", lambda b: linalg.expm_multiply(A, b, traceA=A.trace()), real(4, 2), complex=True)
row(linalg.expm_multiply, "times", lambda b: linalg.expm_multiply(A, b, 0.1, 0.7, 3, True), real(4), complex=True)
row(linalg.expm_multiply, "no-end", lambda b: linalg.expm_multiply(A, b, 0.1, 0.7, 3, False), real(4))
row(linalg.norm, "values", lambda d: linalg.norm(banded(d)), real(12), complex=True)


def spectrum(d, **options):
    a = sparse.diags_array([d[:5] + 2 * np.arange(5), d[5:] / 2, d[5:] / 2], offsets=[0, 1, -1], format="csc")
    return linalg.eigsh(a, v0=np.ones(5), **options)


row(linalg.eigsh, "values", lambda d: spectrum(d, k=2, return_eigenvectors=False), real(9))
row(linalg.eigsh, "smallest", lambda d: spectrum(d, k=2, which="SA")[0], real(9))
row(linalg.eigsh, "vectors", lambda d: spectrum(d, k=2, tol=1e-15)[1] ** 2, real(9))
row(linalg.eigsh, "sigma", lambda d: spectrum(d, k=1, sigma=3.3)[0], real(9))

for name, f in (("matvec", "matvec"), ("call", "__call__"), ("at", "__matmul__")):
    op = linalg.aslinearoperator(WIDE)
    row(linalg.LinearOperator.matvec, f"sparse,{name}", lambda x, op=op, f=f: getattr(op, f)(x), real(5), complex=True)
row(linalg.LinearOperator.rmatvec, "sparse", lambda x: linalg.aslinearoperator(WIDE).rmatvec(x), real(3), complex=True)
row(linalg.LinearOperator.matmat, "sparse", lambda x: linalg.aslinearoperator(WIDE).matmat(x), real(5, 2), complex=True)
row(
    linalg.LinearOperator.matvec,
    "own",
    lambda x, t: linalg.LinearOperator((3, 3), matvec=lambda v: np.sin(t) * v + np.roll(v, 1), dtype=float).matvec(x),
    real(3),
    real(3),
)

REFUSED += [
    ("sparse-svds", lambda x: linalg.svds(sparse.csr_array(x), 1), "svds.*no rule"),
    ("sparse-eigs", lambda x: linalg.eigs(sparse.csr_array(x), 1), "eigs.*no rule"),
    ("sparse-expm", lambda x: linalg.expm(sparse.csc_array(x)), "expm.*no rule"),
    ("sparse-inv", lambda x: linalg.inv(sparse.csc_array(x)), "inv.*no rule"),
    ("sparse-expm_multiply", lambda x: linalg.expm_multiply(sparse.csc_array(x), x[0]), "matrix of Tensors"),
    ("sparse-eigsh-M", lambda x: linalg.eigsh(sparse.csc_array(x), 1, sparse.eye_array(3)), "without M"),
    ("sparse-norm", lambda x: linalg.norm(sparse.csc_array(x), 1), "fro"),
    ("sparse-max", lambda x: sparse.csc_array(x).max(), "max.*no rule"),
    ("sparse-tolil", lambda x: sparse.csc_array(x).tolil(), "tolil.*no rule"),
    ("sparse-divide", lambda x: sparse.csc_array(x) / sparse.csc_array(np.eye(3)), "zeros"),
    ("sparse-shapes", lambda x: sparse.csc_array(np.eye(4)) @ x, "shape"),
    ("sparse-setitem", lambda x: sparse.csr_array(x).__setitem__((0, 0), 1.0), "no rule"),
]
