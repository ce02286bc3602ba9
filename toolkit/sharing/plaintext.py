"""A brief as Markdown, in which text from users stays text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from toolkit.display import signed
from toolkit.explorer import figures
from toolkit.sharing.brief import Brief, band_sentence, beside, moved
from toolkit.sharing.explorer import LIMITS
from toolkit.sharing.page import version
from toolkit.sharing.provenance import elasticity_sources

_MARKS = re.compile(r"([\\`*_\[\]<>#!|~$&])")
_START = re.compile(r"^(\d+)([.)])|^([-+=])")  # of a list or of a heading's underline


def escaped(text: str) -> str:
    r"""Return text that Markdown shows as it is, on one line.

    Examples
    --------
    >>> print(escaped("<b>[x](javascript:y)</b>"))
    \<b\>\[x\](javascript:y)\</b\>
    """
    flat = _MARKS.sub(r"\\\1", " ".join(text.split()))
    return _START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", flat)


def brief_markdown(brief: Brief) -> str:
    """Return the brief as Markdown, the chart left out."""
    result, scenario = brief.result, brief.scenario
    parts = [f"# {escaped(brief.title)}", escaped(scenario.description)]
    parts += [escaped(f"{scenario.author} {scenario.reference}")]
    rows = [(f.title, f.before, f.after, f.change, f.between) for f in figures(result)]
    head = ("US$ bn", "before", "after", "change", "between")
    parts.append(_table(head, rows))
    parts += map(escaped, [result.explain(), *beside(result)])
    if result.levers:
        parts += ["## What is changed", _items(x.sentence() for x in result.levers)]
    products = [tuple(row.values()) for row in moved(result)]
    if products:
        head = ("product", "direction", "before", "after", "change, US$ mn")
        parts += ["## Products that move most", _table(head, products)]
    parts += ["## How sure it is", escaped(band_sentence(brief.band))]
    if brief.band is not None:
        cells = [
            (str(name), *(signed(float(v) / 1e3) for v in row))
            for name, *row in brief.band.itertuples(name=None)
        ]
        parts.append(_table(("change, US$ bn", *brief.band.columns), cells))
    parts += ["## What this does not tell", _items([*LIMITS, *result.notes])]
    parts += ["## Sources", _sources(brief)]
    return "\n\n".join(part for part in parts if part.strip()) + "\n"


def _sources(brief: Brief) -> str:
    used = "; ".join(elasticity_sources(brief.result.elasticities))
    items = [brief.result.source_line, f"Elasticities: {used}" if used else ""]
    items += [
        f"{row['title']} ({row['publisher']}; {row['vintage']}), "
        f"SHA-256 {row['sha256']}"
        for row in brief.tables
    ]
    items.append(f"Model {brief.result.model}, toolkit version {version()}")
    return _items(item for item in items if item)


def _items(items: Iterable[str]) -> str:
    return "\n".join(f"- {escaped(item)}" for item in items)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    cells = [[c if c == "---" else escaped(str(c)) for c in line] for line in lines]
    return "\n".join("| " + " | ".join(line) + " |" for line in cells)
