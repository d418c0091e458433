"""Typed frames from the course's data package.

The types come from ``data/datapackage.json``, so a table and its description cannot drift
apart. Dates that are known only to the month or the year stay honest: a date column is loaded
as a timestamp for sorting and drawing, and beside it ``<column>_text`` keeps what the source
says ("1994", "1994-03", "1994-03-28").
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from centralasia import course
from centralasia.columns import MARK, Unlisted, convert, kind, listed
from centralasia.errors import DamagedTable, UnknownValue
from centralasia.fitting import demand
from centralasia.paths import data_dir

demand(pd)

__all__ = [
    "DamagedTable",
    "UnknownColumn",
    "UnknownTable",
    "UnknownValue",
    "describe",
    "load",
    "names",
    "sources",
]

_REPAIR = "Run 'centralasia doctor', or take a fresh copy of the course."
_MANIFEST = {
    "powers": lambda: [power.key for power in course.subjects()],
    "lessons": lambda: [lesson.number for lesson in course.lessons()],
    "texts": lambda: [text.key for text in course.texts()],
}
"""The tables that say what the course consists of, with their keys in the order of the course."""


class UnknownTable(KeyError):
    """No table of that name."""

    __str__ = Exception.__str__  # KeyError would print the message in quotes


class UnknownColumn(KeyError):
    """No column of that name in the table."""

    __str__ = Exception.__str__


def names() -> list[str]:
    """Return the names of all tables, in the order of the codebook.

    Returns
    -------
    list of str

    Examples
    --------
    >>> "trade" in names()
    True
    """
    return list(_resources())


def key(name: str) -> list[str]:
    """Return the columns whose values together name a row of a table.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    list of str

    Examples
    --------
    >>> key("macro")
    ['country', 'indicator', 'year']
    """
    _fields(name)
    return list(_resources()[name]["schema"]["primaryKey"])


def load(name: str, columns: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Return a table as a new frame with typed columns.

    Whole numbers are ``int64`` (``Int64`` where a value may be missing), a closed list of words
    is a category in the order of its description, a power one in the order of the course, and a
    date column is a timestamp: the first day of a month
    or year known no better, or the last day where the column ends a spell. ``<column>_text``
    beside it holds the date as the source gives it. An empty cell is missing.

    Parameters
    ----------
    name : str
        One of `names`.
    columns : str or iterable of str, optional
        Only these columns, in this order.

    Returns
    -------
    pandas.DataFrame
        A fresh copy: changing it changes nothing else.

    Raises
    ------
    UnknownTable, UnknownColumn
        The message names the nearest tables or columns.
    DamagedTable
        If the file is missing or does not fit its description.
    UnknownValue
        If a word is not in the closed list of its column, or a power, lesson or text not in the
        table of them.

    Examples
    --------
    >>> load("trade", ["country", "year", "value_usd"]).dtypes.astype(str).to_dict()
    {'country': 'str', 'year': 'int64', 'value_usd': 'int64'}
    >>> row = load("exercises").iloc[0]
    >>> row["start_text"], row["start"].year
    ('1994-03-23', 1994)
    """
    frame = _typed(name, *_state(name))
    if columns is None:
        return frame.copy()
    wanted = [columns] if isinstance(columns, str) else list(columns)
    for column in wanted:
        if column not in frame:
            what, how = f"column {column!r} in table {name!r}", f"tables.describe({name!r})"
            raise UnknownColumn(_unknown(what, column, frame.columns, how))
    return frame[wanted]


def describe(name: str) -> pd.DataFrame:
    """Return what each column of a table holds, the text beside each date included.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    pandas.DataFrame
        Columns ``column``, ``type``, ``unit``, ``description``; the rows in the order of `load`.

    Raises
    ------
    UnknownTable

    Examples
    --------
    >>> describe("us_troops")[["column", "unit"]].to_dict("split")["data"][2]
    ['troops', 'persons']
    """
    rows = []
    for field in _fields(name):
        column = field["name"]
        rows.append((column, kind(field), field.get("unit", ""), field["description"]))
        if "date" in field:
            about = f"{column} as the source gives it: a day, a month or a year"
            rows.append((f"{column}_text", "text", "", about))
    return pd.DataFrame(rows, columns=["column", "type", "unit", "description"])


def sources(name: str) -> pd.DataFrame:
    """Return the sources that the rows of a table point to, most used first.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    pandas.DataFrame
        Columns ``source_id``, ``rows``, ``title``, ``publisher``, ``date``, ``licence``, ``use``,
        ``url``; empty for a table whose rows have no ``source_id``.

    Raises
    ------
    UnknownTable

    Examples
    --------
    >>> sources("us_troops")["source_id"].to_list()
    ['troopdata_2026']
    """
    frame = _typed(name, *_state(name))
    ids = frame["source_id"].dropna() if "source_id" in frame else pd.Series(dtype="str")
    used = ids.value_counts().rename_axis("source_id").rename("rows").reset_index()
    used = used.sort_values(["rows", "source_id"], ascending=[False, True])
    about = load("sources", ["source_id", "title", "publisher", "date", "licence", "use", "url"])
    return used.merge(about, on="source_id", how="left").reset_index(drop=True)


def _resources() -> dict[str, dict[str, Any]]:
    path = data_dir() / "datapackage.json"
    try:
        return _described(path, path.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        raise DamagedTable(f"{path} cannot be read ({error}). {_REPAIR}") from error


@lru_cache(maxsize=4)
def _described(path: Path, written: int) -> dict[str, dict[str, Any]]:
    """Return the tables that a data package describes, by name."""
    package = json.loads(path.read_text(encoding="utf-8"))
    return {r["name"]: r for r in package["resources"] if "schema" in r}


def _fields(name: str) -> list[dict[str, Any]]:
    resources = _resources()
    if name not in resources:
        raise UnknownTable(_unknown(f"table {name!r}", name, resources, "tables.names()"))
    fields: list[dict[str, Any]] = resources[name]["schema"]["fields"]
    return fields


def _unknown(what: str, word: str, known: Iterable[str], how: str) -> str:
    known, word = list(known), str(word).lower()
    near = (
        get_close_matches(word, known, cutoff=0.5) or [k for k in known if word and word in k][:3]
    )
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"There is no {what}.{hint} See all with {how}."


def _pointers(name: str) -> dict[str, str]:
    """Return the columns that point to a table of `_MANIFEST`, each with that table."""
    _fields(name)
    keys = _resources()[name]["schema"].get("foreignKeys", [])
    to = {key["fields"][0]: key["reference"].get("resource") for key in keys}
    return {column: table for column, table in to.items() if table in _MANIFEST}


def _state(name: str) -> tuple[Path, tuple[int, ...]]:
    """Return a table's file, and when all that decides how it loads was last written."""
    _fields(name)
    folder, path = data_dir(), data_dir() / _resources()[name]["path"]
    others = ["datapackage.json", *(f"{to}.csv" for to in sorted({*_pointers(name).values()}))]
    try:
        return path, tuple(
            file.stat().st_mtime_ns for file in [path, *map(folder.joinpath, others)]
        )
    except OSError as error:
        raise DamagedTable(
            f"The file of table '{name}' is missing: {error.filename}. {_REPAIR}"
        ) from error


@lru_cache(maxsize=128)
def _typed(name: str, path: Path, written: tuple[int, ...]) -> pd.DataFrame:
    """Return a table as `load` describes it; a lesson asks for some tables twenty times."""
    text, pointers = _read(name, path), _pointers(name)
    columns: dict[str, pd.Series] = {}
    for field in _fields(name):
        column = field["name"]
        to = pointers.get(column)
        keys = _MANIFEST[to]() if to else []
        try:
            if to:
                listed(text[column], keys)
            columns[column] = convert(text[column], field, keys if to == "powers" else ())
        except (ValueError, TypeError, OverflowError) as error:
            if marked := _unfilled(path.name, column, text[column]):
                raise UnknownValue(marked) from error
            raise _damage(name, path.name, field, to, error) from error
        if "date" in field:
            columns[f"{column}_text"] = text[column]
    return pd.DataFrame(columns)


def _unfilled(file: str, column: str, text: pd.Series) -> str:
    """Return where a column first has the mark of a draft, and what to write there; or nothing."""
    marked = text[text.str.contains(MARK, regex=False, na=False)]
    if marked.empty:
        return ""
    asked = marked.iloc[0].partition(f"{MARK}: ")[2]
    return (
        f"data/{file}, line {marked.index[0] + 2}, column {column}: still {MARK}"
        f"{f' ({asked})' if asked else ''}. 'centralasia notebooks unfilled' lists all such places."
    )


def _damage(
    name: str, file: str, field: dict[str, Any], to: str | None, error: Exception
) -> DamagedTable:
    """Return what is wrong with a column, and what to edit."""
    if isinstance(error, Unlisted):
        where = f"{file}, line {error.line}, column '{field['name']}'"
        return UnknownValue(f"{where}: {_what_to_edit(error.value, field, to)}")
    what = str(error).partition("\n")[0].removesuffix(".")
    return DamagedTable(
        f"Table '{name}', column '{field['name']}': {what}. If you have changed data/{file}, "
        f"mend it there. {_REPAIR}"
    )


def _what_to_edit(value: str, field: dict[str, Any], to: str | None) -> str:
    """Return what is wrong with a word that nothing lists, and what to edit."""
    if to:
        return course.no_row(to, value, _MANIFEST[to]())
    words = field.get("constraints", {}).get("enum")
    if field["type"] == "boolean" or not words:
        return f"{value!r} is neither true nor false."
    return (
        f"{value!r} is none of {', '.join(map(str, words))}. A new word needs a place in the "
        "column's enum in data/datapackage.json."
    )


def _read(name: str, path: Path) -> pd.DataFrame:
    """Return a table as text, with empty cells missing."""
    expected = [f["name"] for f in _fields(name)]
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""])
    except (ValueError, OSError) as error:
        raise DamagedTable(f"{path} cannot be read as a table ({error}). {_REPAIR}") from error
    if list(frame.columns) != expected:
        raise DamagedTable(
            f"{path} has the columns {', '.join(map(str, frame.columns))}, "
            f"but should have {', '.join(expected)}. {_REPAIR}"
        )
    return frame
