"""The controls of the explorer: which sliders there are, from the baseline's data."""

from __future__ import annotations

from collections.abc import Callable

from toolkit.baseline import Baseline
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
    SupplyDisruption,
    TariffCut,
    ThirdMarketTariff,
)
from toolkit.levers.base import country_name
from toolkit.widgets.state import Control, Settings

DUTIES, BARRIERS, FERTILISER = "Duties", "Barriers", "Fertiliser"
CRUDE, MONEY, PEOPLE = "Crude", "Prices and currency", "People and growth"
Maker = Callable[[float, Settings], tuple[Lever, ...]]
SECTIONS = (DUTIES, BARRIERS, FERTILISER, CRUDE, MONEY, PEOPLE)
FEWEST_USD_MN = 20.0
TARGETS = {"310210": "Urea", "310420": "Potash (MOP)", "310530": "DAP", "310520": "NPK"}


def controls_of(baseline: Baseline) -> tuple[Control, ...]:
    """Return the controls that a baseline's data can carry.

    Groups of goods with less than US$ 20 mn of trade are moved together with
    "all other goods".
    """
    both = (
        *_switches(baseline),
        *_duties(baseline, baseline.partner, baseline.reporter),
        *_duties(baseline, baseline.reporter, baseline.partner),
    )
    if (baseline.reporter, baseline.partner) != ("IND", "RUS"):
        return both
    return (
        *both,
        *_barriers(baseline),
        *_fertiliser(baseline),
        *_crude(baseline),
        *_money(),
        *_people(),
    )


def _duties(baseline: Baseline, importer: str, exporter: str) -> list[Control]:
    """Return one cut per product group, the weighted rate of today beside it."""
    frame = baseline.frame
    rows = frame[
        (frame["importer"] == importer)
        & (frame["exporter"] == exporter)
        & frame["tariff_driven"]
    ]
    groups = rows["product"].map(baseline.groups).fillna("All goods")
    sizes = rows.groupby(groups)["value_usd_mn"].sum()
    small = "All other goods"
    kept = groups.where(groups.map(sizes) >= FEWEST_USD_MN, small)
    out = []
    for group in _by_size(rows.assign(group=kept), small):
        chosen = rows[kept == group]
        paid = (chosen["value_usd_mn"] * chosen["applied_rate"]).sum()
        today = paid / max(chosen["value_usd_mn"].sum(), 1e-9)
        codes = tuple(chosen["product"])
        who = "Russia" if importer == "RUS" else country_name(importer)
        out.append(
            Control(
                f"{importer}:{group}",
                DUTIES,
                f"{who}'s duties on goods from {country_name(exporter)}",
                group,
                "% off",
                f"today {100 * today:.1f} % of the value",
                0.0,
                0.0,
                100.0,
                5.0,
                _cut(importer, exporter, codes),
            )
        )
    return out


def _switches(baseline: Baseline) -> list[Control]:
    """Return the tick boxes of the duties: MFN instead of preference, GSP."""
    name = country_name(baseline.reporter)
    out = [
        Control(
            f"{baseline.reporter}:mfn",
            DUTIES,
            "",
            f"{name}'s cuts for all suppliers (MFN)",
            "",
            "off: a preference for the partner only",
            0.0,
            0.0,
            1.0,
            1.0,
            lambda _, settings: (),
            switch=True,
        )
    ]
    farm = tuple(
        code
        for code in sorted(set(baseline.frame.query("importer == 'RUS'")["product"]))
        if code[:2].isdigit() and 1 <= int(code[:2]) <= 24
    )
    if not farm or baseline.partner != "RUS":
        return out
    gsp = TariffCut(importer="RUS", exporter="IND", products=farm, mfn_times=0.75)
    return [
        *out,
        Control(
            "RUS:gsp",
            DUTIES,
            "",
            "EAEU preferences for India: 75 % of the duty",
            "",
            "India's status unconfirmed, goods list not found: chapters 01-24 assumed",
            0.0,
            0.0,
            1.0,
            1.0,
            lambda _, settings: (gsp,),
            switch=True,
        ),
    ]


def _by_size(rows: object, small: str) -> list[str]:
    sizes = rows.groupby("group")["value_usd_mn"].sum()  # pyright: ignore
    order = list(sizes.sort_values(ascending=False).index)
    if small in order:
        order.remove(small)
        order.append(small)
    return order


def _cut(importer: str, exporter: str, codes: tuple[str, ...]) -> Maker:
    def levers(percent: float, settings: Settings) -> tuple[Lever, ...]:
        everyone = settings.get(f"{importer}:mfn", 0.0) > 0
        return (
            TariffCut(
                importer=importer,
                exporter="ALL" if everyone else exporter,
                products=codes,
                by=percent / 100,
            ),
        )

    return levers


def _easing(*codes: str) -> Maker:
    def levers(percent: float, settings: Settings) -> tuple[Lever, ...]:
        return (
            NonTariffEasing(
                importer="RUS", exporter="IND", products=codes, by=percent / 100
            ),
        )

    return levers


def _barriers(baseline: Baseline) -> list[Control]:
    assumed = "barrier cost of 15 % of value assumed (range 5-30 %)"
    held = set(baseline.frame.query("importer == 'RUS'")["product"])
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
                assumed, 0.0, 0.0, 100.0, 5.0, _easing(*codes))
        for name, codes in goods.items()
    ]  # fmt: skip
    return [*out, *_access(held)]


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


def _crude(baseline: Baseline) -> list[Control]:
    oil = {"importer": "IND", "products": "2709"}
    return [
        Control(
            "crude:cut", CRUDE, "", "Russian crude lost", "% of the year's flow",
            "DGCI&S tonnes; sanctioned sellers carry about 60 % (ICRA 2025)",
            0.0, 0.0, 100.0, 1.0,
            lambda v, _: (SupplyDisruption(**oil, exporter="RUS", by=v / 100),),
        ),
        Control(
            "crude:world", CRUDE, "", "World price", "% change",
            "the user's choice", 0.0, -50.0, 100.0, 1.0,
            lambda v, _: (PriceChange(**oil, exporter="ALL", by=v / 100),),
        ),
        Control(
            "crude:discount", CRUDE, "", "Price of Russian crude", "% change",
            "discount 7 % in 2024-25 (ICRA); the later of the two prices wins",
            0.0, -30.0, 30.0, 1.0,
            lambda v, _: (PriceChange(**oil, exporter="RUS", by=v / 100),),
        ),
    ]  # fmt: skip


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
            "25 + 25 % in August 2025, lifted in steps; home share of 50 % assumed",
            0.0, 0.0, 50.0, 5.0,
            lambda v, _: (ThirdMarketTariff(market="USA", add=v / 100),),
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
