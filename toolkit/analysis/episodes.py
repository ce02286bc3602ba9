"""A model against what happened: two episodes of India's crude oil."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from toolkit.baseline import Baseline, crude_before, crude_figure
from toolkit.models import Model
from toolkit.result import Result
from toolkit.scenario import Scenario

CRUDE = {"importer": "IND", "exporter": "RUS", "products": "2709"}
DISCOUNT = "Russian crude discount vs West Asia"
YEARS = ("2022-23", "2023-24", "2024-25")
COLUMNS = ["episode", "given", "predicted", "unit", "model", "observed"]
Row = tuple[str, str, str, str, float, float]


def crude_episodes(model: Model) -> pd.DataFrame:
    """Return what a model says of two episodes of crude oil, beside what happened.

    The discount of 2022: from the market of 2021-22, the share that Russia gains when
    it holds its price so much below the others', and the discount that the tonnes which
    were bought take. The sanctions of November 2025: what is left if the sanctioned
    sellers' part is lost, and the discount that Russia gives when the sanctions cost so
    much that India buys what it bought in January 2026.

    Parameters
    ----------
    model : Model
        One that carries caps and targets, as :class:`toolkit.Armington`.

    Returns
    -------
    DataFrame
        ``episode, given, predicted, unit``, and ``model``, ``observed`` and ``misses
        by``, their difference. Nothing of these episodes enters a default elasticity.

    Examples
    --------
    >>> import toolkit as tk
    >>> table = tk.crude_episodes(tk.Armington())
    >>> float(table.loc[0, "misses by"].round(1))
    7.2
    """
    rows = [*_discount_of_2022(model), *_sanctions_of_2025(model)]
    table = pd.DataFrame(rows, columns=pd.Index(COLUMNS))
    return table.assign(**{"misses by": table["model"] - table["observed"]})


def _discount_of_2022(model: Model) -> Iterator[Row]:
    base = crude_before("2021-22")
    for year in YEARS:
        percent = crude_figure(year, DISCOUNT)
        lever = {"lever": "PriceChange", "by": -percent / 100, "held": True}
        moved = _row(_solved(model, base, lever))["mb/d"]
        share, seen = 100 * moved["share"], crude_figure(year, "Russia share", "ICRA")
        given = f"discount of {percent:g} %"
        yield year, given, "Russia's share of crude", "percent", share, seen
    for year in (YEARS[0], YEARS[-1]):
        tonnes = crude_figure(year, "Russia volume")
        lever = {"lever": "QuantityTarget", "kilotonnes": 1e3 * tonnes}
        result = _solved(model, base, {**lever, "paid_by": "exporter"})
        given, seen = f"{tonnes:g} Mt bought", crude_figure(year, DISCOUNT)
        yield year, given, "discount", "percent", _cheaper(result), seen


def _sanctions_of_2025(model: Model) -> Iterator[Row]:
    base = crude_before("2025-11")
    part = crude_figure("2024-25", "share of the sanctioned sellers")
    lever = {"lever": "SupplyDisruption", "by": 1.0, "seller_share": part / 100}
    left = _row(_solved(model, base, lever))["mb/d"]["counterfactual"]
    given = f"sanctioned sellers' {part:g} % lost"
    for month in ("2025-12", "2026-01"):
        seen = crude_figure(month, "russia_mb_per_day")
        yield month, given, "Russian crude", "mb/d", left, seen
    barrels = crude_figure("2026-01", "russia_mb_per_day")
    cut = _solved(model, base, {"lever": "SupplyDisruption", "to_mbd": barrels})
    cost = float(cut.wedges()["wedge"].iloc[0])
    result = _solved(model, base, {"lever": "SanctionCost", "cost": cost})
    discount = _row(result)["discount, US$ a barrel"]["counterfactual"]
    given, seen = f"{barrels:g} mb/d bought", crude_figure("2026-01", "discount")
    yield "2026-01", given, "discount", "US$ a barrel", discount, seen


def _solved(model: Model, base: Baseline, lever: dict[str, Any]) -> Result:
    levers = {"levers": [{**lever, **CRUDE}]}
    return model.solve(base, Scenario.from_dict({"name": "episode", **levers}))


def _row(result: Result) -> dict[str, dict[str, float]]:
    """Return Russia's barrels with their share, and its discount."""
    table = result.barrels()
    after = table["mb/d"]["counterfactual"]
    measures = table.columns.get_level_values(0).unique()
    out = {str(name): table[name].loc["RUS"].to_dict() for name in measures}
    out["mb/d"]["share"] = float(after["RUS"] / after["total"])
    return out


def _cheaper(result: Result) -> float:
    """Return by how much Russia's price fell against the others', percent."""
    table = result.barrels()
    hats = table["US$ a barrel"]["counterfactual"] / table["US$ a barrel"]["baseline"]
    return float(100 * (1 - hats["RUS"] / hats.drop(["RUS", "total"]).median()))
