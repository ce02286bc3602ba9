"""The trade frame: its columns, their defaults, and the check of a user's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from toolkit.schema.checks import check_country, check_product, check_rate, nearest

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
        exporter. The input is left as it was.

    Raises
    ------
    ValueError
        Missing columns, duplicate rows, wrong codes, missing, negative or
        infinite numbers, rates that look like percentages, flags that are neither
        true nor false, a good that is homogeneous from some suppliers only.

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
    out["kilotonnes"] = out["kilotonnes"].astype(float)
    out = _with_codes(out)
    out = _with_numbers(out)
    out["mfn_rate"] = out["mfn_rate"].fillna(out["applied_rate"])
    for name in FLAGS:
        out[name] = _as_flags(out[name])
    _one_kind_per_market(out)
    order = ["importer", "product", "exporter"]
    return out.sort_values(order, kind="stable").reset_index(drop=True)


def _require_columns(frame: pd.DataFrame) -> None:
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"A trade frame is a DataFrame, not {type(frame).__name__}.")
    missing = [name for name in REQUIRED if name not in frame]
    if missing:
        raise ValueError(
            f"The trade frame lacks {missing}; it has {list(frame.columns)}: "
            + nearest(missing[0], map(str, frame.columns))
        )
    if frame.empty:
        raise ValueError("The trade frame has no rows.")


def _with_codes(out: pd.DataFrame) -> pd.DataFrame:
    for name in ("importer", "exporter"):
        for code in out[name].unique():
            check_country(code, name)
    for code in out["product"].unique():
        check_product(code)
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
        wrong = ~np.isfinite(values) | (values < 0)
        if name in MAY_BE_EMPTY:
            wrong &= ~np.isnan(values)
        if wrong.any():
            at = int(np.argmax(wrong))
            where = _where(out, at)
            raise ValueError(
                f"{name} must be finite and not negative; for {where} it is "
                f"{values[at]}."
            )
        if name.endswith(("_rate", "_ave")) and not np.isnan(values).all():
            at = int(np.nanargmax(values))
            check_rate(float(values[at]), f"{name} of {_where(out, at)}")
    return out


def _as_flags(column: pd.Series) -> pd.Series:
    wrong = [value for value in column.unique() if value not in (True, False)]
    if wrong:
        raise ValueError(f"{column.name} is true or false, not {wrong[0]!r}.")
    return column.astype(bool)


def _one_kind_per_market(out: pd.DataFrame) -> None:
    kinds = out.groupby(["importer", "product"])["homogeneous"].nunique()
    mixed = kinds[kinds > 1]
    if len(mixed):
        importer, product = mixed.index[0]
        raise ValueError(
            f"homogeneous is one flag per importer and product; for {importer}, "
            f"product {product!r}, it differs by exporter."
        )


def _as_numbers(out: pd.DataFrame, name: str) -> pd.Series:
    try:
        return pd.to_numeric(out[name], errors="raise").astype(float)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name} must be numbers: {error}") from error


def _where(out: pd.DataFrame, at: int) -> str:
    keys = [str(out[name].to_numpy()[at]) for name in KEYS]
    return f"importer {keys[0]}, exporter {keys[1]}, product {keys[2]!r}"
