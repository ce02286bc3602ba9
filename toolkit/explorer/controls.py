"""The controls of the explorer: which sliders there are, from the baseline's data."""

from __future__ import annotations

from functools import lru_cache

import pandas as pd

from toolkit.baseline import Baseline
from toolkit.display import country, percent, whose
from toolkit.explorer.control import Control, LeversOf, Settings
from toolkit.explorer.crude import CRUDE
from toolkit.explorer.economy import MONEY, PEOPLE
from toolkit.explorer.instruments import (
    BARRIERS,
    FERTILISER,
    PURCHASES,
    instruments,
)
from toolkit.explorer.own import OWN
from toolkit.levers import FreeTradeAgreement, Lever, TariffCut
from toolkit.models import Armington
from toolkit.result.phrases import lower
from toolkit.scenario import Scenario

DUTIES = "Duties"
SECTIONS = (OWN, DUTIES, BARRIERS, FERTILISER, PURCHASES, CRUDE, MONEY, PEOPLE)
FEWEST_USD_MN = 20.0
SMALL = "All other goods"
FRONT = 3  # groups of each direction in view where there are no headline levers


@lru_cache(maxsize=8)
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
    headline = (baseline.reporter, baseline.partner) == ("IND", "RUS")
    pair = (baseline.partner, baseline.reporter)
    duties = [
        control
        for importer, exporter in (pair, pair[::-1])
        for control in _duties(baseline, importer, exporter, front=not headline)
    ]
    both = (*_agreements(baseline), *duties, *_switches(baseline))
    return (*both, *instruments(baseline)) if headline else both


def _duties(
    baseline: Baseline, importer: str, exporter: str, *, front: bool
) -> list[Control]:
    """Return a cut of all duties, then one per group, the rate of today beside it."""
    frame = baseline.frame
    rows = frame[
        (frame["importer"] == importer)
        & (frame["exporter"] == exporter)
        & (frame["applied_rate"] > 0)
        & frame["tariff_driven"]
    ]
    if rows.empty:
        return []
    groups = rows["product"].map(lambda x: baseline.groups.get(str(x), "All goods"))
    sizes = rows.groupby(groups)["value_usd_mn"].sum()
    kept = groups.where(groups.map(sizes) >= FEWEST_USD_MN, SMALL)
    title = f"Cut of {whose(importer)} duties, all goods"
    out = [_duty(importer, exporter, ("",), "all", title, rows, front=True)]
    order = _by_size(rows.assign(group=kept))
    for number, group in enumerate(order if len(order) > 1 else []):
        chosen = rows[kept == group]
        codes = tuple(chosen["product"])
        shown = front and number < FRONT
        out.append(_duty(importer, exporter, codes, group, group, chosen, front=shown))
    return out


def _duty(
    importer: str,
    exporter: str,
    codes: tuple[str, ...],
    name: str,
    label: str,
    rows: pd.DataFrame,
    *,
    front: bool,
) -> Control:
    paid = (rows["value_usd_mn"] * rows["applied_rate"]).sum()
    today = paid / max(rows["value_usd_mn"].sum(), 1e-9)
    heading = f"Cut of {whose(importer)} duties on goods from {country(exporter)}"
    chip = "" if name == "all" else f"{whose(importer)} duties on {lower(label)} cut"
    return Control(
        f"{importer}:{name}", DUTIES, heading, label, "%",
        "duties in force, weighted by what is traded", 0.0, 0.0, 100.0, 5.0,
        _cut(importer, exporter, codes),
        what="Takes this share off the duty on each product.",
        today=f"duty today {percent(float(today))}",
        front=front,
        codes=tuple(rows["product"]),
        chip=chip,
    )  # fmt: skip


def _agreements(baseline: Baseline) -> list[Control]:
    if baseline.partner != "RUS" or baseline.reporter != "IND":
        return []
    return [
        Control(
            "agreement", DUTIES, "", "India-EAEU agreement", "%",
            "terms of reference of 20 August 2025; coverage and use are assumed",
            0.0, 0.0, 100.0, 1.0,
            lambda value, _: (FreeTradeAgreement(coverage=value / 100),),
            what="Duties on both sides fall to zero for this share of the trade.",
            caveat="No schedule is published; the lower of two duties is paid.",
            today="no agreement today",
            front=True,
        )
    ]  # fmt: skip


def _switches(baseline: Baseline) -> list[Control]:
    """Return the tick boxes of the duties: MFN instead of preference, GSP."""
    out = [
        Control(
            f"{baseline.reporter}:mfn", DUTIES, "",
            f"{whose(baseline.reporter)} cuts for all suppliers (MFN)", "",
            "", 0.0, 0.0, 1.0, 1.0, lambda _, settings: (), switch=True,
            what="Off: a preference for the partner only; on: every supplier gains.",
        )
    ]  # fmt: skip
    farm = tuple(
        code
        for code in sorted(set(baseline.frame.query("importer == 'RUS'")["product"]))
        if code[:2].isdigit() and 1 <= int(code[:2]) <= 24
    )
    if not farm or (baseline.reporter, baseline.partner) != ("IND", "RUS"):
        return out
    gsp = TariffCut(importer="RUS", exporter="IND", products=farm, mfn_times=0.75)
    return [
        *out,
        Control(
            "RUS:gsp", DUTIES, "", "EAEU preferences for India: 75 % of the duty", "",
            "EAEU rule for listed goods of beneficiaries",
            0.0, 0.0, 1.0, 1.0, lambda _, settings: (gsp,), switch=True,
            what="India pays three quarters of the duty on farm goods and food.",
            caveat="India's status is unconfirmed and the list of goods was not found: "
            "chapters 01-24 are assumed.",
            codes=farm,
        ),
    ]  # fmt: skip


def _by_size(rows: pd.DataFrame) -> list[str]:
    sizes = rows.groupby("group")["value_usd_mn"].sum()
    order = [str(name) for name in sizes.sort_values(ascending=False).index]
    return [*(x for x in order if x != SMALL), *(x for x in order if x == SMALL)]


def _cut(importer: str, exporter: str, codes: tuple[str, ...]) -> LeversOf:
    def levers(value: float, settings: Settings) -> tuple[Lever, ...]:
        everyone = settings.get(f"{importer}:mfn", 0.0) > 0
        return (
            TariffCut(
                importer=importer,
                exporter="ALL" if everyone else exporter,
                products=codes,
                by=value / 100,
            ),
        )

    return levers
