"""What a check says: one of four outcomes, with a reason in the terms of the subject."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from centralasia import style
from centralasia.language import N_, _
from centralasia.templates import render

Kind = Literal["right", "wrong", "not_attempted", "cannot_check"]
WORDS: dict[str, str] = {
    "right": N_("✓ Right"),
    "wrong": N_("✗ Not yet"),
    "not_attempted": N_("○ Not attempted"),
    "cannot_check": N_("? Cannot be checked"),
}


@dataclass(frozen=True)
class Outcome:
    """The result of one check.

    Parameters
    ----------
    kind : {"right", "wrong", "not_attempted", "cannot_check"}
    message : str
        What was found and what to try next; it never holds the expected value.
    points : float, default 0
        Points earned; only a chart earns part of its points.
    mistake : str, default ""
        The recognised mistake, as a short slug for the class report.
    confidence : float, optional
        The probability, 0 to 1, that the learner gave to a closed answer.
    """

    kind: Kind
    message: str
    points: float = 0.0
    mistake: str = ""
    confidence: float | None = None

    def __repr__(self) -> str:  # noqa: D105
        return f"{_(WORDS[self.kind])}. {self.message}"

    def _repr_html_(self) -> str:
        return style.sheet() + render(
            "checks/templates/outcome.html",
            right=self.kind == "right",
            word=_(WORDS[self.kind]),
            message=self.message,
        )


def right(message: str, points: float, confidence: float | None = None) -> Outcome:
    """Return the outcome of a right answer."""
    return Outcome("right", message, points, confidence=confidence)


def wrong(message: str, *, points: float = 0.0, mistake: str = "") -> Outcome:
    """Return the outcome of a wrong answer that says what the mistake looks like."""
    return Outcome("wrong", message, points, mistake)


def not_attempted(message: str) -> Outcome:
    """Return the outcome of an untouched answer."""
    return Outcome("not_attempted", message)


def cannot_check(message: str) -> Outcome:
    """Return the outcome of an answer that no check can judge, and why."""
    return Outcome("cannot_check", message)
