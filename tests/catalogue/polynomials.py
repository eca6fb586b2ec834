"""Polynomials, of numpy.poly1d's kind and of numpy.polynomial's."""

import numpy as np
from numpy.polynomial import polynomial
from numpy.testing.overrides import get_overridable_numpy_array_functions

from .base import REFUSED, SINGULAR, distinct, integers, positive, real, regular, row, unit

row(np.vander, "call", np.vander, real(4), complex=True)
row(np.vander, "n", lambda x: np.vander(x, 6), real(3), complex=True)
row(np.vander, "increasing", lambda x: np.vander(x, 3, increasing=True), real(4), complex=True)
row(np.vander, "n_1", lambda x: np.vander(x, N=1) * x, real(3), complex=True)
row(np.vander, "n_0", lambda x: np.vander(x, 0), real(3), complex=True)
row(np.vander, "empty", lambda x: np.vander(x, 3), real(0), complex=True)
row(np.vander, "integers", np.vander, integers(3), kind="constant")

row(np.poly, "call", np.poly, real(4), complex=True)
row(np.poly, "one", np.poly, real(1), complex=True)
row(np.poly, "list", lambda x: np.poly([x[0], 2, x[1]]), real(2), complex=True)
row(np.poly, "integers", np.poly, integers(3), kind="constant")
row(np.poly, "conjugate", lambda x, y: np.poly([x + 1j * y, x - 1j * y, 2 * x]), real(), real())
row(np.poly, "matrix", np.poly, regular(3, 3))
row(np.poly, "matrix_complex", lambda x: np.poly(x * (1 + 2j)), regular(3, 3), complex=True)

ROOTS = np.array([-1.5, 0.4, 1.0, 2.5])
row(np.roots, "real", lambda x: np.sort(np.real(np.roots(np.poly(ROOTS + 0.1 * x)))), real(4))
row(np.roots, "conjugate", lambda p: np.roots([1, p[0], p[1] + 5]), unit(2), complex=True)
row(np.roots, "scaled", lambda p: np.sum(np.roots(p) ** 3), real(5), complex=True)
row(np.roots, "sum", lambda p: np.sum(np.abs(np.roots(p))), distinct(6), complex=True)
row(np.roots, "linear", np.roots, real(2), complex=True)
row(np.roots, "constant", lambda p: np.roots(p), real(1), complex=True)
row(np.roots, "leading_zeros", lambda p: np.roots([0, 0.0, p[0], p[1]]), real(2), complex=True)
row(np.roots, "trailing_zeros", lambda p: np.sum(np.roots([p[0], p[1], 0])), real(2), complex=True)
row(np.roots, "integers", lambda p: np.roots([2, 1 + p, 0]), integers(), kind="constant")

row(np.polyint, "call", np.polyint, real(4), complex=True)
row(np.polyint, "m", lambda p: np.polyint(p, 3), real(4), complex=True)
row(np.polyint, "m_0", lambda p: np.polyint(1 * p, m=0), real(4), complex=True)
row(np.polyint, "k", lambda p, k: np.polyint(p + 0 * k, k=k), real(4), real(), complex=True)
row(np.polyint, "k_list", lambda p: np.polyint(p, 2, k=[p[0], 2.0]), real(4), complex=True)
row(np.polyint, "k_all", lambda p, k: np.polyint(p + 0 * k, 2, k), real(1), real(1), complex=True)
row(np.polyint, "k_each", lambda p, k: np.polyint(p + 0 * np.sum(k), m=2, k=k), real(4), real(3))
row(np.polyint, "integers", np.polyint, integers(3), kind="constant")
row(np.polyint, "poly1d", lambda p: np.poly1d(p).integ(k=p[0]).coeffs, real(3), complex=True)

row(np.polyder, "call", np.polyder, real(4), complex=True)
row(np.polyder, "m", lambda p: np.polyder(p, m=2), real(4), complex=True)
row(np.polyder, "m_0", lambda p: np.polyder(1 * p, 0), real(4), complex=True)
row(np.polyder, "m_all", lambda p: np.polyder(p, 5), real(3), complex=True)
row(np.polyder, "integers", np.polyder, integers(3), kind="constant")
row(np.polyder, "poly1d", lambda p: np.poly1d(p).deriv(2).coeffs, real(4), complex=True)

row(np.polyval, "call", np.polyval, real(4), real(2, 3), complex=True)
row(np.polyval, "0-d", np.polyval, real(4), real(), complex=True)
row(np.polyval, "single", np.polyval, real(1), real(3), complex=True)
row(np.polyval, "none", lambda x: np.polyval([], x), real(3), complex=True, kind="leaf")
row(np.polyval, "number", lambda p: np.polyval(p, 1.5), real(4), complex=True)
row(np.polyval, "list", lambda p: np.polyval(p, [1, 2]), real(4), complex=True)
row(np.polyval, "numbers", lambda x: np.polyval([1, 0, -2], x), real(3), complex=True)
row(np.polyval, "list_of_tensors", lambda x: np.polyval([1, x[0]], x), real(3), complex=True)
row(np.polyval, "2-d", np.polyval, real(3, 4), real(2, 4), complex=True)
row(np.polyval, "of_poly1d", lambda x: np.polyval(np.poly1d([1.0, 2, 3]), x), real(3), complex=True)
row(np.polyval, "at_poly1d", lambda p, x: np.polyval(p, np.poly1d(x)).coeffs, real(3), real(2))
row(np.polyval, "poly1d", lambda p, x: np.poly1d(p)(x), real(3), real(4), complex=True)
row(np.polyval, "integers", lambda p, x: np.polyval(p, x), integers(3), integers(4), kind="constant")
row(np.polyval, "at_integers", lambda p, x: np.polyval(p, x), real(3), integers(4))

row(np.polyfit, "call", lambda x, y: np.polyfit(x, y, 2), distinct(6), real(6))
row(np.polyfit, "exact", lambda x, y: np.polyfit(x, y, deg=3), distinct(4), real(4))
row(np.polyfit, "constant", lambda x, y: np.polyfit(x, y, 0), distinct(4), real(4))
row(np.polyfit, "columns", lambda x, y: np.polyfit(x, y, 1), distinct(6), real(6, 3))
row(np.polyfit, "weights", lambda x, y, w: np.polyfit(x, y, 2, w=w), distinct(6), real(6), positive(6))
row(
    np.polyfit, "columns_weights", lambda x, y, w: np.polyfit(x, y, 1, None, False, w), distinct(6), real(6, 2), real(6)
)
row(np.polyfit, "rcond", lambda x, y: np.polyfit(x, y, 2, rcond=1e-12), distinct(6), real(6))
row(np.polyfit, "full", lambda x, y: np.polyfit(x, y, 2, full=True)[:2], distinct(6), real(6))
row(np.polyfit, "full_rest", lambda x: np.polyfit(x, [1.0, 3, 2, 5], 1, full=True)[2:3], distinct(4), kind="constant")
row(np.polyfit, "cov", lambda x, y: np.polyfit(x, y, 2, cov=True), distinct(7), real(7))
row(np.polyfit, "cov_columns", lambda x, y, w: np.polyfit(x, y, 1, w=w, cov=True), distinct(5), real(5, 2), positive(5))
row(np.polyfit, "cov_unscaled", lambda x, y: np.polyfit(x, y, 1, cov="unscaled"), distinct(5), real(5))
row(np.polyfit, "at_numbers", lambda y: np.polyfit([0, 1, 2, 3], y, 2), real(4), complex=True)
row(np.polyfit, "of_numbers", lambda x: np.polyfit(x, [1, 2, 4, 3], 1), distinct(4))

for f in (np.polyadd, np.polysub, np.polymul):
    row(f, "call", f, real(3), real(3), complex=True)
    row(f, "longer", f, real(4), real(2), complex=True)
    row(f, "shorter", f, real(1), real(3), complex=True)
    row(f, "0-d", f, real(), real(3), complex=True)
    row(f, "list", lambda a, f=f: f([1.0, 2, 3], a), real(2), complex=True)
    row(f, "poly1d", lambda a, f=f: f(np.poly1d([1.0, 2]), a).coeffs, real(3), complex=True)
    row(f, "integers", f, integers(3), integers(2), kind="constant")
row(np.polyadd, "of_poly1d", lambda a, b: (np.poly1d(a) + np.poly1d(b)).coeffs, real(3), real(2), complex=True)
row(np.polysub, "of_poly1d", lambda a, b: (np.poly1d(a) - np.poly1d(b)).coeffs, real(3), real(2), complex=True)
row(np.polymul, "of_poly1d", lambda a, b: (np.poly1d(a) * np.poly1d(b) ** 2).coeffs, real(3), real(2), complex=True)
row(np.polymul, "zeros", lambda a: np.polymul([0, a[0], a[1]], a * np.array([0, 1])), real(2), complex=True)
row(np.polymul, "of_nothing", lambda a: np.polymul(a, [0, 0]), real(3), complex=True)


def quotient_and_rest(u, v):
    """np.polydiv without the zeros, or what rounding made of them, that may lead the remainder."""
    quotient, remainder = np.polydiv(u, v)
    return quotient, remainder[1 - len(v) :]


row(np.polydiv, "call", quotient_and_rest, real(5), real(3), complex=True)
row(np.polydiv, "same", quotient_and_rest, real(3), real(3), complex=True)
row(np.polydiv, "shorter", lambda u: np.polydiv(u, [1.0, 2, 3]), real(2), complex=True)
row(np.polydiv, "number", np.polydiv, real(3), real(), complex=True)
row(np.polydiv, "by_numbers", lambda u: np.polydiv(u, [2, 1]), real(4), complex=True)
row(np.polydiv, "of_numbers", lambda v: np.polydiv([2, 1, 3, 5], v), real(2), complex=True)
row(np.polydiv, "exact", lambda v: np.polydiv(np.polymul(v, [1.0, 2, 3]), v)[0], real(3), complex=True)
row(np.polydiv, "integers", lambda u: np.polydiv(u + 1, u[:2] + 1), integers(4), kind="constant")
row(np.polydiv, "poly1d", lambda u: [p.coeffs for p in np.polydiv(u, np.poly1d([2, 1.0]))], real(4), complex=True)

for f in [f for f in (polynomial.polyval2d, polynomial.polygrid2d) if f in get_overridable_numpy_array_functions()]:
    row(f, "call", f, real(3), real(3), real(2, 4), complex=True)
    row(f, "0-d", f, real(), real(), real(3, 2), complex=True)
    row(f, "2-d", f, real(2, 3), real(2, 3), real(3, 2), complex=True)
    row(f, "several", f, real(3), real(3), real(2, 3, 4), complex=True)
    row(f, "numbers", lambda c, f=f: f([1.0, 2], [3, 4], c), real(2, 3), complex=True)
    row(f, "of_numbers", lambda x, f=f: f(x, 2 * x, [[1, 2], [3, 4]]), real(3), complex=True)
    row(f, "integers", lambda c, f=f: f([1, 2], [3, 4], c), integers(2, 3), kind="constant")
if hasattr(polynomial, "polyvalnd"):  # NumPy 2.5
    f = polynomial.polyvalnd
    row(f, "call", lambda x, y, z, c: f((x, y, z), c), real(3), real(3), real(3), real(2, 4, 3), complex=True)
    row(f, "one", lambda x, c: f([x], c), real(2, 3), real(3), complex=True)
    row(f, "several", lambda x, y, c: f((x, y), c), real(), real(), real(2, 3, 4), complex=True)
    row(f, "fewer", lambda x, c: f(([1.0, 2.0], x), c), real(2), real(3), complex=True)
    row(f, "integers", lambda c: f(([1, 2], [3, 4]), c), integers(2, 3), kind="constant")
if polynomial.polyval2d in get_overridable_numpy_array_functions():
    REFUSED += [("polyval2d-shapes", lambda x: polynomial.polyval2d(x, x[0], x), "points have shapes")]

SINGULAR += [
    ("polymul-leading-zero", lambda a: np.polymul(a, [1.0, 10.0]), ([0.0, 2.0],), ([10.0, 11.0],)),
    ("polyval-0", np.polyval, ([1.0, 2.0, 3.0], [0.0]), ([0.0, 0.0, 1.0], [2.0])),
    ("vander-0", lambda x: np.vander(x, 3), ([0.0, 2.0],), ([1.0, 5.0],)),
    ("roots-0", lambda p: np.roots(p), ([1.0, -2.0, 0.0],), ([-2.0, -1.0, 0.0],)),
]
REFUSED += [
    ("poly-shape", lambda x: np.poly(x[:2]), "np.poly.*shape"),
    ("polyint-m", lambda x: np.polyint(x[0], -1), "np.polyint.*-1"),
    ("polyint-k", lambda x: np.polyint(x[0], 3, [1.0, 2.0]), "np.polyint.*2 constants"),
    ("polyder-m", lambda x: np.polyder(x[0], -1), "np.polyder.*-1"),
    ("polyfit-deg", lambda x: np.polyfit(x[0], x[1], -1), "np.polyfit.*-1"),
    ("polyfit-shapes", lambda x: np.polyfit(x, x, 1), "np.polyfit.*shapes"),
    ("polyfit-weights", lambda x: np.polyfit(x[0], x[1], 1, w=[1.0]), "np.polyfit.*weights"),
    ("polyfit-cov", lambda x: np.polyfit(x[0] + x[1] ** 2, x[1], 2, cov=True), "np.polyfit.*too few"),
    ("polymul-2-d", lambda x: np.polymul(x, x), "np.polymul.*1d"),
    ("vander-2-d", np.vander, "one-dimensional"),
    ("roots-2-d", np.roots, "rank-1"),
]
