"""Products."""

import numpy as np

from .base import filled, real, row

MATMUL_SHAPES = [
    *(((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4)), ((5, 2, 3), (3,)), ((3,), (5, 3, 4))),
    *(((5, 2, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((5, 2, 3), (5, 3, 4)), ((5, 1, 2, 3), (6, 3, 4))),
    *(((1, 2, 3), (5, 3, 4)), ((5, 2, 3), (1, 3, 4)), ((2, 1), (1, 4)), ((1, 3), (3,)), ((1, 3), (3, 1))),
    *(((0, 3), (3, 4)), ((2, 0), (0, 4)), ((0,), (0,)), ((4, 0, 3), (3,))),
]
for a, b in MATMUL_SHAPES:
    row(np.matmul, f"{a}@{b}".replace(" ", ""), lambda x, y: x @ y, real(*a), real(*b), complex=True)
row(np.matmul, "out", lambda x, y: np.matmul(x, y, out=filled(x, (2, 4))), real(2, 3), real(3, 4), complex=True)
row(np.matmul, "dtype", lambda x, y: np.matmul(x, y, dtype=np.float64), real(2, 3), real(3))
for a, b in (((3,), (3,)), ((2, 3), (3,)), ((2, 3), (2, 3)), ((1, 3), (4, 3)), ((2, 1, 3), (4, 3)), ((0, 3), (3,))):
    row(np.vecdot, f"{a},{b}".replace(" ", ""), np.vecdot, real(*a), real(*b), complex=True)
if hasattr(np, "matvec"):  # NumPy 2.2
    for a, b in (((2, 3), (3,)), ((5, 2, 3), (3,)), ((2, 3), (5, 3)), ((5, 1, 2, 3), (4, 3)), ((1, 3), (1, 3))):
        row(np.matvec, f"{a},{b}".replace(" ", ""), np.matvec, real(*a), real(*b), complex=True)
        matrix = (*a[:-2], a[-1], a[-2])
        row(np.vecmat, f"{b},{matrix}".replace(" ", ""), np.vecmat, real(*b), real(*matrix), complex=True)

DOT_SHAPES = [
    *(((), ()), ((), (3,)), ((2, 3), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (3, 4)), ((2, 3), (3, 4))),
    *(((2, 5, 3), (3,)), ((3,), (2, 3, 4)), ((2, 5, 3), (3, 4)), ((2, 3), (5, 3, 4)), ((6, 2, 3), (5, 3, 4))),
    *(((0, 3), (3, 2)), ((2, 0), (0,))),
]
for a, b in DOT_SHAPES:
    row(np.dot, f"{a},{b}".replace(" ", ""), np.dot, real(*a), real(*b), complex=True)
row(np.dot, "out", lambda x, y: np.dot(x, y, out=filled(x, (2, 4))), real(2, 3), real(3, 4), complex=True)
row(np.dot, "plain", lambda x: np.dot(x, np.arange(3.0)), real(2, 3), complex=True)
row(np.vdot, "1-d", np.vdot, real(3), real(3), complex=True)
row(np.vdot, "2-d", np.vdot, real(2, 3), real(3, 2), complex=True)
row(np.vdot, "plain", lambda x: np.vdot([1.0, 2.0, 3.0], x), real(3), complex=True)
for a, b in (((), ()), ((3,), ()), ((3,), (3,)), ((2, 3), (3,)), ((3,), (2, 3)), ((2, 3), (4, 3)), ((2, 5, 3), (4, 3))):
    row(np.inner, f"{a},{b}".replace(" ", ""), np.inner, real(*a), real(*b), complex=True)
row(np.outer, "call", np.outer, real(3), real(4), complex=True)
row(np.outer, "2-d", np.outer, real(2, 2), real(3), complex=True)
row(np.outer, "out", lambda x, y: np.outer(x, y, out=filled(x, (3, 4))), real(3), real(4), complex=True)
row(np.outer, "list", lambda x: np.outer(x, [1.0, 2.0]), real(3), complex=True)
for label, axes, a, b in (
    ("default", 2, (2, 3, 4), (3, 4, 5)),
    ("one", 1, (2, 3), (3, 4)),
    ("zero", 0, (2, 3), (4,)),
    ("pair", (0, 1), (3, 2), (4, 3)),
    ("pairs", ([0, -1], [1, 0]), (3, 2, 4), (4, 3, 5)),
    ("mixed", (1, [0]), (2, 3), (3, 4)),
    ("all", 2, (2, 3), (2, 3)),
    ("empty", 1, (2, 0), (0, 3)),
):
    row(np.tensordot, label, lambda x, y, n=axes: np.tensordot(x, y, axes=n), real(*a), real(*b), complex=True)
row(np.tensordot, "plain", lambda x: np.tensordot(x, [[1.0, 2.0], [3.0, 4.0]]), real(2, 2), complex=True)

for subscripts, *shapes in (
    ("i,i", (3,), (3,)),
    ("i,i->i", (3,), (3,)),
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ba", (2, 3)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->i", (2, 3)),
    ("ii", (3, 3)),
    ("ii->i", (3, 3)),
    ("iij->j", (3, 3, 2)),
    ("iji->ij", (3, 2, 3)),
    ("ijij->", (2, 3, 2, 3)),
    ("ii,i->", (3, 3), (3,)),
    ("ij,kl->i", (2, 3), (4, 5)),
    ("i,j->ij", (2,), (3,)),
    ("ij,ij->j", (2, 3), (1, 3)),
    ("ij,ij", (2, 1), (1, 3)),
    ("ij,jk->k", (2, 1), (3, 4)),
    ("...ij,...jk->...ik", (5, 2, 3), (3, 4)),
    ("...ij,...jk", (5, 2, 3), (1, 3, 4)),
    ("i...,i...->...", (3, 2), (3, 4, 1)),
    ("...ii->...i", (2, 3, 3)),
    ("...", (2, 3)),
    ("...,...", (2, 3), (3,)),
    ("b...i->i...b", (2, 3, 4)),
    ("ij , jk -> ki", (2, 3), (3, 4)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 5)),
    ("i,i,i", (3,), (3,), (3,)),
    ("Ab,bC", (2, 3), (3, 4)),
    (",i->i", (), (3,)),
    ("ij,j->i", (0, 3), (3,)),
):
    call = lambda *xs, s=subscripts: np.einsum(s, *xs)  # noqa: E731
    row(np.einsum, subscripts.replace(" ", "_"), call, *(real(*shape) for shape in shapes), complex=True)
row(
    np.einsum, "interleaved", lambda x, y: np.einsum(x, [0, 1], y, [1, 2], [2, 0]), real(2, 3), real(3, 4), complex=True
)
row(
    np.einsum,
    "interleaved_implicit",
    lambda x, y: np.einsum(x, [5, 1], y, [1, 0]),
    real(2, 3),
    real(3, 4),
    complex=True,
)
row(np.einsum, "interleaved_ellipsis", lambda x: np.einsum(x, [..., 0, 0], [..., 0]), real(2, 3, 3), complex=True)
row(np.einsum, "interleaved_high", lambda x: np.einsum(x, [30, 2]), real(2, 3), complex=True)
row(np.einsum, "same_twice", lambda x: np.einsum("ij,kj->ik", x, x), real(2, 3), complex=True)
row(np.einsum, "plain", lambda x: np.einsum("ij,j->i", np.ones((2, 3), np.float32), x), real(3), complex=True)
row(
    np.einsum,
    "optimize",
    lambda x, y: np.einsum("ij,jk->ik", x, y, optimize=True),
    real(2, 3),
    real(3, 4),
    complex=True,
)
row(np.einsum, "chain", lambda x: np.einsum("ij,jk,kl->il", x, x, x, optimize="optimal"), real(3, 3), complex=True)
row(
    np.einsum,
    "path",
    lambda x: np.einsum("ij,jk,kl->il", x, x, x, optimize=["einsum_path", (0, 1), (0, 1)]),
    real(3, 3),
    complex=True,
)
row(np.einsum, "dtype", lambda x: np.einsum("ij->j", x, dtype=np.float64), real(2, 3))
row(np.einsum, "order", lambda x: np.einsum("ij,jk->ik", x, x, order="F", casting="no"), real(2, 2), complex=True)
row(np.einsum, "out", lambda x: np.einsum("ij->j", x, out=filled(x, 3)), real(2, 3), complex=True)
