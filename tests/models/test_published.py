"""Published and derived figures that the models must reproduce.

CES: lecture slide in paulofelipe/intro_emr, model of Hallren and Riker (2017), two
decimals; further digits found by two other solvers. SMART: derived from the
equations (no worked example was published).
"""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import INFINITE, baseline, hats, pick, scenario, two_suppliers

SLIDE = 0.00005  # half a unit of the slide's last digit, 0.01 per cent
DIGITS = 1e-8  # the digits quoted beside the slide
DERIVED = 1e-9  # closed-form values


@pytest.fixture(scope="module")
def slide():
    """The 60/30/10 market with a 10 % duty on the second supplier."""
    market = baseline(
        ("CHN", "BRA", "", 60.0, 0.0),
        ("CHN", "USA", "", 30.0, 0.0),
        ("CHN", "ROW", "", 10.0, 0.0),
        reporter="CHN",
        partner="USA",
    )
    supply = pd.Series({"BRA": 1.0, "USA": 10.0, "ROW": 10.0}).rename_axis("exporter")
    duty = tk.TariffCut(importer="CHN", exporter="USA", to=0.1)
    return tk.Armington(4.0, -1.0, supply).solve(market, scenario(duty))


SLIDE_FIGURES = {
    "consumer_price": {"BRA": 0.0212, "USA": 0.0785, "ROW": 0.0075},
    "quantity": {"BRA": 0.0212, "USA": -0.1790, "ROW": 0.0780},
}
COMPUTED = {
    "consumer_price": {"BRA": 1.02124038, "USA": 1.07851502, "ROW": 1.00753465},
    "quantity": {"BRA": 1.02124038, "USA": 0.82098479, "ROW": 1.07795325},
}


@pytest.mark.parametrize("variable", SLIDE_FIGURES)
def test_ces_example_agrees_with_the_slide(slide, variable):
    got = hats(slide, variable, "CHN") - 1
    for country, published in SLIDE_FIGURES[variable].items():
        assert got[country] == pytest.approx(published, abs=SLIDE)


@pytest.mark.parametrize("variable", COMPUTED)
def test_ces_example_agrees_with_the_computed_digits(slide, variable):
    got = hats(slide, variable, "CHN")
    for country, digits in COMPUTED[variable].items():
        assert got[country] == pytest.approx(digits, abs=DIGITS)


def test_ces_example_composite_and_revenue(slide):
    price = pick(slide, "composite_price", importer="CHN")["counterfactual"]
    revenue = slide.accounts().loc["CHN", "tariff_revenue"]
    assert price == pytest.approx(1.0356506879, abs=DIGITS)
    assert price - 1 == pytest.approx(0.0357, abs=SLIDE)
    assert 1 / price == pytest.approx(0.9655765324, abs=DIGITS)
    assert revenue == pytest.approx(2.4148484193, abs=DIGITS)


def test_ces_example_expenditure_is_constant(slide):
    """The slide's change of spending is 0: eta = -1."""
    paid = 0.0
    for country, base in {"BRA": 60.0, "USA": 30.0, "ROW": 10.0}.items():
        price = pick(slide, "consumer_price", exporter=country)["counterfactual"]
        volume = pick(slide, "quantity", exporter=country)["counterfactual"]
        paid += base * price * volume
    assert paid == pytest.approx(100.0, abs=DIGITS)


def test_smart_mfn_cut_has_no_diversion():
    market = baseline(
        ("IND", "RUS", "31", 100.0, 0.2),
        ("IND", "CHN", "31", 50.0, 0.2),
        ("IND", "ROW", "31", 50.0, 0.2),
    )
    cut = tk.TariffCut(importer="IND", exporter="ALL", to=0.1)
    result = tk.Smart(1.5, -1.5, INFINITE).solve(market, scenario(cut))
    for country, size in {"RUS": 1.0, "CHN": 0.5, "ROW": 0.5}.items():
        change = {
            name: pick(result, name, exporter=country)["change"]
            for name in (
                "trade_creation",
                "trade_diversion",
                "price_effect",
                "value",
                "tariff_revenue",
            )
        }
        assert change["trade_creation"] == pytest.approx(12.5 * size, abs=DERIVED)
        assert change["trade_diversion"] == pytest.approx(0.0, abs=DERIVED)
        assert change["price_effect"] == pytest.approx(0.0, abs=DERIVED)
        assert change["value"] == pytest.approx(12.5 * size, abs=DERIVED)
        assert change["tariff_revenue"] == pytest.approx(-8.75 * size, abs=DERIVED)
    assert pick(result, "welfare")["change"] == pytest.approx(3.75, abs=DERIVED)


PREFERENCE = {
    "RUS": (100 / 6, 300 / 17, 100 / 6 + 300 / 17, -20.0),
    "ROW": (0.0, -300 / 17, -300 / 17, -60 / 17),
}


def test_smart_preference_to_one_source():
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    model = tk.Smart(1.5, -1.0, INFINITE)
    result = model.solve(two_suppliers(), scenario(cut))
    for country, expected in PREFERENCE.items():
        names = ("trade_creation", "trade_diversion", "value", "tariff_revenue")
        for name, figure in zip(names, expected, strict=True):
            got = pick(result, name, exporter=country)["change"]
            assert got == pytest.approx(figure, abs=DERIVED), (country, name)
        assert pick(result, "price_effect", exporter=country)["change"] == 0.0
    assert pick(result, "welfare")["change"] == pytest.approx(5 / 3, abs=DERIVED)


def changes(model, to):
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=to)
    result = model.solve(two_suppliers(), scenario(cut))
    return [pick(result, "value", exporter=e)["change"] for e in ("RUS", "ROW")]


LARGE = {tk.Smart: (34.3, -17.6, 16.7), tk.Armington: (28.4, -7.0, 21.4)}
SLOPES = {tk.Smart: (177.1, -93.8, 83.3), tk.Armington: (114.6, -31.3, 83.3)}


@pytest.mark.parametrize("kind", LARGE)
def test_smart_and_ces_split_a_preference_differently(kind):
    first, second = changes(kind(1.5, -1.0, INFINITE), 0.0)
    got = (first, second, first + second)
    assert got == pytest.approx(LARGE[kind], abs=0.05)


@pytest.mark.parametrize("kind", SLOPES)
def test_smart_and_ces_slopes_of_a_small_cut(kind):
    step = 1e-7
    first, second = changes(kind(1.5, -1.0, INFINITE), 0.2 - step)
    slopes = np.array([first, second, first + second]) / step
    # 0.06: the table rounds to 0.05, and the step adds an error of order 1e-5
    assert slopes == pytest.approx(SLOPES[kind], abs=0.06)
