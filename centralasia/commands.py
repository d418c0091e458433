"""What each subcommand of ``centralasia`` does; it returns the exit code.

Each imports what it needs when it runs, so that ``--help`` is quick.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from centralasia.errors import UserError
from centralasia.paths import course_root, notebooks_dir


def lab(options: argparse.Namespace) -> int:
    """Open JupyterLab on a learner's copy."""
    from centralasia import lab, workspace

    directory = workspace.find(options.dir)
    changes = workspace.fill(directory)
    print(f"Your copy of the course is in {directory}")
    placed = sum(change.action == "placed" for change in changes)
    if placed:
        print(f"  {placed} files placed")
    for change in changes:
        if change.action == "updated":
            print(f"  {change.path.name}: updated to the new release")
        elif change.beside:
            print(
                f"  {change.path.name}: you changed it, so it stays as it is; "
                f"the new release is beside it as {change.beside.name}"
            )
    lab.serve(directory, options.port, browser=not options.no_browser)
    return 0


def reset(options: argparse.Namespace) -> int:
    """Bring a lesson back."""
    from centralasia import workspace

    restored, edited = workspace.reset(options.lesson, workspace.find(options.dir))
    print(f"{restored} is as the course has it.")
    if edited:
        print(f"Your version is kept as {edited.name}")
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Look for what is wrong."""
    from centralasia import doctor

    findings = doctor.examine()
    doctor.show(findings, as_json=options.json)
    return 0 if all(finding.ok for finding in findings) else 1


def progress_show(options: argparse.Namespace) -> int:
    """Print the learner's answers."""
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


def progress_export(options: argparse.Namespace) -> int:
    """Write the learner's answers to a file."""
    from centralasia import progress

    print(f"Written to {progress.export(options.file)}")
    return 0


def progress_erase(options: argparse.Namespace) -> int:
    """Delete the learner's answers."""
    from centralasia import progress

    if not options.yes:
        print(f"This deletes {progress.path()} for good. Type yes to go on: ", end="", flush=True)
        if sys.stdin.readline().strip().lower() != "yes":
            print("Nothing was deleted.")
            return 0
    print("Your answers are deleted." if progress.erase() else "There were no answers to delete.")
    return 0


def notebooks(options: argparse.Namespace) -> int:
    """Check, normalise or execute lesson files."""
    from nbclient.exceptions import CellExecutionError, CellTimeoutError

    from centralasia import notebooks

    failed = False
    for path in options.files or sorted(notebooks_dir().glob("*.ipynb")):
        try:
            if options.what == "check":
                faults = notebooks.check(path)
            elif options.what == "normalise":
                faults = []
                print(f"{path}: {'normalised' if notebooks.normalise_file(path) else 'unchanged'}")
            else:
                faults = []
                notebooks.execute_file(path)
                print(f"{path}: executed")
        except (ValueError, CellExecutionError, CellTimeoutError) as error:
            faults = [str(error)]
        for fault in faults:
            print(f"{path}: {fault}", file=sys.stderr)
        failed = failed or bool(faults)
    return int(failed)


def exercises(options: argparse.Namespace) -> int:
    """Make the exercises, or say what differs."""
    from centralasia import release

    if options.check:
        faults = release.differences(options.names)
        for fault in faults:
            print(f"exercises/{fault} Run: centralasia exercises", file=sys.stderr)
        return int(bool(faults))
    for path in release.generate(options.names):
        print(path)
    return 0


def check_submission(options: argparse.Namespace) -> int:
    """Say what keeps a notebook from being graded as it deserves, and mend what can be mended."""
    from centralasia.grading import preflight, repair

    file = _submission(options.file)
    if options.repair:
        backup = repair.repair(file)
        if backup:
            print(f"{file} is mended; as it was, it is kept as {backup.name}")
    if not options.no_run:
        print("Running the notebook, which may take a minute or two.", file=sys.stderr, flush=True)
    findings = preflight.inspect(file, run=not options.no_run)
    for finding in findings:
        print(f"- {finding.problem}\n  {finding.remedy}")
    if not findings:
        print(f"{file} is ready to be handed in.")
    elif any(finding.mendable for finding in findings):
        print(f'To mend it: centralasia check-submission "{options.file}" --repair')
    return (2 if findings[0].kind == "unreadable" else 1) if findings else 0


def _submission(named: Path) -> Path:
    """Return the notebook that is meant: a file, or in the learner's copy that of a number."""
    from centralasia import workspace

    if named.exists():
        return named
    if named.suffix != ".ipynb":
        stem = Path(workspace.resolve(str(named))).stem
        file = workspace.find() / "exercises" / stem / f"{stem}.ipynb"
        if file.exists():
            return file
        named = file
    raise UserError(
        f"There is no file {named}. Name your notebook of the exercise, or its number: "
        "centralasia check-submission 03"
    )


def teaching(name: str) -> Callable[[argparse.Namespace], int]:
    """Return one of a teacher's commands around a graded exercise."""

    def run(options: argparse.Namespace) -> int:
        from centralasia.grading import teaching

        return getattr(teaching, name)(options)

    return run


def class_report(options: argparse.Namespace) -> int:
    """Print what a class gained on the twelve misconception items."""
    from rich.console import Console
    from rich.table import Table

    from centralasia import gains

    found = gains.of_class(options.folder)
    table = Table("Item", "Question", "Before", "After", "Still believed", "Lesson")
    for row in found.items.reset_index().itertuples():
        shares = f"{row.before:.0%}", f"{row.after:.0%}"
        table.add_row(row.item_id, row.prompt, *shares, row.still, row.lesson)
    Console(markup=False).print(table)
    print(
        f"{found.learners} learners: {found.before:.0%} right before, {found.after:.0%} after. "
        f"Normalised gain {found.gain:.2f} (Hake 1998)."
    )
    if found.left_out:
        print(f"{found.left_out} records were left out: not all answers are there, both times.")
    return 0


def calibrate(options: argparse.Namespace) -> int:
    """Give a marker the sample arguments, or compare the marks."""
    from centralasia.checks import calibration

    if options.marks is None:
        texts, sheet = calibration.sheet(options.exercise)
        for suffix, content in ((".md", texts), (".csv", sheet)):
            path = Path(f"calibration-{options.exercise[:2]}{suffix}")
            if path.exists():
                raise UserError(f"{path} exists and is left as it is.")
            path.write_text(content, encoding="utf-8", newline="\n")
            print(path)
        print("Read the arguments, enter a level from 0 to 3 in each row of the sheet, and run:")
        print(f"  centralasia calibrate {options.exercise} calibration-{options.exercise[:2]}.csv")
        return 0
    kappa, differ = calibration.compare(options.exercise, options.marks)
    print(f"Cohen's kappa with the key: {kappa:.2f} (1 is full agreement, 0 is chance)")
    for row in differ.itertuples():
        print(
            f"Argument {row.argument}, {row.criterion}: yours {row.yours}, key {row.key}. "
            f"{row.reason}"
        )
    return 0


def room(options: argparse.Namespace) -> int:
    """Open a room for a class."""
    import asyncio

    from centralasia.room import server

    asyncio.run(server.serve(options.host, options.port or 0))
    return 0


def grade(options: argparse.Namespace) -> int:
    """Grade an exercise."""
    from centralasia.grading import command

    return command.run(options)


def site(options: argparse.Namespace) -> int:
    """Build the book and the browser edition; how is in the folder ``site/``."""
    script = course_root() / "site" / "build.py"
    if not script.is_file():
        raise UserError("The site is built in the checkout of the course, not from the wheel.")
    return subprocess.call([sys.executable, str(script), *options.rest])


def test(options: argparse.Namespace) -> int:
    """Run the tests."""
    root = course_root()
    if not (root / "tests").is_dir():
        raise UserError("The tests are in the checkout of the course, not in the installed wheel.")
    if find_spec("pytest") is None or find_spec("nbval") is None:
        raise UserError("The tests need more packages. In the checkout, run: python3 start.py test")
    workers = min(os.cpu_count() or 1, 4)
    command = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "loadscope"]
    return subprocess.call([*command, *options.rest], cwd=root)
