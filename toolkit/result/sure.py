"""How sure a result is, in sentences: its range, its band, the base year, the world."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.display import MINUS, supplier
from toolkit.result.barrels import MEASURES, barrels_table
from toolkit.result.parts import figure
from toolkit.result.phrases import NOTHING, listed, signed_amount
from toolkit.result.ranges import Ranges

FAR = 0.25  # of the larger answer
ELASTICITIES = {
    "substitution elasticity": "how easily buyers switch suppliers",
    "import demand elasticity": "how much dearer goods cut what is bought",
    "export supply elasticity": "how readily suppliers deliver more",
    "speed of adjustment": "how fast trade adjusts",
}


def plainly(name: str) -> str:
    """Return an assumption in plain words, the economist's term behind it.

    Examples
    --------
    >>> plainly("speed of adjustment"), plainly("who keeps the rent")
    ('how fast trade adjusts (speed of adjustment)', 'who keeps the rent')
    """
    said = ELASTICITIES.get(name)
    return f"{said} ({name})" if said else name


def ends(result: Ranges) -> str:
    """Return between what the answer lies, and which assumptions move it most."""
    table, swings = result.range(), result.assumptions(base_year=False)["swing"]
    if swings.empty:
        return "No range: the elasticities are the user's own."
    if not swings.max() >= NOTHING:
        return (
            "No assumption moves that: the levers set it, and what they hold is "
            "assumed."
        )
    named = [plainly(str(n)) for n, by in swings.head(2).items() if by >= NOTHING]
    least, greatest = (
        signed_amount(figure(table, "balance", e)) for e in ("least", "greatest")
    )
    if least == greatest:
        return (
            f"No assumption moves that by more than is shown; most does {named[0]}, "
            "one at a time at an end of its interval."
        )
    return (
        f"It hangs most on {listed(named)}: the balance changes by {least} to "
        f"{greatest} as one assumption at a time goes to an end of its interval."
    )


def band(result: Ranges) -> str:
    """Return what nine draws of ten say of the balance."""
    table = result.band()
    if table.empty:
        return ""
    low, high = (
        signed_amount(figure(table, "balance", end)) for end in ("low", "high")
    )
    if low == high:
        return f"So do nine of ten draws of all elasticities: {low}."
    return (
        f"Nine of ten draws of all elasticities change the balance by {low} to {high}."
    )


def world_range(result: Ranges) -> str:
    """Return between what the change of the balance with the world lies."""
    if result.exports_to_world is None or result.open_account:
        return ""
    table, swings = result.range("total"), result.assumptions("total")
    if swings.empty or not swings["swing"].max() >= NOTHING:
        return ""
    least, greatest = (figure(table, "balance", end) for end in ("least", "greatest"))
    return (
        f"The change with the world lies between {signed_amount(least)} and "
        f"{signed_amount(greatest)}; it hangs most on {plainly(str(swings.index[0]))}."
    )


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


def crude(result: Ranges) -> str:
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
