"""Widgets that ask the learner: predictions, verdicts on claims, a quiz, and what came of it."""

from .claim_check import claim_check
from .mine import my_progress
from .misconceptions import misconceptions, my_gain
from .predictions import predict, reveal
from .quiz import quiz

__all__ = [
    "claim_check",
    "misconceptions",
    "my_gain",
    "my_progress",
    "predict",
    "quiz",
    "reveal",
]
