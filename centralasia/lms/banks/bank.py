"""What a bank holds: the items of lessons, and the questions of their exercises by case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from centralasia import course
from centralasia.lms.banks import cases, questions, written

Content = Literal["quiz", "prediction", "misconception", "case"]


def gathered(
    lessons: Iterable[course.Lesson], contents: Sequence[Content]
) -> Iterator[questions.Question]:
    """Yield the questions of lessons, those of one folder together.

    Parameters
    ----------
    lessons : iterable of course.Lesson
    contents : sequence of {"quiz", "prediction", "misconception", "case"}

    Yields
    ------
    questions.Question
    """
    kinds = [kind for kind in questions.NAMES if kind in contents]
    for lesson in lessons:
        yield from questions.of_items([lesson], kinds)
        if "case" in contents and lesson.exercise:
            yield from cases.of_exercise(lesson)


def file(form: written.Form, bank: Iterable[questions.Question]) -> bytes:
    """Return a bank in one of the forms, filed under the name of the course."""
    return written.FORMS[form][1](course.title(), bank)
