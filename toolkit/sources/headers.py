"""What the headers of an answer say: whether a copy still holds, how long to wait."""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime

import requests

from toolkit.sources.cache import Record


def conditions(kept: Record) -> dict[str, str]:
    """Return the headers that ask whether a kept copy still holds."""
    named = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
    return {
        condition: kept.headers[header]
        for header, condition in named.items()
        if header in kept.headers
    }


def retry_after(answer: requests.Response) -> float | None:
    """Return the wait that a service asks for, in seconds or as a date."""
    text = answer.headers.get("Retry-After", "").strip()
    if not text:
        return None
    if text.isdigit():
        return float(text)
    try:
        when = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - time.time())
