"""Effects of duties: one cut, and both schedules of an agreement."""

from __future__ import annotations

import numpy as np

from toolkit.levers import FreeTradeAgreement, TariffCut
from toolkit.levers.base import as_products
from toolkit.market.effect import Effect
from toolkit.market.flows import Floats, Flows, Integers
from toolkit.schema import EVERYONE


def tariff_cut(lever: TariffCut, flows: Flows) -> Effect:
    """Return the duty after a cut, capped at the bound rate where it is known."""
    exclude = as_products(lever.exclude) if lever.exclude else ()
    found = flows.match(lever.importer, lever.exporter, lever.prefixes, exclude)
    found, notes = _driven(flows, found)
    of_mfn = lever.exporter == EVERYONE or lever.mfn_times is not None
    today = (flows.mfn if of_mfn else flows.rate)[found]
    rate = _new_rate(lever, flows, found, today)
    if lever.respect_bound:
        # A rate above its bound today (an AVE moves with prices) is not cut for it.
        bound = np.nan_to_num(flows.bound[found], nan=np.inf)
        limit = np.fmax(bound, today)
        over = rate > limit
        if over.any():
            codes = flows.codes(found[over])
            notes += (f"The duty on {codes} was capped at its bound rate.",)
        rate = np.minimum(rate, limit)
    return Effect(found, _duties(lever, today, flows.mfn[found], rate), notes)


def _duties(
    lever: TariffCut, today: Floats, mfn: Floats, rate: Floats
) -> dict[str, Floats]:
    """Return the channels of a cut: MFN for all; for one supplier a preference.

    A share of the duty is a margin on the MFN duty in force. A rate above today's for
    one supplier is no preference but a duty against it.
    """
    if lever.exporter == EVERYONE:
        return {"mfn_rate": rate}
    none = np.full(len(rate), np.nan)
    if lever.by is not None or lever.mfn_times is not None:
        known = (today > 0) & (rate <= mfn)
        margin = np.where(known, rate / np.where(known, mfn, 1.0), 1.0)
        return {"preference": margin, "own_rate": np.where(rate > mfn, rate, none)}
    above = rate > today
    return {
        "own_rate": np.where(above, none, rate),
        "extra_rate": np.where(above, rate, none),
    }


def free_trade_agreement(lever: FreeTradeAgreement, flows: Flows) -> Effect:
    """Return the share of the MFN duty that both members charge each other."""
    pieces, notes = [], ()
    ways = [way for way in (lever.members, lever.members[::-1]) if _held(flows, way)]
    for importer, exporter in ways or [lever.members]:
        found = flows.match(importer, exporter, ("",), lever.excluded(importer))
        found, left = _driven(flows, found)
        pieces.append(found)
        notes += left
    found = np.concatenate(pieces)
    for prefix, _ in lever.staging:
        flows.require(None, prefix)
    kept = 1.0 - lever.coverage * lever.utilisation
    margin = {"preference": np.full(len(found), kept)}
    return Effect(found, margin, tuple(dict.fromkeys(notes)))


def _held(flows: Flows, way: tuple[str, ...]) -> bool:
    """Return whether the baseline holds a flow between two countries, one way."""
    importer, exporter = way
    return bool(((flows.importer == importer) & (flows.exporter == exporter)).any())


def _driven(flows: Flows, found: Integers) -> tuple[Integers, tuple[str, ...]]:
    keep = flows.tariff_driven[found]
    left = flows.codes(found[~keep])
    if not left:
        return found, ()
    return found[keep], (f"Not driven by tariffs, so no duty lever moves HS {left}.",)


def _new_rate(lever: TariffCut, flows: Flows, found: Integers, base: Floats) -> Floats:
    if lever.to is not None:
        return np.full(len(found), lever.to)
    if lever.by is not None:
        return base * (1.0 - lever.by)
    if lever.mfn_times is not None:
        return base * lever.mfn_times
    tonnes = 1e3 * flows.kilotonnes[found]
    known = (tonnes > 0) & (flows.value[found] > 0)
    if not known.all():
        raise ValueError(
            "specific_to needs kilotonnes and values above zero; missing for HS "
            f"{flows.codes(found[~known])}."
        )
    return float(lever.specific_to or 0.0) * tonnes / (1e6 * flows.value[found])
