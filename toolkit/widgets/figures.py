"""From a result to the numbers on screen: fast sums, and the texts around them."""

from __future__ import annotations

import dataclasses
import html

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.baseline import Baseline
from toolkit.display import FLOW_COLOURS, country, flow_titles, number, signed
from toolkit.result import Result, figure

OTHER = "All other"
MOST_BARS = 8
MOST_STEPS = 8


@dataclasses.dataclass(frozen=True, eq=False)
class Board:
    """Which sums are on screen, as rows and as a matrix over the baseline's lines.

    Attributes
    ----------
    steps, bars : DataFrame
        ``flow``, ``label`` and, for bars, ``baseline`` (US$ bn).
    weights : ndarray, shape (steps + bars, lines)
        Turns changes of lines (US$ mn) into the charts' numbers (US$ bn).
    start : ndarray, shape (steps + bars,)
        The numbers when nothing changes.
    """

    steps: pd.DataFrame
    bars: pd.DataFrame
    weights: NDArray[np.float64]
    start: NDArray[np.float64]

    def figures(self, result: Result) -> list[float]:
        """Return the numbers of both charts for a result on the same baseline."""
        change = result.variable("value").change
        shown = np.round(self.start + self.weights @ change, 6) + 0.0
        return shown.tolist()


def board_of(baseline: Baseline) -> Board:
    """Return the groups and chapters that the explorer shows for a baseline."""
    lines = baseline.frame
    steps = _rows(baseline, lines, _group_labels(baseline, lines), MOST_STEPS)
    bars = _rows(baseline, lines, _chapter_labels(baseline, lines), MOST_BARS)
    step_weights = np.stack([row.to_numpy() for row in steps["lines"]])
    bar_weights = np.stack([row.to_numpy() for row in bars["lines"]])
    sign = np.where(steps["flow"] == "exports", 1.0, -1.0)[:, None]
    weights = np.concatenate([sign * step_weights, bar_weights]) / 1e3
    start = np.concatenate([np.zeros(len(steps)), bars["baseline"].to_numpy()])
    return Board(
        steps.drop(columns=["lines", "baseline"]),
        bars.drop(columns="lines"),
        weights,
        start,
    )


def _rows(
    baseline: Baseline, lines: pd.DataFrame, labels: pd.Series, most: int
) -> pd.DataFrame:
    """Return one row per direction and label, the largest first, the rest last."""
    out = []
    pairs = (
        ("exports", baseline.partner, baseline.reporter),
        ("imports", baseline.reporter, baseline.partner),
    )
    for flow, importer, exporter in pairs:
        mine = (lines["importer"] == importer) & (lines["exporter"] == exporter)
        sizes = lines[mine].groupby(labels[mine])["value_usd_mn"].sum()
        kept = list(sizes.sort_values(ascending=False).index[:most])
        for label in [*kept, OTHER]:
            rest = mine & ~labels.isin(kept)
            chosen = rest if label == OTHER else mine & (labels == label)
            if chosen.any():
                total = lines.loc[chosen, "value_usd_mn"].sum() / 1e3
                out.append((flow, label, round(total, 6), chosen.astype(float)))
    return pd.DataFrame(out, columns=["flow", "label", "baseline", "lines"])


def _group_labels(baseline: Baseline, lines: pd.DataFrame) -> pd.Series:
    groups = lines["product"].map(lambda x: baseline.groups.get(str(x), str(x)))
    crude = lines["product"] == "2709"
    return groups.where(~crude, "Crude oil").replace("Fuels", "Other fuels")


def _chapter_labels(baseline: Baseline, lines: pd.DataFrame) -> pd.Series:
    chapters = lines["product"].str[:2]
    names = {code: baseline.names.get(code, code) for code in chapters.unique()}
    return chapters.map(lambda code: f"{names[code]} ({code})")


def headline(result: Result) -> str:
    """Return the three figures with their change as HTML."""
    table = result.balance() / 1e3
    titles = flow_titles(result.reporter, result.partner)
    cells = "".join(
        f'<div class="tk-figure" data-figure="{name}" style="color:{FLOW_COLOURS[name]};'
        'min-width:13em;margin-right:2em">'
        f'<div style="font-size:0.95em">{html.escape(title)}</div>'
        f'<div style="font-size:2.2em;line-height:1.2;font-weight:600">'
        f'<span class="tk-value">{number(figure(table, name, "counterfactual"))}</span>'
        '<span style="font-size:0.45em;font-weight:400"> US$ bn</span></div>'
        f'<div>change <span class="tk-change">'
        f"{signed(figure(table, name, 'change'))}</span></div></div>"
        for name, title in titles.items()
    )
    return f'<div style="display:flex;flex-wrap:wrap" role="status">{cells}</div>'


def details(result: Result) -> str:
    """Return what else changes: total balance, revenue, welfare, people, notes."""
    items = []
    me = result.reporter
    names = ("tariff_revenue", "static_revenue", "welfare")
    table = result.accounts()
    accounts = {name: figure(table, me, name) for name in names}
    total = figure(result.balance(scope="total"), "balance", "change") / 1e3
    items.append(f"{country(me)}'s balance with the world {signed(total)} US$ bn")
    items.append(
        f"tariff revenue {signed(accounts['tariff_revenue'] / 1e3)} US$ bn "
        f"(at unchanged trade {signed(accounts['static_revenue'] / 1e3)})"
    )
    items.append(f"welfare as an importer {signed(accounts['welfare'] / 1e3)} US$ bn")
    for row in result.invisibles().to_dict("records"):
        items.append(
            f"{row['item']}, beside the goods balance: US$ {row['usd_mn']:,.0f} mn "
            f"({row['low']:,.0f} to {row['high']:,.0f})"
        )
    for row in result.wedges().to_dict("records"):
        items.append(
            f"{row['name']}: the market price would be {signed(100 * row['wedge'], 1)} "
            "% from the supplier's price"
        )
    items += result.notes
    listed = "".join(f"<li>{html.escape(item)}</li>" for item in items)
    source = html.escape(result.source_line)
    foot = f"<p><small>Source: {source}. Model: {result.model}.</small></p>"
    return f"<ul>{listed}</ul>{foot}"


def comparison(kept: pd.DataFrame, now: pd.DataFrame) -> str:
    """Return two balances beside each other as an HTML table."""
    rows = ""
    for name in kept.index:
        before = figure(kept, name, "change") / 1e3
        after = figure(now, name, "change") / 1e3
        cells = "".join(
            f"<td style='text-align:right;padding:0 1em'>{signed(value)}</td>"
            for value in (before, after, after - before)
        )
        rows += f"<tr><th>{name}</th>{cells}</tr>"
    return (
        "<table><caption>Change against the baseline, US$ bn</caption><tr><th></th>"
        "<th>kept</th><th>on screen</th><th>difference</th></tr>" + rows + "</table>"
    )
