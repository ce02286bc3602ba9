"""How many fuzzed cases were tried and how each ended, over all workers of a run."""

from collections import Counter

COUNTS = Counter()
KEY = "toolkit_fuzz"


def count(kind, outcome):
    """Count one case: what was tried, and how it ended."""
    COUNTS[f"{kind}: {outcome}"] += 1


def told(counts):
    """Return the one line of a run."""
    outcomes = Counter()
    for name, number in counts.items():
        outcomes[name.split(": ")[1]] += number
    classes = ", ".join(f"{n:,} {name}" for name, n in sorted(outcomes.items()))
    kinds = Counter()
    for name, number in counts.items():
        kinds[name.split(": ")[0]] += number
    tried = ", ".join(f"{name} {n:,}" for name, n in sorted(kinds.items()))
    return f"fuzz: {counts.total():,} cases: {classes} ({tried})"
