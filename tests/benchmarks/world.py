"""Time the world models side by side with a peer, with numpy, and with themselves.

``python tests/benchmarks/world.py`` prints two tables, each in one run:

1. the equilibrium against gegravity 0.3 (extra ``bench``; left out where it is not
   installed) on the same gravity data and the same shock, with how far the answers are
   apart;
2. the equilibrium at 8, 44 and 194 countries and at 31 x 40 sectors, against its own
   matrix-vector products run bare in numpy.

``--peer 30 60`` chooses the peer's sizes; it needs minutes at 120. The data are made
here: gravity with known costs, so that what the peer fits is what we observe.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandas as pd

import toolkit as tk
from toolkit.market import shocks_of
from toolkit.market.world import world_of
from toolkit.models.economy import economy_of
from toolkit.models.equilibrium_solver import counterfactual
from toolkit.models.input_output import InputOutput

THETA, DISTANCE, DEAL = 4.0, -0.9, 0.35
MEMBERS = 27  # the first countries conclude an agreement


def best(work: Callable[[], object], rounds: int) -> float:
    """Return the shortest time of one call, seconds."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def codes(count: int) -> list[str]:
    """Return so many three-letter codes."""
    letters = [chr(65 + n) for n in range(26)]
    return [f"X{letters[n // 26]}{letters[n % 26]}" for n in range(count)]


def gravity(count: int, seed: int = 1) -> pd.DataFrame:
    """Return trade that a gravity equation makes exactly, output and spending too."""
    rng = np.random.default_rng(seed)
    place = rng.random((count, 2))
    gap = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2)) + 0.05
    np.fill_diagonal(gap, 0.02)
    costs = np.log(gap * 5000)
    output = rng.lognormal(0, 1.2, count) * 1e4
    spending = output  # the peer and we treat deficits unlike
    trade = np.exp(DISTANCE * costs)
    for _ in range(5000):
        trade *= (output / trade.sum(axis=1))[:, None]
        trade *= spending / trade.sum(axis=0)
    names = np.array(codes(count))
    i, n = np.meshgrid(range(count), range(count), indexing="ij")
    return pd.DataFrame(
        {
            "exporter": names[i.ravel()],
            "importer": names[n.ravel()],
            "year": "2020",
            "trade": trade.ravel(),
            "Y": output[i.ravel()],
            "E": spending[n.ravel()],
            "lndist": costs.ravel(),
            "deal": 0.0,
        }
    )


def agreement(data: pd.DataFrame) -> np.ndarray:
    """Return which flows the agreement covers."""
    members = set(codes(MEMBERS))
    inside = data["exporter"].isin(members) & data["importer"].isin(members)
    return (inside & (data["exporter"] != data["importer"])).to_numpy()


def peer(data: pd.DataFrame) -> pd.Series:
    """Return real income by country as gegravity has it (its statistic inverted)."""
    import gegravity as ge

    estimates = pd.DataFrame(
        {"var": ["lndist", "deal"], "coeff": [DISTANCE, DEAL], "ste": [0.01, 0.01]}
    )
    coefficients = ge.CostCoeffs(estimates, "var", "coeff", "ste")
    frame = data.copy()
    baseline = ge.BaselineData(
        frame,
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="E",
        output_var_name="Y",
    )
    model = ge.OneSectorGE(
        baseline,
        year="2020",
        reference_importer=codes(1)[0],
        sigma=THETA + 1.0,
        cost_variables=["lndist", "deal"],
        cost_coeff_values=coefficients,
        quiet=True,
    )
    model.build_baseline(omr_rescale=100)
    shock = model.baseline_data.copy()
    inside = agreement(shock.rename(columns=str))
    shock.loc[inside, "deal"] = 1.0
    model.define_experiment(shock)
    model.simulate()
    found = model.country_results["welfare statistic"].astype(float)
    return (1.0 / found).sort_index()


def ours(data: pd.DataFrame) -> tuple[tk.Baseline, tk.Scenario, tk.GeneralEquilibrium]:
    """Return baseline, scenario of one lever by pair, and model."""
    rows = data.rename(columns={"trade": "value_usd_mn"})
    rows = rows.assign(product="", applied_rate=0.0)
    names = codes(2)
    base = tk.Baseline.from_frame(rows, reporter=names[0], partner=names[1])
    levers = [
        tk.TradeCostChange(
            importer=row.importer, exporter=row.exporter, factor=np.exp(-DEAL / THETA)
        )
        for row in data[agreement(data)].itertuples()
    ]
    return base, tk.Scenario("Agreement", levers), tk.GeneralEquilibrium(THETA)


def against_peer(sizes: list[int]) -> pd.DataFrame:
    """Return both times, their ratio, and the largest gap in real income."""
    rows = {}
    for count in sizes:
        data = gravity(count)
        base, scenario, model = ours(data)
        mine = best(lambda: model.solve(base, scenario), 7)  # noqa: B023
        bare = best(_bare(base, scenario, model), 20)
        start = time.perf_counter()
        theirs = peer(data)
        seconds = time.perf_counter() - start
        frame = model.solve(base, scenario).frame.query("variable == 'real_income'")
        income = frame.set_index("importer")["counterfactual"].sort_index()
        rows[count] = {
            "gegravity, s": seconds,
            "whole solve, ms": 1e3 * mine,
            "times faster": seconds / mine,
            "equations alone, ms": 1e3 * bare,
            "times faster, equations": seconds / bare,
            "largest gap in real income": float((income - theirs).abs().max()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("countries")


def _bare(
    base: tk.Baseline, scenario: tk.Scenario, model: tk.GeneralEquilibrium
) -> Callable[[], object]:
    shock = shocks_of(base, scenario, model.effects(base, scenario))
    world = world_of(shock)
    theta = np.full(len(world.value), THETA)
    start = economy_of(world, theta, model.deficits, None).economy
    return lambda: counterfactual(start, world.power_after, world.iceberg)


def against_itself() -> pd.DataFrame:
    """Return solves to 1e-10 against their own products of matrix and vector."""
    rows = {}
    for count, tariffs in ((8, 0.1), (44, 0.1), (194, 0.1), (194, 0.0)):
        rng = np.random.default_rng(2)
        data = gravity(count)
        foreign = data["exporter"] != data["importer"]
        rate = np.where(foreign, tariffs * rng.random(len(data)), 0.0)
        rows[f"{count}, {'tariffs' if tariffs else 'no tariffs'}"] = _row(data, rate)
    rows["31 x 40, inputs, base and shock"] = _sectors()
    return pd.DataFrame.from_dict(rows, orient="index")


def _row(data: pd.DataFrame, rate: np.ndarray) -> dict[str, float]:
    base, scenario, model = ours(data)
    base = tk.Baseline.from_frame(
        base.frame.assign(applied_rate=_sorted(data, rate)),
        reporter=base.reporter,
        partner=base.partner,
    )
    shock = shocks_of(base, scenario, model.effects(base, scenario))
    world = world_of(shock)
    start = economy_of(world, np.full(1, THETA), "multiplicative", None).economy
    found = counterfactual(start, world.power_after, world.iceberg)
    seconds = best(lambda: counterfactual(start, world.power_after, world.iceberg), 30)
    matrix, vector = start.share[0].copy(), np.ones(start.share.shape[1])
    products = (2 if start.untaxed else 3) * found.solved.iterations

    def bare() -> None:
        for _ in range(products):
            matrix @ vector

    return _ratio(found.solved.iterations, found.residual, seconds, best(bare, 30))


def _ratio(
    iterations: int, residual: float, seconds: float, bare: float
) -> dict[str, float]:
    return {
        "iterations": iterations,
        "residual": residual,
        "solve, ms": 1e3 * seconds,
        "own products bare, ms": 1e3 * bare,
        "ratio": seconds / bare,
    }


def _sorted(data: pd.DataFrame, rate: np.ndarray) -> np.ndarray:
    """Return rates in the order of a checked frame: importer, then exporter."""
    order = data.assign(rate=rate).sort_values(["importer", "exporter"], kind="stable")
    return order["rate"].to_numpy()


def _sectors(count: int = 31, goods: int = 40) -> dict[str, float]:
    """Return the same of a world with sectors, inputs and no deficits."""
    rng = np.random.default_rng(3)
    names, products = codes(count), [f"{n:02d}" for n in range(1, goods + 1)]
    frames = [gravity(count, seed=n).assign(product=products[n]) for n in range(goods)]
    data = pd.concat(frames).rename(columns={"trade": "value_usd_mn"})
    foreign = data["exporter"] != data["importer"]
    data["applied_rate"] = np.where(foreign, 0.1 * rng.random(len(data)), 0.0)
    base = tk.Baseline.from_frame(data, reporter=names[0], partner=names[1])
    added = rng.uniform(0.3, 0.7, (count, goods))
    inputs = rng.random((count, goods, goods))
    inputs *= ((1.0 - added) / inputs.sum(axis=1))[:, None, :]
    final = rng.uniform(0.5, 1.5, (count, goods))
    final /= final.sum(axis=1, keepdims=True)
    links = InputOutput(names, products, added, inputs, final)
    free = [
        tk.TariffCut(importer=a, exporter=b, to=0.0)
        for a in names[:3]
        for b in names[:3]
        if a != b
    ]
    model = tk.GeneralEquilibrium(THETA, deficits="zero", input_output=links)
    scenario = tk.Scenario("Free", free)
    world = world_of(shocks_of(base, scenario, model.effects(base, scenario)))
    theta = np.full(goods, THETA)

    def both() -> tuple[int, float]:
        start = economy_of(world, theta, "zero", links)
        found = counterfactual(start.economy, world.power_after, world.iceberg)
        steps = start.at_rest.solved.iterations + found.solved.iterations
        return steps, found.residual

    steps, residual = both()
    matrix, vector = world.share.copy(), np.ones((goods, count, 1))

    def bare() -> None:
        for _ in range(3 * steps):
            np.matmul(matrix, vector)

    return _ratio(steps, residual, best(both, 10), best(bare, 10))


def main() -> None:
    """Print the two tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer", type=int, nargs="*", default=[30, 60, 120])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    say = sys.stdout.write
    say(f"{os.cpu_count()} cores, numpy {np.__version__}\n\n")
    say(against_itself().to_string(float_format="%.3g") + "\n\n")
    if importlib.util.find_spec("gegravity") is None:
        say("gegravity is not installed (extra bench): left out.\n")
    elif options.peer:
        say(against_peer(options.peer).to_string(float_format="%.3g") + "\n")


if __name__ == "__main__":
    main()
