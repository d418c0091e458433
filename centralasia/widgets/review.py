"""What a learner got wrong comes back two lessons later."""

from __future__ import annotations

from centralasia import course
from centralasia.language import _
from centralasia.templates import render
from centralasia.widgets import questions
from centralasia.widgets.base import CourseWidget


class Review(CourseWidget):
    """Ask again what was wrong; see `review`."""

    def __init__(self, lesson: str) -> None:
        reference = {"asks": "review", "lesson": course.lesson(lesson).number}
        number = questions.question(reference)["number"]
        if not number:
            raise ValueError(
                _("Nothing comes back in lesson {lesson}: no lesson lies two before it.").format(
                    lesson=reference["lesson"]
                )
            )
        super().__init__(
            reference,
            render("widgets/templates/review.html", number=number),
            _("What comes back: run this cell to see it"),
        )


def review(lesson: str) -> Review:
    """Ask again what this learner got wrong two lessons before, at most five questions.

    Those come first of which the learner was surest. An answer is kept beside the earlier ones, of
    which the first goes on counting. What was put right since, for example by trying the quiz
    again, does not come back.

    Parameters
    ----------
    lesson : str
        The number or the name of the lesson in which it comes back.

    Returns
    -------
    Review
        A widget; without a kernel, what it is for.

    Raises
    ------
    ValueError
        For the first two lessons, which have none two before them.
    """
    return Review(lesson)
