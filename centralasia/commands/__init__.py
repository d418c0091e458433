"""The commands of ``centralasia``, one module each.

The module ``class_report`` holds the command ``class-report``, as a function of that name. It
owns its arguments and gives them to the library as typed values. It imports what it needs when it
runs, so that ``--help`` is quick. A module whose name begins with ``_`` is no command.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any, Literal, get_args

import click

from centralasia.language import _

Readers = Literal["learners", "teachers", "authors"]
Extra = Literal["teaching", "test"]


class Command(click.Command):
    """A command, with whom it is for.

    Parameters
    ----------
    readers : {"learners", "teachers", "authors"}
    extra : {"teaching", "test"}, optional
        The packages that it needs besides those of a learner, as ``pyproject.toml`` names them.
    **given
        What click takes.
    """

    def __init__(
        self, name: str | None, *, readers: Readers, extra: Extra | None = None, **given: Any
    ) -> None:
        super().__init__(name, **given)
        self.readers, self.extra = readers, extra


class Group(Command, click.Group):
    """A command with commands of its own, such as ``progress export``."""

    def __init__(self, name: str | None, **given: Any) -> None:
        super().__init__(name, no_args_is_help=False, **given)


class Registry(click.Group):
    """All commands, found by the names of their modules."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, in the order of the alphabet."""
        return names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> Command:
        """Return a command, whose module is imported now.

        Raises
        ------
        click.NoSuchCommand
            The message names near ones.
        """
        if cmd_name not in names():
            raise click.NoSuchCommand(cmd_name, possibilities=names(), ctx=ctx)
        return find(cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands into the help, by whom they are for."""
        for heading, commands in by_readers().items():
            with formatter.section(heading):
                formatter.write_dl([(name, found.help or "") for name, found in commands.items()])


def names() -> list[str]:
    """Return the names of all commands.

    Examples
    --------
    >>> [name for name in names() if name.startswith("e")]
    ['essays', 'evidence', 'exercises']
    """
    modules = (module.name for module in pkgutil.iter_modules(__path__))
    return sorted(name.replace("_", "-") for name in modules if not name.startswith("_"))


def find(name: str) -> Command:
    """Return a command by its name.

    Examples
    --------
    >>> find("class-report").readers
    'teachers'
    """
    module = name.replace("-", "_")
    return getattr(import_module(f"{__name__}.{module}"), module)


def by_readers() -> dict[str, dict[str, Command]]:
    """Return all commands by name, under a heading that says whom they are for."""
    headings = {
        "learners": _("For everybody"),
        "teachers": _("For teachers"),
        "authors": _("For those who work on the course"),
    }
    found = {name: find(name) for name in names()}
    return {
        headings[readers]: {n: one for n, one in found.items() if one.readers == readers}
        for readers in get_args(Readers)
    }
