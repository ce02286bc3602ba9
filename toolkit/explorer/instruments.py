"""The controls beside the duties: fertiliser, crude, barriers, purchases."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from toolkit.baseline import Baseline
from toolkit.explorer.control import Control, LeversOf, Settings
from toolkit.explorer.crude import crude_controls
from toolkit.explorer.economy import money, people
from toolkit.levers import (
    Lever,
    MarketAccess,
    NonTariffEasing,
    QuantityTarget,
    ScheduledImport,
    TradeCostChange,
)
from toolkit.result.phrases import lower

BARRIERS, FERTILISER, PURCHASES = "Barriers", "Fertiliser", "Purchases"
TARGETS: Mapping[str, tuple[str, float]] = {  # code: name, end of the slider in Mt
    "31": ("Fertiliser from Russia, all", 12.0),
    "310210": ("Urea", 5.0),
    "310420": ("Potash (MOP)", 5.0),
    "310530": ("DAP", 5.0),
    "310520": ("NPK", 5.0),
}
FLOOR = "Sets the least that is bought; what is bought already moves nothing."


def instruments(baseline: Baseline) -> tuple[Control, ...]:
    """Return the controls of the India-Russia baseline other than duties.

    Only those whose goods the baseline holds.
    """
    return (
        *_fertiliser(baseline),
        *crude_controls(baseline),
        *_barriers(baseline),
        *_purchases(baseline),
        *money(),
        *people(),
    )


def _sold(baseline: Baseline, importer: str, exporter: str) -> pd.DataFrame:
    """Return one flow by product."""
    frame = baseline.frame
    rows = (frame["importer"] == importer) & (frame["exporter"] == exporter)
    return frame[rows].set_index("product")


def _easing(*codes: str) -> LeversOf:
    def levers(percent: float, settings: Settings) -> tuple[Lever, ...]:
        return (
            NonTariffEasing(
                importer="RUS", exporter="IND", products=codes, by=percent / 100
            ),
        )

    return levers


def _barriers(baseline: Baseline) -> list[Control]:
    held = _sold(baseline, "RUS", "IND")
    held = held[held["value_usd_mn"] > 0]
    food = [c for c in held.index if baseline.groups.get(c) == "Food and marine"]
    goods = {
        "Russia's barriers removed, all goods": ("",),
        "Medicines": ("30",),
        "Food and marine": tuple(food),
        "Machinery and electrical": ("84", "85", "90"),
    }
    out = [
        Control(
            f"barrier:{'all' if codes == ('',) else name}", BARRIERS,
            "Removal of Russia's non-tariff barriers to Indian goods", name, "%",
            "Eurasian Development Bank 2015; Cadot and Gourdon 2016",
            0.0, 0.0, 100.0, 5.0, _easing(*codes),
            what="Removes this share of what tests, permits and delays cost.",
            caveat="The cost is assumed: 15 % of the value (published: 5 to 30 %).",
            front=codes == ("",),
            codes=() if codes == ("",) else codes,
            chip="" if codes == ("",) else f"Barriers to {lower(name)} removed",
        )
        for name, codes in goods.items()
        if codes == ("",) or (codes and held.index.str.startswith(codes).any())
    ]  # fmt: skip
    freight = Control(
        "freight", BARRIERS, "", "Freight to Russia", "%",
        "INSTC route estimated 30 % cheaper than Suez per container (2020)",
        0.0, -30.0, 30.0, 1.0,
        lambda v, _: (
            TradeCostChange(importer="RUS", exporter="IND", factor=1 + v / 100),
        ),
        what="Changes what it costs to ship Indian goods to Russia.",
    )  # fmt: skip
    return [*out, freight, *_access(baseline)]


def _access(baseline: Baseline) -> list[Control]:
    held = set(_sold(baseline, "RUS", "IND").index)
    names = {"0701": "Potatoes", "0810": "Pomegranates (0810)"}
    return [
        Control(
            f"access:{code}", BARRIERS, "Goods that Russia does not admit today", label,
            "%", "no access today (Rosselkhoznadzor 2024)",
            0.0, 0.0, 30.0, 1.0,
            lambda percent, _, code=code: (
                MarketAccess(
                    importer="RUS", exporter="IND", products=code, share=percent / 100
                ),
            ),
            what="Opens the market and gives India this share of it at today's price.",
            caveat="The share won is assumed: no data can tell it.",
            codes=(code,),
            chip=f"{label} let in, share of the market",
        )
        for code, label in names.items()
        if code in held
    ]  # fmt: skip


def _fertiliser(baseline: Baseline) -> list[Control]:
    tonnes = _sold(baseline, "IND", "RUS")["kilotonnes"].dropna() / 1e3
    out = []
    for code, (name, most) in TARGETS.items():
        mine = tonnes[tonnes.index.str.startswith(code)]
        if mine.empty:
            continue
        today = round(float(mine.sum()), 2)
        out.append(
            Control(
                f"target:{code}", FERTILISER, "India buys from Russia, at least", name,
                "Mt", "replies to the Lok Sabha (March 2026); split derived",
                today, today, max(most, 2 * today), 0.1, _target(code), what=FLOOR,
                caveat="Whether Russia can deliver is not asked.",
                today=f"{today:g} Mt bought in {baseline.year}",
                front=code == "31",
                codes=tuple(map(str, mine.index)),
                chip="" if code == "31" else f"{name} from Russia",
            )
        )  # fmt: skip
    return out


def _target(code: str) -> LeversOf:
    def levers(mt: float, settings: Settings) -> tuple[Lever, ...]:
        tonnes = round(1e3 * mt, 6)
        return (
            QuantityTarget(
                importer="IND", exporter="RUS", products=code, kilotonnes=tonnes
            ),
        )

    return levers


def _purchases(baseline: Baseline) -> list[Control]:
    """Return what Russia might buy, and India's project goods."""
    goods = (
        ("0306", "Shrimp", "kt", 80.0, 1.0),
        ("0902", "Tea", "kt", 80.0, 1.0),
        ("0803", "Bananas", "kt", 10.0, 0.5),
        ("0701", "Potatoes", "kt", 100.0, 5.0),
        ("0810", "Pomegranates (0810)", "kt", 100.0, 5.0),
        ("30", "Medicines", "US$ mn", 1000.0, 10.0),
    )
    flow = _sold(baseline, "RUS", "IND")
    out = []
    for code, name, unit, most, step in goods:
        if code not in flow.index:
            continue
        by_value = unit == "US$ mn"
        now = flow["value_usd_mn" if by_value else "kilotonnes"].fillna(0.0)[code]
        today = round(float(now), 1)
        priced = (
            "" if today else "Priced at the unit value of Russia's other suppliers."
        )
        out.append(
            Control(
                f"purchase:{code}", PURCHASES, "Russia buys from India, at least", name,
                unit, "partners' customs; no amount was published at the summit",
                today, today, most, step,
                lambda v, _, code=code, by_value=by_value: (
                    _purchase(code, v, by_value),
                ),
                what=FLOOR, caveat=priced,
                today=f"{today:,.1f} {unit} in {baseline.year}", codes=(code,),
                chip=f"{name} to Russia",
            )
        )  # fmt: skip
    return [*out, *_project_goods(baseline)]


def _purchase(code: str, amount: float, by_value: bool) -> Lever:
    kilotonnes, usd_mn = (None, amount) if by_value else (amount, None)
    return QuantityTarget(
        importer="RUS",
        exporter="IND",
        products=code,
        kilotonnes=kilotonnes,
        usd_mn=usd_mn,
    )


def _project_goods(baseline: Baseline) -> list[Control]:
    """Return the control of project goods, which cannot fall by more than there is."""
    held = _sold(baseline, "IND", "RUS")
    if "98" not in held.index:
        return []
    today = float(held["value_usd_mn"]["98"])
    return [
        Control(
            "project", PURCHASES, "India buys by contract", "Project goods", "US$ mn",
            "nuclear and defence projects; schedules are not published",
            0.0, -50.0 * min(10, today // 50), 2000.0, 50.0,
            lambda v, _: (
                ScheduledImport(
                    importer="IND", exporter="RUS", products="98", usd_mn=v
                ),
            ),
            what="Adds deliveries under contract, whatever the price.", codes=("98",),
        )
    ]  # fmt: skip
