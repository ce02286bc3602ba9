"""Welfare of nations: exact, and the first-order parts that papers print."""

from __future__ import annotations

import numpy as np

from toolkit.market.flows import Floats


def price_index(price: Floats, final: Floats) -> Floats:
    """Return the hat of the final price index, Cobb-Douglas over goods, shape (N,).

    Parameters
    ----------
    price : ndarray, shape (J, N)
        Hats.
    final : ndarray, shape (J, N)
        Shares of goods in final spending.
    """
    return np.exp((final * np.log(price)).sum(axis=0))


def first_order(
    before: Floats, after: Floats, power: Floats, cost: Floats, income: Floats
) -> tuple[Floats, Floats]:
    """Return terms of trade and volume of trade, each over income, shape (N,).

    Parameters
    ----------
    before, after : ndarray, shape (J, N, N)
        Trade at world prices, goods x exporters x importers.
    power : ndarray, shape (J, N, N)
        One plus the tariff, before.
    cost : ndarray, shape (J, N)
        Hat of the exporter's cost.
    income : ndarray, shape (N,)
        Final spending before.

    Notes
    -----
    Caliendo and Parro (2015, eq. 17 and Table 2): ``sum (E_ni dc_n - M_in dc_i) / I``
    and ``sum t M (dM - dc) / I``, ``d`` the relative change in per cent of the base.
    With log changes instead their Table 2 is not reproduced (Mexico +0.53 % for
    +1.31 %). It is a first-order sum: large tariffs removed make the second term
    large while revenue falls. The gain in real income is another number.

    Examples
    --------
    One good dearer by a tenth abroad than at home, trade balanced:

    >>> trade = np.array([[[80.0, 20.0], [20.0, 80.0]]])
    >>> terms, volume = first_order(trade, trade, np.ones((1, 2, 2)),
    ...     np.array([[1.1, 1.0]]), np.array([100.0, 100.0]))
    >>> terms.round(4).tolist(), volume.tolist()
    ([0.02, -0.02], [0.0, 0.0])
    """
    dearer = cost - 1.0
    valued = before * dearer[:, :, None]
    terms = valued.sum(axis=(0, 2)) - valued.sum(axis=(0, 1))
    grown = np.where(before > 0, after / np.where(before > 0, before, 1.0), 1.0) - 1.0
    volume = (power - 1.0) * before * (grown - dearer[:, :, None])
    return terms / income, volume.sum(axis=(0, 1)) / income


def consumer_surplus(spending: Floats, index: Floats, eta: Floats) -> Floats:
    """Return the exact change of surplus ``-E (P^(1+eta) - 1) / (1 + eta)``.

    Examples
    --------
    >>> consumer_surplus(np.array([100.0]), np.array([0.9]), np.array([-2.0])
    ...     ).round(6).tolist()
    [11.111111]
    """
    power = 1.0 + eta
    flat = np.abs(power) < 1e-12
    safe = np.where(flat, 1.0, power)
    ln_index = np.log(index)
    return -spending * np.where(flat, ln_index, np.expm1(safe * ln_index) / safe)


def producer_surplus(sales: Floats, price: Floats, mu: Floats) -> Floats:
    """Return the exact change of surplus ``R (p^(1+mu) - 1) / (1 + mu)``.

    Examples
    --------
    >>> producer_surplus(np.array([100.0]), np.array([1.1]), np.array([1.0])
    ...     ).round(6).tolist()
    [10.5]
    """
    fixed = np.isinf(mu)
    power = 1.0 + np.where(fixed, 0.0, mu)
    grown = np.expm1(power * np.log(price)) / power
    return sales * np.where(fixed, 0.0, grown)
