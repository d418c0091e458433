"""``centralasia marks``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import (
    check_free,
    course_folder,
    force,
    gradebook,
    id_column,
    roster_file,
    several_lessons,
)
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Write marks with their reasons, for you, Moodle or Canvas."),
)
@several_lessons
@click.option(
    "--for",
    "system",
    type=click.Choice(("moodle", "canvas")),
    help=_("Also what this system takes back: marks, and the feedback of the lessons named."),
)
@roster_file
@id_column
@course_folder
@gradebook
@force
def marks(
    lessons: tuple[Lesson, ...],
    system: str | None,
    roster: Path | None,
    id_name: str | None,
    folder: Path,
    db: str | None,
    force: bool,
) -> int:
    """Write the term's table and a note for every mark, and what a system takes back."""
    from centralasia.errors import UserError
    from centralasia.files import write_whole
    from centralasia.grading.afterwards import feedback
    from centralasia.grading.afterwards.folder import CourseFolder
    from centralasia.grading.judging.report import printable
    from centralasia.lms import marks, rules, upload
    from centralasia.lms import roster as rosters
    from centralasia.lms.incoming import System

    people = rosters.read(rosters.find(roster, folder), id_name)
    rules.prepare(folder)
    course, term = CourseFolder(folder, db), rules.read(folder)
    every = marks.of_class(course, people, list(term.asked))
    chosen = [lesson.name for lesson in lessons] or marks.begun(course, list(term.asked))
    found = {who: [m for m in mine if m.exercise in chosen] for who, mine in every.items()}
    results = {who: marks.results(term, who, mine) for who, mine in every.items()}
    files = {
        folder / "term.csv": upload.term(people, every, results, term),
        folder / "notes.csv": upload.notes(people, found),
    }
    zips = {}
    if system:
        tables = upload.tables(System(system), people, found)
        for number, text in enumerate(tables, start=1):
            files[folder / f"marks-{system}{f'-{number}' if number > 1 else ''}.csv"] = text
        zips = {
            lesson.name: folder / f"feedback-{system}-{lesson.number}.zip" for lesson in lessons
        }
    earlier = list(folder.glob(f"marks-{system}*.csv"))  # which may be more files than today's
    check_free(*files, *zips.values(), *earlier, force=force)
    for file in earlier:
        file.unlink()
    for file, text in files.items():
        write_whole(file, text.encode())
        print(file)
    for name, target in zips.items():
        try:
            feedback.make(course, name)
        except UserError as error:  # somebody's page cannot be made; the others' go back
            print(printable(str(error)))
        without = upload.feedback(System(system or ""), course, name, target)
        print(target)
        if without:
            names = ", ".join(map(printable, without))
            print(f"  Not in it, for nothing of theirs is in a download: {names}.")
    for line in upload.standing(people, found, marks.unlisted(course, people, chosen)):
        print(printable(line))
    return 0
