"""Writing files: whole or not at all, and never over a user's file unasked.

A file is written beside its place under a name of its own and then put there in one
step. Where nothing may be replaced that step claims the name and fails if somebody has
it, so of two writers one is told. A link is followed: what it points to is written, and
the link stays. What a killed process left behind is swept by the next write into the
same folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import socket
import time
import zlib
from pathlib import Path

UNFINISHED = ".toolkit-"  # begins the name of a file that is being written
STALE_SECONDS = 24 * 3600  # of another machine's, on a shared disk
NAME = 200  # characters of a path in a message


def write(path: Path, content: str | bytes, *, overwrite: bool) -> Path:
    """Write a file so that it is there whole or not at all.

    Parameters
    ----------
    path : Path
        Missing folders are made. A link's target is written, the link kept.
    content : str or bytes
        Text is written as UTF-8.
    overwrite : bool
        Replace an existing file.

    Raises
    ------
    FileExistsError
        The file, or a link of that name, exists and ``overwrite`` is false.
    ValueError
        A name that no file can have.
    OSError
        A full disk, a folder that may not be written; names the file.
    """
    refuse_existing(path, overwrite=overwrite)
    data = content.encode("utf-8") if isinstance(content, str) else content
    try:
        target = _place(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        _put(target, data, overwrite=overwrite)
    except FileExistsError as error:
        raise _exists(path) from error
    except OSError as error:
        raise _named(error, path) from error
    return path


def refuse_existing(path: Path, *, overwrite: bool) -> None:
    """Raise if the file exists and may not be replaced; before any work is done."""
    _refuse_impossible(path)
    try:
        there = os.path.lexists(path)
    except OSError as error:
        raise _named(error, path) from error
    if there and not overwrite:
        raise _exists(path)


def as_path(value: object) -> Path:
    """Return a path, or raise where a value is none.

    Examples
    --------
    >>> as_path("brief.html").name
    'brief.html'
    """
    if not isinstance(value, str | os.PathLike):
        raise ValueError(f"A file is given by its path, not a {type(value).__name__}.")
    return Path(value)


def is_folder(path: Path) -> bool:
    """Return whether a path is that of a folder; a name too long for one is not."""
    try:
        return path.is_dir()
    except OSError:
        return False


def plain_name(name: str) -> Path:
    """Return a name as the path of a file in the working folder, or raise.

    For names that a visitor types: no folder, no drive, no hidden file.

    Raises
    ------
    ValueError
        Anything but a plain file name.

    Examples
    --------
    >>> plain_name("my_scenario.yaml").name
    'my_scenario.yaml'
    """
    _refuse_impossible(Path(name))
    if not name or name.startswith(".") or any(mark in name for mark in "/\\:"):
        raise ValueError(
            f"{_short(name)!r} is not the plain name of a file: it is written into "
            "the working folder, so no folder, no ':' and no '.' in front."
        )
    return Path(name)


def _refuse_impossible(path: Path) -> None:
    if "\0" in str(path):
        raise ValueError(f"A file's name holds no NUL character: {_short(path)!r}.")
    try:
        os.fsencode(path)
    except UnicodeEncodeError as error:
        raise ValueError(f"No file can be called {_short(path)!r}.") from error


def _exists(path: Path) -> FileExistsError:
    if path.is_symlink() and not path.exists():
        return FileExistsError(
            f"{_short(path)} is a link to a file that is not there; pass "
            "overwrite=True to write where it points."
        )
    return FileExistsError(f"{_short(path)} exists; pass overwrite=True to replace it.")


def _named(error: OSError, path: Path) -> OSError:
    """Return an error that names the user's file, not the unfinished one."""
    if error.errno is None:
        return error
    return OSError(error.errno, error.strerror, _short(path))


def _place(path: Path) -> Path:
    """Return where the content goes: the end of any links."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, "links that lead in a circle", _short(path))
    return target


def _put(target: Path, data: bytes, *, overwrite: bool) -> None:
    unfinished = target.parent / f"{_mine()}{secrets.token_hex(6)}"
    try:
        with unfinished.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            unfinished.chmod(target.stat().st_mode)
        if overwrite:
            unfinished.replace(target)
        else:
            _claim(unfinished, target)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
        raise


def _claim(unfinished: Path, target: Path) -> None:
    """Give a finished file its name unless somebody has it, in one step."""
    try:
        os.link(unfinished, target)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):  # a disk without links, as FAT
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        unfinished.replace(target)
    else:
        unfinished.unlink()


def _mine() -> str:
    """Return how this process's unfinished files begin: by machine and process."""
    machine = zlib.crc32(socket.gethostname().encode())
    return f"{UNFINISHED}{machine:08x}-{os.getpid()}-"


def _sweep(folder: Path) -> None:
    """Remove what processes that have ended left unfinished in a folder."""
    mine, now = _mine(), time.time()
    machine = mine.split("-")[1]
    for path in folder.glob(f"{UNFINISHED}????????-*-*"):
        _, host, process = path.name.split("-")[:3]
        here = host == machine and process.isdigit() and os.name == "posix"
        with contextlib.suppress(OSError):
            old = now - path.stat().st_mtime > STALE_SECONDS
            if old or (here and not _runs(int(process))):
                path.unlink()


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def _short(path: Path | str) -> str:
    text = str(path)
    return (
        text if len(text) <= NAME else f"{text[: NAME // 2]} ... {text[-NAME // 2 :]}"
    )
