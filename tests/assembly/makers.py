"""Readings made in memory, and the bundled tables as their sources print them."""

import pandas as pd

from toolkit import datasets
from toolkit.sources.reading import FLOW_COLUMNS, RATE_COLUMNS, Reading

NOTHING = pd.DataFrame(columns=["reason", "rows", "value_usd_mn", "first_line"])


def flows(*rows, revision="HS2022", source="Made", year="2023", dropped=NOTHING):
    """Return a reading of (importer, exporter, product, value, reporter) rows."""
    frame = pd.DataFrame(
        [
            dict(
                importer=i, exporter=e, product=p, value_usd_mn=v, kilotonnes=v / 2,
                quantity=float("nan"), quantity_unit="", year=year, reported_by=by,
                hs_revision=revision, basis="CIF" if by == i else "FOB",
                status="official", source=source, vintage="now",
            )
            for i, e, p, v, by in rows
        ],
        columns=FLOW_COLUMNS,
    ).assign(rows=1)  # fmt: skip
    count = len(frame) + int(dropped["rows"].sum())
    return Reading(source, "flows", frame, dropped, count, f"{source}.csv", "0" * 64)


def rates(*rows, revision="HS2022", source="Duties", year="2022"):
    """Return a reading of (importer, exporter, product, rate) rows."""
    frame = pd.DataFrame(
        [
            dict(
                importer=i, exporter=e, product=p, applied_rate=r, bound_rate=0.5,
                year=year, hs_revision=revision, status="official", source=source,
                vintage="now",
            )
            for i, e, p, r in rows
        ],
        columns=RATE_COLUMNS,
    ).assign(rows=1)  # fmt: skip
    return Reading(
        source, "rates", frame, NOTHING, len(frame), f"{source}.csv", "0" * 64
    )


def tradestat_page(path, flow, partner, year, table):
    """Write chapters as TRADESTAT prints them: HTML, Indian digit groups, totals."""
    first = int(year[:4])
    rows = "".join(
        f"<tr><td>{n}.</td><td>{code}</td><td>X</td><td>-</td><td></td>"
        f"<td>{indian(value)}</td><td></td></tr>"
        for n, (code, value) in enumerate(table.items(), 1)
    )
    path.write_text(
        f"<html><body>{flow.title()} :: Country-wise<br>Values in US $ Million"
        f"<br>Country: {partner}<table><tr><th>S.No.</th><th>HSCode</th>"
        f"<th>Commodity</th><th>{first - 1}-{first}</th><th>%Share</th>"
        f"<th>{first}-{first + 1}</th><th>%Share</th></tr>{rows}"
        f"<tr><td></td><td></td><td>Total</td><td></td><td></td>"
        f"<td>{indian(table.sum())}</td><td></td></tr></table></body></html>"
    )
    return path


def indian(value):
    """Return 1234567.8 as 12,34,567.80."""
    whole, cents = f"{value:.2f}".split(".")
    head, tail = whole[:-3], whole[-3:]
    pairs = []
    while head:
        pairs.insert(0, head[-2:])
        head = head[:-2]
    return ",".join([*pairs, tail]) + "." + cents


def chapters(flow, partner, year):
    table = datasets.load("india_world")
    hit = table.query("flow == @flow and partner == @partner and year == @year")
    return hit.set_index("hs2")["value_usd_mn"]
