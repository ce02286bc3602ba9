"""Ensembles: the band of each flow, what moves the answer, where doubt comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from toolkit.display import BALANCE, FLOW_COLOURS, PLACES, QUIET, signed
from toolkit.result import figure

from .theme import ROW_HEIGHT, WIDTH, flow_colour, framed, layered

if TYPE_CHECKING:
    from toolkit.analysis import Ensemble

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
FLOWS = ("exports", "imports", "balance")
LOW_COLOUR, HIGH_COLOUR = "#56B4E9", "#E69F00"


def fan(
    ensemble: Ensemble,
    *,
    title: str = "",
    subtitle: str = "Change, US$ bn: median, half of the draws, nine draws of ten",
    source: str = "",
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw the distribution of the change of exports, imports and balance.

    Parameters
    ----------
    ensemble : Ensemble
        As ``tk.simulate`` returns it.
    title, subtitle, source : str
        Default title: the ensemble's own sentence; source: the baseline's.
    width : int
        Width of the plot in pixels.
    """
    table = ensemble.quantiles(LEVELS, [f"{name}_change" for name in FLOWS]) / 1e3
    rows = table.round(PLACES).set_axis(["far", "near", "mid", "up", "end"], axis=1)
    point = ensemble.centre.balance()["change"].loc[list(FLOWS)] / 1e3
    rows = rows.assign(
        flow=list(FLOWS),
        point=point.round(PLACES).to_numpy(),
        text=[
            f"{signed(middle, 2)} ({signed(low, 2)} to {signed(high, 2)})"
            for low, middle, high in rows[["far", "mid", "end"]].to_numpy()
        ],
    ).reset_index(drop=True)
    shown = alt.Chart(rows).encode(
        y=alt.Y("flow:N", sort=list(FLOWS), title=None), color=flow_colour()
    )
    zero = alt.Chart(pd.DataFrame({"x": [0.0]})).mark_rule(color=QUIET).encode(x="x:Q")
    chart = layered(
        zero,
        shown.mark_bar(opacity=0.2, height=20).encode(
            x=alt.X("far:Q", title=None), x2="end:Q", tooltip=["flow:N", "text:N"]
        ),
        shown.mark_bar(opacity=0.35, height=20).encode(x="near:Q", x2="up:Q"),
        shown.mark_tick(thickness=3, size=22).encode(x="mid:Q"),
        shown.mark_point(shape="diamond", filled=False, size=70).encode(x="point:Q"),
        shown.mark_text(align="left", dx=8, fontSize=11).encode(
            x="end:Q", text="text:N"
        ),
        width=width,
        height=3 * (ROW_HEIGHT + 8),
    )
    said = "; ".join(f"{r.flow} {r.text}" for r in rows.itertuples())
    heading = title or f"{ensemble.scenario}: how sure is the answer?"
    return framed(
        chart,
        title=heading,
        subtitle=f"{subtitle}; diamond: the point answer",
        source=source or ensemble.centre.source_line,
        description=f"Bands. {heading} {said}, US$ bn.",
    )


def tornado(
    ensemble: Ensemble,
    *,
    by: str = "factor",
    most: int = 12,
    title: str = "",
    source: str = "",
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw how far the balance moves as one thing at a time goes to an end.

    Parameters
    ----------
    ensemble : Ensemble
    by : {"factor", "product"}
    most : int
        Bars at most, the longest first.
    title, source : str
    width : int

    Raises
    ------
    ValueError
        Nothing in the ensemble is drawn.
    """
    table = ensemble.tornado(by, most) / 1e3
    if table.empty:
        raise ValueError("Nothing in the ensemble is drawn: there is no tornado.")
    ends = table[["low", "high"]].round(PLACES).rename_axis("factor").reset_index()
    long = ends.melt("factor", var_name="at", value_name="x")
    centre = figure(ensemble.centre.balance(), "balance", "change") / 1e3
    long["from"] = round(centre, PLACES)
    colour = alt.Color(
        "at:N",
        scale=alt.Scale(domain=["low", "high"], range=[LOW_COLOUR, HIGH_COLOUR]),
        legend=alt.Legend(title="its value", orient="top"),
    )
    y = alt.Y("factor:N", sort=list(ends["factor"]), title=None)
    bars = alt.Chart(long).mark_bar(height=14).encode(
        y=y, x=alt.X("from:Q", title=None), x2="x:Q", color=colour,
        tooltip=["factor:N", "at:N", alt.Tooltip("x:Q", title="balance, US$ bn")],
    )  # fmt: skip
    middle = alt.Chart(pd.DataFrame({"x": [centre]})).mark_rule(color=BALANCE)
    chart = layered(
        bars,
        middle.encode(x="x:Q"),
        width=width,
        height=ROW_HEIGHT * len(ends),
    )
    heading = title or f"{ensemble.scenario}: what moves the answer"
    pairs = zip(ends["factor"], ends[["low", "high"]].to_numpy(), strict=True)
    said = "; ".join(
        f"{name} {signed(low, 2)} to {signed(high, 2)}" for name, (low, high) in pairs
    )
    return framed(
        chart,
        title=heading,
        subtitle="Change of the balance, US$ bn, with one thing at its 5th or 95th "
        "percentile",
        source=source or ensemble.centre.source_line,
        description=f"Tornado. {heading}: {said}, US$ bn.",
    )


def doubt(
    table: pd.DataFrame,
    *,
    title: str = "Where the doubt comes from",
    source: str = "",
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw the variance of an answer by source, as ``Ensemble.split`` returns it.

    Parameters
    ----------
    table : DataFrame
        Index source; ``share`` and ``deviation`` (US$ million).
    title, source : str
    width : int
    """
    rows = pd.DataFrame(
        {
            "source": [str(name) for name in table.index],
            "percent": (100 * table["share"]).round(PLACES).to_numpy(),
            "text": [
                f"{100 * share:.0f} %  (±US$ {deviation / 1e3:.2f} bn)"
                for share, deviation in zip(
                    table["share"], table["deviation"], strict=True
                )
            ],
        }
    )
    shown = alt.Chart(rows).encode(
        y=alt.Y("source:N", sort=list(rows["source"]), title=None)
    )
    chart = layered(
        shown.mark_bar(color=FLOW_COLOURS["balance"], height=16).encode(
            x=alt.X("percent:Q", title=None, scale=alt.Scale(zero=True))
        ),
        shown.mark_text(align="left", dx=6).encode(x="percent:Q", text="text:N"),
        width=width,
        height=ROW_HEIGHT * len(rows),
    )
    said = "; ".join(f"{r.source} {r.text}" for r in rows.itertuples())
    return framed(
        chart,
        title=title,
        subtitle="Share of the variance of the balance's change, % (one standard "
        "deviation alone)",
        source=source,
        description=f"Bars. {title}: {said}.",
    )
