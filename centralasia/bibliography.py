"""What a lesson cites: its events, claims and works, each with where it comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from centralasia import course, notebooks, tables, templates
from centralasia.language import N_, _

_LINK = re.compile(r"\]\(#([^)\s]+)\)")
MONTHS = [
    *(N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June")),
    *(N_("July"), N_("August"), N_("September"), N_("October"), N_("November"), N_("December")),
]


@dataclass(frozen=True)
class Source:
    """Where something comes from."""

    title: str
    url: str
    """Empty where it has none."""
    known: tuple[str, ...]
    """Its publisher and date; also how a data set may be used, or that nobody has verified it."""


@dataclass(frozen=True)
class Event:
    """A dated event."""

    key: str
    year: int
    date: str
    """As one says it."""
    title: str
    source: Source | None
    """None where no source was seen."""
    second: Source | None
    """Another one that does not depend on the first; None where none was seen."""
    checked: str
    """The day on which it was last read against a source, as one says it; or empty."""
    verified: bool
    """Not so where only a mirror, a blog or a scraped page was seen."""
    aside: str
    """Why it is told of a power that took no part; empty where the power did."""


@dataclass(frozen=True)
class Claim:
    """A claim with the sources of its verdict."""

    key: str
    claim: str
    said_by: str
    """As `said_by`."""
    sources: tuple[Source, ...]


@dataclass(frozen=True)
class Habit:
    """A question to put to any figure, from the page on methods."""

    key: str
    question: str
    rule: str
    terms: tuple[str, ...]
    """Terms of the glossary that it explains."""


@dataclass(frozen=True)
class Work:
    """A book or a paper."""

    key: str
    authors: str
    year: str
    title: str
    container: str
    """The journal or the book that it is in; empty for a work that stands alone."""
    details: tuple[str, ...]
    """Volume and pages, publisher."""
    url: str
    place: str
    """What to print for the address: a DOI, or a host."""
    verified: bool
    argument: str
    """What it says, in our words; empty where nobody has put it down."""


def cited(lesson: course.Lesson) -> list[str]:
    """Return the ids that a lesson's text links to, in order of first mention."""
    cells = json.loads(notebooks.for_learners(lesson.file))["cells"]
    texts = ("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    text = "\n".join(texts)
    return list(dict.fromkeys(_LINK.findall(text)))


def spoken_date(text: object) -> str:
    """Return a date as one says it, no finer than it is known.

    Examples
    --------
    >>> spoken_date("2003-09-22"), spoken_date("1994-03"), spoken_date("1994")
    ('22 September 2003', 'March 1994', '1994')
    """
    if not isinstance(text, str):
        return _("no date")
    parts = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?$", text)
    if not parts:
        first, stroke, last = text.partition("/")
        return _("{first} to {last}").format(first=first, last=last) if stroke else text
    year, month, day = parts.groups()
    if not month:
        return year
    name = _(MONTHS[int(month) - 1])
    if not day:
        return _("{month} {year}").format(month=name, year=year)
    return _("{day} {month} {year}").format(day=int(day), month=name, year=year)


def sources(source_ids: Iterable[object]) -> dict[str, Source]:
    """Return where things come from.

    Parameters
    ----------
    source_ids : iterable of str
        Keys of the table ``sources``; a missing one is passed over.

    Returns
    -------
    dict
        A source for each key.

    Raises
    ------
    KeyError
        If a key is not in the table.
    """
    wanted = {key for key in source_ids if isinstance(key, str)}
    rows = {row["source_id"]: row for row in tables.load("sources").to_dict("records")}
    if unknown := sorted(wanted - set(rows)):
        raise KeyError(f"{', '.join(unknown)}: not in data/sources.csv. Each needs a row there.")
    return {key: _source(rows[key]) for key in wanted}


def _source(row: Mapping[Hashable, Any]) -> Source:
    known = [_text(row["publisher"])]
    known += [spoken_date(row["date"])] if _text(row["date"]) else []
    if row["kind"] == "dataset":
        known.append(_uses()[str(row["use"])])
    elif row["kind"] == "unverified":
        known.append(_("further reading, not verified"))
    return Source(row["title"], _text(row["url"]), tuple(filter(None, known)))


def _uses() -> dict[str, str]:
    return {
        "open": _("open licence"),
        "attribution": _("free with attribution"),
        "share_alike": _("free with attribution, share alike"),
        "non_commercial": _("non-commercial use only"),
        "unclear": _("terms of use unclear"),
    }


def events(ids: Iterable[str]) -> list[Event]:
    """Return the events among some ids, by date."""
    rows = tables.load("events")
    rows = rows[rows["event_id"].isin(list(ids))].sort_values(["date", "event_id"])
    known = sources([*rows["source_id"], *rows["second_source"]])
    return [
        Event(
            key=row["event_id"],
            year=row["date"].year,
            date=spoken_date(row["date_text"]),
            title=row["title"],
            source=known.get(row["source_id"]),
            second=known.get(row["second_source"]),
            checked=spoken_date(row["checked"]) if _text(row["checked"]) else "",
            verified=row["confidence"] != "unverified",
            aside=_text(row["power_absent"]),
        )
        for row in rows.to_dict("records")
    ]


def claims(ids: Iterable[str]) -> list[Claim]:
    """Return the claims among some ids, each with the sources of its verdict."""
    rows = tables.load("claims")
    rows = rows[rows["claim_id"].isin(list(ids))]
    known = sources_of(rows["claim_id"])
    return [
        Claim(row["claim_id"], row["claim"], said_by(row["work"]), known.get(row["claim_id"], ()))
        for row in rows.to_dict("records")
    ]


def habits(ids: Iterable[str]) -> list[Habit]:
    """Return the habits of a careful reader among some ids, in the order of the page."""
    rows = tables.load("habits")
    rows = rows[rows["habit"].isin(list(ids))]
    return [
        Habit(row["habit"], row["question"], row["rule"], tuple(_text(row["terms"]).split(";")))
        for row in rows.to_dict("records")
    ]


def works_of(lesson: course.Lesson) -> list[str]:
    """Return the keys of the works whose claims a lesson tests; none where its text is one work."""
    rows = tables.load("claims").query("lesson == @lesson.number")
    return rows["work"].dropna().astype(str).unique().tolist()


def said_by(work: object) -> str:
    """Return how a sentence names the work that makes a claim.

    Parameters
    ----------
    work : str or missing value
        Its key, or nothing where the claim is that of a text that is one work.

    Returns
    -------
    str
        Empty for nothing.

    Raises
    ------
    KeyError
        If there is no such work.

    Examples
    --------
    >>> said_by("cooley_heathershaw_2017"), said_by("talbott_1997"), said_by(None)
    ('Cooley and Heathershaw (2017)', 'Talbott (statement, 1997)', '')
    """
    if not isinstance(work, str):
        return ""
    row = tables.load("works").set_index("work").loc[work]
    names = [name.partition(",")[0].strip() for name in row["authors"].split(";")]
    name = _("{name} and others").format(name=names[0])
    if len(names) < 3:
        name = _(" and ").join(names)
    forms = {"statement": _("statement, {year}"), "document": _("document, {year}")}
    year = _text(row["year"]) or _("n.d.")
    when = forms.get(_text(row["form"]), "{year}").format(year=year)
    return f"{name} ({when})"


def works(ids: Iterable[str]) -> list[Work]:
    """Return the works among some ids, by author."""
    rows = tables.load("works")
    rows = rows[rows["work"].isin(list(ids))].sort_values(["authors", "year"])
    return [_work(row) for row in rows.to_dict("records")]


def _work(row: Mapping[Hashable, Any]) -> Work:
    address = _text(row["url"])
    if address and "://" not in address:
        address = f"https://doi.org/{address}"
    details = (_text(row["locator"]), _text(row["publisher"]))
    return Work(
        key=row["work"],
        authors=row["authors"],
        year=_text(row["year"]) or _("n.d."),
        title=row["title"],
        container=_text(row["container"]),
        details=tuple(filter(None, details)),
        url=address,
        place=_place(address),
        verified=bool(pd.notna(row["verified"]) and row["verified"]),
        argument=_text(row["argument"]),
    )


def _place(address: str) -> str:
    host, _stroke, path = address.partition("://")[2].partition("/")
    return f"doi:{path}" if host == "doi.org" else host.removeprefix("www.")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def sources_of(claim_ids: Iterable[str]) -> dict[str, tuple[Source, ...]]:
    """Return the sources of some claims' verdicts; a claim without one has no entry."""
    rows = tables.load("claim_sources")
    rows = rows[rows["claim_id"].isin(list(claim_ids))].sort_values("position")
    known = sources(rows["source_id"])
    return {
        str(claim_id): tuple(known[key] for key in keys)
        for claim_id, keys in rows.groupby("claim_id")["source_id"]
    }


def events_of(claims: pd.DataFrame) -> dict[str, list[Event]]:
    """Return the events on the days of dated claims.

    An interpretation or a forecast has a date too, but no day settles it.

    Parameters
    ----------
    claims : pandas.DataFrame
        Rows of the table ``claims``. A claim's date is a day, a month or two of them with a
        stroke between; a year alone dates nothing.

    Returns
    -------
    dict
        The events for each claim id that has some; those told of another power only where none is
        told of the claim's own.
    """
    known = tables.load("events")
    found = {}
    for claim in claims[claims["kind"].isin(["event", "membership", "figure"])].itertuples():
        bounds = [day for day in str(claim.date).split("/") if re.match(r"\d{4}-\d\d", day)]
        then = known[known["date_text"].str.startswith(tuple(bounds) or ("none",))]
        own = then[then["power"].astype(str) == str(claim.power)]
        if len(then):
            found[str(claim.claim_id)] = events((then if own.empty else own)["event_id"])
    return found


def claim_sources(claim_ids: Iterable[str]) -> dict[str, str]:
    """Return the sources of some claims' verdicts, each claim's as an HTML list."""
    return {
        key: templates.render("markup/sources.html", sources=found)
        for key, found in sources_of(claim_ids).items()
    }


def dated_record(claims: pd.DataFrame) -> dict[str, str]:
    """Return the events on the days of dated claims, each claim's as an HTML list.

    As `events_of`, from which it is made.
    """
    return {
        key: templates.render("markup/events.html", events=found)
        for key, found in events_of(claims).items()
    }
