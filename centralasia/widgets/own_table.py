"""A table of the learner's own, filled in by a form; see `centralasia.own`."""

from __future__ import annotations

from centralasia import own
from centralasia.language import _
from centralasia.templates import render
from centralasia.widgets.base import CourseWidget


class OwnTable(CourseWidget):
    """Ask for the cells of a table; see `own_table`."""

    def __init__(self, sheet: own.Sheet) -> None:
        columns = [(column.name, _(column.label)) for column in sheet.columns]
        head = _("A table of your own: {file}, {n} rows").format(file=sheet.file, n=sheet.rows)
        super().__init__(
            {"asks": "table", "sheet": sheet.key},
            render("widgets/templates/own-table.html", head=head, columns=columns),
            "\n".join([head, *(f"  {name}: {label}" for name, label in columns)]),
        )


def own_table(key: str = "claims") -> OwnTable:
    """Show a form that fills in a table of the learner's own, and gives it as a file.

    Parameters
    ----------
    key : {"claims", "codes", "forecasts"}

    Returns
    -------
    OwnTable
        A widget; without a kernel, the columns that the file has. What was filled in is
        `centralasia.own.kept`, and the file can be read by `centralasia.own.read`.

    Raises
    ------
    KeyError
        If there is no such table.
    """
    return OwnTable(own.SHEETS[key])
