"""From official sources to a baseline: joined, matched, every row accounted for."""

from __future__ import annotations

from toolkit.assembly.build import build_baseline
from toolkit.assembly.concordance import Concordance
from toolkit.assembly.report import Report, build_report
from toolkit.assembly.swap import with_rates

__all__ = ["Concordance", "Report", "build_baseline", "build_report", "with_rates"]
