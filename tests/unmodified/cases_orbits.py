"""Satellites: sgp4, in Python."""

import numpy as np
from sgp4.functions import days2mdhms, jday
from sgp4.model import WGS72, Satrec

from .base import case


def _satellite(x):
    sat = Satrec()
    # drag, eccentricity, perigee, inclination, anomaly, mean motion, node
    sat.sgp4init(WGS72, "i", 5, 18441.785, 2.8e-05, 6.9e-13, 0.0, x[0], x[1], x[2], x[3], x[4], x[5])
    return sat


@case("sgp4", [0.1859667, 5.7904160274885, 0.5980929187319, 0.3373093125574, 0.0472294454407, 6.0863854713832])
def near_earth(x):
    error, position, velocity = _satellite(x).sgp4(2451723.0, 0.32)
    assert error == 0
    return np.array(position) / 1000 + np.array(velocity)


@case("sgp4", [0.6877146, 4.7978, 1.1176, 0.3367, 0.00874, 2.1])
def deep_space(x):
    error, position, velocity = _satellite(x).sgp4_tsince(360.0)
    assert error == 0
    return np.array([*position]) / 1000 + np.array([*velocity])


@case("sgp4", [0.5123])
def calendar(x):
    month, day, hour, minute, second = days2mdhms(2020, 12 + x[0], round_to_microsecond=0)
    jd, fraction = jday(2020, month, day, hour, minute, second)
    return fraction + second + (jd - 2458800.0)
