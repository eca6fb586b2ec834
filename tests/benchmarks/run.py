"""Compare gradarray with NumPy by hand, PyTorch, JAX, MyGrad and autograd: ``python tests/benchmarks/run.py``.

All run in one process and in turns, so that whatever else the machine does falls on all of them alike; only the
ratios mean something. Every contender's value and derivatives are first checked against those by hand.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")  # read when NumPy is imported
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")

import numpy as np  # noqa: E402
import wrapped  # noqa: E402
from contenders import CONTENDERS, Contender, Problem, Result, installed  # noqa: E402
from works import MILLION, WORKS, Work  # noqa: E402

PATIENCE = 8.0  # seconds that a single run may be expected to take
SLOW = 1.0  # seconds from which a contender takes part in the first rounds only
Samples = dict[str, list[float]]  # what each contender took, round by round


class WrongError(Exception):
    """A contender's value or derivative is not that by hand."""


def timed(run: Callable[[], Any], number: int = 1) -> float:
    """The time of one run, out of several in a row."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(number):
        run()
    return (time.perf_counter() - start) / number


def check(result: Result, expected: Result) -> None:
    value, derivatives = result
    pairs = [("derivative", got, wanted) for got, wanted in zip(derivatives, expected[1], strict=True)]
    if expected[0] is not None:
        pairs.append(("value", value.item() if hasattr(value, "item") else value, expected[0]))
    for what, got, wanted in pairs:
        got = np.asarray(got)
        if got.shape != np.shape(wanted) or not np.allclose(got, wanted, rtol=1e-7, atol=1e-12):
            raise WrongError(f"the {what} differs from that by hand")


class Measurement:
    """The contenders' samples of one work, and notes on those that have none."""

    def __init__(self, work: Work, contenders: list[Contender], rounds: int, target: float) -> None:
        self.work = work
        self.contenders = [c for c in contenders if self._can(c)]
        self.rounds = rounds
        self.target = target
        self.notes: dict[str, str] = {}
        self.wrong = False
        measure = {"time": self._time, "memory": self._memory, "import": self._import}
        measure["growth"] = measure["multiple"] = self._growth
        self.samples = measure[work.kind]()

    def _can(self, c: Contender) -> bool:
        return c.name not in self.work.without and (c.traced or self.work.kind != "memory")

    def _each(self, step: Callable[[Contender], Any]) -> dict[str, Any]:
        """``step`` for every contender; one that fails is noted and takes no further part."""
        results = {}
        for c in self.contenders:
            try:
                results[c.name] = step(c)
            except Exception as error:
                self.notes[c.name] = f"{type(error).__name__}: {str(error).strip().partition(chr(10))[0][:120]}"
                self.wrong |= isinstance(error, WrongError) or c.name == "gradarray"
        self.contenders = [c for c in self.contenders if c.name in results]
        return results

    def _prepared(self, make: Callable[[], Problem]) -> dict[str, Callable[[], Result]]:
        problem = make()
        expected = problem.by_hand(*problem.parameters, *problem.constants)

        def step(c: Contender) -> Callable[[], Result]:
            run = c.prepare(problem)
            check(run(), expected)
            return run

        return self._each(step)

    def _patient(self) -> dict[str, Callable[[], Result]]:
        """The small problem, which also tells who is too slow for the large one."""
        assert self.work.small is not None
        runs = self._prepared(self.work.small)
        for c in self.contenders.copy():
            if (seconds := timed(runs[c.name])) * self.work.larger > PATIENCE:
                self.contenders.remove(c)
                self.notes[c.name] = f"too slow: {seconds:.2g} s for a {self.work.larger}th of the work"
        return runs

    def _single(self, run: Callable[[], Result]) -> float:
        """What one run takes among others, which sets how many fill a sample."""
        seconds = min(timed(run), timed(run))  # the first may make what later ones use again
        return timed(run, round(self.target / seconds)) if seconds < self.target else seconds

    def _in_turns(self, *sets: dict[str, Callable[[], Result]]) -> list[Samples]:
        """Times of each set of runs; every round starts with another contender."""
        names = [c.name for c in self.contenders]
        single = [{n: self._single(runs[n]) for n in names} for runs in sets]
        slow = {n for times in single for n, seconds in times.items() if seconds > SLOW}
        samples: list[Samples] = [{n: [] for n in names} for _ in sets]
        gc.collect()
        gc.freeze()  # what the imported libraries hold is nobody's garbage
        for i in range(self.rounds):
            for name in names[i % len(names) :] + names[: i % len(names)]:
                if i < 3 or name not in slow:
                    for runs, seconds, taken in zip(sets, single, samples, strict=True):
                        if name not in slow:
                            runs[name]()  # after whoever had the caches before
                        taken[name].append(timed(runs[name], max(1, round(self.target / seconds[name]))))
        gc.unfreeze()
        return samples

    def _time(self) -> Samples:
        if self.work.small is not None:
            self._patient()
        assert self.work.make is not None
        return self._in_turns(self._prepared(self.work.make))[0]

    def _growth(self) -> Samples:
        small = self._patient()
        assert self.work.make is not None
        large = self._prepared(self.work.make)
        before, after = self._in_turns(small, large)
        return {n: [b / a for a, b in zip(before[n], after[n], strict=True)] for n in after}

    def _memory(self) -> Samples:
        def step(c: Contender) -> list[float]:
            assert self.work.make is not None
            expected = self.work.make()
            wanted = expected.by_hand(*expected.parameters)
            gc.collect()
            tracemalloc.start()
            try:
                run = c.prepare(self.work.make())
                tracemalloc.reset_peak()
                result = run()
                peak = tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()
            check(result, wanted)
            return [peak / (8 * MILLION)]

        return self._each(step)

    def _import(self) -> Samples:
        samples: Samples = {c.name: [] for c in self.contenders}

        # compiled once, as pip leaves an installed package
        env = {**os.environ, "PYTHONPYCACHEPREFIX": tempfile.mkdtemp()}
        env.pop("PYTHONDONTWRITEBYTECODE", None)

        def step(c: Contender) -> None:
            code = f"from time import perf_counter as t; s = t(); import {c.package}; print(t() - s)"
            done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
            samples[c.name].append(float(done.stdout))

        for i in range(2 * self.rounds + 1):
            if i == 3:
                self.contenders = [c for c in self.contenders if c.name in ("numpy", "gradarray")]
            self._each(step)
        return samples

    def compared(self, name: str, base: str) -> list[float]:
        """The ratios of two contenders, round by round; a contender's own numbers if there is no base."""
        if name not in self.samples or (base and base not in self.samples):
            return []
        own = self.samples[name]
        return [a / b for a, b in zip(own, self.samples[base], strict=False)] if base else own

    def cell(self, name: str, base: str) -> str:
        ratios = self.compared(name, base)
        if not ratios:
            return "*" if name in self.notes else "-"
        middle = statistics.median(ratios)
        digits = 2 if middle < 99.5 else 0
        if len(ratios) < 3:
            return f"{middle:.{digits}f}"
        low, _, high = statistics.quantiles(ratios, n=4)
        return f"{middle:.{digits}f} ±{(high - low) / 2:.{digits}f}"

    def row(self, names: list[str]) -> list[str]:
        """The cells of the table: NumPy's own number, everybody's ratio to it, gradarray / torch, the reach."""
        ratio = self.work.kind in ("time", "import")
        own = self.compared("numpy", "")
        first = self.cell("numpy", "")
        if ratio and own:
            first = duration(statistics.median(own) / self.work.per) + (" / op" if self.work.per > 1 else "")
        cells = [self.cell(n, "numpy" if ratio else "") for n in names if n != "numpy"]
        against = self.cell("gradarray", "torch") if self.work.kind == "time" else ""
        reaches = []
        for base, limit in self.work.reach.items():
            found = self.compared("gradarray", base)
            verdict = ("yes" if statistics.median(found) <= limit else "NO") if found else "?"
            reaches.append(f"{limit:g}{' x ' * bool(base)}{base}: {verdict}")
        return [self.work.name, first, *cells, against, ", ".join(reaches)]


def duration(seconds: float) -> str:
    for unit, scale in (("s", 1), ("ms", 1e3), ("us", 1e6)):
        if seconds * scale >= 1 or unit == "us":
            return f"{seconds * scale:.3g} {unit}"
    raise AssertionError


def line(cells: list[str]) -> str:
    widths = [27, 12, *[13] * (len(cells) - 4), 11, 0]
    first, *rest = zip(cells, widths, strict=True)
    *middle, last = rest
    return " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in middle), last[0]])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-k", metavar="TEXT", default="", help="only works whose name contains this")
    parser.add_argument("--rounds", type=int, help="how often everybody gets a turn (default 7, quick 3)")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--only", metavar="NAMES", help=f"comma-separated, of {', '.join(CONTENDERS)}; numpy always is")
    options = parser.parse_args()
    asked = {"numpy", *(options.only or ",".join(n for n, c in CONTENDERS.items() if not c.optional)).split(",")}
    if unknown := asked - CONTENDERS.keys():
        parser.error(f"--only: {min(unknown)!r} is none of {', '.join(CONTENDERS)}")

    names = [n for n in CONTENDERS if n in asked]
    versions = {n: module for n in names if (module := installed(CONTENDERS[n])) is not None}
    print(", ".join(f"{n} {getattr(m, '__version__', '')}".strip() for n, m in versions.items()))
    print("Ratios to NumPy by hand, median and half the interquartile range; * see the note, - cannot.")
    print("For growth: time of the larger over the smaller; for a / b: time of a over that of b, each contender's own;")
    print("for peaks: arrays of a million, the input included.\n")
    print(line(["", "numpy", *names[1:], "/ torch", "reach: met"]))
    rounds = options.rounds or (3 if options.quick else 7)
    wrong = False
    for work in WORKS:
        if options.k.lower() in work.name.lower():
            contenders = [CONTENDERS[n] for n in versions]
            measured = Measurement(work, contenders, rounds, 0.01 if options.quick else 0.03)
            print(line(measured.row(names)), flush=True)
            for name, note in measured.notes.items():
                print(f"    * {name}: {note}", flush=True)
            wrong |= measured.wrong
    for name, report in {"wrapped context": wrapped.context, "gradients of scipy": wrapped.scipy_gradients}.items():
        if options.k.lower() in name:
            print()
            report()
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
