"""The live explorer as a section of a page: levers, figures, charts, tables."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from toolkit import charts
from toolkit.display import CASE_NAMES, country, signed
from toolkit.explorer import Control, as_python, details, figures
from toolkit.result import Result
from toolkit.sharing.page import LIVE, Page, render, version
from toolkit.sharing.payload import GIVEN, Live
from toolkit.sharing.provenance import elasticity_sources, tables

LIMITS = (
    "Partial equilibrium: each product's market by itself. No wages, exchange rates, "
    "incomes or links between products follow from the change.",
    "Trade that does not exist today stays at zero, unless a lever opens it with an "
    "assumed share.",
    "The elasticities are estimates from other countries and years, or assumed: move "
    "between their low and high ends before quoting a figure.",
    "A year after adjustment against the baseline year; not a forecast, no path in "
    "between.",
)
STEPS = "What moves the balance, by group of goods"
BARS = "Both directions by chapter"


def explorer_page(live: Live) -> Page:
    """Return the page of a live explorer, with its sources below."""
    scenario = live.scenario
    title = scenario.title or scenario.name
    if not scenario.levers:
        title = f"Explorer: {_pair(live.result)} {live.baseline.year}".strip()
    head = render(
        "head.html",
        title=title,
        description=scenario.description,
        reference=scenario.reference,
        author=scenario.author,
        model=f"{live.model.name}, baseline {live.baseline.year}",
    )
    body = head + explorer_section(live) + about(live)
    return Page(title, body, explorer_blocks(live), LIVE)


def explorer_section(live: Live) -> Markup:
    """Return the explorer's HTML, filled with the figures of its scenario."""
    result = live.result
    return render(
        "live.html",
        figures=figures(result),
        cases=_cases(live),
        sections=_sections(live),
        sentences=[lever.sentence() for lever in live.scenario.levers],
        charts=_tables(live),
        details=details(result),
        yaml=live.scenario.to_yaml(),
        python=as_python(live.scenario, live.baseline.year, _call(live)),
    )


def explorer_blocks(live: Live) -> dict[str, Any]:
    """Return the data the explorer's scripts read."""
    return {"toolkit-data": live.data(), "toolkit-specs": _specs(live)}


def about(live: Live) -> Markup:
    """Return what the page does not tell, its sources and checksums."""
    return render(
        "about.html",
        limits=LIMITS,
        source_line=live.result.source_line.rstrip(".") or "Not stated",
        year=live.baseline.year or "of the user",
        elasticities=elasticity_sources(live.result.elasticities),
        tables=tables(live.baseline),
        version=version(),
    )


def _pair(result: Result) -> str:
    return f"{country(result.reporter)} with {country(result.partner)}"


def _cases(live: Live) -> list[dict[str, Any]]:
    names = {GIVEN: "as given", **CASE_NAMES}
    return [
        {"value": case, "label": names[case], "checked": case == live.case}
        for case in live.cases()
    ]


def _call(live: Live) -> str:
    if live.case == GIVEN:
        return "tk.Armington(...)"
    return (
        "tk.Armington()"
        if live.case == "central"
        else (f"tk.Armington(case={live.case!r})")
    )


def _sections(live: Live) -> list[dict[str, Any]]:
    start, out = live.settings, []
    headings: dict[str, str] = {}
    for number, control in enumerate(live.controls):
        if not out or out[-1]["name"] != control.section:
            out.append({"name": control.section, "rows": []})
        row = _row(number, control, start.get(control.name, control.neutral))
        changed = headings.get(control.section, "") != control.heading
        row["heading"] = control.heading if changed else ""
        headings[control.section] = control.heading
        out[-1]["rows"].append(row)
    return out


def _row(number: int, control: Control, value: float) -> dict[str, Any]:
    places = 0 if control.step >= 1 else 1
    shown = signed(value, places).removeprefix("+")
    return {
        "id": f"toolkit-lever-{number}",
        "name": control.name,
        "label": control.label,
        "source": control.source,
        "switch": control.switch,
        "on": value != control.neutral,
        "shown": f"{shown} {control.unit}".strip(),
        "value": f"{value:g}",
        "low": f"{control.low:g}",
        "high": f"{control.high:g}",
        "step": f"{control.step:g}",
    }


def _specs(live: Live) -> dict[str, Any]:
    sums = live.sums
    steps = len(sums.steps)
    shown = sums.figures(live.result)
    source = live.baseline.source_line
    fall = charts.live_waterfall(
        sums.steps,
        shown[:steps],
        title=STEPS,
        subtitle="US$ bn a year; below zero widens the deficit",
        source=source,
    )
    bars = charts.live_bars(
        sums.bars,
        shown[steps:],
        title=BARS,
        subtitle="US$ bn a year; grey before, colour after",
        source=source,
    )
    return {
        "steps": {"spec": fall.to_dict(), "param": "changes"},
        "bars": {"spec": bars.to_dict(), "param": "after"},
    }


def _tables(live: Live) -> list[dict[str, Any]]:
    sums = live.sums
    steps = len(sums.steps)
    shown = sums.figures(live.result)
    total = signed(sum(shown[:steps]))
    moves = [
        {"label": row.label, "flow": row.flow, "cells": [signed(value)]}
        for row, value in zip(sums.steps.itertuples(), shown, strict=False)
    ]
    moves.append(
        {"label": "Change in the balance", "flow": "balance", "cells": [total]}
    )
    after = [
        {
            "label": row.label,
            "flow": row.flow,
            "cells": [
                signed(start).removeprefix("+"),
                signed(value).removeprefix("+"),
                signed(value - start),
            ],
        }
        for row, start, value in zip(
            sums.bars.itertuples(), sums.start[steps:], shown[steps:], strict=True
        )
    ]
    return [
        {
            "name": "steps",
            "title": STEPS,
            "caption": "What each group adds to the balance, US$ bn a year",
            "head": ["Group", "Direction", "Adds"],
            "rows": moves,
        },
        {
            "name": "bars",
            "title": BARS,
            "caption": "US$ bn a year",
            "head": ["Chapter", "Direction", "Before", "After", "Change"],
            "rows": after,
        },
    ]
