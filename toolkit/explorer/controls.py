"""The controls of the explorer: which sliders there are, from the baseline's data."""

from __future__ import annotations

from functools import lru_cache

from toolkit.baseline import Baseline
from toolkit.display import country
from toolkit.explorer.control import Control, LeversOf, Settings
from toolkit.explorer.crude import CRUDE
from toolkit.explorer.instruments import (
    BARRIERS,
    FERTILISER,
    MONEY,
    PEOPLE,
    PURCHASES,
    instruments,
)
from toolkit.levers import FreeTradeAgreement, Lever, TariffCut
from toolkit.models import Armington
from toolkit.scenario import Scenario

DUTIES = "Duties"
SECTIONS = (DUTIES, BARRIERS, FERTILISER, PURCHASES, CRUDE, MONEY, PEOPLE)
FEWEST_USD_MN = 20.0


@lru_cache(maxsize=4)
def controls_of(baseline: Baseline) -> tuple[Control, ...]:
    """Return the controls that a baseline's data can carry.

    Groups of goods with less than US$ 20 mn of trade are moved together with
    "all other goods". A control whose levers the baseline refuses, for want of the
    flow, its tonnes or its price, is left out.
    """
    return tuple(c for c in _thinkable(baseline) if _is_carried(baseline, c))


def _is_carried(baseline: Baseline, control: Control) -> bool:
    """Return whether the baseline takes the control's levers at both ends."""
    model = Armington()
    try:
        for value in {control.low, control.high} - {control.neutral}:
            levers = control.levers(value, {})
            model.effects(baseline, Scenario(control.name, levers))
    except ValueError:
        return False
    return True


def _thinkable(baseline: Baseline) -> tuple[Control, ...]:
    both = (
        *_switches(baseline),
        *_duties(baseline, baseline.partner, baseline.reporter),
        *_duties(baseline, baseline.reporter, baseline.partner),
    )
    if (baseline.reporter, baseline.partner) != ("IND", "RUS"):
        return both
    return (*both, *instruments(baseline))


def _duties(baseline: Baseline, importer: str, exporter: str) -> list[Control]:
    """Return one cut per product group, the weighted rate of today beside it."""
    frame = baseline.frame
    rows = frame[
        (frame["importer"] == importer)
        & (frame["exporter"] == exporter)
        & (frame["applied_rate"] > 0)
        & frame["tariff_driven"]
    ]
    groups = rows["product"].map(lambda x: baseline.groups.get(str(x), "All goods"))
    sizes = rows.groupby(groups)["value_usd_mn"].sum()
    small = "All other goods"
    kept = groups.where(groups.map(sizes) >= FEWEST_USD_MN, small)
    out = []
    for group in _by_size(rows.assign(group=kept), small):
        chosen = rows[kept == group]
        paid = (chosen["value_usd_mn"] * chosen["applied_rate"]).sum()
        today = paid / max(chosen["value_usd_mn"].sum(), 1e-9)
        codes = tuple(chosen["product"])
        who = country(importer)
        out.append(
            Control(
                f"{importer}:{group}",
                DUTIES,
                f"{who}'s duties on goods from {country(exporter)}",
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
    name = country(baseline.reporter)
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
    agreement = Control(
        "agreement",
        DUTIES,
        "",
        "India-EAEU agreement",
        "% of trade covered and used",
        "both schedules; none is published. The lower duty is paid",
        0.0,
        0.0,
        100.0,
        5.0,
        lambda percent, _: (FreeTradeAgreement(coverage=percent / 100),),
    )
    gsp = TariffCut(importer="RUS", exporter="IND", products=farm, mfn_times=0.75)
    return [
        *out,
        agreement,
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


def _cut(importer: str, exporter: str, codes: tuple[str, ...]) -> LeversOf:
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
