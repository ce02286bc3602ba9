"""Official sources: one module per agency, each with ``fetch`` and ``read``.

``read`` takes a file you have, ``fetch`` asks the service and keeps what it answered;
both return a :class:`Reading`: rows in our schema and an account of every row of the
file. ``request`` (or ``requests``) says what ``fetch`` would ask, without asking.

========== =================================================================
module     what
========== =================================================================
comtrade   UN Comtrade: flows by HS code, both reports, quantities
wits       WITS / UNCTAD TRAINS: applied, preferential and bound duties
tradestat  India's TRADESTAT: commodity by country, both directions
eaeu       the EAEU's customs tariff, and its ad valorem equivalents
baci       CEPII BACI: reconciled HS6 flows, streamed
worldbank  the Pink Sheet's prices; indicators such as GDP
exchange   Federal Reserve, Bank of Russia, Reserve Bank of India
own        your own table with a map of columns
========== =================================================================
"""

from __future__ import annotations

from toolkit.sources import (
    baci,
    comtrade,
    eaeu,
    exchange,
    own,
    tradestat,
    wits,
    worldbank,
)
from toolkit.sources.cache import Cache
from toolkit.sources.errors import SourceError
from toolkit.sources.reading import Reading
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

__all__ = [
    "Cache",
    "Reading",
    "Request",
    "SourceError",
    "Transport",
    "baci",
    "comtrade",
    "eaeu",
    "exchange",
    "own",
    "tradestat",
    "wits",
    "worldbank",
]
