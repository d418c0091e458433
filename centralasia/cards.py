"""Cards that read without a kernel: where a lesson begins, what a text claims, what is cited."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import pandas as pd

from centralasia import bibliography, course, notebooks, style, tables, templates
from centralasia.language import _, plural

__all__ = [
    "Card",
    "claim_cards",
    "claims",
    "course_map",
    "kind_line",
    "references",
    "start_card",
]


class Kind(NamedTuple):
    """A kind of claim, for people."""

    sign: str
    word: str


@dataclass(frozen=True)
class Row:
    """A lesson in the map of the course."""

    lesson: course.Lesson
    title: str
    period: str
    minutes: int
    claims: int


class Card:
    """Static HTML with the same content as plain text."""

    def __init__(self, html: str, text: str) -> None:
        self._html, self._text = html, text

    def __repr__(self) -> str:  # noqa: D105
        return self._text

    def _repr_html_(self) -> str:
        return f'{style.sheet()}<div class="ca">{self._html}</div>'


def kinds() -> dict[str, Kind]:
    """Return a sign and a word for each kind of claim."""
    return {
        "event": Kind("◆", _("event")),
        "membership": Kind("⊕", _("membership")),
        "figure": Kind("#", _("figure")),
        "interpretation": Kind("≈", _("interpretation")),
        "causal": Kind("→", _("cause")),
        "forecast": Kind("»", _("forecast")),
    }


def dimensions() -> dict[str, str]:
    """Return the title of each dimension of a text, in order."""
    return {
        "framing": _("The frame"),
        "institutional": _("Institutions"),
        "security": _("Security"),
        "economic": _("Economy"),
        "outlook": _("Outlook"),
    }


def claims(chosen: str | Iterable[str] | pd.DataFrame) -> pd.DataFrame:
    """Return claims by id, or all of a lesson, in the order asked for.

    Parameters
    ----------
    chosen : str, iterable of str or pandas.DataFrame
        A lesson (``"03"`` or ``"03-russia-3-return"``), a claim's id, several ids, or claims of
        a learner's own, from `centralasia.own.as_claims`, which come back as they are.

    Returns
    -------
    pandas.DataFrame
        Rows of the table ``claims``.

    Raises
    ------
    KeyError
        If a claim, a lesson or a lesson's claims do not exist.

    Examples
    --------
    >>> claims(["RU-38", "RU-12"])["claim_id"].tolist()
    ['RU-38', 'RU-12']
    """
    if isinstance(chosen, pd.DataFrame):
        return chosen
    frame = tables.load("claims")
    if isinstance(chosen, str):
        if chosen[:1].isdigit():
            lesson = course.lesson(chosen)
            found = frame[frame["lesson"] == lesson.number]
            if found.empty:
                name = course.text(lesson.text).in_sentence
                raise KeyError(f"No claim of {name} belongs to lesson {lesson.number}.")
            return found.reset_index(drop=True)
        chosen = [chosen]
    wanted = list(chosen)
    missing = sorted(set(wanted) - set(frame["claim_id"]))
    if missing or not wanted:
        raise KeyError(f"There is no claim {', '.join(missing) or 'to show'}. Ids look like RU-12.")
    return frame.set_index("claim_id", drop=False).loc[wanted].reset_index(drop=True)


def kind_line(claim: pd.Series) -> str:
    """Return a claim's id, kind and dimension, and the work that makes it, as one line of text."""
    sign, word = kinds()[str(claim["kind"])]
    dimension = dimensions()[str(claim["dimension"])].lower()
    said_by = bibliography.said_by(claim["work"])
    line = (claim["claim_id"], f"{sign} {word}", dimension, said_by)
    return " · ".join(filter(None, line))


def claim_cards(chosen: str | Iterable[str] | pd.DataFrame) -> Card:
    """Show what a text claims, by dimension, and not yet how it stands the test.

    Parameters
    ----------
    chosen : str, iterable of str or pandas.DataFrame
        As in `claims`.

    Returns
    -------
    Card
        Each claim is the target of links to its id, so show it once in a lesson.
    """
    frame = claims(chosen)
    if frame.empty:
        said = _("There is no claim to show yet.")
        return Card(templates.render("markup/said.html", said=said), said)
    frame = frame.assign(said_by=frame["work"].map(bibliography.said_by))
    texts = _(" and ").join(course.text(key).in_sentence for key in frame["text"].unique())
    head = plural("{n} claim of {text}", "{n} claims of {text}", len(frame))
    groups, lines = [], [head.format(n=len(frame), text=texts)]
    for dimension, title in dimensions().items():
        here = frame[frame["dimension"] == dimension].to_dict("records")
        if here:
            groups.append((title, here))
            lines.append(f"{title} ({len(here)})")
            lines += [f"  {_in_plain(claim)}" for claim in here]
    return Card(
        templates.render("markup/claims.html", groups=groups, kinds=kinds()), "\n".join(lines)
    )


def _in_plain(claim: Mapping[Hashable, Any]) -> str:
    about = ", ".join(filter(None, (kinds()[claim["kind"]].word, claim["said_by"])))
    return f"{claim['claim_id']} ({about}): {claim['claim']}"


def start_card(lesson: str) -> Card:
    """Show what a lesson takes and gives, from the metadata of its notebook.

    Parameters
    ----------
    lesson : str
        Its number or its name.

    Returns
    -------
    Card
    """
    about = notebooks.about(course.lesson(lesson).file)
    lines = [
        about["title"],
        _("Period: {period}. Time: about {minutes} minutes.").format_map(about),
        _("You will {goals}.").format(goals="; ".join(about["objectives"])),
        _("It needs: {needs}").format_map(about),
        _("Next: {next}").format_map(about),
    ]
    return Card(
        templates.render(
            "markup/start.html",
            period=about["period"],
            minutes=about["minutes"],
            goals=[_stressed(goal) for goal in about["objectives"]],
            needs=_stressed(about["needs"]),
            next=_stressed(about["next"]),
        ),
        "\n".join(lines),
    )


def _stressed(text: str) -> list[tuple[str, bool]]:
    """Return the pieces of a text, each with whether ``*stars*`` stress it."""
    return [(piece, n % 2 == 1) for n, piece in enumerate(re.split(r"\*([^*]+)\*", text))]


def references(lesson: str) -> Card:
    """Show where everything that a lesson links to comes from.

    Parameters
    ----------
    lesson : str
        Its number or its name; the pristine notebook is read, not the learner's copy.

    Returns
    -------
    Card
        Events, works, habits, and claims of other lessons; each but a claim is the target of
        links to its id. The works whose claims the lesson tests are among them. The lesson's own
        claims stand in `claim_cards`, with their sources beside the verdicts.
    """
    here = course.lesson(lesson)
    ids = bibliography.cited(here)
    works = bibliography.works([*ids, *bibliography.works_of(here)])
    events = bibliography.events(ids)
    own = set(tables.load("claims").query("lesson == @here.number").claim_id)
    claimed = bibliography.claims(id_ for id_ in ids if id_ not in own)
    said = _(
        "References of lesson {number}: {works} reading, {events} events, {claims} other claims"
    ).format(
        number=here.number,
        works=len(works),
        events=len(events),
        claims=len(claimed),
    )
    html = templates.render(
        "markup/cited.html",
        works=works,
        events=events,
        claims=claimed,
        habits=bibliography.habits(ids),
    )
    return Card(html, said)


def lesson_rows(text: str | None = None) -> list[Row]:
    """Return the lessons in order, each with what its notebook says and its number of claims.

    Parameters
    ----------
    text : str, optional
        Only the lessons that test this text, by its key.
    """
    counts = tables.load("claims")["lesson"].value_counts()
    rows = []
    for lesson in course.lessons(text if text is None else course.text(text).key):
        about = notebooks.about(lesson.file)
        n = int(counts.get(lesson.number, 0))
        rows.append(Row(lesson, about["title"], about["period"], about["minutes"], n))
    return rows


def course_map(text: str | None = None) -> Card:
    """Show the lessons, with period, minutes and the number of claims that each tests.

    Parameters
    ----------
    text : str, optional
        Only the lessons that test this text, by its key: ``"essay"``.

    Returns
    -------
    Card

    Raises
    ------
    centralasia.course.Unknown
        If there is no such text.
    """
    rows = lesson_rows(text)
    line = _("{number} {title}: {period}, {minutes} min, {claims} claims")
    lines = [
        line.format(
            number=row.lesson.number,
            title=row.title,
            period=row.period,
            minutes=row.minutes,
            claims=row.claims,
        )
        for row in rows
    ]
    return Card(templates.render("markup/map.html", rows=rows), "\n".join(lines))
