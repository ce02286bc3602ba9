"""What an estimator hands back: coefficients, their covariance, one table.

Results never change: every property builds a new pandas object, the arrays
behind it are read-only.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from toolkit.elasticities.elasticity import Elasticity, read_only
from toolkit.schema import nearest

__all__ = ["Estimates", "Summary"]


@dataclass(frozen=True, repr=False)
class Summary:
    """A table of coefficients and the words around it.

    Attributes
    ----------
    title : str
        What was estimated.
    table : pandas.DataFrame
        One row per coefficient: coefficient, std_error, statistic, p_value and
        the ends of the interval.
    notes : tuple of str
        What stands below the table.
    """

    title: str
    table: pd.DataFrame
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        """Return title, table and notes, ready to read."""
        table = self.table.to_string(float_format="%.4f")
        return "\n".join([self.title, table, *self.notes])

    def _repr_html_(self) -> str:
        table = self.table.to_html(float_format="{:.4f}".format, border=0)
        return f"<strong>{self.title}</strong>\n{table}\n{'<br>'.join(self.notes)}"


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Estimates:
    """Coefficients with their joint covariance.

    Attributes
    ----------
    names : tuple of str
        Names of the coefficients.
    values, matrix : numpy.ndarray
        Coefficients (k) and their covariance (k by k), read-only.
    nobs : int
        Observations used.
    df_resid : float
        Degrees of freedom of the t distribution; infinite means normal.
    title, source : str
        What was estimated and on what.
    notes : tuple of str
        Everything a reader of the table has to know.
    concept : str
        Concept of the elasticity; see :func:`toolkit.elasticities.convert`.
    """

    names: tuple[str, ...]
    values: np.ndarray
    matrix: np.ndarray
    nobs: int
    df_resid: float = math.inf
    title: str = ""
    source: str = "own estimate"
    notes: tuple[str, ...] = ()
    concept: str = "import_demand"

    def __post_init__(self) -> None:
        """Lock the arrays."""
        object.__setattr__(self, "values", read_only(self.values))
        object.__setattr__(self, "matrix", read_only(self.matrix))

    @property
    def params(self) -> pd.Series:
        """Coefficients by name."""
        return pd.Series(self.values.copy(), list(self.names), name="coefficient")

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the coefficients."""
        names = list(self.names)
        return pd.DataFrame(self.matrix.copy(), names, names)

    @property
    def std_errors(self) -> pd.Series:
        """Standard errors by name."""
        errors = np.sqrt(np.diag(self.matrix))
        return pd.Series(errors, list(self.names), name="std_error")

    def conf_int(self, level: float = 0.95) -> pd.DataFrame:
        """Return the confidence intervals.

        Parameters
        ----------
        level : float, default 0.95
            Coverage, between 0 and 1.

        Returns
        -------
        pandas.DataFrame
            Columns ``low`` and ``high``, one row per coefficient.

        Raises
        ------
        ValueError
            If the level is not between 0 and 1.
        """
        if not 0 < level < 1:
            raise ValueError(f"level must be between 0 and 1, not {level!r}.")
        half = self._distribution().ppf(0.5 + level / 2) * self.std_errors
        return pd.DataFrame({"low": self.params - half, "high": self.params + half})

    def summary(self, level: float = 0.95) -> Summary:
        """Return the table of coefficients: as frame, and ready to read."""
        return Summary(self.title, self._table(level), self._foot())

    def to_elasticity(self, name: str | None = None) -> Elasticity:
        """Return one coefficient as an elasticity with the whole covariance.

        Parameters
        ----------
        name : str, optional
            Coefficient; may be left out when there is only one besides
            constant and trend.

        Returns
        -------
        Elasticity
            Usable as a number; ``draw`` samples it for an ensemble.

        Raises
        ------
        ValueError
            If the name is unknown, or missing where there is a choice.
        """
        chosen = self._pick(name)
        return Elasticity(
            value=float(self.params[chosen]),
            std_error=float(self.std_errors[chosen]),
            covariance=self.matrix,
            concept=self.concept,
            source=f"{self.title} ({self.source})",
            name=chosen,
            names=self.names,
            estimates=self.values,
        )

    def _pick(self, name: str | None) -> str:
        choice = [n for n in self.names if n not in ("const", "trend")]
        if name is None and len(choice) == 1:
            return choice[0]
        if name is None or name not in self.names:
            raise ValueError(
                f"coefficient {name!r} is unknown; {nearest(name, choice)}"
            )
        return name

    def _distribution(self):
        from scipy import stats

        return stats.t(self.df_resid) if math.isfinite(self.df_resid) else stats.norm()

    def _table(self, level: float) -> pd.DataFrame:
        statistic = self.params / self.std_errors
        p_value = 2 * self._distribution().sf(statistic.abs())
        table = pd.DataFrame(
            {
                "coefficient": self.params,
                "std_error": self.std_errors,
                "statistic": statistic,
                "p_value": p_value,
            }
        )
        return table.join(self.conf_int(level))

    def _foot(self) -> tuple[str, ...]:
        return (f"{self.nobs:,} observations. {self.source}.", *self.notes)

    def __repr__(self) -> str:
        """Return the table."""
        return repr(self.summary())

    def _repr_html_(self) -> str:
        return self.summary()._repr_html_()
