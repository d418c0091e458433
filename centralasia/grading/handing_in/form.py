"""A page of forms that was handed in: read with no trust in it, and put into the notebook.

The book has a page of forms for each exercise, which gives one file, ``ID_EXERCISE.json``. Here it
becomes the notebook that the same answers make, so that everything after it is the same for both.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from centralasia import course
from centralasia.checks import forms, public
from centralasia.checks.asks import from_public
from centralasia.grading.handing_in import submission
from centralasia.grading.handing_in.submission import LEARNER_ID, Cell, Release, Unreadable
from centralasia.grading.running.limits import MAX_NESTED, nested
from centralasia.grading.running.results import whole

SUFFIX = ".json"
MAX_BYTES = 500_000
MOST_ID = 200
AGAIN = "Open the page of forms again, save the file anew, and hand it in as it is."


def loads(raw: bytes) -> dict[str, Any]:
    """Return the notebook that the answers in a file make.

    Parameters
    ----------
    raw : bytes

    Returns
    -------
    dict
        As `submission.loads` gives it; a question without an answer is as it was released.

    Raises
    ------
    Unreadable
        If it is no file of a page of forms, or holds what no page of ours gives.
    """
    told = _told(raw)
    released = _released(told.get("exercise"))
    learner_id, answers = told.get("learner_id"), told.get("answers")
    if not isinstance(learner_id, str) or len(learner_id) > MOST_ID:
        raise Unreadable("The form gives no id of a learner.", AGAIN)
    if not isinstance(answers, dict):
        raise Unreadable("The form holds no answers.", AGAIN)
    sources = _sources(answers, released)
    sources[LEARNER_ID] = f"learner_id = {learner_id!r}\n{forms.FLAG} = True"
    notebook = copy.deepcopy(released.notebook)
    for cell in notebook["cells"]:
        cell["source"] = sources.get(cell["id"], cell["source"])
    return notebook


def dumps(notebook: Mapping[str, Any]) -> bytes:
    """Return a notebook as a file holds it."""
    return (json.dumps(notebook, ensure_ascii=False, indent=1) + "\n").encode()


def is_made_of(cells: Sequence[Cell]) -> bool:
    """Say whether the cells of a notebook were filled from a form."""
    return any(submission.gives_id(cell) and forms.FLAG in cell["source"] for cell in cells)


def _told(raw: bytes) -> dict[str, Any]:
    """Return the file's JSON, if it is a form at all."""
    if len(raw) > MAX_BYTES or nested(raw) > MAX_NESTED:
        raise Unreadable(
            f"The form has {len(raw) / 1e6:.1f} MB; up to {MAX_BYTES / 1e6} MB are read.", AGAIN
        )
    try:
        told = whole(json.loads(raw))
    except (ValueError, RecursionError) as error:
        raise Unreadable("The file is not JSON, as a form is.", AGAIN) from error
    if not isinstance(told, dict) or told.get("kind") != forms.KIND:
        raise Unreadable("The file was not saved by a page of forms of this course.", AGAIN)
    return told


def _released(name: object) -> Release:
    try:
        if not isinstance(name, str):
            raise course.Unknown("no name")
        return submission.released(name)
    except (course.Unknown, public.UnknownExercise) as error:
        raise Unreadable("The form is of no exercise of this course.", AGAIN) from error


def _sources(answers: Mapping[str, Any], released: Release) -> dict[str, str]:
    """Return the text of each cell that has an answer."""
    found = {}
    for number, (question, look) in enumerate(released.asks.items(), start=1):
        if question not in answers:
            continue
        ask = from_public(look)
        try:
            source = forms.source(ask, answers[question])
        except forms.Misshapen as error:
            problem = f"The answer to question {number} is none that the form gives: {error}."
            raise Unreadable(problem, AGAIN) from error
        if source is not None:
            found[question if ask.kind == submission.ARGUMENT else f"{question}-answer"] = source
    return found
