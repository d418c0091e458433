"""``centralasia progress``, with ``show``, ``export``, ``import`` and ``erase``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from centralasia.commands import Command, Group
from centralasia.commands._parameters import PATH, check_free, force
from centralasia.language import _


@click.group(
    cls=Group,
    readers="learners",
    invoke_without_command=True,
    help=_("Show what you predicted and answered so far."),
)
@click.pass_context
def progress(context: click.Context) -> int:
    """Print the learner's answers, unless something else is to be done with them."""
    return context.invoke(show) if context.invoked_subcommand is None else 0


@progress.command(cls=Command, readers="learners", help=_("Print it."))
def show() -> int:
    """Print the learner's answers as a table."""
    from rich.console import Console
    from rich.table import Table

    from centralasia import progress

    answers = progress.answers(keep="all")
    if answers.empty:
        print("No answers yet.")
        return 0
    table = Table("When", "Item", "Kind", "Answer", "Sure", "Right")
    right = answers["correct"].map({True: "yes", False: "no"}).astype(object).fillna("")
    sure = answers["confidence"].map("{:.0%}".format, na_action="ignore").astype(object).fillna("")
    when = answers["time"].dt.strftime("%Y-%m-%d %H:%M")
    columns = (when, answers["item"], answers["kind"], answers["answer"], sure, right)
    for row in zip(*columns, strict=True):
        table.add_row(*map(str, row))
    Console(markup=False).print(table)
    print(f"Kept in {progress.path()}")
    return 0


@progress.command(cls=Command, readers="learners", help=_("Write it to a file."))
@click.argument("file", type=PATH, help=_("A name that ends in .txt, .csv or .json."))
@force
def export(file: Path, force: bool) -> int:
    """Write the learner's answers to a file."""
    from centralasia import progress

    check_free(file, force=force)
    print(f"Written to {progress.export(file, replace=force)}")
    return 0


@progress.command(
    "import",
    cls=Command,
    readers="learners",
    help=_("Bring in answers from the book or elsewhere."),
)
@click.argument("file", type=PATH, help=_("A file from “Take my answers along”."))
def bring_in(file: Path) -> int:
    """Add the answers of a file, each of them once."""
    from centralasia import progress
    from centralasia.errors import UserError

    try:
        content = file.read_bytes()
    except OSError as error:
        raise UserError(
            _("{file} cannot be read: {why}.").format(file=file, why=error.strerror or error)
        ) from error
    came = progress.bring_in(content)
    print(f"Brought in: {came.new} new answers. {came.known} were here already.")
    if came.unread:
        print(f"{came.unread} lines of the file could not be read and were left out.")
    if came.newer:
        print(
            f"{came.newer} lines are of a newer release of the course. Keep the file, and bring it "
            "in again once this one is brought up to date."
        )
    return 0


@progress.command(cls=Command, readers="learners", help=_("Delete it for good."))
@click.option("--yes", is_flag=True, help=_("Do not ask first."))
def erase(yes: bool) -> int:
    """Delete the learner's answers, once the learner has said yes."""
    from centralasia import progress

    if not yes:
        print(f"This deletes {progress.path()} for good. Type yes to go on: ", end="", flush=True)
        if sys.stdin.readline().strip().lower() != "yes":
            print("Nothing was deleted.")
            return 0
    print("Your answers are deleted." if progress.erase() else "There were no answers to delete.")
    return 0
