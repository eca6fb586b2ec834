"""What no row of the catalogue can say of `scipy.linalg`: overwriting, structure, cost, and a fit."""

import time

import numpy as np
import pytest
from scipy import linalg

import gradarray as ga
from gradarray.interop import scipy_linalg_factors
from gradarray.rules import decompositions

rng = np.random.default_rng(0)
A = rng.uniform(-1, 1, (4, 4)) + 4 * np.eye(4)
B = rng.uniform(-1, 1, (4, 2))
SPD = A @ A.T
# so that small matrices have several blocks
SIZES = [(decompositions, "BLOCK", 2), (scipy_linalg_factors, "_BLOCK", 2)]


def of(f, *arrays):
    """The gradients of the sum of ``f``, in wrapped context."""
    return ga.grad(lambda *xs: np.sum(f(*xs)), tuple(range(len(arrays))))(*arrays)


@pytest.mark.parametrize(
    "call",
    [
        lambda a, b: linalg.solve(a, b, overwrite_a=True, overwrite_b=True),
        lambda a, b: linalg.solve_triangular(a, b, overwrite_b=True),
        lambda a, b: linalg.inv(a, overwrite_a=True) @ b,
        lambda a, b: linalg.det(a, overwrite_a=True) * b,
        lambda a, b: linalg.lstsq(a, b, overwrite_a=True, overwrite_b=True)[0],
        lambda a, b: linalg.cholesky(a, overwrite_a=True) @ b,
        lambda a, b: linalg.cho_solve(linalg.cho_factor(a, overwrite_a=True), b, overwrite_b=True),
        lambda a, b: linalg.lu_solve(linalg.lu_factor(a, overwrite_a=True), b, overwrite_b=True),
        lambda a, b: linalg.lu(a, overwrite_a=True)[2] @ b,
        lambda a, b: linalg.qr(a, overwrite_a=True)[1] @ b,
        lambda a, b: linalg.svd(a, overwrite_a=True, compute_uv=False)[:, None] * b,
        lambda a, b: linalg.eigh(a, overwrite_a=True, eigvals_only=True)[:, None] * b,
    ],
)
def test_nothing_is_overwritten(call):
    """The memory of a Tensor stays as it is, though SciPy is allowed to use it."""
    a, b = ga.tensor(np.array(SPD, order="F")), ga.tensor(np.array(B, order="F"))
    with ga.wrapping():
        y = call(a, b)
    assert (a.data == SPD).all()
    assert (b.data == B).all()
    (np.sum(y) + np.sum(a * a)).backward()
    assert np.isfinite(a.grad).all()


def test_what_is_not_read_gets_no_gradient():
    (ga_upper,) = of(lambda a: linalg.solve_triangular(a, B), A)
    assert (np.tril(ga_upper, -1) == 0).all()
    (ga_unit,) = of(lambda a: linalg.solve_triangular(a, B, lower=True, unit_diagonal=True), A)
    assert (np.triu(ga_unit) == 0).all()
    (ga_diagonal,) = of(lambda a: linalg.solve(a, B, assume_a="diagonal"), A)
    assert (ga_diagonal[~np.eye(4, dtype=bool)] == 0).all()
    ab = rng.uniform(1, 2, (3, 5)) + 5 * np.array([[0], [1], [0]])
    (ga_band,) = of(lambda ab: linalg.solve_banded((1, 1), ab, np.ones(5)), ab)
    assert ga_band[0, 0] == 0
    assert ga_band[2, -1] == 0


@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize(
    "f",
    [
        lambda a, n: linalg.cholesky(a, lower=n),
        lambda a, n: linalg.eigh(a, lower=n, eigvals_only=True),
        lambda a, n: linalg.eigvalsh(a, SPD, lower=n),
        lambda a, n: linalg.solve(a, B, lower=n, assume_a="pos"),
        lambda a, n: linalg.pinvh(a, lower=n),
    ],
)
def test_one_triangle_is_read_and_both_get_the_gradient(f, lower):
    whole, half = (of(lambda a: f(a, lower), m)[0] for m in (SPD, np.tril(SPD) if lower else np.triu(SPD)))
    np.testing.assert_allclose(whole, whole.T, atol=1e-12 * np.abs(whole).max())
    np.testing.assert_allclose(half, whole, rtol=1e-9, atol=1e-12 * np.abs(whole).max())


def test_a_real_matrix_in_a_complex_equation():
    """Its eigenvalues are complex; SciPy's own answer to the mixture leaves a residual."""
    a = np.array([[1.0, 2.0], [-2.0, 1.0]])
    b, q = (rng.uniform(1, 2, (2, 2)) + 1j * rng.uniform(-1, 1, (2, 2)) for _ in range(2))
    with ga.wrapping():
        x = linalg.solve_sylvester(ga.tensor(a), b, q).data
        y = linalg.solve_continuous_lyapunov(ga.tensor(a), q).data
    np.testing.assert_allclose(a @ x + x @ b, q, atol=1e-13)
    np.testing.assert_allclose(a @ y + y @ a.T, q, atol=1e-13)


def test_stacks_come_as_scipy_gives_them():
    stack = np.stack([SPD, A])
    with ga.wrapping():
        for f in (linalg.svd, linalg.qr, linalg.lu_factor, linalg.eig, linalg.polar):
            assert type(f(ga.tensor(stack))) is type(f(stack))
            assert type(f(ga.tensor(SPD))) is type(f(SPD))


def test_equal_eigenvalues():
    """Of values and vectors that go together there is a derivative, of one of the vectors there is none."""
    np.testing.assert_allclose(of(lambda a: linalg.eigvalsh(a), np.eye(3))[0], np.eye(3), atol=1e-14)
    (g,) = of(lambda a: (f := linalg.eigh(a))[1] @ f[1].T, np.eye(3))
    np.testing.assert_allclose(g, 0, atol=1e-14)
    with pytest.raises(np.linalg.LinAlgError, match=r"scipy.linalg.eigh.*repeated"):
        of(lambda a: linalg.eigh(a)[1][0, 1], np.eye(3))


def test_power_by_its_exponent():
    """d a^t = a^t log(a) dt."""
    t = 0.7
    expected = np.sum(linalg.fractional_matrix_power(SPD, t) @ linalg.logm(SPD))
    np.testing.assert_allclose(of(lambda t: linalg.fractional_matrix_power(SPD, t), np.array(t))[0], expected)


@pytest.mark.parametrize("n", [4, 40])
def test_expm_frechet_agrees(n):
    """The gradient of <e, exp(a)> is L(a^T, e), for matrices of either size that is treated by itself."""
    a, e = rng.normal(size=(2, n, n)) / np.sqrt(n)
    (g,) = of(lambda a: e * linalg.expm(a), a)
    np.testing.assert_allclose(g, linalg.expm_frechet(a.T, e, compute_expm=False), atol=1e-12)


def test_banded_equations_stay_banded():
    """A gradient takes memory and time by the band, not by the matrix."""
    n = 200_000
    ab = np.ones((3, n)) + np.array([[0], [4], [0]])
    start = time.perf_counter()
    g_ab, g_b = of(lambda ab, b: linalg.solve_banded((1, 1), ab, b), ab, np.ones(n))
    assert time.perf_counter() - start < 5
    assert g_ab.shape == ab.shape
    np.testing.assert_allclose(g_b[n // 2], 1 / 7, rtol=1e-12)


def test_rates_of_a_linear_system_from_samples():
    """Three compartments, x' = a x: the rates of exchange and of loss from what is seen at some times, by Newton."""
    times = np.linspace(0.2, 3.0, 12)
    start = np.array([1.0, 0.2, 0.0])
    true = np.array([0.8, 0.3, 0.5, 0.1, 0.4])

    def matrix(rates):
        k12, k21, k23, k32, loss = rates
        zero = np.zeros_like(k12)
        return np.array(
            [[-k12, k21, zero], [k12, -k21 - k23, k32], [zero, k23, -k32 - loss]],
        )

    def seen(rates):
        return linalg.expm(times[:, None, None] * matrix(rates)) @ start

    data = seen(true)

    def misfit(logs):
        return np.sum((seen(np.exp(logs)) - data) ** 2)

    logs = np.log(np.full(5, 0.4))
    value, gradient, hessian = misfit, ga.grad(misfit), ga.hessian(misfit)
    damping = 1e-2
    for _ in range(60):
        step = np.linalg.solve(hessian(logs) + damping * np.eye(5), gradient(logs))
        better = value(logs - step) < value(logs)
        logs, damping = (logs - step, damping / 4) if better else (logs, damping * 8)
        if np.abs(step).max() < 1e-12:
            break
    np.testing.assert_allclose(np.exp(logs), true, rtol=1e-7)
    assert value(logs) < 1e-20


@pytest.mark.parametrize("dtype", [float, complex])
@pytest.mark.parametrize("upper", [False, True])
def test_cholesky_of_several_blocks(monkeypatch, dtype, upper):
    rng = np.random.default_rng(0)
    a = rng.normal(size=(2, 9, 9)).astype(dtype)
    a = a + 1j * rng.normal(size=a.shape) if dtype is complex else a
    weights = rng.normal(size=a.shape)

    def loss(a):
        m = a @ np.conj(np.swapaxes(a, -1, -2)) + np.eye(9)
        c = np.stack([np.linalg.cholesky(m[0], upper=upper), linalg.cholesky(m[1], lower=not upper)])
        packed = linalg.cho_factor(m[0], lower=upper)[0]
        return np.sum(weights * (np.real(c) + 3 * np.imag(c)) ** 3) + np.sum(np.sin(np.real(packed)))

    def slopes():
        first = ga.grad(loss)
        second = ga.grad(lambda a: np.sum(np.real(weights * first(a))))(a), ga.hvp(loss, [a], [a])[0]
        return first(a), *second, ga.jvp(loss, [a], [weights])[1]

    whole = slopes()
    for module, name, size in SIZES:
        monkeypatch.setattr(module, name, size)
    for found, expected in zip(slopes(), whole, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8 * np.max(np.abs(expected)))


@pytest.mark.parametrize("shape", [(9, 9), (9, 5), (5, 9)])
def test_lu_of_several_blocks(monkeypatch, shape):
    a = np.random.default_rng(0).normal(size=shape)

    def loss(a):
        return np.sum(np.sin(linalg.lu_factor(a)[0])) + np.sum(np.cos(linalg.lu(a, permute_l=True)[0]))

    def slopes():
        first = ga.grad(loss)
        return first(a), ga.grad(lambda a: np.sum(np.sin(first(a))))(a)

    whole = slopes()
    for module, name, size in SIZES:
        monkeypatch.setattr(module, name, size)
    for found, expected in zip(slopes(), whole, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-8 * np.max(np.abs(expected)))


@pytest.mark.parametrize("shape", [(200, 200), (150, 200), (200, 150)])
def test_factors_of_many_rows(shape):
    rng = np.random.default_rng(0)
    a, direction = rng.normal(size=shape) + 30 * np.eye(*shape), rng.normal(size=shape)

    def loss(a):
        m = a @ a.T + np.eye(len(a))
        return np.sum(np.sin(linalg.lu_factor(a)[0])) + np.sum(np.cos(linalg.cho_factor(m)[0]) + linalg.cholesky(m))

    slope = (loss(a + 1e-5 * direction) - loss(a - 1e-5 * direction)) / 2e-5
    np.testing.assert_allclose(np.sum(ga.grad(loss)(a) * direction), slope, rtol=1e-6)


@pytest.mark.parametrize("order", ["C", "F"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_determinant_from_its_factors(dtype, order):
    a = np.random.default_rng(0).normal(size=(2, 6, 6))
    a = (a[0] + 1j * a[1] if dtype is np.complex128 else a[0]).astype(dtype, order=order)
    seen = []

    def loss(a):
        det = linalg.det(a)
        seen.append(ga.stop_gradient(det))
        return np.real(det)

    found, det = ga.grad(loss)(a), linalg.det(a)
    rough = dtype is np.float32
    assert found.dtype == dtype
    np.testing.assert_allclose(seen[0].data, det, rtol=1e-6 if rough else 1e-14)
    np.testing.assert_allclose(found, np.conj(det * np.linalg.inv(a).T), rtol=1e-4 if rough else 1e-10)


def test_determinant_without_inverse():
    a = np.diag([1.0, 2.0, 0.0, 3.0])
    np.testing.assert_allclose(ga.grad(linalg.det)(a), np.diag([0.0, 0.0, 6.0, 0.0]), atol=1e-13)
    with pytest.raises(ValueError, match="infs or NaNs"):
        ga.grad(linalg.det)(np.full((2, 2), np.nan))


FUNCTIONS = {
    "eigh": lambda a: (r := linalg.eigh(a), (r[1] * np.exp(r[0])) @ r[1].T)[1],
    "eig": lambda a: (r := linalg.eig(a), np.real((r[1] * np.exp(r[0])) @ linalg.inv(r[1])))[1],
    "eigh_of_two": lambda a: (r := linalg.eigh(a @ MASSES, MASSES), MASSES @ (r[1] * np.exp(r[0])) @ r[1].T)[1],
}
MASSES = np.diag([1.0, 2.0, 3.0])


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_of_matrices_with_repeated_eigenvalues(name):
    weight, direction = np.random.default_rng(0).normal(size=(2, 3, 3))
    direction = direction + direction.T if name == "eigh" else direction * (name != "eigh_of_two")
    f = lambda a: np.sum(weight * FUNCTIONS[name](0.5 * (a + a.T) if name == "eigh" else a))  # noqa: E731
    a = 1.5 * np.eye(3)
    # the derivative of expm in any direction, at a multiple of the identity
    expected = np.exp(1.5) * (0.5 * (weight + weight.T) if name == "eigh" else weight)
    if name == "eigh_of_two":  # the pencil is symmetric only along a few directions
        expected, direction = np.diag(np.diag(expected)), np.diag([1.0, 2.0, -1.0])
        np.testing.assert_allclose(np.diag(ga.grad(f)(a)), np.diag(expected), rtol=1e-9)
        with pytest.raises(np.linalg.LinAlgError, match=r"scipy\.linalg\.eigh.*limit"):
            ga.jvp(f, (a,), (direction,))
        return
    np.testing.assert_allclose(ga.grad(f)(a), expected, rtol=1e-9)
    np.testing.assert_allclose(ga.jvp(f, (a,), (direction,))[1], np.sum(expected * direction), rtol=1e-9)


def test_singular_functions_of_matrices_without_full_rank():
    weight, direction = np.random.default_rng(0).normal(size=(2, 3, 3))

    def f(a):
        u, s, vh = linalg.svd(a)
        return np.sum(weight * ((u * np.sin(s)) @ vh))

    a = np.diag([2.0, 2.0, 0.0])
    steps = 1e-5 * np.eye(9).reshape(9, 3, 3)
    expected = np.reshape([(f(a + step) - f(a - step)) / 2e-5 for step in steps], (3, 3))
    np.testing.assert_allclose(ga.grad(f)(a), expected, atol=1e-8)
    np.testing.assert_allclose(ga.jvp(f, (a,), (direction,))[1], np.sum(expected * direction), atol=1e-8)
