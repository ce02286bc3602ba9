"""A figure and the value it is to reach."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from toolkit.goal.plain import check_year, known, put
from toolkit.schema import (
    check_choice,
    check_country,
    check_number,
    check_product,
    shown,
)

FIGURES: Mapping[str, str] = {
    "exports": "US$ mn",
    "imports": "US$ mn",
    "balance": "US$ mn",
    "total": "US$ mn",
    "kilotonnes": "kt",
    "invisibles": "US$ mn",
}
CALLED: Mapping[str, str] = {
    "exports": "Exports",
    "imports": "Imports",
    "balance": "A balance",
    "total": "Total trade",
    "kilotonnes": "Purchases",
    "invisibles": "Remittances and spending",
}


@dataclasses.dataclass(frozen=True)
class Target:
    """A figure of the pair's trade and the value it is to reach.

    Parameters
    ----------
    what : {"exports", "imports", "balance", "total", "kilotonnes", "invisibles"}
        Of the reporter with the partner. ``total`` is exports plus imports,
        ``kilotonnes`` what one flow carries, ``invisibles`` what workers and students
        move beside the goods balance.
    value : float
        US$ million a year; thousand tonnes for ``kilotonnes``.
    year : int, optional
        On a path, the year by its first calendar year: 2030 is 2030-31 where the
        baseline is an Indian fiscal year.
    products : str or sequence of str
        HS prefixes that count; "" is all goods.
    importer, exporter : str, optional
        The flow whose tonnes count; default the reporter's purchases from the
        partner.

    Raises
    ------
    ValueError
        An unknown figure, code or year.

    Examples
    --------
    >>> print(Target("total", 100_000, year=2030))
    Total trade of US$ 100,000 mn in 2030
    """

    what: str
    value: float
    year: int | None = None
    products: str | tuple[str, ...] = ""
    importer: str | None = None
    exporter: str | None = None

    def __post_init__(self) -> None:
        check_choice(self.what, FIGURES, "Target")
        put(self, "value", check_number(self.value, f"target {self.what}"))
        put(self, "year", check_year(self.year, "target year"))
        put(self, "products", _codes(self.products))
        for side in ("importer", "exporter"):
            code = getattr(self, side)
            if code is not None:
                put(self, side, check_country(code, f"target {side}"))
                if self.what != "kilotonnes":
                    raise ValueError(f"{side} is for a target of kilotonnes.")

    @property
    def prefixes(self) -> tuple[str, ...]:
        """HS prefixes that count."""
        return _codes(self.products)

    @property
    def unit(self) -> str:
        """Unit of the figure."""
        return FIGURES[self.what]

    def said(self, value: float) -> str:
        """Return a value of the figure with its unit."""
        if self.what == "kilotonnes":
            return f"{value:,.0f} kt"
        return f"US$ {value:,.0f} mn".replace("US$ -", "US$ −")

    def __str__(self) -> str:
        goods = "" if self.prefixes == ("",) else f" in HS {', '.join(self.prefixes)}"
        when = "" if self.year is None else f" in {self.year}"
        return f"{CALLED[self.what]}{goods} of {self.said(self.value)}{when}"

    def to_dict(self) -> dict[str, Any]:
        """Return the target as plain data, defaults left out."""
        data: dict[str, Any] = {"what": self.what, "value": self.value}
        if self.year is not None:
            data["year"] = self.year
        if self.prefixes != ("",):
            data["products"] = list(self.prefixes)
        sides = {"importer": self.importer, "exporter": self.exporter}
        return data | {side: code for side, code in sides.items() if code}

    @classmethod
    def from_dict(cls, data: Any) -> Target:
        """Build a target from plain data, as :meth:`to_dict` writes it.

        Raises
        ------
        ValueError
            Not a mapping, an unknown key, or a value that a target refuses.
        """
        return cls(**known(data, cls, "goal"))


def _codes(value: object) -> tuple[str, ...]:
    codes = (value,) if isinstance(value, str) else value
    if not isinstance(codes, tuple | list) or not codes:
        raise ValueError(f"products of a target are HS prefixes, not {shown(value)}.")
    return tuple(check_product(code, "products") for code in codes)
