"""The page's own solver, run by Node, against Python's at hundreds of settings."""

import contextlib
import importlib
import random
import re

import pandas as pd
import pytest

import toolkit
import toolkit as tk
from pages import (
    SCENARIO,
    corner_settings,
    expected,
    found,
    gap,
    random_settings,
    states,
)
from toolkit.explorer import as_python, details
from toolkit.market import CHANNELS
from toolkit.sharing import page, payload

SETTINGS = 240
ROOMS = "display|explorer|market|models|result|scenario|sharing"
PYTHON = re.compile(rf"\b(?:{ROOMS})(?:\.\w+)+")


@pytest.fixture(scope="module")
def live():
    scenario = tk.Scenario.from_yaml(SCENARIO)
    return payload.Live.of(tk.load_baseline("2024-25"), scenario)


@pytest.fixture(scope="module")
def data(live):
    return live.data()


@pytest.mark.parametrize("draw", [random_settings, corner_settings])
def test_every_figure_is_pythons(live, data, draw):
    settings = list(draw(data, SETTINGS))
    refused = 0
    for (setting, case), state in zip(settings, states(data, settings), strict=True):
        try:
            theirs, result, scenario = expected(live, setting, case)
        except (tk.NotConverged, ValueError):
            assert "error" in state, (setting, case)
            refused += 1
            continue
        assert "error" not in state, (setting, case, state["error"])
        assert gap(found(state), theirs) <= 1.0, (setting, case)
        assert state["notes"] == list(result.notes)
        assert state["sentences"] == [v.sentence() for v in scenario.levers]
        assert state["details"] == details(result)
    assert refused < SETTINGS / 4


CRUDE = {"importer": "IND", "exporter": "RUS", "products": "2709"}
SANCTIONS = tk.Scenario(
    "sanctions",
    [
        tk.SanctionCost(**CRUDE, usd_per_barrel=4),
        tk.PriceCap(**CRUDE, usd_per_barrel=55),
        tk.SupplyDisruption(
            **CRUDE, by=0.5, months=6, rerouted=0.3, switching_mbd=0.02
        ),
        tk.QuantityTarget(**CRUDE, mbd=0.3, paid_by="exporter"),
        tk.PriceChange(**CRUDE, usd_per_barrel=-20, held=True),
    ],
)


@pytest.mark.parametrize("sigma", [25.0, float("inf")])
def test_crude_under_sanctions_is_pythons_too(sigma):
    given = pd.Series({"2709": sigma}).rename_axis("product")
    model = tk.Armington(substitution_elasticity=given)
    base = tk.load_baseline("2024-25")
    live = payload.Live.of(base, SANCTIONS, model)
    data = live.data()
    ticks = [c["name"] for c in data["controls"] if c["name"].startswith("lever:")]
    rng = random.Random(4)
    settings = [
        ({name: rng.randint(0, 1) for name in ticks}, "given") for _ in range(24)
    ]
    solved = 0
    for (setting, case), state in zip(settings, states(data, settings), strict=True):
        try:
            theirs, result, _ = expected(live, setting, case)
        except (tk.NotConverged, ValueError):
            assert "error" in state, setting
            continue
        assert gap(found(state), theirs) <= 1.0, setting
        assert state["details"] == details(result)
        solved += 1
    assert solved > 12


def test_the_pages_text_is_pythons_to_the_letter(live, data):
    settings = list(random_settings(data, 60, seed=9))
    texts = {key: getattr(live.scenario, key) for key in ("title", "description")}
    for (setting, case), state in zip(settings, states(data, settings), strict=True):
        if "error" in state:
            continue
        levers = expected(live, setting, case)[2].levers
        scenario = tk.Scenario(live.scenario.name, levers, **texts)
        assert state["yaml"] == scenario.to_yaml()
        given = "" if case == "central" else f"case={case!r}"
        code = as_python(scenario, "2024-25", f"tk.Armington({given})")
        assert state["python"] == code


def test_the_page_knows_every_role_of_a_channel():
    text = page.text_of("shocks.js") + page.text_of("solver.js")
    text += page.text_of("accounts.js")
    for name, channel in CHANNELS.items():
        by_role = f'of("{channel.role}")' in text
        part = name.removeprefix("ntm_")
        by_part = channel.role == "barrier" and f'barrierPart(ch, "{part}", i)' in text
        by_name = f"ch.{name}[" in text or f"channels.{name}" in text
        assert by_role or by_part or by_name, name


def functions_of(script):
    """Yield the top functions of a script, each with the comment above it."""
    comment = []
    for line in script.splitlines():
        if line.startswith("//"):
            comment.append(line[2:].strip())
            continue
        found = re.match(r"(?:async )?function (\w+)|const (\w+) = \(.*=>", line)
        if found:
            yield found[1] or found[2], " ".join(comment)
        comment = []


def stands_in_python(name):
    """Return whether ``room.module.thing`` names something of the toolkit."""
    parts, found = name.split("."), toolkit
    for number, part in enumerate(parts, start=1):
        with contextlib.suppress(ImportError):
            importlib.import_module(".".join(["toolkit", *parts[:number]]))
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def without_counterpart(script):
    """Return the functions whose comment names no Python, or one that is not there."""
    return [
        function
        for function, comment in functions_of(script)
        if not (named := PYTHON.findall(comment))
        or not all(map(stands_in_python, named))
    ]


@pytest.mark.parametrize("name", ["shocks.js", "solver.js", "merit.js", "accounts.js"])
def test_each_function_names_the_python_that_it_follows(name):
    assert without_counterpart(page.text_of(name)) == []


def test_a_name_that_python_lost_is_noticed():
    """Planted faults: a renamed counterpart, and a function that names none."""
    script = page.text_of("solver.js")
    assert without_counterpart(script.replace("ces._excess", "ces._lost")) == [
        "excess",
        "meanTerm",
        "peakTerm",
    ]
    bare = script.replace("// models.ces._inside.\n", "")
    assert without_counterpart(bare) == ["inside"]
    named = [c for _, c in functions_of(page.text_of("view.js")) if PYTHON.search(c)]
    assert all(stands_in_python(n) for c in named for n in PYTHON.findall(c))


# File, what is right, what is planted, and a setting that it spoils.
FAULTS = {
    "supply": (
        "solver.js",
        "1 / (1 + p.nu[i] * p.sigma[i])",
        "1 / (1 + 1.0001 * p.nu[i] * p.sigma[i])",
        {"rouble": 20, "crude:world": 20},
    ),
    "cap": (
        "solver.js",
        "if (capped) price = c.capLevel[i] + bound;",
        "",
        {"crude:cut": 30},
    ),
    "lowest duty": (
        "shocks.js",
        'combine === "lowest" ? Math.min(first, second)',
        'combine === "lowest" ? second',
        {"agreement": 80, "RUS:Medicines": 50},
    ),
    "a part lowers a total": (
        "shocks.js",
        "out[i] = Math.max(out[i], level);",
        "out[i] = level;",
        {"lever:1": 1, "target:310210": 4.5},
    ),
    "freight in the value": (
        "accounts.js",
        "data.fob[i] ? s.iceberg[i] : 1",
        "1",
        {"freight": -20},
    ),
    "price paid": (
        "accounts.js",
        "if (border <= supply) return supply;",
        "",
        {"target:310210": 3},
    ),
    "spending": (
        "solver.js",
        "data.value[i] * (1 + data.rate[i]) * s.barrier[i]",
        "data.value[i] * (1 + data.rate[i])",
        {"lever:3": 1},
    ),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_planted_fault_is_noticed(live, data, fault):
    file, right, wrong, setting = FAULTS[fault]
    theirs = expected(live, setting, "central")[0]
    gaps = []
    for planted in (right, wrong):

        def text_of(name, planted=planted):
            text = page.text_of(name)
            assert name != file or right in text
            return text.replace(right, planted) if name == file else text

        (state,) = states(data, [(setting, "central")], text_of)
        mine = found(state)
        same = mine.keys() == theirs.keys()
        gaps.append(gap(mine, theirs) if same else float("inf"))
    assert gaps[0] <= 1.0 < gaps[1]
