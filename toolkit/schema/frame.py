"""The trade frame: its columns, their defaults, and the check of a user's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from toolkit.schema import cells
from toolkit.schema.checks import (
    LARGEST,
    check_country,
    check_product,
    check_rate,
    nearest,
)
from toolkit.schema.text import cleaning_note, cut, shown

KEYS = ["importer", "exporter", "product"]
REQUIRED = [*KEYS, "value_usd_mn", "applied_rate"]
OPTIONAL: Mapping[str, Any] = {
    "ntm_ave": 0.0,
    "kilotonnes": np.nan,
    "tariff_driven": True,
    "homogeneous": False,
    "bound_rate": np.nan,
    "gsp_rate": np.nan,
    "mfn_rate": np.nan,
    "statutory_rate": np.nan,
    "basis": "",
    "source": "",
    "vintage": "",
    "status": "",
    "derivation": "",
    "rate_status": "",
}
FLAGS = ("tariff_driven", "homogeneous")
MAY_BE_EMPTY = (
    "kilotonnes",
    "bound_rate",
    "gsp_rate",
    "mfn_rate",
    "statutory_rate",
)
NUMBERS = ["value_usd_mn", "applied_rate", "ntm_ave", *MAY_BE_EMPTY]

TEXTS = ("basis", "source", "vintage", "status", "derivation", "rate_status")

# On which side of the border a basis values a flow: FOB is the exporter's price, and
# freight between the two is bought separately; CIF is the price landed at the
# importer's border. A partner's (mirror) statistics are its exports. An unknown basis
# is taken as landed.
EXPORTERS_SIDE = ("FOB", "mirror")


def check_trade_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Check a trade frame and return a completed, sorted copy.

    Parameters
    ----------
    frame : DataFrame
        One row per importer x exporter x product with at least
        ``importer, exporter, product, value_usd_mn, applied_rate``.

    Returns
    -------
    DataFrame
        A new frame with all optional columns, sorted by importer, product,
        exporter. Texts are cleaned (:func:`toolkit.schema.clean_text`), empty ones "".
        The input is left as it was.

    Raises
    ------
    ValueError
        Missing or doubled columns, duplicate rows, wrong codes, missing, negative or
        infinite numbers, what is no number (dates, truth values), rates that look
        like percentages, flags that are neither true nor false, a good that is
        homogeneous from some suppliers only; with the value, the column and the row.

    Examples
    --------
    >>> frame = pd.DataFrame({"importer": ["IND"], "exporter": ["RUS"],
    ...     "product": ["31"], "value_usd_mn": [100.0], "applied_rate": [0.05]})
    >>> check_trade_frame(frame)["ntm_ave"].tolist()
    [0.0]
    """
    _require_columns(frame)
    out = frame.reset_index(drop=True)
    for name, default in OPTIONAL.items():
        if name not in out:
            out[name] = default
    out = _with_codes(out)
    out = _with_numbers(out)
    out["mfn_rate"] = out["mfn_rate"].fillna(out["applied_rate"])
    for name in FLAGS:
        out[name] = _as_flags(out, name)
    _one_kind_per_market(out)
    out = out.assign(**{name: cells.texts(out[name]) for name in TEXTS})
    order = ["importer", "product", "exporter"]
    return out.sort_values(order, kind="stable").reset_index(drop=True)


def _require_columns(frame: pd.DataFrame) -> None:
    cells.require_frame(frame, "A trade frame")
    missing = [name for name in REQUIRED if name not in frame]
    if missing:
        raise ValueError(
            f"The trade frame lacks {missing}; it has {shown(list(frame.columns))}: "
            + nearest(missing[0], map(str, frame.columns))
        )
    if frame.empty:
        raise ValueError("The trade frame has no rows.")


def _with_codes(out: pd.DataFrame) -> pd.DataFrame:
    checks = (check_country, check_country, check_product)
    for name, check in zip(KEYS, checks, strict=True):
        out[name] = cells.codes(out[name], name, check)
    doubled = out.duplicated(KEYS)
    if doubled.any():
        first = tuple(out.loc[doubled, KEYS].iloc[0])
        raise ValueError(
            f"{int(doubled.sum())} duplicate rows; the first is {first}: "
            "one row per importer, exporter and product."
        )
    return out


def _with_numbers(out: pd.DataFrame) -> pd.DataFrame:
    for name in NUMBERS:
        out[name] = _as_numbers(out, name)
        values = out[name].to_numpy(dtype=float)
        wrong = ~(values >= 0) | (values > LARGEST)
        if name in MAY_BE_EMPTY:
            wrong &= ~np.isnan(values)
        if wrong.any():
            at = int(np.argmax(wrong))
            where = _where(out, at)
            raise ValueError(
                f"{name} must be finite (at most {LARGEST:g}) and not negative; for "
                f"{where} it is {values[at]}."
            )
        if name.endswith(("_rate", "_ave")) and not np.isnan(values).all():
            at = int(np.nanargmax(values))
            check_rate(float(values[at]), f"{name} of {_where(out, at)}")
    return out


def _as_flags(out: pd.DataFrame, name: str) -> np.ndarray:
    return cells.flags(out[name], name, lambda row: _where(out, row))


def _one_kind_per_market(out: pd.DataFrame) -> None:
    kinds = out.groupby(["importer", "product"])["homogeneous"].nunique()
    mixed = kinds[kinds > 1]
    if len(mixed):
        importer, product = mixed.index[0]
        raise ValueError(
            f"homogeneous is one flag per importer and product; for {importer}, "
            f"product {shown(product)}, it differs by exporter."
        )


def _as_numbers(out: pd.DataFrame, name: str) -> np.ndarray:
    return cells.numbers(out[name], name, lambda row: _where(out, row))


def _where(out: pd.DataFrame, at: int) -> str:
    keys = [str(out[name].to_numpy()[at]) for name in KEYS]
    place = f"importer {keys[0]}, exporter {keys[1]}, product {shown(keys[2])}"
    return f"{place} (row {at + 1})"


def notes_on(raw: pd.DataFrame, checked: pd.DataFrame) -> tuple[str, ...]:
    """Return what a user should know of a frame that was accepted.

    Parameters
    ----------
    raw : DataFrame
        As the user gave it.
    checked : DataFrame
        As :func:`check_trade_frame` returned it.

    Examples
    --------
    >>> raw = pd.DataFrame({"importer": "IND", "exporter": "RUS",
    ...     "product": ["31", "310210"], "value_usd_mn": 1.0, "applied_rate": 0.0})
    >>> print(notes_on(raw, check_trade_frame(raw))[0][:56])
    Codes of two levels stand side by side: '31' and '310210
    """
    cleaned = [
        note
        for name in TEXTS
        if name in raw
        for note in cleaning_note(f"the column {name}", _filled(raw[name]))
    ]
    return (*cleaned, *_mixed_levels(checked))


def _filled(column: pd.Series) -> list[object]:
    return [c for c in column.astype(object).tolist() if not cells.is_empty(c)]


def _mixed_levels(checked: pd.DataFrame) -> tuple[str, ...]:
    """Return a note where a code and a part of it are flows of the same pair."""
    flows: dict[tuple[str, str], set[str]] = {}
    for importer, exporter, code in checked[KEYS].itertuples(index=False, name=None):
        flows.setdefault((importer, exporter), set()).add(code)
    found = {}
    for pair, held in flows.items():
        for code in sorted(held):
            wider = (code[:n] for n in range(len(code)))
            whole = next((short for short in wider if short in held), None)
            if whole is not None:
                found.setdefault((whole, code), pair)
    if not found:
        return ()
    (whole, code), (importer, exporter) = next(iter(found.items()))
    more = f" ({len(found)} such pairs of codes)" if len(found) > 1 else ""
    return (
        cut(
            f"Codes of two levels stand side by side: {shown(whole)} and {shown(code)} "
            f"of {exporter} in {importer}{more}. If the first holds the second, the "
            "sums count it twice."
        ),
    )
