"""Typed columns: what a field of the data package means in pandas."""

from __future__ import annotations

from typing import Any

import pandas as pd

_WORDS = {"integer": "whole number", "number": "number", "boolean": "yes or no", "string": "text"}


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


def convert(text: pd.Series, field: dict[str, Any]) -> pd.Series:
    """Return a column of text as the type that its description asks for.

    Parameters
    ----------
    text : pandas.Series of str
        Empty cells are missing.
    field : dict
        A field of the data package.

    Returns
    -------
    pandas.Series
        Of the same length and index.

    Raises
    ------
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
        raise ValueError(f"row {text.isna().argmax() + 1} has no value")
    if "date" in field:
        return timestamps(text, last_day=field["date"] == "end")
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
        _refuse(text, ~text.isin(constraints["enum"]))
        return text.astype(pd.CategoricalDtype(constraints["enum"]))
    return text


def timestamps(text: pd.Series, *, last_day: bool = False) -> pd.Series:
    """Return days for dates that may be known only to the month or the year.

    Parameters
    ----------
    text : pandas.Series of str
        Dates such as ``1994``, ``1994-03`` or ``1994-03-28``.
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
    days = pd.to_datetime(full, format="%Y-%m-%d")
    if last_day:
        days = days.where(length != 7, days + pd.offsets.MonthEnd(0))
        days = days.where(length != 4, days + pd.offsets.YearEnd(0))
    return days


def _refuse(text: pd.Series, lost: pd.Series) -> None:
    bad = text[lost & text.notna()]
    if len(bad):
        raise ValueError(f"row {bad.index[0] + 1} holds {bad.iloc[0]!r}, not an allowed value")
