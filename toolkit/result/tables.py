"""Tables of a result: by product, by supplier, by account, of wedges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from toolkit.result.parts import Identity, balance_table, figure
from toolkit.schema import nearest

if TYPE_CHECKING:
    from toolkit.result.core import Result


def flows_of(result: Result) -> tuple[tuple[str, str, str], ...]:
    """Return direction, importer and exporter of the pair's two flows."""
    return (
        ("exports", result.partner, result.reporter),
        ("imports", result.reporter, result.partner),
    )


def by_product(result: Result, variable: str) -> pd.DataFrame:
    """Return both directions by product for one variable."""
    if variable not in result.line_variables:
        raise ValueError(
            f"No variable {variable!r}; {nearest(variable, result.line_variables)}"
        )
    found = result.line_variables[variable]
    pieces = []
    for direction, importer, exporter in flows_of(result):
        rows = result.flow(importer, exporter)
        codes = result.line_keys.product[rows]
        table = pd.DataFrame(
            {
                "direction": direction,
                "product": codes,
                "name": [result.product_names.get(code, code) for code in codes],
                "baseline": found.baseline[rows],
                "counterfactual": found.counterfactual[rows],
                "change": found.change[rows],
            }
        )
        pieces.append(table)
    return pd.concat(pieces).set_index(["direction", "product"])


def displacement(result: Result, importer: str) -> pd.DataFrame:
    """Return value changes by product and exporter in an importer's markets."""
    value = result.line_variables["value"]
    rows = result.line_keys.frame.assign(change=value.change)
    rows = rows[rows["importer"] == importer]
    table = rows.pivot_table("change", "product", "exporter", aggfunc="sum")
    table = table.fillna(0.0)
    table["total"] = table.sum(axis=1)
    return table[table.abs().max(axis=1) > 1e-9]


def wedges(result: Result) -> pd.DataFrame:
    """Return the caps and targets that bind, with their price wedge."""
    shadow = result.line_variables["shadow_tariff"]
    rent = result.line_variables["rent"].change
    binds = np.abs(np.nan_to_num(shadow.counterfactual)) > 1e-9
    tonnes = result.line_variables["kilotonnes"]
    codes = result.line_keys.product[binds]
    table = result.line_keys.frame[binds].assign(
        name=[result.product_names.get(code, code) for code in codes],
        kilotonnes_before=tonnes.baseline[binds],
        kilotonnes_after=tonnes.counterfactual[binds],
        wedge=shadow.counterfactual[binds],
        importer_rent_usd_mn=rent[binds],
    )
    return table.reset_index(drop=True)


def accounts(result: Result) -> pd.DataFrame:
    """Return revenue, surplus, rent and welfare of both sides, US$ million."""
    rows = {}
    for code in (result.reporter, result.partner):
        market = result.market_keys.importer == code
        buys = result.line_keys.importer == code
        sells = result.line_keys.exporter == code
        rows[code] = _account(result, market, buys, sells)
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("country")


def _account(result: Result, market: Any, buys: Any, sells: Any) -> dict[str, float]:
    lines, markets = result.line_variables, result.market_variables
    out: dict[str, float] = {}
    if "tariff_revenue" in lines:
        out["tariff_revenue"] = float(lines["tariff_revenue"].change[buys].sum())
    if result.static_value is not None and "applied_rate" in lines:
        static = lines["applied_rate"].counterfactual * result.static_value
        before = lines["tariff_revenue"].baseline
        out["static_revenue"] = float((static - before)[buys].sum())
    for name in ("consumer_surplus", "rent", "welfare"):
        source, chosen = (lines, buys) if name in lines else (markets, market)
        if name in source:
            out[name] = float(np.nansum(source[name].change[chosen]))
    if "producer_surplus" in lines:
        out["producer_surplus"] = float(lines["producer_surplus"].change[sells].sum())
    return out


def sums(
    result: Result, importer: str | None, exporter: str | None
) -> tuple[float, float]:
    """Return the value of a flow before and after, home sales left out."""
    chosen = result.line_keys.flow(importer, exporter)
    value = result.line_variables["value"]
    return (
        float(value.baseline[chosen].sum()),
        float(value.counterfactual[chosen].sum()),
    )


def total_balance(result: Result, me: str) -> pd.DataFrame:
    """Return the balance with the world; flows no market holds stay as they are."""
    exports, imports = sums(result, None, me), sums(result, me, None)
    if len(result.world):
        if me != result.reporter:
            raise ValueError(
                f"The baseline knows the world trade of {result.reporter} only: the "
                f"exports of {me} to third countries are not in it."
            )
        unseen = _sold_to_all(result.world) - exports[0]
        exports = (exports[0] + unseen, exports[1] + unseen)
    return balance_table(exports, imports)


def _sold_to_all(world: pd.DataFrame) -> float:
    sold = (world["flow"] == "export") & (world["partner"] == "WLD")
    return float(world["value_usd_mn"].to_numpy()[sold.to_numpy()].sum())


def balance_identity(result: Result) -> Identity:
    """Return whether the products of the long frame add up to the balance."""
    frame = result.frame
    frame = frame[frame["variable"] == "value"]
    summed = 0.0
    for direction, importer, exporter in flows_of(result):
        rows = (frame["importer"] == importer) & (frame["exporter"] == exporter)
        sign = 1.0 if direction == "exports" else -1.0
        summed += sign * float(frame.loc[rows, "change"].sum())
    table = result.balance()
    scale = max(abs(figure(table, "imports", "baseline")), 1.0)
    gap = abs(summed - figure(table, "balance", "change")) / scale
    return Identity("products add up to the balance", gap, 1e-9)


def revenue_identity(result: Result) -> Identity:
    """Return whether revenue is the sum of rate times value in the long frame."""
    frame = result.frame.set_index(["importer", "exporter", "product"])
    by_name = {name: rows for name, rows in frame.groupby("variable")}
    if not {"tariff_revenue", "applied_rate"} <= by_name.keys():
        return Identity("revenue is rate times value", 0.0, 1e-9)
    rate = by_name["applied_rate"]["counterfactual"]
    due = float((rate * by_name["value"]["counterfactual"]).sum())
    paid = float(by_name["tariff_revenue"]["counterfactual"].sum())
    scale = max(float(by_name["value"]["baseline"].sum()), 1.0)
    return Identity("revenue is rate times value", abs(due - paid) / scale, 1e-9)
