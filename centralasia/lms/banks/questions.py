"""Questions as a learning system asks them, and those of the table ``items``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import shorten
from typing import ClassVar, Literal

from markupsafe import Markup, escape

from centralasia import bibliography, course, tables
from centralasia.language import N_, _

ItemKind = Literal["quiz", "prediction", "misconception"]
NAMES: dict[ItemKind, str] = {
    "quiz": N_("Quiz"),
    "prediction": N_("Predictions"),
    "misconception": N_("Beliefs before and after"),
}
NOTHING = Markup()
MOST_RIGHT = 10
"""Most right options of a question: Moodle divides its points into no more parts."""


@dataclass(frozen=True)
class Option:
    """One answer to choose.

    Parameters
    ----------
    text : str
    right : bool
    feedback : str
        What somebody reads who chose it.
    """

    text: str
    right: bool
    feedback: str = ""


@dataclass(frozen=True, kw_only=True)
class Question:
    """What every question has.

    Parameters
    ----------
    id : str
        Unique in the bank; a system keeps it as the question's own number.
    folder : tuple of str
        Where it is filed, from the outermost name to the innermost.
    prompt : markupsafe.Markup
        HTML that is XML as well.
    points : int, default 1
    after : markupsafe.Markup
        What everybody reads after the answer: the explanation and its source.
    label : str
        What tells it from others with the same prompt, such as its case.
    """

    id: str
    folder: tuple[str, ...]
    prompt: Markup
    kind: ClassVar[str]
    points: int = 1
    after: Markup = NOTHING
    label: str = ""

    @property
    def name(self) -> str:
        """The id with the label or the first words: what a teacher sees in a list."""
        said = self.label or shorten(self.prompt.striptags(), 60, placeholder="…")
        return f"{self.id} · {said}"


@dataclass(frozen=True, kw_only=True)
class Choice(Question):
    """One right answer of several.

    Parameters
    ----------
    options : tuple of Option
        One of them is right.
    """

    kind: ClassVar[str] = "choice"
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Several(Question):
    """All right answers of several.

    Parameters
    ----------
    options : tuple of Option
        At least one is right, and no more than `MOST_RIGHT` are.
    """

    kind: ClassVar[str] = "several"
    options: tuple[Option, ...]


@dataclass(frozen=True, kw_only=True)
class Number(Question):
    """A number to type in.

    Parameters
    ----------
    answer, tolerance : float
        Right is what differs by no more than `tolerance`.
    wrong : tuple of (float, str)
        Typical wrong numbers, and what to say to each.
    """

    kind: ClassVar[str] = "number"
    answer: float
    tolerance: float
    wrong: tuple[tuple[float, str], ...] = ()


def of_items(lessons: Iterable[course.Lesson], kinds: Iterable[ItemKind]) -> Iterator[Choice]:
    """Yield the items of lessons, in the order of the lessons.

    Parameters
    ----------
    lessons : iterable of course.Lesson
    kinds : iterable of {"quiz", "prediction", "misconception"}

    Yields
    ------
    Choice
        With the feedback of each option, the explanation, and the source.
    """
    items, options = tables.load("items"), tables.load("options")
    sources = bibliography.sources(items.source_id)
    for lesson in lessons:
        for kind in kinds:
            mine = items[(items.lesson == lesson.number) & (items.kind == kind)]
            for row in mine.to_dict("records"):
                replies = options[options.item_id == row["item_id"]].to_dict("records")
                yield Choice(
                    id=row["item_id"],
                    folder=folder(lesson, NAMES[kind]),
                    prompt=_paragraph(row["prompt"]),
                    after=_after(row["explanation"], sources.get(row["source_id"])),
                    options=tuple(
                        Option(reply["text"], bool(reply["correct"]), _text(reply["feedback"]))
                        for reply in replies
                    ),
                )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def folder(lesson: course.Lesson, name: str) -> tuple[str, str]:
    """Return where questions of a lesson are filed: its name, and what they are."""
    return _("Lesson {number}").format(number=lesson.number), _(name)


def _paragraph(text: str) -> Markup:
    return Markup("<p>{}</p>").format(text)


def _after(explanation: object, source: bibliography.Source | None) -> Markup:
    said = _paragraph(_text(explanation)) if _text(explanation) else NOTHING
    if source is None:
        return said
    named = Markup('<a href="{}">{}</a>').format(source.url, source.title)
    known = (named if source.url else source.title, *source.known)
    return said + _paragraph(escape(_("Source: {title}")).format(title=Markup(", ").join(known)))
