"""NumPy code that knows nothing of gradarray, differentiated as it stands.

Three short uses, each checked against finite differences: a simulation with a loop, views and in-place writes, and
functions of SciPy. Run it with ``python unmodified.py``.
"""

import numpy as np
import scipy.special

import gradarray as ga


def oscillator(position, velocity, stiffness, damping, steps=400, dt=0.01):
    """Where a damped spring is after a while. Somebody else's code: NumPy and a loop."""
    for _ in range(steps):
        force = -stiffness * position - damping * velocity
        velocity = velocity + dt * force
        position = position + dt * velocity
    return np.sqrt(position**2 + (velocity**2) / stiffness)


def blurred(signal, weight=0.25):
    """Mix each row with its neighbours, in place."""
    rows = signal.copy()
    rows[1:-1] *= 1 - 2 * weight
    rows[1:-1] += weight * (signal[:-2] + signal[2:])
    return rows.T


def finite_differences(f, x, step=1e-6):
    """The gradient of the sum of ``f(x)``, by moving every element a little."""
    x = np.array(x, dtype=float)
    slopes = np.empty(x.shape)
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += step
        down[i] -= step
        slopes[i] = (np.sum(f(up)) - np.sum(f(down))) / (2 * step)
    return slopes


def report(name, gradient, expected):
    np.testing.assert_allclose(gradient, expected, rtol=1e-5, atol=1e-7)
    text = np.array2string(gradient, precision=6, separator=", ", prefix=" " * 17)
    print(f"  {name:<14} {text}  agrees")


def simulation():
    print("The amplitude of a damped spring, after a loop of 400 steps")
    names, values = ("position", "velocity", "stiffness", "damping"), np.array([1.0, 0.0, 4.0, 0.3])
    inputs = [ga.tensor(value) for value in values]
    amplitude = oscillator(*inputs)
    amplitude.backward()
    print(f"  {'amplitude':<14} {amplitude:.6f}")
    expected = finite_differences(lambda x: oscillator(*x), values)
    for name, x, slope in zip(names, inputs, expected, strict=True):
        report(f"d/d {name}", x.grad, slope)


def views_and_writes():
    print("Views and in-place writes")
    values = np.linspace(0.5, 2.0, 8).reshape(4, 2)
    x = ga.tensor(values)
    y = blurred(x)
    print(f"  y is a {type(y).__name__} of shape {y.shape}, a view: {np.shares_memory(y, y.base)}")
    np.sum(y**3).backward()
    report("gradient", x.grad, finite_differences(lambda x: blurred(x) ** 3, values))
    print(f"  the gradient of a view is a view: {np.shares_memory(x[0].grad, x.grad)}")


def special_functions():
    print("Functions of scipy.special")
    points = np.array([0.5, 1.0, 2.5])

    # the derivative of one more function is a line: it asks for what it needs by name
    ga.register(scipy.special.j0, x=lambda g, x: -g * scipy.special.j1(x))

    for f in (scipy.special.erf, scipy.special.expit, scipy.special.gammaln, scipy.special.j0):
        x = ga.tensor(points)
        f(x).backward()
        report(f"{f.__name__}'", x.grad, finite_differences(f, points))


if __name__ == "__main__":
    simulation()
    views_and_writes()
    special_functions()
