"""The world of 2023 in eight regions, home sales included: one good, US$ million.

Known cells come from ``world_trade`` (India's and Russia's trade with every region,
and what was found of the others). A cell that was not found is assumed: ``k GDP_i
GDP_n / GDP``, k such that the known cells between other regions add up. Home sales are
GDP less exports, as if goods were made of value added alone: assumed too. Duties are
those of the official baseline of 2024-25, weighted by trade; others are assumed.
"""

from __future__ import annotations

import itertools

import pandas as pd
from common import read

from toolkit.baseline import Baseline

YEAR = "2024-25"  # of the duties
ASSUMED_RATE = 0.03  # of importers whose duties were not looked up
UNION = ("RUS", "EAE")  # one customs territory
PAIR = ("IND", "RUS")


def table(flows: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Return one row per importer and exporter: value, duty, and where both are from.

    Parameters
    ----------
    flows, rates : DataFrame
        The derived tables of both official baselines.
    """
    gdp = read("world_gdp").set_index("region")["gdp_usd_mn"]
    known = read("world_trade").set_index(["importer", "exporter"])
    scale = _scale(known, gdp)
    rows = [
        _known(known.loc[(buyer, seller)])
        if (buyer, seller) in known.index
        else _assumed(seller, buyer, gdp, scale)
        for buyer, seller in itertools.permutations(gdp.index, 2)
    ]
    keys = pd.DataFrame(
        list(itertools.permutations(gdp.index, 2)), columns=["importer", "exporter"]
    )
    trade = pd.concat([keys, pd.DataFrame(rows)], axis=1)
    whole = pd.concat([trade, _home(trade, gdp)], ignore_index=True)
    whole.insert(2, "product", "")
    return _with_rates(whole, _weighted(flows, rates)).sort_values(
        ["importer", "exporter"]
    )


def _scale(known: pd.DataFrame, gdp: pd.Series) -> float:
    """Return k: known trade between other regions over ``sum GDP_i GDP_n / GDP``."""
    third = known[[not set(pair) & set(PAIR) for pair in known.index]]
    product = sum(gdp[a] * gdp[b] for a, b in third.index) / gdp.sum()
    return round(float(third["value_usd_mn"].sum() / product), 4)


def _known(row: pd.Series) -> dict[str, object]:
    names = ["value_usd_mn", "status", "source", "vintage", "derivation"]
    return {**row[names].to_dict(), "source": f"{row['publisher']}; {row['source']}"}


def _assumed(
    seller: str, buyer: str, gdp: pd.Series, scale: float
) -> dict[str, object]:
    return {
        "value_usd_mn": round(scale * gdp[seller] * gdp[buyer] / gdp.sum(), 1),
        "status": "assumed",
        "source": "not found; gross domestic products of world_gdp",
        "vintage": "2025",
        "derivation": f"{scale} x GDP of {seller} x GDP of {buyer} / GDP of the world",
    }


def _home(trade: pd.DataFrame, gdp: pd.Series) -> pd.DataFrame:
    sold = trade.groupby("exporter")["value_usd_mn"].sum()
    home = (gdp - sold).round(1)
    if (home <= 0).any():
        raise ValueError(f"Home sales of {home[home <= 0].to_dict()} are not positive.")
    text = [f"GDP {gdp[c]:.1f} - exports {sold[c]:.1f}" for c in gdp.index]
    return pd.DataFrame(
        {
            "importer": gdp.index,
            "exporter": gdp.index,
            "value_usd_mn": home[gdp.index].to_numpy(),
            "status": "assumed",
            "source": "World Bank, World Development Indicators; see world_gdp",
            "vintage": "2025",
            "derivation": text,
        }
    )


def _weighted(flows: pd.DataFrame, rates: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the duty of India and Russia on each other and on the rest."""
    year = flows["year"] == YEAR
    base = Baseline.from_tables(
        flows[year].drop(columns="year"), rates[rates["year"] == YEAR]
    ).frame
    out = {}
    for buyer, seller in (PAIR, PAIR[::-1]):
        mine = base[base["importer"] == buyer]
        for name, part in (
            (seller, mine[mine["exporter"] == seller]),
            ("", mine[mine["exporter"] != seller]),
        ):
            duty = (part["value_usd_mn"] * part["applied_rate"]).sum()
            out[buyer, name] = round(float(duty / part["value_usd_mn"].sum()), 4)
    return out


def _with_rates(
    whole: pd.DataFrame, weighted: dict[tuple[str, str], float]
) -> pd.DataFrame:
    pairs = zip(whole["importer"], whole["exporter"], strict=True)
    found = [_rate(buyer, seller, weighted) for buyer, seller in pairs]
    rates = pd.DataFrame(found, columns=["applied_rate", "rate_derivation"])
    out = pd.concat([whole.reset_index(drop=True), rates], axis=1)
    order = ["importer", "exporter", "product", "value_usd_mn", "applied_rate"]
    rest = ["status", "source", "vintage", "derivation", "rate_derivation"]
    return out[[*order, *rest]]


def _rate(
    buyer: str, seller: str, weighted: dict[tuple[str, str], float]
) -> tuple[float, str]:
    if buyer == seller:
        return 0.0, "home"
    if {buyer, seller} == set(UNION):
        return 0.0, "one customs union"
    tariff = "RUS" if buyer in UNION else buyer
    if tariff in PAIR:
        partner = seller if (tariff, seller) in weighted else ""
        text = f"weighted by trade, {YEAR}, from the official baseline"
        return weighted[tariff, partner], text + ("; common tariff" * (buyer == "EAE"))
    return ASSUMED_RATE, "assumed"
