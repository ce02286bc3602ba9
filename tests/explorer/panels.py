"""The explorer's panel in a browser: what it shows, and what a reader does to it."""

import random
from pathlib import Path

from toolkit import display
from toolkit.explorer import panel_of, screen_of
from toolkit.widgets.session import DRAWS

ROOT = ".tk-explorer"
FOLDED = 0.005  # US$ bn: what the charts fold

HERE = Path(__file__).parent
# What a reader sees, as text; one thing that a reader does; sizes and places.
READ, DO, MEASURE, FOCUS = (
    HERE.joinpath(f"panel_{name}.js").read_text(encoding="utf-8")
    for name in ("read", "do", "measure", "focus")
)

WEIGHTS = {
    **{"slide": 90, "type": 25, "question": 15, "load": 12, "off": 20, "back": 10},
    **{"tool": 14, "end": 8, "choose": 20, "year": 20},
}


def random_steps(controls, count, seed=25):
    """Yield what a reader might do next; every lever is moved at least once."""
    rng = random.Random(seed)
    names = [control.name for control in controls]
    first = [
        ("slide", name, rng.randrange(1000)) for name in rng.sample(names, len(names))
    ]
    steps = []
    while len(steps) + len(first) < count:
        (what,) = rng.choices(list(WEIGHTS), list(WEIGHTS.values()))
        name, value = rng.choice(names), rng.randrange(1000)
        if what == "type":
            control = next(c for c in controls if c.name == name)
            value = round(rng.uniform(control.low, control.high), 2)
        if what == "choose":
            name = rng.choice(["model", "model", "horizon", "source"])
        steps.append((what, name, value))
    both = [*first, *steps]
    rng.shuffle(both)
    return both


def differences(shown, result, baseline, *, draws=DRAWS, rows=None):
    """Return where what is on screen is not what the model says of that scenario."""
    screen = screen_of(result, baseline, draws=draws, rows=rows)
    rows = panel_of(rows or baseline, ())
    found = [
        (name, shown["figures"][name], due)
        for name, due in due_figures(screen).items()
        if shown["figures"][name] != due
    ]
    count = len(rows["moves"])
    moves, bars = screen["charts"][:count], screen["charts"][count:]
    found += wrong_moves(shown["moves"], moves)
    for flow in ("exports", "imports"):
        found += wrong_bars(shown[flow], flow, rows["bars"], (screen["before"], bars))
    found += wrong_suppliers(shown, screen["suppliers"])
    answer = screen["answer"]
    for key, due in (
        ("lead", answer["balance"]),
        ("details", screen["details"]),
        ("sentences", screen["levers"]),
    ):
        found += [] if shown[key] == due else [(key, shown[key], due)]
    found += [] if answer["goods"] in shown["more"] else [("more", shown["more"])]
    return found + wrong_range(shown, screen)


def due_figures(screen):
    return {
        one["name"]: [
            one["after"],
            one["change"],
            f" ({one['share']})" if one["share"] else "",
            one["before"],
        ]
        for one in screen["figures"]
    }


def signed(value):
    """Return a change in US$ bn as the panel says it."""
    if abs(value) >= 1e4:
        return f"{'+' if value > 0 else display.MINUS}10,000 or more"
    return display.signed(value)


def wrong_moves(rows, values):
    named = {key: text for key, text in rows}
    found = []
    for key, text in named.items():
        if key.isdigit() and text != signed(values[int(key)]):
            found.append(("move", key, text, values[int(key)]))
    if named.get("total") != signed(sum(values)):
        found.append(("total", named.get("total"), sum(values)))
    rest = sum(x for n, x in enumerate(values) if str(n) not in named)
    if abs(abs(rest) - FOLDED) > 1e-6 and (abs(rest) >= FOLDED) != ("rest" in named):
        found.append(("rest", rest))
    if "rest" in named and named["rest"] != signed(rest):
        found.append(("rest", named["rest"], rest))
    hidden = [
        n for n, x in enumerate(values) if abs(x) >= FOLDED and str(n) not in named
    ]
    return found + ([("hidden moves", hidden)] if hidden and len(named) < 10 else [])


def wrong_bars(rows, flow, bars, sides):
    before, values = sides
    mine = [n for n, bar in enumerate(bars) if bar["flow"] == flow]
    found = []
    for key, after, change in rows:
        n = mine[int(key)]
        moved = values[n] - before[n]
        due = "" if abs(moved) < FOLDED else signed(moved)
        near = abs(abs(moved) - FOLDED) < 1e-6
        if after != level(values[n]) or (change != due and not near):
            found.append((flow, key, after, change, values[n], moved))
    return found


def wrong_suppliers(shown, markets):
    by_title = {market["title"]: market for market in markets}
    if not markets:
        return [] if not shown["suppliers"] else [("suppliers", shown["suppliers"])]
    if shown["market"] not in by_title:
        return [("market", shown["market"], list(by_title))]
    due = [
        [whole(before), whole(after)]
        for _, before, after in by_title[shown["market"]]["rows"]
    ]
    mine = [row[1:3] for row in shown["suppliers"]]
    return [] if mine == due else [("suppliers", mine, due)]


def level(value):
    return display.plain(value) if abs(value) < 1e9 else "1,000,000,000 or more"


def whole(value):
    return f"{value:,.0f}" if value < 1e9 else "1,000,000,000 or more"


def wrong_range(shown, screen):
    band = screen["band"]
    due = [signed(band[end] / 1e3) for end in ("least", "greatest")]
    if band["greatest"] - band["least"] > 5e-4 and any(
        d not in shown["range"] for d in due
    ):
        return [("range", shown["range"], due)]
    found = []
    for one in screen["assumptions"]:
        row = next((r for r in shown["effects"] if one["name"] == r[0]), None)
        ends = [signed(one[end] / 1e3) for end in ("low", "high")]
        if row is None or any(
            end not in row for end in ends if one["name"] != "speed of adjustment"
        ):
            found.append(("assumption", row, ends))
    return found
