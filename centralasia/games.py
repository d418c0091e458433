"""Games of two players: payoffs, best responses and stable outcomes.

Searched by hand rather than with a package of game theory: nashpy would bring scipy and networkx
onto every learner's machine for games of two by two.
"""

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


def stable_outcomes(row: pd.DataFrame, column: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the outcomes that neither player gains by leaving alone.

    These are the Nash equilibria in pure strategies (Nash 1950, Proceedings of the National
    Academy of Sciences 36(1), 48-49); mixed ones are not searched for.

    Parameters
    ----------
    row, column : pandas.DataFrame
        Payoffs of the player of the rows and of the player of the columns, of one shape and with
        the same labels.

    Returns
    -------
    list of tuple of str
        (action of the row player, action of the column player), in the order of the table.

    Raises
    ------
    ValueError
        If the two tables do not describe the same outcomes, or a payoff is missing.

    Examples
    --------
    >>> stable_outcomes(*link_or_exclude(3))
    [('link', 'link'), ('exclude', 'exclude')]
    >>> stable_outcomes(*link_or_exclude(5))
    [('exclude', 'exclude')]
    """
    if not (row.index.equals(column.index) and row.columns.equals(column.columns)):
        raise ValueError("The payoffs of the two players must name the same outcomes.")
    if row.isna().any(axis=None) or column.isna().any(axis=None):
        raise ValueError("An outcome has no payoff.")
    both = best_responses(row) & best_responses(column.T).T
    return [(r, c) for r in both.index for c in both.columns if both.loc[r, c]]


def trust_needed(temptation: float) -> float:
    """Return how likely the other's linking must be before linking pays as much as excluding.

    Linking pays 4p + (1 - p), excluding Tp + 2(1 - p); they are equal at p = 1 / (5 - T).

    Parameters
    ----------
    temptation : float
        T, what excluding alone pays.

    Returns
    -------
    float
        A probability up to T = 4; infinity above it, where no trust is enough.

    Examples
    --------
    >>> trust_needed(3), trust_needed(4), trust_needed(5)
    (0.5, 1.0, inf)
    """
    return 1 / (5 - temptation) if temptation <= 4 else float("inf")
