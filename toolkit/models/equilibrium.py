"""General equilibrium of the world in exact hats: gravity, tariffs, sectors, inputs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import ClassVar

import numpy as np
import pandas as pd

from toolkit.market import Shocks
from toolkit.market.flows import Flows
from toolkit.market.world import World, layout_of
from toolkit.models.answer import Answer
from toolkit.models.economy import economy_of
from toolkit.models.equilibrium_accounts import answer_of
from toolkit.models.equilibrium_parts import CLOSURES
from toolkit.models.equilibrium_solver import counterfactual
from toolkit.models.input_output import InputOutput
from toolkit.models.parameters import Given, Parameters, check_case
from toolkit.models.ranges import SHOWN
from toolkit.models.trade_elasticity import TradeElasticity, theta_of
from toolkit.models.worldwide import WorldModel
from toolkit.schema import check_choice


@dataclasses.dataclass(frozen=True, eq=False)
class GeneralEquilibrium(WorldModel):
    """Structural gravity of the whole world, wages and tariff revenue included.

    Exporters' goods are CES varieties, ``pi'_in ~ pi_in (tau_in d_in c_i)^-theta``;
    factors of a country have one price that clears its market; duties are paid to
    the importer's income. Several goods are Cobb-Douglas in final spending, and with
    ``input_output`` they are made of each other (Caliendo and Parro 2015); one good
    without inputs is the gravity model (Arkolakis, Costinot and Rodriguez-Clare 2012).

    Parameters
    ----------
    trade_elasticity : float or Series by product, optional
        theta = sigma - 1 > 0. What is not given comes from the library: its
        substitution elasticity less one.
    deficits : {"multiplicative", "additive", "zero"}
        What becomes of a country's deficit D. Multiplicative: a constant share of its
        income, scaled for the world to add up; real results do not depend on the
        numeraire. Additive: D is fixed in units of world income, so the numeraire
        (world factor income unchanged) matters. Zero: the world is first solved
        without deficits, which is then the baseline shown.
    input_output : InputOutput, optional
        Cost and final shares. Without it goods are made of factors alone and final
        shares are the baseline's.
    case : {"low", "central", "high"}
        Which end of the library's interval to use for what is not given.

    Raises
    ------
    ValueError
        An elasticity not above zero, an unknown closure; a country that sells or buys
        nothing, or whose deficit is larger than its income; a lever other than duties
        and resource costs.
    toolkit.NotConverged
        A world that does not clear to 1e-10.

    Notes
    -----
    ``real_income`` is exact: income over the price index, in multiplicative closure
    without the factor that scales world deficits. ``welfare_first_order`` is the
    decomposition that Caliendo and Parro print as welfare, ``terms_of_trade`` plus
    ``volume_of_trade``; it is another number. ``welfare`` is the equivalent
    variation, US$ million.

    Resource costs are iceberg: what melts is paid to the exporter (in
    :class:`~toolkit.Armington` freight on FOB flows is bought elsewhere).

    Sources: Anderson, Larch and Yotov (2018); Baier, Yotov and Zylkin (2019); Caliendo
    and Parro (2015, eqs 10-13). Assumptions: one factor by country, immobile and fully
    employed, perfect competition, one theta by good. Not for: the short run, quantity
    limits, sanctions, chapters with extreme elasticities, results by product where
    ``product`` is one good. A zero flow stays zero.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.baseline import Baseline
    >>> from toolkit.levers import TradeCostChange
    >>> from toolkit.scenario import Scenario
    >>> frame = pd.DataFrame({"importer": ["IND", "IND", "RUS", "RUS"],
    ...     "exporter": ["IND", "RUS", "IND", "RUS"], "product": "",
    ...     "value_usd_mn": [80.0, 20.0, 20.0, 80.0], "applied_rate": 0.0})
    >>> base = Baseline.from_frame(frame)
    >>> cheaper = [TradeCostChange(importer=a, exporter=b, factor=0.5)
    ...     for a, b in (("IND", "RUS"), ("RUS", "IND"))]
    >>> result = GeneralEquilibrium(4.0).solve(base, Scenario("cheaper", cheaper))
    >>> income = result.frame.query("variable == 'real_income'")
    >>> income.set_index("importer")["counterfactual"].round(6).to_dict()
    {'IND': 1.414214, 'RUS': 1.414214}
    """

    trade_elasticity: Given = None
    deficits: str = "multiplicative"
    input_output: InputOutput | None = None
    case: str = "central"

    name: ClassVar[str] = "General equilibrium"
    assumes: ClassVar[str] = (
        "wages and incomes clear the world; revenue is spent; deficits as told"
    )
    use: ClassVar[str] = "economy-wide effects, wages, third countries, large deals"

    def __post_init__(self) -> None:
        check_case(self.case)
        check_choice(self.deficits, CLOSURES, "deficits")
        if isinstance(self.trade_elasticity, pd.Series):
            object.__setattr__(self, "trade_elasticity", self.trade_elasticity.copy())
        elif self.trade_elasticity is not None:
            theta_of(self.trade_elasticity, np.array([""]), self.case)

    def values(self, flows: Flows, parameters: Parameters | None) -> TradeElasticity:
        """Return theta by good."""
        if parameters is not None:
            raise ValueError(
                f"{self.name} takes a trade_elasticity, not draws of the elasticities "
                "of separate markets."
            )
        return theta_of(self.trade_elasticity, layout_of(flows).products, self.case)

    def answer(self, shock: Shocks, world: World, values: TradeElasticity) -> Answer:
        """Return the counterfactual of one scenario."""
        base = economy_of(world, values.theta, self.deficits, self.input_output)
        after = counterfactual(base.economy, world.power_after, world.iceberg)
        return answer_of(shock, world, base, after)

    def used(self, flows: Flows) -> pd.DataFrame:
        """Return the trade elasticities used, with their sources."""
        values = self.values(flows, None)
        return pd.DataFrame(
            {
                "concept": "trade_elasticity",
                "importer": "",
                "exporter": "",
                "product": layout_of(flows).products,
                "value": values.theta,
                "source": values.sources,
            }
        )

    def ends(self, shock: Shocks) -> Callable[[], pd.DataFrame] | None:
        """Return what gives the answers at both ends of the library's theta."""
        if self.trade_elasticity is not None:
            return None

        def both() -> pd.DataFrame:
            rows = {
                ("trade elasticity", end): dataclasses.replace(self, case=end).evaluate(
                    shock, None, SHOWN
                )
                for end in ("low", "high")
            }
            index = pd.MultiIndex.from_tuples(list(rows), names=["assumption", "end"])
            return pd.DataFrame(
                np.stack(list(rows.values())), index, columns=list(SHOWN)
            )

        return both
