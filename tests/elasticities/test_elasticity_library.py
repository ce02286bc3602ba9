"""The library of published values: figures as printed, concepts apart, choices."""

import itertools
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from toolkit import datasets, estimation
from toolkit.elasticities import (
    CONCEPTS,
    choose,
    convert,
    describe,
    library,
    lookup,
    path,
)
from toolkit.elasticities.lookup import default_spread, default_values, prefixes
from toolkit.models.parameters import resolve

UNUSABLE = ["26", "27", "28", "29", "30", "31", "71"]


@pytest.fixture(scope="module")
def table():
    return library()


def only(table, **wanted):
    hit = np.logical_and.reduce([table[c] == v for c, v in wanted.items()])
    assert hit.sum() == 1, wanted
    return table[hit].iloc[0]


# Figures as their sources print them

PRINTED = {
    ("protee", "tariff_elasticity", "31", "", "long run"): -19.2623,
    ("protee", "tariff_elasticity", "310210", "", "long run"): -16.4731,
    ("protee", "tariff_elasticity", "", "", "long run"): -7.89,
    ("broda_weinstein", "substitution", "31", "IND", "long run"): 2.2597,
    ("broda_weinstein", "substitution", "31", "", "long run"): 2.6533,
    ("broda_weinstein", "substitution", "", "IND", "long run"): 3.742,
    ("broda_weinstein_cee", "substitution", "27", "RUS", "long run"): 3.4785,
    ("boehm", "tariff_elasticity", "", "", "short run"): -0.76,
    ("boehm", "tariff_elasticity", "", "", "long run"): -2.0,
    ("bajzik", "substitution", "", "", "long run"): 3.8,
    ("simonovska_waugh", "trade_elasticity", "", "", "long run"): 4.0,
    ("impex", "substitution", "", "", "long run"): 2.705,
    ("impex", "export_supply", "", "", "long run"): 1.522,
    ("shaw", "import_demand", "2710", "IND", "short run"): -0.189,
    ("shaw", "import_demand", "2710", "IND", "long run"): -0.418,
}


@pytest.mark.parametrize("key", PRINTED)
def test_figures_are_the_printed_ones(table, key):
    columns = ("key", "concept", "product", "importer", "horizon")
    row = only(table, **dict(zip(columns, key, strict=True)))
    assert row.value == pytest.approx(PRINTED[key], abs=5e-5)


def test_standard_errors_where_published(table):
    rows = table[table["key"] == "ignatenko"].set_index("sample")
    assert sorted(rows.std_error) == [0.17, 0.529, 2.198]
    spread = table[table["key"] == "protee"]
    assert spread.std_error.isna().all()  # the file has no estimation errors


def test_the_table_is_whole(table):
    assert set(table.concept) == set(CONCEPTS)
    sign = table.concept.map(
        {
            "import_demand": -1,
            "tariff_elasticity": -1,
            "substitution": 1,
            "export_supply": 1,
            "trade_elasticity": 1,
        }
    )
    known = table.value.notna()
    assert (table.value[known] * sign[known] > 0).all()
    assert table.value[~known].index.equals(table.index[table.status == "not found"])
    ranged = table[table.low.notna()]
    assert (ranged.low <= ranged.value).all()
    assert (ranged.value <= ranged.high).all()
    assert (ranged.interval_kind != "").all()
    assert (table.source != "").all()
    assert (table.licence != "").all()
    identity = ["key", "concept", "product", "importer", "horizon", "sample"]
    assert not table.duplicated(identity).any()


def test_unusable_chapters_are_flagged_with_the_reason(table):
    protee = table[(table["key"] == "protee") & (table["product"] != "")]
    flagged = protee[~protee.usable]
    assert set(flagged["product"].str[:2]) == set(UNUSABLE)
    assert protee[protee["product"].str[:2].isin(UNUSABLE)].usable.sum() == 0
    assert flagged.note.str.contains("near-zero tariffs").all()


def test_files_without_licence_are_quoted_not_copied(table):
    for key, most in (("hauk", 2), ("caliendo_parro", 6)):
        rows = table[table["key"] == key]
        assert len(rows) <= most
        assert (rows.licence == "citation only").all()


# choose


def test_choose_leaves_the_unusable_out():
    values = choose(concept="tariff_elasticity", source="protee")
    assert not {"31", "310210", "27"} & set(values.index)
    assert values["02"] == pytest.approx(-6.864)
    everything = choose(concept="tariff_elasticity", source="protee", unusable=True)
    assert everything["31"] == pytest.approx(-19.2623)
    assert values.index.name == "product"
    assert "ProTEE" in values.attrs["source"]


def test_the_importers_own_value_comes_first():
    india = choose(source="broda_weinstein", importer="IND")
    everyone = choose(source="broda_weinstein")
    assert india["31"] == pytest.approx(2.2597)
    assert everyone["31"] == pytest.approx(2.6533)
    assert india["01"] == everyone["01"]  # India was not estimated there
    assert india["03"] == everyone["03"]  # India's 131.5 is not usable
    assert india.index.is_unique


def test_short_run_is_published_or_said_to_be_assumed():
    short = choose(concept="tariff_elasticity", source="boehm", horizon="short")
    assert short[""] == -0.76
    assert short.attrs["assumed"] == ""
    guessed = choose(source="bajzik", horizon="short")
    assert guessed[""] == pytest.approx(0.38 * 3.8)
    assert "short run assumed: 0.38" in guessed.attrs["assumed"]


def test_models_take_a_choice():
    baseline = tk.load_baseline("2024-25")
    deal = tk.Scenario(
        "Fertiliser",
        [tk.TariffCut(importer="IND", exporter="RUS", products="31", to=0.0)],
    )
    sigma = choose(source="broda_weinstein", importer="IND")
    result = tk.Armington(substitution_elasticity=sigma).solve(baseline, deal)
    single = tk.Armington(substitution_elasticity=sigma["31"]).solve(baseline, deal)
    bought = [r.balance().loc["imports", "change"] for r in (result, single)]
    assert bought[0] == pytest.approx(bought[1])
    assert bought[0] > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "broda"}, "did you mean 'broda_weinstein'"),
        ({"concept": "sigma"}, "concept 'sigma' is unknown"),
        ({"horizon": "medium"}, "horizon must be 'short' or 'long'"),
        ({"source": "protee"}, "'protee' has no usable substitution; it has tariff"),
        ({"source": "hauk"}, "no substitution for importer ''; it has 'USA'"),
        (
            {"source": "india_export_demand", "concept": "substitution"},
            "has no usable substitution; it has import_demand",
        ),
    ],
)
def test_wrong_choices_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        choose(**options)


def test_defaults_are_a_choice():
    values = choose(importer="IND")
    assert values["31"] == pytest.approx(2.3868)


# convert and path


@given(st.floats(1.01, 50), st.booleans())
def test_conversions_lead_back(sigma, included):
    for concept in ("tariff_elasticity", "trade_elasticity"):
        there = convert(sigma, "substitution", concept, value_includes_tariff=included)
        back = convert(there, concept, "substitution", value_includes_tariff=included)
        assert back == pytest.approx(sigma)


def test_conversion_formulas():
    assert convert(-5, "tariff_elasticity", "substitution") == 5
    with_duty = {"value_includes_tariff": True}
    assert convert(-5, "tariff_elasticity", "substitution", **with_duty) == 6
    assert convert(-5, "tariff_elasticity", "trade_elasticity", **with_duty) == 5
    series = convert(pd.Series({"31": 3.0}), "substitution", "trade_elasticity")
    assert series["31"] == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1.2, "import_demand", "substitution"), "another concept.*no formula"),
        ((3.0, "substitution", "export_supply"), "another concept.*no formula"),
        ((3.0, "sigma", "trade_elasticity"), "concept 'sigma' is unknown"),
        (
            (5.0, "tariff_elasticity", "substitution"),
            "must be positive: check the sign",
        ),
    ],
)
def test_concepts_do_not_mix(arguments, message):
    with pytest.raises(ValueError, match=message):
        convert(*arguments)


@given(st.floats(-20, -0.1), st.floats(0.1, 1), st.floats(0, 0.95))
def test_path_starts_short_and_ends_long(long_run, ratio, persistence):
    steps = path(long_run, years=200, ratio=ratio, persistence=persistence)
    assert steps[1] == pytest.approx(ratio * long_run)
    assert steps[200] == pytest.approx(long_run, rel=1e-3)
    assert (np.diff(steps) <= 1e-12).all()


def test_path_closes_95_percent_in_nine_years():
    steps = path(-2.0, -0.76, years=12)
    gap = (steps + 2.0) / (2.0 - 0.76)
    assert gap[9] > 0.05 > gap[10]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"persistence": 1.0}, "persistence must be"),
        ({"years": 0}, "years must be"),
        ({"short_run": 0.5}, "must not differ in sign"),
    ],
)
def test_wrong_paths_are_named(options, message):
    with pytest.raises(ValueError, match=message):
        path(-2.0, **options)


# describe


def test_describe_shows_all_there_is_on_a_chapter():
    known = describe("31").table
    assert {"substitution", "tariff_elasticity", "import_demand"} <= set(known.concept)
    assert {"protee", "broda_weinstein", "default", "bajzik"} <= set(known["key"])
    assert "310210" in set(known["product"])
    assert known.iloc[-1]["product"] == ""
    text = repr(describe("31"))
    assert "not usable" in text
    assert "Broda" in text


def test_describe_a_line_shows_its_chapter_too():
    known = describe("310210").table
    products = set(known["product"])
    assert {"310210", "31", ""} <= products
    assert "310420" not in products


@pytest.mark.parametrize("product", ["77", 31, "3"])
def test_wrong_products_are_named(product):
    with pytest.raises(ValueError, match=r"is not in the library|HS code as text"):
        describe(product)


def test_no_estimator_is_imported_before_a_fit():
    heavy = ("statsmodels", "pyfixest", "linearmodels")
    code = (
        f"import toolkit.elasticities, sys; assert not {heavy!r} & sys.modules.keys()"
    )
    code = code.replace(repr(heavy), repr(set(heavy)))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


# One look-up for models and library

FIELDS = ["substitution", "import_demand", "export_supply"]


def by_hand(concept, importer, product, case):
    """Return the default of one flow, row by row through the table."""
    table = datasets.load("elasticities").query("concept == @concept")
    digits = "".join(itertools.takewhile(str.isdigit, product))
    codes = [product, *(digits[:n] for n in range(len(digits), 0, -2)), ""]
    for code, owner in itertools.product(codes, [importer, ""]):
        hit = table[(table["product"] == code) & (table.importer == owner)]
        if len(hit):
            row = hit.iloc[0]
            ends = sorted([row.low, row.high], key=abs)
            value = {"low": ends[0], "central": row.value, "high": ends[1]}[case]
            return value, row.source
    raise AssertionError(product)


@pytest.mark.parametrize("case", ["low", "central", "high"])
@pytest.mark.parametrize("concept", FIELDS)
def test_default_values_are_those_of_the_table(concept, case):
    pairs = list(
        itertools.product(["IND", "RUS", "DEU"], ["31", "310210", "2710x", "0301"])
    )
    values, sources = default_values(concept, *zip(*pairs, strict=True), case)
    expected = [by_hand(concept, *pair, case) for pair in pairs]
    assert values.tolist() == [value for value, _ in expected]
    assert list(sources) == [source for _, source in expected]
    assert not values.flags.writeable


@pytest.mark.parametrize("case", ["low", "central", "high"])
@pytest.mark.parametrize("year", ["2024-25", "2025-26"])
def test_models_and_library_read_one_table(year, case):
    base = tk.load_baseline(year)
    used = resolve(tk.Armington(case=case), base).used
    for concept in FIELDS:
        rows = used[used.concept == f"{concept}_elasticity"]
        values, sources = default_values(
            concept,
            rows.importer,
            rows["product"],
            case,
            exporter=rows.exporter,
            homogeneous=rows["product"] == "2709",
        )
        np.testing.assert_array_equal(values, rows["value"])
        assert list(sources) == list(rows.source)


@pytest.mark.parametrize("importer", ["IND", "RUS"])
@pytest.mark.parametrize("concept", FIELDS)
def test_a_chosen_default_is_what_a_model_takes(concept, importer):
    chosen = choose(concept=concept, importer=importer)
    codes = list(chosen.index)
    values, _ = default_values(concept, [importer] * len(codes), codes, "central")
    np.testing.assert_array_equal(values, chosen)


NORMAL = {"low": -1.645, "central": 0.0, "high": 1.645}


@pytest.mark.parametrize("case", NORMAL)
def test_the_spread_leads_to_the_ends_of_the_interval(case):
    flows = ["IND", "RUS", "DEU", "IND"], ["31", "8471", "0301", "2709"]
    for concept in FIELDS:
        values, _ = default_values(concept, *flows, case)
        centre, spread = default_spread(concept, *flows)
        drawn = np.isfinite(centre)
        away = np.exp(centre + NORMAL[case] * spread)[drawn]
        np.testing.assert_allclose(away, np.abs(values[drawn]), rtol=5e-4)
        assert not centre.flags.writeable
        assert not spread.flags.writeable


def test_an_infinite_default_has_no_spread():
    centre, spread = default_spread("export_supply", ["IND", "IND"], ["31", "2709"])
    assert np.isinf(centre).tolist() == [True, False]
    assert np.isnan(spread).tolist() == [True, False]
    with pytest.raises(ValueError, match="has no tariff_elasticity for product '31'"):
        default_spread("tariff", ["IND"], ["31"])


def test_codes_go_from_narrow_to_all_goods():
    assert prefixes("310210") == ("310210", "3102", "31", "")
    assert prefixes("") == ("",)


def test_a_product_without_default_is_named(monkeypatch):
    row = lookup._Row(2.0, 1.0, 4.0, 0.7, 0.4, "made up")
    monkeypatch.setattr(lookup, "_find", lookup._find.__wrapped__)
    monkeypatch.setattr(lookup, "_tables", lambda *_: {"": {"31": row}})
    message = "has no substitution_elasticity for product '99': pass one to the model"
    with pytest.raises(ValueError, match=message):
        default_values("substitution", ["IND", "IND"], ["3102", "99"], "central")


def test_the_door_hands_out_what_estimates():
    for name in estimation.__all__:
        assert getattr(tk.elasticities, name) is getattr(estimation, name)
        assert name in dir(tk.elasticities)
    with pytest.raises(AttributeError, match="no attribute 'fit_gravitas'"):
        tk.elasticities.fit_gravitas  # noqa: B018
