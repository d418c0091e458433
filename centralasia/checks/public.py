"""The public part of an exercise: what its questions take and how they look, without the key."""

from __future__ import annotations

import json
import re
from typing import Any

from centralasia import course
from centralasia.language import _
from centralasia.paths import exercises_dir

Look = dict[str, Any]
"""A question as JSON, without its key."""


class UnknownExercise(course.Unknown):
    """No exercise of that lesson, or no question of that name; the message names what there is."""


def names() -> list[str]:
    """Return the names of the exercises that this copy of the course holds."""
    every = (lesson.name for lesson in course.lessons())
    return [name for name in every if (exercises_dir() / name / "questions.json").is_file()]


def lesson_of(question_id: str) -> str:
    """Return the number of the lesson whose exercise a question is in; empty for no such id.

    Examples
    --------
    >>> lesson_of("ex03-q2-hhi"), lesson_of("learner-id")
    ('03', '')
    """
    found = re.match(r"ex(\d\d)-", question_id)
    return found[1] if found else ""


def exercise(name: str) -> dict[str, Any]:
    """Return the public part of an exercise.

    Parameters
    ----------
    name : str
        Its lesson, as `centralasia.course.lesson` takes it: ``"03"``, ``"03-russia-3-return"``.

    Returns
    -------
    dict
        ``lesson``, ``exercise``, ``points``, ``pool``, ``guest``, ``questions``.

    Raises
    ------
    centralasia.course.Unknown
        If there is no such lesson.
    UnknownExercise
        If this copy of the course has no exercise for it.
    """
    lesson = course.lesson(name)
    path = exercises_dir() / lesson.name / "questions.json"
    if not path.is_file():
        known = ", ".join(names()) or _("none: run 'centralasia doctor'")
        raise UnknownExercise(
            _("There is no exercise {name!r}. This copy of the course has {known}.").format(
                name=name, known=known
            )
        )
    public: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return public


def question(question_id: str) -> Look:
    """Return the public part of a question, such as ``ex03-q2-hhi``.

    Raises
    ------
    UnknownExercise
        If there is none; the message names the questions of the exercise.
    """
    of = exercise(lesson_of(str(question_id)) or str(question_id))
    questions: list[Look] = of["questions"]
    for found in questions:
        if found["id"] == question_id:
            return found
    known = ", ".join(found["id"] for found in questions)
    raise UnknownExercise(
        _("There is no question {question!r}. The exercise has {known}.").format(
            question=question_id, known=known
        )
    )
