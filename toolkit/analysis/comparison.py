"""Two results side by side."""

from __future__ import annotations

import pandas as pd

from toolkit.result import Result
from toolkit.schema import shown


def compare(first: Result, second: Result, *others: Result) -> pd.DataFrame:
    """Return the balances of several results side by side.

    Parameters
    ----------
    first, second, *others : Result
        On the same baseline; a comparison is always between runs, and the
        baseline is just another run.

    Returns
    -------
    DataFrame
        Index ``exports, imports, balance``; ``baseline``, then one column per
        result (named by scenario and model), then the difference of the second
        from the first. US$ million.

    Raises
    ------
    ValueError
        The results stand on different baselines.

    Examples
    --------
    >>> import toolkit as tk
    >>> base = tk.load_baseline("2024-25")
    >>> none, model = tk.Scenario("Nothing"), tk.Armington()
    >>> free = tk.Scenario("Free", [tk.TariffCut(importer="RUS", exporter="IND", to=0)])
    >>> table = compare(model.solve(base, none), model.solve(base, free))
    >>> float(table.loc["imports", "difference"])
    0.0
    """
    results = (first, second, *others)
    base = first.balance()["baseline"]
    table = pd.DataFrame({"baseline": base})
    for result in results:
        gap = (result.balance()["baseline"] - base).abs().max()
        if result.year != first.year or gap > 1e-6:
            raise ValueError(
                f"{shown(result.scenario)} stands on the baseline "
                f"{shown(result.year)}, {shown(first.scenario)} on "
                f"{shown(first.year)}: they cannot be compared."
            )
        name = f"{result.scenario} ({result.model})"
        while name in table:
            name += "'"
        table[name] = result.balance()["counterfactual"]
    table["difference"] = table.iloc[:, 2] - table.iloc[:, 1]
    return table
