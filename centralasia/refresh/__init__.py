"""A publisher's new file beside a table of the course: what a refresh would change.

`readers` turns a file as its publisher gives it into rows of a table, `changes` lays them beside
the table as it is, and `consequences` says which printed figures, verdicts and stored outputs
rest on what differs. Nothing is downloaded and no table is touched.
"""

from __future__ import annotations

from centralasia.refresh.changes import Changes, between, merged
from centralasia.refresh.consequences import Consequences, of
from centralasia.refresh.readers import READERS, Reader, read, tables_read

__all__ = [
    "READERS",
    "Changes",
    "Consequences",
    "Reader",
    "between",
    "merged",
    "of",
    "read",
    "tables_read",
]
