"""The page ``docs/commands.md``: ``python -m centralasia.commands`` writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from centralasia.commands import Command, by_readers
from centralasia.paths import course_root

OPENING = """\
# The commands

`centralasia COMMAND --help` says more about each. Where a page says `centralasia`, enter \
`python3 start.py` in the folder of the course (on Windows `py start.py`). A lesson, or its \
exercise, is named by its number (`3`, `03`), its name, the words of its name, or a path that ends \
in it. No command replaces a file of yours unless you add `--force`. A star marks what needs more \
packages than a learner has: `start.py` fetches them.

Made by `python -m centralasia.commands`, and held to the commands by a test.
"""


def page() -> str:
    """Return the page: a table of all commands for each kind of reader."""
    parts = [OPENING]
    for heading, commands in by_readers().items():
        rows = [row for name, command in commands.items() for row in _rows(name, command)]
        head = "| command | what it does | options |\n|---|---|---|\n"
        parts.append(f"## {heading}\n\n{head}" + "\n".join(rows) + "\n")
    return "\n".join(parts)


def _rows(name: str, command: Command) -> Iterator[str]:
    """Yield the row of a command, and those of its own commands."""
    words = " ".join([name, *(_usage(p) for p in command.params if isinstance(p, click.Argument))])
    options = ", ".join(f"`{p.opts[0]}`" for p in command.params if isinstance(p, click.Option))
    star = " *" if command.extra else ""
    yield f"| `{words}`{star} | {command.help} | {options} |"
    for own in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _rows(f"{name} {own.name}", own)


def _usage(argument: click.Argument) -> str:
    shown = (argument.name or "").upper() + ("…" if argument.nargs != 1 else "")
    return shown if argument.required else f"[{shown}]"


def main(file: Path | None = None) -> Path:
    """Write the page into ``docs``, or to another file."""
    file = file or course_root() / "docs" / "commands.md"
    file.write_text(page(), encoding="utf-8", newline="\n")
    return file


if __name__ == "__main__":
    print(main())
