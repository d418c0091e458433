"""Games of two players: payoffs, best responses and equilibria.

The equilibria are nashpy's. It is imported where it is used, since it brings scipy with it and
one lesson alone needs it.
"""

import warnings

import numpy as np
import pandas as pd

ACTIONS = ("link", "exclude")


def link_or_exclude(temptation: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the payoffs of the game in which two powers link their projects or exclude the other.

    Both link: 4 each. Both exclude: 2 each. Who links alone gets 1, who excludes alone gets T.

    Parameters
    ----------
    temptation : float
        T, what excluding alone pays; the unit is the course's own scale of payoffs.

    Returns
    -------
    tuple of pandas.DataFrame
        Russia's payoffs and China's, both with Russia's action as index and China's as columns.

    Examples
    --------
    >>> russia, china = link_or_exclude(5)
    >>> float(russia.loc["exclude", "link"]), float(china.loc["exclude", "link"])
    (5.0, 1.0)
    """
    russia = pd.DataFrame(
        [[4.0, 1.0], [float(temptation), 2.0]],
        index=pd.Index(ACTIONS, name="Russia"),
        columns=pd.Index(ACTIONS, name="China"),
    )
    china = russia.T.rename_axis(index="Russia", columns="China")
    return russia, china


def best_responses(own: pd.DataFrame) -> pd.DataFrame:
    """Mark the best answers of the player whose actions are the rows.

    Parameters
    ----------
    own : pandas.DataFrame
        The player's payoffs: own actions as index, the other's as columns. Transpose the payoffs
        of the player of the columns.

    Returns
    -------
    pandas.DataFrame of bool
        True where no other row pays more in that column; ties are all best.

    Examples
    --------
    >>> russia, _ = link_or_exclude(3)
    >>> best_responses(russia).loc["link"].to_dict()
    {'link': True, 'exclude': False}
    """
    return own.eq(own.max(axis="index"), axis="columns")


def equilibria(row: pd.DataFrame, column: pd.DataFrame) -> pd.DataFrame:
    """Return the Nash equilibria, pure and mixed: nobody gains by changing alone (Nash 1950).

    Found by nashpy's enumeration of supports (Nisan and others, Algorithmic Game Theory, 2007,
    algorithm 3.4). The pure ones are all here. Of the mixed ones some may be missing where a
    player is indifferent by a tie (there may be infinitely many), and in tables larger than two
    by two, where nashpy drops a probability that rounding puts just below zero.

    Parameters
    ----------
    row, column : pandas.DataFrame
        Payoffs of the player of the rows and of the player of the columns, of one shape and with
        the same labels.

    Returns
    -------
    pandas.DataFrame
        One row an equilibrium, pure ones first, in the order of the table. The columns are
        (player, action), the values the probability, 0 to 1, with which the action is chosen.

    Raises
    ------
    ValueError
        If the two tables do not describe the same outcomes, or a payoff is missing.

    Examples
    --------
    >>> equilibria(*link_or_exclude(3))  # doctest: +NORMALIZE_WHITESPACE
    player      Russia         China
    action        link exclude  link exclude
    equilibrium
    1              1.0     0.0   1.0     0.0
    2              0.0     1.0   0.0     1.0
    3              0.5     0.5   0.5     0.5
    """
    if not (row.index.equals(column.index) and row.columns.equals(column.columns)):
        raise ValueError("The payoffs of the two players must name the same outcomes.")
    if row.isna().any(axis=None) or column.isna().any(axis=None):
        raise ValueError("An outcome has no payoff.")
    found = _enumerated(row.to_numpy(dtype=float), column.to_numpy(dtype=float))
    players = [row.index.name or "row", row.columns.name or "column"]
    pairs = [(players[0], a) for a in row.index] + [(players[1], a) for a in row.columns]
    names = pd.MultiIndex.from_tuples(pairs, names=["player", "action"])
    table = pd.DataFrame(found, columns=names, dtype=float).drop_duplicates(ignore_index=True)
    table.index = pd.RangeIndex(1, len(table) + 1, name="equilibrium")
    return table


def _enumerated(row: np.ndarray, column: np.ndarray) -> list[list[float]]:
    """Return each equilibrium as the probabilities of all actions of both players."""
    try:
        import nashpy
    except ModuleNotFoundError:
        return _two_by_two(row, column)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "(?s).*degenerate", RuntimeWarning)
        found = nashpy.Game(row, column).support_enumeration()
        return [[*mine, *theirs] for mine, theirs in found]


def _two_by_two(row: np.ndarray, column: np.ndarray) -> list[list[float]]:
    """Return the equilibria of a game of two by two, for the browser edition.

    It has no nashpy, whose scipy would be two fifths again of what a reader fetches. Each player
    mixes so that the other is indifferent; a test compares with nashpy.
    """
    if row.shape != (2, 2):
        raise NotImplementedError("Without nashpy only games of two by two can be solved.")
    best = (row == row.max(axis=0)) & (column == column.max(axis=1, keepdims=True))
    sure = np.eye(2)
    found = [[*sure[r], *sure[c]] for r, c in np.argwhere(best)]
    gains = (column[1, 1] - column[1, 0], column[0, 0] - column[0, 1])
    others = (row[1, 1] - row[0, 1], row[0, 0] - row[1, 0])
    if min(gains) * max(gains) > 0 and min(others) * max(others) > 0:
        p, q = gains[0] / sum(gains), others[0] / sum(others)
        found.append([p, 1 - p, q, 1 - q])
    return found


def stable_outcomes(row: pd.DataFrame, column: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the pure equilibria: the outcomes that neither player gains by leaving alone.

    Parameters
    ----------
    row, column : pandas.DataFrame
        As in `equilibria`.

    Returns
    -------
    list of tuple of str
        (action of the row player, action of the column player), in the order of the table.

    Raises
    ------
    ValueError
        As in `equilibria`.

    Examples
    --------
    >>> stable_outcomes(*link_or_exclude(3))
    [('link', 'link'), ('exclude', 'exclude')]
    >>> stable_outcomes(*link_or_exclude(5))
    [('exclude', 'exclude')]
    """
    chosen = equilibria(row, column).eq(1)
    pure = chosen[chosen.sum(axis="columns") == 2]
    actions = list(pure.columns.get_level_values("action"))
    both = [[a for a, sure in zip(actions, row, strict=True) if sure] for row in pure.to_numpy()]
    return [(mine, theirs) for mine, theirs in both]
