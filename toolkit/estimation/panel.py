"""Import demand from a panel: fixed effects, errors clustered by entity."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .caveats import warn
from .checks import (
    require_column,
    require_columns,
    require_complete,
    require_enough,
    take_logs,
)
from .design import collinear
from .estimates import Estimates

__all__ = ["PanelEstimates", "fit"]

FEW_CLUSTERS = 20


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class PanelEstimates(Estimates):
    """Fixed-effects estimates.

    Attributes
    ----------
    entities : int
        Number of entities, which are also the clusters.
    residuals : numpy.ndarray
        Residuals (n).
    """

    entities: int
    residuals: np.ndarray = field(repr=False)

    def diagnostics(self) -> pd.DataFrame:
        """Return the test of normal errors; clustering covers the rest."""
        from statsmodels.stats.stattools import jarque_bera

        statistic, p_value = jarque_bera(self.residuals)[:2]
        return pd.DataFrame(
            {
                "null": ["normal errors"],
                "statistic": [statistic],
                "p_value": [p_value],
                "rejected": [p_value < 0.05],
            },
            index=pd.Index(["Jarque-Bera"], name="test"),
        )


def fit(
    frame: pd.DataFrame,
    dependent: str,
    regressors: list[str],
    logged: list[str],
    entity: str | None,
    time: str | None,
    time_effects: bool,
) -> PanelEstimates:
    """Estimate with entity effects; see :func:`fit_import_demand`.

    Raises
    ------
    ValueError
        As there, and when entity or time is missing, a pair of them occurs
        twice, or a regressor does not vary within entities.
    ImportError
        If linearmodels (extra ``estimation``) is not installed.
    """
    data = take_logs(_panel(frame, [dependent, *regressors], entity, time), logged)
    entities = data.index.get_level_values(0).nunique()
    require_enough(len(data), len(regressors) + entities)
    _require_variation(data[regressors], str(entity), time_effects)
    if entities < FEW_CLUSTERS:
        warn(f"only {entities} values of {entity!r}: clustered errors are too small")
    fitted = _panel_ols()(
        data[dependent],
        data[regressors],
        entity_effects=True,
        time_effects=time_effects,
    ).fit(
        cov_type="clustered",
        cluster_entity=True,
        debiased=False,
        auto_df=False,
        count_effects=False,
    )
    return PanelEstimates(
        names=tuple(regressors),
        values=fitted.params.to_numpy(),
        matrix=fitted.cov.to_numpy() * entities / (entities - 1),
        nobs=int(fitted.nobs),
        df_resid=float(entities - 1),
        title=f"Fixed effects of {entity}{' and ' + str(time) if time_effects else ''}"
        f": {dependent}",
        notes=(f"Standard errors clustered by {entity} ({entities}).",),
        entities=entities,
        residuals=fitted.resids.to_numpy(),
    )


def _panel_ols():
    try:
        from linearmodels.panel import PanelOLS
    except ImportError as error:
        raise ImportError(
            "method='panel' needs linearmodels: "
            "pip install 'tariff-scenario-toolkit[estimation]'."
        ) from error
    return PanelOLS


def _panel(
    frame: pd.DataFrame, columns: list[str], entity: str | None, time: str | None
) -> pd.DataFrame:
    """Return complete rows indexed by entity and number of the period."""
    for label, column in (("entity", entity), ("time", time)):
        require_column(frame, column, f"{label} must name a column:")
    data = require_columns(frame, columns)
    require_complete(data)
    period = frame[time].rank(method="dense").astype(int)
    index = pd.MultiIndex.from_arrays([frame[entity], period], names=[entity, "time"])
    if index.has_duplicates:
        twice = index[index.duplicated()][0][0]
        raise ValueError(f"{twice!r} has two rows in the same {time!r}.")
    return data.set_axis(index, axis=0).sort_index()


def _require_variation(data: pd.DataFrame, entity: str, time_effects: bool) -> None:
    """Raise if what the effects leave of the regressors is collinear."""
    within = data - data.groupby(level=0).transform("mean")
    if time_effects:
        dummies = pd.get_dummies(data.index.get_level_values(1), dtype=float)
        period = dummies.set_axis(data.index, axis=0)
        period = period - period.groupby(level=0).transform("mean")
        basis = np.linalg.lstsq(period.to_numpy(), within.to_numpy(), rcond=None)[0]
        within = within - period.to_numpy() @ basis
    scale = np.sqrt((data.to_numpy() ** 2).sum(axis=0))
    left = np.sqrt((within.to_numpy() ** 2).sum(axis=0))
    flat = [str(c) for c, a, b in zip(data, left, scale, strict=True) if a <= 1e-8 * b]
    found = flat or collinear(within.to_numpy(), list(map(str, data.columns)))
    if found:
        why = f"absorbed by the effects of {entity!r}" if flat else "collinear"
        raise ValueError(f"{', '.join(found)}: {why}; drop it.")
