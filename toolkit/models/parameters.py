"""Elasticities by flow: the user's numbers first, the library's for the rest."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import LONG, Horizon
from toolkit.elasticities.lookup import default_values
from toolkit.market import Flows, flows_of
from toolkit.market.flows import Floats, Integers
from toolkit.models.given import as_series, check_series, from_series
from toolkit.schema import check_choice, shown
from toolkit.schema.checks import NO_NUMBERS, NUMBERS

CASES = ("low", "central", "high")
CONCEPTS = {
    "substitution_elasticity": "substitution",
    "import_demand_elasticity": "import_demand",
    "export_supply_elasticity": "export_supply",
}
ALLOWED = {
    "substitution_elasticity": "above 0, infinity for homogeneous goods",
    "import_demand_elasticity": "0 or below",
    "export_supply_elasticity": "above 0, infinity allowed",
}
GIVEN = "given by the user"
Given = float | pd.Series | None
Case = str | Mapping[str, str]
Sources = tuple[str, ...]


class HasElasticities(Protocol):
    """A model of separate markets: a case, and what the user gave by field name."""

    @property
    def case(self) -> Case:
        """Which end of the library's intervals stands in for what is not given."""
        ...

    def given(self) -> Mapping[str, Given]:
        """Return the three elasticity fields."""
        ...


@dataclasses.dataclass(frozen=True, eq=False)
class Parameters:
    """Elasticities of every flow and where they come from.

    Attributes
    ----------
    flows : Flows
    sigma, eta, mu : ndarray, shape (..., L)
        Leading axes are draws.
    sources : mapping of concept to tuple of str
        Source of each flow's value; empty for draws.
    horizon : Horizon
        At which they hold.
    """

    flows: Flows
    sigma: Floats
    eta: Floats
    mu: Floats
    sources: Mapping[str, Sources] = dataclasses.field(default_factory=dict)
    horizon: Horizon = LONG

    def reached(self, name: str) -> Floats:
        """Return the share of each long-run elasticity that is reached, shape (L,).

        One for the substitution of homogeneous goods: buyers switch between sellers of
        one good within months.
        """
        share = np.broadcast_to(self.horizon.share, len(self.flows))
        return (
            np.where(self.flows.homogeneous, 1.0, share) if name == "sigma" else share
        )

    def at(self, horizon: Horizon) -> Parameters:
        """Return long-run elasticities as they are at a horizon; infinity stays."""
        if horizon is self.horizon or horizon == self.horizon:
            return self
        later = dataclasses.replace(self, horizon=horizon)
        names = dict(zip(CONCEPTS, ("sigma", "eta", "mu"), strict=True))
        scaled = {
            name: getattr(self, name) * later.reached(name) / self.reached(name)
            for name in names.values()
        }
        sources = {
            field: _scaled_sources(named, later.reached(names[field]), horizon.words)
            for field, named in self.sources.items()
        }
        return dataclasses.replace(self, **scaled, sources=sources, horizon=horizon)

    def take(self, chosen: Integers, flows: Flows | None = None) -> Parameters:
        """Return the elasticities of some flows, whole markets in their order.

        ``flows`` are these flows, where they are at hand already.
        """
        if len(chosen) == len(self.flows) and flows is None:
            return self
        sigma, eta, mu = (
            np.take(values, chosen, axis=-1)
            for values in (self.sigma, self.eta, self.mu)
        )
        taken = flows or self.flows.take(chosen)
        return Parameters(taken, sigma, eta, mu, horizon=self.horizon.take(chosen))

    @cached_property
    def used(self) -> pd.DataFrame:
        """One row per concept, importer, exporter, product: value and source."""
        values = dict(zip(CONCEPTS, (self.sigma, self.eta, self.mu), strict=True))
        pieces = [
            pd.DataFrame(
                {
                    "concept": field,
                    "importer": self.flows.importer,
                    "exporter": self.flows.exporter,
                    "product": self.flows.product,
                    "value": values[field],
                    "source": source,
                }
            )
            for field, source in self.sources.items()
        ]
        return pd.concat(pieces, ignore_index=True)


def _scaled_sources(named: Sources, reached: Floats, when: str) -> Sources:
    """Return the source of each flow's value, with the share of it that is reached."""
    shares = reached.tolist()
    said = {share: f" x {share:.3g} ({when})" for share in set(shares)} | {1.0: ""}
    return tuple(n + said[share] for n, share in zip(named, shares, strict=True))


def resolve(model: HasElasticities, baseline: Baseline) -> Parameters:
    """Return the elasticities a model uses on a baseline.

    Parameters
    ----------
    model : HasElasticities
    baseline : Baseline

    Raises
    ------
    ValueError
        A value of the wrong sign, or a Series without known index names.
    """
    given = model.given()
    if any(isinstance(value, pd.Series) for value in given.values()):
        return _kept_by_model(model, baseline)
    numbers = tuple((field, _number(value, field)) for field, value in given.items())
    cases = tuple(case_of(model.case, field) for field in CONCEPTS)
    return _kept_by_value(baseline, numbers, cases)


def keep_given(model: HasElasticities) -> None:
    """Check a new model's case and give it its own copy of every Series."""
    check_case(model.case)
    if not isinstance(model.case, str):
        object.__setattr__(model, "case", dict(model.case))
    for field, given in model.given().items():
        if isinstance(given, Mapping):
            given = as_series(given)
        if isinstance(given, pd.Series):
            check_series(given, field)
            object.__setattr__(model, field, given.copy())
        else:
            _number(given, field)


def case_of(case: Case, field: str) -> str:
    """Return the end at which one elasticity stands; the centre if none is named.

    Examples
    --------
    >>> case_of({"export_supply_elasticity": "low"}, "export_supply_elasticity")
    'low'
    """
    return case if isinstance(case, str) else case.get(field, "central")


@lru_cache(maxsize=32)
def _kept_by_model(model: HasElasticities, baseline: Baseline) -> Parameters:
    cases = tuple(case_of(model.case, field) for field in CONCEPTS)
    return _mixed(flows_of(baseline), model.given(), cases)


@lru_cache(maxsize=32)
def _kept_by_value(
    baseline: Baseline,
    given: tuple[tuple[str, float | None], ...],
    cases: tuple[str, ...],
) -> Parameters:
    return _mixed(flows_of(baseline), dict(given), cases)


def _mixed(
    flows: Flows, given: Mapping[str, Given], cases: tuple[str, ...]
) -> Parameters:
    values: dict[str, Floats] = {}
    sources: dict[str, Sources] = {}
    for field, case in zip(CONCEPTS, cases, strict=True):
        values[field], sources[field] = _values(given[field], field, flows, case)
        _check_sign(values[field], field, flows)
        if field != "export_supply_elasticity":
            _check_one_per_market(values[field], field, flows)
    sigma, eta, mu = (values[field] for field in CONCEPTS)
    return Parameters(flows, sigma, eta, mu, sources)


def _values(
    given: Given, field: str, flows: Flows, case: str
) -> tuple[Floats, Sources]:
    if given is None:
        return _defaults(flows, field, case)
    if not isinstance(given, pd.Series):
        number = _number(given, field)
        return np.full(len(flows), number), (GIVEN,) * len(flows)
    values = from_series(given, field, flows)
    missing = np.isnan(values)
    if not missing.any():
        return values, (GIVEN,) * len(flows)
    defaults, named = _defaults(flows, field, case)
    sources = [n if m else GIVEN for n, m in zip(named, missing, strict=True)]
    return np.where(missing, defaults, values), tuple(sources)


def _number(given: object, field: str) -> float | None:
    if given is None:
        return None
    try:
        if isinstance(given, NUMBERS) and not isinstance(given, NO_NUMBERS):
            return float(given)
    except OverflowError:
        pass
    raise ValueError(
        f"{field} is a number or a Series (or a mapping of codes), not {shown(given)}."
    )


def check_case(case: Case) -> None:
    """Raise unless the case is low, central or high, for all or by elasticity."""
    pairs = case.items() if isinstance(case, Mapping) else [("", case)]
    for field, end in pairs:
        if field:
            check_choice(field, CONCEPTS, "case of an elasticity")
        check_choice(end, CASES, "case")


def library_values(flows: Flows, field: str, case: str) -> Floats:
    """Return the library's values of one elasticity at an end of their intervals."""
    return _defaults(flows, field, case)[0]


@lru_cache(maxsize=64)
def _defaults(flows: Flows, field: str, case: str) -> tuple[Floats, Sources]:
    concept = CONCEPTS[field]
    values, sources = default_values(
        concept,
        flows.importer,
        flows.product,
        case,
        exporter=flows.exporter,
        homogeneous=flows.homogeneous,
    )
    values.setflags(write=False)
    return values, sources


def _check_sign(values: Floats, field: str, flows: Flows) -> None:
    if field == "import_demand_elasticity":
        wrong = ~(values <= 0) | ~np.isfinite(values)
    elif field == "export_supply_elasticity":
        wrong = ~(values > 0)
    else:
        wrong = ~(values > 0) | (np.isinf(values) & ~flows.homogeneous)
    if wrong.any():
        flow = int(np.argmax(wrong))
        raise ValueError(
            f"{field} must be {ALLOWED[field]}; it is {values[flow]:g} for "
            f"{flows.importer[flow]}, product {shown(str(flows.product[flow]))}."
        )


def _check_one_per_market(values: Floats, field: str, flows: Flows) -> None:
    wrong = values != flows.by_flow(values[..., flows.starts])
    if wrong.any():
        flow = int(np.argmax(wrong))
        raise ValueError(
            f"{field} is one number per importer and product; in the market of "
            f"{flows.importer[flow]}, product {shown(str(flows.product[flow]))}, it "
            "differs by exporter."
        )
