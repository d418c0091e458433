"""What became of each submission: one line each, as a table and as a text."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from centralasia.files import write_whole

COLUMNS = ("student", "state", "points", "out_of", "by_hand", "seconds", "why")
STATES = {
    "graded": "graded",
    "cut short": "graded as far as they ran",
    "unchanged": "graded before, and unchanged since",
    "failed": "not graded: 0 points",
    "put off": "not graded for a reason that is not theirs; give the same command again",
}


@dataclass(frozen=True)
class Line:
    """What became of one submission.

    Parameters
    ----------
    student, state : str
        The state is a key of `STATES`.
    points, out_of : float
        Of the questions that a program grades.
    by_hand : float
        Points that a person has still to give or not to give.
    seconds : float
    why : tuple of str
        What went wrong, and what was odd.
    """

    student: str
    state: str
    points: float = 0
    out_of: float = 0
    by_hand: float = 0
    seconds: float = 0
    why: tuple[str, ...] = field(default=())


def write(folder: Path, lines: Sequence[Line]) -> tuple[Path, Path]:
    """Write the report.

    Parameters
    ----------
    folder : pathlib.Path
        Made if it is not there.
    lines : sequence of Line

    Returns
    -------
    (pathlib.Path, pathlib.Path)
        ``grading.csv`` and ``grading.txt``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = sorted(lines, key=lambda line: line.student)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        told = [getattr(line, name) for name in COLUMNS[:-1]]
        writer.writerow([cell(one) for one in [*told, " ".join(map(printable, line.why))]])
    table, words = folder / "grading.csv", folder / "grading.txt"
    write_whole(table, file.getvalue().encode())
    write_whole(words, text(lines).encode())
    return table, words


def text(lines: Sequence[Line]) -> str:
    """Return the report as a person reads it: the counts, then whatever needs a look."""
    parts = []
    for state, words in STATES.items():
        count = sum(line.state == state for line in lines)
        if count:
            parts.append(f"{count:4} {words}")
    for line in lines:
        if line.why:
            parts.append(f"\n{printable(line.student)} ({line.state})")
            parts += [f"  - {printable(reason)}" for reason in line.why]
    return "\n".join(parts) + "\n"


def printable(text: str) -> str:
    """Return a text without what could steer a terminal: learners have had a hand in it."""
    return "".join(" " if unicodedata.category(c)[0] == "C" else c for c in str(text))[:1000]


def cell(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") else value
