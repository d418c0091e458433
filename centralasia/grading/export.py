"""Scores for other systems: nbgrader's own table, and those that Canvas and Moodle import.

Canvas's importer wants the headings Student, ID, SIS User ID, SIS Login ID, Section, then one
column an assignment, and takes a row whose first cell says Points Possible for the maxima. It looks
a student up by ID, then by SIS User ID, SIS Login ID and name; an empty cell changes nothing
(``lib/gradebook_importer.rb`` of instructure/canvas-lms). Our ids stand under SIS Login ID.

Moodle lets the teacher map each column when a file is imported: here Username, Email address or ID
number to the user, and the exercise's column to its grade item
(https://docs.moodle.org/405/en/Grade_import).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from centralasia.grading.course import Course
from centralasia.grading.report import cell

SYSTEMS = ("nbgrader", "canvas", "moodle")


@dataclass(frozen=True)
class Score:
    """A student's score in each exercise; None if it is not known, or not whole yet."""

    student: str
    first: str
    last: str
    email: str
    points: tuple[float | None, ...]


def scores(
    course: Course, exercises: Sequence[str] = ()
) -> tuple[list[str], list[float], list[Score]]:
    """Return the exercises in the gradebook, their points, and a score for each student.

    A submission with an argument that nobody has marked has no score yet.

    Parameters
    ----------
    course : Course
    exercises : sequence of str
        Names or numbers; all if empty.

    Returns
    -------
    (list of str, list of float, list of Score)
    """
    with course.gradebook() as book:
        chosen = [
            a for a in book.assignments if not exercises or {a.name, a.name[:2]} & set(exercises)
        ]
        found = [
            Score(
                student.id,
                student.first_name or "",
                student.last_name or "",
                student.email or "",
                tuple(_points(assignment, student.id) for assignment in chosen),
            )
            for student in book.students
        ]
        return [a.name for a in chosen], [float(a.max_score) for a in chosen], found


def _points(assignment: object, student: str) -> float | None:
    for submission in assignment.submissions:
        if submission.student_id == student and not submission.needs_manual_grade:
            return max(0.0, submission.score - (submission.late_submission_penalty or 0.0))
    return None


def canvas(names: Sequence[str], worth: Sequence[float], rows: Sequence[Score]) -> str:
    """Return a table for Canvas: Grades, Import."""
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *names]
    most = ["    Points Possible", "", "", "", "", *map(_plain, worth)]
    body = [
        [cell(_canvas_name(row)), "", "", row.student, "", *map(_plain, row.points)] for row in rows
    ]
    return _table([head, most, *body])


def _canvas_name(row: Score) -> str:
    return ", ".join(part for part in (row.last, row.first) if part) or row.student


def moodle(names: Sequence[str], worth: Sequence[float], rows: Sequence[Score]) -> str:
    """Return a table for Moodle: Grades, Import, CSV file."""
    head = ["Username", "First name", "Last name", "Email address"]
    head += [f"{name} (of {points:g})" for name, points in zip(names, worth, strict=True)]
    body = [
        [row.student, *map(cell, (row.first, row.last, row.email)), *map(_plain, row.points)]
        for row in rows
    ]
    return _table([head, *body])


TABLES: dict[str, Callable[..., str]] = {"canvas": canvas, "moodle": moodle}


def nbgrader(course: Course, exercises: Sequence[str], path: str) -> None:
    """Write what ``nbgrader export`` writes."""
    from nbgrader.plugins import CsvExportPlugin

    names, _, _ = scores(course, exercises)
    with course.gradebook() as book:
        CsvExportPlugin(to=path, assignment=names).export(book)


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"


def _table(rows: list[list[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()
