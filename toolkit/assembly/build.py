"""A baseline for any pair of countries from readings of official sources."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pandas as pd

from toolkit.assembly import duties, flows
from toolkit.assembly.account import Account
from toolkit.assembly.concordance import EVEN, Concordance
from toolkit.assembly.report import Report, totals_of
from toolkit.baseline import Baseline, status_table
from toolkit.schema import check_country
from toolkit.sources import Reading

LEVELS = (2, 4, 6)
KEPT = [
    "importer",
    "exporter",
    "product",
    "value_usd_mn",
    "kilotonnes",
    "basis",
    "source",
    "vintage",
    "status",
    "derivation",
    "applied_rate",
    "mfn_rate",
    "bound_rate",
    "rate_status",
    "rate_how",
    "mirror_usd_mn",
    "discrepancy",
]


def build_baseline(
    reporter: str = "IND",
    partner: str = "RUS",
    year: str | int = "",
    sources: Sequence[Reading | Sequence[Reading]] = (),
    *,
    level: int = 2,
    concordances: Sequence[Concordance] = (),
    missing_rate: float | None = None,
    suppliers: int | None = None,
    names: Mapping[str, str] | None = None,
    official: Mapping[str, float] | None = None,
) -> Baseline:
    """Join flows, competitors and duties into a baseline, and account for every row.

    Parameters
    ----------
    reporter, partner : str
        ISO alpha-3; the balance is the reporter's.
    year : str or int
        As the sources write it: 2023, or "2024-25".
    sources : sequence of Reading
        Of :mod:`toolkit.sources`, flows and rates, the preferred first; a list that a
        ``fetch`` returned may stand among them. Rows with exporter "WLD" are totals
        of a market: the rest of the world is what they leave.
    level : {2, 4, 6}
        HS digits of the products.
    concordances : sequence of Concordance
        Needed below the chapter where sources use different HS revisions; the first
        flows say which revision the baseline has.
    missing_rate : float, optional
        Duty, a decimal, of goods whose chapter has none in the sources.
    suppliers : int, optional
        How many competitors in each market keep their name; default all.
    names : mapping, optional
        Product labels.
    official : mapping, optional
        Published totals by direction ("exports", "imports"), US$ million, to which
        the report gives the distance.

    Returns
    -------
    Baseline
        Its frame has beside the usual columns ``mirror_usd_mn`` (the other country's
        report), ``discrepancy`` and ``rate_how``; :func:`build_report` gives the
        report.

    Raises
    ------
    ValueError
        No flows of that year and pair, revisions that need a concordance, flows
        without a duty.

    Examples
    --------
    >>> import toolkit as tk
    >>> flows = tk.sources.own.read("flows.csv",             # doctest: +SKIP
    ...     {"importer": "to", "exporter": "from", "product": "hs", "value": "usd"},
    ...     source="Customs", million=1e-6)
    >>> tk.build_baseline("VNM", "KOR", 2023, [flows],       # doctest: +SKIP
    ...     missing_rate=0.05)
    """
    check_country(reporter, "reporter")
    check_country(partner, "partner")
    if level not in LEVELS:
        raise ValueError(f"level {level} is not an HS level: 2, 4 or 6.")
    readings = _flat(sources)
    account, label = Account(readings), str(year)
    if suppliers is not None and suppliers < 0:
        raise ValueError(f"suppliers {suppliers} is no number of competitors.")
    _refuse_others(readings, account)
    pair, notes = (reporter, partner), list[str]()
    rows = flows.gathered(readings, account, reporter, partner, label)
    target = _revision(rows)
    rows = _translated(rows, target, level, concordances, notes)
    rows = flows.at_level(rows, account, level)
    if rows.empty:
        raise ValueError(
            f"no flow of {label} is known by HS{level}, all are coarser: build at a "
            "lower level, or add a reading of finer codes."
        )
    fine = rows.assign(cell=rows["product"].str[:level])
    taken = flows.chosen(flows.summed(rows, level), account, reporter)
    cells, excess = flows.with_rest(taken.assign(derivation=""), suppliers, pair)
    lines = duties.schedule(readings, account, pair, label)
    lines = _rates_translated(lines, target, level, concordances, notes)
    frame = duties.with_duties(cells, fine, lines, account, missing_rate)
    fates = account.table()
    base = Baseline.from_tables(
        frame[KEPT],
        products=_products(names),
        reporter=reporter,
        partner=partner,
        year=label,
    )
    report = Report(
        title=f"{reporter} with {partner} {label}, HS{level}",
        rows=fates,
        totals=totals_of(base, official or {}, "given"),
        status=status_table(base),
        imputed=_imputed(base),
        excess=excess,
        notes=tuple(notes),
    )
    return dataclasses.replace(base, _report=report)


def _flat(sources: Sequence[Reading | Sequence[Reading]]) -> list[Reading]:
    out: list[Reading] = []
    if sources is None or isinstance(sources, Reading):
        raise ValueError("sources is a list of readings of tk.sources: [flows, rates].")
    for item in sources:
        found = [item] if isinstance(item, Reading) else list(item)
        for reading in found:
            if not isinstance(reading, Reading):
                raise ValueError(
                    f"sources are readings of tk.sources, not {type(reading).__name__}."
                )
            out.append(reading)
    return out


def _refuse_others(readings: list[Reading], account: Account) -> None:
    for at, reading in enumerate(readings):
        if reading.kind not in ("flows", "rates"):
            account.put(reading.frame.assign(reading=at), f"{reading.kind}: not joined")


def _revision(rows: pd.DataFrame) -> str:
    known = rows.loc[rows["hs_revision"] != "", ["reading", "hs_revision"]]
    return (
        str(known.sort_values("reading")["hs_revision"].iloc[0]) if len(known) else ""
    )


def _translated(
    rows: pd.DataFrame,
    target: str,
    level: int,
    concordances: Sequence[Concordance],
    notes: list[str],
) -> pd.DataFrame:
    parts = []
    for old, part in rows.groupby("hs_revision", sort=False):
        table = _table(str(old), target, level, concordances, notes, "flows")
        if table is None:
            parts.append(part)
            continue
        out, split = table.flows(part)
        if split.any():
            notes.append(
                f"{int(split.sum())} flows of {old} {EVEN} in {target} where the table "
                f"({table.source}) gives no shares: assumed"
            )
        parts.append(out)
    return pd.concat(parts, ignore_index=True)


def _rates_translated(
    lines: pd.DataFrame,
    target: str,
    level: int,
    concordances: Sequence[Concordance],
    notes: list[str],
) -> pd.DataFrame:
    parts = []
    for old, part in lines.groupby("hs_revision", sort=False):
        table = _table(str(old), target, level, concordances, notes, "rates")
        parts.append(part if table is None else table.rates(part))
    return pd.concat(parts, ignore_index=True) if parts else lines


def _table(
    old: str,
    target: str,
    level: int,
    concordances: Sequence[Concordance],
    notes: list[str],
    what: str,
) -> Concordance | None:
    """Return the table from one revision to another, None where none is needed."""
    if old in ("", target) or not target:
        return None
    for table in concordances:
        if (table.begins, table.ends) == (old, target):
            notes.append(f"{what} of {old} brought to {target} by {table.source}")
            return table
    if level == 2 and what == "flows":
        notes.append(f"chapters of {old} taken as those of {target}")
        return None
    if what == "rates" and level == 2:
        notes.append(f"rates of {old} averaged into chapters of {target}")
        return None
    raise ValueError(
        f"{what} are in {old}, the baseline is in {target}: give concordances="
        f"[Concordance.read(path, {{{old!r}: ..., {target!r}: ...}})] with the table "
        "of the UN Statistics Division, or build at level=2."
    )


def _products(names: Mapping[str, str] | None) -> pd.DataFrame | None:
    if not names:
        return None
    return pd.DataFrame({"product": list(names), "name": list(names.values())})


def _imputed(base: Baseline) -> pd.DataFrame:
    frame = base._frame
    wanted = ["importer", "exporter", "product", "value_usd_mn", "applied_rate"]
    made = frame[frame["rate_status"] == "assumed"]
    return made[[*wanted, "rate_how"]].sort_values("value_usd_mn", ascending=False)
