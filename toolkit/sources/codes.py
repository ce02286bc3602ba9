"""Country and product codes of the agencies as ISO 3166 alpha-3 and HS text."""

from __future__ import annotations

import re
from functools import lru_cache

import pandas as pd

WORLD = "WLD"
# Where the UN's numeric codes of statistical territories are not those of ISO 3166
# (UN Comtrade and CEPII BACI; publishers' own country lists).
UN_NUMERIC = {
    "0": WORLD,
    "58": "BEL",
    "251": "FRA",
    "490": "TWN",
    "579": "NOR",
    "699": "IND",
    "757": "CHE",
    "842": "USA",
}
# As the TRADESTAT of India prints them, where ISO's names are not recognised.
INDIAN_NAMES = {
    "RUSSIA": "RUS",
    "U S A": "USA",
    "USA": "USA",
    "U K": "GBR",
    "U ARAB EMTS": "ARE",
    "UAE": "ARE",
    "SAUDI ARAB": "SAU",
    "CHINA P RP": "CHN",
    "KOREA RP": "KOR",
    "KOREA DP RP": "PRK",
    "BANGLADESH PR": "BGD",
    "VIETNAM SOC REP": "VNM",
    "SRI LANKA DSR": "LKA",
    "NETHERLAND": "NLD",
    "TANZANIA REP": "TZA",
    "CONGO D. REP.": "COD",
    "TURKEY": "TUR",
    "IRAN": "IRN",
}
_HS = re.compile(r"\d+")


@lru_cache(maxsize=1)
def _numeric() -> dict[str, str]:
    import pycountry

    codes = {str(int(c.numeric)): c.alpha_3 for c in pycountry.countries}
    return codes | UN_NUMERIC


@lru_cache(maxsize=1024)
def iso3(code: str) -> str | None:
    """Return the ISO alpha-3 code of a numeric code, an alpha code or a name.

    None where it is not recognised; the world is ``"WLD"``.

    Examples
    --------
    >>> iso3("699"), iso3("RUS"), iso3("W00"), iso3("U ARAB EMTS"), iso3("Germany")
    ('IND', 'RUS', 'WLD', 'ARE', 'DEU')
    """
    import pycountry

    text = " ".join(str(code).split())
    if text.isdigit():
        return _numeric().get(str(int(text)))
    if text.upper() in ("W00", "WORLD", WORLD, "ALL COUNTRIES"):
        return WORLD
    if text.upper() in INDIAN_NAMES:
        return INDIAN_NAMES[text.upper()]
    try:
        return pycountry.countries.lookup(text).alpha_3
    except LookupError:
        return None


def un_numeric(country: str) -> str:
    """Return the code under which UN Comtrade and BACI know a country.

    Raises
    ------
    ValueError
        No such country.

    Examples
    --------
    >>> un_numeric("IND"), un_numeric("RUS"), un_numeric("WLD")
    ('699', '643', '0')
    """
    for code, name in UN_NUMERIC.items():
        if name == country and code != "58":
            return code
    return iso_numeric(country)


def iso_numeric(country: str) -> str:
    """Return the three-digit ISO code, as WITS uses it.

    Raises
    ------
    ValueError
        No such country.

    Examples
    --------
    >>> iso_numeric("IND")
    '356'
    """
    import pycountry

    found = pycountry.countries.get(alpha_3=country)
    if found is None:
        raise ValueError(f"{country!r} is not an ISO 3166 alpha-3 code.")
    return found.numeric


def iso3_column(codes: pd.Series) -> pd.Series:
    """Return ISO alpha-3 codes, None where one is not recognised."""
    known = {code: iso3(code) for code in codes.unique()}
    return codes.map(known).astype(object)


def hs_column(codes: pd.Series) -> pd.Series:
    """Return HS codes as text of an even number of digits, None where it is none.

    Dots and blanks go, a leading zero that a spreadsheet took comes back.

    Examples
    --------
    >>> hs_column(pd.Series(["3102.10", "309", " 84", "TOTAL"])).tolist()
    ['310210', '0309', '84', None]
    """
    plain = codes.astype(str).str.replace(r"[\s.\u00a0]", "", regex=True)
    digits = plain.str.fullmatch(_HS.pattern)
    padded = plain.where(plain.str.len() % 2 == 0, "0" + plain)
    return padded.astype(object).where(digits, None)


def revision(code: str) -> str:
    """Return the HS revision by name: H6 and HS22 are both HS2022.

    Examples
    --------
    >>> revision("H6"), revision("HS17"), revision("HS"), revision("")
    ('HS2022', 'HS2017', '', '')
    """
    years = ["1988", "1996", "2002", "2007", "2012", "2017", "2022"]
    text = code.strip().upper().replace("HS", "H")
    if re.fullmatch(r"H[0-6]", text):
        return "HS" + years[int(text[1])]
    short = {year[2:]: year for year in years} | {"92": "1988"} | {y: y for y in years}
    return "HS" + short[text[1:]] if text[:1] == "H" and text[1:] in short else ""
