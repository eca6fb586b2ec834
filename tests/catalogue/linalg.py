"""Linear algebra."""

import numpy as np

from .base import definite, distinct, filled, integers, real, regular, row


def hermitian(a):
    """The Hermitian part: NumPy reads one triangle only, the gradient belongs to both."""
    return 0.5 * (a + np.conj(np.swapaxes(a, -1, -2)))


for a, b in (
    *(((3, 3), (3,)), ((3, 3), (3, 2)), ((4, 3, 3), (3,)), ((4, 3, 3), (3, 2)), ((3, 3), (4, 3, 2))),
    *(((4, 3, 3), (4, 3, 2)), ((5, 1, 3, 3), (4, 3, 2)), ((1, 3, 3), (4, 3, 1)), ((1, 1), (1,)), ((0, 3, 3), (3,))),
):
    row(np.linalg.solve, f"{a},{b}".replace(" ", ""), np.linalg.solve, regular(*a), real(*b), complex=True)
row(np.linalg.solve, "plain_a", lambda b: np.linalg.solve(np.eye(3, dtype=np.float32) + 1, b), real(3, 2), complex=True)
row(np.linalg.solve, "plain_b", lambda a: np.linalg.solve(a, np.arange(3.0)), regular(3, 3), complex=True)
for shape in ((3, 3), (2, 4, 3, 3), (1, 1), (0, 3, 3)):
    row(np.linalg.inv, f"{shape}".replace(" ", ""), np.linalg.inv, regular(*shape), complex=True)
    for upper in (False, True):
        label = f"{'upper' * upper}{shape}".replace(" ", "")
        call = lambda a, u=upper: np.linalg.cholesky(hermitian(a), upper=u)  # noqa: E731
        row(np.linalg.cholesky, label, call, definite(*shape), complex=True)
row(np.linalg.cholesky, "default", lambda a: np.linalg.cholesky(hermitian(a)), definite(3, 3), complex=True)

NORMS = [
    *((None, None, (2, 3)), (None, None, (4,)), (None, None, (2, 3, 2)), (2, None, (4,)), ("fro", None, (2, 3))),
    *(("f", None, (2, 3)), (None, 0, (2, 3)), (None, (0, 2), (2, 3, 2)), ("fro", (-1, 0), (2, 3, 2))),
    *((n, None, (4,)) for n in (1, 3, 0.5, -1, -2, np.inf, -np.inf)),
    *((n, -1, (2, 3)) for n in (1, 2, 2.5, np.inf, -np.inf)),
    *((n, None, (2, 3)) for n in (1, -1, np.inf, -np.inf)),
    *((n, (1, 0), (2, 3, 2)) for n in (1, -1, np.inf, -np.inf)),
    *((n, None, (2, 3)) for n in (2, -2, "nuc")),
    *((n, axis, (2, 3, 4)) for n in (2, -2, "nuc") for axis in ((0, 2), (-1, 0))),
]
for ord, axis, shape in NORMS:
    for keep in (False, True):
        label = f"{ord},{axis},{shape}{',keepdims' * keep}".replace(" ", "")
        call = lambda x, o=ord, a=axis, k=keep: np.linalg.norm(x, ord=o, axis=a, keepdims=k)  # noqa: E731
        compares = ord in (1, -1, np.inf, -np.inf, -2) or (ord == 2 and len(shape) > 1)
        row(np.linalg.norm, label, call, distinct(*shape), complex=True, compares=compares)
row(np.linalg.norm, "0,None,(4,)", lambda x: np.linalg.norm(x, 0), real(4), kind="constant")
row(np.linalg.norm, "0,1,(2,3)", lambda x: np.linalg.norm(x, 0, axis=1, keepdims=True), real(2, 3), kind="constant")
row(np.linalg.norm, "integers", lambda x: np.linalg.norm(x, np.inf), integers(4), kind="constant")

for shape in ((3, 3), (2, 4, 4), (1, 1), (0, 3, 3), (0, 0), (2, 0, 0)):
    label = f"{shape}".replace(" ", "")
    row(np.linalg.det, label, np.linalg.det, regular(*shape), complex=True)
    row(np.linalg.slogdet, label, lambda a: np.linalg.slogdet(a).logabsdet, regular(*shape), complex=True)
    row(
        np.linalg.slogdet, f"complex{label}", lambda a: np.linalg.slogdet(a * (1 + 0.5j)), regular(*shape), complex=True
    )
row(np.linalg.slogdet, "sign", lambda a: np.linalg.slogdet(a * 2j)[0], regular(3, 3), complex=True)

for shape in ((3, 3), (4, 2), (2, 4), (2, 3, 2), (0, 3), (2, 3, 0)):
    label = f"{shape}".replace(" ", "")
    row(np.linalg.pinv, label, np.linalg.pinv, distinct(*shape), complex=True)
    row(np.linalg.pinv, f"rtol{label}", lambda a: np.linalg.pinv(a, rtol=None), distinct(*shape), complex=True)
row(np.linalg.pinv, "rcond", lambda a: np.linalg.pinv(a, np.array([1e-9, 1e-8])), distinct(2, 3, 2), complex=True)
row(np.linalg.pinv, "hermitian", lambda a: np.linalg.pinv(hermitian(a), hermitian=True), regular(2, 3, 3), complex=True)
row(np.linalg.pinv, "rank", lambda a, b: np.linalg.pinv(a @ b, 1e-5), distinct(4, 2), distinct(2, 3), complex=True)

for a, b in (((4, 2), (4,)), ((4, 2), (4, 3)), ((3, 3), (3,)), ((2, 4), (2,)), ((2, 4), (2, 2)), ((4, 2), (4, 1))):
    label = f"{a},{b}".replace(" ", "")
    row(np.linalg.lstsq, label, np.linalg.lstsq, distinct(*a), real(*b), complex=True)
    row(np.linalg.lstsq, f"x{label}", lambda a, b: np.linalg.lstsq(a, b)[0], distinct(*a), real(*b), complex=True)
row(np.linalg.lstsq, "resids", lambda a, b: np.linalg.lstsq(a, b)[1], distinct(4, 2), real(4), complex=True)
row(np.linalg.lstsq, "values", lambda a, b: np.linalg.lstsq(a, b)[3] + b[:2], distinct(4, 2), real(4), complex=True)
row(np.linalg.lstsq, "plain_a", lambda b: np.linalg.lstsq(np.eye(4, 2), b)[0], real(4), complex=True)
row(np.linalg.lstsq, "plain_b", lambda a: np.linalg.lstsq(a, [1, 2, 4.0])[0], distinct(3, 2), complex=True)
row(
    *(np.linalg.lstsq, "rank", lambda a, b, c: np.linalg.lstsq(a @ b, c, rcond=1e-5)[0]),
    *(distinct(4, 2), distinct(2, 3), real(4, 2)),
    complex=True,
)

for n in (*range(-3, 6), 9):
    label = f"{n}".replace("-", "minus")
    kind = "differentiable" if n else "constant"
    row(
        np.linalg.matrix_power,
        label,
        lambda a, n=n: np.linalg.matrix_power(a, n),
        regular(2, 3, 3),
        complex=True,
        kind=kind,
    )
row(np.linalg.matrix_power, "integers", lambda a: np.linalg.matrix_power(a, 3), integers(3, 3), kind="constant")

for label, shapes in {
    "two": ((2, 3), (3, 4)),
    "three": ((2, 5), (5, 3), (3, 4)),
    "other_three": ((5, 2), (2, 5), (5, 1)),
    "five": ((2, 3), (3, 1), (1, 4), (4, 2), (2, 3)),
    "first": ((3,), (3, 4), (4, 2)),
    "last": ((2, 3), (3, 4), (4, 2), (2,)),
    "vectors": ((3,), (3, 4), (4,)),
    "dot": ((3,), (3,)),
}.items():
    row(
        np.linalg.multi_dot,
        label,
        lambda *arrays: np.linalg.multi_dot(arrays),
        *(real(*s) for s in shapes),
        complex=True,
    )
for shapes in (((2, 3), (3, 4)), ((2, 3), (3, 1), (1, 4))):
    call = lambda *arrays: np.linalg.multi_dot(arrays, out=filled(arrays[0], (2, 4)))  # noqa: E731
    row(np.linalg.multi_dot, f"{len(shapes)}out", call, *(real(*s) for s in shapes))

row(
    np.linalg.tensorsolve,
    "call",
    lambda a, b: np.linalg.tensorsolve(np.reshape(a, (2, 3, 6)), b),
    regular(6, 6),
    real(2, 3),
    complex=True,
)
row(
    np.linalg.tensorsolve,
    "axes",
    lambda a, b: np.linalg.tensorsolve(np.reshape(a, (6, 2, 3)), b, axes=(0,)),
    regular(6, 6),
    real(2, 3),
    complex=True,
)
row(
    np.linalg.tensorinv, "call", lambda a: np.linalg.tensorinv(np.reshape(a, (2, 3, 3, 2))), regular(6, 6), complex=True
)
row(
    np.linalg.tensorinv,
    "ind",
    lambda a: np.linalg.tensorinv(np.reshape(a, (6, 3, 2)), ind=1),
    regular(6, 6),
    complex=True,
)

COMPLEX = np.linalg.cond([[1j]], 1).dtype.kind == "f"  # NumPy 2.0 makes a complex number of what is real
for p in (None, 1, -1, 2, -2, np.inf, -np.inf, "fro", "nuc"):
    for shape in ((3, 3), (2, 3, 3)):
        label = f"{p},{shape}".replace(" ", "")
        row(np.linalg.cond, label, lambda a, p=p: np.linalg.cond(a, p), regular(*shape), complex=COMPLEX, compares=True)
row(np.linalg.cond, "tall", np.linalg.cond, distinct(4, 2), complex=True, compares=True)
row(np.linalg.matrix_rank, "call", np.linalg.matrix_rank, regular(3, 3), complex=True, kind="constant")
row(np.linalg.matrix_rank, "tol", lambda a: np.linalg.matrix_rank(a, tol=2.5), regular(2, 3, 3), kind="constant")

row(np.linalg.matrix_transpose, "2", np.linalg.matrix_transpose, real(2, 3), complex=True)
row(np.linalg.matrix_transpose, "3", np.linalg.matrix_transpose, real(4, 2, 3), complex=True)
for offset in (-1, 0, 2):
    row(
        np.linalg.diagonal,
        f"{offset}",
        lambda a, k=offset: np.linalg.diagonal(a, offset=k),
        real(2, 3, 4),
        complex=True,
    )
    row(np.linalg.trace, f"{offset}", lambda a, k=offset: np.linalg.trace(a, offset=k), real(2, 3, 4), complex=True)
row(np.linalg.trace, "linalg_dtype", lambda a: np.linalg.trace(a, dtype=np.complex128), real(3, 3), complex=True)

for a, b, axis in (
    ((3,), (3,), -1),
    ((4, 3), (3,), -1),
    ((3, 4), (3, 4), 0),
    ((2, 1, 3), (4, 3), -1),
    ((2, 3, 4), (2, 3, 4), 1),
):
    label = f"{a},{b},{axis}".replace(" ", "")
    call = lambda a, b, n=axis: np.linalg.cross(a, b, axis=n)  # noqa: E731
    row(np.linalg.cross, label, call, real(*a), real(*b), complex=True)
for a, b, axis in (((3,), (3,), -1), ((4, 3), (3,), -1), ((3, 4), (3, 4), 0), ((3, 2, 1), (3, 4), 0)):
    label = f"{a},{b},{axis}".replace(" ", "")
    call = lambda a, b, n=axis: np.linalg.vecdot(a, b, axis=n)  # noqa: E731
    row(np.linalg.vecdot, label, call, real(*a), real(*b), complex=True)
row(np.linalg.outer, "linalg_call", np.linalg.outer, real(3), real(2), complex=True)
row(np.linalg.outer, "plain", lambda a: np.linalg.outer([1.0, 2.0], a), real(2), complex=True)
row(np.linalg.matmul, "call", np.linalg.matmul, real(2, 3), real(3, 4), complex=True)
row(np.linalg.matmul, "stacked", np.linalg.matmul, real(4, 2, 3), real(3), complex=True)
row(np.linalg.tensordot, "call", np.linalg.tensordot, real(2, 3, 4), real(3, 4, 2), complex=True)
row(
    np.linalg.tensordot,
    "axes",
    lambda a, b: np.linalg.tensordot(a, b, axes=((0,), (1,))),
    real(2, 3),
    real(4, 2),
    complex=True,
)
row(np.linalg.cross, "plain", lambda a: np.linalg.cross([1.0, 2.0, 4.0], a), real(2, 3), complex=True)
row(np.linalg.vecdot, "plain", lambda a: np.linalg.vecdot([1.0, 2.0, 4.0], a), real(2, 3), complex=True)
row(np.linalg.solve, "list", lambda a: np.linalg.solve(a, [a[0, 0], 1.0, 2.0]), regular(3, 3), complex=True)

MATRIX_NORMS = ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)
for ord in MATRIX_NORMS:
    for keep in (False, True):
        label = f"{ord}{',keepdims' * keep}"
        call = lambda x, o=ord, k=keep: np.linalg.matrix_norm(x, ord=o, keepdims=k)  # noqa: E731
        row(np.linalg.matrix_norm, label, call, distinct(2, 3, 4), complex=True, compares=ord not in ("fro", "nuc"))
row(np.linalg.matrix_norm, "default", np.linalg.matrix_norm, real(2, 3), complex=True)
for ord, axis, keep in (
    (2, None, False),
    (2, None, True),
    (3, (0, 2), False),
    (1, (2, 0), True),
    (2.5, 1, True),
    (np.inf, -1, False),
    (-1, (0, 1, 2), False),
):
    label = f"{ord},{axis}{',keepdims' * keep}".replace(" ", "")
    call = lambda x, o=ord, a=axis, k=keep: np.linalg.vector_norm(x, ord=o, axis=a, keepdims=k)  # noqa: E731
    row(np.linalg.vector_norm, label, call, distinct(2, 3, 4), complex=True, compares=ord == np.inf)
row(np.linalg.vector_norm, "default", np.linalg.vector_norm, real(2, 3), complex=True)
row(np.linalg.vector_norm, "0", lambda x: np.linalg.vector_norm(x, ord=0), real(2, 3), complex=True, kind="constant")
