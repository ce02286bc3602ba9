"""From arrays to a result: variables, accounts and identities of one solve."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

import numpy as np

from toolkit.market import Shocks
from toolkit.market.lines import Floats, Lines
from toolkit.models.ces import NotConverged
from toolkit.models.parameters import Parameters
from toolkit.result import Identity, Keys, Result, Variable


@dataclasses.dataclass(frozen=True, eq=False)
class Outcome:
    """A solved counterfactual as arrays over lines (L) and markets (M).

    Attributes
    ----------
    value : ndarray, shape (L,)
        US$ million at the ex-tariff price.
    quantity, consumer_price, producer_price : ndarray, shape (L,)
        Ratios to the baseline.
    shadow : ndarray, shape (L,)
        Power of the shadow tariff equivalent of a cap or target, 1 where slack.
    index : ndarray, shape (M,)
        Composite price, ratio to the baseline.
    rent_to_importer, rent_to_exporter, producer_surplus : ndarray, shape (L,)
    consumer_surplus : ndarray, shape (M,)
    identities : tuple of Identity
        What this model's own equations demand, and how far it is from it.
    creation, diversion, price_effect : ndarray, shape (L,), optional
        SMART's decomposition, US$ million.
    """

    value: Floats
    quantity: Floats
    consumer_price: Floats
    producer_price: Floats
    shadow: Floats
    index: Floats
    rent_to_importer: Floats
    rent_to_exporter: Floats
    producer_surplus: Floats
    consumer_surplus: Floats
    identities: tuple[Identity, ...]
    creation: Floats | None = None
    diversion: Floats | None = None
    price_effect: Floats | None = None


def to_result(
    model: Any,
    baseline: Any,
    scenario: Any,
    shock: Shocks,
    parameters: Parameters,
    outcome: Outcome,
) -> Result:
    """Gather a solved counterfactual into an immutable result."""
    lines = shock.lines
    accounts = line_accounts(lines, shock, outcome)
    held = identities(lines, shock, outcome)
    _refuse_failed(held)
    line_keys, markets = keys_of(lines)
    return Result(
        scenario=scenario.name,
        levers=tuple(scenario.levers),
        model=model.name,
        reporter=baseline.reporter,
        partner=baseline.partner,
        year=baseline.year,
        source_line=baseline.source_line,
        product_names=dict(baseline.names),
        line_keys=line_keys,
        market_keys=markets,
        line_variables=accounts,
        market_variables=market_accounts(lines, outcome, accounts),
        identities=held,
        notes=shock.notes,
        invisibles_entries=shock.invisibles,
        elasticities=parameters.used.copy(deep=False),
        world=baseline.world,
        static_value=static_value(lines, shock),
    )


@lru_cache(maxsize=8)
def keys_of(lines: Lines) -> tuple[Keys, Keys]:
    """Return the keys of lines and of markets (kept for the last few baselines)."""
    importer, product = (
        column[lines.starts] for column in (lines.importer, lines.product)
    )
    whole = Keys(importer, np.full(len(importer), ""), product)
    return Keys(lines.importer, lines.exporter, lines.product), whole


def static_value(lines: Lines, shock: Shocks) -> Floats:
    """Return flows with prices and schedules changed but no behaviour, US$ mn."""
    supplied = shock.cost / shock["rent_exporter"]
    return lines.value * supplied + shock["scheduled"]


def line_accounts(lines: Lines, shock: Shocks, outcome: Outcome) -> dict[str, Variable]:
    """Return the variables of each flow, baseline and counterfactual."""
    one = np.ones(len(lines))
    zero = np.zeros(len(lines))
    live = (lines.value > 0) | (shock["newcomer"] > 0)
    old = lines.value > 0
    ratio = {
        "quantity": outcome.quantity,
        "consumer_price": outcome.consumer_price,
        "producer_price": outcome.producer_price,
    }
    out = {
        "value": Variable("US$ mn", lines.value, outcome.value),
        "tariff_revenue": Variable(
            "US$ mn", lines.rate * lines.value, shock["rate"] * outcome.value
        ),
        "applied_rate": Variable("decimal", lines.rate, shock["rate"]),
    }
    for name, hat in ratio.items():
        out[name] = Variable(
            "baseline = 1",
            np.where(old, one, np.nan),
            np.where(old, hat, np.nan),
        )
    out["shadow_tariff"] = Variable(
        "decimal",
        np.where(live, 0.0, np.nan),
        np.where(old, outcome.shadow - 1.0, np.nan),
    )
    out["kilotonnes"] = Variable("kt", *_tonnes(lines, outcome, old))
    out["rent"] = Variable("US$ mn", *_rents(lines, shock, outcome))
    out["producer_surplus"] = Variable(
        "US$ mn", zero, _producers(lines, shock, outcome)
    )
    for name in ("creation", "diversion", "price_effect"):
        part = getattr(outcome, name)
        if part is not None:
            label = name if name == "price_effect" else f"trade_{name}"
            out[label] = Variable("US$ mn", zero, part)
    return out


def _tonnes(lines: Lines, outcome: Outcome, old: Any) -> tuple[Floats, Floats]:
    after = np.where(old, lines.kilotonnes * outcome.quantity, np.nan)
    return lines.kilotonnes, after


def _rents(lines: Lines, shock: Shocks, outcome: Outcome) -> tuple[Floats, Floats]:
    """Return the importer's rents and fees of barriers, caps and targets."""
    base = shock["rent_importer_base"] * shock["fee_base"]
    power = base * shock["rent_importer"] * shock["fee"]
    before = lines.value * (1.0 + lines.rate) * (base - 1.0)
    kept = outcome.value * (power - 1.0) + outcome.rent_to_importer * power
    return before, kept * (1.0 + shock["rate"])


def _producers(lines: Lines, shock: Shocks, outcome: Outcome) -> Floats:
    power = shock["rent_exporter_base"]
    before = lines.value * (1.0 - 1.0 / power)
    after = outcome.value * (1.0 - 1.0 / (power * shock["rent_exporter"]))
    return outcome.producer_surplus + outcome.rent_to_exporter + after - before


def market_accounts(
    lines: Lines, outcome: Outcome, accounts: dict[str, Variable]
) -> dict[str, Variable]:
    """Return the variables of each importer's market."""
    zero = np.zeros(len(lines.starts))
    live = lines.spending > 0
    revenue = lines.total(accounts["tariff_revenue"].change)
    rents = lines.total(accounts["rent"].change)
    welfare = outcome.consumer_surplus + revenue + rents
    return {
        "composite_price": Variable(
            "baseline = 1",
            np.where(live, 1.0, np.nan),
            np.where(live, outcome.index, np.nan),
        ),
        "consumer_surplus": Variable("US$ mn", zero, outcome.consumer_surplus),
        "welfare": Variable("US$ mn", zero, welfare),
    }


def identities(lines: Lines, shock: Shocks, outcome: Outcome) -> tuple[Identity, ...]:
    """Return the model's own identities and those every model must satisfy."""
    scale = max(float(lines.value.sum()), 1.0)
    moved = (outcome.value - lines.value)[_untouched(lines, shock)]
    return (
        *outcome.identities,
        Identity("untouched markets stay as they are", largest(moved) / scale, 1e-9),
        Identity("flows are not negative", largest(np.minimum(outcome.value, 0)), 0.0),
    )


def _refuse_failed(held: tuple[Identity, ...]) -> None:
    """Raise for a solution that breaks its own identities: it is never returned."""
    failed = [
        f"{one.name} (off by {one.residual:.1e})" for one in held if not one.holds
    ]
    if failed:
        raise NotConverged(f"The solution fails its identities: {'; '.join(failed)}.")


def _untouched(lines: Lines, shock: Shocks) -> Any:
    from toolkit.market.shocks import blank

    same = np.isclose(shock.channels, blank(lines), rtol=0, atol=0).all(axis=0)
    slack = (shock["floor"] <= 1.0) & (shock["newcomer"] == 0) & (shock["cap"] >= 1.0)
    moved = np.where(same & slack, 0.0, 1.0)
    return lines.spread(lines.total(moved)) == 0


def largest(values: Floats) -> float:
    """Return the largest absolute value, zero for none."""
    return float(np.max(np.abs(values), initial=0.0))
