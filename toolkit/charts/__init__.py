"""Charts of results and frames: every one with title, unit, source and description.

Nothing here computes economics. Amounts are drawn in US$ bn; exports are blue,
imports vermilion, the baseline grey, the balance dark, and each also carries its
name. Call :func:`enable_renderer` once in a notebook.
"""

from .bars import balance, by_chapter
from .groups import flows
from .ranges import intervals
from .renderer import bundle, enable_renderer, picture
from .several import answers
from .waterfalls import waterfall
from .years import history

__all__ = [
    "answers",
    "balance",
    "bundle",
    "by_chapter",
    "enable_renderer",
    "flows",
    "history",
    "intervals",
    "picture",
    "waterfall",
]
