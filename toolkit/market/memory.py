"""What was asked before, kept with what it was asked of."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any


def recalled(
    store: dict[Hashable, Any], key: Hashable, make: Callable[[], Any], most: int
) -> Any:
    """Return what a store holds under a key, made where it does not; safe in threads.

    A full store is emptied: what is asked for again is made again.

    Examples
    --------
    >>> store = {}
    >>> recalled(store, "two", lambda: 2, 9), recalled(store, "two", lambda: 3, 9)
    (2, 2)
    """
    if (found := store.get(key)) is None:
        found = make()
        if len(store) >= most:
            store.clear()
        store[key] = found
    return found
