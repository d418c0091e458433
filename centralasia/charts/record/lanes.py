"""Where events stand on a timeline: their lanes, and their lines inside a lane."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from centralasia import course, tables
from centralasia.charts.theme import DIMENSIONS, POWER_NAMES, STATE_NAMES

Lanes = Literal["dimension", "power", "country"]

# How many symbols fit side by side on a page; nearer events take different lines.
SYMBOLS_ABREAST = 48


def laid_out(events: pd.DataFrame, lanes: Lanes) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the lanes, and the events with the lines they take, none touching its neighbour.

    Parameters
    ----------
    events
        Rows of the table ``events``.
    lanes
        ``"dimension"``, ``"power"`` or ``"country"``.

    Returns
    -------
    tuple of pandas.DataFrame
        One row a lane with its name and line, and one row an event with the lines it takes, one
        for each lane that it stands in, joined by spaces. Columns have short names and plain
        values, so that `inline.as_csv` can keep the page small.

    Raises
    ------
    centralasia.course.Unknown
        If an event is told of a power that the course does not know.

    Examples
    --------
    >>> heads, rows = laid_out(tables.load("events").head(3), "power")
    >>> heads["lane"].tolist(), rows["row"].tolist()
    (['Russia', 'United States'], ['1.5', '4.5', '1.5'])
    """
    rows = _rows(events).sort_values(["on", "id"], ignore_index=True)
    start = pd.to_datetime(rows["on"], format="ISO8601")
    gap = (start.max() - start.min()) / SYMBOLS_ABREAST
    members = _members(events, rows, lanes)
    taken: dict[int, list[float]] = {i: [] for i in rows.index}
    heads, top = [], 0
    for lane, inside in members.items():
        ends: list[pd.Timestamp] = []
        for i in inside:
            line = next((k for k, end in enumerate(ends) if end + gap <= start[i]), len(ends))
            ends[line : line + 1] = [start[i]]
            taken[i].append(top + 1.5 + line)
        heads.append({"lane": lane, "row": top + 0.4})
        top += len(ends) + 2
    rows["row"] = [" ".join(map(str, lines)) for lines in taken.values()]
    return pd.DataFrame(heads), rows[rows["row"] != ""]


def _rows(events: pd.DataFrame) -> pd.DataFrame:
    """Return one row an event, with short names to keep the page small."""
    return pd.DataFrame(
        {
            "id": events["event_id"],
            "on": events["date_text"],
            "title": events["title"],
            "power": _power_names(events),
            "dim": events["dimension"].astype("str"),
            "text": events["description"],
            "src": _source_names(events["source_id"]),
            "sure": events["confidence"].eq("high").astype("int64"),
        }
    )


def _power_names(events: pd.DataFrame) -> pd.Series:
    """Return the name of each event's power; an event of none is refused, not left out."""
    names = events["power"].astype("str").map({one.key: one.name for one in course.powers()})
    if names.isna().any():
        stray = events[names.isna()].iloc[0]
        raise course.Unknown(
            f"Table events, {stray['event_id']}: there is no power {stray['power']!r} with a code "
            "and a colour. A new one needs a row in data/powers.csv."
        )
    return names


def _members(events: pd.DataFrame, rows: pd.DataFrame, lanes: Lanes) -> dict[str, list[int]]:
    """Return the rows of each lane that has any, in the order of the lanes."""
    if lanes == "country":
        states = events.set_index("event_id")["countries"].fillna("").str.split(";")
        found = rows["id"].map(states)
        every = {name: found.map(lambda s, key=key: key in s) for key, name in STATE_NAMES.items()}
    elif lanes == "power":
        every = {name: rows["power"] == name for name in POWER_NAMES.values()}
    else:
        every = {name.capitalize(): rows["dim"] == name for name in DIMENSIONS}
    return {name: list(rows.index[inside]) for name, inside in every.items() if inside.any()}


def _source_names(ids: pd.Series) -> pd.Series:
    known = tables.load("sources", ["source_id", "publisher"]).set_index("source_id")["publisher"]
    return ids.map(known).fillna(ids)
