"""A page of feedback for each learner: scores, what was said to each answer, marks and comments.

nbgrader's feedback shows the hidden tests and the mark scheme, and under each failed test a
traceback. `Private` takes them out; `nbgrader_config.py` has it in every feedback that nbgrader
makes, from the command line or from formgrader.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor, Preprocessor
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import capture_log
from traitlets import Bool

from centralasia.checks import keys
from centralasia.checks.outcome import WORDS
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading import ungraded, verdicts
from centralasia.grading.course import Course

_SECRET = re.compile(
    r"[^\n]*###[ \t]*BEGIN (HIDDEN TESTS|MARK SCHEME).*?(?:###[ \t]*END \1[^\n]*|\Z)", re.DOTALL
)

_ELSEWHERE = re.compile(rb'<script src="https?://[^>]*>\s*</script>')


def strip(text: str) -> str:
    r"""Return a text without hidden tests and mark schemes, up to the end if one is never closed.

    Examples
    --------
    >>> strip("check(x)\n### BEGIN HIDDEN TESTS\ngrade(x)\n### END HIDDEN TESTS")
    'check(x)'
    """
    return _SECRET.sub("", text).strip("\n") if "###" in text else text


class Private(Preprocessor):
    """Take out what is not for the learner, and put what was said to each answer in its place."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Change a graded notebook, whose cells have their scores, for a page of feedback."""
        said = verdicts.read(Path(resources["metadata"].get("path") or "."))
        for cell in nb.cells:
            cell.source = strip(cell.source)
            if "outputs" not in cell:
                continue
            about = cell.metadata.get("nbgrader", {})
            if about.get("grade") and not about.get("solution"):
                line = _line(cell, said.get(about["grade_id"]))
                output = nbformat.v4.new_output("stream", name="stdout", text=line + "\n")
                cell.outputs = [output]
            else:
                cell.outputs = _stripped(cell.outputs)
        nb.cells.insert(0, nbformat.v4.new_markdown_cell(_summary(nb)))
        return nb, resources


PREPROCESSORS = [GetGrades, Private, CSSHTMLHeaderPreprocessor]
"""For ``c.GenerateFeedback.preprocessors``."""


def _line(cell: NotebookNode, verdict: dict[str, Any] | None) -> str:
    """Return what is said to an answer: the verdict, or the last line of nbgrader's failed test."""
    if verdict is not None:
        return f"{WORDS.get(verdict['kind'], '')}. {verdict.get('message', '')}"
    error = next((o for o in cell.outputs if o.output_type == "error"), None)
    if error is not None:
        known = isinstance(error.evalue, str) and error.evalue.startswith(tuple(WORDS.values()))
        return error.evalue if known else "The check of this answer stopped with an error."
    part = cell.metadata.nbgrader.get("score", 0) < cell.metadata.nbgrader.get("points", 0)
    return "Part of the points." if part else f"{WORDS['right']}."


def _stripped(value: Any) -> Any:
    """Return outputs with every text in them stripped."""
    if isinstance(value, str):
        return strip(value)
    if isinstance(value, list):
        return [_stripped(part) for part in value]
    if isinstance(value, dict):
        return nbformat.from_dict({name: _stripped(part) for name, part in value.items()})
    return value


def _summary(nb: NotebookNode) -> str:
    """Return a table with a row for each question; learners have had a hand in its words."""
    rows, total, worth = [], 0.0, 0.0
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if not about.get("grade"):
            continue
        score, points = float(about.get("score") or 0), float(about.get("points") or 0)
        total, worth = total + score, worth + points
        if about.get("solution"):
            words = "Marked by a person: see the comment under your text."
            if not about.get("comment") and not score:
                words = "No mark and no comment yet."
        else:
            words = cell.outputs[0].text
        cells = f"{score:g} of {points:g}", " ".join(words.split())
        rows.append("".join(f"<td>{escape(cell)}</td>" for cell in cells))
    head = "".join(f'<th scope="col">{h}</th>' for h in ("Question", "Points", "What was found"))
    body = "".join(f'<tr><th scope="row">{n}</th>{row}</tr>' for n, row in enumerate(rows, 1))
    return (
        f"## Your points: {total:g} of {worth:g}\n\n"
        f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    )


def make(course: Course, exercise: str, students: Iterable[str] = ()) -> list[Path]:
    """Write a page of feedback for each submission that was graded, or could not be.

    Parameters
    ----------
    course : Course
    exercise : str
        Number or name.
    students : iterable of str
        Ids; all whose work is graded if empty.

    Returns
    -------
    list of pathlib.Path
        ``feedback/ID/EXERCISE/EXERCISE.html``, as nbgrader's exchange expects them.

    Raises
    ------
    UserError
        If there is nothing to give feedback on, or nbgrader fails.
    """
    name = keys.load(exercise).name
    graded = course.book.students("autograded", name)
    broken = ungraded.students(course, name)
    chosen = set(students) or {*graded, *broken}
    unknown = sorted(chosen - {*graded, *broken})
    if unknown or not chosen:
        whose = f" of {unknown[0]}" if unknown else ""
        raise UserError(f"Nothing{whose} of {name} is graded in {course.root}.")
    mine = [student for student in graded if student in chosen]
    for student in ["*"] if mine == graded and graded else mine:
        _convert(course, name, student)
    pages = [course.folder("feedback", student, name) / f"{name}.html" for student in mine]
    for page in pages:  # nbgrader's template asks a server elsewhere for a script for formulas
        write_whole(page, _ELSEWHERE.sub(b"", page.read_bytes()))
    pages += [ungraded.write(course, name, student) for student in broken if student in chosen]
    return sorted(pages)


def _convert(course: Course, name: str, student: str) -> None:
    """Let nbgrader write a page, or one for each student if given a star."""
    directory = course.book.course
    directory.assignment_id, directory.student_id = name, student
    maker = GenerateFeedback(coursedir=directory, config=course.book.config)
    maker.force = True
    result = capture_log(maker)
    if not result["success"]:
        raise UserError(f"nbgrader could not make the feedback:\n{result.get('log', '')}")
