"""Tables of a trade frame: both directions by product, suppliers of one market."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.schema import nearest, shown

SHOWN = ["name", "value_usd_mn", "kilotonnes", "applied_rate", "market_share"]
OF_SUPPLIERS = ["value_usd_mn", "share", "kilotonnes", "applied_rate", "basis"]


def flow_rows(frame: pd.DataFrame, importer: str, exporter: str) -> pd.DataFrame:
    """Return the rows of the flow from an exporter to an importer."""
    return frame[(frame["importer"] == importer) & (frame["exporter"] == exporter)]


def product_table(
    frame: pd.DataFrame, flows: Mapping[str, tuple[str, str]], names: Mapping[str, str]
) -> pd.DataFrame:
    """Return each direction (importer, exporter) by product, the largest first."""
    totals = frame.groupby(["importer", "product"])["value_usd_mn"].sum()
    out = []
    for direction, (importer, exporter) in flows.items():
        rows = flow_rows(frame, importer, exporter)
        held = pd.MultiIndex.from_product([[importer], rows["product"]])
        market = totals.reindex(held).to_numpy()
        share = rows["value_usd_mn"].to_numpy() / np.where(market > 0, market, 1.0)
        labels = [names.get(code, code) for code in rows["product"]]
        out.append(rows.assign(direction=direction, name=labels, market_share=share))
    table = pd.concat(out).set_index(["direction", "product"])[SHOWN]
    return table.sort_values("value_usd_mn", ascending=False).sort_index(
        level="direction", sort_remaining=False, kind="stable"
    )


def supplier_table(frame: pd.DataFrame, importer: str, product: str) -> pd.DataFrame:
    """Return who sells a product to an importer, the largest first.

    Raises
    ------
    ValueError
        The importer does not buy that product.
    """
    bought = frame[frame["importer"] == importer]
    rows = bought[bought["product"] == product]
    if rows.empty:
        held = map(str, bought["product"].unique())
        raise ValueError(
            f"{shown(importer)} buys no {shown(product)} in this baseline; "
            + nearest(product, held)
        )
    total = rows["value_usd_mn"].sum()
    table = rows.assign(share=rows["value_usd_mn"] / (total if total > 0 else 1.0))
    table = table.set_index("exporter")[[*OF_SUPPLIERS, "status"]]
    return table.sort_values("value_usd_mn", ascending=False)
