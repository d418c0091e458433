"""``centralasia evidence``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import force, large, one_lesson, target_file, to_write
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Make a page for each activity of a lesson's plans, with the figures that it needs."),
)
@one_lesson
@large
@target_file("evidence-03.pdf")
@force
def evidence(lesson: Lesson, large: bool, target: Path | None, force: bool) -> int:
    """Make the evidence pages of a lesson and say where they are."""
    from centralasia.kit import evidence

    own = Path(f"evidence-{lesson.number}.pdf")
    file = to_write({"": own}, target, force=force)[""]
    print(evidence.build(lesson.number, file, large=large))
    return 0
