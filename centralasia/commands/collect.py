"""``centralasia collect``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import PATH, course_folder, id_column, roster_file
from centralasia.language import _

SYSTEMS = ("moodle", "canvas", "folder")


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Sort a download of Moodle or Canvas into submitted/."),
)
@click.argument(
    "downloads", type=PATH, nargs=-1, required=True, help=_("The zips, or folders of their files.")
)
@click.option(
    "--from",
    "system",
    type=click.Choice(SYSTEMS),
    required=True,
    help=_("The system; folder if they are named by ids."),
)
@roster_file
@id_column
@course_folder
def collect(
    downloads: tuple[Path, ...], system: str, roster: Path | None, id_name: str | None, folder: Path
) -> int:
    """Collect, and say of each file where it went; 1 if one went nowhere."""
    from centralasia.grading.judging.report import printable
    from centralasia.lms import collect
    from centralasia.lms import roster as rosters
    from centralasia.lms.incoming import System

    people = rosters.read(rosters.find(roster, folder), id_name)
    strays = 0
    for download in downloads:
        lines = collect.collect(download, System(system), people, folder)
        for line in collect.summary(lines, people).splitlines():
            print(printable(line))
        strays += sum(line.fate == collect.Fate.STRAY for line in lines)
    print(f"Every file: {folder / collect.FILE}")
    return int(strays > 0)
