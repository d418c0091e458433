"""``centralasia notebooks``: make, check, normalise and execute lesson files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from centralasia.commands import Command, Group
from centralasia.commands._parameters import LESSON, NOTEBOOK, one_lesson
from centralasia.course import Lesson, lessons
from centralasia.language import _

if TYPE_CHECKING:
    from nbclient.exceptions import CellExecutionError

several_notebooks = click.argument(
    "files",
    type=NOTEBOOK,
    nargs=-1,
    help=_("Files, or lessons, such as 03; all lessons if left out."),
)


@click.group(cls=Group, readers="authors", help=_("Keep lesson files in their normal form."))
def notebooks() -> int:
    """Leave the work to one of the commands below."""
    return 0


@notebooks.command(cls=Command, readers="authors", help=_("Say what is not in normal form."))
@several_notebooks
def check(files: tuple[Path | Lesson, ...]) -> int:
    """Print each fault of some notebooks; 1 if there is one."""
    from centralasia import notebooks

    return _each(files, notebooks.check)


@notebooks.command(cls=Command, readers="authors", help=_("Bring files to their normal form."))
@several_notebooks
def normalise(files: tuple[Path | Lesson, ...]) -> int:
    """Write notebooks in normal form."""
    from centralasia import notebooks

    def bring(path: Path) -> list[str]:
        print(f"{path}: {'normalised' if notebooks.normalise_file(path) else 'unchanged'}")
        return []

    return _each(files, bring)


@notebooks.command(
    cls=Command, readers="authors", help=_("Run files and store them with their outputs.")
)
@several_notebooks
def execute(files: tuple[Path | Lesson, ...]) -> int:
    """Run notebooks from top to bottom and store them in normal form."""
    from centralasia import notebooks

    def run(path: Path) -> list[str]:
        notebooks.execute_file(path)
        print(f"{path}: executed")
        return []

    return _each(files, run)


@notebooks.command(cls=Command, readers="authors", help=_("Make the skeleton of a new lesson."))
@click.argument("name", help=_("Number and words, such as 12-turkey."))
@click.option("--power", required=True, help=_("Whom it is about: a key as in powers.csv."))
@click.option(
    "--from",
    "source",
    type=LESSON,
    required=True,
    help=_("The lesson that gives it sections, imports, ids and metadata."),
)
@click.option(
    "--text", help=_("The text that it tests, a key as in texts.csv; a new one if left out.")
)
@click.option("--area", help=_("The ISO code of a new power, such as TUR."))
@click.option(
    "--exercise", is_flag=True, help=_("With an exercise, and with cells for the instructor.")
)
@click.option(
    "--instructor", is_flag=True, help=_("With cells for the instructor, and no exercise.")
)
def new(
    name: str,
    power: str,
    source: Lesson,
    text: str | None,
    area: str | None,
    exercise: bool,
    instructor: bool,
) -> int:
    """Write the skeleton and print its files."""
    from centralasia import authoring

    made = authoring.new(
        name,
        power=power,
        source=source,
        text=text,
        area=area,
        exercise=exercise,
        instructor=instructor,
    )
    for file in made:
        print(file)
    print(
        _(
            "\nNext: write where it says {mark}; 'centralasia notebooks unfilled' lists the "
            "places. The steps are in CONTRIBUTING.md under 'Adding a lesson'."
        ).format(mark=authoring.MARK)
    )
    return 0


@notebooks.command(
    cls=Command, readers="authors", help=_("Say where a new lesson is still to be filled in.")
)
def unfilled() -> int:
    """Print each place that carries the mark; 1 if there is one."""
    from centralasia import authoring

    places = authoring.unfilled()
    print("\n".join(places) or _("Nothing is left to fill in."))
    return int(bool(places))


@notebooks.command(
    cls=Command, readers="authors", help=_("Take an extra lesson back: its notebook and its rows.")
)
@one_lesson
@click.option("--force", is_flag=True, help=_("Delete also what a person wrote."))
def drop(lesson: Lesson, force: bool) -> int:
    """Drop a lesson, and print what changed and what stays."""
    from centralasia import authoring

    dropped = authoring.drop(lesson, force=force)
    print("\n".join([*map(str, dropped.changed), *dropped.besides, *dropped.left]))
    print(_("Next: python -m centralasia.codebook, which counts rows."))
    return 0


def _each(files: Iterable[Path | Lesson], work: Callable[[Path], list[str]]) -> int:
    """Do something with each notebook and print its faults; 1 if there is one."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    failed = False
    for file in files or lessons():
        path = file.file if isinstance(file, Lesson) else file
        try:
            faults = work(path)
        except CellExecutionError as error:
            faults = [_to_fill(path, error) or str(error)]
        except (ValueError, CellTimeoutError) as error:
            faults = [str(error)]
        for fault in faults:
            print(f"{path}: {fault}", file=sys.stderr)
        failed = failed or bool(faults)
    return int(failed)


def _to_fill(path: Path, error: CellExecutionError) -> str:
    """Return why a draft does not run, without a traceback; nothing for any other lesson."""
    from centralasia import authoring

    draft = any(path.name == known.file.name for known in lessons() if known.kind == "extra")
    places = authoring.unfilled() if draft else []
    if not places:
        return ""
    return _(
        "{words} ({count} places are still {mark}, the first is {place}; "
        "'centralasia notebooks unfilled' lists them)."
    ).format(
        words=f"{error.ename}: {error.evalue}".partition("\n")[0].partition(". ")[0].rstrip("."),
        count=len(places),
        mark=authoring.MARK,
        place=places[0],
    )
