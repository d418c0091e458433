"""Verdicts on tables: the right rows, and in each the right numbers, in any order."""

from __future__ import annotations

from collections import Counter

from centralasia.checks import outcome
from centralasia.checks.asks import Table
from centralasia.checks.outcome import Outcome
from centralasia.checks.units import SLACK, range_fault
from centralasia.checks.values import Plain

Key = tuple[str, ...]


def table_form(ask: Table, value: Plain) -> Outcome | None:
    """Return what is wrong with a table's form, or None."""
    name = ask.names[0]
    if value["type"] != "table":
        return outcome.cannot_check(f"{name} is a {value['type']}, but a table is asked for.")
    counts = Counter(value["columns"])
    for column in (*ask.by, *ask.numbers):
        if counts[column] != 1:
            there = ", ".join(value["columns"]) or "none"
            return outcome.cannot_check(
                f"{name} needs one column named {column}; it has the columns {there}. "
                "Rename with .rename(columns={'old': 'new'}), or see .reset_index()."
            )
    keys = [key for key, _ in _rows(ask, value)]
    twice = next((key for key, n in Counter(keys).items() if n > 1), None)
    if twice is not None:
        return outcome.wrong(
            f"In {name}, {' '.join(twice)} stands more than once. Group or filter, so that there "
            "is one row for each.",
            mistake="repeated-rows",
        )
    return next(filter(None, (_column_fault(ask, value, c) for c in ask.numbers)), None)


def _column_fault(ask: Table, value: Plain, column: str) -> Outcome | None:
    unit, low, high, _ = ask.numbers[column]
    numbers = [numbers[column] for _, numbers in _rows(ask, value)]
    if any(isinstance(x, (bool, str)) for x in numbers):
        return outcome.cannot_check(f"The column {column} holds something that is no number.")
    known = [x for x in numbers if x is not None]
    worst = max(known, key=lambda x: max(low - x, x - high), default=low)
    return range_fault(f"A value in the column {column}", worst, unit, low, high)


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).split()).casefold()


def _rows(ask: Table, value: Plain) -> list[tuple[Key, dict[str, object]]]:
    """Return each row as its key and its numbers."""
    place = {column: n for n, column in enumerate(value["columns"])}
    return [
        (
            tuple(_text(row[place[column]]) for column in ask.by),
            {column: row[place[column]] for column in ask.numbers},
        )
        for row in value["rows"]
    ]


def _near(a: object, b: object, tolerance: float) -> bool:
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
        parts.append(f"rows are missing, for instance {' '.join(missing[0])}")
    if extra:
        parts.append(f"there are rows that were not asked for, for instance {' '.join(extra[0])}")
    if differ:
        total = len(expected["rows"])
        parts.append(
            f"{len(differ)} of {total} rows have another value than the data give, "
            f"the first is {' '.join(differ[0])}"
        )
    return f"In {ask.names[0]}, {'; '.join(parts)}."
