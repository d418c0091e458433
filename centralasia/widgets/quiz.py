"""A few questions at the end of a lesson, each with a confidence and an answer that explains."""

from __future__ import annotations

from typing import Any

from centralasia import course
from centralasia.language import _, plural
from centralasia.templates import render
from centralasia.widgets import questions
from centralasia.widgets.base import CourseWidget


class Quiz(CourseWidget):
    """Ask the questions of a lesson one by one; see `quiz`."""

    def __init__(self, lesson: str) -> None:
        reference = {"asks": "quiz", "lesson": course.lesson(lesson).number}
        items = questions.question(reference)["items"]
        title = _("Quiz")
        super().__init__(reference, page(items, title), plain(items, title))


Items = list[dict[str, Any]]
"""Questions with their options, from `questions`."""


def page(items: Items, title: str) -> str:
    """Return questions as a page, each answer folded away."""
    shown = [
        {
            "prompt": item["prompt"],
            "options": [
                {
                    "text": option["text"],
                    "right": option["correct"],
                    "feedback": _feedback(item, option),
                }
                for option in item["options"]
            ],
        }
        for item in items
    ]
    head = heading(title, len(shown))
    return render("widgets/templates/questions.html", heading=head, questions=shown)


def _feedback(item: dict[str, Any], option: dict[str, Any]) -> str:
    """Return the reply to an option; to the right one with the item's explanation, if any."""
    parts = [option["feedback"], item["explanation"] if option["correct"] else ""]
    return " ".join(filter(None, parts))


def heading(title: str, n: int) -> str:
    """Return the heading of some questions, with how many there are."""
    return plural("{title}: {n} question", "{title}: {n} questions", n).format(title=title, n=n)


def plain(items: Items, title: str) -> str:
    """Return questions and their options as plain text."""
    lines = []
    for n, item in enumerate(items, start=1):
        lines.append(f"{n}. {item['prompt']}")
        lines += [
            f"   {letter}. {option['text']}"
            for letter, option in zip("ABCDEFGH", item["options"], strict=False)
        ]
    return "\n".join([heading(title, len(items)), *lines])


def quiz(lesson: str) -> Quiz:
    """Ask the questions of a lesson, with feedback on each answer and a score at the end.

    Parameters
    ----------
    lesson : str
        The number or the name of a lesson: ``"03"`` or ``"03-russia-3-return"``.

    Returns
    -------
    Quiz
        A widget; without a kernel, the questions with each answer folded away.

    Raises
    ------
    KeyError
        If the lesson has no quiz.
    """
    return Quiz(lesson)
