"""Sharing: a result or notebook as a page that still works, a brief, a workbook."""

from __future__ import annotations

from toolkit.sharing.verb import share

__all__ = ["share"]
