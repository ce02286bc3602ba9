"""Widgets: the only room that imports ipywidgets; no economics."""

from __future__ import annotations

from toolkit.widgets.explorer import Explorer, explore

__all__ = ["Explorer", "explore"]
