"""What a learner calls: ``check``, ``hint``, ``solution`` and ``rubric``."""

from __future__ import annotations

import csv
from pathlib import Path

from centralasia import style
from centralasia.checks import judge, outcome, public
from centralasia.checks.asks import Argument, Ask, from_public
from centralasia.checks.cases import GUEST, Case
from centralasia.checks.outcome import Outcome
from centralasia.checks.values import Plain, plain
from centralasia.language import N_, _
from centralasia.templates import render

_RUBRIC = Path(__file__).parent / "rubric.csv"


class Note:
    """A text for the learner, as HTML and as plain text."""

    def __init__(self, title: str, lines: list[str]) -> None:
        self._title, self._lines = title, lines

    def __repr__(self) -> str:  # noqa: D105
        return "\n".join([self._title, *self._lines])

    def _repr_html_(self) -> str:
        return style.sheet() + render(
            "checks/templates/note.html", title=self._title, lines=self._lines
        )


def check(question_id: str, *answer: object, case: Case | None = None) -> Outcome | Rubric:
    """Check an answer; nothing is sent or kept.

    Parameters
    ----------
    question_id : str
        For example ``"ex03-q2-hhi"``.
    *answer : object
        The variable that holds it; for a closed question the letter and the confidence; for a
        written argument nothing.
    case : Case, optional
        What the notebook's ``case`` holds; the guest's if left out.

    Returns
    -------
    Outcome or Rubric
        For the guest's case right, or wrong and what the mistake looks like. For a case of
        one's own, what is wrong with the form, or that it cannot be checked here because the
        work is graded. In either, not attempted if nothing was entered. For a written argument,
        the rubric by which a person judges it.

    Raises
    ------
    UnknownExercise
        If there is no such question.
    """
    look = public.question(question_id)
    ask = from_public(look)
    if isinstance(ask, Argument):
        return rubric()
    taken = _taken(ask, answer)
    fault = judge.form(ask, taken)
    if fault is not None:
        return fault
    if case is None or case.learner_id == GUEST:
        guest = look["guest"]
        return judge.verdict(ask, taken, guest["expected"], guest["mistakes"])
    practise = _("To practise with a full answer, set learner_id to 'guest'.")
    return outcome.cannot_check(f"{_(judge.FORM_RIGHT)} {practise}")


def _taken(ask: Ask, answer: tuple[object, ...]) -> dict[str, Plain]:
    if len(answer) != len(ask.names):
        given = ", ".join([f'"{ask.id}"', *ask.names, "case=case"])
        raise TypeError(
            _("Give your answer as well, in brackets after the name: ({given}).").format(
                given=given
            )
        )
    return {name: plain(value) for name, value in zip(ask.names, answer, strict=True)}


def hint(question_id: str, rung: int = 1) -> Note:
    """Return one rung of a question's ladder of hints.

    Parameters
    ----------
    question_id : str
    rung : int, default 1
        Each goes further than the one before; beyond the last, the last one.

    Returns
    -------
    Note

    Raises
    ------
    UnknownExercise
        If there is no such question.
    """
    hints = public.question(question_id)["hints"]
    rung = min(max(int(rung), 1), len(hints))
    more = _("This is the last hint. After an attempt, checks.solution(...) shows a worked case.")
    if rung < len(hints):
        more = _("Not enough? {code}").format(code=f'checks.hint("{question_id}", {rung + 1})')
    title = _("Hint {number} of {n} for {question}").format(
        number=rung, n=len(hints), question=question_id
    )
    return Note(title, [hints[rung - 1], more])


def solution(question_id: str, *answer: object, case: Case | None = None) -> Outcome | Note:
    """Return the way to the answer, worked out for the guest's case.

    Parameters
    ----------
    question_id : str
    *answer : object
        The attempt, as for `check`; without one there is no solution.
    case : Case, optional
        As for `check`. For a case of one's own, the way is the same and the numbers are not.

    Returns
    -------
    Note or Outcome
        The way in words with the numbers on it, or that nothing was attempted.

    Raises
    ------
    UnknownExercise
        If there is no such question.
    """
    look = public.question(question_id)
    ask = from_public(look)
    if isinstance(ask, Argument):
        return outcome.cannot_check(
            _(
                "There is no model answer to an argument, because another claim can be argued as "
                "well. Judge your own with rubric(), then ask somebody to do the same."
            )
        )
    fault = judge.form(ask, _taken(ask, answer))
    if fault is not None and fault.kind == "not_attempted":
        later = _("The way is shown once you have tried.")
        return outcome.not_attempted(f"{fault.message} {later}")
    title = _("The way to {question}, for the guest's case")
    if case is not None and case.learner_id != GUEST:
        title = _("The way to {question}, for the guest's case (your own case has other numbers)")
    return Note(title.format(question=question_id), look["guest"]["path"])


def criteria() -> list[dict[str, str]]:
    """Return the rubric: rows of ``criterion``, ``level`` (0 to 3), ``points``, ``descriptor``."""
    with _RUBRIC.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Rubric:
    """The rubric for written arguments as a table."""

    def _grid(self) -> dict[str, list[str]]:
        grid: dict[str, list[str]] = {}
        for row in criteria():
            grid.setdefault(row["criterion"], []).append(row["descriptor"])
        return grid

    def __repr__(self) -> str:  # noqa: D105
        parts = [_(_NOTE)]
        for criterion, levels in self._grid().items():
            parts += [criterion, *(f"  {n}: {text}" for n, text in enumerate(levels))]
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        grid = self._grid()
        return style.sheet() + render(
            "checks/templates/rubric.html",
            note=_(_NOTE),
            levels=range(max(map(len, grid.values()))),
            rows=list(grid.items()),
        )


_NOTE = N_(
    "No program can judge an argument. A person marks it with these six criteria, each from 0 to 3 "
    "points. Give yourself points first, and say for each why not one more."
)


def rubric() -> Rubric:
    """Return the rubric by which written arguments are marked."""
    return Rubric()
