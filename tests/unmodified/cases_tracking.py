"""Filters of noisy observations: filterpy."""

import numpy as np
from filterpy.common import Q_discrete_white_noise, Saver, linear_ode_discretation
from filterpy.gh import GHFilter
from filterpy.kalman import (
    ExtendedKalmanFilter,
    IMMEstimator,
    KalmanFilter,
    MerweScaledSigmaPoints,
    SquareRootKalmanFilter,
    UnscentedKalmanFilter,
)
from filterpy.leastsq import LeastSquaresFilter
from filterpy.memory import FadingMemoryFilter

from .base import case

POSITIONS = np.array([1.1, 1.9, 3.2, 3.9, 5.3, 5.8])


def _constant_velocity(variance=0.1, noise=0.5):
    kf = KalmanFilter(dim_x=2, dim_z=1)
    kf.x = np.array([0.0, 1.0])
    kf.F = np.array([[1.0, 1.0], [0.0, 1.0]])
    kf.H = np.array([[1.0, 0.0]])
    kf.P *= 10.0
    kf.R *= noise
    kf.Q = Q_discrete_white_noise(dim=2, dt=1.0, var=variance)
    return kf


@case("filterpy", [0.1, 0.5])
def kalman_log_likelihood(x):
    kf = _constant_velocity(x[0], x[1])
    total = 0.0
    for z in POSITIONS:
        kf.predict()
        kf.update(z)
        total += kf.log_likelihood
    return total


@case("filterpy", POSITIONS)
def kalman_batch_and_smoother(x):
    kf = _constant_velocity()
    means, covariances, _, _ = kf.batch_filter(x)
    smooth, _, _, _ = kf.rts_smoother(means, covariances)
    return smooth[:, 0] ** 2 + smooth[:, 1]


@case("filterpy", POSITIONS)
def kalman_saver(x):
    kf = _constant_velocity()
    saver = Saver(kf)
    for z in x:
        kf.predict()
        kf.update(z)
        saver.save()
    return np.array(saver.x)[:, 0] * np.array(saver.y)[:, 0]


@case("filterpy", [0.3, 0.4, 1.0, 2.0])
def square_root_kalman(x):
    kf = SquareRootKalmanFilter(dim_x=2, dim_z=1)
    kf.x, kf.Q, kf.P = np.array([[0.0], [1.0]]), np.eye(2) * 0.1, np.array([[2.0, 0.3], [0.3, 1.0]])
    kf.F, kf.H = np.array([[1.0, 1.0], [0.0, 1.0]]), np.array([[1.0, 0.0]])
    for z in x:
        kf.predict()
        kf.update(np.array([[z]]))
    return kf.x[:, 0] @ kf.P


@case("filterpy", [0.2, 0.5, 1.5, 1.9, 3.1])
def unscented_kalman(x):
    points = MerweScaledSigmaPoints(2, alpha=0.5, beta=2.0, kappa=1.0)

    def fx(state, dt):
        return np.array([state[0] + dt * np.sin(state[1]), 0.9 * state[1]])

    def hx(state):
        return [np.sqrt(1 + state[0] ** 2)]

    kf = UnscentedKalmanFilter(dim_x=2, dim_z=1, dt=0.5, fx=fx, hx=hx, points=points)
    kf.x = np.array([x[0], x[1]])
    for z in x[2:]:
        kf.predict()
        kf.update(np.array([z]))
    return kf.x * np.array([1.0, 2.0]) + kf.P.sum()


@case("filterpy", [2.0, 0.7, 5.1, 5.6, 6.4])
def extended_kalman(x):
    kf = ExtendedKalmanFilter(dim_x=2, dim_z=1)
    kf.x = x[:2]
    kf.F = np.array([[1.0, 0.3], [0.0, 1.0]])
    kf.Q = np.eye(2) * 0.01
    for z in x[2:]:
        kf.predict_update(
            np.array([z]),
            lambda s: np.array([[s[0] / np.hypot(s[0], 4.0), 0.0]]),
            lambda s: np.array([np.hypot(s[0], 4.0)]),
        )
    return kf.x**2


@case("filterpy", [0.9, 2.3, 2.9, 4.4])
def interacting_models(x):
    first, second = _constant_velocity(0.01), _constant_velocity(1.0)
    imm = IMMEstimator([first, second], [0.6, 0.4], np.array([[0.97, 0.03], [0.05, 0.95]]))
    for z in x:
        imm.predict()
        imm.update(np.array([z]))
    return imm.x * imm.mu[0]


@case("filterpy", POSITIONS)
def alpha_beta(x):
    f = GHFilter(x=x[0], dx=1.0, dt=1.0, g=0.8, h=0.2)
    return f.batch_filter(x[1:])[:, 0] ** 2


@case("filterpy", POSITIONS)
def recursive_least_squares(x):
    f, g = LeastSquaresFilter(dt=1.0, order=2), FadingMemoryFilter([x[0], 0.0, 0.0], 1.0, order=2, beta=0.6)
    for z in x:
        f.update(z)
        g.update(z)
    return f.x[0] * f.x[1] + g.x[0] * g.x[1]


@case("filterpy", [[0.1, 1.0], [-0.6, -0.2]])
def discretized_ode(x):
    phi, q = linear_ode_discretation(x, np.array([[0.0], [1.0]]), np.array([[0.4]]), dt=0.3)
    return phi + q
