"""What becomes of every row of every file: an account that must come out even."""

from __future__ import annotations

import pandas as pd

from toolkit.sources import Reading

COLUMNS = ["source", "file", "kind", "fate", "rows", "value_usd_mn"]
USED = "used"
READER = "by its reader: "


class Account:
    """Rows of readings by fate; the file's own losses are there from the beginning."""

    def __init__(self, readings: list[Reading]):
        self._readings = readings
        self._out: list[tuple[int, str, int, float]] = []
        for at, reading in enumerate(readings):
            for row in reading.dropped.to_dict("records"):
                fate = READER + str(row["reason"])
                self._out.append((at, fate, int(row["rows"]), row["value_usd_mn"]))

    def put(self, rows: pd.DataFrame, fate: str) -> None:
        """Write down that rows (``reading``, ``rows``, ``value_usd_mn``) met a fate."""
        if not len(rows):
            return
        money = "value_usd_mn" if "value_usd_mn" in rows else None
        for at, part in rows.groupby("reading", sort=True):
            value = float(part[money].sum()) if money else float("nan")
            self._out.append((int(str(at)), fate, int(part["rows"].sum()), value))

    def sift(self, rows: pd.DataFrame, gone: pd.Series, fate: str) -> pd.DataFrame:
        """Write down rows that go and return those that stay."""
        mask = gone.to_numpy(dtype=bool)
        self.put(rows[mask], fate)
        return rows[~mask]

    def table(self) -> pd.DataFrame:
        """Return the account; raise if a row is unaccounted for."""
        table = pd.DataFrame(self._out, columns=["at", "fate", "rows", "value_usd_mn"])
        got = table.groupby("at")["rows"].sum()
        for at, reading in enumerate(self._readings):
            found = int(got.get(at, 0))
            if found != reading.rows:
                raise AssertionError(
                    f"{reading.path}: {reading.rows} rows in, {found} accounted for"
                )
        names = ("source", "path", "kind")
        for column, name in zip(("source", "file", "kind"), names, strict=True):
            table[column] = [getattr(self._readings[at], name) for at in table["at"]]
        keys = ["at", "source", "file", "kind", "fate"]
        sums = table.groupby(keys, sort=False)[["rows", "value_usd_mn"]]
        return sums.sum(min_count=1).reset_index().sort_values("at")[COLUMNS]
