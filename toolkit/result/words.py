"""A result in plain sentences, every number computed.

The page says the same in its own script (``sharing/words.js``), to the letter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from toolkit.display import amount, country, number, supplier, whose
from toolkit.result.parts import figure
from toolkit.result.phrases import (
    NOTHING,
    SMALL,
    deficit,
    flows,
    listed,
    lower,
    signed_amount,
    unchanged,
    when,
    with_names,
)
from toolkit.result.prose import Told
from toolkit.result.ranges import Ranges
from toolkit.result.sure import band, crude, elsewhere, ends, world_range
from toolkit.schema import on_one_line

FEW = 3
FAR = 1000.0  # per cent
OTHER_STORY = 0.25  # of the bilateral change
PARTS = ("world", "goods", "levers", "others", "bounds", "beside", "hangs")


@dataclasses.dataclass(frozen=True)
class Answer:
    """A result in sentences, by what they are about; empty where there is nothing.

    Attributes
    ----------
    balance : str
        What happens to the deficit, and through which direction.
    world : str
        The balance with all countries, beside the bilateral one.
    goods, levers : str
        Which of them do most.
    others : str
        Who sells more or less instead.
    bounds : str
        Prices that caps and targets need.
    beside : str
        The account beside the goods balance.
    hangs : str
        Between what the answer lies, and on what that hangs.
    """

    balance: str
    world: str
    goods: str
    levers: str
    others: str
    bounds: str
    beside: str
    hangs: str


def answer(result: Ranges, *, levers: bool = True, short: bool = False) -> Answer:
    """Return what a result says, sentence by sentence.

    Parameters
    ----------
    result : Result
    levers : bool
        Say which lever does most, which takes a solve without each of them.
    short : bool
        The balance, the world and the goods alone, as fast as a lever is dragged.
    """
    if not result.levers:
        return Answer(balance=unchanged(result), **dict.fromkeys(PARTS, ""))
    said = Answer(
        balance=f"{when(result)} {deficit(result)}: {flows(result)}.",
        world=_world(result),
        goods=_goods(result),
        **dict.fromkeys(PARTS[2:], ""),
    )
    if short:
        return said
    return dataclasses.replace(
        said,
        levers=_levers(result) if levers else "",
        others=" ".join(filter(None, (_others(result, a) for a in _pair(result)))),
        bounds=_bounds(result),
        beside=_beside(result),
        hangs=ends(result),
    )


def explain(result: Ranges) -> Told:
    """Return the result in words: flows, the deficit, who is displaced, the wedge."""
    said = answer(result)
    if not result.levers:
        return Told(said.balance)
    order = (said.balance, said.goods, said.levers, said.world, world_range(result))
    rest = (said.others, crude(result), said.bounds, said.beside)
    sure = (band(result), said.hangs, elsewhere(result))
    return Told(" ".join(filter(None, (*order, *rest, *sure))))


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
        f"{on_one_line(result.title)} ({result.model}, {result.horizon}): {verb}; "
        f"exports {table.loc['exports', 'change']:+,.1f}, imports "
        f"{table.loc['imports', 'change']:+,.1f}, balance {before:,.1f} to "
        f"{table.loc['balance', 'counterfactual']:,.1f}."
    )
    sure = (band(result), ends(result), elsewhere(result))
    return " ".join(filter(None, (text, *sure)))


def _pair(result: Ranges) -> tuple[str, str]:
    return result.reporter, result.partner


def _goods(result: Ranges) -> str:
    moves = []
    change = result.variable("value").change
    for direction, importer, exporter in result.flows():
        rows = np.flatnonzero(result.flow(importer, exporter))
        moves += [(direction, result.keys().product[n], change[n]) for n in rows]
    size = np.array([abs(move[2]) for move in moves])
    order = np.argsort(-size, kind="stable")[:FEW]
    shown = [n for n in order if size[n] >= SMALL]
    if not shown:
        return ""
    named = [
        f"{lower(result.name(str(code)) or 'all goods')} ({direction} "
        f"{signed_amount(float(by))})"
        for direction, code, by in (moves[n] for n in shown)
    ]
    most = size[shown].sum() >= 0.5 * size.sum()
    return f"{'Most of it is' if most else 'The largest moves are'} {listed(named)}."


def _levers(result: Ranges) -> str:
    table = result.without()
    if len(table) < 2:
        return ""
    adds = table["adds"].abs().fillna(0.0).to_numpy()
    first = int(np.argmax(adds))
    if adds[first] < SMALL:
        return ""
    rest = float(table["balance"].to_numpy()[first])
    lever = with_names(str(table.index[first]), result.product_names)
    return f"Most hangs on '{lever}': {signed_amount(rest)} without it."


def _others(result: Ranges, buyer: str) -> str:
    seller = result.partner if buyer == result.reporter else result.reporter
    keys, change = result.keys(), result.variable("value").change
    rivals = (keys.importer == buyer) & ~np.isin(keys.exporter, (seller, buyer))
    codes, which = np.unique(keys.exporter[rivals], return_inverse=True)
    sums = np.bincount(which, weights=change[rivals], minlength=len(codes))
    total = float(sums.sum())
    if abs(total) < SMALL:
        return ""
    order = [
        n for n in np.argsort(-np.abs(sums), kind="stable") if abs(sums[n]) > SMALL
    ]
    named = [
        f"{supplier(str(codes[n]))} ({signed_amount(float(sums[n]))})"
        for n in order[:FEW]
    ]
    verb = "more" if total > 0 else "less"
    return (
        f"Other suppliers sell {amount(total)} {verb} to {country(buyer)}, above all "
        f"{listed(named)}."
    )


def _bounds(result: Ranges) -> str:
    rows = result.wedges().to_dict("records")
    below = [_bound(result, row) for row in rows if row["wedge"] < 0]
    above = [_bound(result, row) for row in rows if row["wedge"] > 0]
    out = []
    if below:
        out.append(
            "The market buys so much only below the supplier's price, which a subsidy "
            f"or a discount must bridge: {listed(below)}."
        )
    if above:
        out.append(
            "Scarcity lifts what buyers would pay above the supplier's price: "
            f"{listed(above)}."
        )
    return " ".join(out)


def _bound(result: Ranges, row: Mapping[Any, Any]) -> str:
    before, after = (float(row[f"kilotonnes_{at}"]) for at in ("before", "after"))
    places = 0 if round(max(before, after), 6) >= 10 else 1
    tonnes = f" ({number(before, places)} to {number(after, places)} kt)"
    tonnes = tonnes if before == before else ""
    seller = str(row["exporter"])
    who = "" if seller in _pair(result) else f" from {supplier(seller)}"
    wedge = abs(100 * float(row["wedge"]))
    by = f"{wedge:.1f} %" if wedge < FAR else "more than 1,000 %"
    return f"{lower(str(row['name']))}{who}{tonnes} by {by}"


def _world(result: Ranges) -> str:
    if result.exports_to_world is None:
        return ""
    me = whose(result.reporter)
    if result.open_account:
        reasons = result.open_account.replace(". ", "; ")
        return f"{me} balance with the world is not given: {reasons}"
    change = float(result.balance(scope="total")["change"]["balance"])
    pair = figure(result.balance(), "balance", "change")
    if abs(change) < NOTHING:
        return "" if abs(pair) < NOTHING else f"{me} balance with the world stays."
    said = f"{'improves' if change > 0 else 'worsens'} by {amount(change)}"
    if change * pair < 0 or abs(change) < OTHER_STORY * abs(pair):
        return (
            f"With all countries together it is another story: {me} balance with "
            f"{country(result.partner)} changes by {signed_amount(pair)}, with the "
            f"world by {signed_amount(change)}."
        )
    return f"{me} balance with the world {said}."


def _beside(result: Ranges) -> str:
    return " ".join(
        f"Beside the goods balance: {row['item']} of US$ {row['usd_mn']:,.0f} mn a "
        f"year ({row['low']:,.0f} to {row['high']:,.0f}) from {country(row['from'])} "
        f"to {country(row['to'])}."
        for row in result.invisibles().to_dict("records")
    )
