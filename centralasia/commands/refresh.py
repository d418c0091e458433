"""``centralasia refresh``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from centralasia.commands import Command
from centralasia.commands._parameters import PATH, force, write_new
from centralasia.language import _

if TYPE_CHECKING:
    import pandas as pd

_SHOWN = 8


@click.command(
    cls=Command,
    readers="authors",
    help=_("Say what a publisher's new file would change in a table."),
)
@click.argument("table", help=_("The table, such as macro."))
@click.argument("file", type=PATH, help=_("The file as the publisher gives it."))
@click.option("--to", type=PATH, help=_("Write the table as it would be to this file."))
@force
def refresh(table: str, file: Path, to: Path | None, force: bool) -> int:
    """Compare a publisher's file with a table; the table stays as it is."""
    from centralasia import refresh as refreshing

    reader, fresh = refreshing.read(table, file)
    changes = refreshing.between(reader, fresh)
    print(f"{file}: {len(fresh)} rows for table '{table}' from {reader.publisher}.")
    print(f"The same in both: {changes.same}.")
    _list(f"Changed values: {len(changes.changed)}", changes.changed)
    _list(f"New rows: {len(changes.new)}", changes.new)
    _list(f"In the table, not in the file (they stay): {len(changes.gone)}", changes.gone)
    if changes.empty:
        print("Nothing to refresh.")
        return 0
    whole = refreshing.merged(reader, changes)
    found = refreshing.of(table, whole)
    print(f"Figures in lessons that would be others: {len(found.figures)}")
    for lesson, cell, before, after in found.figures:
        print(f"  {lesson}, cell {cell}: {before} would be {after}")
    print(f"Verdicts that name the table, to be judged again: {len(found.verdicts)}")
    for claim, verdict in found.verdicts:
        print(f"  {claim} ({verdict})")
    print(f"Lessons that load the table, to be run again: {len(found.outputs)}")
    for lesson in found.outputs:
        print(f"  notebooks/{lesson}")
    if to:
        write_new({to: whole.to_csv(index=False, lineterminator="\n")}, force=force)
        print(f"{to} holds the table as it would be. docs/updating.md says what comes next.")
    return 0


def _list(head: str, rows: pd.DataFrame) -> None:
    """Print a heading and the first rows of a frame."""
    print(head)
    lines = rows.head(_SHOWN).to_string(index=False).splitlines() if len(rows) else []
    print("\n".join(f"  {line}" for line in lines), end="\n" if lines else "")
    if len(rows) > _SHOWN:
        print(f"  and {len(rows) - _SHOWN} more")
