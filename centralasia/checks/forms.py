"""Answers that were typed into a page of forms, put as the Python that gives the same answer.

So a form is judged as a notebook is: by the same keys, in the same run. What a person typed is a
text, and each text becomes a number or a text of Python's own, never code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from centralasia import spreadsheets
from centralasia.checks.asks import Argument, Ask, Chart, Choice, Codes, Number, Table, Text
from centralasia.language import _

KIND = "centralasia-exercise"
"""What a file of the page of forms says that it is."""
FLAG = "typed_into_form"
"""The variable that says that the answers were typed in, so that they can follow no other data."""
MARKS = ("line", "bar", "area", "point")
"""What a chart can be assembled from; a question says which of them serve."""
MOST_ROWS, MOST_TEXT = 500, 20_000
"""Rows of a table, and characters of one text, that a page of forms can give."""
PARTS = ("mark", "x", "y", "series", "zero", "x_title", "y_title", "title", "description")
"""The parts of a chart beside its rows."""

Rows = list[list[str]]
Given = str | list[str] | Rows | dict[str, Any]
"""What a form gives for a question, as JSON."""


class Misshapen(ValueError):
    """No form of the course gives such an answer; the message says what is wrong with it."""


def columns(ask: Table | Chart) -> tuple[str, ...]:
    """Return the columns that somebody fills in, those that hold numbers last."""
    if isinstance(ask, Table):
        return (*ask.by, *ask.numbers)
    return (ask.x, *([ask.series] if ask.series else []), ask.y)


def source(ask: Ask, given: object) -> str | None:
    """Return the code that gives an answer, or the text of an argument.

    Parameters
    ----------
    ask : Ask
        Its key is not looked at.
    given : object
        From a file that anybody may have written.

    Returns
    -------
    str or None
        None if nothing was entered.

    Raises
    ------
    Misshapen
        If it has not the shape that the page of forms gives it.

    Examples
    --------
    >>> ask = Number(id="ex03-q1-x", names=("share",), points=1, minutes=1, unit="", low=0, high=1,
    ...              tolerance=0)
    >>> source(ask, "0,25")
    'share = 0.25'
    """
    match ask:
        case Number() | Text():
            typed = _text(given)
            return f"{ask.names[0]} = {_cell(typed, ask)}" if typed else None
        case Argument():
            return _text(given) or None
        case Codes():
            codes = [_text(code) for code in _list(given)]
            return f"{ask.names[0]} = {codes!r}" if codes else None
        case Choice():
            parts = _parts(given, ("answer", "confidence"))
            letter, sure = parts["answer"], parts["confidence"]
            first = f"{ask.names[0]} = {letter!r}" if letter else f"{ask.names[0]} = ..."
            second = f"{ask.names[1]} = {_cell(sure)}" if sure else f"{ask.names[1]} = ..."
            return f"{first}\n{second}" if letter or sure else None
        case Table():
            rows = _rows(given, columns(ask), len(ask.by))
            return f"{ask.names[0]} = {_frame(rows, columns(ask))}" if rows else None
        case Chart():
            return _chart(ask, given)
    raise TypeError(f"{ask.id}: there is no form for a question of this kind.")


def _text(given: object) -> str:
    if not isinstance(given, str):
        raise Misshapen(_("it is no text"))
    if len(given) > MOST_TEXT:
        raise Misshapen(_("it is longer than {most} characters").format(most=MOST_TEXT))
    return given.strip()


def _list(given: object) -> Sequence[object]:
    if not isinstance(given, list):
        raise Misshapen(_("it is no list"))
    if len(given) > MOST_ROWS:
        raise Misshapen(_("it has more than {most} rows").format(most=MOST_ROWS))
    return given


def _parts(given: object, names: Sequence[str]) -> dict[str, str]:
    if not isinstance(given, Mapping):
        raise Misshapen(_("its parts have no names"))
    return {name: _text(given.get(name, "")) for name in names}


def _rows(given: object, names: Sequence[str], by: int) -> Rows:
    """Return rows as they were typed; one without any number is empty, and left out."""
    rows = [[_text(cell) for cell in _list(row)] for row in _list(given)]
    if any(len(row) != len(names) for row in rows):
        raise Misshapen(_("its rows have not the columns {names}").format(names=", ".join(names)))
    return [row for row in rows if any(row[by:])]


def _cell(typed: str, ask: Ask | None = None) -> str:
    """Return a cell as Python has it: a number if it is one, else a text."""
    if not typed:
        return "None"
    if isinstance(ask, Text):
        return repr(typed)
    try:
        number = spreadsheets.number(typed)
    except ValueError:
        return repr(typed)
    return repr(int(number) if number.is_integer() and abs(number) < 1e15 else number)


def _frame(rows: Rows, names: Sequence[str]) -> str:
    lines = [f"        [{', '.join(map(_cell, row))}],\n" for row in rows]
    return f"pd.DataFrame(\n    [\n{''.join(lines)}    ],\n    columns={list(names)!r},\n)"


def _chart(ask: Chart, given: object) -> str | None:
    """Return the code of a chart; None while its mark, an axis or its rows are missing."""
    parts = _parts(given, PARTS)
    names = columns(ask)
    assert isinstance(given, Mapping)
    rows = _rows(given.get("rows", []), names, len(names) - 1)
    fields = {axis: parts[axis] for axis in ("x", "y", "series") if parts[axis]}
    if not set(fields.values()) <= set(names):
        raise Misshapen(_("it draws what is no column of its table"))
    if parts["mark"] and parts["mark"] not in MARKS:
        raise Misshapen(_("it draws with a mark that the form does not offer"))
    if not (rows and parts["mark"] and "x" in fields and "y" in fields):
        return None
    encoding = [
        f"        {axis}=alt.{axis.upper()}({_typed(ask, fields[axis])!r}, "
        f"title={parts[f'{axis}_title'] or None!r}{_scale(ask, fields[axis], parts['zero'])}),\n"
        for axis in ("x", "y")
    ]
    if "series" in fields:
        encoding.append(f"        color={_typed(ask, fields['series'])!r},\n")
    return (
        f"data = {_frame(rows, names)}\n"
        f"{ask.names[0]} = (\n"
        f"    alt.Chart(data)\n"
        f"    .mark_{parts['mark']}()\n"
        f"    .encode(\n{''.join(encoding)}    )\n"
        f"    .properties(title={parts['title']!r}, description={parts['description']!r})\n"
        f")\n{ask.names[0]}"
    )


def _typed(ask: Chart, field: str) -> str:
    return f"{field}:{'Q' if field == ask.y else 'O'}"


def _scale(ask: Chart, field: str, zero: str) -> str:
    if field != ask.y or not zero:
        return ""
    return f", scale=alt.Scale(zero={zero == 'yes'})"
