"""What a scenario is asked to reach, and over which years it is looked at."""

from __future__ import annotations

from toolkit.goal.course import Course, Goal, place
from toolkit.goal.said import goal_of, number_or_word
from toolkit.goal.target import FIGURES, Target

__all__ = ["FIGURES", "Course", "Goal", "Target", "goal_of", "number_or_word", "place"]
