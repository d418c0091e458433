"""``centralasia release``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import check_free, course_folder, force, one_lesson
from centralasia.course import Lesson
from centralasia.language import _

PARTS = ("all", "data", "practice")


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Write the notebook that your class gets, whole or data questions alone."),
)
@one_lesson
@click.option(
    "--parts",
    type=click.Choice(PARTS),
    help=_("What is asked; as asked.csv or the plan for a term says, if left out."),
)
@click.option("--due", metavar="DATE", help=_("By when: 2026-12-07, or with a time after it."))
@course_folder
@force
def release(lesson: Lesson, parts: str | None, due: str | None, folder: Path, force: bool) -> int:
    """Write the notebook that a class gets, and note what is asked."""
    from centralasia.grading.judging.asked import Parts
    from centralasia.lms import release

    target = folder / "exercises" / lesson.name / f"{lesson.name}.ipynb"
    if target.exists():
        check_free(target, force=force)
    target, row = release.release(folder, lesson.name, Parts(parts) if parts else None, due)
    print(target)
    print(f"{row.exercise}: {row.parts}" + (f", due {row.due}" if row.due else ""))
    return 0
