"""A result in plain sentences, every number computed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.display import MINUS, amount, country, supplier
from toolkit.result.barrels import MEASURES, barrels_table
from toolkit.result.parts import figure
from toolkit.result.prose import Sentence, Told
from toolkit.result.ranges import BASE_YEAR, Ranges
from toolkit.schema import CRUDE, on_one_line

NOTHING = 5e-7
FAR = 0.25  # of the larger answer


def headline(result: Ranges, table: pd.DataFrame) -> str:
    """Return one sentence on the balance."""
    change = figure(table, "balance", "change")
    before = figure(table, "balance", "baseline")
    if abs(change) < NOTHING:
        verb = "leaves the balance where it is"
    else:
        verb = "improves" if change > 0 else "worsens"
        verb += f" the balance by US$ {abs(change):,.1f} mn"
    text = (
        f"{on_one_line(result.scenario)} ({result.model}, {result.horizon}): {verb}; "
        "exports "
        f"{table.loc['exports', 'change']:+,.1f}, imports "
        f"{table.loc['imports', 'change']:+,.1f}, balance {before:,.1f} to "
        f"{table.loc['balance', 'counterfactual']:,.1f}."
    )
    return " ".join(filter(None, (text, ends(result), elsewhere(result))))


def explain(result: Ranges) -> Sentence:
    """Return the result in words: flows, the deficit, who is displaced, the wedge."""
    change = result.balance()["change"]
    me, other = country(result.reporter), country(result.partner)
    sentences = [
        f"{when(result)} {me}'s exports to {other} {moved(change['exports'])} and its "
        f"imports "
        f"{moved(change['imports'])}: the bilateral {deficit(result)}.",
        ends(result, short=True),
        elsewhere(result),
        _others(result),
        _crude(result),
        *_bounds(result),
        _world(result),
    ]
    return Told(" ".join(sentence for sentence in sentences if sentence))


def when(result: Ranges) -> str:
    """Return the horizon as the start of a sentence."""
    if result.horizon == "first year":
        return "In the first year"
    if result.horizon == "long run":
        return "In the long run"
    return result.horizon.capitalize()


def ends(result: Ranges, *, short: bool = False) -> str:
    """Return between what the answer lies, and which assumptions move it most.

    ``short`` leaves out one elasticity at a time where there is a band.
    """
    table, swings = result.range(), result.assumptions()["swing"]
    of_years = np.array([str(name).startswith(BASE_YEAR) for name in swings.index])
    if of_years.all():
        return "No range: the elasticities are the user's own." + hangs_on(swings)
    if not swings.to_numpy()[~of_years].max() >= NOTHING:
        return (
            "No assumption moves that: the levers set it, and what they hold is "
            "assumed." + hangs_on(swings)
        )
    least, greatest = (figure(table, "balance", end) for end in ("least", "greatest"))
    between = f"{signed_amount(least)} to {signed_amount(greatest)}"
    drawn = band(result)
    if drawn and short:
        return f"{drawn}.{hangs_on(swings)}"
    if drawn:
        return (
            f"{drawn}, one assumption at a time at an end of its interval by {between}."
            f"{hangs_on(swings)}"
        )
    return (
        f"The balance changes by {between} as one assumption at a time goes to an end "
        f"of its interval.{hangs_on(swings)}"
    )


def band(result: Ranges) -> str:
    """Return what nine draws of ten say of the balance, to be continued."""
    table = result.band()
    if table.empty:
        return ""
    low, high = (figure(table, "balance", end) for end in ("low", "high"))
    return (
        "Nine of ten draws of all elasticities change the balance by "
        f"{signed_amount(low)} to {signed_amount(high)}"
    )


def hangs_on(swings: pd.Series) -> str:
    """Return which assumptions move an answer most, three at the most.

    Examples
    --------
    >>> hangs_on(pd.Series({"base year 2025-26": 1172.3, "export supply": 0.0}))
    ' It hangs most on base year 2025-26 (US$ 1.17 bn).'
    """
    named = ", ".join(
        f"{name} ({amount(swing)})"
        for name, swing in swings.head(3).items()
        if swing >= NOTHING
    )
    return f" It hangs most on {named}." if named else ""


def elsewhere(result: Ranges) -> str:
    """Return what the levers do on another year's figures, where it is far off.

    Far is a quarter of the larger of the two.
    """
    central = figure(result.balance(), "balance", "change")
    found = [
        f"{signed_amount(float(change))} on the figures of {year}"
        for year, change in result.other_years()["balance"].items()
        if abs(change - central) > FAR * max(abs(change), abs(central), NOTHING)
    ]
    if not found:
        return ""
    mine = f"{signed_amount(central)} on those of {result.year}"
    return f"The base year matters: {' and '.join(found)}, {mine}."


def signed_amount(value: float) -> str:
    """Return a change in US$ million for a sentence, with its sign.

    Examples
    --------
    >>> signed_amount(-62.3), signed_amount(1658.5)
    ('−US$ 62.3 mn', '+US$ 1.66 bn')
    """
    return ("" if abs(value) < NOTHING else "+" if value > 0 else MINUS) + amount(value)


def moved(change: float) -> str:
    """Return what a flow does.

    Examples
    --------
    >>> moved(12.0), moved(0.0)
    ('rise by US$ 12.0 mn', 'stay as they are')
    """
    if abs(change) < NOTHING:
        return "stay as they are"
    return f"{'rise' if change > 0 else 'fall'} by {amount(change)}"


def deficit(result: Ranges) -> str:
    """Return what the deficit (or surplus) does."""
    table = result.balance()
    change = figure(table, "balance", "change")
    before = figure(table, "balance", "baseline")
    if abs(change) < NOTHING:
        return f"balance stays at US$ {before / 1e3:,.2f} bn"
    name = "deficit" if before < 0 else "surplus"
    wider = (change < 0) == (before < 0)
    return (
        f"{name} {'widens' if wider else 'narrows'} by {amount(change)} to "
        f"{amount(figure(table, 'balance', 'counterfactual'))}"
    )


def _others(result: Ranges) -> str:
    table = result.displacement()
    if table.empty:
        return ""
    skipped = [name for name in (result.partner, "total") if name in table]
    rivals = table.drop(columns=skipped).sum()
    total = float(rivals.sum())
    if abs(total) < 0.05:
        return ""
    largest = rivals[rivals.abs() > 0.05].sort_values(key=np.abs, ascending=False)[:3]
    named = ", ".join(
        f"{supplier(str(code))} {value:+,.0f}".replace("-", MINUS)
        for code, value in largest.items()
    )
    verb = "sell more" if total > 0 else "sell less"
    me = country(result.reporter)
    return (
        f"In {me}'s markets the other suppliers {verb} by {amount(total)} ({named} US$ "
        "mn)."
    )


def _crude(result: Ranges) -> str:
    """Return barrels, price and discount of the partner's crude, where it moves."""
    try:
        table = barrels_table(result, result.reporter)
    except ValueError:
        return ""
    change = table.xs("change", axis=1, level=1).to_numpy(dtype=float)
    still = bool(np.nanmax(np.abs(change)) < NOTHING)
    if result.partner not in table.index or still:
        return ""
    sold, price, discount, _ = (table[name].loc[result.partner] for name in MEASURES)
    bill = table["bill, US$ bn"].loc["total"]
    text = f"{supplier(result.partner)}'s crude: {_from_to(sold, 2)} mb/d"
    if sold["counterfactual"] > 0:
        text += (
            f" at US$ {_from_to(price, 1)} a barrel ({_from_to(discount, 1)} below the "
            "others)"
        )
    return f"{text}; the bill for all crude US$ {_from_to(bill, 1)} bn."


def _from_to(row: pd.Series, digits: int) -> str:
    before, after = row["baseline"], row["counterfactual"]
    return f"{before:.{digits}f} to {after:.{digits}f}".replace("-", MINUS)


def _bounds(result: Ranges) -> list[str]:
    out = []
    for row in result.wedges().to_dict("records"):
        before, after = row["kilotonnes_before"], row["kilotonnes_after"]
        weighed = pd.notna(before) and not row["product"].startswith(CRUDE)
        tonnes = f" {before:,.0f} to {after:,.0f} kt," if weighed else ""
        kind = "below" if row["wedge"] < 0 else "above"
        out.append(
            f"{row['name']}:{tonnes} at a price that buyers would pay "
            f"{abs(100 * row['wedge']):.1f} % {kind} the supplier's."
        )
    return out


def _world(result: Ranges) -> str:
    if result.exports_to_world is None:
        return ""
    me = country(result.reporter)
    if result.open_account:
        return f"{me}'s balance with the world is not given: {result.open_account}"
    change = float(result.balance(scope="total")["change"]["balance"])
    if abs(change) < NOTHING:
        return ""
    verb = "improves" if change > 0 else "worsens"
    return f"{me}'s trade balance with the world {verb} by {amount(change)}" + _between(
        result
    )


def _between(result: Ranges) -> str:
    """Return between what the change of the balance with the world lies, and why."""
    table, swings = result.range("total"), result.assumptions("total")
    if swings.empty or swings["swing"].max() < NOTHING:
        return "."
    least, greatest = (figure(table, "balance", end) for end in ("least", "greatest"))
    return (
        f" ({signed_amount(least)} to {signed_amount(greatest)}; it hangs most on "
        f"{swings.index[0]})."
    )
