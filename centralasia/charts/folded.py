"""The table beside a chart, folded until the reader opens it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape

import pandas as pd


@dataclass(frozen=True)
class FoldedTable:
    """A table that a notebook shows folded under its chart; see `folded_table`."""

    frame: pd.DataFrame
    summary: str
    caption: str | None = None
    formats: Mapping[str, str] = field(default_factory=dict)
    max_rows: int = 400

    def __repr__(self) -> str:
        """Return one line: the summary, the size and the columns."""
        rows, columns = self.frame.shape
        names = ", ".join(map(str, self.frame.columns))
        return f"{self.summary}: {rows} rows, {columns} columns ({names})"

    def _repr_html_(self) -> str:
        shown = self.frame.head(self.max_rows)
        names = list(shown.columns)
        head = "".join(f'<th scope="col">{escape(str(n))}</th>' for n in names)
        body = "".join(self._row(names, row) for row in shown.itertuples(index=False, name=None))
        left_out = len(self.frame) - len(shown)
        rest = f"<p>{left_out:,} more rows are not shown.</p>" if left_out else ""
        label = escape(self.caption or self.summary, quote=True)
        caption = f"<caption>{escape(self.caption)}</caption>" if self.caption else ""
        return (
            f"<details><summary>{escape(self.summary)} ({len(self.frame):,} rows)</summary>"
            f'<div role="region" aria-label="{label}" tabindex="0" '
            f'style="overflow:auto;max-height:26em"><table>{caption}'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{rest}</details>"
        )

    def _row(self, names: list[str], row: tuple) -> str:
        cells = [_cell(value, self.formats.get(n)) for n, value in zip(names, row, strict=True)]
        first = f'<th scope="row">{cells[0]}</th>'
        return f"<tr>{first}{''.join(f'<td>{cell}</td>' for cell in cells[1:])}</tr>"


def folded_table(
    frame: pd.DataFrame,
    summary: str = "Show the numbers",
    caption: str | None = None,
    formats: Mapping[str, str] | None = None,
    max_rows: int = 400,
) -> FoldedTable:
    """Return the table beside a chart, folded until the reader opens it.

    Parameters
    ----------
    frame
        The rows to show. The first column names each row; a named index is put before it.
    summary
        The words on the fold.
    caption
        The table's caption.
    formats
        Format specifications by column, such as ``{"share": ".1%"}``.
    max_rows
        How many rows are written into the page at most; the rest is counted under the table.

    Returns
    -------
    FoldedTable
        An object that a notebook shows as HTML, and as one line where there is no HTML.

    Examples
    --------
    >>> folded_table(pd.DataFrame({"state": ["KAZ", "UZB"], "share": [2.5, 1]}), "Show the shares")
    Show the shares: 2 rows, 2 columns (state, share)
    """
    named = frame.reset_index() if any(n is not None for n in frame.index.names) else frame
    return FoldedTable(named, summary, caption, dict(formats or {}), max_rows)


def _cell(value: object, spec: str | None) -> str:
    if value is None or value is pd.NA or value is pd.NaT:
        return "–"
    if isinstance(value, float) and math.isnan(value):
        return "–"
    if spec is not None:
        return escape(format(value, spec))
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, float):
        return f"{value:,.2f}"
    large = isinstance(value, int) and abs(value) > 9999
    return f"{value:,}" if large else escape(str(value))
