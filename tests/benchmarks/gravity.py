"""One gravity problem three ways: dummy variables, pyfixest alone, this toolkit.

``python tests/benchmarks/gravity.py`` compares pyfixest with the toolkit;
``--dummies`` adds statsmodels with a dummy variable for every effect (minutes and
gigabytes at full size); ``--countries`` and ``--years`` scale the problem. The
default, 69 countries in 6 years without home sales, is 28,152 rows, the size of the
first application of Yotov et al. (2016), An Advanced Guide to Trade Policy Analysis.
The data are made here, with effects of distance and contiguity that are known.

Every contestant runs in a process of its own: time is the median of the repeats
after one warm-up, memory the peak of the process. Pairs of runs alternate.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd

REGRESSORS = ["ln_distance", "contiguity", "language", "colony"]
EFFECTS = ["exporter^year", "importer^year"]
TRUTH = {"ln_distance": -0.8, "contiguity": 0.4, "language": 0.25, "colony": -0.2}


def panel(countries: int, years: int, seed: int = 1) -> pd.DataFrame:
    """Return bilateral trade made from a gravity equation."""
    rng = np.random.default_rng(seed)
    i, j, t = np.meshgrid(range(countries), range(countries), range(years))
    i, j, t = (a[i != j] for a in (i, j, t))
    pair = np.minimum(i, j) * countries + np.maximum(i, j)
    size = countries * countries
    frame = pd.DataFrame(
        {
            "exporter": [f"C{n:02d}" for n in i],
            "importer": [f"C{n:02d}" for n in j],
            "year": 1986 + 4 * t,
            "pair_id": pair,
            "ln_distance": rng.normal(8.5, 0.9, size)[pair],
            "contiguity": (rng.random(size) < 0.03).astype(float)[pair],
            "language": (rng.random(size) < 0.15).astype(float)[pair],
            "colony": (rng.random(size) < 0.05).astype(float)[pair],
        }
    )
    out, into = rng.normal(0, 1.5, (2, countries, years))
    index = 8 + out[i, t] + into[j, t] + sum(b * frame[n] for n, b in TRUTH.items())
    shock = rng.lognormal(-0.045, 0.3, size)[pair] * rng.lognormal(-0.125, 0.5, len(i))
    frame["trade"] = np.exp(index) * shock * (rng.random(len(i)) > 0.1)
    return frame


def by_toolkit(data: pd.DataFrame) -> dict[str, float]:
    """Estimate with the toolkit."""
    from toolkit.elasticities import fit_gravity

    fit = fit_gravity(
        data,
        trade="trade",
        regressors=REGRESSORS,
        fixed_effects=EFFECTS,
        cluster="pair_id",
    )
    return {n: float(fit.params[n]) for n in REGRESSORS}


def by_pyfixest(data: pd.DataFrame) -> dict[str, float]:
    """Estimate with pyfixest as its manual says."""
    import pyfixest

    fit = pyfixest.fepois(
        f"trade ~ {' + '.join(REGRESSORS)} | {' + '.join(EFFECTS)}",
        data,
        vcov={"CRV1": "pair_id"},
        ssc=pyfixest.ssc(k_adj=False),
    )
    return {n: float(fit.coef()[n]) for n in REGRESSORS}


def by_dummies(data: pd.DataFrame) -> dict[str, float]:
    """Estimate with statsmodels and one dummy variable per effect."""
    values, _ = poisson_with_dummies(data, REGRESSORS, EFFECTS, "pair_id")
    return dict(zip(REGRESSORS, map(float, values), strict=True))


def poisson_with_dummies(
    data: pd.DataFrame, regressors: list[str], effects: list[str], cluster: str
) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients (k) and covariance (k by k), clusters with G/(G-1).

    The independent reference of the toolkit's estimates: statsmodels, a dummy for
    every level of every effect, redundant ones left out by a pivoted QR.
    """
    import statsmodels.api as sm
    from scipy.linalg import qr

    def joined(term: str) -> pd.Series:
        return data[term.split("^")].astype(str).agg("^".join, axis=1)

    dummies = [pd.get_dummies(joined(term), dtype=float) for term in effects]
    every = np.column_stack([np.ones(len(data)), *dummies])
    upper, order = qr(every, mode="r", pivoting=True)
    size = np.abs(np.diag(upper))
    kept = order[: int((size > 1e-10 * size[0]).sum())]
    groups = joined(cluster).factorize()[0]
    fit = sm.GLM(
        data.trade.to_numpy(),
        np.column_stack([data[regressors], every[:, np.sort(kept)]]),
        family=sm.families.Poisson(),
    ).fit(
        tol=1e-10 * len(data),
        maxiter=100,
        cov_type="cluster",
        cov_kwds={"groups": groups, "use_correction": False},
    )
    count, k = groups.max() + 1, len(regressors)
    return fit.params[:k], fit.cov_params()[:k, :k] * count / (count - 1)


CONTESTANTS = {"pyfixest": by_pyfixest, "toolkit": by_toolkit, "dummies": by_dummies}


def measure(name: str, countries: int, years: int, repeats: int) -> dict[str, object]:
    """Return seconds, peak memory and coefficients of one contestant."""
    warnings.simplefilter("ignore")
    data = panel(countries, years)
    run, seconds = CONTESTANTS[name], []
    coefficients = run(data) if repeats > 1 else {}
    for _ in range(repeats):
        start = time.perf_counter()
        coefficients = run(data)
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "rows": len(data),
        "seconds": statistics.median(seconds),
        "fastest": min(seconds),
        "peak_mb": peak,
        **coefficients,
    }


def apart(name: str, options: argparse.Namespace, repeats: int) -> dict[str, object]:
    """Measure in a fresh process."""
    words = ["--one", name, "--repeats", str(repeats)]
    words += ["--countries", str(options.countries), "--years", str(options.years)]
    done = subprocess.run(
        [sys.executable, __file__, *words], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def main() -> None:
    """Run the comparison and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--countries", type=int, default=69)
    parser.add_argument("--years", type=int, default=6)
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--dummies", action="store_true")
    parser.add_argument("--one", choices=list(CONTESTANTS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        result = measure(options.one, options.countries, options.years, options.repeats)
        sys.stdout.write(json.dumps(result))
        return
    rows = {}
    for name in ("pyfixest", "toolkit"):
        rows[name] = []
    for _ in range(options.rounds):
        for name, runs in rows.items():
            runs.append(apart(name, options, options.repeats))
    table = {n: min(runs, key=lambda r: r["seconds"]) for n, runs in rows.items()}
    if options.dummies:
        table["dummies"] = apart("dummies", options, 1)
    frame = pd.DataFrame(table).T
    frame["against_pyfixest"] = frame.seconds / frame.seconds["pyfixest"]
    sys.stdout.write(frame.to_string(float_format="%.4f") + "\n")


if __name__ == "__main__":
    main()
