"""The kinds of question: what a learner's answer must look like, and what its key holds.

An author writes a question once, in ``solutions/NN-name/key.py``. Its look (`Ask.public`) goes
with the exercise to the learner; its key, the functions of a case, stays where it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from centralasia.checks.cases import Case
from centralasia.checks.values import Plain, plain

if TYPE_CHECKING:
    import pandas as pd

Kind = Literal["number", "text", "codes", "table", "choice", "chart", "argument"]
KEY = {"key": True}
Expected = Callable[[Case], object]


@dataclass(frozen=True)
class Mistake:
    """A typical wrong answer, recognised by its value.

    Parameters
    ----------
    slug : str
        A short name for the class report: ``"per-cent"``.
    message : str
        What the mistake looks like in the terms of the subject, and what to try next. It holds
        for every case and names no right answer.
    value : callable or plain value
        What somebody who makes the mistake finds for a case.
    """

    slug: str
    message: str
    value: object

    def worked_out(self, case: Case) -> Plain:
        """Return the wrong value for a case."""
        return plain(self.value(case) if callable(self.value) else self.value)


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a question is asked of somebody who writes no code.

    Parameters
    ----------
    prompt : str
        The question in words, with fields in braces: those of `worded`.
    rows : callable
        From a case to the figures that the answer takes, and some more.
    cell : callable, optional
        For a table: from a case to the row that is asked for, as the values of `by`; None if
        there is nothing to ask about this case.
    column : str, optional
        For a table with several columns of numbers: the one that is asked for.
    """

    prompt: str
    rows: Callable[[Case], pd.DataFrame]
    cell: Callable[[Case], dict[str, Any] | None] | None = None
    column: str | None = None


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A question.

    Parameters
    ----------
    id : str
        The grade id of its test cell, such as ``"ex03-q2-hhi"``.
    names : tuple of str
        The variables that are taken out of the notebook.
    points : int
    minutes : int
    hints : tuple of str
        A ladder: each goes one rung further, the last stops short of the answer.
    expected : callable
        Key: from a case to the right answer, computed from the tables.
    mistakes : tuple of Mistake
        Key: typical wrong answers.
    path : callable
        Key: from a case to the way to the answer in words, with the numbers on the way; shown
        for the guest's case only.
    follows_data : bool, default True
        Whether the answer must change when the data change.
    form : Form, optional
        Key: the same question without code.
    """

    kind: ClassVar[Kind]
    id: str
    names: tuple[str, ...]
    points: int
    minutes: int
    hints: tuple[str, ...] = ()
    expected: Expected | None = field(default=None, metadata=KEY)
    mistakes: tuple[Mistake, ...] = field(default=(), metadata=KEY)
    path: Callable[[Case], str] | None = field(default=None, metadata=KEY)
    follows_data: bool = True
    form: Form | None = field(default=None, metadata=KEY)

    def answer(self, case: Case) -> Plain:
        """Return the expected answer for a case, computed from the data in use."""
        if self.expected is None:
            raise ValueError(f"The question {self.id} came without its key.")
        return plain(self.expected(case))

    def wrong_answers(self, case: Case) -> list[dict[str, Any]]:
        """Return the typical wrong answers for a case, with what to say to each."""
        return [
            {"slug": m.slug, "message": m.message, "value": m.worked_out(case)}
            for m in self.mistakes
        ]

    def look(self) -> dict[str, Any]:
        """Return everything but the key."""
        shown = {f.name: getattr(self, f.name) for f in fields(self) if not f.metadata}
        return {"kind": self.kind} | shown

    def public(self, guest: Case) -> dict[str, Any]:
        """Return the part that goes to learners: the look, and the guest's case worked out."""
        if self.expected is None or self.path is None:
            return self.look()
        worked = {"expected": self.answer(guest), "mistakes": self.wrong_answers(guest)}
        return self.look() | {"guest": worked | {"path": self.path(guest)}}


@dataclass(frozen=True, kw_only=True)
class Number(Ask):
    """One number in a variable.

    Parameters
    ----------
    unit : str
        As the prompt has it: ``"share from 0 to 1"``.
    low, high : float
        What the unit allows.
    tolerance : float
        Largest difference that still counts as right, as the prompt says.
    """

    kind: ClassVar[Kind] = "number"
    unit: str
    low: float
    high: float
    tolerance: float


@dataclass(frozen=True, kw_only=True)
class Text(Ask):
    """One word or code, compared without regard to case and blanks.

    Parameters
    ----------
    allowed : tuple of str
        All answers that make sense; anything else is sent back.
    """

    kind: ClassVar[Kind] = "text"
    allowed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Codes(Ask):
    """A list of codes in any order.

    Parameters
    ----------
    allowed : tuple of str
        All codes that make sense.
    what : str
        What they are, in the plural: ``"states"``.
    """

    kind: ClassVar[Kind] = "codes"
    allowed: tuple[str, ...]
    what: str


@dataclass(frozen=True, kw_only=True)
class Table(Ask):
    """A data frame.

    Parameters
    ----------
    by : tuple of str
        The columns that say what a row is about; their values are compared as text.
    numbers : mapping of str to (str, float, float, float)
        For each column of numbers: unit, low, high, tolerance.
    """

    kind: ClassVar[Kind] = "table"
    by: tuple[str, ...]
    numbers: Mapping[str, tuple[str, float, float, float]]


@dataclass(frozen=True, kw_only=True)
class Choice(Ask):
    """A closed question with a confidence in per cent; takes two variables, in that order.

    Parameters
    ----------
    options : mapping of str to str
        Letter and text.
    """

    kind: ClassVar[Kind] = "choice"
    options: Mapping[str, str]
    follows_data: bool = False


@dataclass(frozen=True, kw_only=True)
class Chart(Ask):
    """An Altair chart, judged by what it means.

    Parameters
    ----------
    marks : tuple of str
        Marks that serve: ``("line",)``.
    x, y : str
        The fields on the axes; y holds the measure.
    series : str, optional
        A field that must be told apart, by colour or by any other channel or facet.
    tolerance : float
        For the values of y.
    turned : bool, default False
        Whether x and y may change places (bars may lie).
    zero : bool, default True
        Whether the measure must start at zero.
    """

    kind: ClassVar[Kind] = "chart"
    marks: tuple[str, ...]
    x: str
    y: str
    series: str | None = None
    tolerance: float
    turned: bool = False
    zero: bool = True


@dataclass(frozen=True, kw_only=True)
class Argument(Ask):
    """A written argument, marked by a person with the course's rubric; nothing is taken out.

    Parameters
    ----------
    words : (int, int)
        Fewest and most words.
    """

    kind: ClassVar[Kind] = "argument"
    names: tuple[str, ...] = ()
    words: tuple[int, int] = (150, 300)
    follows_data: bool = False


KINDS: dict[Kind, type[Ask]] = {
    cls.kind: cls for cls in (Number, Text, Codes, Table, Choice, Chart, Argument)
}


def from_public(look: Mapping[str, Any]) -> Ask:
    """Return a question without its key, from its public part."""
    cls = KINDS[look["kind"]]
    known = {f.name for f in fields(cls) if not f.metadata}
    given: dict[str, Any] = {n: _fixed(value) for n, value in look.items() if n in known}
    return cls(**given)


def _fixed(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
