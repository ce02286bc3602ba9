"""What Python and a page say to the same setting of the explorer's controls."""

import dataclasses
import json
import os
import random
import shutil
import subprocess
from pathlib import Path

import toolkit as tk
from toolkit import panel
from toolkit.explorer import scenario_of
from toolkit.sharing import page

SCRIPTS = (
    *("shocks.js", "solver.js", "merit.js"),
    *("accounts.js", "words.js", "screen.js", "years.js", "link.js"),
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


FIELDS = (
    "substitution_elasticity",
    "import_demand_elasticity",
    "export_supply_elasticity",
)


def random_choice(rng):
    """Return where the elasticities stand, and the horizon."""
    ends = {field: rng.choice(["low", "central", "high"]) for field in FIELDS}
    ends = {field: end for field, end in ends.items() if end != "central"}
    chosen = rng.choice([{}, {}, ends, dict.fromkeys(FIELDS, "high")])
    return {"ends": chosen, "horizon": rng.choice(["long", "long", "short"])}


def in_years(data, settings, seed=7):
    """Yield settings as they are given, each in a year of the path."""
    rng = random.Random(seed)
    years = [year for year, _ in data["path"]["years"]]
    for setting, choice in settings:
        yield setting, {**choice, "year": rng.choice(years)}


def random_settings(data, count, seed=5):
    """Yield settings of the controls in a page's data, and a choice of elasticities."""
    rng = random.Random(seed)
    values = {c["name"]: c["values"] for c in data["controls"]}
    for _ in range(count):
        size = rng.choice([1, 2, 4, 8, 16, len(values)])
        names = rng.sample(sorted(values), size)
        settings = {name: rng.choice(values[name]) for name in names}
        yield settings, random_choice(rng)


def model_of(choice, model=None):
    return dataclasses.replace(model or tk.Armington(), case=choice["ends"])


def expected(live, settings, choice):
    """Return what Python's model says to a setting, under the page's names."""
    scenario = scenario_of(live.controls, settings)
    model = model_of(choice, live.model)
    if choice.get("year"):
        speed = live.scenario.path and live.scenario.path.speed
        result = tk.path(model, live.baseline, scenario, speed=speed).result(
            choice["year"]
        )
    else:
        result = model.solve(live.baseline, scenario, horizon=choice["horizon"])
    accounts = result.accounts().loc[result.reporter]
    value = result.variable("value")
    bars = live.sums.weights[len(live.sums.steps) :]
    start = [0.0] * len(live.sums.steps) + (bars @ value.baseline).tolist()
    shown = start + live.sums.weights @ value.change
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


def found(numbers):
    """Return the page's numbers under the same names."""
    columns = {"before": "baseline", "after": "counterfactual", "change": "change"}
    out = {
        f"{name} {columns[column]}": value
        for name, row in numbers["balance"].items()
        for column, value in row.items()
    }
    charts = numbers["steps"] + numbers["bars"]
    out |= {f"figure {n}": value for n, value in enumerate(charts)}
    names = {
        "revenue": "tariff_revenue",
        "staticRevenue": "static_revenue",
        "surplus": "consumer_surplus",
        "rent": "rent",
        "welfare": "welfare",
        "world": "world",
    }
    out |= {theirs: numbers["accounts"][mine] for mine, theirs in names.items()}
    if numbers["openAccount"]:
        del out["world"]
    wedges = enumerate(numbers["wedges"])
    return out | {f"wedge {n} {w['name']}": w["wedge"] for n, w in wedges}


def differences(mine, theirs, path="screen"):
    """Return where two screens differ: text to the letter, numbers to their digits."""
    if isinstance(theirs, dict):
        assert mine.keys() == theirs.keys(), (path, set(mine) ^ set(theirs))
        return [
            d for k in theirs for d in differences(mine[k], theirs[k], f"{path}.{k}")
        ]
    if isinstance(theirs, list | tuple):
        if len(mine) != len(theirs):
            return [(path, mine, theirs)]
        pairs = enumerate(zip(mine, theirs, strict=True))
        return [d for n, (a, b) in pairs for d in differences(a, b, f"{path}[{n}]")]
    if isinstance(theirs, float) and mine is not None:
        return (
            []
            if abs(mine - theirs) <= 2e-4 + 1e-9 * abs(theirs)
            else [(path, mine, theirs)]
        )
    if isinstance(theirs, float):
        return [] if theirs != theirs else [(path, mine, theirs)]  # JSON has no NaN
    return [] if mine == theirs else [(path, mine, theirs)]


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
        c["name"]: [c["values"][0], c["values"][-1], c["neutral"]]
        for c in data["controls"]
    }
    for _ in range(count):
        names = rng.sample(sorted(ends), rng.choice([1, 2, 4, 8, len(ends)]))
        settings = {name: rng.choice(ends[name]) for name in names}
        yield settings, random_choice(rng)


def node():
    """Return Node: the machine's, or the one that the browser's driver brings."""
    own = shutil.which("node")
    if own:
        return own
    from playwright._impl._driver import compute_driver_executable

    return str(compute_driver_executable()[0])


def states(data, settings, text_of=page.text_of):
    """Return what the page's scripts make of some settings."""
    own = [*map(text_of, SCRIPTS), DRIVER.read_text(encoding="utf-8")]
    script = "\n".join([panel.text_of("elements.js"), *own])
    return told(script, {"data": data, "settings": settings})


def told(script, given):
    """Return what a script that Node runs makes of what it is given."""
    done = subprocess.run(
        [node(), "--input-type=commonjs", "-e", script],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"]},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)
