"""Asking a service: kept copies first, patience with limits, no half answers."""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import requests
import tenacity
from tqdm import tqdm

from toolkit.sources.cache import CHUNK, Cache, Record, stamp
from toolkit.sources.errors import SourceError, refused
from toolkit.sources.headers import conditions, retry_after
from toolkit.sources.request import Request

Answer = TypeVar("Answer")
DAY = 86_400.0
AGAIN = {408, 425, 429, 500, 502, 503, 504}
KEPT_HEADERS = ("Content-Type", "Content-Encoding", "ETag", "Last-Modified", "Date")
SHOWN = 200  # characters of an answer shown in an error


class _Passing(Exception):
    """A failure that may pass: the status, what happened, seconds to wait."""

    def __init__(self, status: int | None, what: str, wait: float | None = None):
        super().__init__(what)
        self.status, self.what, self.wait = status, what, wait


@dataclasses.dataclass
class Transport:
    """How services are asked.

    Parameters
    ----------
    cache : Cache
    offline : bool
        Only what the cache holds; nothing is asked.
    max_age : float
        Seconds for which a kept copy is used without asking whether it still holds;
        0 always asks.
    attempts : int
    patience : float
        The longest wait between attempts, seconds; a service that asks for more is
        not waited for.
    pause : float
        Least time between two requests to one host, seconds.
    timeout : float
        Seconds without a byte.
    addresses : mapping
        Another address for the beginning of an address: a mirror, a test server.
    progress : bool
        Show a bar while a body arrives.
    sleep : callable
        What waits.
    """

    cache: Cache = dataclasses.field(default_factory=Cache)
    offline: bool = False
    max_age: float = DAY
    attempts: int = 5
    patience: float = 120.0
    pause: float = 1.0
    timeout: float = 60.0
    addresses: Mapping[str, str] = dataclasses.field(default_factory=dict)
    progress: bool = False
    sleep: Callable[[float], None] = time.sleep
    session: requests.Session = dataclasses.field(
        default_factory=requests.Session, repr=False
    )
    _asked: dict[str, float] = dataclasses.field(default_factory=dict, repr=False)

    def get(self, request: Request) -> Path:
        """Return the file that answers a request, complete and verified.

        Raises
        ------
        SourceError
            Not kept while offline; refused; or every attempt failed, each listed.
        """
        return self.cache.content(self.record(request))

    def read(self, request: Request, reader: Callable[[Path], Answer]) -> Answer:
        """Return what a reader makes of the answer; see :meth:`get`.

        An answer that it refuses, such as a page of maintenance sent as if all were
        well, is not kept: the next time the service is asked again.
        """
        try:
            return reader(self.get(request))
        except SourceError:
            if not self.offline:
                self.cache.forget(request.key)
            raise

    def record(self, request: Request) -> Record:
        """Return the record of the answer; see :meth:`get`."""
        if self.offline:
            return self.cache.require(request.key, repr(request))
        with self.cache.lock(request.key):
            kept = self.cache.find(request.key)
            if kept is not None and kept.age < self.max_age:
                return kept
            return self._fetch(request, kept)

    def page(self, request: Request) -> str:
        """Return the text of a page that is not kept (a form with its token)."""
        if self.offline:
            raise SourceError(
                f"{request!r} needs the network; offline=True forbids it."
            )

        def ask() -> str:
            with self._answer(request, {}) as answer:
                return answer.text

        return self._patiently(request, ask, None)

    def _fetch(self, request: Request, kept: Record | None) -> Record:
        return self._patiently(request, lambda: self._once(request, kept), kept)

    def _patiently(
        self, request: Request, ask: Callable[[], Answer], kept: Record | None
    ) -> Answer:
        """Ask until it works, writing down every failure."""
        account: list[str] = []

        def failed(state: tenacity.RetryCallState) -> None:
            error = state.outcome.exception() if state.outcome else None
            account.append(str(error))

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(self._worth_another),
            stop=tenacity.stop_after_attempt(self.attempts),
            wait=self._wait,
            sleep=self.sleep,
            after=failed,
            reraise=True,
        )
        try:
            return retrying(ask)
        except _Passing as error:
            status, what = error.status, request.clean(error.what)
        # Outside the handler: the chained error of the library would show the address
        # with the credential in it.
        hint = "Try again later."
        if kept is not None:
            hint += f" offline=True uses the copy of {kept.fetched}."
        tried = tuple(request.clean(line) for line in account)
        raise refused(request.service, status, f"no answer ({what})", hint, tried)

    def _worth_another(self, error: BaseException) -> bool:
        if not isinstance(error, _Passing):
            return False
        return error.wait is None or error.wait <= self.patience

    def _wait(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, _Passing) else None
        if asked is not None:
            return asked
        return tenacity.wait_random_exponential(multiplier=1, max=self.patience)(state)

    def _once(self, request: Request, kept: Record | None) -> Record:
        headers = conditions(kept) if kept else self._resuming(request)
        with self._answer(request, headers) as answer:
            if answer.status_code == 304 and kept is not None:
                return self.cache.note(dataclasses.replace(kept, checked=stamp()))
            self._receive(request, answer)
            now = stamp()
            return self.cache.keep(
                Record(
                    request.key,
                    request.service,
                    request.url,
                    request.query,
                    fetched=now,
                    checked=now,
                    sha256="",
                    size=0,
                    headers={
                        name: answer.headers[name]
                        for name in KEPT_HEADERS
                        if name in answer.headers
                    },
                )
            )

    def _resuming(self, request: Request) -> dict[str, str]:
        """Return the headers that ask for the rest of an interrupted body."""
        part, note = self._part_files(request)
        if part.is_file() and note.is_file():
            mark = json.loads(note.read_text(encoding="utf-8"))["mark"]
            start = part.stat().st_size
            if start:
                return {
                    "Range": f"bytes={start}-",
                    "If-Range": mark,
                    "Accept-Encoding": "identity",
                }
        return {}

    def _part_files(self, request: Request) -> tuple[Path, Path]:
        part = self.cache.part(request.key)
        return part, part.with_suffix(".json")

    def _receive(self, request: Request, answer: requests.Response) -> None:
        """Write the body to the part file; what cannot be resumed is begun anew."""
        part, note = self._part_files(request)
        part.parent.mkdir(parents=True, exist_ok=True)
        mark = answer.headers.get("ETag") or answer.headers.get("Last-Modified", "")
        plain = "Content-Encoding" not in answer.headers
        more = answer.status_code == 206
        if not more:
            note.unlink(missing_ok=True)
        if plain and mark and not mark.startswith("W/"):
            note.write_text(json.dumps({"mark": mark}), encoding="utf-8")
        total = int(answer.headers.get("Content-Length", 0)) or None
        bar = tqdm(total=total, unit="B", unit_scale=True, disable=not self.progress)
        try:
            with part.open("ab" if more else "wb") as file, bar:
                for chunk in answer.iter_content(CHUNK):
                    file.write(chunk)
                    bar.update(len(chunk))
        except requests.RequestException as error:
            raise _Passing(None, f"body cut off ({type(error).__name__})") from None
        note.unlink(missing_ok=True)

    def _answer(self, request: Request, headers: dict[str, str]) -> requests.Response:
        """Return the open answer of a service that accepted the request."""
        self._pace(request.url)
        form = request.form and {**request.form, **request.secret_form}
        try:
            with request.hushed():
                answer = self.session.request(
                    "GET" if form is None else "POST",
                    self._address(request.url),
                    params={**request.params, **request.secret},
                    data=form,
                    headers=headers,
                    stream=True,
                    timeout=self.timeout,
                )
        except requests.RequestException as error:
            raise _Passing(None, f"no connection ({type(error).__name__})") from None
        if answer.status_code in (200, 206, 304):
            return answer
        with answer:
            self._raise(request, answer)
        raise AssertionError("unreachable")

    def _raise(self, request: Request, answer: requests.Response) -> None:
        status = answer.status_code
        said = request.clean(" ".join(answer.text.split())[:SHOWN])
        what = f"{status} {answer.reason}" + (f": {said}" if said else "")
        if status == 416:  # the part file is longer than the body: begin anew
            self.cache.part(request.key).unlink(missing_ok=True)
            raise _Passing(status, what, 0.0)
        if status in AGAIN:
            raise _Passing(status, what, retry_after(answer))
        if status in (401, 403):
            what = f"access refused, the key is missing, wrong or expired ({said})"
        raise refused(request.service, status, what, request.advice)

    def _address(self, url: str) -> str:
        for begins, other in self.addresses.items():
            if url.startswith(begins):
                return other + url.removeprefix(begins)
        return url

    def _pace(self, url: str) -> None:
        host = url.split("/")[2] if "//" in url else url
        since = time.monotonic() - self._asked.get(host, -DAY)
        if since < self.pause:
            self.sleep(self.pause - since)
        self._asked[host] = time.monotonic()
