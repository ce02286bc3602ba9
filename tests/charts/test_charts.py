"""Charts show the result's numbers, say what they show, and draw offline."""

import base64
import re

import altair as alt
import numpy as np
import pandas as pd
import pytest
import vl_convert

import toolkit as tk
from toolkit import charts, display
from toolkit.charts import renderer
from toolkit.charts.waterfalls import TOTAL

OLDEST = "5.8"  # the oldest Vega-Lite vl-convert brings; JupyterLab draws with 5.6
BN = 1e-3
GROUPS = {"30": "Medicines", "84": "Machinery", "31": "Fertiliser"}


@pytest.fixture(scope="module")
def base():
    rows = [
        ("RUS", "IND", "30", 400.0, 0.06),
        ("RUS", "ROW", "30", 9000.0, 0.06),
        ("RUS", "IND", "8471", 900.0, 0.05),
        ("RUS", "ROW", "8471", 20000.0, 0.05),
        ("RUS", "IND", "8413", 200.0, 0.05),
        ("RUS", "ROW", "8413", 5000.0, 0.05),
        ("IND", "RUS", "31", 1800.0, 0.055),
        ("IND", "ROW", "31", 7000.0, 0.055),
        ("IND", "RUS", "2709", 50000.0, 0.0),
        ("IND", "ROW", "2709", 90000.0, 0.0),
    ]
    columns = ["importer", "exporter", "product", "value_usd_mn", "applied_rate"]
    frame = pd.DataFrame(rows, columns=columns)
    return tk.Baseline.from_frame(
        frame, year="2024", source="Made by hand", names={"30": "Medicines"}
    )


@pytest.fixture(scope="module")
def deal():
    both = (
        {"importer": "RUS", "exporter": "IND"},
        {"importer": "IND", "exporter": "RUS"},
    )
    cuts = [tk.TariffCut(**pair, products="", to=0.0) for pair in both]
    return tk.Scenario("Duty free", cuts)


@pytest.fixture(scope="module")
def result(base, deal):
    return tk.Armington().solve(base, deal)


@pytest.fixture(scope="module")
def still(base):
    return tk.Armington().solve(base, tk.Scenario("Nothing", []))


def attribution(result):
    change = result.balance()["change"]
    return pd.DataFrame(
        {
            "lever": ["Russia's duties", "India's duties"],
            "exports": [change["exports"], 0.0],
            "imports": [0.0, change["imports"]],
        }
    )


def rows_of(chart, column):
    """Return the data set of a chart that has the column."""
    sets = chart.to_dict()["datasets"].values()
    (found,) = [rows for rows in sets if column in rows[0]]
    return pd.DataFrame(found)


def svg(chart):
    version = renderer.alt.SCHEMA_VERSION.removeprefix("v")[:3]
    return vl_convert.vegalite_to_svg(chart.to_dict(), vl_version=version)


def texts(chart):
    return re.findall(r"<text[^>]*>([^<]+)</text>", svg(chart))


# The rows behind the charts


@pytest.mark.parametrize("by", ["chapter", "product", GROUPS], ids=str)
def test_flows_add_up_to_the_balance(result, by):
    sums = charts.flows(result, by).groupby("flow")[["baseline", "change"]].sum()
    wanted = result.balance().loc[["exports", "imports"], ["baseline", "change"]] * BN
    np.testing.assert_allclose(sums.to_numpy(), wanted.to_numpy(float), atol=1e-5)


def test_chapters_join_their_products_and_carry_the_code(result):
    table = charts.flows(result)
    row = table[table["label"] == "HS 84"].iloc[0]
    assert row["baseline"] == pytest.approx(1.1)
    assert "Medicines (30)" in set(table["label"])


def test_products_a_mapping_does_not_name_are_all_other(result):
    table = charts.flows(result, GROUPS).set_index(["flow", "label"])
    assert table.loc[("imports", "All other"), "baseline"] == pytest.approx(50.0)


def test_more_imports_take_from_the_balance(result):
    table = charts.flows(result).set_index("label")
    assert table.loc["HS 31", "change"] > 0
    assert table.loc["HS 31", "effect"] == -table.loc["HS 31", "change"]


def test_unknown_grouping_is_refused(result):
    with pytest.raises(ValueError, match="'chapter', 'product' or a mapping"):
        charts.flows(result, "chapters")


# The waterfall


@pytest.mark.parametrize("by", ["chapter", "product", "lever", GROUPS], ids=str)
def test_waterfall_steps_lead_from_nothing_to_the_change(result, by):
    levers = attribution(result) if by == "lever" else None
    bars = rows_of(charts.waterfall(result, by, attribution=levers), "start")
    steps, total = bars.iloc[:-1], bars.iloc[-1]
    change = result.balance().loc["balance", "change"] * BN
    assert total["step"] == TOTAL
    assert total["end"] == pytest.approx(change, abs=1e-6)
    assert steps["start"].tolist() == [0.0, *steps["end"].iloc[:-1]]
    assert steps["end"].iloc[-1] == pytest.approx(change, abs=0.005)
    assert (steps["flow"] == "exports").tolist() == sorted(
        steps["flow"] == "exports", reverse=True
    )


def test_waterfall_keeps_the_largest_and_sums_the_rest(base, deal):
    full = tk.Armington().solve(tk.load_baseline("2024-25"), deal)
    bars = rows_of(charts.waterfall(full, top=3), "start")
    exports = bars[bars["flow"] == "exports"]
    assert len(exports) == 4
    assert exports["step"].iloc[-1] == "All other, exports"
    change = full.balance().loc["exports", "change"] * BN
    assert exports["effect"].sum() == pytest.approx(change, abs=1e-5)


def test_waterfall_says_whether_the_deficit_narrows(result, base):
    helped = tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)
    other = tk.Armington().solve(base, tk.Scenario("Medicines", [helped]))
    assert "deficit narrows by" in charts.waterfall(other).to_dict()["title"]["text"]
    hurt = tk.TariffCut(importer="IND", exporter="RUS", products="31", to=0.0)
    other = tk.Armington().solve(base, tk.Scenario("Fertiliser", [hurt]))
    assert "deficit widens by" in charts.waterfall(other).to_dict()["title"]["text"]


def test_waterfall_of_nothing_is_one_empty_bar(still):
    chart = charts.waterfall(still)
    assert len(rows_of(chart, "start")) == 1
    assert "stays at" in chart.to_dict()["title"]["text"]


def test_levers_need_an_attribution_that_adds_up(result):
    with pytest.raises(ValueError, match="needs attribution="):
        charts.waterfall(result, by="lever")
    wrong = attribution(result).assign(imports=[0.0, 1.0])
    with pytest.raises(ValueError, match="imports add up to"):
        charts.waterfall(result, by="lever", attribution=wrong)
    with pytest.raises(ValueError, match=r"lacks the columns \['imports'\]"):
        charts.waterfall(result, by="lever", attribution=wrong.drop(columns="imports"))


def test_headline_and_total_round_alike(result):
    """A half in the third decimal goes the same way in the title and the bar."""
    for value in (1.315, -1.315, np.float64(1.315), np.float64(-1.315)):
        assert display.number(abs(value)) == display.number(value).lstrip(display.MINUS)


# Bars


def test_by_chapter_has_both_directions_before_and_after(result):
    sets = charts.by_chapter(result).to_dict()["datasets"].values()
    table = pd.concat([pd.DataFrame(rows) for rows in sets])
    sums = table.groupby("flow")[["baseline", "counterfactual"]].sum()
    wanted = result.balance().loc[["exports", "imports"]] * BN
    for column in sums:
        np.testing.assert_allclose(
            sums[column], wanted[column].astype(float), atol=1e-5
        )


def test_balance_chart_prints_the_three_figures(result):
    found = rows_of(charts.balance(result), "at")
    wanted = result.balance()["counterfactual"] * BN
    shown = [display.number(x) for x in wanted]
    assert [text.split(" ")[0] for text in found["text"]] == shown
    assert found["flow"].tolist() == ["exports", "imports", "balance"]


# History


def years(**columns):
    table = {"year": ["2022-23", "2023-24"], "flow": "imports"}
    return pd.DataFrame({**table, "value_usd_mn": [46000.0, 61000.0], **columns})


def test_history_draws_bn_and_labels_the_last_year():
    drawn = texts(charts.history(years(), source="Someone, 2024"))
    assert "Imports 61.00" in drawn


def test_history_labels_of_two_publishers_do_not_touch():
    mirror = years(series="Partner", value_usd_mn=[45000.0, 60900.0])
    both = pd.concat([years(series="India"), mirror])
    ends = rows_of(charts.history(both), "label_at")
    apart = np.diff(np.sort(ends["label_at"]))
    assert (apart >= 61.0 * 16 / 280 - 1e-6).all()


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (years().drop(columns="flow"), "lacks the columns"),
        (years(flow="import"), "flow must be one of"),
        (years(year="2022-23"), "Years occur twice"),
    ],
)
def test_history_refuses_bad_frames(frame, message):
    with pytest.raises(ValueError, match=message):
        charts.history(frame)


def test_answers_print_the_change_and_its_range(result, still):
    chart = charts.answers({"Free": result, "Nothing": still}, title="Which?")
    ends = result.range().loc["balance"] * BN
    said = [display.number(ends[name], sign=True) for name in ("central", "least")]
    assert any(text.startswith(f"{said[0]} ({said[1]} to ") for text in texts(chart))
    assert "0.00" in texts(chart)
    with pytest.raises(ValueError, match="no result"):
        charts.answers([], title="Which?")
    with pytest.raises(ValueError, match="'deficit'"):
        charts.answers([result], title="Which?", flow="deficit")


# All charts

ALL = {
    "waterfall": lambda r: charts.waterfall(r),
    "levers": lambda r: charts.waterfall(r, "lever", attribution=attribution(r)),
    "by_chapter": lambda r: charts.by_chapter(r),
    "balance": lambda r: charts.balance(r),
    "answers": lambda r: charts.answers([r], title="What would it do?"),
    "history": lambda r: charts.history(years(), source="Made by hand"),
}


@pytest.mark.parametrize("name", ALL)
def test_chart_says_what_it_shows(result, name):
    spec = ALL[name](result).to_dict()
    assert spec["title"]["text"]
    assert "US$ bn" in spec["title"]["subtitle"]
    assert "Made by hand" in spec["vconcat"][0]["title"]["text"]
    assert len(spec["description"]) > 20
    assert '"tooltip"' in str(spec).replace("'", '"')


@pytest.mark.parametrize("name", ALL)
def test_chart_draws_alike_in_old_and_new_vega_lite(result, name):
    spec = ALL[name](result).to_dict()
    old = vl_convert.vegalite_to_svg(spec, vl_version=OLDEST)
    words = re.findall(r"<text[^>]*>([^<]+)</text>", old)
    assert words == texts(ALL[name](result))


@pytest.mark.parametrize("name", ALL)
def test_stored_numbers_are_rounded(result, name):
    spec = ALL[name](result).to_dict()
    sets = [row for rows in spec["datasets"].values() for row in rows]
    values = [x for row in sets for x in row.values() if isinstance(x, float)]
    assert all(x == round(x, 6) for x in values)
    assert values


def test_bundle_is_drawn_offline_and_by_readers_without_vega(result):
    spec = charts.waterfall(result).to_dict()
    data, metadata = charts.bundle(spec)
    assert set(data) == {renderer.MIME, "image/png", "text/plain"}
    assert base64.b64decode(data["image/png"])[:4] == b"\x89PNG"
    assert data[renderer.MIME]["$schema"].endswith("vega-lite/v5.json")
    assert spec["$schema"].endswith(".json")
    assert "v5" not in spec["$schema"], "the caller's specification is not changed"
    assert data["text/plain"].startswith("<Chart: Waterfall in US$ bn.")
    assert metadata[renderer.MIME]["embed_options"]["actions"] is False


def test_enabling_returns_nothing_and_changes_only_the_renderer(result):
    before = alt.theme.active
    assert charts.enable_renderer() is None
    assert alt.renderers.active == "toolkit"
    assert alt.theme.active == before
    shown, _ = charts.waterfall(result)._repr_mimebundle_()
    assert renderer.MIME in shown
