"""What ``toolkit data`` answers: tables of the shelf, fetched files, fetching."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit import datasets, files
from toolkit.schema import nearest

# Source -> the function that says what would be asked.
FETCHED = {
    "baci": "request",
    "comtrade": "requests",
    "eaeu": "request",
    "exchange": "request",
    "tradestat": "request",
    "wits": "request",
    "worldbank": "request",
}
MANY = {"reporters", "partners", "importers"}
NUMBERS = {"level"}
LATER = {"importers", "year", "level", "vintage"}  # of reading what is fetched


def answer(
    words: Sequence[str],
    *,
    plan: bool = False,
    offline: bool = False,
    out: str | None = None,
    overwrite: bool = False,
) -> str:
    """Return what ``toolkit data`` prints.

    Parameters
    ----------
    words : sequence of str
        Nothing (names of the tables), a table, ``list``, ``verify``, or ``fetch``,
        a source and its arguments as ``name=value``.
    plan : bool
        Say what would be asked and ask nothing.
    offline : bool
        Only what the cache holds.
    out : str, optional
        CSV file for the rows.
    overwrite : bool
        Replace that file.

    Raises
    ------
    ValueError
        An unknown table or source, a wrong argument, a service that refuses.

    Examples
    --------
    >>> answer(["fetch", "wits", "reporter=IND", "year=2023"], plan=True)[:29]
    'Request(UNCTAD TRAINS (WITS) '
    """
    if not words:
        return "\n".join(datasets.names()) + "\n"
    verb, *rest = words
    if verb == "fetch":
        source, wanted = _asked(rest)
        if plan:
            return f"{_planned(source, wanted)}\n"
        return _fetched(source, wanted, offline, out, overwrite=overwrite)
    if rest:
        raise ValueError(f"data {verb} takes no {rest[0]!r}.")
    if verb == "list":
        return _listed()
    if verb == "verify":
        return _verified()
    return f"{datasets.describe(verb)}\n"


def _listed() -> str:
    """Return every table of the shelf and every file of the cache, a line each."""
    metas = [datasets.describe(name) for name in datasets.names()]
    width = max(len(meta.name) for meta in metas)
    lines = [f"{meta.name:<{width}}  {meta.title} ({meta.vintage})" for meta in metas]
    cache = _sources().Cache()
    kept = [
        f"{record.fetched}  {record.service}: {record.url}?{record.query}"
        for record in cache.records()
    ]
    return "\n".join([*lines, "", f"Fetched, in {cache.folder}:", *kept]) + "\n"


def _verified() -> str:
    """Load every table, check every fetched file, and return the account.

    Raises
    ------
    ValueError
        A table or file that is not what its record says.
    """
    names = datasets.names()
    for name in names:
        datasets.load(name)
    cache = _sources().Cache()
    faults = cache.verify()
    if faults:
        raise ValueError("; ".join(faults) + ". Fetch it again.")
    count = sum(1 for _ in cache.records())
    return f"{len(names)} tables and {count} fetched files are as recorded.\n"


def _asked(words: Sequence[str]) -> tuple[str, dict[str, Any]]:
    if not words:
        raise ValueError(f"fetch from which source? {', '.join(FETCHED)}.")
    name, *pairs = words
    if name not in FETCHED:
        raise ValueError(f"source {name!r} is unknown; {nearest(name, FETCHED)}")
    return name, dict(_argument(pair) for pair in pairs)


def _fetched(
    name: str,
    wanted: dict[str, Any],
    offline: bool,
    out: str | None,
    *,
    overwrite: bool,
) -> str:
    """Fetch, write the rows where asked, and return the account."""
    carrier = _sources().Transport(offline=offline)
    try:
        found = getattr(_sources(), name).fetch(**wanted, transport=carrier)
    except TypeError as error:  # a name that the function lacks, or one missing
        raise ValueError(f"{name}: {error}") from error
    readings = found if isinstance(found, list) else [found]
    text = "\n".join(map(repr, readings)) + "\n"
    if out is None:
        return text
    table = pd.concat([reading.frame for reading in readings])
    body = table.to_csv(index=False, lineterminator="\n")
    return text + f"{files.write(Path(out), body, overwrite=overwrite)}\n"


def _argument(pair: str) -> tuple[str, Any]:
    """Return name and value of ``name=value``; lists have commas between."""
    name, sign, text = pair.partition("=")
    if not sign:
        raise ValueError(f"{pair!r} is not NAME=VALUE, such as year=2023.")
    if name in MANY:
        return name, text.split(",")
    if name in NUMBERS or (name == "year" and text.isdigit()):
        return name, int(text)
    return name, text


def _planned(name: str, wanted: dict[str, Any]) -> str:
    asked = getattr(getattr(_sources(), name), FETCHED[name])
    taken = inspect.signature(asked).parameters
    for key in wanted:
        if key not in taken and key not in LATER:
            raise ValueError(f"{name}: no argument {key!r}; {nearest(key, taken)}")
    given = {key: value for key, value in wanted.items() if key in taken}
    both = "flow" in taken and "flow" not in given
    choices = [{"flow": flow} for flow in ("export", "import")] if both else [{}]
    try:
        plans = [asked(**given, **choice) for choice in choices]
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error
    first = plans[0] if isinstance(plans[0], list) else plans
    return "\n".join(map(repr, first))


def _sources() -> Any:
    """Return the room of the agencies, or the error that names its extra."""
    from toolkit import sources  # its libraries are an extra

    return sources
