"""Random trade frames and random levers for the property tests."""

from functools import lru_cache

from hypothesis import strategies as st

import toolkit as tk
from markets import frame

PRODUCTS = ("2709", "30", "31", "98")
OFFICIAL = ("30", "72", "84", "98")
THIRD = ("CHN", "ROW")


# What a scenario may ask in vain: the solve says so and is left out.
REFUSED = (
    "lower the target or",  # the loss, or raise the price cap
    "times what the importer buys",
    "a substitution elasticity of exactly one",
    "Every supplier of a market is stopped",  # by a price cap below a flat supply
    "a full stop of one supplier is infinitely costly",
)


def numbers(low, high):
    return st.floats(low, high, allow_nan=False).map(lambda x: round(x, 4))


@st.composite
def frames(draw):
    """Return a small frame: both directions, rivals, sometimes home sales and zeros."""
    products = draw(st.lists(st.sampled_from(PRODUCTS), min_size=1, max_size=3,
                             unique=True))  # fmt: skip
    rows = []
    for importer, partner in (("IND", "RUS"), ("RUS", "IND")):
        sellers = [partner, *draw(st.sets(st.sampled_from(THIRD), min_size=1))]
        if draw(st.booleans()):
            sellers.append(importer)
        for product in products:
            for seller in sellers:
                value = draw(st.one_of(st.just(0.0), *[numbers(0.5, 900.0)] * 5))
                rate = 0.0 if seller == importer else draw(numbers(0.0, 1.2))
                rows.append((importer, seller, product, value, rate))
    rows += [("USA", "IND", product, 50.0, 0.1) for product in products]
    return frame(
        *rows,
        kilotonnes=[row[3] * draw(numbers(0.5, 4.0)) for row in rows],
        tariff_driven=[row[2] != "98" for row in rows],
    )


@st.composite
def models(draw):
    supply = draw(st.one_of(st.just(float("inf")), numbers(0.3, 20.0)))
    return tk.Armington(draw(numbers(0.6, 6.0)), draw(numbers(-2.5, -0.1)), supply)


def cuts(goods, tilts):
    return st.builds(
        lambda flow, products, to, everyone: tk.TariffCut(
            importer=flow[0],
            exporter="ALL" if everyone else flow[1],
            products=products,
            to=to,
        ),
        tilts,
        goods,
        numbers(0.0, 0.8),
        st.booleans(),
    )


@lru_cache(maxsize=64)
def levers(products=PRODUCTS):
    """Return a strategy of levers of every kind, on flows that every frame has."""
    goods = st.sampled_from(("", *products))
    tilts = st.sampled_from((("IND", "RUS"), ("RUS", "IND")))

    def on(kind, **fields):
        return st.builds(
            lambda flow, code, values: kind(
                importer=flow[0], exporter=flow[1], products=code, **values
            ),
            tilts,
            goods,
            st.fixed_dictionaries(fields),
        )

    target = st.floats(1.0, 3000.0).map(lambda usd: round(usd, 1))
    who = st.sampled_from(("importer", "exporter"))
    split = st.sampled_from(((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.4, 0.6)))
    easing = st.builds(
        lambda flow, code, by, parts, to: tk.NonTariffEasing(
            importer=flow[0],
            exporter=flow[1],
            products=code,
            by=by,
            resource=parts[0],
            rent=parts[1],
            fee=parts[2],
            rent_to=to,
        ),
        tilts,
        goods,
        numbers(0.0, 1.0),
        split,
        who,
    )
    return st.one_of(
        cuts(goods, tilts),
        st.builds(
            tk.FreeTradeAgreement, coverage=numbers(0, 1), utilisation=numbers(0, 1)
        ),
        easing,
        on(tk.TradeCostChange, factor=numbers(0.7, 1.4)),
        on(tk.QuantityTarget, usd_mn=target, paid_by=who),
        on(
            tk.SupplyDisruption,
            by=numbers(0.0, 0.9),
            months=numbers(0, 12),
            rent_to=who,
        ),
        on(tk.PriceChange, by=numbers(-0.4, 0.6), held=st.booleans()),
        on(tk.PriceCap, share_of_today=numbers(0.6, 1.2)),
        on(tk.SanctionCost, cost=numbers(0.0, 0.3)),
        st.builds(
            tk.ExchangeRate,
            currency=st.sampled_from(("RUB", "INR")),
            by=numbers(-0.4, 0.4),
            import_pass_through=numbers(0, 1),
            export_pass_through=numbers(0, 1),
        ),
        st.builds(tk.PaymentFriction, cost=numbers(-0.05, 0.1)),
        st.builds(
            tk.DemandGrowth,
            importer=st.sampled_from(("IND", "RUS")),
            products=goods,
            by=numbers(-0.3, 0.6),
        ),
        st.builds(tk.Mobility, workers=numbers(0, 1e5)),
        on(tk.MarketAccess, share=numbers(0.0, 0.5)),
        st.builds(
            lambda flow, code, usd: tk.ScheduledImport(
                importer=flow[0], exporter=flow[1], products=code, usd_mn=usd
            ),
            tilts,
            st.sampled_from(products),
            numbers(0.0, 400.0),
        ),
        st.builds(tk.ThirdMarketTariff, market=st.just("USA"), add=numbers(-0.2, 0.5)),
    )


@st.composite
def worlds(draw, most=6):
    """Return a random frame, a model and a list of levers that fit it."""
    mine = draw(frames())
    products = tuple(sorted(set(mine["product"])))
    return mine, draw(models()), draw(st.lists(levers(products), max_size=most))


def official_levers():
    """Return a strategy of levers for the official baseline, its own goods included."""
    bought = {"importer": "IND", "exporter": "RUS"}
    special = st.one_of(
        st.builds(
            lambda kt: tk.QuantityTarget(**bought, products="31", kilotonnes=kt),
            st.floats(0.0, 12_000.0).map(round),
        ),
        st.builds(
            lambda mbd: tk.SupplyDisruption(**bought, products="2709", to_mbd=mbd),
            numbers(0.2, 2.5),
        ),
        st.builds(
            lambda by: tk.PriceChange(**bought, products="2709", by=by),
            numbers(-0.3, 0.3),
        ),
        st.builds(
            lambda by, rerouted, most: tk.SupplyDisruption(
                **bought, products="2709", by=by, rerouted=rerouted, switching_mbd=most
            ),
            numbers(0.0, 0.9),
            numbers(0.0, 1.0),
            numbers(0.05, 1.0),
        ),
        st.builds(
            lambda usd: tk.SanctionCost(**bought, products="2709", usd_per_barrel=usd),
            numbers(0.0, 15.0),
        ),
        st.builds(
            lambda usd: tk.PriceCap(**bought, products="2709", usd_per_barrel=usd),
            numbers(40.0, 90.0),
        ),
        st.builds(
            lambda share: tk.MarketAccess(
                importer="RUS", exporter="IND", products="0701", share=share
            ),
            numbers(0.0, 0.3),
        ),
    )
    return st.one_of(levers(OFFICIAL), special)
