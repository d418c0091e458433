"""What the hidden part of a test cell calls when nbgrader alone grades a notebook.

Here key and learner's code share a process, as they always do under plain nbgrader; the course's
own grader keeps them apart and comes to the same scores.
"""

from __future__ import annotations

import os
from pathlib import Path

from centralasia.checks import keys, outcome, rerun, values
from centralasia.checks.outcome import Outcome


class Failed(AssertionError):
    """The answer earns no points; the message says why."""


def grade(question_id: str) -> float | None:
    """Grade an answer of the notebook that runs in this kernel.

    Parameters
    ----------
    question_id : str
        The grade id of the test cell.

    Returns
    -------
    float or None
        Part of the points, which nbgrader reads as the cell's result; None for all of them.

    Raises
    ------
    Failed
        If the answer earns nothing.
    """
    _, ask = keys.find(question_id)
    result = _outcome(question_id, ask.names)
    if result.points == 0:
        raise Failed(repr(result))
    return None if result.points == ask.points else result.points


def _outcome(question_id: str, names: tuple[str, ...]) -> Outcome:
    try:
        taken = values.loads(rerun.take([*names, *keys.BESIDE]))
    except values.Unreadable as error:
        return outcome.cannot_check(str(error))
    return keys.judge(question_id, taken, _learner(taken))


def _learner(taken: keys.Taken) -> str:
    """Return the id of the submission's folder; outside nbgrader, the notebook's."""
    if os.environ.get("NBGRADER_EXECUTION") == "autograde":
        return Path.cwd().parent.name
    given = taken["base"]["learner_id"].get("value")
    return given if isinstance(given, str) else ""
