"""What wrapped context costs, and gradients of SciPy's functions against the functions."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

ROUNDS = 15


def best(run: Callable[[], Any], number: int) -> float:
    start = time.perf_counter()
    for _ in range(number):
        run()
    return (time.perf_counter() - start) / number


def in_turns(runs: list[Callable[[], Any]], target: float = 0.01) -> list[list[float]]:
    """The times of each, measured in turns."""
    numbers = [max(1, round(target / best(run, 1))) for run in runs]
    samples: list[list[float]] = [[] for _ in runs]
    for _ in range(ROUNDS):
        for run, number, taken in zip(runs, numbers, samples, strict=True):
            taken.append(best(run, number))
    return samples


def ratio(run: Callable[[], Any], base: Callable[[], Any]) -> float:
    a, b = in_turns([run, base])
    return statistics.median(x / y for x, y in zip(a, b, strict=True))


def calls() -> dict[str, Callable[[], Any]]:
    small, large = np.linspace(0.0, 1.0, 10), np.linspace(0.0, 1.0, 100_000)
    return {
        "np.zeros(10)": lambda: np.zeros(10),
        "np.zeros(100000)": lambda: np.zeros(100_000),
        "np.asarray(x)": lambda: np.asarray(small),
        "np.array([1.0, 2.0])": lambda: np.array([1.0, 2.0]),
        "np.sum(x)": lambda: np.sum(small),
        "np.sum(large)": lambda: np.sum(large),
        "np.add(x, x)": lambda: np.add(small, small),
        "np.linalg.norm(x)": lambda: np.linalg.norm(small),
        "math.sin(0.5)": lambda: math.sin(0.5),
        "float(text)": lambda: float("0.5"),
    }


def context() -> None:
    import gradarray as ga

    def enter() -> None:
        with ga.wrapping():
            pass

    def nested() -> None:
        with ga.wrapping():
            for _ in range(100):
                with ga.wrapping():
                    pass

    enter()
    (both,) = in_turns([enter])
    print(f"entering and leaving wrapped context: {1e6 * min(both):.1f} us")
    (both,) = in_turns([nested])
    print(f"entering and leaving it within another: {1e4 * min(both):.1f} us")
    print("NumPy on plain arrays in wrapped context, and after leaving it, over the same before it was ever entered:")
    for name, call in calls().items():

        def within(call: Callable[[], Any] = call) -> None:
            with ga.wrapping():
                for _ in range(1000):
                    call()

        def outside(call: Callable[[], Any] = call) -> None:
            for _ in range(1000):
                call()

        first = best(outside, 20)
        inside, after = (statistics.median(taken) for taken in in_turns([within, outside]))
        print(f"    {name:22} {inside / after:5.1f} inside   {after / first:5.2f} after")


def scipy_gradients() -> None:
    """Value and gradient in a random direction, and that gradient alone, over the function itself."""
    from scipy import interpolate, linalg, ndimage, signal

    import gradarray as ga

    rng = np.random.default_rng(0)
    a = rng.normal(size=(200, 200)) + 20 * np.eye(200)
    definite = a @ a.T
    b = rng.normal(size=(200, 20))
    wave, image = rng.normal(size=100_000), rng.normal(size=(300, 300))
    knots = np.linspace(0, 10, 2000)
    points, values = rng.uniform(0, 10, 20_000), np.sin(knots)
    coordinates = rng.uniform(5, 290, (2, 20_000))
    kernel = rng.normal(size=(5, 5))
    works: dict[str, tuple[Callable[..., Any], Any]] = {
        "linalg.solve": (lambda x: linalg.solve(x, b), a),
        "linalg.inv": (linalg.inv, a),
        "linalg.cholesky": (linalg.cholesky, definite),
        "linalg.expm": (linalg.expm, a / 20),
        "linalg.sqrtm": (linalg.sqrtm, definite),
        "linalg.eigh": (lambda x: linalg.eigh(x)[0], definite),
        "linalg.svd": (lambda x: linalg.svd(x)[1], a),
        "signal.lfilter": (lambda x: signal.lfilter([0.1, 0.2, 0.1], [1.0, -0.5, 0.2], x), wave),
        "signal.fftconvolve": (lambda x: signal.fftconvolve(x, b[:, 0]), wave),
        "signal.savgol_filter": (lambda x: signal.savgol_filter(x, 11, 3), wave),
        "signal.filtfilt": (lambda x: signal.filtfilt([0.1, 0.2, 0.1], [1.0, -0.5, 0.2], x), wave),
        "ndimage.gaussian_filter": (lambda x: ndimage.gaussian_filter(x, 2.0), image),
        "ndimage.convolve": (lambda x: ndimage.convolve(x, kernel), image),
        "ndimage.zoom": (lambda x: ndimage.zoom(x, 1.5), image),
        "ndimage.map_coordinates": (lambda x: ndimage.map_coordinates(image, x, order=3), coordinates),
        "interpolate.CubicSpline": (lambda x: interpolate.CubicSpline(knots, x)(points), values),
        "interpolate.make_interp_spline": (lambda x: interpolate.make_interp_spline(knots, x)(points), values),
        "interpolate.PchipInterpolator": (lambda x: interpolate.PchipInterpolator(knots, x)(points), values),
        "interpolate.RegularGridInterp.": (
            lambda x: interpolate.RegularGridInterpolator((np.arange(300.0),) * 2, x)(coordinates.T),
            image,
        ),
    }
    print("value and vjp, and the pullback alone, over the function of SciPy:")
    for name, (f, x) in works.items():
        y = f(x)
        cotangent = rng.normal(size=y.shape)

        def both(f: Callable[..., Any] = f, x: Any = x, c: Any = cotangent) -> Any:
            return ga.vjp(f, x)[1](c)

        def alone(f: Callable[..., Any] = f, x: Any = x) -> Any:
            return f(x)

        pullback = ga.vjp(f, x)[1]
        pulled = ratio(lambda pullback=pullback, c=cotangent: pullback(c), alone)
        print(f"    {name:31} {ratio(both, alone):5.1f} {pulled:5.1f}")
