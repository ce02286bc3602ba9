"""Input checks of the estimators: wrong data is named, never estimated on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.schema import nearest

from .caveats import warn

__all__ = [
    "as_dates",
    "day",
    "in_time_order",
    "require_choice",
    "require_column",
    "require_columns",
    "require_complete",
    "require_enough",
    "take_logs",
    "without_edges",
]

FEWEST_FREE = 5  # degrees of freedom below which nothing is estimated
SMALL_SAMPLE = 30  # below this the asymptotic errors are known to be too small


def require_choice(label: str, value: object, allowed: Sequence[str]) -> None:
    """Raise a ValueError unless an option is one of those allowed."""
    if value not in allowed:
        raise ValueError(f"{label} {value!r} is unknown; {nearest(value, allowed)}")


def require_column(frame: pd.DataFrame, column: object, label: str = "column") -> None:
    """Raise a ValueError unless the frame has a column of the name."""
    if column not in frame.columns:
        allowed = map(str, frame.columns)
        raise ValueError(
            f"{label} {column!r} is not in the frame; {nearest(column, allowed)}"
        )


def require_complete(data: pd.DataFrame) -> None:
    """Raise a ValueError that names the first missing value."""
    holes = data.isna().any(axis=1)
    if holes.any():
        column = data.columns[data.isna().any()][0]
        raise ValueError(
            f"{int(holes.sum())} rows have missing values, the first in {column!r} "
            f"at {data.index[holes][0]}; drop or fill them."
        )


def require_columns(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the columns as floats.

    Raises
    ------
    ValueError
        If the frame is no DataFrame, a column is missing or named twice, or
        holds anything but numbers.
    """
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"The data must be a DataFrame, not {type(frame).__name__}.")
    for column in columns:
        require_column(frame, column)
    twice = [c for c in columns if list(columns).count(c) > 1]
    if twice:
        raise ValueError(f"column {twice[0]!r} must not be named twice.")
    return pd.DataFrame({c: _numbers(frame[c]) for c in columns}, index=frame.index)


def _numbers(column: pd.Series) -> pd.Series:
    try:
        numbers = pd.to_numeric(column).astype(float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"column {column.name!r} must be numbers: {error}") from error
    endless = np.isinf(numbers.to_numpy())
    if endless.any():
        where = numbers.index[endless][0]
        raise ValueError(f"column {column.name!r} is infinite at {where}.")
    return numbers


def take_logs(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return the frame with natural logarithms of some columns.

    Raises
    ------
    ValueError
        If a column holds a value that is not positive; the first is named.
    """
    result = frame.copy()
    for column in columns:
        wrong = frame[column] <= 0
        if wrong.any():
            where = frame.index[wrong][0]
            raise ValueError(
                f"column {column!r} has {int(wrong.sum())} values that are not "
                f"positive, so no logarithm: {frame[column][wrong].iloc[0]!r} at "
                f"{where} is the first."
            )
        result[column] = np.log(frame[column])
    return result


def as_dates(index: pd.Index) -> pd.Index:
    """Return text such as 2014-03 as dates, anything else as it is.

    Raises
    ------
    ValueError
        If the text is no date; the first such label is named.
    """
    if not pd.api.types.is_string_dtype(index):
        return index
    dates = pd.to_datetime(pd.Series(index), errors="coerce", format="ISO8601")
    if dates.isna().any():
        label = index[dates.isna().to_numpy()][0]
        raise ValueError(f"The time {label!r} is no date; write 2014-03 or 2014-03-31.")
    return pd.DatetimeIndex(dates)


def in_time_order(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows sorted by time after checking that no period is missing.

    Dates and periods a month, quarter or year apart, and whole numbers (years),
    must follow each other without gap.

    Raises
    ------
    ValueError
        If a period occurs twice or is missing.
    """
    index = frame.index
    if index.has_duplicates:
        raise ValueError(f"The period {index[index.duplicated()][0]} occurs twice.")
    ordered = frame.sort_index()
    steps = _ordinals(ordered.index)
    if steps is None or len(steps) < 3:
        return ordered
    gaps = np.diff(steps)
    wide = np.flatnonzero(gaps != gaps.min())
    if wide.size:
        before, after = ordered.index[wide[0]], ordered.index[wide[0] + 1]
        raise ValueError(
            f"The index has {wide.size} gap{'s' if wide.size > 1 else ''}: nothing "
            f"between {day(before)} and {day(after)}; fill the missing periods or "
            "estimate on one side of them."
        )
    return ordered


def _ordinals(index: pd.Index) -> np.ndarray | None:
    """Return the index in months, days or units; None where it has no order."""
    if isinstance(index, pd.PeriodIndex):
        return index.astype("int64").to_numpy()
    if isinstance(index, pd.DatetimeIndex):
        months = (index.year * 12 + index.month).to_numpy()
        if len(months) > 1 and np.diff(months).min() >= 1:
            return months
        return None
    if pd.api.types.is_integer_dtype(index):
        return index.to_numpy()
    return None


def day(label: object) -> str:
    """Return a label of a time index, a date without its hours."""
    return label.strftime("%Y-%m-%d") if isinstance(label, pd.Timestamp) else str(label)


def without_edges(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows between the first and the last complete one.

    Missing values before and after, as lags and differences leave them, are cut
    off with a warning.

    Raises
    ------
    ValueError
        If a value is missing in between, or everywhere.
    """
    complete = frame.notna().all(axis=1).to_numpy()
    if complete.all():
        return frame
    holes = [str(c) for c in frame if frame[c].isna().any()]
    if not complete.any():
        raise ValueError(
            f"No row is complete; values are missing in {', '.join(holes)}."
        )
    first, last = np.flatnonzero(complete)[[0, -1]]
    inner = frame.iloc[first : last + 1]
    if inner.isna().any(axis=None):
        column = inner.columns[inner.isna().any()][0]
        where = inner.index[inner[column].isna()][0]
        raise ValueError(f"column {column!r} has no value at {day(where)}.")
    cut = len(frame) - len(inner)
    warn(f"{cut} rows at the ends lack a value of {', '.join(holes)} and are left out")
    return inner


def require_enough(rows: int, coefficients: int) -> None:
    """Check the number of observations against the number of coefficients.

    Raises
    ------
    ValueError
        If fewer than five degrees of freedom are left.
    """
    free = rows - coefficients
    if free < FEWEST_FREE:
        raise ValueError(
            f"There are too few observations: {rows} rows for {coefficients} "
            f"coefficients; at least {coefficients + FEWEST_FREE} are needed."
        )
    if rows < SMALL_SAMPLE:
        warn(
            f"only {rows} observations: below about {SMALL_SAMPLE} the standard "
            "errors are too small and intervals cover less than they say"
        )
