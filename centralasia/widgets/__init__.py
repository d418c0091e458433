"""Widgets that ask the learner: predictions, verdicts on claims, a quiz, and what came of it."""

from .claim_check import claim_check
from .mine import my_progress
from .misconceptions import misconceptions, my_gain
from .own_table import own_table
from .predictions import predict, reveal
from .questions import in_words
from .quiz import quiz
from .review import review

__all__ = [
    "claim_check",
    "in_words",
    "misconceptions",
    "my_gain",
    "my_progress",
    "own_table",
    "predict",
    "quiz",
    "reveal",
    "review",
]
