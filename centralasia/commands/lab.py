"""``centralasia lab``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command
from centralasia.commands._parameters import PATH, PORT
from centralasia.language import _


@click.command(
    cls=Command, readers="learners", help=_("Open JupyterLab on your own copy of the lessons.")
)
@click.argument(
    "folder",
    type=PATH,
    required=False,
    help=_("The folder of your copy of the course; made if missing."),
)
@click.option("--port", type=PORT, help=_("The port to listen on; 8888 if left out."))
@click.option("--no-browser", is_flag=True, help=_("Print the address and open nothing."))
@click.option("--hub", is_flag=True, help=_("Be a user's server on a JupyterHub."))
def lab(folder: Path | None, port: int | None, no_browser: bool, hub: bool) -> int:
    """Bring a learner's copy up to date and open JupyterLab on it."""
    from centralasia import lab, workspace
    from centralasia.jupyter import frontend

    if hub:
        lab.check_hub()
    directory = workspace.find(folder or (workspace.at_home() if hub else None))
    changes = workspace.fill(directory)
    print(f"Your copy of the course is in {directory}")
    placed = sum(change.action == "placed" for change in changes)
    if placed:
        print(f"  {placed} files placed")
    for change in changes:
        if change.action == "updated":
            print(f"  {change.path.name}: updated to the new release")
        elif change.beside:
            print(
                f"  {change.path.name}: you changed it, so it stays as it is; "
                f"the new release is beside it as {change.beside.name}"
            )
    data = directory / ".centralasia" / "jupyter"
    frontend.write(data)
    if hub:
        lab.serve_on_hub(directory, data)
    lab.serve(directory, port, browser=not no_browser, data=data)
    return 0
