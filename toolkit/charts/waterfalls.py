"""The waterfall: what moves the balance, step by step, from nothing to the total."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from toolkit.display import BALANCE, BASELINE, PLACES, country, decimals, number

from .groups import FLOWS, MN_PER_BN, OTHER, Grouping, flows, largest
from .theme import ROW_HEIGHT, WIDTH, flow_colour, framed, layered

if TYPE_CHECKING:
    from toolkit.result import Result

TOTAL = "Change in the balance"
NOTHING = 5e-7  # US$ bn


def waterfall(
    result: Result,
    by: Grouping | Literal["lever"] = "chapter",
    *,
    attribution: pd.DataFrame | None = None,
    top: int = 8,
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw how the change of the balance adds up, by lever or by product.

    Bars start at no change: the balance itself is so much larger than most
    changes that they could not be seen beside it. The title says both.

    Parameters
    ----------
    result : Result
        What a model returned.
    by : {"chapter", "product", "lever"} or mapping
        The steps; a mapping gives the group of each product.
    attribution : DataFrame, optional
        For ``by="lever"``: one row per lever with columns ``lever`` (or the
        index), ``exports`` and ``imports``, US$ mn, adding up to the change.
    top : int
        How many steps of each direction are shown; the rest is one step.
    width : int
        Width of the bars' area in pixels.

    Returns
    -------
    altair.VConcatChart

    Raises
    ------
    ValueError
        If levers are wanted without an attribution, or one that does not add up.
    """
    change = result.balance()["change"] / MN_PER_BN
    figures = balance_figures(result)
    if isinstance(by, str) and by == "lever":
        moves = lever_moves(attribution, change)
    else:
        moves = flows(result, by)
    table = steps(shortened(moves, top), figures["change"])
    step = by if isinstance(by, str) else "group"
    pair = f"{country(result.reporter)}'s balance with {country(result.partner)}"
    return framed(
        bars(table, width),
        title=headline(result, figures),
        subtitle=f"What each {step} adds to {pair}, US$ bn{between(result)}",
        source=result.source_line,
        description=description(result, table, figures),
    )


def between(result: Result) -> str:
    """Return between what the change of the balance lies, for the subtitle."""
    row = result.range().T["balance"] / MN_PER_BN
    least, greatest = float(row["least"]), float(row["greatest"])
    if not greatest - least > NOTHING:
        return ""
    places = decimals([least, greatest])
    return (
        f"; the change lies between {number(least, places, sign=True)} and "
        f"{number(greatest, places, sign=True)} by elasticity"
    )


def balance_figures(result: Result) -> dict[str, float]:
    """Return the balance before, after and its change, in US$ bn."""
    row = result.balance().T["balance"] / MN_PER_BN
    return {str(name): float(value) for name, value in row.items()}


def lever_moves(attribution: pd.DataFrame | None, change: pd.Series) -> pd.DataFrame:
    """Return an attribution (US$ mn) as rows of flow, label, change and effect."""
    if attribution is None:
        raise ValueError(
            "by='lever' needs attribution=: a frame with one row per lever, as "
            "toolkit.attribute(model, baseline, scenario) returns."
        )
    frame = attribution.reset_index() if "lever" not in attribution else attribution
    missing = {"lever", *FLOWS} - set(frame.columns)
    if missing:
        raise ValueError(f"The attribution lacks the columns {sorted(missing)}.")
    parts = []
    for flow in FLOWS:
        moved = frame[flow].astype(float) / MN_PER_BN
        if abs(moved.sum() - change[flow]) > 1e-6:
            raise ValueError(
                f"The levers' {flow} add up to {moved.sum() * MN_PER_BN:,.3f}, the "
                f"result's change is {change[flow] * MN_PER_BN:,.3f} US$ mn."
            )
        effect = moved if flow == "exports" else -moved
        parts.append(
            pd.DataFrame(
                {
                    "flow": flow,
                    "label": frame["lever"].astype(str),
                    "baseline": float("nan"),
                    "counterfactual": float("nan"),
                    "change": moved.round(PLACES) + 0.0,
                    "effect": effect.round(PLACES) + 0.0,
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


def shortened(moves: pd.DataFrame, top: int) -> pd.DataFrame:
    """Return the steps worth a row: the largest of each flow that show a digit."""
    places = decimals(moves["effect"])
    parts = []
    for flow in FLOWS:
        part = moves[moves["flow"] == flow]
        visible = int((part["effect"].abs().round(places) > 0).sum())
        if not part.empty:
            parts.append(largest(part, part["effect"].abs(), min(top, visible)))
    table = pd.concat(parts, ignore_index=True)
    return table[table["effect"].round(places) != 0].reset_index(drop=True)


def steps(moves: pd.DataFrame, total: float) -> pd.DataFrame:
    """Return the rows of the chart: each step's start and end, then the total.

    Steps of one kind stand together, the largest first, "All other" last.
    """
    size = moves["effect"].abs().where(moves["label"] != OTHER, -1.0)
    ordered = moves.assign(size=size).sort_values(
        ["flow", "size"], ascending=[True, False], kind="stable"
    )
    ends = ordered["effect"].cumsum()
    table = ordered.drop(columns="size").assign(
        start=ends - ordered["effect"], end=ends
    )
    table["step"] = table["label"] + ", " + table["flow"]
    last = {"flow": "balance", "step": TOTAL, "effect": total, "start": 0.0}
    table = pd.concat(
        [table, pd.DataFrame([{**last, "end": total}])], ignore_index=True
    )
    rounded = table[["effect", "start", "end"]].round(PLACES) + 0.0
    table[["effect", "start", "end"]] = rounded
    places = decimals(table["effect"])
    table["text"] = [number(x, places, sign=True) for x in table["effect"]]
    table["next"] = table["step"].shift(-1).fillna(TOTAL)
    return table


def bars(table: pd.DataFrame, width: int) -> alt.LayerChart:
    """Return the bars, the lines that join them, and their labels."""
    order = list(table["step"])
    rows = alt.Y("step:N", sort=order, title=None)
    base = alt.Chart(table.drop(columns=["label"], errors="ignore")).encode(y=rows)
    bar = base.mark_bar(size=ROW_HEIGHT * 0.6).encode(
        x=alt.X("start:Q", title=None, scale=alt.Scale(zero=True, padding=44)),
        x2="end:Q",
        color=flow_colour(),
        tooltip=tooltip(table),
    )
    joint = base.mark_rule(color=BASELINE).encode(x="end:Q", x2="end:Q", y2="next:N")
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=BASELINE)
    layers = [zero.encode(x="zero:Q"), joint, bar, *labels(base)]
    return layered(*layers, width=width, height=ROW_HEIGHT * len(table))


def labels(base: alt.Chart) -> list[alt.Chart]:
    """Return each change as text, at the outer end of its bar."""
    sides: list[tuple[str, Any, float]] = [
        ("datum.effect >= 0", "left", 5),
        ("datum.effect < 0", "right", -5),
    ]
    return [
        base.transform_filter(test)
        .mark_text(align=align, dx=dx, color=BALANCE)
        .encode(x="end:Q", text="text:N")
        for test, align, dx in sides
    ]


def tooltip(table: pd.DataFrame) -> list[alt.Tooltip]:
    """Return what hovering over a step shows."""
    shown = {"step": "Step", "text": "Adds to the balance, US$ bn"}
    if table["baseline"].notna().any():
        shown |= {"baseline": "Before, US$ bn", "counterfactual": "After, US$ bn"}
    return [
        alt.Tooltip(
            name, title=title, format="" if name in ("step", "text") else ",.3f"
        )
        for name, title in shown.items()
    ]


def headline(result: Result, balance: dict[str, float]) -> str:
    """Return the finding: what the scenario does to the balance."""
    scenario = result.scenario
    before, after, change = (
        balance["baseline"],
        balance["counterfactual"],
        balance["change"],
    )
    places = decimals([change])
    if round(change, places) == 0:
        return f"{scenario}: the balance stays at {number(after)}"
    if before < 0 and after < 0:
        verb = "narrows" if change > 0 else "widens"
        return (
            f"{scenario}: the deficit {verb} by {number(abs(change), places)} "
            f"to {number(-after)}"
        )
    return f"{scenario}: the balance goes from {number(before)} to {number(after)}"


def description(result: Result, table: pd.DataFrame, balance: dict[str, float]) -> str:
    """Return the chart in words, for readers who do not see it."""
    parts = "; ".join(
        f"{step} {text}"
        for step, text in zip(table["step"], table["text"], strict=True)
    )
    return (
        f"Waterfall in US$ bn. {headline(result, balance)} "
        f"(before: {number(balance['baseline'])}). {parts}."
    )
