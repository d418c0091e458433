"""``centralasia check-submission``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import NOTEBOOK
from centralasia.course import Lesson
from centralasia.errors import UserError
from centralasia.language import _


@click.command(
    cls=Command, readers="learners", help=_("Before you hand in: say what is wrong with it.")
)
@click.argument(
    "notebook",
    type=NOTEBOOK,
    help=_("The file, or, for the one in your copy of the course, the lesson, such as 03."),
)
@click.option("--repair", is_flag=True, help=_("Put back what the course gave."))
@click.option("--no-run", is_flag=True, help=_("Do not run the notebook."))
def check_submission(notebook: Path | Lesson, repair: bool, no_run: bool) -> int:
    """Say what keeps a notebook from being graded as it deserves, and mend what can be mended."""
    from centralasia.grading.handing_in import preflight
    from centralasia.grading.handing_in import repair as repairing
    from centralasia.grading.handing_in.structure import FindingKind

    file = notebook if isinstance(notebook, Path) else _in_copy(notebook)
    if repair:
        backup = repairing.repair(file)
        if backup:
            print(f"{file} is mended; as it was, it is kept as {backup.name}")
    if not no_run:
        print("Running the notebook, which may take a minute or two.", file=sys.stderr, flush=True)
    findings = preflight.inspect(file, run=not no_run)
    for finding in findings:
        print(f"- {finding.problem}\n  {finding.remedy}")
    if not findings:
        print(f"{file} is ready to be handed in.")
    elif any(finding.mendable for finding in findings):
        print(f'To mend it: centralasia check-submission "{file}" --repair')
    return (2 if findings[0].kind == FindingKind.UNREADABLE else 1) if findings else 0


def _in_copy(lesson: Lesson) -> Path:
    """Return the notebook of a lesson's exercise in the learner's copy."""
    from centralasia import workspace

    file = workspace.find() / "exercises" / lesson.name / f"{lesson.name}.ipynb"
    if not file.is_file():
        raise UserError(
            f"There is no file {file}. Name your notebook of the exercise, where it is."
        )
    return file
