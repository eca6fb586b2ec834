"""Linear algebra where matrices are singular, values repeated, or factors arbitrary; and derivatives of derivatives."""

import warnings

import numpy as np
import pytest
from scipy.linalg import expm

import gradarray as ga
from gradarray.rules import decompositions, eigenvalues, equations, linalg, singular_values

rng = np.random.default_rng(0)


def matrix(*shape, complex=False):
    return rng.uniform(-1, 1, shape) + (1j * rng.uniform(-1, 1, shape) if complex else 0)


def h(a):
    return np.conj(np.swapaxes(a, -1, -2))


def unitary(n, complex=False):
    return np.linalg.qr(matrix(n, n, complex=complex))[0]


def spectral(values, complex=False):
    """A Hermitian matrix with these eigenvalues."""
    q = unitary(len(values), complex)
    return q @ np.diag(values) @ h(q)


def grad_of(f, a):
    x = ga.tensor(a)
    f(x).backward()
    return x.grad


def numeric_grad(f, a, eps=1e-5):
    """Central differences in each element, and for complex ones along the imaginary too."""
    r = np.zeros_like(a)
    for i in np.ndindex(a.shape):
        for unit in (1, 1j) if a.dtype.kind == "c" else (1,):
            step = np.zeros_like(a)
            step[i] = eps * unit
            r[i] += unit * (f(a + step) - f(a - step)) / (2 * eps)
    return r


def check(f, a, atol=1e-7):
    np.testing.assert_allclose(grad_of(f, a), numeric_grad(f, a), rtol=1e-6, atol=atol)


BOTH = pytest.mark.parametrize("complex", [False, True], ids=["real", "complex"])


# Derivatives of derivatives: each case gives the gradient from the factors, as the rule does


def eigh_gradient(a, d, c):
    """Of sum(c w**2) + sum(c abs(d @ v)**2)."""
    w, v = np.linalg.eigh(0.5 * (a + h(a)))
    gv = 2 * d[:, None] * (c * np.conj(d @ v))
    return eigenvalues._eigh_factors([2 * c * w, gv], [w, v])


def eig_gradient(a, d, c):
    """Of sum(re(c w**2)) + sum(c abs(d @ v)**2)."""
    w, v = np.linalg.eig(a)
    gv = 2 * d[:, None] * (c * np.conj(d @ v))
    return eigenvalues._eig_factors([2 * c * w, gv], [w, v])


def svd_gradient(a, d, c, full=False):
    """Of sum(c s**2) + re(sum(c (d @ u) (vh @ e)))."""
    u, s, vh = np.linalg.svd(a, full_matrices=full)
    k, e = s.shape[0], c
    c = c[:k]
    n = vh.shape[1]
    e = np.arange(1.0, n + 1)
    gu = d[: u.shape[0], None] * (c * (vh[:k] @ e))
    gvh = (c * (d[: u.shape[0]] @ u[:, :k]))[:, None] * e
    if full:
        gu = np.concatenate((gu, np.zeros_like(gu, shape=(u.shape[0], u.shape[0] - k))), axis=1)
        rest = vh[k:]  # the projector on what is no row
        gvh = np.concatenate((gvh, 2 * np.conj(rest @ e)[:, None] * e))
    return singular_values._svd_factors([gu, 2 * c * s, gvh], [u, s, vh])


def full_svd_gradient(a, d, c):
    return svd_gradient(a, d, c, True)


def qr_gradient(a, d, c, mode="reduced"):
    """Of re(sum(d_i c_j q_ij)) + sum(abs(r)**2 / 2)."""
    q, r = np.linalg.qr(a, mode)
    k = min(a.shape)
    gq = d[: q.shape[0], None] * c[:k]
    if mode == "complete" and q.shape[1] > k:
        rest = q[:, k:]
        gq = np.concatenate((gq, 2 * d[: len(q), None] * np.conj(d[: len(q)] @ rest)), axis=1)
    return decompositions._qr_factors([gq, np.conj(r) + 1.5], [q, r])


def complete_qr_gradient(a, d, c):
    return qr_gradient(a, d, c, "complete")


def lstsq_gradient(a, d, c):
    b = d[: a.shape[0], None] * c[:2]
    x, resids, _, s = np.linalg.lstsq(a, b)
    return equations._lstsq_a([np.conj(x), 2 * resids, None, s * s], a, b, None, [x, resids, None, s])


def slogdet_gradient(a, d, c):
    sign, logabsdet = np.linalg.slogdet(a)
    return linalg._slogdet_factors([np.conj(sign) ** 2, logabsdet], a, [sign, logabsdet])


def wide_lstsq_gradient(a, d, c):
    return lstsq_gradient(a, d, c)


@BOTH
@pytest.mark.parametrize(
    ("gradient", "shape"),
    [
        *((eigh_gradient, (n, n)) for n in (1, 3, 4)),
        *((eig_gradient, (n, n)) for n in (1, 3, 4)),
        *((svd_gradient, shape) for shape in ((3, 3), (4, 2), (2, 4), (1, 1))),
        *((full_svd_gradient, shape) for shape in ((3, 3), (2, 4))),
        *((qr_gradient, shape) for shape in ((3, 3), (4, 2), (2, 4))),
        *((complete_qr_gradient, shape) for shape in ((3, 3), (4, 2))),
        *((lstsq_gradient, shape) for shape in ((3, 3), (4, 2), (2, 4))),
        (slogdet_gradient, (3, 3)),
    ],
    ids=lambda value: getattr(value, "__name__", None) or str(value).replace(" ", ""),
)
def test_second_derivatives(gradient, shape, complex):
    a, weight = matrix(*shape, complex=complex) + np.eye(*shape), matrix(*shape, complex=complex)
    d, c = rng.uniform(0.5, 1.5, 4), np.array([0.7, -1.1, 0.4, 1.3])
    c, d = c[: min(shape)], d[: max(shape)]
    if gradient is lstsq_gradient:
        c = np.array([0.7, -1.1])

    def directional(a):
        return np.sum(np.real(np.conj(weight) * np.conj(gradient(a, d, c))))

    check(directional, a, atol=2e-6)


# What is repeated, or zero


@BOTH
def test_values_alone_may_be_repeated(complex):
    for a in (np.eye(3) + 0j * complex, spectral([1.0, 1.0, 3.0], complex), spectral([0.0, 0.0, -2.0], complex)):
        check(lambda x: np.sum(np.linalg.eigvalsh(0.5 * (x + h(x))) ** 2), a)
        check(lambda x: np.sum(np.linalg.svdvals(x) ** 2), a)
        check(lambda x: np.sum(np.real(np.linalg.eigvals(x) ** 2)), a)
        check(lambda x: np.sum(np.linalg.svd(x, hermitian=True, compute_uv=False) ** 4) / 4, np.real(np.eye(2)))
    np.testing.assert_allclose(grad_of(lambda x: np.sum(np.linalg.eigvals(x)), np.eye(3)), np.eye(3))
    np.testing.assert_allclose(grad_of(lambda x: np.sum(np.linalg.eigvalsh(x)), np.eye(3)), np.eye(3))
    np.testing.assert_allclose(grad_of(lambda x: np.linalg.norm(x, "nuc"), 2 * np.eye(3)), np.eye(3))


def test_norms_of_singular_matrices():
    zero = np.zeros((2, 3))
    for ord in ("nuc", 2, -2, "fro", 1, np.inf):
        np.testing.assert_array_equal(grad_of(lambda x, o=ord: np.linalg.norm(x, o), zero), zero)
    r = grad_of(lambda x: np.linalg.norm(x, "nuc"), np.diag([2.0, 0.0]))
    np.testing.assert_array_equal(r, np.diag([1.0, 0.0]))
    np.testing.assert_allclose(grad_of(lambda x: np.linalg.norm(x, 2), 3 * np.eye(2)), np.eye(2) / 2)
    np.testing.assert_array_equal(grad_of(lambda x: np.linalg.norm(x, -1), np.array([0.0, 2.0])), [0, 0])


@BOTH
def test_norm_of_the_product_of_factors(complex):
    for values in ([1.0, 1.0, 1.0], [2.0, 2.0, 5.0], [2.0, 1.0, 0.0], [2.0, 0.0, 0.0]):
        for a in (np.diag(values).astype((complex and np.complex128) or float), spectral(values, complex)):

            def product(x):
                u, s, vh = np.linalg.svd(x)
                return np.linalg.norm((u * s) @ vh)

            def hermitian_product(x):
                w, v = np.linalg.eigh(x)
                return np.linalg.norm((v * w) @ h(v))

            expected = a / np.linalg.norm(a)
            np.testing.assert_allclose(grad_of(product, a), expected, atol=1e-13)
            np.testing.assert_allclose(grad_of(hermitian_product, a), expected, atol=1e-13)


@BOTH
def test_what_repeated_values_span(complex):
    c = matrix(4, 4, complex=complex)
    a = spectral([1.0, 1.0, 3.0, 4.0], complex)

    def projected(x):
        v = np.linalg.eigh(0.5 * (x + h(x)))[1][:, :2]
        return np.sum(np.real(c * (v @ h(v))))

    def largest(x):
        w, v = np.linalg.eigh(0.5 * (x + h(x)))
        return w[-1] * np.sum(np.real(c * (v[:, -1:] @ h(v[:, -1:]))))

    def low_rank(x):
        u, s, vh = np.linalg.svd(x)
        return np.sum(np.real(c * ((u[:, :1] * s[:1]) @ vh[:1])))

    def null_space(x):
        vh = np.linalg.svd(x)[2][2:]
        return np.sum(np.real(c * (h(vh) @ vh)))

    def kernel(x):
        vh = np.linalg.svd(x)[2][1:]
        return np.sum(np.real(c * (h(vh) @ vh)))

    check(projected, a)
    check(largest, a)
    check(kernel, matrix(2, 1, complex=complex) @ matrix(1, 4, complex=complex))
    check(low_rank, a)
    check(low_rank, spectral([5.0, 0.0, 0.0, 0.0], complex))
    check(null_space, spectral([5.0, 2.0, 0.0, 0.0], complex))
    check(null_space, np.diag([5.0, 2.0, 0.0, 0.0]) + 0j * complex)


def test_factors_apart_from_repeated_values():
    """Vectors of eig with a pair that is repeated, where only others are used."""
    a = np.diag([1.0, 1.0, 3.0]) + np.array([[0, 0, 0.5], [0, 0, 0.2], [0, 0, 0]])

    def last(x):
        v = np.linalg.eig(x)[1][:, 2]
        return np.sum(np.abs(v) * np.arange(3.0))

    check(last, a)


C = np.array([[1.0, 2.0, -1.0], [0.5, 1.0, 3.0], [2.0, 1.0, 1.0]])


def of_eigh(f):
    def function(x):
        w, v = np.linalg.eigh(0.5 * (x + h(x)))
        return np.sum(np.real(weight(x) * ((v * f(w)) @ h(v))))

    return function


def of_eig(f):
    def function(x):
        w, v = np.linalg.eig(x)
        return np.sum(np.real(weight(x) * ((v * f(w)) @ np.linalg.inv(v))))

    return function


def exponential(x):
    """What `of_eig` of np.exp is; beside a repeated eigenvalue there are defective matrices, where that fails."""
    return np.sum(np.real(weight(x) * expm(x)))


def of_svd(f):
    def function(x):
        u, s, vh = np.linalg.svd(x, full_matrices=False)
        return np.sum(np.real(weight(x) * ((u * f(s)[..., None, :]) @ vh)))

    return function


def weight(x):
    return np.vander(np.arange(1.0, x.shape[-2] + 1), x.shape[-1]) * ((1 + 0.3j) if x.dtype.kind == "c" else 1)


def of_both(f, g):
    """A function of two functions of a matrix, that is not linear in them."""

    def function(x):
        w, v = np.linalg.eigh(0.5 * (x + h(x)))
        first, second = (v * f(w)) @ h(v), (v * g(w)) @ h(v)
        return np.sum(np.real(first @ weight(x) @ second)) ** 2 + np.sum(w**3)

    return function


FAMILIES = {
    "exp": (of_eigh(np.exp), ([2.0, 2.0, 2.0, 2.0], [1.0, 1.0, 2.0, 2.0], [3.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0])),
    "itself": (of_eigh(lambda w: w), ([1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 1.0])),
    "both": (of_both(np.exp, np.sin), ([1.0, 1.0, 1.0, 1.0], [0.0, 0.0, 1.0, 1.0])),
    "eig": (of_eig(np.exp), ([1.0, 1.0, 2.0, 2.0], [0.0, 0.0, 0.0, 0.0])),
    "svd": (of_svd(lambda s: s / (1 + s * s)), ([2.0, 2.0, 2.0, 2.0], [3.0, 1.0, 1.0, 0.0], [3.0, 3.0, 0.0, 0.0])),
    "svd_itself": (of_svd(lambda s: s), ([2.0, 2.0, 2.0, 2.0], [3.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0])),
}
CASES = [pytest.param(f, w, id=f"{name}{w}") for name, (f, all_w) in FAMILIES.items() for w in all_w]


@BOTH
@pytest.mark.parametrize(("f", "values"), CASES)
def test_functions_of_matrices_with_repeated_values(f, values, complex):
    """Their derivative is there, whichever vectors LAPACK chooses, in each mode."""
    direction = matrix(4, 4, complex=complex)
    for a in (np.diag(values).astype(direction.dtype), spectral(values, complex)):
        expected = numeric_grad(exponential if f is FAMILIES["eig"][0] else f, a)
        along = np.sum(np.real(np.conj(expected) * direction))
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            np.testing.assert_allclose(grad_of(f, a), expected, rtol=1e-6, atol=1e-7)
            np.testing.assert_allclose(ga.grad(f)(a), expected, rtol=1e-6, atol=1e-7)
            np.testing.assert_allclose(ga.linearize(f, a)[1](direction), along, rtol=1e-6, atol=1e-7)
            x = ga.tensor(a)
            (g,) = ga.gradient(f(x), [x], create_graph=True)
            np.testing.assert_allclose(g.data, expected, rtol=1e-6, atol=1e-7)
            if f is not FAMILIES["eig"][0]:
                np.testing.assert_allclose(ga.jvp(f, (a,), (direction,))[1], along, rtol=1e-6, atol=1e-7)


@BOTH
@pytest.mark.parametrize("shape", [(4, 2), (2, 4), (5, 3), (3, 5)])
@pytest.mark.parametrize("rank", [0, 1, 2])
def test_singular_functions_of_matrices_without_full_rank(shape, rank, complex):
    a = matrix(shape[0], rank, complex=complex) @ matrix(rank, shape[1], complex=complex)
    f, direction = of_svd(lambda s: s + 0.2 * s**3), matrix(*shape, complex=complex)
    expected = numeric_grad(f, a)
    np.testing.assert_allclose(grad_of(f, a), expected, rtol=1e-6, atol=1e-7)
    along = np.sum(np.real(np.conj(expected) * direction))
    np.testing.assert_allclose(ga.jvp(f, (a,), (direction,))[1], along, rtol=1e-6, atol=1e-7)


@BOTH
def test_stacks_of_matrices_some_with_repeated_values(complex):
    a = np.array([spectral(w, complex) for w in ([1.0, 1.0, 2.0], [1.0, 2.0, 3.0], [2.0, 2.0, 2.0], [0.5, 0.0, 0.0])])
    direction = matrix(4, 3, 3, complex=complex)
    for f in (of_svd(lambda s: s / (1 + s * s)), of_svd(np.sin)):
        expected = numeric_grad(f, a)
        np.testing.assert_allclose(grad_of(f, a), expected, rtol=1e-6, atol=1e-7)
        along = np.sum(np.real(np.conj(expected) * direction))
        np.testing.assert_allclose(ga.jvp(f, (a,), (direction,))[1], along, rtol=1e-6, atol=1e-7)


def test_directions_that_separate_repeated_eigenvalues():
    """As they should where the matrix is not Hermitian: into real ones, or it may not be known how."""
    f = FAMILIES["eig"][0]
    a = np.diag([1.0, 1.0, 2.0])
    parts = np.diag([1.0, 2.0, 0.0]) + np.outer([1.0, 0.5, 2.0], [0.2, 0.1, 1.0])
    np.testing.assert_allclose(ga.jvp(f, (a,), (parts,))[1], np.sum(numeric_grad(exponential, a) * parts), rtol=1e-6)
    turns = np.eye(3, k=1) - np.eye(3, k=-1)
    if np.linalg.eig(a)[1].dtype.kind == "c":  # from NumPy 2.5 on, which has complex ones to give
        expected = np.sum(numeric_grad(exponential, a) * turns)
        np.testing.assert_allclose(ga.jvp(f, (a,), (turns,))[1], expected, atol=1e-8)
        return
    with pytest.warns(RuntimeWarning, match="np.linalg.eig: there are repeated eigenvalues.*nan"):
        assert np.isnan(ga.jvp(f, (a,), (turns,))[1])
    with pytest.warns(RuntimeWarning, match="np.linalg.eig"):
        assert ga.jvp(lambda x: np.sum(np.linalg.eigvals(x) ** 2), (a,), (turns,))[1] == 0


def test_second_derivatives_where_values_are_repeated():
    """Of functions of the values alone they are there; of what combines them with vectors they raise."""
    c = np.diag([1.0, 1.0, 2.0])
    d = C + C.T

    def values(x):
        return np.sum(np.linalg.eigvalsh(0.5 * (x + x.T)) ** 3)

    def exact(x):
        x = 0.5 * (x + x.T)
        return np.trace(x @ x @ x)

    expected = ga.hvp(exact, (c,), (d,))[0]
    np.testing.assert_allclose(ga.hvp(values, (c,), (d,))[0], expected, rtol=1e-12)
    x = ga.tensor(c)
    (g,) = ga.gradient(values(x), [x], create_graph=True)
    np.sum(g * d).backward()
    np.testing.assert_allclose(x.grad, expected, rtol=1e-12)
    np.testing.assert_allclose(ga.hessian(values)(c), ga.hessian(exact)(c), rtol=1e-12, atol=1e-12)

    f = of_eigh(np.exp)
    with pytest.raises(np.linalg.LinAlgError, match=r"np\.linalg\.eigh.*second derivative"):
        ga.hvp(f, (c,), (d,))
    (g,) = ga.gradient(f(x), [x], create_graph=True)
    with pytest.raises(np.linalg.LinAlgError, match=r"np\.linalg\.eigh.*second derivative"):
        np.sum(g * d).backward()
    with pytest.warns(RuntimeWarning, match="in several at once"):
        along = ga.jvp(lambda y: ga.jvp(f, (y,), (d,))[1], (c,), (d @ d,))[1]
    assert np.isnan(along)


def test_what_a_gradient_at_repeated_values_leaves_behind():
    """The graph is cleared, or kept, as always, and a second function of the same factors counts, too."""
    f = of_eigh(np.exp)
    x = ga.tensor(np.eye(3))
    y = x * 1.0
    z = f(y)
    z.backward(retain_graph=True)
    first = x.grad.copy()
    np.testing.assert_allclose(y.grad, first)
    x.null_grad()
    z.backward()
    np.testing.assert_allclose(x.grad, first, rtol=1e-13)
    assert z.creator is None
    with pytest.raises(ga.InvalidBackprop):
        z.backward()


@pytest.mark.parametrize(
    ("f", "a", "words"),
    [
        (lambda x: np.sum(np.linalg.eigh(x)[1][0]), np.eye(3), "np.linalg.eigh: there are repeated"),
        (lambda x: np.sum(np.linalg.eig(x)[1][0]), np.diag([1.0, 1.0, 2.0]), "np.linalg.eig: there are repeated"),
        (lambda x: np.sum(np.linalg.svd(x)[0][0]), np.eye(3), "np.linalg.svd: there are repeated"),
        (lambda x: np.sum(np.linalg.svd(x)[0][:, 2]), np.eye(4, 3) * [3, 2, 0], "np.linalg.svd: there are repeated"),
        (lambda x: np.sum(np.linalg.svd(x)[0][2, 2:]), np.eye(4, 2) * [3, 2], "np.linalg.svd: there are repeated"),
        (lambda x: np.sum(np.linalg.qr(x, "complete")[0]), C[:, :1] * 1.0, "np.linalg.qr: there are repeated"),
        (lambda x: np.sum(np.real(np.linalg.eigh(x)[1])), spectral([1.0, 2.0, 4.0], True), "np.linalg.eigh.*phases"),
        (lambda x: np.sum(np.real(np.linalg.svd(x)[0])), C + 1j * C.T, "np.linalg.svd.*phases"),
        (lambda x: np.sum(np.imag(np.linalg.eig(x)[1])), C + 1j * C.T, "np.linalg.eig.*phases"),
        (lambda x: np.sum(np.linalg.eigvals(x)), np.eye(3) + np.eye(3, k=1), "defective"),
        (lambda x: np.linalg.eig(x)[0][0], np.eye(2, k=1), "defective"),
        (lambda x: np.sum(np.linalg.qr(x)[1]), np.ones((3, 3)), "np.linalg.qr.*dependent"),
        (lambda x: np.sum(np.linalg.qr(x, "r")), np.ones((2, 3)), "np.linalg.qr.*dependent"),
        (lambda x: np.sum(np.linalg.lstsq(x, C)[3]), np.eye(3), "np.linalg.lstsq.*svdvals"),
        (lambda x: np.linalg.slogdet(x)[1], np.zeros((2, 2)), "Singular"),
    ],
)
def test_what_is_not_determined_raises(f, a, words):
    y = f(ga.tensor(a))
    with pytest.raises(np.linalg.LinAlgError, match=words):
        y.backward()


# Determinants


def cofactors(a):
    n = len(a)
    return np.array(
        [[(-1) ** (i + j) * np.linalg.det(np.delete(np.delete(a, i, 0), j, 1)) for j in range(n)] for i in range(n)]
    )


@BOTH
def test_determinant_of_singular_matrices(complex):
    for rank in range(4):
        a = matrix(4, rank, complex=complex) @ matrix(rank, 4, complex=complex)
        np.testing.assert_allclose(
            np.conj(grad_of(np.linalg.det, a)) if not complex else grad_of(lambda x: np.real(np.linalg.det(x)), a),
            np.conj(cofactors(a)),
            atol=1e-13,
        )
    exact = np.diag([1.0, 2.0, 0.0, 3.0])
    np.testing.assert_allclose(grad_of(np.linalg.det, exact), cofactors(exact), atol=1e-13)
    stack = np.array([exact, np.eye(4), np.zeros((4, 4)), np.ones((4, 4)), matrix(4, 4)])
    expected = [cofactors(m) for m in stack]
    np.testing.assert_allclose(grad_of(lambda x: np.sum(np.linalg.det(x)), stack), expected, atol=1e-13)
    large = np.zeros((9, 9))
    np.testing.assert_array_equal(grad_of(np.linalg.det, large), large)
    assert grad_of(np.linalg.det, exact.astype(np.float32)).dtype == np.float32


@pytest.mark.parametrize("rank", [0, 1, 2, 3])
def test_second_derivative_of_singular_determinants(rank):
    weight, a = matrix(3, 3), matrix(3, rank) @ matrix(rank, 3)
    if rank == 1:
        a = np.diag([2.0, 0.0, 0.0])

    def directional(x):
        return np.sum(weight * linalg._det(np.ones_like(x, shape=()), x, np.linalg.det(x)))

    r = grad_of(directional, a)
    numeric = numeric_grad(lambda x: np.sum(weight * cofactors(x)), a)
    np.testing.assert_allclose(r, numeric, atol=1e-8)


def test_condition_of_singular_matrices():
    stack = np.array([np.ones((2, 2)), np.diag([1.0, 2.0]), np.zeros((2, 2))])
    for p in (None, 1, -1, 2, -2, np.inf, -np.inf, "fro", "nuc"):
        x = ga.tensor(stack)
        with np.errstate(all="ignore"):
            y = np.linalg.cond(x, p)
            # of a matrix of nans, NumPy finds no nuclear norm
            expected = [np.inf, 4.5, np.inf] if p == "nuc" else np.linalg.cond(stack, p)
            np.testing.assert_allclose(y.data, expected, rtol=1e-10)
            y[1].backward()
        np.testing.assert_allclose(x.grad[1], grad_of(lambda a, p=p: np.linalg.cond(a, p), stack[1]))


# Containers, dtypes, options


def test_results_are_named_and_typed():
    a = matrix(3, 3)
    for fn in (np.linalg.svd, np.linalg.eig, np.linalg.eigh, np.linalg.qr, np.linalg.slogdet):
        expected, r = fn(a), fn(ga.tensor(a))
        assert type(r) is type(expected)
        for name in expected._fields:
            y = getattr(r, name)
            np.testing.assert_array_equal(y.data, getattr(expected, name))
            assert type(y) is ga.Tensor
    assert type(np.linalg.svd(ga.tensor(a), hermitian=True)) is type(np.linalg.svd(a))
    assert np.linalg.slogdet(ga.tensor(a)).sign.constant
    assert not np.linalg.slogdet(ga.tensor(a + 0j)).sign.constant
    x, resids, rank, s = np.linalg.lstsq(ga.tensor(a[:, :2]), a[:, 2])
    assert (rank, x.shape, resids.shape, s.shape) == (2, (2,), (1,), (2,))
    assert not isinstance(rank, ga.Tensor)
    assert np.linalg.lstsq(ga.tensor(a), a)[1].shape == (0,)


def test_constants_have_no_gradient():
    a = ga.tensor(matrix(3, 3), constant=True)
    for fn in (np.linalg.svdvals, np.linalg.eigvals, np.linalg.eigvalsh, np.linalg.det, np.linalg.cond):
        y = fn(a)
        assert y.constant
        np.testing.assert_array_equal(y.data, fn(a.data))


def test_empty_matrices():
    for shape in ((0, 3), (3, 0), (0, 0)):
        a = np.zeros(shape)
        for ord in (None, "fro", "nuc", 2, 1, np.inf):
            assert np.linalg.norm(ga.tensor(a), ord).data == 0
        for fn in (np.linalg.pinv, np.linalg.svdvals, lambda x: np.linalg.qr(x)[1], lambda x: np.linalg.svd(x)[0]):
            x = ga.tensor(a)
            y = fn(x)
            assert y.shape == fn(a).shape
            np.sum(y).backward()
            assert x.grad.shape == shape
        with pytest.raises(np.linalg.LinAlgError, match="empty"):
            np.linalg.cond(ga.tensor(a))
    assert np.linalg.lstsq(ga.tensor(np.zeros((0, 3))), np.zeros(0))[0].shape == (3,)


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.linalg.norm(x, 3),
        lambda x: np.linalg.norm(x, "nuc", axis=0),
        lambda x: np.linalg.norm(x, axis=(0, -2)),
        lambda x: np.linalg.norm(x, axis=(0, 1, 0)),
        lambda x: np.linalg.multi_dot([x]),
        lambda x: np.linalg.multi_dot([x, x[None], x]),
        lambda x: np.linalg.outer(x, x),
        lambda x: np.linalg.cross(x[:, :2], x[:, :2]),
        lambda x: np.linalg.matrix_transpose(x[0]),
        lambda x: np.linalg.matrix_power(x[:2], 2),
        lambda x: np.linalg.matrix_power(x, 0.5),
        lambda x: np.linalg.tensorsolve(x[:2], x[0]),
        lambda x: np.linalg.tensorinv(x, ind=0),
        lambda x: np.linalg.cond(x[0]),
        lambda x: np.linalg.cond(x[:2], 1),
        lambda x: np.linalg.pinv(x, rcond=1e-3, rtol=1e-3),
        lambda x: np.linalg.det(x[:2]),
    ],
)
def test_errors_are_those_of_numpy(call):
    a = matrix(3, 3)
    with pytest.raises(Exception) as expected:  # noqa: PT011
        call(a)
    with pytest.raises(expected.type):
        call(ga.tensor(a))


def test_views_are_shared():
    x = ga.tensor(matrix(3, 3))
    assert np.shares_memory(np.linalg.diagonal(x), x)
    assert np.shares_memory(np.linalg.matrix_transpose(x), x)
    assert np.linalg.matrix_transpose(x).base is x
