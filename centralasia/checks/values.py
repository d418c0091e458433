"""What is taken out of a learner's notebook: plain values, as JSON.

A verdict is made elsewhere, on these alone. Nothing in them can run: numbers, texts, lists,
tables as rows, a chart as its Vega-Lite specification. Every value is a dict with a ``type``.
"""

from __future__ import annotations

import contextlib
import io
import json
import math
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import islice
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.typing import DataFrameGroupBy, SeriesGroupBy

from centralasia.language import _

MAX_BYTES = 4_000_000
"""Longest text that `loads` accepts."""
MAX_ROWS = 5_000
"""Of a table, of each dataset of a chart, and values of a list."""

MOST_BITS = 1_000
"""Of a whole number: JSON could hold more, and neither a float nor anybody's data do."""

Plain = dict[str, Any]


class Unreadable(ValueError):
    """The text holds no values that this module wrote."""


def plain(value: object) -> Plain:
    """Return a learner's value as a plain one.

    Parameters
    ----------
    value : object
        A number, a text, a truth value, a list (whatever gives its values again and again: tuple,
        set, index, array, series, the keys of a dict), a data frame or an Altair chart; ``...``
        and None count as untouched.

    Returns
    -------
    dict
        ``type`` and what belongs to it; of type ``"odd"``, with ``what`` and ``why``, if the
        value is none of these or cannot be read. The row labels of a frame or series become
        columns when they have a name; ``single`` is then the one value beside them, if there is
        but one. A year (a period of one) is a whole number, a date is ISO text.

    Examples
    --------
    >>> plain(0.25)
    {'type': 'number', 'value': 0.25}
    >>> plain(pd.DataFrame({"year": [2005], "hhi": [0.5]}))
    {'type': 'table', 'columns': ['year', 'hhi'], 'rows': [[2005, 0.5]]}
    >>> plain({"KAZ": 1})["type"]
    'odd'
    """
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            return _plain(value)
    except Exception as error:  # a learner's object may raise anything
        first = str(error).strip().split("\n")[0][:200]
        return _odd(value, f"{type(error).__name__}: {first}")


def _plain(value: object) -> Plain:
    if value is None or value is ...:
        return {"type": "untouched"}
    if isinstance(value, pd.DataFrame):
        return _table(value)
    if isinstance(value, pd.Series) and value.index.names != [None]:
        return _table(value.to_frame(value.name if value.name is not None else "value"))
    if isinstance(value, np.ndarray) and value.dtype.names is not None:
        return _table(pd.DataFrame(value))
    scalar = _scalar(value)
    if scalar is None or isinstance(scalar, (bool, int, float, str)):
        return of_cell(value, scalar)
    if hasattr(value, "to_dict") and type(value).__module__.split(".")[0] == "altair":
        import altair as alt

        with alt.data_transformers.enable("default", max_rows=MAX_ROWS):
            text = json.dumps(value.to_dict())
        return {"type": "chart", "spec": json.loads(text, parse_constant=lambda _name: None)}
    if callable(value):
        return _odd(value, _("it is not called yet; write () after its name to get its result"))
    if isinstance(value, (DataFrameGroupBy, SeriesGroupBy)):
        return _odd(value, _("its groups are made, and nothing is worked out for them yet"))
    if isinstance(value, Iterator):  # who reads it here leaves nothing for whoever reads it next
        return _odd(value, _("its values can be read only once; list(...) keeps them"))
    if isinstance(value, Iterable) and not isinstance(value, (Mapping, bytes)):
        return _list(value)
    return _odd(value, _("no number, text, list, table or chart"))


def of_cell(value: object, scalar: object) -> Plain:
    """Return one cell of a list or table as if it stood alone.

    Parameters
    ----------
    value : object
        As the learner has it.
    scalar : bool, int, float, str or None
        The same in JSON's types.
    """
    if isinstance(scalar, bool):
        return {"type": "truth", "value": scalar}
    if isinstance(scalar, int) or _is_finite(scalar):
        return {"type": "number", "value": scalar}
    if isinstance(scalar, str):
        return {"type": "text", "value": scalar}
    return _odd(value, _("it is not a finite number; a missing figure may have gone into it"))


def _odd(value: object, why: str) -> Plain:
    return {"type": "odd", "what": type(value).__name__[:60], "why": why}


def _scalar(value: object) -> object:
    """Return one cell's value in JSON's own types; a date as ISO text, a missing one as None."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    if isinstance(value, Integral):
        if int(value).bit_length() > MOST_BITS:
            raise ValueError(_("it has a whole number of more than 300 digits"))
        return int(value)
    if isinstance(value, (Real, Decimal)):
        number = float(value)
        return None if math.isnan(number) else number
    if isinstance(value, str):
        return str.__str__(value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, (date, np.datetime64)):
        stamp = pd.Timestamp(value)
        return stamp.strftime("%Y-%m-%d") if stamp == stamp.normalize() else stamp.isoformat()
    if isinstance(value, pd.Period):
        return value.year if value.freqstr.startswith("Y") else str(value)
    return value


def _list(value: Iterable[object]) -> Plain:
    if isinstance(value, np.ndarray) and value.ndim > 1:
        if value.size != max(value.shape):
            return _odd(value, _("it has several columns; take one of them"))
        value = value.ravel()
    items = [_scalar(item) for item in islice(value, MAX_ROWS + 1)]
    if len(items) > MAX_ROWS:
        return _odd(value, _("more than {most} values").format(most=MAX_ROWS))
    if isinstance(value, (set, frozenset)):
        items.sort(key=str)
    return {"type": "list", "values": _cells(items)}


def _table(frame: pd.DataFrame) -> Plain:
    """Return a frame as rows; labelled rows first become columns."""
    if len(frame) > MAX_ROWS:
        return _odd(
            frame, _("{n} rows; at most {most} can be checked").format(n=len(frame), most=MAX_ROWS)
        )
    if isinstance(frame.columns, pd.MultiIndex):
        return _odd(frame, _("its columns have several levels; give each column one name"))
    labels = {
        str(name): frame.index.get_level_values(level)
        for level, name in enumerate(frame.index.names)
        if name is not None and name not in frame.columns
    }
    own = [_cells(map(_scalar, row)) for row in frame.itertuples(index=False, name=None)]
    named = zip(*(_cells(map(_scalar, column)) for column in labels.values()), strict=True)
    rows = [[*label, *row] for label, row in zip(named, own, strict=True)] if labels else own
    found = {"type": "table", "columns": [*labels, *map(str, frame.columns)], "rows": rows}
    return found | ({"single": own[0][0]} if frame.shape == (1, 1) else {})


def _cells(items: Iterable[object]) -> list[Any]:
    """Return cells in JSON's types; what is of no such type (or infinite) as its text."""
    kept = (str, int, bool)
    return [x if x is None or isinstance(x, kept) or _is_finite(x) else str(x)[:200] for x in items]


def _is_finite(value: object) -> bool:
    return isinstance(value, float) and math.isfinite(value)


def take(namespace: Mapping[str, object], names: Iterable[str]) -> dict[str, Plain]:
    """Return the plain values of some variables; one that is not there is of type missing."""
    found = {}
    for name in names:
        found[name] = plain(namespace[name]) if name in namespace else {"type": "missing"}
    return found


def dumps(values: object) -> str:
    """Return plain values as JSON text."""
    return json.dumps(values, ensure_ascii=False, allow_nan=False)


def loads(text: str | bytes) -> dict[str, dict[str, Plain]]:
    """Read what `centralasia.checks.rerun.take` wrote, trusting nothing.

    Parameters
    ----------
    text : str or bytes
        From a process that ran a learner's code.

    Returns
    -------
    dict
        ``base`` and ``perturbed``, each from a variable's name to its plain value; a value of a
        shape that `plain` does not write is of type odd.

    Raises
    ------
    Unreadable
        If the text is too long, is not JSON, or has other parts.
    """
    if len(text) > MAX_BYTES:
        raise Unreadable(f"The values are {len(text)} bytes long; {MAX_BYTES} are accepted.")
    try:
        found = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"The values are not JSON: {error}") from error
    if not isinstance(found, dict) or set(found) != {"base", "perturbed"}:
        raise Unreadable("The values do not consist of a first and a second run.")
    if not all(isinstance(run, dict) for run in found.values()):
        raise Unreadable("A run holds no variables.")
    return {
        run: {str(name): _checked(value) for name, value in found[run].items()}
        for run in ("base", "perturbed")
    }


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")


def _checked(value: object) -> Plain:
    """Return a plain value, or an odd one in its place if its shape is wrong."""
    forged = {"type": "odd", "what": "value", "why": "it was not written by the checker"}
    if not isinstance(value, dict):
        return forged
    kind = value.get("type")
    fits: dict[str, Callable[[], bool]] = {
        "missing": lambda: True,
        "untouched": lambda: True,
        "number": lambda: _is_number(value["value"]),
        "text": lambda: isinstance(value["value"], str),
        "truth": lambda: isinstance(value["value"], bool),
        "list": lambda: _are_cells(value["values"]),
        "table": lambda: (
            _is_table(value["columns"], value["rows"]) and _are_cells([value.get("single")])
        ),
        "chart": lambda: isinstance(value["spec"], dict),
        "odd": lambda: isinstance(value["what"], str) and isinstance(value["why"], str),
    }
    try:
        return value if isinstance(kind, str) and fits[kind]() else forged
    except (KeyError, TypeError):
        return forged


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300


def _are_cells(values: object) -> bool:
    return isinstance(values, list) and all(
        x is None or isinstance(x, (str, bool)) or _is_number(x) for x in values
    )


def _is_table(columns: object, rows: object) -> bool:
    return (
        isinstance(columns, list)
        and all(isinstance(c, str) for c in columns)
        and isinstance(rows, list)
        and all(_are_cells(row) and len(row) == len(columns) for row in rows)
    )
