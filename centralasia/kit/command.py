"""The commands ``centralasia slides``, ``handout``, ``guide`` and ``sheets``."""

from __future__ import annotations

import argparse
from importlib.util import find_spec
from pathlib import Path

from centralasia.errors import GET_MORE, UserError

NEEDS = ("pypandoc", "typst", "vl_convert")


def run(options: argparse.Namespace) -> int:
    """Make what was asked for and say where it is."""
    missing = [name for name in NEEDS if find_spec(name) is None]
    if missing:
        raise UserError(f"This needs more packages. {GET_MORE}")
    file = options.to or Path(_NAMES[options.what].format(getattr(options, "name", "")))
    if not file.parent.is_dir():
        raise UserError(f"There is no folder {file.parent}.")
    try:
        print(_build(options, file))
    except KeyError as error:
        raise UserError(str(error.args[0])) from None
    return 0


_NAMES = {
    "slides": "slides-{}.html",
    "handout": "handout-{}.pdf",
    "sheets": "role-play-{}.pdf",
    "guide": "instructors-guide.pdf",
}


def _build(options: argparse.Namespace, file: Path) -> Path:
    from centralasia.kit import guide, handout, sheets, slides

    if options.what == "guide":
        return guide.build(file, options.names)
    build = {"slides": slides.build, "handout": handout.build, "sheets": sheets.build}
    return build[options.what](options.name, file)


def add(named: argparse._SubParsersAction) -> None:
    """Add the commands to a parser."""
    for what, said in (
        ("slides", "a lesson as slides, one HTML file that needs no network"),
        ("handout", "a lesson's two pages to hand out, as PDF"),
        ("sheets", "the sheets of role-play A or B, as PDF"),
    ):
        one = named.add_parser(what, help=f"for teachers: {said}")
        one.add_argument("name", help="for example A" if what == "sheets" else "for example 03")
        _finish(one, what)
    guide = named.add_parser("guide", help="for teachers: plans and advice for all lessons, as PDF")
    guide.add_argument("names", nargs="*", help="for example 03; default: all lessons")
    _finish(guide, "guide")


def _finish(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("--to", type=Path, metavar="FILE", help="default: here, named after it")
    parser.set_defaults(run=run, what=what)
