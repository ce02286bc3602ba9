"""Chapter 15 in the Indian market: sunflower oil and the rest.

The split of the chapter is not published. Russia's whole chapter is read as
sunflower oil; Ukraine's too. The market is Russia's sales over its share of
tonnes in calendar 2024, that is at one unit value for all suppliers.
"""

from __future__ import annotations

from common import chapters, close, fact, suppliers

Entry = tuple[float, float | None, str, str]


def split(year: str) -> dict[tuple[str, str], Entry]:
    """Return (supplier, product) -> value, kilotonnes, status, derivation."""
    russia = chapters("import", "RUS", year)["15"]
    share = fact("sunflower_volume_share", "RUS", "2024")
    named = suppliers("15", year)
    others = round(russia / share - russia, 6)
    ukraine = min(named.pop("UKR"), others)
    value = {"RUS": russia, "UKR": ukraine, "ROW": close(others, ukraine)}
    price = _price()
    rows: dict[tuple[str, str], Entry] = {
        (c, "1512"): (v, v / price, "assumed", _text(c, year, russia, share))
        for c, v in value.items()
    }
    for country, sold in named.items():
        rows[str(country), "15x"] = (
            sold,
            None,
            "assumed",
            "whole chapter 15 of the supplier read as other oils",
        )
    world = chapters("import", "WLD", year)["15"]
    rows["ROW", "15x"] = (
        close(world, *(entry[0] for entry in rows.values())),
        None,
        "derived",
        f"chapter 15 of the world {world:.2f} - sunflower oil - named suppliers",
    )
    return rows


def _price() -> float:
    """Return US$ mn a kilotonne: fiscal 2024-25 value over calendar 2024 tonnes."""
    sold = chapters("import", "RUS", "2024-25")["15"]
    return sold / fact("sunflower_volume", "RUS", "2024")


def _text(country: str, year: str, russia: float, share: float) -> str:
    if country == "UKR":
        return "whole chapter 15 of Ukraine read as sunflower oil; kt as Russia's"
    if country == "ROW":
        return f"{russia:.2f}/{share} - Russia - Ukraine; share of tonnes in 2024"
    text = "whole chapter 15 read as sunflower oil; kt: 2090 of calendar 2024"
    if year == "2024-25":
        return text + " taken for the fiscal year"
    return text + " x value of the year / value of 2024-25 (price not found)"
