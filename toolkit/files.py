"""Writing files: whole or not at all, and never over a user's file unasked."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write(path: Path, content: str | bytes, *, overwrite: bool) -> Path:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path : Path
        Missing folders are made.
    content : str or bytes
        Text is written as UTF-8.
    overwrite : bool
        Replace an existing file.

    Raises
    ------
    FileExistsError
        The file exists and ``overwrite`` is false.
    """
    refuse_existing(path, overwrite=overwrite)
    data = content.encode("utf-8") if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(temporary).chmod(path.stat().st_mode if path.exists() else _usual_mode())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return path


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise if the file exists and may not be replaced; before any work is done."""
    if path.exists() and not overwrite:
        raise FileExistsError(f"{path} exists; pass overwrite=True to replace it.")


def _usual_mode() -> int:
    """Return the mode of a new file: temporary ones are for their owner alone."""
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
