"""From one concept of elasticity to another, and from the short run to the long."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.schema import nearest, shown

__all__ = ["CONCEPTS", "convert", "path"]

CONCEPTS = {
    "import_demand": "imports of a good, all suppliers, to its price; negative",
    "substitution": "sigma: relative imports of two suppliers to relative prices",
    "export_supply": "mu: a supplier's exports to its price; positive",
    "tariff_elasticity": "trade of a pair to 1 + rate; negative",
    "trade_elasticity": "theta = sigma - 1: trade of a pair to trade costs; positive",
}
CONVERTIBLE = ["tariff_elasticity", "substitution", "trade_elasticity"]


def convert(
    value: float | pd.Series,
    from_: str,
    to: str,
    *,
    value_includes_tariff: bool = False,
) -> float | pd.Series:
    r"""Turn a tariff elasticity into sigma or theta, and back.

    With :math:`\sigma` the elasticity of substitution, in a CES (Armington)
    model with a fixed price index:

    - trade elasticity: :math:`\theta = \sigma - 1`;
    - tariff elasticity of the value before duty (customs value):
      :math:`-\sigma`;
    - tariff elasticity of the value with duty: :math:`1 - \sigma = -\theta`.

    Parameters
    ----------
    value : float or pandas.Series
        Elasticity, in the sign convention of its concept.
    from_, to : {"tariff_elasticity", "substitution", "trade_elasticity"}
        Concepts.
    value_includes_tariff : bool, default False
        Whether trade behind the tariff elasticity was valued with the duty.

    Returns
    -------
    float or pandas.Series
        As ``value``.

    Raises
    ------
    ValueError
        For other concepts (import demand and export supply are different
        things, no formula leads there), or where sigma would not be positive.

    Notes
    -----
    Gravity with importer effects takes the price index out; a time series of
    one supplier does not, and then no formula applies. The published values
    leave the difference of one between the two tariff elasticities unclear.

    References
    ----------
    Head and Mayer (2014), Handbook of International Economics 4, ch. 3.

    Examples
    --------
    >>> import toolkit as tk
    >>> tk.elasticities.convert(-5.0, "tariff_elasticity", "substitution")
    5.0
    >>> tk.elasticities.convert(4.0, "trade_elasticity", "tariff_elasticity")
    -5.0
    """
    for concept in (from_, to):
        if concept in CONCEPTS and concept not in CONVERTIBLE:
            raise ValueError(
                f"{shown(concept)} is another concept ({CONCEPTS[concept]}): no "
                f"formula leads from {shown(from_)} to {shown(to)}."
            )
        if concept not in CONVERTIBLE:
            raise ValueError(
                f"concept {shown(concept)} is unknown; {nearest(concept, CONVERTIBLE)}"
            )
    paid = 1.0 if value_includes_tariff else 0.0
    plain = value if isinstance(value, pd.Series) else float(value)
    sigma = {
        "tariff_elasticity": lambda e: paid - e,
        "substitution": lambda e: e,
        "trade_elasticity": lambda e: e + 1,
    }[from_](plain)
    if not np.all(np.asarray(sigma) > 0):
        raise ValueError(
            f"{shown(value)} as {from_} means a sigma of {np.min(sigma):.4g}, which "
            "must be positive: check the sign."
        )
    return {
        "tariff_elasticity": lambda s: paid - s,
        "substitution": lambda s: s,
        "trade_elasticity": lambda s: s - 1,
    }[to](sigma)


def path(
    long_run: float,
    short_run: float | None = None,
    *,
    years: int = 10,
    ratio: float = 0.38,
    persistence: float = 0.70,
) -> pd.Series:
    r"""Return the elasticity year by year after a change.

    .. math:: e(t) = e_{LR} - (e_{LR} - e_{SR}) \lambda^{t-1}

    Parameters
    ----------
    long_run : float
        Where it ends.
    short_run : float, optional
        Elasticity of the first year; ``ratio`` times the long run if left out.
    years : int
        Length of the path.
    ratio : float
        Short over long run: 0.38 follows -0.76 over -2.0 of Boehm et al.
        (2023); 1/4 Anderson and Yotov; 1/2 Gallaway et al. (2003).
    persistence : float
        :math:`\lambda` between 0 and 1: the share of the gap left after a year.
        At 0.70 the gap is down to 5 % in year 9.4 (assumed; the published
        range is seven to ten years).

    Returns
    -------
    pandas.Series
        Indexed by year 1, 2, ...

    Raises
    ------
    ValueError
        If persistence is outside 0 to 1 or the two elasticities differ in sign.

    Examples
    --------
    >>> import toolkit as tk
    >>> tk.elasticities.path(-2.0, -0.76, years=3).round(4).tolist()
    [-0.76, -1.132, -1.3924]
    """
    if not 0 <= persistence < 1:
        raise ValueError(
            f"persistence must be from 0 to below 1, not {shown(persistence)}."
        )
    if years < 1:
        raise ValueError(f"years must be at least 1, not {shown(years)}.")
    first = ratio * long_run if short_run is None else float(short_run)
    if first * long_run < 0:
        raise ValueError(
            f"short run {first:g} and long run {long_run:g} must not differ in sign."
        )
    year = pd.RangeIndex(1, years + 1, name="year")
    steps = long_run - (long_run - first) * persistence ** (year.to_numpy() - 1.0)
    return pd.Series(steps, year, name="elasticity")
