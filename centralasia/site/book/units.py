"""A lesson cut at its own headings into units of 10 to 15 minutes, each with a natural stop.

How long a section takes follows from one rule. Its words are read at 175 a minute: at this rate,
or faster, most adults read English that tells facts (Brysbaert, "How many words do we read per
minute?", Journal of Memory and Language 109, 2019), and slower readers of a second language are
near it. What is left of the minutes that the lesson states for itself is shared out equally among
all that it gives to look at and to answer: each chart, table, prediction, claim and question.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from bs4 import BeautifulSoup

from centralasia.pictures import VEGA
from centralasia.widgets import questions

WORDS_A_MINUTE = 175
TARGET = 12.5
"""Minutes; units come as near to it as headings allow."""
LONG = 15
"""Minutes; a longer unit is a list of claims or questions, and one can stop after each."""
_HEADING = re.compile(r"^(?=#{2,3} )", re.MULTILINE)
_TITLE = re.compile(r"#{2,3} (.*)")
_NOT_READ = re.compile(r'<div class="notebook-only">.*?</div>|<[^>]+>|\]\([^)]*\)', re.DOTALL)
_WORD = re.compile(r"\w[\w'’-]*")
Place = tuple[str, int]
"""The id of a cell, and which of the cell's pieces between headings."""


@dataclass(frozen=True)
class Unit:
    """A part of a lesson that one reads and does at a sitting."""

    number: int
    title: str
    """The heading that it begins with."""
    minutes: int
    asks: tuple[str, ...]
    """Each question in it: its kind and its item, as a line of the progress file has them."""
    place: Place
    """Where it begins."""

    @property
    def any_time(self) -> bool:
        """Whether it is too long for a sitting, and its questions are where one can stop."""
        return self.minutes > LONG and bool(self.asks)


@dataclass
class _Section:
    title: str
    place: Place
    words: int = 0
    things: int = 0
    """How often something is to be looked at or answered."""
    asks: list[str] = field(default_factory=list)


def pieces(source: str) -> list[str]:
    r"""Return a text cut before each of its headings of the second and third level.

    Examples
    --------
    >>> pieces("Before.\n\n## One\n\nText.")
    ['Before.\n\n', '## One\n\nText.']
    """
    return _HEADING.split(source)


def units(notebook: Mapping[str, Any]) -> list[Unit]:
    """Return the units of a lesson, in order.

    Parameters
    ----------
    notebook : mapping
        The lesson as a learner has it, with its stored outputs.
    """
    sections = _joined(_sections(notebook["cells"]))
    stated = notebook["metadata"]["centralasia"]["minutes"]
    things = sum(section.things for section in sections)
    left = stated - sum(section.words for section in sections) / WORDS_A_MINUTE
    each = max(left, 0) / things if things else 0
    minutes = [section.words / WORDS_A_MINUTE + section.things * each for section in sections]
    return [
        Unit(
            number,
            sections[first].title,
            max(1, round(sum(minutes[first:last]))),
            tuple(ask for section in sections[first:last] for ask in section.asks),
            sections[first].place,
        )
        for number, (first, last) in enumerate(parts(minutes), start=1)
    ]


def parts(minutes: Sequence[float]) -> list[tuple[int, int]]:
    """Return how sections are best put together: first and past last section of each part.

    The best has the least sum of squared distances from `TARGET`.

    Examples
    --------
    >>> parts([3, 9, 14, 6, 6])
    [(0, 2), (2, 3), (3, 5)]
    """

    @cache
    def best(first: int) -> tuple[float, tuple[tuple[int, int], ...]]:
        if first == len(minutes):
            return 0.0, ()
        tried = []
        for last in range(first + 1, len(minutes) + 1):
            cost, rest = best(last)
            own = (sum(minutes[first:last]) - TARGET) ** 2
            tried.append((own + cost, ((first, last), *rest)))
        return min(tried)

    return list(best(0)[1])


def _sections(cells: Iterable[Mapping[str, Any]]) -> list[_Section]:
    found: list[_Section] = []
    for cell in cells:
        if cell["cell_type"] == "markdown":
            for n, text in enumerate(pieces("".join(cell["source"]))):
                title = _TITLE.match(text)
                if title or not found:
                    found.append(_Section(title[1] if title else "", (cell["id"], n)))
                body = _NOT_READ.sub(" ", text.partition("\n")[2] if title else text)
                found[-1].words += len(_WORD.findall(body))
        for output in cell.get("outputs", []):
            _count(found[-1], output.get("data", {}))
    return found


def _count(section: _Section, shown: Mapping[str, Any]) -> None:
    """Add an output to what a section takes."""
    html = "".join(shown.get("text/html", ""))
    if questions.MIME in shown:
        asks = asked(shown[questions.MIME])
        section.asks += asks
        section.things += len(asks)
    elif VEGA in shown or "<table" in html:
        section.things += 1
    elif html:
        page = BeautifulSoup(html, "html.parser")
        for unread in page.select("style, details"):
            unread.decompose()
        section.words += len(_WORD.findall(page.get_text(" ")))


def asked(reference: questions.Reference) -> list[str]:
    """Return the questions of a form, each by the kind and the item of its answer.

    Examples
    --------
    >>> asked({"asks": "prediction", "item": "03-p1"})
    ['prediction 03-p1']
    """
    match reference["asks"]:
        case "prediction":
            return [f"prediction {reference['item']}"]
        case "claims":
            return [f"claim {claim}" for claim in reference["claims"]]
        case "quiz" | "misconceptions":
            form = questions.question(reference)
            return [f"{form['kind']} {item['item']}" for item in form["items"]]
    return []


def _joined(sections: Iterable[_Section]) -> list[_Section]:
    """Return the sections with each that has nothing of its own joined to the next.

    What stands before the first heading belongs to the section under that.
    """
    found: list[_Section] = []
    for section in sections:
        open_ = found and (not found[-1].title or not (found[-1].words or found[-1].things))
        if not open_:
            found.append(section)
            continue
        before = found[-1]
        before.title = before.title or section.title
        before.words += section.words
        before.things += section.things
        before.asks += section.asks
    return found
