"""Factorizations of matrices, in calls that do not depend on what is arbitrary in them."""

import numpy as np

from .base import REFUSED, distinct, real, regular, row
from .linalg import hermitian

_SHAPES = ((3, 3), (4, 2), (2, 4), (2, 3, 3), (2, 4, 3), (2, 1, 3, 4), (1, 1), (0, 3, 3))


def h(a):
    return np.conj(np.swapaxes(a, -1, -2))


def named(shape):
    return f"{shape}".replace(" ", "")


for shape in _SHAPES:
    label = named(shape)
    row(np.linalg.qr, label, np.linalg.qr, distinct(*shape), complex=True)
    row(np.linalg.qr, f"r{label}", lambda a: np.linalg.qr(a, mode="r"), distinct(*shape), complex=True)
for shape in ((3, 3), (2, 4), (2, 4, 3)):
    row(np.linalg.qr, f"complete{named(shape)}", lambda a: np.linalg.qr(a, "complete").R, real(*shape), complex=True)
row(np.linalg.qr, "complete_q", lambda a: np.linalg.qr(a, "complete"), real(4, 3))
row(
    *(np.linalg.qr, "complete_projector", lambda a: (q := np.linalg.qr(a, "complete")[0])[..., 2:] @ h(q[..., 2:])),
    *(real(2, 5, 2),),
    complex=True,
)


def unphased(u, s, vh):
    """The factors of each singular value, and the vectors multiplied with each other."""
    k = s.shape[-1]
    u, v = u[..., :k], np.swapaxes(vh[..., :k, :], -1, -2)
    return (
        u[..., :, None, :] * np.conj(u)[..., None, :, :],
        s,
        u[..., :, None, :] * v[..., None, :, :],
    )


for shape in _SHAPES:
    for full in (False, True):
        label = f"{'full' * full}{named(shape)}"
        call = lambda a, f=full: unphased(*np.linalg.svd(a, full_matrices=f))  # noqa: E731
        row(np.linalg.svd, label, call, distinct(*shape), complex=True)
    row(
        np.linalg.svd, f"values{named(shape)}", lambda a: np.linalg.svd(a, compute_uv=False), real(*shape), complex=True
    )
    row(np.linalg.svdvals, named(shape), np.linalg.svdvals, real(*shape), complex=True)
row(np.linalg.svd, "default", lambda a: np.abs(np.linalg.svd(a)[0]), distinct(3, 3), complex=True)
row(np.linalg.svd, "real_factors", np.linalg.svd, distinct(3, 4))
row(np.linalg.svd, "vectors", lambda a: np.abs(np.linalg.svd(a, False).Vh), distinct(2, 3), complex=True)
row(np.linalg.svd, "complement", lambda a: (u := np.linalg.svd(a).U[..., 2:]) @ h(u), real(2, 4, 2), complex=True)
row(np.linalg.svd, "complement_v", lambda a: h(v := np.linalg.svd(a).Vh[..., 2:, :]) @ v, real(2, 4), complex=True)
for shape in ((3, 3), (2, 3, 3)):
    call = lambda a: unphased(*np.linalg.svd(hermitian(a), hermitian=True))  # noqa: E731
    row(np.linalg.svd, f"hermitian{named(shape)}", call, regular(*shape), complex=True)
    call = lambda a: np.linalg.svd(hermitian(a), compute_uv=False, hermitian=True)  # noqa: E731
    row(np.linalg.svd, f"hermitian_values{named(shape)}", call, distinct(*shape), complex=True)
row(np.linalg.svd, "hermitian_factors", lambda a: np.linalg.svd(hermitian(a), hermitian=True), distinct(3, 3))


def projectors(w, v):
    return w, v[..., :, None, :] * np.conj(v)[..., None, :, :]


for shape in ((3, 3), (4, 2, 2), (2, 1, 3, 3), (1, 1), (0, 3, 3)):
    for uplo in ("L", "U", "l"):
        label = f"{uplo}{named(shape)}"
        call = lambda a, u=uplo: projectors(*np.linalg.eigh(hermitian(a), UPLO=u))  # noqa: E731
        row(np.linalg.eigh, label, call, distinct(*shape), complex=True)
        call = lambda a, u=uplo: np.linalg.eigvalsh(hermitian(a), u)  # noqa: E731
        row(np.linalg.eigvalsh, label, call, distinct(*shape), complex=True)
row(np.linalg.eigh, "values", lambda a: np.linalg.eigh(hermitian(a)).eigenvalues, distinct(3, 3), complex=True)
row(np.linalg.eigh, "vectors", lambda a: np.abs(np.linalg.eigh(hermitian(a))[1]), distinct(3, 3), complex=True)
row(np.linalg.eigh, "real_vectors", lambda a: np.linalg.eigh(hermitian(a)), distinct(3, 3))
row(np.linalg.eigvalsh, "default", lambda a: np.linalg.eigvalsh(hermitian(a)), distinct(3, 3), complex=True)


def symmetric(a):
    return a @ np.swapaxes(a, -1, -2)  # of a real matrix the eigenvalues are real


for shape in ((3, 3), (2, 3, 3), (1, 1), (0, 3, 3)):
    label = named(shape)
    row(np.linalg.eig, label, lambda a: projectors(*np.linalg.eig(a)), distinct(*shape), complex=True)
    row(np.linalg.eigvals, label, np.linalg.eigvals, distinct(*shape), complex=True)
row(np.linalg.eig, "vectors", lambda a: np.abs(np.linalg.eig(a).eigenvectors), distinct(4, 4), complex=True)
if np.linalg.eig(np.eye(2))[1].dtype.kind == "f":  # before NumPy 2.5
    row(np.linalg.eig, "triangular", lambda a: np.linalg.eig(np.tril(a)), distinct(3, 3))
row(
    *(np.linalg.eig, "exponential", lambda a: ((e := np.linalg.eig(a))[1] * np.exp(e[0])) @ np.linalg.inv(e[1])),
    *(regular(3, 3),),
    complex=True,
)
row(np.linalg.eigvals, "symmetric", lambda a: np.linalg.eigvals(symmetric(a)), distinct(3, 3), complex=True)

REFUSED += [
    ("qr-raw", lambda x: np.linalg.qr(x, mode="raw"), "np.linalg.qr.*raw"),
    ("qr-economic", lambda x: np.linalg.qr(x, mode="economic"), "np.linalg.qr.*economic"),
    ("qr-mode", lambda x: np.linalg.qr(x, mode="thin"), "mode"),
    ("eigh-UPLO", lambda x: np.linalg.eigh(x, UPLO="M"), "UPLO"),
]
