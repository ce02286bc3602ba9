"""A server on the loopback address that plays the services, faults included."""

from __future__ import annotations

import contextlib
import gzip
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


@dataclass
class Answer:
    """One answer: status, body, headers, and after how many bytes the line is cut."""

    status: int = 200
    body: bytes = b""
    headers: dict = field(default_factory=dict)
    cut: int | None = None
    zipped: bool = False
    hold: threading.Event | None = None  # the line stays open after the cut


@dataclass
class Played:
    """What a test scripts and what was asked."""

    script: list = field(default_factory=list)  # answers, or callables of a question
    asked: list = field(default_factory=list)
    url: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, question):
        with self.lock:
            self.asked.append(question)
            step = self.script[0] if len(self.script) == 1 else self.script.pop(0)
        return step(question) if callable(step) else step


@dataclass
class Question:
    method: str
    path: str
    query: dict
    headers: dict
    form: dict


def whole(body, *, etag='"one"'):
    """Return a step that serves a body with conditions and ranges, as real ones do."""

    def step(question):
        if question.headers.get("If-None-Match") == etag:
            return Answer(304)
        begins = question.headers.get("Range", "")
        if begins and question.headers.get("If-Range") == etag:
            start = int(begins.removeprefix("bytes=").removesuffix("-"))
            return Answer(206, body[start:], {"ETag": etag})
        return Answer(200, body, {"ETag": etag})

    return step


def _handler(played):
    class Handler(BaseHTTPRequestHandler):
        def _do(self):
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length", 0))
            sent = self.rfile.read(size).decode()
            query = {k: v[0] for k, v in parse_qs(parts.query).items()}
            form = {k: v[0] for k, v in parse_qs(sent).items()}
            question = Question(
                self.command, parts.path, query, dict(self.headers), form
            )
            self._send(played.next(question))

        do_GET = do_POST = _do

        def _send(self, answer):
            body = gzip.compress(answer.body) if answer.zipped else answer.body
            self.send_response(answer.status)
            if answer.zipped:
                self.send_header("Content-Encoding", "gzip")
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if answer.status == 304:
                return
            self.wfile.write(body if answer.cut is None else body[: answer.cut])
            self.wfile.flush()
            if answer.hold is not None:
                answer.hold.wait(30)
            self.close_connection = answer.cut is not None

        def log_message(self, *_):
            pass

    return Handler


@contextlib.contextmanager
def playing(*script):
    """Run a server that answers in the order of the script, the last one for ever."""
    played = Played(list(script))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(played))
    server.daemon_threads = True
    played.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
