"""Positions on and above the ellipsoid: pymap3d, geographiclib."""

import numpy as np
import pymap3d
from geographiclib.geodesic import Geodesic
from geographiclib.polygonarea import PolygonArea
from pymap3d import los, lox, vincenty

from .base import case


@case("pymap3d", [[1.1e6, -4.8e6, 4.05e6], [6.5e6, 2.0e5, -9.0e5]])
def ecef_to_geodetic(x):
    lat, lon, alt = pymap3d.ecef2geodetic(x[:, 0], x[:, 1], x[:, 2])
    return lat * 2 + lon + alt * 1e-3


@case("pymap3d", [48.0, 11.0, 500.0, 200.0, 65.0, 9000.0])
def azimuth_elevation_range_to_geodetic(x):
    lat, lon, alt = pymap3d.aer2geodetic(x[3], x[4], x[5], x[0], x[1], x[2])
    return np.array([lat, lon, alt / 1000])


@case("pymap3d", [[10.0, 20.0], [48.5, -70.0], [-33.0, 151.0], [-30.0, 140.0]])
def vincenty_distance_of_many(x):
    distance, azimuth = vincenty.vdist(x[0::2, 0], x[0::2, 1], x[1::2, 0], x[1::2, 1])
    return distance / 1e6 + azimuth


@case("pymap3d", [52.0, 13.0, 0.8, 70.0])
def vincenty_reckon(x):
    lat, lon = vincenty.vreckon(x[0], x[1], x[2] * 1e6, x[3])
    return lat * 2 + lon


@case("pymap3d", [40.0, -80.0, 65.0, -148.0])
def rhumb_line(x):
    distance, azimuth = lox.loxodrome_inverse(x[0], x[1], x[2], x[3])
    return distance / 1e6 + azimuth


@case("pymap3d", [[42.0, -82.0, 5.0], [30.0, 10.0, 6.0]])
def line_of_sight(x):
    lat, lon, range_ = los.lookAtSpheroid(x[:, 0], x[:, 1], x[:, 2] * 1e5, az=np.array([30.0, 200.0]), tilt=20.0)
    return lat + lon + range_ * 1e-4


@case("pymap3d", [-60.0, -10.0, 25.0, 80.0])
def latitudes_by_series(x):
    there = [pymap3d.geodetic2authalic(x), pymap3d.geodetic2conformal(x), pymap3d.geodetic2rectifying(x)]
    return pymap3d.isometric2geodetic(there[0]) + pymap3d.conformal2geodetic(there[1]) * there[2]


@case("geographiclib", [-41.3, 174.8, 40.9, -5.5])
def geodesic_inverse(x):
    line = Geodesic.WGS84.Inverse(*x)
    return line["s12"] / 1e6 + line["azi1"] * 2 - line["azi2"]


@case("geographiclib", [40.6, -73.8, 45.0, 10.0])
def geodesic_direct(x):
    line = Geodesic.WGS84.Direct(x[0], x[1], x[2], x[3] * 1e6)
    return np.array([line["lat2"], line["lon2"], line["azi2"]])


@case("geographiclib", [[-63.1, -58.0], [-72.9, -74.0], [-71.9, -102.0], [-74.9, -132.0]])
def geodesic_polygon(x):
    polygon = PolygonArea(Geodesic.WGS84)
    for lat, lon in x:
        polygon.AddPoint(lat, lon)
    _, perimeter, area = polygon.Compute(reverse=True)
    return perimeter * 1e-6 + area * 1e-12
