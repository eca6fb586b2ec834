"""Linear algebra."""

import numpy as np

from .base import definite, distinct, integers, real, regular, row


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
]
for ord, axis, shape in NORMS:
    for keep in (False, True):
        label = f"{ord},{axis},{shape}{',keepdims' * keep}".replace(" ", "")
        call = lambda x, o=ord, a=axis, k=keep: np.linalg.norm(x, ord=o, axis=a, keepdims=k)  # noqa: E731
        compares = ord in (1, -1, np.inf, -np.inf)
        row(np.linalg.norm, label, call, distinct(*shape), complex=True, compares=compares)
row(np.linalg.norm, "0,None,(4,)", lambda x: np.linalg.norm(x, 0), real(4), kind="constant")
row(np.linalg.norm, "0,1,(2,3)", lambda x: np.linalg.norm(x, 0, axis=1, keepdims=True), real(2, 3), kind="constant")
row(np.linalg.norm, "integers", lambda x: np.linalg.norm(x, np.inf), integers(4), kind="constant")
