"""How things are said: numbers, names of countries, titles, colours. Nothing else.

US$ bn with a true minus sign, signs on changes, percent only here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from toolkit.schema import COUNTRIES, EVERYONE

_MARKS = re.compile(r"([\\`*_\[\]<>#!|~&])")
MINUS = "\N{MINUS SIGN}"
DOLLAR = r"<span>\$</span>"
BEYOND = 1e7  # US$ mn: larger than any trade, and no figure to print
PLACES = 6  # stored numbers are rounded: another machine must store the same
EXPORTS = "#0072B2"  # Okabe-Ito blue
IMPORTS = "#D55E00"  # Okabe-Ito vermilion
BASELINE = "#8C8C8C"
BALANCE = "#333333"
QUIET = "#5F5F5F"
FLOW_COLOURS = {"exports": EXPORTS, "imports": IMPORTS, "balance": BALANCE}
CASE_NAMES = {"low": "low ends", "central": "central", "high": "high ends"}

NAMES: Mapping[str, str] = {
    **{code: name for code, (_, name) in COUNTRIES.items()},
    "EAE": "the rest of the EAEU",
    "EUN": "the European Union",
    "GLF": "the Gulf",
    "ROW": "the rest of the world",
    EVERYONE: "all suppliers",
}
ADJECTIVES: Mapping[str, str] = {"IND": "Indian", "RUS": "Russian"}
# Among the suppliers of a market the rest of the world is those not named.
SUPPLIERS: Mapping[str, str] = {**NAMES, "ROW": "the unnamed suppliers"}


def country(code: str) -> str:
    """Return the name of a country, or its code.

    Examples
    --------
    >>> country("RUS"), country("XYZ")
    ('Russia', 'XYZ')
    """
    return NAMES.get(code, code)


def whose(code: str) -> str:
    """Return the name of a country as an owner.

    Examples
    --------
    >>> whose("RUS"), whose("USA")
    ("Russia's", "the United States'")
    """
    name = country(code)
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def in_markdown(text: str) -> str:
    r"""Return text as Markdown in which no dollar starts a formula.

    JupyterLab takes two dollars for a formula even behind backslashes, unless each
    stands in an element of its own.

    Examples
    --------
    >>> print(in_markdown("US$ 5 bn against US$ 65 bn"))
    US<span>\$</span> 5 bn against US<span>\$</span> 65 bn
    """
    return text.replace("\\$", "$").replace("$", DOLLAR)


def capital(text: str) -> str:
    """Return a text with its first letter large.

    Examples
    --------
    >>> capital("the United States buy"), capital("")
    ('The United States buy', '')
    """
    return text[:1].upper() + text[1:]


def supplier(code: str) -> str:
    """Return the name of a supplier in a market, or its code.

    Examples
    --------
    >>> supplier("ROW"), supplier("CHN")
    ('the unnamed suppliers', 'China')
    """
    return SUPPLIERS.get(code, code)


def flow_titles(reporter: str, partner: str) -> dict[str, str]:
    """Return the titles of the three figures of a pair.

    Examples
    --------
    >>> flow_titles("IND", "RUS")["imports"], flow_titles("USA", "CHN")["balance"]
    ("India's imports from Russia", "The United States' balance with China")
    """
    me, other = capital(whose(reporter)), country(partner)
    return {
        "exports": f"{me} exports to {other}",
        "imports": f"{me} imports from {other}",
        "balance": f"{me} balance with {other}",
    }


def percent(share: float, digits: int = 1) -> str:
    """Return a share as percent.

    Examples
    --------
    >>> percent(0.032), percent(0.25), percent(0)
    ('3.2 %', '25 %', '0 %')
    """
    text = f"{100 * share:.{digits}f}".rstrip("0").rstrip(".")
    return f"{text or '0'} %"


def decimals(values: Iterable[float]) -> int:
    """Return how many decimals US$ bn need: two, or three where all are tiny.

    Examples
    --------
    >>> decimals([0.4, 0.01]), decimals([0.03, 0.01])
    (2, 3)
    """
    return 2 if max(map(abs, values), default=1.0) >= 0.1 else 3


def number(value: float, places: int = 2, *, sign: bool = False) -> str:
    """Return a number with a true minus and no negative zero.

    Parameters
    ----------
    value : float
        The number, in the unit that stands beside it.
    places : int
        Decimals.
    sign : bool
        Put a plus before what is above zero: for changes.

    Examples
    --------
    >>> number(-58.926), number(0.4, 1, sign=True), number(-0.001, sign=True)
    ('−58.93', '+0.4', '0.00')
    """
    return _shown(round(round(float(value), PLACES), places), places, sign=sign)


def signed(value: float, places: int = 2) -> str:
    """Return a change: a sign, a true minus, no negative zero.

    Examples
    --------
    >>> signed(-1.234), signed(0.0), signed(0.5, 1), signed(math.nan)
    ('−1.23', '0.00', '+0.5', 'not known in')
    """
    if math.isnan(value):
        return "not known in"
    return _shown(round(value, places), places, sign=True)


def plain(value: float, places: int = 2) -> str:
    """Return a level as :func:`signed` rounds it, without a plus.

    Examples
    --------
    >>> plain(-1.234), plain(63.811)
    ('−1.23', '63.81')
    """
    return _shown(round(value, places), places, sign=False)


def _shown(rounded: float, places: int, *, sign: bool) -> str:
    text = f"{abs(rounded):,.{places}f}"
    if rounded < 0:
        return MINUS + text
    return "+" + text if sign and rounded > 0 else text


def literal(text: str) -> str:
    r"""Return text that Markdown shows as it is, dollars left alone.

    Examples
    --------
    >>> print(literal("[Urea](http://x) <b>*"))
    \[Urea\](http://x) &lt;b\>\*
    """
    return _MARKS.sub(r"\\\1", text).replace("\\<", "&lt;")


def amount(value: float) -> str:
    """Return US$ million for a sentence, in billions from one billion up.

    Examples
    --------
    >>> amount(1658.5), amount(-62.3), amount(1e12)
    ('US$ 1.66 bn', 'US$ 62.3 mn', 'more than US$ 10,000 bn')
    """
    size = abs(value)
    if size >= BEYOND:
        return f"more than US$ {BEYOND / 1e3:,.0f} bn"
    return f"US$ {size / 1e3:,.2f} bn" if size >= 1e3 else f"US$ {size:,.1f} mn"
