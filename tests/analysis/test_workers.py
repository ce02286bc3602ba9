"""Who does the work is of no matter: one process, two, Dask, a worker that dies."""

import os
import pickle
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

import toolkit as tk
from markets import baseline, scenario
from toolkit.analysis import work
from toolkit.analysis.simulation import task_of
from toolkit.models.task import Task

DRAWS = 3_000
DEAL = scenario(
    tk.TariffCut(importer="IND", exporter="RUS", products="31", to=0.0),
    tk.PriceChange(
        importer="IND", exporter="RUS", products="2709", by=tk.Uncertain(-0.1, 0.1)
    ),
)


@pytest.fixture(scope="module")
def official():
    return tk.load_baseline()


def simulate(base, **options):
    options = {"progress": False, "engine": "numpy", **options}
    return tk.simulate(tk.Armington(), base, DEAL, DRAWS, **options)


@pytest.fixture(scope="module")
def alone(official):
    return simulate(official).changes


@pytest.mark.slow
def test_two_workers_give_the_bits_of_one(official, alone):
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        found = simulate(official, executor=pool, chunk=700)
    assert np.array_equal(found.changes, alone)


def test_threads_give_the_bits_of_one(official, alone):
    with ThreadPoolExecutor(2) as pool:
        found = simulate(official, executor=pool, chunk=333)
    assert np.array_equal(found.changes, alone)


def test_threads_share_the_compiled_kernel(official):
    package = tk.Scenario.from_yaml(
        tk.datasets.folder() / "scenarios" / "summit_package.yaml"
    )
    model, options = tk.Armington(), {"progress": False, "engine": "numba"}
    one = tk.simulate(model, official, package, 2_000, **options)
    with ThreadPoolExecutor(2) as pool:
        two = tk.simulate(model, official, package, 2_000, executor=pool, **options)
    assert np.array_equal(one.changes, two.changes)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_dask_loses_nothing_when_a_worker_is_killed(official, alone):
    """A LocalCluster of two; one is killed once the first chunk has come back."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        pids = list(client.run(os.getpid).values())
        pool = Watched(client.get_executor(), pids[0])
        found = simulate(official, executor=pool, chunk=150)
    assert pool.killed
    assert np.array_equal(found.changes, alone)


class Watched(Executor):
    """An executor that kills a worker as soon as some work is done."""

    def __init__(self, inner, pid):
        self.inner, self.pid, self.killed = inner, pid, False

    def submit(self, *task, **options):
        future = self.inner.submit(*task, **options)
        future.add_done_callback(self._kill)
        return future

    def _kill(self, _):
        if not self.killed:
            self.killed = True
            os.kill(self.pid, signal.SIGKILL)


class Broken(ThreadPoolExecutor):
    """A pool whose workers are gone: every second chunk is lost."""

    sent = 0

    def submit(self, *task, **options):
        self.sent += 1
        if self.sent % 2:
            return super().submit(*task, **options)
        lost = Future()
        lost.set_exception(work.BrokenExecutor("a worker died"))
        return lost


def test_what_a_broken_pool_lost_is_done_here(official, alone):
    with Broken(2) as pool:
        found = simulate(official, executor=pool, chunk=500)
    assert np.array_equal(found.changes, alone)


def hopeless(own):
    """Return a market that only some draws can clear: a full stop needs sigma > 1."""
    base = baseline(("IND", "RUS", "31", 100.0, 0.1), ("IND", "ROW", "31", 300.0, 0.1))
    stop = tk.SupplyDisruption(importer="IND", exporter="RUS", products="31", by=1.0)
    return tk.simulate(
        tk.Armington(1.5, -0.5, float("inf")),
        base,
        scenario(stop),
        400,
        priors={"substitution_elasticity": 0.3},
        chunk=100,
        progress=False,
        **own,
    )


@pytest.mark.parametrize("engine", ["numpy", "numba"])
@pytest.mark.parametrize("threads", [False, True])
def test_a_failing_chunk_names_its_draws(engine, threads):
    with ThreadPoolExecutor(2) as pool:
        own = {"engine": engine, **({"executor": pool} if threads else {})}
        match = r"Draw \d+ \(of draws \d+ to \d+\) has no answer: .*undefined"
        with pytest.raises(tk.NotConverged, match=match) as caught:
            hopeless(own)
    first = int(str(caught.value).split()[1])
    ens = tk.simulate(
        tk.Armington(1.5, -0.5, float("inf")),
        baseline(("IND", "RUS", "31", 100.0, 0.1), ("IND", "ROW", "31", 300.0, 0.1)),
        scenario(),
        400,
        priors={"substitution_elasticity": 0.3},
        progress=False,
    )
    sigma, _, _ = ens.task._elasticities(ens.task._normals(ens.points))
    assert sigma[first, 0] <= 1.0


def test_any_other_failure_names_its_draws(official):
    class Lost(ThreadPoolExecutor):
        def submit(self, *task, **options):
            future = Future()
            future.set_exception(OSError("disk full"))
            return future

    with (
        Lost(1) as pool,
        pytest.raises(RuntimeError, match=r"draws \d+ to \d+ failed: disk full"),
    ):
        simulate(official, executor=pool, chunk=1000)


@pytest.mark.parametrize("threads", [False, True])
def test_an_interrupt_leaves_what_is_finished(official, alone, monkeypatch, threads):
    healthy, seen = Task.changes, []

    def interrupted(self, points):
        seen.append(len(points))
        if len(seen) == 3:
            raise KeyboardInterrupt
        return healthy(self, points)

    monkeypatch.setattr(Task, "changes", interrupted)
    with ThreadPoolExecutor(1) as pool:
        own = {"executor": pool} if threads else {}
        ens = simulate(official, chunk=500, **own)
    assert len(ens) == 1000
    assert np.array_equal(ens.changes, alone[:1000])
    assert "1,000 draws of 3,000 asked for" in ens.text()


def test_an_interrupt_before_anything_is_an_interrupt(official, monkeypatch):
    def interrupted(self, points):
        raise KeyboardInterrupt

    monkeypatch.setattr(Task, "changes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        simulate(official)


def test_progress_is_shown_on_demand(official, capsys):
    simulate(official, progress=True, chunk=1000)
    assert "draw" in capsys.readouterr().err


def test_a_task_is_light_enough_to_be_sent(official):
    """Without ranges a worker is sent arrays of the touched markets, no baseline."""
    task = task_of(tk.Armington(), official, scenario(*DEAL.levers[:1]))
    assert len(pickle.dumps(task)) < 30_000
