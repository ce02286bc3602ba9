"""HS6 at full size: does solving take time in proportion to the cells?

Run ``python tests/benchmarks/hs6.py``. A reporter's market of 500, then of 5,000
products from 100 suppliers each is made, solved cold in Armington (elasticities looked
up anew), and summed for the explorer's charts; pairs alternate. The bounds are 1.5
times ten for ten times the cells, and a second for the explorer's sums.
"""

from __future__ import annotations

import itertools
import statistics
import string
import sys
import time

import numpy as np
import pandas as pd

import toolkit as tk
from toolkit.explorer import controls_of, sums_of

SIZES, SUPPLIERS, ROUNDS = (500, 5_000), 100, 3
BOUND = 1.5


def market(products: int, seed: int) -> tk.Baseline:
    """Return one importer's market."""
    rng = np.random.default_rng(seed)
    letters = itertools.product(string.ascii_uppercase, repeat=3)
    names = ("".join(code) for code in letters)
    sellers = [code for code in itertools.islice(names, 400) if code != "ALL"]
    sellers = ["RUS", *sellers[: SUPPLIERS - 1]]
    codes = [f"{1 + n // 60:02d}{n % 60:04d}" for n in range(products)]
    index = pd.MultiIndex.from_product([codes, sellers], names=["product", "exporter"])
    frame = index.to_frame(index=False).assign(importer="IND")
    frame["value_usd_mn"] = rng.lognormal(0, 2, len(frame))
    frame["applied_rate"] = np.repeat(rng.choice([0, 0.05, 0.1, 0.3], products), 100)
    return tk.Baseline.from_frame(frame)


def seconds(base: tk.Baseline) -> float:
    """Return how long one cold solve takes."""
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    start = time.perf_counter()
    tk.Armington().solve(base, tk.Scenario("free", [cut])).balance()
    return time.perf_counter() - start


def main() -> int:
    """Print both times, their ratio and the explorer's; return 1 above a bound."""
    seconds(market(SIZES[0], 0))
    pairs = [[seconds(market(size, n)) for size in SIZES] for n in range(1, ROUNDS + 1)]
    small, large = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(b / a for a, b in pairs) / (SIZES[1] / SIZES[0])
    base = market(SIZES[1], 9)
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    result = tk.Armington().solve(base, tk.Scenario("free", [cut]))
    sums, controls = sums_of(base), controls_of(base)
    start = time.perf_counter()
    drawn = len(sums.figures(result))
    again = time.perf_counter() - start
    sys.stdout.write(
        f"{SIZES[0] * SUPPLIERS:,} cells, s       {small:>8.2f}\n"
        f"{SIZES[1] * SUPPLIERS:,} cells, s      {large:>8.2f}\n"
        f"time per cell, ratio (bound {BOUND})  {ratio:.2f}\n"
        f"the explorer draws {drawn} numbers and {len(controls)} controls from them, "
        f"s {again:.3f}\n"
    )
    return int(ratio > BOUND or again > 1.0)


if __name__ == "__main__":
    raise SystemExit(main())
