"""Time Armington at 10^3 to 10^7 cells beside one pass of ``numpy.exp`` over them.

``python tests/benchmarks/armington.py`` prints seconds and passes. A cell is an
importer, a product and a supplier: 100 products of ten suppliers each, with as many
draws of the substitution elasticity as the size asks for; the balance is what is asked.
Three ways:

- compiled, as :func:`toolkit.simulate` solves many draws (extra ``fast``): suppliers
  that nothing tells apart are solved as one;
- the same with every supplier by itself;
- numpy alone, as ``Armington().evaluate`` does, whose smallest sizes are the cost of a
  call.

The bounds: an exponent of 1.05 over four decades, 15 passes for the first way.
"""

from __future__ import annotations

import dataclasses
import os
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

import toolkit as tk
from toolkit.market import Shocks, flows_of, shocks_of, shocks_on_part
from toolkit.models.fast import Supply, laid_out, quick_sums
from toolkit.models.parameters import Parameters, resolve

PRODUCTS, SELLERS = 100, ("RUS", "CHN", "SAU", "USA", "ARE", "IRQ", "IDN", "AUS",
                          "DEU", "ROW")  # fmt: skip
EXPONENT, PASSES = 1.05, 15.0
SIZES, ROUNDS = range(3, 8), 5


def best(work: Callable[[], object]) -> float:
    """Return the shortest time of one call, seconds."""
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def market() -> tuple[tk.Armington, tk.Baseline, tk.Scenario]:
    """Return a model, a market of a thousand cells and a cut for one supplier."""
    rng = np.random.default_rng(4)
    rows = [
        (
            "IND",
            seller,
            f"{n:02d}" if n < PRODUCTS else "2709",
            rng.lognormal(3, 1),
            0.1,
        )
        for n in range(1, PRODUCTS + 1)
        for seller in SELLERS
    ]
    columns = ["importer", "exporter", "product", "value_usd_mn", "applied_rate"]
    base = tk.Baseline.from_frame(pd.DataFrame(rows, columns=columns))
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    return tk.Armington(3.0, -1.0, 5.0), base, tk.Scenario("cut", [cut])


def compiled(shock: Shocks, values: Parameters, sigma: np.ndarray) -> float:
    """Return the seconds of many draws by the kernels."""
    layout, markets = laid_out(shock, ("balance",)), len(shock.flows.starts)
    drawn = np.repeat(sigma, markets, axis=1)
    eta = np.full(drawn.shape, -1.0)
    one = np.ones((1, markets))
    supply = Supply(1.0 / values.mu, np.zeros(len(values.mu)), one, 0.0 * one)
    _, cleared = quick_sums(layout, drawn, eta, supply)
    if not cleared.all():
        raise SystemExit("A draw did not clear: nothing to time.")
    return best(lambda: quick_sums(layout, drawn, eta, supply))


def plain(
    model: tk.Armington, shock: Shocks, whole: Parameters, sigma: np.ndarray
) -> float:
    """Return the seconds of many draws in numpy."""
    wide = np.repeat(sigma, len(shock.flows), axis=1)
    drawn = dataclasses.replace(whole, sigma=wide)
    return best(lambda: model.evaluate(shock, drawn, ("balance",)))


def table() -> pd.DataFrame:
    """Return seconds by number of cells."""
    model, base, cut = market()
    rng = np.random.default_rng(5)
    effects, whole = model.effects(base, cut), resolve(model, base)
    part, merged = shocks_on_part(base, cut, effects, whole.mu)
    few = whole.take(part.kept, part.flows)
    every = shocks_of(base, cut, effects)
    rows = {}
    for power in SIZES:
        sigma = rng.uniform(2, 5, (10**power // len(flows_of(base)), 1))
        cells = rng.random(10**power)
        rows[10**power] = {
            "numpy.exp": best(lambda: np.exp(cells)),  # noqa: B023
            "compiled": compiled(merged, few, sigma),
            "compiled, each supplier": compiled(every, whole, sigma),
            "numpy": plain(model, every, whole, sigma),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("cells")


def main() -> int:
    """Print seconds, passes and exponents; return 1 above a bound."""
    seconds = table()
    passes = seconds.div(seconds["numpy.exp"], axis=0)
    size = np.log(seconds.index.to_numpy(dtype=float))
    exponents = {
        name: np.polyfit(size, np.log(seconds[name]), 1)[0] for name in seconds
    }
    sys.stdout.write(
        f"{os.cpu_count()} cores, numpy {np.__version__}\n\n"
        f"{seconds.to_string(float_format='%.3g')}\n\npasses\n"
        f"{passes.to_string(float_format='%.1f')}\n\nexponents\n"
        f"{pd.Series(exponents).to_string(float_format='%.2f')}\n"
    )
    late = passes["compiled"].max() > PASSES or exponents["compiled"] > EXPONENT
    return int(late)


if __name__ == "__main__":
    raise SystemExit(main())
