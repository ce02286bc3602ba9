"""Time attribution against one plain solve, in one run: the whole summit package.

Run ``python tests/benchmarks/attribution.py``. The bound is 100 plain solves; all
combinations of fourteen levers taken one by one would be 16,384.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import toolkit as tk

ROUNDS = 15
BOUND = 100.0


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main() -> int:
    """Print both medians and their ratio; return 1 above the bound."""
    base, model = tk.load_baseline("2024-25"), tk.Armington()
    path = tk.datasets.folder() / "scenarios" / "summit_package.yaml"
    package = tk.Scenario.from_yaml(path)
    tk.attribute(model, base, package)
    pairs = [
        (
            seconds(lambda: model.solve(base, package)),
            seconds(lambda: tk.attribute(model, base, package)),
        )
        for _ in range(ROUNDS)
    ]
    plain, owed = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs)
    sys.stdout.write(
        f"levers                {len(package.levers):>10}\n"
        f"one plain solve, ms   {1e3 * plain:>10.2f}\n"
        f"attribution, ms       {1e3 * owed:>10.2f}\n"
        f"ratio (bound {BOUND:.0f})     {ratio:>10.1f}\n"
    )
    return int(ratio > BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
