"""``centralasia site``."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from centralasia.commands import Command
from centralasia.commands._parameters import PATH, PORT
from centralasia.errors import UserError
from centralasia.language import _

if TYPE_CHECKING:
    from centralasia.site.build import Part


@click.command(
    cls=Command,
    readers="authors",
    help=_("Build the book and the browser edition, or one of them."),
)
@click.argument(
    "part",
    type=click.Choice(["all", "book", "lite"]),
    default="all",
    help=_("Both if left out; 'lite' is the browser edition."),
)
@click.option("--out", type=PATH, help=_("The folder; site/_site of the checkout if left out."))
@click.option(
    "--pyodide",
    metavar="FILE",
    help=_("Pyodide's official archive, a path or an address, instead of the copies."),
)
@click.option("--serve", type=PORT, help=_("Show the pages on this port, until Ctrl-C."))
def site(part: Part, out: Path | None, pyodide: str | None, serve: int | None) -> int:
    """Build the book and the browser edition."""
    if find_spec("centralasia.site") is None:
        raise UserError("The site is built in the checkout of the course, not from the wheel.")
    from centralasia.site import build

    folder = build.run(part, out, pyodide)
    if serve:
        build.serve(folder, serve)
    return 0
