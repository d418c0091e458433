"""``centralasia room``."""

from __future__ import annotations

import click

from centralasia.commands import Command
from centralasia.commands._parameters import LESSON, PORT
from centralasia.course import Lesson
from centralasia.language import _


@click.command(cls=Command, readers="teachers", help=_("Gather a class's answers from phones."))
@click.argument(
    "lesson",
    type=LESSON,
    required=False,
    help=_("Whose questions the board offers first; it offers all."),
)
@click.option("--host", default="", help=_("Where to listen; everywhere if left out."))
@click.option("--port", type=PORT, help=_("The port to listen on; 8808 if left out."))
@click.option("--new", is_flag=True, help=_("Begin anew, if the last room was not closed."))
@click.option("--no-browser", is_flag=True, help=_("Print the address of the board only."))
def room(lesson: Lesson | None, host: str, port: int | None, new: bool, no_browser: bool) -> int:
    """Open a room for a class, until Ctrl-C."""
    import asyncio

    from centralasia.room import server

    number = lesson.number if lesson else ""
    serving = server.serve(
        host, port or server.PORT, lesson=number, new=new, browser=not no_browser
    )
    asyncio.run(serving)
    return 0
