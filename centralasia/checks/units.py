"""What a unit allows: the check that needs no key."""

from __future__ import annotations

from centralasia.checks import outcome
from centralasia.checks.outcome import Outcome

SLACK = 1 + 1e-9
"""A difference of exactly the tolerance counts as right, whatever the last bit says."""


def range_fault(name: str, value: float, unit: str, low: float, high: float) -> Outcome | None:
    """Return what is wrong with a number that its unit does not allow."""
    if low <= value <= high:
        return None
    if high == 1 and 1 < value <= 100 and "share" in unit:
        return outcome.wrong(
            f"{name} is above 1. That looks like per cent; the unit is: {unit}.",
            mistake="per-cent",
        )
    side = "below" if value < low else "above"
    bound = low if value < low else high
    return outcome.wrong(
        f"{name} is {side} {bound:g}, but the unit is: {unit}.", mistake="out-of-range"
    )
