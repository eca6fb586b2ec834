"""A lazy array inside a Tensor is not computed by NumPy's functions, nor by backward."""

import dask
import dask.array as da
import numpy as np

import gradarray as ga


def test_a_dask_array_stays_lazy():
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(4, 6)), rng.normal(size=(6, 3))

    def never(*args, **kwargs):
        raise AssertionError("computed")

    with dask.config.set(scheduler=never):
        x, w = ga.tensor(da.from_array(a, chunks=2)), ga.tensor(da.from_array(b, chunks=3))
        y = np.tanh(x * 2.0 + 1.0) @ w
        loss = np.sum(np.exp(y) * y, axis=1).sum()
        loss.backward()
        assert all(isinstance(t, da.Array) for t in (y.data, loss.data, x.grad, w.grad))
        assert (y.shape, y.dtype) == ((4, 3), np.float64)
        assert "Tensor(dask.array<" in repr(y)

    p, q = ga.tensor(a), ga.tensor(b)
    z = np.tanh(p * 2.0 + 1.0) @ q
    np.sum(np.exp(z) * z, axis=1).sum().backward()
    np.testing.assert_allclose(x.grad.compute(), p.grad)
    np.testing.assert_allclose(w.grad.compute(), q.grad)
