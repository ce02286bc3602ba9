"""Did it come true: dated changes as levers, predictions beside what happened."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np
import pandas as pd

from toolkit.analysis.events import KINDS, Event, read_events
from toolkit.analysis.forecasts import Ensemble, band
from toolkit.analysis.implied import implied
from toolkit.analysis.progress import watched
from toolkit.analysis.scoring import LEVELS, in_words, scores, spread_of, widened
from toolkit.baseline import Baseline
from toolkit.models import Model, NotConverged
from toolkit.models.partial import PartialEquilibrium
from toolkit.result import Sentence
from toolkit.schema import shown

BANDS = [f"{end}{100 * level:.0f}" for level in LEVELS for end in ("low", "high")]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Record:
    """Predictions of dated changes beside what happened. Made by :func:`backtest`.

    Attributes
    ----------
    events : tuple of Event
        All of the list, in order; none is dropped after its outcome is seen.
    noise : tuple of float and int
        How much moves where nothing changed, in logs, and from how many events.
    """

    model: Model
    baseline: Baseline
    horizon: object
    events: tuple[Event, ...]
    noise: tuple[float, int]
    _table: pd.DataFrame

    def table(self, kind: str | None = None) -> pd.DataFrame:
        """Return one row per event: prediction, bands, outcome, control.

        Parameters
        ----------
        kind : {"policy", "placebo", "confounded"}, optional
            Default all, policies first.

        Returns
        -------
        DataFrame
            Index event; ``kind, what, rate_before, rate_after`` (means by days),
            ``predicted, low50 ... high90`` (of the elasticities), ``low50_all ...
            high90_all`` (with what moves anyway), ``happened``, ``control``: ratios of
            the value after to the value before, by month. NaN where it is not known.

        Raises
        ------
        ValueError
            An unknown kind.
        """
        if kind is None:
            return self._table.copy()
        if kind not in KINDS:
            raise ValueError(f"kind {shown(kind)} is unknown; allowed are {KINDS}.")
        return self._table[self._table["kind"] == kind].copy()

    @cached_property
    def _scores(self) -> pd.DataFrame:
        return scores(self.table("policy"))

    def scores(self) -> pd.DataFrame:
        """Return the scores of the policy events, each with its count.

        Returns
        -------
        DataFrame
            Index score; ``value, count``, ``low`` and ``high`` (95 % interval of a
            share), ``unit``. Placebos and confounded events are not scored.
        """
        return self._scores.copy()

    @property
    def sentence(self) -> Sentence:
        """The scores in words; says so where the events are too few."""
        return Sentence(in_words(self._scores))

    @property
    def placebo_sentence(self) -> Sentence:
        """What moved although nothing changed."""
        table = self.table("placebo")
        moved = np.abs(np.log(table["happened"].dropna().to_numpy(dtype=float)))
        if not len(moved):
            return Sentence("No placebo in the list.")
        most = np.abs(np.log(table["predicted"].to_numpy(dtype=float))).max()
        return Sentence(
            f"Where nothing changed, {len(moved)} flows moved by "
            f"{100 * moved.mean():.0f} log points on average, up to "
            f"{100 * moved.max():.0f}; the models said at most {100 * most:.0f}."
        )

    @cached_property
    def _implied(self) -> pd.DataFrame:
        model, rows = self.model, {}
        for event in self.events:
            market = event.market(self.baseline)
            clean = event.kind == "policy" and np.isfinite(event.happened)
            if isinstance(model, PartialEquilibrium) and clean and market is not None:
                rows[event.id] = implied(model, market, event, self.horizon)
        columns = ["concept", "value", "low", "central", "high", "inside", "verdict"]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return table.rename_axis("event")

    def elasticities(self) -> pd.DataFrame:
        """Return the elasticity each clean event implies beside the library's range.

        Returns
        -------
        DataFrame
            Index event; ``concept``, ``value`` (long run, NaN where none fits), the
            library's ``low, central, high``, ``inside`` and ``verdict``. All of an
            outcome is laid to the change, so one event proves nothing.
        """
        return self._implied.copy()

    def __repr__(self) -> str:
        counts = self._table["kind"].value_counts()
        said = ", ".join(f"{counts.get(kind, 0)} {kind}" for kind in KINDS)
        return f"Record of {self.model.name}: {said}\n{self.sentence}"


def backtest(
    model: Model,
    base: Baseline,
    *,
    events: pd.DataFrame | None = None,
    rates: pd.DataFrame | None = None,
    ensemble: Ensemble | None = None,
    noise: float | None = None,
    horizon: object = "short",
    progress: bool = True,
) -> Record:
    """Return how a model's predictions of dated changes held against what happened.

    Parameters
    ----------
    model : Armington, Smart or any other model
    base : Baseline
        Used for events that begin in its year; others are solved on a market of one
        good where the exporter's share is known.
    events : DataFrame, optional
        One row per event (:func:`toolkit.analysis.events.read_events`); default the
        table ``events``, fixed with the reason for each inclusion.
    rates : DataFrame, optional
        Dated rates, averaged by days over both periods; default ``event_rates``.
    ensemble : callable, optional
        :func:`toolkit.simulate`, with fewer draws if you like
        (``functools.partial(tk.simulate, draws=2_000, progress=False)``): called with
        model, baseline, scenario and ``horizon``, it returns an object with
        ``quantiles``. Without one the band is that of ``result.range()``.
    noise : float, optional
        How much moves anyway, standard deviation of log ratios; default that of the
        placebos, with Student's t for their number.
    horizon : {"long", "short"}, float or Horizon
        At which outcomes are read; default the first year.
    progress : bool
        Show a bar once a second has passed.

    Returns
    -------
    Record
        ``table()``, ``scores()``, ``elasticities()``, ``sentence``.

    Raises
    ------
    ValueError
        A column missing, an unknown kind or instrument, a period that is not read.

    Examples
    --------
    >>> import toolkit as tk
    >>> record = tk.backtest(tk.Armington(), tk.load_baseline("2024-25"),
    ...     progress=False)
    >>> record.table("placebo")["predicted"].tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    listed = read_events(events, rates)
    order = sorted(listed, key=lambda event: KINDS.index(event.kind))
    rows = {
        event.id: _row(model, base, event, horizon, ensemble)
        for event in watched(order, "events", progress=progress)
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("event")
    still = table.loc[table["kind"] == "placebo", "happened"].to_numpy(dtype=float)
    moves = spread_of(still) if noise is None else (float(noise), 0)
    for level in LEVELS:
        name = f"{100 * level:.0f}"
        columns = ["predicted", f"low{name}", f"high{name}"]
        wide = [
            widened(float(middle), float(low), float(high), moves, level)
            for middle, low, high in table[columns].to_numpy(dtype=float)
        ]
        table[[f"low{name}_all", f"high{name}_all"]] = wide
    return Record(model, base, horizon, tuple(order), moves, table)


def _row(
    model: Model,
    base: Baseline,
    event: Event,
    horizon: object,
    ensemble: Ensemble | None,
) -> dict[str, object]:
    said = dict.fromkeys(["predicted", *BANDS], np.nan)
    market = event.market(base) if event.dated else None
    refused = ""
    if event.instrument == "none":
        said = dict.fromkeys(said, 1.0)
    elif market is not None:
        try:
            said = band(model, market, event, horizon, ensemble)
        except (ValueError, NotConverged) as error:
            refused = str(error)
    return {
        "kind": event.kind,
        "what": event.what or event.id,
        "rate_before": event.mean_before,
        "rate_after": event.mean_after,
        **said,
        "happened": event.happened,
        "control": event.control_ratio,
        "value_before_usd_mn": event.value_before_usd_mn,
        "value_after_usd_mn": event.value_after_usd_mn,
        "reason": event.reason,
        "refused": refused,
    }
