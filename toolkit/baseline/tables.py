"""Joining flows, rates, products and world totals into one checked trade frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.schema import (
    EVERYONE,
    FLAGS,
    OPTIONAL,
    check_country,
    check_product,
    check_text,
    clean_text,
    cleaning_note,
    nearest,
    require_frame,
    shown,
)
from toolkit.schema.cells import codes, flags, is_empty, numbers, texts
from toolkit.schema.text import LONGEST_NAME

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
        raise ValueError(
            f"reporter and partner are the same country: {shown(reporter)}."
        )


def check_line(value: object, what: str) -> str:
    """Return a year or source as text that may stand under every chart, or raise."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return check_text(value, what, LONGEST_NAME)


def check_present(frame: pd.DataFrame, reporter: str, partner: str) -> None:
    """Raise unless both countries trade in the frame."""
    present = set(frame["importer"]) | set(frame["exporter"])
    for code, what in ((reporter, "reporter"), (partner, "partner")):
        if code not in present:
            raise ValueError(
                f"{what} {shown(code)} is not in the frame; {nearest(code, present)}"
            )


def source_of(frame: pd.DataFrame) -> str:
    """Return the first sources that a frame names, as one line."""
    sources = [text for text in frame["source"].unique() if text]
    return "; ".join(map(str, sources[:3]))[:LONGEST_NAME]


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
    columns = [name for name in RATE_COLUMNS if name in rates]
    table = pd.DataFrame(
        {
            "importer": codes(rates["importer"], "importer of rates", check_country),
            "product": codes(rates["product"], "product of rates", check_product),
            "exporter": _suppliers(rates),
            **{name: _cells(rates, name) for name in columns},
        }
    )
    if "mfn_rate" not in rates:
        of_all = table["applied_rate"].where(table["exporter"] == "")
        table = table.assign(mfn_rate=of_all)
        columns = [*columns, "mfn_rate"]
    keys = ["importer", "product", "exporter"]
    doubled = table.duplicated(keys)
    if doubled.any():
        first = tuple(table.loc[doubled, keys].iloc[0])
        raise ValueError(f"rates has two rows for {first}.")
    general = table[table["exporter"] == ""].drop(columns="exporter")
    own = table[table["exporter"] != ""]
    bare = flows.drop(columns=columns, errors="ignore").reset_index(drop=True)
    bare = bare.assign(
        importer=codes(bare["importer"], "importer", check_country),
        exporter=codes(bare["exporter"], "exporter", check_country),
        product=codes(bare["product"], "product", check_product),
    )
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


def _cells(rates: pd.DataFrame, name: str) -> Any:
    """Return a column of rates: numbers, or the words of its status."""
    if name == "rate_status":
        return texts(rates[name])
    return numbers(rates[name], f"{name} of rates", _row)


def _row(row: int) -> str:
    return f"row {row + 1}"


def _suppliers(rates: pd.DataFrame) -> list[str]:
    """Return whose rate each row is; "" holds for all others."""
    if "exporter" not in rates:
        return [""] * len(rates)

    def check(value: object, what: str) -> str:
        if is_empty(value) or value in ("", EVERYONE):
            return ""
        return check_country(value, what)

    cells = rates["exporter"].astype(object).tolist()
    return [check(c, f"exporter of rates (row {n})") for n, c in enumerate(cells, 1)]


def with_flags(flows: pd.DataFrame, products: pd.DataFrame) -> pd.DataFrame:
    """Return flows with what the products table says of them: two flags."""
    _require(products, ["product"], "products")
    known = pd.Series(codes(products["product"], "product of products", check_product))
    if known.duplicated().any():
        twice = known[known.duplicated()].iloc[0]
        raise ValueError(f"products has two rows for {shown(twice)}.")
    if "product" not in require_frame(flows, "A trade frame"):
        return flows
    out = flows
    for name in FLAGS:
        if name in products:
            said = pd.Series(flags(products[name], f"{name} of products", _row), known)
            unknown = OPTIONAL[name] if name not in flows else flows[name]
            out = out.assign(**{name: _told(flows["product"].map(said), unknown)})
    return out


def _told(known: pd.Series, unknown: Any) -> NDArray[Any]:
    """Return the flags that are known, those of the frame (or a default) elsewhere."""
    return np.where(known.notna(), known, unknown)


def labels(products: pd.DataFrame | None, column: str) -> dict[str, str]:
    """Return product to label; empty where there is no such column."""
    if products is None or column not in products:
        return {}
    pairs = zip(products["product"], products[column], strict=True)
    return {
        str(code): " ".join(clean_text(text).split())
        for code, text in pairs
        if not is_empty(text)
    }


def notes_on_labels(products: pd.DataFrame | None) -> tuple[str, ...]:
    """Return a note where labels or groups of products were cleaned."""
    if products is None:
        return ()
    return tuple(
        note
        for column, what in (("name", "the products' labels"), ("group", "the groups"))
        if column in products
        for note in cleaning_note(
            what, [t for t in products[column] if not is_empty(t)]
        )
    )


def check_world(world: pd.DataFrame | None) -> pd.DataFrame | None:
    """Return a copy of the world totals, columns checked."""
    if world is None:
        return None
    _require(world, WORLD_COLUMNS, "world")
    value = numbers(world["value_usd_mn"], "value_usd_mn of world", _row)
    return world.reset_index(drop=True).assign(value_usd_mn=value)


def sold_to_all(world: pd.DataFrame) -> float:
    """Return the reporter's exports to the world, US$ million."""
    sold = (world["flow"] == "export") & (world["partner"] == "WLD")
    return float(world["value_usd_mn"].to_numpy()[sold.to_numpy()].sum())


def _require(table: pd.DataFrame, columns: list[str], what: str) -> None:
    require_frame(table, what)
    for name in columns:
        if name not in table:
            raise ValueError(
                f"{what} lacks the column {shown(name)}; "
                + nearest(name, map(str, table))
            )
