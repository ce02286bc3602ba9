"""The accounts of 2025-26 close, know no order, and find nothing where nothing is."""

import pandas as pd
import pytest

import toolkit as tk
from markets import baseline, both_ways
from toolkit.analysis.known import known_by_march_2026

MODEL = tk.Armington()
ENOUGH = 0.1  # US$ mn


@pytest.fixture(scope="module")
def years():
    return tk.load_baseline("2024-25"), tk.load_baseline("2025-26")


@pytest.fixture(scope="module")
def account(years):
    return tk.backcast(MODEL, *years)


def test_the_steps_add_up_to_the_change_of_the_official_figures(account):
    """Official totals by year, which the baselines' chapters do not come from."""
    totals = tk.past_totals().pivot_table("value_usd_mn", "year", "flow")
    official = totals.loc["2025-26"] - totals.loc["2024-25"]
    table = account.table()
    steps = table.drop(index="official change").sum()
    assert steps["exports"] == pytest.approx(official["exports"], abs=ENOUGH)
    assert steps["imports"] == pytest.approx(official["imports"], abs=ENOUGH)
    due = official["exports"] - official["imports"]
    assert steps["balance"] == pytest.approx(due, abs=ENOUGH)
    assert (table["exports"] - table["imports"] - table["balance"]).abs().max() < 1e-6


def test_the_unexplained_part_stands_first(account):
    assert list(account.table().index) == [
        "unexplained", "price", "tonnes", "duty", "currency", "official change",
    ]  # fmt: skip
    assert "unexplained" in account.sentence[:60]
    assert "58.93" in account.sentence
    assert "50.88" in account.sentence


def test_levers_add_up_to_their_steps_and_to_the_models_own_answer(account):
    levers, table = account.levers(), account.table()
    for step in ("price", "tonnes", "duty", "currency"):
        summed = levers.loc[step].sum()
        assert summed.tolist() == pytest.approx(table.loc[step].tolist(), abs=1e-6)
    change = account.result.balance()["change"]
    explained = table.loc[["price", "tonnes", "duty", "currency"]].sum()
    assert explained.tolist() == pytest.approx(
        change[explained.index].tolist(), abs=1e-5
    )


def test_chapters_add_up_to_the_unexplained_part(account):
    chapters = account.unexplained()
    for flow in ("exports", "imports"):
        summed = chapters.loc[flow, "unexplained"].sum()
        assert summed == pytest.approx(
            account.table().loc["unexplained", flow], abs=1e-5
        )
    sizes = chapters["unexplained"].abs()
    assert sizes.is_monotonic_decreasing


def test_the_order_of_steps_and_levers_is_of_no_matter(years, account):
    steps = known_by_march_2026(*years)
    turned = {name: list(steps[name])[::-1] for name in reversed(steps)}
    again = tk.backcast(MODEL, *years, turned).table()
    assert again.loc[account.table().index].to_numpy() == pytest.approx(
        account.table().to_numpy(), abs=1e-6
    )


def test_what_was_known_is_what_the_tables_say(years):
    steps = known_by_march_2026(*years)
    crude, dap = steps["price"]
    assert crude.by == pytest.approx(68.0 / 79.8 - 1)
    assert dap.by == pytest.approx((780 + 725) / (633 + 649) - 1)
    flow = [2.1, 1.96, 2.1, 1.6, 1.62, 1.6, 1.48, 1.84, 1.274, 1.1, 1.117, 1.5]
    assert steps["tonnes"][0].to_mbd == pytest.approx(sum(flow) / 12)
    tonnes = {lever.products[0]: lever.kilotonnes for lever in steps["tonnes"][1:]}
    assert tonnes == pytest.approx(
        {
            "310210": 1399 * 12 / 11,
            "310530": 755 * 12 / 11,
            "310420": 1297 * 12 / 11,
            "310520": 2100 * 12 / 11,
        }
    )
    assert steps["currency"][0].by == pytest.approx(84.5555 / 88.3731 - 1)


def of_result(result, base):
    """Return the baseline that a result describes."""
    rows = result.frame.query("variable == 'value'")
    keys = ["importer", "exporter", "product"]
    value = rows.set_index(keys)["counterfactual"]
    frame = base.frame.set_index(keys)
    frame["value_usd_mn"] = value
    return tk.Baseline.from_frame(
        frame.reset_index()[[*keys, "value_usd_mn", "applied_rate"]]
    )


@pytest.mark.parametrize("missing", [False, True])
def test_a_year_made_by_the_model_leaves_nothing_unexplained(missing):
    """A lever that is left out is found again as the unexplained part."""
    base, model = both_ways(), tk.Armington(3.0, -0.8, 4.0)
    cut = tk.TariffCut(importer="RUS", exporter="IND", to=0.0)
    dearer = tk.PriceChange(importer="IND", exporter="RUS", products="31", by=0.1)
    deal = tk.Scenario("truth", [cut, dearer])
    after = of_result(model.solve(base, deal, horizon="short"), base)
    steps = {"duty": [cut]} if missing else {"duty": [cut], "price": [dearer]}
    left = tk.backcast(model, base, after, steps).table().loc["unexplained"]
    alone = model.solve(base, tk.Scenario("x", [dearer]), horizon="short").balance()
    due = alone["change"] * missing
    assert left["exports"] == pytest.approx(0.0, abs=1e-9)
    assert left["imports"] == pytest.approx(due["imports"], abs=1e-9)


def test_steps_are_needed_for_other_years_and_one_pair(years):
    with pytest.raises(ValueError, match="Give steps"):
        tk.backcast(MODEL, both_ways(), both_ways())
    other = baseline(("IND", "USA", "31", 1.0, 0.1), partner="USA")
    with pytest.raises(ValueError, match="different pairs"):
        tk.backcast(MODEL, years[0], other)
    with pytest.raises(ValueError, match="cannot be called"):
        tk.backcast(MODEL, *years, {"unexplained": []})


def test_no_steps_leave_all_unexplained(years):
    table = tk.backcast(MODEL, *years, {}).table()
    pd.testing.assert_series_equal(
        table.loc["unexplained"], table.loc["official change"], check_names=False
    )
