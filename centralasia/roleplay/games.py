"""What the role-plays are: titles, rounds and their minutes, from the tables beside this module."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

from centralasia.errors import UserError
from centralasia.language import _

HERE = Path(__file__).parent
Name = Literal["A", "B", "C"]


@dataclass(frozen=True)
class Round:
    """A round of a game."""

    number: int
    minutes: int
    what: str
    """What its players do."""
    opens: tuple[str, ...]
    """The moves that may be settled from this round on; if no round has any, all may from the
    first."""
    inject: str
    """Id of the event that the teacher reads out before it; empty if there is none."""


@dataclass(frozen=True)
class Game:
    """A role-play."""

    name: Name
    title: str
    lesson: str
    """Number of the lesson that it goes with."""
    adds_up: bool
    """Whether the scores of all rounds are added up; otherwise the last round counts."""
    begins: str
    """The day on which play begins, as ISO date: what came later is for the debrief."""
    nothing: str
    """What differs from the values before the first round if nobody agrees on anything."""
    task: str
    """What each player writes before the class meets."""
    rounds: tuple[Round, ...]

    def opened(self, number: int) -> set[str] | None:
        """Return the moves that may be settled in a round; None if there is no such order.

        Examples
        --------
        >>> sorted(game("C").opened(1))
        ['fight', 'land', 'open', 'reservoir']
        """
        if not any(one.opens for one in self.rounds):
            return None
        return {move for one in self.rounds if one.number <= number for move in one.opens}


@dataclass(frozen=True)
class Step:
    """A step of a plan for 90 minutes."""

    minutes: str
    what: str
    how: str


def plan(name: str) -> list[Step]:
    """Return the plan of a meeting for a role-play that no lesson's plan holds; else none.

    Examples
    --------
    >>> plan("C")[0].minutes, plan("A")
    ('0–8', [])
    """
    return [
        Step(row["minutes"], row["what"], row["how"])
        for row in _rows("steps")
        if row["game"] == name
    ]


@cache
def every() -> dict[str, Game]:
    """Return all role-plays by name.

    Examples
    --------
    >>> [game.title for game in every().values()]
    ['Bishkek 2009: the base', 'Two powers, one region', 'A border and a reservoir']
    """
    played: dict[str, list[Round]] = {}
    for row in _rows("rounds"):
        one = Round(
            number=int(row["round"]),
            minutes=int(row["minutes"]),
            what=row["what"],
            opens=tuple(filter(None, row["opens"].split(";"))),
            inject=row["inject"],
        )
        played.setdefault(row["game"], []).append(one)
    return {
        row["game"]: Game(
            name=cast(Name, row["game"]),
            title=row["title"],
            lesson=row["lesson"],
            adds_up=row["adds_up"] == "yes",
            begins=row["begins"],
            nothing=row["nothing"],
            task=row["task"],
            rounds=tuple(played[row["game"]]),
        )
        for row in _rows("games")
    }


def game(name: str) -> Game:
    """Return a role-play.

    Raises
    ------
    UserError
        If there is no such game; the message names those that there are.
    """
    known = every()
    if name not in known:
        raise UserError(
            _("There is no role-play {game!r}; there are {games}.").format(
                game=name, games=", ".join(known)
            )
        )
    return known[name]


def _rows(table: str) -> list[dict[str, str]]:
    with (HERE / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))
