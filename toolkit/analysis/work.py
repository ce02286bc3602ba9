"""The draws of an ensemble, chunk by chunk: here, or by anyone's executor."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, as_completed
from typing import Any, Protocol

import numpy as np

from toolkit.market.flows import Flags, Floats
from toolkit.models import NotConverged
from toolkit.models.points import Points
from toolkit.models.task import Task

Span = tuple[int, int]
Made = Generator[tuple[Span, Floats], None, None]


class Bar(Protocol):
    """What is used of a progress bar."""

    def update(self, n: float = 1) -> Any:
        """Add to what is done."""

    def close(self) -> Any:
        """Leave it as it stands."""


def run(
    task: Task,
    points: Points,
    *,
    chunk: int,
    executor: Executor | None = None,
    progress: bool = False,
) -> tuple[Floats, Flags]:
    """Return the changes of all draws, and which draws are done.

    An interrupt from the keyboard ends the work; what is finished is returned. Chunks
    of a pool that broke are done here.

    Parameters
    ----------
    task : Task
    points : Points
    chunk : int
        Draws at a time; no number depends on it.
    executor : concurrent.futures.Executor, optional
    progress : bool
        Show a bar (tqdm).

    Raises
    ------
    toolkit.NotConverged, ValueError
        A draw without an answer, with its number.
    RuntimeError
        A chunk that failed for another reason, with its draws.
    """
    count = len(points)
    spans = [(a, min(a + chunk, count)) for a in range(0, count, chunk)]
    out = np.full((count, len(task.metrics)), np.nan)
    done = np.zeros(count, dtype=bool)
    bar = _bar(count, progress)
    made = _here(task, points, spans)
    if executor is not None:
        made = _there(task, points, spans, executor)
    try:
        for (start, stop), values in made:
            out[start:stop], done[start:stop] = values, True
            bar.update(stop - start)
    except KeyboardInterrupt:
        if not done.any():
            raise
    finally:
        made.close()
        bar.close()
    return out, done


def answered(task: Task, points: Points, start: int) -> Floats:
    """Return the changes of a chunk, or say which of its draws has no answer."""
    try:
        return task.changes(points)
    except (NotConverged, ValueError) as error:
        first, cause = _first_failing(task, points, error)
        raise type(cause)(
            f"Draw {start + first} (of draws {start} to {start + len(points) - 1}) has "
            f"no answer: {cause}"
        ) from error


def _first_failing(
    task: Task, points: Points, error: NotConverged | ValueError
) -> tuple[int, NotConverged | ValueError]:
    """Return the first draw that fails, found by halving, and its own reason."""
    low, high, cause = 0, len(points), error
    while high - low > 1:
        middle = (low + high) // 2
        try:
            task.changes(points.between(low, middle))
            low = middle
        except (NotConverged, ValueError) as inner:
            high, cause = middle, inner
    return low, cause


def _here(task: Task, points: Points, spans: Sequence[Span]) -> Made:
    for start, stop in spans:
        yield (start, stop), answered(task, points.between(start, stop), start)


def _there(
    task: Task, points: Points, spans: Sequence[Span], executor: Executor
) -> Made:
    sent: dict[Future[Floats], Span] = {}
    broken = list(spans)
    try:
        while broken:
            start, stop = broken[0]
            part = points.between(start, stop)
            sent[executor.submit(answered, task, part, start)] = broken.pop(0)
    except BrokenExecutor:
        pass
    try:
        for future in as_completed(sent):
            span = sent[future]
            try:
                values = future.result()
            except BrokenExecutor:
                broken.append(span)
                continue
            except (NotConverged, ValueError):
                raise
            except Exception as error:
                raise RuntimeError(
                    f"The work on draws {span[0]} to {span[1] - 1} failed: {error}"
                ) from error
            yield span, values
        yield from _here(task, points, broken)
    finally:
        for future in sent:
            future.cancel()


class _NoBar:
    def update(self, n: float = 1) -> None:
        """Show nothing."""

    def close(self) -> None:
        """Show nothing."""


def _bar(count: int, progress: bool) -> Bar:
    if not progress:
        return _NoBar()
    from tqdm.auto import tqdm  # an extra, and not needed to count

    return tqdm(total=count, unit="draw", leave=False)
