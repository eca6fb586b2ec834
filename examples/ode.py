"""Fit the parameters of an ordinary differential equation through SciPy's own solver, unmodified.

Hares and lynxes, from the records of the Hudson Bay Company (1900 to 1920, in thousands of pelts; the table is in
E. P. Odum, Fundamentals of Ecology, Saunders, 1953), and the model of Lotka and Volterra. `scipy.integrate.solve_ivp`
knows nothing of gradarray, and neither does the model; the gradient is that of the adaptive steps as they are taken.
Run it with ``python ode.py``; it writes ode.png.
"""

import matplotlib as mpl
import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import minimize

import gradarray as ga

mpl.use("Agg")
from matplotlib import pyplot as plt

YEARS = np.arange(1900, 1921)
HARES = [30.0, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22.0, 25.4, 27.1]
HARES += [40.3, 57.0, 76.6, 52.3, 19.5, 11.2, 7.6, 14.6, 16.2, 24.7]
LYNXES = [4.0, 6.1, 9.8, 35.2, 59.4, 41.7, 19.0, 13.0, 8.3, 9.1, 7.4]
LYNXES += [8.0, 12.3, 19.5, 45.7, 51.1, 29.7, 15.8, 9.7, 10.1, 8.6]
PELTS = np.array([HARES, LYNXES])


def change(t, animals, birth, eaten, death, fed):
    """Lotka and Volterra: how fast hares and lynxes become more."""
    hares, lynxes = animals
    return [birth * hares - eaten * hares * lynxes, -death * lynxes + fed * hares * lynxes]


def solution(logarithms, times):
    """Hares and lynxes at ``times``, for the logarithms of the four rates and of both at the beginning."""
    *rates, hares, lynxes = np.exp(logarithms)
    years = (times[0], times[-1])
    found = solve_ivp(change, years, np.array([hares, lynxes]), args=rates, t_eval=times, rtol=1e-6, atol=1e-6)
    return found.y


def misfit(logarithms):
    """Half the sum of squares of the differences of logarithms, since errors of counts are relative."""
    return 0.5 * np.sum((np.log(solution(logarithms, YEARS - 1900.0)) - np.log(PELTS)) ** 2)


def main():
    start = np.log([0.5, 0.03, 0.8, 0.03, 30.0, 4.0])
    found = minimize(ga.value_and_grad(misfit), start, jac=True, method="BFGS", options={"gtol": 1e-4})
    names = ("birth of hares", "hares eaten", "death of lynxes", "lynxes fed", "hares in 1900", "lynxes in 1900")
    # the inverse of the Hessian, times the variance of the residuals, is the covariance of the parameters
    variance = 2 * found.fun / (PELTS.size - len(start))
    errors = np.sqrt(variance * np.diag(np.linalg.inv(ga.jacobian(ga.grad(misfit))(found.x))))
    print(f"misfit {misfit(start):.2f} at the start, {found.fun:.2f} after {found.nfev} gradients")
    for name, value, error in zip(names, np.exp(found.x), errors, strict=True):
        print(f"  {name:<16} {value:7.4f}  +- {100 * error:.0f} %")

    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    times = np.linspace(0, 20, 201)
    for label, seen, curve in zip(("hares", "lynxes"), PELTS, solution(found.x, times), strict=True):
        (line,) = axes.plot(1900 + times, curve, label=label)
        axes.plot(YEARS, seen, "o", color=line.get_color())
    axes.set(xlabel="year", ylabel="pelts (thousands)", title="Lotka and Volterra through scipy.integrate.solve_ivp")
    axes.set_xticks(range(1900, 1921, 4))
    axes.legend()
    figure.savefig("ode.png", dpi=120)


if __name__ == "__main__":
    main()
