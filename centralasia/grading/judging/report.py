"""What became of each submission: one line each, as a table and as a text."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from centralasia import spreadsheets
from centralasia.files import write_whole
from centralasia.grading.judging.verdicts import Record, State, VerdictKind

COLUMNS = ("student", "state", "points", "out_of", "by_hand", "seconds", "why")
WORDS = {
    State.GRADED: "graded",
    State.CUT_SHORT: "graded as far as they ran",
    State.UNCHANGED: "graded before, and unchanged since",
    State.FAILED: "not graded: 0 points",
    State.PUT_OFF: "not graded for a reason that is not theirs; give the same command again",
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """What became of one submission.

    Parameters
    ----------
    student : str
    state : State
    points, out_of : float
        Of the questions that a program grades.
    by_hand : float
        Points that a person has still to give or not to give.
    seconds : float
    why : tuple of str
        What went wrong, and what was odd.
    """

    student: str
    state: State
    points: float = 0
    out_of: float = 0
    by_hand: float = 0
    seconds: float = 0
    why: tuple[str, ...] = ()


def line(record: Record, worth: float, by_hand: float, unchanged: bool = False) -> Line:
    """Return the line of a record.

    Parameters
    ----------
    record : Record
    worth, by_hand : float
        The points that a program gives in this exercise, and those that a person gives.
    unchanged : bool, default False
        Say that it was graded before.
    """
    why = [record.trouble] if record.trouble else []
    if record.ended:
        why.append(f"The run ended early: {record.ended}.")
    if record.other_id:
        why.append(f"The notebook gives another id: {record.other_id}.")
    if record.neighbours:
        names = ", ".join(record.neighbours)
        why.append(f"Two or more wrong answers are right for the case of {names}.")
    if record.lacking:
        names = ", ".join(record.lacking)
        why.append(
            f"The sandbox does not have what a cell imports: {names}. The import alone costs "
            "nothing; what uses it stops."
        )
    why += map(str, record.findings)
    graded = record.state in (State.GRADED, State.CUT_SHORT)
    judged = [one for one in record.verdicts if one.kind != VerdictKind.MANUAL]
    return Line(
        student=record.student,
        state=State.UNCHANGED if unchanged else record.state,
        points=sum(one.points for one in judged),
        out_of=0 if record.state == State.PUT_OFF else worth,
        by_hand=by_hand if graded else 0,
        seconds=record.seconds,
        why=tuple(why),
    )


def write(
    folder: Path, lines: Sequence[Line], alike: Sequence[Sequence[str]] = ()
) -> tuple[Path, Path]:
    """Write the report.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there.
    lines : sequence of Line
    alike : sequence of sequence of str
        As for `text`.

    Returns
    -------
    (pathlib.Path, pathlib.Path)
        ``grading.csv`` and ``grading.txt``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = sorted(lines, key=lambda line: line.student)
    rows = [
        [
            *(spreadsheets.cell(getattr(line, name)) for name in COLUMNS[:-1]),
            spreadsheets.cell(" ".join(map(printable, line.why))),
        ]
        for line in lines
    ]
    table, words = folder / "grading.csv", folder / "grading.txt"
    write_whole(table, spreadsheets.written([COLUMNS, *rows]).encode())
    write_whole(words, text(lines, alike).encode())
    return table, words


def text(lines: Sequence[Line], alike: Sequence[Sequence[str]] = ()) -> str:
    """Return the report as a person reads it: the counts, then whatever needs a look.

    Parameters
    ----------
    lines : sequence of Line
    alike : sequence of sequence of str
        Students whose answers have the same code.
    """
    parts = []
    for state, words in WORDS.items():
        count = sum(line.state == state for line in lines)
        if count:
            parts.append(f"{count:4} {words}")
    for line in lines:
        if line.why:
            parts.append(f"\n{printable(line.student)} ({line.state})")
            parts += [f"  - {printable(reason)}" for reason in line.why]
    if alike:
        parts.append(
            "\nThe code of three or more answers is the same; nobody has lost a point by it"
        )
        parts += [f"  - {printable(', '.join(names))}" for names in alike]
    return "\n".join(parts) + "\n"


def printable(text: str) -> str:
    """Return a text without what could steer a terminal: learners have had a hand in it."""
    return "".join(" " if unicodedata.category(c)[0] == "C" else c for c in str(text))[:1000]
