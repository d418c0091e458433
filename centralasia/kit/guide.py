"""The instructor's guide: what the lessons' own cells for the instructor say, in one PDF."""

from __future__ import annotations

from pathlib import Path

from centralasia import bibliography
from centralasia.kit import answers, pdf
from centralasia.kit import lesson as lessons
from centralasia.kit.lesson import Lesson
from centralasia.paths import notebooks_dir

TITLE = "Instructor's guide"
OPENING = """\
Each chapter is one lesson: what learners shall be able to do, the plan for 90 and for 50 minutes,
the board, wrong answers and what to say, prompts for a silent group, where to cut, and another way
into each activity for those who cannot see, hear or move as the plan expects. A chapter ends with
what it names by number only: the predictions with their answers, the quiz that its plans begin
with, and the claims of the essay in full.

## With ten minutes to prepare

1. Make the slides and the handout first (the commands below, with your lesson's number for 03) and
   send the handout to the printer. They are files in the folder where you are.
2. Read the plan for your time and the wrong answers.
3. Look through the slides once. S opens the notes. Slides have the lesson's charts and its short
   tables, but neither quiz nor boards: those are in the notebook, which `centralasia lab` opens.
4. Choose two questions from the quiz at the end of the chapter. The right options are in bold.

An id such as RU-12 is one of the essay's claims, and 03-p2 the second prediction of lesson 03.

In *threes* one is the reader, who finds the passage or figure, one the checker, who says what
would settle it, and one the sceptic, who argues the other way. An *exit memo* is written alone:
one claim, one number, one doubt. *Confidence* is how sure one is, in per cent.

## What to have ready

| What | Command | Needed for |
|:---|:---|:---|
| Slides, one file, no network | `centralasia slides 03` | the screen; S opens the notes |
| Handout, two pages | `centralasia handout 03` | each student, before the lesson |
| Role sheets and a form | `centralasia sheets A` (or `B`) | lesson 08 (A) and lesson 10 (B) |
| Notebooks | `centralasia lab` | a role-play's board, the quiz, tables too long for a slide |
| Answers from phones | `centralasia room` | quiz and predictions, if all share a network |

In the course's folder put `python3 start.py` for `centralasia` (on Windows `py start.py`), as in
`python3 start.py slides 03`: the first time it fetches what these commands need, 1.4 GB with all
the rest. From a wheel, `pip install "centralasia[teaching]"` adds it.

The room goes on running in its terminal; in a notebook `from centralasia.room import board` and
then `board.show('02')` asks the questions of lesson 02. Paper and a count of hands do the same.

## When the projector fails

Nothing in the plans hangs on it. The handout has the map, the timeline, the key dates, the three
predictions and the questions. Read a prediction and its options aloud, from the end of the chapter,
and have hands raised. For a chart read its title, then the first and the last figure of each line
off your own screen, and draw these points on the board. Sliders become questions: name a value, let
the class say what follows, then give the answer from your own screen. A role-play is played on the
form, the last of its sheets.

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
    ends = [
        answers.predictions(lesson),
        answers.quiz(answers.quiz_asked(lesson)),
        answers.claims(cells),
    ]
    return (
        f"# {lesson.number} · {lesson.about['title']}\n\n"
        f"*{lesson.about['period']}. About {lesson.about['minutes']} minutes for a learner "
        f"alone.*\n\nLearners shall be able to\n\n{goals}\n\n" + "\n\n".join([cells, *ends, ""])
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
