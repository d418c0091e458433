"""Times as Moodle, Canvas and teachers write them, and days that work is late."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, tzinfo
from functools import cache

from babel import Locale

from centralasia.errors import UserError

_SHORT = re.compile(r"(\d{1,2})\.? (\w+)\.? (\d{4}).*?(\d{1,2}):(\d{2})\s*([AP]M)?", re.I)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
LOCALES = ("en", "ru", "de", "ky", "kk")
"""The languages in which the name of a month is known."""


@cache
def _months() -> dict[str, int]:
    return {
        name.casefold(): number
        for code in LOCALES
        for form in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in Locale.parse(code).months[form][width].items()
    }


def understood(text: str, zone: tzinfo | None = None) -> str:
    """Return a time as `stamp` writes it; empty if the text gives none.

    Parameters
    ----------
    text : str
        As Moodle writes it (``"Monday, 30 November 2026, 6:07 PM"``), or in ISO 8601.
    zone : datetime.tzinfo, optional
        In which it counts if it names none; that of this machine if left out.

    Examples
    --------
    >>> understood("Monday, 30 November 2026, 6:07 PM", UTC)
    '2026-11-30 18:07:00 UTC'
    >>> understood("понедельник, 30 ноября 2026, 18:07", UTC), understood("-")
    ('2026-11-30 18:07:00 UTC', '')
    """
    try:
        return stamp(parsed(text, zone))
    except ValueError:
        return ""


def parsed(text: str, zone: tzinfo | None = None) -> datetime:
    """Return a time with its zone.

    Raises
    ------
    ValueError
        If the text gives none.
    """
    text = text.strip()
    if _ISO.match(text):
        found = datetime.fromisoformat(text.removesuffix(" UTC") + "+00:00" * text.endswith(" UTC"))
    else:
        match = _SHORT.search(text)
        month = _months().get(match[2].casefold()) if match else None
        if match is None or month is None:
            raise ValueError(f"{text!r} is no time")
        hour = int(match[4])
        if match[6]:
            hour = hour % 12 + 12 * (match[6].upper() == "PM")
        found = datetime(int(match[3]), month, int(match[1]), hour, int(match[5]))
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone) if zone else found.astimezone()
    return found


def stamp(time: datetime) -> str:
    """Return a time as nbgrader's ``timestamp.txt`` holds it."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def given(text: str, where: str) -> datetime:
    """Return a time that a teacher wrote: a day ends with it, so a day alone is its last second.

    Raises
    ------
    UserError
        If it is none.

    Examples
    --------
    >>> given("2026-11-30", "").strftime("%H:%M:%S")
    '23:59:59'
    """
    try:
        time = parsed(text)
    except ValueError:
        raise UserError(
            f"{where}: {text!r} is no time. Write it as 2026-11-30 or 2026-11-30 18:00."
        ) from None
    return time.replace(hour=23, minute=59, second=59) if len(text.strip()) == 10 else time


def days_late(handed_in: datetime, due: datetime) -> int:
    """Return the days that work is late; each that has begun counts.

    Examples
    --------
    >>> due = datetime(2026, 11, 30, 18, tzinfo=UTC)
    >>> [days_late(due.replace(hour=h), due) for h in (17, 18, 19)]
    [0, 0, 1]
    """
    return max(0, math.ceil((handed_in - due).total_seconds() / 86_400))
