"""``centralasia handout``."""

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
    help=_("Make the two pages to hand out with a lesson, as PDF."),
)
@one_lesson
@large
@target_file("handout-03.pdf")
@force
def handout(lesson: Lesson, large: bool, target: Path | None, force: bool) -> int:
    """Make the handout of a lesson and say where it is."""
    from centralasia.kit import handout

    own = Path(f"handout-{lesson.number}.pdf")
    file = to_write({"": own}, target, force=force)[""]
    print(handout.build(lesson.number, file, large=large))
    return 0
