"""From readings to a baseline: the bundled figures again, every row accounted for."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from makers import NOTHING, chapters, flows, rates, tradestat_page
from toolkit import datasets
from toolkit.assembly import flows as joining

TENTH = 0.1  # US$ mn, the tolerance of the totals
FLAT = rates(("IND", "", "31", 0.05), ("RUS", "", "30", 0.03))


def cell(base, importer, exporter, product):
    keys = ["importer", "exporter", "product"]
    return base.frame.set_index(keys).loc[(importer, exporter, product)]


@pytest.mark.parametrize("year", ["2024-25", "2025-26"])
def test_the_bundled_chapters_from_the_files_they_come_from(tmp_path, year):
    """TRADESTAT's pages, a mirror table and the duties give the bundled chapters."""
    sources = []
    for flow, name in (("import", "RUSSIA"), ("export", "RUSSIA"), ("import", "WORLD")):
        code = {"RUSSIA": "RUS", "WORLD": "WLD"}[name]
        path = tmp_path / f"{flow}_{code}.xls"
        tradestat_page(path, flow, name, year, chapters(flow, code, year))
        sources.append(tk.sources.tradestat.read(path))
    market = datasets.load("russia_market").query("year == @year")
    market = market[market["product"].str.len() == 2]
    path = tmp_path / "market.csv"
    market.to_csv(path, index=False)
    sources.append(
        tk.sources.own.read(
            path,
            {"product": "product", "value": "value_usd_mn"},
            constants={"importer": "RUS", "exporter": "WLD", "year": year},
            source="MGIMO",
        )
    )
    base = tk.build_baseline(
        year=year,
        sources=sources,
        missing_rate=0.1,
        official={"exports": 4881.3, "imports": 63811.4},
    )
    bundled = tk.load_baseline(year)
    for importer, exporter in (("RUS", "IND"), ("IND", "RUS"), ("IND", "ROW")):

        def by_chapter(one, importer=importer, exporter=exporter):
            frame = one.frame.query("importer == @importer")
            frame = frame[
                (frame["exporter"] == exporter)
                if exporter != "ROW"
                else ~frame["exporter"].isin(["IND", "RUS"])
            ]
            return frame.groupby(frame["product"].str[:2])["value_usd_mn"].sum()

        mine, theirs = by_chapter(base), by_chapter(bundled)
        gap = mine.sub(theirs, fill_value=0.0).abs()
        assert gap.max() < TENTH, (importer, exporter, gap.idxmax())
    balance = bundled.balance().to_dict()
    assert base.balance().to_dict() == pytest.approx(balance, abs=TENTH)
    report = tk.build_report(base)
    assert report.rows_in == report.rows["rows"].sum()
    assert set(report.imputed["applied_rate"]) == {0.1}


def test_the_report_of_the_bundled_baselines():
    for year, exports, imports in (
        ("2024-25", 4881.3, 63811.4),
        ("2025-26", 4493.5, 55369.6),
    ):
        report = tk.build_report(tk.load_baseline(year))
        assert report.totals["official"].to_dict() == {
            "exports": exports,
            "imports": imports,
        }
        assert report.totals["distance"].abs().max() < TENTH
        assert report.rows_in == report.rows_used == len(tk.load_baseline(year).frame)
        sums = report.status.sum(axis=1)
        np.testing.assert_allclose(sums, 1.0, atol=1e-9)
        for piece in ("Build report", "official", "Duties imputed"):
            assert piece in repr(report)
        assert "<table" in report._repr_html_()


def test_every_bundled_baseline_says_how_its_duties_are_known():
    world = tk.load_baseline("world-2023")
    assert "not stated" not in tk.status_line(world)
    assert "their duties 100 % derived" in tk.status_line(world)
    status = world.frame.set_index(["importer", "exporter"])["rate_status"]
    assert status["USA", "CHN"] == "assumed"
    assert status["IND", "IND"] == "official"
    for level in ("chapter", "heading"):
        assert "not stated" not in tk.status_line(tk.load_baseline(level=level))


def test_the_line_under_a_headline():
    line = tk.status_line(tk.load_baseline("2024-25"))
    assert line.startswith("By value: exports 94 % official")
    assert "imports 92 % derived, 4 % official, 4 % assumed" in line
    assert "\n" not in line


def test_the_reporters_own_figure_comes_first_the_mirror_beside():
    mine = flows(("IND", "RUS", "31", 100.0, "IND"), ("RUS", "IND", "30", 40.0, "IND"))
    theirs = flows(
        ("IND", "RUS", "31", 80.0, "RUS"),
        ("RUS", "IND", "30", 50.0, "RUS"),
        ("RUS", "DEU", "30", 60.0, "DEU"),
        source="Other",
    )
    base = tk.build_baseline(year=2023, sources=[theirs, mine, FLAT])
    assert cell(base, "IND", "RUS", "31").value_usd_mn == 100
    assert cell(base, "IND", "RUS", "31").mirror_usd_mn == 80
    assert cell(base, "IND", "RUS", "31").discrepancy == pytest.approx(-0.2)
    sold = cell(base, "RUS", "IND", "30")
    assert (sold.value_usd_mn, sold.mirror_usd_mn) == (40, 50)
    rival = cell(base, "RUS", "DEU", "30")
    assert (rival.status, rival.basis) == ("mirror", "FOB")
    assert np.isnan(rival.mirror_usd_mn)
    fate = tk.build_report(base).rows.set_index(["source", "fate"])["rows"]
    assert fate["Other", "kept beside as the other report"] == 2
    assert fate["Made", "used"] == 2


def test_the_rest_of_the_world_is_what_is_left():
    made = flows(
        ("IND", "RUS", "31", 100.0, "IND"),
        ("IND", "MAR", "31", 50.0, "IND"),
        ("IND", "WLD", "31", 400.0, "IND"),
        ("RUS", "IND", "30", 40.0, "IND"),
        ("RUS", "WLD", "30", 30.0, "RUS"),
    )
    base = tk.build_baseline(year=2023, sources=[made, FLAT])
    assert cell(base, "IND", "ROW", "31").value_usd_mn == 250
    assert cell(base, "IND", "ROW", "31").status == "derived"
    assert ("RUS", "ROW") not in set(
        base.frame[["importer", "exporter"]].itertuples(index=False)
    )
    excess = tk.build_report(base).excess
    assert excess[["importer", "product"]].to_numpy().tolist() == [["RUS", "30"]]
    assert excess["excess_usd_mn"].tolist() == [10.0]
    assert cell(base, "IND", "RUS", "31").kilotonnes == 50


def test_small_competitors_stand_together():
    rows = [("IND", f"A{c}A", "31", float(n), "IND") for n, c in enumerate("BCDEF", 1)]
    made = flows(
        *rows, ("IND", "RUS", "31", 0.5, "IND"), ("IND", "WLD", "31", 20.0, "IND")
    )
    base = tk.build_baseline(year=2023, sources=[made, FLAT], suppliers=2)
    sold = base.suppliers("IND", "31")["value_usd_mn"].to_dict()
    assert sold == {"AFA": 5.0, "AEA": 4.0, "RUS": 0.5, "ROW": 10.5}


def test_finer_codes_are_added_up_and_never_twice():
    made = flows(
        ("IND", "RUS", "310210", 60.0, "IND"),
        ("IND", "RUS", "310420", 40.0, "IND"),
        ("IND", "CHN", "31", 10.0, "IND"),
        ("IND", "CHN", "310210", 9.0, "IND"),
    )
    base = tk.build_baseline(year=2023, sources=[made, FLAT])
    assert cell(base, "IND", "RUS", "31").value_usd_mn == 100
    assert cell(base, "IND", "CHN", "31").value_usd_mn == 10
    fate = tk.build_report(base).rows.set_index("fate")["rows"]
    assert fate["parts of codes that are there"] == 1
    fine = tk.build_baseline(year=2023, sources=[made, FLAT], level=6)
    assert cell(fine, "IND", "CHN", "310210").value_usd_mn == 9
    fate = tk.build_report(fine).rows.set_index("fate")["rows"]
    assert fate["coarser than HS6"] == 1


def test_duties_weigh_what_each_supplier_sells():
    made = flows(
        ("IND", "RUS", "310210", 90.0, "IND"),
        ("IND", "RUS", "310420", 10.0, "IND"),
        ("IND", "CHN", "310420", 50.0, "IND"),
        ("IND", "DEU", "310530", 5.0, "IND"),
    )
    lines = rates(
        ("IND", "", "310210", 0.05),
        ("IND", "", "310420", 0.025),
        ("IND", "CHN", "310420", 0.01),
        ("IND", "", "310590", 0.10),
    )
    base = tk.build_baseline(year=2023, sources=[made, lines])
    assert cell(base, "IND", "RUS", "31").applied_rate == pytest.approx(0.0475)
    assert cell(base, "IND", "RUS", "31").rate_status == "derived"
    assert cell(base, "IND", "CHN", "31").applied_rate == pytest.approx(0.01)
    market = (90 * 0.05 + 10 * 0.025 + 50 * 0.01) / 150
    assert cell(base, "IND", "DEU", "31").applied_rate == pytest.approx(market)
    fine = tk.build_baseline(year=2023, sources=[made, lines], level=6)
    assert cell(fine, "IND", "RUS", "310420").applied_rate == 0.025
    assert cell(fine, "IND", "RUS", "310420").rate_status == "official"
    near = cell(fine, "IND", "DEU", "310530")
    assert near.applied_rate == pytest.approx(0.10), "the heading's only line"
    assert near.rate_status == "assumed"
    imputed = tk.build_report(fine).imputed
    assert imputed["product"].tolist() == ["310530"]


def test_a_flow_without_any_duty_is_refused_or_said():
    made = flows(("IND", "RUS", "27", 100.0, "IND"), ("RUS", "IND", "30", 4.0, "IND"))
    with pytest.raises(ValueError, match=r"1 flows have no duty.*'27'.*missing_rate"):
        tk.build_baseline(year=2023, sources=[made, FLAT])
    base = tk.build_baseline(year=2023, sources=[made, FLAT], missing_rate=0.025)
    assert cell(base, "IND", "RUS", "27").rate_how == "missing_rate"
    assert tk.build_report(base).imputed["product"].tolist() == ["27"]


def test_the_tariff_year_is_the_last_one_not_later():
    made = flows(("IND", "RUS", "31", 100.0, "IND"))
    old, new, late = (
        rates(("IND", "", "31", rate), year=year)
        for rate, year in ((0.1, "2020"), (0.2, "2022"), (0.3, "2025"))
    )
    merged = pd.concat([old.frame, new.frame, late.frame], ignore_index=True)
    held = type(old)("D", "rates", merged, NOTHING, 3, "d.csv", "0" * 64)
    base = tk.build_baseline(year=2023, sources=[made, held])
    assert cell(base, "IND", "RUS", "31").applied_rate == 0.2


def test_revisions_need_a_table_and_follow_it(tmp_path):
    made = flows(
        ("IND", "RUS", "300490", 8.0, "IND"), ("IND", "RUS", "310210", 1.0, "IND")
    )
    older = flows(
        ("IND", "DEU", "300490", 100.0, "IND"),
        ("IND", "DEU", "310210", 7.0, "IND"),
        revision="HS2017",
        source="Old",
    )
    duty = rates(("IND", "", "30", 0.1), ("IND", "", "31", 0.05))
    with pytest.raises(
        ValueError, match=r"in HS2017, the baseline is in HS2022.*Statistics"
    ):
        tk.build_baseline(year=2023, sources=[made, older, duty], level=6)
    path = tmp_path / "table.csv"
    path.write_text("old17;new22;w\n300490;300490;0.75\n300490;300499;0.25\n")
    names = {"HS2017": "old17", "HS2022": "new22"}
    shares = tk.Concordance.read(path, {**names, "share": "w"})
    base = tk.build_baseline(
        year=2023, sources=[made, older, duty], level=6, concordances=[shares]
    )
    assert cell(base, "IND", "DEU", "300490").value_usd_mn == 75
    assert cell(base, "IND", "DEU", "300499").value_usd_mn == 25
    assert cell(base, "IND", "DEU", "300499").status == "assumed"
    assert cell(base, "IND", "DEU", "310210").value_usd_mn == 7, "unchanged codes stay"
    even = tk.Concordance.read(path, names)
    split = tk.build_baseline(
        year=2023, sources=[made, older, duty], level=6, concordances=[even]
    )
    assert cell(split, "IND", "DEU", "300499").value_usd_mn == 50
    assert any("evenly" in note for note in tk.build_report(split).notes)
    chapter = tk.build_baseline(year=2023, sources=[made, older, duty])
    assert any("chapters of HS2017" in note for note in tk.build_report(chapter).notes)
    path.write_text("old17;new22;w\n300490;300490;0.75\n300490;300499;0.5\n")
    with pytest.raises(ValueError, match=r"shares of 300490 add up to 1.25"):
        tk.Concordance.read(path, {**names, "share": "w"})


def test_a_baseline_of_another_pair_solves():
    made = flows(
        ("VNM", "KOR", "85", 100.0, "VNM"),
        ("VNM", "WLD", "85", 300.0, "VNM"),
        ("KOR", "VNM", "64", 50.0, "KOR"),
        ("KOR", "CHN", "64", 70.0, "KOR"),
    )
    duty = rates(
        ("VNM", "", "85", 0.08), ("KOR", "", "64", 0.13), ("KOR", "VNM", "64", 0.0)
    )
    base = tk.build_baseline("VNM", "KOR", 2023, [made, duty])
    assert base.balance().to_dict() == {
        "exports": 50.0,
        "imports": 100.0,
        "balance": -50.0,
    }
    assert cell(base, "KOR", "VNM", "64").applied_rate == 0.0
    cut = tk.TariffCut(importer="VNM", exporter="KOR", to=0.0)
    result = tk.Armington().solve(base, tk.Scenario("cut", [cut]))
    assert result.check()["holds"].all()
    assert result.balance().loc["imports", "change"] > 0


def test_what_cannot_be_built_is_said():
    made = flows(("IND", "RUS", "31", 100.0, "IND"))
    with pytest.raises(ValueError, match=r"no flow of 2019.*years there: 2023"):
        tk.build_baseline(year=2019, sources=[made, FLAT])
    with pytest.raises(ValueError, match="hold no flows"):
        tk.build_baseline(year=2023, sources=[FLAT])
    with pytest.raises(ValueError, match=r"readings of tk\.sources, not str"):
        tk.build_baseline(year=2023, sources=[["a.csv"]])
    with pytest.raises(ValueError, match=r"without a year \(give year=.*there: 2023"):
        tk.build_baseline(sources=[made, FLAT])
    for wrong in (None, made):
        with pytest.raises(ValueError, match=r"list of readings.*\[flows, rates\]"):
            tk.build_baseline(year=2023, sources=wrong)
    with pytest.raises(ValueError, match="known by HS6, all are coarser"):
        tk.build_baseline(year=2023, sources=[made, FLAT], level=6)
    with pytest.raises(ValueError, match="suppliers -1"):
        tk.build_baseline(year=2023, sources=[made, FLAT], suppliers=-1)
    with pytest.raises(ValueError, match="level 5"):
        tk.build_baseline(year=2023, sources=[made, FLAT], level=5)


def test_better_duties_in_one_call():
    base = tk.load_baseline("2024-25")
    lines = rates(
        ("IND", "", "310210", 0.0),
        ("IND", "", "310221", 0.3),
        ("IND", "", "84", 0.06),
        ("IND", "RUS", "84", 0.01),
    )
    better = tk.with_rates(base, lines)
    assert cell(better, "IND", "RUS", "310210").applied_rate == 0.0
    assert cell(better, "IND", "RUS", "84").applied_rate == 0.01
    assert cell(better, "IND", "CHN", "84").applied_rate == 0.06
    assert cell(better, "IND", "CHN", "84").rate_status == "official"
    same = cell(better, "RUS", "IND", "30")
    assert same.applied_rate == cell(base, "RUS", "IND", "30").applied_rate
    assert better.balance().to_dict() == base.balance().to_dict()
    assert "duties: Duties" in better.source_line
    assert "Duties" not in base.source_line
    with pytest.raises(ValueError, match="hold no rates of IND or RUS"):
        tk.with_rates(base, rates(("USA", "", "84", 0.1)))


CODES = ("30", "3004", "300490", "300410", "31", "310210", "9999")
COUNTRIES = ("IND", "RUS", "CHN", "DEU", "WLD")
ROW = st.tuples(
    st.sampled_from(COUNTRIES[:4]),
    st.sampled_from(COUNTRIES),
    st.sampled_from(CODES),
    st.floats(0.01, 1e4),
    st.sampled_from(["IND", "RUS", "CHN", ""]),
    st.sampled_from(["2022", "2023", ""]),
)


@st.composite
def many(draw):
    readings = []
    for at in range(draw(st.integers(1, 3))):
        rows = draw(
            st.lists(ROW, min_size=1, max_size=25, unique_by=lambda r: r[:3] + r[4:])
        )
        lost = NOTHING
        if draw(st.booleans()):
            lost = pd.DataFrame([("bad", 3, 1.0, 2)], columns=NOTHING.columns)
        made = flows(*(row[:5] for row in rows), source=f"S{at}", dropped=lost)
        made.frame["year"] = [row[5] for row in rows]
        readings.append(made)
    return readings


@given(many(), st.sampled_from([2, 4, 6]), st.sampled_from([None, 1]))
def test_every_row_in_is_a_row_out(readings, level, most):
    sure = flows(
        ("IND", "RUS", "310210", 1.0, "IND"), ("RUS", "IND", "300490", 1.0, "IND")
    )
    held = [sure, *readings, rates(("IND", "", "30", 0.1), ("FRA", "", "30", 0.2))]
    base = tk.build_baseline(
        year=2023, sources=held, level=level, missing_rate=0.05, suppliers=most
    )
    report = tk.build_report(base)
    assert report.rows_in == sum(reading.rows for reading in held)
    by_file = report.rows.groupby("file")["rows"].sum()
    assert by_file.to_dict() == {
        path: sum(r.rows for r in held if r.path == path)
        for path in {r.path for r in held}
    }
    used = report.rows.query("fate == 'used' and kind == 'flows'")["value_usd_mn"].sum()
    frame = base.frame
    markets = frame.groupby(["importer", "product"])["value_usd_mn"].sum().sum()
    excess = report.excess["excess_usd_mn"].sum()
    totals = used - frame["value_usd_mn"].sum()
    assert markets == pytest.approx(frame["value_usd_mn"].sum())
    assert totals + 1e-6 >= -excess, "no value comes from nowhere"


def test_a_planted_loss_is_noticed(monkeypatch):
    """A step that drops rows without an account is an error, not a smaller market."""
    real = joining.at_level

    def losing(rows, account, level):
        return real(rows, account, level).iloc[1:]

    monkeypatch.setattr(joining, "at_level", losing)
    made = flows(("IND", "RUS", "31", 100.0, "IND"), ("IND", "CHN", "31", 1.0, "IND"))
    with pytest.raises(AssertionError, match="2 rows in, 1 accounted for"):
        tk.build_baseline(year=2023, sources=[made, FLAT])


def test_an_assumed_schedule_stays_assumed():
    made = flows(("IND", "RUS", "31", 100.0, "IND"), ("RUS", "IND", "30", 5.0, "IND"))
    weak = rates(("IND", "", "31", 0.05), ("RUS", "", "3004", 0.03))
    weak.frame["status"] = ["assumed", "official"]
    base = tk.build_baseline(year=2023, sources=[made, weak])
    assert cell(base, "IND", "RUS", "31").rate_status == "assumed"
    assert cell(base, "RUS", "IND", "30").rate_status == "derived"


def test_a_preference_is_a_margin_on_the_mfn_duty():
    made = flows(
        ("IND", "RUS", "310210", 100.0, "IND"), ("IND", "CHN", "310210", 50.0, "IND")
    )
    duty = rates(("IND", "", "310210", 0.05), ("IND", "CHN", "310210", 0.01))
    base = tk.build_baseline(year=2023, sources=[made, duty])
    assert cell(base, "IND", "CHN", "31").mfn_rate == 0.05
    assert cell(base, "IND", "CHN", "31").applied_rate == 0.01
    assert cell(base, "IND", "RUS", "31").mfn_rate == 0.05
    old = tk.load_baseline("2024-25")
    better = tk.with_rates(
        old, rates(("IND", "", "84", 0.06), ("IND", "CHN", "84", 0.03))
    )
    assert cell(better, "IND", "CHN", "84").mfn_rate == 0.06
    assert cell(better, "IND", "CHN", "84").statutory_rate == 0.06
