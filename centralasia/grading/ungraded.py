"""A page for whoever handed in what could not be graded: what is wrong, and what to do."""

from __future__ import annotations

import shutil
from html import escape
from pathlib import Path

from centralasia import style
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading import intake
from centralasia.grading.course import Course

CARRIED = ("submission_secret.txt", "timestamp.txt")
"""By these files nbgrader's exchange knows whose feedback it is."""


def students(course: Course, name: str) -> list[str]:
    """Return whose work the grader met and could not grade."""
    try:
        with course.submissions(name) as found:
            known = [submission.student_id for submission in found]
    except UserError:
        return []
    return [
        student
        for student in known
        if not course.folder("autograded", student, name).is_dir()
        and course.folder("submitted", student, name).is_dir()
    ]


def write(course: Course, name: str, student: str) -> Path:
    """Write the page to where nbgrader's feedback would be."""
    work = course.folder("submitted", student, name)
    folder = course.folder("feedback", student, name)
    folder.mkdir(parents=True, exist_ok=True)
    for file in CARRIED:
        # A link would put what it leads to, which may be the teacher's, among the learner's files.
        if (work / file).is_file() and not (work / file).is_symlink():
            shutil.copyfile(work / file, folder / file)
    page = folder / f"{name}.html"
    write_whole(page, _html(name, _reasons(work, name)).encode())
    return page


def _reasons(work: Path, name: str) -> list[str]:
    try:
        found = [str(finding) for finding in intake.look(work, name).findings]
    except intake.Unusable as error:
        found = [str(error)]
    return found or ["The program could not read it. Please ask your teacher."]


def _html(name: str, reasons: list[str]) -> str:
    items = "".join(f"<li>{escape(reason)}</li>" for reason in reasons)
    main = (
        f"<p>What you handed in could not be graded, so it has no points yet.</p><ul>{items}</ul>"
        "<p>Mend it, try <code>centralasia check-submission</code>, and hand it in again.</p>"
    )
    return style.page(f"{name}: not graded", main, width=50)
