"""The live explorer as a section of a page: levers, figures, charts, tables."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from toolkit.display import country
from toolkit.explorer import details, figures
from toolkit.result import Result
from toolkit.sharing.moves import moved
from toolkit.sharing.page import LIVE, Page, render, version
from toolkit.sharing.payload import Live
from toolkit.sharing.provenance import elasticity_sources, tables

LIMITS = (
    "Partial equilibrium: each product's market by itself. No wages, exchange rates, "
    "incomes or links between products follow from the change.",
    "Trade that does not exist today stays at zero, unless a lever opens it with an "
    "assumed share.",
    "The elasticities are estimates from other countries and years, or assumed: move "
    "between their low and high ends before quoting a figure.",
    "A year after adjustment against the baseline year; not a forecast. A later year "
    "grows by projected incomes, against the same year without the levers.",
)


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
    """Return the explorer's HTML: what its script replaces, for readers without one."""
    result = live.result
    return render(
        "live.html",
        figures=figures(result),
        answer=result.explain(),
        sentences=[lever.sentence() for lever in result.levers],
        rows=moved(result),
        details=details(result),
    )


def explorer_blocks(live: Live) -> dict[str, Any]:
    """Return the data the explorer's scripts read."""
    return {"toolkit-data": live.data()}


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
