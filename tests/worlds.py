"""Small worlds, and two solvers of them that share nothing with toolkit.

Both write every equation down in levels and hand the whole system to scipy.
"""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import root

import toolkit as tk

CODES = ("IND", "RUS", "CHN", "USA", "DEU", "BRA", "ZAF")
CASES = os.environ.get("TOOLKIT_CASES", "")


def case(*parts):
    """Return a file of the cases folder, or skip: it is no part of the project."""
    path = Path(CASES, *parts)
    if not CASES or not path.is_file():
        pytest.skip("TOOLKIT_CASES does not hold " + "/".join(parts))
    return path


def frame(value, rate=None, products=("",), codes=CODES):
    """Return a trade frame of arrays, goods x exporters x importers."""
    value = np.asarray(value, dtype=float)
    rate = np.zeros_like(value) if rate is None else np.asarray(rate, dtype=float)
    goods, sellers, buyers = value.shape
    j, i, n = np.meshgrid(range(goods), range(sellers), range(buyers), indexing="ij")
    codes = np.array(codes[:sellers])
    return pd.DataFrame(
        {
            "importer": codes[n.ravel()],
            "exporter": codes[i.ravel()],
            "product": np.array(products, dtype=object)[j.ravel()],
            "value_usd_mn": value.ravel(),
            "applied_rate": rate.ravel(),
        }
    )


def world(count=4, goods=1, seed=0, *, tariffs=True, balanced=False):
    """Return random trade with home sales, and tariffs, (goods, count, count)."""
    rng = np.random.default_rng(seed)
    size = rng.lognormal(0, 0.7, (goods, count))
    value = size[:, :, None] * size[:, None, :] * rng.lognormal(0, 0.3, (count, count))
    value = 10 * value / value.mean()
    home = np.arange(count)
    value[:, home, home] *= 8
    rate = rng.uniform(0, 0.3, value.shape) * tariffs
    rate[:, home, home] = 0.0
    if balanced:
        value = 0.5 * (value + value.transpose(0, 2, 1))
    return value, rate


def base_of(value, rate, products=("",), **pair):
    pair = {"reporter": "IND", "partner": "RUS", **pair}
    return tk.Baseline.from_frame(frame(value, rate, products), **pair)


def tariffs_to(rate, products=("",)):
    """Return levers that set every duty between countries."""
    goods, count, _ = rate.shape
    return [
        tk.TariffCut(
            importer=CODES[n],
            exporter=CODES[i],
            products=products[j],
            to=float(rate[j, i, n]),
        )
        for j in range(goods)
        for i in range(count)
        for n in range(count)
        if i != n
    ]


def costs_to(iceberg, products=("",)):
    """Return levers that multiply every cost of trade that changes."""
    return [
        tk.TradeCostChange(
            importer=CODES[n],
            exporter=CODES[i],
            products=products[j],
            factor=float(iceberg[j, i, n]),
        )
        for j, i, n in np.argwhere(iceberg != 1.0)
    ]


def by_country(result, variable, key="importer"):
    rows = result.frame.query("variable == @variable").set_index(key)
    return rows["counterfactual"]


def equilibrium(value, rate, after, iceberg, theta, *, closure, links=None):
    """Solve a world equilibrium in levels; return wages, real income, trade.

    Unknowns: log wages, log prices of every good and country, log expenditure. Links
    are value added (N, J), inputs (N, J, J) and final shares (N, J).
    """
    goods, count, _ = value.shape
    spent0 = (value * (1 + rate)).sum(1)
    share0 = value * (1 + rate) / spent0[:, None, :]
    made0 = value.sum(2)
    if links is None:
        added, inputs = np.ones((count, goods)), np.zeros((count, goods, goods))
        final = (spent0 / spent0.sum(0)).T
    else:
        added, inputs, final = links
    paid0 = (added.T * made0).sum(0)
    deficit = value.sum((0, 1)) - value.sum((0, 2))
    if closure == "zero":
        deficit = np.zeros(count)
    theta = np.broadcast_to(theta, goods)

    def parts(unknown):
        wage = np.exp(unknown[:count])
        price = np.exp(unknown[count : count + goods * count]).reshape(goods, count)
        spent = np.exp(unknown[count + goods * count :]).reshape(goods, count)
        wage = wage * paid0.sum() / (wage * paid0).sum()
        cost = np.empty((goods, count))
        for j in range(goods):
            for n in range(count):
                cost[j, n] = wage[n] ** added[n, j] * np.prod(
                    price[:, n] ** inputs[n, :, j]
                )
        landed = cost[:, :, None] * (1 + after) / (1 + rate) * iceberg
        power = -theta[:, None, None]
        term = share0 * landed**power
        index = term.sum(1) ** (-1 / theta[:, None])
        share = term / term.sum(1, keepdims=True)
        trade = share * spent[:, None, :] / (1 + after)
        made = trade.sum(2)
        revenue = (after * trade).sum((0, 1))
        own = wage * paid0
        extra = deficit
        if closure == "multiplicative":
            scale = own.sum() / (own * (1 + deficit / paid0)).sum()
            extra = scale * own * (1 + deficit / paid0) - own
        income = own + extra + revenue
        wanted = final.T * income
        for n in range(count):
            wanted[:, n] += inputs[n] @ made[:, n]
        return wage, price, spent, index, made, income, wanted, trade, own, extra

    def equations(unknown):
        wage, price, spent, index, made, _, wanted, _, own, _ = parts(unknown)
        clears = (added.T * made).sum(0) / own - 1
        clears[0] = np.log(wage[0]) - unknown[0]  # Walras: one is redundant
        return np.concatenate(
            [clears, np.log(index / price).ravel(), np.log(wanted / spent).ravel()]
        )

    start = np.concatenate(
        [np.zeros(count + goods * count), np.log(np.maximum(spent0, 1e-9)).ravel()]
    )
    found = root(equations, start, method="hybr", tol=1e-14)
    assert np.abs(equations(found.x)).max() < 1e-11
    wage, price, _, _, _, income, _, trade, own, extra = parts(found.x)
    index = np.exp((final.T * np.log(price)).sum(0))
    net = income if closure != "multiplicative" else income * own.sum() / own.sum()
    return wage, price, index, net, trade, extra


def gsim(value, rate, after, iceberg, *, sigma, eta, mu):
    """Solve one good's markets in levels; return seller prices and quantities."""
    count = value.shape[1]
    share = value[0] * (1 + rate[0])
    share = share / share.sum(0)
    alpha = value[0] / value[0].sum(1, keepdims=True)
    hit = (1 + after[0]) / (1 + rate[0]) * iceberg[0]

    def parts(seller):
        price = seller[:, None] * hit
        if sigma == 1:
            index = np.prod(price**share, axis=0)
        else:
            index = (share * price ** (1 - sigma)).sum(0) ** (1 / (1 - sigma))
        return price, price**-sigma * index ** (sigma + eta), index

    def equations(unknown):
        _, bought, _ = parts(np.exp(unknown))
        demand = (alpha * iceberg[0] * bought).sum(1)
        return unknown - np.log(demand) / mu

    found = root(equations, np.zeros(count), tol=1e-14)
    assert np.abs(equations(found.x)).max() < 1e-12
    seller = np.exp(found.x)
    return (seller, *parts(seller))
