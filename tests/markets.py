"""Small trade frames by hand, and a market solver that shares nothing with toolkit.

``clear`` writes down every equation of the CES market in levels and hands the
whole system to scipy; the package solves one scalar equation per market instead.
"""

import itertools

import numpy as np
import pandas as pd
from scipy.optimize import root

import toolkit as tk

INFINITE = float("inf")
COLUMNS = ["importer", "exporter", "product", "value_usd_mn", "applied_rate"]


def frame(*rows, **columns):
    """Return a trade frame of (importer, exporter, product, value, rate) rows."""
    return pd.DataFrame(list(rows), columns=COLUMNS).assign(**columns)


def baseline(*rows, reporter="IND", partner="RUS", **columns):
    return tk.Baseline.from_frame(
        frame(*rows, **columns), reporter=reporter, partner=partner
    )


def two_suppliers(rate=0.2, **columns):
    """Return India's market of one good: 100 from Russia, 300 from the rest."""
    return baseline(
        ("IND", "RUS", "31", 100.0, rate), ("IND", "ROW", "31", 300.0, rate), **columns
    )


def both_ways(**columns):
    """Return one good in each direction, each with a rival supplier."""
    return baseline(
        ("IND", "RUS", "31", 100.0, 0.1),
        ("IND", "ROW", "31", 300.0, 0.1),
        ("RUS", "IND", "30", 40.0, 0.05),
        ("RUS", "ROW", "30", 60.0, 0.05),
        **columns,
    )


def scenario(*levers):
    return tk.Scenario("test", levers)


def pick(result, variable, **keys):
    """Return one row of the long frame; it must be the only one."""
    found = result.frame[result.frame["variable"] == variable]
    for name, value in keys.items():
        found = found[found[name] == value]
    assert len(found) == 1, f"{len(found)} rows of {variable} for {keys}"
    return found.iloc[0]


def hats(result, variable, importer="IND"):
    """Return a variable's counterfactual by exporter in a one-product market."""
    rows = result.frame.query("variable == @variable and importer == @importer")
    return rows.set_index("exporter")["counterfactual"]


def clear(share, *, sigma, eta, mu, **shocks):
    """Solve one CES market as a full system of equations.

    Unknowns: all consumer prices, quantities and the composite price (in logs).
    A market with bounds is solved for every combination of binding bounds; the
    one that respects all of them is returned.

    Returns
    -------
    price, quantity : ndarray
    index : float
    """
    n = len(share)
    neutral = {"wedge": 1.0, "cost": 1.0, "iceberg": 1.0}
    hit = {key: np.broadcast_to(shocks.get(key, 1.0), n) for key in neutral}
    size = shocks.get("size", 1.0)
    cap = np.broadcast_to(shocks.get("cap", np.inf), n)
    floor = np.broadcast_to(shocks.get("floor", 0.0), n)
    bounds = [[None, *([c] if c < np.inf else []), *([f] if f > 0 else [])]
              for c, f in zip(cap, floor, strict=True)]  # fmt: skip
    for active in itertools.product(*bounds):
        found = _system(np.asarray(share), sigma, eta, mu, hit, size, active)
        if found is None:
            continue
        price, quantity, index = found
        offered = _supply_price(quantity, mu, hit)
        slack = [a is None for a in active]
        right_side = [
            True if a is None else (p >= s - 1e-9 if a == c else p <= s + 1e-9)
            for a, c, p, s in zip(active, cap, price, offered, strict=True)
        ]
        kept = (quantity <= cap + 1e-9) & (quantity >= floor - 1e-9)
        if all(right_side) and kept[slack].all():
            return price, quantity, index
    raise AssertionError("the independent solver found no equilibrium")


def _supply_price(quantity, mu, hit):
    rise = np.where(np.isinf(mu), 1.0, (hit["iceberg"] * quantity) ** (1 / mu))
    return hit["wedge"] * hit["iceberg"] * hit["cost"] * rise


def _system(share, sigma, eta, mu, hit, size, active):
    n = len(share)
    bound = np.array([a is not None for a in active])
    level = np.array([1.0 if a is None else a for a in active])

    def equations(unknown):
        price, quantity = np.exp(unknown[:n]), np.exp(unknown[n : 2 * n])
        index = np.exp(unknown[-1])
        demand = size * price**-sigma * index ** (sigma + eta)
        supplied = np.where(
            bound, quantity - level, price - _supply_price(quantity, mu, hit)
        )
        if sigma == 1.0:
            composite = np.prod(price**share)
        else:
            terms = share * price ** (1 - sigma)
            composite = terms.sum() ** (1 / (1 - sigma))
        return np.concatenate([quantity - demand, supplied, [index - composite]])

    for method, start in itertools.product(("hybr", "lm"), (0.0, 0.5, -0.5, 1.5)):
        guess = np.full(2 * n + 1, start)
        with np.errstate(all="ignore"):  # it may stray on the way
            found = root(equations, guess, method=method, tol=1e-14)
            missed = np.abs(equations(found.x)).max()
        if missed < 1e-11:
            values = np.exp(found.x)
            return values[:n], values[n : 2 * n], values[-1]
    return None
