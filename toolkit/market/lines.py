"""The flows of a baseline as arrays: one line per flow, one market per product.

A market is one product in one importer. Lines of a market stand together, so
that sums over suppliers are segment sums (``numpy.add.reduceat``).
"""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from toolkit.baseline import Baseline
from toolkit.schema import EVERYONE, nearest

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclasses.dataclass(frozen=True, eq=False)
class Lines:
    """Base flows as arrays, in the order importer, product, exporter.

    Attributes
    ----------
    importer, exporter, product : ndarray of str, shape (L,)
    value : ndarray, shape (L,)
        US$ million at the ex-tariff price.
    rate, bound, gsp, ntm_ave : ndarray, shape (L,)
        Decimals; ``bound`` and ``gsp`` may be NaN.
    kilotonnes : ndarray, shape (L,)
        May be NaN.
    tariff_driven : ndarray of bool, shape (L,)
    starts : ndarray of int, shape (M,)
        First line of each market.
    market : ndarray of int, shape (L,)
        Market of each line.
    spending : ndarray, shape (M,)
        Expenditure at tariff-inclusive prices, US$ million.
    share : ndarray, shape (L,)
        Share in that expenditure.
    """

    importer: NDArray[np.str_]
    exporter: NDArray[np.str_]
    product: NDArray[np.str_]
    value: Floats
    rate: Floats
    bound: Floats
    gsp: Floats
    ntm_ave: Floats
    kilotonnes: Floats
    tariff_driven: Flags
    starts: Integers
    market: Integers
    spending: Floats
    share: Floats

    def __len__(self) -> int:
        return len(self.value)

    def total(self, values: Floats) -> Floats:
        """Sum line values by market."""
        return np.add.reduceat(values, self.starts, axis=-1)

    def spread(self, per_market: Floats) -> Floats:
        """Give every line its market's value."""
        return np.take(per_market, self.market, axis=-1)

    def take(self, chosen: Integers) -> Lines:
        """Return some lines, whole markets laid end to end, as lines of their own.

        Parameters
        ----------
        chosen : ndarray of int
            Line numbers; every market whole, repeats allowed.
        """
        market = self.market[chosen]
        first = np.ones(len(chosen), dtype=bool)
        first[1:] = (market[1:] != market[:-1]) | (chosen[1:] <= chosen[:-1])
        starts = np.flatnonzero(first)
        columns = {
            field.name: getattr(self, field.name)[chosen]
            for field in dataclasses.fields(self)
            if field.name not in ("starts", "market", "spending")
        }
        return Lines(
            **columns,
            starts=starts,
            market=np.cumsum(first) - 1,
            spending=self.spending[market[starts]],
        )

    def match(
        self,
        importer: str | None,
        exporter: str | None,
        prefixes: tuple[str, ...],
        exclude: tuple[str, ...] = (),
    ) -> Integers:
        """Return the lines of a flow by HS prefix; no match is an error.

        "ALL" is every foreign supplier; None is every supplier, home included.

        Raises
        ------
        ValueError
            A country or product that the baseline does not hold, with the
            nearest one that it does.
        """
        found = np.ones(len(self), dtype=bool)
        if importer is not None and importer != EVERYONE:
            found &= self._equal(self.importer, importer, "importer")
        if exporter is not None and exporter != EVERYONE:
            found &= self._equal(self.exporter, exporter, "exporter")
        if exporter == EVERYONE:
            found &= self.importer != self.exporter
        for prefix in prefixes:
            if not self._begins((prefix,))[found].any():
                held = np.unique(self.product[found])
                raise ValueError(self._no_product(prefix, importer, exporter, held))
        found &= self._begins(prefixes)
        for prefix in exclude:
            self.require(importer, prefix)
        if exclude:
            found &= ~self._begins(exclude)
        return np.flatnonzero(found)

    def require(self, importer: str | None, prefix: str) -> None:
        """Raise unless the importer's market (None: any) holds goods of a prefix."""
        here = np.ones(len(self), dtype=bool)
        if importer is not None:
            here = self.importer == importer
        if not self._begins((prefix,))[here].any():
            held = np.unique(self.product[here])
            raise ValueError(self._no_product(prefix, importer, None, held))

    def _equal(self, column: NDArray[np.str_], code: str, what: str) -> Flags:
        equal = column == code
        if not equal.any():
            raise ValueError(
                f"{what} {code!r} is not in the baseline; "
                + nearest(code, np.unique(column))
            )
        return equal

    def _begins(self, prefixes: tuple[str, ...]) -> Flags:
        begins = np.zeros(len(self), dtype=bool)
        for prefix in prefixes:
            begins |= np.strings.startswith(self.product, prefix)
        return begins

    @staticmethod
    def _no_product(
        prefix: str, importer: str | None, exporter: str | None, held: NDArray[np.str_]
    ) -> str:
        finer = [str(code) for code in held if code and prefix.startswith(code)]
        flow = f"from {exporter or 'anyone'} to {importer or 'anyone'}"
        if finer:
            return (
                f"Product {prefix!r} is finer than the baseline {flow}, which holds "
                f"{finer[-1]!r}: use that."
            )
        return f"No product {prefix!r} {flow}; {nearest(prefix, held)}"


@lru_cache(maxsize=8)
def lines_of(baseline: Baseline) -> Lines:
    """Return a baseline's flows as arrays (kept for the last few baselines).

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> lines = lines_of(load_baseline("2024-25"))
    >>> bool(abs(lines.total(lines.share)[lines.spending > 0] - 1).max() < 1e-12)
    True
    """
    frame = baseline._frame
    importer, exporter, product = (
        frame[name].to_numpy().astype(str)
        for name in ("importer", "exporter", "product")
    )
    starts, market = _segments(importer, product)
    numbers = {
        name: frame[column].to_numpy(dtype=float).copy()
        for name, column in (
            ("value", "value_usd_mn"),
            ("rate", "applied_rate"),
            ("bound", "bound_rate"),
            ("gsp", "gsp_rate"),
            ("ntm_ave", "ntm_ave"),
            ("kilotonnes", "kilotonnes"),
        )
    }
    paid = numbers["value"] * (1.0 + numbers["rate"])
    spending = np.add.reduceat(paid, starts)
    share = paid / np.where(spending > 0, spending, 1.0)[market]
    for array in (importer, exporter, product, *numbers.values(), spending, share):
        array.setflags(write=False)
    return Lines(
        importer,
        exporter,
        product,
        **numbers,
        tariff_driven=frame["tariff_driven"].to_numpy(dtype=bool),
        starts=starts,
        market=market,
        spending=spending,
        share=share,
    )


def _segments(
    importer: NDArray[np.str_], product: NDArray[np.str_]
) -> tuple[Integers, Integers]:
    new = np.ones(len(importer), dtype=bool)
    new[1:] = (importer[1:] != importer[:-1]) | (product[1:] != product[:-1])
    return np.flatnonzero(new), np.cumsum(new) - 1
