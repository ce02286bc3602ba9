"""Sharing: a result or notebook as a page that still works, a brief, a workbook.

The room is also the verb: ``tk.share(result, "brief.html")``.
"""

from __future__ import annotations

import sys
import types
from typing import Any

from toolkit.share.verb import share

__all__ = ["share"]


class _Room(types.ModuleType):
    """A module that can be called: ``tk.share`` is both the verb and its room."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return share(*arguments, **options)


sys.modules[__name__].__class__ = _Room
