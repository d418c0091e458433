"""Where the links of a lesson lead in the book."""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from functools import cache
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

from centralasia import tables

LITE = "lite/"
"""The browser edition, beside the book's first page."""


class LeadsNowhere(ValueError):
    """A link's fragment is no id that the course knows; the message names it."""


@cache
def places() -> dict[str, str]:
    """Return the page of every event, work and habit, by id; claims have a page each."""
    places = {event: f"events.html#{event}" for event in tables.load("events")["event_id"]}
    places |= {work: f"bibliography.html#{work}" for work in tables.load("works")["work"]}
    places |= {habit: f"methods.html#{habit}" for habit in tables.load("habits")["habit"]}
    return places | {claim: f"claims/{claim}.html" for claim in _claims()}


@cache
def _claims() -> frozenset[str]:
    return frozenset(tables.load("claims")["claim_id"])


def address(key: str, up: str = "../") -> str:
    """Return where an id is explained.

    Parameters
    ----------
    key : str
        An event, a claim, a work or a habit.
    up : str
        The way from the page to the book's first page.

    Raises
    ------
    LeadsNowhere
        If it is none of these.
    """
    try:
        return up + places()[key]
    except KeyError:
        raise LeadsNowhere(f"#{key} is no event, claim, work or habit.") from None


def in_text(source: str, here: Set[str], lessons: Mapping[str, str]) -> str:
    """Return Markdown with its links made fit for the book.

    Parameters
    ----------
    source : str
        A cell of a notebook.
    here : set of str
        The ids that the page itself explains.
    lessons : mapping of str
        Pages by notebook name.

    Raises
    ------
    LeadsNowhere
    """

    def reference(found: re.Match[str]) -> str:
        text, key = found.groups()
        target = f"#{key}" if key in here else address(key)
        return f'<a href="{target}">{text}</a>'

    def page(found: re.Match[str]) -> str:
        return f"]({_page(found[1], lessons)})"

    source = re.sub(r"(?<!!)\[([^\]]+)\]\(#([^)\s]+)\)", reference, source)
    return re.sub(r"\]\((?:[\w./-]*/)?([\w-]+)\.ipynb\)", page, source)


def in_html(html: BeautifulSoup, here: Set[str], lessons: Mapping[str, str]) -> None:
    """Make the links of an output fit for the book.

    A list of references leads to a claim's page, for only that has the sources and the verdict.

    Parameters
    ----------
    html : BeautifulSoup
        The output, which is changed.
    here, lessons
        As for `in_text`.

    Raises
    ------
    LeadsNowhere
    """
    for link in html.select("a[href]"):
        target = urlsplit(str(link["href"]))
        path = PurePosixPath(target.path)
        if target.scheme:
            continue
        if path.suffix == ".ipynb":
            link["href"] = _page(path.stem, lessons)
        elif target.fragment not in here or target.fragment in _claims():
            link["href"] = address(target.fragment)


def _page(name: str, lessons: Mapping[str, str]) -> str:
    if name not in lessons:
        raise LeadsNowhere(f"{name}.ipynb is not a lesson.")
    return f"../{lessons[name]}.html"
