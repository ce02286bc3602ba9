"""A baseline: the flows, rates, suppliers and volumes of a year.

A baseline is what a scenario is compared with. It holds trade flows at the
ex-tariff price, one row per importer, exporter and product, and never changes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit import datasets
from toolkit.schema import check_country, check_trade_frame, nearest


@dataclasses.dataclass(frozen=True, eq=False)
class Baseline:
    """Trade flows, applied rates and volumes of a year for a pair of countries.

    Make one with :func:`load_baseline` or :meth:`from_frame`.

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
    """

    _frame: pd.DataFrame
    reporter: str
    partner: str
    year: str = ""
    source_line: str = ""
    names: Mapping[str, str] = dataclasses.field(default_factory=dict)
    groups: Mapping[str, str] = dataclasses.field(default_factory=dict)
    _elasticities: pd.DataFrame | None = None
    _world: pd.DataFrame | None = None

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
            optionally ``ntm_ave, kilotonnes, basis, source, vintage``.
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
        check_country(reporter, "reporter")
        check_country(partner, "partner")
        if reporter == partner:
            raise ValueError(
                f"reporter and partner are the same country: {reporter!r}."
            )
        checked = check_trade_frame(frame)
        present = set(checked["importer"]) | set(checked["exporter"])
        for code, what in ((reporter, "reporter"), (partner, "partner")):
            if code not in present:
                raise ValueError(
                    f"{what} {code!r} is not in the frame; {nearest(code, present)}"
                )
        return cls(
            checked,
            reporter,
            partner,
            year=year,
            source_line=source or _source_line(checked),
            names=dict(names or {}),
            _elasticities=datasets.load("elasticities"),
        )

    @property
    def frame(self) -> pd.DataFrame:
        """A copy of the trade frame, one row per importer, exporter, product."""
        return self._frame.copy()

    @property
    def elasticities(self) -> pd.DataFrame:
        """Default elasticities by product with source and interval."""
        if self._elasticities is None:
            return pd.DataFrame(columns=["product", "importer", "concept", "value"])
        return self._elasticities.copy()

    @property
    def world(self) -> pd.DataFrame:
        """The reporter's trade with the world by chapter, where it is known.

        Columns ``flow`` (export, import), ``partner``, ``hs2``, ``value_usd_mn``.
        """
        if self._world is None:
            return pd.DataFrame(columns=["flow", "partner", "hs2", "value_usd_mn"])
        return self._world.copy()

    def balance(self) -> pd.Series:
        """Return the reporter's exports to, imports from and balance with the partner.

        Returns
        -------
        Series
            ``exports``, ``imports``, ``balance`` in US$ million.
        """
        exports = self._flow(self.partner, self.reporter)["value_usd_mn"].sum()
        imports = self._flow(self.reporter, self.partner)["value_usd_mn"].sum()
        return pd.Series(
            {"exports": exports, "imports": imports, "balance": exports - imports},
            name="US$ mn",
        )

    def products(self) -> pd.DataFrame:
        """Return both directions by product with rate, volume and the partner's share.

        Returns
        -------
        DataFrame
            Index ``direction, product``; ``name``, ``value_usd_mn``,
            ``kilotonnes``, ``applied_rate`` and ``market_share`` (of the
            importer's imports of that product, at world prices).
        """
        pieces = {
            "exports": (self.partner, self.reporter),
            "imports": (self.reporter, self.partner),
        }
        totals = self._frame.groupby(["importer", "product"])["value_usd_mn"].sum()
        out = []
        for direction, (importer, exporter) in pieces.items():
            rows = self._flow(importer, exporter).copy()
            held = pd.MultiIndex.from_product([[importer], rows["product"]])
            market = totals.reindex(held).to_numpy()
            share = rows["value_usd_mn"].to_numpy() / np.where(market > 0, market, 1.0)
            rows = rows.assign(
                direction=direction, name=self._labels(rows), market_share=share
            )
            out.append(rows)
        columns = ["name", "value_usd_mn", "kilotonnes", "applied_rate", "market_share"]
        table = pd.concat(out).set_index(["direction", "product"])[columns]
        return table.sort_values("value_usd_mn", ascending=False).sort_index(
            level="direction", sort_remaining=False, kind="stable"
        )

    def suppliers(self, importer: str, product: str) -> pd.DataFrame:
        """Return who sells a product to an importer, the largest first.

        Parameters
        ----------
        importer : str
            ISO alpha-3.
        product : str
            A product code of the baseline.

        Returns
        -------
        DataFrame
            Index exporter; ``value_usd_mn``, ``share`` (of the importer's
            purchases at world prices), ``kilotonnes``, ``applied_rate``,
            ``basis``, ``status``.

        Raises
        ------
        ValueError
            The importer does not buy that product in this baseline.

        Examples
        --------
        >>> import toolkit as tk
        >>> crude = tk.load_baseline("2024-25").suppliers("IND", "2709")
        >>> crude.index[0], round(float(crude["share"].iloc[0]), 3)
        ('RUS', 0.351)
        """
        bought = self._frame[self._frame["importer"] == importer]
        rows = bought[bought["product"] == product]
        if rows.empty:
            held = bought["product"].unique()
            raise ValueError(
                f"{importer!r} buys no {product!r} in this baseline; "
                + nearest(product, map(str, held))
            )
        total = rows["value_usd_mn"].sum()
        table = rows.assign(share=rows["value_usd_mn"] / (total if total > 0 else 1.0))
        columns = ["value_usd_mn", "share", "kilotonnes", "applied_rate", "basis"]
        table = table.set_index("exporter")[[*columns, "status"]]
        return table.sort_values("value_usd_mn", ascending=False)

    def label(self, product: str) -> str:
        """Return the display name of a product, its code behind."""
        name = self.names.get(product)
        return f"{name} ({product})" if name else product

    def _labels(self, rows: pd.DataFrame) -> list[str]:
        return [self.names.get(code, code) for code in rows["product"]]

    def _flow(self, importer: str, exporter: str) -> pd.DataFrame:
        return self._frame[
            (self._frame["importer"] == importer)
            & (self._frame["exporter"] == exporter)
        ]

    def __repr__(self) -> str:
        head = f"Baseline {self.year}: {self.reporter} with {self.partner}".strip()
        balance = self.balance()
        lines = [head + ", US$ mn"]
        lines += [f"  {name:<8} {value:>12,.1f}" for name, value in balance.items()]
        markets = self._frame.groupby("importer")["product"].nunique()
        sizes = ", ".join(f"{code} {count}" for code, count in markets.items())
        lines.append(f"  products by importer: {sizes}")
        lines.append(f"  source: {self.source_line or 'not stated'}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        import html

        rows = "".join(
            f"<tr><th>{name}</th><td style='text-align:right'>{value:,.1f}</td></tr>"
            for name, value in self.balance().items()
        )
        title = html.escape(f"{self.reporter} with {self.partner} {self.year}, US$ mn")
        source = html.escape(self.source_line)
        return (
            f"<table><caption>{title}</caption><tbody>{rows}</tbody></table>"
            f"<p><small>Source: {source}</small></p>"
        )


def _source_line(frame: pd.DataFrame) -> str:
    sources = [text for text in frame["source"].unique() if text]
    return "; ".join(map(str, sources[:3]))
