"""A page for whoever handed in what could not be graded: what is wrong, and what to do."""

from __future__ import annotations

import shutil
from pathlib import Path

from centralasia import style, templates
from centralasia.files import write_whole
from centralasia.grading.afterwards.folder import CourseFolder
from centralasia.grading.judging import verdicts
from centralasia.grading.judging.book import CARRIED
from centralasia.grading.judging.verdicts import UNGRADED_IN, Record, State


def records(course: CourseFolder, name: str) -> dict[str, Record]:
    """Return what the grader wrote down about work that it could not grade, by student."""
    kept = {
        student: verdicts.read(course.folder(UNGRADED_IN, name, student))
        for student in course.book.students(UNGRADED_IN, name)
    }
    return {who: record for who, record in kept.items() if record and record.state == State.FAILED}


def write(course: CourseFolder, record: Record) -> Path:
    """Write the page to where nbgrader's feedback would be."""
    work = course.folder("submitted", record.exercise, record.student)
    folder = course.folder("feedback", record.exercise, record.student)
    folder.mkdir(parents=True, exist_ok=True)
    for file in CARRIED:
        # A link would put what it leads to, which may be the teacher's, among the learner's files.
        if (work / file).is_file() and not (work / file).is_symlink():
            shutil.copyfile(work / file, folder / file)
    page = folder / f"{record.exercise}.html"
    write_whole(page, html(record).encode())
    return page


def html(record: Record) -> str:
    """Return the page."""
    return templates.render(
        "grading/afterwards/templates/ungraded.html",
        exercise=record.exercise,
        findings=record.findings,
        sheet=style.sheet(),
    )
