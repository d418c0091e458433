"""A class for tests of grading: folders of submissions, and a run over them."""

import contextlib
from dataclasses import replace

from centralasia import notebooks
from centralasia.checks import keys
from centralasia.grading.judging import grade
from centralasia.grading.running.limits import Limits
from centralasia.grading.running.workers import connect
from centralasia.paths import exercises_dir

NAME = "03-russia-3-return"
QUICK = Limits(cell_seconds=4, wall_seconds=12, cpu_seconds=30, memory_mb=400, output_kb=64)


def released(name=NAME):
    return notebooks.read(exercises_dir() / name / f"{name}.ipynb")


def answered(learner_id, answers=None, name=NAME):
    """Return the released notebook with the solution's answers, or with others where given."""
    source = notebooks.read(keys.solutions_dir() / name / f"{name}.ipynb")
    solutions = {c.id: c.source for c in source.cells if c.metadata.get("nbgrader")}
    nb = released(name)
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = (answers or {}).get(cell.id, solutions[cell.id])
        elif cell.id == "learner-id":
            cell.source = f'learner_id = "{learner_id}"'
    return nb


def untouched(answers=None, name=NAME):
    """Return the released notebook with some answers."""
    nb = released(name)
    for cell in nb.cells:
        cell.source = (answers or {}).get(cell.id, cell.source)
    return nb


def folder(course, student, name=NAME):
    made = course / "submitted" / student / name
    made.mkdir(parents=True, exist_ok=True)
    return made


def hand_in(course, student, nb, name=NAME):
    notebooks.write(nb, folder(course, student, name) / f"{name}.ipynb")


@contextlib.contextmanager
def cluster(workers=2):
    made = connect(None, workers)
    try:
        yield made
    finally:
        made.close()


def graded(course, students=None, limits=QUICK, workers=2, **options):
    """Grade a class; return the lines of the report by student."""
    grader = replace(grade.setup(NAME, course, **options), limits=limits)
    with cluster(workers) as client:
        lines = grader.grade(students or grader.students(), client, lambda _line: None)
    return {line.student: line for line in lines}


def scores(course, db=None, name=NAME):
    """Return student: {question: (points by the program, whether a person is to look)}."""
    from nbgrader.api import Gradebook

    with Gradebook(db or f"sqlite:///{course}/gradebook.db", "central-asia") as book:
        return {
            submission.student.id: {
                g.name: (g.auto_score, g.needs_manual_grade)
                for nb in submission.notebooks
                for g in nb.grades
            }
            for submission in book.assignment_submissions(name)
        }
