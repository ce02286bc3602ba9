"""What a reader or a service says when it cannot go on, and what to do."""

from __future__ import annotations

from pathlib import Path


class SourceError(ValueError):
    """A file or service that is not what was expected: where, what, what to do."""


def unread(
    path: Path | str,
    what: str,
    do: str = "",
    *,
    line: int | None = None,
    column: str | None = None,
) -> SourceError:
    """Return the error of a file, with line and column where they are known.

    Examples
    --------
    >>> str(unread("flows.csv", "'n.a' is not a number", line=3, column="qty"))
    "flows.csv, line 3, column qty: 'n.a' is not a number."
    """
    where = [Path(path).name]
    where += [f"line {line}"] if line is not None else []
    where += [f"column {column}"] if column else []
    advice = f" {do}" if do else ""
    return SourceError(f"{', '.join(where)}: {what}.{advice}")


def refused(
    service: str, status: int | None, what: str, do: str, account: tuple[str, ...] = ()
) -> SourceError:
    """Return the error of a service: its status, every attempt made, what to do.

    Examples
    --------
    >>> str(refused("UN Comtrade", 401, "the key is not accepted", "Ask for another."))
    'UN Comtrade, status 401: the key is not accepted. Ask for another.'
    """
    code = f", status {status}" if status is not None else ""
    tried = f" Attempts: {'; '.join(account)}." if account else ""
    return SourceError(f"{service}{code}: {what}.{tried} {do}")
