"""Checks of codes and numbers; each error names what is allowed and what is near."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable
from typing import Any, TypeGuard

import numpy as np

from toolkit.schema.countries import meant_country
from toolkit.schema.text import LONGEST_SHOWN, cut, on_one_line, shown

EVERYONE = "ALL"
HIGHEST_RATE = 3.0

LONGEST_CODE = 40  # characters of a product code
LARGEST = 1e15  # of any number a user gives; in dollars, ten times the world's output

NUMBERS = (int, float, np.integer, np.floating)
NO_NUMBERS = (bool, np.timedelta64)  # which Python and NumPy count among them

_COUNTRY = re.compile(r"[A-Z]{3}")
_PRODUCT = re.compile(r"((\d\d)+([-_.]?[A-Za-z]\w*)?)?", re.ASCII)


def nearest(value: object, allowed: Iterable[str]) -> str:
    """Return the tail of an error message: what is allowed, nearest match first.

    Parameters
    ----------
    value : object
        What the user wrote.
    allowed : iterable of str
        What could have been written.

    Returns
    -------
    str
        ``"did you mean 'RUS'? Allowed: ..."``, cut after a dozen names.

    Examples
    --------
    >>> nearest("RSU", ["IND", "RUS"])
    "did you mean 'RUS'? Allowed: IND, RUS."
    """
    names = sorted({cut(on_one_line(name), LONGEST_SHOWN) for name in allowed})
    written = value[:LONGEST_SHOWN] if isinstance(value, str) else shown(value)
    close = difflib.get_close_matches(written, names, n=1, cutoff=0.4)
    hint = f"did you mean {shown(close[0])}? " if close else ""
    listed = ", ".join(name or "''" for name in names[:12]) or "none"
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return f"{hint}Allowed: {listed}{more}."


def check_choice(value: object, allowed: Iterable[str], what: str) -> str:
    """Return one of the allowed words unchanged, or raise.

    Examples
    --------
    >>> check_choice("low", ("low", "central", "high"), "case")
    'low'
    """
    names = list(allowed)
    if isinstance(value, str) and value in names:
        return value
    raise ValueError(f"{what} {shown(value)} is unknown; {nearest(value, names)}")


def check_kind(value: object, kind: type[Any], what: str, form: str) -> None:
    """Raise unless a value is of a kind, and say what is expected in its place.

    Examples
    --------
    >>> check_kind(-40_000, str, "target", 'a Target such as tk.Target("balance", 0)')
    Traceback (most recent call last):
    ValueError: target is a Target such as tk.Target("balance", 0), not -40000.
    """
    if not isinstance(value, kind):
        raise ValueError(f"{what} is {form}, not {shown(value)}.")


def is_list(value: object) -> TypeGuard[Iterable[Any]]:
    """Return whether a value has items, other than the letters of a text.

    Examples
    --------
    >>> import numpy as np
    >>> is_list(["31"]), is_list("31"), is_list(np.array(31))
    (True, False, False)
    """
    if isinstance(value, str) or getattr(value, "ndim", 1) == 0:
        return False
    return isinstance(value, Iterable)


def check_country(value: object, what: str, *, everyone: bool = False) -> str:
    """Return an ISO 3166 alpha-3 code (or ROW) unchanged, or raise.

    Examples
    --------
    >>> check_country("IND", "importer")
    'IND'
    """
    if isinstance(value, str) and _COUNTRY.fullmatch(value):
        if value != EVERYONE or everyone:
            return value
        raise ValueError(f"{what} 'ALL' is not allowed here: name one country.")
    meant = meant_country(value) if isinstance(value, str) else ""
    if not meant and _COUNTRY.fullmatch(str(value).strip().upper()):
        meant = str(value).strip().upper()
    hint = f" Did you mean {shown(meant)}?" if meant else ""
    raise ValueError(
        f"{what} must be an ISO 3166 alpha-3 code such as 'IND', 'RUS' or 'ROW', "
        f"not {shown(value)}.{hint}"
    )


def check_product(value: object, what: str = "product") -> str:
    """Return an HS code (text, even number of digits, optional suffix), or raise.

    Examples
    --------
    >>> check_product("310210"), check_product("2710x"), check_product("")
    ('310210', '2710x', '')
    """
    if not isinstance(value, str):
        raise ValueError(
            f"{what} must be an HS code as text, not {shown(value)} "
            f"({type(value).__name__}): quote it, leading zeros matter."
        )
    if len(value) > LONGEST_CODE or not _PRODUCT.fullmatch(value):
        raise ValueError(
            f"{what} {shown(value)} is not an HS code: two, four, six ... digits, "
            "optionally a suffix that begins with a letter, or '' for a single good; "
            f"at most {LONGEST_CODE} characters of ASCII."
        )
    return value


def check_number(
    value: object, what: str, *, low: float = -LARGEST, high: float = LARGEST
) -> float:
    """Return a finite number within [low, high] as float, or raise.

    A truth value, a date, a span of time, a complex number and text are no numbers.

    Examples
    --------
    >>> check_number(7000, "kilotonnes", low=0)
    7000.0
    """
    if isinstance(value, NO_NUMBERS) or not isinstance(value, NUMBERS):
        raise ValueError(f"{what} must be a number, not {shown(value)}.")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{what} must be a finite number, not {shown(value)}.")
    if not low <= number <= high:
        raise ValueError(f"{what} is {number:g}; allowed are {low:g} to {high:g}.")
    return number


def check_whole(
    value: object, what: str, *, low: int, high: int, kind: str = "a whole number"
) -> int:
    """Return a whole number within [low, high] as int, or raise.

    Examples
    --------
    >>> check_whole(5, "phase_in", low=1, high=50)
    5
    """
    number = check_number(value, what, low=low, high=high)
    if number != int(number):
        raise ValueError(f"{what} must be {kind}, not {shown(value)}.")
    return int(number)


def check_rate(value: object, what: str) -> float:
    """Return an ad valorem rate as decimal (0.05 is 5 %), or raise.

    A rate above 3 (300 %) is taken for a percentage and refused.

    Examples
    --------
    >>> check_rate(0.2, "to")
    0.2
    """
    number = check_number(value, what)
    if number < 0:
        raise ValueError(f"{what} is {number:g}: a rate cannot be negative.")
    if number > HIGHEST_RATE:
        raise ValueError(
            f"{what} is {number:g}, that is {100 * number:g} %. Rates are decimals: "
            f"write {number / 100:g} for {number:g} %."
        )
    return number


def check_share(value: object, what: str) -> float:
    """Return a share between 0 and 1, or raise (0.25 is a quarter).

    Examples
    --------
    >>> check_share(0.25, "by")
    0.25
    """
    number = check_number(value, what)
    if 1 < number <= 100:
        raise ValueError(
            f"{what} is {number:g}; it is a share between 0 and 1: "
            f"write {number / 100:g} for {number:g} %."
        )
    return check_number(number, what, low=0.0, high=1.0)
