"""Who is in the class, as Moodle's and Canvas' own exports say it.

Moodle: the grading worksheet of an assignment (it alone has the number by which the folders of a
downloaded zip are named), the list of participants, or the grader report. Canvas: the gradebook,
whose column ``ID`` is in the names of the downloaded files. The headings that are understood stand
in ``headings.csv``. A list of one's own needs a column ``learner_id``.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from centralasia import spreadsheets
from centralasia.checks.cases import GUEST, tidy_id
from centralasia.errors import UserError
from centralasia.grading.handing_in.submission import in_a_name
from centralasia.lms import clock

FILE = "roster.csv"
HEADINGS = Path(__file__).with_name("headings.csv")
IDS = ("learner_id", "login", "number", "email", "participant", "system")
"""The fields that can serve as the learner's id, the first that everybody has."""
_UNFIT = re.compile(r'[/\\*?\[\]<>:"|\x00-\x1f\x7f]|^\.|\.$')
_DIGITS = re.compile(r"\d+")
_LEFT_OUT = re.compile(r"""[&<>"`|':\\/]""")
"""What Moodle leaves out of a name when it makes a folder's name of it: O'Connor is OConnor."""


@dataclass(frozen=True, kw_only=True)
class Person:
    """One learner.

    Parameters
    ----------
    id : str
        Under which their work is graded, and which they type into their notebooks.
    first, last, name, login, number, email, section : str
        As the export has them; empty where it has none.
    participant : str
        Moodle's number of them in one assignment, in digits.
    system : str
        Canvas' own number of them.
    handed_in : str
        When they last handed in, in UTC as `clock.stamp` writes it; empty if it is not known.
    """

    id: str
    first: str = ""
    last: str = ""
    name: str = ""
    login: str = ""
    number: str = ""
    email: str = ""
    section: str = ""
    participant: str = ""
    system: str = ""
    handed_in: str = ""

    @property
    def words(self) -> str:
        """What to call them."""
        return self.name or " ".join(part for part in (self.first, self.last) if part) or self.id

    @property
    def ids(self) -> Iterator[str]:
        """All by which somebody may mean this person, as they are compared."""
        every = (self.id, self.login, self.number, self.email, self.system)
        yield from (tidy_id(one) for one in every if one)


@dataclass(frozen=True)
class Roster:
    """A class.

    Parameters
    ----------
    path : pathlib.Path
        The file from which it was read.
    people : tuple of Person
        In the order of the file.
    field : str
        Which of `IDS` gave the learner's id.
    """

    path: Path
    people: tuple[Person, ...]
    field: str

    def __iter__(self) -> Iterator[Person]:
        """Go through the people."""
        return iter(self.people)

    def by_id(self, typed: str) -> Person | None:
        """Return the person whose id, login, number or e-mail address this is, if it is one's."""
        wanted = tidy_id(typed)
        return _only(person for person in self if wanted in person.ids)

    def by_file_name(self, name: str) -> Person | None:
        """Return the person whose id this is as the name of a file has it, if it is one's."""
        wanted = tidy_id(in_a_name(name))
        same = (p for p in self if wanted in {tidy_id(in_a_name(one)) for one in p.ids})
        return self.by_id(name) or _only(same)

    def by_participant(self, number: str) -> Person | None:
        """Return the person whom Moodle counts as this number in the assignment."""
        return _only(p for p in self if p.participant and p.participant == number.lstrip("0"))

    def by_system(self, number: str) -> Person | None:
        """Return the person whose number Canvas gives."""
        return _only(person for person in self if person.system and person.system == number)

    def by_name(self, name: str) -> list[Person]:
        """Return all who are called so, whatever the order of the parts."""
        wanted = _words(name)
        return [person for person in self if wanted and wanted in _names(person)]


def _only(found: Iterable[Person]) -> Person | None:
    every = list(found)
    return every[0] if len(every) == 1 else None


def _words(name: str) -> tuple[str, ...]:
    """Return a name's parts as they are compared."""
    plain = _LEFT_OUT.sub("", unicodedata.normalize("NFC", name)).casefold()
    return tuple(sorted(re.findall(r"[\w’-]+", plain.replace("_", " "))))


def _names(person: Person) -> set[tuple[str, ...]]:
    joined = re.sub(r"\W|_", "", unicodedata.normalize("NFC", person.name).casefold())
    return {_words(person.name), _words(f"{person.first} {person.last}"), (joined,)} - {()}


@cache
def headings() -> dict[str, str]:
    """Return the field that each heading names, by the heading in small letters."""
    with HEADINGS.open(encoding="utf-8", newline="") as file:
        return {row["heading"].casefold(): row["field"] for row in csv.DictReader(file)}


def find(given: Path | None, root: Path) -> Path:
    """Return the class list that is meant: a given one, or ``roster.csv`` of the course folder.

    Raises
    ------
    UserError
        If there is none.
    """
    path = given or root / FILE
    if not path.is_file():
        raise UserError(
            f"There is no file {path}. Name the class list with --roster: Moodle's grading "
            "worksheet, or Canvas' gradebook, as it was downloaded."
        )
    return path


def read(path: Path, id_column: str | None = None) -> Roster:
    """Read a class list.

    Parameters
    ----------
    path : pathlib.Path
        CSV as the system or Excel wrote it.
    id_column : str, optional
        The heading of the column that holds the learner's id; if left out, the first of `IDS` that
        everybody has.

    Returns
    -------
    Roster

    Raises
    ------
    UserError
        If no column names people, an id is missing, stands there twice, or can name no folder.
    OSError
        If there is no such file.
    """
    head, *rows = spreadsheets.lines(path)
    fields = _fields(head)
    if id_column is not None:
        wanted = [n for n, name in enumerate(head) if name.casefold() == id_column.casefold()]
        if not wanted:
            raise UserError(f"{path} has no column {id_column!r}; it has {', '.join(head[:12])}.")
        fields = {**fields, "learner_id": wanted[0]}
    found = [_cells(row, fields) for row in rows]
    found = [row for row in found if not _is_no_person(row)]
    if not found:
        raise UserError(f"{path} lists nobody.")
    field = next((f for f in IDS if f in fields and all(row.get(f) for row in found)), None)
    if field is None:
        raise UserError(
            f"{path} has no column with an id for everybody. It needs one of: Username, SIS Login "
            "ID, ID number, Email address, or learner_id."
        )
    people = tuple(_person(row, field) for row in found)
    _check(path, people)
    return Roster(path, people, field)


def _fields(head: Sequence[str]) -> dict[str, int]:
    """Return the column of each field; of two for one field the first."""
    fields: dict[str, int] = {}
    for n, name in enumerate(head):
        field = headings().get(name.casefold())
        if field is not None:
            fields.setdefault(field, n)
    plain = [name.casefold() for name in head]
    if "id" in plain:  # Canvas' number of a person, or what Moodle in German calls the participant
        fields.setdefault("system" if "student" in plain or "lastname" in plain else "participant",
                          plain.index("id"))  # fmt: skip
    return fields


def _cells(row: Sequence[str], fields: dict[str, int]) -> dict[str, str]:
    return {field: row[n] if n < len(row) else "" for field, n in fields.items()}


def _is_no_person(row: dict[str, str]) -> bool:
    """Say whether a row of Canvas' gradebook is about no learner."""
    name = row.get("name", row.get("last", "")).strip().casefold()
    return name in ("points possible", "student, test", "test student")


def _person(row: dict[str, str], field: str) -> Person:
    name, first, last = row.get("name", ""), row.get("first", ""), row.get("last", "")
    if not (first or last) and "," in name:  # Canvas writes the last name first
        last, _, first = (part.strip() for part in name.partition(","))
    number = _DIGITS.findall(row.get("participant", ""))
    about = {key: row.get(key, "") for key in ("login", "number", "email", "section", "system")}
    return Person(
        id=row[field],
        first=first,
        last=last,
        name=name,
        participant=number[-1].lstrip("0") if number else "",
        handed_in=clock.understood(row.get("handed_in", "")),
        **about,
    )


def _check(path: Path, people: Sequence[Person]) -> None:
    """Refuse ids under which work could not be kept apart or kept at all."""
    counts = Counter(tidy_id(person.id) for person in people)
    twice = next((person for person in people if counts[tidy_id(person.id)] > 1), None)
    if twice is not None:
        raise UserError(f"{path}: two people have the id {twice.id!r}. Choose another --id column.")
    for person in people:
        if _UNFIT.search(person.id) or tidy_id(person.id) == GUEST or len(person.id) > 100:
            raise UserError(
                f"{path}: the id {person.id!r} of {person.words} cannot name a folder. Choose "
                "another --id column."
            )
