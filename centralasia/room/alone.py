"""The page on which a phone answers by itself: no network, a code to show, a form to print.

One HTML file that needs nothing else. With a script it asks, and shows each answer as six letters
and as a QR code; on paper, or where no script runs, it is a form to fill in by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

from centralasia import course, language, templates
from centralasia.errors import UserError
from centralasia.language import _
from centralasia.room import codes, questions
from centralasia.room.state import Question

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Lesson:
    """A lesson with what can be asked in it."""

    number: str
    title: str
    questions: list[Question]
    on_paper: list[Question]
    """What the form asks: what the class meets about, in order, so that nothing on it tells the
    answer to what comes below."""


def page(numbers: Iterable[str] | None = None, home: str = "") -> str:
    """Return the page for some lessons, or for all that have something to ask.

    Parameters
    ----------
    numbers : iterable of str, optional
        Such as ``["06"]``.
    home : str
        The address of the course's own page, if this one lies beside it.

    Raises
    ------
    UserError
        If one of them has nothing to ask.
    """
    known = questions.lessons()
    lessons = []
    for number in known if numbers is None else numbers:
        if number not in known:
            raise UserError(_("Lesson {lesson} has nothing to ask.").format(lesson=number))
        lessons.append(_lesson(number, known[number]))
    rules = {
        "symbols": codes.SYMBOLS,
        "length": codes.LENGTH,
        "phones": codes.PHONES,
        "noLevel": codes.NO_LEVEL,
        "mixer": codes.MIXER,
        "rounds": codes.ROUNDS,
        "letters": ascii_uppercase,
    }
    asked = {
        question.item: {
            "lessons": [of.number for of in lessons if question in of.questions],
            "prompt": question.prompt,
            "options": question.options,
            "levels": question.levels,
        }
        for lesson in lessons
        for question in lesson.questions
    }
    return templates.render(
        "room/page/alone.html",
        language=language.code(),
        lessons=lessons,
        course=course.title(),
        home=home,
        letters=ascii_uppercase,
        data={"rules": rules, "questions": asked, "words": _words()},
        style=(HERE / "page" / "page.css").read_text(encoding="utf-8")
        + (HERE / "page" / "alone.css").read_text(encoding="utf-8"),
        script=(HERE / "qr" / "index.js").read_text(encoding="utf-8")
        + (HERE / "page" / "alone.js").read_text(encoding="utf-8"),
    )


def _lesson(number: str, title: str) -> Lesson:
    return Lesson(number, title, questions.offered(number), questions.of_meeting(number))


def _words() -> dict[str, str]:
    """Return what the page's script says."""
    return {
        "choose": _("Choose an answer."),
        "show": _("Show this to your teacher, or read it out."),
        "qr": _("The same code for a camera"),
        "level": _("{level} %"),
        "person": _("Person {n}"),
        "answered": _("Person {n} ✓"),
        "codes": _("{n} answers are in these codes. Show them to your teacher, or read them out."),
    }
