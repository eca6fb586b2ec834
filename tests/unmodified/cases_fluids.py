"""Formulas of engineers on plain numbers, and solvers of their own: fluids."""

import numpy as np
from fluids import friction, geometry
from fluids.atmosphere import ATMOSPHERE_1976
from fluids.compressible import isothermal_gas
from fluids.core import K_from_f, Reynolds, nu_mu_converter
from fluids.drag import drag_sphere, v_terminal
from fluids.fittings import bend_rounded, diffuser_conical
from fluids.flow_meter import differential_pressure_meter_solver
from fluids.numerics import brenth, horner, interp, secant, solve_tridiagonal

from .base import case


@case("fluids", [1.2e5, 1e-4, 2.5e3, 3e-2])
def friction_factors(x):
    return np.array([friction.friction_factor(re, ed) for re, ed in zip(x[::2], x[1::2], strict=True)]) * [1.0, 2.0]


@case("fluids", [1.1e5, 1e-4])
def every_friction_correlation(x):
    turbulent = friction.friction_factor_methods(1.1e5, 1e-4, check_ranges=True)
    return np.array([friction.friction_factor(x[0], x[1], Method=name) for name in turbulent])


@case("fluids", [2.5, 0.1, 998.0, 1e-3])
def pressure_drop(x):
    velocity, diameter, rho, mu = x
    re = Reynolds(V=velocity, D=diameter, nu=nu_mu_converter(rho, mu=mu))
    k = K_from_f(friction.friction_factor(Re=re, eD=1e-4), L=10.0, D=diameter)
    k += bend_rounded(Di=diameter, angle=30.0, fd=0.02, rc=diameter * 5) + diffuser_conical(
        0.1, 0.15, angle=50.0, fd=0.03
    )
    return k * rho * velocity**2 / 2e5


@case("fluids", [70e-6, 2600.0, 1000.0, 1e-3])
def terminal_velocity(x):
    return v_terminal(D=x[0], rhop=x[1], rho=x[2], mu=x[3]) * 100 + drag_sphere(200.0 * x[3] * 1e3)


@case("fluids", [1.5, 5.0, 0.6])
def tank_volumes(x):
    tank = geometry.TANK(D=x[0], L=x[1], horizontal=True, sideA="conical", sideA_a=x[2], sideB="conical", sideB_a=0.5)
    return np.array([tank.A, tank.V_from_h(0.7)])


@case("fluids", [500.0, 5000.0, 12000.0, 25000.0])
def standard_atmosphere(x):
    layers = [ATMOSPHERE_1976(z) for z in x]
    return (
        np.array([a.T for a in layers])
        + np.array([a.P for a in layers]) * 1e-3
        + np.array([a.mu * 1e5 for a in layers])
    )


@case("fluids", [11.3, 0.00185, 145.0])
def compressible_pipe(x):
    # solved for the pressure at the end by a method that brackets it
    return isothermal_gas(rho=x[0], fd=x[1], P1=1e6, P2=None, L=1000.0, D=0.5, m=x[2]) * 1e-5


@case("fluids", [0.07366, 200000.0, 183000.0])
def orifice_meter(x):
    return differential_pressure_meter_solver(
        D=x[0], rho=999.1, mu=0.0011, k=1.33, D2=0.05, P1=x[1], P2=x[2], meter_type="ISO 5167 orifice", taps="D"
    )


@case("fluids", [2.0, 0.7, 1.5, -0.3, 0.2])
def own_numerics(x):
    root = secant(lambda v: v**3 - x[0] * v - x[1], 2.0, xtol=1e-13)
    other = brenth(lambda v: np.exp(v) - x[2] - v * x[3], -1.0, 2.0)
    tridiagonal = solve_tridiagonal([1.0, x[4]], [4.0, x[0], 5.0], [x[1], 1.0], [1.0, x[2], 3.0])
    return root + other * 2 + horner(x, 0.5) + interp(0.4, [0.0, 1.0], [x[3], x[4]]) + sum(tridiagonal)
