"""A baseline under a scenario as arrays: flows, and channels that hit them."""

from __future__ import annotations

from toolkit.market.channels import CHANNELS, Channel, combination_rules
from toolkit.market.composition import compose
from toolkit.market.effect import Effect
from toolkit.market.effects import effect_of, effects_of
from toolkit.market.flows import Flows, flows_of
from toolkit.market.part import Part, alike_as_one
from toolkit.market.shocks import Shocks, shocks_of, shocks_on_part

__all__ = [
    "CHANNELS",
    "Channel",
    "Effect",
    "Flows",
    "Part",
    "Shocks",
    "alike_as_one",
    "combination_rules",
    "compose",
    "effect_of",
    "effects_of",
    "flows_of",
    "shocks_of",
    "shocks_on_part",
]
