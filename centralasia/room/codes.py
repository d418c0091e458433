"""An answer as six letters and digits: for a phone that cannot reach the teacher's laptop.

The phone works the code out by itself (``page/alone.js`` does the same as `write`), somebody shows
it, types it or lets the laptop's camera read it, and `read` gives the answer back. A code holds
the round, the option, the confidence, a number by which the phone is known again without a name,
and seven bits over all of it and the item; so a letter that was misread, or a code for another
question, is refused 127 times in 128.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Douglas Crockford's 32: no I, L, O or U."""
LENGTH = 6
BITS = 5 * LENGTH
ROUNDS = ("before", "after")
PHONES = 1 << 15
NO_LEVEL = 15
MIXER, UNMIXER = 0x2545F491, pow(0x2545F491, -1, 1 << BITS)
"""Spread the bits, so that a neighbour does not read the option from the first letter."""
_MISREAD = str.maketrans("OIL", "011", " -")


@dataclass(frozen=True)
class Coded:
    """What a code says: option and confidence by their places from 0, and whose it is."""

    round: str
    choice: int
    level: int | None
    phone: int


def _check(item: str, payload: int) -> int:
    """Return seven bits of the FNV-1a hash (32 bits) of what a code is about."""
    mixed = 0x811C9DC5
    for byte in f"{item} {payload}".encode():
        mixed = ((mixed ^ byte) * 0x01000193) & 0xFFFFFFFF
    return (mixed ^ mixed >> 16) & 0x7F


def write(item: str, coded: Coded) -> str:
    """Return an answer to an item as a code.

    Parameters
    ----------
    item : str
        Such as ``"06-p1"``.
    coded : Coded
        With a choice below 8, a level below 15 or None, and a phone below `PHONES`.

    Examples
    --------
    >>> write("06-p1", Coded("before", choice=2, level=4, phone=20777))
    'FFDX0Q'
    """
    level = NO_LEVEL if coded.level is None else coded.level
    payload = coded.phone << 8 | ROUNDS.index(coded.round) << 7 | coded.choice << 4 | level
    value = payload << 7 | _check(item, payload)
    mixed = value * MIXER % (1 << BITS)
    return "".join(SYMBOLS[mixed >> shift & 31] for shift in range(BITS - 5, -1, -5))


def split(text: str) -> list[str]:
    r"""Return the codes that stand in a text: each on a line, or several in one.

    Blanks and hyphens inside a code are taken; what is no code is left as a piece of its own.

    Examples
    --------
    >>> split("ffd-x0q\nABC DEF GHJKMN")
    ['ffdx0q', 'ABCDEF', 'GHJKMN']
    """
    found = []
    for line in re.split(r"[\n,;]", text):
        half = ""
        pieces = line.replace("-", "").split()
        whole = "".join(pieces)
        for piece in [whole] if len(whole) == LENGTH else pieces:
            if 2 * len(piece) == LENGTH and not half:
                half = piece
                continue
            joined = half + piece
            step = LENGTH if len(joined) % LENGTH == 0 else len(joined)
            found += [joined[n : n + step] for n in range(0, len(joined), step)]
            half = ""
        found += [half] if half else []
    return found


def read(text: str, item: str) -> Coded | None:
    """Return what a code says about an item, or None if it says nothing about it.

    Small letters, blanks and hyphens are taken, and O for 0, I and L for 1.

    Examples
    --------
    >>> read("ffd-x0q", "06-p1")
    Coded(round='before', choice=2, level=4, phone=20777)
    >>> read("ffd-x0q", "06-p2") is None
    True
    """
    letters = text.upper().translate(_MISREAD)
    if len(letters) != LENGTH or any(letter not in SYMBOLS for letter in letters):
        return None
    mixed = 0
    for letter in letters:
        mixed = mixed << 5 | SYMBOLS.index(letter)
    value = mixed * UNMIXER % (1 << BITS)
    payload, check = value >> 7, value & 0x7F
    if _check(item, payload) != check:
        return None
    level = payload & 15
    return Coded(
        round=ROUNDS[payload >> 7 & 1],
        choice=payload >> 4 & 7,
        level=None if level == NO_LEVEL else level,
        phone=payload >> 8,
    )
