"""Identities of the long frame, recomputed from what a user sees."""

from __future__ import annotations

from toolkit.result.parts import Identity, figure
from toolkit.result.tables import Tables


def balance_identity(result: Tables) -> Identity:
    """Return whether the products of the long frame add up to the balance."""
    frame = result.frame
    frame = frame[frame["variable"] == "value"]
    summed = 0.0
    for direction, importer, exporter in result.flows():
        rows = (frame["importer"] == importer) & (frame["exporter"] == exporter)
        sign = 1.0 if direction == "exports" else -1.0
        summed += sign * float(frame.loc[rows, "change"].sum())
    table = result.balance()
    traded = table.loc[["exports", "imports"], ["baseline", "counterfactual"]]
    scale = float(traded.abs().to_numpy().sum()) or 1.0
    gap = abs(summed - figure(table, "balance", "change")) / scale
    return Identity("products add up to the balance", gap, 1e-9)


def revenue_identity(result: Tables) -> Identity:
    """Return whether revenue is the sum of rate times value in the long frame."""
    frame = result.frame.set_index(["importer", "exporter", "product"])
    by_name = {name: rows for name, rows in frame.groupby("variable")}
    if not {"tariff_revenue", "applied_rate"} <= by_name.keys():
        return Identity("revenue is rate times value", 0.0, 1e-9)
    rate = by_name["applied_rate"]["counterfactual"]
    due = float((rate * by_name["value"]["counterfactual"]).sum())
    paid = float(by_name["tariff_revenue"]["counterfactual"].sum())
    values = by_name["value"]
    scale = float(values["baseline"].sum() + values["counterfactual"].sum()) or 1.0
    return Identity("revenue is rate times value", abs(due - paid) / scale, 1e-9)
