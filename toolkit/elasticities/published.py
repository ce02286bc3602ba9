"""Published elasticities by product: what is known, by whom, how well."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from toolkit import datasets
from toolkit.schema import nearest, shown
from toolkit.schema.checks import LONGEST_CODE

from .concepts import CONCEPTS, path
from .lookup import default_rows, own_first

__all__ = ["Known", "choose", "describe", "library"]

HORIZONS = {"short": "short run", "long": "long run"}
DEFAULT = "default"
SHOWN = [
    *("concept", "product", "importer", "value", "low", "high", "interval_kind"),
    *("std_error", "usable", "horizon", "source", "key", "note"),
]


def library() -> pd.DataFrame:
    """Return every published value in one tidy table.

    Returns
    -------
    pandas.DataFrame
        One row per value. ``concept`` is one of five that never mix (see
        :func:`convert`); ``product`` an HS code, ``""`` for all goods;
        ``importer`` ISO alpha-3, ``""`` for all; ``value``, ``low`` and ``high``
        with ``interval_kind`` saying what the range is (mostly a spread across
        products, rarely an estimation error, which is ``std_error``);
        ``method``, ``sample``, ``horizon``, ``source``, ``table``, ``licence``;
        ``key`` is the name :func:`choose` takes; ``usable`` is False where a
        value should not enter a model, with the reason in ``note``.

    Examples
    --------
    >>> import toolkit as tk
    >>> table = tk.elasticities.library()
    >>> unusable = table.query("key == 'protee' and not usable")
    >>> unusable[unusable["product"].str.len() == 2]["product"].tolist()
    ['26', '27', '28', '29', '30', '31', '71']
    """
    return datasets.load("elasticity_library")


def choose(
    *,
    concept: str = "substitution",
    source: str = DEFAULT,
    horizon: str = "long",
    importer: str | None = None,
    unusable: bool = False,
) -> pd.Series:
    """Return the values of one source, ready for a model.

    Parameters
    ----------
    concept : str
        ``substitution``, ``import_demand``, ``export_supply``,
        ``tariff_elasticity`` or ``trade_elasticity``.
    source : str
        A ``key`` of :func:`library`, or ``default``: the values the models take
        when none are given, with their assumptions. Goods marked homogeneous and
        single suppliers have other defaults, which are left out here.
    horizon : {"short", "long"}
        Where a source has long-run values only, the short run is its first year
        on :func:`path`, an assumption the Series states in ``attrs``.
    importer : str, optional
        ISO alpha-3. Values for this importer come first, values for all
        importers fill the gaps. Only the latter if left out.
    unusable : bool, default False
        Whether to include values marked as not usable.

    Returns
    -------
    pandas.Series
        Indexed by product; ``attrs`` holds source, concept, horizon and, for an
        assumed short run, how it was made. A model looks a product up by its
        code, then by shorter ones, and takes its default where all are missing;
        a source with one figure for all goods has the single product ``""``.

    Raises
    ------
    ValueError
        For an unknown concept, source or horizon, or where the source has no
        such value for the importer.

    Examples
    --------
    >>> import toolkit as tk
    >>> sigma = tk.elasticities.choose(source="broda_weinstein", importer="IND")
    >>> float(sigma["31"])
    2.2597
    """
    _known(concept, list(CONCEPTS), "concept")
    if horizon not in HORIZONS:
        raise ValueError(f"horizon must be 'short' or 'long', not {shown(horizon)}.")
    rows = _rows(concept, source, unusable)
    has = sorted(set(rows.importer))
    rows = rows[rows.importer.isin(["", importer or ""])]
    if rows.empty:
        raise ValueError(
            f"Source {shown(source)} has no {concept} for importer "
            f"{shown(importer or '')}; it has {', '.join(map(repr, has))}."
        )
    values, assumed = _at_horizon(rows, horizon, importer or "")
    values.attrs = {
        "source": "; ".join(dict.fromkeys(rows.source)),
        "concept": concept,
        "horizon": HORIZONS[horizon],
        "assumed": assumed,
    }
    return values


def _rows(concept: str, source: str, unusable: bool) -> pd.DataFrame:
    """Return the rows of one source and concept that have a value."""
    table = library()
    _known(source, [DEFAULT, *dict.fromkeys(table["key"])], "source")
    if source == DEFAULT:
        rows = default_rows(concept)
    else:
        rows = table[(table["key"] == source) & (table.concept == concept)]
        if not unusable:
            rows = rows[rows.usable]
    rows = rows[rows.value.notna()]
    if rows.empty:
        has = sorted(set(table[table["key"] == source].concept))
        raise ValueError(
            f"Source {shown(source)} has no usable {concept}; it has {', '.join(has)}."
        )
    return rows


def _at_horizon(
    rows: pd.DataFrame, horizon: str, importer: str
) -> tuple[pd.Series, str]:
    """Return one value per product, the importer's own before that of all."""
    wanted = rows[rows.horizon == HORIZONS[horizon]]
    assumed = ""
    if wanted.empty and horizon == "short":
        first = float(path(1.0, years=1).iloc[0])
        wanted = rows.assign(value=rows.value * first)
        assumed = f"short run assumed: {first:g} times the long run"
    if wanted.empty:
        has = ", ".join(sorted(set(rows.horizon)))
        raise ValueError(f"There is no value for the {HORIZONS[horizon]}, only {has}.")
    return own_first(wanted, importer)["value"].rename("elasticity"), assumed


def _known(value: str, allowed: list[str], label: str) -> None:
    if value not in allowed:
        raise ValueError(
            f"{label} {shown(value)} is unknown; {nearest(value, allowed)}"
        )


@dataclass(frozen=True, eq=False, repr=False)
class Known:
    """All that is known for one product.

    Attributes
    ----------
    product : str
        HS code.
    table : pandas.DataFrame
        Rows of the library and of the defaults, the narrowest code first.
    """

    product: str
    table: pd.DataFrame

    def __repr__(self) -> str:
        """Return the table as text."""
        columns = ["concept", "product", "importer", "value", "low", "high", "source"]
        text = self.table[columns].to_string(index=False, na_rep="")
        unusable = int((~self.table.usable).sum())
        head = f"Elasticities for {self.product!r}: {len(self.table)} values"
        return f"{head}, {unusable} of them not usable\n{text}"

    def _repr_html_(self) -> str:
        return self.table.to_html(index=False, na_rep="", border=0)


def describe(product: str) -> Known:
    """Return all values for a product, its heading, its chapter and all goods.

    Parameters
    ----------
    product : str
        HS code as text, at least a chapter.

    Returns
    -------
    Known
        ``table`` holds the rows; its repr is the table.

    Raises
    ------
    ValueError
        If the code is not text or the library has nothing on its chapter.

    Examples
    --------
    >>> import toolkit as tk
    >>> known = tk.elasticities.describe("31").table
    >>> known.query("key == 'protee' and product == '31'").usable.tolist()
    [False]
    """
    if not isinstance(product, str) or not 2 <= len(product) <= LONGEST_CODE:
        raise ValueError(f"product must be an HS code as text, not {shown(product)}.")
    published = library()
    defaults = datasets.load("elasticities").assign(
        key=DEFAULT, usable=True, std_error=float("nan")
    )
    table = pd.concat([published[SHOWN], defaults[SHOWN]], ignore_index=True)
    narrower = table["product"].str.startswith(product)
    codes = [product[:n] for n in range(2, len(product) + 1)]
    hit = table[narrower | table["product"].isin(codes)]
    if hit.empty:
        chapters = sorted({p[:2] for p in published["product"] if p})
        raise ValueError(
            f"product {shown(product)} is not in the library; "
            + nearest(product, chapters)
        )
    both = pd.concat([hit, table[(table["product"] == "") & (table["key"] != DEFAULT)]])
    length = both["product"].str.len().rsub(99)
    order = both.assign(_length=length).sort_values(
        ["_length", "concept"], kind="stable"
    )
    return Known(product, order.drop(columns="_length").reset_index(drop=True))
