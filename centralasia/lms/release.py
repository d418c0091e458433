"""An exercise for a class, whole or with its data questions alone."""

from __future__ import annotations

from pathlib import Path

import nbformat

from centralasia import notebooks
from centralasia.errors import UserError
from centralasia.grading.handing_in import submission
from centralasia.grading.judging.asked import Asked, Parts
from centralasia.language import _
from centralasia.lms import clock, rules
from centralasia.paths import course_root

NOTE = "asked"
"""The id of the cell that says what is asked."""


def notebook(exercise: str, parts: Parts, due: str = "") -> nbformat.NotebookNode:
    """Return what learners get.

    Parameters
    ----------
    exercise : str
        Its name.
    parts : Parts
        With ``DATA`` the argument and the text that asks for it are left out.
    due : str
        A day or a time; the notebook says it if it is given.
    """
    released = submission.released(exercise, parts.released)
    made: nbformat.NotebookNode = nbformat.from_dict(released.notebook)
    said = []
    if parts is Parts.DATA:
        points = sum(ask["points"] for ask in released.asks.values())
        said.append(
            _(
                "**This time only the data questions are asked: {n} questions, {points} points.** "
                "There is no argument to write, and it costs nothing."
            ).format(n=len(released.asks), points=points)
        )
    if parts is Parts.PRACTICE:
        said.append(_("**The argument is for practice:** it is marked, and does not count."))
    if due:
        said.append(_("**To be handed in by {date}.**").format(date=due))
    if said:
        cell = nbformat.v4.new_markdown_cell(" ".join(said), id=NOTE)
        made.cells.insert(1, cell)
    return made


def release(root: Path, exercise: str, parts: Parts | None, due: str | None) -> tuple[Path, Asked]:
    """Write what learners get to where nbgrader looks for it, and what is asked into ``asked.csv``.

    Parameters
    ----------
    root : pathlib.Path
        The course folder.
    exercise : str
        Its name.
    parts : Parts, optional
        What ``asked.csv`` says if left out.
    due : str, optional
        The same.

    Returns
    -------
    (pathlib.Path, Asked)

    Raises
    ------
    UserError
        If the folder is that of the course itself, or the date is none.
    """
    if root.resolve() == course_root().resolve():
        raise UserError("Work in a folder of your own: this one holds the course itself.")
    rules.prepare(root)
    rows = rules.read(root).asked
    before = rows[exercise]
    row = Asked(exercise, parts or before.parts, before.due if due is None else due)
    if row.due:
        clock.given(row.due, "--due")
    target = root / "exercises" / exercise / f"{exercise}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    notebooks.write(notebook(exercise, row.parts, row.due), target)
    rules.save(root, rows | {exercise: row})
    return target, row
