"""What the grader decided on a submission, and the file that keeps it.

Beside a graded notebook the file is ``autograded/ID/EXERCISE/verdicts.json``. Of a submission that
was not graded it is ``ungraded/ID/EXERCISE/verdicts.json``, for nbgrader takes every folder below
``autograded`` for graded work.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from centralasia.files import write_whole
from centralasia.grading.handing_in.structure import Finding, FindingKind

FILE = "verdicts.json"
GRADED_IN, UNGRADED_IN = "autograded", "ungraded"
"""The steps, as nbgrader calls the folders of a course, in which a record is kept."""


class State(StrEnum):
    """What became of a submission."""

    GRADED = "graded"
    CUT_SHORT = "cut short"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    PUT_OFF = "put off"


class VerdictKind(StrEnum):
    """What was decided on a question; all but the last are the kinds of an outcome."""

    RIGHT = "right"
    WRONG = "wrong"
    NOT_ATTEMPTED = "not_attempted"
    CANNOT_CHECK = "cannot_check"
    MANUAL = "manual"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What was decided on one question.

    Parameters
    ----------
    question : str
        The grade id.
    kind : VerdictKind
        ``MANUAL`` for an argument, which a person reads.
    points, out_of : float
        Points of an argument are those that need no person: none.
    message, mistake : str
        Fit for the learner, with no expected value; a slug for the class report.
    confidence : float, optional
    """

    question: str
    kind: VerdictKind
    points: float
    out_of: float
    message: str = ""
    mistake: str = ""
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """What grading found out about one submission.

    Parameters
    ----------
    student, exercise : str
    state : State
        Never ``UNCHANGED``, which a later run says of a record that still holds.
    submission : str
        The digest of what was handed in; empty if it could not be read.
    digest : str
        Of the exercise, its key and the data.
    findings : tuple of Finding
        Of a submission that failed, why.
    trouble : str
        Of a submission that was put off, what kept the grader from it.
    verdicts : tuple of Verdict
        By question, in the order of the exercise.
    case : tuple
        What was asked of this learner.
    other_id : str, optional
        The id that the notebook gives, if it is not that of its folder.
    neighbours : tuple of str
        Others of the class for whose case two or more answers are right that are wrong here.
    lacking : tuple of str
        Packages that a cell asked for and the sandbox does not have, as the run stated them.
    ended : str
        Why the run ended before its last cell; empty if it did not.
    seconds : float
        That the run took.
    """

    student: str
    exercise: str
    state: State
    submission: str = ""
    digest: str = ""
    findings: tuple[Finding, ...] = ()
    trouble: str = ""
    verdicts: tuple[Verdict, ...] = ()
    case: tuple[str | int, ...] = ()
    other_id: str | None = None
    neighbours: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    ended: str = ""
    seconds: float = 0.0

    @property
    def by_question(self) -> dict[str, Verdict]:
        """The verdicts by question."""
        return {verdict.question: verdict for verdict in self.verdicts}


def dumps(record: Record) -> str:
    """Return a record as JSON."""
    return json.dumps(asdict(record), ensure_ascii=False, indent=1) + "\n"


def loads(text: str) -> Record:
    """Return the record that a JSON text holds.

    Raises
    ------
    ValueError
        If it holds none.
    """
    try:
        return _record(json.loads(text))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(f"not a record of the grader: {error}") from error


def _record(plain: dict[str, Any]) -> Record:
    findings = tuple(
        Finding(**(row | {"kind": FindingKind(row["kind"])})) for row in plain["findings"]
    )
    verdicts = tuple(
        Verdict(**(row | {"kind": VerdictKind(row["kind"])})) for row in plain["verdicts"]
    )
    typed = {
        "state": State(plain["state"]),
        "findings": findings,
        "verdicts": verdicts,
        "case": tuple(plain["case"]),
        "neighbours": tuple(plain.get("neighbours", ())),
        "lacking": tuple(plain["lacking"]),
    }
    return Record(**(plain | typed))


def write(folder: Path, record: Record) -> None:
    """Write a record into a folder, which is made if it is not there.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / FILE, dumps(record).encode("utf-8", "replace"))


def read(folder: Path) -> Record | None:
    """Return the record in a folder; None if there is none that can be read.

    Parameters
    ----------
    folder : pathlib.Path
        ``autograded/ID/EXERCISE`` or ``ungraded/ID/EXERCISE``. nbgrader alone writes no record.
    """
    try:
        return loads((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def drop(folder: Path) -> None:
    """Take a record away, before what it says is made untrue.

    Raises
    ------
    OSError
        If it cannot be taken away.
    """
    (folder / FILE).unlink(missing_ok=True)
