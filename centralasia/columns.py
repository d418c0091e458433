"""Typed columns: what a field of the data package means in pandas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

MARK = "TO FILL"
"""Stands wherever a person still has to write; nothing that holds it is finished."""
_WORDS = {"integer": "whole number", "number": "number", "boolean": "yes or no", "string": "text"}


class Unlisted(ValueError):
    """A value that is not among those allowed.

    Parameters
    ----------
    line : int
        Its line in the file, where the heads of the columns are line 1.
    value : str
    """

    def __init__(self, line: int, value: str) -> None:
        super().__init__(f"line {line} holds {value!r}, not an allowed value")
        self.line, self.value = line, value


def kind(field: dict[str, Any]) -> str:
    """Return the type of a column in words.

    Parameters
    ----------
    field : dict
        A field of the data package.

    Returns
    -------
    str

    Examples
    --------
    >>> kind({"name": "year", "type": "integer"})
    'whole number'
    >>> kind({"name": "flow", "type": "string", "constraints": {"enum": ["export", "import"]}})
    'one of: export, import'
    """
    if "date" in field:
        return "date"
    words = field.get("constraints", {}).get("enum")
    if words and field["type"] == "string":
        return "one of: " + ", ".join(words)
    return _WORDS[field["type"]]


def convert(text: pd.Series, field: dict[str, Any], keys: Sequence[str] = ()) -> pd.Series:
    """Return a column of text as the type that its description asks for.

    Parameters
    ----------
    text : pandas.Series of str
        Empty cells are missing.
    field : dict
        A field of the data package.
    keys : sequence of str, optional
        The keys of the table that the column points to, in their order there. The column becomes
        a category of those that it holds.

    Returns
    -------
    pandas.Series
        Of the same length and index.

    Raises
    ------
    Unlisted
        If a value is not in the closed list of the field, or not among the keys.
    ValueError
        If a value is missing that must be there, or does not fit the type.

    Examples
    --------
    >>> convert(pd.Series(["7", None], dtype="str"), {"type": "integer"}).to_list()
    [7, <NA>]
    """
    constraints = field.get("constraints", {})
    required = constraints.get("required", False)
    if required and text.isna().any():
        raise ValueError(f"line {text.isna().argmax() + 2} has no value")
    if "date" in field:
        return timestamps(text, last_day=field["date"] == "end")
    match field["type"]:
        case "integer":
            return text.astype("int64") if required else pd.to_numeric(text).astype("Int64")
        case "number":
            return pd.to_numeric(text).astype("float64")
        case "boolean":
            listed(text, ["true", "false"])
            flags = text.map({"true": True, "false": False})
            return flags.astype("bool" if required else "boolean")
    if "enum" in constraints:
        listed(text, constraints["enum"])
        return text.astype(pd.CategoricalDtype(constraints["enum"]))
    if keys:
        listed(text, keys)
        held = set(text.dropna())
        return text.astype(pd.CategoricalDtype([key for key in keys if key in held]))
    return text


def listed(text: pd.Series, words: Sequence[str]) -> None:
    """Refuse a column that holds a word which is not in a list.

    Parameters
    ----------
    text : pandas.Series of str
        Numbered from 0 as in the file; empty cells are missing.
    words : sequence of str

    Raises
    ------
    Unlisted
        For the first such word.

    Examples
    --------
    >>> listed(pd.Series(["a", None]), ["a", "b"])
    """
    bad = text[~text.isin(list(words)) & text.notna()]
    if len(bad):
        raise Unlisted(int(bad.index[0]) + 2, bad.iloc[0])


def timestamps(text: pd.Series, *, last_day: bool = False) -> pd.Series:
    """Return days for dates that may be known only to the month or the year.

    Parameters
    ----------
    text : pandas.Series of str
        Dates such as ``1994``, ``1994-03`` or ``1994-03-28``; numbered from 0 as in the file.
    last_day : bool
        Take the last day of a month or year instead of the first.

    Returns
    -------
    pandas.Series of datetime64

    Raises
    ------
    ValueError
        If a text is no such date.

    Examples
    --------
    >>> timestamps(pd.Series(["1994", "1996-02"]), last_day=True).dt.date.astype(str).to_list()
    ['1994-12-31', '1996-02-29']
    """
    length = text.str.len()
    full = text.where(length != 4, text + "-01-01").where(length != 7, text + "-01")
    full = full.where(length.isin([4, 7, 10]))  # pandas would read 1994-1-1 as well
    days = pd.to_datetime(full, format="%Y-%m-%d", errors="coerce")
    bad = text[days.isna() & text.notna()]
    if len(bad):
        line = bad.index[0] + 2  # the heads of the columns are line 1
        raise ValueError(f"line {line} holds {bad.iloc[0]!r}, which is no day, month or year")
    if last_day:
        days = days.where(length != 7, days + pd.offsets.MonthEnd(0))
        days = days.where(length != 4, days + pd.offsets.YearEnd(0))
    return days
