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
from toolkit.goal import goal_of, number_or_word, place
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
    run = commands.add_parser("run", help="solve scenario files, print the balance")
    run.add_argument(
        "scenario", nargs="+", help="scenario files (YAML), or names of shipped ones"
    )
    _asks_a_model(run, "2024-25")
    run.add_argument("--year", type=int, help="calendar year, for staged levers")
    run.add_argument(
        "--horizon", default="long", help="long, short (first year) or years after"
    )
    run.set_defaults(command=run_scenario)
    years = commands.add_parser("path", help="a scenario file year by year")
    years.add_argument("scenario", help="a scenario file (YAML), or a shipped one")
    _asks_a_model(years, "2025-26")
    years.add_argument(
        "--until", type=int, help="last year, default the file's or 2030"
    )
    years.add_argument("--speed", type=float, help="share of the gap a year closes")
    years.set_defaults(command=path_of_scenario)
    solve = commands.add_parser("solve", help="what it would take to reach a goal")
    solve.add_argument("scenario", help="a scenario file (YAML), or a shipped one")
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
    model, base = _model_and_base(options)
    when = number_or_word(options.horizon)
    results = [
        model.solve(base, name, year=options.year, horizon=when)
        for name in options.scenario
    ]
    if options.json:
        told = [_as_json(result) for result in results]
        return json.dumps(told if len(told) > 1 else told[0], indent=2) + "\n"
    return (_table if len(results) > 1 else _report)(results)


def _report(results: Sequence[tk.Result]) -> str:
    (result,) = results
    parts = [repr(result.question), "", repr(result), f"Identities: {_held(result)}."]
    return "\n".join(parts) + "\n"


def _table(results: Sequence[tk.Result]) -> str:
    """Return one line per scenario: what changes, and between what it lies."""
    rows = []
    for result in results:
        change, ends = result.balance()["change"], result.range().loc["balance"]
        rows.append([*change, ends["least"], ends["greatest"], _held(result)])
    head = ["exports", "imports", "balance", "least", "greatest", "identities"]
    names = [on_one_line(result.scenario) for result in results]
    table = pd.DataFrame(rows, index=names, columns=head)
    first = results[0]
    lines = [
        f"{first.model}, {first.year}, {first.horizon}: changes, US$ mn; least and "
        "greatest change of the balance",
        table.to_string(float_format=lambda number: f"{number:,.1f}"),
        f"Source: {on_one_line(first.source_line)}",
    ]
    return "\n".join(lines) + "\n"


def _held(result: tk.Result) -> str:
    return "hold" if result.check()["holds"].all() else "FAIL: see result.check()"


def _model_and_base(options: argparse.Namespace) -> tuple[Model, tk.Baseline]:
    if options.model not in MODELS:
        raise ValueError(
            f"model {shown(options.model)} is unknown; {nearest(options.model, MODELS)}"
        )
    return MODELS[options.model](case=options.case), tk.load_baseline(options.baseline)


def _asked(options: argparse.Namespace) -> tuple[Model, tk.Baseline, tk.Scenario]:
    model, base = _model_and_base(options)
    return model, base, tk.Scenario.from_yaml(options.scenario)


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
    goal = goal_of(
        scenario.goal, options.target, options.by, options.bounds, options.year
    )
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


def _as_json(result: tk.Result) -> dict[str, Any]:
    return {
        "scenario": tk.Scenario.of(result).to_dict(),
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
