"""Charts of results and frames: every one with title, unit, source and description.

Nothing here computes economics. Amounts are drawn in US$ bn; exports are blue,
imports vermilion, the baseline grey, the balance dark, and each also carries its
name. Call :func:`enable_renderer` once in a notebook.
"""

from .bands import doubt, fan, tornado
from .bars import balance, by_chapter
from .groups import flows
from .models import model_spread
from .ranges import intervals
from .records import accounts, record
from .renderer import bundle, drawable, enable_renderer, picture
from .roads import road, tradeoff
from .several import answers
from .waterfalls import waterfall
from .years import history

__all__ = [
    "accounts",
    "answers",
    "balance",
    "bundle",
    "by_chapter",
    "doubt",
    "drawable",
    "enable_renderer",
    "fan",
    "flows",
    "history",
    "intervals",
    "model_spread",
    "picture",
    "record",
    "road",
    "tornado",
    "tradeoff",
    "waterfall",
]
