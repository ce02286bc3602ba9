"""A thousand rounds of everything in one process: memory does not grow."""

import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
]

ROUNDS = """
import gc, os, sys, tempfile
from pathlib import Path
import toolkit as tk

def resident():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

folder = Path(tempfile.mkdtemp())
model, base = tk.Armington(), tk.load_baseline()
rows = base.frame[base.frame["product"].str.startswith(("30", "31", "98"))]
measured = []
for n in range(1_000):
    own = tk.Baseline.from_frame(rows)
    deal = tk.Scenario(f"round {n}", [
        tk.TariffCut(importer="RUS", exporter="IND", by=n / 1_000),
        tk.QuantityTarget(importer="IND", exporter="RUS", products="310210",
                          usd_mn=100.0 + n)])
    result = model.solve(own, deal)
    tk.attribute(model, own, deal)
    chart = tk.charts.waterfall(result, by="product", top=5)
    spec = chart.to_dict()
    suffix, kind = [("md", "page"), ("xlsx", "page"), ("md", "page"),
                    ("html", "page" if n % 20 else "brief")][n % 4]
    if suffix != "html" or n % 20 in (0, 3):
        tk.share(result, folder / f"x.{suffix}", overwrite=True, kind=kind,
                 baseline=own)
    if n % 50 == 0:
        tk.charts.bundle(spec)
    if n % 100 == 99:
        measured.append(resident())
print(*(round(m, 1) for m in measured))
"""


def test_a_thousand_rounds_take_no_more_memory_than_a_hundred():
    done = subprocess.run(
        [sys.executable, "-c", ROUNDS], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    measured = [float(x) for x in done.stdout.split()]
    assert len(measured) == 10
    assert measured[-1] <= 1.1 * measured[0], measured
