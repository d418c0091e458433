"""The tables that a lesson's file stores, as frames again, and in words for a class."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
from bs4 import BeautifulSoup, Tag

from centralasia import course, tables
from centralasia.language import _
from centralasia.widgets.questions import WORDS, in_short

_COLUMN = re.compile(r"[a-z]+(_[a-z0-9]+)+")
_MISSING = ("NaN", "NaT", "None", "<NA>")


def frames(html: str) -> list[pd.DataFrame]:
    """Return the frames that an output shows, each value as the text that pandas printed.

    Parameters
    ----------
    html : str
        An output's HTML. Tables that are not pandas' are passed over.

    Returns
    -------
    list of pandas.DataFrame
        With the names of rows and columns; a frame whose rows have no label, or numbers that
        nothing names, has a plain `pandas.RangeIndex`.

    Examples
    --------
    >>> shown = pd.crosstab(pd.Series(["a", "b"], name="rows"), pd.Series([1, 1], name="columns"))
    >>> frames(shown.to_html())[0].to_dict()
    {'1': {'a': '1', 'b': '1'}}
    """
    if "dataframe" not in html:
        return []
    page = BeautifulSoup(html, "html.parser")
    return [_frame(table) for table in page.select("table.dataframe")]


def _frame(table: Tag) -> pd.DataFrame:
    head = _grid(table.select("thead tr"))
    rows = table.select("tbody tr")
    depth = len(rows[0].find_all("th")) if rows else 0
    body = _grid(rows)
    names = [""] * depth
    if len(head) > 1 and not any(head[-1][depth:]):
        names = head.pop()[:depth]
    columns = pd.MultiIndex.from_arrays(
        [row[depth:] for row in head], names=[row[depth - 1] if depth else "" for row in head]
    )
    frame = pd.DataFrame([row[depth:] for row in body], columns=columns.copy())
    if columns.nlevels == 1:
        frame.columns = columns.get_level_values(0)
    labels = [row[:depth] for row in body]
    if depth == 1 and (any(names) or not all(label.isdigit() for (label,) in labels)):
        frame.index = pd.Index([label for (label,) in labels], name=names[0])
    elif depth > 1:
        frame.index = pd.MultiIndex.from_tuples(map(tuple, labels), names=names)
    return frame


def _grid(rows: list[Tag]) -> list[list[str]]:
    """Return the text of each cell, repeated over all the places that the cell takes."""
    filled: dict[tuple[int, int], str] = {}
    for y, row in enumerate(rows):
        x = 0
        for cell in row.find_all(["th", "td"]):
            while (y, x) in filled:
                x += 1
            high, wide = (int(str(cell.get(span, "1"))) for span in ("rowspan", "colspan"))
            text = cell.get_text().strip()
            filled |= {(y + down, x + right): text for down in range(high) for right in range(wide)}
            x += wide
    width = 1 + max((x for _, x in filled), default=-1)
    return [[filled.get((y, x), "") for x in range(width)] for y in range(len(rows))]


def in_words(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame with names for codes: of areas, powers and indicators, and of columns.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of texts, as `frames` returns it.

    Examples
    --------
    >>> in_words(pd.DataFrame({"central_asian": ["KAZ;TJK", "NaN"]})).values.tolist()
    [['Kazakhstan, Tajikistan'], ['–']]
    """
    in_word = namer()
    worded = frame.map(in_word)
    for labels in (worded.index, worded.columns):
        if not isinstance(labels, pd.RangeIndex):
            labels.names = [in_word(str(name or "")) for name in labels.names]
    worded.columns = _each(worded.columns, in_word)
    if not isinstance(worded.index, pd.RangeIndex):
        worded.index = _each(worded.index, in_word)
    return worded


def namer() -> Callable[[str], str]:
    """Return what gives a value or a column its name, and leaves alone what has none.

    Examples
    --------
    >>> in_word = namer()
    >>> in_word("KAZ;TJK"), in_word("n_events"), in_word("2001")
    ('Kazakhstan, Tajikistan', 'n events', '2001')
    """
    known = words()

    def in_word(value: str) -> str:
        parts = value.split(";")
        if all(part in known for part in parts):
            return ", ".join(known[part] for part in parts)
        return value.replace("_", " ") if _COLUMN.fullmatch(value) else value

    return in_word


def _each(labels: pd.Index, change: Callable[[str], str]) -> pd.Index:
    if isinstance(labels, pd.MultiIndex):
        levels = [labels.get_level_values(n).map(change) for n in range(labels.nlevels)]
        return pd.MultiIndex.from_arrays(levels, names=labels.names)
    return labels.map(change)


def words() -> dict[str, str]:
    """Return what to print for a code or a column."""
    indicators = tables.load("indicators").set_index("indicator")["name"]
    return {
        **dict.fromkeys(_MISSING, "–"),
        **tables.load("areas").set_index("area")["name"].to_dict(),
        **indicators.to_dict(),
        **{power.key: power.name for power in course.subjects()},
        "True": _("yes"),
        "False": _("no"),
        "date_text": _("date"),
        "start_text": _("from"),
        "end_text": _("to"),
        "agreed_text": _("agreed"),
        "commissioned_text": _("in service"),
        "closed_text": _("closed"),
        "central_asian": _("of the five"),
        "n_participants": _("states"),
        "minmax": _("0 to 1"),
        **{verdict: in_short(verdict) for verdict in WORDS},
    }
