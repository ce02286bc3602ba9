"""The part of a baseline that levers touch, suppliers that nothing tells apart as one.

CES suppliers of one market with the same shocks and supply elasticity keep their
proportions, so one supplier with the sum of their shares stands for them exactly. Of
a market with a hundred sellers and a lever on one of them, two are left to solve.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.market.channels import CHANNELS, ROW
from toolkit.market.effect import Effect
from toolkit.market.flows import Flags, Floats, Flows, Integers
from toolkit.market.memory import recalled

APART = frozenset(
    name
    for name, channel in CHANNELS.items()
    if channel.role in ("bound", "payee", "entry", "exogenous")
)  # of single flows: never shared out over several

SMALL = 10_000  # flows of a part that is kept
PARTS = 64  # kept at most, with what else was asked of the same flows


@dataclasses.dataclass(frozen=True, eq=False)
class Part:
    """Some markets of a baseline, laid out for a solver.

    Attributes
    ----------
    whole : Flows
        All flows of the baseline.
    chosen : ndarray of int, shape (K,)
        Positions in ``whole`` of the flows of these markets, in order.
    kept : ndarray of int, shape (L,)
        Positions in ``whole`` of the suppliers that are solved.
    group : ndarray of int, shape (K,)
        Which of the solved suppliers stands for each chosen flow.
    alone : ndarray of int
        Positions among the chosen flows of those that stand for themselves.
    flows : Flows
        The solved suppliers; values are sums of those they stand for.
    """

    whole: Flows
    chosen: Integers
    kept: Integers
    group: Integers
    alone: Integers
    flows: Flows

    @classmethod
    def of(cls, whole: Flows, chosen: Integers) -> Part:
        """Return some flows, whole markets in their order, each for itself."""
        every = np.arange(len(chosen))
        return cls(whole, chosen, chosen, every, every, whole.take(chosen))

    @property
    def partial(self) -> bool:
        """Whether some flows of the baseline are left out."""
        return len(self.chosen) < len(self.whole)

    @property
    def merged(self) -> bool:
        """Whether some supplier stands for several."""
        return len(self.kept) < len(self.chosen)

    def spread(self, values: Floats) -> Floats:
        """Give each chosen flow the value of the supplier that stands for it."""
        return values[self.group] if self.merged else values

    def shared(self, values: Floats) -> Floats:
        """Share a sum out over the flows behind it, in proportion to base value."""
        if not self.merged:
            return values
        total = self.flows.value
        each = values / np.where(total > 0, total, 1.0)
        out = each[self.group]
        out *= self.whole.value[self.chosen] if self.partial else self.whole.value
        out[self.alone] = values[self.group[self.alone]]
        return out

    def filled(self, rest: Floats, values: Floats) -> Floats:
        """Return values of all flows: these where chosen, ``rest`` elsewhere."""
        if not self.partial:
            return values
        out = rest.copy()
        out[self.chosen] = values
        return out

    def within(self, markets: Integers) -> Part:
        """Return some of these markets."""
        rows = self.flows.within(markets)
        if len(rows) == len(self.flows):
            return self
        return _kept(self.flows, ("within",), (rows,), lambda: self._within(rows))

    def _within(self, rows: Integers) -> Part:
        place = np.full(len(self.flows), -1)
        place[rows] = np.arange(len(rows))
        group = place[self.group]
        chosen = group >= 0
        return Part(
            self.whole,
            self.chosen[chosen],
            self.kept[rows],
            group[chosen],
            np.cumsum(chosen)[self.alone[chosen[self.alone]]] - 1,
            self.flows.take(rows),
        )

    @cached_property
    def _place(self) -> Integers:
        """Where each flow of the whole stands among the solved ones; -1: nowhere."""
        place = np.full(len(self.whole), -1)
        place[self.kept] = np.arange(len(self.kept))
        return place

    def effect(self, effect: Effect) -> Effect:
        """Return an effect on the solved suppliers, numbered as they stand.

        Kept for small parts: a slider moves one lever and asks for all again.
        """
        if len(self.whole) > SMALL:
            return self._placed(effect)
        make = partial(self._placed, effect)
        return recalled(self._effects, effect, make, PARTS)

    @cached_property
    def _effects(self) -> dict[Hashable, Any]:
        return {}

    def _placed(self, effect: Effect) -> Effect:
        place = self._place
        where = place[effect.where]
        here = where >= 0
        values = {name: column[here] for name, column in effect.values.items()}
        target = effect.target
        if target is not None:
            target = dataclasses.replace(target, where=place[target.where])
        return dataclasses.replace(
            effect, where=where[here], values=values, target=target
        )


def part_of(
    whole: Flows, effects: Sequence[Effect], supply: Floats | None = None
) -> Part:
    """Return the markets that effects touch, one at the least.

    Parameters
    ----------
    whole : Flows
    effects : sequence of Effect
    supply : ndarray, shape (L,), optional
        Export supply elasticities; without them no suppliers are merged.
    """
    marked = np.zeros(len(whole.starts), dtype=bool)
    for effect in effects:
        marked[whole.market[effect.where]] = True
    if not marked.any():
        marked[0] = True
    chosen = (
        np.arange(len(whole)) if marked.all() else whole.within(np.flatnonzero(marked))
    )
    if supply is None:
        return Part.of(whole, chosen)
    like = _alike(whole, effects, supply)
    return _merged(whole, chosen, like if len(chosen) == len(whole) else like[chosen])


def alike_as_one(flows: Flows, channels: Floats, supply: Floats) -> Part:
    """Return the suppliers that are left once those that shocks treat alike are one.

    Parameters
    ----------
    flows : Flows
    channels : ndarray, shape (C, L)
        The same for all draws.
    supply : ndarray, shape (..., L)
        Export supply elasticities, draw by draw.
    """
    model, like = _bystanders(flows)
    first = model[flows.market]
    other = channels[:, first]
    same = like & ((channels == other) | (np.isnan(channels) & np.isnan(other))).all(0)
    for name in APART:
        same &= channels[ROW[name]] == CHANNELS[name].neutral
    equal = supply == supply[..., first]
    same &= equal.reshape(-1, len(flows)).all(axis=0)
    return _merged(flows, np.arange(len(flows)), same & same[first])


def _kept(
    flows: Flows,
    what: tuple[str, ...],
    arrays: Sequence[NDArray[Any]],
    make: Callable[[], Part],
) -> Part:
    """Return a part made before where the same is asked again, as of a dragged lever.

    What was looked up for it then is known too. Of large baselines nothing is kept.
    """
    if max(len(array) for array in arrays) > SMALL:
        return make()
    key = (*what, *(array.tobytes() for array in arrays))
    return recalled(flows.memory, key, make, PARTS)


def _merged(whole: Flows, chosen: Integers, like: Flags) -> Part:
    """Merge the flows marked within each market into the first of them."""
    return _kept(
        whole, ("merged",), (chosen, like), lambda: _merge(whole, chosen, like)
    )


def _merge(whole: Flows, chosen: Integers, like: Flags) -> Part:
    several = len(chosen) < len(whole)
    market = whole.market[chosen] if several else whole.market
    starts = _starts(market) if several else whole.starts
    count = len(chosen)
    first = np.minimum.reduceat(np.where(like, np.arange(count), count), starts)
    some = first < count
    stays = ~like
    stays[first[some]] = True
    number = np.cumsum(stays) - 1
    ahead = number[np.where(some, first, 0)]
    sizes = np.diff(starts, append=count)
    group = np.where(like, np.repeat(ahead, sizes), number)
    kept = chosen[stays]
    flows = whole.take(kept)
    if len(kept) < count:
        value, tonnes = flows.value.copy(), flows.kilotonnes.copy()
        own = whole.value[chosen] if several else whole.value
        value[ahead[some]] = np.add.reduceat(np.where(like, own, 0.0), starts)[some]
        tonnes[ahead[some]] = np.nan  # of several: shared out by nobody
        flows = dataclasses.replace(flows, value=value, kilotonnes=tonnes)
    return Part(whole, chosen, kept, group, np.flatnonzero(~like), flows)


def _starts(market: Integers) -> Integers:
    new = np.ones(len(market), dtype=bool)
    new[1:] = market[1:] != market[:-1]
    return np.flatnonzero(new)


def _alike(whole: Flows, effects: Sequence[Effect], supply: Floats) -> Flags:
    """Return which flows nothing tells apart from their market's first outsider."""
    model, like = _bystanders(whole)
    same = like & (supply == whole.by_flow(supply[model]))
    sign = np.zeros(len(whole), dtype=np.uint64)
    for effect in effects:
        alone = effect.target is not None or not APART.isdisjoint(effect.values)
        if alone:
            same[effect.where] = False
        if effect.target is not None:
            same[effect.target.where] = False
        if not same[effect.where].any():
            continue
        for name, values in effect.values.items():
            sign[effect.where] = _mixed(sign[effect.where], values, ROW[name])
    same &= sign == sign[model[whole.market]]
    return same & same[model[whole.market]]


@lru_cache(maxsize=8)
def _bystanders(flows: Flows) -> tuple[Integers, Flags]:
    """Return each market's first outside seller of today, and those like it."""
    pair = (flows.baseline.reporter, flows.baseline.partner)
    third = ~np.isin(flows.exporter, pair) & (flows.value > 0)
    position = np.where(third, np.arange(len(flows)), len(flows))
    model = np.minimum.reduceat(position, flows.starts)
    model = np.where(model < len(flows), model, flows.starts)
    like = third
    for column in (flows.rate, flows.mfn, flows.bound, flows.fob):
        other = column[model[flows.market]]
        like = like & ((column == other) | ((column != column) & (other != other)))
    return model, like


def _mixed(sign: NDArray[np.uint64], values: Floats, number: int) -> NDArray[np.uint64]:
    """Return a 64-bit signature of what was set before and these values beside it."""
    bits = np.ascontiguousarray(values, dtype=float).view(np.uint64)
    mixed = (sign ^ bits) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(2 * number + 1)
    return mixed ^ (mixed >> np.uint64(29))
