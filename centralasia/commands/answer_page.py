"""``centralasia answer-page``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import (
    force,
    several_lessons,
    target_file,
    to_write,
    write_new,
)
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command,
    readers="teachers",
    help=_("Make the page on which a phone answers without a network, and which prints as a form."),
)
@several_lessons
@target_file("answer-03.html")
@force
def answer_page(lessons: tuple[Lesson, ...], target: Path | None, force: bool) -> int:
    """Make the page for some lessons or all, and say where it is."""
    from centralasia.room import alone

    numbers = [lesson.number for lesson in lessons]
    own = Path("-".join(["answer", *numbers]) + ".html")
    file = to_write({"": own}, target, force=force)[""]
    write_new({file: alone.page(numbers or None)}, force=force)
    return 0
