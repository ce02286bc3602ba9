"""What the shelf says of duties that are not weighed by what Russia sells."""

from pathlib import Path

import pytest

import toolkit as tk

README = Path(__file__).parents[2] / "data" / "README.md"
GOODS = ("2701x", "2710x", "07", "71", "88")  # rates of the goods, their mix assumed


def test_what_rests_on_chapter_averages_is_as_the_readme_says():
    base = tk.load_baseline("2024-25", duties="statutory")
    frame = base.frame.query("importer == 'IND' and exporter == 'RUS'")
    average = frame.query("rate_status == 'assumed'").set_index("product")
    average = average.drop(index=list(GOODS))
    modal = tk.datasets.load("india_modal_tariff").set_index("chapter")
    told = average[average.index.isin(modal.index)]
    duty = (told["value_usd_mn"] * told["statutory_rate"]).sum()
    low, high = (
        (told["value_usd_mn"] * 1.1 * modal[end].reindex(told.index)).sum()
        for end in ("low", "high")
    )
    said = " ".join(README.read_text(encoding="utf-8").split())
    total = base.balance()["imports"]
    for words in (
        f"US$ {average['value_usd_mn'].sum():.0f} mn of {total:,.0f} in 2024-25",
        f"on the {told['value_usd_mn'].sum():.0f} mn with a chapter",
        f"the schedule makes US$ {duty:.0f} mn",
        f"would make {low:.0f} and {high:.0f}",
    ):
        assert words in said
    alike = sorted(modal.index[modal["low"] == modal["high"]])
    assert f"one rate ({', '.join(alike)})" in said
    rows = tk.datasets.load("rates").query("importer == 'IND' and exporter == 'ALL'")
    notes = rows[rows["product"].isin(average.index)]["note"]
    assert notes.str.contains("not weighed by what is bought").all()


def test_one_call_replaces_them(tmp_path):
    """A customs file that has every chapter leaves no duty of those assumed."""
    base = tk.load_baseline("2024-25")
    path = tmp_path / "customs.csv"
    codes = sorted({code[:2] for code in base.frame["product"]})
    path.write_text("hs,duty\n" + "".join(f"{code}0000,7.5\n" for code in codes))
    rates = tk.sources.own.read_rates(
        path,
        {"product": "hs", "rate": "duty"},
        constants={"importer": "IND"},
        source="Customs",
    )
    frame = tk.with_rates(base, rates).frame.query("importer == 'IND'")
    whole = frame[frame["product"].str.len() == 2]
    assert whole["applied_rate"].to_numpy() == pytest.approx(0.075)
    assert set(whole["rate_status"]) == {"derived"}
