"""Data that travels inside a chart."""

from __future__ import annotations

import altair as alt
import pandas as pd


class Inline(alt.InlineData):
    """Inline data that all copies of a chart share.

    Altair copies a chart at nearly every step of its making, and with it each value of plain inline
    data: for a map that is most of the time it takes.
    """

    def __deepcopy__(self, _: object) -> Inline:
        """Return the data itself."""
        return self


def one_row() -> Inline:
    """Return the data of a mark that is drawn once."""
    return Inline(values=[{}])


def as_csv(frame: pd.DataFrame) -> Inline:
    """Return rows as one string of comma-separated values.

    A notebook file gives each number of a list a line of its own, so that rows as objects weigh
    two to four times as much. The browser reads the string as it reads a file.

    Parameters
    ----------
    frame
        Rows; columns of numbers are read as numbers, all others as text. A missing value is null.

    Returns
    -------
    Inline

    Examples
    --------
    >>> as_csv(pd.DataFrame({"state": ["KAZ"], "year": [1991]})).values.splitlines()
    ['state,year', 'KAZ,1991']
    """
    numbers = [c for c in frame.columns if pd.api.types.is_numeric_dtype(frame[c])]
    return Inline(
        values=frame.to_csv(index=False, lineterminator="\n"),
        format=alt.CsvDataFormat(type="csv", parse=dict.fromkeys(numbers, "number")),
    )
