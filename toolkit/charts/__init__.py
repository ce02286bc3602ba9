"""Charts of results and frames: every one with title, unit, source and description.

Nothing here computes economics. Amounts are drawn in US$ bn; exports are blue,
imports vermilion, the baseline grey, the balance dark, and each also carries its
name. Call :func:`enable_renderer` once in a notebook.
"""

from .bands import doubt, fan, tornado
from .bars import balance, by_chapter
from .groups import flows
from .live import live_bars, live_dashboard, live_view, live_waterfall
from .models import model_spread
from .ranges import intervals
from .records import accounts, record
from .renderer import bundle, drawable, enable_renderer, picture
from .roads import road, tradeoff
from .waterfalls import waterfall
from .years import history

__all__ = [
    "accounts",
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
    "live_bars",
    "live_dashboard",
    "live_view",
    "live_waterfall",
    "model_spread",
    "picture",
    "record",
    "road",
    "tornado",
    "tradeoff",
    "waterfall",
]
