"""Levers and accounts in levels, written down again without the package.

Each kind of lever says here once more what it does to one market; ``markets.clear``
solves the market as a whole system; surplus is integrated under the demand and over
the supply curve. Only the levers' own fields come from ``toolkit``.
"""

import dataclasses

import numpy as np
from scipy.integrate import quad

import toolkit as tk
from markets import clear


@dataclasses.dataclass
class Supplier:
    """One supplier of a market: what it sells today, and what levers do to it."""

    name: str
    value: float
    rate: float
    third: float = 0.0  # share of its exports that goes to the third market
    mfn: list = dataclasses.field(default_factory=list)
    margins: list = dataclasses.field(default_factory=list)
    own: list = dataclasses.field(default_factory=list)
    against: list = dataclasses.field(default_factory=list)
    barrier: tuple = (0.0, 1.0, {})  # ave, share left, weights
    settlement: float = 1.0
    cost: float = 1.0
    freight: float = 1.0
    cap: float = np.inf
    most_paid: float = np.inf  # at the border, today = 1
    floor: float = 0.0
    money: float = 1.0  # a dollar in the buyer's money; home goods are in it
    entry: float = 0.0
    scheduled: float = 0.0
    keeps: bool = False  # the exporter earns the scarcity

    @property
    def duty(self):
        general = min(self.mfn, default=self.rate)
        general = max(self.against, default=general)
        return min([general * min(self.margins, default=1.0), *self.own])

    def power(self, part, *, after):
        """Return one plus the part of a barrier's cost, today or eased."""
        ave, left, weights = self.barrier
        whole = 1 + ave * (left if after else 1.0)
        return whole ** weights.get(part, 0.0)

    def importers(self, *, after):
        return self.power("rent_importer", after=after) * self.power("fee", after=after)


@dataclasses.dataclass
class Market:
    """One product in one importer."""

    importer: str
    product: str
    suppliers: list
    size: float = 1.0

    def of(self, exporter):
        return [
            s
            for s in self.suppliers
            if s.name == exporter or (exporter == "ALL" and s.name != self.importer)
        ]


def hit(market, lever):
    """Return the suppliers of a market that a lever of one flow names."""
    goods = any(market.product.startswith(code) for code in lever.prefixes)
    return market.of(lever.exporter) if goods and lever.importer == market.importer \
        else []  # fmt: skip


def tariff_cut(market, lever):
    for s in hit(market, lever):
        new = lever.to if lever.to is not None else s.rate * (1 - lever.by)
        if lever.exporter == "ALL":
            s.mfn.append(new)
        elif lever.by is not None:
            s.margins.append(1 - lever.by)
        else:
            (s.own if new <= s.rate else s.against).append(new)


def agreement(market, lever):
    for member in set(lever.members) - {market.importer}:
        if market.importer in lever.members:
            for s in market.of(member):
                s.margins.append(1 - lever.coverage * lever.utilisation)


def easing(market, lever):
    for s in hit(market, lever):
        rent = f"rent_{lever.rent_to}"
        weights = {"resource": lever.resource, rent: lever.rent, "fee": lever.fee}
        s.barrier = (lever.ave, 1 - lever.by, weights)


def access(market, lever):
    for s in hit(market, lever):
        if s.value == 0:
            others = sum(x.value for x in market.suppliers)
            s.entry = others * lever.share / (1 - lever.share)


def freight(market, lever):
    for s in hit(market, lever):
        s.freight *= lever.factor


def target(market, lever):
    for s in hit(market, lever):
        if s.value == 0:  # what buyers would pay for it is not known
            s.floor, s.entry = 1.0, lever.usd_mn
        else:
            s.floor, s.keeps = lever.usd_mn / s.value, lever.paid_by == "exporter"


def disruption(market, lever):
    for s in hit(market, lever):
        s.cap = 1 - lever.seller_share * lever.months / 12 * lever.by
        s.keeps = lever.rent_to == "exporter"


def scheduled(market, lever):
    for s in hit(market, lever):
        s.scheduled += lever.usd_mn


def price(market, lever):
    for s in hit(market, lever):
        s.cost *= 1 + lever.by


def sanction(market, lever):
    for s in hit(market, lever):
        s.settlement *= 1 + lever.cost


def price_cap(market, lever):
    for s in hit(market, lever):
        if s.value > 0:
            s.most_paid = lever.share_of_today


def currency(market, lever):
    country = {"RUB": "RUS", "INR": "IND"}[lever.currency]
    if market.importer == country:
        for s in market.of("ALL"):
            s.money /= 1 + lever.by
            s.cost *= (1 + lever.by) ** (1 - lever.import_pass_through)
    else:
        for s in market.of(country):
            s.cost *= (1 + lever.by) ** lever.export_pass_through


def payments(market, lever):
    for member in set(lever.members) - {market.importer}:
        if market.importer in lever.members:
            for s in market.of(member):
                s.settlement *= 1 + lever.share * lever.cost


def third_market(market, lever):
    if market.importer != lever.importer:
        return
    for s in market.of(lever.exporter):
        # Output cleared at one price: home, the third market, the rest abroad.
        home, abroad = lever.home_share, 1 - lever.home_share
        pull = abroad * s.third * lever.demand_elasticity * lever.add
        give = lever.supply_elasticity - home * lever.home_elasticity
        s.cost *= 1 + pull / (give - abroad * lever.demand_elasticity)


def growth(market, lever):
    goods = any(market.product.startswith(code) for code in lever.prefixes)
    if goods and market.importer == lever.importer:
        market.size *= (1 + lever.by) ** lever.income_elasticity


def people(market, lever):
    """No market of goods is touched."""


LEVELS = {
    tk.TariffCut: tariff_cut,
    tk.FreeTradeAgreement: agreement,
    tk.NonTariffEasing: easing,
    tk.MarketAccess: access,
    tk.TradeCostChange: freight,
    tk.QuantityTarget: target,
    tk.SupplyDisruption: disruption,
    tk.ScheduledImport: scheduled,
    tk.PriceChange: price,
    tk.PriceCap: price_cap,
    tk.SanctionCost: sanction,
    tk.ExchangeRate: currency,
    tk.PaymentFriction: payments,
    tk.ThirdMarketTariff: third_market,
    tk.DemandGrowth: growth,
    tk.Mobility: people,
}


def solved(market, sigma, eta, mu, *, fob=False):
    """Return the accounts of one market in levels, US$ million.

    Returns
    -------
    dict
        ``value``, ``revenue``, ``rent``, ``producer_surplus`` by supplier and
        ``consumer_surplus``, ``welfare`` of the importer.
    """
    sellers = market.suppliers
    spent = np.array(
        [(s.value or s.entry) * (1 + s.rate) * s.importers(after=False)
         for s in sellers]
    )  # fmt: skip
    today = sum(x for x, s in zip(spent, sellers, strict=True) if s.value > 0)
    wedge = [
        (1 + s.duty) / (1 + s.rate) * s.settlement * s.money
        * s.importers(after=True) / s.importers(after=False)
        for s in sellers
    ]  # fmt: skip
    eased = [
        s.power("rent_exporter", after=True) / s.power("rent_exporter", after=False)
        for s in sellers
    ]
    iceberg = [
        s.freight * s.power("resource", after=True) / s.power("resource", after=False)
        for s in sellers
    ]
    cost = [s.cost * e for s, e in zip(sellers, eased, strict=True)]
    caps = [
        min(s.cap, _offered(s.most_paid / z / d, mu) / d)
        for s, z, d in zip(sellers, cost, iceberg, strict=True)
    ]
    live = (spent > 0) & (np.array(caps) > 0)
    shocks = {"wedge": wedge, "cost": cost, "iceberg": iceberg, "cap": caps,
              "floor": [s.floor for s in sellers]}  # fmt: skip
    shocks = {name: np.array(column)[live] for name, column in shocks.items()}
    found, bought, index = clear(
        spent[live] / today, sigma=sigma, eta=eta, mu=mu, size=market.size, **shocks
    )
    out = {"value": {}, "revenue": {}, "rent": {}, "producer_surplus": {}}
    gained = 0.0
    quantity, prices = np.zeros(len(sellers)), np.ones(len(sellers))
    quantity[live], prices[live] = bought, found
    for n, s in enumerate(sellers):
        row = _sold(s, prices[n] / wedge[n], quantity[n],
                    (cost[n], iceberg[n], eased[n]), mu, fob=fob)  # fmt: skip
        for name, number in row.items():
            out[name][s.name] = number
        before = s.rate * s.value + s.value * (1 + s.rate) * (
            s.importers(after=False) - 1
        )
        unpaid = s.duty * s.scheduled * s.money
        after = (row["revenue"] + s.rate * s.value) + (
            row["rent"] + before - s.rate * s.value
        )
        gained += after * s.money - before - unpaid
    area = quad(lambda p: p**eta, 1.0, index, epsabs=1e-13, epsrel=1e-13)[0]
    forced = any(s.floor > 0 and s.entry > 0 for s in sellers)
    out["consumer_surplus"] = np.nan if forced else -market.size * today * area
    out["welfare"] = out["consumer_surplus"] + gained
    return out


def _offered(price, mu):
    """Return what a seller ships at a price over its cost, today = 1."""
    if np.isinf(price):
        return np.inf
    if np.isinf(mu):
        return np.inf if price >= 1 - 1e-9 else 0.0
    return price**mu


def _sold(s, offered, quantity, supply, mu, *, fob):
    """Return value, and the changes of revenue, rents and surplus, of one supplier."""
    cost, iceberg, eased = supply
    base = s.value or s.entry
    shipped = iceberg * quantity
    asked = cost * iceberg * (1.0 if np.isinf(mu) or not quantity
                              else shipped ** (1 / mu))  # fmt: skip
    paid = offered
    if quantity and abs(offered / asked - 1) > 1e-7 and not s.keeps:
        # A capped flow is paid at today's price, a target at the supplier's.
        paid = np.clip(cost * iceberg, asked, max(offered, asked))
        paid = paid if offered > asked else asked
    paid = min(paid, max(s.most_paid, asked))
    amount = base * quantity
    value = amount * paid / (iceberg if fob else 1.0) + s.scheduled
    duty = s.duty
    barrier, was = s.importers(after=True), s.importers(after=False)
    rent = (value * (barrier - 1) + amount * (offered - paid) * barrier) * (1 + duty)
    mine, before = (s.power("rent_exporter", after=x) for x in (True, False))
    surplus = amount * (paid - asked) + value * (1 - 1 / mine)
    surplus -= s.value * (1 - 1 / before)
    return {
        "value": value,
        "revenue": duty * value - s.rate * s.value,
        "rent": rent - s.value * (1 + s.rate) * (was - 1),
        "producer_surplus": surplus + _over_supply(s, cost / eased, shipped, mu),
    }


def _over_supply(s, height, shipped, mu):
    """Return the change of the area between the price and the supply curve."""
    if np.isinf(mu) or not shipped:
        return 0.0

    def area(height, shipped):
        under = quad(lambda x: height * x ** (1 / mu), 0.0, shipped, epsabs=1e-14)[0]
        return height * shipped ** (1 / mu) * shipped - under

    base = s.value or s.entry
    return base * area(height, shipped) - s.value * area(1.0, 1.0)
