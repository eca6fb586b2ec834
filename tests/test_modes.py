"""Recording, memory guard and detach policy; all of them local to a thread or task."""

import asyncio
import inspect
import math
import threading
import warnings

import numpy as np
import pytest

import gradarray as ga


def recorded():
    return not (ga.tensor(1.0) * 2).constant


def test_no_autodiff_as_context():
    x = ga.tensor([1.0, 2.0])
    with ga.no_autodiff:
        y = x * x
        assert y.constant
        assert not x.constant
        with ga.no_autodiff:
            assert not recorded()
        assert not recorded()
    assert recorded()
    with pytest.raises(KeyError), ga.no_autodiff:
        raise KeyError
    assert recorded()


def test_no_autodiff_as_decorator():
    @ga.no_autodiff
    def f(a, *, b=2):
        """Doc."""
        return recorded(), a, b

    assert f(1, b=3) == (False, 1, 3)
    assert (f.__name__, f.__doc__, str(inspect.signature(f))) == ("f", "Doc.", "(a, *, b=2)")

    class C:
        @ga.no_autodiff
        def method(self):
            return self, recorded()

        @classmethod
        @ga.no_autodiff
        def make(cls):
            return cls, recorded()

        @staticmethod
        @ga.no_autodiff
        def help():
            return recorded()

    c = C()
    assert c.method() == (c, False)
    assert C.make() == (C, False)
    assert C.help() is False
    assert recorded()


def test_no_autodiff_on_a_generator():
    @ga.no_autodiff
    def numbers(n):
        seen = []
        try:
            for i in range(n):
                try:
                    seen.append((yield i, recorded()))
                except KeyError:
                    yield "caught", recorded()
        finally:
            seen.append(recorded())
        return seen

    g = numbers(3)
    assert next(g) == (0, False)
    assert recorded()
    assert g.send("a") == (1, False)
    assert g.throw(KeyError) == ("caught", False)
    assert next(g) == (2, False)
    with pytest.raises(StopIteration) as stop:
        g.send("b")
    assert stop.value.value == ["a", "b", False]
    assert recorded()
    assert [i for i, _ in numbers(2)] == [0, 1]
    h = numbers(2)
    next(h)
    h.close()
    assert recorded()


def test_no_autodiff_on_a_coroutine():
    @ga.no_autodiff
    async def f():
        await asyncio.sleep(0)
        return recorded()

    async def main():
        return await asyncio.gather(f(), asyncio.to_thread(recorded), f())

    assert asyncio.run(main()) == [False, True, False]


def test_tasks_do_not_see_each_others_modes():
    async def off(entered, done):
        with ga.no_autodiff, ga.mem_guard_off, ga.errstate(detach="raise"):
            entered.set()
            await done.wait()
            return recorded()

    async def on(entered, done):
        await entered.wait()
        result = recorded()
        done.set()
        return result

    async def main():
        entered, done = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(off(entered, done), on(entered, done))

    assert asyncio.run(main()) == [False, True]


def test_threads_do_not_see_each_others_modes():
    inside, leave = threading.Event(), threading.Event()
    seen = []

    def off():
        with ga.no_autodiff:
            inside.set()
            leave.wait(10)
            seen.append(recorded())

    t = threading.Thread(target=off)
    t.start()
    assert inside.wait(10)
    assert recorded()
    leave.set()
    t.join()
    assert seen == [False]


class TestMemoryGuard:
    def test_a_saved_plain_array_is_read_only_until_the_graph_is_gone(self):
        a = np.array([1.0, 2.0])
        x = ga.tensor([3.0, 4.0])
        y = x * a
        with pytest.raises(ValueError, match="read-only"):
            a[0] = 5.0
        y.sum().backward()
        a[0] = 5.0
        np.testing.assert_array_equal(x.grad, [1.0, 2.0])

    def test_dropping_the_graph_is_enough(self):
        a = np.array([1.0, 2.0])
        y = ga.tensor(3.0) * a
        z = ga.tensor(3.0) * a
        del y
        assert not a.flags.writeable
        del z
        assert a.flags.writeable

    def test_an_array_that_no_derivative_needs_stays_writeable(self):
        a = np.array([1.0, 2.0])
        y = ga.tensor(3.0) + a
        a[0] = 5.0
        y.sum().backward()

    def test_the_owner_of_a_view_is_guarded(self):
        a = np.ones((3, 2))
        y = ga.tensor(3.0) * a[1]
        with pytest.raises(ValueError, match="read-only"):
            a[1] = 5.0
        del y
        a[1] = 5.0

    def test_an_array_that_was_read_only_stays_so(self):
        a = np.ones(2)
        a.flags.writeable = False
        (ga.tensor(3.0) * a).sum().backward()
        assert not a.flags.writeable

    @pytest.mark.parametrize("late", [False, True])
    def test_data_is_guarded(self, late):
        x = ga.tensor([1.0, 2.0])
        d = None if late else x.data
        y = np.exp(x * x)
        d, e = x.data if late else d, y.data
        for plain in (d, e):
            with pytest.raises(ValueError, match="read-only"):
                plain[0] = 5.0
        y.sum().backward()
        d[0] = e[0] = 5.0
        assert x[0] == y[0] == 5.0

    def test_a_write_by_the_tensor_itself_goes_through(self):
        a = np.array([1.0, 2.0])
        x = ga.astensor(a)
        y = x * x
        x[0] = 5.0
        np.testing.assert_array_equal(a, [5.0, 2.0])
        a[1] = 6.0
        y.sum().backward()
        np.testing.assert_array_equal(x.data, [5.0, 6.0])

    def test_a_write_to_memory_that_another_graph_saved_raises(self):
        a = np.array([1.0, 2.0])
        x = ga.astensor(a)
        y = ga.tensor(3.0) * a
        with pytest.raises(ValueError, match="read-only"):
            x[0] = 5.0
        y.sum().backward()
        x[0] = 5.0
        assert a[0] == 5.0

    def test_each_array_that_one_derivative_saved_is_guarded(self):
        base, exponent = ga.tensor([2.0, 3.0]), np.array([1.0, 2.0])
        handed_out = base.data
        y = np.power(exponent, base)
        z = np.power(base, exponent)
        for plain in (handed_out, exponent):
            with pytest.raises(ValueError, match="read-only"):
                plain[0] = 5.0
        base[0] = 4.0  # frees what shows its own memory, and nothing else
        handed_out[1] = 7.0
        with pytest.raises(ValueError, match="read-only"):
            exponent[0] = 5.0
        del y, z
        exponent[0] = 5.0

    def test_off_and_on(self):
        a = np.ones(2)
        x = ga.tensor(3.0)
        with ga.mem_guard_off:
            y = x * a
            a[0] = 2.0
            with ga.mem_guard_on:
                z = x * a
                with pytest.raises(ValueError, match="read-only"):
                    a[0] = 3.0
        del y, z
        a[0] = 4.0


IMPLICIT = {
    "asarray": lambda t: np.asarray(t),
    "float": lambda t: float(t),
    "complex": lambda t: complex(t),
    "math": lambda t: math.sin(t),
    "plain": lambda t: np.zeros(2).__setitem__(0, t),
    "copyto": lambda t: np.copyto(np.zeros(2), t),
}


@pytest.mark.parametrize("use", IMPLICIT.values(), ids=IMPLICIT)
class TestDetach:
    def test_warns_by_default_at_the_place(self, use):
        t = ga.tensor(2.0) * 3
        with pytest.warns(ga.DetachWarning, match=r"ends the gradient.*t\.data"):
            use(t)

    def test_ignore_and_raise(self, use):
        t = ga.tensor(2.0) * 3
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with ga.errstate(detach="ignore"):
                use(t)
            with ga.errstate(detach="raise"), pytest.raises((ga.DetachError, ValueError)) as error:
                use(t)
            # NumPy puts an error of its own before one that occurs while it sets an element
            assert isinstance(error.value.__cause__ or error.value, ga.DetachError)

    def test_silent_without_history(self, use):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for t in (ga.tensor(2.0), ga.tensor(2.0, constant=True) * 3):
                use(t)
            with ga.no_autodiff:
                use(ga.tensor(2.0) * 3)


def test_the_warning_names_the_callers_line():
    t = ga.tensor(2.0) * 3
    for use in (lambda: float(t), lambda: np.asarray(t)):
        with pytest.warns(ga.DetachWarning) as caught:
            use()
        assert caught[0].filename == __file__


def test_explicit_ways_out_are_silent():
    t = ga.tensor([2.0]) * 3
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (t.item(), t.tolist(), t.data[0], f"{t}", repr(t)) == (6.0, [6.0], 6.0, "[6.]", "Tensor([6.])")
        assert bool(t > 5)
        assert int(t[0]) == 6


def test_in_place_operator_on_a_plain_array_gives_a_tensor():
    total = np.zeros(2)
    memory = total
    x = ga.tensor([1.0, 2.0])
    with pytest.warns(ga.DetachWarning, match="go on with the result"):
        total += x
    assert isinstance(total, ga.Tensor)
    assert np.shares_memory(total, memory)
    total.sum().backward()
    np.testing.assert_array_equal(x.grad, [1, 1])


@pytest.mark.parametrize("call", [lambda t, out: np.add(t, 1, out=out), lambda t, out: np.sum(t, out=out)])
def test_a_plain_out_is_written_and_warned_of(call):
    x = ga.tensor(2.0)
    out = np.zeros(())
    with pytest.warns(ga.DetachWarning, match="go on with the result"):
        y = call(x, out)
    assert out == y
    y.backward()
    assert x.grad == 1
    out[...] = 7
    with ga.errstate(detach="raise"), pytest.raises(ga.DetachError):
        call(x, out)
    assert out == 7


def test_errstate_refuses_an_unknown_policy():
    with pytest.raises(ValueError, match="choose 'ignore', 'warn' or 'raise'"):
        ga.errstate(detach="maybe")
