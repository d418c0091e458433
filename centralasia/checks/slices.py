"""The part of a table that an exercise asks one learner about, declared as data.

A notebook loads whole tables and cuts them itself. Who takes the exercise as a page of forms gets
the rows of their own case; which ones these are stands once, in ``solutions/NN-name/key.py``, and
goes with the exercise to the learner.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from centralasia import tables
from centralasia.checks.cases import Case

if TYPE_CHECKING:
    import pandas as pd

YEARS = "year"
"""The column by which a table is cut to a period where it has no dates."""


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Some rows and columns of a table, for any case.

    Parameters
    ----------
    table : str
        As `centralasia.tables.load` takes it.
    about : str
        What the rows are, in words.
    columns : tuple of str
        Those that are shown, in this order.
    where : mapping of str to tuple of str
        For each column named here the values that are kept; of a column that holds lists, such as
        ``countries``, the rows whose list has one of them.
    period : str
        The column, of years or dates, by which the rows are cut to the case's period; empty if
        they are not.

    Values and `about` may have ``{state}``, ``{partner}``, ``{power}``, ``{start}``, ``{end}`` of
    the case: codes in values, names in `about`.
    """

    table: str
    about: str
    columns: tuple[str, ...]
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    period: str = ""

    def rows(self, case: Case) -> pd.DataFrame:
        """Return the rows for a case, with all columns of the table and its index."""
        frame = tables.load(self.table)
        if self.period:
            days = frame[self.period]
            years = days if self.period == YEARS else days.dt.year
            frame = frame[years.between(case.start, case.end)]
        for column, values in self.where.items():
            wanted = {value.format(**_codes(case)) for value in values}
            frame = frame[[not wanted.isdisjoint(str(held).split(";")) for held in frame[column]]]
        return frame

    def titled(self, case: Case) -> str:
        """Return what the rows are, for a case."""
        names = {"state": case.state_name, "partner": case.partner_name}
        return self.about.format(**_codes(case) | names)

    def public(self) -> dict[str, Any]:
        """Return the slice as JSON has it."""
        return asdict(self)


def from_public(told: Mapping[str, Any]) -> Slice:
    """Return a slice from its public part."""
    where = {column: tuple(values) for column, values in told["where"].items()}
    return Slice(**dict(told) | {"columns": tuple(told["columns"]), "where": where})


def _codes(case: Case) -> dict[str, str]:
    return {
        "state": case.state,
        "partner": case.partner,
        "power": case.power,
        "start": str(case.start),
        "end": str(case.end),
    }
