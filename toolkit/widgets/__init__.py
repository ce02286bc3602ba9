"""Widgets: the explorer drawn in JupyterLab; the only room that imports ipywidgets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from toolkit.widgets.explorer import Explorer, explore

__all__ = ["Explorer", "explore"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'toolkit.widgets' has no attribute {name!r}")
    from toolkit.widgets import explorer

    return getattr(explorer, name)
