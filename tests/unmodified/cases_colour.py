"""Colours: colour-science."""

import numpy as np

from .base import case

with np.printoptions():  # which it sets for everybody
    import colour

RGB = np.array([[0.45, 0.3, 0.05], [0.02, 0.6, 0.9], [0.7, 0.71, 0.4]])


@case("colour-science", RGB)
def srgb_to_lab(x):
    return colour.XYZ_to_Lab(colour.sRGB_to_XYZ(x)) ** 2


@case("colour-science", RGB * 90)
def delta_e_2000(x):
    return colour.delta_E(x, x[::-1] + np.array([2.0, 7.0, -11.0]), method="CIE 2000")


@case("colour-science", RGB)
def hue_saturation_value(x):
    there = colour.RGB_to_HSV(x)
    return there + colour.HSV_to_RGB(there * [0.9, 1.0, 1.0]) ** 2


@case("colour-science", [19.01, 20.0, 21.78])
def ciecam02(x):
    xyz_w = np.array([95.05, 100.0, 108.88])
    found = colour.XYZ_to_CIECAM02(x, xyz_w, L_A=318.31, Y_b=20.0)
    return np.array([found.J, found.C, found.h, found.s, found.Q, found.M])


@case("colour-science", [0.31, 0.35])
def correlated_colour_temperature(x):
    return colour.xy_to_CCT(x, method="McCamy 1992") / 1000 + colour.xy_to_CCT(x, method="Hernandez 1999") / 500


@case("colour-science", RGB)
def oklab_and_transfer(x):
    return (
        colour.XYZ_to_Oklab(x)
        + colour.cctf_encoding(x, function="ITU-R BT.709") * colour.eotf(x, function="ST 2084") * 1e-3
    )


@case("colour-science", RGB)
def adapted_white(x):
    return colour.adaptation.chromatic_adaptation_VonKries(x, x[0] + 0.5, np.array([0.9, 1.0, 0.8]), transform="CAT02")
