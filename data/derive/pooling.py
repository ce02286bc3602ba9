"""Centres and spreads of substitution: Broda and Weinstein's cells, pooled.

All in logarithms. One *cell* is the estimate of one importer and one three-digit
good. The levels, each normal around the one above it::

    all goods  ->  section  ->  chapter (73 importers)  ->  chapter in one importer

and each shrunk towards it with the weight T / (T + V), T the variance of its true
deviations and V that of its estimate. What is left as its variance is
1 / (1/T' + 1/V), where T' is T and what is left of the level above. The variances are
moments of the table itself (``Variances``), none is chosen:

- V of a chapter: pi/2 s^2 / cells, that of a median; s is the median chapter's
  log quartile range over 1.349, so a chapter of few cells (91: one) hardly speaks.
- V of India's own chapter: ``good`` / goods; T: ``country``; both from the regression
  of the squared distance between India and the chapter on 1 and 1 / goods.
- A figure above ten is read as ten; India's own above ten is not used at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from common import read

CAP = 10.0
QUARTILES = 1.349  # interquartile range of a standard normal
LAST = [5, 14, 15, 24, 27, 38, 40, 43, 46, 49, 63, 67, 70, 71, 83, 85, 89, 92, 93, 96]


@dataclass(frozen=True)
class Variances:
    """Variances in logs: of true deviations, and ``good`` of one India cell."""

    section: float
    chapter: float
    country: float
    good: float


@dataclass(frozen=True)
class Centre:
    """Log centre and its variance; the own weight is what the estimate counted."""

    ln: float
    variance: float
    own_weight: float


def shrink(own: float, own_variance: float, prior: Centre, between: float) -> Centre:
    """Return the normal posterior of an estimate under the level above it."""
    weight = between / (between + own_variance)
    ahead = between + prior.variance
    variance = 1 / (1 / ahead + 1 / own_variance)
    return Centre(prior.ln + weight * (own - prior.ln), variance, weight)


@cache
def chapters() -> pd.DataFrame:
    """Return, by chapter: section, log median and its variance, India's own."""
    table = read("substitution_estimates")
    table = table[table.cells.notna()].set_index("code")
    spread = np.log(table.p75 / table.p25)
    cell = (spread[table.cells > 1].median() / QUARTILES) ** 2
    return pd.DataFrame(
        {
            "section": [section_of(code) for code in table.index],
            "ln": np.log(table.all_importers.clip(upper=CAP)),
            "error": np.pi / 2 * cell / table.cells,
            "cells": table.cells,
            "india": np.log(table.india.where(table.india <= CAP)),
            "goods": table.india_goods,
        }
    )


@cache
def variances() -> Variances:
    """Return the moments of the table, chapters of one cell left out."""
    table = chapters()
    table = table[table.cells > 1]
    groups = table.groupby("section").ln
    free = len(table) - groups.ngroups
    within = ((table.ln - groups.transform("mean")) ** 2).sum() / free
    sections = groups.mean().var() - within * (1 / groups.size()).mean()
    known = table.dropna(subset=["india"])
    ones = np.ones(len(known))
    terms = np.column_stack([ones, ones / known.goods])
    apart = (known.india - known.ln) ** 2
    country, good = np.linalg.lstsq(terms, apart, rcond=None)[0]
    return Variances(sections, within - table.error.mean(), country, good)


def world(chapter: str) -> Centre:
    """Return sigma of a chapter for any importer, its section for one of few cells."""
    table, moments = chapters(), variances()
    row = table.loc[chapter]
    share = 1 / (moments.chapter + table.error)
    grand = Centre(float(np.average(table.ln, weights=share)), 0.0, 1.0)
    mine = table.section == row.section
    error = 1 / share[mine].sum()
    mean = float(np.average(table.ln[mine], weights=share[mine]))
    section = shrink(mean, error, grand, moments.section)
    return shrink(row.ln, row.error, section, moments.chapter)


def all_goods() -> float:
    """Return the variance of a chapter and country of which nothing is known."""
    moments = variances()
    return moments.section + moments.chapter + moments.country


def abroad(chapter: str) -> Centre:
    """Return sigma of a chapter in a country that was not estimated."""
    centre = world(chapter)
    return Centre(centre.ln, centre.variance + variances().country, centre.own_weight)


def india(chapter: str, code: str) -> Centre | None:
    """Return India's sigma, from the chapter or a three-digit good of it.

    None where India was not estimated or lies above ten.
    """
    row = read("substitution_estimates").set_index("code").loc[code]
    if not row.india <= CAP:
        return None
    moments = variances()
    error = moments.good / row.india_goods
    return shrink(np.log(row.india), error, world(chapter), moments.country)


def section_of(chapter: str) -> int:
    """Return the section of the Harmonised System, 1 to 21."""
    return int(np.searchsorted(LAST, int(chapter))) + 1
