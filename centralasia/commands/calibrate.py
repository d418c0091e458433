"""``centralasia calibrate``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import PATH, force, one_lesson, write_new
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command, readers="teachers", help=_("Mark three sample arguments and compare with the key.")
)
@one_lesson
@click.argument(
    "sheet", type=PATH, required=False, help=_("The sheet for marks, once you filled it in.")
)
@force
def calibrate(lesson: Lesson, sheet: Path | None, force: bool) -> int:
    """Give a marker the sample arguments, or compare the marks with the key."""
    from centralasia.checks import calibration

    if sheet is None:
        texts, empty = calibration.sheet(lesson.name)
        files = (Path(f"calibration-{lesson.number}{suffix}") for suffix in (".md", ".csv"))
        write_new(dict(zip(files, (texts, empty), strict=True)), force=force)
        print("Read the arguments, enter a level from 0 to 3 in each row of the sheet, and run:")
        print(f"  centralasia calibrate {lesson.number} calibration-{lesson.number}.csv")
        return 0
    kappa, differ = calibration.compare(lesson.name, sheet)
    print(f"Cohen's kappa with the key: {kappa:.2f} (1 is full agreement, 0 is chance)")
    for row in differ.itertuples():
        print(
            f"Argument {row.argument}, {row.criterion}: yours {row.yours}, key {row.key}. "
            f"{row.reason}"
        )
    return 0
