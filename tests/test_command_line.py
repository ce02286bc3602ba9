"""The command line: what it prints, as JSON too, and its exit status."""

import json
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import toolkit as tk
from toolkit import datasets
from toolkit.__main__ import main

ROOT = Path(__file__).resolve().parents[1]
FERTILISER = datasets.folder() / "scenarios" / "fertiliser_7mt.yaml"


def run(capsys, *arguments):
    status = main([str(a) for a in arguments])
    return status, capsys.readouterr()


def solved(path=FERTILISER, year="2024-25", model=None):
    scenario = tk.Scenario.from_yaml(path)
    return (model or tk.Armington()).solve(tk.load_baseline(year), scenario)


def test_run_prints_balance_notes_and_source(capsys):
    status, printed = run(capsys, "run", FERTILISER)
    assert status == 0
    table = solved().balance()
    for figure in (*table["baseline"], *table["counterfactual"], *table["change"]):
        assert f"{figure:,.1f}" in printed.out
    for piece in (
        "7,000 kt",
        "Armington",
        "DGCI&S",
        "Identities: hold.",
        "Nine of ten draws of all elasticities change the balance by",
        "the balance changes by −US$ 3.50 bn to −US$ 1.66 bn",
        "how readily suppliers deliver more (export supply elasticity)",
        "−US$ 486.2 mn on the figures of 2025-26",
    ):
        assert piece in printed.out
    assert printed.err == ""


@pytest.mark.parametrize("year", ["2024-25", "2025-26"])
def test_json_parses_and_has_the_figures(capsys, year):
    status, printed = run(capsys, "run", FERTILISER, "--json", "--baseline", year)
    data = json.loads(printed.out)
    assert status == 0
    assert data["baseline"] == year
    assert data["unit"] == "US$ mn"
    assert data["identities_hold"] is True
    assert data["range"]["balance"]["least"] < data["range"]["balance"]["greatest"]
    (other,) = data["other_years"]
    assert other != year
    assert f"base year {other}" in data["assumptions"]
    table = solved(year=year).balance()
    for row in table.index:
        assert data["balance"][row] == pytest.approx(table.loc[row].to_dict())
    assert tk.Scenario.from_dict(data["scenario"]) == tk.Scenario.from_yaml(FERTILISER)
    assert "DGCI&S" in data["source"]


def test_model_and_case_are_used(capsys):
    path = FERTILISER.with_name("duty_free_both_ways.yaml")
    for model, case in (("smart", "low"), ("armington", "high")):
        _, printed = run(
            capsys, "run", path, "--json", "--model", model, "--case", case
        )
        kind = {"smart": tk.Smart, "armington": tk.Armington}[model]
        due = solved(path, model=kind(case=case)).balance().loc["exports", "change"]
        got = json.loads(printed.out)["balance"]["exports"]["change"]
        assert got == pytest.approx(due)


def test_year_reaches_staged_levers(capsys, tmp_path):
    path = tmp_path / "staged.yaml"
    cut = tk.TariffCut(
        importer="RUS", exporter="IND", to=0.0, start=2027, phase_in=5
    )  # fmt: skip
    tk.Scenario("staged", [cut]).to_yaml(path)
    gains = []
    for year in (2026, 2027, 2031):
        _, printed = run(capsys, "run", path, "--json", "--year", year)
        gains.append(json.loads(printed.out)["balance"]["exports"]["change"])
    assert gains[0] == 0
    assert 0 < gains[1] < gains[2]


WRONG = {
    "missing file": (["run", "nowhere.yaml"], "No scenario file nowhere.yaml"),
    "model": (["run", FERTILISER, "--model", "smrt"], "did you mean 'smart'"),
    "baseline": (["run", FERTILISER, "--baseline", "2023-24"], "No baseline"),
    "case": (["run", FERTILISER, "--case", "hgh"], "did you mean 'high'"),
    "cannot carry": (
        ["run", FERTILISER, "--model", "smart"],
        "SMART cannot carry QuantityTarget",
    ),
    "table": (["data", "flws"], "did you mean 'flows'"),
    "source": (["data", "fetch", "comtrad"], "did you mean 'comtrade'"),
    "no source": (["data", "fetch"], "from which source? baci, comtrade"),
    "pair": (["data", "fetch", "wits", "IND"], "'IND' is not NAME=VALUE"),
    "argument": (["data", "fetch", "wits", "yaer=2023"], "yaer"),
    "too much": (["data", "list", "x"], "data list takes no 'x'"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_input_exits_with_2_and_one_line(capsys, case):
    arguments, message = WRONG[case]
    status, printed = run(capsys, *arguments)
    assert status == 2
    assert message in printed.err
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: [\n", "not valid YAML"),
        ("levers:\n- lever: TarifCut\n", "did you mean 'TariffCut'"),
        (
            "levers:\n- {lever: TariffCut, importer: RUS, exporter: IND, to: 20}\n",
            "write 0.2 for 20 %",
        ),
    ],
)
def test_a_wrong_file_exits_with_2(capsys, tmp_path, text, message):
    path = tmp_path / "wrong.yaml"
    path.write_text(text, encoding="utf-8")
    status, printed = run(capsys, "run", path)
    assert status == 2
    assert message in printed.err
    assert "wrong.yaml" in printed.err
    assert "Traceback" not in printed.err


def test_data_lists_every_table_and_describes_one(capsys):
    _, printed = run(capsys, "data")
    assert tuple(printed.out.split()) == datasets.names()
    _, printed = run(capsys, "data", "flows")
    for piece in ("publisher", "sha256", "value_usd_mn"):
        assert piece in printed.out


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("TOOLKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)
    return tk.sources.Cache()


def keep(cache, request, body):
    """Put an answer into the cache as if it had been fetched."""
    part = cache.part(request.key)
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(body)
    now = "2026-11-01T00:00:00+00:00"
    record = tk.sources.cache.Record(
        request.key, request.service, request.url, request.query, now, now, "", 0, {}
    )
    return cache.keep(record)


def test_data_fetch_from_the_cache_and_to_a_file(capsys, cache, tmp_path):
    sample = ROOT / "tests" / "sources" / "samples" / "wits.xml"
    keep(cache, tk.sources.wits.request("IND", 2023), sample.read_bytes())
    out = tmp_path / "rates.csv"
    words = ("data", "fetch", "wits", "reporter=IND", "year=2023", "--offline")
    status, printed = run(capsys, *words, "--out", out)
    assert status == 0, printed.err
    assert "UNCTAD TRAINS" in printed.out
    assert "all lines specific" in printed.out
    assert "310210" in out.read_text()
    status, printed = run(capsys, *words, "--out", out)
    assert status == 2
    assert "overwrite" in printed.err
    _, printed = run(capsys, "data", "list")
    assert "DF_WITS_Tariff_TRAINS" in printed.out
    assert "flows_headings" in printed.out


def test_data_fetch_offline_says_what_is_missing(capsys, cache):
    words = ("data", "fetch", "comtrade", "reporters=IND", "partners=RUS", "year=2023")
    status, printed = run(capsys, *words, "--offline")
    assert status == 2
    assert "offline=True forbids" in printed.err


def test_data_fetch_plan_asks_nothing(capsys, cache):
    words = ("fetch", "comtrade", "reporters=IND,RUS", "partners=ALL", "year=2023")
    status, printed = run(capsys, "data", *words, "level=6", "--plan")
    assert status == 0, printed.err
    assert printed.out.count("Request(UN Comtrade https://comtradeapi.un.org") == 2
    assert "cmdCode=AG6" in printed.out
    _, printed = run(
        capsys, "data", "fetch", "tradestat", "partner=RUS", "year=2024-25", "--plan"
    )
    assert len(printed.out.splitlines()) == 2


def test_every_source_with_an_address_can_be_fetched(capsys, cache):
    url = "https://eec.eaeunion.org/upload/ett.html"
    words = ("data", "fetch", "eaeu", f"url={url}")
    status, printed = run(capsys, *words, "vintage=2026-06-18", "--plan")
    assert status == 0, printed.err
    assert url in printed.out
    sample = ROOT / "tests" / "sources" / "samples" / "eaeu_commission.html"
    keep(cache, tk.sources.eaeu.request(url), sample.read_bytes())
    status, printed = run(capsys, *words, "--offline")
    assert status == 0, printed.err
    assert "kept 8" in printed.out
    words = ("fetch", "comtrade", "reporters=IND", "partners=RUS", "year=202x")
    status, printed = run(capsys, "data", *words, "--plan")
    assert status == 2
    assert "year '202x' is not a calendar year" in printed.err


def test_data_verify(capsys, cache):
    status, printed = run(capsys, "data", "verify")
    assert status == 0
    assert f"{len(datasets.names())} tables and 0 fetched files" in printed.out
    record = keep(cache, tk.sources.wits.request("IND", 2023), b"x")
    cache.content(record).write_bytes(b"spoilt")
    status, printed = run(capsys, "data", "verify")
    assert status == 2
    assert "missing or altered" in printed.err


def test_without_a_command_it_explains_itself(capsys):
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 2
    assert "usage: toolkit" in capsys.readouterr().err


def test_python_minus_m_toolkit():
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "run", str(FERTILISER), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["balance"]["imports"]["change"] > 0


GOAL = FERTILISER.with_name("hundred_billion_2030.yaml")


def test_path_prints_every_year_and_its_json(capsys):
    status, printed = run(capsys, "path", GOAL, "--until", 2028)
    road = tk.path(
        tk.Armington(),
        tk.load_baseline("2025-26"),
        tk.Scenario.from_yaml(GOAL),
        until=2028,
    )
    assert status == 0
    assert printed.err == ""
    for figure in road.table()["scenario"]["total"]:
        assert f"{figure:,.1f}" in printed.out
    _, printed = run(capsys, "path", GOAL, "--until", 2028, "--json", "--speed", 1)
    data = json.loads(printed.out)
    assert list(data["scenario"]) == ["2025-26", "2026-27", "2027-28", "2028-29"]
    assert data["reference"]["2028-29"]["balance"] < 0


def test_solve_answers_the_goal_of_the_file(capsys):
    status, printed = run(capsys, "solve", GOAL)
    assert status == 0
    assert printed.out.startswith("Total trade of US$ 100,000 mn, 2030-31: reached")
    _, printed = run(capsys, "solve", GOAL, "--json")
    data = json.loads(printed.out)
    deal = tk.Scenario.from_dict(data["scenario"])
    again = tk.path(tk.Armington(), tk.load_baseline("2025-26"), deal)
    total = again.table().loc["2030-31", ("scenario", "total")]
    assert data["met"] is True
    assert total == pytest.approx(100_000, rel=1e-8)


def test_solve_takes_a_goal_a_lever_and_bounds(capsys):
    asked = ["--target", "imports=65000", "--by", "1.kilotonnes", "--json"]
    path = ["--baseline", "2024-25", "--bounds", "0:9000"]
    _, printed = run(capsys, "solve", FERTILISER, *asked, *path)
    data = json.loads(printed.out)
    lever = tk.Scenario.from_yaml(FERTILISER).levers[0]
    found = tk.solve_for(
        tk.Armington(),
        tk.load_baseline("2024-25"),
        lever,
        tk.Target("imports", 65_000),
        bounds=(0, 9000),
    )
    assert data["value"] == found.value
    _, printed = run(capsys, "solve", FERTILISER, "--target", "balance=-40000")
    assert "out of reach" in printed.out


WRONG_GOALS = {
    "none": (["solve", FERTILISER], "or a goal in the scenario file"),
    "figure": (["solve", FERTILISER, "--target", "blance=1"], "did you mean 'balance'"),
    "number": (["solve", FERTILISER, "--target", "balance"], "figure=value"),
    "lever": (["solve", GOAL, "--by", "3.kilotonnes"], "the scenario has 1"),
    "by": (["solve", GOAL, "--by", "kilotonnes"], "such as '1.kilotonnes'"),
    "bounds": (["solve", GOAL, "--bounds", "7"], "low:high"),
    "until": (["path", GOAL, "--until", "2020"], "the path begins in 2026"),
}


@pytest.mark.parametrize("case", WRONG_GOALS)
def test_a_wrong_goal_exits_with_2_and_one_line(capsys, case):
    arguments, message = WRONG_GOALS[case]
    status, printed = run(capsys, *arguments)
    assert status == 2
    assert message in printed.err
    assert len(printed.err.strip().splitlines()) == 1


BARE = """
import sys
import tomllib
from importlib.metadata import packages_distributions
from importlib.abc import MetaPathFinder

class NoExtras(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in BLOCKED:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

BLOCKED = {"BLOCKED"}
sys.meta_path.insert(0, NoExtras())
from toolkit.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


def without_extras(*arguments):
    """Run the command line where nothing but the base requirements can be had."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {
        canonical(line)
        for lines in project["optional-dependencies"].values()
        for line in lines
    } - set(map(canonical, project["dependencies"]))
    blocked = {
        module
        for module, owners in packages_distributions().items()
        if asked & set(map(canonical, owners)) and module != "toolkit"
    }
    assert {"filelock", "altair"} <= blocked
    script = BARE.replace('{"BLOCKED"}', repr(blocked))
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def canonical(requirement):
    name = re.match(r"[A-Za-z0-9._-]+", requirement)[0]
    return name.lower().replace("_", "-")


def test_the_base_requirements_are_enough_to_run_a_scenario():
    done = without_extras("run", str(FERTILISER))
    assert done.returncode == 0, done.stderr[-2000:]
    assert "7,000 kt" in done.stdout
    done = without_extras("data", "verify")
    assert done.returncode == 2
    assert "tariff-scenario-toolkit[sources]" in done.stderr
