"""Dated changes with known outcomes, and the levers that state them."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit import datasets
from toolkit.analysis.days import FOREVER, mean_rate, months, span
from toolkit.baseline import Baseline
from toolkit.levers import (
    Lever,
    NonTariffEasing,
    PriceChange,
    SupplyDisruption,
    TariffCut,
    ThirdMarketTariff,
)
from toolkit.scenario import Scenario
from toolkit.schema import (
    EVERYONE,
    check_country,
    check_kind,
    check_product,
    nearest,
    shown,
)

KINDS = ("policy", "placebo", "confounded")
INSTRUMENTS = ("duty", "barrier", "third_market", "disruption", "price", "none")
NEEDED = ("id", "kind", "importer", "exporter", "product", "instrument",
          "period_before", "period_after", "value_before_usd_mn",
          "value_after_usd_mn", "reason")  # fmt: skip
TEXTS = ("what", "scope", "date", "control", "source", "note")
NUMBERS = ("share_before", "control_before_usd_mn", "control_after_usd_mn",
           "mean_before", "mean_after")  # fmt: skip
WORLD = "WLD"
THIRD_MARKET = "USA"


@dataclasses.dataclass(frozen=True)
class Event:
    """One dated change: what changed, on which flow, and what happened.

    Attributes
    ----------
    mean_before, mean_after : float
        The rate averaged by days over both periods.
    value_before_usd_mn, value_after_usd_mn, control_before_usd_mn,
    control_after_usd_mn : float
        US$ million; NaN where not found.
    share_before : float
        Of the exporter in the importer's purchases; NaN where a baseline tells it.
    """

    id: str
    kind: str
    importer: str
    exporter: str
    product: str
    instrument: str
    period_before: str
    period_after: str
    value_before_usd_mn: float
    value_after_usd_mn: float
    reason: str
    what: str = ""
    scope: str = ""
    date: str = ""
    control: str = ""
    source: str = ""
    note: str = ""
    share_before: float = np.nan
    control_before_usd_mn: float = np.nan
    control_after_usd_mn: float = np.nan
    mean_before: float = 0.0
    mean_after: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(
                f"{self.id}: kind {shown(self.kind)}; {nearest(self.kind, KINDS)}"
            )
        if self.instrument not in INSTRUMENTS:
            raise ValueError(
                f"{self.id}: instrument {shown(self.instrument)}; "
                + nearest(self.instrument, INSTRUMENTS)
            )
        check_country(self.importer, f"importer of {self.id}")
        check_country(self.exporter, f"exporter of {self.id}")
        check_product(self.product, f"product of {self.id}")
        if not self.reason:
            raise ValueError(f"{self.id}: an event needs a reason to be in the list.")

    @property
    def dated(self) -> bool:
        """Whether both periods are known."""
        return bool(self.period_before and self.period_after)

    @property
    def happened(self) -> float:
        """Outcome over the value before, by month; NaN where not found."""
        if not self.dated:
            return np.nan
        longer = months(self.period_after) / months(self.period_before)
        return self.value_after_usd_mn / self.value_before_usd_mn / longer

    @property
    def control_ratio(self) -> float:
        """The same of the control."""
        return self.control_after_usd_mn / self.control_before_usd_mn

    def market(self, base: Baseline) -> Baseline | None:
        """Return the baseline that holds the event's market.

        The given one where it is of the period before and holds the flow; else one
        good with two suppliers where the exporter's share is known; else None.
        """
        if base.year == self.period_before and _holds(self, base):
            return base
        share = self.share_before
        if np.isnan(share) and self.control_before_usd_mn > 0:
            share = self.value_before_usd_mn / self.control_before_usd_mn
        if not 0 < share <= 1:
            return None
        return _small_market(self, float(share))

    def levers(self, base: Baseline) -> Sequence[Lever]:
        """Return the change between the periods' mean rates, as levers."""
        before, after = self.mean_before, self.mean_after
        exporter = "ROW" if self.exporter == WORLD else self.exporter
        flow: dict[str, Any] = {"importer": self.importer, "exporter": exporter}
        goods: dict[str, Any] = {"products": self.product}
        alike = {**flow, "exporter": self.scope} if self.scope == EVERYONE else flow
        if self.instrument == "none" or before == after:
            return []
        if self.instrument == "duty":
            return _duties(self, base, alike)
        if self.instrument == "barrier":
            return [NonTariffEasing(**flow, **goods, by=after - before)]
        if self.instrument == "disruption":
            return [SupplyDisruption(**flow, **goods, by=after - before)]
        if self.instrument == "third_market":
            out = {"exclude": left_out()} if self.product == "" else {}
            market = {**flow, **goods, **out, "market": THIRD_MARKET}
            return [ThirdMarketTariff(**market, add=after - before)]
        dearer = (1.0 + after) / (1.0 + before) - 1.0
        return [PriceChange(**alike, **goods, by=dearer, held=True)]

    def scenario(self, base: Baseline) -> Scenario:
        """Return the change as a scenario."""
        return Scenario(self.id, self.levers(base), title=self.what)


def read_events(events: pd.DataFrame | None, rates: pd.DataFrame | None) -> list[Event]:
    """Return events with rates averaged by days over their periods.

    Parameters
    ----------
    events : DataFrame, optional
        Default the table ``events`` of the data shelf. Without rates a frame carries
        ``mean_before`` and ``mean_after`` itself.
    rates : DataFrame, optional
        ``event, series, weight, from_date, rate``; default the table ``event_rates``
        where events is the default too.

    Raises
    ------
    ValueError
        A column missing, an unknown kind or instrument, an id that stands twice, an
        event whose instrument has no rate.
    """
    table = datasets.load("events") if events is None else events
    check_kind(table, pd.DataFrame, "events", "a DataFrame")
    if rates is None and events is None:
        rates = datasets.load("event_rates")
    missing = [name for name in NEEDED if name not in table]
    if missing:
        raise ValueError(f"events lack the columns {missing}.")
    twice = table[table["id"].duplicated()]
    if not twice.empty:
        raise ValueError(f"events have {shown(twice['id'].iloc[0])} twice.")
    return [_event(row, rates) for row in table.to_dict("records")]


def left_out() -> tuple[str, ...]:
    """Return the chapters that the United States' duties of 2025 left out."""
    table = datasets.load("us_duty_exemptions")
    return tuple(table.loc[table["left_out"], "hs"])


def _event(row: dict[Any, Any], rates: pd.DataFrame | None) -> Event:
    fields = [name for name in (*NEEDED, *TEXTS, *NUMBERS) if name in row]
    event = Event(**{name: row[name] for name in fields})
    if rates is None or not event.dated or event.instrument == "none":
        return event
    own = rates[rates["event"] == event.id]
    if own.empty:
        raise ValueError(f"{event.id}: no rate in force is given.")
    means = [_mean(own, p) for p in (event.period_before, event.period_after)]
    return dataclasses.replace(event, mean_before=means[0], mean_after=means[1])


def _mean(own: pd.DataFrame, period: str) -> float:
    span(period)
    total = 0.0
    for _, part in own.groupby("series", sort=False):
        days = [
            FOREVER if day == "" else dt.date.fromisoformat(day)
            for day in part["from_date"]
        ]
        steps = sorted(zip(days, map(float, part["rate"]), strict=True))
        total += float(part["weight"].iloc[0]) * mean_rate(steps, period)
    return total


def _holds(event: Event, base: Baseline) -> bool:
    frame = base._frame
    flow = (frame["importer"] == event.importer) & (frame["exporter"] == event.exporter)
    goods = frame["product"].str.startswith(event.product)
    return bool((flow & goods).any())


def _small_market(event: Event, share: float) -> Baseline:
    """Return one good of 100 with two suppliers, or one where all are one."""
    rate = event.mean_before if event.instrument == "duty" else 0.0
    exporter = "ROW" if event.exporter == WORLD else event.exporter
    rows = [(exporter, 100.0 * share)]
    if share < 1:
        rows.append(("ROW", 100.0 * (1.0 - share)))
    frame = pd.DataFrame(rows, columns=["exporter", "value_usd_mn"]).assign(
        importer=event.importer, product=event.product, applied_rate=rate
    )
    return Baseline.from_frame(
        frame, reporter=event.importer, partner=exporter, year=event.period_before
    )


def _duties(event: Event, base: Baseline, alike: dict[str, Any]) -> Sequence[Lever]:
    """Return one duty for each product, its power changed as the mean rate's."""
    frame = base._frame
    bought = frame[frame["importer"] == event.importer]
    bought = bought[bought["product"].str.startswith(event.product)]
    power = (1.0 + event.mean_after) / (1.0 + event.mean_before)
    rates = bought.groupby("product")["mfn_rate"].max()
    return [
        TariffCut(
            **alike,
            products=str(code),
            to=max((1.0 + float(rate)) * power - 1.0, 0.0),
            respect_bound=False,
        )
        for code, rate in rates.items()
    ]
