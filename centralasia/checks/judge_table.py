"""Verdicts on tables: the right rows, and in each the right numbers, in any order."""

from __future__ import annotations

from collections import Counter
from typing import Any

from centralasia.checks import outcome, units
from centralasia.checks.asks import Table
from centralasia.checks.outcome import Outcome
from centralasia.checks.units import SLACK, range_fault
from centralasia.checks.values import Plain
from centralasia.language import N_, _

Key = tuple[str, ...]
TWICE = N_(
    "In {name}, {row} stands more than once. Group or filter, so that there is one row for each."
)
MISSING = N_("rows are missing, for instance {row}")
EXTRA = N_("there are rows that were not asked for, for instance {row}")
DIFFER = N_("{n} of {total} rows have another value than the data give, the first is {row}")
FAULTS = N_("In {name}, {faults}.")
A_VALUE = N_("A value in the column {column}")


def table_form(ask: Table, value: Plain) -> Outcome | None:
    """Return what is wrong with a table's form, or None."""
    name = ask.names[0]
    if value["type"] != "table":
        return outcome.cannot_check(
            _(
                "{name} is a {type}, but a table is asked for, with the columns {columns}. "
                "pd.DataFrame(...) makes one; of a column with labels, .reset_index() does."
            ).format(name=name, type=value["type"], columns=", ".join((*ask.by, *ask.numbers)))
        )
    counts: Counter[str] = Counter(value["columns"])
    for column in (*ask.by, *ask.numbers):
        if counts[column] != 1:
            there = ", ".join(value["columns"]) or _("none")
            return outcome.cannot_check(
                _(
                    "{name} needs one column named {column}; it has the columns {there}. Rename "
                    "with {code}, or see .reset_index()."
                ).format(
                    name=name,
                    column=column,
                    there=there,
                    code=".rename(columns={'old': 'new'})",
                )
            )
    keys = [key for key, _numbers in _rows(ask, value)]
    twice = next((key for key, n in Counter(keys).items() if n > 1), None)
    if twice is not None:
        return outcome.wrong(
            _(TWICE).format(name=name, row=" ".join(twice)), mistake="repeated-rows"
        )
    return next(filter(None, (_column_fault(ask, value, c) for c in ask.numbers)), None)


def _column_fault(ask: Table, value: Plain, column: str) -> Outcome | None:
    unit, low, high, _tolerance = ask.numbers[column]
    numbers = [numbers[column] for _key, numbers in _rows(ask, value)]
    if any(isinstance(x, (bool, str)) for x in numbers):
        return outcome.cannot_check(
            _(
                "The column {column} holds something that is no number. Numbers in quotes become "
                "some with .astype(float), and .dt.year takes the year out of dates."
            ).format(column=column)
        )
    known = [x for x in numbers if x is not None]
    worst = max(known, key=lambda x: max(low - x, x - high), default=low)
    return range_fault(_(A_VALUE).format(column=column), worst, unit, low, high)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split()).casefold()


def _rows(ask: Table, value: Plain) -> list[tuple[Key, dict[str, Any]]]:
    """Return each row as its key and its numbers."""
    place = {column: n for n, column in enumerate(value["columns"])}
    return [
        (
            tuple(_text(_dated(column, row[place[column]])) for column in ask.by),
            {column: _counted(ask, column, row[place[column]]) for column in ask.numbers},
        )
        for row in value["rows"]
    ]


def _dated(column: str, cell: object) -> object:
    return units.year(cell) if column.endswith("year") else cell


def _counted(ask: Table, column: str, cell: object) -> Any:
    """Return a number as its unit has it: a date as its year, and True as 1 where 1 is yes."""
    unit, low, high, tolerance = ask.numbers[column]
    if unit == "year":
        return units.year(cell)
    if isinstance(cell, bool) and (low, high, tolerance) == (0, 1, 0):
        return int(cell)
    return cell


def _near(a: float | None, b: float | None, tolerance: float) -> bool:
    if a is None or b is None:
        return a is b
    return abs(a - b) <= tolerance * SLACK


def _faults(ask: Table, value: Plain, expected: Plain) -> tuple[list[Key], list[Key], list[Key]]:
    """Return the keys of rows that are missing, too many, and different."""
    found, wanted = dict(_rows(ask, value)), dict(_rows(ask, expected))
    differ = [
        key
        for key in wanted
        if key in found
        and not all(_near(found[key][c], wanted[key][c], ask.numbers[c][3]) for c in ask.numbers)
    ]
    return (
        [k for k in wanted if k not in found],
        [k for k in found if k not in wanted],
        differ,
    )


def same_table(ask: Table, value: Plain, expected: Plain) -> bool:
    """Say whether two tables hold the same rows and, within the tolerance, the same numbers."""
    return not any(_faults(ask, value, expected))


def table_fault(ask: Table, value: Plain, expected: Plain) -> str:
    """Return in which rows a table differs, without saying what belongs there."""
    missing, extra, differ = _faults(ask, value, expected)
    parts = []
    if missing:
        parts.append(_(MISSING).format(row=" ".join(missing[0])))
    if extra:
        parts.append(_(EXTRA).format(row=" ".join(extra[0])))
    if differ:
        counts = {"n": len(differ), "total": len(expected["rows"])}
        parts.append(_(DIFFER).format(row=" ".join(differ[0]), **counts))
    return _(FAULTS).format(name=ask.names[0], faults="; ".join(parts))
