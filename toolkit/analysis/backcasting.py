"""A year accounted for: what known changes say of it, and what they leave."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import pandas as pd

from toolkit.analysis.attribution import attribute
from toolkit.analysis.known import Steps, known_by_march_2026
from toolkit.baseline import Baseline
from toolkit.models import Model
from toolkit.result import Result, Sentence, figure
from toolkit.scenario import Scenario
from toolkit.schema import nearest, shown

UNEXPLAINED, WHOLE = "unexplained", "official change"
SHOWN = ["exports", "imports", "balance"]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Backcast:
    """The change between two years in steps. Made by :func:`backcast`.

    Attributes
    ----------
    base, after : Baseline
    scenario : Scenario
        All steps' levers.
    """

    model: Model
    base: Baseline
    after: Baseline
    scenario: Scenario
    horizon: object
    _parts: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return the steps, the unexplained part first, the official change last.

        Returns
        -------
        DataFrame
            Index step; ``exports, imports, balance``, US$ million. All rows but the
            last add up to it.
        """
        explained = self._parts.groupby("step", sort=False)[SHOWN].sum()
        official = (self.after.balance() - self.base.balance())[SHOWN]
        rows = {
            UNEXPLAINED: official - explained.sum(),
            **{str(step): explained.loc[step] for step in explained.index},
            WHOLE: official,
        }
        return pd.DataFrame(rows).T.rename_axis("step")

    def levers(self) -> pd.DataFrame:
        """Return what each lever contributes; index ``step, lever``, US$ million."""
        return self._parts.set_index("step", append=True).swaplevel()[SHOWN]

    @cached_property
    def result(self) -> Result:
        """What the model says of the year with all steps."""
        return self.model.solve(self.base, self.scenario, horizon=self.horizon)

    def unexplained(self) -> pd.DataFrame:
        """Return what is not explained by chapter, the largest first.

        Returns
        -------
        DataFrame
            Index ``direction, chapter``; ``before, predicted, happened, unexplained``,
            US$ million: happened less predicted.
        """
        said = self.result.by_product()[["baseline", "counterfactual"]]
        names = ["direction", "product"]
        real = self.after.products()["value_usd_mn"].rename_axis(names)
        chapters = [_by_chapter(frame) for frame in (said, real.to_frame("happened"))]
        table = pd.concat(chapters, axis=1).fillna(0.0)
        table.columns = ["before", "predicted", "happened"]
        table.index.names = ["direction", "chapter"]
        table["unexplained"] = table["happened"] - table["predicted"]
        order = table["unexplained"].abs().sort_values(ascending=False).index
        return table.loc[order]

    @property
    def sentence(self) -> Sentence:
        """The accounts in words, the unexplained part first."""
        table = self.table()
        parts = [step for step in table.index if step not in (UNEXPLAINED, WHOLE)]
        left, whole = (figure(table, row, "balance") for row in (UNEXPLAINED, WHOLE))
        said = ", ".join(
            f"{step} {figure(table, step, 'balance') / 1e3:+,.2f}" for step in parts
        ).replace("-", "−")
        before, after = (
            f"{-float(one.balance()['balance']) / 1e3:,.2f} bn"
            for one in (self.base, self.after)
        )
        gross = float(self.unexplained()["unexplained"].abs().sum())
        return Sentence(
            f"US$ {left / 1e3:+,.2f} bn of the change is unexplained, US$ "
            f"{gross / 1e3:,.2f} bn if chapters of either sign are added up. The "
            f"deficit went from US$ {before} in {self.base.year} to {after} in "
            f"{self.after.year}, a balance better by {whole / 1e3:+,.2f} bn; explained "
            f"are {said}.".replace("$ -", "$ −")
        )

    def __repr__(self) -> str:
        shown = self.table().map(lambda number: f"{number:,.1f}")
        return f"{self.sentence}\n\n{shown.to_string()}"


def _by_chapter(frame: pd.DataFrame) -> pd.DataFrame:
    chapter = frame.index.get_level_values("product").str[:2]
    return frame.groupby(["direction", chapter]).sum()


def backcast(
    model: Model,
    base: Baseline,
    after: Baseline,
    steps: Steps | None = None,
    *,
    horizon: object = "short",
) -> Backcast:
    """Return the change between two years in steps, and what they leave unexplained.

    Parameters
    ----------
    model : Armington or any other model
    base, after : Baseline
        Of the same pair, the later year as it was reported.
    steps : mapping of step to levers, optional
        What changed; default what was known of 2025-26 by March 2026
        (:func:`toolkit.analysis.known.known_by_march_2026`).
    horizon : {"long", "short"}, float or Horizon
        Default the first year.

    Returns
    -------
    Backcast
        ``table()`` (unexplained first), ``levers()``, ``unexplained()`` by chapter.

    Raises
    ------
    ValueError
        Baselines of different pairs, a step called like the remainder, no default
        steps for these years, a lever the model cannot carry.

    Notes
    -----
    Each lever has its Shapley value (:func:`toolkit.attribute`), so the steps know no
    order; the unexplained part is the official change less their sum.

    Examples
    --------
    >>> import toolkit as tk
    >>> years = tk.load_baseline("2024-25"), tk.load_baseline("2025-26")
    >>> table = tk.backcast(tk.Armington(), *years).table()
    >>> list(table.index)
    ['unexplained', 'price', 'tonnes', 'duty', 'currency', 'official change']
    """
    pairs = [(b.reporter, b.partner) for b in (base, after)]
    if pairs[0] != pairs[1]:
        raise ValueError(f"The baselines are of different pairs: {pairs}.")
    if steps is None:
        known = ["2024-25", "2025-26"]
        if [base.year, after.year] != known:
            raise ValueError(
                f"Steps are known for {' to '.join(known)} alone; "
                + nearest(base.year, known)
                + " Give steps."
            )
        steps = known_by_march_2026(base, after)
    for name in steps:
        if name in (UNEXPLAINED, WHOLE):
            raise ValueError(f"A step cannot be called {shown(name)}.")
    levers = [(name, lever) for name, members in steps.items() for lever in members]
    scenario = Scenario(f"Known of {after.year}", [lever for _, lever in levers])
    parts = attribute(model, base, scenario, horizon=horizon)[SHOWN]
    parts = parts.assign(step=[name for name, _ in levers])
    return Backcast(model, base, after, scenario, horizon, parts)
