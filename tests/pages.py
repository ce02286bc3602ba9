"""What Python and a page say to the same setting of the explorer's controls."""

import json
import os
import random
import shutil
import subprocess
from pathlib import Path

from toolkit.explorer import scenario_of
from toolkit.sharing import page

SCRIPTS = (
    *("shocks.js", "solver.js", "merit.js"),
    *("accounts.js", "link.js", "view.js"),
)
DRIVER = Path(__file__).with_name("sharing") / "page_solver.js"

# US$ mn: a thousandth of a dollar, below which the digits of 60,000 mn end.
FLOOR = 1e-9
SCENARIO = """
name: mixed
title: Targets, a cut, a barrier and a disruption
levers:
- lever: QuantityTarget
  importer: IND
  exporter: RUS
  products: '31'
  kilotonnes: 7000
  paid_by: exporter
- {lever: TariffCut, importer: RUS, exporter: IND, products: '30', to: 0.0}
- lever: NonTariffEasing
  importer: RUS
  exporter: IND
  products: ['0306', '84', '09']
  by: 0.4
  ave: 0.3
  resource: 0.2
  rent: 0.5
  fee: 0.3
- lever: SupplyDisruption
  importer: IND
  exporter: RUS
  products: '2709'
  by: 0.2
  rent_to: exporter
- {lever: TradeCostChange, importer: RUS, exporter: IND, products: '', factor: 0.95}
"""


def random_settings(data, count, seed=5):
    """Yield settings of the controls in a page's data, and a case of elasticities."""
    rng = random.Random(seed)
    values = {c["name"]: c["values"] for c in data["controls"]}
    for _ in range(count):
        size = rng.choice([1, 2, 4, 8, 16, len(values)])
        names = rng.sample(sorted(values), size)
        case = rng.choice(["low", "central", "high"])
        yield {name: rng.choice(values[name]) for name in names}, case


def expected(live, settings, case):
    """Return what Python's model says to a setting, under the page's names."""
    scenario = scenario_of(live.controls, settings)
    result = live.cases()[case].solve(live.baseline, scenario)
    accounts = result.accounts().loc[result.reporter]
    change = result.variable("value").change
    shown = live.sums.start + live.sums.weights @ change
    out = {
        f"{name} {column}": float(value)
        for name, row in result.balance().iterrows()
        for column, value in row.items()
    }
    out |= {f"figure {n}": float(value) for n, value in enumerate(shown)}
    names = ("tariff_revenue", "static_revenue", "consumer_surplus", "rent", "welfare")
    out |= {name: float(accounts[name]) for name in names}
    if not result.open_account:
        out["world"] = float(result.balance(scope="total").loc["balance", "change"])
    wedges = result.wedges()
    out |= {f"wedge {n} {w.name}": w.wedge for n, w in enumerate(wedges.itertuples())}
    return out, result, scenario


def found(state):
    columns = {"before": "baseline", "after": "counterfactual", "change": "change"}
    out = {
        f"{name} {columns[column]}": value
        for name, row in state["balance"].items()
        for column, value in row.items()
    }
    charts = state["steps"] + state["bars"]
    out |= {f"figure {n}": value for n, value in enumerate(charts)}
    names = {
        "revenue": "tariff_revenue",
        "staticRevenue": "static_revenue",
        "surplus": "consumer_surplus",
        "rent": "rent",
        "welfare": "welfare",
        "world": "world",
    }
    out |= {theirs: state["accounts"][mine] for mine, theirs in names.items()}
    if state["openAccount"]:
        del out["world"]
    wedges = enumerate(state["wedges"])
    return out | {f"wedge {n} {w['name']}": w["wedge"] for n, w in wedges}


def gap(mine, theirs):
    """Return the largest difference in units of what is allowed."""
    assert mine.keys() == theirs.keys()
    unknown = {k for k in theirs if theirs[k] != theirs[k]}
    assert unknown == {k for k in mine if mine[k] is None}  # JSON has no NaN
    return max(
        abs(mine[k] - theirs[k]) / (1e-9 * max(abs(mine[k]), abs(theirs[k])) + FLOOR)
        for k in mine
        if k not in unknown
    )


def corner_settings(data, count, seed=6):
    """Yield settings whose controls all stand at an end of their range or at rest."""
    rng = random.Random(seed)
    ends = {
        c["name"]: [c["values"][0], c["values"][-1], c["values"][c["neutral"]]]
        for c in data["controls"]
    }
    for _ in range(count):
        names = rng.sample(sorted(ends), rng.choice([1, 2, 4, 8, len(ends)]))
        case = rng.choice(["low", "central", "high"])
        yield {name: rng.choice(ends[name]) for name in names}, case


def node():
    """Return Node: the machine's, or the one that the browser's driver brings."""
    own = shutil.which("node")
    if own:
        return own
    from playwright._impl._driver import compute_driver_executable

    return str(compute_driver_executable()[0])


def states(data, settings, text_of=page.text_of):
    """Return what the page's scripts make of some settings."""
    scripts = [*map(text_of, SCRIPTS), DRIVER.read_text(encoding="utf-8")]
    done = subprocess.run(
        [node(), "--input-type=commonjs", "-e", "\n".join(scripts)],
        input=json.dumps({"data": data, "settings": settings}),
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
