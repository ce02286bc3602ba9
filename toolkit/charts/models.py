"""One scenario through several models: how much of an answer is the model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from toolkit.display import BALANCE, FLOW_COLOURS, PLACES, country, number
from toolkit.schema import shown

from .bars import FIGURES
from .groups import MN_PER_BN
from .theme import ROW_HEIGHT, WIDTH, framed, layered, panel_heading

if TYPE_CHECKING:
    from toolkit.result import Result


def model_spread(
    results: Sequence[Result], *, width: int = WIDTH, title: str = ""
) -> alt.VConcatChart:
    """Draw the change that each model gives, with the range of its elasticities.

    Parameters
    ----------
    results : sequence of Result
        Of one scenario on one baseline, by different models or forms of a model.
    width : int
        Width of the dots' area in pixels.
    title : str
        The finding; default the scenario and the spread of the balance.

    Returns
    -------
    altair.VConcatChart
        Panels of exports, imports and balance, each with its own scale; a dot is the
        change, the line behind it its range where elasticities are the library's.

    Raises
    ------
    ValueError
        No result, or results of different pairs of countries.
    """
    table = spread_table(results)
    first = results[0]
    panels = [
        _dots(table[table["figure"] == figure], figure, first, width)
        for figure in FIGURES
    ]
    return framed(
        alt.vconcat(*panels, spacing=14),
        title=title or _title(table, first.scenario),
        subtitle=(
            "Change, US$ bn; lines: one elasticity at a time at the ends of its "
            "interval; each panel has its own scale"
        ),
        source=first.source_line,
        description=_in_words(table, first.scenario),
    )


def spread_table(results: Sequence[Result]) -> pd.DataFrame:
    """Return the change of each figure by model, and its range; US$ bn.

    Returns
    -------
    DataFrame
        ``figure, model, least, change, greatest, text``, in the order given.

    Raises
    ------
    ValueError
        No result, or results of different pairs of countries.
    """
    known = isinstance(results, list | tuple) and len(results) > 0
    if not known or not all(hasattr(one, "balance") for one in results):
        raise ValueError(
            f"model_spread takes a list of one result or more, not {shown(results)}."
        )
    pairs = {(result.reporter, result.partner) for result in results}
    if len(pairs) > 1:
        raise ValueError(f"The results are of different pairs: {sorted(pairs)}.")
    rows = [
        {"figure": figure, "model": name, **ends}
        for name, result in zip(_names(results), results, strict=True)
        for figure, ends in _changes(result).items()
    ]
    return pd.DataFrame(rows)


def _changes(result: Result) -> dict[str, dict[str, float | str]]:
    table = (result.range() / MN_PER_BN).round(PLACES) + 0.0
    out = {}
    for figure in FIGURES:
        least, change, greatest = (
            float(table[column].to_numpy()[table.index.get_loc(figure)])
            for column in ("least", "central", "greatest")
        )
        text = number(change, sign=True)
        out[figure] = {
            "least": least,
            "change": change,
            "greatest": greatest,
            "text": text,
        }
    return out


def _names(results: Sequence[Result]) -> list[str]:
    """Return the models' names, told apart where one occurs twice."""
    names: list[str] = []
    for result in results:
        name, count = result.model, 2
        while name in names:
            name, count = f"{result.model} ({count})", count + 1
        names.append(name)
    return names


def _dots(
    table: pd.DataFrame, figure: str, result: Result, width: int
) -> alt.LayerChart:
    """Return one panel: a line from end to end, a dot, its figure."""
    colour = FLOW_COLOURS[figure]
    shown = alt.Chart(table).encode(
        y=alt.Y("model:N", sort=list(table["model"]), title=None),
        tooltip=[
            alt.Tooltip("model:N", title="Model"),
            alt.Tooltip("change:Q", title="Change, US$ bn", format="+,.3f"),
            alt.Tooltip("least:Q", title="Least", format="+,.3f"),
            alt.Tooltip("greatest:Q", title="Greatest", format="+,.3f"),
        ],
    )
    scale = alt.Scale(zero=True, nice=True)
    layers = [
        shown.mark_rule(color=colour, strokeWidth=2, opacity=0.45).encode(
            x=alt.X("least:Q", title=None, scale=scale), x2="greatest:Q"
        ),
        shown.mark_circle(size=70, color=colour, opacity=1).encode(x="change:Q"),
        shown.mark_text(align="left", dx=9, color=BALANCE, fontSize=11).encode(
            x="greatest:Q", text="text:N"
        ),
    ]
    chart = layered(*layers, width=width, height=ROW_HEIGHT * len(table))
    return chart.properties(title=panel_heading(_heading(figure, result), figure))


def _heading(figure: str, result: Result) -> str:
    partner = country(result.partner)
    return {
        "exports": f"{country(result.reporter)}'s exports to {partner}",
        "imports": f"{country(result.reporter)}'s imports from {partner}",
        "balance": f"Balance with {partner}",
    }[figure]


def _title(table: pd.DataFrame, scenario: str) -> str:
    change = table[table["figure"] == "balance"]["change"]
    if len(change) == 1:
        return f"{scenario}: the balance changes by US$ {number(change.iloc[0])} bn"
    low, high = number(change.min(), sign=True), number(change.max(), sign=True)
    return f"{scenario}: between {low} and {high} US$ bn of the balance, by model"


def _in_words(table: pd.DataFrame, scenario: str) -> str:
    parts = [
        f"{figure}: " + ", ".join(part["model"] + " " + part["text"])
        for figure, part in table.groupby("figure", sort=False)
    ]
    return f"Dots by model, change in US$ bn, {scenario}. {'; '.join(parts)}."
