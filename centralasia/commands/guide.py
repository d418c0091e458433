"""``centralasia guide``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import force, several_lessons, target_file, to_write
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Make the instructor's guide: plans and advice for each lesson, as PDF."),
)
@several_lessons
@target_file("instructors-guide.pdf, or guide-03.pdf")
@force
def guide(lessons: tuple[Lesson, ...], target: Path | None, force: bool) -> int:
    """Make the instructor's guide and say where it is."""
    from centralasia.kit import guide

    numbers = [lesson.number for lesson in lessons]
    own = Path(f"guide-{'-'.join(numbers)}.pdf" if numbers else "instructors-guide.pdf")
    file = to_write({"": own}, target, force=force)[""]
    print(guide.build(file, numbers))
    return 0
