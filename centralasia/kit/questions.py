"""Predictions, quiz questions and claims as the tables have them, with their answers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Literal

from centralasia import bibliography, course, tables
from centralasia.language import _
from centralasia.widgets.questions import WORDS


@dataclass(frozen=True)
class Option:
    """An answer to choose from."""

    letter: str
    """By which a class names it: ``"A"`` for the first."""
    text: str
    right: bool
    feedback: str
    """What to say to who chose it; empty for a prediction."""


@dataclass(frozen=True)
class Question:
    """An item with its options, in order."""

    item: str
    prompt: str
    explanation: str
    options: tuple[Option, ...]

    @property
    def right(self) -> Option:
        """The right option."""
        return next(option for option in self.options if option.right)


@dataclass(frozen=True)
class Claim:
    """A claim of a text with the course's verdict."""

    claim_id: str
    text: str
    """What is claimed; before it, and a colon, the work that says it, where that is not the text
    on trial itself."""
    verdict: str
    """In words, in the language that is asked for."""
    power: course.Power


def of_lesson(number: str, kind: Literal["prediction", "quiz"]) -> list[Question]:
    """Return the predictions or the quiz questions of a lesson, in order; a lesson may have none.

    Parameters
    ----------
    number : str
        Such as ``"03"``.
    kind : "prediction" or "quiz"

    Examples
    --------
    >>> [question.right.letter for question in of_lesson("03", "prediction")]
    ['A', 'A', 'C']
    """
    items = tables.load("items").query("lesson == @number and kind == @kind")
    options = tables.load("options").fillna({"feedback": ""}).sort_values("position")
    return [
        Question(
            item=row["item_id"],
            prompt=row["prompt"],
            explanation=row["explanation"],
            options=tuple(
                Option(letter, option["text"], bool(option["correct"]), option["feedback"])
                for letter, option in zip(
                    ascii_uppercase,
                    options[options["item_id"] == row["item_id"]].to_dict("records"),
                    strict=False,
                )
            ),
        )
        for row in items.fillna({"explanation": ""}).sort_values("item_id").to_dict("records")
    ]


def claims(ids: Iterable[str]) -> list[Claim]:
    """Return the claims among some ids, in the order of their ids.

    Raises
    ------
    course.Unknown
        If a claim is about a power that the course does not know.
    """
    rows = tables.load("claims")
    rows = rows[rows["claim_id"].isin(list(ids))].sort_values("claim_id")
    return [
        Claim(
            row["claim_id"],
            ": ".join(filter(None, (bibliography.said_by(row["work"]), row["claim"]))),
            _(WORDS[row["verdict"]]),
            course.power(row["power"]),
        )
        for row in rows.to_dict("records")
    ]
