"""What must hold on the official baseline, and for duties in every form."""

import pytest

import toolkit as tk
from markets import INFINITE, both_ways, hats, scenario

NOTHING = 1e-9  # US$ mn
EXACT = 1e-9  # relative
BOUGHT = {"importer": "IND", "exporter": "RUS"}
SOLD = {"importer": "RUS", "exporter": "IND"}
YEARS = ("2024-25", "2025-26")
MODELS = (tk.Armington(), tk.Smart())


@pytest.fixture(scope="module", params=YEARS)
def base(request):
    return tk.load_baseline(request.param)


def named(model):
    return model.name


def moved(result):
    """Return the flows whose value changes, as importer, exporter, product."""
    values = result.frame.query("variable == 'value'")
    values = values[values["change"].abs() > NOTHING]
    return values[["importer", "exporter", "product", "change"]]


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_no_shock_moves_nothing(base, model):
    result = model.solve(base, tk.Scenario("nothing"))
    values = result.frame.query("unit == 'US$ mn'")["change"]
    assert values.abs().max() < NOTHING
    hats_ = result.frame.query("unit == 'baseline = 1'")["change"]
    assert hats_.abs().max() < 1e-12
    assert result.check()["holds"].all()


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_free_access_to_russia_moves_exports_only(base, model):
    result = model.solve(base, scenario(tk.TariffCut(**SOLD, to=0.0)))
    change = result.balance()["change"]
    assert change["exports"] > 50
    assert change["imports"] == 0.0
    assert set(moved(result)["importer"]) == {"RUS"}


@pytest.mark.parametrize("model", MODELS, ids=named)
@pytest.mark.parametrize("to", [0.0, 0.02])
@pytest.mark.parametrize("exporter", ["IND", "ALL"])
def test_a_russian_duty_cut_never_moves_indias_imports(base, model, to, exporter):
    cut = tk.TariffCut(importer="RUS", exporter=exporter, to=to)
    imports = model.solve(base, scenario(cut)).balance().loc["imports"]
    assert imports["change"] == 0.0


@pytest.mark.parametrize("model", MODELS, ids=named)
def test_an_indian_duty_cut_never_moves_indias_exports(base, model):
    change = model.solve(base, scenario(tk.TariffCut(**BOUGHT, to=0.0))).balance()
    assert change.loc["exports", "change"] == 0.0
    assert change.loc["imports", "change"] > 50


@pytest.mark.parametrize("chapter", ["88", "89", "93", "98"])
def test_project_and_defence_goods_move_with_no_duty_lever(base, chapter):
    levers = (
        tk.TariffCut(**BOUGHT, products=chapter, to=0.5, respect_bound=False),
        tk.TariffCut(importer="IND", exporter="ALL", products=chapter, by=1.0),
        tk.TariffCut(**SOLD, products=chapter, to=0.0),
    )
    for lever in levers:
        result = tk.Armington().solve(base, scenario(lever))
        assert moved(result).empty, lever
        assert any(f"HS {chapter}" in note for note in result.notes)
    deal = tk.Armington().solve(base, scenario(tk.FreeTradeAgreement()))
    assert chapter not in set(moved(deal)["product"])


@pytest.fixture(scope="module")
def fertiliser(base):
    """India's floor on Russian fertiliser, and the products as they stand today."""
    today = base.frame.query("importer == 'IND' and exporter == 'RUS'")
    today = today[today["product"].str.startswith("31")].set_index("product")
    lever = tk.QuantityTarget(**BOUGHT, products="31", kilotonnes=7000)
    model = tk.Armington(export_supply_elasticity=INFINITE)
    return today, model.solve(base, scenario(lever))


def test_a_target_adds_the_extra_tonnes_at_the_unit_value(fertiliser):
    today, result = fertiliser
    rows = result.frame.query("importer == 'IND' and exporter == 'RUS'")
    rows = rows.set_index(["variable", "product"])["change"]
    tonnes = today["kilotonnes"].sum()
    assert 1000 < tonnes < 7000
    for product, row in today.iterrows():
        extra = row["kilotonnes"] * (7000 / tonnes - 1)
        unit_value = row["value_usd_mn"] / row["kilotonnes"]
        assert rows["kilotonnes", product] == pytest.approx(extra, rel=EXACT)
        due = extra * unit_value
        assert rows["value", product] == pytest.approx(due, rel=EXACT)


def test_a_target_displaces_the_others_by_product_and_widens_the_deficit(fertiliser):
    today, result = fertiliser
    shifts = result.displacement("IND")
    assert set(shifts.index) == set(today.index)
    assert (shifts["RUS"] > 0).all()
    assert (shifts["ROW"] < 0).all()
    others = shifts.drop(columns=["RUS", "total"])
    assert (others <= NOTHING).all(axis=None)
    change = result.balance()["change"]
    assert change["exports"] == 0.0
    assert change["balance"] == pytest.approx(-shifts["RUS"].sum(), rel=EXACT)
    assert (result.wedges()["wedge"] < 0).all()
    assert len(result.wedges()) == len(today)


@pytest.mark.parametrize("kilotonnes", [0, 100])
def test_a_target_below_todays_purchases_moves_nothing_and_says_so(base, kilotonnes):
    lever = tk.QuantityTarget(**BOUGHT, products="31", kilotonnes=kilotonnes)
    result = tk.Armington().solve(base, scenario(lever))
    assert moved(result).empty
    assert any("is met today" in note for note in result.notes)
    assert result.wedges().empty


def test_less_crude_narrows_the_deficit_and_raises_the_oil_bill(base):
    lever = tk.SupplyDisruption(**BOUGHT, products="2709", by=1 / 3)
    result = tk.Armington().solve(base, scenario(lever))
    shifts = result.displacement("IND")
    assert shifts.index.tolist() == ["2709"]
    lost, total = shifts.loc["2709", "RUS"], shifts.loc["2709", "total"]
    assert (shifts.loc["2709"].drop(["RUS", "total"]) >= 0).all()
    assert result.balance().loc["balance", "change"] == pytest.approx(-lost, rel=EXACT)
    assert lost < 0 < total  # what replaces it is dearer
    world = result.balance(scope="total")["change"]
    assert world["imports"] == pytest.approx(total, rel=EXACT)
    assert world["exports"] == 0.0


def solve(lever, market=None, **options):
    return tk.Armington().solve(market or both_ways(), scenario(lever), **options)


def test_a_bound_rate_caps_a_rise_unless_told_otherwise():
    market = both_ways(bound_rate=0.15)
    rise = {**BOUGHT, "to": 0.3}
    held = solve(tk.TariffCut(**rise), market=market)
    assert hats(held, "applied_rate")["RUS"] == 0.15
    assert any("capped at its bound rate" in note for note in held.notes)
    free = solve(tk.TariffCut(**rise, respect_bound=False), market=market)
    assert hats(free, "applied_rate")["RUS"] == 0.3


def test_a_rate_above_its_bound_today_is_not_pulled_down_to_it():
    market = both_ways(bound_rate=0.05)
    for share, due in ((0.0, 0.1), (0.2, 0.08)):
        result = solve(tk.TariffCut(**BOUGHT, by=share), market=market)
        assert hats(result, "applied_rate")["RUS"] == pytest.approx(due)
        assert not any("bound" in note for note in result.notes)


def test_a_specific_duty_is_turned_into_a_rate_with_the_flows_unit_value():
    market = both_ways(kilotonnes=500.0)  # 100 mn / 500 kt = US$ 200 a tonne
    result = solve(tk.TariffCut(**BOUGHT, specific_to=10.0), market=market)
    assert hats(result, "applied_rate")["RUS"] == pytest.approx(0.05)


def test_staged_cuts_reach_their_rate_in_equal_steps():
    lever = tk.TariffCut(**BOUGHT, to=0.0, start=2026, phase_in=5)
    rates = [
        hats(solve(lever, year=year), "applied_rate")["RUS"]
        for year in (2025, 2026, 2028, 2030, 2040)
    ]
    assert rates == [pytest.approx(r) for r in (0.1, 0.08, 0.04, 0.0, 0.0)]
    listed = tk.TariffCut(**BOUGHT, to=0.0, schedule={2026: 0.25, 2028: 1.0})
    found = hats(solve(listed, year=2027), "applied_rate")["RUS"]
    assert found == pytest.approx(0.075)


def test_a_listed_preference_is_a_multiple_of_the_mfn_rate():
    result = solve(tk.TariffCut(**BOUGHT, mfn_times=0.75))
    assert hats(result, "applied_rate")["RUS"] == pytest.approx(0.075)
