"""From a result to the rows of a chart: who buys what, before and after, US$ bn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

import pandas as pd

from toolkit.display import PLACES
from toolkit.schema import shown

if TYPE_CHECKING:
    from toolkit.result import Result

FLOWS = ("exports", "imports")
OTHER = "All other"
MN_PER_BN = 1000.0

Grouping = Literal["chapter", "product"] | Mapping[str, str]


def flows(result: Result, by: Grouping = "chapter") -> pd.DataFrame:
    """Return the reporter's exports and imports by product group, before and after.

    Parameters
    ----------
    result : Result
        What a model returned.
    by : {"chapter", "product"} or mapping
        How products are grouped; a mapping gives the group of each product, and
        products it does not name fall into "All other".

    Returns
    -------
    DataFrame
        Columns ``flow`` ("exports" or "imports"), ``label``, ``baseline``,
        ``counterfactual``, ``change`` (US$ bn) and ``effect`` (what the change
        adds to the balance); exports first, then in order of code or of the
        mapping.

    Raises
    ------
    ValueError
        If ``by`` is neither of the two words nor a mapping.
    """
    if not isinstance(by, Mapping) and by not in ("chapter", "product"):
        raise ValueError(
            f"by must be 'chapter', 'product' or a mapping, not {shown(by)}."
        )
    values = bilateral_values(result)
    labels = group_labels(values["product"], by, result.product_names)
    grouped = values.assign(label=labels).groupby(["flow", "label"], observed=True)
    table = grouped[["baseline", "counterfactual"]].sum().reset_index()
    return with_changes(table)


def bilateral_values(result: Result) -> pd.DataFrame:
    """Return both directions of the pair's trade by product, in US$ bn."""
    table = result.by_product("value").rename_axis(["flow", "product"]).reset_index()
    numbers = ["baseline", "counterfactual"]
    return table.assign(**{name: table[name] / MN_PER_BN for name in numbers})


def group_labels(
    products: pd.Series, by: Grouping, names: Mapping[str, str]
) -> pd.Categorical[str]:
    """Return the group of each product, as ordered labels with the code behind."""
    if isinstance(by, Mapping):
        order = [*dict.fromkeys(by.values()), OTHER]
        labels = [by.get(code, OTHER) for code in products]
    else:
        codes = products.str[:2] if by == "chapter" else products
        labels = [product_label(code, names) for code in codes]
        order = [product_label(code, names) for code in sorted(set(codes))]
    return pd.Categorical(labels, categories=list(dict.fromkeys(order)), ordered=True)


def product_label(code: str, names: Mapping[str, str]) -> str:
    """Return a product's name with its code behind.

    Examples
    --------
    >>> product_label("30", {"30": "Medicines"}), product_label("8708", {})
    ('Medicines (30)', 'HS 8708')
    """
    if code in names:
        return f"{names[code]} ({code})" if code else names[code]
    return f"HS {code}" if code else "All goods"


def with_changes(table: pd.DataFrame) -> pd.DataFrame:
    """Add the change and its effect on the balance; round for storing."""
    change = table["counterfactual"] - table["baseline"]
    effect = change.where(table["flow"] == "exports", -change)
    full = table.assign(change=change, effect=effect)
    numbers = ["baseline", "counterfactual", "change", "effect"]
    full[numbers] = full[numbers].round(PLACES) + 0.0
    return full.astype({"flow": "str", "label": "str"})


def largest(table: pd.DataFrame, size: pd.Series, keep: int) -> pd.DataFrame:
    """Return the ``keep`` rows of greatest size in order, the rest as one row.

    Parameters
    ----------
    table : DataFrame
        Rows of one flow, as :func:`flows` gives them.
    size : Series
        What ranks them, on the index of ``table``.
    keep : int
        How many rows stay; rows called "All other" never do.
    """
    ranked = size[table["label"] != OTHER].sort_values(ascending=False, kind="stable")
    top = table.loc[ranked.index[:keep]]
    rest = table.drop(index=top.index)
    if rest.empty:
        return top.reset_index(drop=True)
    sums = rest[["baseline", "counterfactual", "change", "effect"]].sum()
    other = pd.DataFrame([{"flow": table["flow"].iloc[0], "label": OTHER, **sums}])
    return pd.concat([top, other.round(PLACES)], ignore_index=True)
