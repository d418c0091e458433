"""Where events stand on a timeline: their lanes, and their lines inside a lane."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from centralasia import tables
from centralasia.charts.theme import DIMENSIONS, POWER_KEYS, POWER_NAMES, STATE_NAMES

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
        One row a lane with its name and line, and one row an event with a list of its lines, one
        for each lane that it stands in. Columns have short names to keep the page small.

    Examples
    --------
    >>> heads, rows = laid_out(tables.load("events").head(3), "power")
    >>> heads["lane"].tolist(), rows["row"].tolist()
    (['Russia', 'United States'], [[1.5], [4.5], [1.5]])
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
    rows["row"] = pd.Series(taken)
    return pd.DataFrame(heads), rows[rows["row"].str.len() > 0]


def _rows(events: pd.DataFrame) -> pd.DataFrame:
    """Return one row an event, with short names to keep the page small."""
    return pd.DataFrame(
        {
            "id": events["event_id"],
            "on": events["date_text"],
            "title": events["title"],
            "power": events["power"].astype("str").map(POWER_KEYS).map(POWER_NAMES),
            "dim": events["dimension"].astype("str"),
            "text": events["description"],
            "src": _source_names(events["source_id"]),
            "sure": events["confidence"].eq("high"),
        }
    )


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
