"""Time ensembles against numpy.exp, in size, over workers, all in one run.

Run ``python tests/benchmarks/ensembles.py``. One pass is ``numpy.exp`` over draws times
the flows of the touched markets. Each ratio is the median over rounds of two measures
side by side. ``--large`` goes to 10**6 draws (minutes), ``--dask`` starts a cluster.
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np

import toolkit as tk

ROUNDS = 7
DRAWS = 10_000
BOUND = 20.0  # passes
GROWTH = 1.05
TWO = 1.7
MEMORY = 1024.0  # MiB at a million draws


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def say(what: str, value: float, bound: str = "") -> None:
    """Write one line."""
    sys.stdout.write(f"{what:<52}{value:>10.2f}  {bound}\n")
    sys.stdout.flush()


def package() -> tk.Scenario:
    """Return the headline scenario."""
    path = tk.datasets.folder() / "scenarios" / "summit_package.yaml"
    return tk.Scenario.from_yaml(path)


def passes(base: tk.Baseline, draws: int = DRAWS) -> list[bool]:
    """Compare an ensemble with one pass over the same draws and flows."""
    model, deal = tk.Armington(), package()
    cells = np.random.default_rng(1).normal(size=(draws, len(base.frame)))
    run = {
        engine: (
            lambda engine=engine: tk.simulate(
                model, base, deal, draws, engine=engine, progress=False
            )
        )
        for engine in ("numba", "numpy")
    }
    np.exp(cells)
    ok = []
    for engine, work in run.items():
        work()
        pairs = [
            (seconds(lambda: np.exp(cells)), seconds(work))
            for _ in range(ROUNDS if engine == "numba" else 2)
        ]
        least = min(b for _, b in pairs) / min(a for a, _ in pairs)
        middle = statistics.median(b / a for a, b in pairs)
        say(f"{engine}: passes of numpy.exp, median of rounds", middle)
        say(f"{engine}: the quickest over the quickest pass", least)
        ok.append(engine == "numpy" or middle <= BOUND)
    say("  bound for numba", BOUND)
    return ok


def growth(base: tk.Baseline, sizes: tuple[int, ...]) -> bool:
    """Fit the exponent of time in draws."""
    model, deal = tk.Armington(), package()
    took = []
    for draws in sizes:
        work = lambda n=draws: tk.simulate(  # noqa: E731
            model, base, deal, n, engine="numba", progress=False
        )
        took.append(min(seconds(work) for _ in range(3 if draws < 10**6 else 1)))
        say(f"{draws:,} draws, seconds", took[-1])
    rise = np.polyfit(np.log(sizes[1:]), np.log(took[1:]), 1)[0]
    say("exponent of time in draws, from 10,000 on", rise, f"bound {GROWTH}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say("largest memory so far, MiB", peak, f"bound {MEMORY:.0f}")
    return bool(rise <= GROWTH and peak <= MEMORY)


def workers(base: tk.Baseline, draws: int) -> bool:
    """Compare two workers with one: threads and processes."""
    model, deal = tk.Armington(), package()

    def work(executor=None):
        tk.simulate(
            model, base, deal, draws, engine="numba", progress=False,
            executor=executor, chunk=4_096,
        )  # fmt: skip

    gains = {}
    context = get_context("spawn")
    with (
        ThreadPoolExecutor(2) as threads,
        ProcessPoolExecutor(2, context) as two,
        ProcessPoolExecutor(1, context) as one,
    ):
        for pool in (threads, two, one):
            work(pool)
            work(pool)
        pairs = {"threads": (None, threads), "processes": (one, two)}
        for name, (alone, both) in pairs.items():
            rounds = [
                seconds(lambda a=alone: work(a)) / seconds(lambda b=both: work(b))
                for _ in range(ROUNDS)
            ]
            gains[name] = statistics.median(rounds)
            say(f"two {name} over one, {draws:,} draws", gains[name], f"bound {TWO}")
    return max(gains.values()) >= TWO


def dask(base: tk.Baseline, draws: int) -> None:
    """Compare a Dask cluster with a process pool, two workers each."""
    from distributed import Client, LocalCluster

    model, deal = tk.Armington(), package()

    def work(executor):
        tk.simulate(
            model, base, deal, draws, engine="numba", progress=False,
            executor=executor, chunk=4_096,
        )  # fmt: skip

    with (
        ProcessPoolExecutor(2, get_context("spawn")) as pool,
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        other = client.get_executor()
        for executor in (pool, other):
            work(executor)
        rounds = [
            seconds(lambda: work(other)) / seconds(lambda: work(pool))
            for _ in range(ROUNDS)
        ]
        say(f"Dask over process pool, {draws:,} draws", statistics.median(rounds))


def main() -> int:
    """Print every figure; return 1 if one is beyond its bound."""
    base = tk.load_baseline("2024-25")
    say("processors", float(os.cpu_count() or 1))
    large = "--large" in sys.argv
    sizes = (1_000, 10_000, 100_000, 1_000_000) if large else (1_000, 10_000, 100_000)
    held = [*passes(base), growth(base, sizes), workers(base, 100_000)]
    if "--dask" in sys.argv:
        dask(base, 100_000)
    return int(not all(held))


if __name__ == "__main__":
    raise SystemExit(main())
