"""Linear algebra, in calls that do not depend on what is arbitrary in factors."""

import numpy as np
from catalogue.base import definite, real, regular
from catalogue.linalg import hermitian
from scipy import linalg

from .base import row


def named(*words):
    return ",".join(str(word) for word in words if word is not None).replace(" ", "")


def symmetric(a):
    return 0.5 * (a + np.swapaxes(a, -1, -2))


# Systems of linear equations

for a, b in (
    *(((3, 3), (3,)), ((3, 3), (3, 2)), ((4, 3, 3), (3,)), ((4, 3, 3), (3, 2)), ((3, 3), (4, 3, 2))),
    *(((1, 1), (1,)), ((1, 1), (3, 2)), ((2, 1, 3, 3), (4, 3, 2))),
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
row(
    *(linalg.solve, "overwrite", lambda a, b: linalg.solve(a, b, overwrite_a=True, overwrite_b=True) + a @ b),
    *(regular(3, 3), real(3, 2)),
    complex=True,
)

for trans in (0, 1, 2, "N", "T", "C"):
    for lower in (False, True):
        for unit in (False, True):
            call = lambda a, b, t=trans, n=lower, u=unit: linalg.solve_triangular(a, b, t, n, u)  # noqa: E731
            row(linalg.solve_triangular, named(trans, lower, unit), call, regular(3, 3), real(3, 2), complex=True)
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


# Matrix equations

for a, b, q in (((3, 3), (2, 2), (3, 2)), ((2, 3, 3), (2, 2), (3, 2)), ((1, 1), (2, 2), (2, 1, 2))):
    call = lambda a, b, q: linalg.solve_sylvester(a, b, q)  # noqa: E731
    row(linalg.solve_sylvester, named(a, b, q), call, regular(*a), regular(*b), real(*q), complex=True)
for a, q in (((3, 3), (3, 3)), ((2, 3, 3), (3, 3)), ((2, 2), (4, 2, 2)), ((1, 1), (1, 1))):
    call = lambda a, q: linalg.solve_continuous_lyapunov(a, q)  # noqa: E731
    row(linalg.solve_continuous_lyapunov, named(a, q), call, regular(*a), real(*q), complex=True)
    for method in (None, "direct", "bilinear"):
        call = lambda a, q, m=method: linalg.solve_discrete_lyapunov(0.15 * a, q, method=m)  # noqa: E731
        row(linalg.solve_discrete_lyapunov, named(a, q, method), call, regular(*a), real(*q), complex=True)
