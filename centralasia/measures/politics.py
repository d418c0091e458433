"""Who belonged to what on which day, and who voted with whom."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date as Date
from typing import NamedTuple

import numpy as np
import pandas as pd

# Erik Voeten's codes for the General Assembly: 1 yes, 2 abstain, 3 no; 8 absent, 9 not a member.
UN_CODES: Mapping[Hashable, float] = {1: 1.0, 2: 0.5, 3: 0.0, 8: np.nan, 9: np.nan}


def _spells_on(memberships: pd.DataFrame, day: str | Date | pd.Timestamp) -> pd.DataFrame:
    """Return the spells that cover a day; the first and the last day of a spell count."""
    read = pd.to_datetime(str(day), errors="coerce")  # a number would be nanoseconds since 1970
    if pd.isna(read):
        raise ValueError(f"Give a day, such as '1999-04-20', not {day!r}.")
    when = read.normalize()
    for column in ("start", "end"):
        if not pd.api.types.is_datetime64_any_dtype(memberships[column]):
            raise TypeError(f"Column {column!r} holds no dates: use tables.load('memberships').")
    begun = memberships["start"] <= when
    lasting = memberships["end"].isna() | (memberships["end"] >= when)
    return memberships[begun & lasting]


def members_on(
    memberships: pd.DataFrame,
    organization: str,
    date: str | Date | pd.Timestamp,
    statuses: Sequence[str] = ("member",),
) -> list[str]:
    """Return who belonged to an organization on a day.

    A spell holds on its first and on its last day. A spell without a start is never counted,
    since nobody can say that it had begun.

    Parameters
    ----------
    memberships : pandas.DataFrame
        Columns ``organization``, ``country``, ``status``, ``start``, ``end`` (dates; a blank
        end is a spell that goes on).
    organization : str
        Key such as ``"CST"``.
    date : str, date or Timestamp
        A year or a month alone means its first day.
    statuses : sequence of str, default ("member",)
        Which statuses count: member, associate, observer, suspended and so on.

    Returns
    -------
    list of str
        ISO 3166 alpha-3 codes, sorted. Empty if nobody belonged that day.

    Raises
    ------
    ValueError
        If the organization is not in the table, or a status is unknown.
    TypeError
        If the table holds text where dates are needed.

    Examples
    --------
    >>> spells = pd.DataFrame({"organization": "CST", "country": ["UZB", "KAZ"],
    ...     "status": "member", "start": pd.to_datetime(["1992-05-15"] * 2),
    ...     "end": pd.to_datetime(["1999-04-20", None])})
    >>> members_on(spells, "CST", "1999-04-20"), members_on(spells, "CST", "1999-04-21")
    (['KAZ', 'UZB'], ['KAZ'])
    """
    known = sorted(memberships["organization"].dropna().astype(str).unique())
    if organization not in known:
        raise ValueError(
            f"No organization {organization!r} in this table; it has {', '.join(known)}."
        )
    if isinstance(statuses, str):
        statuses = (statuses,)
    there = memberships["status"].astype("category").cat.categories
    unknown = sorted(set(statuses) - set(there))
    if unknown:
        raise ValueError(f"No status {', '.join(unknown)}; there are {', '.join(sorted(there))}.")
    spells = _spells_on(memberships, date)
    chosen = spells["organization"].eq(organization) & spells["status"].isin(list(statuses))
    return sorted(spells.loc[chosen, "country"].astype(str).unique())


def membership_matrix_on(
    memberships: pd.DataFrame,
    date: str | Date | pd.Timestamp,
    countries: Sequence[str] | None = None,
    organizations: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return the status of every state in every organization on a day.

    Parameters
    ----------
    memberships : pandas.DataFrame
        As in `members_on`.
    date : str, date or Timestamp
    countries, organizations : sequence of str, optional
        Which rows and columns, in that order; by default all in the table, sorted.

    Returns
    -------
    pandas.DataFrame
        Index ``country``, columns ``organization``, values the status as text, "" where there
        is none. Two spells that meet on the day are both given: ``"member; suspended"``.

    Raises
    ------
    ValueError
        If a state or an organization does not occur in the table.
    TypeError
        If the table holds text where dates are needed.

    Examples
    --------
    >>> spells = pd.DataFrame({"organization": ["CST", "SCO"], "country": "KAZ",
    ...     "status": "member", "start": pd.to_datetime(["1992-05-15", "2001-06-15"]),
    ...     "end": pd.to_datetime([None, None])})
    >>> membership_matrix_on(spells, "2000-01-01").loc["KAZ"].to_dict()
    {'CST': 'member', 'SCO': ''}
    """
    axes = {}
    for column, wanted in (("country", countries), ("organization", organizations)):
        known = sorted(memberships[column].dropna().astype(str).unique())
        axes[column] = known if wanted is None else list(wanted)
        unknown = [x for x in axes[column] if x not in known]
        if unknown:
            raise ValueError(f"No {column} {', '.join(unknown)} in this table.")
    spells = _spells_on(memberships, date).astype(
        {"country": str, "organization": str, "status": str}
    )
    cells = spells.sort_values("start").groupby(["country", "organization"])["status"]
    matrix = cells.agg(lambda x: "; ".join(dict.fromkeys(x))).unstack()
    matrix = matrix.reindex(index=axes["country"], columns=axes["organization"]).astype(object)
    return matrix.where(matrix.notna(), "").rename_axis(index="country", columns="organization")


class VoteAgreement(NamedTuple):
    """Agreement of two states over roll calls: two shares from 0 to 1, and what they rest on."""

    identical: float
    lijphart: float
    n_votes: int


def vote_agreement(
    first: Iterable[Hashable],
    second: Iterable[Hashable],
    codes: Mapping[Hashable, float] | None = None,
) -> VoteAgreement:
    """Return how often two states voted alike.

    ``identical`` is the share of equal votes. ``lijphart`` is the index of agreement of
    Lijphart (1963, American Political Science Review 57(4), 902-917), here from 0 to 1:
    (f + g / 2) / t, with f equal votes, g pairs of which one abstained, t all pairs. An absent
    state has taken no side: such roll calls are left out of all three counts.

    Parameters
    ----------
    first, second : iterable, shape (n,)
        The votes of two states on the same roll calls, in the same order.
    codes : mapping, optional
        From vote to position: 1 yes, 0.5 abstain, 0 no, NaN absent or not a member. By default
        the codes of Voeten's data: 1, 2, 3, 8, 9.

    Returns
    -------
    VoteAgreement
        ``identical``, ``lijphart`` (NaN without a common vote) and ``n_votes``, the roll calls
        in which both took part.

    Raises
    ------
    ValueError
        If the lengths differ or a vote is not among the codes.

    Examples
    --------
    Yes-yes, yes-abstain, yes-no, and one absence:

    >>> vote_agreement([1, 1, 1, 1], [1, 2, 3, 8])
    VoteAgreement(identical=0.3333333333333333, lijphart=0.5, n_votes=3)
    """
    positions = UN_CODES if codes is None else codes
    a, b = list(first), list(second)
    if len(a) != len(b):
        raise ValueError(f"The states have {len(a)} and {len(b)} votes: give the same roll calls.")
    unknown = sorted({str(vote) for vote in (*a, *b) if vote not in positions})
    if unknown:
        raise ValueError(f"No such vote code: {', '.join(unknown)}; known are {list(positions)}.")
    x, y = (np.array([positions[vote] for vote in votes], np.float64) for votes in (a, b))
    both = ~(np.isnan(x) | np.isnan(y))
    if not both.any():
        return VoteAgreement(float("nan"), float("nan"), 0)
    gap = np.abs(x[both] - y[both])
    return VoteAgreement(float(np.mean(gap == 0)), float(1 - gap.mean()), int(both.sum()))
