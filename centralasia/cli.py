"""The command ``centralasia``: every subcommand's arguments, and what it prints.

Each handler imports what it needs when it runs, so that ``--help`` is quick.
"""

import argparse
import errno
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from centralasia import __version__
from centralasia.errors import UserError
from centralasia.paths import course_root, notebooks_dir


def main(argv: list[str] | None = None) -> int:
    """Run one subcommand.

    Parameters
    ----------
    argv : list of str, optional
        The arguments; those of the process if left out.

    Returns
    -------
    int
        0 if all is well, 1 if a check failed, 2 if the command could not do what was asked,
        130 after Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a Windows console may lack a letter
    parser = _parser()
    options, rest = parser.parse_known_args(argv)
    if rest and options.run is not _test:
        parser.error(f"unknown argument: {' '.join(rest)}")
    options.rest = rest
    try:
        return options.run(options)
    except UserError as error:
        problem = str(error)
    except OSError as error:
        problem = _explain(error)
    except KeyboardInterrupt:
        return 130
    print(f"centralasia: {problem}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="centralasia",
        description="Great Powers in Central Asia: a course in Jupyter notebooks.",
    )
    parser.add_argument("--version", action="version", version=f"centralasia {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    lab = commands.add_parser("lab", help="open JupyterLab on your own copy of the lessons")
    lab.add_argument("dir", nargs="?", type=Path, help="the folder of your copy; made if missing")
    lab.add_argument("--port", type=_port, help="the port to listen on (default 8888)")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    lab.set_defaults(run=_lab)

    reset = commands.add_parser("reset", help="bring back a lesson as it was; yours stays beside")
    reset.add_argument("lesson", help="for example 03, or 03-russia-3-return")
    reset.add_argument("--dir", type=Path, help="the folder of your copy")
    reset.set_defaults(run=_reset)

    doctor = commands.add_parser("doctor", help="look for what is wrong, and say what to do")
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.set_defaults(run=_doctor)

    progress = commands.add_parser("progress", help="what you predicted and answered so far")
    what = progress.add_subparsers(required=True, metavar="WHAT")
    show = what.add_parser("show", help="print it")
    show.set_defaults(run=_progress_show)
    export = what.add_parser("export", help="write it to a file")
    export.add_argument("file", type=Path, help="a new file that ends in .csv or .json")
    export.set_defaults(run=_progress_export)
    erase = what.add_parser("erase", help="delete it for good")
    erase.add_argument("--yes", action="store_true", help="do not ask first")
    erase.set_defaults(run=_progress_erase)

    notebooks = commands.add_parser("notebooks", help="for authors: the form of lesson files")
    notebooks.add_argument("what", choices=("check", "normalise", "execute"))
    notebooks.add_argument("files", nargs="*", type=Path, help="default: all lessons")
    notebooks.set_defaults(run=_notebooks)

    exercises = commands.add_parser("exercises", help="for authors: make them from solutions/")
    exercises.add_argument("names", nargs="*", help="for example 03; default: all")
    exercises.add_argument("--check", action="store_true", help="only say what differs")
    exercises.set_defaults(run=_exercises)

    calibrate = commands.add_parser("calibrate", help="for markers: mark three sample arguments")
    calibrate.add_argument("exercise", help="for example 03")
    calibrate.add_argument("marks", nargs="?", type=Path, help="the sheet, once you filled it in")
    calibrate.set_defaults(run=_calibrate)

    test = commands.add_parser("test", help="run the tests; arguments go to pytest", add_help=False)
    test.set_defaults(run=_test)
    return parser


def _lab(options: argparse.Namespace) -> int:
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


def _reset(options: argparse.Namespace) -> int:
    from centralasia import workspace

    restored, edited = workspace.reset(options.lesson, workspace.find(options.dir))
    print(f"{restored} is as the course has it.")
    if edited:
        print(f"Your version is kept as {edited.name}")
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from centralasia import doctor

    findings = doctor.examine()
    doctor.show(findings, as_json=options.json)
    return 0 if all(finding.ok for finding in findings) else 1


def _progress_show(options: argparse.Namespace) -> int:
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


def _progress_export(options: argparse.Namespace) -> int:
    from centralasia import progress

    print(f"Written to {progress.export(options.file)}")
    return 0


def _progress_erase(options: argparse.Namespace) -> int:
    from centralasia import progress

    if not options.yes:
        print(f"This deletes {progress.path()} for good. Type yes to go on: ", end="", flush=True)
        if sys.stdin.readline().strip().lower() != "yes":
            print("Nothing was deleted.")
            return 0
    print("Your answers are deleted." if progress.erase() else "There were no answers to delete.")
    return 0


def _notebooks(options: argparse.Namespace) -> int:
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


def _exercises(options: argparse.Namespace) -> int:
    from centralasia import release

    if options.check:
        faults = release.differences(options.names)
        for fault in faults:
            print(f"exercises/{fault} Run: centralasia exercises", file=sys.stderr)
        return int(bool(faults))
    for path in release.generate(options.names):
        print(path)
    return 0


def _calibrate(options: argparse.Namespace) -> int:
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


def _test(options: argparse.Namespace) -> int:
    root = course_root()
    if not (root / "tests").is_dir():
        raise UserError("The tests are in the checkout of the course, not in the installed wheel.")
    if find_spec("pytest") is None or find_spec("nbval") is None:
        raise UserError("The tests need more packages. In the checkout, run: python3 start.py test")
    workers = min(os.cpu_count() or 1, 4)
    command = [sys.executable, "-m", "pytest", "-n", str(workers), "--dist", "loadscope"]
    return subprocess.call([*command, *options.rest], cwd=root)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port (1 to 65535)")
    return int(text)


def _explain(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and give the same command again; nothing is lost."
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
