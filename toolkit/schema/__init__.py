"""Column names, codes, units and checks: the ground floor.

Every check raises :class:`ValueError` with the value found, what is allowed
and, where it helps, the nearest match. Nothing here changes the user's data.
"""

from __future__ import annotations

from toolkit.schema.checks import (
    EVERYONE,
    HIGHEST_RATE,
    check_country,
    check_number,
    check_product,
    check_rate,
    check_share,
    nearest,
)
from toolkit.schema.frame import (
    EXPORTERS_SIDE,
    FLAGS,
    KEYS,
    OPTIONAL,
    check_trade_frame,
)
from toolkit.schema.units import (
    BARRELS_PER_TONNE,
    CRUDE,
    kilotonnes_a_year,
    million_barrels_a_day,
    usd_a_barrel,
)
from toolkit.schema.variables import RESULT_COLUMNS, VARIABLES, Kind

__all__ = [
    "BARRELS_PER_TONNE",
    "CRUDE",
    "EVERYONE",
    "EXPORTERS_SIDE",
    "FLAGS",
    "HIGHEST_RATE",
    "KEYS",
    "OPTIONAL",
    "RESULT_COLUMNS",
    "VARIABLES",
    "Kind",
    "check_country",
    "check_number",
    "check_product",
    "check_rate",
    "check_share",
    "check_trade_frame",
    "kilotonnes_a_year",
    "million_barrels_a_day",
    "nearest",
    "usd_a_barrel",
]
