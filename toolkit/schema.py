"""Column names, codes, units and checks of a trade frame: the ground floor.

Every check raises :class:`ValueError` with the value found, what is allowed
and, where it helps, the nearest match. Nothing here changes the user's data.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

KEYS = ["importer", "exporter", "product"]
REQUIRED = [*KEYS, "value_usd_mn", "applied_rate"]
OPTIONAL: Mapping[str, Any] = {
    "ntm_ave": 0.0,
    "kilotonnes": np.nan,
    "tariff_driven": True,
    "bound_rate": np.nan,
    "gsp_rate": np.nan,
    "basis": "",
    "source": "",
    "vintage": "",
    "status": "",
    "derivation": "",
}
NUMBERS = [
    "value_usd_mn",
    "applied_rate",
    "ntm_ave",
    "kilotonnes",
    "bound_rate",
    "gsp_rate",
]
RESULT_COLUMNS = [
    "scenario",
    "model",
    *KEYS,
    "variable",
    "unit",
    "baseline",
    "counterfactual",
    "change",
]
REST_OF_WORLD = "ROW"
EVERYONE = "ALL"
HIGHEST_RATE = 3.0
BARRELS_PER_TONNE = 7.33

_COUNTRY = re.compile(r"[A-Z]{3}")
_PRODUCT = re.compile(r"((\d\d)+([-_.]?[A-Za-z]\w*)?)?")


def nearest(value: object, allowed: Iterable[str]) -> str:
    """Return the tail of an error message: what is allowed, nearest match first.

    Parameters
    ----------
    value : object
        What the user wrote.
    allowed : iterable of str
        What could have been written.

    Returns
    -------
    str
        ``"did you mean 'RUS'? Allowed: ..."``, cut after a dozen names.

    Examples
    --------
    >>> nearest("RSU", ["IND", "RUS"])
    "did you mean 'RUS'? Allowed: IND, RUS."
    """
    names = sorted(map(str, set(allowed)))
    close = difflib.get_close_matches(str(value), names, n=1, cutoff=0.4)
    hint = f"did you mean {close[0]!r}? " if close else ""
    shown = ", ".join(name or "''" for name in names[:12])
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"{hint}Allowed: {shown}{more}."


def check_country(value: object, what: str, *, everyone: bool = False) -> str:
    """Return an ISO 3166 alpha-3 code (or ROW) unchanged, or raise.

    Examples
    --------
    >>> check_country("IND", "importer")
    'IND'
    """
    if isinstance(value, str) and _COUNTRY.fullmatch(value):
        if value != EVERYONE or everyone:
            return value
        raise ValueError(f"{what} 'ALL' is not allowed here: name one country.")
    hint = ""
    if isinstance(value, str) and _COUNTRY.fullmatch(value.strip().upper()):
        hint = f" Did you mean {value.strip().upper()!r}?"
    raise ValueError(
        f"{what} must be an ISO 3166 alpha-3 code such as 'IND', 'RUS' or 'ROW', "
        f"not {value!r}.{hint}"
    )


def check_product(value: object, what: str = "product") -> str:
    """Return an HS code (text, even number of digits, optional suffix), or raise.

    Examples
    --------
    >>> check_product("310210"), check_product("2710x"), check_product("")
    ('310210', '2710x', '')
    """
    if not isinstance(value, str):
        raise ValueError(
            f"{what} must be an HS code as text, not {value!r} "
            f"({type(value).__name__}): quote it, leading zeros matter."
        )
    if not _PRODUCT.fullmatch(value):
        raise ValueError(
            f"{what} {value!r} is not an HS code: two, four, six ... digits, "
            "optionally a suffix that begins with a letter, or '' for a single good."
        )
    return value


def check_number(
    value: object, what: str, *, low: float = -math.inf, high: float = math.inf
) -> float:
    """Return a finite number within [low, high] as float, or raise.

    Examples
    --------
    >>> check_number(7000, "kilotonnes", low=0)
    7000.0
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, np.number)):
        raise ValueError(f"{what} must be a number, not {value!r}.")
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{what} must be a finite number, not {value!r}.")
    if not low <= number <= high:
        raise ValueError(f"{what} is {number:g}; allowed are {low:g} to {high:g}.")
    return number


def check_rate(value: object, what: str) -> float:
    """Return an ad valorem rate as decimal (0.05 is 5 %), or raise.

    A rate above 3 (300 %) is taken for a percentage and refused.

    Examples
    --------
    >>> check_rate(0.2, "to")
    0.2
    """
    number = check_number(value, what)
    if number < 0:
        raise ValueError(f"{what} is {number:g}: a rate cannot be negative.")
    if number > HIGHEST_RATE:
        raise ValueError(
            f"{what} is {number:g}, that is {100 * number:g} %. Rates are decimals: "
            f"write {number / 100:g} for {number:g} %."
        )
    return number


def check_share(value: object, what: str) -> float:
    """Return a share between 0 and 1, or raise (0.25 is a quarter).

    Examples
    --------
    >>> check_share(0.25, "by")
    0.25
    """
    number = check_number(value, what)
    if 1 < number <= 100:
        raise ValueError(
            f"{what} is {number:g}; it is a share between 0 and 1: "
            f"write {number / 100:g} for {number:g} %."
        )
    return check_number(number, what, low=0.0, high=1.0)


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
        infinite numbers, rates that look like percentages.

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
    out["tariff_driven"] = _as_flags(out["tariff_driven"])
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
        may_be_empty = name in ("kilotonnes", "bound_rate", "gsp_rate")
        wrong = ~np.isfinite(values) | (values < 0)
        if may_be_empty:
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
        raise ValueError(f"tariff_driven is true or false, not {wrong[0]!r}.")
    return column.astype(bool)


def _as_numbers(out: pd.DataFrame, name: str) -> pd.Series:
    try:
        return pd.to_numeric(out[name], errors="raise").astype(float)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{name} must be numbers: {error}") from error


def _where(out: pd.DataFrame, at: int) -> str:
    keys = [str(out[name].to_numpy()[at]) for name in KEYS]
    return f"importer {keys[0]}, exporter {keys[1]}, product {keys[2]!r}"
