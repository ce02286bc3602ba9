"""Scenarios and their YAML form: round trips, refusals, files never lost."""

from pathlib import Path

import jsonschema
import pytest
import yaml

import toolkit as tk
from toolkit import datasets, files

FILES = sorted((datasets.folder() / "scenarios").glob("*.yaml"))
CUT = tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)
TARGET = tk.QuantityTarget(
    importer="IND", exporter="RUS", products=["310210", "310530"], kilotonnes=7000
)


def text(levers, head="name: test"):
    return f"{head}\nlevers:\n{levers}\n"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files_follow_the_schema_and_round_trip(path):
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    jsonschema.validate(data, tk.Scenario.schema())
    scenario = tk.Scenario.from_yaml(path)
    assert scenario.name == path.stem
    assert all((scenario.title, scenario.author, scenario.reference))
    assert tk.Scenario.from_yaml(scenario.to_yaml()) == scenario


def test_there_are_scenario_files():
    assert len(FILES) >= 3


def test_the_schema_itself_is_valid_and_names_every_lever():
    schema = tk.Scenario.schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    entries = schema["properties"]["levers"]["items"]["oneOf"]
    named = {entry["properties"]["lever"]["const"] for entry in entries}
    assert named == set(tk.levers.BY_NAME)


@pytest.mark.parametrize(
    "lever",
    [
        {"lever": "TarifCut", "importer": "RUS", "exporter": "IND"},
        {"lever": "TariffCut", "importer": "RUS"},
        {"lever": "TariffCut", "importer": "RUS", "exporter": "IND", "too": 0.0},
        {"lever": "TariffCut", "importer": "RUS", "exporter": "IND", "products": 30},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(lever):
    data = {"name": "test", "levers": [lever]}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data, tk.Scenario.schema())
    with pytest.raises(ValueError, match="lever 1"):
        tk.Scenario.from_dict(data)


def test_later_levers_come_last_in_a_sum():
    both = tk.Scenario("a", [CUT], title="A") + tk.Scenario("b", [TARGET], author="B")
    assert both.levers == (CUT, TARGET)
    assert (both.name, both.title, both.author) == ("a + b", "A", "B")


def test_a_scenario_shows_its_levers_as_sentences():
    shown = repr(tk.Scenario("test", [CUT, TARGET], title="Two"))
    assert shown.splitlines()[0] == "Scenario 'test': Two"
    assert CUT.sentence() in shown
    assert "7,000 kt" in shown
    assert "no levers" in repr(tk.Scenario("none"))


def test_a_scenario_is_a_value():
    assert tk.Scenario("a", [CUT]) == tk.Scenario("a", (CUT,))
    with pytest.raises(AttributeError):
        tk.Scenario("a").name = "b"  # pyright: ignore[reportAttributeAccessIssue]


WRONG = {
    "unknown lever": (text("- lever: TarifCut"), r"'TarifCut'.*mean 'TariffCut'"),
    "unknown field": (
        text("- {lever: TariffCut, importer: RUS, exporter: IND, too: 0}"),
        r"no field 'too'.*mean 'to'",
    ),
    "missing field": (
        text("- {lever: TariffCut, importer: RUS, to: 0}"),
        "TariffCut.*exporter",
    ),
    "unquoted code": (
        text("- {lever: TariffCut, importer: RUS, exporter: IND, products: 30, to: 0}"),
        "not 30.*quote it",
    ),
    "unquoted leading zero": (
        text("- {lever: TariffCut, importer: RUS, exporter: IND, products: 03, to: 0}"),
        "not 3 .*leading zeros",
    ),
    "per cent": (
        text("- {lever: TariffCut, importer: RUS, exporter: IND, to: 20}"),
        "write 0.2 for 20 %",
    ),
    "not a number": (
        text("- {lever: TariffCut, importer: RUS, exporter: IND, to: .nan}"),
        "finite",
    ),
    "lever as list": (text("- lever: [TariffCut]"), "TariffCut"),
    "lever as text": (text("- TariffCut"), "mapping with the key 'lever'"),
    "levers as mapping": ("name: a\nlevers: {lever: TariffCut}\n", "must be a list"),
    "unknown key": ("name: a\nlever: []\n", r"'lever'.*mean 'levers'"),
    "not a mapping": ("- a\n- b\n", "mapping with name and levers"),
    "twice the same key": ("name: a\nname: b\nlevers: []\n", "'name' stands twice"),
    "twice within a lever": (
        text("- lever: TariffCut\n  importer: RUS\n  importer: IND\n"),
        "'importer' stands twice",
    ),
    "broken": ("name: [a\nlevers: ]]\n", r"not valid YAML.*line 2"),
    "program": ("name: !!python/object/apply:os.system [ls]\n", "not valid YAML"),
    "number as name": ("name: 7\nlevers: []\n", "name is text, not 7"),
}


@pytest.mark.parametrize("case", WRONG)
def test_names_what_is_wrong_with_a_file(case, tmp_path):
    wrong, message = WRONG[case]
    path = tmp_path / "wrong.yaml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(ValueError, match=f"(?s)wrong.yaml.*{message}"):
        tk.Scenario.from_yaml(path)


def test_a_missing_file_is_named_with_its_neighbour(tmp_path):
    (tmp_path / "deal.yaml").write_text("levers: []\n", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match=r"did you mean 'deal\.yaml'"):
        tk.Scenario.from_yaml(tmp_path / "dael.yaml")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"levers": ["TariffCut"]}, "'TariffCut' is not a lever.*QuantityTarget"),
        ({"titel": "a"}, "no 'titel'; did you mean 'title'"),
        ({"author": 7}, "author.*not 7"),
    ],
)
def test_refuses_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        tk.Scenario("test", **arguments)


def test_never_overwrites_unasked(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        tk.Scenario("a", [CUT]).to_yaml(path)
    assert path.read_text(encoding="utf-8") == "mine"
    tk.Scenario("a", [CUT]).to_yaml(path, overwrite=True)
    assert tk.Scenario.from_yaml(path).levers == (CUT,)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.yaml"]


def test_others_can_read_a_written_file_and_its_mode_stays(tmp_path):
    path = tmp_path / "mine.yaml"
    tk.Scenario("a", [CUT]).to_yaml(path)
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o640)
    tk.Scenario("a", [CUT]).to_yaml(path, overwrite=True)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("failing", ["fdopen", "replace"])
def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch, failing):
    path = tmp_path / "mine.yaml"
    path.write_text("mine", encoding="utf-8")

    def full_disk(*_, **__):
        raise OSError("No space left on device")

    if failing == "replace":
        monkeypatch.setattr(Path, "replace", full_disk)
    else:
        monkeypatch.setattr(files.os, "fsync", full_disk)
    with pytest.raises(OSError, match="No space"):
        tk.Scenario("a", [CUT]).to_yaml(path, overwrite=True)
    assert path.read_text(encoding="utf-8") == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["mine.yaml"]


def test_text_in_any_script_survives(tmp_path):
    path = tmp_path / "names.yaml"
    mine = tk.Scenario("a", [CUT], title="Беспошлинно – शुल्क मुक्त", description="x\ny")
    mine.to_yaml(path)
    assert tk.Scenario.from_yaml(path) == mine
    assert "Беспошлинно" in path.read_text(encoding="utf-8")


def test_a_file_carries_path_and_goal_and_an_old_one_needs_neither():
    deal = tk.Scenario(
        "road",
        [tk.TariffCut(importer="RUS", exporter="IND", to=0.0, start=2027, phase_in=5)],
        path=tk.Course(until=2031, speed=0.4),
        goal=tk.Goal(
            tk.Target("exports", 6_000, year=2030, products=("30", "03")),
            by="1.to",
            bounds=(0, 0.2),
        ),
    )
    jsonschema.validate(yaml.safe_load(deal.to_yaml()), tk.Scenario.schema())
    assert tk.Scenario.from_yaml(deal.to_yaml()) == deal
    bare = tk.Scenario("bare", deal.levers)
    assert not {"path", "goal"} & set(bare.to_dict())
    assert (bare + deal).goal == deal.goal
    assert (deal + bare).path == deal.path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("path: {untl: 2030}", "did you mean 'until'"),
        ("path: {until: 2030.5}", "whole year"),
        ("path: 2030", "path is a mapping"),
        ("goal: {what: total}", "goal: .*value"),
        ("goal: {what: total, value: 1, by: too}", "such as '1.kilotonnes'"),
        ("goal: {what: total, value: 1, bounds: [2, 1]}", "must be lower"),
    ],
)
def test_a_wrong_path_or_goal_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        tk.Scenario.from_yaml(f"name: x\nlevers: []\n{text}\n")
