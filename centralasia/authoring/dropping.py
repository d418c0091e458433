"""A draft taken back: its notebook, its exercise, and the rows that are its alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from centralasia import course, notebooks
from centralasia.authoring import draft, rows
from centralasia.columns import MARK
from centralasia.course import Lesson
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.paths import course_root

MOST = 6
"""Of the places that a refusal names."""
LINK = re.compile(r"\(#([a-z0-9_-]+)\)")
"""A link to a work, as a notebook's text has it."""


@dataclass(frozen=True)
class Dropped:
    """What became of a draft."""

    changed: list[Path]
    """Files and folders that are gone, and tables that have fewer rows."""
    besides: list[str]
    """What changed in other rows: cells that are empty again, and sources that are gone."""
    left: list[str]
    """What nothing uses any more and stays, for the course may have had it before."""


def drop(lesson: Lesson, *, force: bool = False) -> Dropped:
    """Take a lesson out of the course, and leave every other row of the tables to the byte.

    Its rows are its own in ``lessons``, those of a power and a text that no other lesson is about,
    and all rows of other tables that point to one of these: events of that power, claims with
    their sources, items with their options. What learners wrote lies elsewhere and stays.

    Parameters
    ----------
    lesson : Lesson
        An ``extra``, and the last one of the list: lessons are numbered through.
    force : bool
        Delete also what a person wrote.

    Returns
    -------
    Dropped

    Raises
    ------
    UserError
        If it is no extra, if a lesson comes after it, or if something of it is not as
        ``notebooks new`` made it and `force` is not given. Nothing is deleted then.
    """
    if lesson.kind != "extra":
        raise UserError(
            f"{lesson.name} is a lesson of the course proper, on which plans and other lessons "
            "rest. Only an extra is dropped."
        )
    if after := [known.name for known in course.lessons() if known.number > lesson.number]:
        raise UserError(
            f"Lessons are numbered through: drop {', '.join(reversed(after))} before {lesson.name}."
        )
    going = _Going(lesson)
    written = [*going.written_rows(lesson), *_written_files(lesson)]
    if written and not force:
        more = f" and {len(written) - MOST} more" if len(written) > MOST else ""
        raise UserError(
            f"A person wrote in {'; '.join(written[:MOST])}{more}. "
            "Add --force to delete that as well. Nothing was deleted."
        )
    left = [*_idle_works(lesson), *_made_from(lesson)]
    changed = _files(lesson)
    for path in changed:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
    # A table stands after those that it points to: cut short, this leaves no row that points
    # to nothing.
    for name, table in reversed(going.tables.items()):
        if gone := going.rows[name]:
            rest = table.without(gone)
            for column in _to_itself(table):
                rest = rest.emptied(column, going.keys[name])
            write_whole(table.file, rest.text.encode())
            changed.append(table.file)
    return Dropped(changed, list(going.besides()), left)


class _Going:
    """The rows that go with a lesson: its own, and all that point to one that goes."""

    def __init__(self, lesson: Lesson) -> None:
        self.tables = {name: draft.table(name) for name in draft.schemas()}
        self.keys = draft.own_keys(lesson)
        """What other tables point to, of the rows that go."""
        areas = {course.power(key).area for key in self.keys["powers"]}
        for name, column in (("areas", "name"), ("countries", "capital")):
            marked = [row for row, _ in self.tables[name].rows if MARK in row[column]]
            self.keys[name] = {self.tables[name].key(row)[0] for row in marked} & areas
        self.rows: dict[str, list[rows.Row]] = {}
        found = -1
        while found < (found := sum(map(len, self.rows.values()))) or not self.rows:
            for name, table in self.tables.items():
                self.rows[name] = [row for row, _ in table.rows if self._goes(name, row)]
                if len(table.schema["primaryKey"]) == 1:
                    self.keys[name] = {table.key(row)[0] for row in self.rows[name]}

        self.keys["sources"] = self._idle_sources()
        sources = self.tables["sources"].rows
        self.rows["sources"] = [
            row for row, _ in sources if row["source_id"] in self.keys["sources"]
        ]

    def _idle_sources(self) -> set[str]:
        """Return the sources that rows which go name, and no other row."""
        named: dict[bool, set[str]] = {True: set(), False: set()}
        for name, table in self.tables.items():
            columns = [one for one, other in _pointers(table).items() if other == "sources"]
            for row, _ in table.rows:
                named[row in self.rows[name]] |= {row[column] for column in columns}
        return named[True] - named[False]

    def _goes(self, name: str, row: rows.Row) -> bool:
        table = self.tables[name]
        key = table.key(row)
        return (len(key) == 1 and key[0] in self.keys.get(name, ())) or any(
            row[column] in self.keys.get(other, ()) for column, other in _pointers(table).items()
        )

    def written_rows(self, lesson: Lesson) -> Iterator[str]:
        """Yield each row that is not as a draft has it."""
        made = {
            (table.file.stem, table.key(row)): row
            for table, added in draft.row_sets(draft.values_of(lesson, lesson))
            for row in added
        }
        for name, gone in self.rows.items():
            table = self.tables[name]
            for row in gone:
                if row != made.get((name, table.key(row))):
                    yield table.named(row)

    def besides(self) -> Iterator[str]:
        """Yield each cell that is emptied in a row that stays, and each source that goes."""
        for name, table in self.tables.items():
            for column in _to_itself(table):
                for row, _ in table.rows:
                    if row[column] in self.keys.get(name, ()) and row not in self.rows[name]:
                        yield (
                            f"{table.named(row)}: its {column} named {row[column]} and is empty "
                            "again."
                        )
        for row in self.rows["sources"]:
            yield f"{self.tables['sources'].named(row)} is gone: no row that stays names it."


def _pointers(table: rows.Table) -> dict[str, str]:
    """Return the columns that point to another table, each with that table; "" is its own."""
    return {
        one["fields"][0]: one["reference"].get("resource", "")
        for one in table.schema.get("foreignKeys", [])
    }


def _to_itself(table: rows.Table) -> list[str]:
    return [column for column, other in _pointers(table).items() if not other]


def _idle_works(lesson: Lesson) -> Iterator[str]:
    """Yield each work that the lesson's notebook links and no other lesson does."""
    linked: dict[bool, set[str]] = {True: set(), False: set()}
    for one in course.lessons():
        if one.file.exists():
            linked[one == lesson] |= set(LINK.findall(one.file.read_text(encoding="utf-8")))
    works = draft.table("works")
    for row, _ in works.rows:
        if row["work"] in linked[True] - linked[False]:
            yield (
                f"{works.named(row)} stays, though no other lesson links it: delete the row if it "
                "came with this one."
            )


def _made_from(lesson: Lesson) -> Iterator[str]:
    """Yield each file in the present folder that a command made from the lesson."""
    for kind in ("slides", "handout", "evidence", "guide", "calibration"):
        for path in sorted(Path().glob(f"{kind}-{lesson.number}[.-]*")):
            yield f"{path} stays: it was made from this lesson."


def _files(lesson: Lesson) -> list[Path]:
    """Return what there is of a lesson besides rows: its notebook, its exercise twice."""
    root = course_root()
    folders = [root / name / lesson.name for name in ("solutions", "exercises")]
    paths = (root / "notebooks" / f"{lesson.name}.ipynb", *folders)
    return [path for path in paths if path.exists()]


def _written_files(lesson: Lesson) -> Iterator[str]:
    """Yield each file that is not as a draft has it; what learners get is made out of the others.

    The code of a draft says from which lesson it is. Where no cell says so any more, a person has
    been through all of them.
    """
    root = course_root()
    notebook = root / "notebooks" / f"{lesson.name}.ipynb"
    text = notebook.read_text(encoding="utf-8") if notebook.exists() else ""
    named = re.search(rf"{MARK}: this is code of lesson (\d\d);", text)
    source = course.lesson(named[1]) if named else lesson
    instructor = f'"{notebooks.INSTRUCTOR}"' in text
    values = draft.values_of(lesson, source, instructor=instructor)
    made = draft.content(values, source) if named else {}
    folder = root / "solutions" / lesson.name
    for file in (notebook, *sorted(folder.rglob("*"))):
        if file.is_file() and (
            file not in made or file.read_text(encoding="utf-8", errors="replace") != made[file]
        ):
            yield file.relative_to(root).as_posix()
