"""Whose each file of a download is, by the names that Moodle and Canvas give.

Moodle (``mod/assign/classes/downloader.php``): a folder for each learner and kind of submission,
``Full Name_1234_assignsubmission_file``, before 4.1 with one more ``_``; or, if the teacher chose
no folders, files whose names begin so. The number counts the participants of one assignment.

Canvas (``lib/content_zipper.rb``): ``lastfirst_LATE_1234_56789_name.ipynb``: the name in small
letters without blanks, ``LATE`` if it is, the learner's number, the file's number, its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import PurePosixPath

from centralasia import course
from centralasia.lms.roster import Person, Roster


class System(StrEnum):
    """Where a download comes from."""

    MOODLE = "moodle"
    CANVAS = "canvas"
    FOLDER = "folder"
    """No system: folders or files that are named by ids."""


MOODLE = re.compile(
    r"(?P<owner>(?P<name>.*)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)_?)(?P<rest>.*)"
)
CANVAS = re.compile(
    r"(?P<owner>(?P<name>.*?)(?:_(?P<late>LATE|late))?_(?P<number>\d+)_\d+)_(?P<rest>.+)"
)
CANVAS_ANON = re.compile(r"(?:anon|.*_anon)_\w{5}_\d+_(?P<rest>.+)")


@dataclass(frozen=True, kw_only=True)
class Owned:
    """Whose a file is.

    Parameters
    ----------
    person : Person or None
        None if it cannot be told.
    trouble : str
        Why not.
    foreign : bool
        Whether its name is none that the system gives.
    name : str
        The file's name as the learner handed it in.
    late : bool
        Whether the system says so.
    text : bool
        Whether it was typed into the system, and is no file of the learner's.
    """

    person: Person | None = None
    trouble: str = ""
    foreign: bool = False
    name: str = ""
    late: bool = False
    text: bool = False


def owned(path: PurePosixPath, system: System, roster: Roster) -> Owned:
    """Say whose a file is.

    Parameters
    ----------
    path : pathlib.PurePosixPath
        Its name in the download, which may lie one folder deeper than the system put it.
    system : System
    roster : Roster
    """
    if system == System.MOODLE:
        return _moodle(path, roster)
    if system == System.CANVAS:
        return _canvas(path, roster)
    return _folder(path, roster)


def _moodle(path: PurePosixPath, roster: Roster) -> Owned:
    for part in path.parts:
        found = MOODLE.fullmatch(part)
        if found is None:
            continue
        name = found["rest"] if part == path.name and found["rest"] else path.name
        of = Owned(name=name, text=found["kind"] == "onlinetext")
        person = roster.by_participant(found["number"])
        return replace(of, person=person) if person else _named(found["name"], roster, of)
    trouble = "Its name is none that Moodle gives to a submission."
    return Owned(trouble=trouble, foreign=True, name=path.name)


def _canvas(path: PurePosixPath, roster: Roster) -> Owned:
    if anonymous := CANVAS_ANON.fullmatch(path.name):
        trouble = "Canvas gave it out without a name. Download it with names, after marking."
        return Owned(trouble=trouble, name=anonymous["rest"])
    found = CANVAS.fullmatch(path.name)
    if found is None:
        trouble = "Its name is none that Canvas gives to a submission."
        return Owned(trouble=trouble, foreign=True, name=path.name)
    of = Owned(name=found["rest"], late=bool(found["late"]))
    person = roster.by_system(found["number"])
    return replace(of, person=person) if person else _named(found["name"], roster, of)


def _named(name: str, roster: Roster, of: Owned) -> Owned:
    """Look for a person by name alone, for a list that has no numbers."""
    people = roster.by_name(name)
    if len(people) == 1:
        return replace(of, person=people[0])
    trouble = f"Nobody in {roster.path.name} is {name or 'this'}."
    if people:
        trouble = (
            f"{len(people)} people in {roster.path.name} are called {name}. Use the list with "
            "numbers: Moodle's grading worksheet, or Canvas' gradebook."
        )
    return replace(of, trouble=trouble)


def _folder(path: PurePosixPath, roster: Roster) -> Owned:
    for part in path.parts[:-1]:
        if person := roster.by_id(part):
            return Owned(person=person, name=path.name)
    for lesson in course.lessons():  # ID_03-russia-3-return.ipynb
        before, found, after = path.name.partition(lesson.name)
        if found and (person := roster.by_file_name(before.strip("_- ."))):
            return Owned(person=person, name=found + after)
    where = f"Neither its folder nor its name is an id of {roster.path.name}."
    return Owned(trouble=where, name=path.name)
