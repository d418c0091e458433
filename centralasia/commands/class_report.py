"""``centralasia class-report``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import PATH
from centralasia.language import _


@click.command(cls=Command, readers="teachers", help=_("Say what a class learned, without names."))
@click.argument("folder", type=PATH, help=_("The records that learners exported."))
def class_report(folder: Path) -> int:
    """Print what a class gained on the twelve misconception items."""
    from rich.console import Console
    from rich.table import Table

    from centralasia import gains

    gained = gains.of_class(folder)
    table = Table("Item", "Question", "Before", "After", "Still believed", "Lesson")
    for row in gained.items.reset_index().itertuples():
        shares = f"{row.before:.0%}", f"{row.after:.0%}"
        table.add_row(row.item_id, row.prompt, *shares, row.still, row.lesson)
    Console(markup=False).print(table)
    print(
        f"{gained.learners} learners: {gained.before:.0%} right before, {gained.after:.0%} after. "
        f"Normalised gain {gained.gain:.2f} (Hake 1998)."
    )
    if gained.left_out:
        print(f"{gained.left_out} records were left out: not all answers are there, both times.")
    return 0
