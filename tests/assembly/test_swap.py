"""Another schedule of duties in one call, weighed by sales where they are known."""

from pathlib import Path

import pytest

import toolkit as tk
from makers import flows, rates

WITS = Path(__file__).parents[1] / "sources" / "samples" / "wits_bulk.csv"
CHAPTER = rates(
    ("IND", "", "840110", 0.10), ("IND", "", "847130", 0.0), ("IND", "", "841182", 0.05)
)


def cell(base, importer, exporter, product):
    keys = ["importer", "exporter", "product"]
    return base.frame.set_index(keys).loc[(importer, exporter, product)]


def duty(base, exporter, product="84", importer="IND"):
    return cell(base, importer, exporter, product).applied_rate


def test_lines_are_weighed_by_what_each_supplier_sells():
    base = tk.load_baseline("2024-25")
    sales = flows(
        ("IND", "RUS", "840110", 90.0, "IND"),
        ("IND", "RUS", "847130", 10.0, "IND"),
        ("IND", "CHN", "847130", 7.0, "IND"),
    )
    better = tk.with_rates(base, CHAPTER, sales)
    assert duty(better, "RUS") == pytest.approx(0.09)
    assert cell(better, "IND", "RUS", "84").rate_status == "derived"
    assert duty(better, "CHN") == 0.0
    assert duty(better, "USA") == pytest.approx(0.05), "the plain mean: not told"
    assert "; duties: Duties, weighed by Made" in better.source_line
    assert better.balance().to_dict() == base.balance().to_dict()
    plain = tk.with_rates(base, CHAPTER)
    assert duty(plain, "RUS") == pytest.approx(0.05)


def test_a_total_by_line_weighs_the_suppliers_not_told():
    sales = flows(
        ("IND", "RUS", "840110", 50.0, "IND"),
        ("IND", "WLD", "840110", 60.0, "IND"),
        ("IND", "WLD", "847130", 40.0, "IND"),
    )
    better = tk.with_rates(tk.load_baseline("2024-25"), CHAPTER, sales)
    assert duty(better, "RUS") == pytest.approx(0.10)
    assert duty(better, "USA") == duty(better, "ROW") == pytest.approx(0.06)


def test_weights_count_nothing_twice():
    """Headings beside their lines, the other report, a second file: one weight each."""
    sales = flows(
        ("IND", "RUS", "84", 100.0, "IND"),
        ("IND", "RUS", "8401", 90.0, "IND"),
        ("IND", "RUS", "840110", 90.0, "IND"),
        ("IND", "RUS", "847130", 10.0, "IND"),
        ("IND", "RUS", "847130", 99.0, "RUS"),
    )
    late = flows(("IND", "RUS", "847130", 1e6, "IND"), source="Second")
    better = tk.with_rates(tk.load_baseline("2024-25"), CHAPTER, sales, late)
    assert duty(better, "RUS") == pytest.approx(0.09)


def test_the_rest_of_a_chapter_is_not_what_stands_alone():
    base = tk.load_baseline("2024-25")
    lines = rates(("IND", "", "151211", 0.4), ("IND", "", "151110", 0.1))
    better = tk.with_rates(base, lines)
    assert duty(better, "RUS", "1512") == 0.4
    assert duty(better, "ROW", "15x") == pytest.approx(0.1)


@pytest.mark.parametrize("level", ["chapter", "heading"])
def test_a_file_of_wits_on_the_bundled_baselines(level):
    base = tk.load_baseline("2024-25", level=level)
    better = tk.with_rates(base, tk.sources.wits.read(WITS))
    assert duty(better, "RUS", "310210") == 0.05
    changed = better.frame["applied_rate"] != base.frame["applied_rate"]
    assert set(better.frame.loc[changed, "importer"]) == {"IND"}
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    result = tk.Armington().solve(better, tk.Scenario("cut", [cut]))
    assert result.check()["holds"].all()
    assert "UNCTAD TRAINS (WITS)" in better.source_line


def test_a_world_of_one_good_takes_the_mean_of_all_lines():
    base = tk.load_baseline("world-2023")
    lines = rates(
        ("IND", "", "840110", 0.1), ("IND", "", "100190", 0.3), ("USA", "", "84", 0.02)
    )
    frame = tk.with_rates(base, lines).frame.set_index(["importer", "exporter"])
    assert frame.loc[("IND", "RUS"), "applied_rate"] == pytest.approx(0.2)
    assert frame.loc[("USA", "CHN"), "applied_rate"] == pytest.approx(0.02)
    assert frame.loc[("IND", "IND"), "applied_rate"] == 0.0


def test_flows_alone_or_no_line_of_an_importer_is_refused():
    base = tk.load_baseline("2024-25")
    sales = flows(("IND", "RUS", "840110", 90.0, "IND"))
    with pytest.raises(ValueError, match="hold no rates of IND or RUS"):
        tk.with_rates(base, sales)
    with pytest.raises(ValueError, match=r"are readings of tk\.sources, not str"):
        tk.with_rates(base, "trains.csv")
    with pytest.raises(ValueError, match="prices"):
        tk.with_rates(base, CHAPTER, type(sales)(**{**vars(sales), "kind": "prices"}))


def test_the_preference_follows_the_new_duty():
    base = tk.load_baseline("2024-25")
    better = tk.with_rates(base, rates(("RUS", "", "3004", 0.08)))
    then, now = (cell(one, "RUS", "IND", "30") for one in (base, better))
    assert now.applied_rate == pytest.approx(0.08)
    assert now.gsp_rate / now.mfn_rate == pytest.approx(then.gsp_rate / then.mfn_rate)
