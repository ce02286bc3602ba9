"""What was fetched, kept: content under its digest, requests under their query.

A file appears in the cache whole or not at all: bytes arrive in a part file, which is
renamed once its digest is known; the record of a request is written last. Processes
that want the same thing take turns by a lock that the system releases with them.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import filelock
import platformdirs

from toolkit import files
from toolkit.sources.errors import SourceError

PLACE = "TOOLKIT_CACHE"  # environment variable that names another folder
CHUNK = 1 << 16  # bytes written at a time: what an interruption may lose


@dataclasses.dataclass(frozen=True)
class Record:
    """One answered request. It holds no credential: those never reach a record.

    Attributes
    ----------
    key : str
        Digest of service, address and query.
    service, url, query : str
        As asked, without credentials.
    fetched, checked : str
        When the content came, and when the service last said it still holds (UTC).
    sha256 : str
    size : int
        Bytes.
    headers : dict
        Of the answer; those that describe the content.
    """

    key: str
    service: str
    url: str
    query: str
    fetched: str
    checked: str
    sha256: str
    size: int
    headers: dict[str, str]

    @property
    def age(self) -> float:
        """Seconds since the service was last asked."""
        return (_now() - datetime.fromisoformat(self.checked)).total_seconds()


@dataclasses.dataclass(frozen=True)
class Cache:
    """A folder of fetched files that several processes may share.

    Parameters
    ----------
    folder : Path, optional
        Default the user's cache folder, or what ``TOOLKIT_CACHE`` names.
    """

    folder: Path = dataclasses.field(default_factory=lambda: default_folder())

    def find(self, key: str) -> Record | None:
        """Return the record of a request whose content is there, if any."""
        try:
            text = self._record(key).read_text(encoding="utf-8")
            record = Record(**json.loads(text))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            return None  # of another version: fetched anew
        return record if self.holds(record) else None

    def holds(self, record: Record) -> bool:
        """Return whether the content is there and has its digest."""
        path = self.content(record)
        return path.is_file() and digest(path) == record.sha256

    def content(self, record: Record) -> Path:
        """Return where the content of a record lies."""
        return self.folder / "objects" / record.sha256[:2] / record.sha256

    def part(self, key: str) -> Path:
        """Return where bytes arrive until they are all there."""
        return self.folder / "parts" / key

    def lock(self, key: str) -> filelock.BaseFileLock:
        """Return the lock of a request; whoever holds it fetches."""
        place = self.folder / "locks" / f"{key}.lock"
        place.parent.mkdir(parents=True, exist_ok=True)
        return filelock.FileLock(place)

    def keep(self, record: Record) -> Record:
        """Move a complete part file to its place and write the record."""
        part = self.part(record.key)
        record = dataclasses.replace(
            record, sha256=digest(part), size=part.stat().st_size
        )
        place = self.content(record)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(part, place)  # noqa: PTH105 - replaces on every system
        return self.note(record)

    def note(self, record: Record) -> Record:
        """Write a record, whole or not at all."""
        text = json.dumps(dataclasses.asdict(record), indent=1) + "\n"
        files.write(self._record(record.key), text, overwrite=True)
        return record

    def forget(self, key: str) -> None:
        """Drop the record of a request, so that it is asked anew."""
        self._record(key).unlink(missing_ok=True)

    def records(self) -> Iterator[Record]:
        """Yield every record, the latest first."""
        found = []
        for path in (self.folder / "requests").glob("*.json"):
            try:
                found.append(Record(**json.loads(path.read_text(encoding="utf-8"))))
            except (ValueError, TypeError):
                continue
        yield from sorted(found, key=lambda record: record.fetched, reverse=True)

    def verify(self) -> list[str]:
        """Return a line for every record whose content is missing or altered."""
        return [
            f"{record.service} {record.url}?{record.query}: content missing or altered"
            for record in self.records()
            if not self.holds(record)
        ]

    def require(self, key: str, what: str) -> Record:
        """Return a record, or raise saying that only the network could help."""
        record = self.find(key)
        if record is None:
            raise SourceError(
                f"{what} is not in the cache {self.folder} and offline=True forbids "
                "asking for it. Fetch it once with a network, or read a file you have."
            )
        return record

    def _record(self, key: str) -> Path:
        return self.folder / "requests" / f"{key}.json"


def default_folder() -> Path:
    """Return the user's cache folder, or what ``TOOLKIT_CACHE`` names."""
    named = os.environ.get(PLACE)
    if named:
        return Path(named)
    return platformdirs.user_cache_path("tariff-scenario-toolkit", appauthor=False)


def digest(path: Path) -> str:
    """Return the SHA-256 digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp() -> str:
    """Return the present time, UTC, to the second."""
    return _now().isoformat(timespec="seconds")


def _now() -> datetime:
    return datetime.now(UTC)
