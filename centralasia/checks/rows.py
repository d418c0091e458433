"""The figures that a question without code shows: rows of the tables, cut to what it takes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from centralasia import tables

FLOWS = {"export": "exports to", "import": "imports from"}


def trade(rows: pd.DataFrame, by: str = "year") -> pd.DataFrame:
    """Return trade as a table with a column for each partner and flow, in million US dollars.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of the table ``trade``.
    by : {"year", "partner"}
        What each row is about; by partner, the columns are the flows.

    Returns
    -------
    pandas.DataFrame
        To a thousand dollars. Empty where the table has no row.
    """
    rows = rows.astype({"partner": str, "flow": str})
    columns = rows.flow.map(FLOWS)
    if by == "year":
        names = tables.load("areas").set_index("area").name
        columns += rows.partner.map(lambda code: f" {names[code]}")
    wide = (rows.value_usd / 1e6).groupby([rows[by], columns]).sum().unstack()
    return wide.round(3).rename_axis(columns=None).reset_index()


def spells(rows: pd.DataFrame) -> pd.DataFrame:
    """Return spells of membership with their days as they are known."""
    return rows[["organization", "country", "status", "start_text", "end_text"]]


def events(rows: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """Return events by their day: day, title, and what else is asked about."""
    return rows.sort_values(["date", "event_id"])[["date_text", "title", *columns]]


def figures(named: Mapping[str, float]) -> pd.DataFrame:
    """Return single figures, each with its name."""
    return pd.DataFrame({"what": list(named), "figure": list(named.values())})


def codings(ours: pd.Series, theirs: pd.Series, *names: str) -> pd.DataFrame:
    """Return how often two coders gave each pair of codes; a column for each code of the second."""
    table = pd.crosstab(ours.astype(str), theirs.astype(str))
    first, second = names
    table.columns = [f"{second}: {code}" for code in table.columns]
    return table.rename_axis(index=first).reset_index()
