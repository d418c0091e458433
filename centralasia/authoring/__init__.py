"""A new lesson: its notebook, its rows and its exercise, marked where a person has to write.

`draft` makes it, `marks` says what is still to be written, `dropping` takes it back, and `rows`
changes a table without a change of its other rows.
"""

from centralasia.authoring.draft import new
from centralasia.authoring.dropping import drop
from centralasia.authoring.marks import unfilled
from centralasia.columns import MARK

__all__ = ["MARK", "drop", "new", "unfilled"]
