"""A source of the learner's own: its claims, a partner's codes, and forecasts, as three tables."""

from centralasia.own.forecasts import MADE_HERE, Resolved, gather, outcomes, resolve, sheet
from centralasia.own.kept import kept, mine
from centralasia.own.sheets import SHEETS, Column, Read, Sheet, check, read, written
from centralasia.own.trial import agreement, as_claims, differences, ledger, open_work, unpaired

__all__ = [
    "MADE_HERE",
    "SHEETS",
    "Column",
    "Read",
    "Resolved",
    "Sheet",
    "agreement",
    "as_claims",
    "check",
    "differences",
    "gather",
    "kept",
    "ledger",
    "mine",
    "open_work",
    "outcomes",
    "read",
    "resolve",
    "sheet",
    "unpaired",
    "written",
]
