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
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from centralasia.columns import convert, kind
from centralasia.paths import data_dir

_REPAIR = "Run 'centralasia doctor', or take a fresh copy of the course."


class UnknownTable(KeyError):
    """No table of that name."""

    __str__ = Exception.__str__  # KeyError would print the message in quotes


class UnknownColumn(KeyError):
    """No column of that name in the table."""

    __str__ = Exception.__str__


class DamagedTable(ValueError):
    """A file of the data package is missing, or does not hold what its description says."""


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


def load(name: str, columns: str | Iterable[str] | None = None) -> pd.DataFrame:
    """Return a table as a new frame with typed columns.

    Whole numbers are ``int64`` (``Int64`` where a value may be missing), a closed list of words
    is an ordered-as-written category, and a date column is a timestamp: the first day of a month
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

    Examples
    --------
    >>> load("trade", ["country", "year", "value_usd"]).dtypes.astype(str).to_dict()
    {'country': 'str', 'year': 'int64', 'value_usd': 'int64'}
    >>> row = load("exercises").iloc[0]
    >>> row["start_text"], row["start"].year
    ('1994-03-23', 1994)
    """
    frame = _typed(name, *_file(name))
    if columns is None:
        return frame.copy()
    wanted = [columns] if isinstance(columns, str) else list(columns)
    for column in wanted:
        if column not in frame:
            what, how = f"column {column!r} in table {name!r}", f"tables.describe({name!r})"
            raise UnknownColumn(_unknown(what, column, frame.columns, how))
    return frame[wanted]


def describe(name: str) -> pd.DataFrame:
    """Return what each column of a table holds.

    Parameters
    ----------
    name : str
        One of `names`.

    Returns
    -------
    pandas.DataFrame
        Columns ``column``, ``type``, ``unit``, ``description``.

    Raises
    ------
    UnknownTable

    Examples
    --------
    >>> describe("us_troops")[["column", "unit"]].to_dict("split")["data"][2]
    ['troops', 'persons']
    """
    rows = [(f["name"], kind(f), f.get("unit", ""), f["description"]) for f in _fields(name)]
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
    frame = _typed(name, *_file(name))
    ids = frame["source_id"].dropna() if "source_id" in frame else pd.Series(dtype="str")
    used = ids.value_counts().rename_axis("source_id").rename("rows").reset_index()
    used = used.sort_values(["rows", "source_id"], ascending=[False, True])
    about = load("sources", ["source_id", "title", "publisher", "date", "licence", "use", "url"])
    return used.merge(about, on="source_id", how="left").reset_index(drop=True)


def _resources() -> dict[str, dict[str, Any]]:
    return _described(data_dir())


@cache
def _described(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the tables that a data package describes, by name."""
    path = folder / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedTable(f"{path} cannot be read ({error}). {_REPAIR}") from error
    return {r["name"]: r for r in package["resources"] if "schema" in r}


def _fields(name: str) -> list[dict[str, Any]]:
    resources = _resources()
    if name not in resources:
        raise UnknownTable(_unknown(f"table {name!r}", name, resources, "tables.names()"))
    return resources[name]["schema"]["fields"]


def _unknown(what: str, word: str, known: Iterable[str], how: str) -> str:
    known, word = list(known), str(word).lower()
    near = (
        get_close_matches(word, known, cutoff=0.5) or [k for k in known if word and word in k][:3]
    )
    hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
    return f"There is no {what}.{hint} See all with {how}."


def _file(name: str) -> tuple[Path, int]:
    """Return a table's file and when it was last written, in nanoseconds."""
    _fields(name)
    path = data_dir() / _resources()[name]["path"]
    try:
        return path, path.stat().st_mtime_ns
    except OSError as error:
        raise DamagedTable(f"The file of table '{name}' is missing: {path}. {_REPAIR}") from error


@lru_cache(maxsize=64)
def _typed(name: str, path: Path, written: int) -> pd.DataFrame:
    """Return a table as `load` describes it; a lesson asks for some tables twenty times."""
    text = _read(name, path)
    columns: dict[str, pd.Series] = {}
    for field in _fields(name):
        column = field["name"]
        try:
            columns[column] = convert(text[column], field)
        except (ValueError, TypeError, OverflowError) as error:
            what = str(error).partition("\n")[0].removesuffix(".")
            raise DamagedTable(f"Table '{name}', column '{column}': {what}. {_REPAIR}") from error
        if "date" in field:
            columns[f"{column}_text"] = text[column]
    return pd.DataFrame(columns)


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
