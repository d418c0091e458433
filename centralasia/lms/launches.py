"""Who came to the hub from which course of a learning system, as the hub wrote it down.

``jupyterhub_lti.py`` adds a line to ``lti/launches.jsonl`` whenever somebody signs in: under which
id the hub has them, how the learning system numbers them, and where marks of that course go.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from centralasia.checks.cases import tidy_id
from centralasia.errors import UserError
from centralasia.lms.registration import FOLDER, address
from centralasia.lms.roster import Person, Roster

FILE = "launches.jsonl"


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What was last said of one person in one course.

    Parameters
    ----------
    learner_id : str
        The name on the hub.
    user : str
        The learning system's own id of the person, to which it takes marks.
    name, email : str
        Empty if the learning system does not share them.
    learner : bool
        Whether the person learns in the course.
    course, title : str
        The learning system's id of the course, and what it is called there.
    lineitems : str
        Where the columns of its gradebook are; empty if the tool may not see them.
    scope : tuple of str
        What the tool may do there.
    """

    learner_id: str
    user: str
    name: str
    email: str
    learner: bool
    course: str
    title: str
    lineitems: str
    scope: tuple[str, ...]


@dataclass(frozen=True)
class Course:
    """One course of a learning system: the last launch of each person in it, by id as compared."""

    id: str
    launches: Mapping[str, Launch]

    @property
    def last(self) -> Launch:
        """The newest launch; of those that say where marks go, if any does."""
        every = list(self.launches.values())
        return next((one for one in reversed(every) if one.lineitems), every[-1])

    @property
    def words(self) -> str:
        """What to call it."""
        return f"{self.id} ({self.last.title})" if self.last.title else self.id

    def of(self, person: Person) -> Launch | None:
        """Return the launch of somebody on the class list."""
        found = (self.launches.get(one) for one in person.ids)
        return next((one for one in found if one is not None), None)


def read(folder: Path) -> list[Course]:
    """Read all courses from which somebody came; a line that was cut short is passed over.

    Parameters
    ----------
    folder : pathlib.Path
        The folder ``lti``.

    Raises
    ------
    UserError
        If nobody came yet.
    """
    file = folder / FILE
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    courses: dict[str, dict[str, Launch]] = {}
    for launch in filter(None, map(_launch, lines)):
        people = courses.setdefault(launch.course, {})
        people.pop(tidy_id(launch.learner_id), None)
        people[tidy_id(launch.learner_id)] = launch
    if not courses:
        raise UserError(
            f"There is nobody in {file}: open one link of the course in the learning system "
            "yourself, so that the hub learns where its marks go. If the hub is on another "
            f"machine, copy the file from its folder {FOLDER}."
        )
    return [Course(name, people) for name, people in courses.items()]


def _launch(line: str) -> Launch | None:
    try:
        row: dict[str, Any] = json.loads(line)
        found = {one.name: row[one.name] for one in fields(Launch)}
        made = Launch(**found | {"scope": tuple(found["scope"])})
    except (ValueError, KeyError, TypeError):
        return None
    texts = (made.learner_id, made.user, made.course, made.lineitems, *made.scope)
    return made if all(isinstance(one, str) for one in texts) and made.user else None


def choose(courses: Iterable[Course], wanted: str | None) -> Course:
    """Return the course that is meant.

    Raises
    ------
    UserError
        If there are several and none was named, if there is none of that id, or if marks cannot
        go there.
    """
    every = list(courses)
    found = [one for one in every if wanted in (None, one.id)]
    if len(found) != 1:
        raise UserError(
            "Which course? Name one by its id with --course: "
            + "; ".join(one.words for one in every)
        )
    (course,) = found
    if not course.last.lineitems:
        raise UserError(
            f"The learning system did not say where marks of the course {course.words} go. Let "
            "the tool use the Assignment and Grade Services there, then open a link again."
        )
    address(course.last.lineitems.partition("?")[0])
    return course


def roster(folder: Path, course: Course) -> Roster:
    """Return a class list of all who came from a course to learn."""
    people = tuple(
        Person(id=one.learner_id, name=one.name, email=one.email)
        for one in course.launches.values()
        if one.learner
    )
    return Roster(folder / FILE, people, "learner_id")
