"""Sparse matrices and Tensors: what no row of the catalogue can say."""

import numpy as np
import pytest
from scipy import sparse
from scipy.sparse import linalg

import gradarray as ga
from gradarray.interop import sparse_matmul, sparse_solve

A = sparse.csr_array([[2.0, 1.0, 0.0], [0.0, 3.0, 0.5], [1.0, 0.0, 4.0]])


def test_plain_code_is_as_outside():
    """What is made and used without Tensors holds plain arrays, since compiled code takes nothing else."""

    def program():
        a = sparse.lil_array((4, 4))
        a.setdiag([4.0, 5.0, 6.0, 7.0])
        a[0, 1] = 1.0
        a = a.tocsc()
        b = sparse.diags_array([1.0, 2.0, 3.0], offsets=1).tocoo() + sparse.eye_array(4)
        c = sparse.block_diag([a, b]).tocsr()[1:6, 1:6] @ sparse.kron(sparse.eye_array(5), [[2.0]])
        return (
            *(c.toarray(), c.sum(axis=0), linalg.spsolve(a, [1.0, 2.0, 3.0, 4.0]), linalg.norm(a)),
            *(linalg.eigsh(a + a.T, 1, v0=[1.0, 2.0, 3.0, 4.0])[0], linalg.splu(a).solve(a.diagonal()), c.max()),
            *(linalg.cg(a @ a.T, a.diagonal())[0], linalg.aslinearoperator(b).matvec(a.diagonal()), a.data),
        )

    with ga.wrapping():
        inside = program()
    for x, y in zip(program(), inside, strict=True):
        assert type(x) is type(y)
        np.testing.assert_allclose(x, y, rtol=1e-14)


def test_a_tensor_before_a_sparse_matrix():
    """Through SciPy's own methods; the operator of a Tensor does not know sparse matrices."""
    t = ga.tensor(np.arange(6.0).reshape(2, 3))
    with ga.wrapping():
        y = A.__rmatmul__(t)
    np.testing.assert_array_equal(y.data, t.data @ A.toarray())
    y.backward()
    np.testing.assert_array_equal(t.grad, np.ones((2, 3)) @ A.toarray().T)


def test_helpers_work_everywhere():
    data, x = ga.tensor(A.data), ga.tensor([1.0, 2.0, 3.0])
    y = sparse_matmul(data, A.indices, A.indptr, A.shape, x)
    np.testing.assert_array_equal(y.data, A @ x.data)
    z = sparse_solve(data, A.indices, A.indptr, A.shape, y)
    np.testing.assert_allclose(z.data, x.data)
    z.sum().backward()
    np.testing.assert_allclose(x.grad, np.ones(3))
    np.testing.assert_allclose(data.grad, np.zeros(6), atol=1e-14)
    assert type(sparse_matmul(A.data, A.indices, A.indptr, A.shape, x.data)) is np.ndarray
    wide = sparse_solve([1, 2, 4], [0, 1, 1], [0, 2, 3], (2, 2), np.eye(2))
    np.testing.assert_array_equal(wide, [[1, -0.5], [0, 0.25]])


def test_helpers_have_all_orders():
    x = np.array([1.0, 2.0, 3.0])

    def f(d):
        return np.sum(sparse_solve(d, A.indices, A.indptr, A.shape, x) ** 2)

    def dense(d):
        a = np.zeros(9)
        a[[0, 1, 4, 5, 6, 8]] = d[[0, 1, 2, 3, 4, 5]]
        return np.sum(np.linalg.solve(a.reshape(3, 3), x) ** 2)

    d, v = A.data, np.cos(np.arange(6.0))
    third = [ga.jvp(lambda d, g=g: ga.hvp(g, [d], [v])[0], [d], [v])[1] for g in (f, lambda d: dense(np.stack([*d])))]
    np.testing.assert_allclose(third[0], third[1], rtol=1e-10)


def test_zeros_among_the_values_have_gradients():
    d = ga.tensor([0.0, 2.0, 3.0])
    with ga.wrapping():
        a = sparse.coo_array((d, ([0, 1, 1], [1, 0, 1]))).tocsr()
        assert a.nnz == 3
        (a @ np.array([1.0, 10.0])).sum().backward()
    np.testing.assert_array_equal(d.grad, [10, 1, 10])


def test_values_are_plain_data_afterwards():
    d = ga.tensor([1.0, 2.0])
    with ga.wrapping():
        a = sparse.csr_array((d, ([0, 1], [1, 0])))
    assert type(a.data) is ga.Tensor
    assert type(a) is sparse.csr_array
    assert a.indices.dtype == sparse.csr_array(([1.0, 2.0], ([0, 1], [1, 0]))).indices.dtype
    assert a.shape == (2, 2)


def test_operators_with_a_transpose_of_their_own():
    t = ga.tensor([1.0, 2.0, 3.0])
    op = linalg.LinearOperator((3, 3), matvec=lambda v: A @ v, rmatvec=lambda v: A.T @ v, dtype=float)
    with ga.wrapping():
        x, info = linalg.gmres(op, t, rtol=1e-14)
    assert info == 0
    x.backward()
    np.testing.assert_allclose(t.grad, np.linalg.solve(A.toarray().T, np.ones(3)))


# Fits

N = 12
FORCE = np.sin(np.arange(1.0, N + 1)) + 1.5


def temperatures(conductivity):
    """Of a rod whose ends are cooled, heated within; a value of the conductivity between any two of its points."""
    k = conductivity
    a = sparse.diags_array([k[:-1] + k[1:], -k[1:-1], -k[1:-1]], offsets=[0, 1, -1], format="csc")
    return linalg.spsolve(a, FORCE)


def test_conductivities_are_recovered():
    truth = 1 + 0.5 * np.sin(np.linspace(0, 3, N + 1)) ** 2
    measured = temperatures(truth)

    def residual(p):
        return np.append(temperatures(np.exp(p)) - measured, 1e-9 * p)

    optimize = pytest.importorskip("scipy.optimize")
    found = optimize.least_squares(residual, np.zeros(N + 1), jac=ga.jacobian(residual), xtol=1e-15, gtol=1e-14)
    # a rod that is cooled at both ends leaves one combination of the conductivities open
    np.testing.assert_allclose(temperatures(np.exp(found.x)), measured, rtol=1e-7)

    held = np.log(truth[0])

    def pinned(p):
        return temperatures(np.exp(np.append(held, p))) - measured

    found = optimize.least_squares(pinned, np.zeros(N), jac=ga.jacobian(pinned), xtol=1e-15, gtol=1e-14)
    np.testing.assert_allclose(np.exp(found.x), truth[1:], rtol=1e-6)


def test_the_adjoint_costs_a_solve():
    """Of many unknowns: the gradient by all conductivities at once, against differences in one direction."""
    n = 3000
    rng = np.random.default_rng(0)
    k, d = rng.uniform(1, 2, n + 1), rng.normal(size=n + 1)

    def energy(k):
        a = sparse.diags_array([k[:-1] + k[1:] + 1, -k[1:-1], -k[1:-1]], offsets=[0, 1, -1], format="csc")
        return np.sum(linalg.spsolve(a, np.ones(n)) ** 2) / n

    numeric = (energy(k + 1e-6 * d) - energy(k - 1e-6 * d)) / 2e-6
    assert np.isclose(ga.grad(energy)(k) @ d, numeric, rtol=1e-5)
