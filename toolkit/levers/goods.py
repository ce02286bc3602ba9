"""The goods of a lever: HS prefixes as they are given, and in words."""

from __future__ import annotations

from collections.abc import Sized

from toolkit.display import ADJECTIVES, country
from toolkit.schema import EVERYONE, check_product, is_list


def as_products(value: object, what: str = "products") -> tuple[str, ...]:
    """Return one HS prefix or several as a tuple of checked codes; "ALL" is all goods.

    Examples
    --------
    >>> as_products("30"), as_products(["0701", "0810"]), as_products("ALL")
    (('30',), ('0701', '0810'), ('',))
    """
    if isinstance(value, str):
        return ("",) if value == EVERYONE else (check_product(value, what),)
    if not is_list(value):
        return (check_product(value, what),)
    given = list(value)
    if len(given) == 1 and isinstance(given[0], str) and given[0] == EVERYONE:
        return ("",)
    codes = tuple(check_product(code, what) for code in given)
    if not codes:
        raise ValueError(f"{what} is empty: give at least one HS prefix.")
    return codes


def as_excluded(value: object) -> tuple[str, ...]:
    """Return HS prefixes that a lever leaves out; nothing given is none.

    Examples
    --------
    >>> as_excluded(""), as_excluded("0701")
    ((), ('0701',))
    """
    if value is None or (isinstance(value, str) and not value):
        return ()
    if is_list(value) and isinstance(value, Sized) and len(value) == 0:
        return ()
    return as_products(value, "exclude")


def products_text(products: tuple[str, ...]) -> str:
    """Return the HS prefixes of a lever for display.

    Examples
    --------
    >>> products_text(("",)), products_text(("30",)), products_text(("61", "62"))
    ('all goods', 'HS 30', 'HS 61, 62')
    """
    if products == ("",):
        return "all goods"
    return "HS " + ", ".join(products)


def goods_of(exporter: str, prefixes: tuple[str, ...]) -> str:
    """Return what is traded and by whom, for a sentence.

    Examples
    --------
    >>> goods_of("IND", ("",)), goods_of("SAU", ("31",)), goods_of("ALL", ("31",))
    ('all Indian goods', 'HS 31 from Saudi Arabia', 'HS 31 from all suppliers')
    """
    who, goods = ADJECTIVES.get(exporter), products_text(prefixes)
    if not who:
        return f"{goods} from {country(exporter)}"
    return f"all {who} goods" if prefixes == ("",) else f"{who} {goods}"
