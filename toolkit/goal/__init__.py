"""What a scenario is asked to reach, and over which years it is looked at."""

from __future__ import annotations

from toolkit.goal.course import Course, Goal, place
from toolkit.goal.target import FIGURES, Target

__all__ = ["FIGURES", "Course", "Goal", "Target", "place"]
