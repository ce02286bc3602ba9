"""``tk.simulate``: a scenario's answer as a distribution."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor

import numpy as np

from toolkit.analysis.ensemble import Ensemble
from toolkit.analysis.ranges import Ranges, fields_of, part_with_ranges
from toolkit.analysis.work import run
from toolkit.baseline import Baseline
from toolkit.market import CHANNELS, Part, Shocks, shocks_on_part
from toolkit.models import Armington, Model, PartialEquilibrium
from toolkit.models.band import SHARED
from toolkit.models.fast import available
from toolkit.models.metrics import METRICS
from toolkit.models.points import BLOCK, DATA, ELASTICITIES, Points, sample
from toolkit.models.priors import Prior, spreads
from toolkit.models.task import FACTORS, Task
from toolkit.scenario import Scenario
from toolkit.schema import check_share, check_whole, nearest

FEW = 2_000  # draws below which loading a compiler costs more than it saves
CELLS = 1_000_000  # draws times flows (times channels, where they are drawn) at a time
MOST = 512  # draws at a time: what they need fits into a cache
ENGINES = ("auto", "numpy", "numba")


def simulate(
    model: Model,
    baseline: Baseline,
    scenario: Scenario,
    draws: int = 10_000,
    seed: int = 1,
    *,
    priors: Mapping[str, Prior] | None = None,
    correlation: float = SHARED,
    data: Mapping[str, float] | None = None,
    points: str = "sobol",
    metrics: Sequence[str] = (),
    year: int | None = None,
    horizon: object = "long",
    executor: Executor | None = None,
    chunk: int | None = None,
    engine: str = "auto",
    progress: bool = True,
) -> Ensemble:
    """Return a scenario's answer as a distribution.

    The elasticities of all products, uncertain numbers of levers
    (:class:`~toolkit.Uncertain`) and, on demand, the recorded flows are drawn jointly.
    Draws depend on the seed alone: two scenarios or models with one seed meet the same
    world draw by draw, so that their difference is paired.

    Parameters
    ----------
    model : Armington, Smart or another model of separate markets
    baseline : Baseline
    scenario : Scenario
    draws : int
    seed : int
        Same seed, same bits: for any executor, number of workers and chunk.
    priors : mapping, optional
        Field of the model (``"substitution_elasticity"`` ...) to the standard deviation
        of the log: a number, a Series by HS prefix, or an
        :class:`~toolkit.analysis.Estimate` with its covariance. Zero holds an
        elasticity. Default: the library's spread; none for what you gave the model.
    correlation : float
        Of the logs of two products' elasticities, 0 to 1. Default 0.5: of the
        library's variance about half is of study and decade, which all products share
        (assumed to be exactly half).
    data : mapping, optional
        ``{"exports": ..., "imports": ...}``: standard deviation of the log error of the
        recorded flows, as :func:`toolkit.recording_errors` measures it.
    points : {"sobol", "latin", "random"}
        For what all products share, levers and data; the rest is random.
    metrics : sequence of str
        Beside exports, imports and balance: ``revenue``, ``welfare``.
    year, horizon
        As for ``solve``.
    executor : concurrent.futures.Executor, optional
        A process pool, ``dask.distributed``'s ``client.get_executor()``, MPI ...
    chunk : int, optional
        Draws at a time.
    engine : {"auto", "numpy", "numba"}
        The compiled kernel needs the extra ``fast``; "auto" takes it from 2,000 draws
        on where it is installed. The two agree to rounding, not to the bit.
    progress : bool
        Show a bar where tqdm is installed.

    Returns
    -------
    Ensemble

    Raises
    ------
    ValueError
        A model without elasticities by market, an argument out of range, a lever that
        the model cannot carry.
    toolkit.NotConverged
        A draw without an answer, with its number.

    Notes
    -----
    ``ln|elasticity|`` is normal around the value that ``solve`` takes, with the
    library's spread, which holds the spread between studies and countries beside the
    standard error. Substitution stays at the library's least, 1.05, or above: as it
    nears 1, a newcomer's variety would be worth any price. Infinite export supply has
    no such distribution: its inverse is a normal around zero, cut off at zero, whose
    95th percentile is the inverse of the library's low end, so a small importer in half
    of the draws. Hertel, Hummels, Ivanic
    and Keeney (2003, GTAP WP 26); Owen (1998) for scrambled points.

    Examples
    --------
    >>> import toolkit as tk
    >>> base, model = tk.load_baseline("2024-25"), tk.Armington()
    >>> deal = tk.Scenario("Free", [tk.TariffCut(importer="RUS", exporter="IND", to=0)])
    >>> ens = tk.simulate(model, base, deal, draws=500, progress=False)
    >>> ens.probability("exports rise")
    1.0
    """
    draws, seed = _draws(draws), check_whole(seed, "seed", low=0, high=2**53)
    study = task_of(
        model,
        baseline,
        scenario,
        seed=seed,
        priors=priors,
        correlation=correlation,
        data=data,
        metrics=metrics,
        year=year,
        horizon=horizon,
        compiled=_compiled(engine, draws, model),
    )
    names = study.ranges.names if study.ranges is not None else ()
    drawn = sample(points, draws, seed, names)
    changes, done = run(
        study,
        drawn,
        chunk=chunk or chunk_for(study),
        executor=executor,
        progress=progress and _has_tqdm(),
    )
    kept = np.flatnonzero(done)
    return Ensemble.of(
        study,
        drawn if done.all() else _some(drawn, kept),
        changes[kept],
        asked=draws,
        kind=points,
        scenario=scenario.name,
        centre=model.solve(baseline, scenario, year=year, horizon=horizon),
    )


def task_of(
    model: Model,
    baseline: Baseline,
    scenario: Scenario,
    *,
    seed: int = 1,
    priors: Mapping[str, Prior] | None = None,
    correlation: float = SHARED,
    data: Mapping[str, float] | None = None,
    metrics: Sequence[str] = (),
    year: int | None = None,
    horizon: object = "long",
    compiled: bool = False,
) -> Task:
    """Return all that a worker needs to answer any draw (see :func:`simulate`)."""
    if not isinstance(model, PartialEquilibrium):
        raise ValueError(
            f"{model.name} has no elasticities by market to draw: use a model of "
            "separate markets."
        )
    parameters = model.parameters(baseline, horizon)
    effects = model.effects(baseline, scenario, year)
    fields = fields_of(scenario)
    supply = parameters.mu if model.merges else None
    if fields:
        part = part_with_ranges(baseline, scenario, supply, year)
        ranges = Ranges(baseline, scenario, part, fields, year)
        shock = ranges.centre()
    else:
        part, shock = shocks_on_part(baseline, scenario, effects, supply)
        ranges = None
    central = parameters.take(part.kept, part.flows)
    spread = spreads(part, central, model.given(), priors)
    light = dataclasses.replace(part.flows, baseline=_bare(baseline))
    return Task(
        model=model,
        shock=Shocks(light, shock.channels),
        central=dataclasses.replace(central, flows=light, sources={}),
        spread={name: spread[field] for name, field in FACTORS.items()},
        markets=_markets(part),
        correlation=check_share(correlation, "correlation"),
        seed=seed,
        metrics=_metrics(metrics),
        compiled=compiled,
        ranges=ranges,
        data=_errors(data),
    )


def chunk_for(task: Task) -> int:
    """Return how many draws to take at a time: bounded memory, and cache-sized."""
    wide = len(CHANNELS) if task.ranges is not None else 1
    fitting = CELLS // (len(task.shock.flows) * wide)
    return int(np.clip(fitting // BLOCK * BLOCK, BLOCK, MOST))


def _markets(part: Part) -> np.ndarray:
    return part.whole.market[part.kept[part.flows.starts]]


def _bare(baseline: Baseline) -> Baseline:
    """Return pair and year without the flows, light enough to be sent about."""
    nothing = baseline._frame.iloc[:0]
    return dataclasses.replace(
        baseline, _frame=nothing, names={}, groups={}, _world=None
    )


def _some(points: Points, kept: np.ndarray) -> Points:
    return Points(
        {name: values[kept] for name, values in points.share.items()},
        {name: values[kept] for name, values in points.own.items()},
    )


def _draws(draws: object) -> int:
    whole = isinstance(draws, int | np.integer)
    if not whole or isinstance(draws, bool | np.timedelta64) or draws < 1:
        raise ValueError(f"draws must be a whole number of 1 or more, not {draws!r}.")
    return int(draws)


def _metrics(asked: Sequence[str]) -> tuple[str, ...]:
    for name in asked:
        if name not in METRICS:
            raise ValueError(f"metric {name!r} is unknown; {nearest(name, METRICS)}")
    return ("exports", "imports", *(n for n in asked if n in ("revenue", "welfare")))


def _errors(data: Mapping[str, float] | None) -> dict[str, float]:
    flows = [name.split()[0] for name in DATA]
    for name, error in (data or {}).items():
        if name not in flows:
            raise ValueError(f"data has no {name!r}; {nearest(name, flows)}")
        if not 0.0 <= error < np.inf:
            raise ValueError(f"data[{name!r}] must be 0 or above, not {error!r}.")
    return dict(data or {})


def _compiled(engine: str, draws: int, model: Model) -> bool:
    if engine not in ENGINES:
        raise ValueError(f"engine {engine!r} is unknown; {nearest(engine, ENGINES)}")
    fits = type(model) is Armington
    if engine == "numba" and not (fits and available()):
        raise ValueError(
            "engine 'numba' needs the extra 'fast' (pip install "
            "tariff-scenario-toolkit[fast]) and the Armington model."
        )
    return engine == "numba" or (
        engine == "auto" and draws >= FEW and fits and available()
    )


def _has_tqdm() -> bool:
    from importlib.util import find_spec

    return find_spec("tqdm") is not None


__all__ = ["ELASTICITIES", "chunk_for", "simulate", "task_of"]
