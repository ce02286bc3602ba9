"""Results side by side, and what the models behind them assume and cannot carry."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from toolkit.market import CHANNELS
from toolkit.models import MODELS, Model
from toolkit.result import Result
from toolkit.schema import check_kind, is_list, shown

ROLES = {
    "duty": "duties",
    "barrier": "non-tariff measures",
    "wedge": "currencies and payments",
    "cost": "suppliers' prices",
    "iceberg": "freight and costs of trade",
    "size": "growth of demand",
    "bound": "caps, disruptions and purchase targets",
    "entry": "goods not traded today",
    "exogenous": "purchases by contract",
}


def compare(
    first: Result | Sequence[Result], /, *others: Result | Sequence[Result]
) -> pd.DataFrame:
    """Return the balances of several results side by side.

    Parameters
    ----------
    first, *others : Result or sequence of Result
        Two at least, on the same baseline; a comparison is always between runs, and
        the baseline is just another run.

    Returns
    -------
    DataFrame
        Index ``exports, imports, balance``; ``baseline``, then one column per
        result (named by scenario and model). Of two results then ``difference``, the
        second less the first; of more ``least`` and ``greatest`` of them all, and
        ``spread`` between these. US$ million.

    Raises
    ------
    ValueError
        The results stand on different baselines, or there is but one.

    Examples
    --------
    >>> import toolkit as tk
    >>> base = tk.load_baseline("2024-25")
    >>> none, model = tk.Scenario("Nothing"), tk.Armington()
    >>> free = tk.Scenario("Free", [tk.TariffCut(importer="RUS", exporter="IND", to=0)])
    >>> table = compare([model.solve(base, none), model.solve(base, free)])
    >>> float(table.loc["imports", "difference"])
    0.0
    """
    results = _listed(first, *others)
    if len(results) < 2:
        raise ValueError("compare takes two results or more, one by one or as a list.")
    base = results[0].balance()["baseline"]
    table = pd.DataFrame({"baseline": base})
    for result in results:
        _refuse_other(results[0], result, base)
        name = f"{result.scenario} ({result.model})"
        while name in table:
            name += "'"
        table[name] = result.balance()["counterfactual"]
    after = table.iloc[:, 1:]
    if len(results) == 2:
        table["difference"] = after.iloc[:, 1] - after.iloc[:, 0]
        return table
    least, greatest = after.min(axis=1), after.max(axis=1)
    return table.assign(least=least, greatest=greatest, spread=greatest - least)


def model_table(*models: Model) -> pd.DataFrame:
    """Return what each model solves, assumes and cannot carry.

    Parameters
    ----------
    *models : Model
        Default one of each kind.

    Returns
    -------
    DataFrame
        Index model; ``markets`` (apart, or all at once), ``assumes``, ``use``,
        ``cannot carry`` (kinds of levers that it refuses).

    Examples
    --------
    >>> table = model_table()
    >>> table.index.tolist()
    ['Armington', 'SMART', 'GSIM', 'General equilibrium']
    >>> table.loc["Armington", "cannot carry"]
    'nothing'
    """
    chosen = [type(model) for model in models] or list(MODELS.values())
    rows = {
        model.name: {
            "markets": "one by one" if model.separable else "all at once",
            "assumes": model.assumes,
            "use": model.use,
            "cannot carry": ", ".join(_left_out(model)) or "nothing",
        }
        for model in chosen
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")


def _left_out(model: type[Model]) -> list[str]:
    """Return the kinds of levers of which a model carries no channel."""
    carried = {CHANNELS[name].role for name in model.carries if name in CHANNELS}
    return [word for role, word in ROLES.items() if role not in carried]


def _listed(*given: Result | Sequence[Result]) -> list[Result]:
    found: list[Any] = [
        one for entry in given for one in (entry if is_list(entry) else [entry])
    ]
    for one in found:
        check_kind(one, Result, "what is compared", "a result or a list of results")
    return found


def _refuse_other(first: Result, result: Result, base: pd.Series) -> None:
    gap = (result.balance()["baseline"] - base).abs().max()
    pair = (result.reporter, result.partner) != (first.reporter, first.partner)
    if pair or result.year != first.year or gap > 1e-6:
        raise ValueError(
            f"{shown(result.scenario)} stands on the baseline {shown(result.year)}, "
            f"{shown(first.scenario)} on {shown(first.year)}: they cannot be compared."
        )
