"""What a teacher needs beside a lesson's own cells, from the small tables of the kit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from centralasia.charts import source_line
from centralasia.kit import questions
from centralasia.kit.plans import Row, read
from centralasia.language import _

HERE = Path(__file__).parent
LISTED = re.compile(r',? (?:see|listed by) tables\.sources\("(\w+)"\)')
"""The call that lists a table's sources, which says nothing to a class."""
_CLAIM = re.compile(r"\b[A-Z]{2}-\d\d\b")


@cache
def rows(name: str) -> list[Row]:
    """Return the rows of one of the kit's tables, such as ``"marks"``."""
    return read(HERE / f"{name}.csv")


@dataclass(frozen=True)
class Activity:
    """A step of a plan that works on figures."""

    lesson: str
    name: str
    in_90: str
    """Its minutes in the long plan; empty where that has no such step."""
    in_50: str
    task: str
    devices: str
    without: str

    @property
    def when(self) -> str:
        """Its minutes in each plan, in words."""
        when = [_("{minutes} of 90").format(minutes=self.in_90)] if self.in_90 else []
        when += [_("{minutes} of 50").format(minutes=self.in_50)] if self.in_50 else []
        return _("Minutes {when}").format(when=", ".join(when))


def activities(lesson: str) -> list[Activity]:
    """Return the activities of a lesson, in order; a lesson outside the plans has none.

    Examples
    --------
    >>> [activity.in_90 for activity in activities("06")]
    ['20–45', '45–70']
    """
    return [
        Activity(row["lesson"], row["activity"], *list(row.values())[2:])
        for row in rows("activities")
        if row["lesson"] == lesson
    ]


def marked(lesson: str, heading: str) -> list[tuple[str, str]]:
    """Return which cells of a part's first short table hold the answer to a prediction.

    Parameters
    ----------
    lesson : str
        Its number.
    heading : str
        What the table stands under.

    Returns
    -------
    list of tuple of str
        The labels of row and column.

    Examples
    --------
    >>> marked("06", "Eleven times?")
    [('2003', '2010')]
    """
    return [
        (row["row"], row["column"])
        for row in rows("marks")
        if (row["lesson"], row["heading"]) == (lesson, heading)
    ]


def caption(lesson: str, heading: str, number: int = 1) -> tuple[str, str]:
    """Return what a table of a lesson shows, with its years and unit, and its source line.

    Parameters
    ----------
    lesson : str
        Its number.
    heading : str
        What the table stands under.
    number : int, optional
        Which of the tables there, from 1.

    Returns
    -------
    tuple of str
        Both empty for a table that no slide and no evidence page of a plan shows.

    Examples
    --------
    >>> caption("06", "How much money, and whose budget?")[0][:33]
    'What Chinese state bodies committ'
    """
    for row in rows("captions"):
        if (row["lesson"], row["heading"], row["number"]) == (lesson, heading, str(number)):
            return row["says"], sources(row["source"])
    return "", ""


def chosen_from(lesson: str, heading: str) -> int | None:
    """Return the number of the table that holds what a chart's menu chooses from; None for none.

    Examples
    --------
    >>> chosen_from("06", "Every bookkeeper"), chosen_from("06", "Eleven times?")
    (1, None)
    """
    held = [
        int(row["number"])
        for row in rows("captions")
        if (row["lesson"], row["heading"], row["menu"]) == (lesson, heading, "yes")
    ]
    return held[0] if held else None


def sources(names: str) -> str:
    """Return the source line for tables or sources, several joined by ``;``; none for none."""
    return "" if not names else LISTED.sub("", source_line(*names.split(";")))


def asked(lesson: str, heading: str = "") -> pd.DataFrame:
    """Return who asked whom for help, and what came: a row a case, as texts.

    Parameters
    ----------
    lesson : str
        Its number.
    heading : str, optional
        What the cases stand under; all of the lesson when left out. Of most there are none.
    """
    found = [
        [row["case"], row["asked"], row["done"]]
        for row in rows("asked")
        if row["lesson"] == lesson and heading in ("", row["heading"])
    ]
    return pd.DataFrame(found, columns=[_("case"), _("who asked"), _("what came")])


def apart(lesson: str) -> Row | None:
    """Return what a class does that does not meet: post, reply and summary; None without a plan.

    Examples
    --------
    >>> sorted(apart("06"))
    ['lesson', 'memo', 'mixed', 'post', 'reply', 'summary']
    """
    return next((row for row in rows("classes") if row["lesson"] == lesson), None)


def memo(lesson: str) -> list[str]:
    """Return what the exit memo of a lesson asks for, and the claims that it names in full.

    Examples
    --------
    >>> memo("10")
    ['A scenario in two sentences, one indicator, one probability. Strike out every “could”.']
    """
    planned = apart(lesson)
    task = planned["memo"] if planned else _("120 words: one claim, one number, one doubt.")
    named = questions.claims(_CLAIM.findall(task))
    return [task, *(f"**{claim.claim_id}** {claim.text}" for claim in named)]
