"""Libraries that wrap arrays, write NumPy code or call it, such as einops, xarray, pint, sympy and scikit-learn."""

import einops
import numpy as np
import numpy_financial as npf
import opt_einsum
import pint
import pytest
import statsmodels.api as sm
import sympy
import xarray as xr
from scipy import integrate, optimize
from sklearn import metrics
from sklearn.metrics import pairwise
from unmodified import slopes

import gradarray as ga

X0 = np.array([[1.1, 2.3, 3.2], [4.4, 5.1, 6.6]])
OTHER = np.array([[1.5, 2.0, 2.9], [3.1, 5.8, 5.2]])


def by_tensor(f, x0):
    """Outside of wrapped context, where a library hands over to the Tensor what NumPy's protocols hand over."""
    x = ga.tensor(x0)
    f(x).sum().backward()
    return x.grad


def by_wrap(f, x0):
    x = ga.tensor(x0)
    np.sum(ga.wrap(f)(x)).backward()
    return x.grad


def by_grad(f, x0):
    return ga.grad(lambda x: np.sum(f(x)))(x0)


def agree(f, x0, *ways):
    want = slopes(f, x0)
    assert np.isfinite(want).all()
    for way in ways:
        found = way(f, x0.copy())
        assert type(found) is np.ndarray
        np.testing.assert_allclose(found, want, rtol=1e-6, atol=1e-8 * np.abs(want).max())


def table(rows):
    return pytest.mark.parametrize("f", [pytest.param(f, id=name) for name, f in rows.items()])


# Operations on axes by name

EINOPS = {
    "rearrange": lambda x: einops.rearrange(x, "a b -> b a") ** 2,
    "rearrange list": lambda x: einops.rearrange([x, x**2], "n a b -> (n b) a") ** 2,
    "reduce mean": lambda x: einops.reduce(x, "a b -> b", "mean") ** 2,
    "reduce max": lambda x: einops.reduce(x, "a b -> a", "max") ** 2,
    "reduce prod": lambda x: einops.reduce(x, "a b -> a", "prod") ** 2,
    "repeat": lambda x: einops.repeat(x, "a b -> a r b", r=2) ** 2,
    "einsum": lambda x: einops.einsum(x, x, "a b, c b -> a c") ** 2,
    "pack": lambda x: einops.pack([x[:, 0], x**2], "a *")[0] ** 2,
    "unpack": lambda x: einops.unpack(x, [(1,), (2,)], "a *")[1] ** 2,
}


@table(EINOPS)
def test_einops(f):
    agree(f, X0, by_grad, by_wrap)


def test_einops_asks_for_wrapped_context():
    with pytest.raises(RuntimeError, match="Tensor type unknown to einops"):
        einops.rearrange(ga.tensor(X0), "a b -> b a")


OPT_EINSUM = {
    "chain": lambda x: opt_einsum.contract("ab,cb,cd->ad", x, x, x),
    "trace": lambda x: opt_einsum.contract("ab,cb->", x, x**2),
    "greedy": lambda x: opt_einsum.contract("ab,cb,cd,ed->ae", x, x, x, OTHER, optimize="greedy"),
    "expression": lambda x: opt_einsum.contract_expression("ab,cb->ac", (2, 3), OTHER, constants=[1])(x),
}


@table(OPT_EINSUM)
def test_opt_einsum(f):
    agree(f, X0, by_tensor, by_grad, by_wrap)


# xarray


def labelled(x):
    return xr.DataArray(x, dims=("time", "place"), coords={"time": [0.0, 1.0], "place": ["a", "b", "c"]}, name="height")


def by_groups(x):
    kind = xr.DataArray([0, 1, 0], dims="place", name="kind")
    return (labelled(x).groupby(kind).mean() ** 2).data


def dataset(x):
    data = xr.Dataset({"p": labelled(x), "q": labelled(x) ** 2})
    data["r"] = data.p * data.q.isel(time=0)
    return (data.map(lambda v: v.mean("time")).to_array() ** 2).data


XARRAY = {
    "arithmetic": lambda x: (2 * labelled(x) - labelled(x) ** 2 / labelled(x).isel(time=0)).data,
    "reductions": lambda x: (labelled(x).mean("time") * labelled(x).max("time") + labelled(x).sum()).data,
    "std": lambda x: labelled(x).std("place", ddof=1).data ** 2,
    "skips what is missing": lambda x: (labelled(x).where(labelled(x) > 2.0) ** 2).mean("place").data,
    "where": lambda x: labelled(x).where(labelled(x) > 2.0, 0.5).data ** 2,
    "isel and sel": lambda x: (labelled(x).isel(time=0) * labelled(x).sel(place="b")).data,
    "concat": lambda x: (xr.concat([labelled(x), labelled(x) ** 2], dim="time") ** 2).data,
    "groupby": by_groups,
    "Dataset": dataset,
    "dot": lambda x: xr.dot(labelled(x), labelled(x) ** 2, dim="place").data,
    "cumsum and diff": lambda x: (labelled(x).cumsum("place") ** 2).diff("time").data,
    "rolling": lambda x: (labelled(x).rolling(place=2).mean().dropna("place") ** 2).data,
    "ufuncs": lambda x: (np.exp(-labelled(x)) + xr.apply_ufunc(np.hypot, labelled(x), 2.0)).data,
    "transpose and stack": lambda x: (labelled(x).T.stack(every=("time", "place")) ** 2).data,
}


@table(XARRAY)
def test_xarray(f):
    agree(f, X0, by_tensor, by_grad, by_wrap)


def test_xarray_interpolates_by_scipy():
    agree(lambda x: (labelled(x).interp(time=[0.25, 0.5]) ** 2).data, X0, by_grad, by_wrap)


def test_xarray_holds_the_tensor_itself():
    x = ga.tensor(X0)
    assert labelled(x).data is x
    assert (labelled(x) * x).dims == ("time", "place")
    loss = (labelled(x) ** 2).sum()
    assert isinstance(loss.data, ga.Tensor)
    loss.data.backward()
    np.testing.assert_array_equal(x.grad, 2 * X0)


# Masked arrays hold plain ones only: what would lose the gradient raises

VALID = np.ma.array([1.0, 2.0, 3.0], mask=[False, True, False])
MASKED = {
    "minus a Tensor": lambda m, x: m - x,
    "written into": lambda m, x: m.__setitem__(slice(None), x),
    "in place": lambda m, x: m.__iadd__(x),
    "where": lambda m, x: np.ma.where(m > 1.5, x, 0.0),
    "joined": lambda m, x: np.ma.concatenate([m, x]),
    "made of a Tensor": lambda m, x: np.ma.masked_array(x, mask=[False, True, False]),
}


@table(MASKED)
@pytest.mark.parametrize("way", [by_grad, by_wrap])
def test_masked_arrays_refuse(f, way):
    def loss(x):
        masked = f(VALID.copy(), x)
        return np.sum(x) if masked is None else np.sum(x) + masked.sum()

    with pytest.raises(TypeError, match=r"\.py:\d+|MaskedArray"):
        way(loss, X0[0])


def test_masked_arrays_of_plain_values():
    def f(x):
        masked = np.ma.masked_greater(np.ma.array([1.0, 2.0, 3.0]), 2.5)
        return x * masked.filled(7.0) + masked.mean()

    agree(f, X0[0], by_grad, by_wrap)


# pint

UNITS = pint.UnitRegistry()
METRE, SECOND = UNITS.metre, UNITS.second


def fall(height, time):
    return (height - UNITS.Quantity(9.8, "m/s**2") * time**2 / 2).to("cm")


@UNITS.wraps("m", ("m", "s"))
def moved(distance, time):
    return distance * time**2


PINT = {
    "arithmetic": lambda x: ((x * METRE) ** 2 / (2 * SECOND)).to("cm**2/s").magnitude,
    "sums of different units": lambda x: (UNITS.Quantity(x, "m") + UNITS.Quantity(OTHER, "cm")).to("km").magnitude ** 2,
    "motion": lambda x: fall(x[0] * METRE, x[1] * UNITS.millisecond).magnitude,
    "reductions": lambda x: (np.mean(x * METRE, axis=0) ** 2 + np.max(x * UNITS.cm) ** 2).to("m**2").magnitude,
    "offsets": lambda x: UNITS.Quantity(x, "degC").to("kelvin").magnitude ** 2,
    "angles": lambda x: np.sin(UNITS.Quantity(x, "degree")).magnitude,
    "indices": lambda x: ((x * METRE)[0] * (x * SECOND)[1, 1]).to_base_units().magnitude,
    "joined": lambda x: np.concatenate([x * METRE, x * UNITS.cm]).to("m").magnitude ** 2,
    "where": lambda x: np.where(x * METRE > 250 * UNITS.cm, x * METRE, 2 * x * UNITS.cm).to("m").magnitude ** 2,
    "wrapped function": lambda x: moved(x * UNITS.km, 2 * SECOND).magnitude,
}


@table(PINT)
def test_pint(f):
    agree(f, X0, by_tensor, by_grad, by_wrap)


def test_pint_keeps_units_on_either_side():
    x = ga.tensor([1.0, 2.0])
    for quantity in (x * METRE, METRE * x, UNITS.Quantity(x, "m"), np.multiply(x, 1.0 * METRE)):
        assert quantity.units == METRE
        assert isinstance(quantity.magnitude, ga.Tensor)
    with pytest.raises(pint.DimensionalityError):
        x * METRE + x * SECOND


# sympy: functions it writes

A, B = sympy.symbols("a b")
SINE = sympy.sin(A) * sympy.exp(-B) / (A + B) ** 2
SYMPY = {
    "numpy": sympy.lambdify((A, B), SINE, "numpy"),
    "scipy": sympy.lambdify((A, B), sympy.erf(A) * sympy.loggamma(B) + sympy.besselj(1, A), "scipy"),
    "math": sympy.lambdify((A, B), SINE, "math"),
    "matrix": sympy.lambdify((A, B), sympy.Matrix([[A, B], [A * B, sympy.cos(A)]]), "numpy"),
    "several": sympy.lambdify((A, B), [sympy.sqrt(A + B), sympy.sqrt(A + B) * sympy.Max(A, B)], "numpy", cse=True),
    "pieces": sympy.lambdify((A, B), sympy.Piecewise((A**2, A > 2), (sympy.sin(A) * B, True)), "numpy"),
}
# of one number each; the others take arrays
SCALAR = {"math", "matrix"}


@pytest.mark.parametrize("name", SYMPY)
def test_sympy(name):
    f = SYMPY[name]
    take = (lambda x: np.sum(f(x[0, 1], x[1, 0]))) if name in SCALAR else (lambda x: sum(map(np.sum, f(x[0], x[1]))))
    if name in ("numpy", "scipy", "pieces"):
        take = lambda x: f(x[0], x[1])  # noqa: E731
    agree(take, X0, by_grad, by_wrap)


def test_sympy_within():
    """Functions that are written while a Tensor is on its way."""

    def f(x):
        m = sympy.lambdify((A, B), sympy.Matrix([[A, B], [A * B, sympy.cos(A)]]), "numpy")(x[0, 1], x[1, 0])
        return np.sum(m) * sympy.lambdify((A, B), SINE, "math")(x[0, 0], x[1, 2])

    agree(f, X0, by_grad, by_wrap)


def test_sympy_derivatives_are_the_same():
    x = ga.tensor([0.4, 1.3])
    SYMPY["numpy"](x[0], x[1]).backward()
    exact = sympy.lambdify((A, B), [SINE.diff(A), SINE.diff(B)], "numpy")
    np.testing.assert_allclose(x.grad, exact(0.4, 1.3), rtol=1e-14)


# scikit-learn, whose checks take arrays only: it works in wrapped context

FLAT = OTHER.ravel()
SKLEARN = {
    "mean squared": lambda x: metrics.mean_squared_error(OTHER, x, sample_weight=[1.0, 2.0]),
    "root mean squared": lambda x: metrics.root_mean_squared_error(OTHER, x),
    "mean absolute": lambda x: metrics.mean_absolute_error(OTHER, x),
    "mean squared log": lambda x: metrics.mean_squared_log_error(OTHER, x),
    "mean absolute percentage": lambda x: metrics.mean_absolute_percentage_error(OTHER, x),
    "median absolute": lambda x: metrics.median_absolute_error(OTHER.ravel(), x.ravel()),
    "r2": lambda x: metrics.r2_score(OTHER, x),
    "explained variance": lambda x: metrics.explained_variance_score(FLAT, x.ravel()),
    "largest": lambda x: metrics.max_error(FLAT, x.ravel()),
    "Poisson deviance": lambda x: metrics.mean_poisson_deviance(FLAT, x.ravel()),
    "gamma deviance": lambda x: metrics.mean_gamma_deviance(FLAT, x.ravel()),
    "Tweedie score": lambda x: metrics.d2_tweedie_score(FLAT, x.ravel(), power=1.5),
    "pinball": lambda x: metrics.mean_pinball_loss(OTHER, x, alpha=0.3),
    "log loss": lambda x: metrics.log_loss([0, 2], x / np.sum(x, axis=1, keepdims=True), labels=[0, 1, 2]),
    "Brier": lambda x: metrics.brier_score_loss([0, 1, 1], x[0] / 10),
    "hinge": lambda x: metrics.hinge_loss([0, 1, 1], x[0] - 2.5),
    "Euclidean": lambda x: pairwise.euclidean_distances(x, OTHER),
    "cosine similarity": lambda x: pairwise.cosine_similarity(x, OTHER),
    "cosine distance": lambda x: pairwise.cosine_distances(x, OTHER),
    "RBF": lambda x: pairwise.rbf_kernel(x, OTHER, gamma=0.1),
    "RBF with itself": lambda x: pairwise.rbf_kernel(x, gamma=0.1),
    "polynomial": lambda x: pairwise.polynomial_kernel(x, OTHER),
    "sigmoid": lambda x: pairwise.sigmoid_kernel(x, OTHER, gamma=0.01),
    "linear": lambda x: pairwise.linear_kernel(x),
    "Manhattan": lambda x: pairwise.manhattan_distances(x, OTHER),
    "paired": lambda x: pairwise.paired_distances(x, OTHER),
    "pairwise": lambda x: pairwise.pairwise_distances(x, OTHER, metric="euclidean"),
}
SKLEARN_REFUSED = {
    "haversine": lambda x: pairwise.haversine_distances(x[:, :2] / 10),
    "chi squared": lambda x: pairwise.chi2_kernel(x, OTHER),
}


@table(SKLEARN)
def test_sklearn(f):
    agree(f, X0, by_grad, by_wrap)


@table(SKLEARN_REFUSED)
@pytest.mark.parametrize("way", [by_grad, by_wrap])
def test_sklearn_refused(f, way):
    with pytest.raises(ga.DetachError, match=r"pairwise\.py:\d+"):
        way(f, X0)


@pytest.mark.parametrize("score", [metrics.roc_auc_score, metrics.average_precision_score])
def test_sklearn_scores_by_rank_have_no_slope(score):
    assert not by_grad(lambda x: score([0, 1, 1], x[0]) + 0 * x[0, 0], X0).any()


# numpy-financial and statsmodels

FINANCE = {
    "npv": lambda x: npf.npv(0.05, x.ravel()),
    "npv of the rate": lambda x: npf.npv(x[0, 0] / 100, OTHER.ravel()),
    "irr": lambda x: npf.irr(np.concatenate([np.array([-15.0]), x.ravel()])),
    "mirr": lambda x: npf.mirr(np.concatenate([np.array([-15.0]), x.ravel()]), 0.05, 0.07),
    "annuities": lambda x: npf.pmt(x[0] / 100, 12, 10 * x[1]) + npf.fv(x[0] / 100, 5, -10, -x[1]),
    "periods": lambda x: npf.nper(x[0] / 100, -10, x[1]) + npf.pv(x[0] / 100, 5, -10, -x[1]),
}


@table(FINANCE)
def test_numpy_financial(f):
    agree(f, X0, by_grad, by_wrap)


RNG = np.random.default_rng(5)
DESIGN = sm.add_constant(RNG.normal(size=(20, 2)))
NOISY = DESIGN @ np.array([1.0, -0.5, 0.3]) + RNG.normal(size=20)
COUNTS = RNG.poisson(2.0, 20).astype(float)
YES = (NOISY > 1.0).astype(float)
LOG_LINK = sm.families.links.Log()
MODELS = {
    "OLS": (sm.OLS(NOISY, DESIGN), 3),
    "WLS": (sm.WLS(NOISY, DESIGN, weights=np.arange(1.0, 21.0)), 3),
    "GLS": (sm.GLS(NOISY, DESIGN, sigma=np.diag(np.arange(1.0, 21.0))), 3),
    "Logit": (sm.Logit(YES, DESIGN), 3),
    "Probit": (sm.Probit(YES, DESIGN), 3),
    "Poisson": (sm.Poisson(COUNTS, DESIGN), 3),
    "negative binomial": (sm.NegativeBinomial(COUNTS, DESIGN), 4),
    "multinomial": (sm.MNLogit(COUNTS.clip(0, 2), DESIGN), 6),
    "GLM, Poisson": (sm.GLM(COUNTS, DESIGN, family=sm.families.Poisson()), 3),
    "GLM, binomial": (sm.GLM(YES, DESIGN, family=sm.families.Binomial()), 3),
    "GLM, gamma": (sm.GLM(COUNTS + 1, DESIGN, family=sm.families.Gamma(LOG_LINK)), 3),
}


@pytest.mark.parametrize("name", MODELS)
def test_statsmodels_log_likelihood(name):
    model, count = MODELS[name]
    params = np.array([0.4, -0.3, 0.2, 0.5, -0.1, 0.3])[:count]
    f = (lambda p: model.loglike(p, scale=1.0)) if name == "GLM, gamma" else model.loglike
    agree(f, params, by_grad, by_wrap)
    if name in ("Logit", "Probit", "Poisson", "negative binomial"):  # which have their own derivative
        np.testing.assert_allclose(ga.grad(model.loglike)(params), model.score(params), rtol=1e-8)


# Solvers written in NumPy


def oscillator(t, y, stiffness, damping):
    return [y[1], -stiffness * y[0] - damping * y[1]]


def stepped(x):
    solver = integrate.RK23(lambda t, y: x[0, :2] * np.sin(y) - 0.1 * t, 0.0, x[1, :2] / 5, 1.0, max_step=0.25)
    while solver.status == "running":
        solver.step()
    return solver.y


SOLVERS = {
    "RK23, dense": lambda x: integrate.solve_ivp(
        oscillator, (0, 1), x[0, :2], "RK23", args=(x[1, 0], 0.3), dense_output=True
    ).sol(np.array([0.3, 0.8])),
    "stepped by hand": stepped,
    "secant": lambda x: optimize.newton(lambda t: np.exp(t) * x[0] - t**2 - x[1], 0.5 * np.ones(3), tol=1e-13),
}


@table(SOLVERS)
def test_solvers(f):
    agree(f, X0, by_grad, by_wrap)
