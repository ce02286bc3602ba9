"""A baseline under a scenario as arrays: flows, and channels that hit them."""

from __future__ import annotations

from toolkit.market.channels import CHANNELS, Channel, combination_rules
from toolkit.market.composition import compose
from toolkit.market.effect import Effect
from toolkit.market.effects import effect_of, effects_of
from toolkit.market.flows import Flows, flows_of
from toolkit.market.shocks import Shocks, shocks_of

__all__ = [
    "CHANNELS",
    "Channel",
    "Effect",
    "Flows",
    "Shocks",
    "combination_rules",
    "compose",
    "effect_of",
    "effects_of",
    "flows_of",
    "shocks_of",
]
