"""Marking written arguments with a sheet: six criteria, four levels, without names.

`sheet` writes the arguments of a class and an empty sheet; `enter` puts a filled-in sheet into
nbgrader's gradebook, as a score and a comment. Who prefers formgrader marks there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

import pandas as pd

from centralasia import notebooks
from centralasia.checks import keys
from centralasia.checks.learner import criteria
from centralasia.errors import UserError
from centralasia.grading.course import Course, comments, grades

COLUMNS = ["essay", "criterion", "level", "comment"]
_LEVEL = re.compile(r"^\*\*(.+?): level ([0-3])\.\*\*", re.MULTILINE)


def question(exercise: str) -> str:
    """Return the grade id of an exercise's argument."""
    asks = keys.load(exercise).questions.values()
    return next(ask.id for ask in asks if ask.kind == "argument")


def number(exercise: str, student: str) -> str:
    """Return the number under which a marker sees a student's argument."""
    return sha256(f"{keys.load(exercise).name} {student}".encode()).hexdigest()[:6]


def levels_in(comment: str) -> dict[str, int]:
    """Return the levels that a comment of `enter` gives, by criterion; else an empty dict."""
    return {criterion: int(level) for criterion, level in _LEVEL.findall(comment)}


def sheet(course: Course, exercise: str) -> tuple[str, str]:
    """Return the arguments of a class and a sheet to fill in, in an order that says nothing.

    Parameters
    ----------
    course : Course
    exercise : str

    Returns
    -------
    (str, str)
        Markdown, and a CSV with the columns ``essay``, ``criterion``, ``level``, ``comment``; an
        argument that was never written is in neither.

    Raises
    ------
    UserError
        If nothing was graded.
    """
    name, asked = keys.load(exercise).name, question(exercise)
    texts = {}
    with course.submissions(name) as found:
        for submission in found:
            grade = grades(submission).get(asked)
            written = grade is not None and grade.auto_score is None
            text = _text(course, submission.student_id, name, asked) if written else None
            if text is not None:
                texts[number(name, submission.student_id)] = text
    parts = [f"# Arguments, exercise {name}"]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for essay, text in sorted(texts.items()):
        parts.append(f"## Essay {essay}\n\n{text.strip()}")
        writer.writerows([essay, criterion, "", ""] for criterion in _points())
    return "\n\n".join(parts) + "\n", file.getvalue()


def _text(course: Course, student: str, name: str, asked: str) -> str | None:
    path = course.folder("autograded", student, name) / f"{name}.ipynb"
    if not path.is_file():
        return None
    cells = notebooks.read(path).cells
    asked_for = (c for c in cells if c.metadata.get("nbgrader", {}).get("grade_id") == asked)
    return next((cell.source for cell in asked_for), None)


def _points() -> dict[str, dict[int, tuple[float, str]]]:
    """Return points and descriptor by criterion and level."""
    found: dict[str, dict[int, tuple[float, str]]] = {}
    for row in criteria():
        level = int(row["level"]), (float(row["points"]), row["descriptor"])
        found.setdefault(row["criterion"], {})[level[0]] = level[1]
    return found


def enter(course: Course, exercise: str, path: str | Path) -> tuple[int, int]:
    """Put a filled-in sheet into the gradebook.

    Parameters
    ----------
    course : Course
    exercise : str
    path : str or path

    Returns
    -------
    (int, int)
        How many arguments are marked by the sheet, and how many it leaves open.

    Raises
    ------
    UserError
        If the sheet has a level other than 0 to 3, half a row of levels, or an unknown essay;
        the gradebook is then as it was.
    """
    name, asked = keys.load(exercise).name, question(exercise)
    marks = dict(_marks(pd.read_csv(path, dtype=str, keep_default_na=False), Path(path)))
    with course.gradebook() as book:
        students = {
            number(name, s.student_id): s.student_id for s in book.assignment_submissions(name)
        }
        unknown = sorted(set(marks) - set(students))
        if unknown:
            raise UserError(f"{path}: nobody handed in the essay {unknown[0]}.")
        done = {essay: rows for essay, rows in marks.items() if rows}
        for essay, rows in done.items():
            grade = book.find_grade(asked, name, name, students[essay])
            grade.manual_score = sum(_points()[c][level][0] for c, (level, _) in rows.items())
            grade.needs_manual_grade = False
            comment = book.find_comment(asked, name, name, students[essay])
            comment.manual_comment = _comment(rows)
        book.db.commit()
    return len(done), len(marks) - len(done)


def _marks(frame: pd.DataFrame, path: Path) -> Iterator[tuple[str, dict[str, tuple[int, str]]]]:
    """Yield each essay with its levels and comments; with none if it is not marked yet."""
    if list(frame.columns) != COLUMNS:
        raise UserError(f"{path} needs the columns {', '.join(COLUMNS)}.")
    for essay, rows in frame.groupby("essay", sort=False):
        filled = rows[rows["level"].str.strip() != ""]
        if filled.empty:
            yield essay, {}
            continue
        odd = filled[~filled["level"].str.strip().isin(list("0123"))]
        if not odd.empty:
            raise UserError(
                f"{path}: essay {essay}, {odd['criterion'].iloc[0]}, has the level "
                f"{odd['level'].iloc[0]!r}. Levels are 0, 1, 2 and 3."
            )
        if sorted(filled["criterion"]) != sorted(_points()):
            raise UserError(f"{path}: essay {essay} needs a level for each of the six criteria.")
        yield (
            essay,
            {row.criterion: (int(row.level), row.comment.strip()) for row in filled.itertuples()},
        )


def _comment(rows: Mapping[str, tuple[int, str]]) -> str:
    """Return what the learner reads: for each criterion the level, what it means, and why."""
    parts = []
    for criterion, (level, why) in rows.items():
        _, descriptor = _points()[criterion][level]
        parts.append(f"**{criterion}: level {level}.** {descriptor} {why}".strip())
    return "\n\n".join(parts)


def marked(course: Course, exercise: str) -> pd.DataFrame:
    """Return the levels that are in the gradebook: a row an argument, a column a criterion.

    An argument that was marked in formgrader has a score and no levels; it has no row.
    """
    asked = question(exercise)
    rows = []
    with course.submissions(keys.load(exercise).name) as found:
        for submission in found:
            levels = levels_in(comments(submission).get(asked, ""))
            if levels:
                rows.append(levels)
    return pd.DataFrame(rows, columns=list(_points()))
