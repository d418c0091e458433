"""A table as its file has it, so that rows are added and taken out without a change of others."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from centralasia.errors import UserError

Row = dict[str, str]
Key = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table, row by row: what a row says, and how its file writes it."""

    file: Path
    schema: Mapping[str, Any]
    head: str
    """The first line, with its end."""
    rows: list[tuple[Row, str]]

    @property
    def columns(self) -> list[str]:
        """The names of its columns, in order."""
        return [field["name"] for field in self.schema["fields"]]

    def key(self, row: Mapping[str, str]) -> Key:
        """Return the primary key of a row."""
        return tuple(row[name] for name in self.schema["primaryKey"])

    @property
    def text(self) -> str:
        """What stands in the file."""
        return self.head + "".join(text for _row, text in self.rows)

    def named(self, row: Mapping[str, str]) -> str:
        """Return how a message names a row: ``"data/events.csv, EV-090"``."""
        return f"data/{self.file.name}, {', '.join(self.key(row))}"

    def with_rows(self, added: Iterable[Row]) -> Table:
        """Return the table with more rows, each before the first that comes after it by its key.

        Raises
        ------
        UserError
            If a row of the same key is there.
        """
        rows = list(self.rows)
        for row in added:
            place = self._place(row)
            if any(self._place(other) == place for other, _text in rows):
                raise UserError(f"{self.named(row)} exists already. Nothing was written.")
            after = (n for n, (other, _) in enumerate(rows) if self._place(other) > place)
            rows.insert(next(after, len(rows)), (row, self._written(row)))
        return replace(self, rows=[(row, self._ended(text)) for row, text in rows])

    def without(self, gone: Collection[Row]) -> Table:
        """Return the table without some rows."""
        return replace(self, rows=[pair for pair in self.rows if pair[0] not in gone])

    def emptied(self, column: str, values: Collection[str]) -> Table:
        """Return the table with the cells of a column empty that hold one of some values."""
        rows = list(self.rows)
        for n, (row, text) in enumerate(rows):
            if row[column] in values:
                rows[n] = (row | {column: ""}, self._without_cell(text, row, column))
        return replace(self, rows=rows)

    def _without_cell(self, text: str, row: Row, column: str) -> str:
        """Return what a file writes for a row whose cell is emptied; all else to the byte."""
        wanted = list((row | {column: ""}).values())
        for found in re.finditer(rf'"?{re.escape(row[column])}"?', text):
            cut = text[: found.start()] + text[found.end() :]
            if next(csv.reader(io.StringIO(cut, newline="")), []) == wanted:
                return cut
        return self._written(row | {column: ""})

    def _place(self, row: Mapping[str, str]) -> list[tuple[int, str]]:
        """Return what a row is sorted by: numbers by their size, words without regard to case."""
        whole = {field["name"] for field in self.schema["fields"] if field["type"] == "integer"}
        return [
            (int(row[name]), "")
            if name in whole and row[name].isdecimal()
            else (0, row[name].casefold())
            for name in self.schema["primaryKey"]
        ]

    def _written(self, row: Row) -> str:
        text = io.StringIO()
        csv.DictWriter(text, self.columns, lineterminator=self._end).writerow(row)
        return text.getvalue()

    def _ended(self, text: str) -> str:
        return text if text.endswith("\n") else text + self._end

    @property
    def _end(self) -> str:
        return "\r\n" if self.head.endswith("\r\n") else "\n"


def read(file: Path, schema: Mapping[str, Any]) -> Table:
    """Read a table.

    Parameters
    ----------
    file : pathlib.Path
        Comma-separated values in UTF-8.
    schema : mapping
        As ``datapackage.json`` has it: ``fields`` and ``primaryKey``.

    Raises
    ------
    UserError
        If its first line does not name the columns of the schema, or a row has not as many cells.
    """
    raw = file.read_bytes().decode("utf-8", errors="replace")
    lines = list(io.StringIO(raw, newline=""))
    reader = csv.reader(lines)
    columns = [field["name"] for field in schema["fields"]]
    if next(reader, []) != columns:
        raise UserError(
            f"The first line of {file} is not {','.join(columns)}. Save it as text in UTF-8, with "
            "commas between the cells. Nothing was written."
        )
    done = reader.line_num
    table = Table(file, schema, "".join(lines[:done]), [])
    for cells in reader:
        if len(cells) != len(columns):
            raise UserError(
                f"{file}, line {reader.line_num}: {len(cells)} cells and not {len(columns)}. "
                "A text with a comma stands in quotes. Nothing was written."
            )
        row = dict(zip(columns, cells, strict=True))
        table.rows.append((row, "".join(lines[done : reader.line_num])))
        done = reader.line_num
    return table
