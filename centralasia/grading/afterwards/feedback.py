"""A page of feedback for each learner: scores, what was said to each answer, marks and comments.

nbgrader's feedback shows the hidden tests and the mark scheme, and under each failed test a
traceback. `Private` takes them out; `nbgrader_config.py` has it in every feedback that nbgrader
makes, from the command line or from formgrader.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterable
from functools import cache
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

from centralasia import notebooks, templates
from centralasia.checks import keys
from centralasia.checks.outcome import WORDS
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.grading.afterwards import drawing, ungraded
from centralasia.grading.afterwards.folder import CourseFolder, final
from centralasia.grading.judging import asked, verdicts
from centralasia.grading.judging.asked import Parts
from centralasia.grading.judging.report import printable
from centralasia.grading.judging.verdicts import Verdict
from centralasia.language import _
from centralasia.paths import exercises_dir
from centralasia.pictures import VEGA

_BEGIN = re.compile(r"###[ \t]*BEGIN (HIDDEN TESTS|MARK SCHEME)")
_ELSEWHERE = re.compile(r'<script src="https?://[^>]*>\s*</script>')
_UNNAMED = re.compile(r'(<a href="#([\w.-]+)">)(Test cell|Written response)(?=</a>)')


def strip(text: str) -> str:
    r"""Return a text without hidden tests and mark schemes, up to the end if one is never closed.

    Examples
    --------
    >>> strip("check(x)\n### BEGIN HIDDEN TESTS\ngrade(x)\n### END HIDDEN TESTS")
    'check(x)'
    """
    if "###" not in text:
        return text
    kept: list[str] = []
    secret = None
    for line in text.split("\n"):
        if secret is None and (begins := _BEGIN.search(line)):
            secret = begins[1]
        elif secret is None:
            kept.append(line)
        if secret and re.search(rf"###[ \t]*END {secret}", line):
            secret = None
    return "\n".join(kept).strip("\n")


class Private(Preprocessor):
    """Take out what is not for the learner, and put what was said to each answer in its place."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Change a graded notebook, whose cells have their scores, for a page of feedback."""
        folder = Path(resources["metadata"].get("path") or ".").resolve()
        record = verdicts.read(folder)
        root = folder.parents[2] if len(folder.parents) > 2 else folder
        parts = asked.of(root, record.exercise).parts if record else Parts.ALL
        by_question = record.by_question if record else {}
        for cell in nb.cells:
            cell.source = strip(cell.source)
            if "outputs" not in cell:
                continue
            about = cell.metadata.get("nbgrader", {})
            if about.get("grade") and not about.get("solution"):
                line = _line(cell, by_question.get(about["grade_id"]))
                output = nbformat.v4.new_output("stream", name="stdout", text=line + "\n")
                cell.outputs = [output]
            else:
                cell.outputs = _stripped(cell.outputs)
        _draw(nb.cells)
        penalty = resources.get("nbgrader", {}).get("late_penalty") or 0.0
        nb.cells.insert(0, nbformat.v4.new_markdown_cell(_summary(nb, penalty, parts)))
        return nb, resources


PREPROCESSORS = [GetGrades, Private, CSSHTMLHeaderPreprocessor]
"""For ``c.GenerateFeedback.preprocessors``."""


def _line(cell: NotebookNode, verdict: Verdict | None) -> str:
    """Return what is said to an answer: the verdict, or the last line of nbgrader's failed test."""
    if verdict is not None:
        return f"{WORDS[verdict.kind]}. {verdict.message}"
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


def _draw(cells: Iterable[NotebookNode]) -> None:
    """Put a picture in the place of each chart, which a page without scripts cannot draw."""
    charts = [
        output
        for cell in cells
        for output in cell.get("outputs", ())
        if VEGA in output.get("data", {})
    ]
    specs = [output.data[VEGA] for output in charts]
    for output, spec, picture in zip(charts, specs, drawing.pictures(specs), strict=True):
        if picture is not None:
            shown = {"image/png": base64.b64encode(picture).decode(), "text/plain": ""}
            said = spec.get("description")
            alt = said if isinstance(said, str) else _("Your chart, as it was graded.")
            output.data = nbformat.from_dict(shown)
            output.metadata = nbformat.from_dict({"image/png": {"alt": alt[:1000]}})


def _summary(nb: NotebookNode, penalty: float, parts: Parts) -> str:
    """Return a table with a row for each question; learners have had a hand in its words."""
    rows: list[dict[str, str]] = []
    total = worth = 0.0
    for cell in nb.cells:
        about = cell.metadata.get("nbgrader", {})
        if not about.get("grade"):
            continue
        if about.get("solution") and parts is Parts.DATA:
            continue
        score, points = float(about.get("score") or 0), float(about.get("points") or 0)
        total, worth = total + score, worth + points
        if about.get("solution"):
            words = _("Marked by a person: see the comment under your text.")
            if not about.get("comment") and not score:
                words = _("No mark and no comment yet.")
            if parts is Parts.PRACTICE:
                words += " " + _("It is for practice, and does not count.")
        else:
            words = cell.outputs[0].text
        words = " ".join(words.split())
        rows.append({"score": f"{score:g}", "points": f"{points:g}", "words": words})
    return templates.render(
        "grading/afterwards/templates/points.html",
        asked_for=parts is not Parts.DATA,
        total=f"{final(total, penalty):g}",
        worth=f"{worth:g}",
        penalty=f"{penalty:g}" if penalty else "",
        rows=rows,
    )


def make(course: CourseFolder, exercise: str, students: Iterable[str] = ()) -> list[Path]:
    """Write a page of feedback for each submission that was graded, or could not be.

    Parameters
    ----------
    course : CourseFolder
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
        If there is nothing to give feedback on. Also if nbgrader cannot make somebody's page: all
        other pages are then written, and the message names who has none.
    """
    name = keys.load(exercise).name
    graded = set(course.book.students("autograded", name))
    failed = ungraded.records(course, name)
    chosen = set(map(_composed, students)) or {_composed(who) for who in graded | set(failed)}
    unknown = sorted(chosen - {_composed(who) for who in graded | set(failed)})
    if unknown or not chosen:
        whose = f" of {unknown[0]}" if unknown else ""
        raise UserError(f"Nothing{whose} of {name} is graded in {course.root}.")
    pages: list[Path] = []
    without: list[str] = []
    for student in sorted(who for who in graded | set(failed) if _composed(who) in chosen):
        try:
            if student in failed:
                pages.append(ungraded.write(course, failed[student]))
            else:
                pages.append(_convert(course, name, student))
        except Exception as error:  # one learner's work keeps no page from the others
            without.append(f"{printable(student)} ({printable(str(error))[:300]})")
    if without:
        raise UserError(
            f"{len(pages)} pages are written. There is no page for {'; '.join(without)}."
        )
    return pages


def _composed(student: str) -> str:
    """Return an id with each letter as one character, for some systems name folders otherwise."""
    return unicodedata.normalize("NFC", student)


def _convert(course: CourseFolder, name: str, student: str) -> Path:
    """Let nbgrader write a page, and return it."""
    directory = course.book.course
    directory.assignment_id, directory.student_id = name, student
    maker = GenerateFeedback(coursedir=directory, config=course.book.config)
    maker.force = True
    result = capture_log(maker)
    page = course.folder("feedback", name, student) / f"{name}.html"
    if not result["success"] or not page.is_file():
        lines = result.get("log", "").strip().splitlines()
        raise UserError(f"nbgrader stops: {lines[-1] if lines else 'it does not say why'}")
    # nbgrader's template asks a server elsewhere for a script for formulas, and names no question.
    headings = _headings(name)
    text = _ELSEWHERE.sub("", page.read_text(encoding="utf-8"))
    text = _UNNAMED.sub(lambda at: at[1] + escape(headings.get(at[2], at[3])), text)
    write_whole(page, text.encode())
    return page


@cache
def _headings(exercise: str) -> dict[str, str]:
    """Return the heading above each graded cell of an exercise, by the cell's id."""
    found, heading = {}, ""
    for cell in notebooks.read(exercises_dir() / exercise / f"{exercise}.ipynb").cells:
        above = re.search(r"^## (.+)$", cell.source, re.MULTILINE)
        if cell.cell_type == "markdown" and above:
            heading = above[1]
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            found[about["grade_id"]] = heading
    return found
