"""The command line: ``python -m toolkit run SCENARIO.yaml``, ``path``, ``solve`` ..."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

import pandas as pd

import toolkit as tk
from toolkit import shelf
from toolkit.analysis import Answer
from toolkit.goal import place
from toolkit.models import MODELS, Model
from toolkit.schema import cut, nearest, on_one_line, shown

PLAIN = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2014": "-", "\u2019": "'"})

ROADS = ("scenario", "reference")


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
        _say(sys.stdout, options.command(options))
    except (ValueError, OSError, ImportError, tk.NotConverged) as error:
        _say(sys.stderr, f"toolkit: {on_one_line(cut(str(error)))}\n")
        return 2
    except KeyboardInterrupt:
        _say(sys.stderr, "toolkit: interrupted; nothing was written\n")
        return 130
    return 0


def _say(stream: TextIO, text: str) -> None:
    """Write text in what the terminal can show, plain marks for those it lacks."""
    encoding = stream.encoding or "utf-8"
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        plain = text.translate(PLAIN)
        text = plain.encode(encoding, "backslashreplace").decode(encoding)
    stream.write(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="toolkit", description=tk.__doc__)
    commands = parser.add_subparsers(required=True)
    run = commands.add_parser("run", help="solve a scenario file, print the balance")
    _asks_a_model(run, "2024-25")
    run.add_argument("--year", type=int, help="calendar year, for staged levers")
    run.add_argument(
        "--horizon", default="long", help="long, short (first year) or years after"
    )
    run.set_defaults(command=run_scenario)
    years = commands.add_parser("path", help="a scenario file year by year")
    _asks_a_model(years, "2025-26")
    years.add_argument(
        "--until", type=int, help="last year, default the file's or 2030"
    )
    years.add_argument("--speed", type=float, help="share of the gap a year closes")
    years.set_defaults(command=path_of_scenario)
    solve = commands.add_parser("solve", help="what it would take to reach a goal")
    _asks_a_model(solve, "2025-26")
    solve.add_argument(
        "--target", help="figure=value, as balance=-40000; default the file's goal"
    )
    solve.add_argument("--by", help="lever number and field, as 1.kilotonnes")
    solve.add_argument("--year", type=int, help="year of a path, as 2030")
    solve.add_argument("--bounds", help="lowest and highest value, as 0:20000")
    solve.add_argument("--band", action="store_true", help="the ends of the answer too")
    solve.set_defaults(command=solve_scenario)
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


def _asks_a_model(command: argparse.ArgumentParser, baseline: str) -> None:
    command.add_argument("scenario", help="a scenario file (YAML)")
    command.add_argument("--baseline", default=baseline, help="Indian fiscal year")
    command.add_argument("--model", default="armington", help="armington or smart")
    command.add_argument("--case", default="central", help="low, central or high")
    command.add_argument("--json", action="store_true", help="print JSON")


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
    return f"{on_one_line(written)}\n"


def run_scenario(options: argparse.Namespace) -> str:
    """Return what ``toolkit run`` prints.

    Raises
    ------
    ValueError
        An unknown model, baseline or case, or a wrong scenario file.
    """
    model, base, scenario = _asked(options)
    when = _number_or_word(options.horizon)
    result = model.solve(base, scenario, year=options.year, horizon=when)
    if options.json:
        return json.dumps(_as_json(result, scenario), indent=2) + "\n"
    held = "hold" if result.check()["holds"].all() else "FAIL: see result.check()"
    parts = [repr(scenario), "", repr(result), f"Identities: {held}."]
    return "\n".join(parts) + "\n"


def _asked(options: argparse.Namespace) -> tuple[Model, tk.Baseline, tk.Scenario]:
    if options.model not in MODELS:
        raise ValueError(
            f"model {shown(options.model)} is unknown; {nearest(options.model, MODELS)}"
        )
    model = MODELS[options.model](case=options.case)
    scenario = tk.Scenario.from_yaml(options.scenario)
    return model, tk.load_baseline(options.baseline), scenario


def path_of_scenario(options: argparse.Namespace) -> str:
    """Return what ``toolkit path`` prints: the figures of every year."""
    model, base, scenario = _asked(options)
    road = tk.path(model, base, scenario, until=options.until, speed=options.speed)
    if not options.json:
        return f"{scenario!r}\n\n{road!r}\n"
    whole = road.table()
    tables = {name: pd.DataFrame(whole[name]).to_dict("index") for name in ROADS}
    data = {"scenario": scenario.to_dict(), "unit": "US$ mn", **tables}
    return json.dumps(data, indent=2) + "\n"


def solve_scenario(options: argparse.Namespace) -> str:
    """Return what ``toolkit solve`` prints: what it takes to reach a goal.

    Raises
    ------
    ValueError
        No goal in the file or the arguments, or one that is not understood.
    """
    model, base, scenario = _asked(options)
    goal = _goal(options, scenario)
    number, field = place(goal.by)
    if number is not None and number > len(scenario.levers):
        raise ValueError(
            f"by names lever {number}; the scenario has {len(scenario.levers)}."
        )
    lever = scenario if number is None else scenario.levers[number - 1]
    answer = tk.solve_for(
        model,
        base,
        lever,
        goal.target,
        scenario=scenario,
        field=field,
        bounds=goal.bounds,
    )
    if options.json:
        return json.dumps(_answer_as_json(answer), indent=2) + "\n"
    band = f"\n{answer.band().round(1).to_string()}\n" if options.band else ""
    return f"{answer.sentence}\n{band}"


def _goal(options: argparse.Namespace, scenario: tk.Scenario) -> tk.Goal:
    """Return the goal of the arguments, what they leave open from the file."""
    if options.target is None and scenario.goal is None:
        raise ValueError("Give --target figure=value, or a goal in the scenario file.")
    held = scenario.goal
    data = held.target.to_dict() if held is not None else {}
    by = options.by or (held.by if held is not None else "")
    bounds = held.bounds if held is not None and by == held.by else None
    if options.bounds:
        bounds = _pair(options.bounds)
    if options.target is not None:
        what, _, value = options.target.partition("=")
        number = _number_or_word(value)
        if isinstance(number, str):
            raise ValueError(f"target is figure=value, not {shown(options.target)}.")
        data = {"what": what, "value": number}
    if options.year is not None:
        data["year"] = options.year
    return tk.Goal(tk.Target.from_dict(data), by, bounds)


def _pair(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    ends = [_number_or_word(end) for end in (low, high)]
    if any(isinstance(end, str) for end in ends):
        raise ValueError(f"bounds are low:high, not {shown(text)}.")
    return float(ends[0]), float(ends[1])


def _answer_as_json(answer: Answer) -> dict[str, Any]:
    return {
        "goal": answer.target.to_dict(),
        "met": answer.met,
        "value": answer.value,
        "figure": answer.figure,
        "others": list(answer.others),
        "sentence": str(answer.sentence),
        "scenario": answer.scenario.to_dict(),
        "balance": answer.result.balance().to_dict(orient="index"),
    }


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
    return shelf.answer(
        options.words,
        plan=options.plan,
        offline=options.offline,
        out=options.out,
        overwrite=options.overwrite,
    )


if __name__ == "__main__":
    sys.exit(main())
