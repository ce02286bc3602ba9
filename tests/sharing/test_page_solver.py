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
    FIELDS,
    SCENARIO,
    corner_settings,
    differences,
    expected,
    found,
    gap,
    in_years,
    random_settings,
    states,
    told,
)
from toolkit import display, panel
from toolkit.explorer import as_python, screen_of
from toolkit.market import CHANNELS
from toolkit.sharing import page, payload

SETTINGS = 240
PLAIN = {"ends": {}, "horizon": "long"}
ROOMS = (
    "analysis|baseline|display|explorer|market|models|result|scenario|sharing|widgets"
)
PYTHON = re.compile(rf"\b(?:{ROOMS})(?:\.\w+)+")


@pytest.fixture(scope="module")
def live():
    scenario = tk.Scenario.from_yaml(SCENARIO)
    return payload.Live.of(tk.load_baseline("2024-25"), scenario)


@pytest.fixture(scope="module")
def data(live):
    return live.data()


def same_numbers(live, data, settings):
    """Yield what both answer, after holding numbers and refusals to be the same."""
    for (setting, choice), state in zip(settings, states(data, settings), strict=True):
        try:
            theirs, result, scenario = expected(live, setting, choice)
        except (tk.NotConverged, ValueError):
            assert "error" in state, (setting, choice)
            continue
        assert "error" not in state, (setting, choice, state["error"])
        assert gap(found(state["numbers"]), theirs) <= 1.0, (setting, choice)
        yield choice, state, result, scenario


@pytest.mark.parametrize("draw", [random_settings, corner_settings])
def test_every_figure_is_pythons(live, data, draw):
    answered = 0
    settings = list(draw(data, SETTINGS))
    for choice, state, result, _ in same_numbers(live, data, settings):
        answered += 1
        due = screen_of(result, live.baseline)
        assert differences(state["screen"], due) == [], choice
    assert answered > SETTINGS * 3 / 4


INDIA = {"importer": "IND", "exporter": "RUS"}
RUSSIA = {"importer": "RUS", "exporter": "IND"}
STAGED = tk.Scenario(
    "staged",
    [
        tk.TariffCut(**RUSSIA, products="30", to=0.0, start=2026, phase_in=5),
        tk.TariffCut(**RUSSIA, products="84", by=0.5, schedule={2027: 0.2, 2029: 1.0}),
        tk.QuantityTarget(
            **INDIA, products="31", kilotonnes=9000, start=2026, phase_in=4
        ),
        tk.SupplyDisruption(**INDIA, products="2709", by=0.3, start=2028),
        tk.PriceChange(**INDIA, products="27", by=-0.1, start=2027, phase_in=2),
        tk.MarketAccess(**RUSSIA, products="0701", share=0.03, start=2027, phase_in=3),
        tk.ScheduledImport(**INDIA, products="98", usd_mn=300, start=2026, phase_in=3),
        tk.TradeCostChange(**RUSSIA, factor=0.95),
    ],
    path=tk.Course(until=2029, speed=0.4),
)


@pytest.fixture(scope="module", params=["mixed", "staged"])
def years(request):
    scenario = tk.Scenario.from_yaml(SCENARIO) if request.param == "mixed" else STAGED
    live = payload.Live.of(tk.load_baseline("2024-25"), scenario)
    return live, live.data()


IN_YEARS = 90


@pytest.mark.parametrize("draw", [random_settings, corner_settings])
def test_every_figure_of_a_year_is_pythons(years, draw):
    """Growth, staged levers, the age of changes, ends of elasticities and of speed."""
    live, data = years
    settings = list(in_years(data, draw(data, IN_YEARS)))
    path, answered = tk.path(tk.Armington(), live.baseline), 0
    for choice, state, result, scenario in same_numbers(live, data, settings):
        answered += 1
        reference = path.reference(choice["year"])
        due = screen_of(result, reference, rows=live.baseline)
        assert differences(state["screen"], due) == [], choice
        course = tk.Course(choice["year"], live.scenario.path and 0.4)
        texts = {key: getattr(live.scenario, key) for key in ("title", "description")}
        whole = tk.Scenario(live.scenario.name, scenario.levers, path=course, **texts)
        assert state["yaml"] == whole.to_yaml()
        assert state["python"] == as_python(whole, "2024-25", call_of(choice))
    assert answered > IN_YEARS * 2 / 3


def test_a_page_of_staged_levers_in_a_year_keeps_them_at_rest():
    base, model = tk.load_baseline("2024-25"), tk.Armington()
    live = payload.Live.of(base, STAGED, model, year=2027)
    data = live.data()
    assert data["years"][0] == [None, "2024-25, levers of 2027, after adjustment"]
    choices = [PLAIN, {**PLAIN, "year": 2029}]
    rest, later = states(data, [(live.settings, choice) for choice in choices])
    due = (
        model.solve(base, STAGED, year=2027).balance(),
        tk.path(model, base, STAGED).result(2029).balance(),
    )
    for state, table in zip((rest, later), due, strict=True):
        for name, row in state["numbers"]["balance"].items():
            change = table.loc[name, "change"]
            assert row["change"] == pytest.approx(change, rel=1e-9), name


def test_a_page_without_a_readable_year_or_with_moving_prices_has_no_years(monkeypatch):
    base = tk.load_baseline("2024-25")
    frame = base.frame
    assert payload.Live.of(tk.Baseline.from_frame(frame)).data()["years"] == []
    drivers = pd.DataFrame(
        {"what": ["price"], "importer": "IND", "product": "", "central": [0.02]}
    )
    own = tk.Baseline.from_frame(frame, year="2024-25")
    assert len(payload.Live.of(own).data()["years"]) == 7
    moving = tk.path(tk.Armington(), base, drivers=drivers).road
    monkeypatch.setattr("toolkit.sharing.years.road_of", lambda *_: moving)
    data = payload.Live.of(own).data()
    assert (data["years"], data["path"]) == ([], None)


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
    settings = [({name: rng.randint(0, 1) for name in ticks}, PLAIN) for _ in range(24)]
    solved = 0
    for (setting, case), state in zip(settings, states(data, settings), strict=True):
        try:
            theirs, result, _ = expected(live, setting, case)
        except (tk.NotConverged, ValueError):
            assert "error" in state, setting
            continue
        assert gap(found(state["numbers"]), theirs) <= 1.0, setting
        assert differences(state["screen"], screen_of(result, base)) == []
        solved += 1
    assert solved > 12


def test_the_pages_text_is_pythons_to_the_letter(live, data):
    settings = list(random_settings(data, 60, seed=9))
    texts = {key: getattr(live.scenario, key) for key in ("title", "description")}
    for (setting, choice), state in zip(settings, states(data, settings), strict=True):
        if "error" in state:
            continue
        levers = expected(live, setting, choice)[2].levers
        scenario = tk.Scenario(live.scenario.name, levers, **texts)
        assert state["yaml"] == scenario.to_yaml()
        code = as_python(
            scenario, "2024-25", call_of(choice), horizon=choice["horizon"]
        )
        assert state["python"] == code


def call_of(choice):
    """Return the call of the model that stands in the code on screen."""
    ends = {f: choice["ends"][f] for f in FIELDS if f in choice["ends"]}
    if not ends:
        return "tk.Armington()"
    same = len(ends) == len(FIELDS) and len(set(ends.values())) == 1
    case = next(iter(ends.values())) if same else ends
    return f"tk.Armington(case={case!r})"


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


@pytest.mark.parametrize(
    "name",
    [
        *("shocks.js", "solver.js", "merit.js", "accounts.js"),
        *("words.js", "screen.js", "years.js"),
    ],
)
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
    named = [c for _, c in functions_of(page.text_of("screen.js")) if PYTHON.search(c)]
    assert all(stands_in_python(n) for c in named for n in PYTHON.findall(c))


TIES = [2074.5, 2075.5, 0.125, 0.375, -0.125, -2.5, 0.5, -0.5, 1.005, 1e6 + 0.5, 0.0]


def test_the_panel_rounds_as_python_does():
    """An exact tie goes to the even digit, everywhere; 2.5 and 3.5 tell."""
    rng = random.Random(3)
    numbers = [*TIES, *(rng.uniform(-9e3, 9e3) for _ in range(200))]
    numbers += [rng.randrange(-80_000, 80_000) / 8 for _ in range(200)]
    pairs = [(x, places) for x in numbers for places in (0, 1, 2) if abs(x) < 1e4]
    script = panel.text_of("elements.js") + (
        "\nconst given = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
        "process.stdout.write(JSON.stringify(given.map(([x, n]) => "
        "[decimalText(x, n), changeText(x, n)])));"
    )
    theirs = [[display.plain(x, n), display.signed(x, n)] for x, n in pairs]
    assert told(script, pairs) == theirs


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
        {"target:31": 7, "target:310210": 4.5},
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
        {"lever:3": 40},
    ),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_a_planted_fault_is_noticed(live, data, fault):
    file, right, wrong, setting = FAULTS[fault]
    plainly = {"ends": {}, "horizon": "long"}
    theirs = expected(live, setting, plainly)[0]
    gaps = []
    for planted in (right, wrong):

        def text_of(name, planted=planted):
            text = page.text_of(name)
            assert name != file or right in text
            return text.replace(right, planted) if name == file else text

        (state,) = states(data, [(setting, plainly)], text_of)
        mine = found(state["numbers"])
        same = mine.keys() == theirs.keys()
        gaps.append(gap(mine, theirs) if same else float("inf"))
    assert gaps[0] <= 1.0 < gaps[1]


LATER = {
    "growth": ("x * sizes[path.group[i]]", "x * sizes[0]"),
    "ages": ("pressed[years - 1 - t]", "pressed[t]"),
    "levers in force": ("controlsAt(data, year, year)", "data.controls"),
    "tonnes": ("grown(data.kilotonnes)", "data.kilotonnes"),
}


@pytest.mark.parametrize("fault", list(LATER))
def test_a_planted_fault_in_a_year_is_noticed(fault):
    live = payload.Live.of(tk.load_baseline("2024-25"), STAGED)
    data, setting = live.data(), live.settings
    choice = {**PLAIN, "year": 2028}
    theirs, result, _ = expected(live, setting, choice)
    reference = tk.path(tk.Armington(), live.baseline).reference(2028)
    due = screen_of(result, reference, rows=live.baseline)
    right, wrong = LATER[fault]
    gaps = []
    for planted in (right, wrong):

        def text_of(name, planted=planted):
            text = page.text_of(name)
            assert name != "years.js" or right in text
            return text.replace(right, planted) if name == "years.js" else text

        (state,) = states(data, [(setting, choice)], text_of)
        wrong_words = differences(state["screen"], due) if "screen" in state else [1]
        mine = found(state["numbers"]) if "numbers" in state else {}
        same = mine.keys() == theirs.keys() and not wrong_words
        gaps.append(gap(mine, theirs) if same else float("inf"))
    assert gaps[0] <= 1.0 < gaps[1]
