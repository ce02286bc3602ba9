"""How far recorded trade may be from true trade: mirror reports and revisions."""

from __future__ import annotations

import numpy as np

from toolkit import datasets
from toolkit.baseline.flows import Baseline

DIRECTIONS = {"exports": "India to Russia", "imports": "Russia to India"}
PAIR = ("IND", "RUS")


def recording_errors(baseline: Baseline) -> dict[str, float]:
    """Return the spread of the reports of the pair's flows, on the log scale.

    Reports of one year by several agencies differ: by freight and insurance, by goods
    in transit, by mistake. Their standard deviation is taken for that of the error of
    any one of them. A provisional year adds the size of past revisions.

    Parameters
    ----------
    baseline : Baseline
        Of India and Russia.

    Returns
    -------
    dict
        ``exports`` and ``imports``: standard deviation of the log error, as
        ``tk.simulate(..., data=...)`` takes it.

    Raises
    ------
    ValueError
        Another pair: no mirror reports of it are on the shelf; give your own figures.

    Notes
    -----
    Mirror reports: BACI, IMF IMTS and the Indian ministry by month, in the last year
    that at least two of them cover (2024 for imports, 2023 for exports). Part of the
    spread of exports is the step from FOB to CIF. Revisions: root mean square of the
    log of the later over the first figure, 2022-23 and 2024-25 (table ``revisions``).

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> errors = recording_errors(load_baseline("2024-25"))
    >>> {flow: round(error, 3) for flow, error in errors.items()}
    {'exports': 0.207, 'imports': 0.032}
    """
    if (baseline.reporter, baseline.partner) != PAIR:
        raise ValueError(
            f"No mirror reports of {baseline.reporter} and {baseline.partner} are on "
            "the shelf: give data={'exports': ..., 'imports': ...} yourself."
        )
    provisional = "provisional" in baseline.source_line
    return {
        flow: float(np.hypot(_mirror(name), _revision(flow) if provisional else 0.0))
        for flow, name in DIRECTIONS.items()
    }


def _mirror(direction: str) -> float:
    table = datasets.load("mirror_totals")
    table = table[table["direction"] == direction]
    annual = table.groupby(["year", "series"])["value_usd_mn"].sum().unstack("series")
    several = annual[annual.notna().sum(axis=1) >= 2]
    return float(np.log(several.iloc[-1].dropna()).std(ddof=1))


def _revision(flow: str) -> float:
    table = datasets.load("revisions")
    table = table[table["flow"] == flow]
    step = np.log(table["later_usd_mn"] / table["first_usd_mn"])
    return float(np.sqrt((step**2).mean()))
