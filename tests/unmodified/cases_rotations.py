"""Attitudes: ahrs, pyquaternion, pyrr."""

import copy

import ahrs
import numpy as np
from pyquaternion import Quaternion
from pyrr import matrix44, quaternion

from .base import case

RNG = np.random.default_rng(3)
GYR = RNG.normal(size=(5, 3)) * 0.3
ACC = RNG.normal(size=(5, 3)) + np.array([0.0, 0.0, 9.8])
MAG = RNG.normal(size=(5, 3)) + np.array([20.0, 0.0, 40.0])


@case("ahrs", GYR)
def madgwick(x):
    return ahrs.filters.Madgwick(gyr=x, acc=ACC, mag=MAG).Q[:, :2] ** 2


@case("ahrs", ACC)
def mahony(x):
    return ahrs.filters.Mahony(gyr=GYR, acc=x, mag=MAG, k_P=0.8, k_I=0.1).Q[:, 1:] * [1.0, 2.0, 3.0]


@case("ahrs", GYR[:3])
def extended_kalman_attitude(x):
    return ahrs.filters.EKF(gyr=x, acc=ACC[:3], mag=MAG[:3], magnetic_ref=60.0).Q * [1.0, 2.0, 3.0, 4.0]


@case("ahrs", np.concatenate([ACC[0], MAG[0]]))
def attitude_of_one_sample(x):
    tilt = ahrs.filters.Tilt().estimate(x[:3], x[3:])
    triad = ahrs.filters.SAAM().estimate(x[:3], x[3:])
    return np.concatenate([tilt, triad]) * np.arange(8.0)


@case("ahrs", [0.6, -0.2, 0.5, 0.3])
def quaternion_subclass(x):
    q = ahrs.Quaternion(x)
    return [*q.to_angles(), *(q.to_DCM() @ np.array([1.0, 2.0, 3.0])), *q.product([0.1, 0.2, 0.3, 0.4])]


@case("ahrs", [0.3, -0.5, 1.1])
def direction_cosines(x):
    r = ahrs.DCM(rpy=x)
    return r.to_quaternion(method="chiaverini") * np.arange(4.0)


@case("ahrs", [0.5, 10.0, 500.0])
def gravity_and_magnetics(x):
    earth = ahrs.utils.WGS()
    return [earth.normal_gravity(x[1], x[2]), ahrs.common.mathfuncs.cosd(x[0]), earth.meridian_curvature(x[1])]


@case("pyquaternion", [0.2, 0.5, -0.4, 0.7])
def rotate_by_quaternion(x):
    q = Quaternion(x[0], x[1], x[2], x[3])
    return q.rotate(np.array([1.0, 2.0, -1.0])) * np.array([1.0, 2.0, 3.0])


@case("pyquaternion", [0.4, -0.3, 0.8, 1.1])
def axis_and_angle(x):
    q = Quaternion(axis=x[:3], angle=x[3])
    return (copy.deepcopy(q) * q.inverse + q * q).rotation_matrix[0] + q.yaw_pitch_roll[1]


@case("pyquaternion", [0.9, 0.1, -0.2, 0.3])
def slerp_and_log(x):
    p, q = Quaternion(array=x), Quaternion(0.3, 0.4, 0.5, -0.6)
    return Quaternion.slerp(p, q, 0.3).elements * 2 + Quaternion.log(p).elements


@case("pyquaternion", [0.3, -0.2, 0.9])
def integrated_rate(x):
    q = Quaternion(0.8, 0.2, -0.1, 0.5).normalised
    for _ in range(3):
        q.integrate(x, 0.1)
    return q.elements * np.arange(4)


@case("pyrr", [0.1, 0.9, -0.3, 0.4, 1.0, 2.0])
def matrices_and_quaternions(x):
    q = quaternion.create_from_eulers(x[:3])
    m = matrix44.multiply(matrix44.create_from_quaternion(q), matrix44.create_from_translation(x[3:]))
    return matrix44.apply_to_vector(m, np.array([0.5, -1.0, 2.0]))


@case("pyrr", [1.0, 2.0, 3.0, 0.1, 0.2, -0.4])
def look_at(x):
    view = matrix44.create_look_at(x[:3], x[3:], [0.0, 1.0, 0.0])
    return matrix44.multiply(view, matrix44.create_perspective_projection(60.0, 1.5, 0.1, 50.0))[:, 1]
