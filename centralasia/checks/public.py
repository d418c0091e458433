"""The public part of an exercise: what its questions take and how they look, without the key."""

from __future__ import annotations

import json
from typing import Any

from centralasia.errors import UserError
from centralasia.paths import exercises_dir


class UnknownExercise(UserError, KeyError):
    """No exercise, or no question, of that name; the message names those that there are."""

    __str__ = Exception.__str__  # KeyError would print the message in quotes


def names() -> list[str]:
    """Return the names of the exercises that this copy of the course holds."""
    return sorted(path.parent.name for path in exercises_dir().glob("*/questions.json"))


def exercise(name: str) -> dict[str, Any]:
    """Return the public part of an exercise.

    Parameters
    ----------
    name : str
        Number or name of the lesson: ``"03"`` or ``"03-russia-3-return"``.

    Returns
    -------
    dict
        ``lesson``, ``exercise``, ``points``, ``pool``, ``guest``, ``questions``.

    Raises
    ------
    UnknownExercise
        If there is none.
    """
    number = str(name)[:2]
    for found in names():
        if found == name or (found[:2] == number and len(str(name)) == 2):
            path = exercises_dir() / found / "questions.json"
            return json.loads(path.read_text(encoding="utf-8"))
    known = ", ".join(names()) or "none: run 'centralasia doctor'"
    raise UnknownExercise(f"There is no exercise {name!r}. This copy of the course has {known}.")


def question(question_id: str) -> dict[str, Any]:
    """Return the public part of a question, such as ``ex03-q2-hhi``.

    Raises
    ------
    UnknownExercise
        If there is none; the message names the questions of the exercise.
    """
    of = exercise(str(question_id)[2:4])
    for found in of["questions"]:
        if found["id"] == question_id:
            return found
    known = ", ".join(found["id"] for found in of["questions"])
    raise UnknownExercise(f"There is no question {question_id!r}. The exercise has {known}.")
