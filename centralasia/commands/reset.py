"""``centralasia reset``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import COPIED, copy_folder
from centralasia.language import _


@click.command(
    cls=Command,
    readers="learners",
    help=_("Bring back a lesson as it was; yours stays beside it."),
)
@click.argument(
    "lesson",
    type=COPIED,
    help=_("Such as 3, 03 or a lesson's name; an exercise by its path: exercises/03."),
)
@copy_folder
def reset(lesson: str, folder: Path | None) -> int:
    """Bring a notebook of the learner's copy back."""
    from centralasia import workspace

    restored, edited = workspace.reset(lesson, workspace.find(folder))
    print(f"{restored} is as the course has it.")
    if edited:
        print(f"Your version is kept as {edited.name}")
    print("Where it is open in the course's JupyterLab, its tab shows it anew by itself.")
    return 0
