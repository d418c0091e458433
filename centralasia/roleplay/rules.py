"""What a role-play's outcome is worth to each role, as the table ``payoffs`` says."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from centralasia import tables
from centralasia.errors import UserError
from centralasia.language import _
from centralasia.roleplay import games
from centralasia.roleplay.expressions import Expression

Game = games.Name


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
    games.game(game)
    rows = tables.load(table)
    return rows[rows["game"] == game].sort_values("position").reset_index(drop=True)


def start(game: Game) -> dict[str, float]:
    """Return the values before the first round."""
    return _by_move(game, "start")


def history(game: Game) -> dict[str, float]:
    """Return the values that history has, without those that the record does not say."""
    return _by_move(game, "history")


def _by_move(game: Game, column: str) -> dict[str, float]:
    """Return a column of the moves where it has a value."""
    known = moves(game).dropna(subset=[column])
    return dict(zip(known["move"], known[column].astype(float), strict=True))


def check(game: Game, outcome: Mapping[str, object]) -> dict[str, float]:
    """Return an outcome as numbers.

    Parameters
    ----------
    game : "A", "B" or "C"
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
            raise UserError(
                _("Role-play {game} knows no {move!r}, but {moves}.").format(
                    game=game, move=move, moves=", ".join(known.index)
                )
            )
    missing = [move for move in known.index if move not in outcome]
    if missing:
        raise UserError(_("No value for: {moves}.").format(moves=", ".join(missing)))
    return {move: _value(known.loc[move], outcome[move]) for move in known.index}


def _value(move: pd.Series, given: Any) -> float:
    low, high = (0.0, 1.0) if move["kind"] == "yes" else (move["minimum"], move["maximum"])
    try:
        value = float(given)
    except (TypeError, ValueError):
        value = float("nan")
    if not low <= value <= high or (move["kind"] == "yes" and value not in (0.0, 1.0)):
        raise UserError(
            _("“{move}” takes a value from {low} to {high}, not {given!r}.").format(
                move=move["label"], low=f"{low:g}", high=f"{high:g}", given=given
            )
        )
    return value


def explain(game: Game, outcome: Mapping[str, object]) -> pd.DataFrame:
    """Return every term of every role's score that counts for an outcome.

    Parameters
    ----------
    game : "A", "B" or "C"
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
        As in `check`, but for moves left out; or if a term of the table is no expression.
    """
    filled = check(game, {**start(game), **outcome})
    flags = set(moves(game).query("kind == 'yes'")["move"])
    space = {move: bool(filled[move]) if move in flags else filled[move] for move in outcome}
    known = terms(game)
    unknown = _unknown(known, outcome)
    rows = [
        (term.role, term.text, term.points.value(space))
        for term in known
        if term.role not in unknown and (not term.condition or term.condition.value(space))
    ]
    return pd.DataFrame(rows, columns=["role", "text", "points"]).astype({"points": float})


class Term(NamedTuple):
    """A term of a role's score."""

    role: str
    condition: Expression | None
    points: Expression
    text: str


def terms(game: Game) -> list[Term]:
    """Return the terms of all scores of a game.

    Raises
    ------
    UserError
        If one is no expression over the game's moves; the message says where it stands.
    """
    known = set(moves(game)["move"])
    return [
        Term(
            row["role"],
            None if pd.isna(row["condition"]) else _expression(row, "condition", known),
            _expression(row, "points", known),
            row["text"],
        )
        for row in _of(game, "payoffs").to_dict("records")
    ]


def _expression(row: Mapping[Hashable, Any], column: str, known: set[str]) -> Expression:
    try:
        read = Expression(row[column])
        strange = sorted(read.names - known)
        if strange:
            raise ValueError(_("there is no move {move!r}").format(move=strange[0]))
    except ValueError as error:
        raise UserError(
            _(
                "Table payoffs, role-play {game}, role {role}, position {position}, column "
                "{column}: {why}."
            ).format(**{str(name): row[name] for name in row}, column=column, why=error)
        ) from None
    return read


def score(game: Game, outcome: Mapping[str, object]) -> pd.Series:
    """Return what an outcome is worth to each role.

    Parameters
    ----------
    game : "A", "B" or "C"
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
    known = terms(game)
    scored = {term.role for term in known} - _unknown(known, outcome)
    order = [role for role in roles(game)["role"] if role in scored]
    return explain(game, outcome).groupby("role")["points"].sum().reindex(order, fill_value=0.0)


def _unknown(terms: Iterable[Term], outcome: Mapping[str, object]) -> set[str]:
    """Return the roles with a term that names a move which was left out."""
    return {
        term.role
        for term in terms
        for part in (term.condition, term.points)
        if part and not part.names <= outcome.keys()
    }
