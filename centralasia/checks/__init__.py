"""Checks of exercises: four outcomes, each with a reason in the terms of the subject.

A learner needs `case`, `check`, `hint`, `solution` and `rubric`. Authors find the kinds of
question in `centralasia.checks.asks`, graders the verdict in `centralasia.checks.keys`.
"""

from centralasia.checks.cases import Case, case
from centralasia.checks.learner import check, hint, rubric, solution
from centralasia.checks.outcome import Outcome

__all__ = ["Case", "Outcome", "case", "check", "hint", "rubric", "solution"]
