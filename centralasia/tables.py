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
from functools import cache

import pandas as pd

from centralasia.paths import data_dir

_TYPES = {"integer": "whole number", "number": "number", "boolean": "yes or no", "string": "text"}


class UnknownTable(KeyError):
    """No table of that name."""

    def __str__(self) -> str:
        return str(self.args[0])


class UnknownColumn(KeyError):
    """No column of that name in the table."""

    def __str__(self) -> str:
        return str(self.args[0])


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


def load(name: str, columns: Iterable[str] | None = None) -> pd.DataFrame:
    """Return a table as a new frame with typed columns.

    Whole numbers are ``int64`` (``Int64`` where a value may be missing), a closed list of words
    is an ordered-as-written category, and a date column is a timestamp: the first day of a month
    or year known no better, or the last day where the column ends a spell. ``<column>_text``
    beside it holds the date as the source gives it. An empty cell is missing.

    Parameters
    ----------
    name : str
        One of `names`.
    columns : iterable of str, optional
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
    frame = _typed(_read(name), name)
    if columns is None:
        return frame
    wanted = list(columns)
    for column in wanted:
        if column not in frame.columns:
            raise UnknownColumn(_unknown(f"column '{column}' in table '{name}'", column, frame.columns,
                                         f"tables.describe('{name}')"))
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
    rows = [
        {"column": f["name"], "type": _kind(f), "unit": f.get("unit", ""), "description": f["description"]}
        for f in _fields(name)
    ]
    return pd.DataFrame(rows)


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
    frame = _read(name)
    ids = frame["source_id"].dropna() if "source_id" in frame else pd.Series(dtype="str")
    used = ids.value_counts().rename_axis("source_id").rename("rows").reset_index()
    used = used.sort_values(["rows", "source_id"], ascending=[False, True])
    about = load("sources", ["source_id", "title", "publisher", "date", "licence", "use", "url"])
    return used.merge(about, on="source_id", how="left").reset_index(drop=True)


@cache
def _resources() -> dict[str, dict]:
    path = data_dir() / "datapackage.json"
    try:
        package = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DamagedTable(f"{path} cannot be read ({error}). {_REPAIR}") from error
    return {r["name"]: r for r in package["resources"] if "schema" in r}


_REPAIR = "Run 'centralasia doctor', or take a fresh copy of the course."


def _fields(name: str) -> list[dict]:
    resources = _resources()
    if name not in resources:
        raise UnknownTable(_unknown(f"table '{name}'", name, resources, "tables.names()"))
    return resources[name]["schema"]["fields"]


def _unknown(what: str, word: str, known: Iterable[str], how: str) -> str:
    known = list(known)
    near = get_close_matches(str(word).lower(), known, n=3, cutoff=0.5) or [k for k in known if str(word).lower() in k]
    hint = f" Did you mean {' or '.join(repr(n) for n in near[:3])}?" if near else ""
    return f"There is no {what}.{hint} See all with {how}."


def _read(name: str) -> pd.DataFrame:
    """Return a table as text, with empty cells missing."""
    expected = [f["name"] for f in _fields(name)]
    path = data_dir() / _resources()[name]["path"]
    try:
        frame = pd.read_csv(path, dtype="str", keep_default_na=False, na_values=[""], encoding="utf-8")
    except FileNotFoundError as error:
        raise DamagedTable(f"The file of table '{name}' is missing: {path}. {_REPAIR}") from error
    except (ValueError, OSError) as error:
        raise DamagedTable(f"{path} cannot be read as a table ({error}). {_REPAIR}") from error
    if list(frame.columns) != expected:
        raise DamagedTable(f"{path} has the columns {', '.join(map(str, frame.columns))}, but should have "
                           f"{', '.join(expected)}. {_REPAIR}")
    return frame


def _typed(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    columns: dict[str, pd.Series] = {}
    for field in _fields(name):
        column = field["name"]
        try:
            columns[column] = _convert(frame[column], field)
        except (ValueError, TypeError) as error:
            raise DamagedTable(f"Table '{name}', column '{column}': {error}. {_REPAIR}") from error
        if "date" in field:
            columns[f"{column}_text"] = frame[column]
    return pd.DataFrame(columns)


def _convert(text: pd.Series, field: dict) -> pd.Series:
    constraints = field.get("constraints", {})
    required = constraints.get("required", False)
    if required and text.isna().any():
        raise ValueError(f"row {text.isna().idxmax() + 1} has no value")
    if "date" in field:
        return _timestamps(text, last_day=field["date"] == "end")
    match field["type"]:
        case "integer":
            return text.astype("int64") if required else pd.to_numeric(text).astype("Int64")
        case "number":
            return pd.to_numeric(text).astype("float64")
        case "boolean":
            flags = text.map({"true": True, "false": False})
            _refuse(text, flags.isna())
            return flags.astype("bool" if required else "boolean")
    if "enum" in constraints:
        words = pd.Categorical(text, categories=constraints["enum"])
        _refuse(text, pd.Series(words.isna(), index=text.index))
        return pd.Series(words, index=text.index)
    return text


def _refuse(text: pd.Series, lost: pd.Series) -> None:
    bad = text[lost & text.notna()]
    if len(bad):
        raise ValueError(f"row {bad.index[0] + 1} holds {bad.iloc[0]!r}, which is not an allowed value")


def _timestamps(text: pd.Series, last_day: bool) -> pd.Series:
    """Return timestamps for dates of 4, 7 or 10 characters."""
    length = text.str.len()
    full = text.where(length == 10, text + (text.str.len() == 7).map({True: "-01", False: "-01-01"}))
    stamps = pd.to_datetime(full, format="%Y-%m-%d")
    if last_day:
        stamps = stamps.where(length != 7, stamps + pd.offsets.MonthEnd(0))
        stamps = stamps.where(length != 4, stamps + pd.offsets.YearEnd(0))
    return stamps


def _kind(field: dict) -> str:
    if "date" in field:
        return "date"
    if "enum" in field.get("constraints", {}) and field["type"] == "string":
        return "one of: " + ", ".join(map(str, field["constraints"]["enum"]))
    return _TYPES[field["type"]]
