"""What each lever contributes: Shapley values of a scenario's levers."""

from __future__ import annotations

from functools import lru_cache
from math import factorial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.analysis.games import METRICS, Game, games
from toolkit.baseline import Baseline
from toolkit.models import Model, NotConverged
from toolkit.result import Result
from toolkit.scenario import Scenario

Floats = NDArray[np.float64]
Masks = NDArray[np.int64]

MOST_EXACT = 10
NOTHING = 1e-14  # of all trade: where the digits of weighted sums end
ADDS = 1e-10  # of all trade and the whole: parts add up to that
MOST_PLAYERS = 60  # levers in one market; combinations are bits of a whole number
PERMUTATIONS = 200
BALANCE = METRICS.index("balance")


def attribute(
    model: Model,
    baseline: Baseline,
    scenario: Scenario | Result | str,
    *,
    year: int | None = None,
    horizon: object = "long",
    interaction: bool = False,
    seed: int = 1,
) -> pd.DataFrame:
    """Return the part of a scenario's effect due to each lever (Shapley values).

    A lever's part is its marginal effect averaged over all orders in which the
    levers could be introduced; the parts add up to the whole and do not depend on
    the order in the scenario.

    Parameters
    ----------
    model : Armington, Smart or any other model
    baseline : Baseline
    scenario : Scenario, or what :meth:`Scenario.of` takes
    year : int, optional
        Calendar year, for staged levers.
    horizon : {"long", "short"}, float or Horizon
        As for ``solve``.
    interaction : bool
        Add ``alone`` (the balance effect of the lever by itself) and
        ``interaction`` (its part less that).
    seed : int
        For sampled orders.

    Returns
    -------
    DataFrame
        One row per lever, in order; ``exports, imports, balance`` and the
        reporter's ``revenue`` and ``welfare``, US$ million. Where more than ten
        levers meet in one market, 200 orders are sampled (each with its reverse)
        and ``standard_error`` of the balance is above zero.

    Raises
    ------
    ValueError
        A lever that the model cannot carry.

    Notes
    -----
    Shapley (1953); Shorrocks (2013) for decompositions. Where markets do not
    interact the value of a set of levers is the sum over markets, so each group of
    markets is attributed to the levers that touch it.

    Examples
    --------
    >>> import toolkit as tk
    >>> base, model = tk.load_baseline("2024-25"), tk.Armington()
    >>> deal = tk.Scenario("both", [
    ...     tk.TariffCut(importer="RUS", exporter="IND", to=0.0),
    ...     tk.TariffCut(importer="IND", exporter="RUS", to=0.0)])
    >>> table = attribute(model, base, deal)
    >>> change = model.solve(base, deal).balance()["change"]
    >>> bool(abs(table["balance"].sum() - change["balance"]) < 1e-6)
    True
    """
    scenario = Scenario.of(scenario)
    count = len(scenario.levers)
    rng = np.random.default_rng(seed)
    orders: dict[int, Masks] = {}

    def masks_for(players: int) -> Masks:
        if players > MOST_PLAYERS:
            raise ValueError(
                f"{players} levers meet in one market; at most {MOST_PLAYERS} can be "
                "told apart there: join some into one lever with several products."
            )
        if players <= MOST_EXACT:
            return np.arange(2**players, dtype=np.int64)
        if players not in orders:
            orders[players] = _orders(players, rng)
        return _prefixes(orders[players])

    parts, alone = np.zeros((count, len(METRICS))), np.zeros(count)
    variance = np.zeros(count)
    traded = float(baseline.frame["value_usd_mn"].sum())
    for game in games(model, baseline, scenario, masks_for, year, horizon):
        members = list(game.players)
        if len(members) <= MOST_EXACT:
            parts[members] += _adding_up(exact(game.worth), game.worth[-1], traded)
        else:
            mean, spread = sampled(game.worth, game.masks, orders[len(members)])
            parts[members] += mean
            variance[members] += spread
        alone[members] += _alone(game)
    parts = np.where(np.abs(parts) < NOTHING * traded, 0.0, parts)
    return _table(scenario, parts, np.sqrt(variance), alone if interaction else None)


def _adding_up(parts: Floats, whole: Floats, traded: float) -> Floats:
    """Return parts that add up to the whole, or raise: digits were lost between them.

    Some levers without the others may move more than a float can hold beside the rest.
    """
    gap = np.abs(parts.sum(axis=0) - whole)
    if not (gap <= ADDS * (traded + np.abs(whole))).all():
        raise NotConverged(
            "The parts of the levers do not add up to what they do together: some of "
            "them alone move trade beyond all figures. Make them smaller."
        )
    return parts


def exact(values: Floats) -> Floats:
    """Return Shapley values from the values of all combinations.

    Parameters
    ----------
    values : ndarray, shape (2**n, k)
        Row m is the combination whose members are the set bits of m.

    Returns
    -------
    ndarray, shape (n, k)

    Examples
    --------
    Two levers that are worth 1 and 2 alone and 4 together:

    >>> exact(np.array([[0.0], [1.0], [2.0], [4.0]])).ravel().tolist()
    [1.5, 2.5]
    """
    return weights(len(values).bit_length() - 1) @ values


@lru_cache(maxsize=16)
def weights(players: int) -> Floats:
    """Return the matrix that turns values of combinations into Shapley values.

    Returns
    -------
    ndarray, shape (players, 2**players)
    """
    out = np.zeros((players, 2**players))
    masks = np.arange(2**players)
    size = np.array([int(mask).bit_count() for mask in masks])
    share = np.array(
        [
            factorial(s) * factorial(players - s - 1) / factorial(players)
            for s in range(players)
        ]
    )
    for player in range(players):
        without = (masks >> player & 1) == 0
        out[player, masks[without]] -= share[size[without]]
        out[player, masks[without] | (1 << player)] += share[size[without]]
    out.setflags(write=False)
    return out


def sampled(values: Floats, masks: Masks, orders: Masks) -> tuple[Floats, Floats]:
    """Return estimates from sampled orders, and the variance of the balance part.

    Orders come in pairs, each followed by its reverse; the variance is that of
    the pairs' means.
    """
    row = {int(mask): number for number, mask in enumerate(masks)}
    gains = np.zeros((len(orders), orders.shape[1], values.shape[1]))
    for number, order in enumerate(orders):
        reached = np.concatenate([[0], np.cumsum(1 << order)])
        rows = np.array([row[int(mask)] for mask in reached])
        gains[number, order] = np.diff(values[rows], axis=0)
    pairs = 0.5 * (gains[0::2] + gains[1::2])
    return pairs.mean(axis=0), pairs[:, :, BALANCE].var(axis=0, ddof=1) / len(pairs)


def _orders(players: int, rng: np.random.Generator) -> Masks:
    drawn = [rng.permutation(players) for _ in range(PERMUTATIONS // 2)]
    return np.array([order for one in drawn for order in (one, one[::-1])])


def _prefixes(orders: Masks) -> Masks:
    reached = np.cumsum(np.left_shift(np.int64(1), orders), axis=1)
    singles = np.left_shift(np.int64(1), np.arange(orders.shape[1]))
    return np.unique(np.concatenate([[0], reached.ravel(), singles]))


def _alone(game: Game) -> Floats:
    row = {int(mask): number for number, mask in enumerate(game.masks)}
    none = game.worth[row[0], BALANCE]
    return np.array(
        [game.worth[row[1 << p], BALANCE] - none for p in range(len(game.players))]
    )


def _table(
    scenario: Scenario, parts: Floats, error: Floats, alone: Floats | None
) -> pd.DataFrame:
    sentences = [lever.sentence() for lever in scenario.levers]
    names = list(sentences)
    for number, name in enumerate(sentences):
        if sentences.count(name) > 1:
            names[number] = f"{name} ({sentences[: number + 1].count(name)})"
    table = pd.DataFrame(parts, columns=list(METRICS))
    table.index = pd.Index(names, name="lever")
    table["standard_error"] = error
    if alone is not None:
        table["alone"] = alone
        table["interaction"] = table["balance"] - alone
    return table
