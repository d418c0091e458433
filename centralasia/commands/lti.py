"""``centralasia lti``, with ``register`` and ``send``."""

from __future__ import annotations

from pathlib import Path

import click

from centralasia.commands import Command, Group
from centralasia.commands._parameters import (
    course_folder,
    gradebook,
    id_column,
    roster_file,
    several_lessons,
)
from centralasia.course import Lesson
from centralasia.language import _


@click.group(
    cls=Group,
    readers="teachers",
    extra="teaching",
    help=_("Join a JupyterHub and Moodle or Canvas, by LTI 1.3."),
)
def lti() -> None:
    """Hold what is said of the tool and of marks."""


@lti.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Make a key, and say what to enter in Moodle or Canvas."),
)
@click.option(
    "--for", "system", type=click.Choice(("moodle", "canvas")), help=_("Which of the two it is.")
)
@click.option(
    "--address", metavar="URL", help=_("Where it is, such as https://moodle.example.edu.")
)
@click.option("--hub", metavar="URL", help=_("Where the hub is, such as https://hub.example.edu."))
@click.option("--client-id", metavar="ID", default="", help=_("What it calls the course's tool."))
@click.option(
    "--deployment",
    "deployments",
    metavar="ID",
    multiple=True,
    help=_("Which of its deployments may sign in; all if left out."),
)
@course_folder
def register(
    system: str | None,
    address: str | None,
    hub: str | None,
    client_id: str,
    deployments: tuple[str, ...],
    folder: Path,
) -> int:
    """Write the folder ``lti``, and print what a person has to copy."""
    from centralasia.errors import UserError
    from centralasia.lms import registration

    place = folder / registration.FOLDER
    given = (system, address, hub)
    if not folder.is_dir():
        raise UserError(f"There is no folder {folder}.")
    is_there = (place / registration.PLATFORM).is_file()
    if all(given):
        named = registration.known(registration.Platform(system), address or "", hub or "")
        if is_there:  # what the system said of the tool is not asked for twice
            before = registration.read(place)
            named = registration.named(named, before.client_id, before.deployments)
    elif any(given) or not is_there:
        raise UserError(_("Give all three: --for, --address and --hub."))
    else:
        named = registration.read(place)
    named = registration.named(named, client_id, list(deployments))
    registration.save(place, named)
    if not named.client_id:
        print(_("Enter this in {system}:").format(system=named.system.title()))
        for name, value in registration.fields_of(place, named):
            print(f"  {name}: {value}")
        print(_("It then shows a client ID. Give it here: centralasia lti register --client-id ID"))
        return 0
    print(_("All is there. The hub's configuration needs one line:"))
    print(f'  load_subconfig("{(place / registration.HUB).resolve()}")')
    links = place / registration.LINKS
    print(_("What a link to each lesson says stands in {file}.").format(file=links))
    return 0


@lti.command(
    cls=Command,
    readers="teachers",
    extra="teaching",
    help=_("Send marks to the gradebook of Moodle or Canvas."),
)
@several_lessons
@click.option(
    "--course",
    "wanted",
    metavar="ID",
    help=_("To which course there; needed if the hub serves several."),
)
@click.option("--again", is_flag=True, help=_("Send also what was sent and is unchanged."))
@roster_file
@id_column
@course_folder
@gradebook
def send(
    lessons: tuple[Lesson, ...],
    wanted: str | None,
    again: bool,
    roster: Path | None,
    id_name: str | None,
    folder: Path,
    db: str | None,
) -> int:
    """Send every mark that there is; 1 if somebody's did not get through."""
    from centralasia.grading.afterwards.folder import CourseFolder
    from centralasia.grading.judging.report import printable
    from centralasia.lms import launches, marks, passback, registration, rules, upload
    from centralasia.lms import roster as rosters

    place = folder / registration.FOLDER
    registration.read(place)
    course = launches.choose(launches.read(place), wanted)
    if roster or id_name or (folder / rosters.FILE).is_file():
        people = rosters.read(rosters.find(roster, folder), id_name)
    else:
        people = launches.roster(place, course)
    rules.prepare(folder)
    graded = CourseFolder(folder, db)
    asked = list(rules.read(folder).asked)
    chosen = [lesson.name for lesson in lessons] or marks.begun(graded, asked)
    found = marks.of_class(graded, people, chosen)
    outcome = passback.send(place, course, people, found, again=again, say=print)
    for line in outcome.lines():
        print(line)
    for line in upload.standing(people, found, marks.unlisted(graded, people, chosen)):
        print(printable(line))
    return int(bool(outcome.unknown or outcome.refused))
