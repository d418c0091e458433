"""The same twelve questions before the first lesson and after the last, and what was gained."""

from __future__ import annotations

from typing import Literal

from centralasia.language import N_, _
from centralasia.templates import render
from centralasia.widgets import questions
from centralasia.widgets.base import CourseWidget
from centralasia.widgets.quiz import heading, page, plain

When = Literal["before", "after"]
TITLES: dict[When, str] = {"before": N_("Before you begin"), "after": N_("Asked again")}
ONCE = N_("Both times only your first answer to each question counts.")


class Misconceptions(CourseWidget):
    """Ask the twelve items one by one; see `misconceptions`."""

    def __init__(self, when: When) -> None:
        if when not in questions.KINDS:
            raise ValueError(
                _("The questions are asked 'before' or 'after', not {when!r}.").format(when=when)
            )
        reference = {"asks": "misconceptions", "when": when}
        items = questions.question(reference)["items"]
        title = _(TITLES[when])
        if when == "after":
            html = render(
                "widgets/templates/asked-again.html", page=page(items, title), once=_(ONCE)
            )
        else:
            html = render(
                "widgets/templates/misconceptions.html",
                heading=heading(title, len(items)),
                later=questions.later(),
                once=_(ONCE),
                questions=[
                    item | {"options": [option["text"] for option in item["options"]]}
                    for item in items
                ],
            )
        super().__init__(reference, html, plain(items, title))


class MyGain(CourseWidget):
    """Show what the learner gained; see `my_gain`."""

    def __init__(self) -> None:
        super().__init__(
            {"asks": "gain"},
            render("widgets/templates/gain.html"),
            _("What I gained: run this cell to see it"),
        )


def misconceptions(when: When) -> Misconceptions:
    """Ask twelve questions, each built around a common misconception.

    The same twelve are asked before the first lesson, where no answer is given away, and after
    the last, where each is explained. The two records are kept apart, and `my_gain` compares them.

    Parameters
    ----------
    when : {"before", "after"}

    Returns
    -------
    Misconceptions
        A widget; without a kernel, the questions, and for "after" each answer folded away.

    Raises
    ------
    ValueError
        If `when` is neither.
    """
    return Misconceptions(when)


def my_gain() -> MyGain:
    """Show this learner's answers to the twelve questions before and after the course.

    Returns
    -------
    MyGain
        A widget with the normalised gain, see `centralasia.measures.normalised_gain`; without a
        kernel, what it is for.
    """
    return MyGain()
