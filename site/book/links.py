"""Where the links of a lesson lead in the book."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from centralasia import tables

LITE = "lite/"
"""The browser edition, beside the book's first page."""


class LeadsNowhere(ValueError):
    """A link's fragment is no id that the course knows; the message names it."""


@cache
def _places() -> dict[str, str]:
    """Return the page of every event and work, by id; claims have a page each."""
    places = {event: f"events.html#{event}" for event in tables.load("events")["event_id"]}
    places |= {work: f"bibliography.html#{work}" for work in tables.load("works")["work"]}
    places |= {claim: f"claims/{claim}.html" for claim in tables.load("claims")["claim_id"]}
    return places


def address(key: str, up: str = "../") -> str:
    """Return where an id is explained.

    Parameters
    ----------
    key : str
        An event, a claim or a work.
    up : str
        The way from the page to the book's first page.

    Raises
    ------
    LeadsNowhere
        If it is none of these.
    """
    try:
        return up + _places()[key]
    except KeyError:
        raise LeadsNowhere(f"#{key} is no event, claim or work.") from None


def ids(html: str) -> set[str]:
    """Return the targets of links in a piece of HTML."""
    return set(re.findall(r'\bid="([^"]+)"', html))


def in_text(source: str, here: set[str], lessons: dict[str, str]) -> str:
    """Return Markdown with its links made fit for the book.

    Parameters
    ----------
    source : str
        A cell of a notebook.
    here : set of str
        The ids that the page itself explains.
    lessons : dict of str
        Pages by notebook name.
    """

    def reference(found: re.Match) -> str:
        text, key = found.groups()
        target = f"#{key}" if key in here else address(key)
        return f'<a href="{target}">{text}</a>'

    source = re.sub(r"(?<!!)\[([^\]]+)\]\(#([^)\s]+)\)", reference, source)
    return _pages(source, r"\]\((?:[\w./-]*/)?([\w-]+)\.ipynb\)", lessons, "]({})".format)


def in_html(html: str, here: set[str], lessons: dict[str, str]) -> str:
    """Return an output's HTML with its links made fit for the book.

    A list of references leads to a claim's page, for only that has the sources and the verdict.
    """

    def reference(found: re.Match) -> str:
        key = found[1]
        on_page = key in here and not key[:2].isupper()
        return f'href="#{key}"' if on_page else f'href="{address(key)}"'

    html = re.sub(r'href="#([^"]+)"', reference, html)
    return _pages(html, r'href="(?:[\w./-]*/)?([\w-]+)\.ipynb"', lessons, 'href="{}"'.format)


def _pages(text: str, pattern: str, lessons: dict[str, str], form: Callable[[str], str]) -> str:
    def page(found: re.Match) -> str:
        if found[1] not in lessons:
            raise LeadsNowhere(f"{found[1]}.ipynb is neither a lesson nor an exercise.")
        return form(f"../{lessons[found[1]]}.html")

    return re.sub(pattern, page, text)
