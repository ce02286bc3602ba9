"""The flows of a baseline as arrays; a market is one product in one importer.

Flows of a market stand together, so that sums over suppliers are segment sums
(``numpy.add.reduceat``). The last axis is flows or markets; leading axes are draws.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Hashable
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.baseline import Baseline
from toolkit.market.memory import recalled
from toolkit.market.missing import no_product
from toolkit.market.totals import summed, two_each
from toolkit.schema import EVERYONE, EXPORTERS_SIDE, FLAGS, KEYS, nearest, shown

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Flags = NDArray[np.bool_]
KEPT = 64  # effects of levers on one baseline
MATCHES = 4096  # answers to who sells what to whom, of one baseline
NUMBERS = {
    "value": "value_usd_mn",
    "rate": "applied_rate",
    "mfn": "mfn_rate",
    "bound": "bound_rate",
    "ntm_ave": "ntm_ave",
    "kilotonnes": "kilotonnes",
}


@dataclasses.dataclass(frozen=True, eq=False)
class Flows:
    """Base flows as arrays, in the order importer, product, exporter.

    Attributes
    ----------
    baseline : Baseline
        Whose flows they are.
    importer, exporter, product : ndarray of str, shape (L,)
    value : ndarray, shape (L,)
        US$ million at the ex-tariff price.
    rate, mfn, bound, ntm_ave : ndarray, shape (L,)
        Decimals: the duty paid, that of suppliers without an agreement, its bound
        (may be NaN), the cost of measures.
    kilotonnes : ndarray, shape (L,)
        May be NaN.
    tariff_driven : ndarray of bool, shape (L,)
    homogeneous : ndarray of bool, shape (L,)
        Bought from whoever delivers it cheapest: near-perfect substitutes.
    fob : ndarray of bool, shape (L,)
        Valued at the exporter's price, freight not in it.
    origin : ndarray of int, shape (L,)
        Position among the baseline's flows.
    starts : ndarray of int, shape (M,)
        First flow of each market.
    market : ndarray of int, shape (L,)
        Market of each flow.
    """

    baseline: Baseline
    importer: NDArray[np.str_]
    exporter: NDArray[np.str_]
    product: NDArray[np.str_]
    value: Floats
    rate: Floats
    mfn: Floats
    bound: Floats
    ntm_ave: Floats
    kilotonnes: Floats
    tariff_driven: Flags
    homogeneous: Flags
    fob: Flags
    origin: Integers
    starts: Integers
    market: Integers

    def __len__(self) -> int:
        return len(self.value)

    def total(self, values: Floats) -> Floats:
        """Sum flows by market."""
        return summed(values, self.starts, two=self._two)

    @cached_property
    def _two(self) -> bool:
        return two_each(self.starts, len(self))

    def by_flow(self, per_market: Floats) -> Floats:
        """Give every flow its market's value."""
        return np.take(per_market, self.market, axis=-1)

    @cached_property
    def kept(self) -> Floats:
        """Share of the MFN duty that a flow pays today."""
        charged = self.mfn > 0
        return np.where(charged, self.rate / np.where(charged, self.mfn, 1.0), 1.0)

    @property
    def spending(self) -> Floats:
        """Expenditure of each market at tariff-inclusive prices, US$ million."""
        return self.total(self.value * (1.0 + self.rate))

    @property
    def share(self) -> Floats:
        """Each flow's share in its market's expenditure."""
        spending = self.spending
        known = np.where(spending > 0, spending, 1.0)
        return self.value * (1.0 + self.rate) / self.by_flow(known)

    def codes(self, chosen: Integers) -> str:
        """Return the product codes of some flows for a sentence."""
        return ", ".join(sorted(set(self.product[chosen])))

    def within(self, markets: Integers) -> Integers:
        """Return the flows of some markets."""
        wanted = np.zeros(len(self.starts), dtype=bool)
        wanted[markets] = True
        return np.flatnonzero(wanted[self.market])

    def take(self, chosen: Integers) -> Flows:
        """Return some flows, whole markets in their order, as flows of their own."""
        if len(chosen) == len(self):
            return self
        market = self.market[chosen]
        first = np.ones(len(chosen), dtype=bool)
        first[1:] = market[1:] != market[:-1]
        columns = (*KEYS, *FLAGS, "fob", "origin", *NUMBERS)
        return Flows(
            self.baseline,
            **{name: getattr(self, name)[chosen] for name in columns},
            starts=np.flatnonzero(first),
            market=np.cumsum(first) - 1,
        )

    def match(
        self,
        importer: str | None,
        exporter: str | None,
        prefixes: tuple[str, ...],
        exclude: tuple[str, ...] = (),
    ) -> Integers:
        """Return the flows between two countries by HS prefix; none is an error.

        "ALL" is every foreign supplier; None is every supplier, home included.

        Raises
        ------
        ValueError
            A country or product that the baseline does not hold, with the
            nearest one that it does.
        """
        key = (importer, exporter, prefixes, exclude)
        return recalled(self._matches, key, lambda: _matched(self, *key), MATCHES)

    @cached_property
    def _matches(self) -> dict[Hashable, Any]:
        return {}  # with the flows, so that they go together

    def require(self, importer: str | None, prefix: str) -> None:
        """Raise unless the importer's market (None: any) holds goods of a prefix."""
        here = np.ones(len(self), dtype=bool)
        if importer is not None:
            here = self.importer == importer
        if not self._begins((prefix,))[here].any():
            held = np.unique(self.product[here])
            raise ValueError(no_product(prefix, importer, None, held))

    @cached_property
    def _places(self) -> dict[str, tuple[dict[str, int], Integers]]:
        """The number of each country by side, and that of each flow."""
        sides = {"importer": self.importer, "exporter": self.exporter}
        found = {k: np.unique(v, return_inverse=True) for k, v in sides.items()}
        return {
            side: ({str(code): n for n, code in enumerate(codes)}, number)
            for side, (codes, number) in found.items()
        }

    def remembered(
        self, question: Hashable, year: int | None, answer: Callable[..., Any]
    ) -> Any:
        """Return ``answer(question, self, year)``, kept for the last few questions.

        A slider moves one lever and asks for the effects of all the others again.
        """
        return recalled(
            self._answers,
            (question, year),
            lambda: answer(question, self, year),
            KEPT,
        )

    @cached_property
    def _answers(self) -> dict[Hashable, Any]:
        return {}

    def _equal(self, side: str, code: str) -> Flags:
        known, number = self._places[side]
        if code not in known:
            raise ValueError(
                f"{side} {shown(code)} is not in the baseline; {nearest(code, known)}"
            )
        return number == known[code]

    def _begins(self, prefixes: tuple[str, ...]) -> Flags:
        return self._markets_begin(prefixes)[self.market]

    def _markets_begin(self, prefixes: tuple[str, ...]) -> Flags:
        """Return the markets whose product has one of the prefixes."""
        product = self.product[self.starts]
        begins = np.full(len(product), "" in prefixes)
        for prefix in filter(None, prefixes):
            begins |= np.strings.startswith(product, prefix)
        return begins


def _matched(
    flows: Flows,
    importer: str | None,
    exporter: str | None,
    prefixes: tuple[str, ...],
    exclude: tuple[str, ...],
) -> Integers:
    found = np.ones(len(flows), dtype=bool)
    if importer is not None and importer != EVERYONE:
        found &= flows._equal("importer", importer)
    if exporter is not None and exporter != EVERYONE:
        found &= flows._equal("exporter", exporter)
    if exporter == EVERYONE:
        found &= flows.importer != flows.exporter
    there = np.zeros(len(flows.starts), dtype=bool)
    there[flows.market[found]] = True
    markets = np.zeros_like(there)
    for prefix in prefixes:
        begins = flows._markets_begin((prefix,))
        if not (begins & there).any():
            held = np.unique(flows.product[found])
            raise ValueError(no_product(prefix, importer, exporter, held))
        markets |= begins
    wanted = markets[flows.market]
    for prefix in exclude:
        flows.require(importer, prefix)
    if exclude:
        wanted &= ~flows._begins(exclude)
    out = np.flatnonzero(found & wanted)
    out.setflags(write=False)
    return out


@lru_cache(maxsize=8)
def flows_of(baseline: Baseline) -> Flows:
    """Return a baseline's flows as arrays (kept for the last few baselines).

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> flows = flows_of(load_baseline("2024-25"))
    >>> bool(abs(flows.total(flows.share)[flows.spending > 0] - 1).max() < 1e-12)
    True
    """
    frame = baseline._frame
    importer, exporter, product = (
        frame[name].to_numpy().astype(str)
        for name in ("importer", "exporter", "product")
    )
    numbers = {
        name: frame[column].to_numpy(dtype=float).copy()
        for name, column in NUMBERS.items()
    }
    for array in (importer, exporter, product, *numbers.values()):
        array.setflags(write=False)
    new = np.ones(len(importer), dtype=bool)
    new[1:] = (importer[1:] != importer[:-1]) | (product[1:] != product[:-1])
    return Flows(
        baseline,
        importer,
        exporter,
        product,
        **numbers,
        **{name: frame[name].to_numpy(dtype=bool) for name in FLAGS},
        fob=frame["basis"].isin(EXPORTERS_SIDE).to_numpy(dtype=bool),
        origin=np.arange(len(frame)),
        starts=np.flatnonzero(new),
        market=np.cumsum(new) - 1,
    )
