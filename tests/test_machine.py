"""Random programs of views, reads and in-place writes, on Tensors and on plain arrays side by side."""

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import gradarray as ga

SLICES = st.one_of(
    st.slices(3),
    st.integers(-3, 2),
    st.just(Ellipsis),
    st.none(),
    st.just(slice(None)),
)
pick = st.integers(0, 10**6)


def slot(values, i):
    return values[i % len(values)]


class Programs(RuleBasedStateMachine):
    """Each step acts on a list of values: Tensors, plain arrays, and complex arrays for the complex step.

    The complex arrays start a small imaginary way along one direction, and so carry the directional derivative
    through the same program; every step is analytic.
    """

    step = 1e-30

    @initialize(seed=st.integers(0, 2**16), f_order=st.booleans())
    def start(self, seed, f_order):
        rng = np.random.default_rng(seed)
        start = np.asarray(rng.uniform(0.5, 1.5, (3, 4)), order="F" if f_order else "C")
        self.direction = rng.normal(size=(3, 4))
        self.leaf = ga.tensor(start)
        self.t = [self.leaf, self.leaf.copy(order="K")]
        self.p = [start, start.copy(order="K")]
        z = np.asarray(start + 1j * self.step * self.direction, order="F" if f_order else "C")
        self.c = [z, z.copy(order="K")]
        self.writable = [False, True]

    def push(self, f, *sources, writable=True):
        results = [f(*[values[i] for i in sources]) for values in (self.t, self.p, self.c)]
        if np.size(results[1]) > 200:
            return
        for values, result in zip((self.t, self.p, self.c), results, strict=True):
            values.append(result)
        self.writable.append(writable)

    def attempt(self, f, *sources):
        """Do a step that NumPy may refuse; then the Tensor must refuse it too."""
        try:
            f(*[self.p[i] for i in sources])
        except (ValueError, IndexError, TypeError) as error:
            try:
                f(*[self.t[i] for i in sources])
            except type(error):
                return
            raise AssertionError(f"NumPy refused with {error!r}; gradarray did not.") from error
        f(*[self.t[i] for i in sources])
        f(*[self.c[i] for i in sources])

    def view(self, i, f):
        i %= len(self.t)
        try:
            f(self.p[i])
        except (ValueError, IndexError):
            return
        is_view = isinstance(f(self.p[i]), np.ndarray)
        self.push(f, i, writable=self.writable[i] and is_view)

    @rule(i=pick, index=st.lists(SLICES, max_size=3).map(tuple))
    def read(self, i, index):
        self.view(i, lambda x: x[index])

    @rule(i=pick)
    def transpose(self, i):
        self.view(i, lambda x: x.T)

    @rule(i=pick)
    def reshape(self, i):
        self.view(i, lambda x: x.reshape(-1))

    @rule(i=pick)
    def reverse(self, i):
        self.view(i, lambda x: np.flip(x))

    @rule(i=pick, j=pick)
    def multiply(self, i, j):
        i, j = i % len(self.t), j % len(self.t)
        try:
            np.broadcast_shapes(np.shape(self.p[i]), np.shape(self.p[j]))
        except ValueError:
            return
        self.push(lambda x, y: x * y * 0.5, i, j)

    @rule(i=pick)
    def sine(self, i):
        self.push(np.sin, i % len(self.t))

    @rule(i=pick)
    def total(self, i):
        self.push(lambda x: np.sum(x) * 0.1, i % len(self.t))

    def target(self, i):
        places = [k for k, w in enumerate(self.writable) if w and isinstance(self.p[k], np.ndarray)]
        return slot(places, i)

    @rule(i=pick, j=pick, index=st.lists(SLICES, max_size=2).map(tuple))
    def write(self, i, j, index):
        self.attempt(lambda x, y: x.__setitem__(index, y), self.target(i), j % len(self.t))

    @rule(i=pick, j=pick, index=st.lists(st.integers(-3, 2), min_size=1, max_size=4))
    def write_integers(self, i, j, index):
        self.attempt(lambda x, y: x.__setitem__(index, y), self.target(i), j % len(self.t))

    @rule(i=pick, j=pick, bits=st.integers(0, 2**12 - 1))
    def write_mask(self, i, j, bits):
        i = self.target(i)
        mask = np.array([bits >> k & 1 for k in range(self.p[i].size)], dtype=bool).reshape(self.p[i].shape)
        # NumPy itself reads what a mask has written already, in some memory layouts; Tensors do not
        self.attempt(
            lambda x, y: x.__setitem__(mask, y if isinstance(y, ga.Tensor) else np.copy(y)), i, j % len(self.t)
        )

    @rule(i=pick, j=pick)
    def add_in_place(self, i, j):
        self.attempt(lambda x, y: x.__iadd__(y), self.target(i), j % len(self.t))

    @rule(i=pick, j=pick)
    def multiply_in_place(self, i, j):
        self.attempt(lambda x, y: np.multiply(x, np.sin(y), out=x), self.target(i), j % len(self.t))

    @rule(i=pick, j=pick, bits=st.integers(0, 15))
    def add_where(self, i, j, bits):
        i = self.target(i)
        n = self.p[i].shape[-1] if self.p[i].ndim else 1
        mask = np.array([bits >> k & 1 for k in range(n)], dtype=bool) if self.p[i].ndim else bool(bits & 1)
        self.attempt(lambda x, y: np.add(x, y, out=x, where=mask), i, j % len(self.t))

    @rule(i=pick, j=pick, index=st.lists(st.integers(-3, 2), min_size=1, max_size=4))
    def add_at(self, i, j, index):
        self.attempt(lambda x, y: np.add.at(x, index, y), self.target(i), j % len(self.t))

    @rule(i=pick)
    def forget(self, i):
        if len(self.t) > 3:
            i = 2 + i % (len(self.t) - 2)
            for values in (self.t, self.p, self.c, self.writable):
                del values[i]

    @precondition(lambda self: hasattr(self, "t"))
    @invariant()
    def same_values_and_views(self):
        for t, p in zip(self.t, self.p, strict=True):
            np.testing.assert_allclose(np.asarray(t.data), p, rtol=1e-12)
        for i, t in enumerate(self.t):
            for j in range(i):
                shared = isinstance(self.p[i], np.ndarray) and np.shares_memory(self.p[i], self.p[j])
                assert np.shares_memory(t, self.t[j]) == shared

    def teardown(self):
        if not hasattr(self, "t"):
            return
        # everything still held counts, with weights that tell the values apart
        loss, expected = 0.0, 0.0
        for k, (t, c) in enumerate(zip(self.t, self.c, strict=True)):
            loss = loss + np.sum(t * (k + 1.0))
            expected += (c * (k + 1.0)).sum().imag / self.step
        with np.errstate(over="ignore"):
            loss.backward()
        np.testing.assert_allclose((self.leaf.grad * self.direction).sum(), expected, rtol=1e-9, atol=1e-9)
        for t in self.t:
            if isinstance(t.grad, np.ndarray):
                assert t.grad.shape == t.shape
            if t.base is not None:
                assert np.shares_memory(t.grad, t.base.grad) or t.size == 0


TestPrograms = Programs.TestCase
TestPrograms.settings = settings(
    max_examples=300, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
