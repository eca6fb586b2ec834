"""Special functions."""

import numpy as np
import scipy
from catalogue.base import Input, positive, real
from scipy import special

from .base import REFUSED, row


def within(low, high, turned=0.6):
    """Inputs between two numbers; complex ones are turned by up to so many radians."""

    def draw(rng, shape, complex):
        size = rng.uniform(low, high, shape)
        return size * np.exp(1j * rng.uniform(-turned, turned, shape)) if complex else size

    return lambda *shape: Input(shape, draw)


part = within(0.1, 0.9)
counts = within(4.2, 9)
centred = within(-2, 2)


def found(name):
    return getattr(special._ufuncs, name, getattr(special, name, None))


def on(names, *args, complex=False, label="", double=False):
    """A row for each ufunc, of inputs and constants; ``double`` where SciPy has no, or no end of, single precision."""
    for name in names.split():
        fn = found(name)
        if fn is None:  # in this version of SciPy
            continue

        def call(*given, fn=fn):
            items = (x.astype(float) for x in given) if double else iter(given)
            return fn(*[next(items) if isinstance(a, Input) else a for a in args])

        inputs = [a for a in args if isinstance(a, Input)]
        simple = len(inputs) <= 2 and fn.nout == 1 and not any(isinstance(a, np.ndarray) for a in args)
        shapes = "".join(f"{a.shape}" if isinstance(a, Input) else f"{np.ravel(a).tolist()}" for a in args).replace(
            " ", ""
        )
        kind = "elementwise" if simple else "differentiable"
        row(fn, f"{name}{shapes}{label}", call, *inputs, complex=complex, kind=kind)


for shape in ((3,), (2, 2)):
    # Elementary, gamma and error functions
    on("expm1 log1p erf erfc erfi dawsn wofz ndtr log_ndtr fresnel shichi", positive(*shape), complex=True)
    on("gamma loggamma psi rgamma exp1 expi spence erfcx wrightomega sici", positive(*shape), complex=True)
    on("gamma psi rgamma", within(-2.8, -2.2)(*shape), complex=True, label="left")
    on("exp2 exp10 cosm1 exprel sindg cosdg tandg expit log_expit dawsn erfcx wofz", real(*shape), label="real")
    on("cbrt gammaln entr cotdg", positive(*shape))
    on("logit erfcinv ndtri", part(*shape))
    on("erfinv", within(-0.9, 0.9)(*shape))
    on("ndtri_exp", within(-5, -0.1)(*shape))
    on("wofz dawsn erfcx", within(11, 14, 0.4)(*shape), complex=True, label="far")
    on("log_ndtr", within(-30, -15)(*shape), label="far")
    on("dawsn erfcx", within(11, 14)(*shape), label="far_real")
    on("modfresnelp modfresnelm", positive(*shape))  # of negative numbers SciPy gives others
    on("_sinpi _cospi _cosine_cdf _log1pmx _lgam1p _factorial _scaled_exp1", positive(*shape))
    on("_log1mexp", within(-3, -0.2)(*shape))
    on("_cosine_invcdf", part(*shape))
    # Bessel functions and relatives
    on("airy", real(*shape), complex=True)
    on("airye", positive(*shape))
    on("itairy i0 i1 j0 j1 i0e i1e", centred(*shape))
    on("y0 y1 k0 k1 k0e k1e ber bei ker kei berp beip kerp keip kelvin", positive(*shape))
    on("iti0k0 itj0y0 it2j0y0 it2i0k0 itstruve0 it2struve0 itmodstruve0", within(0.3, 3)(*shape))
    # Elliptic integrals
    on("ellipk ellipe", within(-2, 0.9)(*shape))
    on("ellipkm1", part(*shape))

on("jv yv kv kve iv hankel1 hankel2 hankel1e hankel2e", 1.5, positive(3), complex=True)
on("jv iv", 2, real(3), complex=True)
on("jv yv kv iv hankel1", np.array([[0], [2]]), positive(3), complex=True, label="orders")
on("jve yve ive struve modstruve", 1.5, positive(3))
on("jve ive struve modstruve", 2.0, real(3))
on("struve", 1.0, within(2, 5)(3), label="far")
on("yn kn", 2, positive(3))
on("yn kn", 0, positive(2, 2))
on("besselpoly", positive(3), 0.5, 1.5)
on("besselpoly", positive(2, 2), 0.5, 2.0)
on("_iv_ratio _iv_ratio_c", 1.5, positive(3))
on("_iv_ratio _iv_ratio_c", 2.5, positive(2, 2))
for name in ("jn", "yn", "in", "kn"):
    for order in (0, 3):
        on(f"_spherical_{name} _spherical_{name}_d", order, positive(3), complex=True, label=f"{order}")
for order in (0, 3):
    on("eval_hermite eval_hermitenorm", order, real(3), label=f"{order}")
for order in (0.0, 3.0, 2.5):
    label = f"{order}"
    on(
        "eval_legendre eval_chebyt eval_chebyu eval_chebyc eval_chebys eval_laguerre",
        order,
        part(3),
        complex=True,
        label=label,
    )
    on("eval_sh_legendre eval_sh_chebyt eval_sh_chebyu", order, part(3), complex=True, label=label)
    on("eval_gegenbauer eval_genlaguerre", order, 0.7, part(3), complex=True, label=label)
    on("eval_jacobi", order, 0.7, 1.3, part(3), complex=True, label=label)
    on("eval_sh_jacobi", order, 3.5, 1.3, part(3), complex=True, label=label)
    on("pbdv pbwa", order, centred(3), label=label)
    on("pbvv", order, centred(3), label=label, double=True)
on("eval_legendre eval_chebyt eval_laguerre", np.arange(3), part(2, 1), label="orders")
on("lpmv", 1.0, 2.0, part(3))
on("lpmv", 0.0, 2.5, part(2, 2))
on(
    "mathieu_cem mathieu_sem mathieu_modcem1 mathieu_modsem1 mathieu_modcem2 mathieu_modsem2",
    2.0,
    1.5,
    positive(3),
    double=True,
)
on("mathieu_cem mathieu_sem mathieu_modcem1 mathieu_modsem1", 1.0, 0.5, positive(2, 2), double=True)
on("pro_ang1 obl_ang1", 1.0, 2.0, 1.5, part(3), double=True)
on("pro_ang1 obl_ang1", 0.0, 3.0, 1.5, part(2, 2), double=True)
if np.lib.NumpyVersion(scipy.__version__) >= "1.15.0":  # before, SciPy writes beyond the arrays of these
    on("pro_rad1 pro_rad2 obl_rad1 obl_rad2", 0.0, 1.0, 3.0, within(2, 3)(3), double=True)
    on("pro_rad1 obl_rad1", 1.0, 2.0, 1.5, within(2, 3)(2, 2), double=True)
for kind in ("pro", "obl"):
    value = getattr(special, f"{kind}_cv")
    on(f"{kind}_ang1_cv", 1.0, 2.0, 1.5, float(value(1, 2, 1.5)), part(3), double=True)
    on(f"{kind}_ang1_cv", 0.0, 3.0, 1.5, float(value(0, 3, 1.5)), part(2, 2), double=True)
on("pro_rad1_cv pro_rad2_cv", 0.0, 1.0, 3.0, float(special.pro_cv(0, 1, 3.0)), within(2, 3)(3), double=True)
on("obl_rad1_cv obl_rad2_cv", 0.0, 1.0, 3.0, float(special.obl_cv(0, 1, 3.0)), within(2, 3)(3), double=True)
on("pro_rad1_cv", 1.0, 2.0, 1.5, float(special.pro_cv(1, 2, 1.5)), within(2, 3)(2, 2), double=True)

# Of several arguments; in the second row each are Python numbers among them
on("beta betaln poch", positive(3), positive(2, 1))
on("beta betaln poch", positive(3), 1.5)
on("beta betaln poch", 1.5, positive(3))
on("binom", counts(3), positive(2, 1))
on("binom", 7.5, positive(3))
on("xlogy xlog1py", positive(3), positive(2, 1), complex=True)
on("xlogy xlog1py", 1.5, positive(3), complex=True)
on("xlogy xlog1py powm1 rel_entr kl_div huber pseudo_huber agm", positive(3), 1.5)
on("powm1 rel_entr kl_div pseudo_huber agm", positive(3), positive(2, 1))
on("powm1 rel_entr kl_div huber pseudo_huber agm boxcox boxcox1p", 1.5, positive(3))
on("boxcox boxcox1p inv_boxcox inv_boxcox1p", positive(3), within(-0.3, 0.3)(2, 1))
on("boxcox boxcox1p inv_boxcox inv_boxcox1p", positive(3), 0)
on("inv_boxcox inv_boxcox1p", 1.5, positive(3))
on("huber", positive(3), within(-4, 4)(2, 3))
on("radian", real(3), real(2, 1), real(3))
on("radian", 1.0, 2.0, real(3))
on("expn", 0, positive(3))
on("expn", 2.0, positive(3))
on("expn", np.arange(4), positive(2, 1), label="orders")
on("gammainc gammaincc chdtr chdtrc stdtr", 1.5, positive(3))
on("gammainc gammaincc chdtr chdtrc stdtr", np.array([1, 3, 4]), positive(2, 1), label="several")
on("gammaincinv gammainccinv chdtri stdtrit", 1.5, part(3))
on("gammaincinv gammainccinv chdtri stdtrit", 3.0, part(2, 2))
on("betainc betaincc fdtr fdtrc", 1.5, 2.5, part(3))
on("betainc betaincc fdtr fdtrc", np.array([1, 3, 4]), 2.5, part(2, 1), label="several")
on("betaincinv betainccinv fdtri", 1.5, 2.5, part(3))
on("betaincinv betainccinv fdtri", 3.0, 2.0, part(2, 2))
on("_igam_fac", positive(3), positive(2, 1))
on("_igam_fac", 1.5, positive(3))
on("voigt_profile", real(3), positive(2, 1), positive(3))
on("voigt_profile", 0.5, 1.5, positive(3))
on("voigt_profile", real(3), 1.5, 0.5)
on("_zeta", 2.5, positive(3))
on("_zeta", np.array([2, 4]), positive(3, 1), label="several")
on("_lambertw", positive(3), 0, 1e-8, complex=True)
on("_lambertw", within(-0.35, -0.1)(3), -1, 1e-8)
on("hyp0f1", 1.5, real(3), complex=True)
on("hyp0f1", np.array([1, 3]), real(3, 1), label="several")
on("hyp1f1", 0.5, 1.5, real(3), complex=True)
on("hyp1f1", np.array([1, 3]), 1.5, real(3, 1), label="several")
on("hyp2f1", 0.5, 0.7, 1.5, within(0.1, 0.7)(3), complex=True)
on("hyp2f1", 0.5, -0.7, 2.5, within(-0.9, -0.1)(2, 2))
on("hyperu", 0.5, 1.5, positive(3))
on("hyperu", 1.5, 0.25, positive(2, 2))
on("wright_bessel log_wright_bessel", 0.5, 1.5, positive(3))
on("wright_bessel log_wright_bessel", 1.0, 0.5, positive(2, 2))
on("ellipkinc ellipeinc", within(-4, 4)(3), within(-1, 0.9)(2, 1))
on("ellipkinc ellipeinc", 1.0, within(-1, 0.9)(3))
on("ellipkinc ellipeinc", positive(3), 0.5)
on("ellipj", real(3), part(2, 1))
on("ellipj", real(3), 0.5)
on("elliprc", positive(3), positive(2, 1), complex=True)
on("elliprc", positive(3), within(-3, -0.5)(2, 1), label="negative")
on("elliprf elliprd elliprg", positive(3), positive(2, 1), positive(3), complex=True)
on("elliprf elliprd elliprg", 1.5, 0.5, positive(3))
on("elliprd", within(1, 1.0001)(3), 2.0, within(1, 1.0001)(3), label="close")
on("elliprj", positive(3), positive(2, 1), positive(3), positive(3), complex=True)
on("elliprj", 1.5, 0.5, 2.5, positive(3))

# Distributions
on("bdtr bdtrc bdtri", 2.0, 6, part(3), double=True)
on("bdtr bdtrc bdtri", np.array([0, 3]), 5, part(2, 1), label="several")
on("nbdtr nbdtrc nbdtri", 2, 6, part(3))
on("nbdtr nbdtrc nbdtri", 3, np.array([1, 4]), part(2, 1), label="several")
on("pdtr pdtrc", 2.0, positive(3))
on("pdtr pdtrc", np.array([0, 3]), positive(2, 1), label="several")
on("pdtri", 2, part(3))
on("pdtri", np.array([0, 3]), part(2, 1), label="several")
on("gdtr gdtrc", positive(3), 2.5, positive(2, 1))
on("gdtr gdtrc", 1.5, 2.5, positive(3))
on("gdtria", part(3), 2.5, positive(2, 1))
on("gdtria", part(3), 2.5, 1.5)
on("gdtrix", positive(3), 2.5, part(2, 1))
on("gdtrix", 1.5, 2.5, part(3))
on("chndtr", within(1, 6)(3), 2.5, positive(2, 1))
on("chndtr", 0.5, 4.0, positive(3))
on("chndtrix", part(3), 2.5, positive(2, 1))
on("chndtrix", part(3), 4.0, 0.5)
on("chndtrinc", within(6, 9)(3), 2.5, within(0.2, 0.5)(2, 1))
on("chndtrinc", 6.0, 4.0, within(0.2, 0.5)(3))
on("ncfdtr", 2.5, 4.0, positive(3), positive(2, 1))
on("ncfdtr", 2.5, 4.0, 1.5, positive(3))
on("ncfdtri", 2.5, 4.0, positive(3), part(2, 1))
on("ncfdtri", 2.5, 4.0, 1.5, part(3))
on("nctdtr", 4.5, real(3), real(2, 1))
on("nctdtr", 4.5, real(3), 0.5)
on("nctdtrit", 4.5, real(3), part(2, 1))
on("nctdtrit", 4.5, 0.5, part(3))
on("nrdtrimn", part(3), positive(2, 1), real(3))
on("nrdtrimn", part(3), 1.5, 0.5)
on("nrdtrisd", real(3), within(0.6, 0.9)(2, 1), counts(3))
on("nrdtrisd", 0.5, within(0.6, 0.9)(3), 6.0)
on("owens_t", real(3), real(2, 1))
on("owens_t", 0.5, real(3))
on("tklmbda", within(-0.4, 0.4)(3), within(0.3, 0.9)(2, 1))
on("tklmbda", within(-0.4, 0.4)(3), -0.5)
on("_beta_pdf", part(3), counts(2, 1), counts(3))
on("_beta_pdf", 0.5, 1.5, positive(3))
on("_beta_ppf", part(3), 1.5, 2.5)
on("_beta_ppf", part(2, 2), 3.0, 2.0)
on("_binom_cdf _binom_sf _binom_pmf", 2.0, 6.0, part(3))
on("_binom_cdf _binom_sf _binom_pmf", np.array([0, 3]), 5.0, part(2, 1), label="several")
on("_nbinom_cdf _nbinom_sf", 2.0, 6.0, part(3))
on("_nbinom_cdf _nbinom_sf", 3.0, 1.5, part(2, 2))
on("_nbinom_pmf", 2.0, counts(3), part(2, 1))
on("_nbinom_pmf", 2.0, 6.0, part(3))
on("_cauchy_ppf _cauchy_isf", part(3), real(2, 1), positive(3))
on("_cauchy_ppf _cauchy_isf", part(3), 0.5, 1.5)
on("_invgauss_ppf _invgauss_isf", part(3), 1.5, 1.0)
on("_invgauss_ppf _invgauss_isf", part(2, 2), 0.5, 1.0)
on("_skewnorm_cdf", real(3), real(2, 1), positive(3), real(3))
on("_skewnorm_cdf", 0.5, 0.0, 1.0, real(3))
on("_skewnorm_ppf _skewnorm_isf", part(3), real(2, 1), positive(3), real(3))
on("_skewnorm_ppf _skewnorm_isf", part(3), 0.0, 1.0, 1.5)
on("_ncx2_pdf _ncx2_sf", within(1, 6)(3), 2.5, positive(2, 1))
on("_ncx2_pdf _ncx2_sf", 0.5, 4.0, positive(3))
on("_ncx2_isf", part(3), 2.5, positive(2, 1))
on("_ncx2_isf", part(3), 4.0, 0.5)
on("_nct_pdf _nct_sf", real(3), 4.5, real(2, 1))
on("_nct_pdf _nct_sf", 0.5, 4.5, real(3))
on("_nct_isf", part(3), 4.5, real(2, 1))
on("_nct_isf", part(3), 4.5, 0.5)
on("_ncf_pdf", 0.7, 2.5, 4.0, positive(3))
on("_ncf_pdf", 1.5, 2.5, 4.0, positive(2, 2))
on("_ncf_sf", positive(3), 2.5, 4.0, positive(2, 1))
on("_ncf_sf", positive(3), 2.5, 4.0, 0.5)
on("_ncf_isf", part(3), 2.5, 4.0, positive(2, 1))
on("_ncf_isf", part(3), 2.5, 4.0, 0.5)

row(special.round, "positive", special.round, within(0.6, 1.4)(3), kind="constant")
row(special.round, "negative", special.round, within(-3.4, -2.6)(2, 2), kind="constant")
row(special.gammasgn, "positive", special.gammasgn, positive(3), kind="constant")
row(special.gammasgn, "negative", special.gammasgn, within(-1.8, -1.2)(2, 2), kind="constant")
for name in ("binom", "nbinom"):
    for inverse in ("ppf", "isf"):
        fn = found(f"_{name}_{inverse}")
        if fn is not None:
            row(fn, "p", lambda x, f=fn: f(x, 5.0, 0.4), within(0.11, 0.13)(3), kind="constant")
            row(fn, "q", lambda x, f=fn: f(0.3, 5.0, x), within(0.41, 0.42)(2, 2), kind="constant")

# Functions written in Python
for order in (0, 1, 3):
    row(special.polygamma, f"{order}", lambda x, n=order: special.polygamma(n, x), positive(3))
row(special.polygamma, "orders", lambda x: special.polygamma(np.arange(3)[:, None], x), positive(3))
row(special.multigammaln, "2", lambda a: special.multigammaln(a, 2), within(1, 3)(3))
row(special.multigammaln, "3,0d", lambda a: special.multigammaln(a, 3), within(2, 3)())
row(special.zeta, "q", lambda q: special.zeta(2.5, q), positive(3))
row(special.lambertw, "principal", special.lambertw, positive(3), complex=True)
row(special.lambertw, "branch", lambda z: special.lambertw(z, -1), within(-0.35, -0.1)(2, 2))
row(special.comb, "both", special.comb, counts(3), within(1, 3)(2, 1))
row(special.comb, "outside", lambda N: special.comb(N, 6.5), counts(3), compares=True)
row(special.comb, "repetition", lambda N, k: special.comb(N, k, repetition=True), counts(3), positive(2, 1))
row(special.comb, "0d", lambda N: special.comb(N, 2), counts())
row(special.perm, "both", special.perm, counts(3), within(1, 3)(2, 1))
row(special.perm, "outside", lambda N: special.perm(N, 6.5), counts(3), compares=True)
row(special.factorial, "zero", special.factorial, within(-0.9, 3)(5))
row(special.factorial, "0d", special.factorial, positive())
if np.lib.NumpyVersion(scipy.__version__) >= "1.15.0":
    row(special.factorial, "complex", lambda n: special.factorial(n, extend="complex"), positive(3), complex=True)
    row(special.factorial2, "complex", lambda n: special.factorial2(n, extend="complex"), positive(3), complex=True)
    row(special.factorial2, "0d", lambda n: special.factorial2(n, extend="complex"), positive())
    row(special.factorialk, "complex", lambda n: special.factorialk(n, 3, extend="complex"), positive(3), complex=True)
    row(special.factorialk, "part", lambda n: special.factorialk(n, 2.5, extend="complex"), positive(2, 2))

LSE = special.logsumexp
row(LSE, "all", special.logsumexp, real(2, 3), complex=True)
for axis in (0, -1, (0, 2), None):
    for keep in (False, True):
        label = f"{axis},{keep}".replace(" ", "")
        call = lambda a, b, x=axis, k=keep: special.logsumexp(a, axis=x, b=b, keepdims=k)  # noqa: E731
        row(LSE, f"b{label}", call, real(2, 3, 2), positive(3, 1), complex=True)
        call = lambda a, x=axis, k=keep: special.logsumexp(a, x, keepdims=k)  # noqa: E731
        row(LSE, label, call, real(2, 3, 2), complex=True)
row(LSE, "sign", lambda a, b: special.logsumexp(a, b=b, return_sign=True), real(4), real(4), complex=True)
row(LSE, "sign,axis", lambda a, b: special.logsumexp(a, 0, b, True, True), real(3, 2), real(3, 1), complex=True)
row(LSE, "0d", special.logsumexp, real())
row(LSE, "zero_weight", lambda a: special.logsumexp(a, b=np.array([1.0, 0, 2])), real(3), compares=True)
for axis in (None, 0, -1, (0, 1)):
    label = f"{axis}".replace(" ", "")
    row(special.softmax, label, lambda x, a=axis: special.softmax(x, a), real(3, 2))
    row(special.log_softmax, label, lambda x, a=axis: special.log_softmax(x, a), real(3, 2))
if hasattr(special, "softplus"):
    row(special.softplus, "real", special.softplus, real(3))
row(special.sinc, "real", special.sinc, real(3))
row(special.diric, "3", lambda x: special.diric(x, 3), real(4))
row(special.diric, "4", lambda x: special.diric(x, np.array([[4], [5]])), within(6.2, 6.4)(3))
for name in ("jn", "yn", "in", "kn"):
    fn = getattr(special, f"spherical_{name}")
    call = lambda z, n=name: getattr(special, f"spherical_{n}")(2, z)  # noqa: E731
    row(fn, f"{name}", call, positive(3), complex=True)
    row(fn, f"{name}negative", call, within(-2, -1, 0.0)(3))
    call = lambda z, n=name: getattr(special, f"spherical_{n}")(np.array([[0], [3]]), z, derivative=True)  # noqa: E731
    row(fn, f"{name}derivative", call, positive(3), complex=True)
for name in ("jvp", "yvp", "kvp", "ivp", "h1vp", "h2vp"):
    fn = getattr(special, name)
    row(fn, "1", lambda z, f=fn: f(1, z), positive(3), complex=True)
    row(fn, "2", lambda z, f=fn: f(0, z, 2), positive(2, 2), complex=True)
row(special.assoc_laguerre, "2", lambda x: special.assoc_laguerre(x, 2.0, 0.5), real(3))
LEGENDRE = special.legendre(3)
row(special.legendre, "object", lambda x: LEGENDRE(x), real(3))

if hasattr(special, "legendre_p"):
    N, M = np.array([1, 3]), np.array([[0], [1]])
    row(special.legendre_p, "p", lambda z: special.legendre_p(N, z), part(3, 1))
    row(special.legendre_p, "one", lambda z: special.legendre_p(2, z), part(4))
    row(special.assoc_legendre_p, "assoc", lambda z: special.assoc_legendre_p(N, M, z), part(3, 1, 1))
    row(special.assoc_legendre_p, "norm", lambda z: special.assoc_legendre_p(3, 1, z, norm=True), part(4))
    row(
        special.assoc_legendre_p,
        "cut",
        lambda z: special.assoc_legendre_p(3, 1, z, branch_cut=3),
        within(1.2, 2)(4),
    )
    row(special.sph_legendre_p, "sph", lambda t: special.sph_legendre_p(N, M, t), part(3, 1, 1))
    row(special.sph_legendre_p, "sph_one", lambda t: special.sph_legendre_p(2, -1, t), part(4))
    row(special.legendre_p_all, "all", lambda z: special.legendre_p_all(3, z), part(2, 2))
    row(special.legendre_p_all, "all0d", lambda z: special.legendre_p_all(2, z), part())
    row(special.assoc_legendre_p_all, "assoc_all", lambda z: special.assoc_legendre_p_all(3, 2, z), part(3))
    row(special.assoc_legendre_p_all, "assoc_n", lambda z: special.assoc_legendre_p_all(2, 1, z, norm=True), part(2, 2))
    row(special.sph_legendre_p_all, "sph_all", lambda t: special.sph_legendre_p_all(3, 2, t), part(3))
    row(special.sph_legendre_p_all, "sph_all0d", lambda t: special.sph_legendre_p_all(2, 2, t), part())
    row(special.sph_harm_y, "y", lambda t, p: special.sph_harm_y(N, M, t, p), part(3, 1, 1), real(2))
    row(special.sph_harm_y, "y_one", lambda t: special.sph_harm_y(3, -2, t, 0.5), part(4))
    row(special.sph_harm_y_all, "y_all", lambda t, p: special.sph_harm_y_all(2, 1, t, p), part(3, 1), real(2))
    row(special.sph_harm_y_all, "y_all_one", lambda t: special.sph_harm_y_all(2, 2, t, 0.5), part(2))

# By an order, by a parameter that no derivative is known for, of what is not holomorphic, of counts
BY_ARGUMENT = {
    "jv kv hankel1 struve eval_legendre expn gammainc gammaincinv chdtr pdtr stdtr smirnov hyp0f1": 2,
    "betainc hyp1f1 hyperu fdtr nctdtr eval_gegenbauer lpmv": 3,
}
for names, n in BY_ARGUMENT.items():
    for name in names.split():
        if (f := found(name)).nin == n:
            words = rf"{name} has no derivative with respect to 'a'"
            REFUSED += [(f"{name}-order", lambda x, f=f: f(x, *(0.5,) * (f.nin - 1)), words)]
for name in ("gdtrib", "btdtria", "bdtrik", "nbdtrin", "fdtridfd", "chndtridf", "nctdtridf"):
    REFUSED += [(name, lambda x, n=name: found(n)(x, 0.5, 0.5), f"{name} on a Tensor: it is inverted")]
for name in ("zetac", "_riemann_zeta", "_kolmogp"):
    REFUSED += [(name, lambda x, n=name: found(n)(x), f"{name} on a Tensor: the derivative by its argument")]
REFUSED += [
    ("zeta", special.zeta, "_riemann_zeta on a Tensor: the derivative by its argument"),
    ("zeta-x", lambda x: special.zeta(x + 2, 1.5), "_zeta has no derivative with respect to 'a'"),
    ("mathieu_a", lambda x: special.mathieu_a(1, x), "mathieu_a on a Tensor"),
    ("pro_cv", lambda x: special.pro_cv(0, 1, x), "pro_cv on a Tensor"),
    ("mathieu_cem-q", lambda x: special.mathieu_cem(1, x, 0.5), "mathieu_cem has no derivative with respect to 'b'"),
    (
        "jve",
        lambda x: special.jve(1, x * 1j).real.sum().backward(),
        "jve, which is not holomorphic, of complex numbers",
    ),
    (
        "ive",
        lambda x: special.ive(1, x * 1j).real.sum().backward(),
        "ive, which is not holomorphic, of complex numbers",
    ),
    ("airye", lambda x: special.airye(x * 1j)[2].real.sum().backward(), "airye's Bi, which is not holomorphic"),
    ("kolmogorov", lambda x: special.smirnov(3, special.smirnov(x, 0.5)), "smirnov has no derivative"),
]
