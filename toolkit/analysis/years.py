"""One scenario on the figures of several years, side by side."""

from __future__ import annotations

import pandas as pd

from toolkit.baseline import Baseline
from toolkit.models import Model
from toolkit.scenario import Scenario


def across_years(
    model: Model,
    baseline: Baseline,
    scenario: Scenario,
    *others: Baseline,
    year: int | None = None,
) -> pd.DataFrame:
    """Return what the same levers do on the figures of several years.

    Parameters
    ----------
    model : Armington, Smart or any other model
    baseline : Baseline
    scenario : Scenario
    *others : Baseline
        Of other years, same pair; default those that the baseline knows of.
    year : int, optional
        Calendar year, for staged levers.

    Returns
    -------
    DataFrame
        One row per base year, the baseline's first: ``balance_before``, then the
        changes of ``exports``, ``imports`` and ``balance``, US$ million.

    Raises
    ------
    ValueError
        No other year to compare with, a baseline of another pair, or a lever that
        names what one of them does not hold.

    Examples
    --------
    >>> import toolkit as tk
    >>> target = tk.QuantityTarget(
    ...     importer="IND", exporter="RUS", products="31", kilotonnes=7000)
    >>> table = across_years(
    ...     tk.Armington(), tk.load_baseline(), tk.Scenario("7 Mt", [target]))
    >>> table["balance"].round().to_dict()
    {'2024-25': -1659.0, '2025-26': -486.0}
    """
    compared = (baseline, *(others or baseline.other_years.values()))
    if len(compared) == 1:
        raise ValueError(
            "The baseline knows of no other year: give one or more to compare with."
        )
    rows = []
    for base in compared:
        if (base.reporter, base.partner) != (baseline.reporter, baseline.partner):
            raise ValueError(
                f"A baseline of {base.reporter} with {base.partner} cannot stand "
                f"beside one of {baseline.reporter} with {baseline.partner}."
            )
        table = model.solve(base, scenario, year=year).balance()
        before = {"balance_before": table.loc["balance", "baseline"]}
        rows.append({**before, **table["change"].to_dict()})
    index = pd.Index([base.year for base in compared], name="base year")
    return pd.DataFrame(rows, index=index)
