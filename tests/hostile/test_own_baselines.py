"""Baselines of a user's own go wherever the official one goes: explored and shared."""

import json
import random

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import frame
from pages import expected, found, gap, states
from toolkit.explorer import controls_of, sums_of
from toolkit.sharing import payload


def official():
    return tk.load_baseline("2024-25").frame


def of(rows, **options):
    return tk.Baseline.from_frame(rows.reset_index(drop=True), **options)


def without(*prefixes):
    rows = official()
    return rows[~rows["product"].str.startswith(prefixes)]


def by_chapter(rows):
    rows = rows.assign(product=rows["product"].str[:2])
    rows["paid"] = rows["value_usd_mn"] * rows["applied_rate"]
    sums = rows.groupby(["importer", "exporter", "product"], as_index=False)[
        ["value_usd_mn", "paid"]
    ].sum()
    sums["applied_rate"] = sums["paid"] / sums["value_usd_mn"].where(
        sums["value_usd_mn"] > 0, 1.0
    )
    return sums.drop(columns="paid")


OTHER_PAIR = frame(
    ("CHN", "USA", "85", 60.0, 0.1),
    ("CHN", "ROW", "85", 40.0, 0.1),
    ("USA", "CHN", "84", 90.0, 0.05),
)
SIX = frame(
    ("IND", "RUS", "270900", 50.0, 0.0),
    ("IND", "SAU", "270900", 90.0, 0.0),
    ("IND", "RUS", "310210", 30.0, 0.05),
    ("IND", "RUS", "980100", 700.0, 0.0),
    ("RUS", "IND", "300490", 40.0, 0.02),
    ("RUS", "CHN", "300490", 60.0, 0.02),
    ("RUS", "IND", "840890", 0.0, 0.05),
    ("RUS", "DEU", "840890", 6.0, 0.05),
)

FOUR_CODES = frame(
    ("IND", "RUS", "31", 9.0, 0.1),
    ("IND", "RUS", "310210", 5.0, 0.1),
    ("RUS", "IND", "30", 7.0, 0.1),
)

OWN = {
    "the bundled frame": lambda: of(official()),
    "one product": lambda: of(official().query("product == '30'")),
    "one product of one seller": lambda: of(frame(("IND", "RUS", "31", 9.0, 0.1))),
    "one chapter": lambda: of(official()[lambda x: x["product"].str[:2] == "31"]),
    "chapters": lambda: of(by_chapter(official())),
    "six digits": lambda: of(SIX),
    "a single good": lambda: of(OTHER_PAIR.assign(product=""), reporter="CHN",
                                partner="USA"),
    "another pair": lambda: of(OTHER_PAIR, reporter="CHN", partner="USA"),
    "the pair turned round": lambda: of(official(), reporter="RUS", partner="IND"),
    "no fertiliser": lambda: of(without("31")),
    "no crude": lambda: of(without("27")),
    "imports only": lambda: of(official().query("importer == 'IND'")),
    "exports only": lambda: of(official().query("importer == 'RUS'")),
    "nothing traded": lambda: of(frame(("IND", "RUS", "31", 0.0, 0.1),
                                       ("RUS", "IND", "30", 0.0, 0.1))),
    "two levels": lambda: of(FOUR_CODES),
    "arrow strings": lambda: of(official().convert_dtypes(dtype_backend="pyarrow")),
    "categories": lambda: of(official().astype(
        {name: "category" for name in ("importer", "exporter", "product", "source",
                                       "applied_rate")})),
}  # fmt: skip


@pytest.mark.parametrize("case", OWN)
def test_an_own_baseline_is_explored_and_shared(case, tmp_path):
    base = OWN[case]()
    deal = tk.Scenario("nothing")
    for name, kind in (("p.html", "page"), ("b.html", "brief"), ("b.md", "page"),
                       ("w.xlsx", "page")):  # fmt: skip
        path = tk.share(deal, tmp_path / name, kind=kind, baseline=base)
        assert path.stat().st_size > 500
    explorer = tk.explore(base)
    for control in controls_of(base):
        explorer.set(control.name, control.high)
        assert explorer.result.scenario == "Explorer"
        explorer.set(control.name, control.neutral)
    assert explorer.settings == {}
    assert "Not solved" not in explorer._details.value
    rest = sums_of(base).figures(explorer.result)
    assert rest == pytest.approx(sums_of(base).start, abs=1e-6)


def some_settings(data):
    """Return a few settings of however many controls there are, and one at rest."""
    rng = random.Random(3)
    values = {c["name"]: c["values"] for c in data["controls"]}
    out = [({}, "central")]
    for case in ("low", "central", "high") * 3:
        names = rng.sample(sorted(values), rng.randint(0, len(values)))
        out.append(({name: rng.choice(values[name]) for name in names}, case))
    return out


@pytest.mark.parametrize(
    "case", [c for c in OWN if c not in ("arrow strings", "categories")]
)
def test_the_page_of_an_own_baseline_says_what_python_says(case):
    base = OWN[case]()
    live = payload.Live.of(base)
    data = json.loads(json.dumps(live.data(), allow_nan=False))
    settings = some_settings(data)
    compared = 0
    for (chosen, name), state in zip(settings, states(data, settings), strict=True):
        try:
            theirs, result, _ = expected(live, chosen, name)
        except (ValueError, tk.NotConverged):
            assert "error" in state
            continue
        assert "error" not in state, (chosen, state["error"])
        assert gap(found(state), theirs) <= 1.0, (chosen, name)
        assert state["notes"] == list(result.notes)
        compared += 1
    assert compared


def test_a_pair_without_trade_says_so(tmp_path):
    rows = frame(("IND", "ROW", "31", 5.0, 0.1), ("USA", "RUS", "31", 5.0, 0.1))
    for show in (tk.explore, lambda base: tk.share(base, tmp_path / "p.html")):
        with pytest.raises(ValueError, match="no flow between IND and RUS"):
            show(of(rows))


def test_the_official_controls_are_all_there():
    names = [c.name for c in controls_of(tk.load_baseline("2024-25"))]
    assert len(names) > 50
    assert {"crude:cut", "target:310210", "us_duty", "project", "agreement"} <= set(
        names
    )


def test_a_frame_with_strange_columns_solves_like_a_plain_one():
    deal = tk.Scenario("cut", [tk.TariffCut(importer="RUS", exporter="IND", to=0.0)])
    plain = tk.Armington().solve(OWN["the bundled frame"](), deal).variable("value")
    for case in ("arrow strings", "categories"):
        other = tk.Armington().solve(OWN[case](), deal).variable("value")
        np.testing.assert_array_equal(plain.counterfactual, other.counterfactual)


def test_mixed_levels_are_noted_once_and_only_where_they_are():
    assert OWN["six digits"]().notes == ()
    (note,) = OWN["two levels"]().notes
    assert "'31' and '310210'" in note
    assert "twice" in note
    many = pd.concat([FOUR_CODES, SIX.query("product == '300490'")])
    (note,) = of(many).notes
    assert "2 such pairs" in note
