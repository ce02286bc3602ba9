"""Countries: ISO 3166 codes, what they are called, and which one a user meant."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

# alpha-3: (alpha-2, name in a sentence)
COUNTRIES: Mapping[str, tuple[str, str]] = {
    "ARE": ("AE", "the United Arab Emirates"),
    "ARG": ("AR", "Argentina"),
    "ARM": ("AM", "Armenia"),
    "AUS": ("AU", "Australia"),
    "BLR": ("BY", "Belarus"),
    "BRA": ("BR", "Brazil"),
    "CAN": ("CA", "Canada"),
    "CHE": ("CH", "Switzerland"),
    "CHN": ("CN", "China"),
    "DEU": ("DE", "Germany"),
    "EGY": ("EG", "Egypt"),
    "ESP": ("ES", "Spain"),
    "FRA": ("FR", "France"),
    "GBR": ("GB", "the United Kingdom"),
    "GHA": ("GH", "Ghana"),
    "HKG": ("HK", "Hong Kong"),
    "IDN": ("ID", "Indonesia"),
    "IND": ("IN", "India"),
    "IRL": ("IE", "Ireland"),
    "IRN": ("IR", "Iran"),
    "IRQ": ("IQ", "Iraq"),
    "ITA": ("IT", "Italy"),
    "JOR": ("JO", "Jordan"),
    "JPN": ("JP", "Japan"),
    "KAZ": ("KZ", "Kazakhstan"),
    "KGZ": ("KG", "Kyrgyzstan"),
    "KOR": ("KR", "South Korea"),
    "KWT": ("KW", "Kuwait"),
    "MAR": ("MA", "Morocco"),
    "MEX": ("MX", "Mexico"),
    "MYS": ("MY", "Malaysia"),
    "NGA": ("NG", "Nigeria"),
    "NLD": ("NL", "the Netherlands"),
    "NPL": ("NP", "Nepal"),
    "OMN": ("OM", "Oman"),
    "PER": ("PE", "Peru"),
    "POL": ("PL", "Poland"),
    "QAT": ("QA", "Qatar"),
    "RUS": ("RU", "Russia"),
    "SAU": ("SA", "Saudi Arabia"),
    "SEN": ("SN", "Senegal"),
    "SGP": ("SG", "Singapore"),
    "SYC": ("SC", "Seychelles"),
    "THA": ("TH", "Thailand"),
    "TUR": ("TR", "Turkey"),
    "TWN": ("TW", "Taiwan"),
    "UKR": ("UA", "Ukraine"),
    "USA": ("US", "the United States"),
    "VEN": ("VE", "Venezuela"),
    "VNM": ("VN", "Vietnam"),
    "ZAF": ("ZA", "South Africa"),
}


def meant_country(value: object) -> str:
    """Return the code that a name, a two-letter code or a slip stands for, or "".

    Examples
    --------
    >>> meant_country("India"), meant_country("russia"), meant_country("RU")
    ('IND', 'RUS', 'RUS')
    >>> meant_country("Untied States"), meant_country("somewhere else")
    ('USA', '')
    """
    said: dict[str, str] = {}
    for code, (short, name) in COUNTRIES.items():
        plain = name.lower().removeprefix("the ")
        said |= {code.lower(): code, short.lower(): code, plain: code}
    text = str(value).strip().lower().removeprefix("the ")
    if text in said:
        return said[text]
    close = difflib.get_close_matches(text, said, n=1, cutoff=0.75)
    return said[close[0]] if close else ""
