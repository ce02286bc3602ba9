"""A policy brief of two pages: headline, waterfall, table, band, limits, sources."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
import vl_convert
from markupsafe import Markup

from toolkit import charts
from toolkit.display import CASE_NAMES, signed
from toolkit.explorer import figures
from toolkit.result import Result
from toolkit.result.parts import figure
from toolkit.scenario import Scenario
from toolkit.sharing.explorer import LIMITS
from toolkit.sharing.page import Page, newest_vegalite, render, version
from toolkit.sharing.payload import Live
from toolkit.sharing.provenance import elasticity_sources

MOST_ROWS = 10
SMALLEST_USD_MN = 0.05
WHOLE = 1  # decimals of US$ mn


@dataclasses.dataclass(frozen=True, eq=False)
class Brief:
    """What a brief is written from.

    Attributes
    ----------
    result : Result
    scenario : Scenario
        For its title and description.
    band : DataFrame or None
        Change of exports, imports and balance (US$ mn) with all elasticities at
        their low ends, central, at their high ends; None where there are no cases.
    tables : sequence of dict
        Data behind it, with checksums.
    """

    result: Result
    scenario: Scenario
    band: pd.DataFrame | None
    tables: Sequence[dict[str, str]]

    @property
    def title(self) -> str:
        """The scenario's title, or its name."""
        return self.scenario.title or self.scenario.name


def band_of(live: Live) -> pd.DataFrame:
    """Return the change of the balance with each choice of elasticities, US$ mn."""
    return pd.DataFrame(
        {
            CASE_NAMES.get(name, "as given"): model.solve(
                live.baseline, live.scenario, year=live.year
            ).balance()["change"]
            for name, model in live.cases().items()
        }
    )


def brief_page(brief: Brief) -> Page:
    """Return the brief as a page without any script."""
    result = brief.result
    body = render(
        "brief.html",
        title=brief.title,
        scenario=brief.scenario,
        model=result.model,
        year=result.year,
        figures=figures(result),
        words=result.explain(),
        chart=waterfall(result),
        label=f"Waterfall: {brief.title}",
        rows=moved(result),
        band=_band_rows(brief.band),
        band_sentence=band_sentence(brief.band),
        beside=beside(result),
        levers=[lever.sentence() for lever in result.levers],
        notes=result.notes,
        limits=LIMITS,
        source_line=result.source_line.rstrip(".") or "Not stated",
        elasticities=elasticity_sources(result.elasticities),
        tables=brief.tables,
        version=version(),
    )
    return Page(brief.title, body, kind="brief")


def waterfall(result: Result) -> Markup:
    """Return the waterfall by product as an SVG, to stand inside the page."""
    spec = charts.waterfall(result, by="product", top=5, width=380).to_dict()
    spec = charts.drawable(spec)
    drawing = vl_convert.vegalite_to_svg(spec, vl_version=newest_vegalite())
    return Markup(re.sub(r"<\?xml.*?\?>|<!DOCTYPE.*?>", "", drawing))


def moved(result: Result) -> list[dict[str, str]]:
    """Return the products that move most, as text, US$ mn."""
    table = result.by_product("value").reset_index()
    table = table[table["change"].abs() > SMALLEST_USD_MN]
    order = table["change"].abs().sort_values(ascending=False, kind="stable").index
    return [
        {
            "name": f"{row['name']} ({row['product']})",
            "direction": str(row["direction"]),
            "before": signed(row["baseline"], WHOLE).removeprefix("+"),
            "after": signed(row["counterfactual"], WHOLE).removeprefix("+"),
            "change": signed(row["change"], WHOLE),
        }
        for row in table.loc[order[:MOST_ROWS]].to_dict("records")
    ]


def beside(result: Result) -> list[str]:
    """Return the account beside the goods balance in sentences."""
    return [
        f"Beside the goods balance: {row['item']} of US$ {row['usd_mn']:,.0f} mn a "
        f"year ({row['low']:,.0f} to {row['high']:,.0f}; {row['basis']})."
        for row in result.invisibles().to_dict("records")
    ]


def _band_rows(band: pd.DataFrame | None) -> dict[str, Any] | None:
    if band is None:
        return None
    rows = [
        {"name": str(name), "cells": [signed(float(v) / 1e3) for v in row]}
        for name, *row in band.itertuples(name=None)
    ]
    return {"head": list(map(str, band.columns)), "rows": rows}


def band_sentence(band: pd.DataFrame | None) -> str:
    """Return the band of the balance in one sentence."""
    if band is None:
        return "No band: this model was solved with one set of elasticities."
    row = [figure(band, "balance", name) / 1e3 for name in band.columns]
    low, high = signed(min(row)), signed(max(row))
    if low == high:
        return f"The balance changes by {low} US$ bn whichever elasticities are used."
    return (
        f"The balance changes by {low} to {high} US$ bn between low and high "
        "responses: both ends of the elasticities' intervals, all at once."
    )
