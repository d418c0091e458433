"""The teacher's commands around a graded exercise; each returns the exit code."""

from __future__ import annotations

import argparse
from pathlib import Path

from centralasia.checks import keys
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading.course import Course


def feedback(options: argparse.Namespace) -> int:
    """Write a page of feedback for each learner."""
    from centralasia.grading import feedback

    pages = feedback.make(Course(options.dir, options.db), options.exercise, options.students)
    for page in pages:
        print(page)
    print(f"{len(pages)} pages. To hand them out: nbgrader release_feedback EXERCISE")
    return 0


def essays(options: argparse.Namespace) -> int:
    """Write a sheet for marking arguments, or enter one that is filled in."""
    from centralasia.grading import essays

    course = Course(options.dir, options.db)
    if options.sheet:
        done, left = essays.enter(course, options.exercise, options.sheet)
        print(f"{done} arguments are marked" + (f", {left} are left open." if left else "."))
        return 0
    name = keys.load(options.exercise).name
    texts, table = essays.sheet(course, name)
    for suffix, content in ((".md", texts), (".csv", table)):
        path = options.dir / f"essays-{name[:2]}{suffix}"
        if path.exists():
            raise UserError(f"{path} exists and is left as it is; move it away for a new one.")
        write_whole(path, content.encode())
        print(path)
    print("Enter a level from 0 to 3 in each row, and if you like a comment, then:")
    print(f"  centralasia essays {name[:2]} {options.dir / f'essays-{name[:2]}.csv'}")
    return 0


def report(options: argparse.Namespace) -> int:
    """Analyse the questions of an exercise."""
    from centralasia.grading import analysis, page

    found = analysis.report(Course(options.dir, options.db), options.exercise)
    page.show(found)
    for path in page.write(found, options.dir / "reports" / found.exercise):
        print(path)
    return 0


def export_grades(options: argparse.Namespace) -> int:
    """Write scores for another system."""
    from centralasia.grading import export

    course = Course(options.dir, options.db)
    target: Path = options.to or options.dir / f"grades-{options.system}.csv"
    if target.exists():
        raise UserError(f"{target} exists and is left as it is. Choose another name with --to.")
    if options.system == "nbgrader":
        export.nbgrader(course, options.exercises, str(target))
        print(target)
        return 0
    names, worth, rows = export.scores(course, options.exercises)
    write_whole(target, export.TABLES[options.system](names, worth, rows).encode())
    print(target)
    empty = sum(points is None for row in rows for points in row.points)
    if empty:
        print(f"{empty} cells are empty: not handed in, or an argument is not marked yet.")
    return 0
