"""``centralasia exercises``."""

from __future__ import annotations

import sys

import click

from centralasia.commands import Command
from centralasia.commands._parameters import several_lessons
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command,
    readers="authors",
    extra="teaching",
    help=_("Make the folder exercises/ from solutions/."),
)
@several_lessons
@click.option("--check", is_flag=True, help=_("Only say what differs."))
def exercises(lessons: tuple[Lesson, ...], check: bool) -> int:
    """Make the exercises, or say what differs; 1 if something does."""
    from centralasia import release

    names = [lesson.name for lesson in lessons]
    if check:
        faults = release.differences(names)
        for fault in faults:
            print(f"exercises/{fault} Run: centralasia exercises", file=sys.stderr)
        return int(bool(faults))
    for path in release.generate(names):
        print(path)
    return 0
