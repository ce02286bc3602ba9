"""What a reader returns: rows in our schema, and an account of the rest."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd

from toolkit.sources.cache import digest
from toolkit.sources.errors import unread

ACCOUNT = ["reason", "rows", "value_usd_mn", "first_line"]
LINE, VALUE = "_line", "value_usd_mn"
FLOW_COLUMNS = [
    "importer",
    "exporter",
    "product",
    "value_usd_mn",
    "kilotonnes",
    "quantity",
    "quantity_unit",
    "year",
    "reported_by",
    "hs_revision",
    "basis",
    "status",
    "source",
    "vintage",
]
RATE_COLUMNS = [
    "importer",
    "exporter",
    "product",
    "applied_rate",
    "bound_rate",
    "year",
    "hs_revision",
    "status",
    "source",
    "vintage",
]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Reading:
    """Rows of a source in our schema, and what became of every row of the file.

    Attributes
    ----------
    source : str
        Publisher.
    kind : {"flows", "rates", "prices", "exchange", "elasticities"}
    frame : DataFrame
        For flows: ``importer, exporter, product, value_usd_mn, kilotonnes, quantity,
        quantity_unit, year, reported_by, hs_revision, basis, status, source,
        vintage``; exporter or importer "WLD" is the world. For rates: ``importer,
        exporter`` ("" for all), ``product, applied_rate, bound_rate`` (decimals) and
        provenance.
    dropped : DataFrame
        ``reason, rows, value_usd_mn, first_line``: rows of the file that are not in
        the frame.
    rows : int
        Data rows of the file.
    path : str
        Name of the file.
    sha256 : str
        Its digest.
    """

    source: str
    kind: str
    frame: pd.DataFrame
    dropped: pd.DataFrame
    rows: int
    path: str
    sha256: str

    def __post_init__(self) -> None:
        kept, lost = self.kept, int(self.dropped["rows"].sum())
        if kept + lost != self.rows:
            raise AssertionError(
                f"{self.path}: {self.rows} rows in, {kept} kept and {lost} dropped"
            )

    @property
    def kept(self) -> int:
        """Rows of the file that are in the frame."""
        return int(self.frame["rows"].sum())

    def __repr__(self) -> str:
        lines = [
            f"{self.source}: {self.kind} from {self.path}",
            f"  rows {self.rows:,}, kept {self.kept:,}",
        ]
        lines += [
            f"  dropped {row['rows']:,}: {row['reason']} (line {row['first_line']})"
            for row in self.dropped.to_dict("records")
        ]
        return "\n".join(lines)


class Sieve:
    """Rows of a file that are sorted out one reason after another.

    Parameters
    ----------
    rows : DataFrame
        With the column ``_line``; ``value_usd_mn`` is summed where it is there.
    """

    def __init__(self, rows: pd.DataFrame):
        self.left = rows
        self.rows = len(rows)
        self._out: list[tuple[str, int, float, int]] = []

    def drop(self, wrong: pd.Series, reason: str) -> None:
        """Take out the rows that are marked."""
        mask = wrong.to_numpy(dtype=bool, na_value=False)
        if mask.any():
            gone = self.left[mask]
            value = float(gone[VALUE].sum()) if VALUE in gone else float("nan")
            line = int(gone[LINE].iloc[0]) if LINE in gone else 0
            self._out.append((reason, len(gone), value, line))
            self.left = self.left[~mask]

    def account(self) -> pd.DataFrame:
        """Return what was taken out, by reason."""
        return pd.DataFrame(self._out, columns=ACCOUNT)


def gathered(
    source: str,
    kind: str,
    path: Path,
    sieve: Sieve,
    columns: list[str],
    keys: list[str] | None = None,
) -> Reading:
    """Return the reading of what a sieve left.

    With ``keys`` rows of the same keys are added up, values and quantities; mixed
    units of quantity give no quantity.

    Raises
    ------
    SourceError
        A flow of negative value, with its line.
    """
    if VALUE in sieve.left and (sieve.left[VALUE] < 0).any():
        line = int(sieve.left.loc[sieve.left[VALUE] < 0, LINE].iloc[0])
        raise unread(path, "a value is negative", line=line)
    frame = sieve.left.drop(columns=LINE).assign(rows=1)
    if keys is not None and frame.duplicated(keys).any():
        frame = added_up(frame, keys)
    out = frame[[*columns, "rows"]].reset_index(drop=True)
    return Reading(
        source, kind, out, sieve.account(), sieve.rows, path.name, digest(path)
    )


def added_up(frame: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Return rows of the same keys as one: values added, the rest the first's."""
    sums = [VALUE, "rows"]
    weights = [name for name in ("kilotonnes", "quantity") if name in frame]
    rest = [name for name in frame if name not in (*keys, *sums, *weights)]
    group = frame.groupby(keys, sort=False, dropna=False)
    out = group[rest].first().join(group[[*sums, *weights]].sum())
    by_key = [frame[name] for name in keys]
    for name in weights:  # unknown in part is unknown
        unknown = frame[name].isna().groupby(by_key, sort=False, dropna=False).any()
        out.loc[unknown.to_numpy(), name] = float("nan")
    if "quantity_unit" in frame:
        ends = group["quantity_unit"].agg(["min", "max"])
        mixed = (ends["min"] != ends["max"]).to_numpy()
        out.loc[mixed, "quantity"] = float("nan")
        out.loc[mixed, "quantity_unit"] = ""
    return out.reset_index()
