"""``scipy.ndimage`` where a row of the catalogue cannot say it, and images aligned by gradients."""

import numpy as np
import pytest
from scipy import ndimage, optimize

import gradarray as ga
from gradarray.registry import dispatched

rng = np.random.default_rng(0)
IMAGE = ndimage.gaussian_filter(rng.normal(size=(40, 36)), 3, mode="wrap") * 10


def aligned(f, target, start):
    """The parameters with which ``f`` gives the image ``target``."""

    def loss(p):
        with ga.wrapping():
            return np.sum((f(p) - target)[6:-6, 6:-6] ** 2)

    found = optimize.minimize(ga.value_and_grad(loss), start, jac=True, method="BFGS", options={"gtol": 1e-8})
    return found.x


def test_image_aligned_by_a_shift():
    true = np.array([1.3, -0.7])
    found = aligned(lambda p: ndimage.shift(IMAGE, p), ndimage.shift(IMAGE, true), np.zeros(2))
    np.testing.assert_allclose(found, true, atol=1e-6)


def test_image_aligned_by_an_affine_map():
    true = np.array([1.02, 0.05, -0.04, 0.97, -0.8, 1.1])
    map_of = lambda p: ndimage.affine_transform(IMAGE, np.reshape(p[:4], (2, 2)), p[4:])  # noqa: E731
    found = aligned(map_of, map_of(true), np.array([1.0, 0, 0, 1, 0, 0]))
    np.testing.assert_allclose(found, true, atol=1e-6)


def test_angle_and_blur_of_an_image():
    f = lambda p: ndimage.gaussian_filter(ndimage.rotate(IMAGE, p[0], reshape=False), p[1], radius=6)  # noqa: E731
    found = aligned(f, f(np.array([4.0, 1.2])), np.array([0.0, 0.8]))
    np.testing.assert_allclose(found, [4.0, 1.2], atol=1e-5)


@pytest.mark.parametrize("mode", ["constant", "nearest", "reflect"])
def test_many_places(mode):
    """The derivatives by many places, which are found some at a time, are those by each part of them."""
    at, g = rng.uniform(-5, 45, (2, 40_000)), rng.normal(size=40_000)
    slopes = ga.grad(lambda x, at, g: np.sum(g * ndimage.map_coordinates(x, at, mode=mode)), (0, 1))
    image, moves = slopes(IMAGE, at, g)
    parts = [slopes(IMAGE, at[:, k : k + 8000], g[k : k + 8000]) for k in range(0, 40_000, 8000)]
    np.testing.assert_allclose(image, sum(part for part, _ in parts), atol=1e-12 * np.max(np.abs(image)))
    np.testing.assert_allclose(moves, np.concatenate([part for _, part in parts], axis=1), rtol=1e-12, atol=1e-12)


def test_places_that_are_all_beyond_the_edge():
    x, at = ga.tensor(IMAGE), ga.tensor(np.full((2, 3), -9.0))
    dispatched(ndimage.map_coordinates)(x, at).sum().backward()
    assert not x.grad.any()
    assert not at.grad.any()


def test_output_is_written_into():
    x = ga.tensor(IMAGE)
    y = ga.tensor(np.zeros_like(IMAGE), constant=True)
    result = dispatched(ndimage.gaussian_filter)(x, 1.5, output=y)
    assert result is y
    assert (y.data == ndimage.gaussian_filter(IMAGE, 1.5)).all()
    y.sum().backward()
    np.testing.assert_allclose(x.grad, np.ones_like(IMAGE), rtol=1e-12)
    with pytest.raises(ValueError, match="shape"):
        dispatched(ndimage.sobel)(x, output=np.zeros(3))


@pytest.mark.parametrize("fn", [ndimage.maximum_filter1d, ndimage.minimum_filter1d], ids=lambda f: f.__name__)
def test_ties_share(fn):
    x = ga.tensor(np.zeros(5))
    dispatched(fn)(x, 3, mode="constant", cval=0.0).backward()
    np.testing.assert_allclose(x.grad, [2 / 3, 1, 1, 1, 2 / 3], rtol=1e-14)


def test_a_flat_image_has_no_slope():
    x = ga.tensor(np.ones((5, 5)))
    y = dispatched(ndimage.gaussian_gradient_magnitude)(x, 1.0)
    y.backward()
    assert np.abs(x.grad).max() < 20
    assert np.isfinite(x.grad).all()


def test_nearest_elements_do_not_move():
    at = ga.tensor(np.array([[0.3, 1.7], [2.2, 0.4]]))
    dispatched(ndimage.map_coordinates)(IMAGE, at, order=0).backward()
    assert (at.grad == 0).all()


@pytest.mark.parametrize("mode", ["mirror", "reflect", "nearest", "constant", "grid-constant", "wrap", "grid-wrap"])
@pytest.mark.parametrize("shape", [(1500, 3), (60, 70), (9000,)])
def test_transposes_of_large_images(shape, mode):
    """<g, A x> = <A' g, x>, also where a long axis is not summed by a matrix."""
    for call in (
        lambda x: dispatched(ndimage.zoom)(x, 1.3, mode=mode),
        lambda x: dispatched(ndimage.shift)(x, 0.4, mode=mode, order=5),
        lambda x: dispatched(ndimage.affine_transform)(x, np.full(len(shape), 0.9), 0.2, mode=mode, order=2),
        lambda x: dispatched(ndimage.gaussian_filter)(x, 2.5, mode=mode),
        lambda x: dispatched(ndimage.uniform_filter)(x, 20, mode=mode),
    ):
        a = rng.normal(size=shape)
        x = ga.tensor(a)
        y = call(x)
        g = rng.normal(size=y.shape)
        y.backward(g)
        np.testing.assert_allclose(np.sum(x.grad * a), np.sum(g * y.data), rtol=1e-9, atol=1e-9)


def test_zoom_itself_is_refused():
    with pytest.raises(TypeError, match="zoom has no derivative with respect to 'zoom'"):
        dispatched(ndimage.zoom)(ga.tensor(IMAGE), ga.tensor(1.2))
