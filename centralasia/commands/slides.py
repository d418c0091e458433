"""``centralasia slides``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import force, one_lesson, target_file, to_write
from centralasia.course import Lesson
from centralasia.language import _


@click.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Make a lesson into slides: one HTML file that needs no network, PDF or PowerPoint."),
)
@one_lesson
@click.option("--pdf", is_flag=True, help=_("As PDF, a page a slide."))
@click.option("--notes", is_flag=True, help=_("As PDF, with the notes below each."))
@click.option("--pptx", is_flag=True, help=_("As a PowerPoint file, with notes."))
@target_file("slides-03.html")
@force
def slides(
    lesson: Lesson, pdf: bool, notes: bool, pptx: bool, target: Path | None, force: bool
) -> int:
    """Make the slides of a lesson, in each form that is asked for, and say where they are."""
    from centralasia.kit import paper, powerpoint, screen

    number, ending = lesson.number, target.suffix.lower()[1:] if target else ""
    wanted = {"html": False, "pdf": pdf, "notes": notes, "pptx": pptx}
    if not any(wanted.values()):
        wanted[ending if ending in ("pdf", "pptx") else "html"] = True
    names = {"notes": f"slides-{number}-notes.pdf"}
    own = {
        form: Path(names.get(form, f"slides-{number}.{form}")) for form in wanted if wanted[form]
    }
    for form, file in to_write(own, target, force=force).items():
        if form == "pptx":
            print(powerpoint.build(number, file))
        elif form == "html":
            print(screen.build(number, file))
        else:
            print(paper.build(number, file, notes=form == "notes"))
    return 0
