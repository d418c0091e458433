"""A role-play as data for a page that plays it without Python; see ``play.js``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

from centralasia.controls import script
from centralasia.language import _
from centralasia.roleplay import board, games, rules

_SCRIPTS = ("board", "play")


def page_script(*more: Path) -> str:
    """Return the script of the board and of its rules, with scripts of the page after it."""
    return script(*(Path(__file__).with_name(f"{name}.js") for name in _SCRIPTS), *more)


def game(name: rules.Game) -> dict[str, Any]:
    """Return all that a page needs to play a game: lines, rounds, roles and the terms of scores.

    Parameters
    ----------
    name : "A", "B" or "C"
    """
    about = games.game(name)
    return {
        "game": name,
        "title": board.title(name),
        "addsUp": about.adds_up,
        "moves": board.lines(name),
        "start": rules.start(name),
        "history": rules.history(name),
        "rounds": [
            {"minutes": one["minutes"], "what": _(one["what"]), "opens": list(one["opens"])}
            for one in map(asdict, about.rounds)
        ],
        "roles": rules.roles(name)[["role", "name"]].to_dict("records"),
        "terms": [
            {
                "role": term.role,
                "text": term.text,
                "condition": term.condition.as_data() if term.condition else None,
                "points": term.points.as_data(),
                "names": sorted(
                    term.points.names | (term.condition.names if term.condition else set())
                ),
            }
            for term in rules.terms(name)
        ],
    }


def briefs(name: rules.Game) -> list[tuple[str, str]]:
    """Return what everybody may know of each role: its name and the public part of its sheet."""
    rows = rules.roles(name)
    return list(zip(rows["name"], rows["public"], strict=True))


def words() -> dict[str, str]:
    """Return what the board says on such a page."""
    return board.page_words() | {
        "save": _("Save the game as a file"),
        "load": _("Take up a game from a file"),
        "over": _("All rounds are played. Undo the last one to change it."),
        "between": _("“{move}” takes a value from {low} to {high}."),
        "early": _("It is too early for: {lines}. A later round settles that."),
        "takenUp": _("Taken up again from the file."),
        "noGame": _("This is no file of this role-play, and nothing was changed."),
    }
