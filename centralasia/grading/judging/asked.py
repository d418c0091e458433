"""What a teacher asks of each exercise and by when: ``asked.csv`` of the course folder.

Its columns are ``exercise``, ``parts`` and ``due``. An exercise that is not in it is asked for
whole, with no date. The file is the teacher's to edit.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from centralasia import course, spreadsheets
from centralasia.errors import UserError
from centralasia.grading.handing_in import submission

FILE = "asked.csv"
COLUMNS = ("exercise", "parts", "due")


class Parts(StrEnum):
    """What is asked of an exercise, and what of it counts."""

    ALL = submission.ALL
    DATA = submission.DATA
    PRACTICE = "practice"
    """All, and the argument is marked and does not count."""
    NOTHING = "nothing"

    @property
    def released(self) -> str:
        """As `submission.released` takes it."""
        return submission.DATA if self is Parts.DATA else submission.ALL


@dataclass(frozen=True)
class Asked:
    """What is asked of one exercise.

    Parameters
    ----------
    exercise : str
    parts : Parts
    due : str
        A day or a time, as the teacher wrote it; may be empty.
    """

    exercise: str
    parts: Parts = Parts.ALL
    due: str = ""


def read(root: Path) -> dict[str, Asked]:
    """Return the rows of a course folder's table, by exercise; none if it has none.

    Raises
    ------
    UserError
        If a row names no exercise or no parts.
    """
    path = root / FILE
    if not path.is_file():
        return {}
    found: dict[str, Asked] = {}
    for row in spreadsheets.read(path, COLUMNS, others=True):
        name = course.lesson(row["exercise"]).name
        try:
            found[name] = Asked(name, Parts(row["parts"].casefold() or Parts.ALL), row["due"])
        except ValueError:
            raise UserError(
                f"{path}: {row['parts']!r} of {name} is none of {', '.join(Parts)}."
            ) from None
    return found


def of(root: Path, exercise: str) -> Asked:
    """Return what is asked of an exercise."""
    name = course.lesson(exercise).name
    return read(root).get(name, Asked(name))
