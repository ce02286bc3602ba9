"""The command line: ``python -m toolkit run SCENARIO.yaml``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

import toolkit as tk
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
    data = commands.add_parser("data", help="list the data tables, or describe one")
    data.add_argument("name", nargs="?", help="a table's name")
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
        "range": result.range().to_dict(orient="index"),
        "assumptions": result.assumptions()["swing"].to_dict(),
        "other_years": result.other_years().to_dict(orient="index"),
        "identities_hold": bool(result.check()["holds"].all()),
        "notes": list(result.notes),
        "source": result.source_line,
    }


def show_data(options: argparse.Namespace) -> str:
    """Return what ``toolkit data`` prints."""
    if options.name:
        return f"{tk.datasets.describe(options.name)}\n"
    return "\n".join(tk.datasets.names()) + "\n"


if __name__ == "__main__":
    sys.exit(main())
