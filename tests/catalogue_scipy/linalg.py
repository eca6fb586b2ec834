"""Linear algebra, in calls that do not depend on what is arbitrary in factors."""

from operator import itemgetter

import numpy as np
import scipy
from catalogue.base import definite, distinct, quiet, real, regular, unit
from catalogue.decompositions import h, projectors, unphased
from catalogue.linalg import hermitian
from scipy import linalg

from .base import REFUSED, row, rows

SCIPY = np.lib.NumpyVersion(scipy.__version__)
BEFORE = len(rows)


def named(*words):
    return ",".join(str(word) for word in words if word is not None).replace(" ", "")


def symmetric(a):
    return 0.5 * (a + np.swapaxes(a, -1, -2))


# Systems of linear equations

for a, b in (
    *(((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (3,)), ((2, 3, 3), (3, 2)), ((3, 3), (2, 3, 2))),
    *(((1, 1), (1,)), ((1, 1), (3, 2)), ((2, 1, 2, 2), (2, 2, 1))),
):
    row(linalg.solve, named(a, b), lambda a, b: linalg.solve(a, b), regular(*a), real(*b), complex=True)
    call = lambda a, b: linalg.solve_triangular(a, b, lower=True)  # noqa: E731
    if b != (3, 2) or a != (1, 1):
        row(linalg.solve_triangular, named(a, b), call, regular(*a), real(*b), complex=True)
for kind in ("gen", "general", "diagonal", "tridiagonal", "upper triangular", "lower triangular", "banded"):
    for transposed in (False, True):
        call = lambda a, b, k=kind, t=transposed: linalg.solve(a, b, assume_a=k, transposed=t)  # noqa: E731
        label = named(kind.replace(" ", "_"), transposed)
        row(linalg.solve, label, call, regular(4, 4), real(4, 2), complex=not transposed)
        row(linalg.solve, f"{label},vector", call, regular(4, 4), real(4), complex=not transposed)
for kind, made in {"sym": symmetric, "her": hermitian, "pos": hermitian, "hermitian": hermitian}.items():
    for lower in (False, True):
        call = lambda a, b, k=kind, m=made, n=lower: linalg.solve(m(a), b, assume_a=k, lower=n)  # noqa: E731
        row(linalg.solve, named(kind, lower), call, definite(3, 3), real(3, 2), complex=True)
        call = lambda a, b, k=kind, m=made, n=lower: linalg.solve(  # noqa: E731
            m(a), b, n, assume_a=k, transposed=True
        )
        row(linalg.solve, named(kind, lower, "transposed"), call, definite(3, 3), real(3))
row(linalg.solve, "plain_a", lambda b: linalg.solve(np.eye(3) + 1, b), real(3, 2), complex=True)
row(linalg.solve, "plain_b", lambda a: linalg.solve(a, [1.0, 2.0, 3.0]), regular(3, 3), complex=True)
row(linalg.solve, "list", lambda a: linalg.solve([[a[0], 1.0], [0.5, a[1]]], [a[0], 1.0]), real(2), complex=True)
for trans in (0, 1, 2, "N", "T", "C"):
    for lower in (False, True):
        for ones in (False, True):
            call = lambda a, b, t=trans, n=lower, u=ones: linalg.solve_triangular(a, b, t, n, u)  # noqa: E731
            row(linalg.solve_triangular, named(trans, lower, ones), call, regular(3, 3), real(3, 2), complex=True)
    call = lambda a, b, t=trans: linalg.solve_triangular(a, b, trans=t)  # noqa: E731
    row(linalg.solve_triangular, named("vector", trans), call, regular(3, 3), real(3), complex=True)

BANDS = [((1, 1), (3, 5), (5,)), ((2, 1), (4, 5), (5, 2)), ((0, 2), (3, 4), (4,)), ((1, 0), (2, 4), (4, 3))]
for widths, ab, b in (*BANDS, ((1, 1), (2, 3, 5), (5,)), ((1, 2), (4, 6), (2, 6, 2)), ((0, 0), (1, 3), (3,))):
    call = lambda ab, b, w=widths: linalg.solve_banded(w, ab + dominant(ab, w[1]), b)  # noqa: E731
    row(linalg.solve_banded, named(widths, ab, b), call, real(*ab), real(*b), complex=True)


def dominant(ab, diagonal):
    """What makes a band, which may have any shape, that of a regular matrix."""
    return 8 * (np.arange(ab.shape[-2]) == diagonal)[:, None]


for ab, b in (((2, 5), (5,)), ((3, 5), (5, 2)), ((1, 3), (3,)), ((2, 3, 4), (4,)), ((3, 4), (2, 4, 2))):
    for lower in (False, True):
        call = lambda ab, b, n=lower: linalg.solveh_banded(  # noqa: E731
            *(band(ab, n) + dominant(ab, 0 if n else ab.shape[-2] - 1), b), lower=n
        )
        row(linalg.solveh_banded, named(ab, b, lower), call, real(*ab), real(*b), complex=True)


def band(ab, lower):
    """The band of a Hermitian matrix: its diagonal is real."""
    diagonal = np.arange(ab.shape[-2])[:, None] == (0 if lower else ab.shape[-2] - 1)
    return np.where(diagonal, np.real(ab), ab)


for c, b in (((4,), (4,)), ((4,), (4, 2)), ((2, 3), (3,)), ((3,), (2, 3, 2))):
    call = lambda c, b: linalg.solve_toeplitz(c + first(c, 8), b)  # noqa: E731
    row(linalg.solve_toeplitz, named(c, b), call, real(*c), real(*b), complex=True)
    call = lambda c, r, b: linalg.solve_toeplitz((c + first(c, 8), r), b)  # noqa: E731
    row(linalg.solve_toeplitz, named("row", c, b), call, real(*c), real(*c), real(*b), complex=True)
row(
    *(linalg.solve_toeplitz, "plain", lambda b: linalg.solve_toeplitz(([4.0, 1, 2], [4.0, 2, 1]), b)),
    *(real(3),),
    complex=True,
)


def first(c, value):
    return value * (np.arange(c.shape[-1]) == 0)


for n, m, x in ((3, 4, (4,)), (4, 2, (2, 3)), (3, 3, (2, 3, 2))):
    call = lambda c, r, x: linalg.matmul_toeplitz((c, r), x)  # noqa: E731
    row(linalg.matmul_toeplitz, named(n, m, x), call, real(n), real(m), real(*x), complex=True)
row(linalg.matmul_toeplitz, "column", lambda c, x: linalg.matmul_toeplitz(c, x), real(3), real(3), complex=True)


# Matrix equations: of definite matrices, since of real ones beside complex ones SciPy asks for real eigenvalues

for a, b, q in (((3, 3), (2, 2), (3, 2)), ((2, 3, 3), (2, 2), (3, 2)), ((1, 1), (2, 2), (2, 1, 2))):
    call = lambda a, b, q: linalg.solve_sylvester(a, b, q)  # noqa: E731
    row(linalg.solve_sylvester, named(a, b, q), call, definite(*a), definite(*b), real(*q), complex=True)
for a, q in (((3, 3), (3, 3)), ((2, 3, 3), (3, 3)), ((2, 2), (4, 2, 2)), ((1, 1), (1, 1))):
    call = lambda a, q: linalg.solve_continuous_lyapunov(a, q)  # noqa: E731
    row(linalg.solve_continuous_lyapunov, named(a, q), call, definite(*a), real(*q), complex=True)
    for method in (None, "direct", "bilinear"):
        call = lambda a, q, m=method: linalg.solve_discrete_lyapunov(0.1 * a, q, method=m)  # noqa: E731
        row(linalg.solve_discrete_lyapunov, named(a, q, method), call, definite(*a), real(*q), complex=True)


def given(fn, a, b, q, r, e, s):
    """A Riccati equation of definite weights, the last two of them optional.

    By balancing, complex ones with all of them get a solution that has a residual.
    """
    n, m = q.shape[-1], r.shape[-1]
    e = None if e is None else np.eye(n) + 0.1 * e
    return fn(
        0.3 * a, b, hermitian(q) + np.eye(n), hermitian(r) + np.eye(m), e, None if s is None else 0.1 * s, s is None
    )


for fn in (linalg.solve_continuous_are, linalg.solve_discrete_are):
    for stack in ((), (2,)):
        inputs = regular(*stack, 3, 3), real(3, 2), definite(3, 3), definite(2, 2), unit(3, 3), unit(3, 2)
        call = lambda a, b, q, r, f=fn: given(f, a, b, q, r, None, None)  # noqa: E731
        row(fn, named("simple", stack), call, *inputs[:4], complex=True)
        row(fn, named("all", stack), lambda *arrays, f=fn: given(f, *arrays), *inputs, complex=True)


# Factorizations

for shape in ((3, 3), (2, 3, 3), (1, 1)):
    for lower in (False, True):
        call = lambda a, n=lower: linalg.cholesky(hermitian(a), lower=n)  # noqa: E731
        row(linalg.cholesky, named(shape, lower), call, definite(*shape), complex=True)
        call = lambda a, n=lower: linalg.cho_factor(hermitian(a), n)[0]  # noqa: E731
        row(linalg.cho_factor, named(shape, lower), call, definite(*shape), complex=True)
row(linalg.cholesky, "default", lambda a: linalg.cholesky(hermitian(a)), definite(3, 3), complex=True)
for c, b in (((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (3,)), ((3, 3), (2, 3, 2))):
    for lower in (False, True):
        call = lambda c, b, n=lower: linalg.cho_solve((c, n), b)  # noqa: E731
        row(linalg.cho_solve, named(c, b, lower), call, regular(*c), real(*b), complex=True)
row(
    *(linalg.cho_solve, "factored", lambda a, b: linalg.cho_solve(linalg.cho_factor(hermitian(a)), b)),
    *(definite(3, 3), real(3)),
    complex=True,
)

for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 3), (2, 4, 3), (1, 1)):
    row(linalg.lu_factor, named(shape), lambda a: linalg.lu_factor(a)[0], real(*shape), complex=True)
    row(linalg.lu, named(shape), lambda a: linalg.lu(a)[1:], real(*shape), complex=True)
    row(linalg.lu, named("permute_l", shape), lambda a: linalg.lu(a, permute_l=True), real(*shape), complex=True)
    row(linalg.lu, named("p_indices", shape), lambda a: linalg.lu(a, p_indices=True), real(*shape), complex=True)
row(linalg.lu, "product", lambda a: (f := linalg.lu(a))[0] @ f[1] @ f[2], real(3, 3), complex=True)
for lu, b in (((3, 3), (3,)), ((3, 3), (3, 2)), ((2, 3, 3), (3,)), ((3, 3), (2, 3, 2))):
    for trans in (0, 1, 2):
        call = lambda a, b, t=trans: linalg.lu_solve(linalg.lu_factor(a), b, t)  # noqa: E731
        row(linalg.lu_solve, named(lu, b, trans), call, real(*lu), real(*b), complex=True)
for trans in (0, 1, 2):
    call = lambda lu, b, t=trans: linalg.lu_solve((lu, np.array([1, 2, 2])), b, trans=t)  # noqa: E731
    row(linalg.lu_solve, named("packed", trans), call, regular(3, 3), real(3, 2), complex=True)

for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 3), (2, 4, 3), (1, 1)):
    for pivoting in (False, True):
        call = lambda a, p=pivoting: linalg.qr(a, mode="economic", pivoting=p)  # noqa: E731
        row(linalg.qr, named("economic", shape, pivoting), call, distinct(*shape), complex=True)
        call = lambda a, p=pivoting: linalg.qr(a, mode="r", pivoting=p)  # noqa: E731
        row(linalg.qr, named("r", shape, pivoting), call, distinct(*shape), complex=True)
        call = lambda a, p=pivoting: linalg.qr(a, pivoting=p)[1]  # noqa: E731
        row(linalg.qr, named("full", shape, pivoting), call, distinct(*shape), complex=True)
row(
    *(linalg.qr, "full_projector", lambda a: (q := linalg.qr(a)[0])[..., 2:] @ h(q[..., 2:])),
    *(real(5, 2),),
    complex=True,
)

for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 3), (2, 4, 3), (1, 1)):
    for full in (False, True):
        call = lambda a, f=full: unphased(*linalg.svd(a, full_matrices=f))  # noqa: E731
        row(linalg.svd, named(shape, full), call, distinct(*shape), complex=True)
    row(linalg.svd, named("values", shape), lambda a: linalg.svd(a, compute_uv=False), real(*shape), complex=True)
    row(linalg.svdvals, named(shape), lambda a: linalg.svdvals(a), real(*shape), complex=True)
    row(linalg.polar, named(shape), lambda a: linalg.polar(a), distinct(*shape), complex=True)
    row(linalg.polar, named("left", shape), lambda a: linalg.polar(a, side="left"), distinct(*shape), complex=True)
row(linalg.svd, "real", lambda a: linalg.svd(a), distinct(3, 4))
row(linalg.svd, "gesvd", lambda a: unphased(*linalg.svd(a, lapack_driver="gesvd")), distinct(3, 3), complex=True)
row(linalg.orth, "projector_call", lambda a: (q := linalg.orth(a)) @ h(q), distinct(4, 2), complex=True)
row(linalg.orth, "projector_rcond", lambda a: (q := linalg.orth(a, 1e-3)) @ h(q), distinct(2, 4, 2), complex=True)
row(linalg.null_space, "projector_call", lambda a: (q := linalg.null_space(a)) @ h(q), distinct(2, 4), complex=True)
row(
    linalg.null_space,
    "projector_rcond",
    lambda a: (q := linalg.null_space(a, 1e-3)) @ h(q),
    distinct(2, 2, 4),
    complex=True,
)
for shape in ((3, 3), (4, 2)):
    call = lambda a, b: linalg.orthogonal_procrustes(a, b)  # noqa: E731
    row(linalg.orthogonal_procrustes, named(shape), call, distinct(*shape), real(*shape), complex=True)

for shape in ((3, 3), (2, 3, 3), (1, 1)):
    for lower in (False, True):
        call = lambda a, n=lower: projectors(*linalg.eigh(hermitian(a), lower=n))  # noqa: E731
        row(linalg.eigh, named(shape, lower), call, distinct(*shape), complex=True)
        call = lambda a, n=lower: linalg.eigvalsh(hermitian(a), lower=n)  # noqa: E731
        row(linalg.eigvalsh, named(shape, lower), call, distinct(*shape), complex=True)
    for kind in (1, 2, 3):
        call = lambda a, b, k=kind: projectors(*linalg.eigh(hermitian(a), hermitian(b), type=k))  # noqa: E731
        row(linalg.eigh, named("generalized", shape, kind), call, distinct(*shape), definite(*shape), complex=True)
        call = lambda a, b, k=kind: linalg.eigvalsh(hermitian(a), hermitian(b), type=k)  # noqa: E731
        row(linalg.eigvalsh, named("generalized", shape, kind), call, distinct(*shape), definite(*shape), complex=True)
row(
    *(linalg.eigh, "one_b", lambda a, b: projectors(*linalg.eigh(hermitian(a), hermitian(b)))),
    *(distinct(2, 3, 3), definite(3, 3)),
    complex=True,
)
for driver in ("ev", "evd", "evr", "evx"):
    call = lambda a, d=driver: projectors(*linalg.eigh(hermitian(a), driver=d))  # noqa: E731
    row(linalg.eigh, driver, call, distinct(3, 3), complex=True)
row(linalg.eigh, "values", lambda a: linalg.eigh(hermitian(a), eigvals_only=True), distinct(3, 3), complex=True)
row(linalg.eigh, "real", lambda a, b: linalg.eigh(hermitian(a), hermitian(b)), distinct(3, 3), definite(3, 3))
for options in ({"subset_by_index": [1, 2]}, {"subset_by_value": [0.0, np.inf]}):
    call = lambda a, o=options: linalg.eigvalsh(hermitian(a), **o)  # noqa: E731
    row(linalg.eigvalsh, named(*options), call, distinct(3, 3), complex=True)
    call = lambda a, b, o=options: linalg.eigh(hermitian(a), hermitian(b), eigvals_only=True, **o)  # noqa: E731
    row(linalg.eigh, named(*options), call, distinct(3, 3), definite(3, 3), complex=True)

for shape in ((3, 3), (2, 3, 3), (1, 1)):
    row(linalg.eig, named(shape), lambda a: projectors(*linalg.eig(a)), distinct(*shape), complex=True)
    row(linalg.eigvals, named(shape), lambda a: linalg.eigvals(a), distinct(*shape), complex=True)
    call = lambda a, b: projectors(*linalg.eig(a, b))  # noqa: E731
    row(linalg.eig, named("generalized", shape), call, distinct(*shape), regular(*shape), complex=True)
    call = lambda a, b: linalg.eigvals(a, b)  # noqa: E731
    row(linalg.eigvals, named("generalized", shape), call, distinct(*shape), regular(*shape), complex=True)
row(linalg.eig, "values", lambda a: linalg.eig(a, right=False), distinct(3, 3), complex=True)
row(linalg.eig, "absolute_vectors", lambda a: np.abs(linalg.eig(a)[1]), distinct(4, 4), complex=True)

for d, e in (((4,), (3,)), ((2, 3), (2,))):
    call = lambda d, e: projectors(*linalg.eigh_tridiagonal(d, e))  # noqa: E731
    row(linalg.eigh_tridiagonal, named(d, e), call, distinct(*d), real(*e))
    row(
        linalg.eigvalsh_tridiagonal, named(d, e), lambda d, e: linalg.eigvalsh_tridiagonal(d, e), distinct(*d), real(*e)
    )

REFUSED += [
    ("qr-raw", lambda x: linalg.qr(x, mode="raw"), "scipy.linalg.qr.*raw"),
    ("qr-mode", lambda x: linalg.qr(x, mode="thin"), "[Mm]ode"),
    ("eig-left", lambda x: linalg.eig(x, left=True), "left"),
    ("eigvals-homogeneous", lambda x: linalg.eigvals(x, homogeneous_eigvals=True), "homogeneous"),
    ("eigh-subset", lambda x: linalg.eigh(x, subset_by_index=[0, 1]), "subset"),
    ("polar-side", lambda x: linalg.polar(x, side="top"), "side"),
]


# Inverses, determinants, norms

for shape in ((3, 3), (2, 3, 3), (1, 1)):
    row(linalg.inv, named(shape), lambda a: linalg.inv(a), regular(*shape), complex=True)
    row(linalg.det, named(shape), lambda a: linalg.det(a), regular(*shape), complex=True)
if "assume_a" in (linalg.inv.__kwdefaults__ or {}):
    for kind in ("gen", "upper triangular", "lower triangular"):
        call = lambda a, k=kind: linalg.inv(a, assume_a=k)  # noqa: E731
        row(linalg.inv, kind.replace(" ", "_"), call, regular(2, 3, 3), complex=True)
    call = lambda a: linalg.inv(a * np.eye(3), assume_a="diagonal")  # noqa: E731
    row(linalg.inv, "diagonal", call, regular(3, 3), complex=True)
    for kind, made in {"sym": symmetric, "her": hermitian, "pos": hermitian}.items():
        for lower in (False, True):
            call = lambda a, k=kind, m=made, n=lower: linalg.inv(m(a), assume_a=k, lower=n)  # noqa: E731
            row(linalg.inv, named(kind, lower), call, definite(3, 3), complex=True)

for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2)):
    row(linalg.pinv, named(shape), lambda a: linalg.pinv(a), distinct(*shape), complex=True)
row(linalg.pinv, "rank", lambda a, b: linalg.pinv(a @ b, rtol=1e-5), distinct(4, 2), distinct(2, 3), complex=True)
row(linalg.pinv, "return_rank", lambda a: linalg.pinv(a, atol=1e-9, return_rank=True)[0], distinct(3, 2), complex=True)
for lower in (False, True):
    call = lambda a, n=lower: linalg.pinvh(hermitian(a), lower=n)  # noqa: E731
    row(linalg.pinvh, named(lower), call, regular(3, 3), complex=True)
    call = lambda a, n=lower: linalg.pinvh(hermitian(a), 1e-9, 1e-9, n, return_rank=True)[0]  # noqa: E731
    row(linalg.pinvh, named("return_rank", lower), call, regular(2, 3, 3), complex=True)

for a, b in (((4, 2), (4,)), ((4, 2), (4, 3)), ((3, 3), (3,)), ((2, 4), (2,)), ((2, 4), (2, 2)), ((2, 4, 2), (4, 1))):
    call = lambda a, b: itemgetter(0, 1, 3)(linalg.lstsq(a, b))  # noqa: E731
    row(linalg.lstsq, named(a, b), call, distinct(*a), real(*b), complex=True)
    row(linalg.lstsq, named("x", a, b), lambda a, b: linalg.lstsq(a, b)[0], distinct(*a), real(*b), complex=True)
row(linalg.lstsq, "vectors", lambda a, b: linalg.lstsq(a, b)[:2], distinct(2, 4, 2), real(4), complex=True)
for driver in ("gelss", "gelsy"):
    call = lambda a, b, d=driver: linalg.lstsq(a, b, lapack_driver=d)[:2]  # noqa: E731
    row(linalg.lstsq, driver, call, distinct(4, 2), real(4, 2), complex=True)
row(
    *(linalg.lstsq, "rank", lambda a, b, c: linalg.lstsq(a @ b, c, cond=1e-5)[0]),
    *(distinct(4, 2), distinct(2, 3), real(4, 2)),
    complex=True,
)

for ord, axis, shape in (
    *((None, None, (4,)), (None, None, (2, 3)), (2, None, (4,)), (3, None, (4,)), ("fro", None, (2, 3))),
    *((1, None, (2, 3)), (np.inf, None, (2, 3)), (2, None, (3, 3)), ("nuc", (0, 2), (2, 1, 2)), (1, 0, (2, 3))),
):
    for keep in (False, True):
        # SciPy gives some norms as numbers of Python, which have no precision of their own
        call = lambda x, o=ord, a=axis, k=keep: linalg.norm(x, o, a, k) * np.ones_like(x)  # noqa: E731
        compares = ord in (1, np.inf) or (ord == 2 and len(shape) > 1)
        row(linalg.norm, named(ord, axis, shape, keep), call, distinct(*shape), complex=True, compares=compares)
row(linalg.norm, "default", lambda x: linalg.norm(x, check_finite=False), real(2, 3), complex=True)

# Matrices made of vectors

for c, r in (((4,), (3,)), ((2, 3), (3,)), ((1,), (1,))):
    if len(c) == 1 or SCIPY >= "1.17.0":
        row(linalg.toeplitz, named(c), lambda c: linalg.toeplitz(c), real(*c), complex=True)
        row(linalg.toeplitz, named(c, r), lambda c, r: linalg.toeplitz(c, r), real(*c), real(*r), complex=True)
row(linalg.toeplitz, "list", lambda c: linalg.toeplitz([1.0, c[0]], c), real(3), complex=True)
row(linalg.circulant, "vector", lambda c: linalg.circulant(c), real(4), complex=True)
row(linalg.circulant, "stacked", lambda c: linalg.circulant(c), real(2, 3), complex=True)
row(linalg.hankel, "column", lambda c: linalg.hankel(c), real(4), complex=True)
row(linalg.hankel, "row", lambda c, r: linalg.hankel(c, r), real(4), real(3), complex=True)
row(linalg.block_diag, "call", lambda a, b, c: linalg.block_diag(a, b, c), real(2, 3), real(3), real(), complex=True)
row(linalg.block_diag, "plain", lambda a: linalg.block_diag(a, [[1.0, 2.0]], a), real(2, 3), complex=True)
row(linalg.block_diag, "list", lambda a: linalg.block_diag([a[0, 0], 1.0], a), real(2, 3), complex=True)
if SCIPY >= "1.16.0":
    row(linalg.block_diag, "stacked", lambda a, b: linalg.block_diag(a, b), real(2, 2, 3), real(1, 2), complex=True)
row(linalg.khatri_rao, "call", lambda a, b: linalg.khatri_rao(a, b), real(3, 2), real(4, 2), complex=True)
row(linalg.khatri_rao, "stacked", lambda a, b: linalg.khatri_rao(a, b), real(2, 3, 2), real(1, 2), complex=True)
for c, b in (((4,), (4,)), ((4,), (4, 2))):
    call = lambda c, b: linalg.solve_circulant(c + first(c, 8), b, outaxis=0)  # noqa: E731
    row(linalg.solve_circulant, named(c, b), call, real(*c), real(*b), complex=True)
row(linalg.bandwidth, "call", lambda a: linalg.bandwidth(np.triu(a)), real(3, 3), kind="constant")
row(linalg.bandwidth, "full", lambda a: linalg.bandwidth(a), real(3, 2), kind="constant")
for fn in (linalg.issymmetric, linalg.ishermitian):
    row(fn, "call", lambda a, f=fn: f(a), real(3, 3), kind="constant")
    row(fn, "true", lambda a, f=fn: f(a + a.T, rtol=1e-3), real(3, 3), kind="constant")

# Functions of matrices

for shape in ((3, 3), (2, 3, 3), (2, 1, 1), (1, 1)):
    row(linalg.expm, named(shape), lambda a: linalg.expm(a), real(*shape), complex=True)
row(linalg.expm, "triangular", lambda a: linalg.expm(np.triu(a)), real(3, 3), complex=True)
row(linalg.expm, "diagonal", lambda a: linalg.expm(a * np.eye(3)), real(3, 3), complex=True)
row(linalg.expm, "number", lambda a: linalg.expm(a), real(1), complex=False)
row(linalg.expm, "large_norm", lambda a: linalg.expm(4 * a), unit(3, 3), complex=True)
for shape in ((3, 3), (2, 3, 3)):
    for method in (None, "SPS", "blockEnlarge"):
        call = lambda a, e, m=method: linalg.expm_frechet(a, e, method=m)  # noqa: E731
        row(linalg.expm_frechet, named(shape, method), call, unit(*shape), unit(*shape), complex=True)
    call = lambda a, e: linalg.expm_frechet(a, e, compute_expm=False)  # noqa: E731
    row(linalg.expm_frechet, named("alone", shape), call, unit(*shape), unit(*shape), complex=True)
for fn in (linalg.cosm, linalg.sinm, linalg.tanm, linalg.coshm, linalg.sinhm, linalg.tanhm):
    for shape in ((3, 3), (2, 2, 2)):
        row(fn, named(shape), lambda a, f=fn: f(a), unit(*shape), complex=True)
for shape in ((3, 3), (2, 2, 2), (1, 1)):
    row(linalg.sqrtm, named(shape), lambda a: linalg.sqrtm(a), regular(*shape), complex=True)
    row(linalg.logm, named(shape), quiet(lambda a: linalg.logm(a)), regular(*shape), complex=True)
    for t in (0.5, -1.3, 2, 0):
        call = lambda a, t=t: linalg.fractional_matrix_power(a, t)  # noqa: E731
        row(linalg.fractional_matrix_power, named(shape, t), call, regular(*shape), complex=True)
row(linalg.sqrtm, "definite", lambda a: linalg.sqrtm(hermitian(a)), definite(3, 3), complex=True)
row(linalg.logm, "definite", quiet(lambda a: linalg.logm(hermitian(a))), definite(3, 3), complex=True)
for shape in ((3, 3), (2, 2, 2)):
    row(linalg.signm, named(shape), lambda a: linalg.signm(a), distinct(*shape), complex=True)

REFUSED += [
    ("funm", lambda x: linalg.funm(x, np.exp), "funm.*derivative"),
    ("cholesky_banded", lambda x: linalg.cholesky_banded(x), "cholesky_banded.*no rule"),
    ("eig_banded", lambda x: linalg.eig_banded(x), "eig_banded.*no rule"),
    ("eigh_tridiagonal", lambda x: linalg.eigh_tridiagonal(x[0], x[0, 1:], select="i", select_range=(0, 1)), "select"),
    ("schur", lambda x: linalg.schur(x), "schur.*no rule"),
    ("norm-ord", lambda x: linalg.norm(x, "other"), "norm"),
    ("expm_frechet-method", lambda x: linalg.expm_frechet(x, x, method="other"), "method"),
]


def accepted(row):
    """Whether SciPy takes the call at all."""
    rng = np.random.default_rng(0)
    try:
        row.call.__wrapped__(*(each.draw(rng, each.shape, False) for each in row.inputs))
    except (TypeError, ValueError, np.linalg.LinAlgError):
        return False
    return True


if SCIPY < "1.17.0":  # which takes no stacks of matrices, and less options
    rows[BEFORE:] = filter(accepted, rows[BEFORE:])
