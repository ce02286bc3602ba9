"""Turn each lever into its effect on the lines: the one place where that happens."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import numpy as np

from toolkit.baseline import Baseline
from toolkit.levers import (
    FreeTradeAgreement,
    Lever,
    MarketAccess,
    NonTariffEasing,
    QuantityTarget,
    ScheduledImport,
    SupplyDisruption,
    TariffCut,
    TradeCostChange,
)
from toolkit.levers.base import as_products
from toolkit.market.access import newcomer_value, unit_price
from toolkit.market.lines import Floats, Integers, Lines
from toolkit.market.shocks import Effect

FAR = 5.0
RENTS = ("rent_importer", "rent_exporter", "rent_importer_base", "rent_exporter_base")


@singledispatch
def effect_of(
    lever: Lever, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    """Return what a lever does to the lines of a baseline in a year.

    Raises
    ------
    ValueError
        The lever names a country or product that the baseline does not hold, or
        the model has no way to carry it.
    """
    raise ValueError(f"{type(lever).__name__} is not a lever of this market.")


def _driven(lines: Lines, found: Integers) -> tuple[Integers, tuple[str, ...]]:
    keep = lines.tariff_driven[found]
    left = sorted(set(lines.product[found[~keep]]))
    if not left:
        return found, ()
    note = f"Not driven by tariffs, so no duty lever moves HS {', '.join(left)}."
    return found[keep], (note,)


@effect_of.register
def _(lever: TariffCut, baseline: Baseline, lines: Lines, year: int | None) -> Effect:
    found = lines.match(
        lever.importer,
        lever.exporter,
        lever.prefixes,
        as_products(lever.exclude) if lever.exclude else (),
    )
    found, notes = _driven(lines, found)
    base = lines.rate[found]
    full = _full_rate(lever, lines, found)
    rate = base + lever.share_in_force(year) * (full - base)
    if lever.respect_bound:
        # A rate above its bound today (an AVE moves with prices) is not cut for it.
        limit = np.fmax(np.nan_to_num(lines.bound[found], nan=np.inf), base)
        over = rate > limit
        if over.any():
            codes = ", ".join(sorted(set(lines.product[found[over]])))
            notes += (f"The duty on {codes} was capped at its bound rate.",)
        rate = np.minimum(rate, limit)
    return Effect(found, {"rate": rate}, notes)


def _full_rate(lever: TariffCut, lines: Lines, found: Integers) -> Floats:
    base = lines.rate[found]
    if lever.to is not None:
        return np.full(len(found), lever.to)
    if lever.by is not None:
        return base * (1.0 - lever.by)
    if lever.mfn_times is not None:
        return base * lever.mfn_times
    tonnes = 1e3 * lines.kilotonnes[found]
    known = (tonnes > 0) & (lines.value[found] > 0)
    if not known.all():
        codes = ", ".join(sorted(set(lines.product[found[~known]])))
        raise ValueError(
            "specific_to needs kilotonnes and values above zero; missing for HS "
            f"{codes}."
        )
    return float(lever.specific_to or 0.0) * tonnes / (1e6 * lines.value[found])


@effect_of.register
def _(
    lever: FreeTradeAgreement, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    pieces, notes = [], ()
    for importer, exporter in (lever.members, lever.members[::-1]):
        found = lines.match(importer, exporter, ("",), lever.excluded(importer))
        found, left = _driven(lines, found)
        pieces.append(found)
        notes += left
    found = np.concatenate(pieces)
    years = np.ones(len(found), dtype=int)
    for prefix, steps in lever.staging:
        lines.require(None, prefix)
        years[np.strings.startswith(lines.product[found], prefix)] = steps
    phase = np.array([lever.share_in_force(int(n), year) for n in years])
    cut = lever.coverage * lever.utilisation * phase
    return Effect(
        found, {"rate": lines.rate[found] * (1.0 - cut)}, tuple(dict.fromkeys(notes))
    )


@effect_of.register
def _(
    lever: NonTariffEasing, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    found = lines.match(lever.importer, lever.exporter, lever.prefixes)
    known = lines.ntm_ave[found]
    notes: tuple[str, ...] = ()
    if lever.ave is not None:
        ave = np.full(len(found), lever.ave)
    else:
        ave = np.where(known > 0, known, lever.ASSUMED_AVE)
        if (known <= 0).any():
            notes = (
                f"Barrier cost of {lever.ASSUMED_AVE:.0%} assumed where the baseline "
                "has none (range 5-30 %).",
            )
    change = (1.0 + ave * (1.0 - lever.by)) / (1.0 + ave)
    rent = f"rent_{lever.rent_to}"
    values = {
        **{name: np.ones(len(found)) for name in RENTS},
        "resource": change**lever.resource,
        rent: change**lever.rent,
        "fee": change**lever.fee,
        f"{rent}_base": (1.0 + ave) ** lever.rent,
        "fee_base": (1.0 + ave) ** lever.fee,
    }
    blocked = found[lines.value[found] == 0]
    if len(blocked):
        codes = ", ".join(sorted(set(lines.product[blocked])))
        notes += (f"HS {codes} trades zero: an easing moves nothing there.",)
    return Effect(found, values, notes)


@effect_of.register
def _(
    lever: MarketAccess, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    found = lines.match(lever.importer, lever.exporter, lever.prefixes)
    new = found[lines.value[found] == 0]
    notes = []
    if len(new) < len(found):
        codes = ", ".join(sorted(set(lines.product[np.setdiff1d(found, new)])))
        notes.append(f"HS {codes} is traded already: opening moves nothing there.")
    values, remarks = newcomer_value(lever, lines, new)
    floor = np.zeros(len(new))
    return Effect(new, {"newcomer": values, "floor": floor}, (*notes, *remarks))


@effect_of.register
def _(
    lever: TradeCostChange, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    found = lines.match(lever.importer, lever.exporter, lever.prefixes)
    return Effect(found, {"freight": np.full(len(found), lever.factor)})


@effect_of.register
def _(
    lever: QuantityTarget, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    found = lines.match(lever.importer, lever.exporter, lever.prefixes)
    traded = found[lines.value[found] > 0]
    if len(traded) == 0:
        return _new_trade_target(lever, lines, found)
    today = _measured(lever, lines, traded)
    target = lever.kilotonnes if lever.kilotonnes is not None else lever.usd_mn
    factor = float(target or 0.0) / today
    notes: tuple[str, ...] = ()
    if factor <= 1.0:
        unit = "kt" if lever.kilotonnes is not None else "US$ mn"
        notes = (
            f"'{lever.sentence()}' does not bind: {today:,.0f} {unit} are bought "
            "already.",
        )
    if factor > FAR:
        notes = (
            f"'{lever.sentence()}' is {factor:,.0f} times today's purchases: its price "
            "wedge is outside what the elasticities were estimated on.",
        )
    to_exporter = float(lever.paid_by == "exporter")
    values = {
        "cap": np.full(len(traded), np.inf),
        "floor": np.full(len(traded), factor),
        "wedge_to_exporter": np.full(len(traded), to_exporter),
    }
    return Effect(traded, values, notes)


def _measured(lever: QuantityTarget, lines: Lines, traded: Integers) -> float:
    if lever.kilotonnes is None:
        return float(lines.value[traded].sum())
    tonnes = lines.kilotonnes[traded]
    unknown = ~(tonnes > 0)
    if unknown.any():
        codes = ", ".join(sorted(set(lines.product[traded[unknown]])))
        raise ValueError(
            f"The baseline has no kilotonnes for HS {codes}: set the target by "
            "usd_mn, or name products that have them."
        )
    return float(tonnes.sum())


def _new_trade_target(lever: QuantityTarget, lines: Lines, found: Integers) -> Effect:
    if lever.usd_mn is not None:
        total, remark = lever.usd_mn, ""
    else:
        price, remark = unit_price(lever, lines, found)
        total = float(lever.kilotonnes or 0.0) * price / 1e3
    weight = np.full(len(found), total / len(found))
    notes = [
        f"'{lever.sentence()}' starts from zero trade: the price at which the market "
        "would buy it cannot be told, so no wedge is reported."
    ]
    if remark:
        notes.append(remark)
    values: dict[str, Any] = {"newcomer": weight, "floor": np.ones(len(found))}
    return Effect(found, values, tuple(notes))


@effect_of.register
def _(
    lever: SupplyDisruption, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    found = lines.match(lever.importer, lever.exporter, lever.prefixes)
    found = found[lines.value[found] > 0]
    if len(found) == 0:
        note = f"'{lever.sentence()}' moves nothing: the flow is zero today."
        return Effect(found, {}, (note,))
    total = 0.0
    if lever.by is None:
        total = float(lines.kilotonnes[found].sum())
        if not total > 0:
            raise ValueError(
                "A cap in physical units needs kilotonnes in the baseline for "
                f"HS {', '.join(lever.prefixes)}: use by= instead."
            )
    left = lever.remaining(total)
    notes = ()
    if left >= 1.0:
        notes = (f"'{lever.sentence()}' does not bind: today's flow is smaller.",)
    to_exporter = float(lever.rent_to == "exporter")
    values = {
        "cap": np.full(len(found), left),
        "floor": np.zeros(len(found)),
        "wedge_to_exporter": np.full(len(found), to_exporter),
    }
    return Effect(found, values, notes)


@effect_of.register
def _(
    lever: ScheduledImport, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    found = lines.match(lever.importer, lever.exporter, lever.prefixes)
    if len(found) != 1:
        codes = ", ".join(lines.product[found])
        raise ValueError(f"A ScheduledImport needs one product; these match: {codes}.")
    if lines.value[found[0]] + lever.usd_mn < 0:
        raise ValueError(
            f"usd_mn {lever.usd_mn:g} would make the flow negative: it is "
            f"{lines.value[found[0]]:g} today."
        )
    return Effect(found, {"scheduled": np.array([lever.usd_mn])})
