"""The instructor's guide: what the lessons' own cells for the instructor say, in one PDF."""

from __future__ import annotations

from pathlib import Path

from centralasia import bibliography
from centralasia.kit import lesson as lessons
from centralasia.kit import pdf
from centralasia.kit.lesson import Lesson
from centralasia.paths import notebooks_dir

TITLE = "Instructor's guide"
OPENING = """\
Each chapter is one lesson: what learners shall be able to do, the plan for 90 and for 50 minutes,
the board, wrong answers and what to say, prompts for a silent group, where to cut, and another way
into each activity for those who cannot see, hear or move as the plan expects. With ten minutes to
prepare, read the plan and the wrong answers, and open the slides: `centralasia slides 03`.

## What to have ready

| What | Command | Needed for |
|:---|:---|:---|
| Slides, one file, no network | `centralasia slides 03` | the screen; S opens the notes |
| Handout, two pages | `centralasia handout 03` | each student, before the lesson |
| Role sheets and a form | `centralasia sheets A` (or `B`) | lesson 08 (A) and lesson 10 (B) |
| Answers from phones | `centralasia room` | quiz and predictions |

## Lessons
"""
CONTENTS = "#context outline(title: none, target: heading.where(level: 1).after(here()))"


def numbers() -> list[str]:
    """Return the numbers of all lessons."""
    return [path.stem[:2] for path in sorted(notebooks_dir().glob("[0-9][0-9]-*.ipynb"))]


def chapter(lesson: Lesson) -> str:
    """Return a lesson's chapter as Markdown."""
    goals = "\n".join(f"- {goal}" for goal in lesson.about["objectives"])
    cells = "\n\n".join(lesson.instructor.values())
    return (
        f"# {lesson.number} · {lesson.about['title']}\n\n"
        f"*{lesson.about['period']}. About {lesson.about['minutes']} minutes for a learner "
        f"alone.*\n\nLearners shall be able to\n\n{goals}\n\n{cells}\n"
    )


def plain(text: str) -> str:
    """Reduce links to ids to their words, for a page has no cards to lead to."""
    return lessons.LINK.sub(r"\1", text)


def build(file: Path, chosen: list[str] | None = None) -> Path:
    """Write the guide.

    Parameters
    ----------
    file : pathlib.Path
        The PDF to write; a file that is there is replaced.
    chosen : list of str, optional
        Numbers or names of lessons; all when left out.

    Raises
    ------
    KeyError
        If there is no such lesson.
    """
    found = [bibliography.lesson_number(name) for name in chosen or numbers()]
    chapters = [pdf.from_markdown(plain(chapter(lessons.read(number)))) for number in found]
    opening = pdf.from_markdown(f"# {TITLE}\n\n{OPENING}")
    body = "\n#pagebreak()\n".join([f"{opening}\n{CONTENTS}", *chapters])
    return pdf.write(body, file, title=TITLE)
