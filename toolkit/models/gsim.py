"""GSIM: many markets of a good clear together, world prices with them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import partial
from typing import ClassVar

import numpy as np
import pandas as pd

from toolkit.market import Shocks
from toolkit.market.flows import Floats, Flows
from toolkit.market.world import Layout, World, layout_of
from toolkit.models.answer import Answer
from toolkit.models.gsim_accounts import answer_of
from toolkit.models.gsim_system import GsimMarkets, solve_exact, solve_linear
from toolkit.models.parameters import (
    CONCEPTS,
    Given,
    Parameters,
    keep_given,
    resolve,
)
from toolkit.models.ranges import one_at_a_time
from toolkit.models.worldwide import WorldModel
from toolkit.schema import shown


@dataclasses.dataclass(frozen=True, eq=False)
class GsimElasticities:
    """Elasticities on the world: by importer, and by exporter; shape (J, N)."""

    sigma: Floats
    eta: Floats
    mu: Floats


@dataclasses.dataclass(frozen=True, eq=False)
class Gsim(WorldModel):
    """Global simulation of an industry: all importers and exporters at once.

    In every importer the varieties of a good are nested CES, ``q_in = p_in^-sigma_n
    P_n^(sigma_n + eta_n)`` (hats); each exporter sells everywhere, home included, at
    one price ``p_i``, and its supply ``p_i^mu_i`` meets the sum of its markets.
    ``linear=True`` solves the linear system of Francois and Hall; ``linear=False``
    these equations themselves.

    Parameters
    ----------
    import_demand_elasticity : float or Series, optional
        eta <= 0, of all varieties together, home included.
    export_supply_elasticity : float or Series, optional
        mu > 0, of an exporter to the world; infinity fixes its price.
    substitution_elasticity : float or Series, optional
        sigma > 0, between origins.
    linear : bool
        Default False.
    case : {"low", "central", "high"}
        Which end of the library's intervals to use for what is not given.

    Raises
    ------
    ValueError
        An elasticity of the wrong sign; a supply elasticity that differs by importer;
        a shock so large that the linear system makes a flow or a price negative; a
        lever other than duties and resource costs.
    toolkit.NotConverged
        Markets that do not clear.

    Notes
    -----
    Linear: ``mu_i p_i = sum_n alpha_in (N_ii (p_i + T_in) + sum_r N_ir (p_r +
    T_rn))`` in relative changes, own elasticity ``s eta - (1 - s) sigma``, cross ``s_r
    (eta + sigma)``, ``T`` the relative change of the tariff power. It tends to the
    exact solution with the square of the shock. Surplus is second order in the linear
    model (``R p (1 + mu p / 2)``; ``-E (P + eta P^2 / 2)``) and exact in the other.
    ``welfare`` of a country adds both surpluses and what its importer collects.

    Sources: Francois and Hall (2003, 2009). Assumptions: one industry apart from the
    rest, constant elasticities, no income effect, perfect competition. Not for:
    economy-wide effects, quotas; the linear form not for tens of percentage points.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.baseline import Baseline
    >>> from toolkit.levers import TariffCut
    >>> from toolkit.scenario import Scenario
    >>> frame = pd.DataFrame({"importer": ["IND", "IND", "RUS", "RUS"],
    ...     "exporter": ["IND", "RUS", "IND", "RUS"], "product": "",
    ...     "value_usd_mn": [100.0, 50.0, 20.0, 80.0],
    ...     "applied_rate": [0.0, 0.1, 0.2, 0.0]})
    >>> base = Baseline.from_frame(frame)
    >>> cut = Scenario("free", [TariffCut(importer="RUS", exporter="IND", to=0.0)])
    >>> result = Gsim(-1.25, 1.5, 5.0).solve(base, cut)
    >>> price = result.frame.query("variable == 'producer_price'")
    >>> price.set_index("exporter")["counterfactual"].round(4).to_dict()
    {'IND': 1.0301, 'RUS': 0.9848}
    """

    import_demand_elasticity: Given = None
    export_supply_elasticity: Given = None
    substitution_elasticity: Given = None
    linear: bool = False
    case: str = "central"

    name: ClassVar[str] = "GSIM"
    assumes: ClassVar[str] = (
        "all markets of a good clear at world prices; nested CES; no incomes"
    )
    use: ClassVar[str] = "one industry in several countries, third countries"

    def __post_init__(self) -> None:
        if not isinstance(self.linear, bool):
            raise ValueError(f"linear is true or false, not {shown(self.linear)}.")
        keep_given(self)

    def given(self) -> Mapping[str, Given]:
        """Return the three elasticities as the user gave them."""
        return {field: getattr(self, field) for field in CONCEPTS}

    def values(self, flows: Flows, parameters: Parameters | None) -> GsimElasticities:
        """Return the elasticities by importer and by exporter."""
        found = resolve(self, flows.baseline) if parameters is None else parameters
        layout = layout_of(flows)
        return GsimElasticities(
            _by_importer(found.sigma, layout, 1.0),
            _by_importer(found.eta, layout, 0.0),
            _by_exporter(found.mu, layout),
        )

    def answer(self, shock: Shocks, world: World, values: GsimElasticities) -> Answer:
        """Return the counterfactual of one scenario."""
        made = world.sales[:, :, None]
        markets = GsimMarkets(
            alpha=world.value / np.where(made > 0, made, 1.0),
            share=world.share,
            sigma=values.sigma,
            eta=values.eta,
            nu=1.0 / values.mu,
            wedge=world.power_after / world.power,
            iceberg=world.iceberg,
        )
        solution = (solve_linear if self.linear else solve_exact)(markets)
        return answer_of(shock, world, markets, solution, linear=self.linear)

    def used(self, flows: Flows) -> pd.DataFrame:
        """Return the elasticities used, with their sources."""
        return resolve(self, flows.baseline).used

    def ends(self, shock: Shocks) -> Callable[[], pd.DataFrame] | None:
        """Return what gives the answers with each elasticity at its ends."""
        central = resolve(self, shock.flows.baseline)
        return partial(one_at_a_time, self, shock, central)


def _by_importer(values: Floats, layout: Layout, none: float) -> Floats:
    out = np.full((len(layout.products), len(layout.countries)), none)
    out[layout.product, layout.importer] = values
    return out


def _by_exporter(values: Floats, layout: Layout) -> Floats:
    """Return the supply elasticity of each exporter, one for all its markets."""
    out = np.full((len(layout.products), len(layout.countries)), np.inf)
    out[layout.product, layout.exporter] = values
    wrong = out[layout.product, layout.exporter] != values
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ValueError(
            "export_supply_elasticity is one number per exporter and product in GSIM; "
            f"that of {layout.countries[layout.exporter[at]]}, product "
            f"{shown(str(layout.products[layout.product[at]]))}, differs by importer."
        )
    return out
