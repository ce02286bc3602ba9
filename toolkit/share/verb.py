"""The verb ``share``: what is shared, and as what, decided by type and suffix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolkit.share.explorer import explorer_page
from toolkit.share.files import refuse_existing, write
from toolkit.share.page import assemble
from toolkit.share.subject import subject


def share(source: Any, path: Any, *, overwrite: bool = False, **options: Any) -> Path:
    """Share."""
    target = Path(path)
    refuse_existing(target, overwrite=overwrite)
    live = subject(source, **options)
    return write(target, assemble(explorer_page(live)), overwrite=overwrite)
