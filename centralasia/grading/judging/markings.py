"""What people gave for arguments: kept apart by marker, never overwritten, and what counts of it.

Each time somebody marks or moderates an argument, a line is added to
``marked/ID/EXERCISE/markings.jsonl``, with the time and a digest of the text that was marked. What
counts is worked out from these lines, so that a regrade of the same text finds every mark again,
and a text that was changed has none.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from centralasia import jsonl, templates
from centralasia.checks.learner import criteria

if TYPE_CHECKING:
    from nbformat import NotebookNode

MARKED_IN, FILE, OLD_FILE = "marked", "markings.jsonl", "marks.json"


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What a person gave for one criterion.

    Parameters
    ----------
    criterion : str
    level : int
        0 to 3.
    comment : str
        For the learner; may be empty.
    """

    criterion: str
    level: int
    comment: str = ""


@dataclass(frozen=True, kw_only=True)
class Marking:
    """One marking of one argument.

    Parameters
    ----------
    marks : tuple of Mark
        By criterion.
    marker : str
        A name or initials; empty for the only marker of a class.
    text : str
        Digest of the text that was marked; empty in course folders from before it was kept.
    time : str
        In ISO 8601.
    moderates : bool
        Whether it settles a difference between others.
    """

    marks: tuple[Mark, ...]
    marker: str = ""
    text: str = ""
    time: str = ""
    moderates: bool = False

    @property
    def levels(self) -> dict[str, int]:
        """The levels by criterion."""
        return {mark.criterion: mark.level for mark in self.marks}


@dataclass(frozen=True, kw_only=True)
class Settled:
    """What counts of an argument's markings.

    Parameters
    ----------
    marks : tuple of Mark
        Empty if nothing counts yet.
    by : tuple of Marking
        The last marking of each marker, those of moderation last.
    """

    marks: tuple[Mark, ...] = ()
    by: tuple[Marking, ...] = ()

    @property
    def differ(self) -> bool:
        """Whether markers differ and nobody has moderated."""
        return bool(self.by) and not self.marks


@dataclass(frozen=True, kw_only=True)
class Descriptor:
    """What a level of a criterion is worth, and what it means."""

    points: float
    text: str


Rubric = dict[str, dict[int, Descriptor]]
"""By criterion and level."""


def rubric() -> Rubric:
    """Return the rubric, read anew: who needs it twice keeps it."""
    of: Rubric = {}
    for row in criteria():
        level = Descriptor(points=float(row["points"]), text=row["descriptor"])
        of.setdefault(row["criterion"], {})[int(row["level"])] = level
    return of


def points(marks: Iterable[Mark], of: Rubric) -> float:
    """Return what marks are worth."""
    return sum(of[mark.criterion][mark.level].points for mark in marks)


def comment(marks: Iterable[Mark], of: Rubric) -> str:
    """Return what the learner reads: for each criterion the level, what it means, and why."""
    rows = [(mark, of[mark.criterion][mark.level].text) for mark in marks]
    return templates.render("grading/judging/templates/marks.md", rows=rows).strip()


def digest(text: str) -> str:
    """Return a digest of a text, whatever blanks stand at the ends of its lines."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    return sha256(lines.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def now() -> str:
    """Return the time at which something is marked."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def add(folder: Path, marking: Marking) -> None:
    """Add a marking to those of an argument.

    Raises
    ------
    OSError
        If it cannot be kept; what was there stays.
    """
    folder.mkdir(parents=True, exist_ok=True)
    line = json.dumps(asdict(marking), ensure_ascii=False)
    jsonl.append(folder / FILE, f"{line}\n".encode(), mode=0o666)


def read(folder: Path) -> list[Marking]:
    """Return the markings of an argument in their order; a line that cannot be read is left out."""
    try:
        lines = (folder / FILE).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    found = [marking for line in lines if (marking := _marking(line)) is not None]
    return found or _old(folder)


def _marking(line: str) -> Marking | None:
    try:
        row = json.loads(line)
        marks = tuple(Mark(**mark) for mark in row.pop("marks"))
        return Marking(marks=marks, **row)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _old(folder: Path) -> list[Marking]:
    """Return the one marking that course folders kept before."""
    try:
        rows = json.loads((folder / OLD_FILE).read_text(encoding="utf-8"))["marks"]
        return [Marking(marks=tuple(Mark(**row) for row in rows))]
    except (OSError, ValueError, TypeError, KeyError):
        return []


def settle(markings: Iterable[Marking], text: str) -> Settled:
    """Return what counts of the markings of a text.

    One marker's marks count. Of two markers' they count where all levels agree; where they differ,
    those of whoever moderated after them do.

    Parameters
    ----------
    markings : iterable of Marking
        In their order.
    text : str
        As it stands now; markings of another text are left out.
    """
    of_text = [one for one in markings if one.text in ("", digest(text))]
    last: dict[str, Marking] = {}
    moderation: Marking | None = None
    for one in of_text:
        if one.moderates:
            moderation = one
        else:
            last[one.marker] = one
            moderation = None if moderation and not _same((moderation, one)) else moderation
    by = (*last.values(), *((moderation,) if moderation else ()))
    if moderation is not None:
        return Settled(marks=moderation.marks, by=by)
    if last and _same(tuple(last.values())):
        return Settled(marks=_joined(tuple(last.values())), by=by)
    return Settled(by=by)


def _same(markings: Sequence[Marking]) -> bool:
    return all(one.levels == markings[0].levels for one in markings)


def _joined(markings: Sequence[Marking]) -> tuple[Mark, ...]:
    """Return marks on which all agree, with what each said."""
    joined = []
    for mark in markings[0].marks:
        said = [
            other.comment
            for one in markings
            for other in one.marks
            if other.criterion == mark.criterion and other.comment
        ]
        comment = " ".join(dict.fromkeys(said))
        joined.append(Mark(criterion=mark.criterion, level=mark.level, comment=comment))
    return tuple(joined)


def text_of(cells: Iterable[NotebookNode], question: str) -> str | None:
    """Return the text that stands in the cell of an argument; None if there is no such cell."""
    asked = (c for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") == question)
    return next((str(cell.source) for cell in asked), None)
