"""What a lesson cites: its events, claims and works, each with where it comes from."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape
from pathlib import Path

import pandas as pd

from centralasia import notebooks, tables
from centralasia.paths import notebooks_dir

USES = {
    "open": "open licence",
    "attribution": "free with attribution",
    "share_alike": "free with attribution, share alike",
    "non_commercial": "non-commercial use only",
    "unclear": "terms of use unclear",
}
UNVERIFIED = "further reading, not verified"

_LINK = re.compile(r"\]\(#([^)\s]+)\)")
_MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip


def lesson_number(lesson: str) -> str:
    """Return the two digits that begin a lesson's name.

    Examples
    --------
    >>> lesson_number("03-russia-3-return")
    '03'
    """
    found = re.match(r"\d\d(?=-|$)", lesson)
    if not found:
        raise KeyError(f"A lesson is named by its number, as in '03', not {lesson!r}.")
    return found.group()


def lesson_file(lesson: str) -> Path:
    """Return the pristine file of a lesson."""
    number = lesson_number(lesson)
    found = sorted(notebooks_dir().glob(f"{number}-*.ipynb"))
    if not found:
        raise KeyError(f"There is no lesson {number} in {notebooks_dir()}.")
    return found[0]


def cited(lesson: str) -> list[str]:
    """Return the ids that a lesson's text links to, in order of first mention."""
    cells = json.loads(notebooks.for_learners(lesson_file(lesson)))["cells"]
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
        return "no date"
    parts = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?$", text)
    if not parts:
        return text.replace("/", " to ")
    year, month, day = parts.groups()
    words = [str(int(day))] if day else []
    words += [_MONTHS[int(month) - 1]] if month else []
    return " ".join([*words, year])


def source_lines(source_ids: Iterable[object]) -> dict[object, str]:
    """Return where things come from, as HTML; for a data set also how it may be used.

    Parameters
    ----------
    source_ids : iterable of str
        Keys of the table ``sources``; a missing one is said to have no source.

    Returns
    -------
    dict
        A line of HTML for each key.
    """
    about = tables.load("sources").set_index("source_id")
    return {key: _source_line(key, about) for key in set(source_ids)}


def _source_line(source_id: object, about: pd.DataFrame) -> str:
    if not isinstance(source_id, str):
        return "no source seen"
    if source_id not in about.index:
        return escape(source_id)
    row = about.loc[source_id]
    title = f"<cite>{escape(row['title'])}</cite>"
    if isinstance(row["url"], str):
        title = f'<a href="{escape(row["url"])}">{title}</a>'
    known = [row["publisher"], spoken_date(row["date"]) if isinstance(row["date"], str) else None]
    if row["kind"] == "dataset":
        known.append(USES[str(row["use"])])
    elif row["kind"] == "unverified":
        known.append(UNVERIFIED)
    return ", ".join([title, *(escape(part) for part in known if isinstance(part, str))])


def work_line(work: pd.Series) -> str:
    """Return a work as a bibliography has it, as HTML."""
    year = work["year"] if isinstance(work["year"], str) else "n.d."
    title = escape(work["title"])
    container = work["container"] if isinstance(work["container"], str) else ""
    named = f"“{title}”, <cite>{escape(container)}</cite>" if container else f"<cite>{title}</cite>"
    rest = [work[part] for part in ("locator", "publisher") if isinstance(work[part], str)]
    line = ", ".join([f"{escape(work['authors'])} ({year}), {named}", *map(escape, rest)])
    if isinstance(work["url"], str):
        address = work["url"] if "://" in work["url"] else f"https://doi.org/{work['url']}"
        line += f', <a href="{escape(address)}">{escape(_host(address))}</a>'
    verified = pd.notna(work["verified"]) and work["verified"]
    return f"{line}." if verified else f"{line}. <em>{UNVERIFIED.capitalize()}.</em>"


def _host(address: str) -> str:
    """Return what to print for an address: its DOI, or its host."""
    host, _, path = address.partition("://")[2].partition("/")
    return f"doi:{path}" if host == "doi.org" else host.removeprefix("www.")


def events(ids: list[str], *, targets: bool = True) -> list[str]:
    """Return list items for the events among some ids, by date, as targets of links or not."""
    rows = tables.load("events")
    rows = rows[rows["event_id"].isin(ids)].sort_values(["date", "event_id"])
    lines = source_lines(rows["source_id"])
    opening = '<li id="{}">' if targets else "<li>"
    return [
        f"{opening.format(row.event_id)}{spoken_date(row.date_text)}: {escape(row.title)}. "
        f"{lines[row.source_id]}</li>"
        for row in rows.itertuples()
    ]


def claims(ids: list[str]) -> list[str]:
    """Return list items for the claims among some ids, each with its sources."""
    rows = tables.load("claims")
    lists = claim_sources(ids)
    return [
        f'<li><a href="#{row.claim_id}">{row.claim_id}</a>: {escape(row.claim)}'
        f"{lists.get(row.claim_id, '')}</li>"
        for row in rows[rows["claim_id"].isin(ids)].itertuples()
    ]


def claim_sources(claim_ids: Iterable[str]) -> dict[str, str]:
    """Return the sources of some claims' verdicts, each claim's as an HTML list."""
    rows = tables.load("claim_sources")
    rows = rows[rows["claim_id"].isin(list(claim_ids))].sort_values("position")
    lines = source_lines(rows["source_id"])
    return {
        claim_id: "<ul>" + "".join(f"<li>{lines[key]}</li>" for key in keys) + "</ul>"
        for claim_id, keys in rows.groupby("claim_id")["source_id"]
    }


def dated_record(claims: pd.DataFrame) -> dict[str, str]:
    """Return the events on the days of dated claims, each claim's as an HTML list.

    An interpretation or a forecast has a date too, but no day settles it.

    Parameters
    ----------
    claims : pandas.DataFrame
        Rows of the table ``claims``. A claim's date is a day, a month or two of them with a
        stroke between; a year alone dates nothing.

    Returns
    -------
    dict
        For each claim id with such events, their dates, titles and sources; those told of
        another power only where none is told of the claim's own.
    """
    known = tables.load("events")
    found = {}
    for claim in claims[claims["kind"].isin(["event", "membership", "figure"])].itertuples():
        bounds = [day for day in str(claim.date).split("/") if re.match(r"\d{4}-\d\d", day)]
        then = known[known["date_text"].str.startswith(tuple(bounds) or ("none",))]
        own = then[then["power"].astype(str) == str(claim.power)]
        if len(then):
            ids = list((then if own.empty else own)["event_id"])
            found[claim.claim_id] = f"<ul>{''.join(events(ids, targets=False))}</ul>"
    return found


def works(ids: list[str]) -> list[str]:
    """Return list items for the works among some ids, by author."""
    rows = tables.load("works")
    rows = rows[rows["work"].isin(ids)].sort_values(["authors", "year"])
    return [f'<li id="{row["work"]}">{work_line(row)}</li>' for _, row in rows.iterrows()]
