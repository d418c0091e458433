"""``centralasia report``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import course_folder, gradebook, one_lesson
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Say how hard each question was, and what went wrong."),
)
@one_lesson
@course_folder
@gradebook
def report(lesson: Lesson, folder: Path, db: str | None) -> int:
    """Analyse the questions of an exercise."""
    from centralasia.grading.afterwards import analysis, page
    from centralasia.grading.afterwards.folder import CourseFolder

    items = analysis.analyse(CourseFolder(folder, db), lesson.name)
    page.show(items)
    for path in page.write(items, folder / "reports" / lesson.name):
        print(path)
    return 0
