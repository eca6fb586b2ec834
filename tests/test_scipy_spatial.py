"""Distances and rotations: fits, singular points, costs, what stays SciPy's."""

import numpy as np
import pytest
from scipy import spatial
from scipy.spatial import distance
from scipy.spatial.transform import Rotation

import gradarray as ga

NEW = pytest.mark.skipif(not hasattr(Rotation, "shape"), reason="rotations are Python code from SciPy 1.17 on")


def test_places_from_distances():
    """Points are found again, up to a motion, from the distances between them."""
    rng = np.random.default_rng(0)
    points = rng.normal(size=(8, 2))
    given = distance.pdist(points)
    loss = ga.value_and_grad(lambda x: np.sum((distance.pdist(x) - given) ** 2))
    x = points + 0.2 * rng.normal(size=points.shape)
    for _ in range(600):
        value, slope = loss(x)
        x = x - 0.05 * slope
    assert value < 1e-12
    np.testing.assert_allclose(spatial.procrustes(points, x)[2], 0, atol=1e-12)


@NEW
def test_a_rotation_from_vectors():
    rng = np.random.default_rng(1)
    before, turn = rng.normal(size=(6, 3)), np.array([0.3, -0.8, 0.5])
    after = Rotation.from_rotvec(turn).apply(before)
    slope = ga.grad(lambda x: np.mean((Rotation.from_rotvec(x).apply(before) - after) ** 2))
    x = np.zeros(3)
    for _ in range(400):
        x = x - 0.3 * slope(x)
    np.testing.assert_allclose(x, turn, atol=1e-8)


@pytest.mark.parametrize("metric", ["euclidean", "cityblock", "chebyshev", "minkowski", "canberra", "mahalanobis"])
def test_coinciding_points(metric):
    """The gradient of a distance of 0 is 0."""
    options = {"VI": np.eye(2)} if metric == "mahalanobis" else {}
    x = ga.tensor([[1.0, 2.0], [1.0, 2.0], [3.0, 5.0]])
    with ga.wrapping():
        distance.pdist(x, metric, **options).sum().backward()
    np.testing.assert_allclose(x.grad[0], x.grad[1])
    assert np.isfinite(x.grad).all()


@pytest.mark.parametrize("metric", ["cityblock", "chebyshev", "canberra", "braycurtis", "minkowski", "jensenshannon"])
def test_a_point_among_many(metric):
    """The derivative by a point, where those of many are found some at a time, is that by it alone."""
    rng = np.random.default_rng(4)
    options = {"p": 3} if metric == "minkowski" else {}
    x, y, g = rng.random((300, 4)), rng.random((100, 4)), rng.normal(size=(300, 100))
    x[:50, 1] = y[:50, 1]
    found = ga.grad(lambda x, y, g: np.sum(g * distance.cdist(x, y, metric, **options)), (0, 1))
    among, others = found(x, y, g)
    for k in (0, 150, 299):
        np.testing.assert_allclose(among[k], found(x[k : k + 1], y, g[k : k + 1])[0][0], rtol=1e-12)
    np.testing.assert_allclose(others[7], found(x, y[7:8], g[:, 7:8])[1][0], rtol=1e-12)


METRICS = ("euclidean", "sqeuclidean", "cityblock", "chebyshev", "canberra", "braycurtis", "cosine", "jensenshannon")


@pytest.mark.parametrize("metric", METRICS)
def test_pairs_among_themselves(metric):
    """The derivative by points, of the distances among them, is that by both of each two; equal coordinates too."""
    rng = np.random.default_rng(7)
    x, g = rng.random((40, 3)), rng.normal(size=780)
    x[:9, 1] = x[9:18, 1]
    found = ga.grad(lambda x: np.sum(g * distance.pdist(x, metric)))(x)
    weights = np.triu(distance.squareform(g))
    sides = ga.grad(lambda x, y: np.sum(weights * distance.cdist(x, y, metric)), (0, 1))(x, x.copy())
    np.testing.assert_allclose(found, sides[0] + sides[1], rtol=1e-10, atol=1e-12)


def test_equal_coordinates():
    """Cityblock distances have the subgradient 0 there."""
    rng = np.random.default_rng(5)
    x, y, g = rng.integers(0, 3, (20, 3)) / 1, rng.integers(0, 3, (30, 3)) / 1, rng.normal(size=(20, 30))
    slope = ga.grad(lambda x: np.sum(g * distance.cdist(x, y, "cityblock")))(x)
    np.testing.assert_allclose(slope, np.einsum("ij,ijk->ik", g, np.sign(x[:, None] - y)), rtol=1e-12)


def test_the_buffer_of_numpy_is_restored():
    before = np.getbufsize()
    ga.grad(lambda x: np.sum(distance.pdist(x, "canberra")))(np.random.default_rng(6).random((5, 3)))
    assert np.getbufsize() == before


def test_chebyshev_ties_share():
    x = ga.tensor([[0.0, 0.0]])
    with ga.wrapping():
        distance.cdist(x, [[1.0, -1.0]], "chebyshev").sum().backward()
    np.testing.assert_array_equal(x.grad, [[-0.5, 0.5]])


def test_far_from_the_origin():
    """Gradients do not suffer from where the origin is."""
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(5, 3)), rng.normal(size=(6, 3))
    slope = ga.grad(lambda a, b: distance.cdist(a, b).sum())
    np.testing.assert_allclose(slope(a + 1e8, b + 1e8), slope(a, b), rtol=1e-6)


def test_out_and_plain_arrays():
    a = np.arange(6.0).reshape(3, 2)
    out = ga.tensor(np.zeros((3, 3)))
    x = ga.tensor(a)
    with ga.wrapping():
        assert distance.cdist(x, a, out=out) is out
        assert type(distance.cdist(a, a)) is np.ndarray
    np.testing.assert_array_equal(out.data, distance.cdist(a, a))


def test_functions_of_python_code_keep_their_names():
    assert distance.cdist.__module__ == "scipy.spatial.distance"
    with ga.wrapping():
        assert distance.cdist.__name__ == "cdist"


@NEW
def test_plain_rotations_stay_what_they_are():
    with ga.wrapping():
        turned = Rotation.from_rotvec([0.1, 0.2, 0.3])
        assert type(turned.as_matrix()) is np.ndarray
    np.testing.assert_array_equal(turned.as_matrix(), Rotation.from_rotvec([0.1, 0.2, 0.3]).as_matrix())


@NEW
def test_matrices_are_projected_on_rotations():
    """What does not keep a matrix orthogonal changes its rotation as that of the nearest one."""
    m = Rotation.from_rotvec([0.3, -0.8, 0.5]).as_matrix()
    jacobian = ga.jacobian(lambda m: Rotation.from_matrix(m).as_rotvec())(m)
    for i, j in np.ndindex(3, 3):
        d = 1e-5 * (np.arange(9) == 3 * i + j).reshape(3, 3)
        numeric = (Rotation.from_matrix(m + d).as_rotvec() - Rotation.from_matrix(m - d).as_rotvec()) / 2e-5
        np.testing.assert_allclose(jacobian[:, i, j], numeric, atol=1e-8)


def test_neighbours():
    rng = np.random.default_rng(3)
    points, at = rng.normal(size=(20, 2)), rng.normal(size=(3, 2))
    tree = spatial.KDTree(points)
    near, place = tree.query(at)
    slope = ga.grad(lambda x: tree.query(x)[0].sum())(at)
    np.testing.assert_allclose(slope, (at - points[place]) / near[:, None])


def test_neighbours_of_moving_points():
    """The sets of neighbours are those of the plain points; a point's distance from itself has the subgradient 0."""
    points = np.random.default_rng(3).random((9, 3))
    plain, points = spatial.KDTree(points), ga.tensor(points)
    with ga.wrapping():
        tree = spatial.KDTree(points)
        assert isinstance(tree, spatial.KDTree)
        assert tree.query_pairs(0.5) == plain.query_pairs(0.5)
        assert tree.query_ball_point(points[0], 0.5) == plain.query_ball_point(points.data[0], 0.5)
        assert tree.query_ball_tree(plain, 0.5) == plain.query_ball_tree(plain, 0.5)
        near, places = tree.query(points, 2)
        energy = np.sum(near)
        direct = np.sum(np.linalg.norm(tree.data - tree.data[places[:, 1]], axis=1))
    assert type(places) is np.ndarray
    np.testing.assert_array_equal(near.data, plain.query(points.data, 2)[0])
    energy.backward(retain_graph=True)
    gradient = points.grad.copy()
    direct.backward()
    np.testing.assert_allclose(points.grad, gradient, atol=1e-14)


@pytest.mark.parametrize("metric", ["cityblock", "canberra", "braycurtis"])
def test_a_coordinate_that_is_nan(metric):
    """What depends on it is nan, and nothing else."""
    x, y = np.array([[1.0, np.nan], [3.0, 1.0]]), np.array([[2.0, 5.0]])
    with np.errstate(invalid="ignore"):
        g = ga.grad(lambda x: np.sum(distance.cdist(x, y, metric)))(x)
    assert np.isnan(g[0, 1])
    np.testing.assert_allclose(g[1], ga.grad(lambda x: np.sum(distance.cdist(x, y, metric)))(x[1:])[0])
