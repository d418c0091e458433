"""The command ``centralasia``: its arguments, and how it fails."""

import argparse
import errno
import sys
import warnings
from pathlib import Path

from centralasia import __version__, commands
from centralasia.errors import GET_MORE, UserError
from centralasia.kit import command as kit


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
    if rest and options.run not in (commands.test, commands.site):
        parser.error(f"unknown argument: {' '.join(rest)}")
    options.rest = rest
    if options.run is None:
        parser.print_help()
        return 0
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _note
            return options.run(options)
    except UserError as error:
        problem = str(error)
    except ModuleNotFoundError as error:
        problem = _missing(error)
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
    parser.set_defaults(run=None)
    named = parser.add_subparsers(metavar="COMMAND")

    lab = named.add_parser("lab", help="open JupyterLab on your own copy of the lessons")
    lab.add_argument("dir", nargs="?", type=Path, help="the folder of your copy; made if missing")
    lab.add_argument("--port", type=_port, help="the port to listen on (default 8888)")
    lab.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
    lab.set_defaults(run=commands.lab)

    reset = named.add_parser("reset", help="bring back a lesson as it was; yours stays beside")
    reset.add_argument("lesson", help="for example 03, or 03-russia-3-return")
    reset.add_argument("--dir", type=Path, help="the folder of your copy")
    reset.set_defaults(run=commands.reset)

    doctor = named.add_parser("doctor", help="look for what is wrong, and say what to do")
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.set_defaults(run=commands.doctor)

    progress = named.add_parser("progress", help="what you predicted and answered so far")
    progress.set_defaults(run=commands.progress_show)
    what = progress.add_subparsers(metavar="WHAT")
    show = what.add_parser("show", help="print it")
    show.set_defaults(run=commands.progress_show)
    export = what.add_parser("export", help="write it to a file")
    export.add_argument("file", type=Path, help="a new file that ends in .csv or .json")
    export.set_defaults(run=commands.progress_export)
    erase = what.add_parser("erase", help="delete it for good")
    erase.add_argument("--yes", action="store_true", help="do not ask first")
    erase.set_defaults(run=commands.progress_erase)

    notebooks = named.add_parser("notebooks", help="for authors: the form of lesson files")
    notebooks.add_argument("what", choices=("check", "normalise", "execute"))
    notebooks.add_argument("files", nargs="*", type=Path, help="default: all lessons")
    notebooks.set_defaults(run=commands.notebooks)

    check = named.add_parser("check-submission", help="before you hand in: is anything wrong?")
    check.add_argument("file", type=Path, help="your notebook of an exercise, or its number: 03")
    check.add_argument("--repair", action="store_true", help="put back what the course gave")
    check.add_argument("--no-run", action="store_true", help="do not run the notebook")
    check.set_defaults(run=commands.check_submission)

    exercises = named.add_parser("exercises", help="for authors: make them from solutions/")
    exercises.add_argument("names", nargs="*", help="for example 03; default: all")
    exercises.add_argument("--check", action="store_true", help="only say what differs")
    exercises.set_defaults(run=commands.exercises)

    calibrate = named.add_parser("calibrate", help="for markers: mark three sample arguments")
    calibrate.add_argument("exercise", help="for example 03")
    calibrate.add_argument("marks", nargs="?", type=Path, help="the sheet, once you filled it in")
    calibrate.set_defaults(run=commands.calibrate)

    _add_teaching(named)
    kit.add(named)

    site = named.add_parser("site", help="build the book and the browser edition", add_help=False)
    site.set_defaults(run=commands.site)

    test = named.add_parser("test", help="run the tests; arguments go to pytest", add_help=False)
    test.set_defaults(run=commands.test)
    return parser


def _add_teaching(named: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add what a teacher does with what was handed in."""
    place = argparse.ArgumentParser(add_help=False)
    place.add_argument("--dir", type=Path, default=Path(), help="the folder that holds submitted/")
    place.add_argument("--db", metavar="URL", help="the gradebook (default: gradebook.db in --dir)")

    def add(name: str, what: str) -> argparse.ArgumentParser:
        parser = named.add_parser(name, help=f"for teachers: {what}", parents=[place])
        parser.set_defaults(run=commands.teaching(name.replace("-", "_")))
        return parser

    grade = add("grade", "grade what was handed in")
    grade.add_argument("exercise", help="for example 03")
    grade.add_argument("students", nargs="*", help="ids; default: whoever has handed it in")
    grade.add_argument("--scheduler", metavar="ADDRESS", help="a Dask scheduler that runs")
    grade.add_argument("--workers", type=int, help="sandboxes at once (default: processors)")
    grade.add_argument("--again", action="store_true", help="also what is graded and unchanged")
    grade.add_argument("--unsafe", action="store_true", help="no sandbox: for code you have read")
    grade.set_defaults(run=commands.grade)
    feedback = add("feedback", "a page for each learner")
    feedback.add_argument("exercise", help="for example 03")
    feedback.add_argument("students", nargs="*", help="ids; default: all that are graded")
    essays = add("essays", "mark arguments with a sheet")
    essays.add_argument("exercise", help="for example 03")
    essays.add_argument("sheet", nargs="?", type=Path, help="the sheet, once you filled it in")
    report = add("report", "how hard each question was, and what went wrong")
    report.add_argument("exercise", help="for example 03")
    export = add("export-grades", "scores for another system")
    export.add_argument("exercises", nargs="*", help="for example 03; default: all")
    export.add_argument(
        "--for", dest="system", choices=("nbgrader", "canvas", "moodle"), default="nbgrader"
    )
    export.add_argument("--to", type=Path, metavar="FILE", help="default: grades-SYSTEM.csv")

    room = named.add_parser("room", help="for teachers: gather a class's answers from phones")
    room.add_argument("--host", default="0.0.0.0", help="where to listen (default: everywhere)")
    room.add_argument("--port", type=_port, help="the port (default: a free one)")
    room.set_defaults(run=commands.room)
    learned = named.add_parser("class-report", help="for teachers: what a class learned, no names")
    learned.add_argument("folder", type=Path, help="the records that learners exported")
    learned.set_defaults(run=commands.class_report)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"'{text}' is not a port (1 to 65535)")
    return int(text)


def _explain(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and give the same command again; nothing is lost."
    if error.filename and isinstance(error, FileNotFoundError):
        return f"There is no file or folder {error.filename}."
    if error.filename and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{error.filename} cannot be written to or read ({error.strerror}). Use a folder of "
            "your own, or change whose it is. Nothing was lost."
        )
    return str(error)


def _missing(error: ModuleNotFoundError) -> str:
    """Say how to get a package that only teachers and authors need; pass on any other error."""
    if error.name is None or error.name.split(".")[0] == "centralasia":
        raise error
    return f"This needs {error.name} from the extra 'teaching'. {GET_MORE}"


def _note(message: Warning | str, *_where: object) -> None:
    """Print a warning as a sentence, without the line of code that gave it."""
    print(f"centralasia: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
