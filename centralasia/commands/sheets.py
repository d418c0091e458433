"""``centralasia sheets``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import force, large, target_file, to_write
from centralasia.language import _


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Make a role-play's case note, role sheets, memo and form, as PDF."),
)
@click.argument("game", help=_("A, B or C."))
@click.option("--teacher", is_flag=True, help=_("What the teacher alone reads."))
@click.option("--debrief", is_flag=True, help=_("Slides for the debrief; PDF if --to ends so."))
@large
@target_file("role-play-A.pdf")
@force
def sheets(
    game: str, teacher: bool, debrief: bool, large: bool, target: Path | None, force: bool
) -> int:
    """Make what a role-play needs, in each form that is asked for, and say where it is."""
    from centralasia.kit import paper, screen, sheets
    from centralasia.roleplay import board, games

    name = games.game(game.upper()).name
    on_paper = target is not None and target.suffix.lower() == ".pdf"
    own = {
        "teacher": Path(f"role-play-{name}-teacher.pdf"),
        "debrief": Path(f"role-play-{name}-debrief.{'pdf' if on_paper else 'html'}"),
    }
    asked = {"teacher": teacher, "debrief": debrief}
    wanted = {form: own[form] for form in own if asked[form]}
    wanted = wanted or {"class": Path(f"role-play-{name}.pdf")}
    for form, file in to_write(wanted, target, force=force).items():
        if form == "teacher":
            print(sheets.build_teacher(name, file))
        elif form == "class":
            print(sheets.build(name, file, large=large))
        else:
            write = paper.write if on_paper else screen.write
            print(write(sheets.debrief(name), board.title(name), file))
    return 0
