"""Design a digital filter by gradient descent through SciPy's own code, unmodified.

A recursive filter of order 4 is to pass everything below a quarter of the Nyquist frequency, with a constant delay
(which that of a Butterworth filter is not), and to stop the rest. `scipy.signal.freqz` and `group_delay` compute the
response from the coefficients; they know nothing of gradarray. Run it with ``python filter.py``.
"""

import numpy as np
from scipy import signal
from scipy.optimize import minimize

import gradarray as ga

PASSED = np.linspace(0.01, 0.25, 40) * np.pi
STOPPED = np.linspace(0.45, 1.0, 40) * np.pi


def coefficients(sections):
    """Numerator and denominator of two sections of second order; the poles stay within the unit circle."""
    b, a = np.array([1.0]), np.array([1.0])
    for gain, zero, radius, angle in sections.reshape(2, 4):
        r = 1 / (1 + np.exp(-radius))
        b = np.convolve(b, gain * np.array([1.0, zero, 1.0]))
        a = np.convolve(a, [1.0, -2 * r * np.cos(angle), r**2])
    return b, a


def measures(b, a):
    """The deviation from 1 in the pass band, what is left in the stop band, the spread of the delay."""
    _, passed = signal.freqz(b, a, worN=PASSED)
    _, stopped = signal.freqz(b, a, worN=STOPPED)
    _, delay = signal.group_delay((b, a), w=PASSED)
    return np.mean((np.abs(passed) - 1) ** 2), np.mean(np.abs(stopped) ** 2), np.var(delay)


def loss(sections):
    ripple, left, spread = measures(*coefficients(sections))
    return 30 * ripple + 30 * left + spread


def report(name, b, a):
    ripple, left, spread = (float(np.sqrt(m)) for m in measures(b, a))
    print(f"  {name:<12} ripple {ripple:.4f}   left over {left:.4f}   spread of the delay {spread:.3f} samples")


def main():
    start = np.array([0.2, 0.5, 0.5, 0.6, 0.2, 0.0, 0.5, 0.3])
    found = minimize(ga.value_and_grad(loss), start, jac=True, method="BFGS", options={"maxiter": 400})
    print(f"Loss {loss(start):.3f} at the start, {found.fun:.5f} after {found.nfev} gradients")
    report("Butterworth", *signal.butter(4, 0.3))
    report("by descent", *coefficients(found.x))
    assert found.fun < 0.2 * loss(start)


if __name__ == "__main__":
    main()
