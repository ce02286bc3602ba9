"""A baseline: the flows, rates, suppliers and volumes of a year.

A baseline is what a scenario is compared with. It holds trade flows at the
ex-tariff price, one row per importer, exporter and product, and never changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cached_property

import pandas as pd

from toolkit import datasets
from toolkit.baseline.tables import (
    check_line,
    check_pair,
    check_present,
    check_world,
    labels,
    notes_on_labels,
    sold_to_all,
    source_of,
    with_flags,
    with_rates,
)
from toolkit.baseline.views import Views
from toolkit.schema import check_trade_frame, notes_on, shown


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Baseline(Views):
    """Trade flows, applied rates and volumes of a year for a pair of countries.

    Make one with :func:`load_baseline`, :meth:`from_frame` or :meth:`from_tables`.

    Attributes
    ----------
    reporter, partner : str
        ISO alpha-3; "exports" are the reporter's to the partner.
    year : str
        Fiscal or calendar year of the flows.
    source_line : str
        One line for the foot of a chart.
    names : mapping of product to label
    groups : mapping of product to the explorer's product group
    notes : tuple of str
        What was cleaned or may be counted twice; stands with every result.
    """

    _frame: pd.DataFrame
    reporter: str
    partner: str
    year: str = ""
    source_line: str = ""
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    groups: Mapping[str, str] = dataclasses.field(default_factory=dict)
    _world: pd.DataFrame | None = None
    _collected: float | None = None
    _others: Mapping[str, Callable[[], Baseline]] = dataclasses.field(
        default_factory=dict
    )
    notes: tuple[str, ...] = ()
    _report: object = None

    @classmethod
    def from_frame(
        cls,
        frame: pd.DataFrame,
        *,
        reporter: str = "IND",
        partner: str = "RUS",
        year: str = "",
        source: str = "",
        names: Mapping[str, str] | None = None,
    ) -> Baseline:
        """Make a baseline from your own trade frame.

        Parameters
        ----------
        frame : DataFrame
            One row per importer x exporter x product: ``importer, exporter``
            (ISO alpha-3), ``product`` (HS code as text), ``value_usd_mn`` (US$
            million at the ex-tariff price), ``applied_rate`` (decimal), and
            optionally ``ntm_ave, kilotonnes, basis, source, vintage`` and the flag
            ``homogeneous`` (true for goods bought where delivered cheapest).
        reporter, partner : str
            The pair whose balance is reported.
        year, source : str
            Shown with every result.
        names : mapping, optional
            Product labels.

        Raises
        ------
        ValueError
            See :func:`toolkit.schema.check_trade_frame`.

        Examples
        --------
        >>> import pandas as pd
        >>> frame = pd.DataFrame({"importer": ["IND", "IND"],
        ...     "exporter": ["RUS", "ROW"], "product": ["31", "31"],
        ...     "value_usd_mn": [30.0, 70.0], "applied_rate": [0.05, 0.05]})
        >>> Baseline.from_frame(frame).balance()["imports"]
        np.float64(30.0)
        """
        products = None
        if names is not None and not isinstance(names, Mapping):
            raise ValueError(f"names maps products to labels, it is {shown(names)}.")
        if names:
            products = pd.DataFrame(
                {"product": list(names), "name": list(names.values())}, dtype=object
            )
        return cls.from_tables(
            frame,
            products=products,
            reporter=reporter,
            partner=partner,
            year=year,
            source=source,
        )

    @classmethod
    def from_tables(
        cls,
        flows: pd.DataFrame,
        rates: pd.DataFrame | None = None,
        products: pd.DataFrame | None = None,
        world: pd.DataFrame | None = None,
        *,
        collected: float | None = None,
        reporter: str = "IND",
        partner: str = "RUS",
        year: str = "",
        source: str = "",
    ) -> Baseline:
        """Make a baseline from flows, rates, products and world totals.

        The official baselines come this way too.

        Parameters
        ----------
        flows : DataFrame
            As the frame of :meth:`from_frame`; ``applied_rate`` may come from
            ``rates``.
        rates : DataFrame, optional
            One row per ``importer`` and ``product`` with ``applied_rate`` and
            optionally ``bound_rate`` and ``statutory_rate`` (decimals). With a column
            ``exporter`` a row may hold for one supplier, a preference in force, which
            is kept as a margin on the rate of all others ("" or "ALL"). Home sales
            pay no duty.
        products : DataFrame, optional
            ``product``, and any of ``name`` (label), ``group`` (of the explorer) and
            ``tariff_driven`` (false for project goods), ``homogeneous`` (see above).
        world : DataFrame, optional
            The reporter's trade with the world: ``flow`` ("export", "import"),
            ``partner`` (ISO alpha-3, "WLD" for all), ``hs2``, ``value_usd_mn``.
        collected : float, optional
            What the reporter's customs collect in the year, US$ million.
        reporter, partner, year, source : str
            As in :meth:`from_frame`.

        Raises
        ------
        ValueError
            See :func:`toolkit.schema.check_trade_frame`; a flow without a rate, a
            rate given twice, a column missing.

        Examples
        --------
        >>> import pandas as pd
        >>> flows = pd.DataFrame({"importer": "IND", "exporter": ["RUS", "ROW"],
        ...     "product": "31", "value_usd_mn": [30.0, 70.0]})
        >>> rates = pd.DataFrame({"importer": "IND", "product": "31",
        ...     "exporter": ["", "RUS"], "applied_rate": [0.05, 0.0]})
        >>> base = Baseline.from_tables(flows, rates)
        >>> base.frame.set_index("exporter")["applied_rate"].to_dict()
        {'ROW': 0.05, 'RUS': 0.0}
        """
        check_pair(reporter, partner)
        year, source = check_line(year, "year"), check_line(source, "source")
        joined = flows if rates is None else with_rates(flows, rates)
        if products is not None:
            joined = with_flags(joined, products)
        checked = check_trade_frame(joined)
        check_present(checked, reporter, partner)
        return cls(
            checked,
            reporter,
            partner,
            year=year,
            source_line=source or source_of(checked),
            names=labels(products, "name"),
            groups=labels(products, "group"),
            _world=check_world(world),
            _collected=collected,
            notes=(*notes_on(joined, checked), *notes_on_labels(products)),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the trade frame, one row per importer, exporter, product."""
        return self._frame.copy()

    @property
    def elasticities(self) -> pd.DataFrame:
        """Default elasticities by product with source and interval."""
        return datasets.load("elasticities")

    @property
    def world(self) -> pd.DataFrame:
        """The reporter's trade with the world by chapter, where it is known.

        Columns ``flow`` (export, import), ``partner``, ``hs2``, ``value_usd_mn``.
        """
        if self._world is None:
            return pd.DataFrame(columns=["flow", "partner", "hs2", "value_usd_mn"])
        return self._world.copy()

    @cached_property
    def exports_to_world(self) -> float | None:
        """All that the reporter sells, US$ million; None where it is not known."""
        return None if self._world is None else sold_to_all(self._world)

    @cached_property
    def other_years(self) -> Mapping[str, Baseline]:
        """The same pair's baselines of other years, where they are known."""
        return {year: load() for year, load in self._others.items()}
