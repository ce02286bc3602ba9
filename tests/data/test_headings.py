"""The Russian market by heading adds up to the chapters, and what that changes."""

import numpy as np
import pytest

import toolkit as tk
from toolkit import datasets

YEARS = ("2024-25", "2025-26")
ROUNDED = 0.06  # US$ mn: mirror chapters are published to 0.1, their headings finer


@pytest.fixture(scope="module", params=YEARS)
def both(request):
    year = request.param
    fine = tk.load_baseline(year, level="heading").frame
    return year, tk.load_baseline(year).frame, fine


def by_chapter(frame, exporter):
    rows = frame.query("importer == 'RUS' and exporter == @exporter")
    return rows.groupby(rows["product"].str[:2])["value_usd_mn"].sum()


def test_indias_exports_add_to_the_official_chapters(both):
    _, coarse, fine = both
    gap = (by_chapter(fine, "IND") - by_chapter(coarse, "IND")).abs()
    assert gap.max() < 1e-5


def test_the_market_adds_to_the_mirror_chapters(both):
    _, coarse, fine = both
    gap = (by_chapter(fine, "ROW") - by_chapter(coarse, "ROW")).abs()
    assert gap.max() < ROUNDED, gap.idxmax()


def test_the_indian_market_is_the_same(both):
    _, coarse, fine = both
    keys = ["exporter", "product"]
    one, two = (
        frame.query("importer == 'IND'").set_index(keys)["value_usd_mn"]
        for frame in (coarse, fine)
    )
    assert one.equals(two)


def test_most_of_indias_exports_stand_by_heading(both):
    year, _, fine = both
    mine = fine.query("importer == 'RUS' and exporter == 'IND'")
    alone = mine[mine["product"].str.len().eq(4) & mine["product"].str.isdigit()]
    assert len(alone) > 320
    share = alone["value_usd_mn"].sum() / mine["value_usd_mn"].sum()
    assert share > 0.75
    words = {"2024-25": "derived", "2025-26": "assumed"}
    plain = alone[~alone["product"].isin(["0306", "0701", "0803", "0810", "0902"])]
    assert set(plain["status"]) == {words[year]}


def test_every_product_has_one_duty_below_the_dearest_line(both):
    _, _, fine = both
    duty = fine.query("importer == 'RUS'").groupby("product")["applied_rate"]
    assert (duty.nunique() == 1).all()
    assert duty.max().max() < 1.0
    assert duty.min().min() >= 0.0


def test_a_chapters_duty_is_about_the_mean_of_its_parts(both):
    """Not the same: the rest is weighed by the market where lines are not known."""
    _, coarse, fine = both
    whole, parts = (
        frame.query("importer == 'RUS' and exporter == 'IND' and value_usd_mn > 0")
        for frame in (coarse, fine)
    )

    def mean(rows):
        paid = rows["value_usd_mn"] * rows["applied_rate"]
        chapter = rows["product"].str[:2]
        sums = rows["value_usd_mn"].groupby(chapter).sum()
        return paid.groupby(chapter).sum() / sums, sums

    (before, value), (after, _) = mean(whole), mean(parts)
    gap = (after - before).abs()
    assert (gap * value).sum() / value.sum() < 0.006, "six tenths of a point, by value"
    # 76 most: India sells more ingots than partners report, so they are in the rest
    assert gap[value > 20].max() < 0.05, gap[value > 20].idxmax()


def test_tshirts_by_hand():
    """6109 has one subheading of weight: EUR 1.75 a kg at the market's price."""
    fine = tk.load_baseline("2024-25", level="heading").frame
    duty = fine.query("importer == 'RUS' and product == '6109'")["applied_rate"]
    euro = 1 / (0.75 * 0.9242 + 0.25 * 0.8845)
    assert duty.iloc[0] == pytest.approx(
        1.75 * euro / (578.114e6 / 50985.7e3), rel=0.25
    )


def test_exceptional_computers_are_not_carried_on():
    """8471 was US$ 516 mn in 2024-25, 86 the year before; 84 fell to 660 after."""
    values = {
        year: tk.load_baseline(year, level="heading")
        .suppliers("RUS", "8471")
        .loc["IND"]
        for year in YEARS
    }
    assert values["2024-25"].value_usd_mn == pytest.approx(516, abs=1)
    assert 100 < values["2025-26"].value_usd_mn < 250


def test_what_aggregation_does_to_duties_at_zero():
    """Duty-free exports grow less by heading: dear duties sit where India is small."""
    free = tk.Scenario("free", [tk.TariffCut(importer="RUS", exporter="IND", to=0.0)])
    for model in (tk.Armington(), tk.Smart()):
        gains = {
            level: model.solve(tk.load_baseline("2024-25", level=level), free)
            .balance()
            .loc["exports", "change"]
            for level in ("chapter", "heading")
        }
        bias = gains["chapter"] / gains["heading"] - 1.0
        assert 0.01 < bias < 0.12, (model.name, gains)


def test_levels_that_are_none_and_labels():
    with pytest.raises(ValueError, match=r"level 'headings'.*did you mean 'heading'"):
        tk.load_baseline(level="headings")
    base = tk.load_baseline(level="heading")
    assert base.label("8471").endswith(", heading (8471)")
    assert base.label("84x").endswith(", rest (84x)")
    assert base.groups["8471"] == base.groups["84"]
    flags = base.frame.set_index("product")["tariff_driven"]
    assert flags["8471"].all()
    assert not flags["88"].any()


def test_every_scenario_solves_by_heading():
    base = tk.load_baseline("2024-25", level="heading")
    for path in sorted((datasets.folder() / "scenarios").glob("*.yaml")):
        result = tk.Armington().solve(base, tk.Scenario.from_yaml(path))
        assert result.check()["holds"].all(), path.stem
        assert np.isfinite(result.balance().to_numpy()).all()
