"""An ensemble: a scenario's answer in many worlds, and what can be asked of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property

import pandas as pd

from toolkit.analysis import orderstats, sensitivity, tornado
from toolkit.analysis.likelihood import check_same, share
from toolkit.analysis.split import split
from toolkit.market.flows import Floats
from toolkit.models.points import Points
from toolkit.models.task import Task
from toolkit.result import Result
from toolkit.schema import in_html, nearest

FLOWS = ("exports", "imports", "balance")
BAND = (0.05, 0.5, 0.95)


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Ensemble:
    """The draws of :func:`toolkit.simulate` and the questions they answer.

    Attributes
    ----------
    task : Task
        What was drawn and solved.
    points : Points
        Where.
    scenario : str
    asked : int
        Draws asked for; fewer are here after an interrupt.
    kind : str
        Kind of points.
    centre : Result
        The point solve.
    changes : ndarray, shape (N, K)
        Of the task's metrics, US$ million.
    """

    task: Task
    points: Points
    changes: Floats
    scenario: str
    asked: int
    kind: str
    centre: Result

    @classmethod
    def of(
        cls, task: Task, points: Points, changes: Floats, **rest: object
    ) -> Ensemble:
        """Return an ensemble, its draws write-protected."""
        changes.setflags(write=False)
        return cls(task, points, changes, **rest)  # pyright: ignore[reportArgumentType]

    def __len__(self) -> int:
        return len(self.changes)

    def to_frame(self) -> pd.DataFrame:
        """Return one row per draw, US$ million.

        Returns
        -------
        DataFrame
            ``exports, imports, balance, deficit`` after the scenario; each with
            ``_before`` and ``_change``; ``revenue_change`` and ``welfare_change`` where
            asked for. Without ``data`` all draws have one ``_before``.
        """
        return self._frame.copy()

    @cached_property
    def _frame(self) -> pd.DataFrame:
        metrics = self.task.metrics
        moved = {f"{m}_change": self.changes[:, n] for n, m in enumerate(metrics)}
        today = self.centre.balance()["baseline"]
        scale = self.task.errors(self.points)
        out: dict[str, Floats] = {}
        for name in ("exports", "imports"):
            before = float(today[name]) * scale[:, metrics.index(name)]
            out[f"{name}_before"] = before
            out[name] = before + moved[f"{name}_change"]
        out["balance_before"] = out["exports_before"] - out["imports_before"]
        out["balance"] = out["exports"] - out["imports"]
        moved["balance_change"] = moved["exports_change"] - moved["imports_change"]
        for tail in ("", "_before"):
            out[f"deficit{tail}"] = -out[f"balance{tail}"]
        moved["deficit_change"] = -moved["balance_change"]
        return pd.DataFrame(out | moved).rename_axis("draw")

    def quantiles(
        self, at: Sequence[float] = BAND, of: Sequence[str] = ()
    ) -> pd.DataFrame:
        """Return quantiles of the changes, or of any variable.

        Parameters
        ----------
        at : sequence of float
            Probabilities between 0 and 1.
        of : sequence of str
            Columns of :meth:`to_frame`; default the changes of exports, imports and
            balance, and of what else was asked for.

        Returns
        -------
        DataFrame
            Index variable, one column per probability, US$ million.

        Raises
        ------
        ValueError
            A probability out of range, or an unknown variable.
        """
        names = list(of) or self._moved()
        table = {name: orderstats.quantiles(self._of(name), at) for name in names}
        return pd.DataFrame.from_dict(
            table, orient="index", columns=list(at)
        ).rename_axis("US$ mn")

    def _moved(self) -> list[str]:
        extra = [f"{m}_change" for m in self.task.metrics if m not in FLOWS]
        return [*(f"{name}_change" for name in FLOWS), *extra]

    def _of(self, name: str) -> Floats:
        if name not in self._frame:
            raise ValueError(
                f"No variable {name!r}; {nearest(name, map(str, self._frame))}"
            )
        return self._frame[name].to_numpy()

    def probability(self, event: str) -> float:
        """Return the share of draws in which something holds.

        Parameters
        ----------
        event : str
            ``"deficit narrows"``, ``"exports rise"`` and the like, or any expression
            in the columns of :meth:`to_frame`, as ``"balance_change > 500"`` or
            ``"deficit < 0.95 * deficit_before"``.

        Raises
        ------
        ValueError
            An expression that cannot be read, or is not true or false.
        """
        return share(self._frame, event)

    def paired_difference(self, other: Ensemble) -> pd.DataFrame:
        """Return how another ensemble's changes differ, draw by draw.

        Returns
        -------
        DataFrame
            Index variable; quantiles of the other's change less this one's, and
            ``higher``: the share of draws in which the other's is the higher.

        Raises
        ------
        ValueError
            The two do not stand on the same draws.
        """
        check_same(self._draws(), other._draws())
        shared = [name for name in self._moved() if name in other._frame]
        rows = {}
        for name in shared:
            gap = other._of(name) - self._of(name)
            rows[name] = [*orderstats.quantiles(gap, BAND), float((gap > 0).mean())]
        return pd.DataFrame.from_dict(
            rows, orient="index", columns=[*BAND, "higher"]
        ).rename_axis("US$ mn")

    def _draws(self) -> dict[str, object]:
        task = self.task
        return {
            "seed": task.seed,
            "draws": len(self),
            "points": self.kind,
            "correlation": task.correlation,
        }

    def convergence(self, tolerance: float = 0.02) -> pd.DataFrame:
        """Return how well the quantiles of the balance are known, and if that will do.

        Parameters
        ----------
        tolerance : float
            Half width of the 95 % interval that is good enough, as a share of the 90 %
            band.

        Returns
        -------
        DataFrame
            Index quantile; ``estimate``, ``low`` and ``high`` (95 % interval by order
            statistics, which assumes independent draws and is wide for others),
            ``enough``, and ``draws_needed``.
        """
        return orderstats.convergence(self._of("balance_change"), BAND, tolerance)

    def sobol(
        self, of: str = "balance_change", base: int = 512, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Return first and total order Sobol indices of what was drawn (SALib).

        The model is solved anew at Saltelli's points, ``base`` times the number of
        factors and two. Products' own parts belong to their elasticity.

        Parameters
        ----------
        of : str
            A column of :meth:`to_frame`.
        base : int
            A power of two.
        confidence : float

        Returns
        -------
        DataFrame
            Index factor, the largest total first; ``S1``, ``S1_conf``, ``ST``,
            ``ST_conf`` (half widths).
        """
        return sensitivity.of_task(
            self.task, lambda p, c: self._with(p, c)._of(of), base, confidence
        )

    def _with(self, points: Points, changes: Floats) -> Ensemble:
        return dataclasses.replace(self, points=points, changes=changes)

    def tornado(self, by: str = "factor", most: int = 15) -> pd.DataFrame:
        """Return the change of the balance with one thing at a time at either end.

        Parameters
        ----------
        by : {"factor", "product"}
            Each elasticity for all products together, each lever, each flow as
            recorded; or each elasticity of each product.
        most : int
            Rows at most.

        Returns
        -------
        DataFrame
            Index factor, the largest swing first; ``low``, ``high`` (at its 5th and
            95th percentile by size, all else at the centre) and ``swing``, US$ million.
        """
        return tornado.tornado(self.task, by, self.centre.name).head(most)

    def split(self, *others: Result, base: int = 512) -> pd.DataFrame:
        """Return what of the variance of the balance's change is of which source.

        Parameters
        ----------
        *others : Result
            Other models' answers to the same scenario, for the spread of models.
        base : int
            A power of two (see :meth:`sobol`).

        Returns
        -------
        DataFrame
            Index source (elasticities, levers, data, together, model); ``deviation``
            in US$ million, ``share``.
        """
        name = "balance_change"
        points = [
            float(one.balance()["change"]["balance"]) for one in (self.centre, *others)
        ]

        def answer(points: Points, changes: Floats) -> Floats:
            return self._with(points, changes)._of(name)

        return split(self.task, answer, float(self._of(name).var()), points, base)

    def __repr__(self) -> str:
        return f"{self.text()}\n{self.quantiles().round(1).to_string()}"

    def _repr_html_(self) -> str:
        return f"<p>{in_html(self.text())}</p>{self.quantiles().round(1).to_html()}"

    def text(self) -> str:
        """Return the answer with its band as one sentence."""
        low, middle, high = self.quantiles().loc["balance_change"]
        cut = "" if len(self) == self.asked else f" of {self.asked:,} asked for"
        return (
            f"{self.scenario}: the balance changes by {middle:+,.1f} US$ mn, in nine "
            f"draws of ten by {low:+,.1f} to {high:+,.1f}; it improves in "
            f"{100 * self.probability('balance improves'):.0f} % of {len(self):,} "
            f"draws{cut} (seed {self.task.seed})."
        )
