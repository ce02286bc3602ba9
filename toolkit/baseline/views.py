"""What a baseline shows of itself: balance, products, suppliers, duties."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from toolkit.baseline.markets import flow_rows, product_table, supplier_table
from toolkit.baseline.revenue import revenue_by_product, revenue_table
from toolkit.baseline.shown import as_html, as_text


class Views:
    """The tables and texts of a baseline."""

    _frame: pd.DataFrame
    _collected: float | None
    reporter: str
    partner: str
    year: str
    source_line: str
    names: Mapping[str, str]
    notes: tuple[str, ...]

    def balance(self) -> pd.Series:
        """Return the reporter's exports to, imports from and balance with the partner.

        Returns
        -------
        Series
            ``exports``, ``imports``, ``balance`` in US$ million.
        """
        exports = flow_rows(self._frame, self.partner, self.reporter)[
            "value_usd_mn"
        ].sum()
        imports = flow_rows(self._frame, self.reporter, self.partner)[
            "value_usd_mn"
        ].sum()
        return pd.Series(
            {"exports": exports, "imports": imports, "balance": exports - imports},
            name="US$ mn",
        )

    def revenue_check(self, *, by_product: bool = False) -> pd.DataFrame:
        """Return the duties on the reporter's imports beside those collected.

        Parameters
        ----------
        by_product : bool
            One row per product instead, the largest duty first.

        Returns
        -------
        DataFrame
            Index level: rates of the schedule, duty without agreements, duty paid
            (the model's), collected; ``usd_mn, percent_of_imports,
            ratio_to_collected``.

        Examples
        --------
        >>> import toolkit as tk
        >>> table = tk.load_baseline("2024-25").revenue_check()
        >>> table["ratio_to_collected"].round(2).tolist()
        [2.03, 1.42, 1.0, 1.0]
        """
        if by_product:
            return revenue_by_product(self._frame, self.reporter)
        return revenue_table(self._frame, self.reporter, self._collected)

    def products(self) -> pd.DataFrame:
        """Return both directions by product with rate, volume and the partner's share.

        Returns
        -------
        DataFrame
            Index ``direction, product``; ``name``, ``value_usd_mn``,
            ``kilotonnes``, ``applied_rate`` and ``market_share`` (of the
            importer's imports of that product, at world prices).
        """
        pair = {
            "exports": (self.partner, self.reporter),
            "imports": (self.reporter, self.partner),
        }
        return product_table(self._frame, pair, self.names)

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
        return supplier_table(self._frame, importer, product)

    def label(self, product: str) -> str:
        """Return the display name of a product, its code behind."""
        name = self.names.get(product)
        return f"{name} ({product})" if name else product

    def __repr__(self) -> str:
        return as_text(
            f"Baseline {self._title}",
            self.balance(),
            self._frame,
            self.revenue_check(),
            self.notes,
            self.source_line,
        )

    def _repr_html_(self) -> str:
        return as_html(self._title, self.balance(), self.notes, self.source_line)

    @property
    def _title(self) -> str:
        return f"{self.year}: {self.reporter} with {self.partner}".removeprefix(": ")
