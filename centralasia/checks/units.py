"""What a unit allows: the check that needs no key."""

from __future__ import annotations

from centralasia.checks import outcome
from centralasia.checks.outcome import Outcome
from centralasia.language import N_, _

SLACK = 1 + 1e-9
"""A difference of exactly the tolerance counts as right, whatever the last bit says."""
PER_CENT = N_("{name} is above 1. That looks like per cent; the unit is: {unit}. Divide it by 100.")
ABOVE = N_("{name} is above {bound}, but the unit is: {unit}.")
BELOW = N_("{name} is below {bound}, but the unit is: {unit}.")


def range_fault(name: str, value: float, unit: str, low: float, high: float) -> Outcome | None:
    """Return what is wrong with a number that its unit does not allow."""
    if low <= value <= high:
        return None
    if high == 1 and 1 < value <= 100 and "share" in unit:
        return outcome.wrong(_(PER_CENT).format(name=name, unit=unit), mistake="per-cent")
    message = _(BELOW) if value < low else _(ABOVE)
    bound = f"{low if value < low else high:g}"
    return outcome.wrong(message.format(name=name, bound=bound, unit=unit), mistake="out-of-range")


def year(cell: object) -> object:
    """Return the year that a date stands for: its first day or its last, as a program writes it.

    Examples
    --------
    >>> year("2004-12-31"), year("2004-01-01T00:00:00"), year("2004-05-09"), year(2004)
    (2004, 2004, '2004-05-09', 2004)
    """
    whole = isinstance(cell, str) and cell[4:10] in ("-01-01", "-12-31") and cell[:4].isdecimal()
    return int(str(cell)[:4]) if whole else cell
