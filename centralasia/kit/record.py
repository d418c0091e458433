"""Events as they are printed: their date as one says it, and what happened."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from centralasia import bibliography, course, tables
from centralasia.language import _


@dataclass(frozen=True)
class Event:
    """A row of the table ``events``."""

    event_id: str
    date: str
    """In words: ``"May 1994"``."""
    title: str
    who: str
    """Names of those of the five whom it concerns."""


def chosen(rows: pd.DataFrame) -> list[Event]:
    """Return some rows of the table ``events``, in their order.

    Raises
    ------
    course.Unknown
        If one is told of a power that the course does not know: no chart would show it.
    """
    for key in rows["power"].dropna().unique():
        course.power(str(key))
    names = course.states()
    events = []
    for row in rows.to_dict("records"):
        states = [names[code] for code in str(row["countries"]).split(";") if code in names]
        who = _("all five") if len(states) == len(names) else ", ".join(states) or _("none")
        date = bibliography.spoken_date(row["date_text"])
        events.append(Event(row["event_id"], date, row["title"], who))
    return events


def among(ids: Collection[str]) -> pd.DataFrame:
    """Return the rows of the table ``events`` that have one of some ids, by date."""
    rows = tables.load("events")
    return rows[rows["event_id"].isin(ids)].sort_values(["date", "event_id"])
