"""The instructor's guide: what the lessons' own cells for the instructor say, in one PDF."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from centralasia import course
from centralasia.kit import lesson as lessons
from centralasia.kit import pdf, questions, teaching
from centralasia.kit.lesson import Content
from centralasia.language import _
from centralasia.roleplay import board, games
from centralasia.templates import render

CONTENTS = "#context outline(title: none, target: heading.where(level: 1).after(here()))"
"""Typst for a list of the chapters."""


def chapter(content: Content, title: str = "") -> str:
    """Return a lesson's chapter as Markdown, with links to the ids that it names.

    Parameters
    ----------
    content : Content
        The lesson.
    title : str, optional
        What stands above the chapter; the lesson's own title if left out.

    Raises
    ------
    course.Unknown
        If the lesson, or a claim that its chapter names, is about a power of no known name.
    """
    lesson = content.lesson
    if lesson.power:
        course.power(lesson.power)
    return render(
        "kit/templates/chapter.md",
        title=title or content.title,
        number=lesson.number,
        years=lesson.years,
        about=content.about,
        cells="\n\n".join(content.instructor.values()),
        apart=teaching.apart(lesson.number),
        plays=_plays(lesson.number),
        cases=teaching.asked(lesson.number).to_numpy().tolist(),
        activities=teaching.activities(lesson.number),
        predictions=questions.of_lesson(lesson.number, "prediction"),
        quizzes=_quizzes(content),
        claims=questions.claims(content.named()),
    )


def opening(contents: Iterable[Content]) -> str:
    """Return what stands before the chapters of some lessons as Markdown: of what these have."""
    contents = list(contents)
    numbers = [content.lesson.number for content in contents]
    return render(
        "kit/templates/guide.md",
        title=_title(),
        planned=any(content.instructor for content in contents),
        unplanned=not all(content.instructor for content in contents),
        quizzes=any(_quizzes(content) for content in contents),
        apart=any(map(teaching.apart, numbers)),
        activities=any(map(teaching.activities, numbers)),
        several=len(numbers) > 1,
        number=numbers[0] if len(numbers) == 1 else "03",
    )


def _plays(number: str) -> list[dict[str, object]]:
    """Return the role-plays of a lesson that take a meeting of their own, with its plan."""
    played = [game for game in games.every().values() if game.lesson == number]
    return [
        {"name": game.name, "title": board.title(game.name), "steps": games.plan(game.name)}
        for game in played
        if games.plan(game.name)
    ]


def _quizzes(content: Content) -> list[tuple[str, list[questions.Question]]]:
    """Return the quizzes that a lesson's plans begin with, by lesson: those that have questions."""
    quizzes = ((number, questions.of_lesson(number, "quiz")) for number in content.quizzes)
    return [(number, asked) for number, asked in quizzes if asked]


def plain(text: str) -> str:
    """Reduce links to ids to their words: a printed page has no cards to lead to."""
    return lessons.LINK.sub(r"\1", text)


def _title() -> str:
    return _("Instructor's guide")


def build(file: Path, chosen: list[str] | None = None) -> Path:
    """Write the guide.

    Parameters
    ----------
    file : pathlib.Path
        The PDF to write; a file that is there is replaced.
    chosen : list of str, optional
        Numbers or names of lessons; all when left out.

    Returns
    -------
    pathlib.Path
        The file.

    Raises
    ------
    course.Unknown
        If there is no such lesson, or a power in it that the course does not know.
    """
    names = chosen or [lesson.number for lesson in course.lessons()]
    contents = [lessons.read(name) for name in names]
    chapters = [pdf.from_markdown(plain(chapter(content))) for content in contents]
    head = f"{pdf.from_markdown(opening(contents))}\n{CONTENTS}"
    body = "\n#pagebreak()\n".join([head, *chapters])
    return pdf.write(body, file, title=_title())
