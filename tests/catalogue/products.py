"""Products."""

import warnings

import numpy as np

from .base import REFUSED, filled, real, row

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

row(np.dot, "list", lambda x: np.dot(x, [x[0], 2 * x[1]]), real(2, 2), complex=True)
row(np.outer, "list_of_Tensors", lambda x: np.outer([x[0], 2.0, x[2]], x), real(3), complex=True)
row(np.tensordot, "list_of_Tensors", lambda x: np.tensordot(x, [x[0], x[1]], 1), real(2, 2), complex=True)

KRON_SHAPES = [
    *(((2,), (3,)), ((2, 3), (3, 2)), ((), (2, 3)), ((2, 3), ()), ((2,), (2, 3)), ((2, 3), (2,))),
    *(((2, 1, 3), (2, 2)), ((2, 2), (3, 1, 2)), ((0, 2), (2, 2))),
]
for a, b in KRON_SHAPES:
    row(np.kron, f"{a},{b}".replace(" ", ""), np.kron, real(*a), real(*b), complex=True)
row(np.kron, "list", lambda x: np.kron([[1.0, 2.0], [3.0, 4.0]], x), real(2, 2), complex=True)

for a, b in (((3,), (3,)), ((4, 3), (4, 3)), ((4, 3), (3,)), ((2, 1, 3), (4, 3)), ((1, 3), (4, 3)), ((0, 3), (3,))):
    row(np.cross, f"{a},{b}".replace(" ", ""), np.cross, real(*a), real(*b), complex=True)
for label, options, a, b in (
    ("axis", {"axis": 0}, (3, 4), (3, 4)),
    ("axis_middle", {"axis": 1}, (2, 3, 4), (1, 3, 4)),
    ("axisa", {"axisa": 0}, (3, 4), (4, 3)),
    ("axisb", {"axisb": -2}, (4, 3), (3, 4)),
    ("axisc", {"axisc": 0}, (2, 4, 3), (4, 3)),
    ("axes", {"axisa": 1, "axisb": 0, "axisc": 1}, (4, 3), (3, 2, 4)),
):
    call = lambda x, y, options=options: np.cross(x, y, **options)  # noqa: E731
    row(np.cross, label, call, real(*a), real(*b), complex=True)
row(np.cross, "list", lambda x: np.cross([1.0, 2.0, 3.0], x), real(4, 3), complex=True)
row(np.cross, "same_twice", lambda x: np.cross(x, x[::-1]), real(4, 3), complex=True)


def _of_planes(x, y, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        return np.cross(x, y, **options)


if np.lib.NumpyVersion(np.__version__) < "2.5.0":  # vectors of two components are deprecated
    for a, b in (((2,), (2,)), ((4, 2), (2,)), ((2,), (3,)), ((4, 3), (4, 2)), ((4, 2), (1, 3)), ((0, 2), (2,))):
        row(np.cross, f"{a},{b}".replace(" ", ""), _of_planes, real(*a), real(*b), complex=True)
    row(np.cross, "plane_axisa", lambda x, y: _of_planes(x, y, axisa=0), real(2, 4), real(4, 2), complex=True)
    row(np.cross, "plane_axis", lambda x, y: _of_planes(x, y, axis=0), real(2, 4), real(3, 4), complex=True)

for f in (np.convolve, np.correlate):
    for n, m in ((5, 3), (3, 5), (4, 4), (6, 4), (4, 6), (5, 1), (1, 4), (1, 1), (7, 2)):
        for mode in ("full", "same", "valid"):
            call = lambda x, y, f=f, mode=mode: f(x, y, mode)  # noqa: E731
            row(f, f"{mode}_{n}_{m}", call, real(n), real(m), complex=True)
    row(f, "default", f, real(5), real(3), complex=True)
    row(f, "list", lambda x, f=f: f([1.0, 2.0, 3.0], x, mode="same"), real(4), complex=True)
    row(f, "same_twice", lambda x, f=f: f(x, x, "full"), real(4), complex=True)
row(np.convolve, "0-d", np.convolve, real(), real(3), complex=True)
row(np.convolve, "number", lambda x: np.convolve(x, 2.0), real(3), complex=True)

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
    ("iii->i", (2, 2, 2)),
    ("ijij->ji", (2, 3, 2, 3)),
    ("ijjk->ki", (2, 3, 3, 2)),
    ("...i,i", (2, 3), (3,)),
    ("i...->i...", (2, 3)),
    ("ij...,jk...->ik...", (2, 3, 4), (3, 2, 1)),
    ("i,->i", (3,), ()),
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
for label, optimize in (
    *(("off", False), ("on", True), ("greedy", "greedy"), ("best", "optimal"), ("limited", ("greedy", 4))),
    *(("limited_best", ("optimal", 100)), ("all_at_once", ["einsum_path", (0, 1, 2)])),
    ("turned", ["einsum_path", (1, 2), (0, 1)]),
):
    for subscripts in ("ij,jk,kl->il", "ij,ij,jl", "...ij,jk,kl->...l"):
        call = lambda x, y, z, s=subscripts, o=optimize: np.einsum(s, x, y, z, optimize=o)  # noqa: E731
        label_of = f"{subscripts}_{label}"
        row(np.einsum, label_of, call, real(3, 3), real(3, 3), real(3, 2), complex=True)
    for subscripts, *shapes in (("ii->i", (3, 3)), ("ij->", (2, 3)), ("ij,ij->j", (2, 3), (1, 3))):
        if not isinstance(optimize, list):
            call = lambda *xs, s=subscripts, o=optimize: np.einsum(s, *xs, optimize=o)  # noqa: E731
            label_of = f"{subscripts}_{label}"
            row(np.einsum, label_of, call, *(real(*shape) for shape in shapes), complex=True)
row(np.einsum, "summed_dots", lambda x: np.einsum("...i->i", x, optimize=True), real(2, 3), complex=True)
row(
    np.einsum,
    "short_axis_in_chain",
    lambda x, y, z: np.einsum("ij,jk,kl->il", x, y, z, optimize=True),
    real(2, 1),
    real(3, 4),
    real(4, 2),
    complex=True,
)
row(np.einsum, "numbers", lambda x: np.einsum(",i,->i", 2.0, x, x[0]), real(3), complex=True)
row(np.einsum, "list_of_Tensors", lambda x: np.einsum("ij,j", [x, 2 * x], x), real(3), complex=True)
row(np.einsum, "view_dtype", lambda x: np.einsum("ij->ji", x, dtype=np.float64), real(2, 3))
row(np.einsum, "view_out", lambda x: np.einsum("ii->i", x, out=filled(x, 3)), real(3, 3), complex=True)
row(np.einsum, "pair_dtype", lambda x, y: np.einsum("i,j", x, y, dtype=np.float64), real(2), real(3))
row(np.einsum, "casting", lambda x: np.einsum("i,i", x, x, dtype=np.complex128, casting="same_kind"), real(3))
row(np.einsum, "chain_out", lambda x: np.einsum("ij,jk,kl", x, x, x, optimize=True, out=filled(x, (2, 2))), real(2, 2))
row(
    np.einsum_path,
    "call",
    lambda x, y: np.einsum_path("ij,jk,kl", x, y, y, optimize="optimal")[0][1:],
    real(2, 3),
    real(3, 3),
    kind="constant",
)
row(np.einsum_path, "interleaved", lambda x: str(np.einsum_path(x, [0, 1], x, [1, 2])), real(3, 3), kind="constant")

REFUSED += [
    ("einsum-unknown", lambda x: np.einsum("ij,jk", x, x, subok=True), "np.einsum.*subok"),
    ("einsum-terms", lambda x: np.einsum("ij,jk", x), "np.einsum: 2 terms"),
    ("einsum-output", lambda x: np.einsum("ij->iij", x), "multiple times"),
    ("einsum-out-casting", lambda x: np.einsum("ij->i", x, out=filled(x, 3).astype("f4")), "np.einsum.*out=.*safe"),
    ("convolve-2-d", lambda x: np.convolve(x, x), "too deep"),
    ("correlate-2-d", lambda x: np.correlate(x, x), "np.correlate.*1 dimension"),
    ("convolve-mode", lambda x: np.convolve(x[0], x[1], "whole"), "mode"),
    ("cross-4", lambda x: np.cross(x, np.ones(4)), "dimension must be 2 or 3|3-dimensional vectors"),
]
