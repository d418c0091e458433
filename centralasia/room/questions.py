"""What a room can ask: the predictions and the quiz of each lesson, from the tables."""

from __future__ import annotations

from functools import cache

from centralasia import course, notebooks, tables
from centralasia.errors import UserError
from centralasia.language import _
from centralasia.measures import confidence_levels
from centralasia.room.state import Question


def of_lesson(number: str) -> list[Question]:
    """Return the predictions and then the quiz of a lesson, each with confidences to choose from.

    Parameters
    ----------
    number : str
        Such as ``"06"``; a lesson may have none.

    Examples
    --------
    >>> [question.item for question in of_lesson("06")][:4]
    ['06-p1', '06-p2', '06-p3', '06-q1']
    """
    return [question for question in _known().values() if question.item.startswith(f"{number}-")]


def of_meeting(number: str) -> list[Question]:
    """Return what a class is asked when it meets about a lesson, in the order of its plans.

    First the quiz of an earlier lesson with which the plans begin, then the predictions. The
    lesson's own quiz is for a later meeting: it says what the predictions ask. A lesson without a
    plan has its predictions alone.

    Examples
    --------
    >>> [question.item for question in of_meeting("06")]
    ['05-q1', '05-q2', '05-q3', '05-q4', '05-q5', '06-p1', '06-p2', '06-p3']
    """
    cells = notebooks.read(course.lesson(number).file).cells
    begun = dict.fromkeys(cell.metadata.get("centralasia", {}).get("quiz") for cell in cells)
    earlier = [quiz for quiz in begun if quiz not in (None, number)]
    quizzes = [one for quiz in earlier for one in of_lesson(quiz) if "-q" in one.item]
    return [*quizzes, *(one for one in of_lesson(number) if "-p" in one.item)]


def offered(number: str) -> list[Question]:
    """Return what board and page offer for a lesson: what its meeting is asked, then the rest.

    Examples
    --------
    >>> [question.item for question in offered("06")][7:10]
    ['06-p3', '06-q1', '06-q2']
    """
    meeting = of_meeting(number)
    return [*meeting, *(one for one in of_lesson(number) if one not in meeting)]


def find(item: object, *, confidence: bool) -> Question:
    """Return a question by its id, to be asked with a confidence or without.

    Raises
    ------
    UserError
        If there is none.
    """
    known = _known().get(item) if isinstance(item, str) else None
    if known is None:
        raise UserError(_("There is no such question."))
    levels = confidence_levels(len(known.options)) if confidence else []
    return Question(known.item, known.prompt, known.options, known.right, levels)


def lessons() -> dict[str, str]:
    """Return the titles of all lessons that have something to ask, by number."""
    asked = {question.item.split("-")[0] for question in _known().values()}
    return {
        lesson.number: str(notebooks.about(lesson.file)["title"])
        for lesson in course.lessons()
        if lesson.number in asked
    }


@cache
def _known() -> dict[str, Question]:
    items = tables.load("items").query("kind in ['prediction', 'quiz']")
    options = tables.load("options").sort_values("position")
    found = {}
    for row in items.sort_values(["lesson", "kind", "item_id"]).to_dict("records"):
        mine = options[options["item_id"] == row["item_id"]]
        right = [n for n, correct in enumerate(mine["correct"].fillna(False)) if correct]
        texts = mine["text"].tolist()
        found[row["item_id"]] = Question(
            row["item_id"],
            row["prompt"],
            texts,
            right[0] if right else None,
            confidence_levels(len(texts)),
        )
    return found
