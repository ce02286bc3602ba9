"""Gravity by Poisson pseudo-maximum likelihood with high-dimensional effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from . import identification, ppml
from .caveats import IdentificationWarning, SeparationWarning, warn
from .checks import require_choice
from .estimates import Estimates
from .identification import empty_cells, ruled_out
from .problem import prepare

__all__ = ["GravityEstimates", "fit_gravity"]

FEW_CLUSTERS = 30
ABSORBED = ("joint", "fixed effects and the other regressors together absorb it")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class GravityEstimates(Estimates):
    """Estimates of a gravity equation.

    Attributes
    ----------
    dropped : tuple of str
        Regressors left out: absorbed, collinear or not identified.
    separated : int
        Observations left out because zero trade is predicted perfectly.
    clusters : int
        Number of clusters, 0 without clustering.
    r2 : float
        Squared correlation of trade and fitted trade.
    engine : str
        ``pyfixest``, which estimated it.
    """

    dropped: tuple[str, ...]
    separated: int
    clusters: int
    r2: float
    engine: str = "pyfixest"

    def _pick(self, name: str | None) -> str:
        if name in self.dropped:
            raise ValueError(f"{name!r} was dropped: it is not identified.")
        return super()._pick(name)


def fit_gravity(
    panel: pd.DataFrame,
    *,
    trade: str,
    regressors: Sequence[str],
    fixed_effects: Sequence[str] = ("exporter^year", "importer^year", "pair_id"),
    cluster: str | None = "pair_id",
    exporter: str = "exporter",
    importer: str = "importer",
    unidentified: str = "drop",
    separation: Sequence[str] = ("fe",),
    concept: str = "tariff_elasticity",
) -> GravityEstimates:
    r"""Estimate a gravity equation.

    .. math:: X_{ijt} = \exp(\beta' z_{ijt} + \pi_{it} + \chi_{jt} + \mu_{ij})
              \, \varepsilon_{ijt}

    by Poisson pseudo-maximum likelihood, zeros included. Standard errors are
    clustered with the factor G/(G-1) alone, as Stata's ``ppml`` has them.

    Parameters
    ----------
    panel : pandas.DataFrame
        One row per exporter, importer and period. Not changed.
    trade : str
        Column with trade, zero or positive, in any unit.
    regressors : sequence of str
        Columns, for a tariff ln(1 + rate), zero for home sales.
    fixed_effects : sequence of str
        Each a column, or columns joined by ``^``. Directional pairs
        (``exporter^importer``) and symmetric ones are different models.
    cluster : str or None
        Column (or columns joined by ``^``); None for HC1 errors.
    exporter, importer : str
        Columns that tell home sales; the check for them is left out where the
        panel has no such columns.
    unidentified : {"drop", "keep"}
        What to do with a regressor that only home sales would identify.
    separation : sequence of {"fe", "ir"}
        Checks for zeros predicted perfectly: by a fixed effect or one regressor,
        and (slower) by any combination of them.
    concept : str
        Concept ``to_elasticity`` gives the coefficients.

    Returns
    -------
    GravityEstimates
        Immutable; its repr is the table.

    Raises
    ------
    ValueError
        For unknown columns, negative or missing values, no regressor left.
    RuntimeError
        If the iterations do not converge.
    ImportError
        If pyfixest (extra ``estimation``) is missing.

    Warns
    -----
    IdentificationWarning
        Names each regressor the fixed effects absorb, and each that is not
        identified without home sales.
    SeparationWarning
        Says how many observations were left out.

    Notes
    -----
    An MFN tariff is the same for all exporters, so importer-year effects absorb
    it. Home sales, at a rate of zero, identify it (Heid, Larch and Yotov 2021).
    Without them such a tariff may still vary because some partners pay nothing:
    then the coefficient compares members of agreements with others and says
    nothing about the rate. It is dropped unless ``unidentified="keep"``.

    In short panels three-way estimates are biased and their errors too small
    (Weidner and Zylkin 2021); no correction is applied.

    References
    ----------
    Santos Silva and Tenreyro (2006), Review of Economics and Statistics 88;
    Yotov, Piermartini, Monteiro and Larch (2016), An Advanced Guide to Trade
    Policy Analysis; Correia, Guimaraes and Zylkin (2020), Stata Journal 20.

    Examples
    --------
    >>> import numpy as np, pandas as pd, toolkit as tk
    >>> rng = np.random.default_rng(1)
    >>> pairs = [(i, j) for i in "ABCDEF" for j in "ABCDEF"]
    >>> panel = pd.DataFrame(pairs, columns=["exporter", "importer"])
    >>> panel["pair"] = panel.exporter + panel.importer
    >>> panel["distance"] = rng.uniform(0, 3, len(panel))
    >>> panel["trade"] = rng.poisson(np.exp(9 - panel.distance))
    >>> fit = tk.elasticities.fit_gravity(
    ...     panel, trade="trade", regressors=["distance"],
    ...     fixed_effects=["exporter", "importer"], cluster="pair")
    >>> round(float(fit.params["distance"]), 1)
    -1.0
    """
    require_choice("unidentified", unidentified, ["drop", "keep"])
    for check in separation:
        require_choice("separation", check, ["fe", "ir"])
    problem = prepare(panel, trade, list(regressors), fixed_effects, cluster)
    if "fe" in separation:
        wrong = empty_cells(problem.y, problem.terms)
        problem = problem.without(wrong | ruled_out(problem.y, problem.x))
    home = _home_sales(panel, exporter, importer)
    foreign = home is not None and not home[problem.rows].any()
    side = (importer, exporter) if foreign else None
    found = identification.unidentified(problem.x, problem.names, problem.terms, side)
    dropped = _announce(found, unidentified)
    left = problem.keeping(dropped)
    fit = ppml.estimate(left, "ir" in separation)
    dropped += _announce({name: ABSORBED for name in fit.collinear}, unidentified)
    left.keeping(fit.collinear)
    separated = len(panel) - len(problem.rows) + fit.separated
    if separated:
        message = f"{separated} observations left out: zero trade is certain there"
        warn(message, SeparationWarning)
    clusters = 0 if problem.groups is None else int(problem.groups.max()) + 1
    if 0 < clusters < FEW_CLUSTERS:
        warn(f"only {clusters} values of {cluster!r}: clustered errors are too small")
    everything = tuple(name for name in problem.names if name in dropped)
    return _result(fit, everything, separated, clusters, (trade, cluster, concept))


def _home_sales(panel: pd.DataFrame, exporter: str, importer: str) -> np.ndarray | None:
    """Return which rows are home sales; None if the columns do not exist."""
    if exporter not in panel.columns or importer not in panel.columns:
        return None
    return panel[exporter].to_numpy() == panel[importer].to_numpy()


def _announce(found: dict[str, tuple[str, str]], unidentified: str) -> list[str]:
    """Warn of each regressor that is not identified; return the ones to drop."""
    dropped = []
    for name, (kind, why) in found.items():
        stays = kind == "home" and unidentified == "keep"
        end = "kept as asked" if stays else "dropped"
        if kind == "home" and not stays:
            end += "; add home sales, or keep it with unidentified='keep'"
        warn(f"{name} is not identified: {why}; {end}", IdentificationWarning)
        if not stays:
            dropped.append(name)
    return dropped


def _result(
    fit: ppml.Fit,
    dropped: tuple[str, ...],
    separated: int,
    clusters: int,
    labels: tuple[str, str | None, str],
) -> GravityEstimates:
    trade, cluster, concept = labels
    errors = f"clustered by {cluster} ({clusters:,})" if clusters else "HC1"
    notes = [f"Standard errors {errors}. R2 {fit.r2:.4f}."]
    if dropped:
        notes.append(f"Dropped, not identified: {', '.join(dropped)}.")
    if separated:
        notes.append(f"{separated} observations left out by the separation check.")
    return GravityEstimates(
        names=tuple(fit.names),
        values=fit.coefficients,
        matrix=fit.covariance,
        nobs=fit.nobs,
        title=f"Gravity, Poisson pseudo-maximum likelihood: {trade}",
        notes=tuple(notes),
        concept=concept,
        dropped=dropped,
        separated=separated,
        clusters=clusters,
        r2=fit.r2,
    )
