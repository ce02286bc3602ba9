"""The command line: ``python -m toolkit run SCENARIO.yaml``."""

from __future__ import annotations

import argparse
import inspect
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

import toolkit as tk
from toolkit import files
from toolkit.models import MODELS
from toolkit.schema import nearest


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default the process's own.

    Returns
    -------
    int
        0, or 2 after a wrong input, whose message is on standard error.
    """
    options = _parser().parse_args(arguments)
    try:
        sys.stdout.write(options.command(options))
    except (ValueError, OSError, tk.NotConverged) as error:
        sys.stderr.write(f"toolkit: {error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="toolkit", description=tk.__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="solve a scenario file, print the balance")
    run.add_argument("scenario", help="a scenario file (YAML)")
    run.add_argument("--baseline", default="2024-25", help="Indian fiscal year")
    run.add_argument("--model", default="armington", help="armington or smart")
    run.add_argument("--case", default="central", help="low, central or high")
    run.add_argument("--year", type=int, help="calendar year, for staged levers")
    run.add_argument(
        "--horizon", default="long", help="long, short (first year) or years after"
    )
    run.add_argument("--json", action="store_true", help="print JSON")
    run.set_defaults(command=run_scenario)
    data = commands.add_parser(
        "data", help="describe a table; list, verify or fetch data"
    )
    data.add_argument(
        "words",
        nargs="*",
        metavar="TABLE | list | verify | fetch SOURCE NAME=VALUE ...",
        help="nothing: names of the tables",
    )
    data.add_argument(
        "--plan", action="store_true", help="fetch: say what, ask nothing"
    )
    data.add_argument("--offline", action="store_true", help="fetch: the cache only")
    data.add_argument("--out", help="fetch: write the rows to this CSV file")
    data.add_argument("--overwrite", action="store_true", help="replace what exists")
    data.set_defaults(command=show_data)
    share = commands.add_parser("share", help="write a page, brief or workbook")
    share.add_argument("source", help="a scenario file, a notebook or a folder of them")
    share.add_argument("--out", required=True, help="file or folder to write")
    share.add_argument("--brief", action="store_true", help="a policy brief as .html")
    share.add_argument("--baseline", help="Indian fiscal year of a scenario")
    share.add_argument("--case", help="low, central or high, of a scenario")
    share.add_argument("--year", type=int, help="calendar year, for staged levers")
    share.add_argument("--overwrite", action="store_true", help="replace what exists")
    share.set_defaults(command=share_source)
    return parser


def share_source(options: argparse.Namespace) -> str:
    """Return what ``toolkit share`` prints: the file it wrote."""
    written = tk.share(
        options.source,
        options.out,
        overwrite=options.overwrite,
        kind="brief" if options.brief else "page",
        baseline=tk.load_baseline(options.baseline) if options.baseline else None,
        model=tk.Armington(case=options.case) if options.case else None,
        year=options.year,
    )
    return f"{written}\n"


def run_scenario(options: argparse.Namespace) -> str:
    """Return what ``toolkit run`` prints.

    Raises
    ------
    ValueError
        An unknown model, baseline or case, or a wrong scenario file.
    """
    if options.model not in MODELS:
        raise ValueError(
            f"model {options.model!r} is unknown; {nearest(options.model, MODELS)}"
        )
    model = MODELS[options.model](case=options.case)
    scenario = tk.Scenario.from_yaml(options.scenario)
    base = tk.load_baseline(options.baseline)
    when = _number_or_word(options.horizon)
    result = model.solve(base, scenario, year=options.year, horizon=when)
    if options.json:
        return json.dumps(_as_json(result, scenario), indent=2) + "\n"
    held = "hold" if result.check()["holds"].all() else "FAIL: see result.check()"
    parts = [repr(scenario), "", repr(result), f"Identities: {held}."]
    return "\n".join(parts) + "\n"


def _number_or_word(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _as_json(result: tk.Result, scenario: tk.Scenario) -> dict[str, Any]:
    return {
        "scenario": scenario.to_dict(),
        "model": result.model,
        "baseline": result.year,
        "horizon": result.horizon,
        "unit": "US$ mn",
        "balance": result.balance().to_dict(orient="index"),
        "identities_hold": bool(result.check()["holds"].all()),
        "notes": list(result.notes),
        "source": result.source_line,
    }


def show_data(options: argparse.Namespace) -> str:
    """Return what ``toolkit data`` prints.

    Raises
    ------
    ValueError
        An unknown table or source, a wrong argument, a service that refuses.
    """
    if not options.words:
        return "\n".join(tk.datasets.names()) + "\n"
    verb, *rest = options.words
    if verb == "fetch":
        return fetch_data(rest, options)
    if rest:
        raise ValueError(f"data {verb} takes no {rest[0]!r}.")
    if verb == "list":
        return list_data()
    if verb == "verify":
        return verify_data()
    return f"{tk.datasets.describe(verb)}\n"


def list_data() -> str:
    """Return every table of the shelf and every file of the cache, a line each."""
    metas = [tk.datasets.describe(name) for name in tk.datasets.names()]
    width = max(len(meta.name) for meta in metas)
    lines = [f"{meta.name:<{width}}  {meta.title} ({meta.vintage})" for meta in metas]
    cache = tk.sources.Cache()
    kept = [
        f"{record.fetched}  {record.service}: {record.url}?{record.query}"
        for record in cache.records()
    ]
    return "\n".join([*lines, "", f"Fetched, in {cache.folder}:", *kept]) + "\n"


def verify_data() -> str:
    """Load every table, check every fetched file, and return the account.

    Raises
    ------
    ValueError
        A table or file that is not what its record says.
    """
    names = tk.datasets.names()
    for name in names:
        tk.datasets.load(name)
    cache = tk.sources.Cache()
    faults = cache.verify()
    if faults:
        raise ValueError("; ".join(faults) + ". Fetch it again.")
    count = sum(1 for _ in cache.records())
    return f"{len(names)} tables and {count} fetched files are as recorded.\n"


def fetch_data(words: Sequence[str], options: argparse.Namespace) -> str:
    """Fetch from a source, or say what would be asked, and return the account."""
    if not words:
        raise ValueError(f"fetch from which source? {', '.join(FETCHED)}.")
    name, *pairs = words
    if name not in FETCHED:
        raise ValueError(f"source {name!r} is unknown; {nearest(name, FETCHED)}")
    source = getattr(tk.sources, name)
    wanted = dict(_argument(pair) for pair in pairs)
    try:
        if options.plan:
            return f"{_planned(source, FETCHED[name], wanted)}\n"
        carrier = tk.sources.Transport(offline=options.offline)
        found = source.fetch(**wanted, transport=carrier)
    except TypeError as error:  # a name that the function lacks, or one missing
        raise ValueError(f"{name}: {error}") from error
    readings = found if isinstance(found, list) else [found]
    text = "\n".join(map(repr, readings)) + "\n"
    if options.out:
        table = pd.concat([reading.frame for reading in readings])
        body = table.to_csv(index=False, lineterminator="\n")
        path = files.write(Path(options.out), body, overwrite=options.overwrite)
        text += f"{path}\n"
    return text


# Source -> the function that says what would be asked.
FETCHED = {
    "baci": "request",
    "comtrade": "requests",
    "exchange": "request",
    "tradestat": "request",
    "wits": "request",
    "worldbank": "request",
}
MANY = {"reporters", "partners", "importers"}
NUMBERS = {"level"}


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


def _planned(source: Any, function: str, wanted: dict[str, Any]) -> str:
    asked = getattr(source, function)
    taken = inspect.signature(asked).parameters
    given = {name: value for name, value in wanted.items() if name in taken}
    if "flow" in taken and "flow" not in given:
        plans = [asked(**given, flow=flow) for flow in ("export", "import")]
    else:
        plans = asked(**given)
    return "\n".join(map(repr, plans if isinstance(plans, list) else [plans]))


if __name__ == "__main__":
    sys.exit(main())
