"""What can come of a role-play: best alternatives, the zone of agreement, the spread of results.

All is worked out from the tables ``moves`` and ``payoffs``, by trying every outcome: each yes and
no, and each number at some values between its bounds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import product

import numpy as np
import pandas as pd

from centralasia.roleplay import games, rules

STEPS = 3
"""Values of a number that are tried, bounds included."""
RENTS = (17.4, 30.0, 40.0, 60.0, 100.0)
"""Yearly rents at which role-play A asks whether the base could still be closed, in million US
dollars."""


def without_agreement(game: rules.Game) -> dict[str, float]:
    """Return the values of all moves if nobody agrees on anything.

    Examples
    --------
    >>> without_agreement("B")["china_links"]
    0.0
    """
    pairs = [one.split("=") for one in games.game(game).nothing.split(";") if one]
    return rules.start(game) | {move: float(value) for move, value in pairs}


def outcomes(game: rules.Game, steps: int = STEPS) -> pd.DataFrame:
    """Return every outcome with what it is worth to each role.

    Parameters
    ----------
    game : "A", "B" or "C"
    steps : int, optional
        How many values of each number are tried; that of the start is tried as well.

    Returns
    -------
    pandas.DataFrame
        A row an outcome: a column a move, then a column a role, in points.
    """
    known = rules.moves(game)
    start = rules.start(game)
    tried = [
        [0.0, 1.0]
        if row["kind"] == "yes"
        else sorted({start[row["move"]], *np.linspace(row["minimum"], row["maximum"], steps)})
        for row in known.to_dict("records")
    ]
    moves = list(known["move"])
    frame = pd.DataFrame(product(*tried), columns=moves)
    return frame.join(_scores(game, frame))


def _scores(game: rules.Game, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the points of each role for each row of a frame of moves."""
    terms = rules.terms(game)
    order = [role for role in rules.roles(game)["role"] if role in {term.role for term in terms}]
    rows = []
    for outcome in frame.to_dict("records"):
        values = {str(name): float(value) for name, value in outcome.items()}
        points = dict.fromkeys(order, 0.0)
        for term in terms:
            if not term.condition or term.condition.value(values):
                points[term.role] += term.points.value(values)
        rows.append(points)
    return pd.DataFrame(rows, columns=order, index=frame.index)


def spread(game: rules.Game, found: pd.DataFrame) -> pd.DataFrame:
    """Return for each role what it gets without agreement, at worst, in the middle and at best.

    Parameters
    ----------
    game : "A", "B" or "C"
    found : pandas.DataFrame
        As `outcomes` returns it.

    Returns
    -------
    pandas.DataFrame
        By role: ``alternative``, ``worst``, ``middle`` (the median of all outcomes), ``best``, and
        ``zone``, its mean in the zone of agreement.
    """
    nothing = rules.score(game, without_agreement(game))
    inside = zone(game, found)
    roles = list(nothing.index)
    return pd.DataFrame(
        {
            "alternative": nothing,
            "worst": found[roles].min(),
            "middle": found[roles].median(),
            "best": found[roles].max(),
            "zone": inside[roles].mean(),
        }
    )


def zone(
    game: rules.Game, found: pd.DataFrame, roles: Collection[str] | None = None
) -> pd.DataFrame:
    """Return the outcomes in which no role is worse off than without agreement and one is better.

    Parameters
    ----------
    game : "A", "B" or "C"
    found : pandas.DataFrame
        As `outcomes` returns it.
    roles : collection of str, optional
        Those that have to agree; all that have a score when left out.

    Returns
    -------
    pandas.DataFrame
        The rows of `found`; none if there is no zone of agreement.
    """
    nothing = rules.score(game, without_agreement(game))
    asked = list(nothing.index if roles is None else roles)
    gain = found[asked] - nothing[asked]
    return found[(gain >= -1e-9).all(axis=1) & (gain > 1e-9).any(axis=1)]


def each_move(game: rules.Game) -> pd.DataFrame:
    """Return what each yes alone changes for each role, in points, beside no agreement at all.

    Examples
    --------
    >>> each_move("C").loc["roads", ["KGZ", "TJK"]].tolist()
    [3.0, -2.0]
    """
    nothing = without_agreement(game)
    flags = rules.moves(game).query("kind == 'yes'")["move"]
    changed = pd.DataFrame([nothing | {move: 1 - nothing[move]} for move in flags], index=flags)
    return _scores(game, changed) - rules.score(game, nothing)


def closing(rent: float) -> tuple[float, float]:
    """Return the price of closing the base in role-play A, once a rent has been offered.

    Parameters
    ----------
    rent : float
        What the United States offers a year, in million US dollars.

    Returns
    -------
    tuple of float
        The least aid paid at which Kyrgyzstan closes rather than take that rent, and the most at
        which Russia is no worse off than if nothing is agreed, in million US dollars. There is a
        zone of agreement where the first is not above the second.
    """
    nothing = without_agreement("A")
    stay = rules.score("A", nothing | {"rent": rent})["KGZ"]
    least = rules.score("A", nothing)["RUS"]
    paid = np.arange(0, 2151, 10.0)
    closed = _scores("A", pd.DataFrame([_closed(nothing, sum_) for sum_ in paid]))
    enough = paid[closed["KGZ"].to_numpy() >= stay - 1e-9]
    worth = paid[closed["RUS"].to_numpy() >= least - 1e-9]
    return float(enough.min()), float(worth.max())


def _closed(nothing: Mapping[str, float], paid: float) -> dict[str, float]:
    return {**nothing, "kept": 0.0, "paid": paid}
