"""Marks and feedback in the form that Canvas and Moodle take back.

Canvas' importer wants Student, ID, SIS User ID, SIS Login ID, Section, then one column an
assignment; a row whose first cell says Points Possible has the maxima. A heading that is the one
of Canvas' own export, with the assignment's number behind it, finds that assignment. A blank cell
over a score is taken for a change (``lib/gradebook_importer.rb`` of instructure/canvas-lms).

Moodle lets the teacher map each column: a login, e-mail address or ID number to the user, a column
to a grade item, another to that item's feedback. A blank cell is written as "no grade", and a user
that is not found keeps all rows out (``grade/import/csv/classes/load_data.php`` of moodle/moodle).

So no file here has an empty cell for a mark: learners of whom other marks are known stand in
another file, and whoever has none is in none.
"""

from __future__ import annotations

import html
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from centralasia import spreadsheets
from centralasia.checks.cases import tidy_id
from centralasia.errors import UserError
from centralasia.grading.afterwards.folder import CourseFolder
from centralasia.language import _
from centralasia.lms import collect, rules
from centralasia.lms.incoming import CANVAS, MOODLE, System
from centralasia.lms.marks import Mark, Result, Why
from centralasia.lms.roster import Person, Roster

MOST_NOTE = 2000
"""Characters of a note; the whole is in the feedback."""
Marks = Mapping[str, Sequence[Mark]]


def tables(system: System, roster: Roster, marks: Marks) -> list[str]:
    """Return the tables to upload, each without an empty cell, the fullest first.

    Parameters
    ----------
    system : {System.CANVAS, System.MOODLE}
    roster : Roster
    marks : mapping of str to sequence of Mark
        By id. An argument for practice is left out.
    """
    groups: dict[tuple[str, ...], list[tuple[Person, list[Mark]]]] = {}
    for person in roster:
        known = [mark for mark in marks.get(person.id, ()) if mark.counts and _known(mark, system)]
        if known:
            columns = tuple(mark.column for mark in known)
            groups.setdefault(columns, []).append((person, known))
    by_size = sorted(groups.values(), key=lambda rows: (-len(rows[0][1]), -len(rows)))
    if system == System.CANVAS:
        titles = _titles(roster.path)
        return [_canvas(rows, titles) for rows in by_size]
    return [_moodle(rows) for rows in by_size]


def _known(mark: Mark, system: System) -> bool:
    """Say whether a system can be told a mark; Canvas alone has a word for who is excused."""
    return mark.points is not None or (mark.why == Why.EXCUSED and system == System.CANVAS)


def _titles(gradebook: Path) -> dict[str, str]:
    """Return how Canvas' own export calls each assignment, by its title without the number."""
    head = spreadsheets.lines(gradebook)[0]
    return {name.rpartition(" (")[0].casefold(): name for name in head if name.endswith(")")}


def _canvas(rows: Sequence[tuple[Person, list[Mark]]], titles: Mapping[str, str]) -> str:
    of = rows[0][1]
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section"]
    head += [titles.get(mark.column.casefold(), mark.column) for mark in of]
    most = ["    Points Possible", "", "", "", "", *(f"{mark.out_of:g}" for mark in of)]
    body = []
    for person, known in rows:
        name = ", ".join(part for part in (person.last, person.first) if part) or person.words
        number = person.number if person.system else ""
        login = person.login or person.id
        who = [name, person.system, number, login, person.section]
        body.append([*map(spreadsheets.cell, who), *map(_points, known)])
    return spreadsheets.written([head, most, *body])


def _moodle(rows: Sequence[tuple[Person, list[Mark]]]) -> str:
    """Return a table whose columns of ids have an id of that kind for everybody.

    One row whose user Moodle does not find keeps it from taking any row.
    """
    of = rows[0][1]
    people = [person for person, _known in rows]
    kinds = {
        "Username": [person.login for person in people],
        "Email address": [person.email for person in people],
        "ID number": [person.number for person in people],
    }
    ids = {head: cells for head, cells in kinds.items() if all(cells)}
    # A list of one's own says only that it is an id: the login, as the page on teaching asks.
    who = ids or {"Username": [person.id for person in people]}
    who |= {"Full name": [person.words for person in people]}
    head = list(who)
    for mark in of:
        head += [f"{mark.column} (of {mark.out_of:g})", f"{mark.column}: feedback"]
    body = []
    for row, (_person, known) in enumerate(rows):
        cells = [spreadsheets.cell(column[row]) for column in who.values()]
        for mark in known:
            cells += [_points(mark), spreadsheets.cell(_as_html(mark.note[:MOST_NOTE] or mark.why))]
        body.append(cells)
    return spreadsheets.written([head, *body])


def _as_html(note: str) -> str:
    """Return a note as Moodle shows it: it takes feedback for HTML, and `<b and` for a tag."""
    return html.escape(note, quote=False)


def _points(mark: Mark) -> str:
    return "EX" if mark.points is None else f"{mark.points:g}"


def notes(roster: Roster, marks: Marks) -> str:
    """Return a row for every mark that there is or is not, with its reason."""
    head = ["learner", "name", "exercise", "part", "points", "out_of", "why", "note"]
    body = [
        [
            spreadsheets.cell(person.id), spreadsheets.cell(person.words), mark.exercise, mark.part,
            "" if mark.points is None else f"{mark.points:g}", f"{mark.out_of:g}",
            str(mark.why), spreadsheets.cell(mark.note),
        ]
        for person in roster
        for mark in marks.get(person.id, ())
    ]  # fmt: skip
    return spreadsheets.written([head, *body])


def term(
    roster: Roster, marks: Marks, results: Mapping[str, Mapping[str, Result]], weights: rules.Rules
) -> str:
    """Return the term's table: all marks, each part in percent, the total, and what is open.

    A total stands under ``total`` once nothing is open, and under ``so_far`` before.
    """
    columns = sorted({mark.column for mine in marks.values() for mark in mine})
    parts = [one.part for one in weights.weights]
    shown = [f"{one.part} % (weight {one.weight:g})" for one in weights.weights]
    head = ["learner", "last", "first", "name", "email", "section"]
    head += [*columns, *shown, "total", "so_far", "note"]
    body = []
    for person in roster:
        by_column = {mark.column: mark for mark in marks.get(person.id, ())}
        found = results[person.id]
        total = found["total"]
        who = [person.id, person.last, person.first, person.words, person.email, person.section]
        said = [f"{part}: {found[part].note}" for part in (*parts, "total") if found[part].note]
        body.append(
            [
                *map(spreadsheets.cell, who),
                *(_standing(by_column.get(column)) for column in columns),
                *(_percent(found[part].share) for part in parts),
                _percent(total.share) if total.whole else "",
                _percent(total.share),
                spreadsheets.cell(" ".join(said)),
            ]
        )
    return spreadsheets.written([head, *body])


def _standing(mark: Mark | None) -> str:
    if mark is None:
        return _("not asked")
    return f"{mark.points:g}" if mark.points is not None else str(mark.why)


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f}"


def feedback(system: System, course: CourseFolder, exercise: str, target: Path) -> list[str]:
    """Write the pages of feedback as the zip that a system takes back.

    Moodle finds a learner by the folder that it gave their submission, Canvas by the numbers in
    the name of their file; both are those of the download (`collect`).

    Parameters
    ----------
    system : {System.CANVAS, System.MOODLE}
    course : CourseFolder
    exercise : str
        Its name.
    target : pathlib.Path

    Returns
    -------
    list of str
        Who has a page and is in no download of this system, so that it cannot go back this way.

    Raises
    ------
    UserError
        If nothing of the exercise was collected from the system.
    OSError
        If the zip cannot be written.
    """
    lines = [
        line
        for line in collect.collected(course.root)
        if line.exercise == exercise and line.system == system and line.fate in collect.TAKEN
    ]
    if not lines:
        raise UserError(
            f"Nothing of {exercise} was collected from {system}, so its names are not known. "
            f"Run: centralasia collect FILE.zip --from {system}"
        )
    places = {tidy_id(line.student): line.place for line in lines}
    without = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for student in course.book.students("feedback", exercise):
            page = course.folder("feedback", exercise, student) / f"{exercise}.html"
            place = places.get(tidy_id(student))
            name = None if place is None else _returned(system, place, exercise)
            if name is None or not page.is_file():
                without.append(student)
            else:
                archive.writestr(name, page.read_bytes())
    return without


def _returned(system: System, place: str, exercise: str) -> str | None:
    """Return the name under which a page goes back to whoever handed in a file of this name."""
    path = PurePosixPath(place.partition("!")[0])
    page = f"{exercise}-feedback.html"
    if system == System.CANVAS:
        found = CANVAS.fullmatch(path.name)
        return f"{found['owner']}_{page}" if found else None
    for part in path.parts:
        if found := MOODLE.fullmatch(part):
            is_folder = part != path.name
            owner = found["owner"]
            return f"{part}/{page}" if is_folder else f"{owner.rstrip('_')}_{page}"
    return None


def standing(roster: Roster, marks: Marks, unlisted: Sequence[str]) -> list[str]:
    """Return what is open, by reason and with names, and who is not on the list."""
    open_: dict[tuple[str, str], list[str]] = {}
    count = total = 0
    for person in roster:
        for mark in marks.get(person.id, ()):
            total += 1
            count += mark.points is not None
            if mark.points is None or mark.why in (Why.ZERO, Why.FAILED):
                open_.setdefault((mark.column, str(mark.why)), []).append(person.words)
    lines = [f"{count} of {total} marks are there."]
    for (column, why), names in sorted(open_.items()):
        lines.append(f"  {column}: {why}: {', '.join(names)}.")
    if unlisted:
        lines.append(f"Handed in, and not in {roster.path.name}: {', '.join(unlisted)}.")
    return lines
