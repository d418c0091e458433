"""``centralasia essays``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from centralasia.commands import Command
from centralasia.commands._parameters import (
    PATH,
    course_folder,
    force,
    gradebook,
    one_lesson,
    write_new,
)
from centralasia.course import Lesson
from centralasia.errors import UserError
from centralasia.language import _

if TYPE_CHECKING:
    from centralasia.grading.afterwards.essays import Entered


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Mark arguments on a page or with a sheet."),
)
@one_lesson
@click.argument(
    "sheet", type=PATH, required=False, help=_("The sheet for marks, once you filled it in.")
)
@click.option("--page", is_flag=True, help=_("Mark on a page in your browser instead."))
@click.option(
    "--marker", default="", metavar="NAME", help=_("Who marks; two markers are kept apart.")
)
@click.option("--moderate", is_flag=True, help=_("Settle what two markers gave differently."))
@course_folder
@gradebook
@force
def essays(
    lesson: Lesson,
    sheet: Path | None,
    page: bool,
    marker: str,
    moderate: bool,
    folder: Path,
    db: str | None,
    force: bool,
) -> int:
    """Write a sheet for marking arguments, enter one that is filled in, or open a page."""
    from centralasia.grading.afterwards import essays
    from centralasia.grading.afterwards.folder import CourseFolder

    course = CourseFolder(folder, db)
    if page:
        from centralasia.grading.afterwards import desk

        if sheet:
            raise UserError("Give a sheet or --page, and not both.")
        return desk.serve(course, lesson.name, marker, moderate)
    if sheet:
        for line in _said(essays.enter(course, lesson.name, sheet, marker, moderate)):
            print(line)
        return 0
    texts, table = essays.sheet(course, lesson.name, differing=moderate)
    stem = f"{'moderation' if moderate else 'essays'}-{lesson.number}"
    files = [folder / f"{stem}{suffix}" for suffix in (".md", ".csv")]
    write_new(dict(zip(files, (texts, table), strict=True)), force=force)
    print("Enter a level from 0 to 3 in each row, and if you like a comment, then:")
    print(f"  centralasia essays {lesson.number} {files[-1]}{' --moderate' if moderate else ''}")
    return 0


def _said(entered: Entered) -> list[str]:
    """Return what became of a sheet, in sentences."""
    left = f", {entered.left} are left open." if entered.left else "."
    lines = [f"{entered.marked} arguments are marked{left}"]
    if entered.changed:
        lines.append("The same marker gave these other marks before; the trail keeps them:")
        lines += [f"  {said}" for said in entered.changed]
        lines.append("If you are a second marker, say who you are with --marker NAME.")
    if entered.kappa is not None:
        lines.append(f"Cohen's kappa of the two markers: {entered.kappa:.2f}")
    if entered.differ:
        lines.append(f"Markers differ on {', '.join(entered.differ)}. To settle it: --moderate")
    return lines
