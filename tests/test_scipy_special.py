"""Functions of scipy.special: which there are, far from where the catalogue looks, at singular points, and in a fit."""

import math

import numpy as np
import pytest
import scipy
from catalogue_scipy import rows
from scipy import special, stats

import gradarray as ga
from gradarray import chapters
from gradarray.registry import functions, ufuncs

chapters.load()
SPECIAL = special._ufuncs

# Ufuncs whose derivative is another that has none, so that no row of the catalogue, which asks for the second, can be
ONCE = {"kolmogorov", "kolmogi", "_kolmogc", "_kolmogci", "smirnov", "smirnovi", "_smirnovc", "_smirnovci"}
ONCE |= {f"_landau_{name}" for name in ("cdf", "sf", "ppf", "isf")}

# Those whose values SciPy searches for with a tolerance of its own
ROUGH = {"ncfdtrinc", "nctdtrinc"}

CONSTANT = {"round", "gammasgn", "_binom_ppf", "_binom_isf", "_nbinom_ppf", "_nbinom_isf"}
WITHOUT = """
    bdtrik bdtrin btdtria btdtrib chdtriv chndtridf fdtridfd gdtrib nbdtrik nbdtrin ncfdtridfd ncfdtridfn nctdtridf
    pdtrik stdtridf zetac pro_cv obl_cv mathieu_a mathieu_b sph_harm btdtr btdtri
    _riemann_zeta _kolmogp _smirnovp _ellip_harm _landau_pdf _gen_harmonic _normalized_gen_harmonic
    _lanczos_sum_expg_scaled _stirling2_inexact _struve_asymp_large_z _struve_bessel_series _struve_power_series
    _hypergeom_cdf _hypergeom_mean _hypergeom_pmf _hypergeom_sf _hypergeom_skewness _hypergeom_variance
    _sf_error_test_function _nbinom_mean _nbinom_variance _nbinom_skewness _nbinom_kurtosis_excess _ncf_mean
    _ncf_variance _ncf_skewness _ncf_kurtosis_excess _nct_mean _nct_variance _nct_skewness _nct_kurtosis_excess
"""
REFUSED = {*WITHOUT.split()}


def ufuncs_of_scipy():
    found = {}
    for module in (special, SPECIAL):
        found |= {name: f for name in dir(module) if isinstance(f := getattr(module, name), np.ufunc)}
    return found


def test_every_ufunc_is_in_one_place():
    """With a derivative, constant, or refused with a reason; what a newer SciPy adds has no rule, and says so."""
    kinds = {name: ufuncs[f].kind if f in ufuncs else "unknown" for name, f in ufuncs_of_scipy().items()}
    assert {name for name, kind in kinds.items() if kind == "constant"} == CONSTANT & kinds.keys()
    assert {name for name, kind in kinds.items() if kind == "refused"} == REFUSED & kinds.keys()
    unknown = {name for name, kind in kinds.items() if kind == "unknown"}
    if np.lib.NumpyVersion(scipy.__version__) < "1.18.0":
        assert unknown == set()
    for name in unknown:
        f = ufuncs_of_scipy()[name]
        with pytest.raises(TypeError, match=f"no rule for .*{f.__name__}"):
            f(*(ga.tensor(0.5) for _ in range(f.nin)))


def test_every_rule_has_a_row():
    covered = {row.fn for row in rows}
    known = {name: f for name, f in ufuncs_of_scipy().items() if f in ufuncs}  # a newer SciPy may have more
    missing = {name for name, f in known.items() if ufuncs[f].kind != "refused" and f not in covered}
    assert missing == (ONCE | ROUGH) & ufuncs_of_scipy().keys()
    python = [f for f, rule in functions.items() if "special" in str(f.__module__) and rule.kind != "refused"]
    assert [f.__name__ for f in python if f not in covered and not f.__module__.startswith("gradarray")] == []


# Far from where the catalogue looks: ranges of the arguments, whole numbers for orders

PROBABILITY, SIGNED, SIZE, SHAPE = (0.02, 0.98), (-5.0, 5.0), (0.02, 20.0), (0.5, 9.0)
WIDE = [
    ("exp2 exp10 expm1 cosm1 erf erfc erfi expit log_expit exprel ndtr dawsn j0 j1 i0 i1 ber bei berp beip", SIGNED),
    ("airy sici shichi fresnel itstruve0 it2struve0 itmodstruve0 wrightomega erfcx rgamma", SIGNED),
    ("dawsn log_ndtr j0 j1 i0e i1e airy sici expit log_expit wrightomega", (-40.0, 40.0)),
    ("gamma gammaln psi loggamma y0 y1 k0 k1 k0e k1e airye exp1 expi log1p cbrt entr", SIZE),
    ("spence _scaled_exp1 log1p cbrt gammaln psi", (1e-3, 300.0)),
    ("modfresnelp modfresnelm ker kei kerp keip kelvin it2j0y0 iti0k0 itj0y0", (0.02, 9.0)),
    ("logit erfinv erfcinv ndtri ellipk ellipe ellipkm1 _cosine_invcdf", PROBABILITY),
    ("ellipk ellipe", (-50.0, 0.99)),
    ("ellipkm1", (1e-9, 1e-6)),
    ("ndtri_exp", (-30.0, -0.01)),
    ("beta betaln agm poch rel_entr kl_div xlogy xlog1py boxcox boxcox1p pseudo_huber", SIZE, (0.02, 9.0)),
    ("binom", (0.0, 40.0), (-3.0, 10.0)),
    ("binom", (-4, 3), (0, 5)),
    ("boxcox boxcox1p", SIZE, (-1e-3, 1e-3)),
    ("inv_boxcox inv_boxcox1p", (0.0, 2.0), (-0.3, 1.5)),
    ("huber pseudo_huber", (0.1, 3.0), SIGNED),
    ("expn", (0, 6), SIZE),
    ("gammainc gammaincc chdtr chdtrc pdtr pdtrc", SHAPE, SIZE),
    ("gammaincinv gammainccinv chdtri stdtrit", SHAPE, PROBABILITY),
    ("betainc betaincc betaincinv betainccinv fdtri", SHAPE, SHAPE, PROBABILITY),
    ("_beta_ppf", PROBABILITY, SHAPE, SHAPE),
    ("jv yv kv kve iv ive hankel1 hankel2 hankel1e hankel2e", SIGNED, SIZE),
    ("jv iv ive struve modstruve", (0, 4), SIGNED),
    ("yn kn", (0, 6), SIZE),
    ("struve modstruve", (-1.0, 4.0), SIZE),
    ("besselpoly", (0.1, 5.0), (0.1, 5.0), (0, 4)),
    ("pbdv pbvv", (-3.0, 4.0), SIGNED),
    ("pbwa", (-4.0, 4.0), (-4.0, 4.0)),
    ("mathieu_cem", (0, 4), (-3.0, 9.0), (-180.0, 180.0)),
    ("mathieu_sem", (1, 4), (-3.0, 9.0), (-180.0, 180.0)),
    ("voigt_profile", SIGNED, (0.02, 3.0), (0.02, 3.0)),
    ("voigt_profile", (-300.0, 300.0), (0.5, 9.0), (0.5, 9.0)),
    ("ellipkinc ellipeinc", (-10.0, 10.0), (-9.0, 0.95)),
    ("ellipj", SIGNED, (0.01, 0.99)),
    ("elliprc", SIZE, SIZE),
    ("elliprc", SIZE, (-5.0, -0.1)),
    ("elliprf elliprd elliprg", SIZE, SIZE, SIZE),
    ("elliprf elliprd elliprg", (1.0, 1.001), (1.0, 1.001), (1.0, 1.001)),
    ("elliprj", SIZE, SIZE, SIZE, SIZE),
    ("hyp0f1", SHAPE, (-80.0, 80.0)),
    ("hyp1f1", SIGNED, SHAPE, SIGNED),
    ("hyp2f1", SIGNED, SIGNED, SHAPE, (-5.0, 0.9)),
    ("wright_bessel log_wright_bessel", (0.0, 2.0), (0.1, 3.0), (0.1, 5.0)),
    ("eval_legendre eval_chebyt eval_chebyu eval_chebyc eval_chebys", (0, 7), (-1.0, 1.0)),
    ("eval_hermite eval_hermitenorm eval_laguerre", (0, 7), (-1.0, 1.0)),
    ("eval_legendre eval_chebyt eval_chebyu", (0.0, 5.0), (-0.9, 0.9)),
    ("eval_sh_legendre eval_sh_chebyt eval_sh_chebyu", (0, 7), (0.0, 1.0)),
    ("eval_gegenbauer eval_genlaguerre", (0, 7), SHAPE, (-1.0, 1.0)),
    ("eval_jacobi", (0, 7), SHAPE, SHAPE, (-1.0, 1.0)),
    ("eval_sh_jacobi", (0, 7), (3.0, 6.0), (0.5, 3.0), (0.0, 1.0)),
    ("lpmv", (0, 2), (0, 5), (-0.9, 0.9)),
    ("bdtr bdtrc bdtri", (0, 4), (5, 12), PROBABILITY),
    ("nbdtr nbdtrc nbdtri", (0, 8), (1, 8), PROBABILITY),
    ("gdtr gdtrc", SHAPE, SHAPE, SIZE),
    ("gdtria", PROBABILITY, SHAPE, SHAPE),
    ("gdtrix", SHAPE, SHAPE, PROBABILITY),
    ("fdtr fdtrc", SHAPE, SHAPE, SIZE),
    ("chndtr", SIZE, SHAPE, (0.01, 15.0)),
    ("chndtrix", PROBABILITY, SHAPE, (0.01, 10.0)),
    ("ncfdtr", SHAPE, SHAPE, (0.01, 9.0), SIZE),
    ("ncfdtri", SHAPE, SHAPE, (0.01, 9.0), PROBABILITY),
    ("nctdtr", SHAPE, (-3.0, 3.0), SIGNED),
    ("nctdtrit", SHAPE, (-2.0, 2.0), PROBABILITY),
    ("stdtr", SIZE, SIGNED),
    ("nrdtrimn", PROBABILITY, SHAPE, SIGNED),
    ("nrdtrisd", SIGNED, (0.6, 0.95), (6.0, 9.0)),
    ("owens_t", SIGNED, SIGNED),
    ("tklmbda", (-0.4, 0.4), (0.1, 2.0)),
    ("kolmogorov _kolmogc", (0.9, 2.0)),
    ("smirnov _smirnovc", (2, 3), (0.7, 0.98)),
    ("smirnovi _smirnovci", (2, 9), PROBABILITY),
    ("_landau_cdf _landau_sf", SIGNED, SIGNED, SHAPE),
    ("_landau_ppf _landau_isf", PROBABILITY, SIGNED, SHAPE),
]


def slope(f, arguments, k, output):
    """Differences of the sixth order with the step that agrees best with the one before, and how well that is."""
    x, best, error, before = arguments[k], np.nan, np.inf, np.nan
    for relative in (3e-2, 1e-2, 3e-3, 1e-3, 3e-4):
        step = relative * np.maximum(np.abs(x), 1e-3 * np.max(np.abs(x)))
        with np.errstate(all="ignore"):
            found = [f(*arguments[:k], x + t * step, *arguments[k + 1 :]) for t in (-3, -2, -1, 1, 2, 3)]
            low3, low2, low, high, high2, high3 = (y[output] if f.nout > 1 else y for y in found)
            now = (45 * (high - low) - 9 * (high2 - low2) + high3 - low3) / (60 * step)
            apart = np.abs(now - before)
        better = apart < error
        best, error, before = np.where(better, now, best), np.where(better, apart, error), now
    return best, error


def wide():
    for names, *ranges in WIDE:
        for name in names.split():
            f = getattr(SPECIAL, name, getattr(special, name, None))
            if f is not None:
                yield pytest.param(f, ranges, id=f"{name}-{ranges}".replace(" ", ""))


@pytest.mark.parametrize(("f", "ranges"), list(wide()))
def test_far_and_wide(f, ranges):
    rng = np.random.default_rng(0)
    whole = [type(low) is int for low, _ in ranges]
    arguments = [
        rng.integers(low, high + 1, 60) if w else rng.uniform(low, high, 60)
        for (low, high), w in zip(ranges, whole, strict=True)
    ]
    places = [d.place for d in ufuncs[f].derivatives if d.place < f.nin and not whole[d.place]]
    assert places or whole[0]
    for k in sorted({*places}):
        for output in range(f.nout):
            x = ga.tensor(arguments[k])
            y = f(*arguments[:k], x, *arguments[k + 1 :])
            y = y[output] if f.nout > 1 else y
            y.backward(np.ones(60, y.dtype))
            expected, error = slope(f, arguments, k, output)
            known = np.isfinite(expected) & np.isfinite(y.data)
            assert np.mean(known) > 0.8
            scale = np.abs(expected) + 1e-2 * np.abs(y.data)
            close = np.abs(x.grad - np.real(expected)) <= 1e-6 * scale + 30 * error
            assert np.all(close | ~known), (k, output, [a[np.argmin(close | ~known)] for a in arguments])


def derivatives(f, x, order=3):
    found = []
    for _ in range(order):
        f = ga.grad(f)
        found.append(f(x))
    return found


PI = math.pi
# The first derivatives at a point where what the rule computes with is 0 / 0, or where two of its cases meet
POINTS = [
    ("rgamma", special.rgamma, -3.0, [-6, 15.073412021181603]),
    ("binom", lambda x: special.binom(x, 2.0), 1.0, [0.5, 1, 0]),
    ("binom-b", lambda x: special.binom(3.0, x), 5.0, [0.05]),
    ("poch", lambda x: special.poch(x, 2.0), 0.0, [1, 2, 0]),
    ("sici", lambda x: special.sici(x)[0], 0.0, [1, 0, -1 / 3]),
    ("shichi", lambda x: special.shichi(x)[0], 0.0, [1, 0, 1 / 3]),
    ("exprel", special.exprel, 0.0, [1 / 2, 1 / 3, 1 / 4]),
    ("spence", special.spence, 1.0, [-1, 1 / 2, -2 / 3]),
    ("lambertw", lambda x: np.real(special.lambertw(x)), 0.0, [1, -2, 9]),
    ("j1", special.j1, 0.0, [0.5, 0, -3 / 8]),
    ("i1", special.i1, 0.0, [0.5, 0, 3 / 8]),
    ("spherical_jn", lambda x: SPECIAL._spherical_jn(1, x), 0.0, [1 / 3, 0, -1 / 5]),
    ("struve", lambda x: special.struve(0, x), 0.0, [2 / PI]),
    ("it2struve0", special.it2struve0, 0.0, [-2 / PI, 0, 4 / (9 * PI)]),
    ("it2j0y0", lambda x: special.it2j0y0(x)[0], 0.0, [0, 1 / 4, 0]),
    ("beip", special.beip, 0.0, [1 / 2, 0]),
    ("berp", special.berp, 0.0, [0, 0]),
    ("ellipk", special.ellipk, 0.0, [PI / 8, 9 * PI / 64, 75 * PI / 256]),
    ("ellipkm1", special.ellipkm1, 1.0, [-PI / 8, 9 * PI / 64, -75 * PI / 256]),
    ("ellipe", special.ellipe, 0.0, [-PI / 8, -3 * PI / 64, -15 * PI / 256]),
    ("ellipkinc", lambda m: special.ellipkinc(PI / 2, m), 0.0, [PI / 8, 9 * PI / 64]),
    ("ellipeinc", lambda m: special.ellipeinc(PI / 2, m), 0.0, [-PI / 8, -3 * PI / 64]),
    ("elliprd", lambda x: special.elliprd(x, 1.0, 1.0), 1.0, [-0.3, 9 / 28, -0.625]),
    ("elliprj", lambda x: special.elliprj(x, 1.0, 1.0, 1.0), 1.0, [-0.3, 9 / 28]),
    ("elliprc", lambda x: special.elliprc(x, 1.0), 1.0, [-1 / 6, 3 / 20, -15 / 56]),
    ("elliprg", lambda x: special.elliprg(x, 1.0, 1.0), 0.0, [PI / 8]),
    ("agm", lambda x: special.agm(x, 2.0), 2.0, [1 / 2, -1 / 16, 3 / 64]),
    ("eval_legendre", lambda x: special.eval_legendre(3, x), 1.0, [6, 15, 15]),
    ("eval_chebyt", lambda x: special.eval_chebyt(3, x), -1.0, [9, -24, 24]),
    ("huber", lambda x: special.huber(1.0, x), 1.0, [1]),
    ("pseudo_huber", lambda x: special.pseudo_huber(1.0, x), 0.0, [0, 1, 0]),
    ("pseudo_huber-delta", lambda x: special.pseudo_huber(x, 0.0), 0.0, [0]),
    ("pseudo_huber-0", lambda x: special.pseudo_huber(0.0, x), 0.0, [0]),
    ("xlogy", lambda x: special.xlogy(0.0, x), 0.0, [0]),
    ("rel_entr", lambda x: special.rel_entr(0.0, x), 0.0, [0]),
    ("boxcox-0", lambda x: special.boxcox(0.0, x), 2.0, [1 / 4, -1 / 4, 3 / 8]),
    ("gammainc", lambda x: special.gammainc(1.0, x), 0.0, [1, -1, 1]),
    ("gammainc-2", lambda x: special.gammainc(2.0, x), 0.0, [0, 1, -2]),
    ("chndtr", lambda x: special.chndtr(2.0, 3.0, x), 0.0, [-special.chdtr(3, 2) / 2 + special.chdtr(5, 2) / 2]),
    ("tklmbda", lambda x: special.tklmbda(x, 2.0), 3.0, [0, 0, 0]),
    ("stdtr", lambda x: special.stdtr(np.inf, x), 0.0, [1 / math.sqrt(2 * PI), 0, -1 / math.sqrt(2 * PI)]),
    ("wofz", lambda x: np.real(special.wofz(x)), 0.0, [0, -2, 0]),
    ("i0e", special.i0e, 0.0, [0]),
]


@pytest.mark.parametrize(("f", "x", "expected"), [pytest.param(*case[1:], id=case[0]) for case in POINTS])
def test_points(f, x, expected):
    np.testing.assert_allclose(derivatives(f, x, len(expected)), expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize(
    ("f", "x", "order"),
    [
        (lambda x: special.elliprj(x, 1.0, 2.0, 1.5), 1.5, 3),
        (lambda x: special.elliprd(x, 1.0, 1.5), 1.5, 5),
        (special.berp, 0.0, 3),
    ],
    ids=["elliprj", "elliprd", "berp"],
)
def test_derivatives_that_end(f, x, order):
    """At these points the rules are good for so many derivatives, and then say so."""
    assert np.all(np.isfinite(derivatives(f, x, order - 1)))
    with pytest.raises(TypeError, match="higher derivatives at this point"):
        derivatives(f, x, order)


def test_boxcox_by_its_power_at_0():
    """Of sum(log(x)**(k + 1) power**k / (k + 1)!) the derivatives."""
    size = math.log(2)
    found = derivatives(lambda power: special.boxcox(2.0, power), 0.0)
    np.testing.assert_allclose(found, [size**2 / 2, size**3 / 3, size**4 / 4], rtol=1e-12)


def test_to_the_fourth_derivative():
    x = np.array([0.3, 0.7])
    for f, m in ((special.ellipk, special.hyp2f1(4.5, 4.5, 5, x)), (special.erf, None), (special.rgamma, None)):
        g = f
        for _ in range(4):
            g = ga.elementwise_grad(g)
        h = 1e-2
        steps = [f(x + k * h) for k in range(-4, 5)]
        weights = np.array([7 / 240, -2 / 5, 169 / 60, -122 / 15, 91 / 8, -122 / 15, 169 / 60, -2 / 5, 7 / 240])
        numeric = sum(w * y for w, y in zip(weights, steps, strict=True)) / h**4
        np.testing.assert_allclose(g(x), numeric, rtol=1e-3)
        if m is not None:
            np.testing.assert_allclose(g(x), PI / 2 * (0.5 * 1.5 * 2.5 * 3.5) ** 2 / 24 * m, rtol=1e-10)


def test_complex_gamma_on_the_left():
    """Trigamma by reflection and by ten steps, to the third derivative of loggamma; values from the difference."""
    for z in (-7.3 + 0.2j, -0.4 - 3j, 0.6 + 0.1j, 12 + 5j, 0.3 + 40j):
        h = 1e-4
        psi = special.psi
        x = ga.tensor(z)
        special.psi(x).backward()
        np.testing.assert_allclose(np.conj(x.grad), (psi(z + h) - psi(z - h)) / (2 * h), rtol=1e-6)
    z = ga.tensor(np.array([0.3, 2.5, -1.3]) + 0j)
    special.psi(z).backward(np.ones(3, complex))
    np.testing.assert_allclose(z.grad, [SPECIAL._zeta(2, x) for x in (0.3, 2.5, -1.3)], rtol=1e-13)


def test_airye_of_complex_numbers():
    """Ai scaled is holomorphic, Bi scaled is not."""
    z = 0.7 + 0.4j
    for k in (0, 1):
        x = ga.tensor(z)
        special.airye(x)[k].backward()
        numeric = (special.airye(z + 1e-6)[k] - special.airye(z - 1e-6)[k]) / 2e-6
        np.testing.assert_allclose(x.grad, np.conj(numeric), rtol=1e-8)
    x = ga.tensor(z)
    with pytest.raises(TypeError, match="airye's Bi, which is not holomorphic, of complex numbers"):
        special.airye(x)[2].backward()


@pytest.mark.parametrize("name", sorted(ONCE & ufuncs_of_scipy().keys()))
def test_second_derivatives_that_are_refused(name):
    f = ufuncs_of_scipy()[name]
    first = {1: (), 2: (3,), 3: ()}[f.nin]
    rest = (0.5, 1.5) if f.nin == 3 else ()
    with pytest.raises(TypeError, match=r"_kolmogp|_smirnovp|_landau_pdf"):
        ga.grad(ga.grad(lambda x: f(*first, x, *rest)))(0.4)


@pytest.mark.parametrize(
    ("inverse", "f", "arguments"),
    [
        (lambda p, x: special.ncfdtrinc(3.0, 8.0, p, x), lambda n, x: special.ncfdtr(3.0, 8.0, n, x), (0.3, 2.5)),
        (lambda p, x: special.nctdtrinc(4.0, p, x), lambda n, x: special.nctdtr(4.0, n, x), (0.3, 1.5)),
        (lambda p, x: special.chndtrinc(x, 4.0, p), lambda n, x: special.chndtr(x, 4.0, n), (0.3, 9.0)),
    ],
    ids=["ncf", "nct", "chn"],
)
def test_inverses_by_a_noncentrality(inverse, f, arguments):
    """Their slopes are those of the distribution function where they are, however precisely they are there."""
    n = inverse(*arguments)
    by_n, by_x = (
        (f(n + h * (1 - k), arguments[1] + h * k) - f(n - h * (1 - k), arguments[1] - h * k)) / (2 * h)
        for k, h in ((0, 1e-5), (1, 1e-5))
    )
    found = ga.grad(inverse, (0, 1))(*arguments)
    np.testing.assert_allclose(found, (1 / by_n, -by_x / by_n), rtol=1e-6)


def test_constants_take_no_gradient():
    y = special.gammasgn(ga.tensor([-0.5, 1.5]))
    assert y.constant
    np.testing.assert_array_equal(y.data, [-1, 1])


def test_integer_orders_are_constants():
    n, x = ga.tensor(2), ga.tensor(0.5)
    special.jv(n, x).backward()
    assert n.grad is None
    np.testing.assert_allclose(x.grad, special.jvp(2, 0.5))


@pytest.mark.parametrize("infinite", [np.inf, -np.inf])
def test_logsumexp_of_infinities(infinite):
    """Equal infinities share; beside one, what is finite has no part."""
    a = ga.tensor([infinite, 0.0, infinite])
    with ga.wrapping():
        special.logsumexp(a).backward()
    np.testing.assert_array_equal(a.grad, [0.5, 0, 0.5] if infinite > 0 else [0, 1, 0])
    a = ga.tensor([infinite, infinite])
    with ga.wrapping():
        special.logsumexp(a).backward()
    np.testing.assert_array_equal(a.grad, [0.5, 0.5])


def test_logsumexp_does_not_overflow():
    a = ga.tensor([1000.0, 999.0, -1000.0])
    with ga.wrapping():
        special.logsumexp(a).backward()
    np.testing.assert_allclose(a.grad, special.softmax(a.data))


@pytest.mark.parametrize("name", ["comb", "perm", "factorial", "factorial2"])
def test_exact_counts(name):
    """Of whole numbers exact, of others an error."""
    f = getattr(special, name)
    arguments = (2,) if name in ("comb", "perm") else ()
    with ga.wrapping():
        assert f(ga.tensor(5), *arguments, exact=True) == f(5, *arguments, exact=True)
        with pytest.raises(TypeError, match=f"{name}: exact=True is for whole numbers"):
            f(ga.tensor(5.0), *arguments, exact=True)


@pytest.mark.skipif(not hasattr(special, "legendre_p"), reason="SciPy 1.15 has them")
def test_legendre_with_derivatives():
    """What comes with its derivatives gives a gradient for each of them, and no third."""
    x = 0.4
    for k in (0, 1):
        t = ga.tensor(x)
        with ga.wrapping():
            special.assoc_legendre_p(4, 1, t, diff_n=k)[k].backward()
        np.testing.assert_allclose(t.grad, special.assoc_legendre_p(4, 1, x, diff_n=k + 1)[k + 1])
    with ga.wrapping(), pytest.raises(TypeError, match="legendre_p: SciPy gives no third derivative"):
        special.legendre_p(4, ga.tensor(x), diff_n=2).sum().backward()


@pytest.mark.skipif(not hasattr(special, "sph_harm_y"), reason="SciPy 1.15 has them")
@pytest.mark.parametrize("every", [False, True])
def test_spherical_harmonics_with_derivatives(every):
    f, orders = (special.sph_harm_y_all, (3, 2)) if every else (special.sph_harm_y, (3, -2))
    theta, phi = np.array([0.4, 1.1]), np.array([0.3, -0.7])
    with ga.wrapping():
        found = getattr(special, f.__name__)(*orders, ga.tensor(theta), ga.tensor(phi), diff_n=2)
    for y, expected in zip(found, f(*orders, theta, phi, diff_n=2), strict=True):
        np.testing.assert_allclose(y.data, expected, atol=1e-14)
    t, p = ga.tensor(theta), ga.tensor(phi)
    with ga.wrapping():
        _, gradient = getattr(special, f.__name__)(*orders, t, p, diff_n=1)
        np.real(gradient[..., 0]).sum().backward()
    np.testing.assert_allclose(t.grad, np.real(found[2].data[..., 0, 0]).reshape(-1, 2).sum(0), rtol=1e-12)
    np.testing.assert_allclose(p.grad, np.real(found[2].data[..., 0, 1]).reshape(-1, 2).sum(0), rtol=1e-12)


# Fits


def newton(loss, parameters, steps=12):
    """Newton's method with gradient and Hessian, on the logarithms of positive parameters."""

    def of_logs(logs):
        return loss(*np.exp(logs))

    gradient, hessian = ga.grad(of_logs), ga.hessian(of_logs)
    logs = np.log(parameters)
    for _ in range(steps):
        step = np.linalg.solve(hessian(logs), gradient(logs))
        logs = logs - step / max(1.0, np.max(np.abs(step)))
    return np.exp(logs), gradient(logs)


def test_maximum_likelihood_of_a_beta_distribution():
    data = np.random.default_rng(0).beta(2.5, 0.8, 500)
    mean_log, mean_log1 = np.mean(np.log(data)), np.mean(np.log1p(-data))

    def loss(a, b):
        return special.betaln(a, b) - (a - 1) * mean_log - (b - 1) * mean_log1

    found, gradient = newton(loss, np.array([1.0, 1.0]))
    np.testing.assert_allclose(gradient, 0, atol=1e-12)
    np.testing.assert_allclose(found, stats.beta.fit(data, floc=0, fscale=1)[:2], rtol=1e-5)
    np.testing.assert_allclose(found, [2.5, 0.8], rtol=0.1)


def test_maximum_likelihood_of_a_gamma_distribution():
    data = np.random.default_rng(1).gamma(3.2, 0.6, 5000)

    def loss(shape, scale):
        return np.mean(special.gammaln(shape) + shape * np.log(scale) - special.xlogy(shape - 1, data) + data / scale)

    found, gradient = newton(loss, np.array([2.0, 1.0]))
    np.testing.assert_allclose(gradient, 0, atol=1e-12)
    shape, _, scale = stats.gamma.fit(data, floc=0)
    np.testing.assert_allclose(found, [shape, scale], rtol=1e-5)
    np.testing.assert_allclose(found, [3.2, 0.6], rtol=0.1)


def test_fit_of_a_voigt_profile():
    """Both widths and the centre of a line, from its noisy profile, by Gauss and Newton."""
    x = np.linspace(-6, 6, 121)
    truth = np.array([0.4, 0.9, 0.6])
    data = special.voigt_profile(x - truth[0], *truth[1:]) + np.random.default_rng(2).normal(0, 1e-3, x.size)

    def model(p):
        return special.voigt_profile(x - p[0], p[1], p[2])

    p = np.array([0.0, 0.6, 0.9])
    slopes = ga.jacobian(model)
    for _ in range(20):
        p = p + np.linalg.lstsq(slopes(p), data - model(p))[0]
    np.testing.assert_allclose(slopes(p).T @ (data - model(p)), 0, atol=1e-10)
    np.testing.assert_allclose(p, truth, atol=0.02)
