"""A progress bar on whatever takes longer than a second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sized
from typing import TypeVar

Item = TypeVar("Item")
QUIET_FOR = 1.0  # seconds before a bar appears


def watched(
    items: Iterable[Item], what: str, *, progress: bool = True
) -> Iterator[Item]:
    """Yield the items; a bar shows how far it is once a second has passed.

    Examples
    --------
    >>> list(watched("ab", "letters", progress=False))
    ['a', 'b']
    """
    if not progress:
        yield from items
        return
    from tqdm.auto import tqdm

    total = len(items) if isinstance(items, Sized) else None
    yield from tqdm(items, desc=what, total=total, delay=QUIET_FOR, leave=False)
