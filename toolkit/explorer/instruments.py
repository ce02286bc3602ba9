"""The controls beside the duties: barriers, fertiliser, money, people."""

from __future__ import annotations

from toolkit.baseline import Baseline
from toolkit.explorer.control import Control, LeversOf, Settings
from toolkit.explorer.crude import crude_controls
from toolkit.levers import (
    DemandGrowth,
    ExchangeRate,
    Lever,
    MarketAccess,
    Mobility,
    NonTariffEasing,
    PaymentFriction,
    PriceChange,
    QuantityTarget,
    ScheduledImport,
    ThirdMarketTariff,
    TradeCostChange,
)
from toolkit.levers.shelf import spared_by_us_duties

BARRIERS, FERTILISER, PURCHASES = "Barriers", "Fertiliser", "Purchases"
MONEY, PEOPLE = "Prices and currency", "People and growth"
TARGETS = {"310210": "Urea", "310420": "Potash (MOP)", "310530": "DAP", "310520": "NPK"}


def instruments(baseline: Baseline) -> tuple[Control, ...]:
    """Return the controls of the India-Russia baseline other than duties."""
    return (
        *_barriers(baseline),
        *_fertiliser(baseline),
        *_purchases(baseline),
        *crude_controls(baseline),
        *_money(),
        *_people(),
    )


def _easing(*codes: str) -> LeversOf:
    def levers(percent: float, settings: Settings) -> tuple[Lever, ...]:
        return (
            NonTariffEasing(
                importer="RUS", exporter="IND", products=codes, by=percent / 100
            ),
        )

    return levers


def _barriers(baseline: Baseline) -> list[Control]:
    assumed = "barrier cost of 15 % of value assumed (range 5-30 %)"
    held = _sold(baseline)
    goods = {
        "Medicines": ("30",),
        "Food and marine": tuple(
            code
            for code in sorted(held)
            if baseline.groups.get(code) == "Food and marine"
        ),
        "Machinery and electrical": ("84", "85", "90"),
    }
    easing = "Russia's non-tariff barriers on Indian goods"
    out = [
        Control(f"barrier:{name}", BARRIERS, easing, name, "% of barrier cost removed",
                assumed, 0.0, 0.0, 100.0, 5.0, _easing(*kept))
        for name, codes in goods.items()
        if (kept := [c for c in codes if any(x.startswith(c) for x in held)])
    ]  # fmt: skip
    freight = Control(
        "freight", BARRIERS, "", "Freight to Russia", "% change",
        "INSTC route estimated 30 % cheaper than Suez per container (2020)",
        0.0, -30.0, 30.0, 1.0,
        lambda v, _: (
            TradeCostChange(importer="RUS", exporter="IND", factor=1 + v / 100),
        ),
    )  # fmt: skip
    return [*out, freight, *_access(held)]


def _sold(baseline: Baseline) -> set[str]:
    """Return what India sells to Russia, or might: flows of zero are in it."""
    flows = baseline.frame.query("importer == 'RUS' and exporter == 'IND'")
    return set(flows["product"])


def _access(held: set[str]) -> list[Control]:
    names = {"0701": "Potatoes", "0810": "Pomegranates (0810)"}
    return [
        Control(
            f"access:{code}",
            BARRIERS,
            "Goods that Russia does not admit today",
            label,
            "% of the market won",
            "no access today (Rosselkhoznadzor 2024); share won is assumed",
            0.0,
            0.0,
            30.0,
            1.0,
            lambda percent, _, code=code: (
                MarketAccess(
                    importer="RUS", exporter="IND", products=code, share=percent / 100
                ),
            ),
        )
        for code, label in names.items()
        if code in held
    ]


def _fertiliser(baseline: Baseline) -> list[Control]:
    frame = baseline.frame.query("importer == 'IND' and exporter == 'RUS'")
    tonnes = frame.set_index("product")["kilotonnes"].dropna() / 1e3
    out = []
    for code, name in TARGETS.items():
        if code not in tonnes:
            continue
        today = float(tonnes[code])
        out.append(
            Control(
                f"target:{code}",
                FERTILISER,
                "India buys from Russia, at least",
                name,
                "Mt a year",
                f"{today:.2f} Mt bought in {baseline.year}",
                0.0,
                0.0,
                5.0,
                0.1,
                lambda mt, _, code=code: (
                    QuantityTarget(
                        importer="IND",
                        exporter="RUS",
                        products=code,
                        kilotonnes=round(1e3 * mt, 6),
                    ),
                ),
            )
        )
    return out


def _purchases(baseline: Baseline) -> list[Control]:
    """Return what Russia might buy, and India's project goods."""
    heading = "Russia buys from India, at least"
    goods = (
        ("0306", "Shrimp", "kt a year", 80.0, 1.0),
        ("0902", "Tea", "kt a year", 80.0, 1.0),
        ("0803", "Bananas", "kt a year", 10.0, 0.5),
        ("0701", "Potatoes", "kt a year", 100.0, 5.0),
        ("0810", "Pomegranates (0810)", "kt a year", 100.0, 5.0),
        ("30", "Medicines", "US$ mn a year", 1000.0, 10.0),
    )
    flow = baseline.frame.query("importer == 'RUS' and exporter == 'IND'")
    flow = flow.set_index("product")
    out = []
    for code, name, unit, most, step in goods:
        if code not in flow.index:
            continue
        by_value = unit.startswith("US$")
        today = flow["value_usd_mn" if by_value else "kilotonnes"].fillna(0.0)[code]
        said = f"{today:,.1f} in {baseline.year}"
        if not today:
            said += "; priced at Russia's other suppliers' unit value"
        out.append(
            Control(
                f"purchase:{code}", PURCHASES, heading, name, unit, said,
                0.0, 0.0, most, step,
                lambda v, _, code=code, by_value=by_value: (
                    _purchase(code, v, by_value),
                ),
            )
        )  # fmt: skip
    return [*out, _project_goods(baseline)]


def _purchase(code: str, amount: float, by_value: bool) -> Lever:
    kilotonnes, usd_mn = (None, amount) if by_value else (amount, None)
    return QuantityTarget(
        importer="RUS",
        exporter="IND",
        products=code,
        kilotonnes=kilotonnes,
        usd_mn=usd_mn,
    )


def _project_goods(baseline: Baseline) -> Control:
    """Return the control of project goods, which cannot fall by more than there is."""
    flow = baseline.frame.query("importer == 'IND' and exporter == 'RUS'")
    today = flow.loc[flow["product"].str.startswith("98"), "value_usd_mn"].sum()
    return Control(
        "project", PURCHASES, "India buys by contract", "Project goods",
        "US$ mn a year more", "nuclear and defence projects; schedules not published",
        0.0, -50.0 * min(10, today // 50), 2000.0, 50.0,
        lambda v, _: (
            ScheduledImport(importer="IND", exporter="RUS", products="98", usd_mn=v),
        ),
    )  # fmt: skip


def _money() -> list[Control]:
    return [
        Control(
            "price:fertiliser", MONEY, "", "Price of fertiliser",
            "% change", "all suppliers; the user's choice", 0.0, -50.0, 100.0, 1.0,
            lambda v, _: (
                PriceChange(importer="IND", exporter="ALL", products="31", by=v / 100),
            ),
        ),
        Control(
            "rouble", MONEY, "", "Rouble in dollars", "% change",
            "pass-through to import prices of 1 assumed", 0.0, -50.0, 50.0, 1.0,
            lambda v, _: (ExchangeRate(currency="RUB", by=v / 100),),
        ),
        Control(
            "rupee", MONEY, "", "Rupee in dollars", "% change",
            "pass-through to import prices of 1 assumed", 0.0, -50.0, 50.0, 1.0,
            lambda v, _: (ExchangeRate(currency="INR", by=v / 100),),
        ),
        Control(
            "payments", MONEY, "", "Settlement cost",
            "% points", "96 % of trade settled so (December 2025); cost: your choice",
            0.0, -5.0, 10.0, 0.5,
            lambda v, _: (PaymentFriction(cost=v / 100),),
        ),
        Control(
            "us_duty", MONEY, "", "US duty on India", "% points",
            "25 + 25 % in August 2025, goods exempt then left out; home share of 50 % "
            "assumed",
            0.0, 0.0, 50.0, 5.0,
            lambda v, _: (
                ThirdMarketTariff(
                    market="USA", add=v / 100, exclude=spared_by_us_duties()
                ),
            ),
        ),
    ]  # fmt: skip


def _people() -> list[Control]:
    return [
        Control(
            "growth:RUS", PEOPLE, "", "Russia's income", "% growth",
            "income elasticity of 1 assumed", 0.0, -20.0, 50.0, 1.0,
            lambda v, _: (DemandGrowth(importer="RUS", by=v / 100),),
        ),
        Control(
            "growth:IND", PEOPLE, "", "India's income", "% growth",
            "income elasticity of 1 assumed", 0.0, -20.0, 50.0, 1.0,
            lambda v, _: (DemandGrowth(importer="IND", by=v / 100),),
        ),
        Control(
            "workers", PEOPLE, "", "Indian workers in Russia", "thousand more",
            "EUR 475-950 a month (DW 2026); half sent home, assumed",
            0.0, 0.0, 500.0, 5.0,
            lambda v, _: (Mobility(workers=round(1e3 * v)),),
        ),
    ]  # fmt: skip
