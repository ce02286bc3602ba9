"""A result in plain sentences, every number computed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.display import MINUS, amount, country, supplier
from toolkit.result.parts import figure
from toolkit.result.tables import Tables

NOTHING = 5e-7


class Sentence(str):
    """Text that a notebook shows as prose; it is an ordinary str otherwise.

    Examples
    --------
    >>> Sentence("US$ 5 bn against US$ 65 bn").upper()
    'US$ 5 BN AGAINST US$ 65 BN'
    """

    __slots__ = ()

    def _repr_markdown_(self) -> str:
        """Return the text as Markdown, its dollars kept from starting a formula."""
        return self.replace("\\$", "$").replace("$", "\\$")


def headline(result: Tables, table: pd.DataFrame) -> str:
    """Return one sentence on the balance."""
    change = figure(table, "balance", "change")
    before = figure(table, "balance", "baseline")
    if abs(change) < NOTHING:
        verb = "leaves the balance where it is"
    else:
        verb = "improves" if change > 0 else "worsens"
        verb += f" the balance by US$ {abs(change):,.1f} mn"
    text = (
        f"{result.scenario} ({result.model}, {result.horizon}): {verb}; exports "
        f"{table.loc['exports', 'change']:+,.1f}, imports "
        f"{table.loc['imports', 'change']:+,.1f}, balance {before:,.1f} to "
        f"{table.loc['balance', 'counterfactual']:,.1f}."
    )
    return " ".join(filter(None, (text, ends(result))))


def explain(result: Tables) -> Sentence:
    """Return the result in words: flows, the deficit, who is displaced, the wedge."""
    change = result.balance()["change"]
    me, other = country(result.reporter), country(result.partner)
    sentences = [
        f"{when(result)} {me}'s exports to {other} {moved(change['exports'])} and its "
        f"imports "
        f"{moved(change['imports'])}: the bilateral {deficit(result)}.",
        ends(result, short=True),
        _others(result),
        *_bounds(result),
        _world(result),
    ]
    return Sentence(" ".join(sentence for sentence in sentences if sentence))


def when(result: Tables) -> str:
    """Return the horizon as the start of a sentence."""
    if result.horizon == "first year":
        return "In the first year"
    if result.horizon == "long run":
        return "In the long run"
    return result.horizon.capitalize()


def ends(result: Tables, *, short: bool = False) -> str:
    """Return between what the answer lies, and which assumptions move it most.

    ``short`` leaves out one elasticity at a time where there is a band.
    """
    table, swings = result.range(), result.assumptions()
    if swings.empty:
        return "No range: the elasticities are the user's own."
    if swings["swing"].max() < NOTHING:
        return (
            "No elasticity moves that: the levers set it, and what they hold is "
            "assumed."
        )
    named = ", ".join(
        f"{name} ({amount(swing)})"
        for name, swing in swings["swing"].head(3).items()
        if swing >= NOTHING
    )
    least, greatest = (figure(table, "balance", end) for end in ("least", "greatest"))
    ends = f"{signed_amount(least)} to {signed_amount(greatest)}"
    drawn = band(result)
    if drawn and short:
        return f"{drawn}; it hangs most on {named}."
    if drawn:
        return (
            f"{drawn}, one elasticity at a time at an end of its interval by {ends}; "
            f"it hangs most on {named}."
        )
    return (
        f"The balance changes by {ends} as one elasticity at a time goes to an end of "
        f"its interval; it hangs most on {named}."
    )


def band(result: Tables) -> str:
    """Return what nine draws of ten say of the balance, to be continued."""
    table = result.band()
    if table.empty:
        return ""
    low, high = (figure(table, "balance", end) for end in ("low", "high"))
    return (
        "Nine of ten draws of all elasticities change the balance by "
        f"{signed_amount(low)} to {signed_amount(high)}"
    )


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


def deficit(result: Tables) -> str:
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


def _others(result: Tables) -> str:
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


def _bounds(result: Tables) -> list[str]:
    out = []
    for row in result.wedges().to_dict("records"):
        before, after = row["kilotonnes_before"], row["kilotonnes_after"]
        tonnes = f" {before:,.0f} to {after:,.0f} kt," if pd.notna(before) else ""
        kind = "below" if row["wedge"] < 0 else "above"
        out.append(
            f"{row['name']}:{tonnes} at a price that buyers would pay "
            f"{abs(100 * row['wedge']):.1f} % {kind} the supplier's."
        )
    return out


def _world(result: Tables) -> str:
    if result.exports_to_world is None:
        return ""
    me = country(result.reporter)
    if result.open_account:
        return f"{me}'s balance with the world is not given: {result.open_account}"
    change = float(result.balance(scope="total")["change"]["balance"])
    if abs(change) < NOTHING:
        return ""
    verb = "improves" if change > 0 else "worsens"
    return f"{me}'s trade balance with the world {verb} by {amount(change)}."
