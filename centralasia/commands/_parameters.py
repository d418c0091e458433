"""Arguments and options that several commands take."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from centralasia import course
from centralasia.errors import UserError
from centralasia.files import write_whole
from centralasia.language import _

PATH = click.Path(path_type=Path)


class LessonType(click.ParamType):
    """A lesson or its exercise, in every form that `centralasia.course.lesson` takes."""

    name = "lesson"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the lesson, or raise `centralasia.course.Unknown`, which names near ones."""
        return course.lesson(value)


class CopiedType(LessonType):
    """A notebook of the learner's copy: its path there, with the folder if one was typed."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path inside the copy."""
        from centralasia import workspace

        return workspace.resolve(value)


class NotebookType(LessonType):
    """A file that is there, or else the lesson that is meant."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path of the file, or the lesson."""
        path = Path(value)
        if path.is_file():
            return path
        is_file = path.suffix == ".ipynb"
        try:
            if is_file and path.name != str(value):  # what is in no folder may be a lesson's name
                raise course.Unknown
            return course.lesson(value)
        except course.Unknown:
            if not is_file:
                raise
            raise UserError(
                f"There is no file {path}. Name your notebook, or a lesson by its number: 03"
            ) from None


class PortType(click.ParamType):
    """A port of a machine."""

    name = "port"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the port."""
        if not str(value).isdecimal() or not 1 <= int(value) <= 65535:
            self.fail(f"'{value}' is not a port (1 to 65535)", param, ctx)
        return int(value)


LESSON, COPIED, NOTEBOOK, PORT = LessonType(), CopiedType(), NotebookType(), PortType()

one_lesson = click.argument("lesson", type=LESSON, help=_("Such as 3, 03 or a lesson's name."))
several_lessons = click.argument(
    "lessons", type=LESSON, nargs=-1, help=_("Such as 3, 03 or a lesson's name; all if left out.")
)
copy_folder = click.option(
    "--dir", "folder", type=PATH, help=_("The folder of your copy of the course.")
)
course_folder = click.option(
    "--dir",
    "folder",
    type=PATH,
    default=Path(),
    help=_("The folder that holds submitted/; the one where you are if left out."),
)
gradebook = click.option(
    "--db", metavar="URL", help=_("The gradebook; gradebook.db in that folder if left out.")
)
roster_file = click.option(
    "--roster",
    type=PATH,
    metavar="FILE",
    help=_("Who is in the class, as the system exports it; roster.csv if left out."),
)
id_column = click.option(
    "--id",
    "id_name",
    metavar="COLUMN",
    help=_("The roster's column with the learners' ids; a login or e-mail address if left out."),
)
PASSED_ON: dict[str, Any] = {
    "add_help_option": False,
    "context_settings": {"ignore_unknown_options": True, "allow_interspersed_args": False},
}
"""What a command needs to pass all its arguments on, ``--help`` included."""
passed_on = click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
large = click.option("--large", is_flag=True, help=_("In large print, on A3."))
force = click.option("--force", is_flag=True, help=_("Replace a file that is there."))


def target_file(default: str) -> Any:
    """Return the option that says where to write; `default` names the file in its help."""
    return click.option(
        "--to",
        "target",
        type=PATH,
        metavar="FILE",
        help=_("The file to write; here, as {name}, if left out.").format(name=default),
    )


def to_write(files: Mapping[str, Path], target: Path | None, *, force: bool) -> dict[str, Path]:
    """Return where each form that was asked for goes: its own file, or the one that was named.

    Raises
    ------
    UserError
        If one file was named for several forms, or for a form that it does not end in; and as
        `check_free` does.
    """
    named = dict(files)
    if target is not None:
        if len(files) > 1:
            raise UserError(_("--to names one file: ask for one form at a time, or leave it out."))
        ((form, file),) = files.items()
        if target.suffix.lower() != file.suffix and not target.is_dir():
            raise UserError(
                _("{file} does not end in {suffix}, which is what is written.").format(
                    file=target, suffix=file.suffix
                )
            )
        named = {form: target}
    check_free(*named.values(), force=force)
    return named


def write_new(contents: Mapping[Path, str], *, force: bool) -> None:
    """Write files, all or none of them, and print where they are.

    Raises
    ------
    UserError
        As `check_free` does.
    """
    check_free(*contents, force=force)
    for file, text in contents.items():
        write_whole(file, text.encode())
        print(file)


def check_free(*files: Path, force: bool) -> None:
    """See to it that files can be written and none is replaced that somebody may need.

    Raises
    ------
    UserError
        If a folder is missing, if one is named in place of a file, or if a file is there and
        `force` is not given.
    """
    for file in files:
        if not file.parent.is_dir():
            raise UserError(f"There is no folder {file.parent}.")
        if file.is_dir():
            raise UserError(f"{file} is a folder. Name a file in it.")
        if file.exists() and not force:
            raise UserError(f"{file} exists and is left as it is; add --force to replace it.")
