"""The methods of ``scipy.integrate`` whose steps are compiled code: ``odeint``, ``LSODA`` and ``ode``.

Values are theirs. Their derivatives are those of the solution itself, which is found once more, by Runge and Kutta's
methods of high order, explicit or, for stiff systems, implicit ones: first on plain numbers, which gives the steps,
then over the same steps on Tensors. So that these suit the derivatives, too, a small deviation is followed beside the
solution, which may stand still where its neighbours do not.

>>> import numpy as np, gradarray as ga
>>> from scipy import integrate
>>> end = lambda k: integrate.odeint(lambda y, t: -k * y, 1.0, [0.0, 2.0])[-1, 0]
>>> round(ga.grad(end)(0.5), 6)
-0.735759
"""

import functools

import numpy as np
from scipy import integrate

from ..jacobians import jacobian
from ..modes import by_itself, plainly, state
from ..registry import composite, refused, unwrap, wrap
from ..rules.shape import array_of
from ..transforms import jvp
from .implicit import ORDER, counted
from .scipy_integrate_quad import _depending, _Followed, _varies

_dop, _radau = integrate.DOP853, integrate.Radau
_NODES = integrate._ivp.radau.C
_INNER = (_NODES[:, np.newaxis] ** [1, 2, 3] / [1, 2, 3]) @ np.linalg.inv(np.vander(_NODES, increasing=True))
_LONGEST = 20_000  # steps
_DONE = {integrate._odepack_py._msgs[k] for k in (1, 2)}


class _Equation:
    """y' = f(t, y), and how precisely it is to be solved."""

    def __init__(self, followed, rtol=1.5e-8, atol=1.5e-8, longest=np.inf, column=False):
        self.followed, self.column = followed, column
        self.rtol = np.clip(np.min(rtol), 1e-11, 1e-4)
        self.atol = np.maximum(atol, 1e-100)
        self.longest = longest
        self.noise = np.random.default_rng(0)
        self.deviation = None  # in implicit steps, from one call to the next

    def f(self, t, y):
        value = self.followed.on_tensors(t, y[:, np.newaxis] if self.column else y)
        return np.reshape(array_of(value), y.shape)

    def moved(self, t, y, time):
        """The solution that is ``y`` at ``t``, at ``time``, which is the same as far as their values are concerned."""
        h = time - t
        a = self.f(t, y)
        b = self.f(t + h / 2, y + h / 2 * a)
        c = self.f(t + h / 2, y + h / 2 * b)
        return y + h / 6 * (a + 2 * (b + c) + self.f(time, y + h * c))

    def slopes(self, t, y):
        """The matrix of the derivatives of ``f`` by ``y``, plain."""
        with by_itself:
            return unwrap(jacobian(lambda y: self.f(t, y))(y))

    def with_deviation(self, t, both):
        y, deviation = np.split(both, 2)
        with by_itself:
            value, slope = jvp(lambda y: self.f(t, y), [y], [deviation])
        return np.concatenate((unwrap(value), unwrap(slope)), dtype=float)

    def is_stiff(self, times, values, limit):
        """Whether explicit steps, each shorter than the fastest deviation lives, would be more than ``limit``."""
        chosen = slice(None, None, max(1, len(times) // 16))
        slopes = [self.slopes(t, y) for t, y in zip(times[chosen], values[chosen], strict=True)]
        speeds = np.max(np.abs(np.linalg.eigvals(np.stack(slopes))), axis=-1)
        return abs(times[-1] - times[0]) * np.mean(speeds) > limit

    def steps(self, method, t, y, end, limit, first=None):
        """Where the steps of ``method`` end, and the course of an implicit one; None if more than ``limit``."""
        n = y.size
        scale = np.abs(y) + self.atol / self.rtol
        options = {
            "rtol": self.rtol / 10,
            "atol": np.concatenate((self.atol / 10 + 0 * y, max(self.rtol, 1e-8) * scale)),
        }
        if method is _radau:
            options["jac"] = lambda t, both: np.kron(np.eye(2), self.slopes(t, both[:n]))
        if first is not None:
            first = min(first, abs(end - t))
        if method is _dop or self.deviation is None:
            self.deviation = scale * self.noise.uniform(-1, 1, n)
        both = np.concatenate((y, self.deviation))
        solver = method(self.with_deviation, t, both, end, max_step=self.longest, first_step=first, **options)
        found = [(t, None)]
        while solver.status == "running":
            if len(found) > limit:
                return None
            message = solver.step()
            if solver.status == "failed":
                return None if method is _dop else _failed(message)
            found.append((solver.t, solver.sol if method is _radau else None))
            self.limit_deviation(solver, n, scale)
        self.deviation = solver.y[n:]
        return found

    def limit_deviation(self, solver, n, scale):
        """Keep the deviation from growing, and for explicit steps, which any may make unstable, in all directions."""
        if isinstance(solver, _dop):
            solver.y[n:] = scale * self.noise.uniform(-1, 1, n)
            solver.f = solver.fun(solver.t, solver.y)
            return
        size = max(1, np.max(np.abs(solver.y[n:]) / scale))
        for held in (solver.y, solver.f, solver.sol.y_old, solver.sol.Q):
            held[n:] /= size

    def solutions(self, t, y, times, limit, stiff=False, first=None, stops=()):
        """The solution that is ``y`` at ``t``, at ``times``, which are in order and on one side of it."""
        sign = 1 if times[-1] >= t else -1
        rows = [y] if times[0] == t else []
        stops = [stop for stop in stops if sign * t < sign * stop < sign * times[-1]]
        for end in sorted({*stops, times[-1]} - {t}, key=lambda stop: sign * stop):
            due = [time for time in times if sign * t < sign * time <= sign * end]
            start = unwrap(y)
            steps = None if stiff else self.steps(_dop, t, start, end, limit, first)
            if steps is None:
                steps = self.steps(_radau, t, start, end, _LONGEST, first) or _failed("too many steps")
                found, y = _implicit(self, steps, y, due)
            else:
                found, y = _explicit(self, [t for t, _ in steps], y, due)
            rows, t = rows + found, end
        return rows

    def followed_to(self, t, y, times, limit, **options):
        """The solutions at ``times`` of the equation, in a list; the solution is ``y`` at ``t``."""
        start, places = float(unwrap(t)), unwrap(times).tolist()
        y = self.moved(t, y, start) if _varies(t) else y
        rows = {start: y}
        for sign in (1, -1):
            side = sorted({place for place in places if sign * place > sign * start}, key=lambda place: sign * place)
            if side:
                rows |= zip(side, self.solutions(start, y, side, limit, **options), strict=True)
        found = [rows[place] for place in places]
        if _varies(times):
            found = [self.moved(place, y, times[i]) for i, (place, y) in enumerate(zip(places, found, strict=True))]
        return found


def _failed(message):
    raise ValueError(f"scipy.integrate: the solution could not be followed for its derivative: {message}")


def _sum(weights, k):
    return weights[: len(k)] @ np.reshape(np.concatenate(k), (len(k), -1))


def _explicit(equation, steps, y, times):
    """The solution at ``times``, and at the end, by Dormand and Prince's method of order 8."""
    gone = [np.abs(np.subtract(each, steps[0])) for each in (times, steps)]
    rows, places = [], np.searchsorted(gone[0], gone[1], "right")
    slope = equation.f(steps[0], y)
    for t, end, low, high in zip(steps, steps[1:], places, places[1:], strict=False):
        h, k = end - t, [slope]
        for a, c in zip(_dop.A[1:], _dop.C[1:].tolist(), strict=True):
            k.append(equation.f(t + c * h, y + h * _sum(a, k)))
        change = h * _sum(_dop.B, k)
        slope = equation.f(end, y + change)
        inside = [time for time in times[low:high] if time != end]
        if inside:
            k.append(slope)
            for a, c in zip(_dop.A_EXTRA, _dop.C_EXTRA.tolist(), strict=True):
                k.append(equation.f(t + c * h, y + h * _sum(a, k)))
            part = (np.array(inside) - t) / h
            turns = np.cumprod([(part, 1 - part)[i % 2] for i in range(7)], axis=0).T
            start = h * k[0] - change
            first = np.stack((change, start, change - h * slope - start))
            rows += [*(y + turns[:, :3] @ first + h * (turns[:, 3:] @ _dop.D @ np.stack(k)))]
        y = y + change
        rows += [y] * (high - low - len(inside))
    return rows, y


def _implicit(equation, steps, y, times):
    """As `_explicit`, by Radau's method of order 5, whose steps stop at each of the times.

    What solves the equations of a step is found on plain numbers; Newton's method, with the matrix that belongs to it,
    then adds the derivatives, those of one order at a time.
    """
    rows, sign, t = [], np.sign(steps[-1][0] - steps[0][0]), steps[0][0]
    for last, course in steps[1:]:
        for end in [*(time for time in times if sign * t < sign * time < sign * last), last]:
            y, t = _collocated(equation, t, y, end, course), end
            rows += [counted(y, y, ORDER)] * (end in times)
    return rows, counted(y, y, ORDER)


def _collocated(equation, t, y, end, course):
    h, n = end - t, y.size
    nodes = (t + h * _NODES).tolist()
    start, changes = unwrap(y), course(np.array(nodes))[:n].T - unwrap(y)
    slopes = [equation.slopes(node, start + change) for node, change in zip(nodes, changes, strict=True)]
    matrix = np.eye(3 * n) - h * np.einsum("ij,jkl->ikjl", _INNER, np.stack(slopes)).reshape(3 * n, 3 * n)
    inverse = np.linalg.inv(matrix)

    def step(changes, y):
        f = np.stack([equation.f(node, y + change) for node, change in zip(nodes, changes, strict=True)])
        return changes - np.reshape(inverse @ np.reshape(changes - h * (_INNER @ f), -1), (3, n))

    for _ in range(2):
        changes = unwrap(step(changes, start))
    for _ in range(ORDER):
        changes = step(changes, y)
    return y + changes[-1]


def _of_time(func, args, tfirst):
    return _Followed(func if tfirst else lambda t, y, *args: func(y, t, *args), args)


@composite(integrate.odeint)
def odeint(
    func,
    y0,
    t,
    args=(),
    Dfun=None,
    col_deriv=0,
    full_output=0,
    ml=None,
    mu=None,
    rtol=None,
    atol=None,
    tcrit=None,
    h0=0.0,
    hmax=0.0,
    hmin=0.0,
    ixpr=0,
    mxstep=0,
    mxhnil=0,
    mxordn=12,
    mxords=5,
    printmessg=0,
    tfirst=False,
):
    if not isinstance(args, tuple):
        raise TypeError("scipy.integrate.odeint: args has to be a tuple.")
    if _varies(tcrit):
        raise TypeError(
            "scipy.integrate.odeint on a Tensor: tcrit= has no derivative; integrate up to there, and from there on."
        )
    f = _of_time(func, args, tfirst)
    jac = Dfun and _of_time(Dfun, args, tfirst)
    rtol, atol, tcrit, h0, hmax, hmin = map(unwrap, (rtol, atol, tcrit, h0, hmax, hmin))
    values, info = integrate.odeint(
        *(f, unwrap(y0), unwrap(t), (), jac, col_deriv, True, ml, mu, rtol, atol, tcrit, h0, hmax, hmin),
        *(ixpr, mxstep, mxhnil, mxordn, mxords, printmessg, True),
    )
    if f.varies or _varies(y0) or _varies(t):
        if info["message"] not in _DONE:
            raise ValueError(f"scipy.integrate.odeint: there is no solution to differentiate. {info['message']}")
        rtol, atol = (1.49012e-8 if tolerance is None else tolerance for tolerance in (rtol, atol))
        equation = _Equation(f, rtol, atol, hmax or np.inf)
        times, y = np.ravel(array_of(t)), np.ravel(array_of(y0)) + np.zeros(1)  # in double precision
        limit = 200 + 3 * np.max(info["nst"], initial=0)
        stops = () if tcrit is None else np.ravel(tcrit).tolist()
        stiff = 2 in info["mused"] and equation.is_stiff(unwrap(times), values, limit)
        _, *rows = equation.followed_to(times[0], y, times, limit, stiff=stiff, stops=stops)
        values = _depending(values, np.stack([y, *rows]))
    elif unwrap(given := [y0, t, *args]) is not given:
        values = wrap(values)
    return (values, info) if full_output else values


# The solver, whose steps solve_ivp asks for one by one


@composite(integrate.LSODA.__init__)
def lsoda(
    self,
    fun,
    t0,
    y0,
    t_bound,
    first_step=None,
    min_step=0.0,
    max_step=np.inf,
    rtol=1e-3,
    atol=1e-6,
    jac=None,
    lband=None,
    uband=None,
    vectorized=False,
    **extraneous,
):
    first_step, min_step, max_step, rtol, atol = map(unwrap, (first_step, min_step, max_step, rtol, atol))
    f, known = _Followed(fun), (first_step, min_step, max_step, rtol, atol, jac and _Followed(jac), lband, uband)
    integrate.LSODA.__init__(self, f, *map(unwrap, (t0, y0, t_bound)), *known, vectorized, **extraneous)
    equation = _Equation(f, rtol, atol, max_step, vectorized)
    if _varies(y0) or _varies(t0):
        y = np.ravel(array_of(y0)) + np.zeros(1)
        self.y = _depending(self.y, equation.moved(t0, y, self.t) if _varies(t0) else y)
    self._step_impl = functools.partial(_step, self, equation, t_bound)
    self._dense_output_impl = functools.partial(_dense_output, self, equation)


@plainly
def _step(solver, equation, t_bound):
    start, y = solver.t, solver.y
    success, message = integrate.LSODA._step_impl(solver)
    if success:
        end, found = solver.t, solver.y
        if equation.followed.varies or _varies(y):
            limit = 8
            stiff = equation.is_stiff([start, end], [unwrap(y), found], limit)
            options = {"stiff": stiff, "first": abs(end - start)}
            solver.y = _depending(found, equation.followed_to(start, y, np.array([end]), limit, **options)[0])
        if _varies(t_bound) and end == unwrap(t_bound):
            solver.t, solver.y = t_bound, _depending(found, equation.moved(end, solver.y, t_bound))
    solver.y_old = y
    return success, message


@plainly
def _dense_output(solver, equation):
    start, end, y = solver.t_old, solver.t, solver.y
    solver.t, solver.y = unwrap(end), unwrap(y)
    plain = integrate.LSODA._dense_output_impl(solver)
    solver.t, solver.y = end, y
    return _Course(plain, equation, start, solver.y_old)


class _Course:
    """The course of a step, on plain numbers as it is; its history is that of the solution from the step's start."""

    def __init__(self, plain, equation, t, y):
        self.t_old, self.t, self.t_min, self.t_max = plain.t_old, plain.t, plain.t_min, plain.t_max
        self.plain, self.equation, self.start = plain, equation, (t, y)

    @plainly
    def __call__(self, t):
        value = self.plain(unwrap(t))
        given = (t, self.start[1])
        if not state().recording or not (self.equation.followed.varies or _varies(given)):
            return value
        times = np.ravel(array_of(t))
        rows = self.equation.followed_to(*self.start, times, 50)
        return _depending(value, np.reshape(np.stack(rows, axis=-1), value.shape))


# The older interface, which holds the state of the solution itself


@composite(integrate.ode.__init__)
def ode(self, f, jac=None):
    integrate.ode.__init__(self, f, jac)
    if type(self) is integrate.ode:
        self.set_initial_value = functools.partial(_set_initial_value, self)
        self.set_integrator = functools.partial(plainly(integrate.ode.set_integrator), self)
        self.set_f_params = functools.partial(_set_f_params, self)
        self.integrate = functools.partial(_integrate, self)


def _set_f_params(self, *args):
    self.f_params = args
    return self


@plainly
def _set_initial_value(self, y, t=0.0):
    integrate.ode.set_initial_value(self, unwrap(y), unwrap(t))
    self.t = t
    if _varies(y):
        self._y = _depending(self._y, np.ravel(array_of(y)))
    return self


@plainly
def _integrate(self, t, step=False, relax=False):
    own, start, y = (self.f, self.f_params, self.jac, self.jac_params), self.t, self._y
    f = _Followed(self.f, self.f_params)
    self.f, self.f_params = f, ()
    self.jac, self.jac_params = self.jac and _Followed(self.jac, self.jac_params), ()
    self._y, self.t = np.array(unwrap(y)), unwrap(start)
    try:
        integrate.ode.integrate(self, unwrap(t), step, relax)
    finally:
        self.f, self.f_params, self.jac, self.jac_params = own
    reached = t if self.t == unwrap(t) else self.t
    if f.varies or _varies(y) or _varies(start) or _varies(reached):
        solver = self._integrator
        if not self.successful():
            raise ValueError("scipy.integrate.ode: there is no solution to differentiate; the integration failed.")
        if self._y.dtype.kind == "c" or getattr(solver, "solout", None) is not None:
            raise TypeError(
                "scipy.integrate.ode on a Tensor: a complex solution, or one with solout, has no derivative; use "
                "solve_ivp(f, (t0, t1), y0, t_eval=t, method='RK45'), or for a stiff system method='BDF'."
            )
        equation = _Equation(f, solver.rtol, solver.atol)
        ends = np.array([unwrap(start), self.t])
        limit = 500
        stiff = equation.is_stiff(ends, [unwrap(y), self._y], limit)
        rows = equation.followed_to(start, y, np.reshape(array_of(reached), 1), limit, stiff=stiff)
        self._y, self.t = _depending(self._y, rows[0]), reached
    return self._y


refused(
    "its steps are compiled code; use solve_ivp with method='RK45', or for a stiff system 'Radau' or 'BDF'.",
    *(integrate.ode.set_initial_value, integrate.ode.set_f_params, integrate.ode.integrate),
)
