"""Where spells of membership stand in the matrix: their cell, and the strip under it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from centralasia import tables

FIRST_YEAR, LAST_YEAR = 1991, 2025
# The room above the rows and the height of a row in pixels; the gap beside a cell in columns.
HEAD, ROW, MARGIN = 50, 60, 0.04


def placed(
    memberships: pd.DataFrame, organizations: Sequence[str], countries: Sequence[str]
) -> pd.DataFrame:
    """Return the spells with their column, the ends of their strip and the pixels of their row."""
    inside = memberships["organization"].isin(organizations) & memberships["country"].isin(
        countries
    )
    spells = memberships[inside].dropna(subset="start").sort_values(["organization", "start"])
    row = spells["organization"].map(list(organizations).index)
    column = spells["country"].map(list(countries).index)
    status = spells["status"].astype("str")
    weak = spells["in_practice"].isin(["limited", "none"]) & status.eq("member")
    last = pd.Timestamp(LAST_YEAR, 12, 31)
    return pd.DataFrame(
        {
            "org": spells["organization"],
            "who": spells["country"].map(names(countries)),
            "status": status.str.replace("_", " "),
            "label": status.replace("dialogue_partner", "partner").where(~weak, "in law"),
            "full": status.eq("member") & ~weak,
            "dashed": status.isin(["suspended", "limited"]) | weak,
            "start": spells["start_text"],
            "end": spells["end_text"].fillna("no end"),
            "s": spells["start"].dt.strftime("%Y-%m-%d"),
            "e": spells["end"].dt.strftime("%Y-%m-%d").fillna("9999"),
            "col": column,
            "x0": column + _along(spells["start"]),
            "x1": column + _along(spells["end"].fillna(last)),
            "y": HEAD + ROW * row,
            "note": spells["note"].fillna(""),
        }
    )


def _along(date: pd.Series) -> pd.Series:
    """Return how far along its cell's strip a date stands, in widths of a column."""
    first, last = pd.Timestamp(FIRST_YEAR, 1, 1), pd.Timestamp(LAST_YEAR, 12, 31)
    share = ((date - first) / (last - first)).clip(0, 1)
    return (MARGIN + (1 - 2 * MARGIN) * share).round(4)


def names(countries: Sequence[str]) -> dict[str, str]:
    """Return the countries' names by code, in the order given."""
    return tables.load("countries").set_index("country")["name"].loc[list(countries)].to_dict()
