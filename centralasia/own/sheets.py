"""The tables that a learner fills in: their columns, and what is wrong with a cell.

A table is a CSV that a person wrote, in a spreadsheet or by the form of the lesson. Nothing in it
is ever dropped: a cell that cannot be used stays as it was written, counts as empty, and has one
sentence with its row and its column.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Literal

import pandas as pd

from centralasia import spreadsheets, tables
from centralasia.language import N_, _

FORECAST = "forecast"
"""The kind of claim that is judged by what came of it."""
ID = "id"
"""The column that numbers the rows."""
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


@dataclass(frozen=True)
class Column:
    """A column of a table that a learner fills in."""

    name: str
    label: str
    """What the form asks."""
    kind: Literal["text", "choice", "percent", "day"] = "text"
    required: bool = True
    of_claims: bool = False
    """Whether a choice has the words of the column of that name in the table ``claims``."""
    words: tuple[str, ...] = ()
    """The words of a choice that the course's tables do not have."""

    @property
    def choices(self) -> tuple[str, ...]:
        """What a cell may hold; nothing where it is free."""
        if self.of_claims:
            return tuple(tables.load("claims")[self.name].cat.categories)
        return self.words

    def meant(self, cell: str) -> str:
        """Return a cell as our tables write it: a choice in small letters, a day as 2027-06-30.

        Examples
        --------
        >>> SHEETS["claims"].columns[2].meant("Economic")
        'economic'
        """
        if self.kind == "choice":
            return cell.casefold().replace(" ", "_")
        if self.kind == "day" and (day := day_of(cell)):
            return day.isoformat()
        return cell

    def fault(self, cell: str) -> str:
        """Return what is wrong with a cell that is not empty, as the end of a sentence."""
        match self.kind:
            case "choice" if self.meant(cell) not in self.choices:
                return _("{cell!r} is none of {choices}.").format(
                    cell=cell, choices=", ".join(self.choices)
                )
            case "percent":
                return _fault_of_percent(cell)
            case "day" if day_of(cell) is None:
                words = _(
                    "{cell!r} is no day. Write year-month-day, as in 2027-06-30, or 30.06.2027."
                )
                return words.format(cell=cell)
        return ""


@dataclass(frozen=True)
class Sheet:
    """A table that a learner fills in."""

    key: str
    file: str
    """How its file is called."""
    letter: str
    """How the ids of its rows begin."""
    rows: int
    """How many rows the exercise asks for."""
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The headings of the file."""
        return [ID, *(column.name for column in self.columns)]


@dataclass(frozen=True)
class Read:
    """A table as it was written, and what can be used of it."""

    sheet: Sheet
    rows: pd.DataFrame
    """What can be used: probabilities from 0 to 1, days as dates, a faulty cell as missing."""
    as_written: pd.DataFrame
    """Every cell, as text, with columns that the sheet does not have."""
    faults: list[str]
    """One sentence for each cell, with its row and column."""
    origin: str = ""
    """Where it comes from, in words."""


_CLAIM = Column("claim", N_("The claim, in your own words: one statement that could be wrong"))
_CODES = (
    Column("voice", N_("Voice: whose sentence is it?"), "choice", of_claims=True),
    Column("wording", N_("Wording: how sure are the text’s own words?"), "choice", of_claims=True),
    Column("kind", N_("Kind: how could it be tested?"), "choice", of_claims=True),
)
CODED = tuple(column.name for column in _CODES)
"""What two coders compare."""

SHEETS = {
    sheet.key: sheet
    for sheet in (
        Sheet(
            "claims",
            "my-claims.csv",
            "C",
            10,
            (
                _CLAIM,
                Column("where", N_("Where it stands: text, page or paragraph")),
                Column("dimension", N_("What it is about"), "choice", of_claims=True),
                *_CODES,
                Column(
                    "criterion",
                    N_("Criterion, before you look: which table, which rows, what counts"),
                    required=False,
                ),
                Column("table", N_("The table on which you tested it"), required=False),
                Column("verdict", N_("Your verdict"), "choice", required=False, of_claims=True),
                Column("finding", N_("What the table shows, with its figures"), required=False),
            ),
        ),
        Sheet("codes", "my-partner.csv", "C", 10, (_CLAIM, *_CODES)),
        Sheet(
            "forecasts",
            "my-forecasts.csv",
            "F",
            3,
            (
                Column("forecast", N_("The forecast: one thing that will happen or not")),
                Column("criterion", N_("When it counts as true: which source, what figure")),
                Column("made", N_("The day on which you make it"), "day"),
                Column("due", N_("The day by which it is settled"), "day"),
                Column("probability", N_("How likely, in per cent"), "percent"),
            ),
        ),
    )
}


def read(file: str | Path, key: str = "claims") -> Read:
    """Return a learner's table, with one sentence for each cell that cannot be used.

    Parameters
    ----------
    file : str or pathlib.Path
        A CSV, as any spreadsheet program writes it.
    key : {"claims", "codes", "forecasts"}

    Returns
    -------
    Read

    Raises
    ------
    UserError
        If the file is a workbook, is empty, or is no table.
    OSError
        If there is no such file.
    """
    head, *cells = spreadsheets.lines(Path(file))
    width = max(map(len, [head, *cells]))
    names: list[str] = []
    for n, name in enumerate(head + [""] * (width - len(head)), start=1):
        name = name.casefold()
        names.append(name if name and name not in names else f"{name} {n}".strip())
    rows = [dict(zip(names, row + [""] * (width - len(row)), strict=True)) for row in cells]
    found = check(rows, key)
    return replace(found, faults=found.faults + _cut(found, head, cells))


def _cut(found: Read, head: list[str], cells: list[list[str]]) -> list[str]:
    """Return a sentence for each row that is longer than the head, as a stray comma makes it.

    Its last cell with a heading may be half of what was meant, and counts as empty.
    """
    words = _(
        "Row {n} ({id}), column {column!r}: {cell!r} comes after it and has no heading. A cell "
        "with a comma needs quotes around it."
    )
    sentences = []
    for n, row in enumerate(cells):
        stray = next(filter(None, row[len(head) :]), "")
        if stray:
            told = {"id": found.as_written[ID].iloc[n], "column": head[-1], "cell": stray}
            sentences.append(words.format(n=n + 1, **told))
            if head[-1].casefold() in found.rows:
                found.rows.loc[n, head[-1].casefold()] = None
    return sentences


def check(written: Sequence[Mapping[str, str]], key: str = "claims") -> Read:
    """Return rows of text as a table that can be used; see `read`.

    Examples
    --------
    >>> found = check([{"id": "F1", "forecast": "Trade falls", "criterion": "Customs",
    ...     "made": "2026-05-01", "due": "2027-05-01", "probability": "0.7"}], "forecasts")
    >>> found.faults
    ["Row 1 (F1), column 'probability': '0.7' is under 1. Write 70 for 70 per cent."]
    """
    sheet = SHEETS[key]
    given = pd.DataFrame([dict(row) for row in written], dtype=object).fillna("")
    whole = given.reindex(columns=list(dict.fromkeys([*sheet.names, *given])), fill_value="")
    whole[ID] = [cell or f"{sheet.letter}{n}" for n, cell in enumerate(whole[ID], start=1)]
    usable = whole[sheet.names].astype(object)
    for column in sheet.columns:
        usable[column.name] = usable[column.name].map(column.meant).astype(object)
    faults = _missing(sheet, given)
    for n, row in enumerate(whole.to_dict("records")):
        found = _faults(row, sheet, given.columns, whole[ID].iloc[:n])
        for name, fault in found or _faults_between(usable.iloc[n].to_dict()):
            place = _("Row {n} ({id}), column {column!r}: {fault}")
            faults.append(place.format(n=n + 1, id=row[ID], column=name, fault=fault))
            usable.loc[usable.index[n], name] = row[ID] if name == ID else ""
    return Read(sheet, _typed(usable, sheet), whole, faults)


def written(read: Read) -> str:
    """Return a table as CSV, every cell as it was written."""
    return spreadsheets.written([read.as_written.columns, *read.as_written.to_numpy()])


def _missing(sheet: Sheet, given: pd.DataFrame) -> list[str]:
    """Return a sentence for each heading that is missing, or one if none of them is there."""
    wanted = [column.name for column in sheet.columns if column.required]
    if given.empty or given.columns.isin(sheet.names[1:]).any():
        words = _("There is no column {column!r}.")
        return [words.format(column=name) for name in wanted if len(given) and name not in given]
    words = _("The first line has none of these headings: {names}.")
    return [words.format(names=", ".join(wanted))]


def _faults(
    row: Mapping[Hashable, str], sheet: Sheet, there: pd.Index, before: pd.Series
) -> list[tuple[str, str]]:
    """Return the columns of a row that cannot be used, each with the reason."""
    found = [(ID, _("another row has this id too."))] if row[ID] in set(before) else []
    begun = any(row[column.name] for column in sheet.columns)
    for column in sheet.columns if begun else sheet.columns[:1]:
        cell = row[column.name]
        if not cell:
            if column.required and column.name in there:
                found.append((column.name, _("it is empty.")))
        elif fault := column.fault(cell):
            found.append((column.name, fault))
    return found


def _faults_between(row: Mapping[Hashable, str]) -> list[tuple[str, str]]:
    """Return what two cells of a row, each of them in order, say against each other."""
    if row.get("verdict"):
        if not row["criterion"]:
            return [("criterion", _("there is a verdict, and nothing says what decides it."))]
        if row["verdict"] not in verdicts(row["kind"] == FORECAST):
            words = _("{verdict!r} is no verdict on a claim of the kind {kind!r}: {choices}.")
            choices = ", ".join(verdicts(row["kind"] == FORECAST))
            told = {"verdict": row["verdict"], "kind": row["kind"]}
            return [("verdict", words.format(choices=choices, **told))]
    if row.get("due") and row["due"] <= row["made"]:
        return [("due", _("it is not after the day on which the forecast was made."))]
    return []


def verdicts(on_forecasts: bool) -> list[str]:
    """Return the verdicts that the course gives on forecasts, or on all other claims."""
    claims = tables.load("claims")
    given = claims.loc[(claims["kind"] == FORECAST) == on_forecasts, "verdict"]
    return [word for word in claims["verdict"].cat.categories if word in set(given)]


def _typed(usable: pd.DataFrame, sheet: Sheet) -> pd.DataFrame:
    frame = usable.where(usable != "", None)
    for column in sheet.columns:
        if column.kind == "percent":
            found = [None if cell is None else spreadsheets.number(cell) / 100
                     for cell in frame[column.name]]  # fmt: skip
            frame[column.name] = pd.Series(found, index=frame.index, dtype="float64")
        if column.kind == "day":
            frame[column.name] = pd.to_datetime(frame[column.name], format="%Y-%m-%d")
    return frame


def day_of(cell: str) -> date | None:
    """Return the day that a cell holds, or None if it holds none.

    Examples
    --------
    >>> day_of("2027-06-30") == day_of("30.6.2027")
    True
    """
    if dotted := _DOTTED.fullmatch(cell):
        cell = "{2}-{1:0>2}-{0:0>2}".format(*dotted.groups())
    try:
        return date.fromisoformat(cell) if len(cell) == len("2027-06-30") else None
    except ValueError:
        return None


def _fault_of_percent(cell: str) -> str:
    try:
        found = spreadsheets.number(cell)
    except ValueError:
        return _("{cell!r} is no number from 0 to 100.").format(cell=cell)
    if not 0 <= found <= 100:
        return _("{cell!r} is no number from 0 to 100.").format(cell=cell)
    if 0 < found < 1:
        return _("{cell!r} is under 1. Write {percent:g} for {percent:g} per cent.").format(
            cell=cell, percent=round(100 * found, 4)
        )
    return ""
