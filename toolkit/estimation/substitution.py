"""Elasticity of substitution between suppliers, after Feenstra."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from . import feenstra
from .caveats import warn
from .checks import in_time_order, require_choice, require_column, require_columns
from .estimates import Estimates

__all__ = ["SubstitutionEstimates", "fit_elasticity_of_substitution"]

FEWEST_VARIETIES = 3  # besides the reference: two coefficients and one to spare
METHODS = ["hliml", "feenstra"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class SubstitutionEstimates(Estimates):
    """Elasticities of substitution by good.

    Attributes
    ----------
    details : pandas.DataFrame
        By good: omega (inverse supply elasticity), method (``hliml``,
        ``feenstra`` or ``grid``), varieties, observations, reference.
    """

    details: pd.DataFrame = field(repr=False)

    @property
    def on_grid(self) -> float:
        """Share of goods whose estimate fell to the grid search."""
        return float((self.details["method"] == "grid").mean())

    def _table(self, level: float) -> pd.DataFrame:
        return super()._table(level).join(self.details)

    def _foot(self) -> tuple[str, ...]:
        return self.notes


def fit_elasticity_of_substitution(
    panel: pd.DataFrame,
    *,
    value: str = "value_usd_mn",
    quantity: str = "kilotonnes",
    variety: str = "exporter",
    time: str = "year",
    product: str | None = None,
    reference: str | None = None,
    method: str = "hliml",
) -> SubstitutionEstimates:
    r"""Estimate sigma from the scatter of prices and shares across suppliers.

    Demand :math:`\Delta^k \ln s_{it} = -(\sigma - 1) \Delta^k \ln p_{it} +
    \varepsilon_{it}` and supply :math:`\Delta^k \ln p_{it} = \frac{\omega}
    {1 + \omega} \Delta^k \ln s_{it} + \delta_{it}`, differences over time and
    against a reference supplier k. With independent errors their product gives

    .. math:: (\Delta^k \ln p)^2 = \theta_1 (\Delta^k \ln s)^2
              + \theta_2 \Delta^k \ln s \, \Delta^k \ln p + u,

    estimated with suppliers as instruments, no outside instrument needed.

    Parameters
    ----------
    panel : pandas.DataFrame
        One row per supplier and period (and good) of one importer. Not changed.
    value, quantity : str
        Columns; their ratio is the price. Zero or missing means not sold.
    variety, time, product : str
        Columns of the supplier, the period and, if there are several goods, the
        good.
    reference : str, optional
        Reference supplier; the one sold in most periods, then the largest.
    method : {"hliml", "feenstra"}
        ``feenstra``: two-step weighted least squares on supplier means.
        ``hliml``: limited information without own products, robust to unequal
        variances; far less biased when periods are few.

    Returns
    -------
    SubstitutionEstimates
        Immutable; its repr is the table.

    Raises
    ------
    ValueError
        For unknown columns, negative figures, missing periods, a supplier twice
        in a period, or fewer than three suppliers besides the reference.

    Warns
    -----
    EstimationWarning
        Names the goods whose coefficients imply no sigma above one, for which
        the best point of a grid (1.05 to 131.5) is reported without a standard
        error, and the goods with too few suppliers, which are left out.

    Notes
    -----
    Needs shocks of unequal variance across suppliers; measurement error in unit
    values is not modelled. In simulations with 20 periods and 30 suppliers 95 %
    intervals cover the truth in about 88 % of cases, with 50 periods in 92 %.
    The larger sigma, the more often the estimate falls to the grid.

    References
    ----------
    Feenstra (1994), American Economic Review 84, 157-177; Broda and Weinstein
    (2006), Quarterly Journal of Economics 121; Hausman, Newey, Woutersen, Chao
    and Swanson (2012), Quantitative Economics 3; Grant and Soderbery (2024),
    Journal of International Economics 149.

    Examples
    --------
    >>> import numpy as np, pandas as pd, toolkit as tk
    >>> rng = np.random.default_rng(1)
    >>> scale = rng.uniform(0.1, 1, (2, 20))
    >>> demand, supply = rng.normal(size=(2, 60, 20)) * scale[:, None, :]
    >>> price = np.cumsum(supply + demand / 3, axis=0) / 2      # sigma 4, omega 0.5
    >>> share = np.cumsum(demand, axis=0) - 3 * price
    >>> panel = pd.DataFrame({
    ...     "year": np.repeat(np.arange(1960, 2020), 20),
    ...     "exporter": np.tile([f"E{i}" for i in range(20)], 60),
    ...     "value_usd_mn": np.exp(share).ravel(),
    ...     "kilotonnes": np.exp(share - price).ravel()})
    >>> fit = tk.elasticities.fit_elasticity_of_substitution(panel)
    >>> abs(float(fit.to_elasticity()) - 4) < 0.2
    True
    """
    require_choice("method", method, METHODS)
    labels = [variety, time, *([] if product is None else [product])]
    data = _checked(panel, [value, quantity], labels)
    goods = {"all": data} if product is None else dict(list(data.groupby(product)))
    rows, thin = {}, []
    for good, part in goods.items():
        row = _one_good(part, labels[:2], [value, quantity], reference, method)
        if row is None:
            thin.append(str(good))
        else:
            rows[str(good)] = row
    if not rows:
        raise ValueError(
            f"There are too few observations: a good needs {FEWEST_VARIETIES} "
            "suppliers besides the reference, each sold in three periods running."
        )
    if thin:
        warn(f"too few suppliers, left out: {', '.join(thin)}")
    return _result(pd.DataFrame.from_dict(rows, orient="index"), value, method)


def _checked(
    panel: pd.DataFrame, numbers: list[str], labels: list[str]
) -> pd.DataFrame:
    """Return rows with something sold."""
    data = require_columns(panel, numbers)
    for label in labels:
        require_column(panel, label)
        data[label] = panel[label]
    for column in numbers:
        if (data[column] < 0).any():
            raise ValueError(f"column {column!r} must not have negative values.")
    data = data[(data[numbers] > 0).all(axis=1)]
    twice = data.duplicated(labels)
    if twice.any():
        where = tuple(data.loc[twice, labels].iloc[0])
        raise ValueError(f"{where} has more than one row; add them up first.")
    return data


def _one_good(
    data: pd.DataFrame,
    labels: list[str],
    numbers: list[str],
    reference: str | None,
    method: str,
) -> dict[str, object] | None:
    """Return the estimates of one good, None if suppliers are too few."""
    value, quantity = (
        in_time_order(data.set_index(labels[::-1])[c].unstack())  # noqa: PD010
        for c in numbers
    )
    if reference is None:
        order = pd.DataFrame({"periods": value.count(), "size": value.sum()})
        chosen = order.sort_values(["periods", "size"]).index[-1]
    else:
        require_choice("supplier", reference, list(value.columns))
        chosen = reference
    share = value.div(value.sum(axis=1), axis=0).to_numpy()
    place = list(value.columns).index(chosen)
    data_points = feenstra.moments((value / quantity).to_numpy(), share, place)
    if len(data_points.count) < FEWEST_VARIETIES:
        return None
    found = feenstra.solve(data_points, method)
    return {
        "sigma": found.sigma,
        "variance": found.variance,
        "omega": found.omega,
        "method": found.method,
        "varieties": len(data_points.count) + 1,
        "observations": len(data_points.z),
        "reference": str(chosen),
    }


def _result(rows: pd.DataFrame, value: str, method: str) -> SubstitutionEstimates:
    grid = list(rows.index[rows["method"] == "grid"])
    notes = [f"{len(rows)} goods, {len(grid)} on the grid (no standard error)."]
    if grid:
        names = ", ".join(grid)
        message = (
            f"no sigma above one follows from the coefficients of {names}: the best "
            "point of the grid is reported, without a standard error"
        )
        warn(message)
    title = "Feenstra" if method == "feenstra" else "Feenstra moments, HLIML"
    return SubstitutionEstimates(
        names=tuple(rows.index),
        values=rows["sigma"].to_numpy(dtype=float),
        matrix=np.diag(rows["variance"].to_numpy(dtype=float)),
        nobs=int(rows["observations"].sum()),
        title=f"Elasticity of substitution ({title}): {value}",
        notes=tuple(notes),
        concept="substitution",
        details=rows.drop(columns=["sigma", "variance"]),
    )
