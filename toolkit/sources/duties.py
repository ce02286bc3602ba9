"""Duties as a customs tariff writes them: ad valorem, specific, combined, additive."""

from __future__ import annotations

import dataclasses
import math
import re

UNITS = {
    "кг": "kg", "kg": "kg",
    "т": "t", "t": "t", "tonne": "t",
    "л": "l", "l": "l", "litre": "l",
    "пару": "pair", "пара": "pair", "pair": "pair",
    "шт": "piece", "штуку": "piece", "piece": "piece", "pcs": "piece",
    "м2": "m2", "м²": "m2", "кв.м": "m2", "m2": "m2",
    "м3": "m3", "м³": "m3", "m3": "m3",
    "см3": "cm3", "см³": "cm3", "cm3": "cm3",
}  # fmt: skip
MONEY = {"евро": "EUR", "eur": "EUR", "euro": "EUR", "долл": "USD", "usd": "USD"}
_AMOUNT = (
    r"(?P<amount>\d+(?:[.,]\d+)?)\s*(?P<money>евро|eur|euro|долл\S*|usd)\s+(?:за|per)"
)
_UNIT = r"\s*(?P<count>\d[\d ]*)?\s*(?P<unit>[a-zа-я.]+[23²³]?)"
_SPECIFIC = re.compile(_AMOUNT + _UNIT, re.I)
_PERCENT = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*%?")
_LEAST = re.compile(r"не\s+менее|not\s+less", re.I)
_PLUS = re.compile(r"плюс|plus|\+", re.I)
_NOTE = re.compile(r"(\s*<[^>]*>|\s+\d{1,3}[СсCc]\)|\s*\*+)\s*$")


@dataclasses.dataclass(frozen=True)
class Duty:
    """One rate of a tariff.

    Attributes
    ----------
    form : {"ad_valorem", "specific", "combined_min", "combined_plus"}
    ad_valorem : float
        Decimal; 0 where there is none.
    amount : float
        Money per unit; NaN for an ad valorem duty.
    currency, unit : str
        "EUR"; "kg", "t", "l", "pair", "piece", "m2", "m3", "cm3".
    """

    form: str
    ad_valorem: float = 0.0
    amount: float = math.nan
    currency: str = ""
    unit: str = ""

    def equivalent(self, price: float, money: float = 1.0) -> float:
        """Return the ad valorem equivalent at a price.

        Parameters
        ----------
        price : float
            US$ per unit of the duty; NaN where it is not known.
        money : float
            US$ per unit of the duty's currency.

        Returns
        -------
        float
            Decimal. Without a price NaN for a specific duty, and the ad valorem
            part, a lower bound, for a combined one.

        Examples
        --------
        >>> parsed("15, but not less than 0.15 EUR per kg").equivalent(0.5, 1.08)
        0.324
        """
        if self.form == "ad_valorem":
            return self.ad_valorem
        if not price > 0:
            return math.nan if self.form == "specific" else self.ad_valorem
        specific = self.amount * money / price
        if self.form == "combined_plus":
            return self.ad_valorem + specific
        return max(self.ad_valorem, specific)


def parsed(text: str) -> Duty:
    """Return the duty that a tariff's words mean, Russian or English.

    Parameters
    ----------
    text : str
        "5", "15, но не менее 0,15 евро за 1 кг", "10 plus 0.5 EUR per l",
        "1.75 EUR per kg"; a percentage is a bare number.

    Raises
    ------
    ValueError
        Words that are no duty.

    Examples
    --------
    >>> parsed("5")
    Duty(form='ad_valorem', ad_valorem=0.05, amount=nan, currency='', unit='')
    >>> parsed("0,04 евро за 1 кг").amount
    0.04
    """
    words = _NOTE.sub("", " ".join(text.replace("\u00a0", " ").split()))
    specific = _SPECIFIC.search(words)
    if specific is None:
        percent = _PERCENT.fullmatch(words.rstrip("% ") or "-")
        if percent is None:
            raise ValueError(f"{text!r} is not a duty that is understood")
        return Duty("ad_valorem", _share(percent[1]))
    amount, currency, unit = _money(specific, text)
    before = words[: specific.start()]
    percent = _PERCENT.match(before)
    if percent is None:
        return Duty("specific", 0.0, amount, currency, unit)
    if _PLUS.search(before):
        form = "combined_plus"
    elif _LEAST.search(before):
        form = "combined_min"
    else:
        raise ValueError(f"{text!r} joins two duties in a way that is not understood")
    return Duty(form, _share(percent[1]), amount, currency, unit)


def _share(text: str) -> float:
    return round(float(text.replace(",", ".")) / 100, 8)


def _money(found: re.Match[str], text: str) -> tuple[float, str, str]:
    """Return amount per one unit, currency and unit."""
    unit = UNITS.get(found["unit"].lower().rstrip("."))
    begins = found["money"].lower()
    currency = next(code for word, code in MONEY.items() if begins.startswith(word))
    if unit is None:
        raise ValueError(f"{text!r}: the unit {found['unit']!r} is not known")
    count = float((found["count"] or "1").replace(" ", ""))
    return float(found["amount"].replace(",", ".")) / count, currency, unit
