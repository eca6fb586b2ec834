"""Linear systems: control."""

import control
import numpy as np

from .base import case


@case("control", [1.0, 0.4, 2.0, 3.0])
def frequency_response(x):
    plant = control.tf([x[0], x[1]], [1.0, x[2], x[3]])
    closed = control.feedback(plant * 2, control.tf([1.0], [0.1, 1.0]))
    return np.abs(closed(1j * np.array([0.1, 1.0, 5.0])))


@case("control", [[0.0, 1.0], [-2.0, -0.7]])
def state_space_response(x):
    sys = control.ss(x, [[0.0], [1.0]], [[1.0, 0.5]], [[0.0]])
    magnitude, phase, _ = sys.frequency_response(np.array([0.3, 1.0, 3.0]))
    return np.asarray(magnitude) + np.asarray(phase) * 2 + control.dcgain(sys)


@case("control", [0.5, -0.3, 0.9, 0.2, 1.0, 0.4], refused="NamedSignal")
def discrete_simulation(x):
    sys = control.ss([[x[0], x[1]], [0.1, x[2]]], [[x[3]], [1.0]], [[x[4], 0.0]], [[x[5]]], dt=True)
    return control.forced_response(sys, inputs=np.array([1.0, 0.5, -0.2, 0.7])).outputs ** 2


@case("control", [-1.2, -2.5, 0.3])
def pole_placement(x):
    a = np.array([[0.0, 1.0], [x[2], -0.2]])
    return control.acker(a, np.array([[0.0], [1.0]]), [x[0], x[1]])


@case("control", [2.0, 0.3, 1.5])
def natural_frequency_and_damping(x):
    sys = control.tf([1.0], [1.0, x[1], x[0]]) * control.tf([1.0], [1.0, x[2]])
    return np.concatenate([*control.damp(sys, doprint=False)[:2]])


@case("control", [0.8, 1.7, -0.4])
def interconnected(x):
    plant = control.ss([[0.0, 1.0], [-x[0], -x[1]]], [[0.0], [1.0]], [[1.0, 0.0]], [[0.0]])
    system = control.feedback(control.series(plant, control.tf2ss([1.0], [1.0, 2.0])), 1.0 + x[2])
    return np.concatenate([system.poles().real, system.zeros().real, control.ctrb(plant.A, plant.B).ravel()])
