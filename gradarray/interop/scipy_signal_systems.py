"""Linear systems of ``scipy.signal`` in time: all states by one rule, where SciPy's own code takes a step at a time."""

import numpy as np
from scipy import interpolate, linalg, signal

from ..modes import Mode
from ..registry import composite, differentiable, dispatched, stacked, unwrap

_wrapped = Mode(wrapped=True, detach="raise")
_expm = dispatched(linalg.expm)


def _states(A, b):
    """The rows ``x[k] = x[k - 1] @ A + b[k]``, from 0."""
    x = np.empty(b.shape, np.result_type(A, b))
    last = np.zeros(len(A), x.dtype)
    for k, row in enumerate(b):
        x[k] = last = last @ A + row
    return x


states = dispatched(_states)


def _adjoint(g, A):
    """The gradient of ``b``: the recurrence backwards."""
    return states(A.T, g[::-1])[::-1]


differentiable(_states, A=lambda g, A, out: out[:-1].T @ _adjoint(g, A)[1:], b=_adjoint)


@composite(signal.lsim)
def lsim(system, U, T, X0=None, interp=True):
    if isinstance(system, signal.dlti):
        raise AttributeError("lsim: the system is one in discrete time; give it to dlsim.")
    with _wrapped:
        system = (system if isinstance(system, signal.lti) else signal.lti(*system))._as_ss()
    A, B, C, D = system.A, system.B, system.C, system.D
    (n, inputs), T = B.shape, np.atleast_1d(stacked(T))
    if T.ndim != 1:
        raise ValueError(f"lsim: T has shape {T.shape}; give a vector.")
    if T[0] < 0:
        raise ValueError(f"lsim: T begins at {T[0]}, which is before 0.")
    dt = T[1] - T[0] if len(T) > 1 else 0.0
    if not np.allclose(np.diff(T), dt):
        raise ValueError("lsim: the steps of T are not equal.")
    x0 = np.zeros((1, n)) if X0 is None else np.reshape(stacked(X0), (1, n))
    x0 = x0 if T[0] == 0 else x0 @ _expm(A.T * T[0])
    no_input = U is None or (type(U) in (int, float) and U == 0)
    U = np.zeros((len(T), inputs)) if no_input else np.atleast_1d(stacked(U))
    U = U[:, None] if U.ndim == 1 else U
    if U.shape != (len(T), inputs):
        raise ValueError(f"lsim: U has shape {U.shape}; with {inputs} inputs and this T it is {(len(T), inputs)}.")
    # with the input and its change over a step as further states
    rows = [A * dt, B * dt, np.zeros((n, inputs))], [np.zeros((inputs, n + inputs)), np.eye(inputs)]
    M = np.vstack([*map(np.hstack, rows), np.zeros((inputs, n + 2 * inputs))])
    step = _expm(M.T)[:, :n]
    late = step[n + inputs :] * bool(interp)
    b = U[:-1] @ (step[n : n + inputs] - late) + U[1:] @ late
    x = states(step[:n], np.concatenate((x0, b))).astype(A.dtype)
    return T, np.squeeze(x @ C.T) + np.squeeze(U @ D.T), np.squeeze(x)


@composite(signal.dlsim)
def dlsim(system, u, t=None, x0=None):
    if isinstance(system, signal.lti):
        raise AttributeError("dlsim: the system is one in continuous time; give it to lsim.")
    with _wrapped:
        system = system if isinstance(system, signal.dlti) else signal.dlti(*system[:-1], dt=system[-1])
        has_states, system = isinstance(system, signal.StateSpace), system._as_ss()
        u = np.atleast_1d(stacked(u))
        u = u[:, None] if u.ndim == 1 else u
        stop = (len(u) - 1) * system.dt if t is None else t[-1]
        count = len(u) if t is None else int(np.floor(unwrap(stop / system.dt))) + 1
        times = np.linspace(0.0, stop, num=count)
        u = u if t is None else interpolate.make_interp_spline(t, u, k=1)(times)
    A, B, C, D = system.A, system.B, system.C, system.D
    x0 = np.zeros((1, len(A))) if x0 is None else np.reshape(stacked(x0), (1, -1))
    x = states(A.T, np.concatenate((x0, u[:-1] @ B.T))).astype(float)
    y = x @ C.T + u @ D.T
    return (times, y, x) if has_states else (times, y)
