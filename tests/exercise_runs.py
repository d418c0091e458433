"""How tests run answers to exercises: in one process, cell after cell, as a kernel would."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

from centralasia import notebooks
from centralasia.checks import keys, perturb, values
from centralasia.paths import exercises_dir, using


@cache
def _cells(name):
    path = keys.solutions_dir() / name / f"{name}.ipynb"
    return [c for c in notebooks.read(path).cells if c.cell_type == "code"]


def is_test(cell):
    return bool(cell.metadata.get("nbgrader", {}).get("grade"))


def answer_cell(name, question_id):
    return next(c for c in _cells(name) if c.id == f"{question_id}-answer")


def run(exercise, learner_id, answers=None, until=None, data=None):
    """Return the namespace after the notebook's cells, with some answers replaced."""
    answers = answers or {}
    space = {"__name__": "__main__"}
    with using(data):
        for cell in _cells(exercise.name):
            question_id = cell.id.removesuffix("-answer")
            if is_test(cell):
                if cell.id == until:
                    break
                continue
            if cell.id == "learner-id":
                space["learner_id"] = learner_id
                continue
            code = cell.source
            if cell.id.endswith("-answer"):
                code = answers.get(question_id, code)
            exec(compile(code, cell.id, "exec"), space)
    return space


def taken(exercise, ask, learner_id, code=None):
    """Return what a grader would take out for a question: the plain values of both runs."""
    names = [*ask.names, "learner_id"]
    answers = None if code is None else {ask.id: code}
    found = {}
    for which, data in (("base", None), ("perturbed", perturb.default())):
        space = run(exercise, learner_id, answers, ask.id, data)
        found[which] = values.take(space, names)
    return values.loads(values.dumps(found))


def judged(exercise, ask, learner_id, code=None):
    """Return the verdict on a question's solution, or on other code in its place."""
    return keys.judge(ask.id, taken(exercise, ask, learner_id, code), learner_id)


def answered(name, learner_id):
    """Return the released notebook with the solution's answers in it."""
    path = f"{name}/{name}.ipynb"
    source = notebooks.read(keys.solutions_dir() / path)
    solutions = {
        c.id: c.source for c in source.cells if c.metadata.get("nbgrader", {}).get("solution")
    }
    nb = notebooks.read(exercises_dir() / path)
    for cell in nb.cells:
        cell.source = solutions.get(cell.id, cell.source)
        if cell.id == "learner-id":
            cell.source = f'learner_id = "{learner_id}"'
    return nb


def hand_in(course, name, student, nb):
    folder = course / "submitted" / student / name
    folder.mkdir(parents=True)
    notebooks.write(nb, folder / f"{name}.ipynb")


def nbgrader(course, *arguments):
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = os.environ | {"PATH": path}  # nbgrader looks there for alembic
    command = [sys.executable, "-m", "nbgrader", *arguments]
    done = subprocess.run(command, cwd=course, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
