"""Sales by finer codes than a baseline has, to weigh the duties of its products."""

from __future__ import annotations

import pandas as pd

from toolkit.sources import Reading

DIGITS = r"^(\d*)"
KEPT = ["importer", "exporter", "product", "cell", "rest", "value_usd_mn", "source"]


def finest(readings: list[Reading], frame: pd.DataFrame) -> pd.DataFrame:
    """Return flows of the readings below the baseline's codes, nothing twice.

    Of a product's sales by a supplier the first reading that has finer codes counts,
    in it the importer's report before the exporter's, and of codes within codes the
    finest.

    Returns
    -------
    DataFrame
        ``importer, exporter, product, cell`` (digits of the baseline's product),
        ``rest`` (whether that product is the rest of a chapter), ``value_usd_mn,
        source``.
    """
    parts = [
        reading.frame.assign(reading=at)
        for at, reading in enumerate(readings)
        if reading.kind == "flows"
    ]
    if not parts:
        return pd.DataFrame(columns=KEPT).astype({"rest": bool})
    rows = pd.concat(parts, ignore_index=True)
    shelf = shelved(rows, frame)
    rows = rows.assign(cell=shelf.str.extract(DIGITS)[0], rest=shelf.str.endswith("x"))
    rows = rows[shelf.notna() & (rows["value_usd_mn"] > 0)]
    rows = rows[rows["product"].str.len() > rows["cell"].str.len()]
    mirror = (rows["reported_by"] != rows["importer"]).astype(int)
    rows = rows.assign(
        order=2 * rows["reading"] + mirror, depth=-rows["product"].str.len()
    )
    for name in ("order", "depth"):
        keys = ["importer", "exporter", "cell", "rest"]
        rows = rows[rows[name] == rows.groupby(keys)[name].transform("min")]
    return rows[KEPT].astype({"rest": bool})


def shelved(rows: pd.DataFrame, frame: pd.DataFrame) -> pd.Series:
    """Return the baseline's product that each code of an importer belongs to.

    The longest product that the code begins with; of products that are the rest of a
    chapter only what no other holds. NaN where there is none.
    """
    held = frame[["importer", "product"]].drop_duplicates()
    digits = held["product"].str.extract(DIGITS)[0]
    rest = held["product"] != digits
    out = pd.Series(pd.NA, index=rows.index, dtype=object)
    table = held.assign(code=digits, rest=rest)
    lengths = digits.str.len().unique()
    for is_rest in (False, True):
        part = table[table["rest"] == is_rest].drop_duplicates(["importer", "code"])
        known = part.set_index(["importer", "code"])["product"]
        for length in sorted(lengths, reverse=True):
            code = rows["product"].str[:length]
            key = pd.MultiIndex.from_arrays([rows["importer"], code])
            hit = known.reindex(key).set_axis(rows.index)
            out = out.where(out.notna(), hit)
    return out
