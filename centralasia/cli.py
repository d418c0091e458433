"""The command ``centralasia``: how it begins, and how it fails."""

from __future__ import annotations

import errno
import sys
import warnings
from collections.abc import Sequence

import click

from centralasia import __version__
from centralasia.commands import Command, Registry
from centralasia.errors import UserError
from centralasia.language import _

GET_MORE = (
    "In the folder of the course, begin with start.py, which installs it: python3 start.py COMMAND "
    '(on Windows: py start.py COMMAND). Elsewhere: pip install "centralasia[teaching]"'
)
"""How a teacher gets the packages that a learner does not need."""


def registry() -> Registry:
    """Return all commands as one."""
    return Registry(
        "centralasia",
        help=_("Great Powers in Central Asia: a course in Jupyter notebooks."),
        params=[_version()],
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        subcommand_metavar="COMMAND …",
        options_metavar="",
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
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
    arguments = list(sys.argv[1:] if argv is None else argv) or ["--help"]
    commands = registry()
    context = click.Context(commands, info_name="centralasia")
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _note
            context = commands.make_context("centralasia", arguments)
            return commands.invoke(context)
    except click.exceptions.Exit as end:  # after --help and --version
        return end.exit_code
    except click.UsageError as error:
        problem = _misused(error)
    except UserError as error:
        problem = str(error)
    except ModuleNotFoundError as error:
        problem = _missing(error, context)
    except OSError as error:
        problem = _explain(error)
    except KeyboardInterrupt:
        return 130
    print(f"centralasia: {problem}", file=sys.stderr)
    return 2


def _version() -> click.Option:
    def show(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
        if wanted:
            print(f"centralasia {__version__}")
            context.exit()

    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help=_("Show the version and exit."),
    )


def _misused(error: click.UsageError) -> str:
    """Show how the command is used, and return what was wrong with how it was."""
    if error.ctx is not None:
        print(error.ctx.get_usage(), file=sys.stderr)
    return error.format_message()


def _explain(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and give the same command again; nothing is lost."
    if error.filename and isinstance(error, FileNotFoundError):
        return f"There is no file or folder {error.filename}."
    if error.filename and error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{error.filename} cannot be written to or read ({error.strerror}). Close it where "
            "another program has it open, use a folder of your own, or change whose it is. "
            "Nothing was lost."
        )
    return str(error)


def _missing(error: ModuleNotFoundError, context: click.Context) -> str:
    """Say how to get a package that is not installed; pass on an error of our own."""
    if error.name is None or error.name.split(".")[0] == "centralasia":
        raise error
    command = context.command.get_command(context, context.invoked_subcommand or "")
    if isinstance(command, Command) and command.extra:
        return f"This needs {error.name} from the extra '{command.extra}'. {GET_MORE}"
    return f"{error.name}, which the course needs, is not installed. Run 'centralasia doctor'."


def _note(message: Warning | str, *_where: object) -> None:
    """Print a warning as a sentence, without the line of code that gave it."""
    print(f"centralasia: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
