"""A year of BACI: one pair and its competitors beside a bare scan of the same file.

``python tests/benchmarks/baci.py FOLDER`` writes a synthetic year of 11 million rows
into the folder (a CSV and the ZIP that CEPII would publish, about 500 MB, kept for the
next run), then reads each with the toolkit and with pyarrow alone, which goes once
through all columns and keeps nothing. Every contestant runs in a process of its own,
pairs alternate; time is the median, memory the peak of the process. The bounds are 1.5
times the bare scan and 1 GiB.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import resource
import statistics
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np

ROWS, ROUNDS = 11_000_000, 3
TIMES, MEMORY = 1.5, 1 << 30
NAME = "BACI_HS22_Y2023_V202501.csv"
PAIR = ("IND", "RUS")


def make(folder: Path, rows: int) -> dict[str, Path]:
    """Write the year unless it is there; codes and sizes like those of BACI."""
    text, packed = folder / NAME, folder / "BACI_HS22_V202501.zip"
    if not text.is_file():
        from toolkit.sources.codes import iso3

        numbers = [n for n in range(1, 900) if iso3(str(n))]
        rng = np.random.default_rng(1)
        products = np.sort(rng.choice(np.arange(10_000, 970_000), 5_600, replace=False))
        part = text.with_suffix(".part")
        with part.open("w", encoding="ascii") as file:
            file.write("t,i,j,k,v,q\n")
            for begin in range(0, rows, 500_000):
                count = min(500_000, rows - begin)
                i, j = (rng.choice(numbers, count) for _ in range(2))
                k = rng.choice(products, count)
                v = np.round(rng.lognormal(3, 3, count), 3)
                q = np.round(rng.lognormal(1, 3, count), 3).astype(str)
                q[rng.random(count) < 0.03] = "           NA"
                file.writelines(
                    f"2023,{a},{b},{c:06d},{d},{e}\n"
                    for a, b, c, d, e in zip(i, j, k, v, q, strict=True)
                )
        part.replace(text)
    if not packed.is_file():
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as out:
            out.write(text, NAME)
    return {"csv": text, "zip": packed}


def toolkit(path: Path) -> int:
    """Read the pair and its competitors."""
    from toolkit.sources import baci

    return len(baci.read(path, importers=PAIR, year=2023).frame)


def bare(path: Path) -> int:
    """Scan the file with the library alone."""
    import pyarrow.compute as pc
    from pyarrow import csv, dataset

    with contextlib.ExitStack() as stack:
        if path.suffix == ".csv":
            batches = dataset.dataset(path, format="csv").to_batches()
        else:
            archive = stack.enter_context(zipfile.ZipFile(path))
            file = stack.enter_context(archive.open(NAME))
            batches = csv.open_csv(file, csv.ReadOptions(block_size=8 << 20))
        rows, total = 0, 0.0
        for batch in batches:
            rows += batch.num_rows
            total += pc.sum(batch["v"]).as_py() or 0.0
    return rows


def alone(work: str, path: Path) -> dict[str, float]:
    """Run one contestant in a process of its own."""
    command = [sys.executable, __file__, str(path), "--work", work]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def measured(work: str, path: Path) -> None:
    """Print seconds, peak bytes and the count of one contestant."""
    {"toolkit": warm_toolkit, "bare": warm_bare}[work]()
    start = time.perf_counter()
    count = {"toolkit": toolkit, "bare": bare}[work](path)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak": peak, "count": count}))


def warm_toolkit() -> None:
    """Import what the toolkit needs: start-up is not the question."""
    from pyarrow import csv, dataset  # noqa: F401

    from toolkit.sources import baci  # noqa: F401


def warm_bare() -> None:
    """Import what the libraries need."""
    warm_toolkit()


def main() -> int:
    """Print both ratios and peaks; return 1 above a bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--work", choices=["toolkit", "bare"])
    options = parser.parse_args()
    if options.work:
        measured(options.work, options.folder)
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    failed = False
    for kind, path in make(options.folder, options.rows).items():
        pairs = [(alone("bare", path), alone("toolkit", path)) for _ in range(ROUNDS)]
        ratio = statistics.median(b["seconds"] / a["seconds"] for a, b in pairs)
        scan, read = (
            statistics.median(one["seconds"] for one in column)
            for column in zip(*pairs, strict=True)
        )
        peak = max(read_["peak"] for _, read_ in pairs)
        sys.stdout.write(
            f"{kind}: {path.stat().st_size >> 20} MB, bare scan {scan:.2f} s, "
            f"toolkit {read:.2f} s, ratio {ratio:.2f} (bound {TIMES}), peak "
            f"{peak / 2**20:.0f} MiB (bound {MEMORY >> 20}), rows kept "
            f"{pairs[0][1]['count']:,}\n"
        )
        failed |= ratio > TIMES or peak > MEMORY
    return int(failed)


if __name__ == "__main__":
    raise SystemExit(main())
