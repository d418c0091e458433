"""``centralasia question-bank``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia import course
from centralasia.commands import Command
from centralasia.commands._parameters import force, several_lessons, target_file, to_write
from centralasia.course import Lesson
from centralasia.language import _

SYSTEMS = ("moodle", "gift", "qti", "canvas")
CONTENTS = ("quiz", "prediction", "misconception", "case")


@click.command(
    cls=Command,
    readers="teachers",
    help=_("Write the questions of lessons for a learning system's question bank."),
)
@several_lessons
@click.option(
    "--for",
    "system",
    type=click.Choice(SYSTEMS),
    default="moodle",
    help=_("Moodle's XML, GIFT, QTI 2.1, or Canvas' QTI 1.2; Moodle's if left out."),
)
@click.option(
    "--with",
    "contents",
    type=click.Choice(CONTENTS),
    multiple=True,
    default=("quiz",),
    help=_("What goes in, several times if wanted; the quizzes if left out."),
)
@target_file("questions-SYSTEM.xml")
@force
def question_bank(
    lessons: tuple[Lesson, ...],
    system: str,
    contents: tuple[str, ...],
    target: Path | None,
    force: bool,
) -> int:
    """Write the questions of lessons for a learning system's question bank."""
    from centralasia.files import write_whole
    from centralasia.lms.banks import bank, written

    ending = written.FORMS[system][0]
    own = Path(f"questions-{system}.{ending}")
    file = to_write({system: own}, target, force=force)[system]
    questions = list(bank.gathered(lessons or course.lessons(), contents))
    write_whole(file, bank.file(system, questions))
    print(file)
    print(_("{n} questions.").format(n=len(questions)))
    return 0
