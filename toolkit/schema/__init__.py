"""Column names, codes, units and checks: the ground floor.

Every check raises :class:`ValueError` with the value found, what is allowed
and, where it helps, the nearest match. Nothing here changes the user's data.
"""

from __future__ import annotations

from toolkit.schema.cells import require_frame
from toolkit.schema.checks import (
    EVERYONE,
    HIGHEST_RATE,
    check_choice,
    check_country,
    check_kind,
    check_number,
    check_product,
    check_rate,
    check_share,
    check_whole,
    is_list,
    nearest,
)
from toolkit.schema.countries import COUNTRIES, meant_country
from toolkit.schema.frame import (
    EXPORTERS_SIDE,
    FLAGS,
    KEYS,
    OPTIONAL,
    check_trade_frame,
    notes_on,
)
from toolkit.schema.text import (
    check_text,
    clean_text,
    cleaning_note,
    cut,
    in_html,
    on_one_line,
    shown,
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
    "COUNTRIES",
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
    "check_choice",
    "check_country",
    "check_kind",
    "check_number",
    "check_product",
    "check_rate",
    "check_share",
    "check_text",
    "check_trade_frame",
    "check_whole",
    "clean_text",
    "cleaning_note",
    "cut",
    "in_html",
    "is_list",
    "kilotonnes_a_year",
    "meant_country",
    "million_barrels_a_day",
    "nearest",
    "notes_on",
    "on_one_line",
    "require_frame",
    "shown",
    "usd_a_barrel",
]
