"""Attitudes: ahrs, pyquaternion."""

import copy

import ahrs
import numpy as np
from ahrs.common import orientation
from pyquaternion import Quaternion

from .base import case

RNG = np.random.default_rng(3)
GYR = RNG.normal(size=(5, 3)) * 0.3
ACC = RNG.normal(size=(5, 3)) + np.array([0.0, 0.0, 9.8])
MAG = RNG.normal(size=(5, 3)) + np.array([20.0, 0.0, 40.0])


@case("ahrs", np.concatenate([ACC[0], MAG[0]]))
def attitude_of_one_sample(x):
    tilt = ahrs.filters.Tilt().estimate(x[:3], x[3:])
    triad = ahrs.filters.SAAM().estimate(x[:3], x[3:])
    return np.concatenate([tilt, triad]) * np.arange(8.0)


@case("ahrs", ACC)
def tilts_of_many(x):
    return ahrs.filters.Tilt(acc=x, mag=MAG).Q * np.arange(4.0)


@case("ahrs", GYR)
def complementary(x):
    return ahrs.filters.Complementary(gyr=x, acc=ACC, mag=MAG, gain=0.3).W[1:] ** 2


@case("ahrs", np.concatenate([ACC[1], MAG[1]]))
def optimal_attitudes(x):
    flae = ahrs.filters.FLAE(magnetic_dip=50.0).estimate(x[:3], x[3:], method="newton")
    return np.outer(flae, ahrs.filters.FAMC().estimate(x[:3], x[3:])) * np.arange(16.0).reshape(4, 4)


@case("ahrs", [0.3, -0.5, 1.1])
def matrices_to_quaternions(x):
    r = orientation.q2R(orientation.q_prod(orientation.rpy2q(x), np.array([0.5, 0.5, -0.5, 0.5])))
    return (orientation.chiaverini(r) + orientation.shepperd(r) + orientation.hughes(r)) * np.arange(4.0)


@case("ahrs", [0.6, -0.2, 0.5, 0.3], refused="quaternion.py:")
def quaternion_that_is_an_array(x):
    return ahrs.Quaternion(x).to_DCM() @ np.array([1.0, 2.0, 3.0])


@case("ahrs", GYR, refused="quaternion.py:")
def madgwick(x):
    return ahrs.filters.Madgwick(gyr=x, acc=ACC, mag=MAG).Q[:, :2] ** 2


@case("ahrs", [0.5, 10.0, 500.0])
def gravity_and_magnetics(x):
    gravity = ahrs.utils.WGS().normal_gravity(x[1], x[2])
    return np.array([gravity, ahrs.utils.international_gravity(x[1]), ahrs.common.mathfuncs.cosd(x[0])])


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
