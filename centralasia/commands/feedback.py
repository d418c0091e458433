"""``centralasia feedback``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import course_folder, gradebook, one_lesson
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command, readers="teachers", extra="teaching", help=_("Write a page for each learner.")
)
@one_lesson
@click.argument("students", nargs=-1, help=_("Ids; all whose work is graded if left out."))
@course_folder
@gradebook
def feedback(lesson: Lesson, students: tuple[str, ...], folder: Path, db: str | None) -> int:
    """Write a page of feedback for each learner."""
    from centralasia.grading.afterwards import feedback
    from centralasia.grading.afterwards.folder import CourseFolder

    pages = feedback.make(CourseFolder(folder, db), lesson.name, students)
    for page in pages:
        print(page)
    print(f"{len(pages)} pages. To hand them out: nbgrader release_feedback {lesson.name}")
    return 0
