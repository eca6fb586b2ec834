"""Curves compared, and derivatives by differences: similaritymeasures, numdifftools."""

import numdifftools as nd
import numpy as np
import similaritymeasures
from numdifftools import fornberg

from .base import case

RNG = np.random.default_rng(8)
TIMES = np.linspace(0.0, 3.0, 7)
OBSERVED = np.column_stack([TIMES, np.sin(TIMES)])
MODEL = np.column_stack([TIMES, np.sin(TIMES + 0.2)]) + RNG.normal(size=(7, 2)) * 0.05


@case("similaritymeasures", MODEL)
def frechet_distance(x):
    return similaritymeasures.frechet_dist(OBSERVED, x) ** 2


@case("similaritymeasures", MODEL)
def dynamic_time_warping(x):
    distance, table = similaritymeasures.dtw(x, OBSERVED)
    return distance + table[-1, 3]


@case("similaritymeasures", MODEL[:5])
def area_between(x):
    return similaritymeasures.area_between_two_curves(OBSERVED, x)


@case("similaritymeasures", MODEL)
def partial_curve_mapping(x):
    return similaritymeasures.pcm(OBSERVED, x)


@case("similaritymeasures", MODEL)
def curve_length(x):
    return similaritymeasures.curve_length_measure(OBSERVED + np.array([0.0, 2.0]), x + np.array([0.0, 2.0]))


@case("similaritymeasures", MODEL)
def error_measures(x):
    return similaritymeasures.mae(OBSERVED, x) + 2 * similaritymeasures.mse(x, OBSERVED)


@case("numdifftools", [0.7, 1.3])
def derivative_of_a_closure(x):
    return nd.Derivative(lambda t: np.exp(-x[0] * t) * np.sin(x[1] * t), method="central", n=1)(0.4)


@case("numdifftools", [0.3, 0.8, -0.5, 1.4])
def finite_difference_weights(x):
    return fornberg.fd_weights_all(np.sort(x), 0.1, n=2)[1] ** 2
