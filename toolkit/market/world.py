"""The view of the world of a baseline: every seller in every market, as dense arrays.

Arrays are goods x exporters x importers; a flow that the baseline does not hold is
zero, its tariff power and resource cost are neutral.
"""

from __future__ import annotations

import dataclasses
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from toolkit.market.channels import DUTIES
from toolkit.market.flows import Floats, Flows, Integers
from toolkit.market.shocks import Shocks

# What a world model can carry: what the importer collects, and resource cost.
WORLD_CHANNELS = DUTIES | {
    "ntm_ave",
    "ntm_left",
    "ntm_resource",
    "ntm_rent_importer",
    "ntm_fee",
    "freight",
}


@dataclasses.dataclass(frozen=True, eq=False)
class World:
    """Base trade and what a scenario does to it, J goods and N countries.

    Attributes
    ----------
    layout : Layout
        Which cell is which flow.
    value : ndarray, shape (J, N, N)
        Base trade at the ex-tariff price, US$ million.
    power, power_after : ndarray, shape (J, N, N)
        Buyer's price over border price, what the importer collects: one plus the
        duty, times the power of its rents and fees where levers name them.
    iceberg : ndarray, shape (J, N, N)
        Hat of the resource cost of trade.
    """

    layout: Layout
    value: Floats
    power: Floats
    power_after: Floats
    iceberg: Floats

    @cached_property
    def spending(self) -> Floats:
        """Base expenditure at consumer prices, shape (J, N)."""
        return (self.value * self.power).sum(axis=1)

    @cached_property
    def share(self) -> Floats:
        """Base expenditure shares, summing to one over exporters where any is spent."""
        spent = self.spending
        return self.value * self.power / np.where(spent > 0, spent, 1.0)[:, None, :]

    @cached_property
    def sales(self) -> Floats:
        """Base output at the exporter's price, home sales included, shape (J, N)."""
        return self.value.sum(axis=2)

    @cached_property
    def deficit(self) -> Floats:
        """Imports minus exports at world prices, shape (N,)."""
        return self.value.sum(axis=(0, 1)) - self.value.sum(axis=(0, 2))


@dataclasses.dataclass(frozen=True, eq=False)
class Layout:
    """Countries and goods in order, and the cell of each flow.

    Attributes
    ----------
    countries : ndarray of str, shape (N,)
    products : ndarray of str, shape (J,)
    exporter, importer, product : ndarray of int, shape (L,)
        Positions of each flow.
    """

    countries: NDArray[np.str_]
    products: NDArray[np.str_]
    exporter: Integers
    importer: Integers
    product: Integers

    @property
    def shape(self) -> tuple[int, int, int]:
        """Goods, exporters, importers."""
        return len(self.products), len(self.countries), len(self.countries)

    @cached_property
    def cell(self) -> Integers:
        """Position of each flow in a flattened array."""
        count = len(self.countries)
        return (self.product * count + self.exporter) * count + self.importer

    def dense(self, values: Floats, neutral: float) -> Floats:
        """Return values of flows as a world array."""
        out = np.full(self.shape, neutral)
        out.reshape(-1)[self.cell] = values
        return out

    def flat(self, array: Floats) -> Floats:
        """Return a world array, or one of (goods, importers), flow by flow."""
        if array.ndim == 2:
            return array[self.product, self.importer]
        return array.reshape(-1)[self.cell]


@lru_cache(maxsize=8)
def layout_of(flows: Flows) -> Layout:
    """Return the layout of a baseline's flows (kept for the last few)."""
    pairs = np.concatenate([flows.exporter, flows.importer])
    countries, place = np.unique(pairs, return_inverse=True)
    products, product = np.unique(flows.product, return_inverse=True)
    exporter, importer = place[: len(flows)], place[len(flows) :]
    return Layout(countries, products, exporter, importer, product)


def world_of(shock: Shocks) -> World:
    """Return the view of the world of one scenario.

    Parameters
    ----------
    shock : Shocks
        Of all flows, without leading axes.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.baseline import Baseline
    >>> from toolkit.scenario import Scenario
    >>> from toolkit.market import shocks_of
    >>> frame = pd.DataFrame({"importer": ["IND", "IND", "RUS", "RUS"],
    ...     "exporter": ["IND", "RUS", "IND", "RUS"], "product": "",
    ...     "value_usd_mn": [90.0, 20.0, 10.0, 80.0], "applied_rate": 0.0})
    >>> world = world_of(shocks_of(Baseline.from_frame(frame), Scenario("none"), []))
    >>> world.sales.tolist(), world.deficit.tolist()
    ([[100.0, 100.0]], [10.0, -10.0])
    """
    flows = shock.flows
    layout = layout_of(flows)
    base = (1.0 + flows.rate) * shock.barrier
    eased = shock.barrier_part("rent_importer")[1] * shock.barrier_part("fee")[1]
    after = (1.0 + shock.rate) * shock.barrier * eased
    return World(
        layout,
        layout.dense(flows.value, 0.0),
        layout.dense(base, 1.0),
        layout.dense(after, 1.0),
        layout.dense(shock.iceberg, 1.0),
    )
