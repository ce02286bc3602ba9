"""Time a solve of 500,000 lines, and the slider's, against numpy.exp in one run.

Run ``python tests/benchmarks/solve.py``. One pass is ``numpy.exp`` over all lines.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

import toolkit as tk

ROUNDS = 9
BOUND = 60.0
PRODUCTS, SELLERS = 5_000, 100


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def crowd() -> tk.Baseline:
    """Return India's imports of 5,000 goods from 100 sellers."""
    rng, lines = np.random.default_rng(1), PRODUCTS * SELLERS
    others = [f"{a}{b}{c}" for a in "XYZQ" for b in "ABCDE" for c in "KLMNO"]
    codes = [f"{10 + i % 85:02d}{i:04d}" for i in range(PRODUCTS)]
    frame = pd.DataFrame(
        {
            "importer": "IND",
            "exporter": np.tile(["RUS", *others[: SELLERS - 1]], PRODUCTS),
            "product": np.repeat(codes, SELLERS),
            "value_usd_mn": rng.lognormal(0.0, 2.0, lines),
            "applied_rate": np.repeat(rng.uniform(0.0, 0.3, PRODUCTS), SELLERS),
        }
    )
    return tk.Baseline.from_frame(frame, reporter="IND", partner="RUS")


def main() -> int:
    """Print passes and milliseconds; return 1 above the bound."""
    base, model = crowd(), tk.Armington(3.0, -1.0, 5.0)
    cells = np.random.default_rng(2).normal(size=PRODUCTS * SELLERS)
    flow = {"importer": "IND", "exporter": "RUS"}
    cuts = {
        "a cut on every good of one seller": tk.TariffCut(**flow, by=0.5),
        "a cut on one good": tk.TariffCut(**flow, products="100000", by=0.5),
    }
    worst = 0.0
    for name, cut in cuts.items():
        deal = tk.Scenario(name, [cut])
        model.solve(base, deal)
        pairs = [
            (
                seconds(lambda: np.exp(cells)),
                seconds(lambda d=deal: model.solve(base, d)),
            )
            for _ in range(ROUNDS)
        ]
        passes = min(b for _, b in pairs) / min(a for a, _ in pairs)
        worst = max(worst, passes)
        sys.stdout.write(f"{name:<40}{passes:>8.1f} passes (bound {BOUND:.0f})\n")
    official, fitted = tk.load_baseline(), tk.Armington()
    turned = [
        tk.Scenario(
            "slider", [tk.TariffCut(importer="RUS", exporter="IND", by=by / 99)]
        )
        for by in range(99)
    ]
    took = [seconds(lambda d=deal: fitted.solve(official, d)) for deal in turned]
    sys.stdout.write(f"the slider's solve, ms {1e3 * statistics.median(took):>25.2f}\n")
    return int(worst > BOUND)


if __name__ == "__main__":
    raise SystemExit(main())
