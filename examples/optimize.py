"""SciPy's optimizers with derivatives of plain NumPy functions.

A damped oscillation is fitted to noisy data, with gradients, Hessians and products with them, and the steady state of
a reactor is found with a Jacobian: each as often without derivatives, to compare. Run it with ``python optimize.py``.
"""

import sys

import numpy as np
from scipy.optimize import minimize, root

import gradarray as ga

# An oscillation that dies down: amplitude, decay rate, frequency, phase, and where it comes to rest

TRUTH = np.array([2.0, 0.3, 4.0, 0.5, 1.0])
START = np.array([1.5, 0.1, 3.7, 0.0, 0.5])
NOISE = 0.1
TIMES = np.linspace(0, 8, 400)


def oscillation(parameters, times):
    amplitude, decay, frequency, phase, rest = parameters
    return rest + amplitude * np.exp(-decay * times) * np.cos(frequency * times + phase)


def fit():
    data = oscillation(TRUTH, TIMES) + np.random.default_rng(0).normal(0, NOISE, TIMES.size)

    def f(parameters):
        """Half the mean square of the residuals, in units of the noise."""
        return 0.5 * np.mean(((oscillation(parameters, TIMES) - data) / NOISE) ** 2)

    x0 = START
    gradient = ga.grad(f)
    fits = {
        "BFGS, finite differences": minimize(f, x0),
        "BFGS, gradient": minimize(ga.value_and_grad(f), x0, jac=True),
        "trust-exact, gradient and Hessian": minimize(f, x0, jac=gradient, hess=ga.hessian(f), method="trust-exact"),
        "Newton-CG, gradient and Hessian times vector": minimize(
            f, x0, jac=gradient, hessp=lambda x, v: ga.hvp(f, [x], [v])[0], method="Newton-CG"
        ),
    }
    print(f"A damped oscillation, fitted to {TIMES.size} points with noise")
    for name, found in fits.items():
        print(f"  {name:<45} {found.nit:3d} iterations, {found.nfev:3d} values, |gradient| {size(gradient(found.x))}")
    best = fits["trust-exact, gradient and Hessian"]
    # the inverse of the Hessian of the negative log-likelihood is the covariance
    errors = np.sqrt(np.diag(np.linalg.inv(ga.hessian(f)(best.x) * TIMES.size)))
    for name, value, error, true in zip(
        ("amplitude", "decay", "frequency", "phase", "rest"), best.x, errors, TRUTH, strict=True
    ):
        print(f"  {name:<10} {value:7.4f} ± {error:.4f}, in truth {true:g}")
    return (
        all(size(gradient(found.x)) < 1e-3 for found in fits.values())
        and np.all(np.abs(best.x - TRUTH) < 4 * errors)
        and fits["BFGS, gradient"].nfev < fits["BFGS, finite differences"].nfev
    )


# A stirred reactor in which A + B -> 2 C, C + B <-> D, 2 D -> E, fed with A and B

REACTANTS = np.array([[1, 1, 0, 0, 0], [0, 1, 1, 0, 0], [0, 0, 0, 1, 0], [0, 0, 0, 2, 0]])
PRODUCTS = np.array([[0, 0, 2, 0, 0], [0, 0, 0, 1, 0], [0, 1, 1, 0, 0], [0, 0, 0, 0, 1]])
RATES = np.array([8.0, 30.0, 1.0, 5.0])
FEED = np.array([1.0, 2.0, 0.0, 0.0, 0.0])
FLOW = 0.2


def change(concentrations):
    """How fast each of the five concentrations changes."""
    speeds = RATES * np.prod(concentrations**REACTANTS, axis=1)
    return speeds @ (PRODUCTS - REACTANTS) + FLOW * (FEED - concentrations)


def steady_state():
    f, x0 = change, np.ones(5)
    states = {
        "finite differences": root(f, x0),
        "Jacobian": root(f, x0, jac=ga.jacobian(f)),
    }
    print("The steady state of a reactor with five substances")
    for name, found in states.items():
        print(f"  {name:<45} {found.nfev:3d} values, |change| {size(f(found.x))}")
    state = states["Jacobian"].x
    slowest = np.max(np.linalg.eigvals(ga.jacobian(f)(state)).real)
    print("  concentrations", *(f"{name} {value:.4f}" for name, value in zip("ABCDE", state, strict=True)))
    print(f"  {'stable' if slowest < 0 else 'unstable'}: the slowest disturbance changes at the rate {slowest:.4f}")
    return (
        all(found.success and size(f(found.x)) < 1e-8 for found in states.values())
        and np.all(state > 0)
        and states["Jacobian"].nfev < states["finite differences"].nfev
    )


def size(x):
    return float(f"{np.linalg.norm(x):.1e}")


if __name__ == "__main__":
    right = [fit(), steady_state()]
    if not all(right):
        sys.exit("an optimizer did not arrive")
