"""Joining flows, rates, products and world totals into one checked trade frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.schema import EVERYONE, FLAGS, OPTIONAL, check_country, nearest

WORLD_COLUMNS = ["flow", "partner", "hs2", "value_usd_mn"]
RATE_COLUMNS = [
    "applied_rate",
    "mfn_rate",
    "statutory_rate",
    "bound_rate",
    "gsp_rate",
    "rate_status",
]


def check_pair(reporter: str, partner: str) -> None:
    """Raise unless the two are different countries."""
    check_country(reporter, "reporter")
    check_country(partner, "partner")
    if reporter == partner:
        raise ValueError(f"reporter and partner are the same country: {reporter!r}.")


def check_present(frame: pd.DataFrame, reporter: str, partner: str) -> None:
    """Raise unless both countries trade in the frame."""
    present = set(frame["importer"]) | set(frame["exporter"])
    for code, what in ((reporter, "reporter"), (partner, "partner")):
        if code not in present:
            raise ValueError(
                f"{what} {code!r} is not in the frame; {nearest(code, present)}"
            )


def source_of(frame: pd.DataFrame) -> str:
    """Return the first sources that a frame names, as one line."""
    sources = [text for text in frame["source"].unique() if text]
    return "; ".join(map(str, sources[:3]))


def with_rates(flows: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    """Return flows with each its rate: the supplier's own before that of all.

    The rate of all is the MFN duty that a supplier's own is a margin on.

    Raises
    ------
    ValueError
        A column missing, a rate given twice, a flow without one.
    """
    _require(rates, ["importer", "product", "applied_rate"], "rates")
    _require(flows, ["importer", "exporter", "product"], "flows")
    if "status" in rates and "rate_status" not in rates:
        rates = rates.assign(rate_status=rates["status"])
    who = rates["exporter"].fillna("") if "exporter" in rates else ""
    table = rates.assign(exporter=who).replace({"exporter": {EVERYONE: ""}})
    if "mfn_rate" not in rates:
        of_all = table["applied_rate"].where(table["exporter"] == "")
        table = table.assign(mfn_rate=of_all)
    columns = [name for name in RATE_COLUMNS if name in table]
    keys = ["importer", "product", "exporter"]
    doubled = table.duplicated(keys)
    if doubled.any():
        first = tuple(table.loc[doubled, keys].iloc[0])
        raise ValueError(f"rates has two rows for {first}.")
    general = table[table["exporter"] == ""].drop(columns="exporter")
    own = table[table["exporter"] != ""]
    bare = flows.drop(columns=columns, errors="ignore").reset_index(drop=True)
    out = bare.merge(general[["importer", "product", *columns]], "left")
    special = bare.merge(own[[*keys, *columns]], "left")[columns]
    out[columns] = special.where(special.notna(), out[columns])
    if "rate_status" in out:
        out["rate_status"] = out["rate_status"].fillna("")
    home = out["importer"] == out["exporter"]
    out.loc[home & out["applied_rate"].isna(), "applied_rate"] = 0.0
    lacking = out.loc[out["applied_rate"].isna(), ["importer", "exporter", "product"]]
    if len(lacking):
        first = tuple(lacking.iloc[0])
        raise ValueError(f"{len(lacking)} flows have no rate; the first is {first}.")
    return out


def with_flags(flows: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return flows with what the products table says of them: two flags."""
    _require(products, ["product"], "products")
    if products["product"].duplicated().any():
        twice = products.loc[products["product"].duplicated(), "product"].iloc[0]
        raise ValueError(f"products has two rows for {twice!r}.")
    if "product" not in flows:
        return flows
    out = flows
    for name in FLAGS:
        if name in products:
            known = products.set_index("product")[name]
            unknown = OPTIONAL[name] if name not in flows else flows[name]
            out = out.assign(**{name: _told(flows["product"].map(known), unknown)})
    return out


def _told(known: pd.Series, unknown: Any) -> NDArray[Any]:
    """Return the flags that are known, those of the frame (or a default) elsewhere."""
    return np.where(known.notna(), known, unknown)


def labels(products: pd.DataFrame | None, column: str) -> dict[str, str]:
    """Return product to label; empty where there is no such column."""
    if products is None or column not in products:
        return {}
    known = products[products[column].notna()]
    pairs = zip(known["product"], known[column], strict=True)
    return {str(code): str(text) for code, text in pairs}


def check_world(world: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return a copy of the world totals, columns checked."""
    if world is None:
        return None
    _require(world, WORLD_COLUMNS, "world")
    return world.reset_index(drop=True)


def sold_to_all(world: pd.DataFrame) -> float:
    """Return the reporter's exports to the world, US$ million."""
    sold = (world["flow"] == "export") & (world["partner"] == "WLD")
    return float(world["value_usd_mn"].to_numpy()[sold.to_numpy()].sum())


def _require(table: pd.DataFrame, columns: list[str], what: str) -> None:
    for name in columns:
        if name not in table:
            raise ValueError(
                f"{what} lacks the column {name!r}; {nearest(name, map(str, table))}"
            )
