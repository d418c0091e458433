"""What a role-play's outcome is worth to each role, as the table ``payoffs`` says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import pandas as pd

from centralasia import tables
from centralasia.errors import UserError

Game = Literal["A", "B"]
ROUNDS = {"A": 3, "B": 4}
"""How many rounds a game has: bid, counter, decide; and two without talk, one with, one after."""


def moves(game: Game) -> pd.DataFrame:
    """Return what a round of a game settles, in order.

    Raises
    ------
    UserError
        If there is no such game.
    """
    return _of(game, "moves")


def roles(game: Game) -> pd.DataFrame:
    """Return the roles of a game with their briefs, in order.

    Raises
    ------
    UserError
        If there is no such game.
    """
    return _of(game, "roles")


def _of(game: str, table: str) -> pd.DataFrame:
    rows = tables.load(table)
    rows = rows[rows["game"] == game]
    if rows.empty:
        raise UserError(f"There is no role-play {game!r}; there are A and B.")
    return rows.sort_values("position").reset_index(drop=True)


def start(game: Game) -> dict[str, float]:
    """Return the values before the first round."""
    return moves(game).set_index("move")["start"].astype(float).to_dict()


def history(game: Game) -> dict[str, float]:
    """Return the values that history has, without those that the record does not say."""
    return moves(game).set_index("move")["history"].dropna().astype(float).to_dict()


def check(game: Game, outcome: Mapping[str, object]) -> dict[str, float]:
    """Return an outcome as numbers.

    Parameters
    ----------
    game : "A" or "B"
    outcome : mapping
        A value for each move: yes and no as True and False, or a number within the bounds.

    Raises
    ------
    UserError
        If a move is unknown or missing, or its value is no number within the bounds.
    """
    known = moves(game).set_index("move")
    for move in outcome:
        if move not in known.index:
            raise UserError(f"Role-play {game} knows no {move!r}, but {', '.join(known.index)}.")
    missing = [move for move in known.index if move not in outcome]
    if missing:
        raise UserError(f"No value for: {', '.join(missing)}.")
    return {move: _value(known.loc[move], outcome[move]) for move in known.index}


def _value(move: pd.Series, given: object) -> float:
    low, high = (0.0, 1.0) if move["kind"] == "yes" else (move["minimum"], move["maximum"])
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = float("nan")
    if not low <= value <= high or (move["kind"] == "yes" and value not in (0.0, 1.0)):
        raise UserError(f"“{move['label']}” takes a value from {low:g} to {high:g}, not {given!r}.")
    return value


def explain(game: Game, outcome: Mapping[str, object]) -> pd.DataFrame:
    """Return every term of every role's score that counts for an outcome.

    Parameters
    ----------
    game : "A" or "B"
    outcome : mapping
        As in `check`. Moves may be left out; terms that need one of them are left out as well,
        and so is every role that has such a term, for half a score is none.

    Returns
    -------
    pandas.DataFrame
        ``role``, ``text`` (the term in words) and ``points``.

    Raises
    ------
    UserError
        As in `check`, but for moves left out.
    """
    filled = check(game, {**start(game), **outcome})
    flags = set(moves(game).query("kind == 'yes'")["move"])
    space = {move: bool(filled[move]) if move in flags else filled[move] for move in outcome}
    terms = _of(game, "payoffs")
    terms = terms[~terms["role"].isin(_unknown(game, outcome))]
    counts = [pd.isna(term) or bool(_evaluate(term, space)) for term in terms["condition"]]
    terms = terms[counts]
    points = [float(_evaluate(term, space)) for term in terms["points"]]
    return terms.assign(points=points)[["role", "text", "points"]].reset_index(drop=True)


def _evaluate(expression: str, space: dict[str, float]) -> float:
    """Evaluate an expression of the course's own table; it sees the moves and nothing else."""
    return eval(expression, {"__builtins__": {}}, space)


def score(game: Game, outcome: Mapping[str, object]) -> pd.Series:
    """Return what an outcome is worth to each role.

    Parameters
    ----------
    game : "A" or "B"
    outcome : mapping
        As in `explain`.

    Returns
    -------
    pandas.Series
        Points by role, on the course's own scales, in the order of the roles; a role whose score
        rests on a move that was left out is not in it. The press has none.

    Examples
    --------
    >>> from centralasia.roleplay import rules
    >>> score("A", rules.history("A")).round(1).to_dict()
    {'KGZ': 10.5, 'USA': 5.9, 'RUS': -4.5}
    """
    scored = set(_of(game, "payoffs")["role"]) - _unknown(game, outcome)
    order = [role for role in roles(game)["role"] if role in scored]
    return explain(game, outcome).groupby("role")["points"].sum().reindex(order, fill_value=0.0)


def _unknown(game: Game, outcome: Mapping[str, object]) -> set[str]:
    """Return the roles with a term that names a move which was left out."""
    missing = set(moves(game)["move"]) - set(outcome)
    terms = _of(game, "payoffs")
    words = (terms["condition"].fillna("") + " " + terms["points"]).str.findall(r"[a-z_]+")
    return set(terms.loc[words.map(lambda found: bool(missing & set(found))), "role"])
